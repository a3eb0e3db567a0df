"""Places by GSS code or official name, which places make up a larger one, and the country that a title names.

A name that several places have (`West Midlands`) is settled by the other labels of its axis, else by nobody.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from monitor.vocabulary.labels import clean_label, match_key, plain_dashes
from monitor.vocabulary.tables import listed, rows, unknown_word


@dataclass(frozen=True, slots=True)
class Place:
    """A place: its code, its name, and its kind (countries, country, region, county, local_authority, …).

    The code is the GSS code, or ISO 3166 for other countries; probation regions and prisons, which have none, have a
    name for it. Other names of a place, those it had before among them, stand in the column `also` of places.csv.
    """

    code: str
    name: str
    kind: str


@lru_cache(maxsize=1)
def _places() -> dict[str, Place]:
    return {row["code"]: Place(row["code"], row["name"], row["kind"]) for row in rows("places.csv")}


def places_of_kind(kind: str) -> tuple[Place, ...]:
    """Every listed place of a kind, by name."""
    return tuple(sorted((p for p in _places().values() if p.kind == kind), key=lambda p: p.name))


@lru_cache(maxsize=1)
def establishment_functions() -> dict[str, str]:
    """What each prison is mainly for, by the code of its place, as its publisher said in 2022 and 2023."""
    return {row["code"]: row["function"] for row in rows("establishment_functions.csv")}


@lru_cache(maxsize=1)
def _members() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in rows("place_members.csv"):
        found.setdefault(row["code"], set()).add(row["member"])
    return {code: frozenset(members) for code, members in found.items()}


@lru_cache(maxsize=1)
def _named() -> dict[str, tuple[Place, ...]]:
    found: dict[str, list[Place]] = {}
    for row in rows("places.csv"):
        for name in (row["name"], *listed(row["also"])):
            found.setdefault(match_key(name), []).append(_places()[row["code"]])
    return {name: tuple(dict.fromkeys(places)) for name, places in found.items()}


@lru_cache(maxsize=1)
def _countries() -> dict[str, Place]:
    """Countries by every name, those of the United Kingdom and those made up of them among them."""
    found = {name: each for name, places in _named().items() for each in places if each.kind in _COUNTRY_KINDS}
    for row in rows("countries.csv"):
        for name in (row["country"], *listed(row["also"])):
            found.setdefault(match_key(name), Place(row["code"], row["country"], "country"))
    return found


_COUNTRY_KINDS = ("country", "countries")
_AROUND = re.compile(
    r"^(?:total|all) (?P<total>.+)$|^(?P<region>.+) region$|^(?P<county>.+) met(?:ropolitan)? county$"
    r"|^(?P<force>.+?)(?: police)?(?: service| constabulary)?$"
)


def place(code: str) -> Place:
    """The place with this GSS code; raises UnknownWord when it is not listed."""
    if code not in _places():
        raise unknown_word("place code", code, tuple(_places()))
    return _places()[code]


def place_members(code: str) -> frozenset[str]:
    """Codes of the places that together make up this one, one level down; empty where none are listed."""
    place(code)
    return _members().get(code, frozenset())


def places_of(names: Sequence[str]) -> tuple[str, ...]:
    """Codes as they are; of a kind of place (`police_force_area`) those whose parts are listed."""
    of_kind = {name: [p.code for p in places_of_kind(name) if place_members(p.code)] for name in names}
    return tuple(code for name in names for code in of_kind[name] or (place(name).code,))


@lru_cache(maxsize=8192)
def places_named(text: str) -> tuple[Place, ...]:
    """Every listed place with this code or name, whatever its case, punctuation and footnotes."""
    if text.strip() in _places():
        return (_places()[text.strip()],)
    key = match_key(clean_label(text).text)
    match = _AROUND.match(key)
    found = _named().get(key, ())
    if not found and match:
        kinds = {
            "region": ("region", "probation_region"),
            "county": ("county",),
            "force": ("police_force_area", "police_force"),
        }
        said = match.lastgroup or ""
        inner = _named().get(match[said], ())
        found = tuple(each for each in inner if each.kind in kinds.get(said, (each.kind,)))
    return found


_TOTAL = re.compile(r"\btotal\b", re.IGNORECASE)


def axis_places(labels: Sequence[str]) -> list[Place | None]:
    """The places of a whole axis, one a label; a name of several places is of the kind most of the others have."""
    named = {label: places_named(label) for label in dict.fromkeys(labels)}
    for kind in _OF_A_SERVICE:
        if not _is_of(kind, list(named.values())):
            named = {n: tuple(p for p in places if p.kind != kind) for n, places in named.items()}
    settled: dict[str, Place | None] = {}
    # because the total of a region may stand among the parts of it, under the name of one of them
    for total in (False, True):
        alike = {n: places for n, places in named.items() if bool(_TOTAL.search(n)) == total}
        counts = Counter(kind for places in alike.values() for kind in {each.kind for each in places})
        for label, places in alike.items():
            best = max((counts[each.kind] for each in places), default=0)
            settled[label] = _the_one(tuple(each for each in places if counts[each.kind] == best))
    return [settled[label] for label in labels]


_OF_A_SERVICE = ("probation_region", "prison")
"""Kinds of places that a service is divided into, most of them named after a town or a region."""


def _is_of(kind: str, axis: Sequence[Sequence[Place]]) -> bool:
    """Whether an axis is of one service's places: one is of no other kind, and most of those that are known are."""
    alone = any(places and all(p.kind == kind for p in places) for places in axis)
    known = [any(p.kind == kind for p in places) for places in axis if places]
    return alone and 2 * sum(known) > len(known)


def _the_one(places: tuple[Place, ...]) -> Place | None:
    """The only place; one that a service is divided into counts only where nothing else has its name."""
    official = tuple(each for each in places if each.kind not in _OF_A_SERVICE) or places
    return official[0] if len(official) == 1 else None


@lru_cache(maxsize=1)
def _country_in_words() -> re.Pattern[str]:
    # because a letter that stands for a country in a column of codes stands for anything in a title
    spelled = (name for name in _countries() if len(name) > 2 or name == "uk")
    names = "|".join(re.escape(name) for name in sorted(spelled, key=len, reverse=True))
    before = r"(?:^|[,:;(|-]|\d|\b(?:in|for|across|throughout|of|and)\b)"
    return re.compile(rf"{before}\s*(?:the )?(?P<name>{names})(?![^\W\d]| -?born)")


@lru_cache(maxsize=4096)
def country_named_in(title: str) -> Place | None:
    """The country that a title says its figures are of (`Prisoners in Scotland`); None without one, or with several.

    The country that people come from is not the one they are counted in.
    """
    text = plain_dashes(title).casefold().replace("&", "and").replace("'", "").replace("’", "")
    text = re.sub(
        r"\b(?:born|birth|nationals?|citizens?|returned|deported|extradited|from) (?:in |of |to |from )?(?:the )?\w+",
        "",
        text,
    )
    text = re.sub(r"\benglish (?:regions?|police force areas?) and wales\b", "england and wales", text)
    found = {_countries()[match["name"]] for match in _country_in_words().finditer(text)}
    return found.pop() if len(found) == 1 else None


@lru_cache(maxsize=1)
def _local_in_words() -> re.Pattern[str]:
    # because the probation region of Wales is told from the country by nothing but the other labels of its axis
    local = {p.name for p in _places().values() if match_key(p.name) not in _countries()}
    names = "|".join(re.escape(name) for name in sorted(local, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{names})(?![\w-])|\b(?:HMP|HMYOI|YOI|HMP/YOI)\b(?:\s+[A-Z][\w'’-]+)?")


@lru_cache(maxsize=4096)
def local_names_in(text: str) -> tuple[str, ...]:
    """Names of places smaller than a country, and of single prisons, that words mention as they are spelled."""
    return tuple(dict.fromkeys(match[0] for match in _local_in_words().finditer(plain_dashes(text))))
