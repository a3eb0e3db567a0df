"""Declarations from their files: parsed, checked against each other, found by name."""

import csv
import itertools
import re
import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import pydantic

from monitor import settings
from monitor.declarations.baseline import Baseline
from monitor.declarations.expectation import Audit, Commitment, Commitments
from monitor.declarations.measure import Journey, Measure, PublishedRatio, Stage
from monitor.declarations.publication import Confirmed, Publication
from monitor.declarations.record import DeclarationError, nearest
from monitor.declarations.references import CrossReference, named, of_baseline, of_measure, of_publication, unresolved
from monitor.settings import DECLARATIONS

R = TypeVar("R", Publication, Baseline, Measure)
Loaded = TypeVar("Loaded", Publication, Measure)
Named = TypeVar("Named", Publication, Confirmed, Measure)
Parsed = TypeVar("Parsed", bound=pydantic.BaseModel)


def _line_of(text: str, where: tuple[Any, ...]) -> int:
    """The line of the key an error names, found by its words (TOML readers keep no positions)."""
    names = [str(part) for part in where if not isinstance(part, int)]
    index = next((part for part in where if isinstance(part, int)), 0)
    lines = text.splitlines()
    starts = [i for i, line in enumerate(lines) if names and re.match(rf"\s*\[+{re.escape(names[0])}[\].]", line)]
    begin = starts[min(index, len(starts) - 1)] if starts else 0
    for i in range(begin, len(lines)):
        if names and re.match(rf'\s*"?{re.escape(names[-1])}"?\s*=', lines[i]):
            return i + 1
    return begin + 1


def parse(kind: type[Parsed], text: str, name: str) -> Parsed:
    """One declaration from its text. `name` is the file as a reader knows it. Raises `DeclarationError`."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DeclarationError(f"{name}: not valid TOML: {error}. Mend that line and try again.") from None
    try:
        return kind.model_validate(raw)
    except pydantic.ValidationError as error:
        messages = []
        for item in error.errors():
            where = item["loc"]
            key = ".".join(str(part) for part in where) or "the file"
            line = _line_of(text, where)
            if item["type"] == "extra_forbidden":
                found = f"unknown key {str(where[-1])!r}; {nearest(str(where[-1]), _keys(kind, where))}"
            elif item["type"] == "missing":
                found = f"{key} is missing; add it"
            else:
                found = f"{key}: {item['msg'].removeprefix('Value error, ')}"
            messages.append(f"{name}, line {line}: {found}")
        raise DeclarationError("\n".join(messages)) from None


def _keys(kind: type[pydantic.BaseModel], where: tuple[Any, ...]) -> list[str]:
    """The keys that would have been accepted at the place an error names."""
    model: Any = kind
    for part in where[:-1]:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part)
        if field is None:
            break
        inner = list(getattr(field.annotation, "__args__", None) or [field.annotation])
        found = [a for a in inner if isinstance(a, type) and issubclass(a, pydantic.BaseModel)]
        if not found:
            break
        model = found[0]
    return [f.alias or n for n, f in model.model_fields.items()]


@lru_cache(maxsize=16)
def _all(kind: type[Loaded], folder: Path) -> dict[str, Loaded]:
    records: dict[str, Loaded] = {}
    for path in sorted(folder.glob("*.toml")):
        record = _named(kind, path, f"{folder.name}/{path.name}")
        records[record.id] = record
    return records


def _named(kind: type[Named], path: Path, name: str) -> Named:
    """The declaration in a file that is named for it; `name` is the file as a reader knows it."""
    record = parse(kind, path.read_text(encoding="utf-8"), name)
    if record.id != path.stem:
        raise DeclarationError(f"{name}, line 1: id is {record.id!r}; expected {path.stem!r}, the file's name")
    return record


def _with_confirmed(folder: Path, here: tuple[tuple[Path, int], ...]) -> dict[str, Publication]:
    found = dict(_all(Publication, folder))
    for path, _ in here:
        if path.stem not in found:
            found[path.stem] = _named(Publication, path, str(path))
            continue
        confirmed = _named(Confirmed, path, str(path))
        whole = found[confirmed.id]
        names = {table.id for table in confirmed.table}
        tables = (*(t for t in whole.table if t.id not in names), *confirmed.table)
        found[whole.id] = whole.model_copy(update={"table": tables})
    return found


@dataclass(frozen=True)
class Sound:
    """Declarations of which every name is declared, and `wrong`: a sentence for each that is not, by what it is in."""

    publications: dict[str, Publication]
    populations: dict[str, Publication]
    baselines: dict[str, Baseline]
    measures: dict[str, Measure]
    stages: tuple[Stage, ...]
    commitments: tuple[Commitment, ...]
    audits: tuple[Audit, ...]
    wrong: dict[str, list[str]]


@lru_cache(maxsize=4)
def _sound(folder: Path, here: tuple[tuple[Path, int], ...]) -> Sound:
    series, populations = _with_confirmed(folder / "publications", here), dict(_all(Publication, folder / "baselines"))
    having, declared = {**series, **populations}, _all(Measure, folder / "measures")
    homes = {path.stem: path for path, _ in here}
    wrong: dict[str, list[str]] = {}

    def sound(references: Iterable[CrossReference], file: str, id: str) -> bool:
        path = folder / file if (folder / file).exists() else homes[Path(file).stem]
        name = file if path not in homes.values() else str(path)
        found = unresolved(references, path, name, id)
        wrong.update({id: [*wrong.get(id, []), *found]} if found else {})
        return not found

    drawn = [
        (f"{'publications' if p in series else 'baselines'}/{p}", p, b) for p in having for b in having[p].baseline
    ]
    drawn += [(f"measures/{m.id}", m.publication, b) for m in declared.values() for b in m.baseline]
    every = {b.id: b.model_copy(update={"publication": b.publication or of}) for _, of, b in drawn}
    sources = {b.id: f"{file}.toml" for file, _, b in drawn}
    bases = {n: b for n, b in every.items() if sound(of_baseline(b, having, every), sources[n], n)}
    bases = {n: _between(b, bases) for n, b in bases.items() if set(b.between or ()) <= set(bases)}
    for room, found in (("publications", series), ("baselines", populations)):
        for id, publication in found.items():
            if not sound(of_publication(publication, having, bases), f"{room}/{id}.toml", id):
                found[id] = _without(publication, having, bases)
    kept = {id: m for id, m in declared.items() if sound(of_measure(m, having, bases), f"measures/{id}.toml", id)}
    way, steps = folder / "journey" / "stages.toml", "journey/stages.toml"
    stages = parse(Journey, way.read_text(encoding="utf-8"), steps).stage if way.exists() else ()
    asked: dict[str, Commitment] = {}
    audited = []
    for path in sorted((folder / "commitments").glob("*.toml")):
        file = f"commitments/{path.name}"
        said = parse(Commitments, path.read_text(encoding="utf-8"), file)
        audited += [(file, each) for each in said.audit]
        for each in said.commitment:
            if each.id in asked:
                raise DeclarationError(f"{file}: {each.id!r} is declared twice. Give one of them another id.")
            sound(named(series, "publication", (a.publication for a in each.asked)), file, each.id)
            places = tuple(a for a in each.asked if a.publication in ("", *series))
            asked[each.id] = each.model_copy(update={"asked": places})
    for file, audit in audited:
        sound(named(asked, "commitment", (row.commitment for row in audit.row)), file, audit.id)
    return Sound(
        series, populations, bases, dict(sorted(kept.items(), key=lambda item: (item[1].order, item[0]))),
        tuple(s for s in stages if sound(named(kept, "measure", (s.population, s.previous)), steps, s.id)),
        tuple(sorted(asked.values(), key=lambda each: (each.since, each.id))),
        tuple(sorted((audit for _, audit in audited), key=lambda each: (each.since, each.id))), wrong,
    )  # fmt: skip


def _without(publication: Publication, having: Collection[str], bases: Collection[str]) -> Publication:
    """A publication without what rests on a name that nobody declared."""
    reads, bases, having = publication.reads, ("", *bases), ("", *having)
    right = reads is not None and reads.baseline in bases and reads.previous in having
    beside = tuple(d for d in publication.denominator if d.baseline in bases and d.publication in having)
    return publication.model_copy(update={"reads": reads if right else None, "denominator": beside})


def _declared(folder: Path | None) -> Sound:
    return _sound(folder or DECLARATIONS, settings.confirmed() if folder is None else ())


def check(folder: Path | None = None) -> list[str]:
    """A sentence for each name in any declaration that nobody declared, with file, line and the nearest that exist.

    What rests on such a name is left out. Raises `DeclarationError` for a file that cannot be read.
    """
    return list(dict.fromkeys(itertools.chain.from_iterable(_declared(folder).wrong.values())))


def publications(folder: Path | None = None) -> dict[str, Publication]:
    """Every declared series of statistics by id, with the tables confirmed and series declared in the home in use."""
    return _declared(folder).publications


def population_sources(folder: Path | None = None) -> dict[str, Publication]:
    """Every declared population source by id: publications whose figures are denominators."""
    return _declared(folder).populations


def sources(folder: Path | None = None) -> dict[str, Publication]:
    """Everything that can be read: series of statistics and population sources."""
    return {**publications(folder), **population_sources(folder)}


def baselines(folder: Path | None = None) -> dict[str, Baseline]:
    """Every declared baseline by id, each with the publication it is drawn from: residents, or a previous stage."""
    return _declared(folder).baselines


def _between(baseline: Baseline, declared: dict[str, Baseline]) -> Baseline:
    """A baseline, if it is between two others with what both have tables by."""
    if baseline.between is None:
        return baseline
    ends = [declared[name] for name in baseline.between]
    both = {c: () for c in ends[0].table if c in ends[1].table}
    by_sex = tuple(c for c in ends[0].by_sex if c in ends[1].by_sex)
    return baseline.model_copy(update={"table": both, "by_sex": by_sex})


def measures(folder: Path | None = None) -> dict[str, Measure]:
    """Every declared measure of which every name is declared, by id, in the order they are read."""
    return _declared(folder).measures


def journey(folder: Path | None = None) -> tuple[Stage, ...]:
    """The stages of the way through the justice system, in order, of which the measures are declared."""
    return _declared(folder).stages


def commitments(folder: Path | None = None) -> tuple[Commitment, ...]:
    """Every recommendation, request and promise to publish, by date, with the places that are declared."""
    return _declared(folder).commitments


def audits(folder: Path | None = None) -> tuple[Audit, ...]:
    """Every audit of recommendations by others, by date."""
    return _declared(folder).audits


def published_ratios(folder: Path | None = None) -> tuple[PublishedRatio, ...]:
    """Every ratio kept as published, in the order listed."""
    path = (folder or DECLARATIONS) / "journey" / "published.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(PublishedRatio.model_validate(row) for row in csv.DictReader(lines))


def place_of(id: str, key: str) -> tuple[Path, int]:
    """The file that declares something, and the line of one of its keys: the first line where it has none."""
    paths = [*(DECLARATIONS / room / f"{id}.toml" for room in ("publications", "baselines"))]
    paths += [path for path, _ in settings.confirmed() if path.stem == id]
    path = next(path for path in paths if path.exists())
    return path, _line_of(path.read_text(encoding="utf-8"), (key,))


def refuse_left_out(name: str) -> None:
    """Raises `DeclarationError`, with what is wrong, for what was left out because it names what nobody declared."""
    if found := _declared(None).wrong.get(name):
        raise DeclarationError("\n".join(found))


def find(records: dict[str, R], name: str, noun: str) -> R:
    """The record of that name, or a `DeclarationError` that names the nearest that exist."""
    if name in records:
        return records[name]
    for record in records.values():
        if name in getattr(record, "aliases", ()):
            raise DeclarationError(f"no {noun} is called {name!r}; it is declared as {record.id}")
    refuse_left_out(name)
    raise DeclarationError(f"no {noun} is called {name!r}; {nearest(name, records)}")
