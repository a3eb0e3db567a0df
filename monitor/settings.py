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


def home(given: Path | None = None) -> Home:
    """The home folder: as given, else `JUSTICE_MONITOR_HOME`, else `./justice-data`."""
    return Home(Path(given or os.environ.get("JUSTICE_MONITOR_HOME") or "justice-data").resolve())
