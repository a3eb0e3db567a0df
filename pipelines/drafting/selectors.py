"""A column that holds several dimensions, told apart by a selector column: each of its views is a table of its own."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.vocabulary import Meaning, dimension_of, meanings

MOST_VIEWS = 24
_PIECES = re.compile(r"\s*(?:[*|/;:,×+]|\bby\b|\band\b|\s-\s)\s*", re.I)
_SORTED_BY = re.compile(r"^(?:[a-zA-Z]{1,2}|\d{1,2})[.)]?\s+(?=\S{2})")
_COUNT_WORDS = frozenset({"value", "values", "number", "count", "observation"})
_MARKED_VALUE = re.compile(r"v4_(\d+)\Z", re.I)


@dataclass(frozen=True)
class Views:
    """`selector`'s values, each with the dimension that `mixed` holds there; None where no words say which."""

    selector: str
    mixed: str
    views: dict[str, str | None]


@dataclass(frozen=True)
class Marked:
    """An open-data file whose first header says that its first column is the value and how many columns mark it."""

    value: int
    markings: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...]
    """Positions of each column of codes and of the column of their labels."""


def views(columns: Mapping[str, Sequence[object]]) -> Views | None:
    """The selector among columns of labels and the column whose dimension it tells; None where there is none.

    A column is mixed where its labels are others under each value of the selector, and these name, or their labels
    are of, at least two dimensions: areas that differ by region are one dimension, and no views.
    """
    for selector, values in columns.items():
        if not 2 <= len(set(values)) <= MOST_VIEWS:
            continue
        for mixed, labels in columns.items():
            under: dict[str, dict[str, None]] = {}
            for value, label in zip(values, labels, strict=True):
                under.setdefault(str(value), {})[str(label)] = None
            if mixed == selector or not _apart(under):
                continue
            found = {value: _dimension(value, list(said), list(under)) for value, said in under.items()}
            if len({d for d in found.values() if d}) > 1:
                return Views(selector, mixed, found)
    return None


def statistics(labels: Sequence[object]) -> dict[str, bool] | None:
    """Of a column whose labels are kinds of number ("Value", "Percent"), whether each is a count; None for others."""
    found: dict[str, bool] = {}
    for label in dict.fromkeys(str(label) for label in labels):
        kinds = {m.category for m in meanings(label, ["statistic"])}
        if label.strip().lower() in _COUNT_WORDS or kinds == {"number"}:
            found[label] = True
        elif kinds:
            found[label] = False
        else:
            return None
    return found if found else None


def marked(headers: Sequence[str]) -> Marked | None:
    """What the columns of an ONS "v4" file are: `v4_1` is the value, followed by 1 column of markings, then pairs."""
    match = _MARKED_VALUE.match(headers[0].strip()) if headers else None
    if match is None:
        return None
    first = 1 + int(match[1])
    pairs = tuple((i, i + 1) for i in range(first, len(headers) - 1, 2))
    return Marked(0, tuple(range(1, first)), pairs)


def _apart(under: Mapping[str, Mapping[str, None]]) -> bool:
    """Whether hardly a label but totals and unknowns stands under two values."""
    sets = [{label for label in said if not _is_general(label)} for said in under.values()]
    everything = frozenset().union(*sets)
    return all(sets) and sum(map(len, sets)) <= 1.1 * len(everything)


def _dimension(value: str, labels: Sequence[str], others: Sequence[str]) -> str | None:
    """The dimension that this value of the selector names and the others do not; else the one its labels are of."""
    common = set.intersection(*(_named(other) for other in others))
    if len(named := _named(value) - common) == 1:
        return named.pop()
    votes: dict[str, int] = {}
    said = [label for label in labels if not _is_general(label)]
    for label in said:
        for dimension in {m.dimension for m in _meant(label)}:
            votes[dimension] = votes.get(dimension, 0) + 1
    best = max(votes, key=lambda d: votes[d], default=None)
    return best if best is not None and 2 * votes[best] > len(said) else None


def _named(value: str) -> set[str]:
    """The dimensions that the pieces of a selector's value name: "a Establishment*Sex*Age Group" has sex and age."""
    pieces = [_SORTED_BY.sub("", value), *_PIECES.split(_SORTED_BY.sub("", value))]
    return {found for piece in pieces if piece and (found := dimension_of(piece))}


def _meant(label: str) -> tuple[Meaning, ...]:
    return meanings(label) or meanings(_SORTED_BY.sub("", label))


def _is_general(label: str) -> bool:
    found = _meant(label)
    return bool(found) and all(m.kind != "group" for m in found)
