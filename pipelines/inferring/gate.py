"""Whether an undeclared table may be shown: one rule, and the reason in words where it may not."""

from collections.abc import Sequence

import polars as pl

from monitor.declarations.table import NOT_UNDERSTOOD
from pipelines.drafting import Proposal
from pipelines.labels import RATE_AMONG_COUNTS
from pipelines.tidy import NAMED, UNWANTED, Task
from pipelines.tidy.finish import NOT_STATED

DECLARED, INFERRED = "declared", "inferred"
SHOWN, HELD_BACK = "shown", "held_back"
MUST_BE_UNDERSTOOD = frozenset({*NAMED, "period", "place"})
"""Dimensions of which no label may be left unread: a number of nobody knows whom is no number."""
MOST_NAMED = 5
_READ = (RATE_AMONG_COUNTS, UNWANTED)


def why_held_back(p: Proposal, task: Task, frame: pl.DataFrame) -> str:
    """Why a table that was read is not shown; empty where it is. `task` holds what reading it refused."""
    declared = task.declared
    if p.doubt:
        return p.doubt
    if frame.is_empty():
        return "no number in it could be given a meaning"
    lost = [label for d, label in task.refused if d in MUST_BE_UNDERSTOOD]
    if lost:
        return f"labels were not understood: {_some(lost)}"
    across = {r.why for r in task.refusals if r.columns is not None and r.why not in _READ}
    if across:
        return f"columns were not understood: {_some(sorted(across))}"
    down = {r.why for r in task.refusals if r.columns is None and r.why not in _READ}
    if down and not task.refused:
        return f"rows were not understood: {_some(sorted(down))}"
    if p.period_kind == "stock" and "events" in frame["counts"]:
        return "its periods are single days, and what happened is counted over a time"
    if declared.period_kind == NOT_UNDERSTOOD:
        return "nothing says whether its numbers are of a day or over a time; say `period_kind` in `reads`"
    if (frame["place_code"] == NOT_STATED).any():
        return "nothing says which place its numbers are of; say `place` in `reads`"
    if unclear := frame.filter(pl.col("unit") == NOT_UNDERSTOOD)["measure"].unique().sort().to_list():
        return f"what its numbers are was not understood (counts, shares or rates): {_some(unclear)}"
    return ""


def contradicted(tables: pl.DataFrame, doubts: pl.DataFrame) -> pl.DataFrame:
    """`tables` with those held back of which a check found numbers that contradict each other; `doubts` say why.

    Both name a table by publication, edition, file and id; `doubts` have a `message`.
    """
    key = ["publication", "edition_id", "artefact_sha256", "table_id"]
    first = doubts.group_by(key, maintain_order=True).agg(pl.col("message").first())
    found = tables.join(first, on=key, how="left", maintain_order="left")
    doubted = pl.col("message").is_not_null() & (pl.col("layout") == INFERRED)
    return found.with_columns(
        state=pl.when(doubted).then(pl.lit(HELD_BACK)).otherwise("state"),
        reason=pl.when(doubted).then(pl.col("message")).otherwise("reason"),
    ).drop("message")


def _some(words: Sequence[str]) -> str:
    named = list(dict.fromkeys(w.strip() or "(empty)" for w in words))
    more = f"; and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    return "; ".join(named[:MOST_NAMED]) + more
