"""Whether a baseline may be used for a measure, and how well it fits, in words."""

import datetime as dt
import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from monitor.declarations import Baseline, Fit, Measure
from pipelines.deriving.residents import ALL, NAMED, SYSTEM


class Refused(Exception):
    """A disparity that must not be computed as asked: says why, and what to ask instead."""


@dataclass(frozen=True)
class Request:
    """What a reader asks; what is left out is the measure's own. `within` crosses, `standard` names a population."""

    characteristic: str = "ethnicity"
    baseline: str | None = None
    reference: str | None = None
    sex: str = ALL
    period: tuple[dt.date, dt.date] | dt.date | str | None = None
    every_period: bool = False
    within: tuple[tuple[str, str], ...] = ()
    standard: str | None = None

    @property
    def held(self) -> dict[str, str]:
        """The category of each other characteristic within which groups are compared; sex is one of them."""
        return ({} if self.sex == ALL else {"sex": self.sex}) | dict(self.within)


def within_words(within: Iterable[tuple[str, str]]) -> str | None:
    """The categories of other characteristics, sex apart, as a row says them: `age 18-20; religion Muslim`."""
    return "; ".join(f"{c} {name}" for c, name in sorted(within) if c != "sex") or None


def within_of(words: str | None) -> tuple[tuple[str, str], ...]:
    """The categories that `within_words` wrote."""
    return tuple((m[1], m[2]) for m in _WITHIN.finditer(words or ""))


_ANY = "|".join(NAMED)
_WITHIN = re.compile(rf"(?:^|; )({_ANY}) (.+?)(?=; (?:{_ANY}) |$)")


def fit_for(measure: Measure, request: Request, baselines: Mapping[str, Baseline]) -> tuple[Fit, Baseline] | None:
    """The declared fit and baseline, None where none is declared for the characteristic. Raises `Refused`."""
    suited = [f for f in measure.fit if request.characteristic in f.characteristics]
    if request.baseline is None:
        chosen = leading_fit(measure, request.characteristic)
        if chosen is None:
            return None
    else:
        if request.baseline not in baselines:
            raise Refused(f"no baseline is called {request.baseline!r}; declared: {', '.join(sorted(baselines))}.")
        chosen = next((f for f in suited if f.baseline == request.baseline), None)
        if chosen is None:
            raise Refused(
                f"{measure.id} by {request.characteristic} declares no fit for {request.baseline}; "
                f"it declares {', '.join(f.baseline for f in suited) or 'none'}. "
                "A comparison nobody has argued for is not made."
            )
    baseline = baselines[chosen.baseline]
    if "sex" in request.held and request.characteristic not in baseline.by_sex:
        having = [f.baseline for f in suited if request.characteristic in baselines[f.baseline].by_sex]
        raise Refused(
            f"{baseline.id} has no residents by sex and {request.characteristic}, so rates for {request.held['sex']} "
            f"people cannot be computed on it; "
            + (f"use --baseline {having[0]}." if having else "no declared baseline has them.")
        )
    ages = (measure.age_from, measure.age_to) != (baseline.age_from, baseline.age_to)
    if ages and request.characteristic != "age" and "ages" not in chosen.allows:
        raise Refused(
            f"{measure.id} on {baseline.id}: ages differ (figures cover ages {_ages(measure)}, residents "
            f"{_ages(baseline)}) and the measure's fit does not allow it. "
            "Declare it with its size and sentence, or choose another baseline."
        )
    return chosen, baseline


def leading_fit(measure: Measure, characteristic: str, held: Container[str] | None = None) -> Fit | None:
    """The fit a measure leads with by a characteristic (its default, else its first), of baselines `held` if given."""
    fits = [f for f in measure.fit if characteristic in f.characteristics and (held is None or f.baseline in held)]
    return next((f for f in fits if f.default), fits[0] if fits else None)


def unfit(fit: Fit | None, baseline: Baseline | None, figure: Mapping[str, Any]) -> tuple[str, str] | None:
    """Why residents of a baseline must not be used at a figure's date: a status and its reason, or None."""
    if fit is None or baseline is None:
        return None
    end = figure["period_end"]
    if figure["place_code"] != baseline.place and "place" not in fit.allows:
        return "refused", (
            f"Places differ (figures are for {figure['place_code']}, residents for {baseline.place}) and the "
            "measure's fit does not allow it; declare it, or choose another baseline."
        )
    if (fit.since is not None and end < fit.since) or (fit.until is not None and end > fit.until):
        return "withheld", (
            f"{baseline.id} is declared for {fit.since or 'the first date'} to {fit.until or 'the last date'} only; "
            "counts and shares are shown."
        )
    counted = baseline.date
    if counted is None and baseline.between is None:
        return None  # because a stage before is counted over the same period, by the same publisher
    if counted is not None and "period" not in fit.allows and not figure["period_start"] <= counted <= end:
        return "refused", (
            f"Periods differ ({_apart(baseline, counted, end) or 'figures and residents are of other dates'}) and the "
            "measure's fit does not allow it; declare it, or choose another baseline."
        )
    kinds = {figure["identification"], baseline.identification}
    if "identification" not in fit.allows and "not_applicable" not in kinds and len(kinds) > 1:
        return "refused", (
            f"Ethnicity is {figure['identification']}-identified among those counted and {baseline.identification}-"
            "identified among residents, and the measure's fit does not allow it."
        )
    return None


def _ages(of: Measure | Baseline) -> str:
    if of.age_from is None and of.age_to is None:
        return "all"
    return f"{of.age_from or 0} to {of.age_to}" if of.age_to is not None else f"{of.age_from} and over"


def _apart(baseline: Baseline, counted: dt.date | None, figures_on: dt.date) -> str:
    """How long before or after the figures a baseline's people were counted; empty within a month."""
    if counted is None:
        return ""
    months = (figures_on.year - counted.year) * 12 + figures_on.month - counted.month
    if months > 0 and figures_on.day < counted.day:
        months -= 1
    if not months:
        return ""
    return f"{baseline.population} are counted {abs(months)} months {'earlier' if months > 0 else 'later'}"


def sizes(fit: Fit | None, numerators: pl.DataFrame) -> dict[tuple[dt.date, str], tuple[float, float]]:
    """The group by which an approximation errs, and the total, at each date and counting system."""
    if fit is None or fit.size is None:
        return {}
    named, wanted = fit.size.characteristic, fit.size.category
    plain = numerators.filter(
        (pl.col("circumstances") == "{}") & pl.all_horizontal(pl.col(d) == ALL for d in NAMED if d != named)
    ).with_columns(SYSTEM)
    part = plain.filter(pl.col(named) == wanted)
    total = plain.filter(pl.col(named) == ALL)
    part, total = (frame.filter(pl.col("status") == "published") for frame in (part, total))
    totals = {(e, s): v for e, s, v in total.select("period_end", "system", "value").iter_rows()}
    return {
        (e, s): (v, totals[(e, s)])
        for e, s, v in part.select("period_end", "system", "value").iter_rows()
        if totals.get((e, s))
    }


def sentence(
    fit: Fit | None,
    baseline: Baseline | None,
    on: dt.date,
    size: tuple[float, float] | None,
    counted: dt.date | None = None,
) -> str | None:
    """How the baseline fits, in words, with the size of what does not fit at this date.

    `counted` is when its people were counted, where that is no day of the baseline's own.
    """
    if fit is None or baseline is None:
        return None
    said = fit.sentence
    if size is not None:
        said += f" (includes {size[0]:,.0f} people, {100 * size[0] / size[1]:.1f}%)"
    apart = _apart(baseline, counted or baseline.date, on)
    return f"{said}; {apart}." if apart else f"{said}."
