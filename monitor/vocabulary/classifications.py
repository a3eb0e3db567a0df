"""How a characteristic is divided into groups, and what each group consists of.

Each category of ethnicity is the set of the 19 finest groups (Census 2021) it is made of, so that "Other" of 2001 is
not "Other" of 2011; what cannot be composed of them is not listed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from monitor.vocabulary import dictionary
from monitor.vocabulary.tables import UnknownWord, VocabularyError, listed, rows, unknown_word

EXACT = "exact"


@dataclass(frozen=True)
class Classification:
    """A division of a dimension: `required` groups make it up; `members` also has its optional aggregates."""

    code: str
    dimension: str
    title: str
    required: tuple[str, ...]
    parents: dict[str, str] = field(hash=False)
    members: dict[str, frozenset[str]] = field(hash=False)


@lru_cache(maxsize=1)
def _classifications() -> dict[str, Classification]:
    by_code: dict[str, list[dict[str, str]]] = {}
    for row in rows("ethnicity_classifications.csv"):
        by_code.setdefault(row["code"], []).append(row)
    found = {code: _composed(code, lines) for code, lines in by_code.items()}
    for row in rows("other_classifications.csv"):
        required = listed(row["required"])
        found[row["code"]] = Classification(
            row["code"], row["dimension"], row["title"], required, {}, {name: frozenset({name}) for name in required}
        )
    return found


def _composed(code: str, lines: list[dict[str, str]]) -> Classification:
    cells = {row["category"]: listed(row["members"]) for row in lines}
    below: dict[str, list[str]] = {}
    for row in lines:
        below.setdefault(row["parent"], []).append(row["category"])

    def compose(name: str, within: tuple[str, ...] = ()) -> frozenset[str]:
        if name in within or name not in cells:
            return frozenset({name})  # because a finest group may have the name of the category it is part of
        parts = cells[name] or tuple(below.get(name, ()))
        if not parts:
            raise VocabularyError(f"ethnicity_classifications.csv: {code} {name!r} has neither members nor children")
        return frozenset().union(*(compose(part, (*within, name)) for part in parts))

    return Classification(
        code,
        "ethnicity",
        lines[0]["title"],
        tuple(row["category"] for row in lines if row["required"] == "yes"),
        {row["category"]: row["parent"] for row in lines if row["parent"]},
        {name: compose(name) for name in cells},
    )


def classification_codes(dimension: str | None = None) -> tuple[str, ...]:
    """Codes of the listed classifications, of one dimension or of all."""
    return tuple(each.code for each in _classifications().values() if dimension in (None, each.dimension))


def classification(code: str) -> Classification:
    """The classification with this code; raises UnknownWord with the closest codes."""
    if code not in _classifications():
        raise unknown_word("classification", code, classification_codes())
    return _classifications()[code]


def members(code: str, category: str) -> frozenset[str]:
    """The finest groups that a category of the classification `code` consists of; raises UnknownWord for either."""
    found = classification(code)
    if category not in found.members:
        raise unknown_word(f"category of {code}", category, tuple(found.members))
    return found.members[category]


def is_usual(code: str, category: str) -> bool:
    """Whether `category` of the classification `code` is a group of the newest one, made of the same people.

    "Asian" of 2001 is not, because Chinese people are not in it, nor is "Chinese or Other"; "White" of 2001 is.
    Raises UnknownWord for either.
    """
    newest = next(each for each in _classifications().values() if each.dimension == "ethnicity")
    return members(code, category) == newest.members.get(category)


def best_classification(dimension: str, categories: Iterable[str]) -> tuple[str | None, str]:
    """The classification that a table's categories make up, and how well.

    Totals and unknowns are left out. The answer is `(code, "exact")` for the finest whose required groups
    are all there and which knows every category; `(code, "lossy: merged A, B into C")` for the finest the
    categories can be added up to; `(None, reason)` when there is none.
    """
    return _best(dimension, frozenset(categories))


@lru_cache(maxsize=4096)
def _best(dimension: str, names: frozenset[str]) -> tuple[str | None, str]:
    try:
        found = [dictionary.category(dimension, name) for name in sorted(names)]
    except UnknownWord as error:
        return None, f"unclassified: {error}"
    groups = frozenset(each.category for each in found if each.kind == "group")
    if not groups:
        return None, "unclassified: no group apart from totals and unknown"
    if dimension == "age":
        return "bands", EXACT
    candidates = sorted(
        (each for each in _classifications().values() if each.dimension == dimension),
        key=lambda each: -len(each.required),
    )
    for each in candidates:
        if groups.issuperset(each.required) and all(_has_place(name, each) for name in groups):
            return each.code, EXACT
    if dimension == "ethnicity":
        for each in candidates:
            merged = _merge(groups, each)
            if merged is not None:
                return each.code, f"lossy: {merged}"
    return None, _why_none(dimension, groups, candidates)


def _has_place(name: str, into: Classification) -> bool:
    if into.dimension == "ethnicity":
        return name in into.members
    ancestor: str | None = name
    while ancestor is not None:
        if ancestor in into.required:
            return True
        ancestor = dictionary.category(into.dimension, ancestor).parent
    return any(dictionary.category(into.dimension, part).parent == name for part in into.required)


def _usual_members(name: str) -> frozenset[str]:
    """What a category consists of where no classification is named: as in the newest one that lists it."""
    listed_in = [each.members[name] for each in _classifications().values() if name in each.members]
    return listed_in[0] if listed_in else frozenset()


def _merge(groups: frozenset[str], into: Classification) -> str | None:
    """How `groups` add up to exactly the required groups of `into`, in words; None when they do not."""
    composition = {name: _usual_members(name) for name in groups}
    if not all(_adds_up(leaves, into) for leaves in composition.values()):
        return None
    sentences = []
    for target in into.required:
        parts = sorted(name for name in groups if composition[name] <= into.members[target])
        if frozenset().union(*(composition[name] for name in parts)) != into.members[target]:
            return None
        finer = dictionary.ordered("ethnicity", [name for name in parts if name != target])
        if finer:
            sentences.append(f"merged {', '.join(finer)} into {target}")
    return "; ".join(sentences) or None


def _adds_up(leaves: frozenset[str], into: Classification) -> bool:
    """Whether a group is part of one required group of `into`, or made of several whole ones."""
    required = [into.members[name] for name in into.required]
    whole: frozenset[str] = frozenset().union(*(each for each in required if each <= leaves))
    return bool(leaves) and (whole == leaves or any(leaves <= each for each in required))


def _why_none(dimension: str, groups: frozenset[str], candidates: list[Classification]) -> str:
    fitting = [each for each in candidates if all(_has_place(name, each) for name in groups)]
    if fitting:
        nearest = min(fitting, key=lambda each: len(set(each.required) - groups))
        lacking = dictionary.ordered(dimension, set(nearest.required) - groups)
        return f"incomplete: {nearest.code} without {', '.join(lacking)}"
    return f"unclassified: no {dimension} classification has {', '.join(dictionary.ordered(dimension, groups))}"
