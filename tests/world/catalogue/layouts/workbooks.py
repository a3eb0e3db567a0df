"""Whole workbooks: what stands on which sheet."""

from ..sheets import Cell, Row, Sheet, header, line, note, row, title
from ..subject import Subject
from .crosstabs import heading, name


def accessible(s: Subject) -> list[Sheet]:
    """A cover, a table of contents, notes, and a table with a column that says which notes belong to a row."""
    cover = Sheet("Cover", [title(s.title), note("This workbook is about people of all ethnic groups, men and women.")])
    contents: list[Row] = [
        title("Table of contents"),
        row("Worksheet", "Title"),
        row(name(s), f"{s.title} by {s.named}"),
    ]
    notes: list[Row] = [title("Notes"), note("This worksheet contains one table."), row("Note number", "Note text")]
    notes += [row(1, "Ethnicity is as people describe it themselves.")]
    rows = [heading(s), note("This worksheet contains one table. Some cells refer to notes."), note("Source: nDelius")]
    rows += [header(s.list(0)[0].heading, "Notes", *(p.label for p in s.periods))]
    for k, w in enumerate(s.list(0)):
        mark = Cell("[note 1]" if k == 0 else None)
        rows.append([Cell(w.label, "label"), mark, *(s.figure(w, when=p) for p in s.periods)])
    return [cover, Sheet("Contents", contents), Sheet("Notes", notes), Sheet(name(s), rows)]


def sheet_per_year(s: Subject) -> list[Sheet]:
    """One sheet a year, named by it; the year stands in the title too."""
    sheets = []
    for p in s.periods:
        across = s.list(1)
        rows = [heading(s, span=p.label), [], header(s.list(0)[0].heading, *(w.label for w in across))]
        rows += [line(w.label, *(s.figure(w, a, when=p) for a in across)) for w in s.list(0)]
        sheets.append(Sheet(p.label.replace("/", "-"), rows))
    return sheets


def sheet_per_sex(s: Subject) -> list[Sheet]:
    """One sheet a sex, which only its title says."""
    sheets = []
    for sex in s.list(1, totals=False):
        said = f"Table {s.number}: {s.title} by {s.list(0)[0].heading.lower()}: {sex.label.lower()}, {s.span}"
        rows = [title(said), [], header(s.list(0)[0].heading, *(p.label for p in s.periods))]
        rows += [line(w.label, *(s.figure(w, sex, when=p) for p in s.periods)) for w in s.list(0)]
        sheets.append(Sheet(f"Table {s.number} {sex.label}", rows))
    return sheets


def sheet_per_characteristic(s: Subject) -> list[Sheet]:
    """One sheet a characteristic: the same people counted once for each."""
    sheets = []
    for n in range(len(s.by)):
        of, number = s.list(n)[0].heading, f"{s.number}.{n + 1}"
        rows = [title(f"Table {number}: {s.title} by {of.lower()}, {s.where}, {s.span}"), []]
        rows += [header(of, *(p.label for p in s.periods))]
        rows += [line(w.label, *(s.figure(w, when=p) for p in s.periods)) for w in s.list(n)]
        sheets.append(Sheet(number.replace(".", "_"), rows))
    return sheets


def months_down(s: Subject) -> list[Sheet]:
    """Months down, groups across, the months to come named and empty: a report that grows."""
    groups = s.list(0)
    rows = [title(f"{s.number}: {s.title} by {s.named}"), header("Month", *(w.label for w in groups))]
    rows += [line(p.label, *(s.figure(w, when=p) for w in groups)) for p in s.periods]
    rows += [[Cell("January 2024", "label")], [Cell("February 2024", "label")]]
    return [Sheet(s.number.replace(".", "_"), rows)]


def survey_answers(s: Subject) -> list[Sheet]:
    """Percentages that answered yes, questions down, groups across, how many were asked below the groups."""
    questions = ("Do you feel safe now?", "Are you treated with respect by staff?", "Is it easy to make a complaint?")
    groups = s.list(0, totals=False)
    rows = [title(f"Appendix {s.number}: {s.title} by {s.named}, {s.last.label}"), []]
    rows += [header("Percentage who answered yes", *(w.label for w in groups))]
    for k, question in enumerate(questions):
        answers = (s.cell(40 + (s.count([w], s.last) * 7 + 13 * k) % 50, [w], s.last, unit="percent",
                          also={"question": question}) for w in groups)  # fmt: skip
        rows.append(line(question, *answers))
    return [Sheet(f"Appendix {s.number}", rows)]
