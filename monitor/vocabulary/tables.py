"""CSV files beside code, read as rows; a row with too few or too many cells is refused by file and line."""

import csv
import pkgutil

_ROOM = __package__ or "monitor.vocabulary"


class VocabularyError(ValueError):
    """A row of the vocabulary's own data contradicts itself or another row."""


class UnknownWord(LookupError):
    """A name was asked for that the vocabulary does not hold; the message gives the closest it does."""


def rows(name: str, room: str = _ROOM) -> list[dict[str, str]]:
    """Rows of the CSV `name` beside the modules of a room, cells stripped, each with its line number under `line`."""
    # because importlib.resources costs as much to import as this whole room
    content = pkgutil.get_data(room, name)
    if content is None:
        raise VocabularyError(f"expected the file {name} in {room}; found none. Install the package with its data")
    reader = csv.reader(content.decode("utf-8").splitlines())
    header = next(reader)
    found = []
    for cells in reader:
        if not cells:
            continue
        if len(cells) != len(header) or not cells[0].strip():
            raise VocabularyError(
                f"{name} line {reader.line_num}: expected {len(header)} cells ({', '.join(header)}), "
                f"the first not empty; found {len(cells)}: {cells}. Quote a cell that holds a comma"
            )
        row = {column: cell.strip() for column, cell in zip(header, cells, strict=True)}
        row["line"] = str(reader.line_num)
        found.append(row)
    return found


def listed(cell: str) -> tuple[str, ...]:
    """The parts of a cell that holds several words separated by `|`."""
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def unknown_word(what: str, found: str, known: list[str] | tuple[str, ...]) -> UnknownWord:
    """The error for a name that does not exist, with the closest names that do."""
    from difflib import get_close_matches  # because it is needed only when something is wrong

    near = ", ".join(get_close_matches(found, known, n=3, cutoff=0.4))
    some = f"the closest are: {near}" if near else f"none is close; known are: {', '.join(known[:5])}"
    return UnknownWord(f"expected a known {what}, found {found!r}; {some}")
