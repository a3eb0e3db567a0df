"""What time it is, for everyone: records are UTC, release times are Europe/London; no other module asks the clock."""

import datetime as dt
import email.utils
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> dt.datetime:
    """This moment, UTC, without a zone mark, to the second: as the journal and the database keep it."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0, tzinfo=None)


def today() -> dt.date:
    """Today's date in London."""
    return dt.datetime.now(LONDON).date()


def aware(moment: dt.datetime) -> dt.datetime:
    """A moment marked as UTC; one without a zone is UTC already. Only such moments can be added to and compared."""
    return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)


def in_london(moment: dt.datetime) -> dt.datetime:
    """A moment as London's clocks show it; one without a zone is UTC."""
    return aware(moment).astimezone(LONDON)


def london_time(day: dt.date, time: dt.time) -> dt.datetime:
    """The moment, in UTC, at which London's clocks show a time of a day (the first, where they show it twice)."""
    return dt.datetime.combine(day, time, LONDON).astimezone(dt.UTC)


def day_in_words(day: dt.date) -> str:
    """A day as people write it: `26 June 2020`."""
    return f"{day.day} {day:%B %Y}"


def wait_asked_for(said: str | None) -> float | None:
    """Seconds that a server asks to be left alone (`Retry-After`: seconds or a date); None where it does not say."""
    if not said or said.strip().isdecimal():
        return float(said) if said else None
    try:
        at = aware(email.utils.parsedate_to_datetime(said))
    except ValueError:
        return None
    return max((at - aware(now())).total_seconds(), 0.0)
