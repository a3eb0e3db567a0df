"""Declarations from their files: parsed, checked against each other, found by name."""

import csv
import re
import tomllib
from collections.abc import Iterable
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


@lru_cache(maxsize=4)
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


def publications(folder: Path | None = None) -> dict[str, Publication]:
    """Every declared series of statistics by id, with the tables confirmed and series declared in the home in use."""
    packaged = (folder or DECLARATIONS) / "publications"
    return _with_confirmed(packaged, settings.confirmed()) if folder is None else _all(Publication, packaged)


def population_sources(folder: Path | None = None) -> dict[str, Publication]:
    """Every declared population source by id: publications whose figures are denominators."""
    return _all(Publication, (folder or DECLARATIONS) / "baselines")


def sources(folder: Path | None = None) -> dict[str, Publication]:
    """Everything that can be read: series of statistics and population sources."""
    return {**publications(folder), **population_sources(folder)}


def baselines(folder: Path | None = None) -> dict[str, Baseline]:
    """Every declared baseline by id, each with the publication it is drawn from: residents, or a previous stage."""
    declared = [(source.id, b) for source in sources(folder).values() for b in source.baseline]
    declared += [(measure.publication, b) for measure in _measures(folder).values() for b in measure.baseline]
    found = {b.id: b.model_copy(update={"publication": b.publication or of}) for of, b in declared}
    return {name: _between(b, found) if b.between else b for name, b in found.items()}


def _between(baseline: Baseline, declared: dict[str, Baseline]) -> Baseline:
    """A baseline between two others, with what both have tables by. Raises for an end that nobody declared."""
    assert baseline.between is not None
    ends = [find(declared, name, "baseline") for name in baseline.between]
    both = {c: () for c in ends[0].table if c in ends[1].table}
    by_sex = tuple(c for c in ends[0].by_sex if c in ends[1].by_sex)
    return baseline.model_copy(update={"table": both, "by_sex": by_sex})


def _measures(folder: Path | None) -> dict[str, Measure]:
    return _all(Measure, (folder or DECLARATIONS) / "measures")


def measures(folder: Path | None = None) -> dict[str, Measure]:
    """Every declared measure by id, in the order they are read. Raises for a name that nobody declared."""
    found = _measures(folder)
    known, having = baselines(folder), sources(folder)
    for measure in found.values():
        fits = (*measure.fit, *(s.fit for s in measure.strata if s.fit))
        names: list[tuple[str, Iterable[str], str]] = [(f.baseline, known, "baseline") for f in fits]
        names.append((measure.publication, having, "publication"))
        names += [(s.exposure.publication, having, "publication") for s in measure.strata if s.exposure]
        for name, declared, noun in names:
            if name not in declared:
                near = nearest(name, declared)
                raise DeclarationError(f"measures/{measure.id}.toml: no {noun} is called {name!r}; {near}")
    for publication in having.values():
        reads = publication.reads
        for name, declared, noun in (
            ((reads.baseline, known, "baseline"), (reads.previous, having, "publication")) if reads else ()
        ):
            if name and name not in declared:
                near = nearest(name, declared)
                raise DeclarationError(
                    f"publications/{publication.id}.toml, [reads]: no {noun} is called {name!r}; {near}"
                )
    return dict(sorted(found.items(), key=lambda item: (item[1].order, item[0])))


def journey(folder: Path | None = None) -> tuple[Stage, ...]:
    """The stages of the way through the justice system, in order. Measures they name are declared."""
    path = (folder or DECLARATIONS) / "journey" / "stages.toml"
    stages = parse(Journey, path.read_text(encoding="utf-8"), f"journey/{path.name}").stage
    known = measures(folder)
    for stage in stages:
        for name in filter(None, (stage.population, stage.previous)):
            if name not in known:
                near = nearest(name, known)
                raise DeclarationError(f"journey/{path.name}: stage {stage.id}: no measure {name!r}; {near}")
    return stages


def commitments(folder: Path | None = None) -> tuple[Commitment, ...]:
    """Every recommendation, request and promise to publish, by date. What they name is declared, and each id once."""
    found: dict[str, Commitment] = {}
    for path in sorted(((folder or DECLARATIONS) / "commitments").glob("*.toml")):
        name = f"commitments/{path.name}"
        for each in parse(Commitments, path.read_text(encoding="utf-8"), name).commitment:
            if each.id in found:
                raise DeclarationError(f"{name}: {each.id!r} is declared twice. Give one of them another id.")
            for asked in each.asked:
                if asked.publication and asked.publication not in publications(folder):
                    near = nearest(asked.publication, publications(folder))
                    raise DeclarationError(f"{name}: {each.id}: no publication {asked.publication!r}; {near}")
            found[each.id] = each
    return tuple(sorted(found.values(), key=lambda each: (each.since, each.id)))


def audits(folder: Path | None = None) -> tuple[Audit, ...]:
    """Every audit of recommendations by others, by date. A commitment that a row names is declared."""
    found, known = [], {each.id for each in commitments(folder)}
    for path in sorted(((folder or DECLARATIONS) / "commitments").glob("*.toml")):
        name = f"commitments/{path.name}"
        for each in parse(Commitments, path.read_text(encoding="utf-8"), name).audit:
            for row in each.row:
                if row.commitment and row.commitment not in known:
                    near = nearest(row.commitment, known)
                    raise DeclarationError(f"{name}: {each.id}: no commitment {row.commitment!r}; {near}")
            found.append(each)
    return tuple(sorted(found, key=lambda each: (each.since, each.id)))


def published_ratios(folder: Path | None = None) -> tuple[PublishedRatio, ...]:
    """Every ratio kept as published, in the order listed."""
    path = (folder or DECLARATIONS) / "journey" / "published.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(PublishedRatio.model_validate(row) for row in csv.DictReader(lines))


def find(records: dict[str, R], name: str, noun: str) -> R:
    """The record of that name, or a `DeclarationError` that names the nearest that exist."""
    if name in records:
        return records[name]
    for record in records.values():
        if name in getattr(record, "aliases", ()):
            raise DeclarationError(f"no {noun} is called {name!r}; it is declared as {record.id}")
    raise DeclarationError(f"no {noun} is called {name!r}; {nearest(name, records)}")
