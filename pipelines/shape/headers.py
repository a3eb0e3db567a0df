"""The levels of a table's header: which columns each label of it stands over, and where that is not certain."""

import re
from collections.abc import Sequence
from itertools import pairwise

from pipelines.reading.grid import Cell, Grid


def levels(grid: Grid, header: list[int], columns: list[int]) -> list[dict[int, Cell]]:
    """Header levels by column. A label above several columns reaches right, over cells that a lower level names."""
    levels: list[dict[int, Cell]] = []
    for k, r in enumerate(header):
        row = grid.rows[r]
        level = {c: row[c] for c in range(len(row)) if row[c] is not None}
        ends = _ends(grid, header, columns, level)
        if k < len(header) - 1:
            lower = [grid.rows[q] for q in header[k + 1 :]]
            seen: Cell = None
            for c in range(columns[0] if columns else 0, (columns[-1] + 1) if columns else 0):
                if c in level:
                    seen = level[c]
                elif c in ends:
                    seen = None
                elif seen is not None and any(c < len(q) and q[c] is not None for q in lower):
                    level[c] = seen
        levels.append(level)
    return levels


def _ends(grid: Grid, header: Sequence[int], columns: Sequence[int], level: dict[int, Cell]) -> set[int]:
    """Empty columns that end the group before them: where one stands before every group and none within one."""
    starts = [c for c in columns if c in level]
    if len(starts) < 2:
        return set()
    used = set(columns)
    empty = {c for c in range(starts[0], columns[-1]) if c not in used and all(grid.at(h, c) is None for h in header)}
    parts = [empty.intersection(range(a + 1, b)) for a, b in pairwise(starts)]
    return empty if empty and all(part == {b - 1} for part, b in zip(parts, starts[1:], strict=True)) else set()


_EVERYONE = re.compile(r"\s*(?:(?:grand |sub-?)?totals?|all|both|overall|everyone|persons|people)\b", re.I)


def unsure(grid: Grid, header: list[int], columns: Sequence[int]) -> dict[int, str]:
    """Why the group over a column of values is not certain, by the column's position.

    Groups are certain where each stands over the first of its columns: then what is under them is the same list over
    and over, or lists that say nothing twice, and no total closes only the last of them.
    """
    found: dict[int, str] = {}
    filled = levels(grid, header, list(columns))
    for k, r in enumerate(header[:-1]):
        starts = [j for j, c in enumerate(columns) if grid.at(r, c) is not None]
        if not starts or len(starts) == len(columns) or starts == [0]:
            continue
        under = [tuple(level.get(c) for level in filled[k + 1 :]) for c in columns]
        groups = [range(a, b) for a, b in pairwise([*starts, len(columns)])]
        groups[-1] = range(starts[-1], max(j for j, c in enumerate(columns) if filled[k].get(c) is not None) + 1)
        why = _why_not_aligned(under, range(starts[0]), groups)
        if why is not None:
            where = f"row {r + 1} names groups that do not stand over the first of their columns: {why}"
            found.update((j, where) for j in range(len(columns)) if j not in found)
            continue
        last = groups[-1]
        lists = [[under[j] for j in g] for g in groups[:-1] if len(g) > 1]
        size = len(lists[0]) if lists and len({len(u) for u in lists}) == 1 else len(last)
        if len(last) > size and [under[j] for j in last[:size]] == lists[0]:
            why = "it stands after the last group, and no other group has such a column"
            found.update((j, why) for j in last[size:])
            continue
        if len(last) > 1 and lists and _is_everyone(under[last[-1]]) and not any(_is_everyone(u[-1]) for u in lists):
            found[last[-1]] = "a total stands under the last group alone: whose total it is, is not certain"
    return found


def _why_not_aligned(under: Sequence[tuple[Cell, ...]], before: range, groups: Sequence[range]) -> str | None:
    """What speaks against groups beginning where their names stand; None when nothing does."""
    lists = [[under[j] for j in g] for g in groups]
    if any(len(set(u)) < len(u) for u in lists):
        return "a group would hold the same column twice"
    if any(under[j] in u for j in before for u in lists):
        return "a column before the first group is one of those under the groups"
    if len(before) > 1 or (len(before) == 1 and not _is_everyone(under[0]) and len(groups) > 1):
        return "columns before the first group have none"
    same = [set(u) & set(v) for u, v in pairwise(lists)]
    if all(same) and any(u[: len(v)] != v and v[: len(u)] != u for u, v in pairwise(lists)):
        return "the groups are unequal"
    return None


def _is_everyone(under: tuple[Cell, ...]) -> bool:
    return any(isinstance(cell, str) and _EVERYONE.match(cell) for cell in under)
