"""What every declared record is: no unknown keys, never changed once read, and helpers for its own checks."""

import datetime as dt
import difflib
import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Literal

import pydantic

ENGLAND_AND_WALES = "K04000001"

Sure = Literal["seen", "in part", "to verify"]
"""How far a declared fact is to be trusted: seen in a public source, partly, or to verify on the first live look."""


class DeclarationError(ValueError):
    """A declaration that cannot be used: names the file, the line and the remedy."""


class Record(pydantic.BaseModel):
    """A declared record: unknown keys are refused, and it never changes once read."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> re.Pattern[str]:
    """A declared pattern of titles, in any case of letters. Raises ValueError with the pattern as declared."""
    try:
        return re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        raise ValueError(f"expected a pattern of a title; {pattern!r} is not one: {error}. Mend it") from None


def month_day(text: str) -> tuple[int, int]:
    """Month and day of `MM-DD`, in a leap year so that 29 February can be named."""
    try:
        day = dt.date.fromisoformat(f"2024-{text}")
    except ValueError:
        raise ValueError(f"expected a day of the year as MM-DD; found {text!r}") from None
    return day.month, day.day


def counting_days(said: tuple[str, ...]) -> tuple[str, ...]:
    """Days on which people are counted, as declared. Raises ValueError for one that is no date and no `MM-DD`."""
    for text in said:
        if len(text) == len("2021-03-21"):
            dt.date.fromisoformat(text)
        else:
            month_day(text)
    return said


def counted_on(days: tuple[str, ...], start: dt.date, end: dt.date) -> dt.date:
    """The day in a span on which people were counted: the one declared day that falls in it, else its end."""
    found = set()
    for text in days:
        for year in range(start.year, end.year + 1):
            try:
                day = dt.date.fromisoformat(text if len(text) > len("12-31") else f"{year}-{text}")
            except ValueError:  # because 29 February is not in every year
                continue
            found |= {day} if start <= day <= end else set()
    return found.pop() if len(found) == 1 else end


def nearest(name: str, known: Iterable[str]) -> str:
    """The known names closest to one that is not, for the end of a message; all of them when none is close."""
    known = sorted(known)
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
    return ("did you mean " + ", ".join(close) + "?") if close else "known: " + ", ".join(known)


def refuse_unknown(name: str, known: Collection[str], what: str) -> None:
    """Raises ValueError, with the nearest that exist, for a name that is none of those known."""
    if name not in known:
        raise ValueError(f"{name!r} is not {what}; {nearest(name, known)}")
