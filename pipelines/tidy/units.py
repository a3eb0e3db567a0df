"""The line of units above a table: what its numbers must be multiplied by, and whether they count at all.

What it makes true: 1,181.528 under "Thousands" is 1,181,528 people. What it refuses: to believe the line when the
numbers contradict it (whole numbers under "Thousands" are more likely people already), or to take a table of
percentages for one of people; the declaration then says which (`scale`, `unit`).
"""

import re

from pipelines.labels import is_rate
from pipelines.tidy.task import Problem, Task, Unusable

_THOUSANDS = re.compile(r"\bthousands?\b|\b0{3}s?\b|['\u2019]000", re.I)
_MILLIONS = re.compile(r"\bmillions?\b", re.I)
_SHARES = re.compile(
    r"\s*(?:all figures (?:are )?)?(?:in )?(?:percentages?|per ?cents?|%|proportions?)\s*(?:\(%\))?\s*\Z", re.I
)
_PER = re.compile(r"\bper\s+(?:\d[\d, ]*|thousand|million|hundred)", re.I)
_LINES_ABOVE = 6
LONGEST_LINE = 80


def scale_of(task: Task) -> float:
    """What the table's numbers are multiplied by. Raises `Unusable` when its units line and its numbers disagree."""
    declared = task.declared
    if declared.scale is not None:
        return declared.scale
    if declared.statistics or not task.table.header_rows:
        return 1.0  # because each statistic declares its own
    line = next((text for text in _lines(task) if _factor(text) != 1 or _SHARES.match(text)), None)
    if line is None:
        return 1.0
    factor = _factor(line)
    if factor != 1 and _some_in_fractions(task):
        return factor
    if factor == 1 and (is_rate(declared.unit) or declared.unit == "fraction"):
        return 1.0
    found = "only whole numbers" if factor != 1 else f"unit = {declared.unit!r} in the declaration"
    raise Unusable(
        Problem(
            "units_agree",
            "critical",
            f"Table {declared.id!r}: the line {line.strip()!r} stands above it, beside {found}. Its figures are "
            "refused, not guessed: say `scale = 1000` in the declaration if the line is right, `scale = 1` if the "
            "numbers are as they stand, and what they are in `unit`.",
            task.table.grid.sheet,
        )
    )


def _factor(line: str) -> float:
    if _PER.search(line):
        return 1.0
    return 1000.0 if _THOUSANDS.search(line) else 1_000_000.0 if _MILLIONS.search(line) else 1.0


def _lines(task: Task) -> list[str]:
    """The title, where it is short, and short texts between it and the header."""
    title = task.table.title
    return [
        *([title] if len(title) <= 2 * LONGEST_LINE else []),
        *task.table.lines_above(_LINES_ABOVE, LONGEST_LINE),
    ]


def _some_in_fractions(task: Task) -> bool:
    rows, columns = task.table.rows, task.table.columns
    return any(isinstance(cell := task.table.grid.at(r, c), float) and cell != int(cell) for r in rows for c in columns)
