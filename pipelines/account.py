"""Every filled cell of a file accounted for: a title, a note, a label, a figure, refused, or not understood."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field, fields

import numpy as np

from pipelines.shape import Role, Sheet, Table, Unread, unread_of


@dataclass(frozen=True)
class Account:
    """How many filled cells are what; the six kinds add up to `cells`."""

    cells: int = 0
    titles: int = 0
    notes: int = 0
    labels: int = 0
    figures: int = 0
    refused: int = 0
    not_understood: int = 0

    def __post_init__(self) -> None:
        if self.cells != sum(astuple(self)[1:]):
            raise ValueError(f"an account that does not add up: {self}")

    def __add__(self, other: "Account") -> "Account":
        return Account(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    def __str__(self) -> str:
        """`120 cells: 1 title, 4 notes, 20 labels, 95 figures`."""
        counts = [(getattr(self, f.name), f.name.replace("_", " ")) for f in fields(self)]
        said = [f"{n:,} {name.removesuffix('s') if n == 1 else name}" for n, name in counts if n]
        return ": ".join(filter(None, (said[0], ", ".join(said[1:])))) if said else "0 cells"

    @classmethod
    def of(cls, roles: np.ndarray) -> "Account":
        """The account of some cells' roles."""
        counts = np.bincount(roles.ravel(), minlength=len(Role))[1:].tolist()
        return cls(sum(counts), *counts)


@dataclass(frozen=True)
class Cause:
    """Why a row or column yields nothing: `what` it is, `why`; `refused` where it was understood and is not used."""

    what: str
    why: str
    refused: bool = False


@dataclass
class Understood:
    """Which rows and columns of a table had their labels understood: 0, or else the number of a cause from 1.

    `cells` says the same of single cells, by row and column of the table, where some could not be read.
    """

    rows: np.ndarray
    columns: np.ndarray
    causes: Sequence[Cause] = ()
    cells: np.ndarray | None = None

    @classmethod
    def of(
        cls, table: Table, rows: Mapping[int, Cause] | None = None, columns: Mapping[int, Cause] | None = None
    ) -> "Understood":
        """All of a table but some rows and columns, by their positions in it, each with its cause."""
        causes = {
            cause: k for k, cause in enumerate(dict.fromkeys([*(rows or {}).values(), *(columns or {}).values()]), 1)
        }

        def codes(count: int, unread: Mapping[int, Cause]) -> np.ndarray:
            found = np.zeros(count, dtype=np.int32)
            found[list(unread)] = [causes[cause] for cause in unread.values()]
            return found

        return cls(codes(len(table.rows), rows or {}), codes(len(table.columns), columns or {}), list(causes))


@dataclass
class SheetAccount:
    """One sheet's account, its tables' in order, the role of each of its cells, what yields nothing, its geometry."""

    sheet: str
    account: Account
    tables: list[Account]
    roles: np.ndarray
    unread: list[Unread]
    shape: Sheet


@dataclass
class FileAccount:
    """The account of a file and of each of its sheets."""

    account: Account = Account()
    sheets: list[SheetAccount] = field(default_factory=list)

    @property
    def unread(self) -> list[Unread]:
        """What yields nothing, sheet by sheet."""
        return [unread for sheet in self.sheets for unread in sheet.unread]


def account(sheets: Iterable[Sheet], understood: Mapping[int, Understood]) -> FileAccount:
    """The account of a file's sheets. `understood` is by the tables' `id()`; a table not in it was not understood."""
    found = FileAccount()
    for sheet in sheets:
        one = _sheet(sheet, understood)
        found.sheets.append(one)
        found.account += one.account
    return found


_NOBODY = Cause("a table", "nothing says what its rows and columns are")


def _sheet(sheet: Sheet, understood: Mapping[int, Understood]) -> SheetAccount:
    roles = sheet.roles.copy()
    unread = list(sheet.unread)
    for table in sheet.tables:
        said = understood.get(id(table)) or Understood.of(
            table, columns=dict.fromkeys(range(len(table.columns)), _NOBODY)
        )
        here = np.ix_(np.asarray(table.rows), np.asarray(table.columns))
        figures = roles[here] == Role.FIGURE
        by = np.where(said.columns[None, :] > 0, said.columns[None, :], said.rows[:, None])
        if said.cells is not None:
            by = np.where(by > 0, by, said.cells)
        for k, cause in enumerate(said.causes, 1):
            cells = figures & (by == k)
            if not cells.any():
                continue
            mask = np.zeros(roles.shape, dtype=bool)
            mask[here] = cells
            roles[mask] = Role.REFUSED if cause.refused else Role.NOT_UNDERSTOOD
            unread.append(unread_of(sheet.grid, cause.what, cause.why, mask))
    areas = [Account.of(roles[table.area]) for table in sheet.tables]
    return SheetAccount(sheet.grid.sheet, Account.of(roles), areas, roles, unread, sheet)
