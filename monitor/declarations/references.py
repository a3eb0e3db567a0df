"""What declarations name of each other: every name that nobody declared, with its file, its line and the nearest."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from monitor.declarations.baseline import Baseline
from monitor.declarations.measure import Measure
from monitor.declarations.publication import Publication
from monitor.declarations.record import nearest
from monitor.declarations.table import Table
from monitor.vocabulary import CHARACTERISTICS, UnknownWord, categories, category

CHARACTERISTIC_IDS = frozenset(c.id for c in CHARACTERISTICS)
REFERENCES = ("all", "all others")
"""What a group may be compared with besides another group."""


@dataclass(frozen=True)
class Reference:
    """A name in a declaration, and those it may be; `is_right` where they are too many to list."""

    name: str
    known: Collection[str]
    noun: str
    is_right: bool | None = None

    @property
    def resolves(self) -> bool:
        """Whether it names something declared."""
        return self.name in self.known if self.is_right is None else self.is_right


def of_measure(measure: Measure, having: dict[str, Publication], bases: Collection[str]) -> Iterator[Reference]:
    """Every name in a measure; of its tables, where its publication is declared."""
    yield Reference(measure.publication, having, "publication")
    mine = having[measure.publication].table if measure.publication in having else None
    yield from _tables(measure.table, mine, measure.publication)
    if mine:
        yield from _counted(measure.figures, measure.table, mine)
    said = [*measure.reference, *measure.also, *measure.adjust, *(c for f in measure.fit for c in f.characteristics)]
    yield from (Reference(c, measure.table, f"characteristic of {measure.id}") for c in said)
    for c, groups in [*((c, (group,)) for c, group in measure.reference.items()), *measure.also.items()]:
        yield from (_group(c, name) for name in groups)
    named = [f.baseline for f in measure.fit]
    named += [n for r in measure.regroup for n in r.baselines] + [n for e in measure.exclude for n in e.baselines]
    yield from (Reference(name, bases, "baseline") for name in named)
    for size in (f.size for f in measure.fit if f.size):
        yield from _in_group(size.characteristic, (size.category,))
    for regroup in measure.regroup:
        yield from _in_group(regroup.characteristic, regroup.members)
    for strata in measure.strata:
        yield from _tables({c: (table,) for c, table in strata.table.items()}, mine, measure.publication)
        if (over := strata.exposure) is not None:
            yield Reference(over.publication, having, "publication")
            theirs = having[over.publication].table if over.publication in having else None
            yield from _tables({c: (table,) for c, table in over.table.items()}, theirs, over.publication)


def of_baseline(baseline: Baseline, having: dict[str, Publication], bases: Collection[str]) -> Iterator[Reference]:
    """Every name in a population that counts are divided by."""
    yield Reference(baseline.publication, having, "publication")
    yield from (Reference(name, bases, "baseline") for name in baseline.between or ())
    if baseline.publication in having:
        mine = having[baseline.publication].table
        yield from _tables(baseline.table, mine, baseline.publication)
        if baseline.table and baseline.between is None:
            yield from _counted(baseline.measure, baseline.table, mine)


def of_publication(publication: Publication, having: Collection[str], bases: Collection[str]) -> Iterator[Reference]:
    """Every name of another declaration in a publication."""
    reads = publication.reads
    others = [publication.part_of, publication.continued_by, reads.previous if reads else ""]
    others += [d.publication for d in publication.denominator]
    yield from (Reference(name, having, "publication") for name in others if name)
    populations = [reads.baseline if reads else "", *(d.baseline for d in publication.denominator)]
    yield from (Reference(name, bases, "baseline") for name in populations if name)
    whole = (t.whole for t in publication.table if t.whole)
    yield from (Reference(name, [t.id for t in publication.table], "table") for name in whole)


def _tables(
    said: dict[str, tuple[str, ...]], tables: tuple[Table, ...] | None, publication: str
) -> Iterator[Reference]:
    """Characteristics and the tables that speak for each, where the publication's tables are known."""
    for c, names in said.items():
        yield Reference(c, CHARACTERISTIC_IDS, "characteristic")
        if tables is not None:
            yield from (Reference(n, [t.id for t in tables], f"declared table of {publication}") for n in names)


def _counted(figures: str, speaking: dict[str, tuple[str, ...]], tables: Iterable[Table]) -> Iterator[Reference]:
    """What is counted, among what the tables that speak count."""
    named = {n for names in speaking.values() for n in names}
    mine = [t for t in tables if t.id in named]
    if mine:
        counted = {t.measure for t in mine} | {s.measure for t in mine for s in t.statistics}
        yield Reference(figures, counted, "measure of its tables")


def _group(characteristic: str, name: str) -> Reference:
    """A group of a characteristic; of one that is none, nothing is said again."""
    noun = f"group of {characteristic}"
    if characteristic not in CHARACTERISTIC_IDS or name in REFERENCES:
        return Reference(name, (), noun, is_right=True)
    try:
        category(characteristic, name)
    except UnknownWord:
        return Reference(name, [*REFERENCES, *(c.category for c in categories(characteristic))], noun)
    return Reference(name, (), noun, is_right=True)


def _in_group(characteristic: str, names: Iterable[str]) -> Iterator[Reference]:
    yield Reference(characteristic, CHARACTERISTIC_IDS, "characteristic")
    yield from (_group(characteristic, name) for name in names)


def unresolved(references: Iterable[Reference], path: Path, file: str, within: str = "") -> list[str]:
    """A sentence for each name that is not declared: its file as a reader knows it, its line, and the nearest.

    `within` is the id of the record of the file that holds the names.
    """
    wrong = dict.fromkeys((r.name, r.noun, tuple(r.known)) for r in references if not r.resolves)
    if not wrong:
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    begin = _line(lines, rf'^\s*id\s*=\s*"{re.escape(within)}"') if within else 0
    found = []
    for name, noun, known in wrong:
        near = nearest(name, known)
        near += "" if near.endswith("?") else "."
        quoted = re.escape(name)
        at = _line(lines, rf'"{quoted}"|^\s*{quoted}\s*=', begin) + 1
        found.append(f"{file}, line {at}: no {noun} is called {name!r}; {near} Mend the name, or declare it.")
    return found


def _line(lines: list[str], pattern: str, begin: int = 0) -> int:
    """The first line from `begin` on that has a pattern; `begin` where none has."""
    return next((i for i in range(begin, len(lines)) if re.search(pattern, lines[i])), begin)
