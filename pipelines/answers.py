"""Whether a file separates people by a characteristic: present, absent, or unclear because of cells that are named."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from monitor.vocabulary import CHARACTERISTICS

PRESENT, ABSENT, UNCLEAR = "present", "absent", "unclear"

Words = Literal["title", "heading", "header", "selector", "note", "contents", "prose"]
"""Where words stand that may name a characteristic."""
_ELSEWHERE = frozenset({"note", "contents", "prose"})
"""Words that may speak of another sheet: a table of any sheet answers them."""
Part = Literal["figures", "header", "selector", "member", "page", "attachment", "stray", "note", "contents", "prose"]
"""Parts of a file that may be left unread."""
_HOLDS_NOTHING = frozenset({"stray", "note", "contents", "prose"})
"""Parts that separate nobody, unless their words name a characteristic; stray are numbers that stand one by one."""
NO_GROUPS = "no groups of it were read"
OF_A_TABLE = r"(?:^|; )(?:title|heading|header|selector) "
"""What `named_by` holds where words of a table itself name a characteristic."""


class Separating(Protocol):
    """A table surveyed: what it separates people by, alone or together with its like, and what it holds constant."""

    @property
    def sheet(self) -> str:
        """The sheet it stands on."""

    @property
    def characteristics(self) -> Collection[str]:
        """What it separates people by."""

    @property
    def across(self) -> Collection[str]:
        """What it and its like separate people by together."""

    @property
    def scope(self) -> Collection[str]:
        """What is one group throughout."""


@dataclass(frozen=True, slots=True)
class Naming:
    """Words that name a characteristic, and the cell in which they stand (empty for the name of a sheet)."""

    characteristic: str
    kind: Words
    words: str
    sheet: str
    cell: str = ""


@dataclass(frozen=True, slots=True)
class LeftUnread:
    """A part of a file that was not read: `what` says in words what it is and why; `cells` where, or which file.

    `only` are the characteristics that it could hold; with none, it could hold any.
    """

    kind: Part
    what: str
    sheet: str
    cells: tuple[str, ...]
    only: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Unclear:
    """A characteristic that a sheet may separate people by, with the cells that leave it open."""

    characteristic: str
    sheet: str
    named_by: str
    not_understood: str
    cells: tuple[str, ...]


def answers(
    tables: Iterable[Separating], named: Iterable[Naming], unread: Iterable[LeftUnread]
) -> tuple[dict[str, str], list[Unclear]]:
    """The answer for each characteristic, and for each sheet that leaves one open what was not understood there.

    A characteristic is present where a table separates people by it, in whatever categories; absent where nothing
    names it and nothing was left unread that could hold it. What is present may be unclear on another sheet.
    """
    by_sheet: dict[str, set[str]] = {}
    constant: dict[str, set[str]] = {}
    for t in tables:
        by_sheet.setdefault(t.sheet, set()).update(t.characteristics, t.across)
        constant.setdefault(t.sheet, set()).update(t.scope)
    anywhere = set().union(*by_sheet.values())
    left = [u for u in unread if u.kind not in _HOLDS_NOTHING]
    said = [n for n in named if n.characteristic not in _settled(n, by_sheet, constant, anywhere)]
    sheets = list(dict.fromkeys([*(n.sheet for n in said), *(u.sheet for u in left)]))
    open_: list[Unclear] = []
    for c in CHARACTERISTICS:
        for sheet in sheets:
            names = [n for n in said if n.sheet == sheet and n.characteristic == c.id]
            rest = [u for u in left if u.sheet == sheet and (not u.only or c.id in u.only)]
            if names or rest:
                open_.append(_unclear(c.id, sheet, names, rest))
    doubted = {u.characteristic for u in open_}
    return {
        c.id: PRESENT if c.id in anywhere else UNCLEAR if c.id in doubted else ABSENT for c in CHARACTERISTICS
    }, open_


def _settled(n: Naming, by_sheet: dict[str, set[str]], constant: dict[str, set[str]], anywhere: set[str]) -> set[str]:
    """The characteristics of which words of this kind, on this sheet, are answered by the tables that were read."""
    if n.kind in _ELSEWHERE:
        return anywhere | constant.get(n.sheet, set())
    return by_sheet.get(n.sheet, set()) | constant.get(n.sheet, set())


def _unclear(d: str, sheet: str, names: Sequence[Naming], unread: Sequence[LeftUnread]) -> Unclear:
    words = dict.fromkeys(f"{n.kind} {n.words!r}" for n in names)
    what = dict.fromkeys(u.what for u in unread)
    cells = dict.fromkeys(
        [*(n.cell or n.sheet for n in names), *(cell for u in unread for cell in u.cells or (sheet,))]
    )
    return Unclear(d, sheet, "; ".join(words), "; ".join(what) or NO_GROUPS, tuple(cells))
