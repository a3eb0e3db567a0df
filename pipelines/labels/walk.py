"""One walk along an axis of labels: what is in force at each position, and what nobody can say of it.

An outer label scopes the rows under it and resets the inner ones; a label that nobody can read ends what it may have
scoped, until a label of the outermost dimension stands again.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from monitor.vocabulary import (
    DIMENSIONS,
    ImpossiblePeriod,
    Label,
    Meaning,
    Period,
    axis_periods,
    axis_places,
    clean_label,
    is_note_only,
    of_which,
    parse_period,
    places_named,
)
from pipelines.labels.blanks import Blank
from pipelines.labels.dimensions import MOST_GROUPS, infer, period_beside, single_years
from pipelines.labels.meaning import (
    candidates,
    choose,
    heading,
    is_group,
    is_mark,
    is_total,
    text_of,
    under_any_parent,
)
from pipelines.labels.words import NAMED, is_rate, lists_buildings, mentioned, names_places, several
from pipelines.reading.grid import Cell
from pipelines.shape import Axis

UNKNOWN = "unknown label"
UNDER_UNKNOWN = "under a label that is not known, which may have scoped it"
NO_LABEL = "a row of values without a label"
TWICE = "stands twice under the same labels, so that one of the two is something else"
NO_PERIOD = "not a period"
DATE_AMONG_AGES = "a date among ages, which a spreadsheet program made of an age band"
NAMES_PEOPLE = "words kept as published name people of whom nothing else in the row speaks"
UNREAD_ABOVE = "under a heading that was not read"
OTHER_OR_REST = "the whole group Other, or what is left of it beside the parts that are listed"
IN_LIST_OR_NOT = "nobody could say whether it is of the {} above it"
OVER_PERIODS = "a total over periods that nobody names"
RATE_AMONG_COUNTS = "a share or a rate among counts"
HEADING = "heading"
"""What the words of a row without values are called where they are kept as published."""
STATISTIC = "statistic"
"""The vocabulary's dimension for what kind of number a label stands over."""
PLACE, AS_PUBLISHED, PART_OF_PERIOD = "place", "as_published", "part_of_period"
"""What labels may be in besides a dimension of the vocabulary and a period: a place, words kept as they stand, or a
month or quarter whose year stands elsewhere.
"""
WORDS = re.compile(r"[^\W\d_]{2,}")
_AGE_IN_WORDS = re.compile(r"\d.*\b(?:years?|yrs?|olds?)\b|\bage[ds]?\b.*\d", re.I)
CAPTION = re.compile(r"(?:of which|of whom|including|comprising|numbers?|no\.?|counts?)\s*:?\s*\Z", re.I)
_PLACE_CODE = re.compile(r"[EWKNSJ]\d{8}")
MOST_PLACES = 20_000
_MADE_OF_AN_AGE = re.compile(r"\d{1,2}[- ][a-z]{3}|[a-z]{3}[- ]\d{2}", re.I)


class Placed(NamedTuple):
    """One label placed: its meaning and the publisher's own words."""

    meaning: Meaning
    label: str
    markers: tuple[str, ...] = ()

    @classmethod
    def of(cls, meaning: Meaning, label: Label) -> "Placed":
        """A meaning under the label that has it."""
        return cls(meaning, label.text, label.markers)

    @classmethod
    def as_published(cls, dimension: str, label: Label) -> "Placed":
        """A label that stands for itself in a dimension."""
        return cls.of(Meaning(dimension, label.text, "group"), label)


class State(NamedTuple):
    """What is in force at a position: a placed label a dimension, and the period.

    `own` are the dimensions of the position's own label, `unread` says that nobody knows that label, `refused` why no
    figure may be made of the position: then `scope` is what stands there in words, and no more. `part` is a month or
    quarter whose year stands in the other direction, `names` the characteristics that words kept as published name.
    """

    scope: Mapping[str, Placed]
    period: Period | None = None
    own: frozenset[str] = frozenset()
    unread: bool = False
    refused: str = ""
    part: str = ""
    names: frozenset[str] = frozenset()

    def category(self, dimension: str) -> str | None:
        """The category in force of a dimension."""
        placed = self.scope.get(dimension)
        return placed.meaning.category if placed else None


_SOME = Placed(Meaning("", "", "group"), "")


@dataclass(frozen=True)
class Option:
    """Another meaning that a label may have: part of the group `parent`, which stands at `parent_at`."""

    placed: Placed
    parent: str
    parent_at: int


@dataclass
class Reading:
    """An axis read: `states[at[i]]` is in force at position `i`.

    `as_published` are labels under a heading that names a characteristic, whose words the vocabulary does not know.
    """

    dimensions: tuple[str, ...]
    states: list[State]
    at: Sequence[int]
    as_published: dict[str, list[str]] = field(default_factory=dict)
    options: dict[int, Option] = field(default_factory=dict)

    def state(self, i: int) -> State:
        """What is in force at position `i`."""
        return self.states[self.at[i]]

    def refused(self) -> list[int]:
        """Positions of which no figure may be made."""
        lost = [bool(s.refused) for s in self.states]
        return [i for i, k in enumerate(self.at) if lost[k]]


def without_words(reading: Reading) -> Reading:
    """The reading with every place, and every label kept as published, alike: for who asks only who is separated."""
    states, renumbered = interned(
        State({d: p if d in DIMENSIONS else _SOME for d, p in s.scope.items()}, *s[1:]) if s.scope else s
        for s in reading.states
    )
    at = np.array(renumbered, dtype=np.int64)[np.asarray(reading.at, dtype=np.int64)].tolist() if states else []
    return replace(reading, states=states, at=at)


def interned(states: Iterable[State]) -> tuple[list[State], list[int]]:
    """The different states, and for each position the number of its own."""
    index: dict[object, int] = {}
    distinct: list[State] = []
    at = []
    for s in states:
        said = tuple((d, p.meaning, p.label) for d, p in s.scope.items())
        key = (said, s.period, s.own, s.unread, s.refused, s.part, s.names)
        if (k := index.get(key)) is None:
            k = index[key] = len(distinct)
            distinct.append(s)
        at.append(k)
    return distinct, at


@dataclass(frozen=True)
class Around:
    """What stands around an axis.

    `words` are the title and the sheet's name; `blocks` the positions that hold labels and no value; `after_blank`
    says which stand under an empty row; `named` the dimension that a heading beside or over each position names;
    `parents` what another axis puts in force there. `stacked` says that labels stand under one another, so that each
    may scope those below and an empty one was lost; `alone` that none scopes another.
    """

    words: str = ""
    blocks: frozenset[int] = frozenset()
    after_blank: Sequence[bool] = ()
    named: Sequence[str | None] | None = None
    parents: Sequence[Mapping[str, Placed]] | None = None
    stacked: bool = False
    alone: bool = False
    hint: str | None = None
    spellings: Mapping[str, str] = field(default_factory=dict)


def read_axis(axis: Axis, around: Around, dimensions: Sequence[str] | None = None) -> Reading:
    """Read an axis: in the dimensions told, outermost first, or in those that its labels show."""
    labels = axis.labels
    headed = _headings(labels, around.blocks) if around.stacked or around.blocks else None
    wanted: list[str | None] | None = None
    if headed or around.named:
        named = around.named or [None] * len(labels)
        wanted = [(headed[i] if headed else None) or named[i] for i in range(len(labels))]
    if around.parents is not None:
        wanted = [
            (wanted[i] if wanted else None) or _under_parent(cell, around.parents[i]) for i, cell in enumerate(labels)
        ]
    told = dimensions is not None
    if dimensions is None:
        kept = [None if headed and headed[i] == "" else c for i, c in enumerate(labels)] if headed else labels
        if _in_two_languages(labels):
            kept = [c if candidates(c, None) or not isinstance(c, str) else c.partition(" / ")[0] for c in kept]
        dimensions = infer(Axis(axis.header, kept), around.words, wanted) or _otherwise(axis, around)
        if around.stacked and around.blocks and _places_of_blocks(labels, around.blocks):
            dimensions = (PLACE, *(d for d in dimensions if d != PLACE)) if set(dimensions) - {PLACE} else _LISTED
        elif around.stacked and around.blocks and _blocks_are_words(labels, around.blocks, dimensions):
            dimensions = (AS_PUBLISHED, *dimensions)
        elif around.stacked and around.blocks and _only_blocks_are_people(labels, around.blocks, dimensions):
            dimensions = (*dimensions, AS_PUBLISHED)
    return _Walk(axis.header, labels, tuple(dimensions), around, wanted, headed, told).reading()


def _otherwise(axis: Axis, around: Around) -> tuple[str, ...]:
    """What an axis holds that separates people by nothing the vocabulary knows: places, or words kept as published."""
    said = [c for c in dict.fromkeys(axis.labels) if c is not None]
    if not said or any(isinstance(c, dt.date) for c in said):
        return ()
    words = [text_of(c) for c in said if not is_total(c)]
    found = sum(bool(places_named(w)) for w in words) if len(words) <= MOST_PLACES else 0
    if words and all(parse_period(w, "2000") for w in words):
        return (PART_OF_PERIOD,)
    if any(parse_period(w, "2000") for w in words):
        return ()  # because a month without its year is neither a period nor a word to keep
    coded = sum(bool(_PLACE_CODE.fullmatch(w)) for w in words)
    if lists_buildings(axis.header, around.words) and not coded:
        found = sum(any(p.kind == PRISON for p in places_named(w)) for w in words)
    if words and (2 * max(found, coded) > len(words) or (found and names_places(axis.header))):
        return (PLACE,)
    if not (around.stacked or around.alone):
        return ()
    named, exact = heading(axis.header)
    return (AS_PUBLISHED,) if all(isinstance(c, str) for c in said) and not (named in NAMED and exact) else ()


_LISTED = (PLACE, AS_PUBLISHED)
PRISON = "prison"
"""The kind of place that the vocabulary has of buildings: one that has a town's name is not the town."""


def _places_of_blocks(labels: Sequence[Cell], blocks: frozenset[int]) -> dict[Cell, str]:
    """The codes of the places that rows without values are headings of; empty where most are none, or a row with
    values is one too. One that is on no list stands for itself.
    """
    over = [c for c in dict.fromkeys(labels[i] for i in sorted(blocks)) if c is not None and not is_total(c)]
    words = [clean_label(text_of(c)).text for c in over]
    found = axis_places(words)
    if len(over) < 2 or 2 * sum(p is not None for p in found) <= len(over):
        return {}
    under = {c for i, c in enumerate(labels) if i not in blocks and isinstance(c, str) and not is_total(c)} - {*over}
    if any(places_named(clean_label(c).text) for c in under):
        return {}
    return {c: p.code if p else w for c, w, p in zip(over, words, found, strict=True)}


def _blocks_are_words(labels: Sequence[Cell], blocks: frozenset[int], dimensions: Sequence[str]) -> bool:
    """Whether rows without values are headings in words of no characteristic, over groups that stand under each."""
    said = [labels[i] for i in sorted(blocks) if labels[i] is not None and not heading(labels[i])[1]]
    if len(set(said)) < 2 or AS_PUBLISHED in dimensions or not set(dimensions) & NAMED:
        return False
    return not any(could_name_people(c) or not isinstance(c, str) for c in said if not is_total(c))


def _only_blocks_are_people(labels: Sequence[Cell], blocks: frozenset[int], dimensions: Sequence[str]) -> bool:
    """Whether groups stand over rows whose own words are of no characteristic."""
    named = tuple(d for d in dimensions if d in NAMED)
    own = {c for i, c in enumerate(labels) if i not in blocks and c is not None and not is_total(c)}
    if not named or not own or not all(isinstance(c, str) for c in own):
        return False
    groups = (m for c in own for m in candidates(c, named))
    return not any(m.kind == "group" and m.category != "other" for m in groups)


def _headings(labels: Sequence[Cell], blocks: frozenset[int]) -> list[str | None] | None:
    """For each position the dimension that the last heading among the labels named; "" at a heading itself.

    A heading names a dimension and no group ("Ethnic group"), or names one over rows of its own ("Disability").
    """
    distinct = set(labels)
    if len(distinct) > MOST_GROUPS or not any(heading(c)[1] for c in distinct):
        return None
    out: list[str | None] = []
    current: str | None = None
    for i, cell in enumerate(labels):
        d, exact = heading(cell)
        if d in NAMED and exact and (i in blocks or not is_group(cell, d)):
            current = d
            out.append("")
        else:
            if i in blocks and not (current and is_group(cell, current)):
                current = None
            out.append(current)
    return out if "" in out else None


def _under_parent(cell: Cell, parents: Mapping[str, Placed]) -> str | None:
    """The dimension in which a label is part of the group over or beside it: "Indian" under "Asian"."""
    if cell is None:
        return None
    for d, p in parents.items():
        parent = p.meaning.category
        if (
            d in NAMED
            and p.meaning.kind == "group"
            and any(m.kind == "group" and m.parent == parent for m in candidates(cell, (d,), parent))
        ):
            return d
    return None


@dataclass
class _Walk:
    """One walk along an axis."""

    header: str
    labels: Sequence[Cell]
    dimensions: tuple[str, ...]
    around: Around
    wanted: Sequence[str | None] | None
    headed: Sequence[str | None] | None
    told: bool

    def __post_init__(self) -> None:
        self.order = {d: i for i, d in enumerate(self.dimensions)}
        self.named = tuple(d for d in self.dimensions if d not in ("period", PLACE, AS_PUBLISHED, PART_OF_PERIOD))
        self.key = published_name(self.header)
        distinct = list(dict.fromkeys(self.labels))
        self.periods: dict[Cell, Period | ImpossiblePeriod | None] = {}
        if "period" in self.order or self.around.blocks:
            read = axis_periods(distinct, self.around.hint)
            self.periods = {c: p or period_beside(c) for c, p in zip(distinct, read, strict=True)}
        self.places: dict[Cell, str] = {}
        if PLACE in self.order:
            words = [clean_label(text_of(c)).text for c in distinct]
            self.places = {c: p.code if p else w for c, w, p in zip(distinct, words, axis_places(words), strict=True)}
        blocks = self.around.blocks if self.around.stacked and PLACE in self.order and not self.told else frozenset()
        self.block_places = _places_of_blocks(self.labels, blocks) if blocks else {}
        self.in_two_languages = _in_two_languages(distinct)
        self.rest_unsaid = self._lacks_the_rest(distinct)
        self.all_rates = all(c is None or is_rate(text_of(c)) for c in distinct)
        first = heading(self.header)[0] if self.header else None
        self.first = first if first in self.order else None
        said_age = "age" in mentioned(self.around.words) and single_years(distinct)
        self.bare_age = (self.named == ("age",) or self.first == "age" or said_age) and _numbers_are_ages(self.labels)
        self.period_scopes = not self.around.alone and self._period_scopes()
        self.scope: dict[str, Placed] = {}
        self.by_blocks: set[str] = set()
        self.together: set[str] = set()
        self.parents: dict[str, str] = {}
        self.last: str | None = None
        self.period: Period | None = None
        self.heading_names: frozenset[str] = frozenset()
        self.of_blocks = self._of_blocks_only() if self.around.stacked and self.around.blocks else frozenset()
        self.options: dict[int, Option] = {}
        self.parent_at: dict[str, int] = {}
        self.unread = False
        """A word that nobody knows stands directly above."""
        self.opened = False
        """So does one on a row without values."""
        self.doubt = False
        """What is deeper than the outermost dimension may belong to a label that nobody can read."""
        self.adrift = False
        """So may the outermost dimension: a row that nobody can read scoped it, and nothing would say where it ends."""

    def reading(self) -> Reading:
        """The walk; by different label where no label depends on another."""
        a = self.around
        depends = a.stacked or a.blocks or self.headed is not None
        if not depends and not a.alone:
            depends = len(self.dimensions) > 1 or self._needs_parent()
        if depends:
            whole = [self._step(i, cell) for i, cell in enumerate(self.labels)]
            if len(self.named) > 1:
                self._part_margins(whole)
            states, at = interned(whole)
        else:
            states, at = self._by_label()
        raw = {} if a.blocks else self._unknown_words(states)
        return Reading(self.dimensions, states, at, raw, {} if a.alone else self.options)

    def _by_label(self) -> tuple[list[State], list[int]]:
        known: dict[object, int] = {}
        made: list[State] = []
        at: list[int] = []
        plain = self.wanted is None and self.around.parents is None
        for i, cell in enumerate(self.labels):
            key: object = cell if plain else (cell, self.wanted[i] if self.wanted else None, self._given(i))
            if (k := known.get(key)) is None:
                self.scope, self.parents, self.last, self.period = {}, {}, None, None
                self.unread = self.opened = self.doubt = self.adrift = False
                k = known[key] = len(made)
                made.append(self._step(i, cell))
            at.append(k)
        return made, at

    def _period_scopes(self) -> bool:
        """Whether periods are blocks of groups: the groups stand again under each, and no period stands twice."""
        if "period" not in self.order or not self.named:
            return False
        periods: list[Cell] = []
        groups: list[Cell] = []
        for cell in self.labels:
            (periods if isinstance(self.periods[cell], Period) else groups).append(cell)
        groups = [g for g in groups if g is not None]
        return bool(periods) and len(set(periods)) == len(periods) and len(set(groups)) < len(groups)

    def _lacks_the_rest(self, labels: Sequence[Cell]) -> bool:
        """Whether some parts of the group Other are listed and the rest of it is not: `Other` may then be the rest."""
        if "ethnicity" not in self.order:
            return False
        read = [
            candidates(c, ("ethnicity",)) or candidates(c, ("ethnicity",), "Other") for c in labels if c is not None
        ]
        said = {m.category for found in read for m in found if m.parent == "Other"}
        return bool(said) and "Any other ethnic group" not in said

    def _of_blocks_only(self) -> frozenset[str]:
        """The dimensions whose groups are named by rows without values only."""
        listed: dict[bool, set[str]] = {True: set(), False: set()}
        for i, cell in enumerate(self.labels):
            if cell is not None:
                said = {
                    m.dimension for m in candidates(cell, self.named) if m.kind == "group" and m.category != "other"
                }
                listed[i in self.around.blocks] |= said if len(said) == 1 else set()
        return frozenset(listed[True] - listed[False])

    def _needs_parent(self) -> bool:
        """Whether a label means something only under the one before it ("Any other background")."""
        return self.around.parents is None and any(
            not self._found(None, cell) and under_any_parent(text_of(cell), self.named)
            for cell in set(self.labels)
            if cell is not None
        )

    def _unknown_words(self, states: Sequence[State]) -> dict[str, list[str]]:
        """Labels under a heading that names a characteristic, when the vocabulary knows fewer than two of them."""
        d = heading(self.header)[0] if self.header else None
        if d not in NAMED or d == "age":
            return {}
        known = {s.category(d) for s in states if d in s.scope and s.scope[d].meaning.kind == "group"}
        if len(known) > 1:
            return {}
        words = [
            c for c in dict.fromkeys(self.labels) if isinstance(c, str) and len(c) <= 60 and not candidates(c, (d,))
        ]
        return {d: words} if len(words) >= 2 else {}

    def _given(self, i: int) -> str | None:
        """The group that another axis puts in force at a position."""
        parents = self.around.parents
        if parents is None:
            return None
        return next(
            (p.meaning.category for d, p in parents[i].items() if d in self.order and p.meaning.kind == "group"),
            None,
        )

    def _found(self, i: int | None, cell: Cell) -> list[Meaning]:
        said = self.around.spellings.get(text_of(cell))
        cell = cell if said is None else said
        given = self._given(i) if i is not None else None
        preferred = (self.wanted[i] if self.wanted and i is not None else None) or self.first
        found: list[Meaning] = []
        if preferred in self.order:
            found = candidates(cell, (preferred,), given, preferred == "age" or self.bare_age)
            # because a heading over nested lists does not say whose "Not known" stands under an inner group
            if found and self.around.stacked and preferred == self.first and all(map(_is_of_any_list, found)):
                found = []
        if not found and self.named:
            found = candidates(cell, self.named, given, self.bare_age)
        if not found or given:
            parents = dict.fromkeys(self.named, given) if given else self.parents
            for d in self.named:
                parent = parents.get(d)
                # because a group over a label is no parent of what means the same anywhere
                if parent and (under := [m for m in candidates(cell, (d,), parent) if not given or m.parent == parent]):
                    return under
        return found

    # --- one label after another ----------------------------------------------------------------------------------

    def _step(self, i: int, cell: Cell) -> State:
        if cell is None:
            return self._empty()
        if self.headed and self.headed[i] == "" and i in self.around.blocks:
            return self._heading(i, heading(cell)[0])
        if "period" in self.order or i in self.around.blocks:
            period = self.periods[cell]
            if isinstance(period, ImpossiblePeriod):
                return State(self._of_blocks(), None, unread=True, refused=str(period))
            if period is not None:
                return self._dated(i, cell, period)
        if not self.named and {PLACE, AS_PUBLISHED, PART_OF_PERIOD} & set(self.order):
            return self._besides(i, cell)
        if not self.named:
            if self.told or not is_total(cell):
                return State({}, self.period, unread=not is_total(cell), refused=NO_PERIOD)
            return State({}, self.period, refused=OVER_PERIODS if "period" in self.order else "")
        return self._label(i, cell)

    def _besides(self, i: int, cell: Cell) -> State:
        """A place, or a label kept in the publisher's words."""
        label = clean_label(text_of(cell))
        if _says_nothing(cell):
            if i in self.around.blocks:
                self.scope, self.by_blocks, self.adrift = {}, set(), True
            return State({}, self.period, unread=True, refused=UNKNOWN)
        if i in self.around.blocks:
            return self._block_in_words(cell)
        lost = UNDER_UNKNOWN if self.adrift else ""
        if PART_OF_PERIOD in self.order:
            return State({}, part=label.text, refused=lost or (OVER_PERIODS if is_total(cell) else ""))
        names: frozenset[str] = frozenset()
        if PLACE in self.order and not self.block_places:
            if is_total(cell):
                return State({}, self.period, frozenset((PLACE,)), refused=lost)
            meaning = Meaning(PLACE, self.places[cell], "group")
        else:
            names = self._named_in(cell) | self.heading_names
            meaning = Meaning(self.key, "all" if is_total(cell) else label.text, "total" if is_total(cell) else "group")
        scope = {**self.scope, meaning.dimension: Placed.of(meaning, label)}
        return State(scope, self.period, frozenset((meaning.dimension,)), refused=lost, names=names)

    def _block_in_words(self, cell: Cell) -> State:
        """A heading without values whose words are kept: what stands above it ends."""
        label = clean_label(text_of(cell))
        if CAPTION.match(label.text):
            return State(dict(self.scope), self.period)  # because what "of which" begins is part of what stands above
        self.scope, self.by_blocks, self.parents, self.last = {}, set(), {}, None
        self.doubt = self.adrift = self.unread = self.opened = False
        if cell in self.block_places:
            self.scope, self.by_blocks = (
                {PLACE: Placed.of(Meaning(PLACE, self.block_places[cell], "group"), label)},
                {PLACE},
            )
        elif not is_total(cell):
            self.scope = {HEADING: Placed.as_published(HEADING, label)}
            self.by_blocks = {HEADING}
        is_word = not is_total(cell) and cell not in self.block_places
        self.heading_names = self._named_in(cell) if is_word else frozenset()
        return State(dict(self.scope), self.period, names=self.heading_names)

    def _named_in(self, cell: Cell) -> frozenset[str]:
        """The characteristics that words kept as published name; none where the declaration spells them out."""
        return frozenset() if text_of(cell) in self.around.spellings else mentioned(clean_label(text_of(cell)).text)

    def _empty(self) -> State:
        if self.around.stacked or self.around.alone:
            self.doubt = True
            return State(self._of_blocks(), self.period, refused=NO_LABEL)
        return State(self._of_blocks(), self.period)

    def _dated(self, i: int, cell: Cell, period: Period) -> State:
        if "age" in self.order and _made_of_an_age(cell):
            return State(self._of_blocks(), self.period, unread=True, refused=DATE_AMONG_AGES)
        self.doubt = self.doubt or self.unread or self.opened
        self.unread = self.opened = False
        if self.period_scopes or i in self.around.blocks:
            self.period = period
            if self.period_scopes:
                self.scope, self.parents, self.last = {}, {}, None
                self.doubt = self.adrift = False
            return State(dict(self.scope), period)
        if self.around.stacked and self.named and (self.doubt or self.adrift):
            return State(self._of_blocks(), period, refused=UNDER_UNKNOWN)
        return State(dict(self.scope), period)

    def _label(self, i: int, cell: Cell) -> State:
        if "age" in self.order and isinstance(cell, dt.date):
            return State(self._of_blocks(), self.period, unread=True, refused=DATE_AMONG_AGES)
        found = [m for m in self._found(i, cell) if not self._is_generic(i, m)]
        if not found and isinstance(cell, str):
            first, _, rest = cell.partition("\n")
            if part := of_which(cell):
                found = self._found(i, part)
            elif self.in_two_languages and not candidates(cell.partition(" / ")[2], None):
                found = self._found(i, cell.partition(" / ")[0])
            elif rest and not could_name_people(rest):
                found = self._found(i, first)  # because a note may stand under a label in its cell
        blank = bool(self.around.after_blank and self.around.after_blank[i])
        if found and self.by_blocks and self._of_the_rest(i, cell, found, blank):
            total = found[0].kind == "total"
            found = [m for m in found if m.dimension not in self.by_blocks]
            if total and not found:
                return State(dict(self.scope), self.period, frozenset(self.by_blocks))
        many, period = ((), None) if found else self._several(cell)
        rate = not found and bool(many) and not self.all_rates and is_rate(text_of(cell))
        if many:
            placed = {m.dimension: m for m in many}
            depth = min(self.order[d] for d in placed)
        else:
            above = i - 1 in self.around.blocks and not self.opened
            under_block = above and self.last is not None and i not in self.around.blocks
            if under_block and found and all(m.kind == "total" for m in found):
                # because a total directly under the label of a block is of the block
                inner = [m for m in found if self.order[m.dimension] > self.order[str(self.last)]]
                if not inner:
                    return State(dict(self.scope), self.period)
                found = inner
            chosen = choose(found, self.named, self.order, None if under_block else self.last, blank)
            if chosen is None:
                return self._unknown(i, cell, found, blank)
            if self.rest_unsaid and (chosen.category, chosen.kind) == ("Other", "group"):
                self.parents.clear()
                self.doubt = self.doubt or self.around.stacked
                return State(self._of_blocks(), self.period, unread=True, refused=OTHER_OR_REST)
            placed = {chosen.dimension: chosen}
            depth = self.order[chosen.dimension]
        if self.opened and depth == 0:
            self.adrift = True
        if self.opened or (self.unread and depth > self.order.get(self.last or "", -1)):
            self.doubt = True
        self.opened = self.unread = False
        ambiguous = len({m.dimension for m in found}) > 1
        refused = UNDER_UNKNOWN if self.adrift or (self.doubt and (depth > 0 or ambiguous)) else ""
        if not refused:
            self.doubt = False
            refused = RATE_AMONG_COUNTS if rate and STATISTIC not in placed else ""
        if not many:
            self._note_option(i, cell, next(iter(placed.values())))
        label = Label(text_of(None)) if isinstance(cell, Blank) else clean_label(text_of(cell))
        self._take({d: Placed.of(m, label) for d, m in placed.items()}, depth, found, i)
        return State(dict(self.scope), period or self.period, frozenset(placed), refused=refused)

    def _is_generic(self, i: int, m: Meaning) -> bool:
        """Whether a meaning is one of any list (`Other`, `Not known`), of a dimension that only blocks are of."""
        if not self.around.stacked or i in self.around.blocks or m.kind == "total" or m.dimension not in self.of_blocks:
            return False
        return _is_of_any_list(m)

    def _note_option(self, i: int, cell: Cell, chosen: Meaning) -> None:
        """Note that a group of its own may as well be the last part of the group above (`Other` after `Indian`)."""
        d = chosen.dimension
        above, parent = self.scope.get(d), self.parents.get(d)
        if chosen.kind != "group" or parent is None or above is None or above.meaning.parent != parent:
            return
        inner = next((m for m in candidates(cell, (d,), parent) if m.parent == parent and m != chosen), None)
        if inner is not None and chosen.parent != parent:
            self.options[i] = Option(Placed.of(inner, clean_label(text_of(cell))), parent, self.parent_at[d])

    def _of_the_rest(self, i: int, cell: Cell, found: Sequence[Meaning], blank: bool) -> bool:
        """Whether a bare "Total" or "Other" stands in a list under a heading, and so is not of what that names."""
        if i in self.around.blocks:
            return False
        if all(m.kind == "total" for m in found):
            return i - 1 in self.around.blocks
        return all(map(_is_of_any_list, found)) and not blank and len({m.dimension for m in candidates(cell, None)}) > 1

    def _several(self, cell: Cell) -> tuple[tuple[Meaning, ...], Period | None]:
        text, hints = text_of(cell), frozenset(self.named)
        many, period = several(text, hints)
        if not many and not self.told:
            many, period = several(text, hints, loosely=True)
            # because what is not understood may be what the label says of another dimension
            many = many if {m.dimension for m in many} >= {d for d in self.named if d in NAMED} else ()
        if not many or not all(m.dimension in self.order for m in many if m.dimension in NAMED):
            return (), None
        return tuple(m for m in many if m.dimension in self.order), period

    def _unknown(self, i: int, cell: Cell, found: Sequence[Meaning], blank: bool) -> State:
        """A label that could not be placed: what it may have scoped is in doubt."""
        # because a heading that means everyone ("Males and females") scopes nothing, whatever list it is over
        kept = is_total(cell) or (AS_PUBLISHED in self.order and not could_name_people(cell))
        kept = kept or cell in self.block_places
        if self.around.stacked and i in self.around.blocks and not found and kept:
            return self._block_in_words(cell)
        in_words = self.dimensions[-1] == AS_PUBLISHED and self.named and not _says_nothing(cell)
        if in_words and i not in self.around.blocks and not found:
            scope = {**self.scope, self.key: Placed.as_published(self.key, clean_label(text_of(cell)))}
            above = [d for d, p in self.scope.items() if p.meaning.kind == "group" and d not in self.by_blocks]
            # because an empty row may end what stands above it
            refused = IN_LIST_OR_NOT.format(" or ".join(above)) if blank and above else ""
            return State(scope, self.period, frozenset((self.key,)), refused=refused, names=self._named_in(cell))
        self.parents.clear()
        text = text_of(cell)
        stacked, block = self.around.stacked, i in self.around.blocks
        if stacked and block and not found:
            dimension, exactly = heading(cell)
            if exactly and dimension in self.order:
                return self._heading(i, dimension)
            if CAPTION.match(text.strip()):
                return State(dict(self.scope), self.period)
        why = "several meanings: " + ", ".join(f"{m.category} ({m.dimension})" for m in found) if found else UNKNOWN
        if block:
            self.by_blocks, self.scope = set(), {}
        state = State(self._of_blocks(), self.period, unread=not is_total(cell), refused=why)
        if stacked:
            self.opened = block
            self.doubt = self.doubt or blank or not WORDS.search(text)
            self.unread = True
        return state

    def _heading(self, i: int, dimension: str | None) -> State:
        """A heading that names a dimension begins another list of groups."""
        depth = self.order.get(dimension or "", 0)
        kept = {d: p for d, p in self.scope.items() if self.order.get(d, -1) < depth and not self._is_listed(d)}
        self.scope = kept if dimension in self.order else self._of_blocks()
        self.parents, self.last = {}, None
        self.doubt = self.unread = self.opened = False
        return State(dict(self.scope), self.period)

    def _is_listed(self, dimension: str) -> bool:
        """Whether the two labels above are of this dimension: they list groups and scope nothing."""
        return self._lately == [dimension, dimension]

    _lately: list[str] = field(default_factory=list, init=False)

    def _of_blocks(self) -> dict[str, Placed]:
        """What labels without values put in force: it holds over rows whose own label nobody knows."""
        return {d: p for d, p in self.scope.items() if d in self.by_blocks}

    def _take(self, placed: dict[str, Placed], depth: int, found: Sequence[Meaning], i: int) -> None:
        chosen = next(iter(placed.values())).meaning
        bare_total = len(placed) == 1 and chosen.kind == "total" and len({m.dimension for m in found}) > 1
        if bare_total and chosen.dimension == self.named[0]:
            self.scope, self.parents = {}, {}
        if len(placed) > 1:  # because labels made alike say each for itself all that they say
            self.scope = {d: p for d, p in self.scope.items() if d not in self.together}
            self.together = set(placed)
        self.scope = {d: p for d, p in self.scope.items() if self.order.get(d, -1) < depth}
        self.parents = {d: p for d, p in self.parents.items() if self.order.get(d, -1) <= depth}
        self.by_blocks = {d for d in self.by_blocks if d in self.scope}
        if i in self.around.blocks:
            self.by_blocks |= set(placed)
        self.scope.update(placed)
        if len(placed) == 1:
            if chosen.kind == "group" and chosen.parent is None:
                self.parents[chosen.dimension], self.parent_at[chosen.dimension] = chosen.category, i
            elif chosen.kind != "group":
                self.parents.pop(chosen.dimension, None)
            self.last = chosen.dimension
            self._lately = [*self._lately[-1:], chosen.dimension]

    # --- lists of groups that follow one another, and do not cross ------------------------------------------------

    def _part_margins(self, states: list[State]) -> None:
        """Take the last group of one list off the next list: `…, White, Not stated, Girls, Boys` crosses nothing.

        Only characteristics are parted; across the top wherever it looks so, down the side only under a group that
        totals or closes its list. Elsewhere the rows are refused, because nobody could say whose they are.
        """
        for outer in (d for d in self.named if d in NAMED):
            for inner in (d for d in self.named if d in NAMED and self.order[d] > self.order[outer]):
                self._part(states, outer, inner)

    def _part(self, states: list[State], outer: str, inner: str) -> None:
        own = [next(iter(s.own), None) if len(s.own) == 1 else None for s in states]
        heads = [i for i, d in enumerate(own) if d == outer]
        under = [i for i, d in enumerate(own) if d == inner and outer in states[i].scope]
        if len(heads) < 2 or not under or heads[-1] > under[0] or heads[-1] in self.around.blocks:
            return
        if any(d is not None for d in own[heads[-2] + 1 : heads[-1]]):
            return  # because groups of other dimensions stand between: this one scopes
        a = self.around
        closing = (
            not a.stacked
            or states[heads[-1]].scope[outer].meaning.kind != "group"
            or (len(heads) > 2 and bool(a.after_blank and a.after_blank[under[0]]))
        )
        for i in range(under[0], len(states)):
            state = states[i]
            if outer not in state.scope or own[i] == outer:
                continue
            if not closing:
                states[i] = state._replace(refused=state.refused or IN_LIST_OR_NOT.format(outer))
            states[i] = states[i]._replace(scope={d: p for d, p in state.scope.items() if d != outer})


def _is_of_any_list(m: Meaning) -> bool:
    """Whether a meaning closes a list of any dimension: `Other`, `Not known`."""
    return m.kind == "unknown" or m.category.casefold() == "other"


def published_name(header: str) -> str:
    """What a column of words kept as published is called; never like a dimension, whose words would be others."""
    name = re.sub(r"[^a-z0-9]+", "_", clean_label(header).text.lower()).strip("_") or "label"
    return f"{name}_as_published" if name in DIMENSIONS else name


def _says_nothing(cell: Cell) -> bool:
    """Whether a label has no words that could be kept as published: a mark, a note's sign, a date."""
    return is_mark(text_of(cell)) or isinstance(cell, dt.date) or is_note_only(text_of(cell))


def could_name_people(cell: Cell) -> bool:
    """Whether a label that was not read could be a group of people: words of no characteristic cannot."""
    words = text_of(cell)
    return (
        not WORDS.search(words) or bool(mentioned(words)) or any(m.dimension in NAMED for m in candidates(cell, None))
    )


def _in_two_languages(labels: Sequence[Cell]) -> bool:
    """Whether each label says itself twice, as bilingual tables do (`Muslim / Mwslim`)."""
    said = [c for c in dict.fromkeys(labels) if c is not None]
    return 1 < len(said) < MOST_GROUPS and all(isinstance(c, str) and c.count(" / ") == 1 for c in said)


def _made_of_an_age(cell: Cell) -> bool:
    """Whether a label looks like what a spreadsheet program makes of an age band: `10-14` as October 2014."""
    return isinstance(cell, dt.date) or bool(_MADE_OF_AN_AGE.fullmatch(text_of(cell).strip()))


def _numbers_are_ages(labels: Sequence[Cell]) -> bool:
    """Whether a number alone can be an age here: beside "Aged 91 years", `12` is no age."""
    said = [clean_label(text_of(cell)).text for cell in dict.fromkeys(labels) if cell is not None]
    return sum(text.isdigit() for text in said) >= sum(bool(_AGE_IN_WORDS.search(text)) for text in said)
