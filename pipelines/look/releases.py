"""The release calendar of the Office for National Statistics: when the next of a population source is due."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

from monitor.clock import LONDON
from monitor.declarations import Publication
from monitor.declarations.record import compiled
from monitor.watch.calendar import Announcement, State
from pipelines.fetch.finding import Failed, Finding
from pipelines.fetch.services import ONS
from pipelines.look.calendar import LOOK_BACK, Announced, with_history
from pipelines.look.desk import Desk
from pipelines.look.govuk import Moment, Words, dated
from pipelines.look.reading import Record, read_json, records

SITE = "https://www.ons.gov.uk"
_MOST = 1000
_MOST_PAGES = 10


class _Change(Record):
    previous_date: Moment = None
    change_notice: Words = ""


class _Described(Record):
    title: str
    release_date: Moment = None
    provisional_date: Words = ""
    published: bool = False
    cancelled: bool = False
    finalised: bool = False


class _Release(Record):
    uri: str
    description: _Described
    date_changes: tuple[_Change, ...] | None = None


def look_at_releases(publications: Sequence[Publication], desk: Desk) -> Announced | None:
    """Every release of the declared sources that is announced anew, changed or out; None where there are no sources."""
    sources = [compiled(p.releases) for p in publications if p.releases]
    if not sources:
        return None
    findings = list[Finding]()
    listed = _listed(desk, findings)
    if listed is None:
        return Announced(findings=tuple(findings))
    known = desk.memory.announcements
    changed, ended = list[Announcement](), list[tuple[str, str]]()
    for release in listed:
        if not any(source.search(release.description.title) for source in sources):
            continue
        address = SITE + release.uri
        if release.description.published and not release.description.cancelled:
            ended += [(address, release.uri)] if address in known else []
            continue
        now = _announcement(address, release, findings)
        was = known.get(address)
        now = now and with_history(now, was)
        changed += [now] if now and now != was else []
    addresses = {SITE + release.uri for release in listed}
    for address, was in known.items():
        ours = any(source.search(was.title) for source in sources)
        if ours and address not in addresses and was.until >= desk.now.date() - LOOK_BACK:
            expected = f"{was.title} on {was.display} ({was.state})"
            found, remedy = "no such release in the calendar", "It was neither published nor cancelled: ask the office."
            findings.append(Finding("announcement_gone", address, expected, found, remedy))
            ended.append((address, ""))
    return Announced(tuple(changed), tuple(ended), tuple(findings), looked=True)


def releases_url(since: str, offset: int = 0) -> str:
    """The address of a page of the calendar from a day on."""
    asked = [("limit", str(_MOST)), ("offset", str(offset)), ("fromDate", since), ("sort", "release_date_asc")]
    return f"{ONS}/search/releases?{urlencode(asked)}"


def _listed(desk: Desk, findings: list[Finding]) -> list[_Release] | None:
    """Every release of the calendar, page by page; None and findings when it cannot be read."""
    found: list[_Release] = []
    for _ in range(_MOST_PAGES):
        url = releases_url((desk.now.date() - LOOK_BACK).isoformat(), len(found))
        try:
            asked = desk.ask(url, keep=False)
        except Failed as failed:
            findings.append(failed.finding)
            return None
        said = read_json(asked.body, url, findings) if asked.status == 200 else None
        page = said.get("releases") if isinstance(said, dict) else None
        if not isinstance(page, list):
            if asked.status != 200 or said is not None:
                findings.append(Finding("unexpected_answer", url, "releases", f"status {asked.status}, and none"))
            return None
        read = records(_Release, page, f"{url}#.releases", findings)
        if page and not read:
            return None  # because a calendar in another shape says nothing of what went from it
        found += read
        if len(page) < _MOST:
            break
    return found


def _announcement(address: str, release: _Release, findings: list[Finding]) -> Announcement | None:
    said = release.description
    state: State = "cancelled" if said.cancelled else "confirmed" if said.finalised else "provisional"
    display = said.provisional_date if state == "provisional" and said.provisional_date else _words(said.release_date)
    last = release.date_changes[-1] if release.date_changes else _Change()
    more = {"previous": _words(last.previous_date), "reason": last.change_notice}
    return dated(address, findings, display, said.release_date, path=address, title=said.title, state=state, **more)


def _words(at: datetime | None) -> str:
    """A moment as a reader in London has it: `25 June 2026 9:30am`; nothing for none."""
    if at is None:
        return ""
    here = at.astimezone(LONDON)
    return f"{here.day} {here:%B %Y} {here.hour % 12 or 12}:{here:%M}{'am' if here.hour < 12 else 'pm'}"
