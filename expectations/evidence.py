"""Whether a sum that fails says something of the publisher, or only of a list that was never meant to add up.

Parts that exceed their whole are evidence; parts that fall short of it are only where the list is exhaustive.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum
from typing import Any

from monitor.vocabulary import category, classification, classification_codes, parse_age
from monitor.vocabulary.ages import OLDEST_OPEN
from monitor.vocabulary.dictionary import ALL

_REMAINDER = re.compile(r"(?:any |all )?other\b|.*\bother\Z|remainder\b|rest of\b", re.I)
_OLDEST_FIRST_BAND = 18
"""Ages that begin later than this are part of a list: children and young people stand in the total alone."""
_FEWEST_ROUNDED = 4
"""Sums of one dimension, table and period that miss by a unit, some above and some below, where figures are rounded."""

Failure = Mapping[str, Any]
"""A sum that fails, as `queries.sums` records it."""
Composition = tuple[frozenset[Any], list[frozenset[Any]]]
"""What a whole consists of, and what each of its parts does."""


class Known(IntEnum):
    """How surely something is known of a list."""

    NOT = 0
    POSSIBLE = 1
    CERTAIN = 2


def spoken_of(failures: Sequence[Failure]) -> list[Failure]:
    """The failing sums that are evidence, of all that fail in one edition."""
    told = [f for f in failures if is_evidence(f)]
    signs: dict[tuple[Any, ...], list[bool]] = {}
    for failure in filter(_by_a_unit, told):
        signs.setdefault((*_period(failure), failure["whole"]["table_id"], failure["dimension"]), []).append(
            _excess(failure) > 0
        )
    # because one wrong cell breaks a few sums of a dimension, and rounded figures miss in many, both ways
    rounded = {key[:-2] for key, found in signs.items() if len(found) >= _FEWEST_ROUNDED and len(set(found)) == 2}
    return [f for f in told if not (_by_a_unit(f) and _period(f) in rounded)]


def is_evidence(failure: Failure) -> bool:
    """Whether one failing sum, with how often the same list held, fell short and exceeded, tells of an error."""
    held, short, over = failure["held"], failure["short"], failure["over"]
    tests = held + short + over
    if failure["shares"] and (tests > 1 or not float(failure["given"]).is_integer()):
        return False  # because a list whose every whole is 100 is a list of shares
    asked = (failure["dimension"], failure["category"], tuple(failure["labels"]))
    if _excess(failure) < 0:
        known, failed = contained(*asked), over
    elif failure["unread"]:
        return False
    else:
        known, failed = exhaustive(*asked), short
    # because a list of which most sums fail one way leaves somebody out, or counts somebody twice
    mostly = 2 * failed > tests > 1
    return known == Known.CERTAIN or held > failed or (known == Known.POSSIBLE and not mostly)


def exhaustive(dimension: str, whole: str, parts: Sequence[str]) -> Known:
    """Whether nobody of the whole is left out of its parts."""
    groups = [part for part in parts if not _is_unknown(dimension, part)]
    complete = any(frozenset().union(*sets) == everyone for everyone, sets in _compositions(dimension, whole, groups))
    if complete and (whole != ALL or len(groups) < len(parts)):
        return Known.CERTAIN
    return Known.POSSIBLE if complete or any(_REMAINDER.match(part) for part in groups) else Known.NOT


def contained(dimension: str, whole: str, parts: Sequence[str]) -> Known:
    """Whether the parts lie in the whole and nobody is in two of them."""
    groups = [part for part in parts if not _is_unknown(dimension, part)]
    fits = [
        sum(map(len, sets)) == len(union := frozenset().union(*sets)) and union <= everyone
        for everyone, sets in _compositions(dimension, whole, groups)
    ]
    if not fits and dimension == "ethnicity" and len(groups) > 1:
        fits = [False]  # because names that no one classification has were not made to be added
    return Known.CERTAIN if fits and all(fits) else Known.POSSIBLE if any(fits) or not fits else Known.NOT


def _compositions(dimension: str, whole: str, groups: Sequence[str]) -> Iterator[Composition]:
    """What the whole and its groups consist of in each classification that has them all."""
    if dimension == "age":
        yield from _of_ages(whole, groups)
        return
    for code in classification_codes(dimension):
        each = classification(code)
        if all(group in each.members for group in groups) and (whole == ALL or whole in each.members):
            of_all = frozenset().union(*(each.members[name] for name in each.required))
            yield of_all if whole == ALL else each.members[whole], [each.members[group] for group in groups]


def _of_ages(whole: str, groups: Sequence[str]) -> Iterator[Composition]:
    sets = [_ages(group) for group in groups]
    if any(not ages for ages in sets) or not sets:
        return
    youngest = min(min(ages) for ages in sets)
    first = youngest if youngest <= _OLDEST_FIRST_BAND else 0
    everyone = frozenset(range(first, OLDEST_OPEN + 1)) if whole == ALL else _ages(whole)
    if everyone:
        yield everyone, sets


def _ages(name: str) -> frozenset[int]:
    band = parse_age(name, bare=True)
    if band is None:
        return frozenset()
    return frozenset(range(band.low, (OLDEST_OPEN if band.high is None else band.high) + 1))


def _is_unknown(dimension: str, name: str) -> bool:
    if dimension == "age" and parse_age(name, bare=True) is not None:
        return False
    try:
        return category(dimension, name).kind == "unknown"
    except LookupError:
        return False


def _excess(failure: Failure) -> float:
    return float(failure["whole"]["value"] - failure["given"])


def _by_a_unit(failure: Failure) -> bool:
    """Whether the sum misses by no more than rounding each figure to a whole number could explain."""
    return abs(_excess(failure)) <= (len(failure["labels"]) + 1) / 2


def _period(failure: Failure) -> tuple[Any, ...]:
    whole = failure["whole"]
    return (whole["artefact_sha256"], whole["period_start"], whole["period_end"])
