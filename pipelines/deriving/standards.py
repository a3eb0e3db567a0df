"""Standard populations by age (`standard_populations.csv`, named in `standards.csv`), to average rates over."""

import csv
import functools
import pkgutil
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from monitor.vocabulary import parse_age
from pipelines.deriving.fit import Refused

OLDEST = 105
"""The age at which an open band of a standard is taken to end, where a measure's age band cuts it."""


class Standard(NamedTuple):
    """A standard population and where it is published."""

    title: str
    source: str


def _rows(name: str) -> list[dict[str, str]]:
    content = pkgutil.get_data(__package__ or "pipelines.deriving", name)
    if content is None:
        raise Refused(f"{name} is missing from the installation; install the package with its data.")
    return list(csv.DictReader(content.decode("utf-8").splitlines()))


@functools.cache
def standards() -> Mapping[str, Standard]:
    """Every standard population, by name."""
    return {r["standard"]: Standard(r["title"], r["source"]) for r in _rows("standards.csv")}


def standard(name: str) -> Standard:
    """A standard population by name. Raises `Refused` with those there are."""
    if name not in standards():
        raise Refused(f"no standard population is called {name!r}; there are {', '.join(standards())}.")
    return standards()[name]


def people_of(name: str, bands: Sequence[str]) -> np.ndarray:
    """People of the standard in each age band, `bands` in the vocabulary's own words (`18-20`, `60 and over`)."""
    standard(name)
    found = []
    for words in bands:
        band = parse_age(words, bare=True)
        if band is None:
            raise Refused(f"{words!r} is not an age band, so no standard population has people in it.")
        high = OLDEST if band.high is None else band.high
        total = 0.0
        for low, last, people in _bands(name):
            # because only the band's total is published, its people are shared out evenly over its years
            shared = min(high, last) - max(band.low, low) + 1
            total += people * max(shared, 0) / (last - low + 1)
        found.append(total)
    return np.array(found)


@functools.cache
def _bands(name: str) -> tuple[tuple[int, int, float], ...]:
    return tuple(
        (int(r["age_from"]), int(r["age_to"] or OLDEST), float(r["people"]))
        for r in _rows("standard_populations.csv")
        if r["standard"] == name
    )
