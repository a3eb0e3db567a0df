"""The pages stand whatever one publication is like: every state has its word, and what we cannot show is said."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dashboards.pages import Held, Page, pages
from dashboards.site import hold, publish
from monitor.settings import home
from monitor.store.database import Reader
from monitor.store.schema import frame_schema

SLUG = "hate-crime"


@pytest.fixture(scope="module")
def held(starter_home: Path) -> Held:
    """What the starter home holds, without measures: their pages have tests of their own."""
    with Reader(home(starter_home)) as store:
        found = hold(store)
    return replace(found, disparities=found.disparities.clear(), measures={})


def history(held: Held, state: str) -> Held:
    """A publication with a table that was in a state in its last edition."""
    row: dict[str, Any] = dict.fromkeys(frame_schema("coverage"))
    row |= {"publication": SLUG, "table": "Victims by age", "characteristic": "age", "state": state}
    row |= {"first_edition": "2023", "last_edition": "2024", "since": dt.date(2024, 10, 10), "categories": []}
    return replace(held, coverage=pl.DataFrame([row], schema=frame_schema("coverage")))


def made(held: Held) -> dict[str, Page]:
    return {page.path: page for page in pages(held, lambda *_: pytest.fail("no table is cited"))}


@pytest.mark.parametrize(
    ("state", "words"), [("present", "Published"), ("absent", "Not in the files"), ("gone", "Table not there")]
)
def test_a_table_is_shown_in_any_state_it_can_be_in(held: Held, state: str, words: str) -> None:
    page = made(history(held, state))[f"publication-{SLUG}.html"]
    assert [row[:3] for row in page.context["tables"]] == [("Victims by age", "Age", words)]


def test_one_page_that_we_cannot_make_says_so_and_the_others_are_as_before(held: Held, tmp_path: Path) -> None:
    broken = made(history(held, "a state nobody thought of"))
    sound = made(history(held, "present"))
    assert broken.keys() == sound.keys()
    differing = [path for path in sound if broken[path] != sound[path]]
    assert differing == [f"publication-{SLUG}.html"]
    publish(list(broken.values()), held, tmp_path / "site", version="0")
    shown = (tmp_path / "site" / differing[0]).read_text("utf-8")
    assert "This page could not be made" in shown
    assert "a state nobody thought of" in shown
    assert "says nothing about what is published" in shown


def test_a_pass_tells_its_operator_which_page_could_not_be_made_and_says_all_the_rest(
    cli, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboards.pages import publication

    def failed(held: Held, slug: str) -> Page:
        if slug == SLUG:
            raise KeyError("an edition nobody thought of")
        return publication(held, slug)

    monkeypatch.setattr("dashboards.pages.publication", failed)
    answer = cli("run", "--offline", "--quiet", home=own_home)
    assert answer.code == 1
    assert "What is not broken down" in answer.out
    assert (own_home / "site" / "index.html").exists()
    assert "This page could not be made" in (own_home / "site" / f"publication-{SLUG}.html").read_text("utf-8")
    (said,) = (line for line in answer.err.splitlines() if "could not be made" in line)
    assert "Hate crime, England and Wales" in said
    assert "fault of this monitor" in said


def test_a_site_that_cannot_be_written_costs_nobody_the_summary(cli, own_home: Path) -> None:
    (own_home / "site").mkdir()
    (own_home / "site" / "letter.txt").write_text("mine")
    answer = cli("run", "--offline", "--quiet", home=own_home)
    assert answer.code == 1
    assert "What is not broken down" in answer.out
    assert "The pages could not be written" in answer.err
    assert (own_home / "site" / "letter.txt").exists()
