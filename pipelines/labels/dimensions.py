"""Which dimensions an axis holds, when nobody has said: from its labels, its heading and the title."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from monitor.vocabulary import ImpossiblePeriod, Meaning, Period, parse_age, parse_period, periods_in
from pipelines.labels.meaning import candidates, text_of, under_any_parent
from pipelines.labels.words import (
    LONGEST_COMPOUND,
    NAMED,
    dimensions_named,
    heading_of,
    lists_no_people,
    lists_places,
    measures_only,
    measures_something_else,
    mentioned,
    several,
)
from pipelines.reading.grid import Cell
from pipelines.shape import Axis

MOST_GROUPS = 5000
"""More distinct labels than this are names or addresses: no characteristic is divided so finely."""


def header_dimension(header: str) -> str | None:
    """The characteristic a column's own header names ("Self-defined ethnicity", "Age group"), if any."""
    named = heading_of(header)[0]
    return named if named in NAMED else None


class _Label(NamedTuple):
    """A distinct label of an axis: its words, how often it stands, and which of them it is."""

    text: str
    often: int
    at: int


@dataclass
class _Seen:
    """What the labels of an axis say of one dimension: groups they could be, groups they can only be, how often.

    `labels` counts the distinct labels of groups; `often` says of what can be of no other dimension, totals too, how
    often it stands, however it is spelled, and `first` which of the axis's labels was the first of them.
    """

    groups: set[str] = field(default_factory=set)
    sure: set[str] = field(default_factory=set)
    outer: set[str] = field(default_factory=set)
    labels: int = 0
    often: Counter[str] = field(default_factory=Counter)
    first: int = 0
    in_words: bool = False

    @property
    def occurrences(self) -> int:
        """How often its labels stand."""
        return self.often.total()

    @property
    def again(self) -> int:
        """How often its list stands; all but one of its labels may be cut off or damaged, and one stand once more."""
        return min((n for _, n in self.often.most_common(2)), default=0)


@dataclass
class _Evidence:
    """What all labels of an axis say, dimension by dimension."""

    seen: dict[str, _Seen] = field(default_factory=dict)
    labels: int = 0
    positions: int = 0

    def add(self, found: Sequence[Meaning], label: _Label, wanted: str | None, whole: bool = True) -> None:
        """Take in one distinct label. `whole`: it says one thing, perhaps ambiguously."""
        text = label.text
        self.positions += label.often
        self.labels += any(m.kind == "group" for m in found)
        sure = not whole or len({m.dimension for m in found}) == 1
        for m in found:
            s = self.seen.setdefault(m.dimension, _Seen())
            if m.kind == "group":
                s.groups.add(m.category)
                s.labels += 1
            if not sure and m.dimension != wanted:
                continue
            s.first = s.first if s.often else label.at
            s.often[m.category] += label.often
            if m.kind == "group" and (m.dimension != "sex" or len(text.strip()) > 1 or wanted):
                s.sure.add(m.category)
                s.in_words = s.in_words or (m.dimension == "age" and _is_age_in_words(text))
                if m.parent is None:
                    s.outer.add(m.category)

    def add_compounds(self, unread: Sequence[_Label]) -> None:
        """Labels that are not in the vocabulary: made of known words, else alike in one known part, else unknown."""
        # because "Other males" can be read once the plain labels have said what the axis speaks of
        hints = frozenset(d for d, s in self.seen.items() if s.sure)
        rest: list[_Label] = []
        for label in unread:
            if found := several(label.text, hints)[0]:
                self.add(found, label, None, whole=False)
            else:
                rest.append(label)
        alike = [(label, found) for label in rest if (found := several(label.text, hints, loosely=True)[0])]
        groups = {(m.dimension, m.category) for _, found in alike for m in found if m.kind == "group"}
        if len(groups) < 2 or len(alike) < 0.5 * (self.labels + len(rest)):
            alike = []
        for label, found in alike:
            self.add(found, label, None, whole=False)
        self.labels += len(rest) - len(alike)
        self.positions += sum(label.often for label in rest) - sum(label.often for label, _ in alike)


def infer(axis: Axis, around: str = "", named: Sequence[str | None] | None = None) -> tuple[str, ...]:
    """The dimensions an axis stacks, outermost first, from its labels and what names them. May be empty.

    `around` is the text above the table (its title, its sheet's name), which decides where labels alone do not;
    `named` says for each label which dimension a heading over or beside it names. The labels of outer dimensions
    are met less often than those of the inner ones they scope, so the rarest come first.
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
    unread: list[_Label] = []
    periods_said: Counter[Cell] = Counter()
    for at, ((cell, wanted), count) in enumerate(distinct.items()):
        text = text_of(cell)
        found = candidates(cell, None, None, wanted == "age" or bare)
        if wanted and any(m.dimension == wanted for m in found):
            found = [m for m in found if m.dimension == wanted]
        elif wanted and (under := under_any_parent(text, (wanted,))):
            found = under
        if found:
            evidence.add(found, _Label(text, count, at), wanted)
        elif _is_period(cell):
            periods_said[cell] += count
        else:
            unread.append(_Label(text, count, at))
    date = next(iter(periods_said)) if len(periods_said) == 1 else None
    if isinstance(date, dt.date) and (unread or any(seen.labels for seen in evidence.seen.values())):
        # because a spreadsheet program makes a date of a word or two
        unread.append(_Label(text_of(date), periods_said.pop(date), len(distinct)))
    evidence.add_compounds(unread)
    words = f"{axis.header} {around}"
    demanded = {d for _, d in distinct if d} | {d for label in unread for d in dimensions_named(label.text)}
    result = [
        d
        for d, seen in evidence.seen.items()
        if seen.groups and (d in demanded or _holds(d, seen, evidence.labels, said, axis.header, words))
    ]
    result = _outermost_first(evidence.seen, result)
    others = sum(label.often for label in unread if not measures_only(label.text))
    periods = periods_said.total()
    if periods and (
        periods >= 0.5 * (evidence.positions + periods) or (set(result) <= {"statistic"} and 4 * periods > others)
    ):
        result.append("period")
    return tuple(result)


def _outermost_first(seen: Mapping[str, _Seen], dimensions: Iterable[str]) -> list[str]:
    """Dimensions in the order they are nested: an inner list stands again under each group of an outer one.

    One that hangs under a single group stands as often as the list of that group, or nearly where a label is damaged:
    it is the one that begins later.
    """
    out: list[str] = []
    for d in sorted(dimensions, key=lambda d: (seen[d].again, seen[d].occurrences)):
        own = seen[d]
        later = ((k, seen[e]) for k, e in enumerate(out) if own.first < seen[e].first)
        # because of a list that is cut off a single label may stand again
        over = (k for k, e in later if 1 < own.again < max(2 * e.again, max(e.often.values(), default=0) + 1))
        out.insert(next(over, len(out)), d)
    return out


def _is_period(cell: Cell) -> bool:
    try:
        return parse_period(cell) is not None or period_beside(cell) is not None
    except ImpossiblePeriod:
        return True


@lru_cache(maxsize=4096)
def period_beside(cell: Cell) -> Period | None:
    """The period in a label that says besides only what is measured (`Rate 2021/22`, `Number, 30 June 2022`)."""
    if not isinstance(cell, str) or len(cell) > LONGEST_COMPOUND:
        return None
    found = periods_in(cell)
    if len(found) != 1:
        return None
    rest = cell.replace(found[0].label, " ").strip(" ,:;()-")
    return found[0] if rest and measures_only(rest) else None


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
    text = [text_of(c) for c in cells if c is not None]
    numbers = [int(t) for t in text if t.isdigit()]
    return len(numbers) >= 3 and max(numbers) <= 110 and all(b - a == 1 for a, b in pairwise(numbers))
