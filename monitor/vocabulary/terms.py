"""The closed vocabularies: the only values that a status, a state, a band or a severity may have.

Makes true: every room uses the same words for what is missing, withheld or alerted, from `closed_terms.csv`.
Refuses: nothing by itself; `TERMS[field]` raises KeyError for a field that is not closed.
"""

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
