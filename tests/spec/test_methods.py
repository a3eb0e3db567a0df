"""Each method that is shown agrees with somebody else's hand or program; the pages say what was tested."""

import polars as pl
import pytest

from tests.benchmarks.coverage import EXCEPTIONS, coverage, exceptions
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


@pytest.mark.nightly
def test_the_mean_coverage_over_the_whole_grid_is_the_one_printed() -> None:
    mean = coverage()["coverage"].mean()
    assert 0.945 <= mean <= 0.965
    assert f"{100 * mean:.1f}%" in " ".join(m.words[0] for m in METHODS if m.id == "coverage")
