"""An axis read when nobody has said what it holds: for every position, the groups in force there.

What it makes true: the survey sees a label in force over the rows under it (blocks), beside it (a column that
names the dimension of the next one), over it (header levels) and within it (several parts in one cell). One-way
margins that merely follow one another (ethnic groups, then sexes, then ages) are not taken for a crossing: an
outer label holds over inner ones only when the inner ones stand under two outer labels at least.

Why this way: positions of the same meaning share one `State`, so a table of a million rows costs its distinct
labels and not its rows. What it refuses: to let a label nobody knows take a meaning; it keeps what its block says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from monitor.vocabulary import ImpossiblePeriod, Meaning, Period, clean_label, meanings, parse_period
from pipelines.placing import MOST_GROUPS, NAMED, infer, single_years, under_any_parent
from pipelines.reading.grid import Cell
from pipelines.scoping import candidates, choose
from pipelines.scoping import text_of as text_of
from pipelines.shape import Axis
from pipelines.wording import heading_of, mentioned, several


@dataclass(frozen=True)
class State:
    """What is in force at a position: a meaning a dimension, the period, and how many labels were not understood.

    `own` are the dimensions of the position's own label, the others come from labels over it.
    """

    scope: Mapping[str, Meaning]
    period: Period | None = None
    unread: int = 0
    own: frozenset[str] = frozenset()


NOTHING = State({})


@dataclass
class Reading:
    """An axis read: `states[at[i]]` is in force at position `i`. `raw` are labels under a named heading that the
    vocabulary does not know.
    """

    dimensions: tuple[str, ...]
    states: list[State]
    at: list[int]
    raw: dict[str, list[str]] = field(default_factory=dict)

    def state(self, i: int) -> State:
        """What is in force at position `i`."""
        return self.states[self.at[i]]


def naming(axis: Axis) -> list[str | None] | None:
    """For an axis whose labels are names of characteristics ("Sex", "Sex", "Age group", …), those; else None."""
    distinct = {cell for cell in axis.labels if isinstance(cell, str)}
    if len(distinct) > 2 * len(NAMED):
        return None
    known = {cell: d for cell in distinct if (d := heading_of(cell)[0]) in NAMED and heading_of(cell)[1]}
    if len(set(known.values())) < 2 or len(known) < 0.6 * len(distinct):
        return None
    named: list[str | None] = []
    for cell in _filled_down(axis.labels):
        named.append(known.get(cell) if isinstance(cell, str) else None)
    return named


def filled_down(axis: Axis) -> bool:
    """Whether empty cells repeat the label above: it stands on the first row of its block only."""
    filled = sum(cell is not None for cell in axis.labels)
    return 0 < filled <= 0.75 * len(axis.labels)


def _filled_down(labels: Sequence[Cell]) -> list[Cell]:
    out: list[Cell] = []
    above: Cell = None
    for cell in labels:
        above = above if cell is None else cell
        out.append(above)
    return out


def read_axis(
    axis: Axis,
    around: str = "",
    *,
    blocks: frozenset[int] = frozenset(),
    after_blank: Sequence[bool] = (),
    named: Sequence[str | None] | None = None,
    parents: Sequence[Mapping[str, Meaning]] | None = None,
    down: bool = False,
) -> Reading:
    """Read an axis from its labels and what stands around it.

    `blocks` are positions that hold labels and no value, `named` the dimension that a heading beside or over each
    position names, `parents` what is in force at each position by another axis, `down` whether an empty label
    repeats the one above it.
    """
    labels = _filled_down(axis.labels) if down else list(axis.labels)
    headed = _headings(labels, blocks)
    wanted = (
        [(headed[i] if headed else None) or (named[i] if named else None) for i in range(len(labels))]
        if headed or named
        else None
    )
    if parents is not None:
        wanted = [(wanted[i] if wanted else None) or _under_parent(cell, parents[i]) for i, cell in enumerate(labels)]
    dimensions = infer(
        Axis(axis.header, [None if headed and headed[i] == "" else c for i, c in enumerate(labels)]), around, wanted
    )
    return _Reader(axis.header, labels, dimensions, around, blocks, after_blank, wanted, headed, parents).read()


def _headings(labels: Sequence[Cell], blocks: frozenset[int]) -> list[str | None] | None:
    """For each position the dimension that the last heading among the labels named; "" at a heading itself.

    A heading names a dimension and no group ("Ethnic group"), or names one over rows of its own ("Disability").
    """
    distinct = set(labels)
    if len(distinct) > MOST_GROUPS or not any(isinstance(c, str) and heading_of(c)[1] for c in distinct):
        return None
    out: list[str | None] = []
    current: str | None = None
    for i, cell in enumerate(labels):
        d, exact = heading_of(cell) if isinstance(cell, str) else (None, False)
        if d in NAMED and exact and (i in blocks or not _is_group(cell, d)):
            current = d
            out.append("")
        else:
            if i in blocks and not (current and _is_group(cell, current)):
                current = None
            out.append(current)
    return out if "" in out else None


def _under_parent(cell: Cell, parents: Mapping[str, Meaning]) -> str | None:
    """The dimension in which a label is part of the group over or beside it: "Indian" under "Asian"."""
    if cell is None:
        return None
    for d, m in parents.items():
        if m.kind == "group" and any(
            found.kind == "group" and found.parent == m.category for found in meanings(text_of(cell), (d,), m.category)
        ):
            return d
    return None


def _is_group(cell: Cell, dimension: str) -> bool:
    return any(m.kind == "group" for m in meanings(text_of(cell), (dimension,)))


@dataclass
class _Reader:
    """One walk down an axis; outer labels stay in force until another of their dimension, or an outer one."""

    header: str
    labels: list[Cell]
    dimensions: tuple[str, ...]
    around: str
    blocks: frozenset[int]
    after_blank: Sequence[bool]
    wanted: Sequence[str | None] | None
    headed: Sequence[str | None] | None
    parents: Sequence[Mapping[str, Meaning]] | None

    def __post_init__(self) -> None:
        self.order = {d: k for k, d in enumerate(self.dimensions)}
        self.named = tuple(d for d in self.dimensions if d != "period")
        self.hints = frozenset(self.named)
        header = heading_of(self.header)[0]
        self.first = header if header in self.order else None
        self.bare = (
            self.named == ("age",)
            or self.first == "age"
            or ("age" in mentioned(self.around) and single_years(dict.fromkeys(self.labels)))
        )

    def read(self) -> Reading:
        """The walk; by distinct label where no label depends on another."""
        if not self.dimensions and not self.blocks:
            raw = self._unknown_words(())
            total = {c: _is_total(c) for c in set(self.labels)}
            return Reading(
                tuple(raw),
                [NOTHING, State({}, unread=1)],
                [0 if c is None or total[c] else 1 for c in self.labels],
                raw,
            )
        states: list[State] = []
        index: dict[object, int] = {}
        at: list[int] = []
        stacked = len(self.dimensions) > 1 or bool(self.blocks) or self.headed is not None or self._needs_parent()
        if stacked:
            for state in self._walk():
                at.append(_intern(state, states, index))
        else:
            known: dict[object, int] = {}
            for i, cell in enumerate(self.labels):
                want = self.wanted[i] if self.wanted else None
                parent = self._parent(i)
                key = (cell, want, parent)
                if key not in known:
                    known[key] = _intern(self._alone(i, cell), states, index)
                at.append(known[key])
        reading = Reading(self.dimensions, states, at, {} if self.blocks else self._unknown_words(states))
        _part_margins(reading)
        return reading

    def _needs_parent(self) -> bool:
        """Whether a label means something only under the one before it ("Any other background")."""
        return self.parents is None and any(
            not self._found(cell, None) and self._under(cell, None) for cell in set(self.labels) if cell is not None
        )

    def _unknown_words(self, states: Sequence[State]) -> dict[str, list[str]]:
        """Labels under a heading that names a characteristic, when the vocabulary knows fewer than two of them."""
        d = heading_of(self.header)[0]
        known = {s.scope[d].category for s in states if d in s.scope and s.scope[d].kind == "group"} if d else set()
        if d not in NAMED or d == "age" or len(known) > 1:
            return {}
        words = [c for c in dict.fromkeys(self.labels) if isinstance(c, str) and len(c) <= 60 and not meanings(c, (d,))]
        return {d: words} if len(words) >= 2 else {}

    def _parent(self, i: int) -> str | None:
        if self.parents is None:
            return None
        return next((m.category for d, m in self.parents[i].items() if d in self.order and m.kind == "group"), None)

    def _found(self, cell: Cell, want: str | None, parent: str | None = None) -> list[Meaning]:
        preferred = want or self.first
        if preferred in self.order:
            found = candidates(cell, (preferred,), parent, preferred == "age" or self.bare)
            if found:
                return found
        return candidates(cell, self.named, parent, self.bare) if self.named else []

    def _under(self, cell: Cell, parents: Mapping[str, str] | None) -> list[Meaning]:
        """What a label means under the groups in force; with None, under any group at all."""
        if parents is None:
            return under_any_parent(text_of(cell), self.named)
        for d, parent in parents.items():
            if found := candidates(cell, (d,), parent, False):
                return found
        return []

    def _period(self, cell: Cell, i: int) -> Period | None:
        if "period" not in self.order and i not in self.blocks:
            return None
        try:
            return parse_period(cell)
        except ImpossiblePeriod:
            return None

    def _alone(self, i: int, cell: Cell) -> State:
        """A label that depends on none before it."""
        if cell is None:
            return NOTHING
        if (period := self._period(cell, i)) is not None:
            return State({}, period)
        found = self._found(cell, self.wanted[i] if self.wanted else None, self._parent(i))
        if found:
            m = choose(found, self.named, self.order, None, False)
            return (
                State({m.dimension: m}, own=frozenset((m.dimension,)))
                if m
                else State({}, unread=0 if _is_total(cell) else 1)
            )
        many, period = self._several(cell)
        if many:
            return State({m.dimension: m for m in many}, period, own=frozenset(m.dimension for m in many))
        return State({}, unread=0 if _is_total(cell) else 1)

    def _several(self, cell: Cell) -> tuple[tuple[Meaning, ...], Period | None]:
        text = text_of(cell)
        many, period = several(text, self.hints)
        if not many:
            many, period = several(text, self.hints, loosely=True)
        if not many or not all(m.dimension in self.order for m in many if m.dimension in NAMED):
            return (), None
        return tuple(m for m in many if m.dimension in self.order), period

    def _walk(self) -> list[State]:
        standing = _Standing(self.order)
        out: list[State] = []
        for i, cell in enumerate(self.labels):
            if cell is None:
                out.append(State(standing.of_blocks(), standing.period))
            elif self.headed and self.headed[i] == "":
                standing.begin_margin()
                out.append(standing.state())
            elif (period := self._period(cell, i)) is not None:
                if i in self.blocks:
                    standing.period = period
                out.append(standing.state(period))
            else:
                out.append(self._step(i, cell, standing))
        return out

    def _step(self, i: int, cell: Cell, standing: "_Standing") -> State:
        """What is in force at a label that is neither a heading nor a period; `standing` moves on."""
        given = self._parent(i)
        if given is not None:
            standing.parents = dict.fromkeys(self.named, given)
        found = self._found(cell, self.wanted[i] if self.wanted else None)
        if (not found or given) and (under := self._under(cell, standing.parents)):
            found = under
        many, period = ((), None) if found else self._several(cell)
        if many:
            standing.put(many)
            return standing.state(period, frozenset(m.dimension for m in many))
        blank = bool(self.after_blank and self.after_blank[i])
        chosen = choose(found, self.named, self.order, standing.last, blank)
        if chosen is None:
            standing.parents.clear()
            if i in self.blocks:
                standing.begin_block()
            return State(standing.of_blocks(), standing.period, 0 if _is_total(cell) else 1)
        is_bare = len({m.dimension for m in found}) > 1
        if chosen.kind == "total" and chosen.dimension == self.named[0] and is_bare:
            standing.scope, standing.parents = {}, {}
        standing.take(chosen, i in self.blocks)
        return standing.state(own=frozenset((chosen.dimension,)))


@dataclass
class _Standing:
    """What is in force while an axis is walked: an outer label resets the inner ones, a parent names its children."""

    order: Mapping[str, int]
    scope: dict[str, Meaning] = field(default_factory=dict)
    blocks: set[str] = field(default_factory=set)
    parents: dict[str, str] = field(default_factory=dict)
    last: str | None = None
    period: Period | None = None

    def state(self, period: Period | None = None, own: frozenset[str] = frozenset()) -> State:
        """The state of the position just met."""
        return State(dict(self.scope), period or self.period, own=own)

    def of_blocks(self) -> dict[str, Meaning]:
        """What labels without values put in force: it holds over rows whose own label nobody knows."""
        return {d: m for d, m in self.scope.items() if d in self.blocks}

    def begin_margin(self) -> None:
        """A heading begins another list of groups; what blocks put in force stays."""
        self.scope = self.of_blocks()
        self.parents.clear()
        self.last = None

    def begin_block(self) -> None:
        """A block whose label nobody knows begins."""
        self.scope = {}
        self.blocks = set()

    def put(self, many: Sequence[Meaning]) -> None:
        """A label that names several groups at once."""
        depth = min(self.order[m.dimension] for m in many)
        self.scope = {d: m for d, m in self.scope.items() if self.order[d] < depth}
        self.scope.update({m.dimension: m for m in many})

    def take(self, m: Meaning, is_block: bool) -> None:
        """A label that names one group, total or unknown."""
        depth = self.order[m.dimension]
        self.scope = {d: each for d, each in self.scope.items() if self.order[d] < depth}
        self.blocks = {d for d in self.blocks if d in self.scope} | ({m.dimension} if is_block else set())
        self.parents = {d: p for d, p in self.parents.items() if self.order[d] <= depth}
        self.scope[m.dimension] = m
        if m.kind == "group" and m.parent is None:
            self.parents[m.dimension] = m.category
        elif m.kind != "group":
            self.parents.pop(m.dimension, None)
        self.last = m.dimension


def _is_total(cell: Cell) -> bool:
    found = meanings(clean_label(text_of(cell)).text) if cell is not None else ()
    return bool(found) and all(m.kind == "total" for m in found)


def _intern(state: State, states: list[State], index: dict[object, int]) -> int:
    key = (
        tuple(sorted((d, m.category, m.kind) for d, m in state.scope.items())),
        state.period,
        state.unread,
        state.own,
    )
    if key not in index:
        index[key] = len(states)
        states.append(state)
    return index[key]


def _part_margins(reading: Reading) -> None:
    """Take outer labels off inner ones that stand under one of them only: the two follow, and do not cross."""
    dimensions = [d for d in reading.dimensions if d != "period"]
    if len(dimensions) < 2:
        return
    used = set(reading.at)
    for outer in dimensions:
        holders = [s for k, s in enumerate(reading.states) if k in used and outer in s.scope]
        whole = {s.scope[outer].category for s in holders if s.scope[outer].kind == "group"}
        if len(whole) == 1 and len(holders) == len(used):
            continue  # because one group over everything is what the table is about
        for inner in dimensions:
            if inner == outer:
                continue
            over = {
                s.scope[outer].category
                for s in holders
                if inner in s.scope and s.scope[inner].kind == "group" and s.scope[outer].kind == "group"
            }
            if len(over) >= 2:
                continue
            for k, s in enumerate(reading.states):
                if outer in s.scope and inner in s.own and outer not in s.own:
                    reading.states[k] = State(
                        {d: m for d, m in s.scope.items() if d != outer}, s.period, s.unread, s.own
                    )
