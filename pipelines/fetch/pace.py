"""How often a host is asked: evenly, never more than the declared rate, however many publications wait."""

import time
from collections.abc import Callable


class Pace:
    """Keeps a gap between two requests to one host. `clock` and `sleep` are seconds; tests give their own."""

    def __init__(
        self,
        per_second: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._gap = 1.0 / per_second
        self._clock, self._sleep = clock, sleep
        self._next: dict[str, float] = {}

    def wait(self, host: str) -> None:
        """Return when `host` may be asked again."""
        now = self._clock()
        due = self._next.get(host, now)
        if due > now:
            self._sleep(due - now)
        self._next[host] = max(now, due) + self._gap
