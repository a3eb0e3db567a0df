"""A comparison that nobody has argued for is not made: each refusal says why, and what to ask instead.

What a declaration allows is changed here in memory, on the figures of the starter home; what a reader can ask is
asked of the command line.
"""

import datetime as dt
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from monitor.declarations import Measure, baselines, measures
from monitor.run import denominators, numerators
from pipelines.deriving import Refused, Request, derive
from tests.spec.rows import PRISON, ROOT, by_category, rows_of

# --- what a reader may not ask ------------------------------------------------------------------------------------


def test_women_on_a_baseline_without_sex_are_refused_and_the_one_that_has_sex_is_named(cli) -> None:
    answer = cli("ratios", PRISON, "--sex", "female", "--baseline", "census-2021-18plus")
    assert (answer.code, answer.out) == (1, "")
    assert "census-2021-18plus has no residents by sex" in answer.err
    assert "--baseline residents-18plus." in answer.err


def test_the_baseline_that_was_named_answers(cli) -> None:
    assert cli("ratios", PRISON, "--sex", "female", "--baseline", "census-2021").code == 0


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--baseline", "census-2021-10-17"], "declares no fit for census-2021-10-17"),
        (["--baseline", "census-2021-16plus"], "declares no fit for census-2021-16plus"),
        (["--by", "religion", "--baseline", "census-2021-18plus"], "declares no fit for census-2021-18plus"),
        (["--by", "disability"], "not published by disability"),
        (["--reference", "Martian"], "'Martian' is not published"),
        (["--period", "2022-07-01"], "no figures for 2022-07-01"),
    ],
)
def test_what_no_declaration_argues_for_is_refused(cli, asked, said) -> None:
    answer = cli("ratios", PRISON, *asked)
    assert (answer.code, answer.out) == (1, "")
    assert said in answer.err


def test_a_refused_baseline_is_answered_with_those_declared(cli) -> None:
    said = cli("ratios", PRISON, "--baseline", "census-2021-10-17").err
    assert all(name in said for name in ("census-2021-18plus", "census-2021,", "census-2011"))


def test_every_date_offered_instead_has_figures_by_ethnic_group(cli) -> None:
    """Quarters are published by age and religion only, so none of them may be offered here."""
    said = cli("ratios", PRISON, "--period", "2022-07-01").err
    offered = said.partition("the nearest ")[2].strip(" .\n").split(", ")
    assert offered != [""]
    for date in offered:
        assert rows_of(cli, "ratios", PRISON, "--period", date), f"{date} is offered and has nothing"


def test_a_date_without_figures_by_ethnic_group_is_refused_rather_than_answered_with_nothing(cli) -> None:
    answer = cli("ratios", PRISON, "--period", "2022-03-31")
    assert answer.code == 1
    assert "2022-03-31" in answer.err


# --- what a declaration must name before it is compared ------------------------------------------------------------


def disparities(store: Any, measure: Measure, request: Request, **changed: Any) -> pl.DataFrame:
    """The disparities of a measure; `changed` replaces columns of its figures."""
    declared = baselines()
    figures = numerators(store, measure).with_columns(**{name: pl.lit(value) for name, value in changed.items()})
    bases = denominators(store, request.characteristic, declared)
    return derive(measure, request, figures, bases, declared)


def allowing(measure: Measure, baseline: str, *allowed: str) -> Measure:
    """The measure with a fit that allows nothing but what is named."""
    fits = tuple(f.model_copy(update={"allows": allowed}) if f.baseline == baseline else f for f in measure.fit)
    return measure.model_copy(update={"fit": fits})


def refusal(store: Any, measure: Measure, request: Request, **changed: Any) -> str:
    """Why a request is refused: as a whole, or row by row with no ratio in any."""
    try:
        rows = disparities(store, measure, request, **changed)
    except Refused as error:
        return str(error)
    assert rows["ratio"].drop_nulls().is_empty(), "a ratio is given that no declaration allows"
    refused = rows.filter(pl.col("status") == "refused")
    assert not refused.is_empty(), "nothing is refused"
    return str(refused["reason"][0])


FITS = ("place", "ages", "period", "identification")
DIFFERS: Mapping[str, tuple[dict[str, str], str]] = {
    "place": ({"place_code": "E92000001"}, "E92000001"),
    "ages": ({}, "all"),
    "period": ({}, "months"),
    "identification": ({"identification": "officer"}, "officer"),
}
"""For each kind of mismatch: what of the figures must be changed to make it, and what its reason must say."""


@pytest.mark.parametrize("kind", FITS)
def test_a_mismatch_that_no_declaration_names_is_refused_with_its_reason(starter_store, kind) -> None:
    measure = allowing(measures()[PRISON], "census-2021", *(k for k in FITS if k != kind))
    changed, found = DIFFERS[kind]
    said = refusal(starter_store, measure, Request(baseline="census-2021"), **changed)
    assert "does not allow" in said
    assert found in said


def test_people_of_the_time_are_no_way_round_how_ethnicity_was_told(starter_store) -> None:
    said = refusal(starter_store, measures()[PRISON], Request(), identification="officer")
    assert "officer" in said


def test_the_same_comparison_is_made_once_every_mismatch_is_named(starter_store) -> None:
    measure = allowing(measures()[PRISON], "census-2021", *FITS)
    changed = {name: value for columns, _ in DIFFERS.values() for name, value in columns.items()}
    rows = disparities(starter_store, measure, Request(baseline="census-2021"), **changed)
    assert set(rows.filter(pl.col("level") == "groups")["status"]) == {"shown"}


def test_figures_of_a_second_place_are_not_set_against_the_residents_of_the_first(starter_store) -> None:
    measure, declared = measures()[PRISON], baselines()
    here = numerators(starter_store, measure)
    there = here.with_columns(place_code=pl.lit("E92000001"), place_name=pl.lit("England"))
    compared = pl.DataFrame({"place": [], "ratio": []}, schema={"place": pl.String, "ratio": pl.Float64})
    with suppress(Refused):  # because refusing both is as true as refusing the second
        bases = denominators(starter_store, "ethnicity", declared)
        compared = derive(measure, Request(), pl.concat([here, there]), bases, declared)
    assert compared.filter((pl.col("place") == "England") & pl.col("ratio").is_not_null()).height == 0


def test_a_ratio_before_a_baseline_is_declared_to_fit_is_withheld(starter_store) -> None:
    rows = disparities(starter_store, measures()[PRISON], Request(period=dt.date(2008, 6, 30)))
    top = rows.filter(pl.col("level") == "groups")
    assert set(top["status"]) == {"withheld"}
    assert top["ratio"].null_count() == top.height
    assert top["share"].null_count() == 0


# --- the same word for different people --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slug", "group", "asked"),
    [
        ("arrests", "Chinese or Other", Request()),
        ("arrests", "Asian", Request()),
        (PRISON, "Other", Request(baseline="census-2021", period=dt.date(2014, 6, 30))),
        (PRISON, "Asian", Request(baseline="census-2021", period=dt.date(2014, 6, 30))),
    ],
)
def test_groups_that_count_chinese_people_otherwise_are_refused_unless_a_regroup_is_declared(
    starter_store, slug, group, asked
) -> None:
    unregrouped = measures()[slug].model_copy(update={"regroup": ()})
    rows = by_category(disparities(starter_store, unregrouped, asked).to_dicts())
    row = rows[group]
    assert (row["status"], row["ratio"], row["rate"], row["denominator"]) == ("refused", None, None, None)
    assert "regroup" in row["reason"]
    assert rows["Black"]["status"] == "shown"  # because both count the same people as Black


def test_a_reader_of_the_command_line_is_given_the_explanation(cli, tmp_path, monkeypatch) -> None:
    """The same, with a folder of declarations from which the regrouping has been taken."""
    folder = Path(shutil.copytree(ROOT / "pipelines", tmp_path / "declared", ignore=shutil.ignore_patterns("*.py")))
    declared = folder / "measures" / "arrests.toml"
    before, *_, after = declared.read_text(encoding="utf-8").split("[[regroup]]")
    declared.write_text(before + after[after.index("[[exclude]]") :], encoding="utf-8")
    monkeypatch.setattr("monitor.declarations.load.DECLARATIONS", folder)
    row = by_category(rows_of(cli, "ratios", "arrests"))["Chinese or Other"]
    assert row["status"] == "refused"
    assert "Declare a regroup" in row["reason"]
