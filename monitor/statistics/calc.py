"""Rate, ratio and every interval for counts typed in, or for rows of a table of counts; None where undefined."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from monitor.statistics import rates
from monitor.statistics.arrays import Limits, Values
from monitor.statistics.bands import band
from monitor.statistics.intervals import (
    CONDITIONAL,
    SCORE,
    WILSON,
    poisson_rate,
    poisson_ratio_exact,
    rate_method,
    score_ratio,
    wilson,
)
from monitor.statistics.verdict import LOW, reliability, verdict

KINDS = ("population", "stage")
KEYS = (
    "rate", "rate_low", "rate_high", "ratio", "ratio_low", "ratio_high", "ratio_low_998", "ratio_high_998",
    "interval_method", "gap_points", "verdict", "band",
)  # fmt: skip
LARGEST = 1e12
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?([eE][+-]?\d+)?|[+-]?\.\d+")


class InvalidCounts(ValueError):
    """Counts from which no rate or ratio can be worked out; the message says which, why and what to do."""


def calc(
    count: object, base: object, ref_count: object = None, ref_base: object = None, kind: str = "population"
) -> dict[str, Any]:
    """Rate of count / base and, with a reference, its ratio to ref_count / ref_base; None where undefined.

    Keys: `rate, rate_low, rate_high` (fractions, 95%), `ratio, ratio_low, ratio_high` (95%), `ratio_low_998,
    ratio_high_998` (99.8%), `interval_method` (of the ratio, or of the rate when there is no reference),
    `gap_points` (difference of the two rates in percentage points), `verdict` (more, less, same, too few, or that it
    depends on the interval), and of a stage `band`.

    `kind` is "population" (events among residents: Garwood or Byar, and exact conditional) or "stage" (events are a
    subset of the stage before: Wilson, and Miettinen-Nurminen). A population base may be fractional; nothing else may.
    With no events in the reference `ratio` and its upper limits are None. Raises InvalidCounts.
    """
    row = {"count": count, "base": base, "ref_count": ref_count, "ref_base": ref_base, "kind": kind}
    return _worked_out([_checked(row)])[0]


def calc_rows(rows: Iterable[Mapping[str, object]], lines: Iterable[int] | None = None) -> list[dict[str, Any]]:
    """`calc` for many rows with keys count, base, ref_count, ref_base, kind; the last three may be left out.

    Worked out together, in the order given; one wrong row takes no other with it. Each answer has, before the keys
    of `calc`, `line` (from `lines`, else counted from 1), `status` (`shown` or `withheld`) and `reason`: why a row is
    withheld and every number of it None, or why a row that is shown has no ratio.
    """
    given = list(rows)
    checked: list[_Checked] = []
    refused: dict[int, str] = {}
    for number, row in enumerate(given):
        try:
            checked.append(_checked(row))
        except InvalidCounts as refusal:
            refused[number] = str(refusal)
    worked_out = iter(_worked_out(checked))
    numbered = enumerate(range(1, len(given) + 1) if lines is None else lines)
    answers = []
    for number, line in numbered:
        found = dict.fromkeys(KEYS) if number in refused else next(worked_out)
        status, why = (
            ("withheld", refused[number]) if number in refused else ("shown", _without_ratio(given[number], found))
        )
        answers.append({"line": line, "status": status, "reason": why, **found})
    return answers


def _without_ratio(row: Mapping[str, object], found: Mapping[str, Any]) -> str | None:
    if found["ratio"] is not None:
        return None
    if _blank(row.get("ref_base")):
        return "No reference is given, so there is a rate and no ratio."
    return "The reference has no events, so the ratio is undefined; its lower limit is not."


_Checked = tuple[str, float, float, float, float]


def _checked(row: Mapping[str, object]) -> _Checked:
    kind = str(row.get("kind") or "population").strip().lower()
    if kind not in KINDS:
        raise InvalidCounts(f"The kind must be population or stage; found {kind!r}.")
    stage = kind == "stage"
    count, base = _pair(row, "count", "base", stage)
    if _blank(row.get("ref_count")) and _blank(row.get("ref_base")):
        return kind, count, base, math.nan, math.nan
    ref_count, ref_base = _pair(row, "ref_count", "ref_base", stage)
    return kind, count, base, ref_count, ref_base


def _pair(row: Mapping[str, object], count_name: str, base_name: str, stage: bool) -> tuple[float, float]:
    count, base = _number(row.get(count_name), count_name), _number(row.get(base_name), base_name)
    if count < 0:
        raise InvalidCounts(f"The {count_name} must be 0 or more; found {count:,.12g}. Check its sign.")
    if count != int(count):
        raise InvalidCounts(
            f"The {count_name} must be a whole number of people or events; found {count:,.12g}. "
            "Give the count itself, not a rate, a share or a weighted estimate."
        )
    if base <= 0:
        raise InvalidCounts(f"The {base_name} must be above 0; found {base:,.12g}. There is no rate of nobody.")
    if stage and base != int(base):
        raise InvalidCounts(
            f"The {base_name} of a stage must be a whole number of people or events; found {base:,.12g}."
        )
    if stage and count > base:
        raise InvalidCounts(
            f"The {count_name} ({count:,.12g}) is above the {base_name} ({base:,.12g}) it is part of. "
            "If the base is a population, use the kind population."
        )
    return count, base


def _number(value: object, name: str) -> float:
    if _blank(value):
        raise InvalidCounts(f"The {name} is missing. Give a number; a hidden or missing count is not a zero.")
    if isinstance(value, str):
        text = value.strip()
        number = float(text.replace(",", "")) if _NUMBER.fullmatch(text) else math.nan
    else:
        try:
            number = math.nan if isinstance(value, (bool, np.bool_)) else float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError):
            number = math.nan
    if not math.isfinite(number):
        raise InvalidCounts(f"The {name} must be a number; found {value!r}.")
    if abs(number) > LARGEST:
        raise InvalidCounts(
            f"The {name} must be a number of people or events; {number:,.12g} is more than there can be."
        )
    return number


def _blank(value: object) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, (float, np.floating)) and math.isnan(value))


def _worked_out(rows: list[_Checked]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [{} for _ in rows]
    for kind in KINDS:
        at = [i for i, row in enumerate(rows) if row[0] == kind]
        if at:
            table = np.array([rows[i][1:] for i in at], dtype=np.float64)
            for i, row in zip(at, _batch(kind, table), strict=True):
                found[i] = row
    return found


def _batch(kind: str, table: Values) -> list[dict[str, Any]]:
    count, base, ref_count, ref_base = table.T
    alone = np.isnan(ref_base)
    rate, (rate_low, rate_high), method, limits = rates.rate(count, base), *_methods(kind, count, base)
    ratio = rates.ratio(count, base, ref_count, ref_base)
    low, high = limits(count, base, ref_count, ref_base, 0.95)
    low_998, high_998 = limits(count, base, ref_count, ref_base, 0.998)
    gap = rates.gap_points(rate, rates.rate(ref_count, ref_base))
    named = np.where(alone, method, CONDITIONAL if kind == "population" else SCORE)
    few = [reliability((x, n), (y, m), of_a_stage=kind == "stage") == LOW for x, n, y, m in table.tolist()]
    said = [
        None if math.isnan(a) else verdict((a, b), {}, few=f).verdict for a, b, f in zip(low, high, few, strict=True)
    ]
    bands = band(ratio, low, high) if kind == "stage" else np.full(low.shape, None, dtype=object)
    numbers = (rate, rate_low, rate_high, ratio, low, high, low_998, high_998, named, gap, said, bands)
    return [dict(zip(KEYS, map(_plain, row), strict=True)) for row in zip(*numbers, strict=True)]


def _methods(kind: str, count: Values, base: Values) -> tuple[Limits, Any, Any]:
    if kind == "stage":
        return wilson(count, base), WILSON, score_ratio
    _, low, high = poisson_rate(count, base)
    return (low, high), rate_method(count), poisson_ratio_exact


def _plain(value: Any) -> float | str | None:
    if value is None or isinstance(value, str):
        return None if value is None else str(value)
    return float(value) if math.isfinite(value) else None
