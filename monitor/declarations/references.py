"""What declarations name of each other: every name that nobody declared, with its file, its line and the nearest."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from monitor.declarations.baseline import Baseline
from monitor.declarations.measure import Measure
from monitor.declarations.publication import Publication
from monitor.declarations.record import nearest
from monitor.vocabulary import CHARACTERISTICS, DIMENSIONS, UnknownWord, categories, category

_CHARACTERISTICS = frozenset(c.id for c in CHARACTERISTICS)


@dataclass(frozen=True)
class CrossReference:
    """A name in a declaration, and those it may be."""

    name: str
    known: Collection[str]
    noun: str


def named(known: Collection[str], noun: str, names: Iterable[str]) -> Iterator[CrossReference]:
    """Names that each stand for one of those known; an empty one stands for nothing."""
    return (CrossReference(name, known, noun) for name in names if name)


def of_measure(measure: Measure, having: dict[str, Publication], bases: Collection[str]) -> Iterator[CrossReference]:
    """Every name in a measure."""
    yield from _tables(measure.table, having, measure.publication, measure.figures)
    fits = [*measure.fit, *(s.fit for s in measure.strata if s.fit)]
    said = [*measure.reference, *measure.also, *measure.adjust, *(c for f in fits for c in f.characteristics)]
    yield from named(measure.table, f"characteristic of {measure.id}", said)
    populations = [f.baseline for f in fits]
    populations += [n for r in measure.regroup for n in r.baselines] + [n for e in measure.exclude for n in e.baselines]
    yield from named(bases, "baseline", populations)
    groups = [*((c, (group,)) for c, group in measure.reference.items()), *measure.also.items()]
    groups += [(f.size.characteristic, (f.size.category,)) for f in measure.fit if f.size]
    groups += [(r.characteristic, r.members) for r in measure.regroup]
    for c, names in groups:
        yield from _groups(c, names)
    for strata in measure.strata:
        yield from _tables({c: (table,) for c, table in strata.table.items()}, having, measure.publication)
        if (over := strata.exposure) is not None:
            theirs = {c: (table,) for c, table in over.table.items()}
            yield from _tables(theirs, having, over.publication, over.measure)


def of_baseline(baseline: Baseline, having: dict[str, Publication], bases: Collection[str]) -> Iterator[CrossReference]:
    """Every name in a population that counts are divided by."""
    yield from named(bases, "baseline", baseline.between or ())
    yield from _tables(baseline.table, having, baseline.publication, baseline.measure)


def of_publication(
    publication: Publication, having: Collection[str], bases: Collection[str]
) -> Iterator[CrossReference]:
    """Every name of another declaration in a publication, and of its own tables."""
    reads, beside = publication.reads, publication.denominator
    others = [publication.part_of, publication.continued_by, reads.previous if reads else ""]
    yield from named(having, "publication", [*others, *(d.publication for d in beside)])
    yield from named(bases, "baseline", [reads.baseline if reads else "", *(d.baseline for d in beside)])
    yield from named([t.id for t in publication.table], "table", (t.whole for t in publication.table))


def _tables(
    said: Mapping[str, tuple[str, ...]], having: dict[str, Publication], publication: str, counted: str = ""
) -> Iterator[CrossReference]:
    """A publication, the characteristics and tables of it that speak for each, and what they count."""
    yield CrossReference(publication, having, "publication")
    yield from named(_CHARACTERISTICS, "characteristic", said)
    tables = having[publication].table if publication in having else ()
    speaking = {name for names in said.values() for name in names}
    if publication in having:
        yield from named([t.id for t in tables], f"declared table of {publication}", sorted(speaking))
    if mine := [t for t in tables if t.id in speaking]:
        figures = {t.measure for t in mine} | {s.measure for t in mine for s in t.statistics}
        yield from named(figures, "measure of its tables", [counted])


def _groups(characteristic: str, names: Iterable[str]) -> Iterator[CrossReference]:
    """Groups of a characteristic: listed, or, of age, made from their words."""
    if characteristic not in DIMENSIONS:
        yield CrossReference(characteristic, _CHARACTERISTICS, "characteristic")
        return
    for name in names:
        try:
            category(characteristic, "all" if name == "all others" else name)
        except UnknownWord:
            known = ("all others", *(c.category for c in categories(characteristic)))
            yield CrossReference(name, known, f"group of {characteristic}")


def unresolved(references: Iterable[CrossReference], path: Path, file: str, id: str) -> list[str]:
    """A sentence for each name that is not declared: its file as a reader knows it, its line, and the nearest.

    `id` is that of the record of the file that holds the names.
    """
    wrong = dict.fromkeys((r.name, r.noun, tuple(r.known)) for r in references if r.name not in r.known)
    lines = path.read_text(encoding="utf-8").splitlines() if wrong else []
    begin = _line(lines, rf'^\s*id\s*=\s*"{re.escape(id)}"')
    found = []
    for name, noun, known in wrong:
        at = _line(lines, rf'"{re.escape(name)}"|^\s*{re.escape(name)}\s*=', begin) + 1
        near = nearest(name, known)
        near += "" if near.endswith("?") else "."
        found.append(f"{file}, line {at}: no {noun} is called {name!r}; {near} Mend the name, or declare it.")
    return found


def _line(lines: list[str], pattern: str, begin: int = 0) -> int:
    """The first line from `begin` on that has a pattern; `begin` where none has."""
    return next((i for i in range(begin, len(lines)) if re.search(pattern, lines[i])), begin)
