"""The dates and periods of table headings, as days.

Makes true: a heading means the same days whether it was stored as a date, as `30-Jun-09(1) (2)`, or as
`2018/191` with its footnote glued on; a plain day is a stock (a count on that day), everything longer a
flow.
Why this way: publishers mix date cells and text within one header row, so reading by cell type loses
columns.
Refuses: a date that does not exist (`31-Jun-25`) raises `ImpossiblePeriod` and is never moved to a real
one; text and numbers that are no period give None; `Q3` alone gives None, unless a hint names the year.
"""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from monitor.vocabulary.labels import plain_dashes, split_markers

EARLIEST_YEAR, LATEST_YEAR = 1850, 2100

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name} | {
    name.lower(): number for number, name in enumerate(calendar.month_abbr) if name
}
_MONTHS["sept"] = 9
_MONTH = rf"(?:{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_YEAR = r"'?(?:\d{4}|\d{2})"
_DAY_PATTERN = (
    r"(?:(?:as )?(?:at|of) |on )?(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? )?"
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ -](?P<month>{_MONTH}),?(?:[ -](?P<year>{_YEAR}))?"
)
_DAY = re.compile(rf"^{_DAY_PATTERN}$")
_ISO = re.compile(r"^(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:[ t]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?z?)?$")
_SLASHES = re.compile(
    r"^(?P<day>\d{1,2})(?:/(?P<month>\d{1,2})/(?P<year>\d{4}|\d{2})|(?P<mark>[.-])(?P<m>\d{1,2})(?P=mark)(?P<y>\d{4}))$"
)
_ISO_MONTH = re.compile(r"^(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])$")
_WEEK_ENDING = re.compile(r"^(?:week (?:ending|ended|to)|w/e) (?P<day>.+)$")
_MONTH_OF = re.compile(rf"^(?P<month>{_MONTH})(?:[ -]?(?P<year>{_YEAR}))?$")
_QUARTER = re.compile(
    r"^(?:q(?:uarter |tr )?(?P<a>[1-4])(?:,?[ -]+(?P<ya>\d{4}(?P<fa>[/-]\d{2})?))?"
    r"|(?P<yb>\d{4}(?P<fb>[/-]\d{2})?)[ -]*q(?:uarter |tr )?(?P<b>[1-4]))$"
)
_MID_YEAR = re.compile(r"^mid[ -]?(?:year[ -])?(?P<year>\d{4})(?: (?:population )?estimates?)?$")
_PLAIN_YEAR = re.compile(r"^(?:(?:calendar )?year )?(?P<year>\d{4})$")
_TWO_YEARS = re.compile(
    r"^(?:financial year |fy ?)?(?P<first>\d{4}) ?[/-] ?"
    r"(?:(?P<full>\d{4})|(?P<short>\d{2})(?P<glued>[1-9](?:, ?[1-9])*)?)$"
)
_YEAR_ENDING = re.compile(
    r"^(?:(?:financial )?year (?:ending|ended|to)|f?ye|(?:12|twelve) months (?:to|ending|ended|to the end of)) "
    rf"(?:(?P<day>\d{{1,2}}) )?(?P<month>{_MONTH})[ -](?P<year>{_YEAR})$"
)
_BETWEEN = re.compile(r" to | - |(?<=[a-z])-(?=[a-z])|(?<=\d{4})-(?=[a-z])")
_YEAR_IN_HINT = re.compile(r"(?:19|20)\d{2}(?!\d)")


class ImpossiblePeriod(ValueError):
    """A heading names a date that does not exist; a person must say what it means before it is read."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` to `end`, both included. `kind` is `stock` (on one day) or `flow`; `label` is as
    published.
    """

    start: date
    end: date
    kind: str
    label: str
    markers: tuple[str, ...] = ()


def parse_period(value: str | date | datetime | int | float | None, hint: str | None = None) -> Period | None:
    """The period a heading names, or None when it names none.

    `hint` is text that gives the year where the heading does not (`Q3` in a file of 2022). Financial
    years (`2017/18`) end on 31 March. Two-digit years: 00-49 are 20xx, 50-99 are 19xx. Raises
    ImpossiblePeriod for a date that does not exist.
    """
    if isinstance(value, datetime):
        return Period(value.date(), value.date(), "stock", value.date().isoformat())
    if isinstance(value, date):
        return Period(value, value, "stock", value.isoformat())
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        whole = value == value and float(value).is_integer()
        return _calendar_year(int(value), str(int(value)), ()) if whole else None
    return _parse_text(value, hint)


@lru_cache(maxsize=8192)
def _parse_text(raw: str, hint: str | None) -> Period | None:
    label = " ".join(raw.split())
    if not any(character.isdigit() for character in label) or len(label) > 80:
        years_known = hint is not None and len(label) <= 80
        if not years_known:
            return None
    words, markers = split_markers(label)
    words = re.sub(r"\s*\((?:provisional|revised|p|r)\)$", "", plain_dashes(words).lower())
    years = _YEAR_IN_HINT.findall(hint or "")
    year = int(years[-1]) if years else None
    for read in _READERS:
        found = read(words, label, markers, year)
        if found is not None:
            return found if EARLIEST_YEAR <= found.start.year <= found.end.year <= LATEST_YEAR else None
    return None


_Reader = Callable[[str, str, tuple[str, ...], int | None], Period | None]


def _read_day(words: str, label: str, markers: tuple[str, ...], year: int | None) -> Period | None:
    day = _day(words, label, year)
    return Period(day, day, "stock", label, markers) if day else None


def _read_two_years(words: str, label: str, markers: tuple[str, ...], _year: int | None) -> Period | None:
    match = _TWO_YEARS.match(words)
    if not match:
        return None
    first = int(match["first"])
    second = int(match["full"] or match["short"])
    if second != (first + 1 if match["full"] else (first + 1) % 100):
        return None
    glued = tuple(re.findall(r"\d", match["glued"] or ""))
    return _flow(date(first, 4, 1), date(first + 1, 3, 31), label, (*glued, *markers))


def _read_year_ending(words: str, label: str, markers: tuple[str, ...], _year: int | None) -> Period | None:
    match = _YEAR_ENDING.match(words)
    if not match:
        return None
    year, month = _full_year(match["year"]), _month(match["month"])
    end = _real_date(year, month, int(match["day"]), label) if match["day"] else _month_end(year, month)
    start = _a_year_before(end) + timedelta(days=1)
    return _flow(start, end, label, markers)


def _read_quarter(words: str, label: str, markers: tuple[str, ...], year: int | None) -> Period | None:
    match = _QUARTER.match(words)
    if not match:
        return None
    quarter = int(match["a"] or match["b"])
    said = match["ya"] or match["yb"]
    if match["fa"] or match["fb"]:  # because the quarters of 2019/20 count from April
        whole = _read_two_years(said, label, markers, None)
        quarter, year, said = (quarter % 4 + 1, whole.end.year - (quarter < 4), None) if whole else (0, None, None)
    in_year = int(said or year or 0)
    if not in_year:
        return None
    return _flow(date(in_year, 3 * quarter - 2, 1), _month_end(in_year, 3 * quarter), label, markers)


def _read_mid_year(words: str, label: str, markers: tuple[str, ...], _year: int | None) -> Period | None:
    """Mid-year population estimates are of the people who live there on 30 June (Office for National Statistics)."""
    match = _MID_YEAR.match(words)
    if not match or not EARLIEST_YEAR <= int(match["year"]) <= LATEST_YEAR:
        return None
    day = date(int(match["year"]), 6, 30)
    return Period(day, day, "stock", label, markers)


def _read_year(words: str, label: str, markers: tuple[str, ...], _year: int | None) -> Period | None:
    match = _PLAIN_YEAR.match(words)
    return _calendar_year(int(match["year"]), label, markers) if match else None


def _read_month(words: str, label: str, markers: tuple[str, ...], year: int | None) -> Period | None:
    if match := _ISO_MONTH.match(words):
        return _flow(*_whole_month(int(match["year"]), int(match["month"])), label, markers)
    match = _MONTH_OF.match(words)
    in_year = _full_year(match["year"]) if match and match["year"] else year
    if not match or in_year is None:
        return None
    month = _month(match["month"])
    return _flow(date(in_year, month, 1), _month_end(in_year, month), label, markers)


def _read_week(words: str, label: str, markers: tuple[str, ...], year: int | None) -> Period | None:
    match = _WEEK_ENDING.match(words)
    end = _day(match["day"], label, year) if match else None
    return _flow(end - timedelta(days=6), end, label, markers) if end else None


def _read_range(words: str, label: str, markers: tuple[str, ...], year: int | None) -> Period | None:
    ends = _BETWEEN.split(words)
    if len(ends) != 2:
        return None
    last = _read_month(ends[1], label, markers, year) or _read_day(ends[1], label, markers, year)
    if last is None:
        return None
    first = _read_month(ends[0], label, markers, last.end.year) or _read_day(ends[0], label, markers, last.end.year)
    if first is None:
        return None
    start = first.start
    if start > last.end and not re.search(r"\d{4}|[ -]'?\d{2}$", ends[0]):
        start = _day_in(start.year - 1, start.month, start.day)  # because "October to March 2024" began the year before
    return _flow(start, last.end, label, markers) if start <= last.end else None


_READERS: tuple[_Reader, ...] = (
    _read_day,
    _read_two_years,
    _read_mid_year,
    _read_year,
    _read_month,
    _read_year_ending,
    _read_quarter,
    _read_week,
    _read_range,
)


def _day(words: str, label: str, year: int | None) -> date | None:
    if match := _ISO.match(words):
        return _real_date(int(match["year"]), int(match["month"]), int(match["day"]), label)
    if match := _SLASHES.match(words):
        in_month = int(match["month"] or match["m"])
        return _real_date(_full_year(match["year"] or match["y"]), in_month, int(match["day"]), label)
    match = _DAY.match(words)
    if not match:
        return None
    in_year = _full_year(match["year"]) if match["year"] else year
    return None if in_year is None else _real_date(in_year, _month(match["month"]), int(match["day"]), label)


def _real_date(year: int, month: int, day: int, label: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        near_month = min(max(month, 1), 12)
        near_year = min(max(year, 1), 9999)
        nearest = date(near_year, near_month, min(max(day, 1), calendar.monthrange(near_year, near_month)[1]))
        raise ImpossiblePeriod(
            f"expected a date, found {label!r}, which does not exist; the nearest real date is "
            f"{nearest.day} {nearest:%B %Y}. Declare what the publisher means before reading this column"
        ) from None


def _calendar_year(year: int, label: str, markers: tuple[str, ...]) -> Period | None:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return None
    return _flow(date(year, 1, 1), date(year, 12, 31), label, markers)


def _flow(start: date, end: date, label: str, markers: tuple[str, ...]) -> Period:
    return Period(start, end, "flow", label, markers)


def _full_year(text: str) -> int:
    digits = text.lstrip("'")
    year = int(digits)
    if len(digits) > 2:
        return year
    return 2000 + year if year < 50 else 1900 + year


def _month(name: str) -> int:
    return _MONTHS[name.rstrip(".")]


def _whole_month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), _month_end(year, month)


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _a_year_before(day: date) -> date:
    if day == _month_end(day.year, day.month):
        return _month_end(day.year - 1, day.month)
    return _day_in(day.year - 1, day.month, day.day)


def _day_in(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
