"""The year 2025, lived through once for every question about it; and the world, for a service that runs for real."""

from collections.abc import Iterator

import pytest
from world import World
from world.fixtures import world
from world.year import Follower, Played, play

__all__ = ["world", "year"]


@pytest.fixture(scope="session")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """Every look of a simulated year, at a publisher that is served, with the world's clock, and every alert of it."""
    folder = tmp_path_factory.mktemp("year")
    with World().open() as world:
        with pytest.MonkeyPatch.context() as patch:  # because others ask elsewhere while this year is kept
            for name, value in world.environment().items():
                patch.setenv(name, value)
            played = play(world, folder / "home", after=Follower(folder / "home"))
        yield played
