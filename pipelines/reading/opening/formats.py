"""What a spreadsheet shows for a number, where that is more or other than the number: a mark, a word, a percentage."""

import re
from typing import NamedTuple

NOT_SHOWN = "[not shown]"
"""Stands where a number format shows nothing for a number that is not 0."""

_TOKEN = re.compile(
    r'"([^"]*)"?|\\(.)|_.|\*.|\[((?:[<>=]+)[^\]]*)\]|(\[[^\]]*\])|(General)|([0#?][0#?.,/ ]*)|(E[+-])|(.)', re.S | re.I
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[\d.]+)\Z")
_IN_ORDER = {"<": "__lt__", "<=": "__le__", ">": "__gt__", ">=": "__ge__", "=": "__eq__", "<>": "__ne__"}
_DATES = re.compile(r"[dmyhsbe]", re.I)
_PLAIN_BEFORE = re.compile(r"[\s+\-–—−(,.£$€¥]*\Z")
_PLAIN_AFTER = re.compile(r"[\s\-–—−),.£$€¥]*\Z")
_NIL = re.compile(r"[\s\-–—−.]*\Z")


class _Section(NamedTuple):
    """One of the ways in which a format shows a number."""

    condition: tuple[str, float] | None = None
    before: str = ""
    after: str = ""
    shows_number: bool = False
    is_percentage: bool = False
    is_other: bool = False
    """A date, a text, or a number in thousands: what it shows is left to whoever reads the number."""

    def holds(self, value: float) -> bool:
        """Whether its condition is met."""
        return bool(self.condition and getattr(value, _IN_ORDER[self.condition[0]])(self.condition[1]))


class Format:
    """A number format of an .xlsx workbook, such as `[<5]"[c]";#,##0`."""

    def __init__(self, code: str) -> None:
        sections = [_section(s) for s in _split(code)]
        if len(sections) > 1 and (len(sections) > 3 or "@" in _split(code)[-1]):
            sections.pop()  # because the last of four is for texts
        self._sections = sections[:3]
        edges = [s.condition[1] for s in self._sections if s.condition]
        tried = [-2.5, 0.0, 2.5, *(edge + by for edge in edges for by in (-0.5, 0.0, 0.5))]
        self.is_plain = not any(self.is_percentage(v) or self.shown(v) is not None for v in tried)

    def _of(self, value: float) -> tuple[_Section, bool, bool] | None:
        """The section for a number, whether 0 alone has it, and whether it shows the number without its sign."""
        sections = self._sections
        first, second = sections[0], sections[min(1, len(sections) - 1)]
        if first.condition or second.condition:
            chosen = next((s for s in sections[:2] if s.holds(value)), None)
            if chosen is None and len(sections) > 1:
                chosen = sections[-1] if first.condition and second.condition else second
            if chosen is None or (chosen.condition and not chosen.holds(value)):
                return None
            return chosen, chosen.condition == ("=", 0.0), False
        if value < 0 and len(sections) > 1:
            return second, False, True
        if value == 0 and len(sections) > 2:
            return sections[2], True, False
        return first, False, False

    def is_percentage(self, value: float) -> bool:
        """Whether it shows the number as a percentage."""
        found = self._of(value)
        return bool(found and found[0].is_percentage)

    def shown(self, value: float) -> str | None:
        """The text that stands in the cell; None where it is the number."""
        found = self._of(value)
        if found is None or found[0].is_other:
            return None
        section, is_for_nil, is_bare = found
        if not section.shows_number:
            return in_place_of(value if is_for_nil or value else None, section.before)
        if not is_marked(section.before, section.after):
            return None
        number = (abs(value) if is_bare else value) * (100 if section.is_percentage else 1)
        return f"{section.before}{number:.15g}{'%' if section.is_percentage else ''}{section.after}".strip()


def is_marked(before: str, after: str) -> bool:
    """Whether what stands around a number says more than its sign and currency."""
    return not (_PLAIN_BEFORE.match(before) and _PLAIN_AFTER.match(after))


def in_place_of(value: float | None, shown: str) -> str | None:
    """The text shown where no digit of a number is; None where a dash or nothing stands for nil, as accounts write it.

    `value` is None for a nil that is shown as other numbers are, and so may be hidden with them.
    """
    if value == 0 and _NIL.match(shown):
        return None
    return shown.strip() or NOT_SHOWN


def _split(code: str) -> list[str]:
    sections = [""]
    for token in re.findall(r'"[^"]*"?|\\.|\[[^\]]*\]|.', code, re.S):
        if token == ";":
            sections.append("")
        else:
            sections[-1] += token
    return sections


def _section(code: str) -> _Section:
    before, after, condition, is_percentage, shows_number, is_other = "", "", None, False, False, False
    for token in _TOKEN.finditer(code):
        quoted, escaped, wanted, bracket, general, digits, exponent, other = token.groups()
        literal = quoted or escaped or ""
        if wanted and (said := _CONDITION.match(wanted.strip())):
            condition = said[1], float(said[2])
        elif bracket:
            literal = bracket[2:-1].split("-")[0] if bracket.startswith("[$") else ""
            is_other |= bool(re.match(r"\[[hms]+\]", bracket, re.I))
        elif general or digits:
            shows_number = True
            before, after = before + after, ""
            is_other |= bool(digits) and (digits.rstrip("/ ").endswith(",") or "/" in digits)
        elif exponent:
            pass
        elif other == "%":
            is_percentage = True
        elif other:
            is_other |= other == "@" or bool(_DATES.match(other))
            literal = other
        elif token[0][0] in "_*":
            literal = " "
        if shows_number:
            after += literal
        else:
            before += literal
    return _Section(condition, before, after, shows_number, is_percentage, is_other)
