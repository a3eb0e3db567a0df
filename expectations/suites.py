"""What is asked of a publication: the same eight checks of each, one record a check."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from expectations import queries
from expectations.records import Checks
from expectations.rounding import Rounding
from monitor.vocabulary import CHARACTERISTICS, TERMS


@dataclass(frozen=True)
class Native:
    """A question the library knows: the name of its expectation, its arguments, what a failure means."""

    expectation: str
    arguments: dict[str, Any]
    reason: str


Question = str | Native
"""A question in SQL, whose one row has all failures as JSON, or one that the library knows."""


@dataclass(frozen=True)
class Check:
    """A check by name: how grave a failure is on its own, what is asked of an edition and the rounding it states, and
    what to do where our reading, not the publisher, is the likelier cause.
    """

    name: str
    severity: str
    questions: Callable[[Checks, Sequence[Rounding]], Sequence[Question]]
    remedy: str = ""


def _sum(name: str, checks: Checks, roundings: Sequence[Rounding]) -> Sequence[Question]:
    return [queries.sums(checks, name, roundings)]


def _not_null(column: str, reason: str) -> Native:
    return Native("ExpectColumnValuesToNotBeNull", {"column": column}, reason)


_STATUSES = list(TERMS["figure_status"])

CHECKS = (
    *(Check(name, "warning", partial(_sum, name)) for name in queries.WHOLES),
    Check("tables_agree", "warning", lambda checks, roundings: [queries.disagreements(checks, roundings)]),
    Check(
        "keys_unique",
        "critical",
        lambda checks, roundings: [
            queries.repeated_keys(),
            Native("ExpectColumnValuesToBeUnique", {"column": "observation_id"}, "seen twice"),
            _not_null("figure_id", "no figure_id"),
        ],
        "A label or a block of the sheet was probably read wrongly: compare these cells with the sheet and correct the "
        "declaration or the vocabulary.",
    ),
    Check(
        "categories_known",
        "warning",
        lambda checks, roundings: [
            queries.unknown_categories(checks),
            *(_not_null(c.id, f"no category of {c.id}") for c in CHARACTERISTICS),
        ],
        "Add the label to the vocabulary, or correct the declaration of this table.",
    ),
    Check(
        "value_matches_status",
        "warning",
        lambda checks, roundings: [
            Native(
                "ExpectColumnValuesToBeInSet",
                {"column": "status", "value_set": _STATUSES},
                f"a status that is not one of {', '.join(_STATUSES)}",
            ),
            _not_null("status", "no status"),
            queries.incoherent_values(),
        ],
        "Look at these cells, and at the symbols declared for this publication.",
    ),
    Check(
        "periods_inside_edition",
        "warning",
        lambda checks, roundings: [_not_null("period_end", "no period"), queries.implausible_periods(checks)],
        "Look at the headers of these cells; if the sheet says so, ask the publisher, else correct the periods "
        "declared for this table.",
    ),
)
"""In the order they are reported. The sums become critical where another table contradicts the total too."""
