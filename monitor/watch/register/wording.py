"""The register's sentences: read from `sentences.toml`, filled in, never half filled."""

import datetime as dt
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from monitor.clock import day_in_words
from monitor.vocabulary import CHARACTERISTICS

AWAITING = "awaiting"
"""The sentences about what is not told to anybody outside yet."""


@lru_cache(maxsize=1)
def _sentences() -> dict[str, dict[str, str]]:
    return tomllib.loads((Path(__file__).parent / "sentences.toml").read_text(encoding="utf-8"))


def word(state: str) -> str:
    """What a cell of the matrix is headed: `Not looked at`. Raises `KeyError` for what is no state."""
    return _sentences()[state]["word"]


def title(state: str, characteristic: str = "all") -> str:
    """What an alert of this state is headed."""
    return _sentences()[state]["title"].format(characteristic=_named(characteristic))


def sentence(state: str, form: str = "reason", *, characteristic: str = "all", **fields: Any) -> str:
    """The sentence of a state, filled in. Raises `ValueError` that names a field the template has and nobody gave."""
    named = _named(characteristic)
    said = {name: _said(value) for name, value in fields.items()}
    try:
        return _sentences()[state][form].format(
            characteristic=named, characteristic_in=named[:1].lower() + named[1:], **said
        )
    except KeyError as missing:
        raise ValueError(
            f"sentences.toml, [{state}] {form}: expected fields {', '.join(sorted(said))}; found {missing}. "
            "Mend the sentence."
        ) from None


def listed(words: Sequence[str], most: int = 6) -> str:
    """Words in a row, the first few of many: `A, B and 3 more`; `none` for none."""
    if not words:
        return "none"
    shown = ", ".join(words[:most])
    return f"{shown} and {len(words) - most} more" if len(words) > most else shown


def day(value: dt.date, precision: str = "day") -> str:
    """A day as people write it: `26 June 2020`; with month or year precision, only that."""
    return {"day": day_in_words(value), "month": f"{value:%B %Y}", "year": f"{value:%Y}"}[precision]


def percent(share: float) -> str:
    """A fraction as a percentage with one decimal."""
    return f"{100 * share:.1f}%"


def _named(characteristic: str) -> str:
    return next((c.title for c in CHARACTERISTICS if c.id == characteristic), "Every characteristic")


def _said(value: Any) -> Any:
    if isinstance(value, dt.date):
        return day(value)
    if isinstance(value, (list, tuple)):
        return listed([str(v) for v in value])
    return value
