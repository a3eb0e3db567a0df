"""Places by GSS code, and which places make up a larger one.

Makes true: "Lancashire is out of this table" can be taken out of a denominator, because the force area
names its districts.
Why this way: only the places whose composition an official table needs are listed, in `places.csv` and
`place_members.csv`; a place's name alone is never its identity.
Refuses: a code that is not listed raises UnknownWord with the closest codes.
"""

from dataclasses import dataclass
from functools import lru_cache

from monitor.vocabulary.tables import rows, unknown_word


@dataclass(frozen=True, slots=True)
class Place:
    """A place: its GSS code, its name, and its kind (countries, country, region, police_force_area,
    local_authority).
    """

    code: str
    name: str
    kind: str


@lru_cache(maxsize=1)
def _places() -> dict[str, Place]:
    return {row["code"]: Place(row["code"], row["name"], row["kind"]) for row in rows("places.csv")}


@lru_cache(maxsize=1)
def _members() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in rows("place_members.csv"):
        found.setdefault(row["code"], set()).add(row["member"])
    return {code: frozenset(members) for code, members in found.items()}


def place(code: str) -> Place:
    """The place with this GSS code; raises UnknownWord when it is not listed."""
    if code not in _places():
        raise unknown_word("place code", code, tuple(_places()))
    return _places()[code]


def place_members(code: str) -> frozenset[str]:
    """Codes of the places that together make up this one, one level down; empty where none are listed."""
    place(code)
    return _members().get(code, frozenset())
