"""Paths, addresses and thresholds, each in one place and settable from outside. Secrets never stand here."""

import datetime as dt
import os
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

PROJECT = Path(__file__).parent.parent
"""Where the rooms of the product are."""
DECLARATIONS = Path(os.environ.get("JUSTICE_MONITOR_DECLARATIONS") or PROJECT / "pipelines")
"""Where publications, baselines, measures and starter figures are declared."""

UNKNOWN_NOTED = 0.05
"""Share of people whose category is unknown above which a ratio is shown with bounds and a note."""
UNKNOWN_WITHHELD = 0.20
"""Share above which a ratio is withheld when its bounds straddle the reference."""

UNKNOWN_FROM = {"S4": 0.05, "S3": 0.10, "S2": 0.20, "S1": 0.30}
"""Share of people whose category is unknown from which the register says so, by how urgent that is."""
UNKNOWN_RISE, UNKNOWN_RISE_SEVERITY = 0.05, "S2"
"""Rise of that share within about a year from which the register says so, and how urgent that is."""
SUPPRESSED_ABOVE = {"S3": 0.10, "S2": 0.25, "S1": 0.50}
"""Share of a breakdown's cells above which too much is suppressed, by how urgent that is."""
NEVER_AFTER_EDITIONS, NEVER_AFTER_MONTHS = 3, 24
"""How many editions inspected, or months between them, without a breakdown make it never published."""
NEWS_DAYS = 366
"""For how long a change from one edition to the next stays in the register as news."""
OPEN_LIST = 40
"""Groups from which a list is open (nationalities, single years): single groups come and go without news."""

READ_MEMORY_MB = 2048
READ_SECONDS = 120
READ_MAX_MB = 300
"""Limits of the child process that reads a file."""
TAKEN_IN_TOGETHER = 48
"""How many new files are judged and loaded at once, whole editions each, and how many are read ahead: what a pass over
many holds in memory."""
READ_BY_COLUMN_ROWS = 20_000
"""A sheet of more rows than this is held by column: its different values, and which of them stands in each row."""

REQUESTS_PER_SECOND = 5.0
"""How often one host is asked, at most; the strictest publisher holds clients to ten a second."""
CONNECT_SECONDS, READ_TIMEOUT_SECONDS = 5.0, 30.0
"""How long a connection may take to open, and a connected server may say nothing."""
PAGE_SECONDS, FILE_SECONDS = 60.0, 600.0
"""How long a page or a file may take altogether: what stops a server that drips."""
PAGE_MAX_MB, FILE_MAX_MB = 50, READ_MAX_MB
"""Above these a page or a file is not taken."""
RETRIES, LONGEST_WAIT_SECONDS = 3, 120.0
"""How often a busy server is asked again, and the longest wait it may ask for."""
RECHECK_DAYS = 7
"""After how many days a file already held is asked for again, in case it was replaced under one address."""
MOST_PAGES_BELOW = 80
"""How many pages under a topic's page are opened for their files, at most."""
FETCH_BACK_DAYS = 3 * 366
"""How far back a pass fetches files; older editions are seen, and fetched on request."""

LOOK_AT, LOOK_AHEAD_AT, DIGEST_AT = dt.time(9, 35), dt.time(18, 0), dt.time(10, 30)
"""When, in London on a working day, publications are looked at, announced dates are looked at, and digests are sent:
after releases at 09:30; after offices close, so that a cancellation the evening before is known that evening."""
RELEASE_LOOKS = tuple(dt.timedelta(minutes=n) for n in (0, 2, 6, 14, 29, *range(59, 480, 30)))
"""How long after its confirmed time an edition is looked for until it comes: pauses of 2, 4, 8, 15, then 30 minutes."""
RETRY_WAIT = dt.timedelta(hours=1)
"""How long after a look that failed the next is; the wait doubles, up to a day."""
DEAD_LINK_WAIT = dt.timedelta(hours=24)
"""How long after an address was first found dead it is looked at again: only then does it count as dead."""
HEARTBEAT = dt.timedelta(minutes=5)
"""How often the scheduler shows at least that it lives; after twice as long without, something is wrong."""
HEARTBEAT_ONCE = dt.timedelta(days=1)
"""The same where something else (cron, a timer) starts it for what is due."""
CADENCES = Path(os.environ.get("JUSTICE_MONITOR_CADENCES") or Path(__file__).parent / "schedule" / "cadences.csv")
"""How often a publication is looked at between releases, by its declared cadence."""

ALERT_RECHECK_HOURS = 20
"""How long after it was noticed a gap that no held file shows must be seen again: a day, less what a pass wanders."""
ALERT_ACCEPTED_MONTHS = 12
"""For how long an alert stays accepted."""
ALERT_REMINDER_DAYS = 7
"""How often people are reminded of alerts that are still open."""
DELIVERY_CONNECT_SECONDS, DELIVERY_SECONDS = 5.0, 20.0
"""How long a channel may take to connect, and to answer."""
DELIVERY_TRIES, DELIVERY_LONGEST_WAIT_SECONDS = 3, 60.0
"""How often a busy channel is tried in one run, and the longest wait it may ask for; the next run tries again."""


@dataclass(frozen=True)
class Home:
    """The folder that holds everything a user's monitor keeps."""

    root: Path

    @property
    def vault(self) -> Path:
        """Publishers' bytes and the journal: the only thing that cannot be rebuilt."""
        return self.root / "vault"

    @property
    def work(self) -> Path:
        """The writer's own files: never opened by readers."""
        return self.root / "work"

    @property
    def main(self) -> Path:
        """The published database, which readers open."""
        return self.root / "monitor.duckdb"

    @property
    def site(self) -> Path:
        """The published pages."""
        return self.root / "site"

    @property
    def schedule(self) -> Path:
        """The scheduler's lock, heartbeat and state: each can be lost."""
        return self.root / "schedule"

    @property
    def heartbeat(self) -> Path:
        """What a scheduler last said of itself; there is none where none has run."""
        return self.schedule / "heartbeat.json"

    @property
    def declarations(self) -> Path:
        """Tables that somebody has confirmed here, one file a publication, and what they must yield."""
        return self.root / "declarations"


_in_use: list[Home] = []


def use(home: Home) -> None:
    """Let declarations confirmed in a home be read beside those that ship."""
    _in_use[:] = [home]


def confirmed() -> tuple[tuple[Path, int], ...]:
    """The files of tables confirmed in the home in use, each with the moment it was last written."""
    found = sorted(_in_use[0].declarations.glob("*.toml")) if _in_use else ()
    return tuple((path, path.stat().st_mtime_ns) for path in found)


def service_root(service: str) -> str | None:
    """Where a service is asked instead of at its own address: `JUSTICE_MONITOR_<SERVICE>`, without a final slash."""
    return (os.environ.get(f"JUSTICE_MONITOR_{service}") or "").rstrip("/") or None


def is_this_machine(host: str | None) -> bool:
    """Whether a host is this machine itself, to which nothing travels over a network."""
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False


class ContactNotSet(Exception):
    """Nobody answers for this monitor, so that no publisher is asked for anything."""


def contact() -> str:
    """Who answers for this monitor, as publishers are told with each request. Raises `ContactNotSet`."""
    if said := os.environ.get("JUSTICE_MONITOR_CONTACT", "").strip():
        return said
    raise ContactNotSet(
        "expected JUSTICE_MONITOR_CONTACT, whom publishers can write to about these requests, found nothing: set it to "
        "an address that is read, such as JUSTICE_MONITOR_CONTACT=you@example.org, and nobody is asked until then."
    )


def home(given: Path | None = None) -> Home:
    """The home folder: as given, else `JUSTICE_MONITOR_HOME`, else `./justice-data`."""
    return Home(Path(given or os.environ.get("JUSTICE_MONITOR_HOME") or "justice-data").resolve())
