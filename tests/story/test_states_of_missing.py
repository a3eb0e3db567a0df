"""Each state of missing, on a story of a small statistics office: what it published before, and what it does now.

The office publishes people in custody by sex and by ethnic group. Files are made sheet by sheet and surveyed as any
file is; what looking at its pages gave is said in plain records.
"""

import datetime as dt
import json

import pytest

from monitor.watch.alerts.gaps import gaps_of
from monitor.watch.register import Dead, Event, Look, Shown
from tests.register.editions import (
    BINARY,
    FIVE,
    Made,
    by_ethnicity,
    by_sex,
    news,
    registered,
    series,
    table,
    the,
    whole,
)

MARCH = Made("2024-03", {"1": by_sex("31 March 2024"), "2": by_ethnicity("31 March 2024")}, "2024-04-25")
EIGHTEEN = (
    *("White: British", "White: Irish", "White: Gypsy or Irish Traveller", "White: Other"),
    *("Mixed: White and Black Caribbean", "Mixed: White and Black African", "Mixed: White and Asian", "Mixed: Other"),
    *("Asian: Indian", "Asian: Pakistani", "Asian: Bangladeshi", "Asian: Chinese", "Asian: Other"),
    *("Black: African", "Black: Caribbean", "Black: Other", "Other: Arab", "Other: Any other"),
)


def june(sheets: dict, **more) -> Made:
    return Made("2024-06", sheets, "2024-07-25", **more)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def shown(id: str, published: str, **more) -> Shown:
    return Shown(id, f"Custody statistics: {id}", f"/statistics/{id}", day(published), **more)


def looked(*editions: Shown, **more) -> Look:
    return Look(on=day("2024-12-31"), editions={e.id: e for e in editions}, **more)


# --- what stands ------------------------------------------------------------------------------------------------------


def test_present_needs_two_groups_with_numbers_and_a_newer_period() -> None:
    found = registered([MARCH, june({"1": by_sex("30 June 2024"), "2": by_ethnicity("30 June 2024")})])
    row = whole(found)
    assert (row["state"], row["edition"], row["last_seen"]) == ("present", "2024-06", "2024-06")
    assert row["unknown_share"] == pytest.approx(10 / 520)
    assert json.loads(row["evidence"])["editions_with"] == ["2024-03", "2024-06"]
    assert news(found) == set()


def test_the_same_table_again_is_not_brought_up_to_date() -> None:
    found = registered([MARCH, june({"1": by_sex("30 June 2024"), "2": by_ethnicity("31 March 2024")})])
    assert (whole(found)["state"], whole(found)["severity"]) == ("partial", "S4")


def test_one_group_with_numbers_is_no_breakdown() -> None:
    found = registered([june({"2": table("Table 1: Black people in custody", "Ethnic group", ["Black"], "June 2024")})])
    assert whole(found)["state"] == "absent"


# --- NP ---------------------------------------------------------------------------------------------------------------

ASKED = {
    "characteristic": "ethnicity",
    "from": day("2024-06-01"),
    "basis": "A committee asks for it.",
    "source": "HC 1",
}


def test_never_published_though_asked_for() -> None:
    publication = series(expect=[ASKED])
    row = whole(registered([june({"1": by_sex("30 June 2024")})], publication))
    assert (row["state"], row["code"], row["severity"]) == ("never_published", "NP", "S1")  # raised: ethnicity
    assert (row["confidence"], row["since"]) == ("inspected", day("2024-06-01"))
    assert "A committee asks for it." in row["reason"]
    assert "1 sheet inspected" in row["reason"]


def test_what_was_asked_of_a_publication_nobody_opened_is_not_held_against_it() -> None:
    assert whole(registered([], series(expect=[ASKED])))["state"] == "not_looked"


def test_a_gap_that_a_source_states_stands_without_a_file_until_a_table_is_seen() -> None:
    publication = series(expect=[ASKED | {"state": "never_published", "severity": "S1"}])
    stands = whole(registered([], publication))
    assert (stands["state"], stands["confidence"], stands["severity"]) == ("never_published", "stated", "S1")
    assert whole(registered([MARCH], publication))["state"] == "present"


def test_without_being_asked_for_it_takes_three_editions() -> None:
    named = enumerate(("January", "February", "March"), start=1)
    months = [Made(f"2024-0{m}", {"1": by_sex(f"{name} 2024")}, f"2024-0{m}-28") for m, name in named]
    assert whole(registered(months[:2]))["state"] == "absent"
    row = whole(registered(months), "ethnicity")
    assert (row["state"], row["severity"], row["confidence"]) == ("never_published", "S2", "inspected")
    assert whole(registered(months), "disability")["severity"] == "S3"


def test_or_two_years() -> None:
    two = [Made("2022-03", {"1": by_sex("March 2022")}, "2022-04-28"), Made("2024-06", {"1": by_sex("June 2024")})]
    assert whole(registered(two))["state"] == "never_published"


# --- DR ---------------------------------------------------------------------------------------------------------------


def test_dropped_is_told_with_the_table_and_cells_where_it_last_stood() -> None:
    found = registered([MARCH, june({"1": by_sex("30 June 2024")})])
    row = whole(found)
    assert (row["state"], row["code"], row["severity"]) == ("dropped", "DR", "S1")
    assert (row["since"], row["last_seen"], row["edition"]) == (day("2024-07-25"), "2024-03", "2024-06")
    was = json.loads(row["evidence"])["was"]
    assert was["cells"] == ["2!B4:B9"]
    assert "Table 1.4" in row["reason"]


def test_dropped_stays_until_it_is_seen_again() -> None:
    without = [
        june({"1": by_sex("30 June 2024")}),
        Made("2024-09", {"1": by_sex("30 September 2024")}, "2024-10-31"),
    ]
    later = whole(registered([MARCH, *without]))
    assert (later["state"], later["since"], later["last_seen"]) == ("dropped", day("2024-07-25"), "2024-03")
    back = Made("2024-12", {"1": by_sex("31 December 2024"), "2": by_ethnicity("31 December 2024")}, "2025-01-30")
    assert whole(registered([MARCH, *without, back], as_of="2025-02-01"))["state"] == "present"


def test_dropped_from_one_table_while_another_has_it_still() -> None:
    def sheets(period: str, ages: bool) -> dict:
        deaths = table(f"Table 3: Deaths by ethnic group, {period}", "Ethnic group", FIVE, period)
        plain = table(f"Table 3: Deaths, {period}", "Cause", ["Natural", "Homicide"], period)
        return {"2": by_ethnicity(period), "3": deaths if ages else plain}

    found = registered([Made("2024-03", sheets("31 March 2024", True), "2024-04-25"), june(sheets("June 2024", False))])
    assert whole(found)["state"] == "present"
    row = the(found, "dropped")
    assert (row["level"], row["severity"]) == ("table", "S1")  # lowered: still in another; raised: ethnicity
    assert row["measure"].startswith("Table 3: Deaths")


def test_a_crossing_is_dropped_while_both_characteristics_stand() -> None:
    def crossed(period: str) -> list:
        head = [None, *(f"{s} - {e}" for s in SEX for e in GROUPS)]
        return [[f"Table 5: Remand by sex and ethnic group, {period}"], [], head, ["Remand", *range(100, 106)],
                ["Sentence", *range(200, 206)]]  # fmt: skip

    def margins(period: str) -> list:
        return [[f"Table 5: Remand by sex and ethnic group, {period}"], [], [None, *SEX, *GROUPS],
                ["Remand", *range(100, 105)], ["Sentence", *range(200, 205)]]  # fmt: skip

    SEX, GROUPS = ("Male", "Female"), ("Asian", "Black", "White")
    found = registered([Made("2024-03", {"5": crossed("March 2024")}, "2024-04-25"), june({"5": margins("June 2024")})])
    row = the(found, "dropped")
    assert (row["level"], row["characteristic"], row["crossed"]) == ("crossing", "ethnicity", "sex")


# --- CC, CD, SU, UN ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "now", "severity"),
    [(EIGHTEEN, FIVE, "S1"), (FIVE, BINARY, "S1"), (FIVE, FIVE[:2] + FIVE[3:], "S1")],
)
def test_collapsed_from_eighteen_to_five_to_two_or_one_merged(before, now, severity) -> None:
    first = Made("2024-03", {"2": by_ethnicity("31 March 2024", before)}, "2024-04-25")
    row = whole(registered([first, june({"2": by_ethnicity("30 June 2024", now)})]))
    assert (row["state"], row["code"], row["severity"]) == ("collapsed", "CC", severity)
    assert json.loads(row["evidence"])["gone"]


def test_eighteen_to_five_of_a_characteristic_that_is_not_ethnicity_is_less_urgent_than_to_two() -> None:
    def ages(period: str, bands) -> dict:
        return {"3": table(f"Table 3: People by age, {period}", "Age group", bands, period, unknown=None)}

    many, three, two = (
        ("15-17", "18-20", "21-24", "25 and over"),
        ("15-17", "18-20", "21 and over"),
        ("15-20", "21 and over"),
    )
    first = Made("2024-03", ages("31 March 2024", many), "2024-04-25")
    assert whole(registered([first, june(ages("30 June 2024", three))]), "age")["severity"] == "S2"
    assert whole(registered([first, june(ages("30 June 2024", two))]), "age")["severity"] == "S1"


def test_in_a_list_of_events_a_group_may_have_had_none_but_not_several() -> None:
    """Three people of a religion that is not recognised had an adjudication in one quarter, and nobody in another."""
    bands = ("15-17", "18-20", "21-24", "25-29", "30-39", "40-49", "50-59", "60 and over")
    events = {"id": "outcomes", "shape": "long", "measure": "outcomes", "population": "people", "counts": "events"}

    def state(now, **declared) -> str:
        def ages(period: str, groups) -> dict:
            return {"3": table(f"Table 3: Outcomes by age, {period}", "Age group", groups, period, unknown=None)}

        files = [Made("2024-03", ages("31 March 2024", bands), "2024-04-25"), june(ages("30 June 2024", now))]
        return str(whole(registered(files, series(table=[events | declared])), "age")["state"])

    assert state(bands[1:]) == "present"
    assert state(bands[2:]) == "collapsed"
    assert state(bands[1:], counts="people") == "collapsed"
    assert state(bands[1:], shape="crosstab") == "collapsed"


def test_finer_groups_are_no_loss() -> None:
    first = Made("2024-03", {"2": by_ethnicity("31 March 2024", FIVE)}, "2024-04-25")
    assert news(registered([first, june({"2": by_ethnicity("30 June 2024", EIGHTEEN)})])) == set()


def test_other_groups_at_the_same_count_are_a_drift_that_blocks_a_series() -> None:
    other = (*FIVE[:4], "Chinese or other")
    row = whole(registered([MARCH, june({"1": by_sex("30 June 2024"), "2": by_ethnicity("30 June 2024", other)})]))
    assert (row["state"], row["code"], row["severity"]) == ("category_drift", "CD", "S2")
    assert "Do not join" in row["reason"]


@pytest.mark.parametrize(
    ("values", "unknown", "severity"),
    [
        ([100, 90, 80, 70, 60], 10, None),
        ([100, 90, 80, 70, "*"], 10, "S3"),
        ([100, 90, 80, "*", "*"], 10, "S2"),
        ([100, 90, "*", "*", "*"], "*", "S1"),
    ],
    ids=["none", "a sixth", "a third", "two thirds"],
)
def test_suppressed_by_the_share_of_cells(values, unknown, severity) -> None:
    row = whole(registered([june({"2": by_ethnicity("30 June 2024", each=values, unknown=unknown)})]))
    assert (row["state"], row["severity"]) == (("suppressed", severity) if severity else ("present", "S4"))


@pytest.mark.parametrize(("unknown", "severity"), [(20, None), (30, "S4"), (60, "S3"), (130, "S2"), (230, "S1")])
def test_unknown_by_the_share_of_people(unknown, severity) -> None:
    row = whole(registered([june({"2": by_ethnicity("30 June 2024", unknown=unknown, each=[100] * 5)})]))
    assert (row["state"], row["severity"]) == (("unknown_share", severity) if severity else ("present", "S4"))
    assert row["unknown_share"] == pytest.approx(unknown / (500 + unknown))


def test_unknown_that_rises_by_five_points_in_a_year_is_urgent_whatever_its_level() -> None:
    before = Made("2023-06", {"2": by_ethnicity("30 June 2023", unknown=20, each=[100] * 5)}, "2023-07-27")
    now = june({"2": by_ethnicity("30 June 2024", unknown=70, each=[100] * 5)})
    row = whole(registered([before, now]))
    assert (row["state"], row["severity"]) == ("unknown_share", "S2")
    assert "8.4 percentage points more than a year before (3.8%)" in row["reason"]


def test_a_year_before_may_stand_in_the_same_table() -> None:
    head = ["Ethnic group", "Year ending March 2018", "Year ending March 2019"]
    body = [[g, 100, 100] for g in FIVE]
    rows = [["Table 4: Arrests by ethnic group"], [], head, *body, ["Not stated", 20, 70]]
    row = whole(registered([june({"4": rows})]))
    assert (row["state"], row["severity"]) == ("unknown_share", "S2")


# --- the release ------------------------------------------------------------------------------------------------------

QUARTERLY = {
    "cadence": "quarterly", "months": [1, 4, 7, 10], "which": "last", "weekday": "Thursday", "usual": "last Thursday",
}  # fmt: skip


def test_overdue_when_nothing_was_announced_and_five_working_days_are_over() -> None:
    publication, look = series(calendar=QUARTERLY), looked(shown("2024-03", "2024-04-25"))
    assert news(registered([], publication, look=look, as_of="2024-08-01")) == set()
    row = the(registered([], publication, look=look, as_of="2024-08-02"), "overdue", "all")
    assert (row["code"], row["severity"], row["last_seen"]) == ("OD", "S2", "2024-03")
    later = the(registered([], publication, look=look, as_of="2024-08-23"), "overdue", "all")
    assert later["severity"] == "S1"


CANCELLED = {"state": "cancelled", "from": day("2024-07-24"), "release": day("2024-07-25"), "source": "the calendar"}


@pytest.mark.parametrize(
    ("what", "severity", "overdue_later"),
    [
        ("Cancelled: the register of cases was upgraded.", "S2", False),
        ("Postponed following concerns about quality.", "S2", True),
    ],
)
def test_cancelled_with_a_reason_and_owed_all_the_same_where_it_says_postponed(what, severity, overdue_later) -> None:
    publication = series(calendar=QUARTERLY, known=[CANCELLED | {"what": what}])
    look = looked(shown("2024-03", "2024-04-25"))
    row = the(registered([], publication, look=look, as_of="2024-07-24"), "cancelled", "all")
    assert (row["code"], row["severity"]) == ("CN", severity)
    assert what in row["reason"]
    later = news(registered([], publication, look=look, as_of="2024-08-10"))
    assert (("all", "overdue") in later) is overdue_later


def test_discontinued_is_said_once_and_is_never_overdue() -> None:
    ended = {"state": "discontinued", "from": day("2024-04-25"), "what": "The last in the series.", "source": "page"}
    publication = series(calendar=QUARTERLY | {"until": day("2024-04-25")}, known=[ended | {"sure": "seen"}])
    row = the(registered([], publication, look=looked(shown("2024-03", "2024-04-25"))), "discontinued", "all")
    assert (row["code"], row["severity"], row["since"]) == ("DI", "S3", day("2024-04-25"))  # lowered: explained
    assert news(registered([], publication, look=looked(shown("2024-03", "2024-04-25")))) == {("all", "discontinued")}


def test_withdrawn_is_urgent() -> None:
    look = looked(
        shown("2024-03", "2024-04-25", withdrawn=True), events=(Event(day("2024-05-02"), "withdrawn", "2024-03"),)
    )
    row = the(registered([], look=look), "withdrawn", "all")
    assert (row["code"], row["severity"], row["since"]) == ("WD", "S1", day("2024-05-02"))


@pytest.mark.parametrize(("page", "severity"), [(True, "S2"), (False, "S3")])
def test_a_dead_address_has_been_found_dead_twice(page, severity) -> None:
    dead = Dead("https://example.org/a.ods", day("2024-05-02"), day("2024-05-03"), page)
    row = the(registered([], look=looked(shown("2024-03", "2024-04-25"), dead=(dead,))), "dead_link", "all")
    assert (row["code"], row["severity"]) == ("DL", severity)
    assert "2 May 2024, and again on 3 May 2024" in row["reason"]


def test_moved_is_noted_and_the_series_goes_on() -> None:
    event = Event(day("2024-07-01"), "moved", "2024-03", "/statistics/a", "/publications/a")
    look = looked(shown("2024-03", "2024-04-25"), events=(event,))
    row = the(registered([], look=look), "moved", "all")
    assert (row["code"], row["severity"]) == ("MV", "S3")


@pytest.mark.parametrize(
    ("before", "now", "severity"),
    [("custody.ods", "custody.xlsx", "S3"), ("youth-custody-june-2024.ods", "Report_-_Jul_-_24.ods", "S3")],
)
def test_another_format_or_file_name_is_noted(before, now, severity) -> None:
    first = Made("2024-03", MARCH.sheets, "2024-04-25", name=before)
    found = registered([first, june({"1": by_sex("30 June 2024"), "2": by_ethnicity("30 June 2024")}, name=now)])
    assert the(found, "format_change", "all")["severity"] == severity
    assert whole(found)["state"] == "present"


def test_a_header_that_no_longer_stands_over_its_numbers_is_not_understood_and_nobody_is_accused() -> None:
    def rows(period: str, shifted: bool) -> list:
        head = ["Prison", *([None] if shifted else []), *FIVE, "Total"]
        title = f"Table 2: People by prison and ethnic group, {period}"
        return [[title], [], head, *([p, 1, 2, 3, 4, 5, 15] for p in ("Ashfield", "Bure"))]

    first = Made("2024-03", {"2": rows("March 2024", False)}, "2024-04-25")
    found = registered([first, june({"2": rows("June 2024", True)})])
    gaps = found.gaps
    assert set(gaps["state"]) == {"unclear", "present"}  # nobody is accused of anything
    assert gaps.filter(state="present")["characteristic"].to_list() == ["ethnicity"]
    table = gaps.filter(characteristic="ethnicity", state="unclear").row(0, named=True)
    assert (table["measure"], table["severity"]) == ("Table 2: People by prison and ethnic group, March 2024", "S4")
    assert "was not understood by this monitor" in table["reason"]
    assert (
        "Sheet 2, cells B4:B5: numbers beside a table" in gaps.filter(characteristic="sex").row(0, named=True)["reason"]
    )


def test_renumbered_tables_are_one_row_with_the_numbers_to_remap() -> None:
    sheets = {"1": by_sex("30 June 2024", number="2.1"), "2": by_ethnicity("30 June 2024", number="2.4")}
    found = registered([MARCH, june(sheets)])
    row = the(found, "renumbered", "all")
    assert (row["code"], row["severity"]) == ("TN", "S3")
    assert json.loads(row["evidence"])["numbers"] == {"1.1": "2.1", "1.4": "2.4"}
    assert whole(found)["state"] == "present"


def test_coverage_changes_with_the_places_counted() -> None:
    def rows(period: str, forces) -> dict:
        title = f"Table 8: Arrests by police force area and ethnic group, {period}"
        return {"8": [[title], [], ["Police force area", *FIVE], *([f, 10, 20, 30, 40, 50] for f in forces)]}

    forces = ("Avon and Somerset", "Kent", "Lancashire", "Surrey")
    first = Made("2024-03", rows("March 2024", forces), "2024-04-25")
    row = the(registered([first, june(rows("June 2024", (*forces[:2], "Surrey")))]), "coverage_change", "all")
    assert (row["code"], row["severity"]) == ("CV", "S2")
    assert "Gone: Lancashire" in row["reason"]


def test_a_break_that_the_source_declares() -> None:
    known = {
        "state": "break",
        "from": day("2024-05-01"),
        "what": "The measure changed.",
        "source": "guide",
        "sure": "seen",
    }
    row = the(registered([MARCH], series(known=[known])), "break", "all")
    assert (row["code"], row["severity"], row["confidence"]) == ("BR", "S3", "stated")


@pytest.mark.parametrize(("notes", "severity"), [((), "S2"), (("25 April: First.", "2 May: Corrected."), "S3")])
def test_revised_with_a_note_or_silently(notes, severity) -> None:
    again = Made(
        "2024-03", {**MARCH.sheets, "2": by_ethnicity("31 March 2024", each=101)}, "2024-04-25", seen="2030-01-02"
    )
    look = looked(shown("2024-03", "2024-04-25", opened=True, noted=notes, files=("custody.xlsx",)))
    row = the(registered([MARCH, again], look=look, as_of="2030-02-01"), "revised", "all")
    assert (row["code"], row["severity"]) == ("RV", severity)


def test_published_elsewhere_only() -> None:
    known = {"state": "published_elsewhere", "characteristic": "ethnicity", "crossed": ["establishment"],
             "from": day("2018-12-31"), "what": "Given in an answer.", "source": "FOI", "sure": "seen"}  # fmt: skip
    row = the(registered([MARCH], series(known=[known])), "published_elsewhere")
    assert (row["code"], row["severity"], row["level"], row["crossed"]) == ("PE", "S3", "crossing", "establishment")


def test_annual_only_by_declaration() -> None:
    yearly = {"tables": "by ethnicity", "characteristics": ["ethnicity"], "cadence": "annual", "months": [4],
              "weekday": "Thursday", "which": "last"}  # fmt: skip
    publication = series(calendar=QUARTERLY | {"tables": [yearly]})
    quarterly = [MARCH, june({"1": by_sex("30 June 2024")})]
    row = whole(registered(quarterly, publication))
    assert (row["state"], row["code"], row["severity"]) == ("annual_only", "AG", "S4")
    late = Made("2025-03", {"1": by_sex("31 March 2025")}, "2025-04-24")
    assert whole(registered([*quarterly, late], publication, as_of="2025-05-01"))["state"] == "dropped"


def annually(**more) -> dict:
    return {"tables": "by ethnicity", "characteristics": ["ethnicity"], "cadence": "annual", "months": [4],
            "weekday": "Thursday", "which": "last", **more}  # fmt: skip


ONLY_ANNUALLY = {"state": "annual_only", "characteristic": "ethnicity", "what": "It is annual.", "source": "guide",
                 "sure": "seen"}  # fmt: skip


@pytest.mark.parametrize(
    "declared",
    [{"calendar": QUARTERLY | {"tables": [annually()]}}, {"calendar": QUARTERLY, "known": [ONLY_ANNUALLY]}],
    ids=["by the calendar", "by a source"],
)
def test_what_is_derived_from_ethnicity_is_annual_where_ethnicity_is(declared) -> None:
    """Gypsy, Roma or Traveller people are counted as a group of ethnicity: by declaration neither is in June's."""
    publication = series(**declared)
    april = Made("2024-03", {"1": by_sex("31 March 2024"), "2": by_ethnicity("31 March 2024", EIGHTEEN)}, "2024-04-25")
    quarterly = [april, june({"1": by_sex("30 June 2024")})]
    found = registered(quarterly, publication)
    assert {whole(found, d)["state"] for d in ("ethnicity", "gypsy_roma_traveller")} == {"annual_only"}
    assert news(found) == set()
    late = Made("2025-03", {"1": by_sex("31 March 2025")}, "2025-04-24")
    found = registered([*quarterly, late], publication, as_of="2025-05-01")
    assert {whole(found, d)["state"] for d in ("ethnicity", "gypsy_roma_traveller")} == {"dropped"}
    five = june({"1": by_sex("30 June 2024"), "2": by_ethnicity("30 June 2024")})
    found = registered([april, five], publication)
    assert whole(found, "ethnicity")["state"] == "collapsed"
    assert whole(found, "gypsy_roma_traveller")["state"] == "dropped", "its ethnic groups are five, out of their time"


def test_what_goes_with_the_groups_it_is_derived_from_is_told_in_the_alert_of_these() -> None:
    def told(march: dict, later: dict) -> dict[str, str]:
        files = [Made("2024-03", march, "2024-04-25", seen="2024-04-25"), june(later)]
        rows = registered(files).gaps.to_dicts()
        return {name: gap.reason for name, gap in gaps_of(rows).items() if gap.state == "dropped"}

    sex, groups = by_sex("31 March 2024"), by_ethnicity("31 March 2024", EIGHTEEN)
    found = told({"1": sex, "2": groups}, {"1": by_sex("30 June 2024")})
    assert set(found) == {"custody.ethnicity.DR"}
    assert found["custody.ethnicity.DR"].endswith("With it went Gypsy, Roma or Traveller, which its groups told.")
    more = table("Table 3: Deaths by ethnic group, 31 March 2024", "Ethnic group", EIGHTEEN, "31 March 2024")
    found = told({"1": sex, "2": groups, "3": more}, {"1": by_sex("30 June 2024"), "2": groups})
    assert set(found) == {"custody.deaths-ethnic-group.ethnicity.DR"}, "of one table as of the whole"
    own = table("Table 4: Children by Gypsy, Roma or Traveller, 31 March 2024", "Gypsy, Roma or Traveller",
                ["Gypsy, Roma or Traveller", "Not Gypsy, Roma or Traveller"], "31 March 2024")  # fmt: skip
    found = told({"1": sex, "2": groups, "4": own}, {"1": by_sex("30 June 2024")})
    assert set(found) == {"custody.ethnicity.DR", "custody.gypsy_roma_traveller.DR"}, "a table of its own is its own"


def test_what_does_not_apply_or_is_not_collected_is_so_of_what_is_derived_from_it() -> None:
    editions = [Made("2024-03", {"1": by_sex("31 March 2024")}, "2024-04-25")]
    without = registered(editions, series(not_applicable={"ethnicity": "It counts buildings."}))
    assert whole(without, "gypsy_roma_traveller")["state"] == "not_applicable"
    known = {"state": "not_collected", "characteristic": "ethnicity", "what": "Nobody asks.", "source": "guide",
             "sure": "seen"}  # fmt: skip
    uncollected = registered(editions, series(known=[known]))
    assert whole(uncollected, "gypsy_roma_traveller")["state"] == "not_collected"


def test_one_absence_teaches_no_rhythm_and_two_do() -> None:
    ends = ["2023-06-30", "2023-09-30", "2023-12-31", "2024-03-31", "2024-06-30", "2024-09-30"]

    def having(*with_ethnicity: bool) -> dict:
        made = []
        for end, has in zip(ends, with_ethnicity, strict=False):
            said = f"{day(end).day} {day(end):%B %Y}"
            sheets = {"1": by_sex(said), **({"2": by_ethnicity(said)} if has else {})}
            made.append(Made(end[:7], sheets, (day(end) + dt.timedelta(days=25)).isoformat()))
        return whole(registered(made, as_of="2024-12-31"))

    assert having(True, False)["state"] == "dropped"
    assert having(True, False, True, False)["state"] == "dropped", "dropped, back, and dropped again"
    assert having(True, False, True, False, True, False)["state"] == "annual_only"


@pytest.mark.parametrize(
    ("was", "now", "severity"),
    [("official statistics", "national statistics", "S4"), ("national statistics", "transparency", "S3")],
)
def test_designation_up_and_down(was, now, severity) -> None:
    look = looked(shown("2024-03", "2024-04-25", designation=was), shown("2024-06", "2024-07-25", designation=now))
    row = the(registered([], look=look), "designation_change", "all")
    assert (row["code"], row["severity"]) == ("DS", severity)
