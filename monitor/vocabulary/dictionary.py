"""What a label means: dimension, category, kind and parent, from the spellings in `categories.csv`.

Every meaning is returned, a label that is not known has none, and nothing is ever taken for `Other`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from monitor.vocabulary.ages import parse_age
from monitor.vocabulary.characteristics import DIMENSIONS, DIMENSIONS_WITH_TOTALS, dimension_of, known_dimension
from monitor.vocabulary.labels import clean_label, match_key, plain_dashes
from monitor.vocabulary.tables import VocabularyError, listed, rows, unknown_word

EVERY_DIMENSION = "*"
ALL = "all"
_FILE, _UNDER_FILE = "categories.csv", "spellings_under_parent.csv"
_AFTER_GROUPS = 10_000_000

# because `M - Asian` is of men, and `10 - under 15` of ages
_SORT_PREFIX = re.compile(
    r"^(?:(?P<letter>[A-Za-z])\s+|(?![MFXmfx]\s*[:-])[A-Za-z]\s*[):-]\s*"
    r"|\d{1,2}\s*(?:[.)]|[:-](?!.*\d))\s*|\d\d\s+(?!.*\d))(?P<rest>\D.*)$"
)
_OF_WHICH = re.compile(r"^(?:of which|of whom|o\.?w\.?)\s*[:,-]?\s+(?P<rest>.+)$", re.IGNORECASE)
_CODED = re.compile(r"^(?P<code>[A-Za-z]{1,2}\d|NS)(?:\s*[-:.)]\s*|\s+)(?P<rest>.+)$")
_OFFICER = re.compile(
    r"\bofficer\b.*\b(?:defined|observed|identified|recorded|perceived|classified|assessed|reported)\b"
    r"|\b(?:ethnic|visual) appearance\b|\b(?:observed|perceived) (?:ethnic|age|sex|gender|disab)|\bIC[- ]?codes?\b",
    re.IGNORECASE,
)
_SELF = re.compile(
    r"\bself\b[- ]?(?:defined|identified|classified|reported|declared|assessed|described)\b", re.IGNORECASE
)
_YEAR_PREFIX = re.compile(
    r"^(?:(?:from|since|up to|until|before|pre-?)\s*)?\d{4}(?:[/-]\d{2,4})?"
    r"(?:\s*(?:onwards?|to\s+\d{4}(?:/\d{2})?))?\s*[-:]\s*(?P<rest>.+)$",
    re.IGNORECASE,
)
_TOTAL_AROUND = re.compile(r"^total (?P<before>.+)$|^(?P<after>.+) total$", re.IGNORECASE)
_MEASURES_SUFFIX = re.compile(r"\s*;\s*measures\s*:\s*value$", re.IGNORECASE)
_IN_A_SENTENCE = re.compile(
    r"^(?:people from )?(?:the )?(?P<from>.+?) ethnic (?:minority )?(?:groups?|backgrounds?)$"
    r"|^(?P<people>.+) people$",
    re.IGNORECASE,
)
_LONG_FORM = re.compile(r":\s*|\s+-\s+")
_GLUED = re.compile(r"^(?P<words>.*[\w)])(?P<digits>[1-9](?:, ?[1-9])*)$")
_GLUED_TWICE = re.compile(r"^(?P<words>.*[a-z]{3})(?P<digits>[1-9]{2})$")


class Meaning(NamedTuple):
    """One meaning of a label: `kind` is `group`, `unknown` or `total`, `parent` the category it is part of, or None."""

    dimension: str
    category: str
    kind: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Category:
    """A category of a dimension and its place in display order (totals first, unknown last)."""

    dimension: str
    category: str
    parent: str | None
    order: int
    kind: str


@dataclass(frozen=True)
class _Dictionary:
    categories: dict[tuple[str, str], Category]
    index: dict[str, tuple[tuple[str | None, Meaning], ...]]
    spellings: dict[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def _dictionary() -> _Dictionary:
    categories: dict[tuple[str, str], Category] = {}
    claims: dict[tuple[str, str, str | None], tuple[Meaning, str]] = {}
    spellings: dict[str, list[str]] = {}

    def claim(spelling: str, under: str | None, meaning: Meaning, where: str) -> None:
        spot = (match_key(spelling), meaning.dimension, under)
        if not spot[0]:
            raise VocabularyError(f"{where}: expected a spelling with a letter or digit, found {spelling!r}")
        other = claims.setdefault(spot, (meaning, where))
        if other[0] != meaning:
            raise VocabularyError(
                f"expected one meaning of {spelling!r} in {meaning.dimension}; found {other[0].category!r} "
                f"({other[1]}) and {meaning.category!r} ({where}). Remove the spelling from one of them"
            )
        spellings.setdefault(meaning.dimension, []).append(spelling)

    lines = rows(_FILE)
    generic_rows = [row["category"] for row in lines if row["dimension"] == EVERY_DIMENSION]
    for position, row in enumerate(lines, start=1000):
        generic = row["dimension"] == EVERY_DIMENSION
        where = f"{_FILE} line {row['line']}"
        for dimension in sorted(DIMENSIONS_WITH_TOTALS) if generic else (row["dimension"],):
            if dimension not in DIMENSIONS or row["kind"] not in ("group", "unknown", "total"):
                raise VocabularyError(f"{where}: expected a dimension of dimensions.csv and a kind, found {row}")
            # because a dimension's own spellings of "Not recorded" do not change where it is shown
            shown = generic_rows.index(row["category"]) if row["category"] in generic_rows else position
            order = shown + {"total": -_AFTER_GROUPS, "group": 0, "unknown": _AFTER_GROUPS}[row["kind"]]
            meaning = Meaning(dimension, row["category"], row["kind"], row["parent"] or None)
            known = categories.setdefault(
                (dimension, row["category"]), Category(dimension, row["category"], meaning.parent, order, row["kind"])
            )
            if (known.parent, known.kind) != (meaning.parent, meaning.kind):
                raise VocabularyError(f"{where}: {dimension} {row['category']!r} has two parents or kinds")
            names = () if row["kind"] == "total" else (row["category"].replace("_", " "),)
            for spelling in (*names, *listed(row["spellings"])):
                claim(spelling, None, meaning, where)
    for row in rows(_UNDER_FILE):
        where = f"{_UNDER_FILE} line {row['line']}"
        target = categories.get((row["dimension"], row["category"]))
        if target is None or (row["dimension"], row["parent"]) not in categories:
            raise VocabularyError(f"{where}: expected a category and a parent of {_FILE}, found {row}")
        for spelling in listed(row["spellings"]):
            claim(spelling, row["parent"], _meaning(target), where)
    for entry in categories.values():
        if entry.parent and (entry.dimension, entry.parent) not in categories:
            raise VocabularyError(f"{_FILE}: {entry.dimension} {entry.category!r} has unknown parent {entry.parent!r}")

    index: dict[str, list[tuple[str | None, Meaning]]] = {}
    for (key, _dimension, under), (meaning, _where) in sorted(
        claims.items(), key=lambda item: DIMENSIONS.index(item[0][1])
    ):
        index.setdefault(key, []).append((under, meaning))
    return _Dictionary(
        categories,
        {key: tuple(found) for key, found in index.items()},
        {dimension: tuple(dict.fromkeys(words)) for dimension, words in spellings.items()},
    )


def _meaning(entry: Category) -> Meaning:
    return Meaning(entry.dimension, entry.category, entry.kind, entry.parent)


def meanings(label: str, dimensions: Iterable[str] | None = None, parent: str | None = None) -> tuple[Meaning, ...]:
    """Every meaning known for a raw or cleaned label, of some dimensions or of all, characteristics first.

    `parent` is the harmonised category the label stands under: where a spelling has a meaning under it (`Other` under
    `Asian`), the free one is left out. Raises UnknownWord for a dimension that does not exist.
    """
    if dimensions is not None:
        dimensions = (dimensions,) if isinstance(dimensions, str) else tuple(dimensions)
    return _meanings(label, dimensions, parent)


@lru_cache(maxsize=65536)
def _meanings(raw: str, dimensions: tuple[str, ...] | None, parent: str | None) -> tuple[Meaning, ...]:
    wanted = frozenset(known_dimension(each) for each in dimensions) if dimensions is not None else None
    text = plain_dashes(_MEASURES_SUFFIX.sub("", clean_label(raw).text))
    found = _known(text, wanted, parent)
    if not found:
        glued = _GLUED_TWICE.match(text) or _GLUED.match(text)
        found = _known(glued["words"].rstrip(), wanted, parent) if glued else ()
    return found


@lru_cache(maxsize=1)
def _codes() -> dict[str, tuple[str, str]]:
    return {row["code"]: (row["category"], row["identification"]) for row in rows("ethnicity_codes.csv")}


def officer_observed(label: str) -> bool:
    """Whether a label is one of the codes by which officers record how a person looks (`IC1 White North European`)."""
    return _codes().get(label[:3].upper(), ("", ""))[1] == "officer" and not label[3:4].isalnum()


def identification_of(heading: str) -> str | None:
    """Who says what a person's characteristic is, by the words of a heading: `officer`, `self`, or None."""
    words = plain_dashes(heading).replace("_", " ")
    officer, own = _OFFICER.search(words), _SELF.search(words)
    return None if bool(officer) == bool(own) else "officer" if officer else "self"


def of_which(label: str) -> str | None:
    """The label after a lead-in that makes it part of the one above (`of which: White British`); None without one."""
    match = _OF_WHICH.match(label.strip())
    return match["rest"] if match else None


def _known(text: str, wanted: frozenset[str] | None, parent: str | None) -> tuple[Meaning, ...]:
    """Meanings of the words as they stand, else of the words without what stands around them."""
    found = _listed(text, wanted, parent)
    if found:
        return found
    for pattern in (_OF_WHICH, _SORT_PREFIX, _YEAR_PREFIX, _TOTAL_AROUND):
        if match := pattern.match(text):
            said = match.groupdict()
            found = _listed(said.get("rest") or said.get("before") or said["after"], wanted, parent)
            # because "F White" may be of women, and "F Not recorded" the sixth of a list
            if found and not (said.get("letter") in ("M", "F", "X") and found[0].kind == "group"):
                return found
    found = _coded(text, wanted) or _in_two_languages(text, wanted, parent) or _long_form(text, wanted)
    if not found and (wanted is None or "ethnicity" in wanted) and (match := _IN_A_SENTENCE.match(text)):
        words = match["from"] or match["people"]
        found = tuple(each for each in _listed(words, frozenset({"ethnicity"}), parent) if each.kind == "group")
    return found


def _listed(text: str, wanted: frozenset[str] | None, parent: str | None) -> tuple[Meaning, ...]:
    entries = _dictionary().index.get(match_key(text), ())
    under = {meaning.dimension for needed, meaning in entries if needed is not None and needed == parent}
    found = tuple(
        meaning
        for needed, meaning in entries
        if (wanted is None or meaning.dimension in wanted)
        and (needed == parent if meaning.dimension in under else needed is None)
    )
    if not found and wanted == _NATIONALITY and (name := _nationalities().get(match_key(text))):
        return (_meaning(_dictionary().categories["nationality", name]),)
    if wanted is None or "age" in wanted:
        band = parse_age(text)
        if band:
            found = (Meaning("age", band.category, "group"), *found)
    return found


def _coded(text: str, wanted: frozenset[str] | None) -> tuple[Meaning, ...]:
    """The meaning of a police code of ethnicity with its words, which must agree (`W1 - British`, `IC3 Black`)."""
    match = _CODED.match(text)
    code = (match["code"] if match else text).upper()
    if code not in _codes() or (wanted is not None and "ethnicity" not in wanted):
        return ()
    name, identification = _codes()[code]
    coded = _meaning(_dictionary().categories["ethnicity", name])
    only = frozenset({"ethnicity"})
    if not match:  # because A1 may be the name of anything
        return (coded,) if identification == "officer" or wanted == only else ()
    said = _known(match["rest"], only, coded.parent) or _known(match["rest"], only, None)
    if identification == "officer":
        return said or (coded,)
    return (coded,) if any(each.category in (name, coded.parent) for each in said) else ()


def _in_two_languages(text: str, wanted: frozenset[str] | None, parent: str | None) -> tuple[Meaning, ...]:
    """The meaning that both sides of `White / Gwyn` have."""
    first, slash, second = text.partition(" / ")
    if not slash:
        return ()
    also = _listed(second, wanted, parent)
    return tuple(each for each in _listed(first, wanted, parent) if each in also)


_NATIONALITY = frozenset({"nationality"})


@lru_cache(maxsize=1)
def _nationalities() -> dict[str, str]:
    """Nationality by the name of its country: only where nationality is asked for, because Georgia is a state too."""
    return {
        match_key(name): row["nationality"]
        for row in rows("countries.csv")
        for name in (row["country"], *listed(row["also"]))
    }


def _long_form(text: str, wanted: frozenset[str] | None) -> tuple[Meaning, ...]:
    """Meanings of `Group: member` and `Dimension: category`, at whichever separator both sides are known."""
    for separator in _LONG_FORM.finditer(text):
        left, right = text[: separator.start()], text[separator.end() :]
        dimension = dimension_of(left)
        if dimension and (wanted is None or dimension in wanted):
            found = _known(right, frozenset({dimension}), None)
            if found:
                return found
        groups = [each for each in _listed(left, wanted, None) if each.kind == "group"]
        found = tuple(
            meaning
            for group in groups
            for meaning in _listed(right, frozenset({group.dimension}), group.category)
            if _is_within(meaning, group.category)
        )
        if found:
            return found
    return ()


def _is_within(meaning: Meaning, group: str) -> bool:
    name: str | None = meaning.category
    while name is not None:
        if name == group:
            return True
        name = _dictionary().categories[meaning.dimension, name].parent
    return False


def closest(label: str, dimensions: Iterable[str] | None = None, n: int = 3) -> list[str]:
    """Up to `n` known spellings nearest to `label`, nearest first, for a person to choose from."""
    from difflib import get_close_matches  # because it is needed only when a label is not known

    wanted = DIMENSIONS if dimensions is None else (dimensions,) if isinstance(dimensions, str) else tuple(dimensions)
    by_key: dict[str, str] = {}
    for dimension in wanted:
        for spelling in _dictionary().spellings.get(known_dimension(dimension), ()):
            by_key.setdefault(match_key(spelling), spelling)
    near = get_close_matches(match_key(clean_label(label).text), list(by_key), n=n, cutoff=0.5)
    return [by_key[key] for key in near]


def category(dimension: str, category: str) -> Category:
    """A harmonised category; of age, made from its words. Raises UnknownWord for one that is not listed."""
    found = _find_category(known_dimension(dimension), category)
    if found is None:
        known = [name for each, name in _dictionary().categories if each == dimension]
        raise unknown_word(f"category of {dimension}", category, known)
    return found


def categories(dimension: str) -> tuple[Category, ...]:
    """The listed categories of a dimension in display order; of age, only those that are not made of numbers."""
    known_dimension(dimension)
    return tuple(
        sorted(
            (each for each in _dictionary().categories.values() if each.dimension == dimension), key=lambda e: e.order
        )
    )


def _find_category(dimension: str, name: str) -> Category | None:
    found = _dictionary().categories.get((dimension, name))
    if found is None and dimension == "age":
        band = parse_age(name, bare=True)
        if band and band.category == name:
            high = 999 if band.high is None else band.high
            # because a band stands before the single years it holds, as a parent before its children
            return Category("age", name, None, band.low * 1000 + 999 - high, "group")
    return found


def ordered(dimension: str, categories: Iterable[str]) -> list[str]:
    """`categories` in display order: all, the groups with their members under them, other, unknown; ages by start.

    Names that are not listed (offences, establishments) keep to the alphabet, between the groups and the unknown.
    """

    def rank(name: str) -> tuple[int, str]:
        found = _find_category(dimension, name)
        return (found.order if found else _AFTER_GROUPS - 1, name)

    return sorted(dict.fromkeys(categories), key=rank)
