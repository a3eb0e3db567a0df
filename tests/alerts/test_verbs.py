"""`alerts` and `deliver` as they are typed: on a copy of the starter home, whose gaps are known from the first."""

import json
import shutil

import pytest

from monitor.notify.settings import EXAMPLE
from tests.notify.conftest import person, post
from tests.notify.servers import PostOffice

COVID = "prison-covid-19.covid-19-infections-and-deaths.ethnicity.NP"
KEYS = {"id", "code", "severity", "state", "publication", "edition", "characteristic", "title", "opened", "evidence",
        "wording"}  # fmt: skip


def rows(cli, *arguments, home=None):
    return {row["id"]: row for row in cli("alerts", *arguments, "--json", home=home).document}


def test_a_fresh_home_lists_what_was_known_from_the_first_gravest_first(cli) -> None:
    found = cli("alerts", "--json").document
    assert set(found[0]) >= KEYS
    assert found[0]["id"] == COVID
    assert (found[0]["code"], found[0]["severity"], found[0]["state"]) == ("NP", "S1", "confirmed")
    assert all(row["baseline"] for row in found)
    assert [row["severity"] for row in found] == sorted(row["severity"] for row in found)
    assert cli("alerts", "list", "--json").document == found


def test_a_person_reads_the_same_in_words(cli) -> None:
    said = cli("alerts").out
    assert "S1 Ethnicity: never published – COVID-19 infections and deaths: open" in said
    assert COVID in said


def test_check_tells_a_timer_that_something_is_open(cli) -> None:
    assert cli("alerts", "--check").code == 3
    assert cli("alerts", "list", "--check", "--severity", "S1").code == 3
    assert cli("alerts", "--check", "--publication", "parole", "--severity", "S1").code == 0


def test_the_alert_of_june_2020_can_be_asked_for_as_of_that_day(cli) -> None:
    found = rows(cli, "--as-of", "2020-06-27")
    assert set(found) >= {COVID}
    assert found[COVID]["opened"].startswith("2020-06-27")
    assert COVID not in rows(cli, "--as-of", "2020-06-01")


def test_asking_about_another_day_writes_nothing(cli, starter_home) -> None:
    journal = starter_home / "vault" / "journal.jsonl"
    before = journal.read_bytes()
    cli("alerts", "--as-of", "2020-06-27")
    cli("alerts")
    assert journal.read_bytes() == before
    refused = cli("alerts", "ack", COVID, "--as-of", "2020-06-27")
    assert (refused.code, "Leave them out" in refused.err) == (2, True)


def test_an_alert_is_shown_as_it_can_be_forwarded(cli) -> None:
    said = cli("alerts", "show", COVID).out
    for part in ("Who:", "Missing:", "Looked for:", "Looked in:", "Last seen:", "Expected:", "Why it matters:",
                 "Confidence:", "Next:", "a Freedom of Information request"):  # fmt: skip
        assert part in said
    assert "3.89 times as likely to be in prison" in " ".join(said.split())


def test_the_journal_says_of_one_alert_when_it_came_to_its_state_why_and_by_what(cli) -> None:
    noticed, confirmed = cli("journal", "--alert", COVID, "--json").document
    assert (noticed["event"], confirmed["event"]) == ("detected", "confirmed")
    assert noticed["at"] <= confirmed["at"]
    shown = rows(cli)[COVID]
    assert (noticed["cause"], noticed["evidence"]) == (shown["reason"], shown["evidence"])
    assert confirmed["cause"] == "A source that is cited says so."
    said = cli("journal", "--alert", COVID).out
    assert f"detected: {shown['reason']}" in said and "confirmed: A source that is cited says so." in said
    refused = cli("journal", "--alert", "prison-covid-19.NP")
    assert refused.code == 2 and COVID in refused.err


def test_only_the_words_to_send_can_be_had(cli) -> None:
    said = cli("alerts", "show", COVID, "--wording", "foi").out
    assert said.startswith("Under the Freedom of Information Act 2000")
    assert cli("alerts", "show", COVID, "--wording", "fio").code == 2


def test_an_unknown_alert_answers_with_the_closest(cli) -> None:
    for verb in (["show"], ["ack"], ["accept", "--reason", "x"], ["resolve"]):
        answer = cli("alerts", verb[0], "prison-covid-19.ethnicity.NP", *verb[1:])
        assert (answer.code, answer.out) == (2, "")
        assert COVID in answer.err.partition("did you mean ")[2]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["snooze", COVID, "--until", "soon"], 2, "--until: expected a date"),
        (["snooze", COVID, "--until", "2020-01-01"], 1, "expected a day after today"),
        (["raise", COVID, "--to", "foy"], 2, "did you mean foi"),
        (["raise", COVID, "--to", "pq"], 1, "give the day as --due"),
        (["accept", COVID], 1, "give it as --reason"),
        (["answer", COVID, "--outcome", "promised"], 1, "A promise has a day"),
        (["answer", COVID, "--outcome", "perhaps"], 2, "no outcome is called"),
        (["resolve", COVID], 1, "is not closed. The register still says so"),
        (["list", "--severity", "S9"], 2, "no severity is called"),
        (["list", "--publication", "parol"], 2, "did you mean parole"),
    ],
)
def test_what_cannot_be_done_says_why_and_what_can(cli, own_home, arguments, code, says) -> None:
    answer = cli("alerts", *arguments, home=own_home)
    assert (answer.code, says in answer.err) == (code, True), answer.err
    assert "Traceback" not in answer.err


def test_what_people_do_is_in_the_vault_alone_and_comes_back_with_it(cli, own_home, starter_home, tmp_path) -> None:
    for arguments in (
        ["ack", COVID, "--by", "ann"],
        ["raise", COVID, "--to", "FOI", "--reference", "FOI-12", "--by", "ann"],
        ["accept", "arrests.ethnicity.UN", "--reason", "Known for years.", "--by", "bob"],
    ):
        answer = cli("alerts", *arguments, home=own_home)
        assert answer.code == 0, answer.err
    before = rows(cli, home=own_home)
    assert (before[COVID]["state"], before[COVID]["owner"], before[COVID]["reference"]) == ("raised", "ann", "FOI-12")
    assert before["arrests.ethnicity.UN"]["state"] == "accepted"
    restored = shutil.copytree(starter_home, tmp_path / "restored")  # a database made anew from the same bytes
    shutil.copytree(own_home / "vault", restored / "vault", dirs_exist_ok=True)
    assert rows(cli, home=restored) == before


def test_a_broken_line_of_the_journal_is_said_and_loses_nothing(cli, own_home) -> None:
    before = rows(cli, home=own_home)
    with (own_home / "vault" / "journal.jsonl").open("a") as journal:
        journal.write(
            '{"what": "alert", "alert": "x", "event": "exploded", "seen_at": "2024-01-01", "said": {}}\n{"wh\n'
        )
    answer = cli("alerts", "ack", COVID, "--by", "ann", home=own_home)
    assert answer.code == 0, answer.err
    answer = cli("alerts", home=own_home)
    assert "2 lines of the journal cannot be read" in answer.err
    assert set(rows(cli, home=own_home)) == set(before)


# --- deliver ------------------------------------------------------------------------------------------------------


def test_without_settings_it_says_where_they_are_expected_and_where_the_example_is(cli, own_home) -> None:
    answer = cli("deliver", home=own_home)
    assert answer.code == 2
    assert str(own_home / "alerts.toml") in answer.err and str(EXAMPLE) in answer.err


def test_settings_that_are_wrong_are_one_message_and_nothing_is_sent(cli, own_home) -> None:
    (own_home / "alerts.toml").write_text(post(25) + person(channel="pots"))
    answer = cli("deliver", home=own_home)
    assert (answer.code, "alerts.toml, line 1" in answer.err) == (2, True)


def test_the_first_digest_lists_what_was_known_and_the_second_is_not_sent(cli, own_home) -> None:
    with PostOffice().open() as office:
        (own_home / "alerts.toml").write_text(post(office.port) + person())
        assert "would send" in cli("deliver", "--dry-run", home=own_home).out
        assert office.mails == []
        assert cli("deliver", home=own_home).code == 0
        assert "nothing" in cli("deliver", home=own_home).out
        (mail,) = office.mails
    assert "KNOWN BEFORE" in mail.get_body(("plain",)).get_content()
    assert COVID in mail.get_body(("plain",)).get_content()


def test_a_server_that_is_down_is_exit_1_with_the_reason_and_a_later_run_delivers(cli, own_home) -> None:
    (own_home / "alerts.toml").write_text(post(1) + person())
    answer = cli("deliver", home=own_home)
    assert (answer.code, "NOT DELIVERED (1 attempts, never reached so far)" in answer.err) == (1, True)
    assert "NOT DELIVERED" in cli("doctor", home=own_home).out
    with PostOffice().open() as office:
        (own_home / "alerts.toml").write_text(post(office.port) + person())
        outcomes = json.loads(cli("deliver", "--json", home=own_home).out)["outcomes"]
        assert [o["result"] for o in outcomes] == ["sent"]
        assert len(office.mails) == 1
    assert "nobody who asked to be told is waiting" in " ".join(cli("doctor", home=own_home).out.split())


def test_without_a_network_the_files_are_written_and_nothing_is_sent(own_home) -> None:
    from monitor.run import deliver
    from monitor.settings import home

    feed = '[[channel]]\nname = "feed"\nkind = "atom"\nfile = "alerts/a.atom"\n'
    with PostOffice().open() as office:
        (own_home / "alerts.toml").write_text(feed + post(office.port) + person())
        done = deliver(home(own_home), files_only=True)
        assert done is not None
        assert [o.result for o in done.outcomes] == ["written"]
        assert office.mails == []
    assert "gaps were there when watching began" in (own_home / "alerts" / "a.atom").read_text()
