"""From answers to the rows of `finding` and `withholding`: one row a check and cause, the same for the same bytes.

A disagreement between tables that a withheld figure explains is not told twice.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from expectations import messages
from expectations.causes import Cell, Equation, Nesting, causes, cell_of, equation_of, grouped
from expectations.evidence import spoken_of
from expectations.queries import ROUNDING, WHOLES
from expectations.records import Checks
from expectations.suites import CHECKS, Check

_BY_NAME = {check.name: check for check in CHECKS}


@dataclass
class Answer:
    """What came back for one check: failures as records, what they nest, and what could not be asked."""

    failures: list[Mapping[str, Any]] = field(default_factory=list)
    nesting: list[Mapping[str, Any]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@dataclass
class Report:
    """Rows of the two tables, how many of the checks found nothing, and doubts about tables that nobody declared."""

    findings: list[dict[str, Any]] = field(default_factory=list)
    withholdings: list[dict[str, Any]] = field(default_factory=list)
    passed: int = 0
    total: int = 0
    doubts: list[dict[str, str]] = field(default_factory=list)

    def tell(self, checks: Checks, check: str, message: str, cells: Sequence[Cell], **more: Any) -> str:
        """Take in a failure: a finding or, of a table that nobody declared, a doubt. Gives the finding's id."""
        row = _row(checks, check, message, cells, **more)
        declared = {table.table_id for table in checks.tables if table.declared}
        doubted = dict.fromkeys((c.artefact_sha256, c.table_id) for c in cells if c.table_id not in declared)
        for artefact, table in doubted:
            mine = {"publication": checks.publication, "edition_id": checks.edition_id, "message": message}
            self.doubts.append({**mine, "artefact_sha256": artefact, "table_id": table})
        if not doubted:
            self.findings.append(row)
        return str(row["finding_id"])


def report(checks: Checks, answers: Mapping[str, Answer]) -> Report:
    """What the answers to one edition's checks amount to."""
    result = Report(total=len(CHECKS))
    withheld = _report_sums(checks, answers, result)
    for check in CHECKS:
        answer = answers[check.name]
        if check.name == "tables_agree":
            _report_disagreements(checks, answer, withheld, result)
        elif check.name == "keys_unique":
            _report_repeated(checks, check, answer, result)
        elif check.name not in WHOLES:
            _report_simple(checks, check, answer.failures, result)
        for error in dict.fromkeys(answer.errors):
            message = messages.error_message(check.name, error)
            result.tell(checks, check.name, message, [], state="error", told_apart=error)
    failed = {row["check"] for row in result.findings}
    result.passed = sum(check.name not in failed for check in CHECKS)
    order = {check.name: position for position, check in enumerate(CHECKS)}
    result.findings.sort(key=lambda row: (row["severity"] != "critical", order[row["check"]]))
    return result


def _report_sums(checks: Checks, answers: Mapping[str, Answer], result: Report) -> set[str]:
    """Findings of the sums; returns the observations withheld."""
    failures = spoken_of([{**record, "check": check} for check in WHOLES for record in answers[check].failures])
    equations = [equation_of(record["check"], record) for record in failures]
    parents = {
        (row["artefact_sha256"], row["table_id"], row["dimension"], row["category"]): row["parent"]
        for check in WHOLES
        for row in answers[check].nesting
    }
    contradicted = {e.whole.observation_id for e in equations if e.contradicted}
    titles = {table.table_id: table.title for table in checks.tables}
    reasons: dict[str, tuple[Equation, str]] = {}
    for cause in causes(equations, Nesting(parents)):
        critical = any(cell.observation_id in contradicted for cell in cause.suspects)
        first = cause.equations[0]
        title = titles.get(first.whole.table_id, "")
        finding = result.tell(
            checks,
            first.check,
            messages.sums_message(cause, title, critical),
            cause.suspects,
            severity="critical" if critical else None,
        )
        for equation in cause.contradicted:
            reasons.setdefault(equation.whole.observation_id, (equation, finding))
    for observation, (equation, finding) in sorted(reasons.items()):
        result.withholdings.append(
            {"observation_id": observation, "finding_id": finding, "reason": messages.withholding_reason(equation)}
        )
    return set(reasons)


def _report_disagreements(checks: Checks, answer: Answer, withheld: set[str], result: Report) -> None:
    """One finding for the same tables in the same period, or for the same row of them in several."""
    groups = [[cell_of(record) for record in failure["figures"]] for failure in answer.failures]
    open_groups = []
    for cells in groups:
        values = [cell.value for cell in cells if cell.value is not None and cell.observation_id not in withheld]
        if values and max(values) - min(values) > ROUNDING:
            open_groups.append(sorted(cells, key=lambda cell: cell.position))

    def keys(index: int) -> Iterable[Hashable]:
        cells = open_groups[index]
        sheets = tuple(cell.sheet for cell in cells)
        yield (sheets, "period", cells[0].period_start, cells[0].period_end)
        yield (sheets, "row", cells[0].categories)

    for group in grouped(len(open_groups), keys):
        pairs = sorted((open_groups[index] for index in group), key=lambda cells: cells[0].position)
        message = messages.disagreement_message(pairs)
        cells = [cell for pair in pairs for cell in pair]
        result.tell(checks, "tables_agree", message, cells)


def _report_repeated(checks: Checks, check: Check, answer: Answer, result: Report) -> None:
    """One finding for each sheet that gives a figure twice."""
    sheets: dict[tuple[str, str, str], list[list[Cell]]] = defaultdict(list)
    for failure in answer.failures:
        if "figures" in failure and "reason" not in failure:
            cells = sorted((cell_of(record) for record in failure["figures"]), key=lambda cell: cell.position)
            sheets[cells[0].place].append(cells)
    for _, groups in sorted(sheets.items()):
        groups.sort(key=lambda cells: cells[0].position)
        message = messages.repeated_message(check.remedy, groups)
        every = [cell for cells in groups for cell in cells]
        result.tell(checks, check.name, message, every)
    _report_simple(checks, check, [f for f in answer.failures if "reason" in f], result)


def _report_simple(checks: Checks, check: Check, failures: Iterable[Mapping[str, Any]], result: Report) -> None:
    """One finding for each sheet and reason."""
    reasons: dict[tuple[tuple[str, str, str], str], dict[str, Cell]] = defaultdict(dict)
    for failure in failures:
        for record in failure["figures"]:
            cell = cell_of(record)
            reasons[cell.place, failure["reason"]].setdefault(cell.observation_id or cell.cell, cell)
    for (_, reason), found in sorted(reasons.items()):
        cells = sorted(found.values(), key=lambda cell: cell.position)
        message = messages.simple_message(check.remedy, reason, cells)
        result.tell(checks, check.name, message, cells, told_apart=reason)


def _row(
    checks: Checks,
    check: str,
    message: str,
    cells: Sequence[Cell],
    severity: str | None = None,
    state: str = "failed",
    told_apart: str = "",
) -> dict[str, Any]:
    """A row of `finding`. Its id rests on what was asked and where it failed, not on the wording."""
    ordered = sorted({(cell.position, cell.observation_id): cell for cell in cells}.items())
    placed = [cell for _, cell in ordered]
    sheets = sorted({cell.sheet for cell in placed})
    named = [cell.cell if len(sheets) == 1 else f"{cell.sheet}!{cell.cell}" for cell in placed]
    observations = [cell.observation_id for cell in placed]
    identity = json.dumps([checks.publication, checks.edition_id, check, state, sheets, named, told_apart])
    return {
        "finding_id": hashlib.sha256(identity.encode()).hexdigest()[:16],
        "publication": checks.publication,
        "edition_id": checks.edition_id,
        "check": check,
        "severity": severity or _BY_NAME[check].severity,
        "state": state,
        "message": message,
        "sheet": ", ".join(sheets) or None,
        "cells": named,
        "observations": observations,
    }
