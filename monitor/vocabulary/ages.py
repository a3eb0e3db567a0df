"""Ages, recognised by how they are written; lengths of sentence, money and a bare `15` are not ages.

An age nobody has is refused too: `Under 101` is `Under 10` with note 1, which the dictionary reads.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from monitor.vocabulary.labels import plain_dashes

OLDEST_OPEN = 110
OLDEST_CLOSED = 99
# because sentences are "14 years and over" too: below 15, "years" means age only after the word "aged"
_YOUNGEST_IN_YEARS = 15
# because a label in years that is of age has an end at which sentences are not divided (11, 18, 21, 59)
_SENTENCES_DIVIDED_AT = frozenset((*range(11), 12, 14, 15, 20, 25, 30))

_WRAPPING = re.compile(r"^age(?: group| band)?\s*:\s*|\s*;\s*measures\s*:\s*value$")
_BRACKETED = re.compile(r"^[a-z' ]*\b(?:adults?|children|people|persons|juveniles?)\s*\((?P<inside>.*)\)$")
_NOUN = re.compile(r"^(?:young )?(?:adults?|people|persons|children|juveniles?)\s+(?=aged?\b)")
_AGED = re.compile(r"^ages?d?\s+")
_UNIT = r"(?P<unit>[\s-]*(?:years?|yrs?)\b)?(?P<old>[\s-]*olds?)?(?P<inclusive>\s*\(inclusive\))?"
_RANGE = re.compile(rf"^(?P<low>\d{{1,3}})\s*(?:years?\s+)?(?:-|to)\s*(?P<high>\d{{1,3}})[\s-]*{_UNIT}$")
_WITHIN = re.compile(
    rf"^(?P<low>\d{{1,3}})\s*(?:years?\s+)?(?:-|to)\s*(?:under|less than|below)\s*(?P<end>\d{{1,3}}){_UNIT}$"
)
_OPEN = re.compile(
    rf"^(?P<low>\d{{1,3}})(?:\s*\+\s*(?P<years>years?|yrs?)?|{_UNIT}\s+(?:and|or|&)\s+(?:over|older|above))$"
)
_UNDER = re.compile(rf"^(?:under|below|younger than|(?P<sign><))[\s-]*(?P<end>\d{{1,3}})s?{_UNIT}$")
_AND_UNDER = re.compile(rf"^(?P<high>\d{{1,3}}){_UNIT}\s+(?:and|or)\s+(?:under|younger|below)$")
_OVER = re.compile(r"^over[\s-]*(?P<below>\d{1,3})s?$")
_SINGLE = re.compile(rf"^(?P<age>\d{{1,3}})[\s-]*{_UNIT}$")


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Ages from `low` to `high` in completed years, both included; `high` is None where there is no upper end."""

    low: int
    high: int | None
    category: str


@lru_cache(maxsize=16384)
def parse_age(text: str | int | float, bare: bool = False) -> AgeBand | None:
    """The ages a label names, or None; `bare` says that a number alone (`15`, text or number) is an age here."""
    if isinstance(text, int | float):
        whole = not isinstance(text, bool) and text == text and float(text).is_integer()
        return _band(int(text), int(text), OLDEST_OPEN) if bare and whole else None
    words = _WRAPPING.sub("", " ".join(plain_dashes(text).lower().split()))
    if not any(character.isdigit() for character in words):
        return None
    if match := _BRACKETED.match(words):
        words = match["inside"].strip()
    words = _NOUN.sub("", words)
    body = _AGED.sub("", words)
    aged = body != words
    if match := _RANGE.match(body):
        low, high = int(match["low"]), int(match["high"])
        return _band(low, high, OLDEST_OPEN if low >= 90 else OLDEST_CLOSED) if _is_of_age(match, aged) else None
    if match := _WITHIN.match(body):
        low = int(match["low"])
        sure = low >= _YOUNGEST_IN_YEARS and not match["unit"]
        ends = (low, int(match["end"])) if low < int(match["end"]) else ()
        return _band(low, ends[1] - 1) if ends and (sure or _is_of_age(match, aged, always=True)) else None
    if match := _OPEN.match(body):
        low = int(match["low"])
        return (
            _band(low, None)
            if (_is_of_age(match, aged) and (aged or not match["years"])) or low >= _YOUNGEST_IN_YEARS
            else None
        )
    if match := _UNDER.match(body):
        sure = aged or not match["sign"] or int(match["end"]) >= _YOUNGEST_IN_YEARS  # because <5 hides a number
        return _band(0, int(match["end"]) - 1) if sure and _is_of_age(match, aged) else None
    if match := _AND_UNDER.match(body):
        return _band(0, int(match["high"])) if _is_of_age(match, aged) else None
    if match := _OVER.match(body):
        return _band(int(match["below"]) + 1, None)
    if match := _SINGLE.match(body):
        age = int(match["age"])
        if bare and body.isdigit():
            return _band(age, age, OLDEST_OPEN)
        return _band(age, age) if aged or match["old"] else None
    return None


def _is_of_age(match: re.Match[str], aged: bool, always: bool = False) -> bool:
    """Whether `years`, if the label says years at all, can only be years of age."""
    said = match.groupdict()
    if aged or said.get("old") or not (said.get("unit") or always):
        return True
    ends = [int(said[end]) for end in ("low", "high", "end") if said.get(end)]
    return any(end not in _SENTENCES_DIVIDED_AT for end in ends)


def _band(low: int, high: int | None, oldest: int = OLDEST_CLOSED) -> AgeBand | None:
    if high is None:
        return AgeBand(low, None, f"{low} and over") if low <= OLDEST_OPEN else None
    if not 0 <= low <= high <= oldest - (low == 0 < high):
        return None
    if low == high:
        return AgeBand(low, high, str(low))
    return AgeBand(low, high, f"under {high + 1}" if low == 0 else f"{low}-{high}")
