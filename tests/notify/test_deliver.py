"""Who is told what, and when: by mail to a real server, over passes that go by."""

import datetime as dt
import threading
from datetime import timedelta

import pytest

from monitor.notify.deliver import Underway
from monitor.watch import alerts as life
from tests.alerts.made import OTHER, PUBLICATION, present, row
from tests.notify.conftest import person, post
from tests.notify.servers import PostOffice

DAY = timedelta(days=1)
DROPPED = row("dropped", severity="S1", last_seen="2024-03-31")
LATE = row("overdue", OTHER, "all", severity="S2", confidence="inspected", title="An edition is overdue")
WELL, ALSO_WELL = present(PUBLICATION), present(OTHER)


@pytest.fixture
def told(watching, post_office):
    """A home of which Ann is told by mail since yesterday; nothing is missing yet."""
    watching.settings(post(post_office.port) + person())
    watching.deliver()
    assert post_office.mails == []
    return watching


def results(done) -> list[str]:
    return [o.result for o in done.outcomes]


def subjects(office: PostOffice) -> list[str]:
    return [mail["Subject"] for mail in office.mails]


def text(office: PostOffice, n: int = -1) -> str:
    return office.mails[n].get_body(("plain",)).get_content()


# --- once ---------------------------------------------------------------------------------------------------------


def test_a_breakdown_that_goes_is_told_once(told, post_office) -> None:
    told.run(DROPPED, ALSO_WELL)
    assert results(told.deliver()) == ["sent"]
    assert results(told.deliver()) == ["nothing"]
    told.run(DROPPED, ALSO_WELL)
    told.deliver()
    (subject,) = subjects(post_office)
    assert subject.startswith("S1: Ethnicity: dropped – Offender management statistics") and "(1 new)" in subject


def test_nothing_is_sent_when_nothing_happened(told, post_office) -> None:
    told.run(WELL, ALSO_WELL)
    assert results(told.deliver()) == ["nothing"]
    assert post_office.mails == []


def test_a_run_is_one_message_however_many_tables_lost_it(told, post_office) -> None:
    tables = [row("dropped", level="table", measure=f"Prisoners by ethnicity and {w}") for w in "abcdefghijklmno"]
    told.run(DROPPED, row("withdrawn", OTHER, "all"), *tables)
    told.deliver()
    (subject,) = subjects(post_office)
    assert "17 new" in subject
    assert text(post_office).count("Under the Freedom of Information Act") == 2  # one a loss, not one a table
    assert all(f"ethnicity-{w}." in text(post_office) for w in "bcdefghijklmno")


def test_what_was_missing_when_watching_began_is_said_once_as_a_list(tmp_path, post_office) -> None:
    from monitor.settings import Home
    from tests.notify.conftest import Watching

    fresh = Watching(Home(tmp_path / "fresh"))
    fresh.settings(post(post_office.port) + person(to="ann@example.org"))
    gaps = [row("never_published", slug, severity="S1" if n < 3 else "S2", measure=f"m{n}")
            for n, slug in enumerate([PUBLICATION, OTHER] * 60)]  # fmt: skip
    fresh.run(*gaps)
    fresh.deliver()
    fresh.run(*gaps, DROPPED)
    fresh.deliver()
    first, second = (text(post_office, n) for n in (0, 1))
    assert "3 S1 (act today), 117 S2 (this week)" in first
    assert first.count("\n* ") == 10 + 2, "ten of them, and how many there are of each of the two publishers"
    assert "Freedom of Information" not in first
    assert "(1 new)" in subjects(post_office)[1]
    assert "never published" not in second.split("History")[0].lower().replace("- never", "")
    assert len(post_office.mails) == 2


def test_somebody_added_later_is_told_the_standing_ones_as_a_list(told, post_office) -> None:
    told.run(DROPPED, ALSO_WELL)
    told.deliver()
    told.run(DROPPED, ALSO_WELL, after=30 * DAY)
    told.deliver()
    told.settings(post(post_office.port) + person() + person("Bob", to="bob@example.org"))
    told.deliver()
    assert post_office.recipients[-1] == ["bob@example.org"]
    assert "KNOWN BEFORE" in text(post_office)


# --- to those who asked -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "is_told"),
    [
        ('publications = ["prison-population"]', True),
        ('publications = ["arrests"]', False),
        ('characteristics = ["religion", "ethnicity"]', True),
        ('characteristics = ["sex"]', False),
        ('severity = "S1"', True),
    ],
)
def test_people_are_told_of_what_they_asked_for(watching, post_office, asked, is_told) -> None:
    watching.settings(post(post_office.port) + person("Ann", asked))
    watching.deliver()
    watching.run(DROPPED, ALSO_WELL)
    watching.deliver()
    assert bool(post_office.mails) is is_told


def test_what_is_less_severe_than_asked_for_is_told_when_it_becomes_so(watching, post_office) -> None:
    watching.settings(post(post_office.port) + person("Ann", 'severity = "S1"'))
    watching.deliver()
    unknown = row("unknown_share", severity="S3")
    watching.run(unknown, ALSO_WELL)
    assert results(watching.deliver()) == ["nothing"]
    watching.run({**unknown, "severity": "S1"}, ALSO_WELL)
    assert results(watching.deliver()) == ["sent"]


def test_a_late_release_concerns_those_who_asked_for_any_characteristic_of_it(watching, post_office) -> None:
    watching.settings(post(post_office.port) + person("Ann", 'characteristics = ["sex"]'))
    watching.deliver()
    watching.run(WELL, LATE)
    assert results(watching.deliver()) == ["nothing"]  # because an overdue edition is first looked for again
    watching.vault.note("look", publication=OTHER, status="unchanged", seen_at=watching.now + DAY)
    watching.run(WELL, LATE)
    assert results(watching.deliver()) == ["sent"]


# --- how it goes on -----------------------------------------------------------------------------------------------


def test_who_got_the_opening_gets_the_closing_and_nobody_else(watching, post_office) -> None:
    everyone = post(post_office.port) + person() + person("Sex only", 'characteristics = ["sex"]', to="s@example.org")
    watching.settings(everyone)
    watching.deliver()
    watching.run(DROPPED, ALSO_WELL)
    watching.deliver()
    watching.run(WELL, ALSO_WELL)
    watching.deliver()
    assert post_office.recipients == [["ann@example.org"], ["ann@example.org"]]
    assert "(1 closed)" in subjects(post_office)[1]
    assert "Seen again. In 2 of the 23 sheets inspected." in text(post_office)


def test_what_opened_and_closed_while_the_server_was_down_is_told_as_both(told, post_office) -> None:
    post_office.answer = "451 later"
    told.run(DROPPED, ALSO_WELL)
    told.deliver()
    told.run(WELL, ALSO_WELL)
    post_office.answer = "250 OK"
    told.deliver()
    assert "OPENED AND CLOSED BEFORE YOU COULD BE TOLD" in text(post_office)
    assert "Freedom of Information" not in text(post_office)


def test_a_promise_that_passes_is_told(told, post_office) -> None:
    told.run(DROPPED, ALSO_WELL)
    told.deliver()
    (alert,) = told.alerts()
    promised = life.answered(alert, told.now, "ann", "promised", promised=told.now.date() + 2 * DAY)
    told.vault.note(life.ALERT, **promised.line())
    told.deliver()
    assert "promised for" in text(post_office)
    told.run(DROPPED, ALSO_WELL, after=3 * DAY)
    told.deliver()
    assert "has not been seen" in text(post_office)
    assert len(post_office.mails) == 3


def test_our_mistake_is_admitted_to_those_who_were_told(told, post_office) -> None:
    told.run(DROPPED, ALSO_WELL)
    told.deliver()
    (alert,) = told.alerts()
    told.vault.note(life.ALERT, **life.false_positive(alert, told.now, "ann", "The sheet was hidden.").line())
    told.deliver()
    assert "called our mistake by ann. The sheet was hidden." in text(post_office)


def test_a_reminder_once_a_week_while_it_is_open_and_of_all_at_once(told, post_office) -> None:
    told.run(DROPPED, ALSO_WELL)
    told.deliver()
    unknown = row("unknown_share")
    told.run(DROPPED, unknown, ALSO_WELL, after=3 * DAY)
    told.deliver()
    sent = []
    for _ in range(30):
        told.run(DROPPED, unknown, ALSO_WELL)
        before = len(post_office.mails)
        told.deliver()
        sent.append(len(post_office.mails) - before)
    assert [n for n, one in enumerate(sent, 4) if one] == [7, 14, 21, 28]
    assert "(2 still open)" in subjects(post_office)[-1]
    (alert,) = [a for a in told.alerts() if a.gap.code == "DR"]
    snoozed = life.snoozed(alert, told.now, "ann", told.now.date() + 60 * DAY)
    told.vault.note(life.ALERT, **snoozed.line())
    told.run(DROPPED, unknown, ALSO_WELL, after=7 * DAY)
    told.deliver()
    assert "(1 still open)" in subjects(post_office)[-1]


def test_what_was_listed_at_the_beginning_is_not_reminded_of_unless_it_was_named(told, post_office) -> None:
    told.run(WELL, ALSO_WELL, after=40 * DAY)
    assert results(told.deliver()) == ["nothing"]


# --- failures -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("refusal", ["451 try later", "550 no such user"])
def test_a_failed_delivery_neither_loses_nor_repeats(told, post_office, refusal) -> None:
    told.run(DROPPED, ALSO_WELL)
    post_office.answer = refusal
    assert results(told.deliver()) == ["failed"]
    told.run(DROPPED, row("unknown_share"), ALSO_WELL)
    assert results(told.deliver()) == ["failed"]
    post_office.answer = "250 OK"
    assert results(told.deliver()) == ["sent"]
    assert results(told.deliver()) == ["nothing"]
    (subject,) = subjects(post_office)
    assert "(2 new)" in subject


def test_one_who_cannot_be_reached_keeps_nobody_from_being_told_and_stays_visible(watching, post_office) -> None:
    broken = post(1).replace('name = "post"', 'name = "broken"')
    watching.settings(
        post(post_office.port) + broken + person("Bob", to="bob@example.org", channel="broken") + person()
    )
    watching.deliver()
    watching.run(DROPPED, ALSO_WELL)
    assert results(watching.deliver()) == ["failed", "sent"]
    done = watching.deliver(after=9 * DAY)
    (line, *_) = done.shortcomings(watching.now)
    assert line.startswith("Bob: NOT DELIVERED (2 attempts, never reached so far)")
    assert "Check `host` and `port`" in line
    assert not done.is_complete
    assert "Bob has not been reached since it was added." in text(post_office)


def test_the_age_of_the_last_success_is_said(told, post_office) -> None:
    told.run(DROPPED, ALSO_WELL)
    told.deliver()
    post_office.answer = "550 mailbox gone"
    told.run(DROPPED, row("unknown_share"), ALSO_WELL)
    (line,) = told.deliver(after=11 * DAY).shortcomings(told.now)
    assert "last reached 12 days ago" in line


def test_the_transition_is_in_the_journal_before_anybody_is_told_of_it(told, post_office) -> None:
    told.run(DROPPED, ALSO_WELL)
    told.deliver()
    lines = [e["what"] for e in told.vault.journal() if e["what"] in ("alert", "delivery")]
    assert lines == ["alert", "alert", "delivery"]


def test_a_mail_that_may_have_arrived_carries_the_same_id_when_it_is_sent_again(told, post_office) -> None:
    told.run(DROPPED, ALSO_WELL)
    told.deliver()
    kept = [line for line in told.journal().splitlines() if '"delivery"' not in line]
    told.vault.journal_path.write_text("\n".join(kept) + "\n")  # the machine died before it could note the delivery
    told.deliver()
    first, second = post_office.mails
    assert first["Message-ID"] == second["Message-ID"]


def test_two_deliveries_at_once_are_one(told, post_office) -> None:
    told.run(DROPPED, ALSO_WELL)
    post_office.pause = 0.5
    done: list[object] = []

    def again() -> None:
        try:
            done.append(results(told.deliver()))
        except Underway as error:
            done.append(str(error))

    both = [threading.Thread(target=again) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert ["sent"] in done
    assert any("under way" in one for one in done if isinstance(one, str))
    assert len(post_office.mails) == 1


def test_a_dry_run_sends_and_writes_nothing(told, post_office) -> None:
    told.run(DROPPED, ALSO_WELL)
    before = told.journal()
    done = told.deliver(dry_run=True)
    assert (results(done), post_office.mails, told.journal()) == (["would send"], [], before)
    assert results(told.deliver()) == ["sent"]


@pytest.mark.parametrize("n", range(7))
def test_a_journal_line_that_is_broken_stops_nobody_from_being_told(told, post_office, n) -> None:
    told.run(DROPPED, ALSO_WELL)
    lines = told.journal().splitlines()
    broken = [line[: len(line) // 2] if i == n else line for i, line in enumerate(lines)]
    told.vault.journal_path.write_text("\n".join(broken) + "\n")
    told.run(DROPPED, ALSO_WELL)
    told.deliver()
    assert len(post_office.mails) == 1


def test_the_journal_holds_no_address(told, post_office) -> None:
    post_office.answer = "550 <{address}> is not here"
    told.run(DROPPED, ALSO_WELL)
    told.deliver()
    post_office.answer = "250 OK"
    told.deliver()
    assert "example.org" not in told.journal()
    assert "550" in told.journal()


def test_daily_passes_over_four_months_send_what_was_scripted(told, post_office) -> None:
    """A loss that is mended after a month, and a series that ends: the mails of 120 days, by day."""
    start = told.now
    script = {10: [DROPPED, ALSO_WELL], 40: [WELL, ALSO_WELL], 60: [WELL, row("discontinued", OTHER, "all")]}
    register, days = [WELL, ALSO_WELL], {}
    for n in range(1, 121):
        register = script.get(n, register)
        told.run(*register)
        before = len(post_office.mails)
        told.deliver()
        if len(post_office.mails) > before:
            days[n] = subjects(post_office)[-1].rpartition("(")[2]
    assert told.now == start + dt.timedelta(days=120)
    reminders = dict.fromkeys((17, 24, 31, 38), "1 still open)") | dict.fromkeys(range(67, 121, 7), "1 still open)")
    assert days == {10: "1 new)", 40: "1 closed)", 60: "1 new)", **reminders}
