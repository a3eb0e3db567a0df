"""The file system inside an old Office file, as far as one stream of it; damaged chains end."""

import struct
from array import array

_END = 0xFFFFFFFA
"""Sector numbers from here on are marks and not sectors."""


def stream(raw: bytes, *names: str) -> bytes | None:
    """The content of the first stream that has one of the names; None when there is none, or the file is damaged."""
    try:
        return _stream(raw, {n.lower() for n in names})
    except (struct.error, IndexError, ValueError):
        return None


def _stream(raw: bytes, names: set[str]) -> bytes | None:
    size = 1 << struct.unpack_from("<H", raw, 30)[0]
    if size not in (512, 4096):
        return None
    first, _, least = struct.unpack_from("<3I", raw, 48)
    extra, extras = struct.unpack_from("<2I", raw, 68)
    table = list(struct.unpack_from("<109I", raw, 76))
    for _ in range(min(extras, len(raw) // size)):
        if extra >= _END:
            break
        numbers = struct.unpack_from(f"<{size // 4}I", raw, (extra + 1) * size)
        table += numbers[:-1]
        extra = numbers[-1]
    after = array("I")
    for sector in table:
        if sector < _END:
            after.frombytes(raw[(sector + 1) * size : (sector + 2) * size])
    directory = _chain(raw, after, first, size)
    for at in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, at + 64)[0]
        name = directory[at : at + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace").lower()
        start, amount = struct.unpack_from("<2I", directory, at + 116)
        if name in names and directory[at + 66] == 2 and amount >= least:
            return _chain(raw, after, start, size)[:amount]
    return None


def _chain(raw: bytes, after: "array[int]", sector: int, size: int) -> bytes:
    pieces = []
    for _ in range(len(raw) // size + 1):  # because a damaged chain can come back to where it was
        if sector >= _END:
            break
        pieces.append(raw[(sector + 1) * size : (sector + 2) * size])
        sector = after[sector]
    return b"".join(pieces)
