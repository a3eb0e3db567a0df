"""Publishers' words (`words.csv`, `periods.csv`): what each label means is said there, not asked of a reader."""

import csv
import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .known import CHARACTERISTICS

HERE = Path(__file__).parent
HEADINGS = {
    "ethnicity": "Ethnic group", "age": "Age group", "sex": "Sex", "religion": "Religion", "disability": "Disability",
    "sexual_orientation": "Sexual orientation", "nationality": "Nationality",
}  # fmt: skip
"""How tables head a column of a characteristic."""
PLACES = {"place.regions": "Region", "place.forces": "Police force area", "prison.names": "Establishment"}
CODES = {"place.regions": ("E12", "W92", "K04"), "place.forces": ("E23", "W15"), "prison.names": ()}
"""How the codes of the Office for National Statistics begin, by kind of place; prisons have none."""


@dataclass(frozen=True)
class Word:
    """A label of a list, and its category in the field's terms; `kind` is leaf, parent or total."""

    list: str
    dimension: str
    label: str
    category: str
    kind: str
    weight: float
    parent: str

    @property
    def leaf(self) -> str:
        return f"{self.parent}/{self.label}"

    @property
    def heading(self) -> str:
        """What a column of such labels is headed."""
        said = PLACES.get(self.list) or HEADINGS.get(self.dimension)
        return said or self.dimension.capitalize()


@dataclass(frozen=True)
class Period:
    """A label of a time axis, and the days it spans."""

    label: str
    start: dt.date
    end: dt.date

    @property
    def is_day(self) -> bool:
        return self.start == self.end


@cache
def _words() -> dict[str, tuple[Word, ...]]:
    found: dict[str, list[Word]] = {}
    with (HERE / "words.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            word = Word(**{**row, "weight": float(row["weight"] or 0)})  # type: ignore[arg-type]
            found.setdefault(word.list, []).append(word)
    return {name: tuple(words) for name, words in found.items()}


def words(name: str) -> tuple[Word, ...]:
    """A list of labels in the order it is printed, totals last."""
    return _words()[name]


@cache
def _periods() -> dict[str, tuple[Period, ...]]:
    found: dict[str, list[Period]] = {}
    with (HERE / "periods.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            one = Period(row["label"], dt.date.fromisoformat(row["start"]), dt.date.fromisoformat(row["end"]))
            found.setdefault(row["list"], []).append(one)
    return {name: tuple(periods) for name, periods in found.items()}


def periods(name: str) -> tuple[Period, ...]:
    """The labels of a time axis, the oldest first."""
    return _periods()[name]


@cache
def leaves(word: Word) -> tuple[Word, ...]:
    """The labels whose people a label counts: its own, its children's, or those of the whole list."""
    every = [w for w in words(word.list) if w.kind == "leaf"]
    if word.kind == "leaf":
        return (word,)
    return tuple(w for w in every if word.kind == "total" or w.parent == word.label)


def is_of_people(word: Word) -> bool:
    return word.dimension in CHARACTERISTICS
