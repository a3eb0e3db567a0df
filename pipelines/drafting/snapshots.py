"""Single days are stocks, and an undated column beside dated ones is a total over them only where it is their sum."""

from collections.abc import Sequence
from itertools import pairwise

from monitor.vocabulary import Period


def are_stocks(periods: Sequence[Period]) -> bool:
    """Whether every period is one day: a snapshot, which is never a flow."""
    return bool(periods) and all(period.start == period.end for period in periods)


def spanning_total(
    periods: Sequence[Period | None], values: Sequence[Sequence[float | None]], step: float = 0.0
) -> Period | None:
    """The period of the one undated column: from the first dated one's start to the last one's end; None in doubt.

    `values` has a row of the table in each item, in the order of `periods`; it must hold in every row whose values are
    all known, and one of them must have two numbers that are not 0. Days are never summed, and years that overlap are
    not either. `step` is what figures are rounded to.
    """
    undated = [i for i, period in enumerate(periods) if period is None]
    dated = sorted((p for p in periods if p is not None), key=lambda p: p.start)
    if len(undated) != 1 or len(dated) < 2 or any(p.start == p.end for p in dated):
        return None
    if any(later.start <= earlier.end for earlier, later in pairwise(dated)):
        return None
    told = 0
    for row in values:
        parts = [value for i, value in enumerate(row) if i != undated[0]]
        whole = row[undated[0]]
        known = [part for part in parts if part is not None]
        if whole is None or len(known) < len(parts):
            continue
        if abs(whole - sum(known)) > step / 2 * (len(parts) + 1) + 1e-6:
            return None
        told += sum(part != 0 for part in known) > 1
    first, last = dated[0], dated[-1]
    return Period(first.start, last.end, "flow", f"{first.label} to {last.label}") if told else None
