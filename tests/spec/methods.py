"""The methods as a specification: what each number is, its formula and source, and worked examples with an oracle.

`test_methods.py` works every example out and compares it with the oracle named; `tests/docs/methods_page.py` writes
docs/methods.md and the site's page from the same entries. A page can therefore say nothing that was not tested, and
nothing is tested that the page does not say.
"""

import math
import statistics
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl
import statsmodels.api as sm
from scipy import optimize, stats
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from dashboards.sentences import WORDS
from monitor.settings import UNKNOWN_NOTED, UNKNOWN_WITHHELD
from monitor.statistics import bands, bounds, comparison, intervals, rates, standardisation, stratified, summary
from monitor.statistics.between import between
from monitor.statistics.clustered import LEAST_CLUSTERS, delete_one
from monitor.statistics.decomposition import decomposed
from monitor.statistics.disclosure import Sum, Table
from monitor.statistics.funnel import LEAST_PLACES, TAIL, funnel, overdispersion
from monitor.statistics.nested import disjoint, of_the_whole
from monitor.statistics.simulated import FEWEST_EXPECTED
from monitor.statistics.standardisation import MINIMUM_EVENTS
from monitor.statistics.verdict import FEW, FEWEST_PEOPLE, SAME_WITHIN, SOME, Range, verdict
from pipelines.deriving.judging import FEWEST
from pipelines.deriving.of_the_time import YEARS_BEYOND
from pipelines.deriving.pooling import DIFFERENT, LEAST_EXPECTED
from pipelines.deriving.sensitivity import TO_REFERENCE, choices_of
from tests.benchmarks.coverage import EXCEPTIONS
from tests.benchmarks.simulated import DRAWS, SIMULATED
from tests.benchmarks.summaries import COVERAGE, REPEATS
from tests.margins import margin


@dataclass(frozen=True)
class Example:
    """Counts in words, what we make of them, and the same by somebody else's hand or program."""

    said: str
    found: Callable[[], tuple[float | str, ...]]
    told: Callable[[], tuple[float | str, ...]]
    oracle: str
    close: float = 1e-9


@dataclass(frozen=True)
class Method:
    """One number that is shown: what it is, how it is computed, where that is from, and what it is not."""

    id: str
    title: str
    words: tuple[str, ...]
    formula: str = ""
    source: str = ""
    examples: tuple[Example, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    commands: tuple[str, ...] = ()


def _conditional(a: int, n: int, b: int, m: int) -> tuple[float, float]:
    p = stats.binomtest(a, a + b).proportion_ci(0.95, "exact")
    return p.low / (1 - p.low) * m / n, p.high / (1 - p.high) * m / n


def _byar(count: int, sign: int) -> float:
    """Byar's lower (-1) or upper (1) limit of a count."""
    events = count + (sign == 1)
    return events * (1 - 1 / (9 * events) + sign * float(stats.norm.ppf(0.975)) / (3 * math.sqrt(events))) ** 3


def _floats(values: object) -> tuple[float, ...]:
    return tuple(float(v) for v in np.asarray(values).ravel())


def _verdict(interval: Range, beside: dict[str, Range]) -> tuple[str, ...]:
    found = verdict(interval, beside)
    return (found.verdict, *found.depends_on)


def _moved(ratio: float, interval: Range, end: float) -> tuple[float | str, ...]:
    """The limits and direction of a disparity were all its unknown people in the reference."""
    about = dict.fromkeys(("baseline", "reference", "reason", "census_low", "census_high", "interval_method"))
    bounds = {"bound_low": end, "bound_high": None, "status": "shown", "counts": "people"}
    row = {**about, **bounds, "ratio": ratio, "ratio_low": interval[0], "ratio_high": interval[1]}
    found = next(c for c in choices_of(row) if c["case"] == TO_REFERENCE)
    return found["low"], found["high"], found["direction"]


def _share_of_the_whole(x: int, n: int, y: int, m: int) -> tuple[float, float]:
    """Limits of the group's share of the whole's events, over its share of the people."""
    p = stats.binomtest(x, y).proportion_ci(0.95, "exact")
    return p.low * m / n, p.high * m / n


def exceptions() -> tuple[tuple[str, ...], ...]:
    """The printed table of coverage outside 94.5% to 96.5%: each pair of groups once, the least covered first."""
    found = pl.read_csv(EXCEPTIONS).filter(
        (pl.col("p") * 1e6 + pl.col("n")) <= (pl.col("ref_p") * 1e6 + pl.col("ref_n"))
    )
    rows = [("share", "people", "other share", "other people", "coverage", "fewest expected")]
    for r in found.sort("coverage", "p", "n").iter_rows(named=True):
        rows.append(
            (
                f"{r['p']:g}",
                f"{r['n']:,}",
                f"{r['ref_p']:g}",
                f"{r['ref_n']:,}",
                f"{100 * r['coverage']:.1f}%",
                f"{r['expected_smallest']:g}",
            )
        )
    return tuple(rows)


def covered() -> tuple[tuple[str, ...], ...]:
    """The printed table of how often each kind of limits holds the truth."""
    rows = [("limits", "truth", "coverage")]
    for r in pl.read_csv(SIMULATED).iter_rows(named=True):
        rows.append((r["limits"], r["truth"], f"{100 * r['coverage']:.1f}%"))
    return tuple(rows)


def of_summaries() -> tuple[tuple[str, ...], ...]:
    """The printed table of how often the limits of summary measures hold the truth: the least and the most of each."""
    rows = [("truth", "limits given", "least", "measure", "most")]
    for of in pl.read_csv(COVERAGE).sort("coverage").partition_by("truth", maintain_order=True):
        least, most = of.row(0, named=True), of.row(-1, named=True)
        share = [f"{100 * value:.1f}%" for value in (least["shown"], least["coverage"], most["coverage"])]
        rows.append(
            (least["truth"], share[0], share[1], WORDS["summary"][least["measure"]].partition(":")[0], share[2])
        )
    return tuple(rows)


OTHER_CUSTODY = 26, 304, 645, 11111
STRATA = (40, 12, 9), (100, 40, 20), (90, 50, 30), (150, 120, 90)
"""Three strata: counted and of how many, of a group and of the reference."""
TWENTY = range(1, 21), [100] * 20, [5] * 20, [100] * 20
STRATIFIED = StratifiedTable([np.array([[a, n - a], [b, m - b]]) for a, n, b, m in zip(*STRATA, strict=True)])


def _jackknife() -> tuple[float, ...]:
    """Twenty clusters of 1 to 20 events among 100 and of 5 among 100: the ratio and its limits, one loop."""
    logs = [math.log((210 - k) / 95) for k in range(1, 21)]
    error = math.sqrt(19 / 20 * sum((v - sum(logs) / 20) ** 2 for v in logs))
    step = float(stats.t.ppf(0.975, 19)) * error
    return 2.1 * math.exp(-step), 2.1 * math.exp(step)


_BY_SEX = [Sum(frozenset(p), w) for p, w in (((0, 2), 4), ((1, 3), 5), ((0, 1), 6), ((2, 3), 7))]
_HIDDEN_BY_SEX = Table(_BY_SEX, {4: 15.0, 5: 49.0, 6: 21.0, 7: 43.0})
_HIDDEN_BY_SEX_OF = {0: 8.0, 1: 13.0, 2: 7.0, 3: 36.0, 4: 1e6, 5: 1e6, 6: 1e6, 7: 1e6}
_ONE_OF_FOUR = Table(_BY_SEX, {1: 13.0, 2: 7.0, 3: 36.0, **_HIDDEN_BY_SEX.values})

TENTHS = np.arange(-10, 11) / 10


def _in_a_funnel() -> tuple[float, ...]:
    found = funnel("rate", 0.951, *(np.full(LEAST_PLACES, n) for n in (13, 42, 260, 394)), least=LEAST_EXPECTED)
    return float(found.expected[0]), float(found.z[0])


def _fitted() -> tuple[float, ...]:
    given = np.log([0.951 * 42, 394])
    model = sm.GLM([13, 260], np.ones(2), family=sm.families.Poisson(), offset=given).fit(tol=1e-14)
    return float(model.predict()[0]), -math.sqrt(model.deviance)


def _drawn_in(tau2: float) -> float:
    z = [float(y) / math.sqrt(0.04 + tau2) for y in TENTHS]
    first, *_, ninth = statistics.quantiles(z, n=10, method="inclusive")
    cut = stats.norm.ppf(0.9)
    chance = stats.norm.expect(lambda v: min(v * v, cut * cut), lb=-cut, ub=cut) + 0.2 * cut**2
    return statistics.fmean(min(max(v, first), ninth) ** 2 for v in z) / float(chance)


METHODS = (
    Method(
        "rate",
        "Rate",
        (
            "The number counted over the people it is compared with, per 1,000 or 100,000 as printed. Both are "
            "published "
            "numbers; each has its cell. A measure declares whether it counts people or events, and over whom.",
            "**Interval of a single rate** (95% and 99.8%). Over a population, the count is taken as Poisson: under 10 "
            "events Garwood's exact limits, from 10 on Byar's approximation, which is the rule of the Office for "
            "Health "
            "Improvement and Disparities. Over an earlier stage, of which those counted are a part, Wilson's limits. "
            "Some packages call another formula Byar's (adding one half to the count in both limits); it is not used.",
            "**Events over people** (arrests, adjudications) are taken as Poisson too, and each such row says: counts "
            "events; the same person may be counted again; the interval is too narrow.",
        ),
        "rate     count / denominator x per\n"
        "Garwood  low = chi2(a/2; 2x) / 2, 0 when x = 0      high = chi2(1 - a/2; 2x + 2) / 2\n"
        "Byar     low  = x (1 - 1/(9x) - z/(3 sqrt x))^3\n"
        "         high = (x+1) (1 - 1/(9(x+1)) + z/(3 sqrt(x+1)))^3\n"
        "Wilson   (2x + z^2 -/+ z sqrt(z^2 + 4x(1 - x/n))) / (2(n + z^2))",
        "Garwood 1936, Biometrika 28. Byar as given by Breslow and Day 1987, Statistical methods in cancer research "
        "II. "
        "Wilson 1927, Journal of the American Statistical Association 22. The rule: OHID, PHEindicatormethods, "
        "phe_rate.",
        (
            Example(
                "5 events: limits of the count",
                lambda: _floats(intervals.poisson_count(5)),
                lambda: (stats.chi2.ppf(0.025, 10) / 2, stats.chi2.ppf(0.975, 12) / 2),
                "scipy's chi-squared",
            ),
            Example(
                "65 events: limits of the count",
                lambda: _floats(intervals.poisson_count(65)),
                lambda: (stats.chi2.ppf(0.025, 130) / 2, stats.chi2.ppf(0.975, 132) / 2),
                "the exact limits, which Byar's approximate to one part in ten thousand",
                1e-4,
            ),
            Example(
                "17,384 proved of 25,924: limits of the share",
                lambda: _floats(intervals.wilson(17384, 25924)),
                lambda: _floats(proportion_confint(17384, 25924, method="wilson")),
                "statsmodels",
            ),
        ),
    ),
    Method(
        "ratio",
        "Ratio",
        (
            "The rate of a group over the rate of the reference group: the relative rate index used in official "
            "work on "
            "ethnicity and the criminal justice system. The reference is White unless the measure or you say "
            "otherwise; "
            "White British, all other groups combined and everyone are further ones (`--reference each`). Of a "
            "population, "
            "a ratio above 1 means that the group is over-represented relative to the reference; of a stage, that "
            "it is "
            "more likely. Neither means better or worse, and a disparity is not by itself discrimination.",
            "A ratio is undefined, and shown as such, when the reference has no events; its lower limit is not.",
        ),
        "ratio = (count_g / denominator_g) / (count_r / denominator_r)",
        "Uhrig 2016, after the US Office of Juvenile Justice and Delinquency Prevention.",
        (
            Example(
                "10,059 of 2,409,278 against 57,974 of 48,699,249",
                lambda: (float(rates.ratio(10059, 2409278, 57974, 48699249)),),
                lambda: (10059 / 2409278 / (57974 / 48699249),),
                "a calculation by hand",
            ),
        ),
        commands=("justice-monitor calc 10059/2409278 57974/48699249 --population",),
    ),
    Method(
        "interval-population",
        "Interval of a ratio of two population rates",
        (
            "Exact conditional, always: given the two counts together, the group's count is binomial, and the "
            "limits of "
            "Clopper and Pearson for its probability give the limits of the ratio. Zeros are handled, not nudged.",
            "**What the interval means.** A prison population is not a sample: everyone is counted. The interval "
            "describes "
            "how much the count could differ by chance in the process behind it. That an interval includes 1 does "
            "not mean "
            "that there is no disparity.",
        ),
        "p from Clopper-Pearson on count_g of (count_g + count_r)\nlimit = p / (1 - p) x denominator_r / denominator_g",
        "Clopper and Pearson 1934, Biometrika 26; Przyborowski and Wilenski 1940, Biometrika 31.",
        (
            Example(
                "15 of 400 against 120 of 9,000",
                lambda: _floats(intervals.poisson_ratio_exact(15, 400, 120, 9000)),
                lambda: _conditional(15, 400, 120, 9000),
                "scipy's exact binomial",
            ),
        ),
    ),
    Method(
        "interval-stage",
        "Interval of a ratio of two stages",
        (
            "Where those counted are part of the people at an earlier stage (sentenced to custody, of those "
            "sentenced), the "
            "two rates are binomial: Miettinen and Nurminen's score limits, with their factor N/(N-1). A Poisson "
            "interval "
            "there would be too wide, wide enough to turn real differences into inconclusive ones.",
        ),
        "the two ratios R at which (p_g - R p_r) / sqrt((v_g/n_g + R^2 v_r/n_r) N/(N-1)) = z and -z,\n"
        "the variances v taken at the shares most likely under R",
        "Miettinen and Nurminen 1985, Statistics in Medicine 4, equations 9 and 10.",
        (
            Example(
                "26 of 304 against 645 of 11,111",
                lambda: _floats(intervals.score_ratio(*OTHER_CUSTODY)),
                lambda: (1.0095447739654415, 2.124512521199474),
                "scipy and R, printed with the published counts",
            ),
            Example(
                "the same",
                lambda: _floats(intervals.score_ratio(*OTHER_CUSTODY)),
                lambda: confint_proportions_2indep(*OTHER_CUSTODY, compare="ratio", method="score", correction=True),
                "statsmodels",
                1e-5,
            ),
        ),
        commands=("justice-monitor calc 26/304 645/11111 --stage",),
    ),
    Method(
        "dependence",
        "Events that are alike, and groups within groups",
        (
            "Events of one prison, and of one person, are alike, and an interval that takes each as independent of "
            f"every other is too narrow. Where a file names {LEAST_CLUSTERS} clusters or more (prisons) the ratio is "
            "worked out without each of them in turn, and the limits are from how much that moves it: delete-one "
            "jackknife on logarithms, t on K − 1 degrees of freedom. Where it names none, events get no p-value and no "
            "significance, and a direction only where the 99.8% interval leaves out 1.",
            "A group that is part of those it is compared with (White British and White, an age and everyone) is "
            "compared by the two parts that do not overlap, and the limits turned into those of the ratio to the "
            "whole.",
        ),
        "clusters  se² = (K − 1)/K Σ (log r without k − their mean)²;  r exp(±t se)\n"
        "nested    r = ρ / (s ρ + 1 − s), ρ the ratio to the rest, s the group's share of the base",
        "Tukey 1958; MacKinnon, Nielsen and Webb 2023, Journal of Econometrics 232.",
        (
            Example(
                "53,950 of 35,945,885 White British beside 61,823 of 39,602,280 White people",
                lambda: _floats(
                    [
                        of_the_whole(1, limit, 35945885, 39602280)
                        for limit in intervals.poisson_ratio_exact(*disjoint(1, 53950, 35945885, 61823, 39602280))
                    ]
                ),
                lambda: _share_of_the_whole(53950, 35945885, 61823, 39602280),
                "scipy: Clopper and Pearson, of the events of the whole",
            ),
        ),
        commands=("justice-monitor ratios adjudications-proved --by ethnicity",),
    ),
    Method(
        "coverage",
        "How often that interval holds the truth",
        (
            "Computed, not simulated: every outcome of two binomials is weighed by its probability, for true shares "
            "of 0.02 "
            "to 0.5 and 50 to 10,000 people on either side. Over the whole grid the 95% score interval holds the "
            "true ratio "
            "in 95.2% of cases on average, and never in fewer than 94.1% where each cell expects 5 or more.",
            "These are all the points of the grid outside 94.5% to 96.5%, each pair of groups once. Where fewer "
            "than 5 are "
            "expected in a cell, read an interval as approximate.",
        ),
    ),
    Method(
        "coverage-of-all",
        "How often the other limits hold the truth",
        (
            f"Counts drawn from a truth that is known, {DRAWS:,} times each (so that 95% reads as 94.3% to 95.7%); the "
            "exact limits and those of single rates are computed instead, every outcome weighed. Exact limits hold the "
            "truth in 95% of cases or more, and in up to 98% where few events are expected. The others hold it in 93.9%"
            " to 96.0% where 5 or more are expected, but for twenty unequal prisons with much alike within them, where "
            "it is 93.0%: limits from few clusters are somewhat too narrow.",
        ),
        table=covered(),
    ),
    Method(
        "beside",
        "Other measures beside the ratio",
        (
            "Gaps and excess counts sum to zero over the groups of one level of one exhaustive classification. "
            "Parents and "
            "their children are never added together; Gypsy or Irish Traveller is a row of its own.",
        ),
        source="Gap: the Youth Justice Board's NI 044. Excess: the kind of the Lammy Review's \"9,000 fewer people\".",
        table=(
            ("column", "formula", "reads as"),
            ("`share`", "count / people whose category is known", "a fraction of those known"),
            ("`share_of_all`", "count / everyone", "a fraction of everyone, unknown included"),
            ("`baseline_share`", "denominator / sum of denominators", "the group's share of the population"),
            ("`gap_points`", "100 × (share − baseline share)", "percentage points"),
            ("`representation`", "share / baseline share", "1 is parity"),
            ("`excess`", "count − baseline share × people known", "people more, or fewer, than at parity"),
            ("`rate_difference`", "rate − rate of the reference", "per the same number of people"),
        ),
        examples=(
            Example(
                "120 of 1,000 counted against 2,409,278 of 59,597,542 residents: gap and excess",
                lambda: (
                    float(rates.gap_points(0.12, 2409278 / 59597542)),
                    float(rates.excess_count(120, 2409278, 1000, 59597542)),
                ),
                lambda: (7.957420525833095, 79.57420525833095),
                "the worked examples",
            ),
        ),
    ),
    Method(
        "unknown",
        "Unknown, and its bounds",
        (
            "Not stated, not recorded and outdated codes are categories: counted, shown, and left out of `share`. "
            "Beside "
            "each ratio stand bounds, from giving all unknown people U counted to the reference to giving all of "
            "them to the "
            "group. Where people compared with are unknown too (V: residents who did not answer, people at the "
            "stage before), "
            "they move the other side at once. The truth lies between the bounds whatever the unknown people are.",
            f"Above {100 * UNKNOWN_NOTED:.0f}% unknown on either side the ratio carries a note; above "
            f"{100 * UNKNOWN_WITHHELD:.0f}% of those counted it is withheld if its bounds lie on both sides of 1. The "
            "thresholds are this project's own. `tipping_share` is the share of the unknown that would have to "
            "belong to the "
            "group for the ratio to be 1; below 0 or above 1, none would do.",
            "Sharing unknown people out in proportion would change rates but not ratios; it is not a correction, "
            "and is not "
            "done.",
        ),
        "bound_low  = (count_g / (denominator_g + V)) / ((count_r + U) / denominator_r)\n"
        "bound_high = ((count_g + U) / denominator_g) / (count_r / (denominator_r + V))",
        "Worst-case bounds, after Manski 1995.",
        (
            Example(
                "700 and 3,000 counted, 3,700 unknown, residents 2,409,278 and 48,699,249",
                lambda: _floats(bounds.unknown_bounds(700, 2409278, 3000, 48699249, 3700)),
                lambda: (2.1118282069590846, 29.646045495787536),
                "the worked examples",
            ),
            Example(
                "their tipping share",
                lambda: (float(bounds.tipping_share(700, 2409278, 3000, 48699249, 3700)),),
                lambda: (-0.09490832681958891,),
                "the worked examples",
            ),
        ),
    ),
    Method(
        "verdict",
        "What is said of a ratio, and on what it depends",
        (
            "Every word about a ratio follows from one rule. `more` or `less` is said where the 95% interval leaves "
            "out 1 and every bound printed beside the ratio lies on the same side: the bounds from the unknown and "
            "from hidden counts, the range by census, and for events (which count the same person again) the 99.8% "
            "interval. Where one of them does not, or where adjusting for age turns the crude ratio round, the "
            "verdict is `depends`, and `depends_on` names which: `unknown`, `suppression`, `census`, `clustering`, "
            "`adjustment`. A sign is compared only between a crude and an adjusted ratio to the same people.",
            "Where the 95% interval includes 1 the verdict is `same` if it and every bound lie within "
            f"{1 / SAME_WITHIN:.2f} to {SAME_WITHIN:.2f} (this project's convention), `too_few` if the counts are of "
            "low reliability, and else `depends` on the `interval`: a difference that was not found is never called no "
            "difference.",
            f"`reliability` is `low` under {FEW} events or {FEWEST_PEOPLE} people on either side (of a stage, those "
            f"who did not go on count too), `fair` under {SOME} events and else `good`.",
        ),
        source="Fewer than 20 events as unreliable: National Center for Health Statistics and Office for National "
        "Statistics, of rates of death. Bounds: Manski 1995.",
        examples=(
            Example(
                "1.20 (1.10 to 1.30), by census 0.95 to 1.25",
                lambda: _verdict((1.1, 1.3), {"census": (0.95, 1.25)}),
                lambda: ("depends", "census"),
                "the rule above",
            ),
            Example(
                "4.11 (2.90 to 5.60), whatever the unknown are 0.29 to 4.94",
                lambda: _verdict((2.9, 5.6), {"unknown": (0.29, 4.94)}),
                lambda: ("depends", "unknown"),
                "the rule above",
            ),
            Example(
                "1.00 (0.98 to 1.02), whatever the unknown are 0.97 to 1.04",
                lambda: _verdict((0.98, 1.02), {"unknown": (0.97, 1.04)}),
                lambda: ("same",),
                "the rule above",
            ),
            Example(
                "0.92 (0.87 to 0.97), alone", lambda: _verdict((0.87, 0.97), {}), lambda: ("less",), "the rule above"
            ),
        ),
    ),
    Method(
        "band",
        "Four fifths, of a stage",
        (
            "Of a stage a band stands beside the verdict, from the interval and the four-fifths convention (0.80 to "
            "1.25, both ends included). It comes from selection among those who could be selected, so a population "
            "has none. It is not a test, and never replaces the interval: a ratio can lie within 0.80 to 1.25 and be "
            "different from 1 beyond doubt, and does so in published tables. `significance` says beside it whether "
            "the 95% and the 99.8% interval leave out 1.",
        ),
        source="US Uniform Guidelines on Employee Selection Procedures, 29 CFR 1607.4(D), for 0.80; 1.25 is its "
        "reciprocal.",
        table=(
            ("band", "when"),
            ("`over_clear`", "the whole interval is above 1.25"),
            ("`over`", "the whole interval is above 1"),
            ("`parity`", "the whole interval lies within 0.80 to 1.25, and includes 1"),
            ("`inconclusive`", "none of the others: the counts allow both parity and a disparity"),
            ("`under`", "the whole interval is below 1"),
            ("`under_clear`", "the whole interval is below 0.80"),
        ),
        examples=(
            Example(
                "1.10 (1.07 to 1.14)", lambda: (bands.band(1.1, 1.07, 1.14),), lambda: ("over",), "the table above"
            ),
            Example(
                "0.99 (0.90 to 1.25)", lambda: (bands.band(0.99, 0.9, 1.25),), lambda: ("parity",), "the table above"
            ),
            Example(
                "2.00 (0.70 to 5.00)", lambda: (bands.band(2, 0.7, 5),), lambda: ("inconclusive",), "the table above"
            ),
        ),
    ),
    Method(
        "many",
        "Many comparisons",
        (
            "Of many ratios shown together some would look real by chance. Two guards stand in each row: "
            "`significance` "
            "`beyond_99_8`, and `p_adjusted`, the p-value adjusted among all ratios that one page shows of one "
            "period (every group, level and sex, on one baseline and against one reference). The p-values agree "
            "with the intervals: below 0.05 exactly when the 95% interval leaves out 1.",
        ),
        source="Benjamini and Hochberg 1995, Journal of the Royal Statistical Society B 57.",
        examples=(
            Example(
                "0.01, 0.02, 0.03, 0.5 adjusted",
                lambda: _floats(comparison.benjamini_hochberg([0.01, 0.02, 0.03, 0.5])[0]),
                lambda: (0.04, 0.04, 0.04, 0.5),
                "a calculation by hand",
            ),
        ),
    ),
    Method(
        "baselines",
        "Populations compared with",
        (
            "The population decides the ratio at least as much as the count does. Prison is an adult institution and "
            "populations differ in age, so people in prison and on probation are compared with residents aged 18 and "
            "over at the time; all ages, and the people of one census, are one flag away. "
            "How a baseline fits (other dates, other ages, people who are not residents) is declared in the "
            "measure and printed with the figures; a mismatch of place, period, ages, classification or way of "
            'identification that no declaration names is refused, with the reason. In particular "Chinese or Other" '
            "is not "
            '"Other": one is never divided by the other unless the measure declares the move.',
            "Where an earlier stage is published, both denominators stand side by side (`journey`), and a group for "
            "which "
            "they point opposite ways is flagged.",
        ),
        commands=(
            "justice-monitor ratios prison-population --by ethnicity",
            "justice-monitor ratios prison-population --by ethnicity --baseline census-2021",
            "justice-monitor ratios arrests --by ethnicity --baseline census-2011",
            "justice-monitor journey",
        ),
    ),
    Method(
        "people-of-the-time",
        "Residents between two censuses",
        (
            "A count of 2016 stands over the residents of 2016, whom nobody counted: on `residents`, "
            "`residents-10plus` and `residents-18plus` (the default for people in prison, on probation and arrested) "
            "each group is taken to have grown at one steady rate from Census 2011 to Census 2021, at the ages asked "
            "for; along a straight line where either counted nobody. What happened over a period stands over the "
            "residents in its middle. Gypsy or Irish Traveller of 2011 grows into the two groups of 2021, with Roma. "
            "Places that the numerator does not count are grown for themselves and taken away.",
            "Beside the ratio stand `census_low` and `census_high`: the least and the most of it over these "
            "residents and those of either census. After the last census its residents stand in, and beside them "
            f"those there would be had groups grown on (`ratio_extrapolated`), for {YEARS_BEYOND} years at most. Where "
            "that range lies on both sides of 1 the direction depends on the census, and no word of over- or under-"
            f"representation is given. A group of which a census counted fewer than {FEWEST} has that range and no "
            "ratio. Before Census 2011 there is no ratio. Residents by religion, disability or nationality are of one "
            "census only. Rates by age are adjusted over people grown in the same way, group by group and age by age, "
            "in the bands of Census 2011.",
            "The publisher's own rate of arrests stands over the residents of Census 2011, and comes out to every "
            "printed decimal on that baseline.",
        ),
        "P(t) = P_2011 (P_2021 / P_2011)^s,  s = days since Census 2011 / days between the censuses",
        "Growth at a constant rate between two counts: Rowland 2003, Demographic Methods and Concepts, chapter 2.",
        (
            Example(
                "100 people grown to 400: half way, at the end, and half as long again",
                lambda: _floats([between(100, 400, s) for s in (0.5, 1, 1.5)]),
                lambda: (200.0, 400.0, 800.0),
                "by hand: doubled in each half",
            ),
            Example(
                "nobody grown to 50: a fifth of the way",
                lambda: _floats(between(0, 50, 0.2)),
                lambda: (10.0,),
                "by hand",
            ),
        ),
        commands=(
            "justice-monitor ratios prison-population --by ethnicity --period 2016-06-30",
            "justice-monitor ratios arrests --by ethnicity",
        ),
    ),
    Method(
        "age",
        "Adjusting for age",
        (
            "Where counts are published by group and age together, each group's rates by age are averaged over the "
            "ages of "
            "everyone compared, or of a named standard population: European (2013), or England and Wales at Census "
            "2021 "
            f"(direct). Under {MINIMUM_EVENTS} events it is withheld. Neighbouring ages are put together where a "
            f"group has fewer than {FEWEST_PEOPLE} people of one; a group with a hidden count at "
            "any age is left out. Otherwise the group's count stands "
            "over the "
            "one expected at everyone's rates by age (indirect), which compares with everyone and not between "
            "groups. Crude "
            "and adjusted always stand together and to the same people, and the adjusted one says that it is; a ratio "
            "to everyone is never set against one to another group. Ages that those compared with are counted by "
            "otherwise are put together, and named.",
        ),
        "direct    sum(w x/n) / sum w;  variance sum(w^2 x/n^2) / (sum w)^2, of a stage sum(w^2 (x/n)(1 - x/n)/n) / "
        "(sum w)^2\n"
        "          ratio of two by logarithms, from their standard errors\n"
        "indirect  count / sum over ages of people_g x events / people",
        "Dobson and others 1991, Statistics in Medicine 10; OHID's technical guides. European Standard Population: "
        "Eurostat 2013.",
        (
            Example(
                "20/300,000, 900/700,000 and 300/1,000,000 over 180/4,000,000, 9,000/9,000,000 and "
                "8,400/30,000,000: indirect",
                lambda: _floats(
                    standardisation.indirect([20, 900, 300], [3e5, 7e5, 1e6], [180, 9000, 8400], [4e6, 9e6, 3e7])[:3]
                ),
                lambda: (1.2279818822345243, 1.160033168879518, 1.2988719003892468),
                "the worked examples",
            ),
        ),
        commands=("justice-monitor ratios adjudications-proved --standard european-2013",),
    ),
    Method(
        "suppressed",
        "Suppressed figures",
        (
            "A suppressed cell has no value: not zero, and not the largest value it could have. It is an interval, "
            "from the limits its publisher states and from every total that it is a part of. Sums that include a "
            "hidden cell are hidden.",
            "**What gives a hidden count back.** All counts of one publication at one period and place, in whichever "
            "of its tables, are tied by the sums that they add up to: of groups, sexes, ages, and whatever else the "
            "tables separate, crossed or not. A hidden count is given back where some combination of those sums is "
            "that count alone. That is decided exactly, in fractions, by the space of the sums' rows. It is also given "
            "back where no other whole number from 0 is possible, or where a rate is printed of it; of a share of a "
            "total that is printed too, only as far as its rounding leaves a single number.",
            "**What is done.** A count that the publisher's own tables give back is flagged `recoverable` and neither "
            "repeated nor given limits, and the counts beside it that are least together are kept back, until nothing "
            "that is shown, the publisher's totals known, gives it back. Where his tables leave it open nothing of his "
            "is kept back. Whatever is computed (sums, shares, rates, ratios) is computed of the counts that are shown "
            "and of nothing else, so that no limits become narrower than his tables leave them.",
            "**What it refuses.** Sums that the publisher's own numbers contradict tie nothing, and where they are out "
            "by rounding the limits are wider by as much. Periods that add up to a longer one, and places that add up "
            "to a larger one, are not reckoned with. Of residents, hidden cells are bounds of a sum, as above.",
        ),
        "x is given back where e(x) is a combination of rows of A, the sums over the cells that are not shown\n"
        "limits: least and most x of A x = what is left, x >= 0 and whole (linear programming)\n"
        "kept back: least sum of counts w |y| with A y = 0 and y(x) = 1, over the cells that are shown\n"
        "of one sum, m hidden cells of a total T with K shown, each from lo to hi, S = T - K:\n"
        "max(lo, S - (m-1) hi) <= cell <= min(hi, S - (m-1) lo)",
        "Hundepool and others, Handbook on Statistical Disclosure Control, chapter 4. Cox 1980, Suppression "
        "methodology and statistical disclosure control, JASA 75. Fischetti and Salazar 2000, Models and algorithms "
        "for optimizing cell suppression in tabular data with linear constraints, JASA 95.",
        examples=(
            Example(
                "two hidden cells of 1 to 5, together 7",
                lambda: _floats(margin(100, 93, 2, 1, 5).limits([0])[0]),
                lambda: (2.0, 5.0),
                "the worked examples",
            ),
            Example(
                "one hidden cell of 1 to 5, where the total leaves 3",
                lambda: _floats(margin(100, 97, 1, 1, 5).limits([0])[0]),
                lambda: (3.0, 3.0),
                "the worked examples",
            ),
            Example(
                "all four of two groups by sex hidden, 15 and 49 of a group, 21 women, 43 men: the first",
                lambda: _floats(_HIDDEN_BY_SEX.limits([0])[0]),
                lambda: _floats(
                    [e(x for x in range(65) if 0 <= 15 - x <= 43 and 0 <= 21 - x <= 49) for e in (min, max)]
                ),
                "every whole number tried",
            ),
            Example(
                "one of the four hidden, with 8 women of the first group, 13 of the second, 7 and 36 men: kept back",
                lambda: _floats(sum(_HIDDEN_BY_SEX_OF[n] for n in _ONE_OF_FOUR.cover(0, _HIDDEN_BY_SEX_OF))),
                lambda: (13.0 + 7.0 + 36.0,),
                "the only pattern: two in each row and column",
            ),
        ),
    ),
    Method(
        "change",
        "Change over time, and breaks",
        (
            "A ratio over an earlier one, on one baseline and one reference. A change is called one only when its "
            "interval "
            'leaves out "the same". When a footnote or a declaration says that a counting rule or the meaning of a '
            "category "
            "changed, no line is drawn and no change computed across it. A ratio crosses parity only where its "
            "interval leaves out 1 on one side and then on the other.",
            "Nobody has counted residents since the last census, so a change since then is said only where it holds "
            "over that census's people and, as well, had each group grown on (`change_extrapolated`); else it depends "
            "on the census. Counts of events that no cluster is known of are said to have changed where the 99.8% "
            "interval of the change leaves out none, as their ratios are.",
        ),
        "change = ratio now / ratio then; limits on logarithms from the limits of both",
        "Zou and Donner 2008, Statistics in Medicine 27 (variance estimates recovered from limits).",
        (
            Example(
                "2.0 (1.6 to 2.5) over 1.5 (1.2 to 1.875)",
                lambda: _floats(comparison.ratio_of_ratios(2.0, 1.6, 2.5, 1.5, 1.2, 1.875)),
                lambda: (
                    2 / 1.5,
                    2 / 1.5 * math.exp(-math.hypot(math.log(1.25), math.log(1.25))),
                    2 / 1.5 * math.exp(math.hypot(math.log(1.25), math.log(1.25))),
                ),
                "a calculation by hand",
            ),
        ),
        commands=("justice-monitor trend prison-population",),
    ),
    Method(
        "change-explained",
        "Why a count changed: population, age mix and rate",
        (
            "`trend --explain` divides each count's change between the two periods that `trend` compares into what "
            "the growth of the people counted among made of it, what their ages did, and what the rate at each "
            "age did. The parts add up to the change. Where counts of a group by age are not held at both periods, age "
            "mix is withheld, not 0: it is then in the rate. Those too young for the people compared with stand with "
            "the youngest of them, as they do in the crude rate.",
            "People are taken as known; the limits of each part are recovered from those of the two counts' rates, and "
            "a stock that counts the same people twice makes them wider than need be. After the last census its people "
            "stand in: growth since is then in the rate, and between two periods on one census the population part is "
            "said to be not counted. Beside it stand the parts as they would be had each group grown on as before "
            "(`_extrapolated`), its ages as the census counted them. People of unknown group are in no group's count; "
            f"where more than {100 * UNKNOWN_WITHHELD:.0f}% are, or a definition changed, nothing is divided. The "
            "parts say what went with what, not what caused it.",
        ),
        "count = P sum a r: P people, a share at each age, r rate at each age; 1 then, 2 now\n"
        "population  (P2 - P1) ((sum a1 r1 + sum a2 r2) / 3 + (sum a1 r2 + sum a2 r1) / 6); age mix, rate likewise\n"
        "no ages     (P2 - P1) (r1 + r2) / 2          rate  (r2 - r1) (P1 + P2) / 2\n"
        "limits      part -/+ sqrt(sum w^2 (distance to each rate's limit)^2), w what each rate is multiplied by",
        "Das Gupta 1993, Standardization and decomposition of rates, US Bureau of the Census, Current Population "
        "Reports P23-186; Kitagawa 1955; Zou and Donner 2008 (limits).",
        (
            Example(
                "100 of 1,000 then, 180 of 1,200 now, no ages: population and rate",
                lambda: (float((found := decomposed([100], [1000], [180], [1200])).population), float(found.rate)),
                lambda: (200 * (0.1 + 0.15) / 2, 0.05 * 1100),
                "a calculation by hand: 25 and 55 of 80",
            ),
            Example(
                "the same: limits of the population part",
                lambda: _floats(
                    ((found := decomposed([100], [1000], [180], [1200])).population_low, found.population_high)
                ),
                lambda: tuple(
                    25 + sign * 100 * math.hypot(*(abs(_byar(x, sign) - x) / n for x, n in ((100, 1000), (180, 1200))))
                    for sign in (-1, 1)
                ),
                "Byar's limits, by hand",
            ),
            Example(
                "10 of 100 young and 5 of 100 old, then 24 of 120 and 18 of 180: population, age mix, rate",
                lambda: _floats(decomposed([10, 5], [100, 100], [24, 18], [120, 180])[:3]),
                lambda: (
                    100 * ((0.075 + 0.14) / 3 + (0.15 + 0.07) / 6),
                    (200 * -0.005 + 300 * -0.01) / 3 + (200 * -0.01 + 300 * -0.005) / 6,
                    (200 * 0.075 + 300 * 0.07) / 3 + (200 * 0.07 + 300 * 0.075) / 6,
                ),
                "a calculation by hand: 10.83, -1.92 and 18.08 of 27",
            ),
        ),
        commands=("justice-monitor trend prison-population --explain",),
    ),
    Method(
        "summary",
        "One figure for a whole classification",
        (
            "How unequal the groups of a whole level are, at each period of each edition (`summary`): measures of "
            "WHO's Health Equity Assessment Toolkit, absolute and relative, which can move in opposite directions. "
            "Shares p are of the people compared with; the mean is the overall rate. A level that is not whole, "
            "and one group alone, have none. None of the measures says which group is more likely, or why.",
            "**From the group with the lowest rate** mean differences, and the population attributable risk and "
            "fraction, are given only where the measure declares that people would wish to avoid its outcome "
            "(`adverse`); where nobody declared it they are withheld, with the reason. The risk is how the overall "
            "rate would change if every group had the lowest rate, and is never above 0. The group that ratios are "
            "to has no part in it.",
            "**By age**, the only characteristic with an order, ages that overlap are refused, and X is where the "
            "middle of an age stands among all people, the youngest at 0. The slope index is the rate at the old "
            "end less that at the young end of a logit line, and the relative index the one over the other: "
            "maximum likelihood, each person counting once (WHO's R package healthequal 1.0 weighs by the people a "
            "second time; its numbers come out so). They suppose that rates rise or fall all the way, and have no "
            "answer where a group has more than one event a person.",
            "**Limits (95%)** are by one rule for all. Chance alone makes groups unequal, so of equal groups "
            "percentiles of repeated draws never hold the truth. The rates found are moved nearer to each other, "
            "to all equal, and further apart (by age: tilted); the limits are the measure of those rates of whose "
            "draws what was found is the 97.5th and the 2.5th percentile, the upper one at least the 97.5th "
            "percentile of draws from what was found. Counts are drawn as Poisson, of a stage as binomial, always "
            "the same draws. The overall rate has the limits of a single rate. An interval that reaches no "
            "difference does not say that there is none.",
            f"Limits are withheld, with the reason, where a group has no events or fewer than {FEWEST_EXPECTED} "
            "expected were all rates equal, and where rates agree exactly. Of events they are as if independent "
            "and say, as the ratios' do, that they are too narrow. People compared with are taken as known; after "
            "the last census a row says so.",
            f"**How often they hold the truth**, in {REPEATS:,} draws from each of these truths: the least and the "
            "most over the measures, whose least is named. Under groups nearly equal, and of a few dozen events, "
            "they hold it more often than they say. Above 97% they are wider than need be; nowhere here do they "
            f"hold it in fewer than {100 * float(pl.read_csv(COVERAGE)['coverage'].min()):.1f}%.",
        ),
        "mean = sum p r      difference = highest - lowest    BGV = sum p (r - mean)^2, BGSD its root\n"
        "mean differences    sum p |r - mean|, 1/k sum |r - mean|\n"
        "from the lowest     mean - lowest, 1/k sum (r - lowest)\n"
        "index of disparity  100/k sum |r - mean| / mean      coefficient of variation = 100 BGSD / mean\n"
        "attributable risk   lowest - mean; fraction 100 (lowest - mean) / mean\n"
        "Theil               1000 sum p (r/mean) ln(r/mean)   mean log deviation = -1000 sum p ln(r/mean)\n"
        "concentration       ACI = sum p (2X - 1) r           RCI = 100 ACI / mean\n"
        "slope               logit(r) = a + b X               SII = r(1) - r(0), RII = r(1) / r(0)",
        "WHO's measures: Schlotheuber and Hosseinpoor 2022, International Journal of Environmental Research and "
        "Public Health 19. Pearcy and Keppel 2002, Public Health Reports 117; Theil 1967; Neyman 1937, Philosophical "
        "Transactions A 236 (limits); Anscombe 1948, Biometrika 35 (draws).",
        (
            Example(
                "rates 10 and 30 of equal groups: index of disparity, between-group variance, attributable risk",
                lambda: tuple(
                    float(summary.without_order([10, 30], [0.5, 0.5])[name])
                    for name in ("index_of_disparity", "between_group_variance", "population_attributable_risk")
                ),
                lambda: (50.0, 100.0, -10.0),
                "a calculation by hand",
            ),
            Example(
                "rates 20, 30, 40, 50, 60 of 78, 91, 162, 103, 105 people: absolute concentration index",
                lambda: _floats(summary.in_order((20, 30, 40, 50, 60), (78, 91, 162, 103, 105))["concentration_index"]),
                lambda: (7.3284202,),
                "WHO's healthequal",
                1e-7,
            ),
        ),
        commands=("justice-monitor summary prison-population", "justice-monitor summary prison-population --by age"),
    ),
    Method(
        "crossed",
        "Two characteristics at once",
        (
            "What is published crossed with what can be asked before any number (`crossings`); groups are then "
            "compared "
            "within one category of another characteristic, or within each. Nothing is modelled that is not published.",
        ),
        commands=(
            "justice-monitor crossings prison-population",
            "justice-monitor ratios prison-population --within sex=each --baseline census-2021",
            "justice-monitor ratios adjudications-proved --within age=18-20",
        ),
    ),
    Method(
        "sensitivity",
        "How far a direction depends on choices",
        (
            "`ratios … --sensitivity` makes every combination of the choices that apply: each population that the "
            "measure declares, each reference, everyone counted or British nationals only (where that is published "
            "crossed; residents are then still of all nationalities), and the unknown as known, all in the reference "
            "or all in the group. A measure's page tries its populations and the unknown alone.",
            "The direction is that of the default: the leading population, the first reference, everyone, as known. "
            "Each choice has a direction by the rule of verdicts, with the range by census beside it and, of events "
            "as if independent, the 99.8% interval. One whose interval or range includes 1 is open; one that is "
            "refused or withheld is not made, with its reason. Neither counts as keeping the direction. The limits "
            "at an end of the unknown are those as known, moved with the ratio.",
            "Choices overlap and are not equally good, so a count of them is no probability that a direction is right. "
            "Asking for each choice is a multiverse of the comparison, not a test.",
        ),
        "end      ratio with all the unknown in the reference, or in the group (bounds of the unknown)\n"
        "limits   (low, high) as known x end / ratio as known\n"
        "kept     choices with the default's direction      turned   those with the other",
        "Steegen, Tuerlinckx, Gelman and Vanpaemel 2016, Perspectives on Psychological Science 11; Manski 1995.",
        (
            Example(
                "ratio 1.2 (1.1 to 1.3) as known, 1.05 with all the unknown in the reference: limits and direction",
                lambda: _moved(1.2, (1.1, 1.3), 1.05),
                lambda: (1.1 * 0.875, 1.3 * 0.875, "open"),
                "a calculation by hand",
            ),
        ),
        commands=("justice-monitor ratios prison-population --sensitivity",),
    ),
    Method(
        "pooled",
        "Like compared with like: ratios within strata",
        (
            "A crude ratio mixes prisons, offences and ages: where a group is held more often in prisons that charge "
            "more, part of its ratio is theirs. `--pooled` compares the groups within each stratum and puts the strata "
            "together after Mantel and Haenszel: the pooled ratio is the mean of the strata's, weighted by what each "
            "can tell. Crude and pooled stand together, with every stratum (`--json` lists all). It controls for what "
            "is named after `--within` and nothing else, and says nothing of how people came to be in a stratum.",
            "Of a population the ratio is one of rates, of a stage one of risks; odds stand beside it. **Limits** as "
            "if every event were independent are Greenland and Robins's; where the file names "
            f"{LEAST_CLUSTERS} prisons or more, those shown allow for what is alike within one prison: the ratio is "
            "worked out again without each, with t on the number of prisons less one. **Whether strata agree**: a "
            "small `homogeneity_p` says that one ratio hides different ones. The test is Breslow and Day's for rates, "
            "Gart's for risks and Breslow and Day's for odds, each with Tarone's correction, over strata where "
            f"{LEAST_EXPECTED:.0f} or more are expected in every cell; it takes events as independent, so clustering "
            "alone can make its p small.",
            "Prisons whose people of either group are hidden by the publisher are left out and counted, never taken as "
            "none; what the ratio would be with them, whatever they hide, stands beside it. A stratum with one of the "
            "two groups only says nothing. People of unknown group are counted and outside the ratio. A "
            f"stratum where more than {100 * UNKNOWN_WITHHELD:.0f}% are of unknown group is left out "
            "whatever its bounds, because it would be compared with the others and not with 1; not so where strata are "
            "of several things at once, each of a handful. Charges are set over the people held in the same prison on "
            "the day before the quarter, or over the mean of that day and the quarter's last (`--exposure mean`). "
            "Without a stratum that has both, without events of either group, or where one prison has all there is of "
            "a group, the ratio is withheld.",
            "**Arrests** are set over the residents of the same police force area in the middle of the year, each "
            "group grown steadily between Census 2011 and Census 2021. An area is its whole authorities, as listed in "
            "the vocabulary; of a count that Census 2021 hides (under 10, in one authority) the lower limit stands, "
            "which makes less than 1.2% of any group of an area, but 6% of Black people in Cumbria. London is one "
            "area: Census 2021 counts the City of London with Westminster, and the publisher gives no rate for the "
            "City, where few live. Lancashire gave no arrests. People are often arrested where they do not live.",
            "**Periods** are strata too (`--within period --pooled`, all that are held or those of `--period A/B`): "
            "each has a count and people of its own, and groups too small to read in one can be read in several. Only "
            "periods "
            "of one length that do not overlap are put together, the newest first, back to the first change of a "
            "definition or classification of those counted; what is left out is said. Where periods differ "
            f"(p under {DIFFERENT}) the row says that one ratio hides a change. Dates are refused, because the same "
            "people are counted at each; so is a single period. Events of one person in neighbouring years are allowed "
            "for no further than by clusters, or else by how much more periods differ than chance would have them.",
            "A direction holds on every range beside the ratio: what is hidden, whoever is unknown (the bounds of the "
            "unknown in every stratum at once), and the people of either census. `table … --pooled` cites the same "
            "numbers with the files and cells they rest on, and `verify` makes each of them again from the vault.",
        ),
        "ratio    sum(x1 n0 / T) / sum(x0 n1 / T), T = n1 + n0          log limits: ratio x exp(-/+ z sqrt(v))\n"
        "rates    v = sum((x1 + x0) n1 n0 / T^2) / (A B), A and B the sums above and below the line\n"
        "risks    v = sum((n1 n0 (x1 + x0) - x1 x0 T) / T^2) / (A B)\n"
        "clusters v = (K - 1)/K sum(log ratio without k - their mean)^2, and t on K - 1 in place of z\n"
        "alike    sum((x1 - E)^2 / V) - (sum(x1 - E))^2 / sum V, chi-squared on one less than the strata\n"
        "unknown  x1, n1 + v, x0 + u, n0 to x1 + u, n1, x0, n0 + v: u counted and v people are unknown, by stratum",
        "Mantel and Haenszel 1959; Greenland and Robins 1985, Biometrics 41; Robins, Breslow and Greenland 1986, "
        "Biometrics 42; Breslow and Day 1980, 1987, Statistical methods in cancer research I and II; Gart 1985, "
        "Biometrika 72; Tarone 1985, Biometrika 72; Tukey 1958; MacKinnon, Nielsen and Webb 2023, Journal of Applied "
        "Econometrics 38.",
        (
            Example(
                "40/100, 12/40 and 9/20 over 90/150, 50/120 and 30/90: risks",
                lambda: (stratified.mantel_haenszel("risk", *STRATA).ratio,),
                lambda: (float(STRATIFIED.riskratio_pooled),),
                "statsmodels",
            ),
            Example(
                "the same: odds, their limits, and p that strata are alike",
                lambda: (*stratified.mantel_haenszel("odds", *STRATA), stratified.homogeneity("odds", *STRATA).p_value),
                lambda: _floats(
                    [
                        STRATIFIED.oddsratio_pooled,
                        *STRATIFIED.oddsratio_pooled_confint(),
                        STRATIFIED.test_equal_odds(adjust=True).pvalue,
                    ]
                ),
                "statsmodels",
            ),
            Example(
                "26/304 over 645/11,111 in one stratum: limits of the risks",
                lambda: stratified.mantel_haenszel("risk", *([n] for n in OTHER_CUSTODY))[1:],
                lambda: _floats(stats.contingency.relative_risk(*OTHER_CUSTODY).confidence_interval(0.95)),
                "scipy's relative risk, which it then is",
            ),
            Example(
                "20 prisons of 1, 2, ... 20 events over 5 each, of as many people: clustered limits",
                lambda: delete_one(
                    2.1,
                    stratified.without_each(
                        "rate", [0] * 20, range(20), range(1, 21), [100] * 20, [5] * 20, [100] * 20
                    ),
                ),
                _jackknife,
                "a calculation by hand",
            ),
        ),
        commands=(
            "justice-monitor ratios adjudications --by ethnicity --within establishment --pooled",
            "justice-monitor ratios adjudications-proved --within establishment --within offence --within adjudicator "
            "--pooled --period 2022-07-01/2022-09-30",
            "justice-monitor ratios self-inflicted-deaths --within period --pooled",
            "justice-monitor table adjudications --within establishment --pooled -o adjudications.docx",
        ),
    ),
    Method(
        "funnel",
        "Each place about the common ratio: funnels",
        (
            "`--pooled --funnel` sets the ratio of every stratum, such as each prison, beside the ratio common to all "
            "and says how far apart they lie: a z score, the limits between which 95% and 99.8% would lie by chance, "
            "and whether the place is beyond them. Places stand in the order of their names and are never ranked. "
            "**A place beyond limits is a question, not a verdict**; a place within them is not shown to be without "
            "disparity. Of many places some lie beyond 95% by chance alone, and how many is said.",
            "The z score is the signed root of the deviance of the place's counts from what the common ratio expects "
            "of them, and the standard error is what makes it so. The usual standard error of a log ratio calls far "
            "too many places of few events low: of 10 expected, 3 or fewer would count as beyond 99.8%, which chance "
            "gives one time in a hundred.",
            "**Overdispersion**: prisons differ for many reasons besides chance, and one person charged again counts "
            f"again. phi is the mean square of the z scores, the least and greatest {100 * TAIL:.0f}% of them drawn "
            "in (winsorised), over what it is of standard normal ones, 0.679. Where phi exceeds 1 by more than chance "
            "(chi-squared, one degree a place, p < 0.05) the variance between places with which it is 1 is added to "
            "that of each (`tau2`). This is Spiegelhalter's additive model. His moment estimate "
            "of the variance takes drawn-in scores as they come: of simulated places it left 11 to 16% beyond the 95% "
            "limits, where these left 5%. The common ratio weighs places by what each can tell, so where they "
            "differ much more lie below it than above.",
            "**Not placed**, and listed with the reason: a place with a hidden number, without events of either group, "
            f"or with fewer than {LEAST_EXPECTED:.0f} expected in a cell; all of them where fewer than {LEAST_PLACES} "
            "can be placed. Where hidden numbers leave the common ratio open, a place is called beyond limits only if "
            "it lies beyond those about every ratio that may be common; else it `depends on what is hidden`. Nor is a "
            f"place where more than {100 * UNKNOWN_WITHHELD:.0f}% are of unknown group placed; that fewer are is in no "
            "limits, and can put a place where it lies.",
        ),
        "z        sign(r / R) sqrt(2 sum(O log(O / E))), R the common ratio, E what it expects of the place\n"
        "s        log(r / R) / z                       limits   R x exp(-/+ 1.96 sqrt(s^2 + tau2)), and 3.09\n"
        "phi      mean of winsorised z^2 / 0.679       tau2     such that phi of log(r / R) / sqrt(s^2 + tau2) is 1",
        "Spiegelhalter 2005, Statistics in Medicine 24, and Quality and Safety in Health Care 14; Spiegelhalter and "
        "others 2012, Journal of the Royal Statistical Society A 175; Paule and Mandel 1982, Journal of Research of "
        "the National Bureau of Standards 87; levels of the Office for Health Improvement and Disparities.",
        (
            Example(
                "13 of 42 over 260 of 394 (rates), where 0.951 is common: expected, and z",
                lambda: _floats(_in_a_funnel()),
                lambda: _floats(_fitted()),
                "statsmodels",
                close=1e-6,
            ),
            Example(
                "21 log ratios from -1 to 1 by 0.1, each with standard error 0.2: phi and tau2",
                lambda: overdispersion(TENTHS, np.full(21, 0.2)),
                lambda: (_drawn_in(0.0), optimize.bisect(lambda tau2: _drawn_in(tau2) - 1, 0, 4, xtol=1e-14)),
                "a calculation by hand",
            ),
        ),
        commands=(
            "justice-monitor ratios adjudications --by ethnicity --within establishment --pooled --funnel",
            "justice-monitor ratios arrests --by ethnicity --within force --pooled --funnel",
        ),
    ),
)
