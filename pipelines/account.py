"""Every filled cell of a sheet by what it was taken for; the six kinds add up to the cells."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass


@dataclass
class Account:
    """Filled cells: titles, notes, labels and figures that were read, those refused, and those not understood."""

    cells: int = 0
    titles: int = 0
    notes: int = 0
    labels: int = 0
    figures: int = 0
    refused: int = 0
    not_understood: int = 0


def added(accounts: Iterable[Account]) -> Account:
    """Some accounts as one."""
    return Account(*map(sum, zip(*map(astuple, accounts), strict=True)))
