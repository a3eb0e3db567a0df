"""The levels of a table's header: which columns each label of it stands over, and where that is not certain."""

from collections.abc import Sequence
from itertools import pairwise

from pipelines.reading.grid import Cell, Grid


def levels(grid: Grid, header: list[int], columns: list[int]) -> list[dict[int, Cell]]:
    """Header levels by column. A label above several columns reaches right, over cells that a lower level names."""
    levels: list[dict[int, Cell]] = []
    for k, r in enumerate(header):
        row = grid.rows[r]
        level = {c: row[c] for c in range(len(row)) if row[c] is not None}
        if k < len(header) - 1:
            lower = [grid.rows[q] for q in header[k + 1 :]]
            seen: Cell = None
            for c in range(columns[0] if columns else 0, (columns[-1] + 1) if columns else 0):
                if c in level:
                    seen = level[c]
                elif seen is not None and any(c < len(q) and q[c] is not None for q in lower):
                    level[c] = seen
        levels.append(level)
    return levels


def unsure(grid: Grid, header: list[int], columns: Sequence[int]) -> dict[int, str]:
    """Why the group over a column of values is not certain, by the column's position.

    Groups are certain where each stands over the first of its columns: then what is under them is the same list over
    and over, or a list that says nothing twice.
    """
    found: dict[int, str] = {}
    for k, r in enumerate(header[:-1]):
        starts = [j for j, c in enumerate(columns) if grid.at(r, c) is not None]
        if not starts or len(starts) == len(columns):
            continue
        under = [tuple(grid.at(q, c) for q in header[k + 1 :]) for c in columns]
        groups = [list(range(a, b)) for a, b in pairwise([*starts, len(columns)])]
        before = list(range(starts[0]))
        wide = [g for g in groups if len(g) > 1]
        lists = [[under[j] for j in g] for g in wide]
        shared = [u for i, u in enumerate(lists) if any(set(u) & set(v) for v in lists[:i] + lists[i + 1 :])]
        loose = [j for j in before if any(under[j] in u for u in lists)]
        again = [j for g in wide if len(set(under[i] for i in g)) < len(g) for j in g]
        if loose or again:
            at = f"{grid.sheet!r} row {r + 1}"
            why = f"the groups named in {at} do not stand over the first of their columns, so which are whose is not certain"
            for j in {*before, *(j for g in wide for j in g)}:
                found.setdefault(j, why)
            continue
        if len(shared) < 2:
            continue
        shortest = min(shared, key=len)
        for g, u in zip(wide, lists, strict=True):
            if u in shared and u[: len(shortest)] == shortest and len(u) > len(shortest) and g is wide[-1]:
                for j in g[len(shortest) :]:
                    found.setdefault(j, "it stands after the last group, and no other group has such a column")
            elif u in shared and u[: len(shortest)] != shortest:
                for j in g:
                    found.setdefault(j, "the groups over these columns are unequal, so which are whose is not certain")
    return found
