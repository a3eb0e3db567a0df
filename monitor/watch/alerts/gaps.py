"""The gaps of the register that make alerts, and the name that an alert keeps for as long as it lives."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.watch.alerts.meaning import kinds
from monitor.watch.register.held import named

_SAFE = re.compile(r"[^a-z0-9_]+")
_DECLARED = re.compile(r"(?!.*\d{4})[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
"""A declared measure's name. Whatever else a row is about is a table by its title, at whatever level it is told."""


@dataclass(frozen=True)
class Gap:
    """One gap as the register shows it: every row of one fingerprint, with the gravest severity and the latest edition.

    `evidence` is one document a row; `reason` the register's own sentences; `awaits` what must come before anybody
    outside is told. Without a publication it is about the
    monitor itself.
    """

    id: str
    code: str
    state: str
    publication: str = ""
    characteristic: str = ""
    measure: str = ""
    crossed: str = ""
    heading: str = ""
    edition: str = ""
    editions: tuple[str, ...] = ()
    severity: str = "S4"
    confidence: str = ""
    since: str = ""
    last_seen: str = ""
    reason: str = ""
    evidence: tuple[Any, ...] = ()
    awaits: str = ""


def fingerprint(row: Mapping[str, Any]) -> str:
    """The name of the alert that a row of the register belongs to: `publication.measure.characteristic.CODE`.

    A part that the row does not have is left out. Of a table's title only what stays from one edition to the next
    counts: neither a date nor, where it has words too, its number; and of one that was renamed its first.
    """
    evidence = document_of(row.get("evidence") or "")
    measure = (evidence.get("first_title") if isinstance(evidence, dict) else "") or row.get("measure") or ""
    if row.get("level") in ("table", "crossing") or not _DECLARED.fullmatch(measure):
        name, number = named(measure)
        measure = name or number.replace("_", ".")  # because a table that has nothing but a number has no other name
    parts = (row["publication"], measure, characteristic_of(row), row.get("crossed"))
    words = [_SAFE.sub("-", str(part).lower()).strip("-") for part in parts if part]
    return ".".join([*map(_short, words), row["code"]])


def _short(word: str) -> str:
    """A long word by its beginning and, so that two stay apart, a piece of its hash."""
    return word if len(word) <= 60 else f"{word[:48].rstrip('-')}-{hashlib.sha256(word.encode()).hexdigest()[:6]}"


def characteristic_of(row: Mapping[str, Any]) -> str:
    """The characteristic a row is about; empty where it is about the release itself."""
    name = row.get("characteristic") or ""
    return "" if name == "all" else name


def gaps_of(register: Iterable[Mapping[str, Any]]) -> dict[str, Gap]:
    """The gaps of the register that make alerts, by fingerprint: rows with a code, of what somebody has looked at."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in register:
        if row.get("code") in kinds() and row["state"] != "not_looked":
            found.setdefault(fingerprint(row), []).append(row)
    return {name: _gap(name, rows) for name, rows in found.items()}


def _gap(name: str, rows: Sequence[Mapping[str, Any]]) -> Gap:
    gravest = min(rows, key=lambda row: row["severity"] or "S4")
    editions = sorted({row["edition"] for row in rows if row.get("edition")})
    same = ("code", "state", "publication", "measure", "crossed", "confidence", "last_seen", "awaits")
    return Gap(
        id=name,
        **{part: gravest.get(part) or "" for part in same},
        characteristic=characteristic_of(gravest),
        heading=gravest.get("title") or "",
        edition=editions[-1] if editions else "",
        editions=tuple(editions),
        severity=gravest["severity"] or "S4",
        since=min((str(row["since"]) for row in rows if row.get("since")), default=""),
        reason=" ".join(dict.fromkeys(row["reason"] for row in rows if row.get("reason"))),
        evidence=tuple(document_of(row["evidence"]) for row in rows if row.get("evidence")),
    )


def document_of(evidence: Any) -> Any:
    """A row's evidence as the document it is; as it stands, where it is none."""
    try:
        return json.loads(evidence) if isinstance(evidence, str) else evidence
    except ValueError:
        return evidence
