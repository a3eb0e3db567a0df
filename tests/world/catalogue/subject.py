"""What a table is about, and its numbers: drawn leaf by leaf from a seed, so that every total is a sum."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import product

from .known import Claim
from .sheets import Cell
from .words import CODES, Period, Word, is_of_people, leaves, periods, words


@dataclass(frozen=True)
class Subject:
    """What is counted, by which lists of words, at which times. `base` is about how many there are at one time.

    `among` are labels that hold of every figure, because the title says so (`sex.people: Women`).
    """

    seed: str
    title: str
    base: float
    by: tuple[str, ...]
    times: str = "financial"
    where: str = "England and Wales"
    number: str = "1"
    among: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict, hash=False, compare=False)

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        return periods(self.times)

    @property
    def scope(self) -> tuple[Word, ...]:
        """The words that hold of every figure."""
        asked = [said.split(": ") for said in self.among]
        return tuple(w for name, label in asked for w in words(name) if w.label == label)

    @property
    def last(self) -> Period:
        return self.periods[-1]

    def list(self, n: int, *, totals: bool = True) -> tuple[Word, ...]:
        """The words of the nth list, in their order; without its totals where the layout has none."""
        return tuple(w for w in words(self.by[n]) if totals or w.kind != "total")

    def total(self, n: int) -> Word:
        """The word for all of the nth list."""
        return next(w for w in words(self.by[n]) if w.kind == "total")

    @property
    def named(self) -> str:
        """The title's list of what the table is broken down by."""
        said = [words(name)[0].heading.lower() for name in self.by]
        return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"

    @property
    def span(self) -> str:
        first, last = self.periods[0].label, self.last.label
        return last if first == last else f"{first} to {last}"

    def count(self, said: Sequence[Word], when: Period) -> int:
        """The number of people or events under some labels, at a time: of everyone in the lists that none is of.

        So the margins of a table agree with each other, as they do where the same people are counted by each.
        """
        under = {w.list: leaves(w) for w in said}
        asked = dict.fromkeys((*self.by, *(w.list for w in said)))
        every = (under.get(name) or tuple(w for w in words(name) if w.kind == "leaf") for name in asked)
        return _sum(self.seed, self.base, tuple(every), when.label)

    def part(self, name: str, share: float) -> "Subject":
        """The same people so far as something else holds of them, about a share of all."""
        return replace(self, seed=f"{self.seed}/{name}", base=self.base * share)

    def figure(self, *said: Word, when: Period, also: Mapping[str, str] | None = None) -> Cell:
        """A cell with the count of some labels."""
        return self.cell(self.count(said, when), said, when, also=also)

    def share(self, *said: Word, of: Sequence[Word], when: Period, also: Mapping[str, str] | None = None) -> Cell:
        """A cell with a percentage: some labels' count of that of others, to one decimal place."""
        whole = self.count(of, when)
        value = round(100 * self.count(said, when) / whole, 1) if whole else 0.0
        return self.cell(value, said, when, unit="percent", also=also)

    def cell(
        self,
        value: float | None,
        said: Sequence[Word],
        when: Period | None,
        *,
        unit: str = "count",
        status: str = "published",
        shown: str | None = None,
        also: Mapping[str, str] | None = None,
    ) -> Cell:
        """A figure's cell and its claim."""
        said = (*said, *self.scope)
        people = tuple((w.dimension, w.category, w.label) for w in said if is_of_people(w) and w.category != "all")
        place = next((w for w in said if w.dimension == "place"), None)
        others = [(w.dimension, w.label) for w in said if not is_of_people(w) and w.dimension != "place"]
        others = [(d, label) for (d, label), w in zip(others, _others(said), strict=True) if w.kind != "total"]
        others += (also or {}).items()
        start, end = (when.start, when.end) if when else (None, None)
        where, codes = (place.label, CODES[place.list]) if place else ("", ())
        claim = Claim(value, status, start, end, where, unit, people, tuple(others), codes)
        return Cell(value if shown is None else shown, "figure", claim)


def _others(said: Sequence[Word]) -> list[Word]:
    return [w for w in said if not is_of_people(w) and w.dimension != "place"]


@lru_cache(maxsize=1 << 18)
def _sum(seed: str, base: float, said: tuple[tuple[Word, ...], ...], when: str) -> int:
    return sum(_leaf(seed, base, combination, when) for combination in product(*said))


@lru_cache(maxsize=1 << 18)
def _leaf(seed: str, base: float, said: tuple[Word, ...], when: str) -> int:
    expected = base
    for word in said:
        expected *= word.weight
    drawn = zlib.crc32(f"{seed}|{'|'.join(w.leaf for w in said)}|{when}".encode()) / 0xFFFFFFFF
    return round(expected * (0.85 + 0.3 * drawn))
