"""Numbers, columns, headings and wrapped text: what every answer in a terminal is set with."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from dashboards import sentences as say
from monitor.vocabulary import CHARACTERISTICS

WIDTH = 100
TITLES = {c.id: c.title for c in CHARACTERISTICS}


def number(value: float | None, places: int = 0) -> str:
    """A number with thousands separators; an en dash where there is none."""
    return "–" if value is None else f"{value:,.{places}f}"


def count(value: float | None) -> str:
    """A count: whole unless the publisher printed an estimate."""
    return number(value, 0 if value is None or value == int(value) else 1)


def percent(share: float | None) -> str:
    """A share as a percentage to one decimal."""
    return "–" if share is None else f"{100 * share:.1f}%"


def span(low: float | None, high: float | None, places: int | None = None) -> str:
    """Two limits of a ratio, to so many decimals or as the pages show them; an en dash where there are none."""
    if low is None:
        return "–"
    if places is None and high is not None:
        return say.interval(low, high)
    to = 2 if places is None else places
    return f"{number(low, to)} to {number(high, to)}"


def ratio(row: Mapping[str, Any], places: int | None = None) -> str:
    """The ratio of a row, to so many decimals or as the pages show it, or that it is the group compared with."""
    if row["ratio"] == 1 and row["ratio_low"] is None:
        return "1 (reference)"
    if places is None and row["ratio"] is not None:
        return say.ratio(row["ratio"])
    return number(row["ratio"], places or 2)


def aligned(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Rows of cells as aligned columns; the first row is the header."""
    widths = [max(len(r[i]) for r in rows) for i in range(len(rows[0]))]
    set_out = [[c.rjust(w) if i in right else c.ljust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))]
               for row in rows]  # fmt: skip
    header, *lines = ("  ".join(cells).rstrip() for cells in set_out)
    return "\n".join([header, "  ".join("-" * w for w in widths), *lines])


def wrapped(text: str, indent: str = "") -> str:
    """Text in lines no longer than the terminal is taken to be."""
    return textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)


def heading(text: str) -> str:
    """A heading, underlined."""
    return f"\n{text}\n{'=' * len(text)}"


def listed(names: Sequence[str]) -> str:
    """Names in a row: `age, ethnicity and sex`; `none` for none."""
    *others, last = names or ["none"]
    return f"{', '.join(others)} and {last}" if others else last
