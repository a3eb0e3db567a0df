"""The life of an alert: detected, confirmed, raised, answered, closed; and opened again by itself."""

import datetime as dt
import json
from datetime import timedelta

import pytest

from monitor.notify.owed import Told, owed
from monitor.notify.settings import Recipient
from monitor.notify.words import said
from monitor.watch import alerts as life
from monitor.watch.alerts import NotAllowed, Past, fingerprint, gaps_of, kinds, past, title, transitions
from monitor.watch.register.held import named as name_and_number
from tests.alerts.made import MONDAY, OTHER, PUBLICATION, Journal, Row, named, present, row

DAY, WEEK = timedelta(days=1), timedelta(days=7)
DROPPED = row("dropped", severity="S1", last_seen="2024-03-31")


@pytest.fixture
def journal() -> Journal:
    """Of two publications watched since last week, when nothing was missing."""
    return Journal().began(MONDAY - WEEK)


# --- one name for as long as it lives -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"edition": "2024-09-30"},
        {"since": dt.date(2025, 1, 30)},
        {"last_seen": "2024-06-30"},
        {"severity": "S3"},
        {"evidence": "{}"},
        {"reason": "Said otherwise."},
        {"confidence": "stated"},
    ],
)
def test_the_name_holds_no_date_and_no_edition(change) -> None:
    assert fingerprint({**DROPPED, **change}) == fingerprint(DROPPED)


@pytest.mark.parametrize(
    "change",
    [{"publication": OTHER}, {"characteristic": "sex"}, {"code": "NP"}, {"measure": "deaths"}, {"crossed": "sex"}],
)
def test_another_publication_measure_characteristic_crossing_or_kind_is_another_alert(change) -> None:
    assert fingerprint({**DROPPED, **change}) != fingerprint(DROPPED)


def test_a_table_keeps_its_name_when_its_number_and_its_date_change() -> None:
    older = row("dropped", level="table", measure="Table A1.7: Prison population by ethnicity, 30 June 2023")
    newer = row("dropped", level="table", measure="Table 1.7: Prison population by ethnicity, 30 June 2024")
    assert fingerprint(older) == fingerprint(newer)


@pytest.mark.parametrize("number", ["1_Q_{}", "A1_{}", "1.{}", "Table 1.Q.{}", "1_Q_{}a"])
def test_tables_that_have_nothing_but_a_number_stay_apart_by_it(number) -> None:
    seven, twelve = (row("dropped", level="table", measure=number.format(n)) for n in (7, 12))
    assert fingerprint(seven) != fingerprint(twelve)


@pytest.mark.parametrize("number", ["1_Q_7", "1.Q.7", "1_Q_7a", "1_A_3", "A1.7", "A1_3i(a)"])
def test_a_number_with_letters_in_it_is_no_part_of_a_tables_name(number) -> None:
    assert name_and_number(f"Table {number}: People in prison by ethnicity") == ("people prison ethnicity", number)
    assert name_and_number(number) == ("", number)


@pytest.mark.parametrize("title", ["2022", "19_20", "2022_23", "May-22", "Q1"])
def test_a_period_is_no_number_of_a_table(title) -> None:
    assert name_and_number(title)[1] == ""


def test_what_is_so_of_a_releases_only_table_keeps_its_name_from_one_edition_to_the_next() -> None:
    older, newer = (row("unknown_share", measure=f"Table 2: By ethnic group, {year}") for year in (2023, 2024))
    assert fingerprint(older) == fingerprint(newer)


def test_two_long_names_that_begin_alike_stay_apart() -> None:
    one, two = (row("dropped", measure="x" * 80 + end) for end in "ab")
    assert fingerprint(one) != fingerprint(two)


def test_two_editions_that_are_outstanding_are_one_alert_of_the_graver_severity() -> None:
    rows = [
        row("overdue", characteristic="all", edition="2024-Q1", severity="S1"),
        row("overdue", characteristic="all", edition="2024-Q2", severity="S2"),
    ]
    (gap,) = gaps_of(rows).values()
    assert (gap.severity, gap.editions, gap.characteristic) == ("S1", ("2024-Q1", "2024-Q2"), "")


@pytest.mark.parametrize(
    "state", ["not_looked", "present", "absent", "partial", "not_applicable", "not_collected", "unclear", "not_read"]
)
def test_what_nobody_looked_at_or_nobody_expected_makes_no_alert(state) -> None:
    assert gaps_of([row(state)]) == {}


def test_every_code_of_the_register_has_its_meaning() -> None:
    from monitor.vocabulary import GAP_CODES
    from monitor.watch.register import OURS

    ours = {GAP_CODES[state] for state in OURS}
    assert {code for code, kind in kinds().items() if kind.family != "monitor"} == set(GAP_CODES.values()) - ours
    assert ours == {"UC", "NR"}


# --- news, and what was so before ---------------------------------------------------------------------------------


def test_what_was_missing_when_a_publication_was_first_looked_at_is_listed_and_no_news() -> None:
    journal = Journal()
    journal.run([DROPPED], MONDAY)
    assert journal.alert([DROPPED]).baseline


def test_what_goes_missing_later_is_news(journal) -> None:
    assert named(journal.run([DROPPED, present(OTHER)], MONDAY)) == ["detected", "confirmed"]
    assert not journal.alert([DROPPED]).baseline


def test_the_first_look_at_a_page_brings_what_was_so_before_though_a_file_was_held(journal) -> None:
    journal.look(PUBLICATION, MONDAY)
    journal.run([DROPPED], MONDAY)
    assert journal.alert([DROPPED]).baseline
    unknown = row("unknown_share")
    journal.run([DROPPED, unknown], MONDAY + DAY)
    assert [a.baseline for a in journal.alerts([DROPPED, unknown])] == [True, False]


def test_the_same_pass_again_makes_nothing_happen(journal) -> None:
    journal.run([DROPPED], MONDAY)
    assert journal.run([DROPPED], MONDAY + DAY) == []


# --- confirmed ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gap", [row("dropped"), row("cancelled", characteristic="all", confidence="stated")])
def test_what_held_files_or_a_cited_source_show_is_confirmed_at_once(journal, gap) -> None:
    assert named(journal.run([gap], MONDAY)) == ["detected", "confirmed"]


@pytest.mark.parametrize(
    "gap",
    [
        row("never_published", confidence="contents"),
        row("overdue", characteristic="all", confidence="stated"),
        row("dead_link", characteristic="all", confidence=None),
    ],
)
def test_what_only_a_page_shows_is_confirmed_when_it_was_looked_at_again_a_day_later(journal, gap) -> None:
    assert named(journal.run([gap], MONDAY)) == ["detected"]
    assert journal.run([gap], MONDAY + DAY) == []  # because nobody has looked since
    journal.look(PUBLICATION, MONDAY + timedelta(hours=2))
    assert journal.run([gap], MONDAY + DAY) == []  # because that was too soon
    journal.look(PUBLICATION, MONDAY + DAY)
    assert named(journal.run([gap], MONDAY + DAY)) == ["confirmed"]


def test_what_was_gone_before_it_was_confirmed_is_closed(journal) -> None:
    gap = row("overdue", characteristic="all", confidence="stated")
    journal.run([gap], MONDAY)
    assert named(journal.run([present()], MONDAY + DAY)) == ["resolved"]


# --- closed by the register, and only by it ------------------------------------------------------------------------


def test_a_breakdown_that_is_seen_again_closes_its_alert_and_says_where(journal) -> None:
    journal.run([DROPPED], MONDAY)
    journal.run([present()], MONDAY + 90 * DAY)
    alert = journal.alert([present()])
    assert (alert.state, alert.reason) == ("resolved", "Seen again. In 2 of the 23 sheets inspected.")


def test_a_publication_that_nobody_looked_at_closes_nothing(journal) -> None:
    journal.run([DROPPED], MONDAY)
    assert journal.run([row("not_looked"), present(OTHER)], MONDAY + DAY) == []
    assert journal.run([], MONDAY + 2 * DAY) == []
    assert journal.alert([]).state == "confirmed"


def test_a_gap_that_turns_into_another_is_closed_by_that_and_not_as_seen_again(journal) -> None:
    journal.run([DROPPED], MONDAY)
    ended = row("discontinued")
    journal.run([ended], MONDAY + DAY)
    was = next(a for a in journal.alerts([ended]) if a.gap.code == "DR")
    assert (was.state, was.reason) == ("resolved", "The register now says: discontinued.")


def test_a_late_edition_that_comes_closes_its_alert_though_its_file_was_not_read(journal) -> None:
    late = row("overdue", characteristic="all", confidence="stated", publication=OTHER)
    journal.run([late], MONDAY)
    journal.look(OTHER, MONDAY + DAY)
    assert named(journal.run([row("not_looked", OTHER)], MONDAY + DAY)) == ["resolved"]


def test_a_gap_that_comes_back_opens_the_same_alert_again(journal) -> None:
    journal.run([DROPPED], MONDAY)
    journal.run([present()], MONDAY + DAY)
    (event,) = journal.run([DROPPED], MONDAY + 2 * DAY)
    assert (event.event, event.said["because"]) == ("reopened", "returned")
    assert journal.alert([DROPPED]).is_open


def test_a_gap_that_becomes_graver_is_news_once(journal) -> None:
    late = row("unknown_share", severity="S3")
    journal.run([late], MONDAY)
    graver = {**late, "severity": "S1"}
    assert named(journal.run([graver], MONDAY + DAY)) == ["worsened"]
    assert journal.run([graver], MONDAY + 2 * DAY) == []
    assert journal.run([late], MONDAY + 3 * DAY) == []


def announced(state: str, display: str) -> Row:
    said = json.dumps({"announced": {"state": state, "for": display}})
    return row("cancelled", characteristic="all", confidence="stated", evidence=said, reason=f"{state} {display}")


def test_each_other_state_or_date_of_an_announced_edition_is_news_once(journal) -> None:
    first, second = announced("confirmed", "16 May 2024"), announced("confirmed", "23 May 2024")
    journal.run([first], MONDAY)
    assert journal.run([first], MONDAY + DAY) == []
    assert named(journal.run([second], MONDAY + 2 * DAY)) == ["changed"]
    alert = journal.alert([second])
    told = Told(since=MONDAY - DAY, alerts={alert.id: MONDAY}, events={e.id for e in alert.history[:2]})
    digest = owed(Recipient(name="Ann", channel="chat", severity="S4"), [alert], told, MONDAY + 2 * DAY)
    assert [said(event) for _, event in digest.changed] == [
        "6 November 2024: announced otherwise. confirmed 23 May 2024"
    ]
    assert journal.run([second], MONDAY + 3 * DAY) == []
    assert named(journal.run([first], MONDAY + 4 * DAY)) == ["changed"], "the first date again is a change again"


def test_what_was_accepted_of_one_date_is_open_again_with_another_and_what_is_set_aside_is_not(journal) -> None:
    first, off = announced("confirmed", "16 May 2024"), announced("cancelled", "16 May 2024")
    journal.run([first], MONDAY)
    journal.keep(life.accepted(journal.alert([first]), MONDAY, "ann", "Quality."))
    assert journal.run([first], MONDAY + DAY) == []
    (event,) = journal.run([off], MONDAY + 2 * DAY)
    assert (event.event, event.said["because"], event.cause) == ("reopened", "changed", "cancelled 16 May 2024")
    journal.keep(life.snoozed(journal.alert([off]), MONDAY + 2 * DAY, "ann", dt.date(2024, 12, 1), "Wait."))
    assert journal.run([first], MONDAY + 3 * DAY) == []


def test_each_transition_says_why_and_what_it_rests_on(journal) -> None:
    late = row("overdue", confidence="contents")
    journal.run([late], MONDAY)
    journal.look(PUBLICATION, MONDAY + DAY)
    journal.run([late], MONDAY + DAY)
    journal.run([present()], MONDAY + 2 * DAY)
    noticed, confirmed, closed = past(journal.lines).events
    assert noticed.cause == late["reason"] and noticed.evidence == [json.loads(late["evidence"])]
    assert confirmed.cause == "Seen again at the look of 2024-11-05 10:30."
    assert closed.cause.startswith("Seen again. In 2 of the 23 sheets") and closed.evidence


# --- what people do -----------------------------------------------------------------------------------------------


@pytest.fixture
def alert(journal):
    journal.run([DROPPED], MONDAY)
    return journal.alert([DROPPED])


def then(journal, *events):
    journal.keep(*events)
    return journal.alert([DROPPED])


def test_a_request_under_the_act_is_due_in_twenty_working_days_over_christmas(journal, alert) -> None:
    sent = dt.datetime(2024, 12, 9, 12)
    raised = then(journal, life.raised(alert, sent, "ann", "foi", "FOI-1"))
    # 9 December 2024 was a Monday; Christmas Day, Boxing Day and New Year's Day are no working days
    assert (raised.state, raised.due, raised.reference) == ("raised", dt.date(2025, 1, 9), "FOI-1")


def test_a_written_question_needs_the_day_it_names(alert) -> None:
    with pytest.raises(NotAllowed, match="--due"):
        life.raised(alert, MONDAY, "ann", "pq")
    assert life.raised(alert, MONDAY, "ann", "pq", due=dt.date(2024, 11, 12)).said["due"] == "2024-11-12"


def test_a_reply_that_does_not_come_is_said_once(journal, alert) -> None:
    then(journal, life.raised(alert, MONDAY, "ann", "producer"))
    due = journal.alert([DROPPED]).due
    on_the_day = dt.datetime.combine(due, dt.time(12))
    assert journal.run([DROPPED], on_the_day) == []
    assert named(journal.run([DROPPED], on_the_day + DAY)) == ["unanswered"]
    assert journal.run([DROPPED], on_the_day + 2 * DAY) == []
    assert journal.alert([DROPPED]).state == "raised"


def test_a_promise_that_passes_opens_the_alert_again_by_itself(journal, alert) -> None:
    then(journal, life.answered(alert, MONDAY, "ann", "promised", promised=dt.date(2025, 1, 30)))
    assert journal.run([DROPPED], dt.datetime(2025, 1, 30, 12)) == []
    (event,) = journal.run([DROPPED], dt.datetime(2025, 1, 31, 12))
    assert (event.event, event.said["because"]) == ("reopened", "promise_passed")
    assert "30 January 2025" in event.said["reason"]


def test_a_promise_that_is_kept_closes_it(journal, alert) -> None:
    then(journal, life.answered(alert, MONDAY, "ann", "promised", promised=dt.date(2025, 1, 30)))
    assert named(journal.run([present()], dt.datetime(2025, 1, 30, 12))) == ["resolved"]


def test_an_acceptance_ends_after_twelve_months(journal, alert) -> None:
    accepted = then(journal, life.accepted(alert, MONDAY, "ann", "The law changed."))
    assert (accepted.state, accepted.until, accepted.is_open) == ("accepted", dt.date(2025, 11, 4), False)
    assert journal.run([DROPPED], dt.datetime(2025, 11, 3, 12)) == []
    (event,) = journal.run([DROPPED], dt.datetime(2025, 11, 4, 12))
    assert event.said["because"] == "acceptance_expired"


@pytest.mark.parametrize("day", [dt.datetime(2024, 2, 29), dt.datetime(2023, 12, 31), dt.datetime(2024, 1, 31)])
def test_twelve_months_are_the_same_day_or_the_last_of_the_month(alert, day) -> None:
    until = dt.date.fromisoformat(life.accepted(alert, day, "ann", "x").said["until"])
    expected = dt.date(2025, 2, 28) if (day.month, day.day) == (2, 29) else dt.date(day.year + 1, day.month, day.day)
    assert until == expected


def test_a_snooze_ends_on_its_day_and_the_alert_is_as_it_was(journal, alert) -> None:
    raised = then(journal, life.raised(alert, MONDAY, "ann", "foi"))
    snoozed = then(journal, life.snoozed(raised, MONDAY, "ann", dt.date(2024, 11, 20)))
    assert (snoozed.state, snoozed.is_open) == ("snoozed", False)
    (event,) = journal.run([DROPPED], dt.datetime(2024, 11, 20, 9))
    assert event.said["because"] == "snooze_ended"
    assert journal.alert([DROPPED]).state == "raised"


def test_what_is_taken_on_has_an_owner(journal, alert) -> None:
    taken = then(journal, life.acknowledged(alert, MONDAY, "ann"))
    assert (taken.state, taken.owner) == ("triaged", "ann")


def test_our_mistake_stays_one_while_the_gap_is_shown_and_is_forgotten_when_it_goes(journal, alert) -> None:
    mistaken = then(journal, life.false_positive(alert, MONDAY, "ann", "The sheet was hidden."))
    assert mistaken.state == "false_positive"
    assert journal.run([DROPPED], MONDAY + 400 * DAY) == []
    journal.run([present()], MONDAY + 401 * DAY)
    assert named(journal.run([DROPPED], MONDAY + 402 * DAY)) == ["reopened"]


@pytest.mark.parametrize(
    "act",
    [
        lambda a: life.accepted(a, MONDAY, "ann", " "),
        lambda a: life.false_positive(a, MONDAY, "ann", ""),
        lambda a: life.snoozed(a, MONDAY, "ann", MONDAY.date()),
        lambda a: life.answered(a, MONDAY, "ann", "promised"),
        lambda a: life.answered(a, MONDAY, "ann", "refused", promised=dt.date(2025, 1, 1)),
        lambda a: life.answered(a, MONDAY, "ann", "promised", promised=dt.date(2024, 1, 1)),
    ],
    ids=["no reason", "no reason for a mistake", "snoozed until today", "promise without a day", "refused for a day",
         "promised for the past"],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(alert, act) -> None:
    with pytest.raises(NotAllowed):
        act(alert)


def test_nothing_can_be_done_to_what_is_closed(journal, alert) -> None:
    journal.run([present()], MONDAY + DAY)
    closed = journal.alert([present()])
    for act in (
        lambda: life.acknowledged(closed, MONDAY, "ann"),
        lambda: life.snoozed(closed, MONDAY, "ann", dt.date(2025, 1, 1)),
        lambda: life.accepted(closed, MONDAY, "ann", "x"),
    ):
        with pytest.raises(NotAllowed, match="is resolved"):
            act()


def test_acknowledging_does_not_undo_that_it_was_asked_for(journal, alert) -> None:
    raised = then(journal, life.raised(alert, MONDAY, "ann", "foi"))
    with pytest.raises(NotAllowed, match="already raised"):
        life.acknowledged(raised, MONDAY, "bob")


# --- the journal --------------------------------------------------------------------------------------------------


def test_the_same_journal_and_register_give_the_same_alerts(journal, alert) -> None:
    then(journal, life.raised(alert, MONDAY, "ann", "foi"))
    assert journal.alerts([DROPPED]) == journal.alerts([DROPPED])


@pytest.mark.parametrize("lost", [0, 1, 2, 3])
def test_a_line_that_cannot_be_read_loses_no_alert_and_nothing_that_was_done_later(journal, alert, lost) -> None:
    then(journal, life.raised(alert, MONDAY, "ann", "foi", "FOI-1"))
    journal.lines[lost] = {"what": "unreadable", "line": lost}
    assert past(journal.lines).unreadable == 1
    journal.run([DROPPED], MONDAY + DAY)
    after = journal.alert([DROPPED])
    assert after.is_open
    if lost != 3:
        assert (after.state, after.reference) == ("raised", "FOI-1")


@pytest.mark.parametrize(
    "broken",
    [{"event": "exploded"}, {"said": None}, {"seen_at": "yesterday"}, {"said": {"until": "soon"}}, {"alert": ...}],
    ids=str,
)
def test_a_line_that_makes_no_sense_is_passed_over_and_counted(journal, alert, broken) -> None:
    line = {**journal.lines[-1], **broken}
    if broken.get("alert") is ...:
        del line["alert"]
    known = past([*journal.lines, line])
    assert known.unreadable == 1
    assert known.events == past(journal.lines).events


def test_the_past_can_be_asked(journal, alert) -> None:
    then(journal, life.accepted(alert, MONDAY + DAY, "ann", "x"))
    known = past(journal.lines, until=MONDAY)
    assert named(known.events) == ["detected", "confirmed"]


def test_nothing_depends_on_the_order_of_the_register() -> None:
    rows = [DROPPED, row("unknown_share"), row("overdue", OTHER, "all")]
    forth, _ = transitions(rows, gaps_of(rows), Past(), MONDAY)
    back, _ = transitions(rows[::-1], gaps_of(rows[::-1]), Past(), MONDAY)
    assert {e.id for e in forth} == {e.id for e in back}


# --- titles -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", sorted(code for code, kind in kinds().items() if kind.family != "monitor"))
def test_a_title_is_under_90_characters_whatever_the_release_is_called(state) -> None:
    from monitor.declarations import publications
    from monitor.vocabulary import GAP_CODES

    named_state = next(s for s, code in GAP_CODES.items() if code == state)
    for slug in publications():
        (gap,) = gaps_of([row(named_state, slug)]).values()
        assert 0 < len(title(gap, publications())) < 90
