"""What is asked of a publication, as data: the same eight questions of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from expectations import queries
from expectations.records import Checks
from expectations.rounding import Rounding
from monitor.vocabulary import CHARACTERISTICS, TERMS


@dataclass(frozen=True)
class Check:
    """A question by name, and how grave a failure is on its own."""

    name: str
    severity: str


CHECKS = (
    Check("parts_sum_to_total", "warning"),
    Check("children_sum_to_parent", "warning"),
    Check("sexes_sum_to_both", "warning"),
    Check("tables_agree", "warning"),
    Check("keys_unique", "critical"),
    Check("categories_known", "warning"),
    Check("value_matches_status", "warning"),
    Check("periods_inside_edition", "warning"),
)
"""In the order they are reported. The sums become critical where another table contradicts the total too."""

SUMS = tuple(queries.WHOLES)
"""The checks that add parts up."""


@dataclass(frozen=True)
class Rows:
    """A question in SQL: one row with all failures as JSON, or no row."""

    check: str
    query: str


@dataclass(frozen=True)
class Native:
    """A question the library knows: the name of its expectation, its arguments, what a failure means."""

    check: str
    expectation: str
    arguments: dict[str, Any]
    reason: str


def questions(checks: Checks, roundings: Sequence[Rounding] = ()) -> Iterator[Rows | Native]:
    """Everything that is asked of one edition, about a dozen of queries whatever its size."""
    for check in SUMS:
        yield Rows(check, queries.sums(checks, check, roundings))
    yield Rows("tables_agree", queries.disagreements(checks, roundings))
    yield Rows("keys_unique", queries.repeated_keys())
    yield Native("keys_unique", "ExpectColumnValuesToBeUnique", {"column": "observation_id"}, "seen twice")
    yield _not_null("keys_unique", "figure_id", "no figure_id")
    yield Rows("categories_known", queries.unknown_categories(checks))
    for characteristic in CHARACTERISTICS:
        yield _not_null("categories_known", characteristic.id, f"no category of {characteristic.id}")
    statuses = list(TERMS["figure_status"])
    yield Native(
        "value_matches_status",
        "ExpectColumnValuesToBeInSet",
        {"column": "status", "value_set": statuses},
        f"a status that is not one of {', '.join(statuses)}",
    )
    yield _not_null("value_matches_status", "status", "no status")
    yield Rows("value_matches_status", queries.incoherent_values())
    yield _not_null("periods_inside_edition", "period_end", "no period")
    yield Rows("periods_inside_edition", queries.implausible_periods(checks))


def _not_null(check: str, column: str, reason: str) -> Native:
    return Native(check, "ExpectColumnValuesToNotBeNull", {"column": column}, reason)
