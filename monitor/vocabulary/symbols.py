"""What stands in a cell: a number, a publisher's symbol, or something nobody can read.

Makes true: a symbol is read by the map of the table it stands in, because `*` is suppression in one
release and "not applicable" in the next; a suppressed value is never 0, and a number keeps the marks
beside it.
Why this way: the maps are rows of `symbols.csv` (map, symbol, status, flag, lo, hi, meaning, source), so
a release with signs of its own needs rows, not code. The bracketed shorthand of the Government Analysis
Function (`[x]`, `[r]`) is the standard for every map that does not redefine it; bare signs are never
borrowed from another map.
Refuses: text that is neither a number nor a declared symbol has status `unreadable`; it is never skipped
or guessed. A symbol that declares an unpublished status withholds the number beside it too (`8.00 [c]`).
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from monitor.vocabulary.labels import plain_dashes
from monitor.vocabulary.tables import rows, unknown_word

STANDARD = "default"

_NUMBER = re.compile(
    r"^(?=[+-]?\.?\d)[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)?(?:\.\d+)?(?:e[+-]?\d+)?%?$", re.IGNORECASE
)
_BRACKETS = re.compile(r"\s*\[([^\[\]]{1,20})\]")
_NOTE = re.compile(r"(?<=\S)\s*(\((?:\d{1,2})(?:\s*,\s*\d{1,2})*\)|[*†‡]+)$")
_FEWER_THAN = re.compile(r"^(?:<|fewer than|less than) ?(?P<end>\d+)$|^(?P<last>\d+) or (?:fewer|less)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Symbol:
    """One declared sign. `status` is empty for a sign that only adds `flag`; `lo`, `hi` bound what a hidden
    value can be.
    """

    map: str
    symbol: str
    status: str
    flag: str
    lo: float | None
    hi: float | None
    meaning: str
    source: str


@dataclass(frozen=True, slots=True)
class Value:
    """What a cell says: `value` is None unless `status` is `published`; `marker` is the signs beside or
    instead of it.
    """

    value: float | None
    status: str
    marker: str | None = None
    flags: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def _maps() -> dict[str, dict[str, Symbol]]:
    maps: dict[str, dict[str, Symbol]] = {}
    for row in rows("symbols.csv"):
        lo, hi = (float(row[end]) if row[end] else None for end in ("lo", "hi"))
        found = Symbol(row["map"], row["symbol"], row["status"], row["flag"], lo, hi, row["meaning"], row["source"])
        maps.setdefault(found.map, {})[found.symbol.lower()] = found
    return maps


def symbol_maps() -> tuple[str, ...]:
    """The names of the declared maps."""
    return tuple(_maps())


def find_symbol(symbols: str, symbol: str) -> Symbol | None:
    """What `symbol` means in the map `symbols`, or None; raises UnknownWord for a map that does not exist."""
    if symbols not in _maps():
        raise unknown_word("map of symbols", symbols, symbol_maps())
    sign = plain_dashes(symbol.strip()).lower()
    for name in (symbols, STANDARD) if sign.startswith("[") else (symbols,):
        found = _maps()[name].get(sign) or _maps()[name].get(re.sub(r"\d\]$", "]", sign))
        if found:
            return found
    return None


def closest_symbols(symbols: str, text: str, n: int = 2) -> tuple[Symbol, ...]:
    """The declared signs nearest to `text` that a cell of the map `symbols` may hold, nearest first, for a person."""
    from difflib import get_close_matches  # because it is needed only when a sign is not known

    if symbols not in _maps():
        raise unknown_word("map of symbols", symbols, symbol_maps())
    usable = {key: sign for key, sign in _maps()[STANDARD].items() if key.startswith("[")} | _maps()[symbols]
    near = get_close_matches(plain_dashes(text.strip()).lower()[:20], list(usable), n=n, cutoff=0.5)
    return tuple(usable[key] for key in near)


def symbol_bounds(symbols: str, symbol: str) -> tuple[float | None, float | None]:
    """The lowest and highest value `symbol` can hide, inclusive; None where the publisher does not say."""
    found = find_symbol(symbols, symbol)
    if found:
        return found.lo, found.hi
    fewer = _FEWER_THAN.match(symbol.strip())
    if fewer:
        return 0.0, float(fewer["last"]) if fewer["last"] else float(fewer["end"]) - 1
    return None, None


def read_value(raw: str | int | float | None, symbols: str = STANDARD) -> Value | None:
    """What a cell says, by the map `symbols`; None for an empty cell.

    `5,678 [r]` is 5678, flagged `revised`; `1,234(2)` is 1234 with the marker `(2)`; `28.9%` is 28.9 with
    the marker `%`; `<5` is suppressed. Raises UnknownWord for a map that does not exist.
    """
    if raw is None or isinstance(raw, bool):
        return None if raw is None else Value(None, "unreadable", str(raw))
    if isinstance(raw, int | float):
        return None if raw != raw else Value(float(raw), "published")
    return _read_text(raw, symbols)


@lru_cache(maxsize=65536)
def _read_text(raw: str, symbols: str) -> Value | None:
    text = plain_dashes(" ".join(raw.split()))
    if not text:
        return None
    sign = find_symbol(symbols, text)
    if sign:
        return _read_sign(sign, text)
    if _FEWER_THAN.match(text):
        return Value(None, "suppressed", text)
    return _read_number(text, symbols) or Value(None, "unreadable", text)


def _read_sign(sign: Symbol, text: str) -> Value:
    flags = (sign.flag,) if sign.flag else ()
    if sign.status == "published":
        return Value(sign.lo, "published", text, flags)
    return Value(None, sign.status or "unreadable", text, flags)


def _read_number(text: str, symbols: str) -> Value | None:
    """A number with the signs beside it, or several bracketed signs without a number; None when it is
    neither.
    """
    brackets = [f"[{part.strip()}]" for group in _BRACKETS.findall(text) for part in group.split(",")]
    rest = _BRACKETS.sub("", text).strip()
    signs = [sign for mark in brackets if (sign := find_symbol(symbols, mark))]
    flags = tuple(dict.fromkeys(sign.flag for sign in signs if sign.flag))
    status = next((sign.status for sign in signs if sign.status), "")
    note = _NOTE.search(rest)
    if note:
        rest = rest[: note.start()].rstrip()
    number = rest if _NUMBER.match(rest) and any(character.isdigit() for character in rest) else None
    if number is None:
        return Value(None, status, "".join(brackets), flags) if status and not rest else None
    percent = "%" if number.endswith("%") else ""
    marker = percent + (note[1] if note else "") + "".join(brackets)
    if status and status != "published":
        return Value(None, status, marker, flags)
    return Value(float(number.rstrip("%").replace(",", "").replace(" ", "")), "published", marker or None, flags)
