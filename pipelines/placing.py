"""What labels mean where they stand: a block label scopes the rows under it, a parent its children.

What it makes true: every row and column of a table is placed in the dimensions it belongs to, from the
vocabulary alone. One column of labels may stack several dimensions (sex, then nationality, then ethnic group);
an outer label resets the inner ones. The same code serves the survey, which works out the dimensions, and
tidying, which is told them.

What it refuses: guessing. A label without a meaning, or with two, is left unplaced and reported; if it opens a
block, so is the block.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from monitor.vocabulary import (
    CHARACTERISTICS,
    ImpossiblePeriod,
    Meaning,
    Period,
    clean_label,
    meanings,
    parse_age,
    parse_period,
)
from pipelines.reading.grid import Cell
from pipelines.shape import Axis

ALL = "all"
NAMED = {c.id for c in CHARACTERISTICS}


@dataclass(frozen=True)
class Placed:
    """One label placed: its meaning and the publisher's own words."""

    meaning: Meaning
    label: str
    markers: tuple[str, ...] = ()


@dataclass
class Unplaced:
    """A label that could not be placed, with the meanings it might have had."""

    index: int
    label: str
    why: str


@dataclass
class Placing:
    """An axis placed: for each position the innermost placed label of every dimension, or None if unplaced."""

    dimensions: tuple[str, ...]
    scopes: list[dict[str, Placed] | None]
    periods: list[Period | None]
    unplaced: list[Unplaced] = field(default_factory=list)

    def categories(self, dimension: str) -> list[Meaning]:
        """Distinct meanings of one dimension, in order of appearance."""
        seen: dict[str, Meaning] = {}
        for scope in self.scopes:
            if scope and dimension in scope:
                seen.setdefault(scope[dimension].meaning.category, scope[dimension].meaning)
        return list(seen.values())


def _text(cell: Cell) -> str:
    if isinstance(cell, float):
        return str(int(cell)) if cell == int(cell) else str(cell)
    return str(cell)


def _candidates(cell: Cell, dimensions: Iterable[str] | None, parent: str | None, bare_age: bool) -> list[Meaning]:
    text = _text(cell)
    wanted = None if dimensions is None else tuple(dimensions)
    found = list(meanings(text, wanted, parent))
    if (wanted is None or "age" in wanted) and not any(m.dimension == "age" for m in found):
        band = parse_age(clean_label(text).text, bare=bare_age)
        if band is not None:
            found.insert(0, Meaning("age", band.category, "group", None))
    return found


def place(
    axis: Axis,
    dimensions: Sequence[str],
    after_blank: Sequence[bool] | None = None,
    *,
    hint: str | None = None,
    fill_down: bool = False,
    spellings: Mapping[str, str] | None = None,
) -> Placing:
    """Place every label of `axis` in `dimensions`, outermost first.

    `hint` completes periods that lack a year; `spellings` says what a label means in this table only. With `fill_down` an empty label repeats the one above it.
    """
    order = {d: i for i, d in enumerate(dimensions)}
    wants_period = "period" in order
    named = tuple(d for d in dimensions if d != "period")
    bare_age = named == ("age",)
    placing = Placing(tuple(dimensions), [], [])
    scope: dict[str, Placed] = {}
    parents: dict[str, str | None] = {}
    last: str | None = None
    adrift = False
    above: Cell = None
    for i, cell in enumerate(axis.labels):
        if cell is None and fill_down:
            cell = above
        above = cell
        blank = bool(after_blank and after_blank[i])
        if cell is None:
            placing.scopes.append(None if not fill_down else {})
            placing.periods.append(None)
            continue
        if wants_period:
            try:
                period = parse_period(cell, hint)
            except ImpossiblePeriod as error:
                placing.unplaced.append(Unplaced(i, _text(cell), str(error)))
                placing.scopes.append(None)
                placing.periods.append(None)
                continue
            if period is not None:
                placing.periods.append(period)
                placing.scopes.append(dict(scope))
                continue
        placing.periods.append(None)
        if not named:
            placing.unplaced.append(Unplaced(i, _text(cell), "not a period"))
            placing.scopes.append(None)
            continue
        found = _candidates(cell, named, None, bare_age)
        if spellings and _text(cell) in spellings:
            found = _candidates(spellings[_text(cell)], named, None, bare_age)
        if not found:
            for d in named:
                if parents.get(d):
                    found = _candidates(cell, (d,), parents[d], False)
                    if found:
                        break
        chosen = _choose(found, named, order, last, blank)
        if chosen is None:
            why = (
                "unknown label"
                if not found
                else "several meanings: " + ", ".join(f"{m.category} ({m.dimension})" for m in found)
            )
            placing.unplaced.append(Unplaced(i, _text(cell), why))
            placing.scopes.append(None)
            parents.clear()
            adrift = adrift or (blank and len(named) > 1)
            continue
        label = clean_label(_text(cell))
        placed = Placed(chosen, label.text, label.markers)
        depth = order[chosen.dimension]
        if adrift and depth > 0:
            placing.unplaced.append(Unplaced(i, _text(cell), "under a block whose label is unknown"))
            placing.scopes.append(None)
            continue
        adrift = False
        if chosen.kind == "total" and chosen.dimension == named[0] and _is_bare(found):
            scope.clear()
            parents.clear()
        scope = {d: p for d, p in scope.items() if order[d] < depth}
        for d in list(parents):
            if order[d] > depth:
                parents.pop(d)
        scope[chosen.dimension] = placed
        if chosen.kind == "group" and chosen.parent is None:
            parents[chosen.dimension] = chosen.category
        elif chosen.kind != "group":
            parents.pop(chosen.dimension, None)
        last = chosen.dimension
        placing.scopes.append(dict(scope))
    return placing


def _is_bare(found: list[Meaning]) -> bool:
    """Whether a total names no dimension ("Total", "All")."""
    return len({m.dimension for m in found}) > 1


def _choose(
    found: list[Meaning], named: Sequence[str], order: dict[str, int], last: str | None, blank: bool
) -> Meaning | None:
    """The meaning a label has here, or None when it has none or more than one."""
    if not found:
        return None
    dimensions = {m.dimension for m in found}
    if len(dimensions) == 1:
        return found[0]
    by_dimension = {m.dimension: m for m in found}
    if all(m.kind == "total" for m in found):
        # because a bare "Total" that opens a block totals everything, and one that closes a list totals the list
        inner = last if last is not None and not blank else min(dimensions, key=lambda d: order[d])
        return by_dimension.get(inner) or by_dimension[min(dimensions, key=lambda d: order[d])]
    if last in by_dimension:
        return by_dimension[last]
    groups = [m for m in found if m.kind == "group"]
    return groups[0] if len({m.dimension for m in groups}) == 1 else None


# --- which dimensions an axis holds, when nobody has said -------------------------------------------------


def header_dimension(header: str) -> str | None:
    """The characteristic a column's own header names ("Self-defined ethnicity", "Age group"), if any."""
    words = " ".join(clean_label(header).text.lower().replace("-", " ").replace("_", " ").split())
    for c in CHARACTERISTICS:
        for alias in (c.id.replace("_", " "), c.title.lower(), *(a.lower() for a in c.aliases)):
            if words == alias or words.startswith(alias + " ") or words.endswith(" " + alias):
                return c.id
    return None


def infer(axis: Axis) -> tuple[str, ...]:
    """The dimensions an axis stacks, outermost first, from its labels and its header. May be empty.

    Outer dimensions are met less often than the inner ones they scope, so the rarest comes first.
    """
    named = header_dimension(axis.header)
    occurrences: Counter[str] = Counter()
    groups: dict[str, set[str]] = {}
    anchors: dict[str, set[str]] = {}
    known: dict[str, list[Meaning]] = {}
    parents: dict[str, str] = {}
    periods = 0
    cells = [c for c in axis.labels if c is not None]
    for cell in cells:
        text = _text(cell)
        if text not in known:
            known[text] = _candidates(cell, None, None, named == "age")
        found = known[text]
        if not found and _is_period(cell):
            periods += 1
            continue
        if not found:
            found = next((f for d, p in parents.items() if (f := _candidates(cell, (d,), p, False))), [])
        dimensions = {m.dimension for m in found}
        for m in found:
            if m.kind == "group":
                groups.setdefault(m.dimension, set()).add(m.category)
            if len(dimensions) == 1:
                occurrences[m.dimension] += 1
                if m.kind == "group" and m.parent is None:
                    anchors.setdefault(m.dimension, set()).add(m.category)
                    parents[m.dimension] = m.category
    labels = len(cells) - periods
    result = [d for d in groups if d == named or _holds(d, occurrences[d], len(anchors.get(d, ())), labels)]
    result.sort(key=lambda d: occurrences[d])
    if periods and (periods >= 0.5 * len(cells) or not result):
        result.append("period")
    return tuple(result)


def _is_period(cell: Cell) -> bool:
    try:
        return parse_period(cell) is not None
    except ImpossiblePeriod:
        return True


def _holds(dimension: str, occurrences: int, anchors: int, labels: int) -> bool:
    """Whether labels that could belong to a dimension really do, without a header that says so."""
    if not occurrences:
        return False
    if dimension == "ethnicity":
        # because lists of nationalities and languages hold Chinese, Indian and Irish too
        return anchors >= 2 or occurrences >= 0.5 * labels
    return anchors >= 1 or occurrences >= 0.5 * labels
