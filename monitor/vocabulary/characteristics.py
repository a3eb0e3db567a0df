"""The dimensions that figures are broken down by: protected characteristics, those beside them, circumstances."""

from dataclasses import dataclass
from functools import lru_cache

from monitor.vocabulary.labels import clean_label, match_key
from monitor.vocabulary.tables import listed, rows, unknown_word


@dataclass(frozen=True, slots=True)
class Characteristic:
    """A characteristic of people; `act_name` is the Act's own word (`race`), empty for those it does not list.

    `derived_from` is the characteristic whose groups name this one: where that is not published, neither is this.
    """

    id: str
    title: str
    protected: bool
    act_name: str
    aliases: tuple[str, ...]
    derived_from: str = ""


_ROWS = rows("dimensions.csv")

CHARACTERISTICS: tuple[Characteristic, ...] = tuple(
    Characteristic(
        row["dimension"], row["title"], row["role"] == "protected", row["act_name"], listed(row["aliases"]),
        row["derived_from"],
    )
    for row in _ROWS
    if row["role"] in ("protected", "beside")
)  # fmt: skip
_DERIVED_FROM = {each.id: each.derived_from for each in CHARACTERISTICS if each.derived_from}
PROTECTED: tuple[str, ...] = tuple(each.id for each in CHARACTERISTICS if each.protected)
DIMENSIONS: tuple[str, ...] = tuple(row["dimension"] for row in _ROWS)
"""Every dimension: the characteristics first, then circumstances such as legal_status and sentence_length."""
DIMENSIONS_WITH_TOTALS: frozenset[str] = frozenset(row["dimension"] for row in _ROWS if row["totals"] == "yes")
"""The dimensions in which `Total` and `Not recorded` mean everyone, and those whose category is not known."""


@lru_cache(maxsize=1)
def _headings() -> dict[str, str]:
    found: dict[str, str] = {}
    for row in _ROWS:
        for heading in (row["dimension"], row["title"], *listed(row["aliases"])):
            found.setdefault(match_key(heading), row["dimension"])
    return found


@lru_cache(maxsize=4096)
def dimension_of(heading: str) -> str | None:
    """The dimension that a column heading names (`Ethnic group` is `ethnicity`), or None."""
    key = match_key(clean_label(heading).text)
    first, _, second = key.partition(" / ")
    return _headings().get(key) or (_headings().get(first) if _same_heading(first, second) else None)


def _same_heading(first: str, second: str) -> bool:
    """Whether two headings name one dimension in two languages (`Ethnic group / Grŵp ethnig`)."""
    return first in _headings() and _headings()[first] == _headings().get(second)


def spoken_of_by(characteristic: str) -> tuple[str, ...]:
    """The characteristics of which what is declared holds for this one: itself first, then what it is derived from."""
    parent = _DERIVED_FROM.get(characteristic)
    return (characteristic, parent) if parent else (characteristic,)


def known_dimension(dimension: str) -> str:
    """`dimension` itself; raises UnknownWord with the closest identifiers when there is no such dimension."""
    if dimension not in DIMENSIONS:
        raise unknown_word("dimension", dimension, DIMENSIONS)
    return dimension
