"""Each method that is shown agrees with somebody else's hand or program; the pages say what was tested."""

import polars as pl
import pytest

from tests.benchmarks.coverage import EXCEPTIONS, coverage, exceptions
from tests.benchmarks.simulated import SIMULATED, coverage_of, simulated, truths
from tests.docs.methods_page import MARKDOWN, TEMPLATE, markdown, template
from tests.spec.methods import METHODS

EXAMPLES = [(m.id, e) for m in METHODS for e in m.examples]

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning:statsmodels.*")


@pytest.mark.parametrize(("method", "example"), EXAMPLES, ids=lambda v: v if isinstance(v, str) else v.said[:40])
def test_a_worked_example_agrees_with_its_oracle(method, example) -> None:
    found, told = example.found(), example.told()
    assert len(found) == len(told)
    for ours, theirs in zip(found, told, strict=True):
        assert ours == (theirs if isinstance(theirs, str) else pytest.approx(theirs, rel=example.close))


def test_every_formula_has_a_source_and_an_example() -> None:
    assert [m.id for m in METHODS if m.formula and not m.examples] == []
    assert [m.id for m in METHODS if m.formula and not m.source and m.id != "suppressed"] == []


@pytest.mark.parametrize(
    ("path", "made"), [(MARKDOWN, markdown), (TEMPLATE, template)], ids=lambda v: getattr(v, "name", "")
)
def test_the_page_is_what_the_specification_says(path, made) -> None:
    assert path.read_text("utf-8") == made(), (
        f"{path.name} is out of date: run `python -m tests.docs.methods_page --write`"
    )


def test_the_exceptions_printed_are_those_that_enumeration_finds() -> None:
    """A part of the grid again, every outcome weighed: the same points, to the last digit printed."""
    shares, people = (0.02, 0.1, 0.5), (50, 300)
    again = exceptions(coverage(shares, people)).select(pl.exclude("coverage"), pl.col("coverage").round(6))
    printed = pl.read_csv(EXCEPTIONS).filter(
        pl.col("p").is_in(shares)
        & pl.col("ref_p").is_in(shares)
        & pl.col("n").is_in(people)
        & pl.col("ref_n").is_in(people)
    )
    by = ["p", "n", "ref_p", "ref_n"]
    assert again.sort(by).select(*by, "coverage").rows() == printed.sort(by).select(*by, "coverage").rows()
    assert again.height > 0


def test_no_point_where_each_cell_expects_five_is_covered_in_fewer_than_93_per_cent() -> None:
    printed = pl.read_csv(EXCEPTIONS)
    assert printed.filter(pl.col("expected_smallest") >= 5)["coverage"].min() >= 0.93
    least = printed.filter(pl.col("expected_smallest") >= 5)["coverage"].min()
    assert f"{100 * least:.1f}%" in " ".join(m.words[0] for m in METHODS if m.id == "coverage")


def test_coverage_printed_is_what_drawing_again_finds() -> None:
    """All but the slow ones again, with the same draws: the same to the last digit printed."""
    quick = [t for t in truths() if not t[0].startswith(("Mantel", "delete"))]
    printed = pl.read_csv(SIMULATED)
    again = coverage_of(quick).join(printed, on=["limits", "truth"], how="left", suffix="_printed")
    assert again["coverage"].to_list() == again["coverage_printed"].to_list()
    assert printed.height == len(list(truths()))


def test_exact_limits_never_hold_the_truth_too_seldom_and_the_others_are_near_what_they_claim() -> None:
    printed = pl.read_csv(SIMULATED)
    exact = pl.col("limits").str.starts_with("exact")
    assert printed.filter(exact)["coverage"].min() >= 0.95
    others = printed.filter(~exact, pl.col("expected") >= 5, ~pl.col("limits").str.starts_with("of a "))
    few = pl.col("truth") == "20 unequal prisons, alike within"
    claimed = [others.filter(~few)["coverage"].min(), others.filter(~few)["coverage"].max()]
    claimed.append(others.filter(few)["coverage"].min())
    assert min(claimed) > 0.925 and max(claimed) < 0.97
    said = " ".join(m.words[0] for m in METHODS if m.id == "coverage-of-all")
    assert [c for c in claimed if f"{100 * c:.1f}%" not in said] == []


@pytest.mark.nightly
def test_the_slow_ones_too_are_what_drawing_again_finds() -> None:
    assert simulated().rows() == pl.read_csv(SIMULATED).rows()


@pytest.mark.nightly
def test_the_mean_coverage_over_the_whole_grid_is_the_one_printed() -> None:
    mean = coverage()["coverage"].mean()
    assert 0.945 <= mean <= 0.965
    assert f"{100 * mean:.1f}%" in " ".join(m.words[0] for m in METHODS if m.id == "coverage")
