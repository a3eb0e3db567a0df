"""One writer a home: who is at work, since when, and how the next one waits."""

import datetime as dt
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from monitor.clock import aware, in_london
from monitor.settings import Home
from monitor.store.vault import Vault, replace_text


class AtWork(Exception):
    """Another process writes to the home; the message says which, and since when."""


@contextmanager
def writing(
    home: Home, verb: str, now: dt.datetime, *, wait: bool = False, say: Callable[[str], None] = lambda _: None
) -> Iterator[None]:
    """Be the one writer of a home, within one that this process is already too. Readers need not ask.

    Where another is at work, `wait` for its end and `say` so; else raises `AtWork`. Freed by the operating system,
    however the process ends.
    """
    home.root.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home.root / "pass.lock", is_singleton=True)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if not wait:
            raise AtWork(f"{_who(home, now)}; try again, or --wait. Nothing was changed.") from None
        say(f"{_who(home, now)}; waiting for it to end.")
        lock.acquire()
    at_work = home.root / "pass.json"
    try:
        if lock.lock_counter == 1:
            shutil.rmtree(Vault(home).coming(), ignore_errors=True)  # because what is there, a killed pass left
            for partial in home.root.glob(f"{home.main.name}.*.part"):
                partial.unlink()
            replace_text(at_work, json.dumps({"verb": verb, "process": os.getpid(), "since": aware(now).isoformat()}))
        yield
    finally:
        if lock.lock_counter == 1:
            at_work.unlink(missing_ok=True)
        lock.release()


def _who(home: Home, now: dt.datetime) -> str:
    """Who is at work, as far as it has said so."""
    try:
        said = json.loads((home.root / "pass.json").read_text(encoding="utf-8"))
        since, here = in_london(dt.datetime.fromisoformat(said["since"])), in_london(now)
        at = f"{since:%H:%M}" if since.date() == here.date() else f"{since:%H:%M on {since.day} %B %Y}"
        return f"another pass has been at work since {at} ({said['verb']}, process {said['process']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another pass has just begun"
