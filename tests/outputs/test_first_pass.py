"""What is said of the register: every state has words everywhere, and a first pass over many says ten things."""

import itertools
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dashboards.pages import Held, pages
from dashboards.site import hold, publish
from dashboards.terminal import gaps, summary
from monitor.declarations import publications
from monitor.notify.forward import forwardable
from monitor.notify.message import compose, line
from monitor.notify.owed import Told, owed
from monitor.notify.settings import Channel, Recipient, Subscriptions
from monitor.notify.templates import Templates
from monitor.notify.written import feed
from monitor.settings import home
from monitor.store.database import Reader
from monitor.vocabulary import CHARACTERISTICS, TERMS
from monitor.watch.alerts import Alert, kinds
from monitor.watch.register import ALL, OURS, word
from monitor.watch.register.rows import frame
from monitor.watch.register.wording import title
from tests.alerts.made import MONDAY, Journal, Row, nothing_held, row

DONE = {"new": [], "unchanged": 0, "figures": 0, "read_anew": [], "checks_passed": 0, "checks_total": 0}
SEVERITIES = {r["state"] for r in pl.read_csv("monitor/watch/register/severities.csv").to_dicts()}
STATES = TERMS["gap_state"]
NOTHING = pl.DataFrame({"state": []}, schema={"state": pl.String})
SETTINGS = Subscriptions(channel=(Channel(name="feed", kind="atom", file="a.atom"),))


@pytest.fixture(scope="module")
def held(starter_home: Path) -> Held:
    with Reader(home(starter_home)) as store:
        found = hold(store)
    return replace(found, disparities=found.disparities.clear(), measures={})


def shown(state: str, **more: Any) -> Row:
    """A row of the register as its own room heads it."""
    form = json.dumps({"form": "reason", "sheets": 3})
    return row(state, title=title(state, "ethnicity"), evidence=form, **more)


def said_by_a_pass(held: Held, register: list[Row]) -> str:
    return " ".join(summary(DONE, held.disparities, NOTHING, frame(register)).split())


def alerts_of(register: list[Row]) -> list[Alert]:
    journal = Journal()
    journal.run(register, MONDAY)
    return journal.alerts(register)


# --- every state, everywhere --------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", STATES)
def test_a_state_has_words_wherever_it_is_shown(held: Held, state: str, tmp_path: Path) -> None:
    assert state in SEVERITIES
    register = [shown(state), shown(state, characteristic="all", level="release")]
    assert f"{state.replace('_', ' ')}" in gaps(frame(register[:1]))
    assert said_by_a_pass(held, register)
    made = {p.path: p for p in pages(replace(held, gaps=frame(register)), lambda *_: pytest.fail("nothing is cited"))}
    assert [page.not_made for page in made.values() if page.not_made] == []
    (cell,) = next(r[3] for r in made["publication-prison-population.html"].context["rows"] if r[0] == "ethnicity")
    assert cell["word"] == word(state)
    assert publish([made["coverage.html"], made["missing.html"]], held, tmp_path / "site", version="0").not_made == ()
    assert word(state) in (tmp_path / "site" / "coverage.html").read_text("utf-8")


@pytest.mark.parametrize("state", [s for s in STATES if s not in OURS and s != "not_looked"])
def test_a_state_that_is_told_has_words_in_alerts_messages_and_the_feed(state: str) -> None:
    alerts = alerts_of([shown(state, severity="S1", code=c) for c in [shown(state)["code"]] if c in kinds()])
    for alert in alerts:
        ready = forwardable(alert, nothing_held(), Templates(), MONDAY)
        assert (ready.problems, bool(ready.wording)) == ((), True)
        assert title(state, "ethnicity") in line(alert)
        assert title(state, "ethnicity") in feed([alert], SETTINGS, Templates())
    assert bool(alerts) == bool(shown(state)["code"])


def test_what_is_ours_is_told_to_no_publisher() -> None:
    assert alerts_of([shown(state) for state in OURS]) == []


# --- a first pass over many -----------------------------------------------------------------------------------------


def backlog() -> list[Row]:
    """What a first pass finds: of each publication, characteristics never published, one of them grave."""
    each = itertools.product(publications(), [c.id for c in CHARACTERISTICS][:5])
    rows = [shown("never_published", publication=slug, characteristic=c, severity="S3") for slug, c in each]
    return [*rows, shown("dropped", publication="parole", severity="S1", reason="Edition 2 does not have it.")]


def test_a_first_pass_says_ten_things_gravest_first_then_how_many_of_each_publisher(held: Held) -> None:
    said = said_by_a_pass(held, backlog())
    assert said.count("(inspected, S") == 10
    assert said.index("parole: ethnicity: DROPPED (inspected, S1)") < said.index("NEVER PUBLISHED")
    assert f"These are the 10 gravest of {len(backlog())}:" in said
    of_one = sum(p.publisher == "Home Office" for p in publications().values())
    assert f"Home Office: {5 * of_one} never published" in said
    assert "missing.html" in said
    assert len(said_by_a_pass(held, backlog())) < 4_000


def test_what_is_so_of_many_editions_of_one_publication_is_one_thing(held: Held) -> None:
    late = {"publication": "parole", "characteristic": ALL, "severity": "S1"}
    rows = [shown("overdue", **late, edition=f"{year}", reason=f"Since {year}.") for year in range(2010, 2026)]
    said = said_by_a_pass(held, [*backlog(), *rows])
    assert said.count("parole: the release: OVERDUE") == 1
    assert "And 15 more like it." in said
    assert said.index("parole: ethnicity: DROPPED") < said.index("OVERDUE"), "of equals ethnicity first"
    assert "16 overdue" in said, "and all of them are counted"
    made = {p.path: p.context for p in pages(replace(held, gaps=frame(rows)), lambda *_: pytest.fail("cited"))}
    assert [g["alike"] for g in made["index.html"]["missing"]] == [15]
    assert len(made["missing.html"]["missing"]) == 16


def test_the_landing_page_has_ten_and_a_page_has_them_all(held: Held) -> None:
    made = {p.path: p.context for p in pages(replace(held, gaps=frame(backlog())), lambda *_: pytest.fail("cited"))}
    assert len(made["index.html"]["missing"]) == 10
    assert made["index.html"]["missing"][0]["publication"] == "parole"
    assert len(made["missing.html"]["missing"]) == len(backlog())
    assert any(text.startswith("Home Office: ") for text in made["missing.html"]["missing_by"])


def test_people_are_told_of_a_first_pass_in_one_digest_by_publisher() -> None:
    recipient = Recipient(name="ann", channel="post", to="ann@example.org", severity="S4")
    digest = owed(recipient, alerts_of(backlog()), Told(since=MONDAY), MONDAY)
    text = compose(digest, nothing_held(), SETTINGS, Templates(), (), MONDAY).text
    assert digest.opened == ()
    assert text.count(". Alert ") == 10
    assert "* Home Office: " in text
    atom = feed(alerts_of(backlog()), SETTINGS, Templates())
    assert atom.count("<entry>") == 1
    assert "Home Office: " in atom
    assert len(atom) < 5_000


# --- counted by state -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("reason", "Not looked at and nothing held"),
        ("page_only", "Looked at, and none of their files held"),
        ("unreadable", "Files held, none of which this monitor could read"),
    ],
)
def test_what_is_not_read_is_said_as_it_is(held: Held, form: str, words: str) -> None:
    said = said_by_a_pass(held, [shown("not_looked") | {"evidence": json.dumps({"form": form})}])
    assert f"{words}, so nothing is said about what" in said
    assert "(1): prison-population." in said


def test_what_was_read_is_not_called_unseen_however_much_a_source_says_is_missing(held: Held) -> None:
    """Nine breakdowns that a source states are missing, of a publication that was read: it was looked at."""
    nine = [c.id for c in CHARACTERISTICS if c.protected]
    stated = [shown("never_published", characteristic=c, level="table", measure=f"m-{c}") for c in nine]
    said = said_by_a_pass(held, [*(shown("absent", characteristic=c) for c in nine), *stated])
    assert "Not looked at" not in said
    assert "(none of the 3 sheets inspected)" in said
