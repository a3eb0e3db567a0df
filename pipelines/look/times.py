"""Times as publishers write them: mixed offsets, midnight shifted by summer time, days and months in words."""

import re
from datetime import UTC, date, datetime

from monitor.clock import LONDON, aware
from monitor.vocabulary import ImpossiblePeriod, parse_period
from monitor.watch.calendar import Precision

_EXACT = re.compile(
    r"^(?P<day>\d{1,2} [A-Za-z]+ \d{4})(?:,? (?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))? ?(?P<half>[ap]m)?)?$"
)


def moment(said: object) -> datetime | None:
    """An ISO time with any offset, in UTC; a time without one is UTC. None when it is no such thing."""
    if not isinstance(said, str):
        return None
    try:
        return aware(datetime.fromisoformat(said.strip()))
    except (ValueError, OverflowError):
        return None


def london_day(at: datetime | None) -> date | None:
    """The day in London of a moment."""
    return at.astimezone(LONDON).date() if at else None


def announced(display: str, timestamp: datetime | None) -> tuple[date, date, datetime | None, Precision] | None:
    """First day, last day, moment (of exact words only) and precision of a release date in words; else None."""
    words = " ".join(display.split())
    exact = _EXACT.match(words)
    try:
        period = parse_period(exact["day"] if exact else words)
    except ImpossiblePeriod:
        return None
    if period is None:
        return None
    if not exact:
        return period.start, period.end, None, "month" if period.start.month == period.end.month else "months"
    if not exact["hour"]:
        return period.start, period.end, None, "day"
    hour = int(exact["hour"]) % 12 + 12 if exact["half"] == "pm" else int(exact["hour"]) % 24
    if exact["half"] == "am" and int(exact["hour"]) == 12:
        hour = 0
    said = datetime(*period.start.timetuple()[:3], hour, min(int(exact["minute"] or 0), 59), tzinfo=LONDON)
    at = timestamp if timestamp and london_day(timestamp) == period.start else said.astimezone(UTC)
    return period.start, period.end, at, "time"
