"""Which periods can be put together: of one length, apart from each other, and counted by one definition."""

import datetime as dt
from collections.abc import Iterator

import polars as pl

from pipelines.deriving.fit import Refused
from pipelines.deriving.trend import broken

PERIOD = "period"
"""The stratum that a period is, and the column that names it."""


def one_run(figures: pl.DataFrame, group: str, measure: str) -> tuple[pl.DataFrame, str]:
    """The rows of the newest periods that do not overlap, back to the first break, oldest first; and what is left out.

    `figures` have `period_start`, `period_end`, `definition_id`, `classification` and a `group`. Periods of another
    length than the newest are left out, as is what overlaps a later one. Raises `Refused` for dates, at each of which
    the same people are counted, and where one period is all there is.
    """
    defined = _defined(figures, group)
    newest, *_ = kept = [max(defined, key=lambda p: (p[1], p[0]))]
    if newest[0] == newest[1]:
        raise Refused(
            f"{measure} counts people on a day, and the same people are there at each date: dates put together would "
            "count them again. `trend` compares dates."
        )
    left = {"of another length": 0, "that overlap a later one": 0}
    why = ""
    for period in sorted(defined, key=lambda p: (p[1], p[0]), reverse=True)[1:]:
        later = kept[-1]
        if _months(period) != _months(newest):
            left["of another length"] += 1
        elif period[1] >= later[0]:
            left["that overlap a later one"] += 1
        elif why := next(_breaks(defined[period], defined[later]), ""):
            break
        else:
            kept.append(period)
    said = [f"left out are {n} {words}" for words, n in left.items() if n]
    said += [f"none before {kept[-1][0]} is. {why[:-1]}"] if why else []
    beside = f"; {'; '.join(said)}." if said else "."
    if len(kept) == 1:
        raise Refused(f"{measure}: {newest[0]} to {newest[1]} is the one period there is to put together{beside}")
    spans = pl.DataFrame(kept, schema={"period_start": pl.Date, "period_end": pl.Date}, orient="row")
    run = figures.join(spans, on=spans.columns, how="semi").sort("period_end", maintain_order=True)
    return run, f"{len(kept)} periods are put together{beside}"


def _defined(figures: pl.DataFrame, group: str) -> dict[tuple[dt.date, dt.date], dict[str, str]]:
    """How each group is counted, by period."""
    said = pl.concat_str("definition_id", "classification", separator=", ", ignore_nulls=True).unique().sort()
    found: dict[tuple[dt.date, dt.date], dict[str, str]] = {}
    for start, end, name, words in (
        figures.group_by("period_start", "period_end", group).agg(said.str.join(" and ")).sort(group).iter_rows()
    ):
        found.setdefault((start, end), {})[name] = words
    return found


def _breaks(earlier: dict[str, str], later: dict[str, str]) -> Iterator[str]:
    return (broken(n, earlier[n], now) for n, now in later.items() if n in earlier and earlier[n] != now)


def _months(period: tuple[dt.date, dt.date]) -> int:
    return round(((period[1] - period[0]).days + 1) / 30.44)
