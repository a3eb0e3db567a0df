"""Answers validated into typed records, with a finding for everything that is not as the protocol says."""

import json
from collections.abc import Sequence
from typing import Any, TypeVar

import pydantic

from monitor.vocabulary.text import without_controls
from pipelines.fetch.finding import Finding

R = TypeVar("R", bound="Record")


class Record(pydantic.BaseModel):
    """A part of an answer: keys we do not use are passed over, keys we use have their types."""

    model_config = pydantic.ConfigDict(extra="ignore", frozen=True)


def read_json(body: bytes, url: str, findings: list[Finding]) -> Any:
    """The JSON of a body; None and a finding when it is none."""
    try:
        return _cleaned(json.loads(body))
    except (ValueError, RecursionError) as error:
        found = f"{len(body)} bytes starting {body[:40].decode('utf-8', 'replace')!r} ({type(error).__name__}: {error})"
        findings.append(Finding("not_json", url, "JSON", found[:300], "Open the address; the next pass asks again."))
        return None


def _cleaned(said: Any) -> Any:
    """An answer with every text of it cleaned."""
    if isinstance(said, str):
        return without_controls(said)
    if isinstance(said, list):
        return [_cleaned(part) for part in said]
    return {_cleaned(k): _cleaned(v) for k, v in said.items()} if isinstance(said, dict) else said


def record(kind: type[R], said: Any, where: str, findings: list[Finding]) -> R | None:
    """A part of an answer as a record; None and findings when it is not."""
    try:
        return kind.model_validate(said)
    except pydantic.ValidationError as error:
        for item in error.errors(include_url=False)[:10]:
            place = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in item["loc"])
            found = "nothing" if item["type"] == "missing" else _short(item["input"])
            expected = "this key" if item["type"] == "missing" else item["msg"].removeprefix("Input should be ")
            findings.append(Finding("unexpected_answer", f"{where}{place}", expected, found, _REMEDY))
        return None


def records(kind: type[R], said: Any, where: str, findings: list[Finding]) -> list[R]:
    """Every part of a list that is a record; a finding for each that is not, and for what is no list."""
    if not isinstance(said, Sequence) or isinstance(said, str):
        findings.append(Finding("unexpected_answer", where, "a list", _short(said), _REMEDY))
        return []
    read = (record(kind, part, f"{where}[{n}]", findings) for n, part in enumerate(said))
    return [part for part in read if part is not None]


_REMEDY = "The interface may have changed; the rest was used."


def _short(value: object) -> str:
    said = repr(value)
    return said if len(said) <= 80 else f"{said[:77]}…"
