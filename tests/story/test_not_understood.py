"""A file that was not understood says nothing about its publisher: not dropped, never published, nor a letter.

The office publishes people in custody by sex and by ethnic group. One of its editions comes in a form that this
monitor cannot read; whoever runs the monitor is told which cells those are, and nobody else.
"""

import calendar
import datetime as dt
import json
from pathlib import Path

import polars as pl
import pytest

from monitor.declarations import publications
from monitor.notify.forward import WORDINGS
from monitor.watch.alerts import gaps_of, kinds
from monitor.watch.register import Look, Shown, register
from pipelines.reading import read
from pipelines.survey import frames, survey
from tests.alerts.made import MONDAY, Journal
from tests.register.editions import Made, by_ethnicity, by_sex, news, registered, series, table, the, whole

PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "published"
USE_OF_FORCE = PUBLISHED / "home-office" / "police-use-of-force-apr2017-mar2018-hosb3018-tables.ods"


def edition(month: int, sheets: dict, **more) -> Made:
    return Made(f"2024-{month:02}", sheets, f"2024-{month:02}-28", **more)


def day(month: int) -> str:
    return f"28 {calendar.month_name[month]} 2024"


def read_well(month: int) -> Made:
    return edition(month, {"1": by_sex(day(month)), "2": by_ethnicity(day(month))})


def not_understood(month: int) -> Made:
    """Counts and their wholes in one cell, so that no table is recognised: eighteen cells of figures."""
    rows = [
        ["Custody"],
        ["Kind", "People", "Before"],
        *[[f"Kind {n}", f"1,0{n}0 of 9,000", f"1,1{n}0 of 9,000"] for n in range(9)],
    ]
    return edition(month, {"1": rows})


def lost(found) -> set[tuple[str, str]]:
    return {(d, s) for d, s in news(found) if s in ("dropped", "never_published", "collapsed", "category_drift")}


def test_an_edition_that_is_not_understood_has_dropped_nothing() -> None:
    found = registered([read_well(1), read_well(2), not_understood(3)])
    row = whole(found)
    assert (row["state"], row["code"], row["severity"], row["edition"]) == ("unclear", "UC", "S4", "2024-03")
    assert row["last_seen"] == "2024-02"
    assert lost(found) == set()


def test_the_operator_is_told_which_cells_they_are_and_that_they_say_nothing_of_the_publisher() -> None:
    row = whole(registered([read_well(1), not_understood(3)]))
    assert json.loads(row["evidence"])["cells"] == ["1!B3:C11"]
    assert "B3:C11" in row["reason"]
    assert "says nothing about what is published" in row["reason"]


def test_it_makes_no_alert_and_no_letter() -> None:
    before = registered([read_well(1), read_well(2)]).gaps
    after = registered([read_well(1), read_well(2), not_understood(3)]).gaps
    journal = Journal()
    journal.run(before.to_dicts(), MONDAY)
    assert journal.run(after.to_dicts(), MONDAY + dt.timedelta(days=1)) == []
    assert gaps_of(after.to_dicts()) == {}
    assert {"UC", "NR"}.isdisjoint(kinds()), "what is no alert has no wording of any route"
    assert WORDINGS["breakdown"]


def test_an_alert_that_is_open_is_not_closed_by_it() -> None:
    without = edition(2, {"1": by_sex(day(2))})
    held, stated = [read_well(1), without], {("custody", without.edition): "A. Person"}
    journal = Journal()
    journal.run(registered([read_well(1)]).gaps.to_dicts(), MONDAY)
    journal.run(registered(held, stated=stated).gaps.to_dicts(), MONDAY + dt.timedelta(days=1))
    later = registered([*held, not_understood(3)], stated=stated).gaps.to_dicts()
    assert journal.run(later, MONDAY + dt.timedelta(days=2)) == []
    assert [a.state for a in journal.alerts(later) if a.gap.characteristic == "ethnicity"] == ["confirmed"]


def test_editions_that_are_not_understood_never_add_up_to_never_published() -> None:
    found = registered([not_understood(m) for m in (1, 2, 3, 4, 5)])
    assert set(found.gaps.filter(pl.col("level") == "publication")["state"]) == {"unclear"}
    mixed = [edition(m, {"1": by_sex(day(m))}) for m in (1, 2)]
    assert whole(registered([*mixed, not_understood(3), not_understood(4)]))["state"] == "unclear"


def test_a_promise_is_not_held_against_what_was_not_understood() -> None:
    asked = {"characteristic": "ethnicity", "from": dt.date(2024, 1, 1), "basis": "A committee asks.", "source": "HC 1"}
    assert whole(registered([not_understood(3)], series(expect=[asked | {"state": "promised"}])))["state"] == "unclear"
    stands = whole(registered([not_understood(3)], series(expect=[asked | {"state": "never_published"}])))
    assert (stands["state"], stands["confidence"]) == ("never_published", "stated")


# --- history goes on as if it had not been looked at --------------------------------------------------------------


def test_what_comes_back_after_it_was_never_away() -> None:
    found = registered([read_well(1), not_understood(2), read_well(3)])
    assert whole(found)["state"] == "present"
    assert lost(found) == set()
    runs = found.coverage.filter(pl.col("characteristic") == "ethnicity")
    assert runs.select("state", "editions").rows() == [("present", 2)]


def test_what_is_gone_after_it_is_dropped_from_the_first_edition_that_was_understood() -> None:
    row = whole(registered([read_well(1), not_understood(2), edition(3, {"1": by_sex(day(3))})]))
    assert (row["state"], row["last_seen"], row["since"]) == ("dropped", "2024-01", dt.date(2024, 3, 28))


def test_an_edition_not_understood_is_no_absence_from_which_a_breakdown_came_back() -> None:
    gone = edition(4, {"1": by_sex(day(4))})
    assert whole(registered([read_well(1), not_understood(2), read_well(3), gone]))["state"] == "dropped"


# --- one sheet of several -----------------------------------------------------------------------------------------


def deaths(period: str, of: str, groups: list[str]) -> list:
    return table(f"Table 3: Deaths by ethnic group, {period}", of, groups, period)


def test_a_title_that_names_it_over_groups_nobody_knows_is_no_table_that_lost_it() -> None:
    def made(month: int, groups: list[str]) -> Made:
        period = day(month)
        return edition(month, {"2": by_ethnicity(period), "3": deaths(period, "Group", groups)})

    found = registered([made(1, ["Asian", "Black", "White"]), made(2, ["Norse", "Saxon", "Pict"])])
    assert whole(found)["state"] == "present"
    assert lost(found) == set()
    row = the(found, "unclear")
    assert (row["level"], row["severity"], row["edition"]) == ("table", "S4", "2024-02")
    assert "Deaths by ethnic group" in row["reason"]


# --- one file of several, half of a series -------------------------------------------------------------------------


def test_a_file_that_its_page_lists_and_nobody_holds_may_have_it() -> None:
    page = Shown("2024-03", "Custody", "/c", dt.date(2024, 3, 28), opened=True, files=("custody.xlsx", "groups.xlsx"))
    look = Look(on=dt.date(2024, 12, 31), editions={"2024-03": page})
    row = whole(registered([edition(3, {"1": by_sex(day(3))})], look=look))
    assert (row["state"], row["code"], row["severity"]) == ("not_read", "NR", "S4")
    assert "groups.xlsx" in row["reason"]


def test_one_file_of_several_does_not_overrule_what_is_declared() -> None:
    known = {
        "state": "annual_only",
        "characteristic": "ethnicity",
        "what": "Quarterly tables have none.",
        "source": "x",
    }
    row = whole(registered([edition(3, {"1": by_sex(day(3))})], series(known=[known])))
    assert (row["state"], row["confidence"]) == ("annual_only", "stated")
    assert "Quarterly tables have none." in row["reason"]


HALF_YEARLY = {"cadence": "biannual", "months": [1, 7], "usual": "January and July"}
SEEN = {"characteristics": ["disability"], "from": dt.date(2016, 1, 1), "basis": "In the July edition.", "source": "G"}


@pytest.mark.parametrize("editions", [1, 2, 3, 6])
def test_half_of_a_half_yearly_series_says_nothing_of_the_other_half(editions: int) -> None:
    held = [
        Made(f"{year}-09-30", {"1": by_sex(f"30 September {year}")}, f"{year + 1}-01-26")
        for year in range(2016, 2016 + editions)
    ]
    declared = series(calendar=HALF_YEARLY, practice=[SEEN | {"sure": "seen"}])
    for d in ("ethnicity", "disability"):
        row = whole(registered(held, declared), d)
        assert row["state"] == "absent"
        assert row["severity"] != "S2" or d == "ethnicity"
        assert "in the editions held, all of 30 September" in row["reason"]
    assert "In the July edition." in whole(registered(held, declared), "disability")["reason"]


def test_both_halves_without_it_are_never_published() -> None:
    held = [
        Made(f"{year}-{month:02}-30", {"1": by_sex(f"30 {name} {year}")}, f"{year}-{month + 2:02}-26")
        for year in (2016, 2017) for month, name in ((6, "June"), (9, "September"))
    ]  # fmt: skip
    assert whole(registered(held, series(calendar=HALF_YEARLY)), "disability")["state"] == "never_published"


# --- a file as published -----------------------------------------------------------------------------------------


@pytest.mark.skipif(not USE_OF_FORCE.exists(), reason="needs ../shared/published beside the checkout")
def test_use_of_force_by_perceived_disability_is_never_said_to_be_never_published() -> None:
    declared = publications()["police-use-of-force"]
    keys = {"publication": declared.id, "edition_id": "2017-18", "artefact_sha256": "a"}
    held = {
        n: f.with_columns(**{k: pl.lit(v) for k, v in keys.items()})
        for n, f in frames(survey(read(USE_OF_FORCE))).items()
    }
    artefact = pl.DataFrame(
        [{"sha256": "a", "original_sha256": "a", "publication": declared.id, "edition_id": "2017-18",
          "kind": "original", "name": USE_OF_FORCE.name, "published_on": dt.date(2018, 12, 13),
          "seen_at": dt.datetime(2018, 12, 14)}]
    )  # fmt: skip
    found = register(
        {declared.id: declared}, artefact, held["surveyed_table"], held["breakdown"], unclear=held["unclear"],
        as_of=dt.date(2026, 11, 27),
    )  # fmt: skip
    row = whole(found, "disability")
    assert row["state"] in ("present", "unclear")
    assert "Table_5" in json.dumps(json.loads(row["evidence"])["sheets"])
    assert row["code"] not in kinds()
