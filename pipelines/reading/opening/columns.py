"""Rows kept by column: each different value once, and which of them stands in each row, a few hundred at a time."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice, zip_longest
from types import MappingProxyType
from typing import Any

_AT_ONCE = 500


class _Numbered(dict[Any, int]):
    """The different values of a column in order of appearance, each with its number."""

    def __missing__(self, value: Any) -> int:
        self[value] = number = len(self)
        return number


class Columns:
    """Rows taken in one after another. A row that is shorter than others ends in empty cells."""

    def __init__(self, empty: Any = None) -> None:
        self.height = 0
        self._empty = empty
        self._numbered: list[_Numbered] = []
        self._codes: list[array[int]] = []

    def take(self, rows: Iterable[Sequence[Any]]) -> None:
        """Add rows below those taken before."""
        rest: Iterator[Sequence[Any]] = iter(rows)
        while some := list(islice(rest, _AT_ONCE)):
            for column, cells in enumerate(zip_longest(*some, fillvalue=self._empty)):
                if column == len(self._codes):
                    self._numbered.append(_Numbered({self._empty: 0}))
                    self._codes.append(array("i", bytes(4 * self.height)))
                self._codes[column].extend(map(self._numbered[column].__getitem__, cells))
            self.height += len(some)
            for codes in self._codes:
                codes.extend([0] * (self.height - len(codes)))

    def first_row(self, is_so: Callable[[Any], bool]) -> int | None:
        """The first row with a value of which something is so; None when there is none."""
        found = [
            codes.index(number)
            for numbered, codes in zip(self._numbered, self._codes, strict=True)
            for value, number in numbered.items()
            if is_so(value) and (number or 0 in codes)
        ]
        return min(found, default=None)

    @property
    def different(self) -> Sequence[Iterable[Any]]:
        """The different values of each column as they were taken in."""
        return self._numbered

    def finished(
        self, value_of: Callable[[Any], Any], instead: Mapping[int, Callable[[Any], Any]] = MappingProxyType({})
    ) -> tuple[list[list[Any]], list["array[int]"]]:
        """The different values of each column, None first, and each row's codes into them.

        `value_of` turns what was taken in into what is kept; it is asked once for each different value, and values
        that it makes alike become one. `instead` has others for some columns. Empty rows at the end are left out.
        """
        values: list[list[Any]] = []
        for column, numbered in enumerate(self._numbered):
            kept = _Numbered({None: 0})
            ask = instead.get(column, value_of)
            again = [kept[ask(value)] for value in numbered]
            if again != list(range(len(again))):
                self._codes[column] = array("i", map(again.__getitem__, self._codes[column]))
            values.append(list(kept))
        while self.height and not any(codes[self.height - 1] for codes in self._codes):
            self.height -= 1
        return values, [codes[: self.height] for codes in self._codes]
