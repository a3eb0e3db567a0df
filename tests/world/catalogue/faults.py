"""What goes wrong on published sheets, one function a kind: it changes what is seen and, where that changes, its claim.

Each gives whether the sheet could be changed so. The kinds are those found on real files.
"""

import datetime as dt
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from .known import Claim
from .sheets import Cell, Row, Sheet

Fault = Callable[[Sheet, random.Random], bool]


def notes_glued_to_labels(sheet: Sheet, rng: random.Random) -> bool:
    """A note's number in brackets at the end of a label, its words under the table."""
    found = _labels(sheet)
    for _, _, cell in rng.sample(found, min(2, len(found))):
        cell.shown = f"{cell.shown}(1)"
    sheet.rows += [[], [Cell("(1) Recorded as people describe it themselves.", "note")]]
    return bool(found)


def notes_raised(sheet: Sheet, rng: random.Random) -> bool:
    """A note's number raised at the end of a label."""
    found = _labels(sheet)
    for _, _, cell in rng.sample(found, min(2, len(found))):
        cell.raised = "2"
    sheet.rows += [[], [Cell("2. Recorded as people describe it themselves.", "note")]]
    return bool(found)


def numbers_as_text(sheet: Sheet, rng: random.Random) -> bool:
    """The figures of a column stored as text, with commas at the thousands."""
    columns = sorted({c for _, c, cell in sheet.cells("figure") if isinstance(cell.shown, int)})
    if not columns:
        return False
    at = rng.choice(columns)
    for _, c, cell in sheet.cells("figure"):
        if c == at and isinstance(cell.shown, int):
            cell.shown = f"{cell.shown:,}"
    return True


def marks_on_figures(sheet: Sheet, rng: random.Random) -> bool:
    """Letters glued to figures: revised, provisional."""
    found = _counts(sheet)
    for cell in rng.sample(found, min(4, len(found))):
        cell.shown = f"{cell.shown:,}{rng.choice((' r', 'r', ' (r)', ' (p)', 'p'))}"
    sheet.rows += [[], [Cell("r = revised; p = provisional", "note")]]
    return bool(found)


def marks_in_a_row(sheet: Sheet, rng: random.Random) -> bool:
    """Marks of revision in a row of their own under the times."""
    under = _times(sheet)
    if under is None:
        return False
    r, columns = under
    marks: Row = [Cell() for _ in range(max(columns) + 1)]
    marks[columns[-2 if len(columns) > 1 else -1]] = Cell("(r)", "mark")
    marks[columns[-1]] = Cell("(p)", "mark")
    sheet.rows.insert(r + 1, marks)
    return True


def suppressed(sheet: Sheet, rng: random.Random) -> bool:
    """Small counts and some beside them replaced by the sign of suppression."""
    found = sorted(_counts(sheet), key=lambda cell: (float(cell.shown), rng.random()))  # type: ignore[arg-type]
    for cell in found[: max(2, len(found) // 40)]:
        _conceal(cell)
        cell.shown = "[c]"
    sheet.rows += [[], [Cell("[c] = suppressed to protect confidentiality", "note")]]
    return bool(found)


def starred(sheet: Sheet, rng: random.Random) -> bool:
    """Some counts replaced by a star, explained below."""
    found = sorted(_counts(sheet), key=lambda cell: (float(cell.shown), rng.random()))  # type: ignore[arg-type]
    for cell in found[:2]:
        _conceal(cell)
        cell.shown = "*"
    sheet.rows += [[], [Cell("* = suppressed to prevent disclosure", "note")]]
    return bool(found)


def not_available(sheet: Sheet, rng: random.Random) -> bool:
    """The figures of a row's first times were not collected."""
    found = [cell for _, _, cell in sheet.cells("figure") if cell.claim and cell.claim.status == "published"]
    for cell in rng.sample(found, min(2, len(found))):
        assert cell.claim is not None
        cell.shown, cell.claim = "..", replace(cell.claim, value=None, status="not_available")
    sheet.rows += [[], [Cell(".. = not available", "note")]]
    return bool(found)


def masked_by_format(sheet: Sheet, rng: random.Random) -> bool:
    """Numbers shown as the sign of suppression by their number format, while the cell still holds them."""
    found = sorted(_counts(sheet), key=lambda cell: float(cell.shown))[:2]  # type: ignore[arg-type]
    for cell in found:
        _conceal(cell)
        cell.format = '"[c]"'
    return bool(found)


def hidden_column(sheet: Sheet, rng: random.Random) -> bool:
    """A column of figures that is hidden."""
    columns = sorted({c for _, c, _ in sheet.cells("figure")})
    if len(columns) < 3:
        return False
    sheet.hidden.add(columns[len(columns) // 2])
    return True


def date_among_ages(sheet: Sheet, rng: random.Random) -> bool:
    """Ages that a spreadsheet took for a date: 10-14 is October 2014."""
    ages = [cell for _, _, cell in sheet.cells("label", "header") if cell.shown == "10-14"]
    for cell in ages:
        cell.shown = dt.date(2014, 10, 1)
    return bool(ages)


def blank_label_of_a_total(sheet: Sheet, rng: random.Random) -> bool:
    """The inner label of a block's total left empty."""
    blanked = 0
    for _, c, cell in list(sheet.cells("label")):
        if c == 1 and isinstance(cell.shown, str) and re.match(r"(All|Total)\b", cell.shown):
            cell.shown, cell.role = None, "text"
            blanked += 1
    return blanked > 0


def blank_cells(sheet: Sheet, rng: random.Random) -> bool:
    """Cells of the body without anything in them."""
    found = _counts(sheet)
    for cell in rng.sample(found, min(3, len(found))):
        cell.shown, cell.claim, cell.role = None, None, "text"
    return bool(found)


def undated_total(sheet: Sheet, rng: random.Random) -> bool:
    """A column beside dated ones that sums them, headed only Total."""
    under = _times(sheet)
    if under is None:
        return False
    r, columns = under
    sheet.rows[r] += [Cell() for _ in range(max(columns) + 1 - len(sheet.rows[r]))]
    sheet.rows[r].append(Cell("Total", "header"))
    at = len(sheet.rows[r]) - 1
    for line in sheet.rows[r + 1 :]:
        claims = [c.claim for c in line if c.role == "figure" and c.claim and c.claim.status == "published"]
        if len(claims) == len(columns) and all(c.unit == "count" for c in claims):
            line += [Cell() for _ in range(at - len(line))]
            line.append(_over(claims))
    return True


def _over(claims: list[Claim]) -> Cell:
    value = sum(c.value or 0 for c in claims)
    starts, ends = [c.start for c in claims if c.start], [c.end for c in claims if c.end]
    return Cell(int(value), "figure", replace(claims[0], value=value, start=min(starts), end=max(ends)))


def groups_centred(sheet: Sheet, rng: random.Random) -> bool:
    """Group headings in the middle of their columns instead of merged over them."""
    centred = 0
    for line in sheet.rows:
        for c, cell in list(enumerate(line)):
            if cell.role == "header" and cell.width > 2:
                line[c + cell.width // 2], line[c] = cell, Cell()
                cell.width = 1
                centred += 1
    return centred > 0


def groups_unmerged(sheet: Sheet, rng: random.Random) -> bool:
    """Group headings over the first of their columns only, nothing merged."""
    wide = [cell for _, _, cell in sheet.cells("header") if cell.width > 1]
    for cell in wide:
        cell.width = 1
    return bool(wide)


def scratch_beside(sheet: Sheet, rng: random.Random) -> bool:
    """Numbers somebody left beside the table: differences, no figures."""
    body = [r for r, _, _ in sheet.cells("figure")]
    if not body:
        return False
    wide = sheet.width
    for r in sorted({body[len(body) // 3], body[-1]}):
        line = sheet.rows[r]
        line += [Cell() for _ in range(wide + 2 - len(line))]
        line.append(Cell(rng.randrange(1, 9), "scratch"))
    return True


def labels_padded(sheet: Sheet, rng: random.Random) -> bool:
    """Blanks before, after and inside labels."""
    found = _labels(sheet)
    for _, _, cell in found[::2]:
        cell.shown = f" {cell.shown} "
    return bool(found)


def labels_broken(sheet: Sheet, rng: random.Random) -> bool:
    """Labels broken over two lines."""
    found = [cell for _, _, cell in _labels(sheet) if " " in str(cell.shown).strip()]
    for cell in found:
        cell.shown = str(cell.shown).strip().replace(" ", "\n", 1)
    return bool(found)


def empty_row_under_header(sheet: Sheet, rng: random.Random) -> bool:
    """The header cut from its body by an empty row."""
    rows = [r for r, _, _ in sheet.cells("header")]
    if rows:
        sheet.rows.insert(max(rows) + 1, [])
    return bool(rows)


def empty_rows_in_the_body(sheet: Sheet, rng: random.Random) -> bool:
    """Empty rows inside the body, before its last row."""
    body = sorted({r for r, _, _ in sheet.cells("figure")})
    if len(body) < 4:
        return False
    sheet.rows.insert(body[-1], [])
    return True


def dates_of_two_types(sheet: Sheet, rng: random.Random) -> bool:
    """Days of the header stored as dates, but for one that is text with a note."""
    days = [cell for _, _, cell in sheet.cells("header", "label") if _day(cell.shown)]
    for k, cell in enumerate(days):
        day = _day(cell.shown)
        assert day is not None
        cell.shown = f"{day:%d-%b-%y}(1)" if k == 1 else day
    return bool(days)


def misprint(sheet: Sheet, rng: random.Random) -> bool:
    """A figure that is not the sum of its parts, as published."""
    found = [c for c in _counts(sheet) if c.claim and float(c.shown) > 100]  # type: ignore[arg-type]
    if not found:
        return False
    cell = rng.choice(found)
    assert cell.claim is not None and isinstance(cell.shown, int)
    cell.shown += 19
    cell.claim = replace(cell.claim, value=float(cell.shown))
    return True


def fractions_as_percentages(sheet: Sheet, rng: random.Random) -> bool:
    """Percentages stored as fractions and shown by their number format."""
    found = [
        c for _, _, c in sheet.cells("figure") if c.claim and c.claim.unit == "percent" and c.claim.value is not None
    ]
    for cell in found:
        cell.shown, cell.format = round(float(cell.shown) / 100, 4), "0.0%"  # type: ignore[arg-type]
    return bool(found)


def rate_among_counts(sheet: Sheet, rng: random.Random) -> bool:
    """A rate per 1,000 beside the total at the end of a row of counts."""
    heads = [r for r, _, _ in sheet.cells("header")]
    if not heads or not _totals_last(sheet):
        return False
    r = max(heads)
    at = len(sheet.rows[r])
    sheet.rows[r].append(Cell("Rate per 1,000 population", "header"))
    for line in sheet.rows[r + 1 :]:
        if len(line) == at and line[-1].claim and line[-1].claim.value:
            claim = line[-1].claim
            value = round(1 + rng.random() * 30, 1)
            line.append(Cell(value, "figure", replace(claim, value=value, unit="rate")))
    return True


def _totals_last(sheet: Sheet) -> bool:
    """Whether each row ends with its total: what says less than the figure before it."""
    rows = [[c.claim for c in line if c.role == "figure" and c.claim] for line in sheet.rows]
    ends = [(claims[-2], claims[-1]) for claims in rows if len(claims) > 1]
    return bool(ends) and all(len(b.people) + len(b.others) < len(a.people) + len(a.others) for a, b in ends)


def note_in_the_body(sheet: Sheet, rng: random.Random) -> bool:
    """A footnote among the rows of the body."""
    body = sorted({r for r, _, _ in sheet.cells("figure")})
    if len(body) < 6:
        return False
    text = "(2) The system of recording changed in the course of the year, and figures before and after may differ."
    sheet.rows.insert(body[-3], [Cell(text, "note")])
    return True


def link_at_the_far_right(sheet: Sheet, rng: random.Random) -> bool:
    """The word Contents, a link, at the right of the title."""
    sheet.rows[0] += [Cell() for _ in range(sheet.width - len(sheet.rows[0]))]
    sheet.rows[0].append(Cell("Contents", "text"))
    return True


def prose_at_the_right(sheet: Sheet, rng: random.Random) -> bool:
    """Remarks beside some rows."""
    rows = sorted({r for r, _, _ in sheet.cells("figure")})
    if not rows:
        return False
    wide = sheet.width
    line = sheet.rows[rows[len(rows) // 2]]
    line += [Cell() for _ in range(wide - len(line))]
    line.append(Cell("Includes people transferred from another area during the year", "text"))
    return True


FAULTS: Mapping[str, Fault] = {
    each.__name__: each
    for each in (
        notes_glued_to_labels, notes_raised, numbers_as_text, marks_on_figures, marks_in_a_row, suppressed, starred,
        not_available, masked_by_format, hidden_column, date_among_ages, blank_label_of_a_total, blank_cells,
        undated_total, groups_centred, groups_unmerged, scratch_beside, labels_padded, labels_broken,
        empty_row_under_header, empty_rows_in_the_body, dates_of_two_types, misprint, fractions_as_percentages,
        rate_among_counts, note_in_the_body, link_at_the_far_right, prose_at_the_right,
    )
}  # fmt: skip


def _labels(sheet: Sheet) -> list[tuple[int, int, Cell]]:
    return [(r, c, cell) for r, c, cell in sheet.cells("label") if isinstance(cell.shown, str)]


def _counts(sheet: Sheet) -> list[Cell]:
    return [
        cell
        for _, _, cell in sheet.cells("figure")
        if isinstance(cell.shown, int) and cell.claim and cell.claim.status == "published"
    ]


def _conceal(cell: Cell) -> None:
    assert cell.claim is not None
    cell.claim = replace(cell.claim, value=None, status="suppressed")


def _times(sheet: Sheet) -> tuple[int, list[int]] | None:
    """The header's row of times and its columns; None where times are not across."""
    last = max((r for r, _, _ in sheet.cells("header")), default=None)
    if last is None:
        return None
    columns = [c for c, cell in enumerate(sheet.rows[last]) if cell.role == "header" and _TIME.search(str(cell.shown))]
    return (last, columns) if len(columns) > 1 else None


_TIME = re.compile(r"\b(19|20)\d\d\b|\d\d-\w{3}-\d\d")
_DAY = re.compile(r"(\d{1,2}) (\w+) (\d{4})|(\d{1,2})-(\w{3})-(\d{2})")


def _day(shown: object) -> dt.date | None:
    if not isinstance(shown, str) or not (m := _DAY.fullmatch(shown.strip())):
        return None
    text, form = (" ".join(m.group(1, 2, 3)), "%d %B %Y") if m[1] else (" ".join(m.group(4, 5, 6)), "%d %b %y")
    return dt.datetime.strptime(text, form).date()
