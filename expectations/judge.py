"""The judge: Great Expectations over a closed staging file, before anything of it is loaded."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations import queries
from expectations.findings import Answer, Report, report
from expectations.records import Checks
from expectations.rounding import Rounding, roundings
from expectations.suites import CHECKS, Native, Question
from monitor.store.schema import frame_schema

if TYPE_CHECKING:
    import polars as pl

_DOUBT = ("publication", "edition_id", "artefact_sha256", "table_id", "message")
_PLACE = ["artefact_sha256", "table_id", "sheet", "cell", "observation_id"]


@dataclass(frozen=True)
class Judgement:
    """Rows of `finding` and `withholding`, and how many of the checks asked found nothing.

    `doubts` are failures in tables that nobody declared: publication, edition_id, artefact_sha256, table_id, message.
    """

    findings: pl.DataFrame
    withholdings: pl.DataFrame
    passed: int
    total: int
    doubts: pl.DataFrame


def judge(staging: Path, declared: Sequence[Checks]) -> Judgement:
    """Ask every check of every declared edition of a closed staging file; write nothing.

    A check is passed when it has no row in `findings`; one that breaks is a finding with state "error". Raises
    FileNotFoundError where there is no such file.
    """
    import polars as pl

    if not staging.is_file():
        raise FileNotFoundError(
            f"Expected a staging file to judge at {staging}, found none. Stage the figures first, then judge."
        )
    reports = _reports(staging, declared) if declared else []
    findings = [row for told in reports for row in told.findings]
    withholdings = [row for told in reports for row in told.withholdings]
    return Judgement(
        findings=pl.DataFrame(findings, schema=frame_schema("finding"), orient="row"),
        withholdings=pl.DataFrame(withholdings, schema=frame_schema("withholding"), orient="row"),
        passed=sum(told.passed for told in reports),
        total=sum(told.total for told in reports),
        doubts=pl.DataFrame([row for told in reports for row in told.doubts], schema=dict.fromkeys(_DOUBT, pl.String)),
    )


def _reports(staging: Path, declared: Sequence[Checks]) -> list[Report]:
    """What is told of each edition; the file is free again afterwards."""
    try:
        stated = roundings(staging)
        source = _source(staging)
    except Exception as error:  # because a file that cannot be opened leaves every check unmade
        return [report(checks, _unmade(error)) for checks in declared]
    try:
        return [report(checks, _answers(source, checks, stated)) for checks in declared]
    finally:
        # because the file is loaded next, and DuckDB refuses a writer beside a reader
        source.get_execution_engine().close()
        source.get_engine().dispose()


def _source(staging: Path) -> Any:
    """The library's data source over the file, read-only and quiet."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    from expectations import dialect

    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context.data_sources.add_sql(  # type: ignore[call-arg]
        "staging",
        connection_string=f"{dialect.NAME}:///{staging.resolve().as_posix()}",
        kwargs={"connect_args": {"read_only": True}},
    )


def _answers(source: Any, checks: Checks, stated: Sequence[Rounding]) -> dict[str, Answer]:
    """Every question of one edition asked; the answers by check."""
    answers = {check.name: Answer() for check in CHECKS}
    asked = [(check.name, question) for check in CHECKS for question in check.questions(checks, stated)]
    try:
        results = _results(source, checks, asked)
    except Exception as error:  # because a check that cannot be asked is a finding, not a crash
        return _unmade(error)
    for (name, question), result in zip(asked, results, strict=True):
        if error_text := _raised(result):
            answers[name].errors.append(error_text)
        elif not result.success:
            _collect(question, result.result, answers[name])
    return answers


def _unmade(error: Exception) -> dict[str, Answer]:
    """Every check broken by one error."""
    told = _first_line(f"{type(error).__name__}: {error}")
    return {check.name: Answer(errors=[told]) for check in CHECKS}


def _results(source: Any, checks: Checks, asked: Sequence[tuple[str, Question]]) -> list[Any]:
    """The library's result for each question, in the order asked."""
    import great_expectations as gx
    import great_expectations.expectations as gxe

    name = f"{checks.publication} {checks.edition_id}"
    asset = source.add_query_asset(name, queries.figures_of(checks.publication, checks.edition_id))
    batch = asset.add_batch_definition_whole_table("all").get_batch()
    suite = gx.ExpectationSuite(name=name)
    for position, (check, question) in enumerate(asked):
        told: dict[str, Any] = {"description": check, "meta": {"position": position}}
        if isinstance(question, Native):
            suite.add_expectation(getattr(gxe, question.expectation)(**question.arguments, **told))
        else:
            suite.add_expectation(_rows_expected()(unexpected_rows_query=question, **told))
    found = batch.validate(suite, result_format={"result_format": "COMPLETE", "unexpected_index_column_names": _PLACE})
    # because the library answers what broke before what it could ask
    return sorted(found.results, key=lambda result: result.expectation_config.meta["position"])


@cache
def _rows_expected() -> Any:
    """The library's question in SQL, asked once: the library asks it a second time to count the rows of the answer."""
    import great_expectations.expectations as gxe

    class ExpectNoRows(gxe.UnexpectedRowsExpectation):
        metric_dependencies = ("unexpected_rows_query.table",)

        def _validate(self, metrics: dict[str, Any], *rest: Any, **named: Any) -> Any:
            # because a question is answered by one row at most, and the library brings two hundred
            count = len(metrics["unexpected_rows_query.table"])
            return super()._validate({**metrics, "unexpected_rows_query.row_count": count}, *rest, **named)

    return ExpectNoRows


def _collect(question: Question, result: Mapping[str, Any], answer: Answer) -> None:
    """The failures of one result, as records that `findings` reads."""
    if isinstance(question, Native):
        answer.failures += [
            {"reason": question.reason, "figures": [record]} for record in result["unexpected_index_list"]
        ]
        return
    for row in result["details"]["unexpected_rows"]:
        answer.failures += json.loads(row["failures"])
        answer.nesting += json.loads(row.get("nesting") or "[]")


def _raised(result: Any) -> str | None:
    """What a result says it broke on, or None."""
    told = result.exception_info or {}
    each = [told] if "raised_exception" in told else list(told.values())
    broken = [entry for entry in each if isinstance(entry, dict) and entry.get("raised_exception")]
    return _first_line(str(broken[0].get("exception_message") or "unknown error")) if broken else None


def _first_line(text: str) -> str:
    return next((line.strip().rstrip(".") for line in text.splitlines() if line.strip()), "unknown error")
