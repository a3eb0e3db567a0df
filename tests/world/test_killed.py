"""A pass that is killed loses nothing and accuses nobody: the next one ends as if nothing had happened."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.fetch import Session
from world import World, workbooks
from world.fixtures import Monitor, series
from world.killing import SITUATIONS, Left, Stage, everything_changes, first_pass, staged


class Killed(BaseException):
    """The process ends here."""


class TestAnEditionThatCameOutBeforeTheKill:
    """The page of a collection was read, and its edition was not asked for."""

    CUSTODY = series()

    @pytest.fixture
    def path(self, world: World, monitor: Monitor) -> str:
        collection = world.series("custody", "Custody statistics")
        world.release(collection, "q1", "Custody statistics: March 2024", {"q1.xlsx": workbooks.workbook("March 2024")})
        for _ in range(2):
            monitor.look(self.CUSTODY)
        world.now = world.now.replace(month=7)
        book = workbooks.workbook("June 2024")
        return world.release(collection, "q2", "Custody statistics: June 2024", {"q2.xlsx": book})

    @pytest.fixture(params=["page", "file"])
    def killed(self, monitor: Monitor, path: str, monkeypatch: pytest.MonkeyPatch, request) -> None:
        """The pass ended when it was about to ask for the edition's page, or for its file."""
        asked = getattr(Session, request.param)

        def ask(session: Session, url: str, *how: Any) -> Any:
            if url.endswith((path, "q2.xlsx")):
                raise Killed
            return asked(session, url, *how)

        with monkeypatch.context() as patch, pytest.raises(Killed):
            patch.setattr(Session, request.param, ask)
            monitor.look(self.CUSTODY)

    def test_is_found_by_the_next_pass_and_noticed_as_new(self, killed, monitor: Monitor) -> None:
        done = monitor.look(self.CUSTODY)
        assert [a.name for a in done.new] == ["q2.xlsx"]
        assert [c.sentence for c in done.changes["custody"]] == ["2024-06 appeared: Custody statistics: June 2024"]

    def test_and_then_it_is_quiet(self, killed, world: World, monitor: Monitor) -> None:
        monitor.look(self.CUSTODY)
        since = len(world.requests)
        assert not monitor.look(self.CUSTODY).changes
        assert {r.status[0] for r in world.requests[since:]} == {304}


def test_a_page_that_two_publications_share_is_unchanged_only_for_the_one_that_has_read_it(world, monitor) -> None:
    """One was looked at alone, after an edition of the other had appeared on the page of both."""
    both = world.series("custody", "Custody statistics")
    said = {"kind": "govuk-collection", "collection": both}
    deaths, harm = (series(name, name, editions=[f"^{name}"], **said) for name in ("da", "ha"))
    for name in ("da", "ha"):
        world.release(both, f"{name}1", f"{name}: March 2024", {f"{name}1.xlsx": workbooks.workbook(name)})
    for _ in range(2):
        monitor.look(deaths, harm)
    world.now = world.now.replace(month=7)
    world.release(both, "ha2", "ha: June 2024", {"ha2.xlsx": workbooks.workbook("June 2024")})
    monitor.look(deaths)
    assert [a.name for a in monitor.look(harm).new] == ["ha2.xlsx"]


# --- the command, in a process of its own -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stage, Left, int, list[str]]]:
    """A home that has seen everything once, a world in which everything has changed since, and what a pass makes."""
    with staged(tmp_path_factory.mktemp("killed"), first_pass, everything_changes) as stage:
        yield stage, *stage.undisturbed()


@pytest.mark.parametrize("share", [0, 0.4, 1])
def test_killed_at_a_request(stage, share: float) -> None:
    stage, undisturbed, requests, _ = stage
    assert stage.killed_at(max(round(share * requests), 1)).differing(undisturbed) == []


@pytest.mark.parametrize("words", ["Judging ", "Deriving "])
def test_killed_while_it_loads_and_derives(stage, words: str) -> None:
    stage, undisturbed, _, said = stage
    assert any(line.startswith(words) for line in said)
    assert stage.killed_saying(words).differing(undisturbed) == []


@pytest.mark.nightly
@pytest.mark.parametrize(("changes", "number"), list(zip(SITUATIONS, (6, 44, 44), strict=True)))
def test_killed_at_every_request(changes, number: int, tmp_path: Path) -> None:
    """Every request of the situations. A first pass is short, because it reads every file each time."""
    with staged(tmp_path, *changes, series=number) as stage:
        undisturbed, requests, _ = stage.undisturbed()
        found = {n: stage.killed_at(n).differing(undisturbed) for n in range(1, requests + 1)}
    assert {n: differing for n, differing in found.items() if differing} == {}
