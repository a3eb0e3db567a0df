"""Whether a file lists persons or events one a row, and so has no column of counts to read."""

import re
from collections.abc import Mapping, Sequence

from pipelines.reading.grid import Cell

_ATTRIBUTE = re.compile(
    r"\b(?:age|ages|aged|years? old|id|ids|identifier|ref|reference|case no|row|index|year|month|"
    r"day|date|time|hour|lat|latitude|long|longitude|easting|northing|postcode|urn|code|height|weight|"
    r"sentence length|length|duration|days served|score)\b",
    re.I,
)
_COUNT = re.compile(
    r"\b(?:count|counts|number|numbers|total|totals|value|values|obs|population|people|persons|prisoners|offenders|"
    r"rate|rates|percent|percentage|per cent|proportion|share|n|frequency|v4)\b|%",
    re.I,
)
_IDENTIFIER = re.compile(r"\b(?:id|ids|identifier|ref|reference|urn|case no|record)\b", re.I)
_OFTEN = 10
"""One row in so many, or more, must have the labels of another."""
_FEWEST = 3
"""Rows below which nothing is said: a table of two rows is anything."""


def records(columns: Mapping[str, Sequence[Cell]]) -> str | None:
    """Why the rows are records of persons or events, in words; None where they may be counts.

    `columns` are the cells below each header. Rows are records where every column of numbers is an age, an identifier,
    a year or the like, or there is none, and rows are told apart by an identifier, have ages or are often the same.
    """
    height = max((len(cells) for cells in columns.values()), default=0)
    numeric = [name for name, cells in columns.items() if _is_numeric(cells)]
    if height < _FEWEST or any(not is_attribute(name) for name in numeric):
        return None
    if any(_COUNT.search(_plain(name)) and not _ATTRIBUTE.search(_plain(name)) for name in columns):
        return None  # because a column called a count, none of whose cells could be read, is still one
    identifiers = [name for name in columns if _IDENTIFIER.search(_plain(name)) and _differ(columns[name], height)]
    others = [list(cells) for name, cells in columns.items() if name not in numeric]
    repeated = height - len(set(zip(*others, strict=True))) if others else 0
    often = repeated * _OFTEN >= height and len(columns) > 2  # because a list of words repeats a few of them
    ages = any(re.search(r"\bage", _plain(name), re.I) and not _differ(columns[name], height) for name in numeric)
    if not identifiers and not often and not ages:
        return None
    reasons = []
    if identifiers:
        reasons.append(f"{identifiers[0]!r} is another in each of {height:,} rows")
    if numeric:
        reasons.append(f"the only numbers are {', '.join(repr(name) for name in numeric)}")
    if often:
        reasons.append(f"{repeated:,} rows have the labels of another row")
    return f"one row a person or event and no column of counts: {'; '.join(reasons)}"


def _plain(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])|[_\-.]+", " ", name)


def is_attribute(name: str) -> bool:
    """Whether a header names what a record has (an age, an identifier, a year) and no count."""
    plain = _plain(name)
    return bool(_ATTRIBUTE.search(plain)) and not re.search(r"\b(?:count|total|people|population)\b", plain, re.I)


def _is_numeric(cells: Sequence[Cell]) -> bool:
    filled = [cell for cell in cells if cell is not None]
    return bool(filled) and 2 * sum(isinstance(cell, float | int) for cell in filled) > len(filled)


def _differ(cells: Sequence[Cell], height: int) -> bool:
    filled = [cell for cell in cells if cell is not None]
    return len(filled) == height == len(set(filled))
