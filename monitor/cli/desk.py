"""What every verb shares: the application, the global flags, and how an answer or an error is given."""

import datetime as dt
import getpass
import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, cast

import typer

from monitor.settings import Home, use
from monitor.settings import home as home_of

if TYPE_CHECKING:
    from monitor.store.database import Reader

# because `--help` must answer at once, verbs import heavy libraries when they are called
app = typer.Typer(
    name="justice-monitor",
    help="Who is in prison and on probation in England and Wales, how unequally, and which breakdowns are missing.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

FAILED, USAGE, FINDINGS = 1, 2, 3
Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass
class Given:
    """The global flags."""

    home: Home
    as_of: dt.date | None = None
    known_at: dt.datetime | None = None
    json: bool = False
    quiet: bool = False
    wait: bool = False


given = Given(home_of())

Check = Annotated[bool, typer.Option("--check", help="Exit 3 when there are findings.")]


@app.callback()
def _globals(
    home: Annotated[Path | None, typer.Option(help="Folder that holds everything (default ./justice-data).")] = None,
    as_of: Annotated[str | None, typer.Option(help="What had been published by this date.")] = None,
    known_at: Annotated[str | None, typer.Option(help="What we had seen by this moment.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for another pass on the same home to end.")] = False,
) -> None:
    """Flags every verb takes, before or after it."""
    given.home = home_of(home)
    use(given.home)
    given.as_of = a_date(as_of, "--as-of") if as_of else None
    given.known_at = a_moment(known_at) if known_at else None
    given.json, given.quiet, given.wait = as_json, quiet, wait


class Usage(Exception):
    """Something typed that does not exist or cannot be read."""


class Failed(Exception):
    """Something failed after the rest was done."""


def a_date(text: str, what: str) -> dt.date:
    """A date as typed for the flag `what`. Raises `Usage`."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Usage(f"{what}: expected a date such as 2022-06-30, found {text!r}.") from None


def a_moment(text: str) -> dt.datetime:
    """A moment as typed for `--known-at`. Raises `Usage`."""
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        raise Usage(f"--known-at: expected a time such as 2022-07-28T09:35, found {text!r}.") from None


def a_name(name: str, known: Sequence[str], noun: str) -> str:
    """The name, when it is among those known. Raises `Usage` with the nearest that are."""
    import difflib

    if name in known:
        return name
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
    hint = f"did you mean {', '.join(near)}?" if near else f"known: {', '.join(known)}"
    raise Usage(f"no {noun} is called {name!r}; {hint}")


def say(message: str) -> None:
    """Progress, on standard error."""
    if not given.quiet and not given.json:
        print(message, file=sys.stderr, flush=True)


def writing(verb: str, *, wait: bool = False) -> AbstractContextManager[None]:
    """Be the one writer of the home while a verb does what changes it. Raises `AtWork`."""
    from monitor import clock
    from monitor.store import lock

    return lock.writing(given.home, verb, clock.now(), wait=wait or given.wait, say=say)


def writes(verb: Command) -> Command:
    """A verb that changes the home from its first line to its last."""

    @wraps(verb)
    def alone(*given: Any, **named: Any) -> Any:
        with writing(verb.__name__):
            return verb(*given, **named)

    return cast("Command", alone)


def coloured() -> bool:
    """Whether an answer is read on a terminal that shows colours, by somebody who did not ask for none."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def document(value: Any) -> None:
    """An answer as one JSON document, on standard output."""
    print(json.dumps(value, default=str, ensure_ascii=False, allow_nan=False, indent=1))


def reader() -> "Reader":
    """The published database of the home, open for reading."""
    from monitor.store.database import Reader

    return Reader(given.home)


def answer(value: Any, words: Callable[[], str]) -> None:
    """The same answer to a program, as JSON, or to a person, in words."""
    if given.json:
        document(value)
    else:
        print(words())


def version() -> str:
    """The version installed."""
    from importlib.metadata import version as of

    return of("justice-disparity-monitor")


def who(by: str) -> str:
    """Who says something: the name given, else the one this machine knows the user by."""
    try:
        return by.strip() or getpass.getuser()
    except (OSError, KeyError):
        return "somebody"
