"""Whom publishers can write to: without a contact nobody is asked; who refuses us is shown what was said of us."""

import datetime as dt
from pathlib import Path

import pytest

from monitor.declarations import publications
from world import World, broken, workbooks
from world.fixtures import Monitor, series

SOME = next(iter(publications()))


@pytest.mark.parametrize("said", [None, "", "  "])
@pytest.mark.parametrize(
    "verb",
    [
        ("run",),
        ("fetch",),
        ("fetch", SOME),
        ("fetch", "--propose", SOME),
        ("schedule", "--once"),
        ("commitments", "--look"),
        ("doctor", "--online"),
    ],
    ids=" ".join,
)
def test_without_a_contact_looking_is_refused_in_a_sentence_and_nobody_is_asked(
    world: World, cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: tuple[str, ...], said: str | None
) -> None:
    if said is None:
        monkeypatch.delenv("JUSTICE_MONITOR_CONTACT")
    else:
        monkeypatch.setenv("JUSTICE_MONITOR_CONTACT", said)
    answer = cli(*verb, home=tmp_path)
    assert answer.code == 2
    assert answer.err.strip().count("\n") == 0
    assert "set it to an address that is read, such as JUSTICE_MONITOR_CONTACT=you@example.org" in answer.err
    assert world.requests == []
    assert not (tmp_path / "vault" / "journal.jsonl").exists(), "half a pass is no answer"


def test_what_asks_nobody_needs_no_contact(cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JUSTICE_MONITOR_CONTACT", raising=False)
    for verb in (("schedule", "--plan"), ("doctor",), ("due",)):
        assert cli(*verb).code == 0


class TestForbidden:
    """Status 403 refuses us: it names what was sent of us, to the operator, and says nothing of the publication."""

    @pytest.fixture
    def custody(self, world: World, monkeypatch: pytest.MonkeyPatch) -> World:
        monkeypatch.setenv("JUSTICE_MONITOR_CONTACT", "stats@example.org")
        title = "Custody statistics: March 2024"
        files = {"custody.xlsx": workbooks.workbook("March 2024")}
        world.release(world.series("custody", "Custody statistics"), "custody-march-2024", title, files)
        return world

    @pytest.mark.parametrize("known", [False, True], ids=["never seen", "seen before"])
    @pytest.mark.parametrize("at", ["collections/custody", "statistics/custody-march-2024", "custody.xlsx"])
    def test_names_the_contact_and_the_user_agent(self, custody: World, monitor: Monitor, at: str, known: bool) -> None:
        if known:
            monitor.look(series())
            custody.now += dt.timedelta(days=8)
        path = next((p for p in custody.assets if p.endswith(at)), f"/api/content/government/{at}")
        custody.lay(path, broken.status(403))
        if not known or at != "custody.xlsx":
            custody.reissue("/government/statistics/custody-march-2024")
        for _ in range(2):
            done = monitor.look(series())
            assert {f.check for _, f in done.findings} == {"forbidden"}
            (failure,) = done.failed
            assert "status 403 to 'JusticeDisparityMonitor/" in failure.reason
            assert "(stats@example.org)" in failure.reason and "JUSTICE_MONITOR_CONTACT" in failure.reason
            custody.now += dt.timedelta(days=2)
        assert not done.complete and done.changes == {}
        assert monitor.memory().missing == {}, "it is no dead link, however often it is refused"
        assert len(monitor.held()) == (1 if known else 0)


SERVICES = ("GOV.UK content", "GOV.UK search", "GOV.UK assets", "ONS", "Nomis", "Ethnicity facts and figures")


class TestDoctorOnline:
    def test_asks_each_service_once_and_says_what_works_and_how_fast(self, world: World, cli) -> None:
        answer = cli("doctor", "--online", "--json")
        rows = {r["check"]: r for r in answer.document}
        assert {rows[name]["state"] for name in SERVICES} == {"passed"}
        assert rows["GOV.UK search"]["status"] == 200
        assert all(f"in {rows[name]['milliseconds']} ms" in rows[name]["message"] for name in SERVICES)
        assert len(world.requests) == len(SERVICES)
        assert "bytes" in rows, "beside the health that asks nobody"

    @pytest.mark.parametrize(
        ("fault", "says"),
        [
            (broken.status(403), "JusticeDisparityMonitor/"),
            (broken.status(503), "status 503"),
            (broken.page(), "a web page"),
        ],
    )
    @pytest.mark.parametrize(("flags", "code"), [((), 1), (("--check",), 3)])
    def test_one_that_does_not_work_is_named(self, world: World, cli, fault, says: str, flags, code: int) -> None:
        world.lay("/api/search.json", fault)
        answer = cli("doctor", "--online", *flags)
        assert answer.code == code
        (line,) = [line for line in answer.out.splitlines() if line.startswith("GOV.UK search")]
        assert "failed" in line and says in line
        assert len(world.requests) == len(SERVICES), "nobody is asked twice, busy or not"
        if not flags:
            assert "1 of 6 services do not work: GOV.UK search." in answer.err

    def test_without_a_network_none_works(self, cli, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in World(url="http://127.0.0.1:1").environment():
            monkeypatch.setenv(name, "http://127.0.0.1:1")
        answer = cli("doctor", "--online")
        assert answer.code == 1
        assert "6 of 6 services do not work" in answer.err
