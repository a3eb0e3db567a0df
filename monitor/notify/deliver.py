"""Sending what is owed: one message to each recipient, and a line in the journal for each attempt."""

import datetime as dt
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from filelock import FileLock, Timeout

from dashboards import sentences
from monitor.clock import in_london
from monitor.notify import written
from monitor.notify.channels import NotDelivered, Post, send
from monitor.notify.forward import Held, forwardable
from monitor.notify.message import compose
from monitor.notify.owed import DELIVERY, RECIPIENT, Digest, Told, noted, owed, told
from monitor.notify.settings import TO_PEOPLE, Channel, Recipient, Subscriptions
from monitor.notify.templates import TemplateError, of_home
from monitor.settings import Home
from monitor.store.vault import Vault
from monitor.watch.alerts import Alert


@dataclass(frozen=True)
class Outcome:
    """What became of one recipient or file: `sent`, `nothing` (owed), `would send` (a dry run), `waiting`, `failed`.

    `said` is the subject sent, or the reason; `succeeded` when it last worked, `failing` how often it has not since.
    """

    recipient: str
    channel: str
    result: str
    said: str = ""
    succeeded: dt.datetime | None = None
    failing: int = 0

    def sentence(self, now: dt.datetime) -> str:
        """One line for a person; a failure with the age of the last success."""
        if self.result in ("failed", "waiting"):
            ago = (in_london(now).date() - in_london(self.succeeded).date()).days if self.succeeded else None
            last = "never reached so far" if ago is None else f"last reached {_days(ago)}"
            return f"{self.recipient}: NOT DELIVERED ({self.failing} attempts, {last}). {self.said}"
        return f"{self.recipient}: {self.result}{f': {self.said}' if self.said else ''}"


def _since(mine: Told) -> str:
    return sentences.day(mine.succeeded.date()) if mine.succeeded else "it was added"


def _days(n: int) -> str:
    return "today" if n == 0 else "yesterday" if n == 1 else f"{n} days ago"


@dataclass
class Delivered:
    """What a delivery did: an outcome each, and templates that could not be used."""

    outcomes: list[Outcome] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        """Whether everybody who is owed something has it, in the words of every template."""
        return not self.problems and all(o.result not in ("failed", "waiting") for o in self.outcomes)

    def shortcomings(self, now: dt.datetime) -> list[str]:
        """One line for each recipient or file that was not reached, and for each template that cannot be used."""
        missed = (o.sentence(now) for o in self.outcomes if o.result in ("failed", "waiting"))
        return [*missed, *self.problems]


class Underway(RuntimeError):
    """Another delivery of this home has not ended."""


def deliver(
    home: Home,
    settings: Subscriptions,
    alerts: Sequence[Alert],
    held: Held,
    now: dt.datetime,
    *,
    dry_run: bool = False,
    files_only: bool = False,
    sleep: Callable[[float], None] = time.sleep,
) -> Delivered:
    """Send what is owed at `now` (UTC) and write the files, or (`files_only`) those alone. Raises `Underway`."""
    home.root.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(home.root / "deliver.lock", timeout=0):
            return _Delivery(home, settings, alerts, held, now, dry_run, sleep).run(files_only)
    except Timeout:
        raise Underway(f"another delivery of {home.root} is under way; wait until it has ended.") from None


@dataclass
class _Delivery:
    home: Home
    settings: Subscriptions
    alerts: Sequence[Alert]
    held: Held
    now: dt.datetime
    dry_run: bool
    sleep: Callable[[float], None]

    def __post_init__(self) -> None:
        self.vault = Vault(self.home)
        self.told = told(self.vault.journal())
        self.templates = of_home(self.home)
        self.done = Delivered()
        if self.settings.templates and self.templates.theirs is None:
            found = f"expected a folder {self.settings.templates!r} beside the settings; none is there"
            self.done.problems.append(f"templates: {found}. Make it, or take `templates` out.")

    def run(self, files_only: bool) -> Delivered:
        channels = {c.name: c for c in self.settings.channel}
        if not files_only:
            for recipient in self.settings.recipient:
                self._tell(recipient, channels[recipient.channel])
        for channel in channels.values():
            if channel.kind not in TO_PEOPLE and not self.dry_run:
                self._write(channel)
        self.done.problems = list(dict.fromkeys(self.done.problems))
        return self.done

    def _tell(self, recipient: Recipient, channel: Channel) -> None:
        mine = self.told.setdefault(recipient.name, Told())
        if mine.since is None or mine.subscription != recipient.subscription:
            mine.since, mine.subscription = self.now, recipient.subscription
            if not self.dry_run:
                said = {"recipient": recipient.name, "subscription": recipient.subscription}
                self.vault.note(RECIPIENT, seen_at=self.now, **said)
        digest = owed(recipient, self.alerts, mine, self.now)
        if digest.is_empty:
            self._outcome(recipient.name, channel, "nothing", "", mine)
        elif mine.not_before and mine.not_before > self.now:
            self._outcome(recipient.name, channel, "waiting", mine.reason, mine)
        else:
            self._send(digest, channel, mine)

    def _send(self, digest: Digest, channel: Channel, mine: Told) -> None:
        recipient = digest.recipient
        message = compose(digest, self.held, self.settings, self.templates, self._not_told(recipient), self.now)
        self.done.problems += message.problems
        if self.dry_run:
            self._outcome(recipient.name, channel, "would send", message.subject, mine)
            return
        try:
            send(Post(channel, recipient.to, self.sleep), message)
        except NotDelivered as error:
            self._failed(recipient.name, channel, mine, str(error), error.wait)
        else:
            self._journal(recipient.name, channel, "sent", reference=message.reference, **noted(digest))
            mine.succeeded, mine.failing = self.now, 0
            self._outcome(recipient.name, channel, "sent", message.subject, mine)

    def _not_told(self, recipient: Recipient) -> list[str]:
        """One line for each other recipient whom earlier runs could not reach, without the reason."""
        return [
            f"{r.name} has not been reached since {_since(m)}."
            for r in self.settings.recipient
            if r.name != recipient.name and (m := self.told.get(r.name)) is not None and m.failing
        ]

    def _write(self, channel: Channel) -> None:
        mine = self.told.setdefault(channel.name, Told())
        try:
            changed = written.write(channel, self.home, self._text(channel))
        except (OSError, TemplateError) as error:
            self._failed(channel.name, channel, mine, f"channel {channel.name!r}: {error}", None)
            return
        if changed or mine.failing:
            self._journal(channel.name, channel, "sent")
            mine.succeeded, mine.failing = self.now, 0
        self._outcome(channel.name, channel, "written" if changed else "nothing", channel.file, mine)

    def _text(self, channel: Channel) -> str:
        if channel.kind == "atom":
            return written.feed(self.alerts, self.settings, self.templates)
        ready = [forwardable(a, self.held, self.templates, self.now) for a in self.alerts]
        self.done.problems += [p for f in ready for p in f.problems]
        return written.document(self.alerts, ready)

    def _failed(self, name: str, channel: Channel, mine: Told, reason: str, wait: float | None) -> None:
        mine.failing, mine.reason = mine.failing + 1, reason
        later = {"not_before": self.now + dt.timedelta(seconds=wait)} if wait else {}
        self._journal(name, channel, "failed", reason=reason, **later)
        self._outcome(name, channel, "failed", reason, mine)

    def _journal(self, name: str, channel: Channel, result: str, **said: object) -> None:
        self.vault.note(DELIVERY, seen_at=self.now, recipient=name, channel=channel.name, result=result, **said)

    def _outcome(self, name: str, channel: Channel, result: str, said: str, mine: Told) -> None:
        self.done.outcomes.append(Outcome(name, channel.name, result, said, mine.succeeded, mine.failing))


def standing_failures(home: Home, settings: Subscriptions | None, now: dt.datetime) -> list[str]:
    """One line for each recipient or file that the last attempt did not reach, with the age of the last success."""
    if settings is None:
        return []
    remembered = told(Vault(home).journal())
    names = {r.name: r.channel for r in settings.recipient}
    names |= {c.name: c.name for c in settings.channel if c.kind not in TO_PEOPLE}
    return [
        Outcome(name, channel, "failed", m.reason, m.succeeded, m.failing).sentence(now)
        for name, channel in names.items()
        if (m := remembered.get(name)) is not None and m.failing
    ]
