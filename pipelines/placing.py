"""What labels mean where they stand: a block label scopes the rows under it, a parent its children.

What it makes true: every row and column of a table is placed in the dimensions it belongs to, from the
vocabulary alone. One column of labels may stack several dimensions (sex, then nationality, then ethnic group);
an outer label resets the inner ones. The same code serves the survey, which works out the dimensions, and
tidying, which is told them.

What it refuses: guessing. A label without a meaning, or with two, is left unplaced and reported; if it opens a
block, so is the block.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from monitor.vocabulary import (
    CHARACTERISTICS,
    ImpossiblePeriod,
    Meaning,
    Period,
    categories,
    clean_label,
    meanings,
    parse_age,
    parse_period,
)
from pipelines.reading.grid import Cell
from pipelines.shape import Axis
from pipelines.wording import (
    heading_of,
    lists_no_people,
    lists_places,
    measures_something_else,
    mentioned,
    several,
)

ALL = "all"
NAMED = {c.id for c in CHARACTERISTICS}
MOST_GROUPS = 5000
"""More distinct labels than this are names or addresses: no characteristic is divided so finely."""


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


def candidates(cell: Cell, dimensions: Iterable[str] | None, parent: str | None, bare_age: bool) -> list[Meaning]:
    """Every meaning a label may have in these dimensions (in all, with None) under `parent`.

    `bare_age` says that a number alone is an age here.
    """
    text = _text(cell)
    wanted = None if dimensions is None else tuple(dimensions)
    found = list(meanings(text, wanted, parent))
    if (wanted is None or "age" in wanted) and not any(m.dimension == "age" for m in found):
        words = clean_label(text).text
        band = parse_age(words, bare=bare_age) or (parse_age(f"aged {words}") if bare_age else None)
        if band is not None:
            found.insert(0, Meaning("age", band.category, "group", None))
    return found


@lru_cache(maxsize=16384)
def under_any_parent(text: str, dimensions: tuple[str, ...]) -> list[Meaning]:
    """What a label means under some group of these dimensions, where alone it means nothing."""
    for d in dimensions:
        for c in categories(d):
            if c.kind == "group" and c.parent is None and (found := meanings(text, (d,), c.category)):
                return list(found)
    return []


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

    `hint` completes periods that lack a year; `spellings` says what a label means in this table only. With
    `fill_down` an empty label repeats the one above it.
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
        found = candidates(cell, named, None, bare_age)
        if spellings and _text(cell) in spellings:
            found = candidates(spellings[_text(cell)], named, None, bare_age)
        if not found:
            for d in named:
                if parents.get(d):
                    found = candidates(cell, (d,), parents[d], False)
                    if found:
                        break
        chosen = choose(found, named, order, last, blank)
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


def choose(
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
    named = heading_of(header)[0]
    return named if named in NAMED else None


@dataclass
class _Seen:
    """What the labels of an axis say of one dimension: groups they could be, groups they can only be, how often."""

    groups: set[str] = field(default_factory=set)
    sure: set[str] = field(default_factory=set)
    outer: set[str] = field(default_factory=set)
    labels: int = 0
    occurrences: int = 0
    in_words: bool = False


@dataclass
class _Evidence:
    """What all labels of an axis say, dimension by dimension."""

    seen: dict[str, _Seen] = field(default_factory=dict)
    labels: int = 0
    positions: int = 0

    def add(self, found: Sequence[Meaning], text: str, count: int, wanted: str | None, whole: bool = True) -> None:
        """Take in one distinct label that stands `count` times. `whole`: it says one thing, perhaps ambiguously."""
        self.positions += count
        self.labels += any(m.kind == "group" for m in found)
        sure = not whole or len({m.dimension for m in found}) == 1
        for m in found:
            s = self.seen.setdefault(m.dimension, _Seen())
            if m.kind == "group":
                s.groups.add(m.category)
                s.labels += 1
            if not sure and m.dimension != wanted:
                continue
            s.occurrences += count
            if m.kind == "group" and (m.dimension != "sex" or len(text.strip()) > 1 or wanted):
                s.sure.add(m.category)
                s.in_words = s.in_words or (m.dimension == "age" and _is_age_in_words(text))
                if m.parent is None:
                    s.outer.add(m.category)

    def add_compounds(self, unread: Sequence[tuple[str, int]]) -> None:
        """Labels that are not in the vocabulary: made of known words, else alike in one known part, else unknown."""
        # because "Other males" can be read once the plain labels have said what the axis speaks of
        hints = frozenset(d for d, s in self.seen.items() if s.sure)
        rest: list[tuple[str, int]] = []
        for text, count in unread:
            if found := several(text, hints)[0]:
                self.add(found, text, count, None, whole=False)
            else:
                rest.append((text, count))
        alike = [(text, count, found) for text, count in rest if (found := several(text, hints, loosely=True)[0])]
        groups = {(m.dimension, m.category) for *_, found in alike for m in found if m.kind == "group"}
        if len(groups) < 2 or len(alike) < 0.5 * (self.labels + len(rest)):
            alike = []
        for text, count, found in alike:
            self.add(found, text, count, None, whole=False)
        self.labels += len(rest) - len(alike)
        self.positions += sum(count for _, count in rest) - sum(count for _, count, _ in alike)


def infer(axis: Axis, around: str = "", named: Sequence[str | None] | None = None) -> tuple[str, ...]:
    """The dimensions an axis stacks, outermost first, from its labels and what names them. May be empty.

    `around` is the text above the table (its title, its sheet's name), which decides where labels alone do not;
    `named` says for each label which dimension a heading over or beside it names. Outer dimensions are met less
    often than the inner ones they scope, so the rarest comes first.
    """
    header = header_dimension(axis.header)
    distinct = Counter(
        (cell, (named[i] if named else None) or header) for i, cell in enumerate(axis.labels) if cell is not None
    )
    if len(distinct) > MOST_GROUPS:
        dated = sum(isinstance(cell, dt.date) for cell, _ in distinct)
        return ("period",) if dated >= 0.5 * len(distinct) else ()
    said = mentioned(around)
    bare = "age" in said and single_years(c for c, _ in distinct)
    evidence = _Evidence()
    unread: list[tuple[str, int]] = []
    periods = 0
    for (cell, wanted), count in distinct.items():
        text = _text(cell)
        found = candidates(cell, None, None, wanted == "age" or bare)
        if wanted and any(m.dimension == wanted for m in found):
            found = [m for m in found if m.dimension == wanted]
        elif wanted and (under := under_any_parent(text, (wanted,))):
            found = under
        if found:
            evidence.add(found, text, count, wanted)
        elif _is_period(cell):
            periods += count
        else:
            unread.append((text, count))
    evidence.add_compounds(unread)
    words = f"{axis.header} {around}"
    demanded = {d for _, d in distinct if d}
    result = [
        d
        for d, seen in evidence.seen.items()
        if seen.groups and (d in demanded or _holds(d, seen, evidence.labels, said, axis.header, words))
    ]
    result.sort(key=lambda d: evidence.seen[d].occurrences)
    if periods and (periods >= 0.5 * (evidence.positions + periods) or not result):
        result.append("period")
    return tuple(result)


def _is_period(cell: Cell) -> bool:
    try:
        return parse_period(cell) is not None
    except ImpossiblePeriod:
        return True


_AGE_IN_WORDS = re.compile(r"\bage[ds]?\b|year[- ]?olds?|years? old|\b[a-z]{5,}|under.?(?:1[0-8]|2[015])\b", re.I)


def _is_age_in_words(text: str) -> bool:
    """Whether an age says that it is one: "Aged 15", "18-20 year olds", "Adults"; "21 - 24" does not."""
    plain = re.sub(
        r"\b(?:and|or) (?:over|older|above|under|younger|below)\b|\bunder\b|\bover\b|\byears?\b", "", text, flags=re.I
    )
    return bool(_AGE_IN_WORDS.search(plain))


def _holds(d: str, seen: _Seen, labels: int, said: frozenset[str], header: str, words: str) -> bool:
    """Whether labels that could belong to a dimension really do, without a heading that says so.

    `labels` counts the distinct labels that are neither totals nor unknown; `said` what the title mentions.
    """
    if not seen.occurrences and not (d in said and len(seen.groups) >= 2):
        return False
    share = seen.labels / labels if labels else 1.0
    if d == "age":
        return _are_ages(seen, said, header, words)
    if d == "sex":
        return bool(seen.sure) or share >= 0.6
    if d == "nationality":
        # because languages and countries of birth share words with nationalities, and so do ethnic groups
        if lists_no_people(header) or (d not in said and lists_no_people(words)):
            return False
        if "ethnicity" in said and d not in said and not seen.outer:
            return False
        return (
            bool(seen.outer)
            or (d in said and share >= 0.3)
            or ("ethnicity" not in said and share >= 0.8 and not lists_places(words))
        )
    if d == "ethnicity":
        # because lists of nationalities and languages hold Chinese, Indian and Irish too
        if lists_no_people(header) or (d not in said and lists_no_people(words)):
            return False
        if "nationality" in said and d not in said and len(seen.outer) < 2:
            return False
        return len(seen.outer) >= 2 or (len(seen.sure) >= 2 and share >= 0.5) or (d in said and bool(seen.sure))
    if d in NAMED:
        return len(seen.sure) >= 2 or (d in said and len(seen.groups) >= 2) or (len(seen.sure) == 1 and share >= 0.5)
    return bool(seen.outer) or seen.occurrences >= 0.5 * labels


def _are_ages(seen: _Seen, said: frozenset[str], header: str, words: str) -> bool:
    """Whether numbers such as `15 - 17` are ages: they, a heading or the title say so, or they end where ages do."""
    if seen.in_words:
        return True
    if measures_something_else(header):
        return False
    if "age" in said:
        return True
    # because bands of months, convictions and scores do not start at 18 and 21, where the law divides people
    bands = [band for name in seen.sure if (band := parse_age(name, bare=True)) is not None]
    if len(bands) < 2:
        return False
    starts, ends = {b.low for b in bands}, {b.high for b in bands}
    if measures_something_else(words):
        return (20 in ends and 21 in starts) or (18 in starts and min(starts) >= 10)
    return bool(starts & {18, 21} or ends & {17, 20})


def single_years(cells: Iterable[Cell]) -> bool:
    """Whether labels include three or more whole numbers, each one higher than the last, that could be ages."""
    text = [_text(c) for c in cells if c is not None]
    numbers = [int(t) for t in text if t.isdigit()]
    return len(numbers) >= 3 and max(numbers) <= 110 and all(b - a == 1 for a, b in pairwise(numbers))
