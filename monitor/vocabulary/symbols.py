"""What stands in a cell: a number, a publisher's symbol by the map of its table, or something nobody can read.

A hidden value is never 0, and a number keeps the marks beside it; bare signs are never borrowed from another map.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from monitor.vocabulary.labels import plain_dashes
from monitor.vocabulary.tables import rows, unknown_word

STANDARD = "default"


def _number(group: str, mark: str) -> re.Pattern[str]:
    """A number with `mark` before its decimals and `group` or spaces between thousands, which never begin with 0."""
    return re.compile(
        rf"^(?=[+-]?{mark}?\d)[+-]?(?:[1-9]\d{{0,2}}(?:{group}\d{{3}})+|[1-9]\d{{0,2}}(?: \d{{3}})+|\d+)?"
        rf"(?:{mark}\d+)?(?:e[+-]?\d+)?(?: ?%)?$",
        re.IGNORECASE,
    )


_NUMBERS = {".": _number(",", r"\."), ",": _number(r"\.", ",")}
_BRACKETS = re.compile(r"\s*\[([^\[\]]{1,20})\]")
_CURRENCY = re.compile(r"^(?P<minus>-?) ?(?P<sign>[£€$]) ?(?=[-\d.])")
_MARK_AT_END = re.compile(
    r"(?<=[\d%])\s*(?P<mark>\(\d{1,2}(?:\s*,\s*\d{1,2})*\)|[*†‡]+|~|[⁰¹²³⁴-⁹]+|\([rpe]\)|[rpe])$", re.IGNORECASE
)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_FEWER_THAN = re.compile(
    r"^(?:<|fewer than|less than) ?(?P<end>\d+)$|^(?:≤|<=|up to) ?(?P<most>\d+)$|^(?P<last>\d+) or (?:fewer|less)$"
    r"|^(?P<low>\d{1,3}) ?(?:-|to) ?(?P<high>\d{1,3})$",
    re.IGNORECASE,
)
_FAILED = re.compile(r"=\s*\S|#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Symbol:
    """A declared sign: `status` is empty where it only adds `flag`; `lo` and `hi` bound what a hidden value can be."""

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
    """What a cell says: a value only where `status` is `published`; `marker` is the signs beside or instead of it."""

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


def _hidden(text: str) -> tuple[float, float] | None:
    """The ends that a text states in place of a number: `<5` is 0 to 4, `≤5` is 0 to 5, `1-4` is 1 to 4."""
    match = _FEWER_THAN.match(plain_dashes(text.strip()))
    if not match:
        return None
    if match["low"]:
        return (float(match["low"]), float(match["high"])) if int(match["low"]) < int(match["high"]) else None
    return 0.0, float(match["end"]) - 1 if match["end"] else float(match["most"] or match["last"])


def symbol_bounds(symbols: str, symbol: str) -> tuple[float | None, float | None]:
    """The lowest and highest value `symbol` can hide, inclusive; None where the publisher does not say."""
    found = find_symbol(symbols, symbol)
    return (found.lo, found.hi) if found else _hidden(symbol) or (None, None)


def decimal_mark(texts: Iterable[str]) -> str | None:
    """The sign before the decimals in a column: `,` where a cell proves it (`0,435`, `1,5`, `1.090,5`), else `.`.

    None when cells contradict one another; `1,234` alone proves nothing and is read as 1234.
    """
    found = {
        _decimal_of(_MARK_AT_END.sub("", _BRACKETS.sub("", text)).strip("%+- £€$"))
        for text in texts
        if "," in text or "." in text
    }
    return None if {",", "."} <= found else "," if "," in found else "."


def _decimal_of(number: str) -> str | None:
    """The mark that a number proves to stand before decimals; None where it proves nothing."""
    plain = number.replace(" ", "")
    signs = [character for character in plain if character in ",."]
    if not signs or not plain.replace(",", "").replace(".", "").isdigit():
        return None
    other = {",": ".", ".": ","}
    if len(signs) > 1:  # because only thousands are divided more than once
        return other[signs[0]] if len(set(signs)) == 1 or signs[-2] != signs[-1] else None
    whole, _, rest = plain.partition(signs[0])
    is_decimal = len(rest) != 3 or not whole or whole[0] == "0" or len(whole) > 3 or plain != number
    return signs[0] if is_decimal else None


def read_value(raw: str | int | float | None, symbols: str = STANDARD, decimal: str = ".") -> Value | None:
    """What a cell says, by the map `symbols` and the decimal mark of its column; None for an empty cell.

    `5,678 [r]` and `5,678r` are 5678, flagged `revised`; `20~` is 20, flagged `estimated`; `1,234(2)` is 1234 with the
    marker `(2)`, `£28.9` 28.9 with `£`; `<5`, `≤5` and `1-4` are suppressed. `(12)` is unreadable, because it is a
    note or below zero. Raises UnknownWord for a map that does not exist.
    """
    if raw is None or isinstance(raw, bool):
        return None if raw is None else Value(None, "unreadable", str(raw))
    if isinstance(raw, int | float):
        return None if raw != raw else Value(float(raw), "published")
    return _read_text(raw, symbols, decimal)


@lru_cache(maxsize=65536)
def _read_text(raw: str, symbols: str, decimal: str) -> Value | None:
    text = plain_dashes(" ".join(raw.split()))
    if not text:
        return None
    sign = find_symbol(symbols, text)
    if sign:
        return _read_sign(sign, text)
    if _hidden(text):
        return Value(None, "suppressed", text)
    return _read_number(text, symbols, decimal) or Value(None, "unreadable", text)


def _read_sign(sign: Symbol, text: str) -> Value:
    flags = (sign.flag,) if sign.flag else ()
    if sign.status == "published":
        return Value(sign.lo, "published", text, flags)
    return Value(None, sign.status or "unreadable", text, flags)


def _read_number(text: str, symbols: str, decimal: str) -> Value | None:
    """A number with the signs beside it, or several bracketed signs without a number; None when it is neither."""
    brackets = [f"[{part.strip()}]" for group in _BRACKETS.findall(text) for part in group.split(",")]
    rest = _CURRENCY.sub(r"\g<minus>", _BRACKETS.sub("", text).strip())
    currency = match["sign"] if (match := _CURRENCY.match(text)) else ""
    marks: list[str] = []
    while match := _MARK_AT_END.search(rest):
        marks.insert(0, match["mark"].translate(_RAISED))
        rest = rest[: match.start()].rstrip()
    # because `r` beside a number stands for the `[r]` of the standard, and `~` for a value that is not exact
    shorthand = [f"[{'e' if mark == '~' else mark.strip('()').lower()}]" for mark in marks]
    signs = [sign for mark in (*shorthand, *brackets) if (sign := find_symbol(symbols, mark))]
    flags = tuple(dict.fromkeys(sign.flag for sign in signs if sign.flag))
    status = next((sign.status for sign in signs if sign.status), "")
    if not _NUMBERS[decimal].match(rest):
        return Value(None, status, "".join(brackets), flags) if status and not rest else None
    marker = currency + ("%" if rest.endswith("%") else "") + "".join((*marks, *brackets))
    if status and status != "published":
        return Value(None, status, marker, flags)
    plain = rest.rstrip("% ").replace(" ", "").replace("," if decimal == "." else ".", "").replace(",", ".")
    return Value(float(plain), "published", marker or None, flags)


_TWO_NUMBERS = re.compile(r"[^()]*\d[^()]*\([^()]*\d[^()]*\)|\S*\d\S* +[/;|] *\S*\d\S*")


def why_unreadable(text: str) -> str:
    """In words, why a cell is neither a number nor a sign; empty where nothing can be said."""
    text = plain_dashes(" ".join(text.split()))
    if _TWO_NUMBERS.fullmatch(text):
        return "it holds two numbers"
    if re.fullmatch(r"\([\d.,]+\)", text):
        return "a number in brackets may be a note or below zero"
    if _NUMBERS[","].match(text):
        return "its comma may stand before decimals"
    return "it is a formula without its result, or an error" if _FAILED.match(text) else ""
