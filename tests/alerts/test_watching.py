"""Nobody watches: noticed from the heartbeat, told once to those who answer for it, closed by a sign of life."""

import datetime as dt

import pytest

from monitor.notify.forward import forwardable
from monitor.notify.kept import alerts_of, commit
from monitor.notify.owed import Told, noted, owed
from monitor.notify.settings import Recipient
from monitor.notify.templates import Templates
from monitor.settings import Home
from monitor.store.vault import Vault
from monitor.watch.alerts import Alert
from monitor.watch.heartbeat import Heartbeat
from monitor.watch.register.rows import frame

from .made import MONDAY, PUBLICATION, nothing_held, present

MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
NAME = "this-monitor.NW"
REGISTER = frame([present()])

EVERYTHING = Recipient(name="Ann", channel="chat", severity="S1")
OPERATOR = Recipient(name="Bob", channel="chat", publications=(PUBLICATION,), operator=True)
OTHERS = (
    Recipient(name="Cy", channel="chat", publications=(PUBLICATION,), severity="S4"),
    Recipient(name="Di", channel="chat", characteristics=("ethnicity",), severity="S4"),
)


@pytest.fixture
def vault(tmp_path) -> Vault:
    """A home that has been watched, with nothing missing, by a scheduler heard of on Monday."""
    vault = Vault(Home(tmp_path))
    vault.root.mkdir(parents=True)
    beat(vault, MONDAY)
    assert happened(vault, MONDAY) == []
    return vault


def beat(vault: Vault, at: dt.datetime, **said: str) -> None:
    path = Home(vault.root.parent).heartbeat
    path.parent.mkdir(exist_ok=True)
    path.write_text(Heartbeat(at, 300, **said).text(), encoding="utf-8")


def happened(vault: Vault, at: dt.datetime) -> list[str]:
    """What a pass at a moment makes happen to the alert."""
    return [e.event for e in commit(vault, REGISTER, at) if e.alert == NAME]


def alert(vault: Vault, at: dt.datetime) -> Alert:
    return next(a for a in alerts_of(vault, REGISTER, at)[0] if a.id == NAME)


def test_a_heartbeat_older_than_two_cadences_is_an_alert_once(vault) -> None:
    assert happened(vault, MONDAY + 10 * MINUTE) == []
    assert happened(vault, MONDAY + 11 * MINUTE) == ["detected", "confirmed"]
    assert happened(vault, MONDAY + DAY) == []
    assert (alert(vault, MONDAY + DAY).gap.severity, alert(vault, MONDAY + DAY).baseline) == ("S1", False)


def test_a_sign_of_life_closes_it_and_the_next_silence_opens_the_same_alert_again(vault) -> None:
    happened(vault, MONDAY + DAY)
    beat(vault, MONDAY + 2 * DAY)
    assert happened(vault, MONDAY + 2 * DAY) == ["resolved"]
    assert happened(vault, MONDAY + 3 * DAY) == ["reopened"]


def test_a_heartbeat_that_is_lost_closes_nothing_and_opens_nothing(vault, tmp_path) -> None:
    happened(vault, MONDAY + DAY)
    Home(vault.root.parent).heartbeat.unlink()
    assert happened(vault, MONDAY + 2 * DAY) == []
    assert alert(vault, MONDAY + 2 * DAY).is_open
    other = Vault(Home(tmp_path / "other"))
    assert happened(other, MONDAY) == [], "where none has ever run, nothing is wrong"


def test_days_away_that_nobody_noticed_are_told_when_they_are_over(vault) -> None:
    back = MONDAY + 3 * DAY
    vault.note("unwatched", seen_at=back, since=MONDAY)
    beat(vault, back)
    assert happened(vault, back) == ["detected", "confirmed", "resolved"]
    assert happened(vault, back + MINUTE) == []
    digest = owed(EVERYTHING, [alert(vault, back)], Told(since=MONDAY), back)
    assert [a.id for a in digest.passed] == [NAME]
    assert (
        "Nobody watched from 2024-11-04 10:30 to 2024-11-07 10:30"
        in alert(vault, back).history[0].said["gap"]["reason"]
    )


def test_days_away_that_were_noticed_are_not_told_again_when_they_are_over(vault) -> None:
    happened(vault, MONDAY + DAY)
    back = MONDAY + 3 * DAY
    vault.note("unwatched", seen_at=back, since=MONDAY)
    beat(vault, back)
    assert happened(vault, back) == ["resolved"]


@pytest.mark.parametrize("recipient", [EVERYTHING, OPERATOR], ids=lambda r: r.name)
def test_it_is_told_once_to_an_operator_and_to_whoever_asked_for_everything(vault, recipient) -> None:
    now = MONDAY + DAY
    happened(vault, now)
    first = owed(recipient, [alert(vault, now)], Told(since=MONDAY), now)
    assert [a.id for a in first.opened] == [NAME]
    said = noted(first)
    mine = Told(since=MONDAY, events=set(said["events"]), alerts=dict.fromkeys(said["alerts"], now))
    assert owed(recipient, [alert(vault, now)], mine, now + MINUTE).is_empty
    beat(vault, now + DAY)
    happened(vault, now + DAY)
    assert [a.id for a, _ in owed(recipient, [alert(vault, now + DAY)], mine, now + DAY).closed] == [NAME]


@pytest.mark.parametrize("recipient", OTHERS, ids=lambda r: r.name)
def test_it_is_not_told_to_people_who_asked_for_a_part(vault, recipient) -> None:
    happened(vault, MONDAY + DAY)
    assert owed(recipient, [alert(vault, MONDAY + DAY)], Told(since=MONDAY), MONDAY + DAY).is_empty


def test_it_says_since_when_why_and_what_to_do_and_blames_no_publisher(vault) -> None:
    beat(vault, MONDAY, stopped="told to stop by SIGTERM")
    happened(vault, MONDAY + DAY)
    said = forwardable(alert(vault, MONDAY + DAY), nothing_held(), Templates(), MONDAY + DAY)
    assert said.title == "Nobody watches – this monitor"
    assert said.found.startswith("Nobody has watched since 2024-11-04 10:30")
    assert "told to stop by SIGTERM" in said.found
    assert said.who == "this monitor, and no publisher"
    assert said.next_step.startswith("Start the scheduler again")
    assert said.wording == {} and said.problems == ()
