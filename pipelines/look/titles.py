"""Which edition a title names: the period in it, whatever the address, the publisher's name or the punctuation."""

import re
from datetime import date
from functools import lru_cache

from monitor.vocabulary import ImpossiblePeriod, Period, parse_period
from pipelines.identity import edition_id as edition_id

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_YEAR = r"(?:19|20)\d\d"
_TO = r"\s*(?:-|\bto\b|\band\b)\s*"
_PHRASES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\bmid[- ]{_YEAR}\b",
        rf"\byear (?:ending|ended|to)(?: the)? (?:\d{{1,2}} )?{_MONTH} {_YEAR}\b",
        rf"\b(?P<annual>annual\b[\w ]*?\b(?:to|ending)) (?:\d{{1,2}} )?{_MONTH} {_YEAR}\b",
        rf"\b(?:\d{{1,2}} )?{_MONTH}(?: {_YEAR})?{_TO}(?:\d{{1,2}} )?{_MONTH} {_YEAR}\b",
        rf"\b\d{{1,2}}(?:st|nd|rd|th)? {_MONTH} {_YEAR}\b",
        r"\b20\d\d-\d\d-\d\d\b",
        rf"\b{_YEAR}\s*(?:-|/|\bto\b)\s*(?:{_YEAR}|\d\d)\b",
        rf"\bq[1-4] {_YEAR}\b",
        rf"\b{_MONTH} {_YEAR}\b",
        rf"\b{_YEAR}\b",
    )
)
_DASHES = str.maketrans({"–": "-", "—": "-", "‑": "-", "−": "-", "‐": "-", "’": "'", "\xa0": " ", "&": " and "})


@lru_cache(maxsize=65536)
def period_of(title: str) -> Period | None:
    """The period a title names; the most telling phrase of it, and of two alike the last. None when it names none."""
    words = " ".join(title.translate(_DASHES).replace(",", " ").split())
    for phrase in _PHRASES:
        for match in reversed(list(phrase.finditer(words))):
            period = _read(match)
            if period is not None:
                return period
    return None


def _read(match: re.Match[str]) -> Period | None:
    text = match.group().lower()
    if annual := match.groupdict().get("annual"):
        text = "year ending" + text.removeprefix(annual.lower())
    text = re.sub(r"\s+and\s+", " to ", text)
    years = re.fullmatch(rf"({_YEAR})\s*(?:-|/|to)\s*({_YEAR}|\d\d)", text)
    if years:
        return _years(int(years[1]), years[2])
    try:
        return parse_period(re.sub(r"\s*-\s*", " - ", text) if re.search(_MONTH, text) else text)
    except ImpossiblePeriod:
        return None


def _years(first: int, second: str) -> Period | None:
    last = int(second) if len(second) == 4 else first - first % 100 + int(second)
    if last == first + 1:
        return parse_period(f"{first}/{last % 100:02d}")
    if not first < last < first + 100:
        return None
    return Period(date(first, 1, 1), date(last, 12, 31), "flow", f"{first} to {second}")


_NAMES = (
    (re.compile(r"\b(?:her|his) majesty'?s\b"), "hm"),
    (re.compile(r"\bhmpps\b"), "hm prison and probation service"),
    (re.compile(r"\bnoms\b"), "national offender management service"),
)
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "a an and annual bulletin edition england for hm in management national of offender on prison probation"
        " quarterly report second service statistics the to update wales",
    )
)


@lru_cache(maxsize=65536)
def series_words(title: str) -> frozenset[str]:
    """The words of a title that tell its series, without period, publisher and words that every title has."""
    words = " ".join(title.translate(_DASHES).lower().split())
    for phrase in _PHRASES:
        words = phrase.sub(" ", words)
    for name, said in _NAMES:
        words = name.sub(said, words)
    return frozenset(re.findall(r"[a-z]+", words)) - _COMMON


def nearness(words: frozenset[str], own: frozenset[str]) -> tuple[int, int, list[str]]:
    """How near the words of a title are to those of a series, to compare: more in common, then fewer besides."""
    return len(words & own), -len(words - own), sorted(words)
