"""Findings in plain words: what is published, what it should agree with, by how much, where, and what to do.

They say that numbers disagree and who can say which is right; they lay no blame.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from expectations.causes import Cause, Cell, Equation
from monitor.clock import day_in_words

SHOWN = 12
"""Sentences in one message; the cells are all listed in any case."""

KEPT = "Kept as published and flagged; ask the publisher."
WITHHELD = "Kept as published but withheld from every comparison; ask the publisher."


def sums_message(cause: Cause, title: str, withheld: bool) -> str:
    """What is published and what the parts give: one sentence a sum, however many days it fails on."""
    place = cause.equations[0].whole.sheet + (f" ({title})" if title else "")
    rows: dict[Hashable, list[tuple[Equation, Cell | None]]] = {}
    for equation in cause.equations:
        part = _faulty_part(equation, cause)
        key = (equation.whole.categories, equation.dimension, part.categories if part else None)
        rows.setdefault(key, []).append((equation, part))
    which = "" if cause.located else " Which of these cells is wrong cannot be told from the sums."
    told = _listed([_sum_sentence(same) for same in rows.values()])
    return f"{place}: {told}.{which} {WITHHELD if withheld else KEPT}"


def withholding_reason(equation: Equation) -> str:
    """Why a figure is not used: its parts and another table contradict it."""
    return (
        f"{equation.whole.sheet} publishes {number(equation.whole.value)} ({equation.whole.cell}) for "
        f"{described(equation.whole)} {dated(equation.whole)}, but {_parts(equation)} "
        f"{number(equation.given)} and {_elsewhere(equation.elsewhere)}. {WITHHELD}"
    )


def disagreement_message(pairs: Sequence[Sequence[Cell]]) -> str:
    """One release, two values: each figure with its value in each table."""
    sheets = sorted({cell.sheet for cells in pairs for cell in cells})
    sentences = [
        f"{described(cells[0])} {dated(cells[0])} is "
        + _joined([f"{number(cell.value)} in {cell.sheet} ({cell.cell})" for cell in cells])
        for cells in pairs
    ]
    return f"{_joined(sheets)} of one release differ: {_listed(sentences)}. {KEPT}"


def simple_message(remedy: str, reason: str, cells: Sequence[Cell]) -> str:
    """Figures of one sheet that fail for one reason."""
    counted = "1 figure has" if len(cells) == 1 else f"{len(cells):,} figures have"
    first = cells[0].cell if len(cells) == 1 else f"first {cells[0].cell}"
    return f"{cells[0].sheet}: {counted} {reason} ({first}). {remedy}"


def repeated_message(remedy: str, groups: Sequence[Sequence[Cell]]) -> str:
    """One figure in more than one cell of a table."""
    sentences = [
        f"{described(cells[0])} {dated(cells[0])} stands in "
        + _joined([f"{cell.cell} ({number(cell.value)})" for cell in cells])
        for cells in groups
    ]
    return f"{groups[0][0].sheet} gives one figure in more than one cell: {_listed(sentences)}. {remedy}"


def error_message(check: str, error: str) -> str:
    """A check that could not be asked."""
    return (
        f"The check {check} could not be made, so nothing is known about what it asks: {error}. "
        "The figures are kept; report this with the file, and run the pass again once it is mended."
    )


def described(cell: Cell) -> str:
    """A cell's categories in words: "sex male, legal status non criminal", or "the total"."""
    return ", ".join(f"{_words(name)} {_words(category)}" for name, category in cell.categories) or "the total"


def dated(cell: Cell) -> str:
    """When: "on 30 June 2019" for a day, "from 1 April 2018 to 31 March 2019" for a span."""
    if cell.period_end is None:
        return "on an unknown date"
    if cell.period_start is None or cell.period_start == cell.period_end:
        return f"on {day_in_words(cell.period_end)}"
    return f"from {day_in_words(cell.period_start)} to {day_in_words(cell.period_end)}"


def number(value: float | None) -> str:
    """A number as a person writes it: 84,968; fractions to two places; "no value" for none."""
    if value is None:
        return "no value"
    return f"{value:,.0f}" if abs(value - round(value)) < 0.005 else f"{value:,.2f}"


def _faulty_part(equation: Equation, cause: Cause) -> Cell | None:
    """The part that explains why the sum fails, where it is a part and it is known."""
    if not cause.located or equation.whole in cause.suspects:
        return None
    return next((part for part in equation.parts if part in cause.suspects), None)


def _sum_sentence(same: Sequence[tuple[Equation, Cell | None]]) -> str:
    equations = [equation for equation, _ in same]
    published = _joined([f"{number(e.whole.value)} {dated(e.whole)} ({e.whole.cell})" for e in equations[:SHOWN]])
    given = _joined([f"{number(e.given)} ({_difference(e)})" for e in equations[:SHOWN]])
    sentence = f"{described(equations[0].whole)} is published as {published}, but {_parts(equations[0])} {given}"
    if len(equations) > SHOWN:
        sentence += f", and so in {len(equations) - SHOWN:,} more periods"
    parts = [part for _, part in same if part]
    if parts:
        sentence += f"; {described(parts[0])} ({', '.join(part.cell for part in parts)}) explains this"
    elsewhere = [cell for equation in equations for cell in equation.elsewhere]
    return sentence + (f"; {_elsewhere(elsewhere)}" if elsewhere else "")


def _difference(equation: Equation) -> str:
    return f"{number(abs(equation.excess))} {'less' if equation.excess > 0 else 'more'}"


def _parts(equation: Equation) -> str:
    if equation.check == "sexes_sum_to_both":
        return "the sexes add up to"
    if equation.check == "children_sum_to_parent":
        return f"the categories of {_words(equation.dimension)} within it add up to"
    return f"its parts by {_words(equation.dimension)} add up to"


def _elsewhere(cells: Sequence[Cell]) -> str:
    return _joined([f"{cell.sheet} publishes {number(cell.value)} ({cell.cell})" for cell in cells])


def _joined(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _listed(sentences: Sequence[str]) -> str:
    shown = "; ".join(sentences[:SHOWN])
    return shown if len(sentences) <= SHOWN else f"{shown}; and {len(sentences) - SHOWN:,} more like these"


def _words(identifier: str) -> str:
    return identifier.replace("_", " ")
