"""What the numbers under some words are: people or events counted, a share or rate, or nobody can say; and when."""

import re
from collections.abc import Iterable, Sequence

from monitor.declarations.table import NOT_UNDERSTOOD
from monitor.vocabulary import Period

_PER = re.compile(r"\bper [\d,]*\d(?: ?000)*(?: \w+)?\b", re.I)
_PERCENT = re.compile(r"%|\bper ?cents?\b|\bpercentages?\b|\bproportions?\b|\bshares?\b", re.I)
_RATE = re.compile(r"\b(?:rates?|ratios?|index|indices|average|mean|median|rri)\b", re.I)
_BESIDES = re.compile(r"\band (?:\w+ )?(?:rates?|percentages?|proportions?|shares?|averages?)\b", re.I)
_THOUSANDS = re.compile(r"\(?\b0{3}s\b\)?|['\u2019]000s?|\bthousands?\b", re.I)
_COUNTS = re.compile(r"\b(?:numbers?|counts?|totals?|volumes?)\b", re.I)
_STOCK = re.compile(
    r"\b(?:population|caseload|in custody|in prison|on probation|under supervision|supervised|in post|workforce"
    r"|strength|headcount|residents?|as at|snapshot|capacity|stock)\b",
    re.I,
)
_FLOW = re.compile(
    r"\b(?:arrests?|deaths?|receptions?|admissions?|starts?|commencements?|stops?|searches|convictions?|releases?"
    r"|incidents?|adjudications?|punishments?|disposals?|cautions?|births?|discharges?|recalls?|uses? of"
    r"|fatalities|homicides?|assaults?|prosecutions?|proceedings|cases received|in the year|joiners?|leavers?"
    r"|applicants?|applications?|appointments?)\b",
    re.I,
)
_EVENTS = re.compile(r"\b(?:deaths?|fatalities|homicides?|suicides?|self[- ]harm|assaults?|incidents?)\b", re.I)


def are_events(words: str) -> bool:
    """Whether words say that numbers count what happened, and not people."""
    return bool(_EVENTS.search(words))


def unit_of(
    header: str, around: str, numbers: Iterable[float], shown: str, corner: str = ""
) -> tuple[str, bool, float]:
    """The unit of numbers under a header, whether they count, and what they are multiplied by.

    `around` are the words above the table, which speak where neither the header does nor the `corner` over the labels
    beside it; `shown` is what the cells say.
    """
    if shown:
        return shown, False, 1.0
    if not _COUNTS.search(header) and not _unit_in(header) and (said := _unit_in(corner)):
        return said, False, 1.0
    for words in (header, "" if _COUNTS.search(header) else around):
        said = _unit_in(words)
        if said is not None and not (words is around and _COUNTS.search(words)):
            # because a table of deaths and rates holds both, and its title does not say which is which
            return (NOT_UNDERSTOOD if words is around and _BESIDES.search(words) else said), False, 1.0
    if all(n == int(n) for n in numbers):
        return "people", True, 1.0
    return ("people", True, 1000.0) if _THOUSANDS.search(header) else (NOT_UNDERSTOOD, False, 1.0)


def _unit_in(words: str) -> str | None:
    if match := _PER.search(words):
        return f"rate {' '.join(match[0].lower().split())}"
    if _PERCENT.search(words):
        return "percentage"
    if _RATE.search(words):
        return "rate"
    return None


def kind_of(words: str, periods: Sequence[Period]) -> str:
    """Whether figures of these periods are stocks or flows: a day is a stock, a longer span what the words say."""
    if periods and all(p.start == p.end for p in periods):
        return "stock"
    stock, flow = _STOCK.search(words), _FLOW.search(words)
    # because deaths in custody happen there: nobody counts them on a day
    return "flow" if are_events(words) or (flow and not stock) else NOT_UNDERSTOOD
