"""The closed vocabularies of `closed_terms.csv`: the only values that a status, a state or a severity may have."""

from dataclasses import dataclass

from monitor.vocabulary.tables import rows

_ROWS = rows("closed_terms.csv")

TERMS: dict[str, tuple[str, ...]] = {
    field: tuple(row["value"] for row in _ROWS if row["field"] == field)
    for field in dict.fromkeys(row["field"] for row in _ROWS)
}
"""Allowed values by field: figure_status, figure_flag, check_state, check_severity, disparity_status,
disparity_band, gap_state, gap_confidence, alert_severity, alert_state.
"""

GAP_CODES: dict[str, str] = {row["value"]: row["code"] for row in _ROWS if row["field"] == "gap_state" and row["code"]}
"""The two-letter code of each gap state that has one (`overdue` is `OD`)."""


@dataclass(frozen=True)
class Licence:
    """A licence that figures are published under: its name, the attribution it asks for, and where it stands."""

    name: str
    sentence: str
    address: str


LICENCES: dict[str, Licence] = {
    row["name"]: Licence(row["name"], row["sentence"], row["address"]) for row in rows("licences.csv")
}
"""Licences by name."""
OPEN_GOVERNMENT_LICENCE = next(iter(LICENCES.values()))
"""The licence of United Kingdom official statistics."""
