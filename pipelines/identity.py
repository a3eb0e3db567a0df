"""Which edition a file belongs to: known by its bytes, its period and its first day of publication, not its address."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from monitor.declarations import Publication
from monitor.store.vault import Artefact
from monitor.vocabulary import ImpossiblePeriod, Period, parse_period

_STEPS = {"weekly": 7, "monthly": 31, "quarterly": 92, "biannual": 184, "biennial": 731}
_YEAR = 366
"""Days from one edition to the next, at most."""
_ID = re.compile(r"\d{4}(?:-\d\d|-Q[1-4]|-\d\d-\d\d)?|\d{4}-\d\d(?:-\d\d)?--\d{4}-\d\d(?:-\d\d)?")
_TWO_NUMBERS = re.compile(r"(?P<first>\d{4})-(?P<second>\d\d)")


@dataclass(frozen=True)
class Named:
    """An edition as somebody names it: its name, the day it was first published, and the hash of one of its files."""

    name: str
    published_on: date | None = None
    sha256: str = ""


def edition_id(period: Period) -> str:
    """The short name of an edition: `2024-Q2`, `2024-06`, `2018-19`, `2022`, `2022-06-30`, `2012-07--2013-06`."""
    start, end = period.start, period.end
    if start == end:
        return start.isoformat()
    after = end + timedelta(days=1)
    if start.day != 1 or after.day != 1:
        return f"{start.isoformat()}--{end.isoformat()}"
    months = (after.year - start.year) * 12 + after.month - start.month
    if months == 1:
        return f"{start:%Y-%m}"
    if months == 3 and start.month in (1, 4, 7, 10):
        return f"{start.year}-Q{(start.month + 2) // 3}"
    if months == 12 and start.month == 1:
        return f"{start.year}"
    if months == 12 and start.month == 4:
        return f"{start.year}-{end.year % 100:02d}"
    return f"{start:%Y-%m}--{end:%Y-%m}"


def plain_name(name: str) -> str:
    """The id that a name means: `Q1 2022` is `2022-Q1`, `30 June 2022` is `2022-06-30`; other names as they are."""
    words = " ".join(name.split())
    if _ID.fullmatch(words):
        return words
    try:
        period = parse_period(words)
    except ImpossiblePeriod:
        return words
    return edition_id(period) if period else words


def edition_of(publication: Publication, said: Named, held: Iterable[Artefact]) -> str:
    """The id of the edition that is meant, of those that files of the publication are held of; a new id if none is."""
    files = list(held)
    for file in files:
        if said.sha256 and said.sha256 in (file.sha256, file.original_sha256):
            return file.edition_id
    name = plain_name(said.name)
    for file in files:
        if plain_name(file.edition_id) == name:
            return file.edition_id
    for file in files:
        if said.published_on and file.published_on == said.published_on and _beside(publication, name, file.edition_id):
            return file.edition_id
    return name


def _beside(publication: Publication, one: str, other: str) -> bool:
    """Whether two names can mean one release: periods of different kinds that end within one step of each other."""
    cadence = publication.calendar.cadence if publication.calendar else ""
    periods = [_period(name, yearly=cadence in ("annual", "biennial")) for name in (one, other)]
    if periods[0] is None or periods[1] is None or _kind(periods[0]) == _kind(periods[1]):
        return False
    return abs(periods[0].end - periods[1].end) <= timedelta(days=_STEPS.get(cadence, _YEAR))


def _period(name: str, *, yearly: bool) -> Period | None:
    """The period an id means. `2011-12` is a month, or two years where the series is `yearly`."""
    first, between, last = name.partition("--")
    if between:
        ends = [_period(part, yearly=False) for part in (first, last)]
        return Period(ends[0].start, ends[1].end, "flow", name) if ends[0] and ends[1] else None
    try:
        if (two := _TWO_NUMBERS.fullmatch(name)) and not (yearly or int(two["second"]) > 12):
            return parse_period(date(int(two["first"]), int(two["second"]), 1).strftime("%B %Y"))
        return parse_period(name)
    except ValueError:
        return None


def _kind(period: Period) -> int:
    """Days for a day, and months for what is longer: periods of one kind follow each other."""
    return 0 if period.start == period.end else round((period.end - period.start).days / 30)
