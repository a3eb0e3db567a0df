"""Whom a group is compared with: another group, everyone else together, or everyone, as published."""

from dataclasses import dataclass

from monitor.declarations import Measure
from pipelines.deriving.denominators import Base, Denominators
from pipelines.deriving.fit import Request
from pipelines.deriving.groups import NO_NUMBER, Groups
from pipelines.deriving.residents import ALL

REST = "all others"
EACH = "each"
"""Asks for every reference a measure declares."""


@dataclass(frozen=True)
class Reference:
    """The count of those compared with, and the people it is of."""

    count: float
    base: Base


def references(measure: Measure, request: Request) -> list[str]:
    """The reference groups a request means: as asked, else the measure's first; every declared one for `each`."""
    first = measure.reference.get(request.characteristic, ALL)
    if request.reference == EACH:
        return list(dict.fromkeys([first, *measure.also.get(request.characteristic, (REST, ALL))]))
    return [request.reference or first]


def compared_with(reference: str, name: str, groups: Groups, people: Denominators) -> Reference | str:
    """Count and people of the reference for a group, or why there is no comparison (empty: nothing to say)."""
    if reference not in (ALL, REST, *groups.names):
        return f"The reference group {reference} is not published at this date, so there is no ratio to it."
    if reference in (ALL, REST):
        return _together(reference, name, groups, people)
    count, base = groups.count(reference), people.base(reference)
    if count is None:
        why = NO_NUMBER.get(groups.state[reference])
        return (
            f"There is no ratio to {reference}. {why}"
            if why
            else f"The count of the reference group {reference} is hidden."
        )
    if base is None or base.value <= 0:
        return f"The baseline has nobody of the reference group {reference}."
    return Reference(count, base)


def nesting(reference: str, name: str, groups: Groups, people: Denominators) -> int:
    """1 where a group is part of those it is compared with, -1 where they are part of it, 0 where they are apart."""
    if reference == ALL:
        return 1 if people.base(_outermost(name, groups)) else 0
    if reference == REST:
        return 0
    return 1 if reference in _wholes(name, groups) else -1 if name in _wholes(reference, groups) else 0


def _wholes(name: str, groups: Groups) -> list[str]:
    """The groups that a group is part of, the next one first."""
    parent = groups.parents.get(name)
    return [] if parent is None else [parent, *_wholes(parent, groups)]


def _outermost(name: str, groups: Groups) -> str:
    return [name, *_wholes(name, groups)][-1]


def _together(reference: str, name: str, groups: Groups, people: Denominators) -> Reference | str:
    """Everyone known, or everyone but the group: only groups that have people, so that both sides are the same."""
    matched = [(n, base) for n in groups.top if (base := people.base(n))]
    counts = [groups.count(n) for n, _ in matched]
    if groups.known is None or not matched:
        return "A group's count is hidden, so everyone known together cannot be compared with." if matched else ""
    count = sum(c for c in counts if c is not None)
    others = tuple(float(sum(each)) for each in zip(*(b.others for _, b in matched), strict=True))
    value, low, high = (sum(getattr(b, n) for _, b in matched) for n in ("value", "low", "high"))
    whole = Base(value, low, high, [], others)
    if reference == ALL:
        return Reference(count, whole)
    own, own_count = people.base(name), groups.count(name)
    if own is None or own_count is None:
        return ""
    rest = whole.value - own.value
    if rest <= 0:
        return "There is nobody else to compare with."
    others = tuple(o - mine for o, mine in zip(whole.others, own.others, strict=True))
    return Reference(count - own_count, Base(rest, whole.low - own.high, whole.high - own.low, [], others))
