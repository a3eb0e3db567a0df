"""Spoiling a file at random, in ways that can be repeated: the seed is the case.

Three depths. Bytes: the file as it lies on disk is flipped, cut, doubled, filled. Inside: one part of a package is
spoiled and packed again with a right checksum. Cells: one cell of a sheet holds something else, and its place is
known.
"""

import io
import random
import zipfile
from collections.abc import Sequence

from pipelines.reading import Grid
from tests.hostile.files import EVERY, Cell

NASTY = (0x00, 0x0A, 0x22, 0x2C, 0x3C, 0x3E, 0x50, 0x7F, 0xFF)
"""Bytes that mean something to a reader: line end, quotation mark, comma, tags, signatures."""

WORDS: tuple[Cell, ...] = (
    None, "", " ", "..", "[c]", "[x]", "-", "*", "zzqx", "=SUM(A1:A9)", "#REF!", "Total", "White", "1,234(2)", "12 [r]",
    "Table 9: Something else", "x" * 30_000, "\x1b[2J", "\u202eetihW", "<b>&amp;</b>", "'; drop table figure; --",
    "31-Jun-25", -1.0, 0.0, 7.0, 1e300, 2.5e-8, 999_999_999.0,
)  # fmt: skip
"""What a cell can hold instead: nothing, marks, words, formulas, numbers no count can be."""


def spoil_bytes(content: bytes, seed: int) -> bytes:
    """The file with one to four changes somewhere."""
    chance, made = random.Random(seed), bytearray(content)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        at = chance.randrange(len(made)) if made else 0
        length = min(chance.choice((1, 2, 8, 64, 512)), len(made) - at)
        match chance.randrange(7):
            case 0:
                made[at] ^= 1 << chance.randrange(8)
            case 1:
                made[at] = chance.choice(NASTY)
            case 2:
                made[at : at + length] = chance.randbytes(length)
            case 3:
                del made[at : at + length]
            case 4:
                made[at:at] = chance.randbytes(length)
            case 5:
                made[at:at] = made[max(at - length, 0) : at]
            case 6:
                del made[max(at, len(made) // 20) :]
        if not made:
            break
    return bytes(made)


def spoil_inside(content: bytes, seed: int) -> bytes:
    """The package with one of its parts of markup spoiled, and packed again as if it had always been so."""
    chance, out = random.Random(seed), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as again:
        parts = {name: package.read(name) for name in package.namelist()}
        spoilt = chance.choice([name for name in parts if not name.endswith((".png", ".jpeg", ".gif", "/"))])
        for name, part in parts.items():
            again.writestr(name, spoil_bytes(part, seed) if name == spoilt else part)
    return out.getvalue()


def spoil_line(content: bytes, seed: int) -> tuple[bytes, int]:
    """Delimited text with one byte of one line changed, and which line that was, from 0."""
    chance = random.Random(seed)
    lines = content.splitlines(keepends=True)
    number = chance.randrange(len(lines))
    line = bytearray(lines[number])
    line[chance.randrange(len(line))] = chance.choice((*NASTY, chance.randrange(256)))
    lines[number] = bytes(line)
    return b"".join(lines), number


def spoil_cell(grid: Grid, seed: int) -> tuple[list[list[Cell]], int, int]:
    """The rows of the grid with one of its cells holding something else, and that cell's place."""
    chance = random.Random(seed)
    row = chance.choice([r for r, cells in enumerate(grid.rows) if cells])
    column = chance.randrange(len(grid.rows[row]))
    rows = [list(cells) for cells in grid.rows]
    rows[row][column] = chance.choice([word for word in WORDS if word != rows[row][column]])
    return rows, row, column


def spoil_label(grid: Grid, seed: int) -> tuple[list[list[Cell]], int, int]:
    """The rows of the grid with one cell that held words or a date holding something else, and that cell's place."""
    chance = random.Random(seed)
    labels = [
        (r, c)
        for r, row in enumerate(grid.rows)
        for c, cell in enumerate(row)
        if cell is not None and not isinstance(cell, float)
    ]
    row, column = chance.choice(labels)
    rows = [list(cells) for cells in grid.rows]
    rows[row][column] = chance.choice([word or None for word in WORDS if word != rows[row][column]])
    return rows, row, column


def written(rows: Sequence[Sequence[Cell]], ending: str) -> bytes:
    """The rows as a file of that format. What markup cannot hold is left out of it."""
    allowed = [[_allowed(cell) if ending in ("xlsx", "ods") else cell for cell in row] for row in rows]
    return EVERY[ending](allowed)


def _allowed(cell: Cell) -> Cell:
    return "".join(c for c in cell if c.isprintable() or c == "\n") if isinstance(cell, str) else cell
