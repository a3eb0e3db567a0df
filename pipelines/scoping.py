"""What is in force at each label of an axis: a block label scopes the rows under it, a parent its children.

What it makes true: one column of labels may stack several dimensions (sex, then nationality, then ethnic group);
an outer label resets the inner ones. A label that nobody can read ends what stood above it wherever it may have
opened a block: the rows under it are refused with it, until a label of the outermost dimension stands.

Why this way: one damaged cell must cost the rows it scopes, and never move them under another group. A word that
nobody knows among its like ("Blakc" between Asian and White) costs only itself; a bare mark or an empty cell says
nothing of what it was, so it costs everything down to the next outermost label.

What it refuses: guessing. A label without a meaning, or with two, is left unplaced and reported; so is a group that
stands twice under the same labels, because one of the two is something else.
"""

import re
from collections.abc import Mapping, Sequence
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
from pipelines.wording import heading_of

NAMED = {c.id for c in CHARACTERISTICS}
UNKNOWN = "unknown label"
UNDER_UNKNOWN = "under a label that is not known, which may have scoped it"
NO_LABEL = "a row of values without a label"
TWICE = "stands twice under the same labels, so that one of the two is something else"
_WORDS = re.compile(r"[^\W\d_]{2,}")
_AGE_IN_WORDS = re.compile(r"\d.*\b(?:years?|yrs?|olds?)\b|\bage[ds]?\b.*\d", re.I)
_CAPTION = re.compile(r"(?:of which|of whom|including|comprising|numbers?|no\.?|counts?)\s*:?\s*\Z", re.I)


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
    """An axis placed: for each position the innermost placed label of every dimension, or None if unplaced.

    `own` is the dimension of the position's own label, None where it has none or is a period.
    """

    dimensions: tuple[str, ...]
    scopes: list[dict[str, Placed] | None]
    periods: list[Period | None]
    unplaced: list[Unplaced] = field(default_factory=list)
    own: list[str | None] = field(default_factory=list)

    def refuse(self, i: int, label: str, why: str) -> None:
        """Take the meaning of position `i` away, and say why."""
        self.scopes[i], self.periods[i], self.own[i] = None, None, None
        self.unplaced.append(Unplaced(i, label, why))


def text_of(cell: Cell) -> str:
    """A label as words: whole numbers without a decimal point, "(empty)" where there is none."""
    if isinstance(cell, float):
        return str(int(cell)) if cell == int(cell) else str(cell)
    return "(empty)" if cell is None else str(cell)


def candidates(cell: Cell, dimensions: Sequence[str] | None, parent: str | None, bare_age: bool) -> list[Meaning]:
    """Every meaning a label may have in these dimensions (in all, with None) under `parent`.

    `bare_age` says that a number alone is an age here.
    """
    text = text_of(cell)
    wanted = None if dimensions is None else tuple(dimensions)
    found = list(meanings(text, wanted, parent))
    if (wanted is None or "age" in wanted) and not any(m.dimension == "age" for m in found):
        words = clean_label(text).text
        band = parse_age(words, bare=bare_age) or (parse_age(f"aged {words}") if bare_age else None)
        if band is not None:
            found.insert(0, Meaning("age", band.category, "group", None))
    return found


def choose(
    found: list[Meaning], named: Sequence[str], order: Mapping[str, int], last: str | None, blank: bool
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


def place(
    axis: Axis,
    dimensions: Sequence[str],
    after_blank: Sequence[bool] | None = None,
    *,
    hint: str | None = None,
    fill_down: bool = False,
    spellings: Mapping[str, str] | None = None,
    blocks: frozenset[int] = frozenset(),
    stacked: bool = False,
) -> Placing:
    """Place every label of `axis` in `dimensions`, outermost first.

    `hint` completes periods that lack a year; `spellings` says what a label means in this table only. With
    `fill_down` an empty label repeats the one above it. `stacked` says that labels stand under one another, so
    that each may scope those below, an empty one was lost, and `blocks` are the positions without any value.
    """
    walk = _Walk(axis.labels, tuple(dimensions), after_blank, hint, fill_down, spellings or {}, blocks, stacked)
    return walk.placing()


@dataclass
class _Walk:
    """One walk along an axis."""

    labels: Sequence[Cell]
    dimensions: tuple[str, ...]
    after_blank: Sequence[bool] | None
    hint: str | None
    fill_down: bool
    spellings: Mapping[str, str]
    blocks: frozenset[int]
    stacked: bool

    def __post_init__(self) -> None:
        self.order = {d: i for i, d in enumerate(self.dimensions)}
        self.named = tuple(d for d in self.dimensions if d != "period")
        self.bare_age = self.named == ("age",) and _mostly_numbers(self.labels)
        self.made = Placing(self.dimensions, [], [])
        self.scope: dict[str, Placed] = {}
        self.parents: dict[str, str] = {}
        self.last: str | None = None
        self.unread = False
        """A word that nobody knows stands directly above."""
        self.opened = False
        """So does one on a row without values."""
        self.doubt = False
        """What is deeper than the outermost dimension may belong to a label that nobody can read."""
        self.adrift = False
        """So may the outermost dimension: a row that nobody can read scoped it, and nothing would say where it ends."""

    def placing(self) -> Placing:
        above: Cell = None
        for i, cell in enumerate(self.labels):
            if cell is None and self.fill_down:
                cell = above
            above = cell
            self._step(i, cell)
        if len(self.named) > 1:
            self._part_margins()
        return self.made

    def _add(self, scope: dict[str, Placed] | None, period: Period | None = None, own: str | None = None) -> None:
        self.made.scopes.append(scope)
        self.made.periods.append(period)
        self.made.own.append(own)

    def _refuse(self, i: int, cell: Cell, why: str) -> None:
        self._add(None)
        self.made.unplaced.append(Unplaced(i, text_of(cell), why))

    def _step(self, i: int, cell: Cell) -> None:
        if cell is None:
            if self.stacked:
                self._refuse(i, cell, NO_LABEL)
                self.doubt = True
            elif self.fill_down:
                self._refuse(i, cell, NO_LABEL)
            else:
                self._add(None)
            return
        if "period" in self.order:
            try:
                period = parse_period(cell, self.hint)
            except ImpossiblePeriod as error:
                self._refuse(i, cell, str(error))
                return
            if period is not None:
                self.doubt = self.doubt or self.unread or self.opened
                self.unread = self.opened = False
                if self.stacked and self.named and (self.doubt or self.adrift):
                    self._refuse(i, cell, UNDER_UNKNOWN)
                else:
                    self._add(dict(self.scope), period)
                return
        if not self.named:
            self._refuse(i, cell, "not a period")
            return
        self._label(i, cell)

    def _label(self, i: int, cell: Cell) -> None:
        found = self._found(cell)
        blank = bool(self.after_blank and self.after_blank[i])
        chosen = choose(found, self.named, self.order, self.last, blank)
        if chosen is None:
            self._unknown(i, cell, found, blank)
            return
        depth = self.order[chosen.dimension]
        if self.opened and depth == 0:
            self.adrift = True
        if self.opened or (self.unread and depth > (self.order[self.last] if self.last else -1)):
            self.doubt = True
        self.opened = self.unread = False
        ambiguous = len({m.dimension for m in found}) > 1
        if self.adrift or (self.doubt and (depth > 0 or ambiguous)):
            self._refuse(i, cell, UNDER_UNKNOWN)
            self.last = chosen.dimension
            return
        self.doubt = False
        self._take(chosen, Placed(chosen, *_words(cell)), found)

    def _found(self, cell: Cell) -> list[Meaning]:
        said = self.spellings.get(text_of(cell))
        found = candidates(cell if said is None else said, self.named, None, self.bare_age)
        for d in self.named:
            if not found and self.parents.get(d):
                found = candidates(cell, (d,), self.parents[d], False)
        return found

    def _unknown(self, i: int, cell: Cell, found: list[Meaning], blank: bool) -> None:
        """A label that could not be placed: what it may have scoped is in doubt."""
        self.parents.clear()
        text = text_of(cell)
        if self.stacked and i in self.blocks and not found and self._says_nothing_of_people(i, text):
            self._add(None)
            return
        why = "several meanings: " + ", ".join(f"{m.category} ({m.dimension})" for m in found) if found else UNKNOWN
        self._refuse(i, cell, why)
        if not self.stacked:
            return
        self.opened = i in self.blocks
        self.doubt = self.doubt or blank or not _WORDS.search(text)
        self.unread = True

    def _says_nothing_of_people(self, i: int, text: str) -> bool:
        """Whether a row without values is a heading or a caption; a heading begins another list of groups."""
        dimension, exactly = heading_of(text)
        if exactly and dimension in self.order:
            depth = self.order[dimension]
            keep = {d: p for d, p in self.scope.items() if self.order[d] < depth and not self._is_listed(d, i)}
            self.scope, self.last, self.doubt, self.unread, self.opened = keep, None, False, False, False
            return True
        return bool(_CAPTION.match(text.strip()))

    def _is_listed(self, dimension: str, before: int) -> bool:
        """Whether the two labels above are of this dimension: they list groups and scope nothing."""
        own = [o for o in self.made.own[:before] if o is not None][-2:]
        return own == [dimension, dimension]

    def _take(self, chosen: Meaning, placed: Placed, found: list[Meaning]) -> None:
        depth = self.order[chosen.dimension]
        bare_total = chosen.kind == "total" and len({m.dimension for m in found}) > 1
        if bare_total and chosen.dimension == self.named[0]:
            self.scope.clear()
            self.parents.clear()
        self.scope = {d: p for d, p in self.scope.items() if self.order[d] < depth}
        self.parents = {d: p for d, p in self.parents.items() if self.order[d] <= depth}
        self.scope[chosen.dimension] = placed
        if chosen.kind == "group" and chosen.parent is None:
            self.parents[chosen.dimension] = chosen.category
        elif chosen.kind != "group":
            self.parents.pop(chosen.dimension, None)
        self.last = chosen.dimension
        self._add(dict(self.scope), own=chosen.dimension)

    # --- lists of groups that follow one another, and do not cross ------------------------------------------------

    def _part_margins(self) -> None:
        """Take the last group of one list off the next list: `…, White, Not stated, Girls, Boys` crosses nothing.

        Only characteristics are parted; across the top wherever it looks so, down the side only under a group that
        totals or closes its list. Elsewhere the rows are refused, because nobody could say whose they are.
        """
        for outer in (d for d in self.named if d in NAMED):
            for inner in (d for d in self.named if d in NAMED and self.order[d] > self.order[outer]):
                self._part(outer, inner)

    def _part(self, outer: str, inner: str) -> None:
        own, scopes = self.made.own, self.made.scopes
        heads = [i for i, d in enumerate(own) if d == outer]
        under = [i for i, d in enumerate(own) if d == inner and outer in (scopes[i] or {})]
        if len(heads) < 2 or not under or heads[-1] > under[0] or heads[-1] in self.blocks:
            return
        closing = (
            not self.stacked
            or scopes[heads[-1]][outer].meaning.kind != "group"  # type: ignore[index]
            or (len(heads) > 2 and bool(self.after_blank and self.after_blank[under[0]]))
        )
        if any(d is not None for d in own[heads[-2] + 1 : heads[-1]]):
            return  # because groups of other dimensions stand between: this one scopes
        for i in range(under[0], len(scopes)):
            scope = scopes[i]
            if scope is None or outer not in scope or own[i] == outer:
                continue
            if not closing:
                self.made.refuse(i, text_of(self.labels[i]), f"nobody could say whether it is of the {outer} above it")
            else:
                scopes[i] = {d: p for d, p in scope.items() if d != outer}


def _words(cell: Cell) -> tuple[str, tuple[str, ...]]:
    label = clean_label(text_of(cell))
    return label.text, label.markers


def _mostly_numbers(labels: Sequence[Cell]) -> bool:
    """Whether bare numbers are the usual way to say an age here: beside "Aged 91 years", `12` is no age."""
    said = [clean_label(text_of(cell)).text for cell in dict.fromkeys(labels) if cell is not None]
    return sum(text.isdigit() for text in said) > sum(bool(_AGE_IN_WORDS.search(text)) for text in said)
