"""Why a file is not read, in words for a person; and how much of one is read at most."""

MOST_CELLS = 25_000_000
"""Cells of one file, empty ones between others counted: about 1.7 GB where they arrive, whatever they hold."""
MOST_UNPACKED_MB = 512
MOST_RATIO = 200
"""How many times its size a part of more than a megabyte may unpack to. Published workbooks stay below 30."""
MOST_PARTS = 10_000
LONGEST_TEXT = 32_767
"""Characters of one cell, as many as spreadsheet programs write."""
ASK_UNLOCKED = "encrypted; ask the publisher for the file without a password."


class Refused(Exception):
    """A file that is not read: what was expected, what was found, what to do. The file's name is not in it."""


def too_many_cells(where: str, cells: int) -> Refused:
    """The refusal of a sheet, or of a whole file, that is larger than anything published."""
    return Refused(
        f"{where} spans {cells:,} cells; above {MOST_CELLS:,} is not read. If it is genuine, ask the publisher for "
        "a CSV in parts."
    )


def too_long(text: str) -> Refused:
    """The refusal of a cell that no spreadsheet program writes."""
    return Refused(
        f"a cell holds more than {LONGEST_TEXT:,} characters (it begins {text[:30]!r}); expected a table. Check "
        "whether a quotation mark is missing, fetch it again, or ask the publisher."
    )
