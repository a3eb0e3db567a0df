"""Where things are, and which thresholds.

What it makes true: a path, an address or a threshold has one place, and each can be set from outside.

What it refuses: secrets. Those come from the environment at the moment they are used and are never kept.
"""

import os
from dataclasses import dataclass
from pathlib import Path

DECLARATIONS = Path(os.environ.get("JUSTICE_MONITOR_DECLARATIONS") or Path(__file__).parent.parent / "pipelines")
"""Where publications, baselines, measures and starter figures are declared."""

UNKNOWN_NOTED = 0.05
"""Share of people whose category is unknown above which a ratio is shown with bounds and a note."""
UNKNOWN_WITHHELD = 0.20
"""Share above which a ratio is withheld when its bounds straddle the reference."""

READ_MEMORY_MB = 2048
READ_SECONDS = 120
READ_MAX_MB = 300
"""Limits of the child process that reads a file."""

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
FETCH_BACK_DAYS = 3 * 366
"""How far back a pass fetches files; older editions are seen, and fetched on request."""


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


def service_root(service: str) -> str | None:
    """Where a service is asked instead of at its own address: `JUSTICE_MONITOR_<SERVICE>`, without a final slash."""
    return (os.environ.get(f"JUSTICE_MONITOR_{service}") or "").rstrip("/") or None


def contact() -> str:
    """Who answers for this monitor, as publishers are told with each request: `JUSTICE_MONITOR_CONTACT`."""
    return os.environ.get("JUSTICE_MONITOR_CONTACT") or "contact not set"


def home(given: Path | None = None) -> Home:
    """The home folder: as given, else `JUSTICE_MONITOR_HOME`, else `./justice-data`."""
    return Home(Path(given or os.environ.get("JUSTICE_MONITOR_HOME") or "justice-data").resolve())
