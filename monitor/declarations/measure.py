"""A disparity, the stages it stands in, and ratios kept as their publisher printed them."""

import datetime as dt
from typing import Annotated, Literal, Self

import pydantic

from monitor.declarations.baseline import Baseline
from monitor.declarations.record import Record


class Size(Record):
    """The group by which an approximation errs, so that its size can be counted at each date."""

    characteristic: str
    category: str


class Fit(Record):
    """How well a baseline fits a measure: exact, or an approximation named, sized and put in a sentence."""

    baseline: str
    characteristics: tuple[str, ...]
    default: bool = False
    allows: tuple[Literal["place", "period", "ages", "classification", "identification"], ...] = ()
    since: Annotated[dt.date | None, pydantic.Field(alias="from")] = None
    until: dt.date | None = None
    sentence: str = "exact"
    size: Size | None = None


class Regroup(Record):
    """The residents whom a published group stands for, where its name and the baseline's do not say the same."""

    characteristic: str = "ethnicity"
    category: str
    members: tuple[str, ...]
    baselines: tuple[str, ...] = ()
    since: Annotated[dt.date | None, pydantic.Field(alias="from")] = None
    until: dt.date | None = None
    reason: str


class Exclude(Record):
    """A place that the numerator does not count, taken out of the denominator."""

    place: str
    baselines: tuple[str, ...] = ()
    reason: str

    def of(self, baseline: Baseline) -> bool:
        """Whether the place is taken out of this baseline."""
        return not self.baselines or baseline.id in self.baselines


class Exposure(Record):
    """The people over whom events of a stratum are counted: another table's, on the day before the period, on that of
    its end too for their `mean`. `within` says as which column or circumstance each stratum stands there.
    """

    id: str
    publication: str
    measure: str
    table: dict[str, str]
    within: dict[str, str]
    day: Literal["start", "mean"] = "start"
    sentence: str


class Strata(Record):
    """Within what groups can be compared: tables without totals, where a row that is not there is a count of none.

    `within` says as which column or circumstance each stratum stands; `cluster` is the one whose events are alike;
    `counted` are circumstances to count beside each other, by what they are called. In place of the base stand an
    `exposure`, or the residents of a `fit` where each stratum is a place; `places` are those (or their kinds) counted.
    """

    table: dict[str, str]
    within: dict[str, str]
    cluster: str = ""
    counted: dict[str, dict[str, str]] = {}
    exposure: Exposure | None = None
    fit: Fit | None = None
    places: tuple[str, ...] = ()
    caution: str

    @pydantic.model_validator(mode="after")
    def _names_that_are_there(self) -> Self:
        having = self.exposure.within if self.exposure else self.within
        for name in (*self.within, *filter(None, [self.cluster])):
            if name not in self.within or name not in having:
                raise ValueError(f"expected {name!r} in `within` of the strata and of their exposure; found it in one")
        return self


class Measure(Record):
    """A disparity: which table speaks for it, over which population, against which reference group.

    `kind` says what the denominator is: `population`, of whom a few are counted, or `stage`, of which those
    counted are a subset; it decides the intervals. `baseline` are previous stages that only this measure uses.
    `scope` is what everyone counted is (`{ sex = "female" }`), where the table says nothing of anybody else.
    `local` says of which kind of place each is a question of its own, never one table of all of them.
    `adverse` says that people would wish to avoid what is counted, so that the group with the lowest rate is a goal.
    `layout` says whether a person declared it or it is what a table shows; `uncompared` why no ratio is made of it.
    `also` names further groups to compare with, `adjust` the characteristics whose rates are also given as they
    would be at equal ages. `strata` say within what they can be compared and pooled.
    """

    id: str
    title: str
    question: str
    publication: str
    figures: str
    table: dict[str, tuple[str, ...]]
    kind: Literal["population", "stage"] = "population"
    counts: Literal["people", "events"] = "people"
    adverse: bool = False
    verb: str
    per: float = 100_000
    age_from: int | None = None
    age_to: int | None = None
    circumstances: dict[str, str] = {}
    scope: dict[str, str] = {}
    reference: dict[str, str] = {}
    also: dict[str, tuple[str, ...]] = {}
    adjust: tuple[str, ...] = ()
    baseline: tuple[Baseline, ...] = ()
    fit: tuple[Fit, ...] = ()
    regroup: tuple[Regroup, ...] = ()
    exclude: tuple[Exclude, ...] = ()
    strata: tuple[Strata, ...] = ()
    caution: str = ""
    order: int = 100
    sum_over: tuple[str, ...] = ()
    local: Literal["", "prison", "probation_region"] = ""
    layout: Literal["declared", "inferred"] = "declared"
    uncompared: str = ""
    author: str
    checker: str = ""
    review: dt.date


class Stage(Record):
    """A stage of the way through the justice system: the measures that speak for it, or why none does.

    `population` compares those counted with everyone, `previous` with the stage before; `missing` and
    `missing_previous` name the gap in its place.
    """

    id: str
    title: str
    population: str = ""
    previous: str = ""
    missing: str = ""
    missing_previous: str = ""

    @pydantic.model_validator(mode="after")
    def _a_measure_or_a_gap(self) -> Self:
        for measure, gap in (("population", "missing"), ("previous", "missing_previous")):
            if bool(getattr(self, measure)) == bool(getattr(self, gap)):
                raise ValueError(f"expected {measure} or {gap}, and not both; a stage is a value or a named gap")
        return self


class Journey(Record):
    """The stages in order."""

    stage: tuple[Stage, ...]


class PublishedRatio(Record):
    """A ratio printed without its counts: kept as printed with its significance `mark`, never recomputed."""

    stage: str
    decision: str
    title: str
    table: str
    period: str
    characteristic: str
    category: str
    reference: str
    ratio: float
    mark: str
    publisher: str
    publication_title: str
    source: str
