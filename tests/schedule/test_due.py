"""What `due` says: one row an edition, with the best source of its date, and nothing late by a look that failed."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from monitor.run import expected_by
from monitor.settings import Home, home
from monitor.store.vault import Vault

LOOKED = dt.datetime(2024, 7, 25, 8, 30)
"""On the usual day, at half past nine in London."""


@pytest.fixture
def place(tmp_path: Path) -> Home:
    """A home in which a quarterly series was looked at: its last edition came in April; ethnicity comes in July."""
    place = home(tmp_path / "home")
    vault = Vault(place)
    known = {"id": "2023-Q4", "title": "Offender management statistics", "url": "/q4", "published_on": "2024-04-25"}
    vault.note("edition", publication="probation-caseload", seen_at=LOOKED, **known)
    vault.note("look", publication="probation-caseload", seen_at=LOOKED, status="unchanged")
    return place


def announce(place: Home, display: str, first: str, last: str, **said: Any) -> None:
    title = "Offender management statistics quarterly: January to March 2024"
    told = {"path": "/announced", "title": title, "display": display, "date": first, "until": last}
    Vault(place).note("announcement", seen_at=LOOKED, **told, **said)


def rows(place: Home, day: str) -> list[dict[str, Any]]:
    """The rows of July's edition: on its usual day the next one is expected too."""
    mine = [r for r in expected_by(place, dt.date.fromisoformat(day)) if r["publication"] == "probation-caseload"]
    return [r for r in mine if r["opens"] is None or r["opens"] < dt.date(2024, 10, 1)]


def test_an_edition_is_one_row_and_says_where_its_date_is_from(place: Home) -> None:
    """The tables that come with July's edition are named beside it, and are no edition of their own."""
    (row,) = rows(place, "2024-07-25")
    assert (row["status"], row["source"]) == ("expected", "declared rhythm")
    announce(place, "July 2024", "2024-07-01", "2024-07-31", state="provisional", precision="month")
    (row,) = rows(place, "2024-07-25")
    assert (row["status"], row["source"], row["closes"]) == ("expected", "provisional month", dt.date(2024, 7, 31))
    at = {"at": "2024-07-25T08:30:00+00:00", "precision": "time"}
    announce(place, "25 July 2024 9:30am", "2024-07-25", "2024-07-25", state="confirmed", **at)
    (row,) = rows(place, "2024-07-25")
    assert (row["source"], row["closes"]) == ("confirmed date", dt.date(2024, 7, 25))
    assert "ethnicity" in row["reason"]


def test_nothing_is_late_before_somebody_has_looked_after_its_hour(place: Home) -> None:
    at = {"at": "2024-07-25T08:30:00+00:00", "precision": "time", "state": "confirmed"}
    announce(place, "25 July 2024 9:30am", "2024-07-25", "2024-07-25", **at)
    vault = Vault(place)
    vault.note("look", publication="probation-caseload", seen_at=dt.datetime(2024, 7, 26, 9), status="failed")
    assert [r["status"] for r in rows(place, "2024-07-26")] == ["expected"]
    vault.note("look", publication="probation-caseload", seen_at=dt.datetime(2024, 7, 26, 10), status="unchanged")
    assert [r["status"] for r in rows(place, "2024-07-26")] == ["late"]


def test_a_publication_for_which_every_look_failed_was_not_looked_at(tmp_path: Path) -> None:
    place = home(tmp_path / "home")
    Vault(place).note("look", publication="probation-caseload", seen_at=LOOKED, status="failed")
    assert [r["status"] for r in rows(place, "2024-12-31")] == ["not_looked"]
