"""What one cell of a sheet is by itself: a value, a number, a note, words; and what a row of them looks like."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice, pairwise

from pipelines.reading.grid import Cell

NOTE = re.compile(
    r"\s*(?:\(\d{1,2}\)|\([a-z]\)(?!\w)|\[?note|sources?\b|\d{1,2}[.)]\s|\*+\s|' ?\*|[†‡©]|(?-i:[a-z]/[A-Z][a-z])"
    r"|contains public sector|.*\bround(?:ed|ing)\b"
    r"|['‘\"(\[ ]*(?:[a-z]{1,3}|\.\.|\*{1,2}|[-–~:])['’\")\] ]*\s*(?:=|denotes\b|means\b|indicates\b)\s*\w)",
    re.I,
)
"""How a note begins: with its number or sign, as a source, or as what a mark stands for (`[c] = suppressed`)."""
LONGEST_LABEL = 90
"""A text longer than this with nothing beside it is prose, not a label."""

NUMBERED = re.compile(r"\s*(?:table|figure|chart|worksheet)\s+\S+|\s*[A-Z]{0,4}[._ -]?\d+[\w.()]*\s*:\s*\S", re.I)
_SYMBOL = re.compile(
    r"\s*(?:\.\.|--?|–|—|/|\*{1,2}|~0?|!|\?|c|n/?a|:|\[[a-z]{1,3}\]|(?:[<≤]=?|fewer than |less than )\s?\d+"
    r"|\d+ or (?:fewer|less))\s*\Z",
    re.I,
)
_MARKED_NUMBER = re.compile(r"\s*-?[\d,]*\.?\d+\s*%?\s*(?:\(\d+\)|\([a-z]\)|\[[^\]]+\]|[*~prPR]|[⁰¹²³⁴-⁹]+)+\s*\Z")
_SPELLED = re.compile(
    r"\s*[-−+(]?\s*[£$€]?\s*(?:\d{1,3}(?:[,. \u00a0\u2009\u202f]\d{3})+|\d{1,15})(?:[.,]\d+)?\s*%?\s*\)?"
    r"(?:\s*\(\d+(?:\.\d+)?\s?%\))?\s*\Z|\s*[xz]\s*\Z"
)
"""A number that was stored as text: separators, a currency, percent, brackets, a share beside it; or its letter."""
_PLAIN = re.compile(r"\s*-?(?:[1-9]\d{0,2}(?:(?:,\d{3})+|(?:[ \u00a0\u2009\u202f]\d{3})+)|\d{1,15})(?:\.\d+)?\s*\Z")
_CODE = re.compile(r"\s*0\d+\s*\Z")
_LONGEST_MARKED = 60
"""No number with its marks is longer; the pattern for one takes long over prose."""
_FAILED = re.compile(r"\s*(?:=\s*\S|#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A)\s*\Z)", re.I)
"""What a spreadsheet shows for a number it could not work out: the formula itself, or the kind of error."""


@lru_cache(maxsize=65536)
def _is_value_text(text: str) -> bool:
    if _FAILED.match(text):
        return True
    return len(text) <= _LONGEST_MARKED and bool(_SYMBOL.match(text) or _MARKED_NUMBER.match(text))


def is_value(cell: Cell) -> bool:
    """Whether a cell stands where a published value stands: a number, a failed one, or a mark for a missing one."""
    if type(cell) is str:
        return _is_value_text(cell)
    return isinstance(cell, float)


def is_failed(cell: Cell) -> bool:
    """Whether a cell is what a spreadsheet shows where it could not work out a number."""
    return type(cell) is str and cell[:1] in "=# " and bool(_FAILED.match(cell))


def is_number(cell: Cell) -> bool:
    """Whether a cell is a number, or stands for one that could not be worked out."""
    return isinstance(cell, float) or is_failed(cell)


@lru_cache(maxsize=65536)
def is_spelled(text: str) -> bool:
    """Whether a text is a number in other clothes: a value in a column of values, a label in one of labels."""
    return len(text) <= _LONGEST_MARKED and bool(_SPELLED.match(text)) and not _CODE.match(text)


def plain_number(text: str) -> float | None:
    """A text that is nothing but a number with its thousands apart, as the number."""
    return float(re.sub(r"[,\s]", "", text)) if _PLAIN.match(text) else None


def is_note(text: str) -> bool:
    """Whether words with no value beside them are a note: a footnote, a source, or prose."""
    return len(text) > LONGEST_LABEL or bool(NOTE.match(text))


def is_text(cell: Cell) -> bool:
    """Whether a cell is words."""
    return isinstance(cell, str) and not is_value(cell)


def filled_in(row: Sequence[Cell]) -> list[int]:
    """Positions of the cells that hold something."""
    if None not in row:
        return list(range(len(row)))
    return [i for i, cell in enumerate(row) if cell is not None]


def is_title(row: Sequence[Cell], filled: list[int]) -> bool:
    """Whether a row is a numbered title ("Table 1.2: …"), whose filled positions are `filled`."""
    first = row[filled[0]]
    return (
        isinstance(first, str)
        and (len(filled) <= 3 or (len(filled) <= 6 and len(first) >= 25))
        and not any(isinstance(row[i], float) for i in filled)
        and bool(NUMBERED.match(first))
    )


def goes_up(cells: Iterable[Cell]) -> bool:
    """Whether the second number among some cells is the first and one: that of most rows of counts is not."""
    first = list(islice((c for c in cells if type(c) is float), 2))
    return len(first) == 2 and first[1] - first[0] == 1


def counts_up(cells: Sequence[Cell]) -> bool:
    """Numbers that label rather than count: consecutive years, or ages from 0."""
    years = [c for c in islice((c for c in cells if type(c) is float), 2) if 1850 <= c <= 2100]
    if not goes_up(cells) and len(years) < 2:
        return False
    numbers = [c for c in cells if isinstance(c, float)]
    if any(n != int(n) for n in numbers):
        return False
    steps = {b - a for a, b in pairwise(numbers)}
    return (steps == {1.0} and (numbers[0] == 0 or 1850 <= numbers[0] <= 2100)) or (
        len(steps) == 1 and all(1850 <= n <= 2100 for n in numbers)
    )
