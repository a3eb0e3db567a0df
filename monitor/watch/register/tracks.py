"""Tables followed from one edition to the next by name, sheet or likeness, so that a loss is told from a renaming."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from monitor.watch.register.held import Edition, Table

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


def follow(editions: Sequence[Edition]) -> list[Track]:
    """Every table of every edition, as tracks, in the order they first stood."""
    tracks: list[Track] = []
    by_name: dict[str, list[Track]] = defaultdict(list)
    recent: list[Track] = []
    for n, edition in enumerate(editions):
        if not edition.tables:
            continue
        left = list(edition.tables)
        met: list[Track] = []
        for rule in (_same_name(by_name), _same_sheet(recent), _alike(recent), _only(recent, len(left))):
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


Rule = Callable[[Table, int], "Track | None"]


def _match(tables: Sequence[Table], rule: Rule, n: int, met: list[Track]) -> list[Table]:
    left = []
    for table in tables:
        track = rule(table, n)
        if track is None:
            left.append(table)
        else:
            track.add(n, table)
            met.append(track)
    return left


def _name(table: Table) -> str:
    return table.name or table.sheet.casefold()


def _same_name(by_name: dict[str, list[Track]]) -> Rule:
    def found(table: Table, n: int) -> Track | None:
        free = [t for t in by_name.get(_name(table), ()) if t.last < n]
        if len(free) < 2:
            return free[0] if free else None
        return max(
            free,
            key=lambda t: (
                t.latest.sheet.casefold() == table.sheet.casefold(),
                bool(table.number) and t.latest.number == table.number,
                len(t.latest.breakdowns.keys() & table.breakdowns.keys()),
                t.last,
            ),
        )

    return found


def _same_sheet(recent: Sequence[Track]) -> Rule:
    def found(table: Table, n: int) -> Track | None:
        return next(
            (
                t
                for t in recent
                if t.last < n
                and t.latest.sheet.casefold() == table.sheet.casefold()
                and t.latest.position == table.position
                and (_common(t.latest, table) >= ALIKE / 2 or not (t.latest.name and table.name))
            ),
            None,
        )

    return found


def _alike(recent: Sequence[Track]) -> Rule:
    def found(table: Table, n: int) -> Track | None:
        free = [(_likeness(t.latest, table), -i) for i, t in enumerate(recent) if t.last < n]
        best = max(free, default=(0.0, 0))
        return recent[-best[1]] if best[0] >= ALIKE else None

    return found


def _only(recent: Sequence[Track], tables: int) -> Rule:
    """Two editions of one table each, which share something: one series of data files."""

    def found(table: Table, n: int) -> Track | None:
        free = [t for t in recent if t.last < n]
        if tables == 1 and len(free) == 1 and free[0].latest.breakdowns.keys() & table.breakdowns.keys():
            return free[0]
        return None

    return found


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
