"""What a person sees of a pass: whom it looks at, what is new, who failed and why; and what is held is used."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.declarations import publications
from monitor.settings import home
from monitor.store.database import Reader
from world import World, broken, workbooks

ROOT = Path(__file__).resolve().parents[2]
SAFETY, YOUTH = publications()["safety-in-custody"], publications()["youth-custody"]
COUNTED = sum(p.is_counted for p in publications().values())


@pytest.fixture
def publishers(world: World) -> World:
    """A world in which one declared series has an edition, and another's page does not answer."""
    slug = SAFETY.collection.rpartition("/")[2]
    title = "Safety in custody: quarterly update to March 2024"
    book = workbooks.workbook("March 2024")
    world.release(world.series(slug, SAFETY.title), "safety-march-2024", title, {"safety.xlsx": book})
    for page in (YOUTH.collection, *YOUTH.pages):
        world.lay(f"/api/content{page.removeprefix('https://www.gov.uk')}", broken.status(404))
    return world


def test_48_releases_are_counted() -> None:
    assert COUNTED == 48


class TestSomeFail:
    def test_a_fetch_says_whom_it_looks_at_and_who_failed_and_why(self, publishers: World, cli, own_home: Path) -> None:
        answer = cli("fetch", SAFETY.id, YOUTH.id, home=own_home)
        assert answer.code == 1
        assert f"Looking at {SAFETY.title} (1 of 2)" in answer.err
        assert f"Looking at {YOUTH.title} (2 of 2)" in answer.err
        assert "looked at 1 of 2: 1 new files" in answer.err
        assert f"{YOUTH.id}: " in answer.err
        assert "expected" in answer.err
        assert "404" in answer.err

    def test_the_same_as_one_document_for_a_program(self, publishers: World, cli, own_home: Path) -> None:
        answer = cli("fetch", SAFETY.id, YOUTH.id, "--json", home=own_home)
        said = json.loads(answer.out)
        assert (said["looked"], said["of"], len(said["new"]), len(said["failed"])) == (1, 2, 1, 1)
        assert answer.code == 1

    def test_the_rest_is_published(self, publishers: World, own_home: Path) -> None:
        from monitor.run import run

        summary = run(home(own_home), offline=False, say=lambda _: None, slugs=[SAFETY.id, YOUTH.id])
        assert not summary.complete
        assert [line.partition(":")[0] for line in summary.failed] == [YOUTH.id]
        with Reader(home(own_home)) as store:
            held = store.frame("select distinct publication from artefact")["publication"].to_list()
        assert SAFETY.id in held, "in the database that readers open"


class TestDeclarationsAreCheckedFirst:
    """Row by row with `doctor`, which asks the same: nobody is asked before all that is declared has been read."""

    @pytest.fixture
    def change(self, tmp_path: Path, monkeypatch) -> Callable[[str, str], None]:
        folder = Path(shutil.copytree(ROOT / "pipelines", tmp_path / "declared", ignore=shutil.ignore_patterns("*.py")))
        monkeypatch.setattr("monitor.declarations.load.DECLARATIONS", folder)

        def put(old: str, new: str) -> None:
            file = folder / "commitments" / "commitments.toml"
            file.write_text(file.read_text("utf-8").replace(old, new, 1), "utf-8")

        return put

    @pytest.mark.parametrize("verb", ["run", "fetch"])
    def test_a_file_that_cannot_be_read_stops_a_pass_before_a_request(
        self, publishers: World, cli, own_home: Path, change, verb: str
    ) -> None:
        change("[[commitment]]", "[[commitment]")
        answer = cli(verb, home=own_home)
        assert answer.code == 2
        assert "commitments/commitments.toml: not valid TOML" in answer.err
        assert publishers.requests == []
        assert "commitments/commitments.toml: not valid TOML" in cli("doctor", home=own_home).out
        assert cli("doctor", "--check", home=own_home).code == 3

    def test_a_wrong_name_is_told_by_fetching_and_adding_too_and_the_rest_is_done(
        self, publishers: World, cli, own_home: Path, change, tmp_path: Path
    ) -> None:
        change('publication = "parole"', 'publication = "payrole"')
        (file := tmp_path / "tables.xlsx").write_bytes(workbooks.workbook("March 2024"))
        fetched = cli("fetch", SAFETY.id, home=own_home)
        added = cli("add", file, "--publication", "hate-crime", "--edition", "2023-24", home=own_home)
        for answer in (fetched, added):
            assert answer.code == 1
            assert "no publication is called 'payrole'; did you mean parole" in answer.err
        assert "1 new files" in fetched.out
        assert "Now you can ask:" in added.out

    def test_a_wrong_name_is_told_by_a_pass_as_by_doctor_and_the_rest_is_done(
        self, cli, own_home: Path, change
    ) -> None:
        change('publication = "parole"', 'publication = "payrole"')
        answer, asked = cli("run", "--offline", home=own_home), cli("doctor", "--json", home=own_home).document
        (row,) = (r for r in asked if r["check"] == "declarations")
        assert row["state"] == "failed"
        assert answer.code == 1
        assert row["message"] in answer.err
        assert "no publication is called 'payrole'; did you mean parole" in row["message"]
        assert "Held: " in answer.out
        assert (own_home / "site" / "index.html").exists()


@pytest.fixture(scope="module")
def alone(cli, starter_home: Path, tmp_path_factory: pytest.TempPathFactory):
    """A whole pass without a network, over a home that holds figures."""
    place = Path(shutil.copytree(starter_home, tmp_path_factory.mktemp("alone") / "home"))
    with pytest.MonkeyPatch.context() as patch:
        for name in World(url="http://127.0.0.1:1").environment():
            patch.setenv(name, "http://127.0.0.1:1")
        patch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
        yield place, cli("run", home=place)


class TestNobodyIsReached:
    def test_it_says_so_in_plain_words_and_exits_1(self, alone) -> None:
        _, answer = alone
        assert answer.code == 1
        assert f"looked at 0 of {COUNTED}" in answer.err
        assert "What is held was used and published." in answer.err
        assert not any(word in answer.err for word in ("Errno", "gaierror", "HTTPSConnectionPool", "Traceback"))

    def test_one_reason_is_said_once(self, alone) -> None:
        _, answer = alone
        assert answer.err.count("nothing answers at that address") < 8, "one for each host"

    def test_what_is_held_is_kept_and_used(self, alone, cli, starter_home: Path) -> None:
        place, answer = alone
        assert "Black" in answer.out
        assert (place / "site" / "index.html").exists()
        before, after = (cli("ratios", "prison-population", "--json", home=h) for h in (starter_home, place))
        assert before.document == after.document

    def test_the_pages_say_that_nobody_was_looked_at(self, alone) -> None:
        place, _ = alone
        assert "No publisher’s page has been looked at yet" in (place / "site" / "index.html").read_text("utf-8")

    def test_and_of_whom_nothing_is_held_nothing_is_said(self, alone, cli) -> None:
        place, _ = alone
        states = {row["state"] for row in cli("gaps", "--json", home=place).document if row["publication"] == YOUTH.id}
        assert "absent" not in states


def test_the_pages_say_when_publishers_were_looked_at(publishers: World, cli, own_home: Path) -> None:
    from dataclasses import replace

    from dashboards.site import hold, looked, looked_at

    cli("fetch", SAFETY.id, home=own_home)
    with Reader(home(own_home)) as store:
        held = hold(store)
    assert looked_at(held).startswith("No publisher’s page has been looked at yet")
    assert f"The pages of 1 of {COUNTED} publications were last looked at on" in looked_at(
        replace(held, looked=looked(home(own_home)))
    )
