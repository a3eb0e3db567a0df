"""How often a host is asked, with a clock that only sleeping moves."""

import pytest

from pipelines.fetch import Limits
from pipelines.fetch.pace import Pace


class Clock:
    """Seconds that pass while someone sleeps, and not otherwise."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def asked_at(clock: Clock, pace: Pace, *hosts: str) -> list[float]:
    found = []
    for host in hosts:
        pace.wait(host)
        found.append(round(clock.now - 100, 3))
    return found


def test_one_host_is_asked_evenly(clock: Clock) -> None:
    assert asked_at(clock, Pace(5, clock, clock.sleep), *["a"] * 5) == [0, 0.2, 0.4, 0.6, 0.8]


def test_two_hosts_do_not_wait_for_each_other(clock: Clock) -> None:
    assert asked_at(clock, Pace(5, clock, clock.sleep), "a", "b", "a", "b") == [0, 0, 0.2, 0.2]


def test_a_pause_is_not_saved_up_for_a_burst(clock: Clock) -> None:
    pace = Pace(5, clock, clock.sleep)
    pace.wait("a")
    clock.now += 60
    assert asked_at(clock, pace, "a", "a", "a") == [60, 60.2, 60.4]


def test_the_declared_rate_is_half_of_what_the_strictest_publisher_allows() -> None:
    assert Limits().per_second <= 5
