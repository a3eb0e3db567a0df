"""The command line: one function a verb. Exit codes: 0 done, 1 failed, 2 usage, 3 findings (with `--check`)."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import typer

# isort: off
# because --help lists the verbs in the order their rooms are imported
from monitor.cli import (
    passes,
    scheduling,
    files,
    confirming,
    disparities,
    evidence,
    pages,
    watching,
    vintages,
    alerting,
)

# isort: on
from monitor.cli.desk import FAILED, USAGE, app

_USAGE = {
    "monitor.cli.desk": "Usage",
    "monitor.declarations": "DeclarationError",
    "monitor.settings": "ContactNotSet",
    "monitor.vocabulary": "UnknownWord",
    "pipelines.vintages": "NoSuchEdition",
    "dashboards.site": "NotASite",
}
_FAILURES = {
    "monitor.cli.desk": "Failed",
    "builtins": "OSError",
    "pipelines.reading.grid": "UnreadableFile",
    "pipelines.deriving.fit": "Refused",
    "monitor.store.database": "NothingHeld",
    "monitor.store.lock": "AtWork",
    "pipelines.vintages": "NothingToCompare",
    "monitor.statistics.calc": "InvalidCounts",
    "dashboards.cited": "CitationMissing",
    "dashboards.writers": "UnknownFormat",
    "dashboards.verify": "NotOurs",
    "monitor.watch.alerts": "NotAllowed",
    "monitor.notify.deliver": "Underway",
    "monitor.notify.templates": "TemplateError",
}
"""Errors whose message is for the person, by the room that has them: what was typed, and what failed."""

_FLAGS = {"--json": 0, "--quiet": 0, "--wait": 0, "--home": 1, "--as-of": 1, "--known-at": 1}


def _globals_first(arguments: Sequence[str]) -> list[str]:
    """Global flags moved before the verb, so that they may stand anywhere."""
    front: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        name = word.split("=", 1)[0]
        if name in _FLAGS:
            front.append(word)
            if _FLAGS[name] and "=" not in word:
                front.extend(w for w in [next(words, None)] if w is not None)
        elif word == "--":
            rest += [word, *words]
        else:
            rest.append(word)
    return front + rest


def _loaded(errors: Mapping[str, str]) -> tuple[type[Exception], ...]:
    """Those of errors whose rooms are loaded, because a heavy room that was not needed raised nothing."""
    return tuple(getattr(sys.modules[room], name) for room, name in errors.items() if room in sys.modules)


def _invoke(command: Callable[..., Any], arguments: list[str]) -> int:
    try:
        result = command(args=arguments, standalone_mode=False, prog_name="justice-monitor")
    except typer.Exit as leaving:
        return leaving.exit_code
    except typer.Abort:
        return FAILED
    return result if isinstance(result, int) else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line. Returns the exit code."""
    given = _globals_first(sys.argv[1:] if arguments is None else arguments)
    command = typer.main.get_command(app)
    try:
        return _invoke(command, given)
    except Exception as error:
        if hasattr(error, "format_message") and hasattr(error, "exit_code"):  # because click is vendored by typer
            print(f"justice-monitor: {error.format_message()}", file=sys.stderr)
            return USAGE if not error.__class__.__name__.startswith("NoArgs") else 0
        for errors, code in ((_USAGE, USAGE), (_FAILURES, FAILED)):
            if isinstance(error, _loaded(errors)):
                print(f"justice-monitor: {error}", file=sys.stderr)
                return code
        if os.environ.get("JUSTICE_MONITOR_DEBUG"):
            raise
        print(
            f"justice-monitor: something we did not expect ({type(error).__name__}: {error}). Nothing held was lost. "
            "Run it again with JUSTICE_MONITOR_DEBUG=1 and report what it prints.",
            file=sys.stderr,
        )
        return FAILED


def entry() -> None:
    """The installed command."""
    sys.exit(main())
