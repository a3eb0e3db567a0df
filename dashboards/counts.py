"""A count as shown: the publisher's own, or hidden, between its limits where they are known."""

from collections.abc import Mapping
from typing import Any

from dashboards import sentences as say
from pipelines.deriving.groups import BESIDE, HIDDEN, RECOVERABLE


def counted(row: Mapping[str, Any]) -> str:
    """The number of a group: as published, between its limits where the publisher hides it, or a dash."""
    if row["count"] is not None:
        return say.count(row["count"])
    if row["suppression"] not in (HIDDEN, RECOVERABLE, BESIDE):
        return "–"
    low, high = row["count_low"], row["count_high"]
    return "hidden" if low is None or high is None else f"hidden: {low:,.0f} to {high:,.0f}"
