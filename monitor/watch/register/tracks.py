"""Tables followed from one edition to the next by what they separate people by, then by words, number and sheet.

So a loss is told from a renaming, and a workbook that becomes files of another kind holds the same tables.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from monitor.watch.register.held import Table

ALIKE = 0.5
"""Share of words that two names have in common from which tables that separate alike are taken for one."""


@dataclass(slots=True)
class Track:
    """One table through the editions: `seen` are the positions of editions that have it, with the table there."""

    name: str
    seen: dict[int, Table] = field(default_factory=dict)
    last: int = -1

    @property
    def latest(self) -> Table:
        """The table as it last stood."""
        return self.seen[self.last]

    def add(self, position: int, table: Table) -> None:
        """Another edition has it."""
        self.seen[position] = table
        self.last = position

    def having(self, characteristic: str) -> list[int]:
        """Positions of the editions in which it separates people by a characteristic."""
        return [n for n, table in self.seen.items() if characteristic in table.breakdowns]


def follow(editions: Sequence[Sequence[Table]]) -> list[Track]:
    """Every table of every edition, as tracks, in the order they first stood."""
    tracks: list[Track] = []
    by_name: dict[str, list[Track]] = defaultdict(list)
    recent: list[Track] = []
    for n, tables in enumerate(editions):
        if not tables:
            continue
        left = list(tables)
        met: list[Track] = []
        rules: tuple[Rule, ...] = (
            partial(_same_name, by_name),
            partial(_same_sheet, recent),
            partial(_alike, recent),
            partial(_same_groups, recent),
            partial(_only, recent, len(left)),
        )
        for rule in rules:
            left = _match(left, rule, n, met)
            if not left:
                break
        for table in left:
            track = Track(_name(table))
            track.add(n, table)
            tracks.append(track)
            by_name[track.name].append(track)
            met.append(track)
        for track in met:
            if track.name != (name := _name(track.latest)) and track not in by_name[name]:
                by_name[name].append(track)
        recent = [t for t in recent if t.last < n and n - t.last <= 2] + met
    return tracks


Rule = Callable[[Table, int, Sequence[Table]], "Track | None"]
"""Finds the track of a table of the nth edition, which is one of some tables that are left."""


def _match(tables: Sequence[Table], rule: Rule, n: int, met: list[Track]) -> list[Table]:
    left = []
    for table in tables:
        track = rule(table, n, tables)
        if track is None:
            left.append(table)
        else:
            track.add(n, table)
            met.append(track)
    return left


def _name(table: Table) -> str:
    return table.name or table.sheet.casefold()


def _same_name(by_name: dict[str, list[Track]], table: Table, n: int, _: Sequence[Table]) -> Track | None:
    def nearness(track: Track) -> tuple[bool, bool, bool, int, int]:
        then = track.latest
        both = then.breakdowns.keys() & table.breakdowns.keys()
        # because two tables of one name that share nothing are each other's neighbours, and change places
        alike = bool(both) or not (then.breakdowns and table.breakdowns)
        same_sheet = then.sheet.casefold() == table.sheet.casefold()
        same_number = bool(table.number) and then.number == table.number
        return alike, same_sheet, same_number, len(both), track.last

    return max((t for t in by_name.get(_name(table), ()) if t.last < n), key=nearness, default=None)


def _same_sheet(recent: Sequence[Track], table: Table, n: int, _: Sequence[Table]) -> Track | None:
    for track in recent:
        then = track.latest
        same_place = then.sheet.casefold() == table.sheet.casefold() and then.position == table.position
        alike = _common(then, table) >= ALIKE / 2 or not (then.name and table.name)
        if track.last < n and same_place and alike:
            return track
    return None


def _alike(recent: Sequence[Track], table: Table, n: int, _: Sequence[Table]) -> Track | None:
    free = [(_likeness(t.latest, table), -i) for i, t in enumerate(recent) if t.last < n]
    best = max(free, default=(0.0, 0))
    return recent[-best[1]] if best[0] >= ALIKE else None


def _same_groups(recent: Sequence[Track], table: Table, n: int, left: Sequence[Table]) -> Track | None:
    """The only table left, of both editions, that separates people into the same groups, whatever it is called."""
    split = _split(table)
    free = [t for t in recent if t.last < n and split and _split(t.latest) == split]
    return free[0] if len(free) == 1 and sum(_split(t) == split for t in left) == 1 else None


def _split(table: Table) -> frozenset[tuple[str, frozenset[str]]]:
    """What a table separates people by: each characteristic with its groups."""
    return frozenset((d, b.groups) for d, b in table.breakdowns.items())


def _only(recent: Sequence[Track], tables: int, table: Table, n: int, _: Sequence[Table]) -> Track | None:
    """Two editions of one table each, which share something: one series of data files."""
    free = [t for t in recent if t.last < n]
    if tables == 1 and len(free) == 1 and free[0].latest.breakdowns.keys() & table.breakdowns.keys():
        return free[0]
    return None


def _common(a: Table, b: Table) -> float:
    """Share of the words of two names that both have."""
    one, two = set(a.name.split()), set(b.name.split())
    return len(one & two) / len(one | two) if one | two else 0.0


def _likeness(a: Table, b: Table) -> float:
    """How far two tables of other names are alike: words, and the same groups of the same characteristics."""
    if a.breakdowns.keys() != b.breakdowns.keys() or not a.breakdowns:
        return 0.0
    same = sum(a.breakdowns[d].groups == b.breakdowns[d].groups for d in a.breakdowns) / len(a.breakdowns)
    return _common(a, b) * same
