"""What pages are made of: what is held, sections, grids that are not cited by themselves, and the page itself."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from dashboards import charts, sentences
from dashboards.cited import CitedTable
from monitor.declarations import Baseline, Measure, Publication
from monitor.store.schema import frame_schema

NOT_MADE = "not_made.html"
"""The template of a page in the place of one that could not be made."""
Cite = Callable[[pl.DataFrame, Measure], CitedTable]
"""Makes a cited table of one slice of disparities. Raises `CitationMissing`."""


@dataclass(frozen=True)
class Held:
    """What the published database holds, the declarations it was made by, and when each page was last looked at."""

    disparities: pl.DataFrame
    gaps: pl.DataFrame
    findings: pl.DataFrame
    artefacts: pl.DataFrame
    surveyed: pl.DataFrame
    measures: Mapping[str, Measure]
    baselines: Mapping[str, Baseline]
    publications: Mapping[str, Publication]
    populations: Mapping[str, Publication]
    looked: Mapping[str, dt.date] = field(default_factory=dict)
    revisions: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=frame_schema("revision")))
    coverage: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=frame_schema("coverage")))
    due: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=frame_schema("due")))
    tables: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=frame_schema("table_read")))
    pooled: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=frame_schema("pooled")))
    funnel: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=frame_schema("funnel")))
    inferred: Mapping[str, Measure] = field(default_factory=dict)


@dataclass(frozen=True)
class Beside:
    """A group's share in one place, the least and most of it in places like it, and its share everywhere; 0 to 1."""

    group: str
    here: float | None
    like: tuple[float, float] | None
    everywhere: float | None


@dataclass(frozen=True)
class Grid:
    """A table that is not cited by itself: the twin of a trend, baselines side by side. Text only."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: bool = True
    notes: tuple[str, ...] = ()
    bars: tuple[Beside, ...] = ()
    key: tuple[str, str] = ("", "")
    """What the places alike and everywhere are called, for the key of its bars."""


@dataclass(frozen=True)
class Section:
    """One question answered: words, perhaps a picture, and the tables behind it."""

    id: str
    title: str
    words: tuple[str, ...] = ()
    picture: charts.Picture | None = None
    key: str = ""
    tables: tuple[CitedTable, ...] = ()
    grids: tuple[Grid, ...] = ()
    folded: bool = False


@dataclass(frozen=True)
class Page:
    """One file of the site: where it stands, with what it is drawn, by which template (where it is not its own)."""

    path: str
    title: str
    nav: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)
    template: str = ""

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections that hold pictures and tables."""
        found: tuple[Section, ...] = self.context.get("sections", ())
        return found

    @property
    def pictures(self) -> list[charts.Picture]:
        """The pictures of its sections."""
        return [s.picture for s in self.sections if s.picture]

    def or_fault(self, make: "Callable[[], Page]") -> "Page":
        """This page as made; where we fail to make it, one that says so, so that every other page stands."""
        try:
            return make()
        except Exception as error:
            return self.fault(error)

    def fault(self, error: Exception) -> "Page":
        """The page in the place of this one, which we failed to make."""
        why = sentences.clean(f"{type(error).__name__}: {error}")
        return Page(self.path, sentences.clean(self.title), self.nav, {"why": why}, NOT_MADE)

    @property
    def not_made(self) -> str:
        """A sentence for whoever runs this monitor, where this page could not be made; else empty."""
        said = f"{self.title}: its page ({self.path}) could not be made, and says so ({self.context.get('why')}). "
        return (
            f"{said}That is a fault of this monitor: report it with these words." if self.template == NOT_MADE else ""
        )
