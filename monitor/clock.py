"""What time it is; the only module that asks.

What it makes true: a pass can be replayed. Everything else is handed the time, so `--as-of` and tests with fake
time need no patching. Release times are Europe/London, records are UTC; the change between them is here, so that
the two nights a year when London's clock moves are nobody else's concern.
"""

import datetime as dt
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
