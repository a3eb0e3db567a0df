"""What a scheduler calls on a real home: the same pass as by hand, over the publications that are due."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from monitor import clock
from monitor.declarations import Publication, sources
from monitor.schedule.service import Tasks
from monitor.settings import Home
from monitor.store.lock import writing
from pipelines.look.looker import kind_of

if TYPE_CHECKING:
    from monitor.run import Summary


def watchable() -> dict[str, Publication]:
    """Everything declared that can be looked at. Raises `DeclarationError`."""
    return {slug: source for slug, source in sources().items() if kind_of(source)}


def tasks_on(home: Home, say: Callable[[str], None], version: str, *, wait: bool = False) -> Tasks:
    """A pass over some publications with its pages; announced dates, with a pass where they changed; delivery."""

    def alone(*, wait: bool = wait) -> AbstractContextManager[None]:
        return writing(home, "schedule", clock.now(), wait=wait, say=say)

    def published(summary: "Summary") -> Sequence[str]:
        from dashboards.site import build_or_say

        pages = build_or_say(home, version=version)
        return [*summary.failed, *summary.lost, *summary.undeclared, *pages, *summary.undelivered]

    def look(slugs: Sequence[str]) -> Sequence[str]:
        from monitor.run import run

        with alone(wait=True):  # because a scheduler has time
            return published(run(home, offline=False, say=say, slugs=slugs))

    def look_at_dates() -> Sequence[str]:
        from monitor.run import look_ahead

        with alone(wait=True):
            summary = look_ahead(home, say=say)
            return published(summary) if summary else ()

    def send() -> Sequence[str]:
        from monitor.run import deliver

        done = deliver(home)
        return done.shortcomings(clock.now()) if done else ()

    return Tasks(look=look, look_ahead=look_at_dates, deliver=send, alone=alone)
