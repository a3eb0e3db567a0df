"""What differs between publications: tables, dimensions, tolerances and plausible periods, as records."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Tolerance:
    """How far parts may be from their total: for figures of one definition, or (None) of any other.

    `definition` is one of the ids joined by "+" in a figure's `definition_id`; `value` is in the figure's unit. The
    first that names a definition of the total applies, else the one with None, else 0.
    """

    definition: str | None
    value: float

    def __post_init__(self) -> None:
        if self.value < 0:
            raise ValueError(
                f"A tolerance is 0 or more; {self.value} was declared for "
                f"{self.definition or 'every definition'}. "
                "Correct it in the publication's declaration."
            )


@dataclass(frozen=True)
class TableChecks:
    """One table: the dimensions along which it may be summed, and the last day it may speak of (None: any).

    Of one that nobody `declared`, failures are doubts about our reading and no findings about the publisher.
    """

    table_id: str
    title: str
    dimensions: tuple[str, ...]
    tolerances: tuple[Tolerance, ...] = ()
    last: date | None = None
    declared: bool = True


@dataclass(frozen=True)
class Checks:
    """What is asked of one edition of one publication."""

    publication: str
    edition_id: str
    tables: tuple[TableChecks, ...]

    def __post_init__(self) -> None:
        names = [table.table_id for table in self.tables]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(
                f"{self.publication} {self.edition_id}: each table is declared once; "
                f"{', '.join(twice)} is declared twice. Give each table of the declaration its own id."
            )
