"""People of several places together, where some of their numbers are hidden."""

from collections.abc import Sequence

import polars as pl

from pipelines.deriving.residents import ALL


def share_together(places: Sequence[pl.DataFrame], category: str) -> tuple[float, float] | None:
    """The least and the most that the share of a group in several places together can be; equal where none is hidden.

    `places` are disparities of one period, a frame a place. None where everyone in a place, or a limit, is not known.
    """
    low = high = everyone = 0.0
    for place in places:
        total = place.filter(category=ALL)["count"].to_list()
        if not total or total[0] is None:
            return None
        everyone += total[0]
        for row in place.filter(category=category).iter_rows(named=True):
            shown = row["count"]
            limits = (row["count_low"], row["count_high"]) if shown is None else (shown, shown)
            if None in limits:
                return None
            low, high = low + limits[0], high + limits[1]
    return (low / everyone, high / everyone) if everyone else None
