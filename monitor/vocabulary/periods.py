"""The dates and periods that headings, titles and labels name, as days.

A single day is a stock, everything longer a flow; a date that does not exist is refused, never moved to a real one.
"""

import calendar
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise

from monitor.vocabulary.labels import plain_dashes, split_markers

EARLIEST_YEAR, LATEST_YEAR = 1850, 2100

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name} | {
    name.lower(): number for number, name in enumerate(calendar.month_abbr) if name
}
_MONTHS["sept"] = 9
_MONTH = rf"(?:{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_YEAR = r"'?(?:\d{4}|\d{2})"
_COUNTS = {"three": 3, "six": 6, "nine": 9, "twelve": 12}
_MARK = r"p|r|e|provisional|revised|estimated"
_MARK_AT_END = re.compile(rf"\s*\((?P<round>{_MARK})\)$|(?<=\d)\s?(?P<glued>[pre])$|\s(?P<word>provisional|revised)$")
_GLUED_NOTE = re.compile(r"^(?P<years>(?:\D* )?\d{4} ?[/-] ?\d{2})(?P<note>[1-9](?:, ?[1-9])*)$")
_DAY = re.compile(
    r"^(?:(?:as )?(?:at|of) |on )?(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? )?"
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ -]?(?P<month>{_MONTH}),?(?:[ -]?(?P<year>{_YEAR}))?$"
)
_END_OF_MONTH = re.compile(rf"^(?:as )?(?:at )?(?:the )?end[ -](?:of )?(?P<month>{_MONTH})[ -](?P<year>{_YEAR})$")
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
_FINANCIAL = re.compile(r"^(?P<said>(?:financial |fiscal |tax )year |fy ?)")
_PAIR = re.compile(r"^(?P<first>\d{4}|\d{2})(?P<mark> ?[/-] ?| to )(?P<last>\d{4}|\d{2})$")
_YEAR_ENDING = re.compile(
    r"^(?:(?:financial )?years? (?:ending|ended|to)(?: the)?|f?ye|(?P<quarter>quarter) (?:ending|ended|to)"
    rf"|(?P<count>\d{{1,2}}|{'|'.join(_COUNTS)})[ -]months? (?:to|ending|ended|to the end of)) "
    rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)? )?(?P<month>{_MONTH})[ -](?P<year>{_YEAR})$"
)
_FINANCIAL_ENDING = re.compile(r"^(?:financial year (?:ending|ended)|fye) (?P<year>\d{4})$")
_BETWEEN = tuple(
    re.compile(p)
    for p in (
        " to (?!the )| until ",
        " - ",
        r"(?<=[a-z])-(?=[a-z])|(?<=\d{4})-(?=[a-z]|\d{4})|(?<=\d[/-]\d{2})-(?=\d{4})",
    )
)
_YEAR_IN_HINT = re.compile(r"(?:19|20)\d{2}(?!\d)")

_Days = tuple[date, date]
_Reader = Callable[[str, int | None], _Days | None]


class ImpossiblePeriod(ValueError):
    """A heading names a date that does not exist; a person must say what it means before it is read."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` to `end`, both included. `kind` is `stock` (on one day) or `flow`; `label` is as published.

    `markers` are footnotes, and `p`, `r` or `e` for provisional, revised or estimated. `first_end` is the end of the
    first of the years or dates that a longer range runs over (31 March 2007 in `2006/07 to 2018/19`).
    """

    start: date
    end: date
    kind: str
    label: str
    markers: tuple[str, ...] = ()
    first_end: date | None = None


Heading = str | date | datetime | int | float | None


def parse_period(value: Heading, hint: str | None = None) -> Period | None:
    """The period a heading names, or None when it names none.

    `hint` is text that gives the year where the heading does not (`Q3` in a file of 2022, `January` under `2022/23`).
    Financial years (`2017/18`, `04/05`) end on 31 March. Two-digit years: 00-49 are 20xx, 50-99 are 19xx. What can
    be read in two ways alone is read as `axis_periods` says. Raises ImpossiblePeriod for a date that does not exist.
    """
    if isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        return Period(day, day, "stock", day.isoformat())
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        whole = value == value and float(value).is_integer()
        return _period(_whole_years(int(value), int(value)), str(int(value)), ()) if whole else None
    return _parse_text(value, hint)


@lru_cache(maxsize=8192)
def _parse_text(raw: str, hint: str | None) -> Period | None:
    label = " ".join(raw.split())
    if len(label) > 80 or (hint is None and not any(character.isdigit() for character in label)):
        return None
    words, markers = _words(label)
    try:
        around = _words(hint)[0] if hint and len(hint) < 40 else ""
        within = _two_years(around, None)
        if within and re.fullmatch(r"q(?:uarter |tr )?[1-4]", words):
            words = f"{words} {_FINANCIAL.sub('', around)}"
        for year in (None, *_years_of(hint, within)):
            for read in _READERS:
                days = read(words, year)
                if days and (year is None or not within or within[0] <= days[0] <= within[1]):
                    return _period(days, label, markers, _first_end(words, days))
    except ImpossiblePeriod as nearest:
        raise ImpossiblePeriod(
            f"expected a date, found {label!r}, which does not exist; the nearest real date is {nearest}. "
            "Declare what the publisher means before reading this column"
        ) from None
    return None


def _words(label: str) -> tuple[str, tuple[str, ...]]:
    """The words of a label in lower case, and its marks."""
    words, markers = split_markers(plain_dashes(label).strip())
    words = words.lower()
    while match := _MARK_AT_END.search(words):
        markers = (next(part for part in match.groups() if part)[0], *markers)
        words, more = split_markers(words[: match.start()].rstrip())
        markers = (*more, *markers)
    if (match := _GLUED_NOTE.match(words)) and _two_years(match["years"], None):
        words, markers = match["years"], (*re.findall(r"\d", match["note"]), *markers)
    return words, markers


def _years_of(hint: str | None, within: _Days | None) -> list[int]:
    """The years a heading without one can be of; the months of a financial year are of two."""
    found = _YEAR_IN_HINT.findall(hint or "")
    return [within[0].year, within[1].year] if within else [int(found[-1])] if found else []


def _period(days: _Days, label: str, markers: tuple[str, ...], first_end: date | None = None) -> Period | None:
    start, end = days
    if not EARLIEST_YEAR <= start.year <= end.year <= LATEST_YEAR:
        return None
    return Period(start, end, "stock" if start == end else "flow", label, markers, first_end)


def _day(words: str, year: int | None) -> _Days | None:
    if match := _ISO.match(words):
        found = _real_date(int(match["year"]), int(match["month"]), int(match["day"]))
    elif match := _SLASHES.match(words):
        in_month = int(match["month"] or match["m"])
        found = _real_date(_full_year(match["year"] or match["y"]), in_month, int(match["day"]))
    elif match := _END_OF_MONTH.match(words):
        found = _month_end(_full_year(match["year"]), _month(match["month"]))
    elif (match := _DAY.match(words)) and (in_year := _full_year(match["year"]) if match["year"] else year):
        found = _real_date(in_year, _month(match["month"]), int(match["day"]))
    else:
        return None
    return found, found


def _two_years(words: str, _year: int | None) -> _Days | None:
    """A financial year; `2018 to 2019` is one only where the words say so, because it may be two years."""
    plain = _FINANCIAL.sub("", words)
    match = _PAIR.match(plain)
    if not match or (match["mark"] == " to " and plain == words):
        return None
    if len(match["first"]) == 2 and (match["mark"] != "/" or len(match["last"]) != 2):
        return None  # because 15-16 are ages
    first, last = _pair(match)
    return _financial_year(first) if last == first + 1 else None


def _pair(match: re.Match[str]) -> tuple[int, int]:
    """The two years that `2018/19`, `1999-00` or `04/05` name."""
    first = _full_year(match["first"])
    last = int(match["last"])
    return first, last if len(match["last"]) == 4 else last + 100 * ((first + 99 - last) // 100)


def _financial_year(first: int) -> _Days | None:
    return (date(first, 4, 1), date(first + 1, 3, 31)) if EARLIEST_YEAR <= first < LATEST_YEAR else None


def _whole_years(first: int, last: int) -> _Days:
    return date(min(max(first, 1), 9999), 1, 1), date(min(max(last, 1), 9999), 12, 31)


def _year_ending(words: str, _year: int | None) -> _Days | None:
    if match := _FINANCIAL_ENDING.match(words):
        return _financial_year(int(match["year"]) - 1)
    match = _YEAR_ENDING.match(words)
    if not match:
        return None
    year, month = _full_year(match["year"]), _month(match["month"])
    end = _real_date(year, month, int(match["day"])) if match["day"] else _month_end(year, month)
    said = match["count"] or "12"
    months = 3 if match["quarter"] else _COUNTS.get(said) or int(said)
    return _months_before(end, months) + timedelta(days=1), end


def _quarter(words: str, year: int | None) -> _Days | None:
    match = _QUARTER.match(words)
    if not match:
        return None
    quarter = int(match["a"] or match["b"])
    said = match["ya"] or match["yb"]
    if match["fa"] or match["fb"]:  # because the quarters of 2019/20 count from April
        whole = _two_years(said, None)
        quarter, year, said = (quarter % 4 + 1, whole[1].year - (quarter < 4), None) if whole else (0, None, None)
    in_year = int(said or year or 0)
    return (date(in_year, 3 * quarter - 2, 1), _month_end(in_year, 3 * quarter)) if in_year else None


def _mid_year(words: str, _year: int | None) -> _Days | None:
    """Mid-year population estimates are of the people who live there on 30 June (Office for National Statistics)."""
    match = _MID_YEAR.match(words)
    return (date(int(match["year"]), 6, 30),) * 2 if match and int(match["year"]) else None


def _calendar_year(words: str, _year: int | None) -> _Days | None:
    match = _PLAIN_YEAR.match(words)
    return _whole_years(int(match["year"]), int(match["year"])) if match else None


def _month_of(words: str, year: int | None) -> _Days | None:
    if match := _ISO_MONTH.match(words):
        return _whole_month(int(match["year"]), int(match["month"]))
    match = _MONTH_OF.match(words)
    in_year = _full_year(match["year"]) if match and match["year"] else year
    return _whole_month(in_year, _month(match["month"])) if match and in_year else None


def _week(words: str, year: int | None) -> _Days | None:
    match = _WEEK_ENDING.match(words)
    end = _day(match["day"], year) if match else None
    return (end[0] - timedelta(days=6), end[0]) if end else None


def _ends(words: str, year: int | None) -> tuple[_Days, _Days] | None:
    """The first and the last of what a range runs over."""
    words = re.sub(r"^from ", "", words)
    if words.startswith("between "):
        words = words.removeprefix("between ").replace(" and ", " to ")
    said = match[0] if (match := re.match(r"years? ending ", words)) else ""
    bare = words.replace(said, "") if said else words
    parts = next((parts for between in _BETWEEN if len(parts := between.split(bare)) == 2), None)
    if parts is None:
        return None
    if said:  # because "year ending March 2012 to March 2022" says it once
        parts = [f"year ending {part}" for part in parts]
    one = (_month_of, _day, _year_ending, _two_years, _calendar_year, _quarter, _range)
    last = next((days for read in one if (days := read(parts[1], year))), None)
    if last is None:
        return None
    stated = re.search(r"\d{4}[/-]\d{2}$", parts[1])
    first_words = f"{parts[0]} {stated[0]}" if stated and re.fullmatch(r"q[1-4]", parts[0]) else parts[0]
    first = next((days for read in one if (days := read(first_words, last[1].year))), None)
    if first is None:
        return None
    start = first[0]
    if start > last[1] and not re.search(r"\d{4}|[ -]'?\d{2}$", parts[0]):
        start = day_in(start.year - 1, start.month, start.day)  # because "October to March 2024" began the year before
    return ((start, first[1]), last) if start <= last[1] else None


def _range(words: str, year: int | None) -> _Days | None:
    ends = _ends(words, year)
    match = _PAIR.match(words)
    if match and match["mark"] == "-" and len(match["last"]) == 2 and len(match["first"]) == 4:
        first, last = _pair(match)
        return _whole_years(first, last) if 2 <= last - first <= 10 else None
    if ends is None or (match and ends[1][0].year == ends[0][0].year + 1):
        return None  # because "2018 to 2019" may be a financial year or two years
    return ends[0][0], ends[1][1]


def _first_end(words: str, days: _Days) -> date | None:
    """The end of the first of several years, months or month ends that a range of over a year runs over."""
    if (days[1] - days[0]).days < 366:
        return None
    ends = _ends(words, None)
    first = ends[0] if ends else _whole_years(days[0].year, days[0].year)
    return first[1] if first[0] != first[1] or first[1] == _month_end(first[1].year, first[1].month) else None


_READERS: tuple[_Reader, ...] = (
    _day,
    _two_years,
    _mid_year,
    _calendar_year,
    _month_of,
    _year_ending,
    _quarter,
    _week,
    _range,
)

_WORD = re.compile(r"[^\W_]+")
_BEFORE_WORD = re.compile(
    r"(?:[\w/.,£$-]|\b(?:act|per|since|before|after|until|(?P<number>table|figure|chart|sheet|annex)) )\Z",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    rf"(?:\d|q[1-4]|qtr|{_MONTH}|mid|years?|f?ye?|week|w|{'|'.join(_COUNTS)}|quarter|financial|fiscal|tax|calendar|from"
    r"|between|end)",
    re.IGNORECASE,
)
_MARK_AFTER = re.compile(rf"\s?(?:\((?:{_MARK})\)|\[[a-z]\])", re.IGNORECASE)
_GOES_ON = re.compile(r"[%]|[-/][^\W_]|[.,:]\d|\s(?:onwards?|and (?:earlier|later))\b", re.IGNORECASE)
_LONGEST = 13
"""No period has more words: "year ending 31 March 2012 to year ending 31 March 2022" has eleven."""


@lru_cache(maxsize=4096)
def periods_in(text: str) -> tuple[Period, ...]:
    """Every period spelled out in a title or a sheet's name, in order, each as long as it can be read.

    `Deaths, 2006/07 to 2018/19` has one, which runs over thirteen years. A four-digit number alone is a year from
    1900 to 2099, and never the year of an Act or the number of a table. `Since 1978` says only where a period begins.
    """
    text = plain_dashes(text.replace("_", " "))
    words = list(_WORD.finditer(text))
    found: list[Period] = []
    at = 0
    for i, word in enumerate(words):
        start = word.start()
        before = _BEFORE_WORD.search(text, max(0, start - 8), start)
        if start < at or not _BEGINS.match(word[0]) or (before and not (before["number"] and len(word[0]) == 4)):
            continue
        for last in reversed(words[i : i + _LONGEST]):
            mark = _MARK_AFTER.match(text, last.end())
            end = mark.end() if mark else last.end()
            piece = text[start:end]
            if not re.search(r"\d", last[0]) or _GOES_ON.match(text, end) or re.fullmatch(r"(?!19|20)\d{4}", piece):
                continue
            try:
                period = _parse_text(piece, None)
            except ImpossiblePeriod:
                period = None
            if period:
                found.append(period)
                at = end
                break
    return tuple(found)


def axis_periods(labels: Sequence[Heading], hint: str | None = None) -> list[Period | ImpossiblePeriod | None]:
    """The periods of a whole axis, one a label; what a label alone leaves open is settled by the others.

    `2011-12` is December 2011 among months and a financial year among those; `2000-04` is April 2000 unless each label
    spans as many years; `04/05` is a financial year unless others like it are none (dates, or pairs of ages). Days go
    before months as in the United Kingdom unless a label is possible only the other way round, and all are possible so.
    Alone, `2011-12` is a financial year, because official tables write months in words.
    """
    read: dict[Heading, Period | ImpossiblePeriod | None] = {}
    pairs: dict[tuple[int, str, int], dict[str, tuple[int, int]]] = {}
    dates: dict[str, re.Match[str]] = {}
    for label in dict.fromkeys(labels):
        try:
            read[label] = parse_period(label, hint)
        except ImpossiblePeriod as error:
            read[label] = error
        if isinstance(label, str) and len(label) <= 80:
            words = _words(" ".join(label.split()))[0]
            if match := _PAIR.match(words):
                shape = (len(match["first"]), match["mark"].strip(), len(match["last"]))
                pairs.setdefault(shape, {})[label] = _pair(match)
            elif (match := _SLASHES.match(words)) and match["month"]:
                dates[label] = match
    for shape, group in pairs.items():
        others = [p for label, p in read.items() if label not in group and isinstance(p, Period)]
        for label, days in _settled(shape, group, others).items():
            said = " ".join(label.split())
            read[label] = _period(days, said, _words(said)[1]) if days else None
    if any(isinstance(read[label], ImpossiblePeriod) for label in dates):
        turned = {label: (_full_year(m["year"]), int(m["day"]), int(m["month"])) for label, m in dates.items()}
        if all(1 <= month <= 12 and day <= _month_end(year, month).day for year, month, day in turned.values()):
            read |= {
                label: Period(date(*parts), date(*parts), "stock", label, _words(label)[1])
                for label, parts in turned.items()
            }
    return [read[label] for label in labels]


def _settled(
    shape: tuple[int, str, int], group: dict[str, tuple[int, int]], others: Sequence[Period]
) -> dict[str, _Days | None]:
    """What pairs of numbers of one shape mean together, where that may not be what each means alone."""
    spans = {last - first for first, last in group.values()}
    firsts = sorted({first for first, _ in group.values()})
    steps = {later - earlier for earlier, later in pairwise(firsts)}
    if shape == (2, "/", 2):
        return dict.fromkeys(group) if spans != {1} or steps == {2} else {}
    as_years = {label: _years_from(first, last) for label, (first, last) in group.items()}
    if shape == (4, "to", 4):
        return as_years if spans == {1} and 1 in steps else {}
    if shape[0] != 4 or shape[2] != 2:
        return {}
    if len(spans) == 1 and len(firsts) > 1 and 1 <= min(spans) <= 10:
        return as_years
    if shape[1] != "-":
        return {}
    as_months = {
        label: _whole_month(first, last % 100) for label, (first, last) in group.items() if 1 <= last % 100 <= 12
    }
    backwards = any(last - first not in range(1, 50) for first, last in group.values())
    if len(as_months) == len(group):
        months = [p for p in others if _whole_month(p.start.year, p.start.month) == (p.start, p.end)]
        same = len(firsts) == 1 or len({last % 100 for _, last in group.values()}) == 1
        if backwards or (same and (len(group) > 1 or (others and len(months) == len(others)))):
            return dict(as_months)
        return {label: None for label, (first, last) in group.items() if len(group) > 1 and last != first + 1}
    # because a list that cannot be all months nor all years leaves what can be either open
    return (
        {label: None for label, (first, last) in group.items() if label in as_months and last - first in range(1, 50)}
        if backwards
        else {}
    )


def _years_from(first: int, last: int) -> _Days | None:
    return (
        _financial_year(first)
        if last == first + 1
        else _whole_years(first, last)
        if first < last < first + 50
        else None
    )


def _real_date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        month, year = min(max(month, 1), 12), min(max(year, 1), 9999)
        nearest = day_in(year, month, max(day, 1))
        raise ImpossiblePeriod(f"{nearest.day} {nearest:%B %Y}") from None


def _full_year(text: str) -> int:
    digits = text.lstrip("'")
    year = int(digits)
    if len(digits) > 2:
        return year
    return 2000 + year if year < 50 else 1900 + year


def _month(name: str) -> int:
    return _MONTHS[name.rstrip(".")]


def _whole_month(year: int, month: int) -> _Days:
    return date(max(year, 1), month, 1), _month_end(year, month)


def _month_end(year: int, month: int) -> date:
    return day_in(max(year, 1), month, 31)


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return _month_end(year, month + 1) if day == _month_end(day.year, day.month) else day_in(year, month + 1, day.day)


@lru_cache(maxsize=4096)
def edition_end(edition: str, yearly: bool = False) -> date | None:
    """The last day of the period that an edition's id names (`2024-Q2`, `2024-06`, `2018-19`, `2022-06-30`).

    `2011-12` is a financial year where editions are `yearly`, else a month. None for what names no period.
    """
    text = edition.rpartition("--")[2]
    if match := re.fullmatch(r"(\d{4})-?Q([1-4])", text, re.I):
        return day_in(int(match[1]), 3 * int(match[2]), 31)
    if match := re.fullmatch(r"(\d{4})[-/](\d\d)", text):
        year, second = int(match[1]), int(match[2])
        if second == (year + 1) % 100 and (yearly or not 1 <= second <= 12):
            return day_in(year + 1, 3, 31)
        return day_in(year, second, 31) if 1 <= second <= 12 else None
    try:
        period = parse_period(text)
    except ImpossiblePeriod:
        return None
    return period.end if period else None


def day_in(year: int, month: int, day: int) -> date:
    """A day of a month; its last where the month is shorter."""
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
