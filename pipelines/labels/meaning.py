"""What one label may mean, and which of its meanings it has where it stands."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from monitor.vocabulary import Meaning, categories, clean_label, meanings, parse_age
from pipelines.labels.words import heading_of
from pipelines.reading.grid import Cell
from pipelines.shape import is_failed


def text_of(cell: Cell) -> str:
    """A label as words: whole numbers without a decimal point, "(empty)" where there is none."""
    if isinstance(cell, float):
        return str(int(cell)) if cell == int(cell) else str(cell)
    return "(empty)" if cell is None else str(cell)


_MARK = re.compile(r"\s*(?:\[\w{1,4}\]|\(\w\)|[^\w\s%£$€#]+)\s*\Z")


_SUBTOTAL = re.compile(r"\s*sub-? ?totals?\b", re.I)


@lru_cache(maxsize=65536)
def is_mark(text: str) -> bool:
    """Whether a label is a mark alone, such as `[x]`, `..`, `*` or `#REF!`, which says nothing of a group."""
    return bool(_MARK.match(text)) or is_failed(text)


def candidates(
    cell: Cell, dimensions: Sequence[str] | None, parent: str | None = None, bare_age: bool = False
) -> list[Meaning]:
    """Every meaning a label may have in these dimensions (in all, with None) under `parent`.

    `bare_age` says that a number alone is an age here.
    """
    text = text_of(cell)
    if is_mark(text):
        return []
    wanted = None if dimensions is None else tuple(dimensions)
    found = list(meanings(text, wanted, parent))
    if (wanted is None or "age" in wanted) and not any(m.dimension == "age" for m in found):
        words = clean_label(text).text
        band = parse_age(words, bare=bare_age) or (parse_age(f"aged {words}") if bare_age else None)
        if band is not None:
            found.insert(0, Meaning("age", band.category, "group", None))
    return found


def choose(
    found: Sequence[Meaning], named: Sequence[str], order: Mapping[str, int], last: str | None, blank: bool
) -> Meaning | None:
    """The meaning a label has here, or None when it has none or more than one.

    `last` is the dimension of the label above, `blank` whether an empty row parts the two.
    """
    if not found:
        return None
    dimensions = {m.dimension for m in found}
    if len(dimensions) == 1:
        return found[0]
    by_dimension = {m.dimension: m for m in found}
    if all(m.kind == "total" for m in found):
        # because a bare "Total" that opens a block totals everything, and one that closes a list totals the list
        inner = last if last is not None and not blank else min(dimensions, key=lambda d: order[d])
        return by_dimension.get(inner) or by_dimension[min(dimensions, key=lambda d: order[d])]
    if last in by_dimension:
        return by_dimension[last]
    groups = [m for m in found if m.kind == "group"]
    return groups[0] if len({m.dimension for m in groups}) == 1 else None


@lru_cache(maxsize=16384)
def under_any_parent(text: str, dimensions: tuple[str, ...]) -> list[Meaning]:
    """What a label means under some group of these dimensions, where alone it means nothing."""
    for d in dimensions:
        for c in categories(d):
            if c.kind == "group" and c.parent is None and (found := meanings(text, (d,), c.category)):
                return list(found)
    return []


def is_total(cell: Cell) -> bool:
    """Whether a label can only be a total."""
    found = meanings(clean_label(text_of(cell)).text) if cell is not None else ()
    return bool(_SUBTOTAL.match(text_of(cell))) or (bool(found) and all(m.kind == "total" for m in found))


def is_group(cell: Cell, dimension: str) -> bool:
    """Whether a label names a group of a dimension."""
    return any(m.kind == "group" for m in meanings(text_of(cell), (dimension,)))


def heading(cell: Cell) -> tuple[str | None, bool]:
    """The dimension that a cell names as a heading, and whether it says nothing else."""
    return heading_of(cell) if isinstance(cell, str) else (None, False)
