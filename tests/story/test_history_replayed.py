"""History replayed: the ministry's own collections of 20 November 2024, served on loopback and looked at once.

The register is then asked what was true on days of the past. The search of the ministry hides youth justice after 2021
and the workforce after August 2023; the collections list both.
"""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from world import World
from world.fixtures import Monitor

from monitor.declarations import publications
from monitor.settings import home
from monitor.store.schema import frame_schema
from monitor.store.vault import Vault
from monitor.watch.register import register
from pipelines.look.history import looks_of

RECORDED = Path(__file__).resolve().parents[3] / "shared" / "interfaces" / "govuk" / "recorded-2024-11"
LOOKED_AT = dt.datetime(2024, 11, 20, 16, 45, tzinfo=dt.UTC)
COURTS, COVID = "criminal-courts", "prison-covid-19"
WORKFORCE, YOUTH = "prison-and-probation-workforce", "youth-justice"
WATCHED = {name: publications()[name] for name in (COURTS, COVID, WORKFORCE, YOUTH)}

pytestmark = pytest.mark.skipif(not RECORDED.exists(), reason="needs ../shared/interfaces/govuk beside the checkout")

Row = dict[str, object]


@pytest.fixture(scope="module")
def on(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[Row]]:
    """The rows about releases as they stood on a day, after one look at the recorded collections."""
    world = World(now=LOOKED_AT)
    monitor = Monitor(world, Vault(home(tmp_path_factory.mktemp("replayed"))))
    for path in (RECORDED / "collections").glob("*.json"):
        if "headers" not in path.name:
            item = json.loads(path.read_text("utf-8"))
            world.documents[item["base_path"]] = item
    with world.open(), pytest.MonkeyPatch.context() as patch:
        for name, value in world.environment().items():
            patch.setenv(name, value)
        monitor.look(*WATCHED.values(), back=dt.timedelta(0))

    def ask(day: str) -> list[Row]:
        as_of = dt.date.fromisoformat(day)
        nothing = (pl.DataFrame(schema=frame_schema(t)) for t in ("artefact", "surveyed_table", "breakdown"))
        looks = looks_of(monitor.vault, WATCHED, as_of)
        assert set(looks) == set(WATCHED), "each of them was looked at with success"
        found = register(WATCHED, *nothing, as_of=as_of, looks=looks)
        return found.gaps.filter(pl.col("level") == "release").to_dicts()

    return ask


def states(rows: list[Row], publication: str) -> list[tuple[object, object]]:
    return [(r["state"], r["edition"]) for r in rows if r["publication"] == publication]


def test_criminal_court_statistics_are_outstanding_after_the_cancellation_of_26_june_2024(on) -> None:
    assert states(on("2024-06-25"), COURTS) == []
    (cancelled,) = [r for r in on("2024-06-26") if r["publication"] == COURTS]
    assert (cancelled["state"], cancelled["code"], cancelled["edition"]) == ("cancelled", "CN", "expected 2024-06-27")
    assert "cancelled" in str(cancelled["reason"])
    assert "postponed" in str(cancelled["reason"])
    assert (cancelled["severity"], cancelled["last_seen"]) == ("S1", "2023-Q4")

    rows = [r for r in on("2024-11-20") if r["publication"] == COURTS]
    overdue = [r for r in rows if r["state"] == "overdue"]
    assert [r["edition"] for r in overdue] == ["expected 2024-06-27", "expected 2024-09-26"]
    assert {(r["severity"], r["last_seen"]) for r in overdue} == {("S1", "2023-Q4")}


def test_covid_19_statistics_ended_in_march_2023_and_are_never_overdue(on) -> None:
    assert states(on("2023-03-09"), COVID) == []
    for day in ("2023-03-10", "2023-04-30", "2024-11-20"):
        (ended,) = [r for r in on(day) if r["publication"] == COVID]
        assert (ended["state"], ended["since"]) == ("discontinued", dt.date(2023, 3, 10))
        assert "February 2023" in str(ended["reason"])


def test_the_designation_of_the_workforce_statistics_was_raised_with_the_edition_of_march_2024(on) -> None:
    assert states(on("2024-05-15"), WORKFORCE) == []
    (raised,) = [r for r in on("2024-05-16") if r["publication"] == WORKFORCE]
    assert (raised["state"], raised["severity"], raised["edition"]) == ("designation_change", "S4", "2024-03")
    assert (raised["last_seen"], raised["since"]) == ("2023-12", dt.date(2024, 5, 16))


def test_nothing_is_overdue_that_only_the_search_hides(on) -> None:
    rows = on("2024-11-20")
    assert states(rows, YOUTH) == []
    assert [state for state, _ in states(rows, WORKFORCE)] == ["designation_change"]
    hidden = {r["title"] for r in json.loads((RECORDED / "search" / "search_00.json").read_text("utf-8"))["results"]}
    assert not any("Youth justice statistics: 2022" in title for title in hidden)


def test_before_anybody_looked_nothing_is_said(on) -> None:
    nothing = [pl.DataFrame(schema=frame_schema(t)) for t in ("artefact", "surveyed_table", "breakdown")]
    found = register(WATCHED, *nothing, as_of=dt.date(2024, 11, 20)).gaps
    assert set(found["level"]) == {"publication"}
    unseen = found.filter((pl.col("publication") != COVID) | (pl.col("characteristic") != "ethnicity"))
    assert set(unseen["state"]) == {"not_looked"}
