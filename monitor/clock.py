"""What time it is; the only module that asks.

What it makes true: a pass can be replayed. Everything else is handed the time, so `--as-of` and tests with fake
time need no patching. Release times are Europe/London, records are UTC.
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
