"""Arrests 2018/19, police use of force 2017/18 and two editions of the police workforce."""

import re
from collections.abc import Iterator, Mapping, Sequence

from .said import UNDATED, AsPublished, Said, Scope, When, cell, date, day, financial, plain, rows, value, year
from .words import BROAD, SEX, age

ARRESTS = "home-office/arrest-police-powers-procedures-mar19-hosb2519-tables.ods"
FORCE = "home-office/police-use-of-force-apr2017-mar2018-hosb3018-tables.ods"
MARKS = {"*": "not_applicable", "..": "not_available"}
AGES = {
    "under 101": "under 10", "under 102": "under 10", "aged 10-17": "10-17", "aged 18-20": "18-20",
    "aged 21 and over": "21 and over", "age unknown": "Unknown", "total": "all",
}  # fmt: skip
GROUPS = {**BROAD, "black (or black british)": "Black", "asian (or asian british)": "Asian", "not stated": "Not stated",
          "total": "all"}  # fmt: skip
OFFICER = {"identification": "officer"}


def _year(label: object) -> When | None:
    """`2018/19`, with a note's digit glued on."""
    m = re.match(r"(20\d\d)/\d\d", str(label))
    return financial(m[1]) if m else None


def arrests() -> Iterator[Said]:
    yield from _by_year("A_01a", 4, {1: {"sex": "male"}, 2: {"sex": "female"}, 3: {}}, 1000)
    header = rows(ARRESTS, "A_01b")[4]
    yield from _by_year("A_01b", 6, {j: {"age": AGES[plain(h)]} for j, h in enumerate(header) if plain(h)})
    header = rows(ARRESTS, "A_01c")[4]
    yield from _by_year("A_01c", 6, {j: {"ethnicity": GROUPS[plain(h)]} for j, h in enumerate(header) if plain(h)})
    # because its figures are whole numbers whatever the line above them says
    yield from _by_year("A_02", 5, {j: _offence(h) for j, h in enumerate(rows(ARRESTS, "A_02")[3]) if j})
    yield from _crossed("A_03", [financial(2018)], others="offence")
    yield from _crossed("A_06", _years_of("A_06"), others="")
    yield from _self_defined()
    yield from _forces()


def _offence(header: object) -> Scope:
    return {} if plain(header).startswith("total") else {"offence": str(header)}


def _years_of(sheet: str) -> list[When]:
    found = re.findall(r"20\d\d/\d\d", str(rows(ARRESTS, sheet)[0][0]))
    return [financial(y[:4]) for y in found] or [UNDATED]


def _by_year(sheet: str, first: int, columns: Mapping[int, Scope], times: int = 1) -> Iterator[Said]:
    """Years down; a row without numbers is a heading for the sex below it."""
    over: Scope = {}
    for r, line in enumerate(rows(ARRESTS, sheet)[first:], first):
        over = {"sex": SEX[plain(line[0])]} if plain(line[0]) in ("males", "females", "all persons") else over
        when = _year(line[0])
        for j, scope in columns.items() if when else ():
            found = (float(line[j]) * times, "published")
            yield cell(ARRESTS, sheet, r, j, found, {**over, **scope}, when or UNDATED)


def _crossed(sheet: str, years: Sequence[When], others: str) -> Iterator[Said]:
    """Ages under each sex, six columns each with one empty between."""
    grid = rows(ARRESTS, sheet)
    sex, columns = "", {}
    for j, header in enumerate(grid[4]):
        sex = plain(grid[3][j]) or sex if j else ""
        if plain(header) in AGES:
            columns[j] = {"sex": SEX[sex], "age": AGES[plain(header)]}
    for r, line in enumerate(grid[6:], 6):
        label, place = str(line[0]).strip(), None
        if not label or label.startswith(("Source", "Notes", "'")) or _year(label):
            continue
        over: Scope = {others: label} if others and label != "Total" else {}
        if not others:
            place = _area(label)
        for j, scope in columns.items():
            if (found := value(line[j], MARKS)) is not None:
                yield cell(ARRESTS, sheet, r, j, found, {**over, **scope}, years[-1], place=place)


def _area(label: object) -> str:
    return re.sub(r"\d+$", "", str(label).strip()).strip()


def _self_defined() -> Iterator[Said]:
    kinds = ((1, "number", "count"), (2, "share", "percent"), (3, "rate", "rate"))
    for r, line in enumerate(rows(ARRESTS, "A_04")[7:14], 7):
        scope = {"ethnicity": GROUPS[plain(line[0])]}
        for offset, when in ((0, financial(2017)), (4, financial(2018))):
            for j, measure, unit in kinds:
                if (found := value(line[j + offset], MARKS)) is not None:
                    yield cell(ARRESTS, "A_04", r, j + offset, found, scope, when, measure=measure, unit=unit)


def _forces() -> Iterator[Said]:
    """Tables of police force areas: by sex, by offence, by self-defined ethnicity."""
    before, now = financial(2017), financial(2018)
    columns: dict[int, tuple[When, Scope]] = {
        j + k: (w, {"sex": s}) for j, s in ((1, "male"), (4, "female"), (7, "all")) for k, w in ((0, before), (1, now))
    }
    yield from _areas("A_05", columns)
    yield from _areas("A_05", {10: (now, {})}, measure="rate", unit="rate")
    offences = rows(ARRESTS, "A_07")[3]
    when = _years_of("A_07")[-1]
    yield from _areas("A_07", {j: (when, _offence(h)) for j, h in enumerate(offences) if j})
    header = rows(ARRESTS, "A_08")[4]
    groups = {
        j: (before if j < 9 else now, {"ethnicity": GROUPS[plain(h)]}) for j, h in enumerate(header) if j and plain(h)
    }
    yield from _areas("A_08", groups)


def _areas(
    sheet: str, columns: Mapping[int, tuple[When, Scope]], measure: str = "", unit: str = "count"
) -> Iterator[Said]:
    for r, line in enumerate(rows(ARRESTS, sheet)[5:], 5):
        if not plain(line[0]) or str(line[0]).startswith("Source"):
            if str(line[0]).startswith("Source"):
                return
            continue
        for j, (when, scope) in columns.items():
            if (found := value(line[j], MARKS)) is not None:
                place = _area(line[0])
                yield cell(ARRESTS, sheet, r, j, found, scope, when, place=place, measure=measure, unit=unit)


PERCEIVED: dict[str, tuple[str, Mapping[str, str]]] = {
    "Table_2": ("age", {"under 11 years": "under 11", "not reported": "Not recorded"}),
    "Table_3": ("sex", {"male": "male", "female": "female", "not reported": "Not recorded"}),
    "Table_4": ("ethnicity", {**GROUPS, "chinese": "Chinese", "not reported": "Not recorded"}),
    "Table_5": ("disability", {"not reported": "Not recorded"}),
    "Table_6": ("reason", {}),
    "Table_7": ("impact factor", {}),
    "Table_8": ("incident outcome", {}),
    "Table_9": ("location", {}),
}


def use_of_force() -> Iterator[Said]:
    when = financial(2017)
    grid = rows(FORCE, "Table_1")
    yield cell(FORCE, "Table_1", 3, 2, (float(grid[3][2]), "published"), {}, when, measure="incidents")
    yield from _tactics("Table_1", 6, {2: {}})
    for sheet, (named, words) in PERCEIVED.items():
        grid = rows(FORCE, sheet)
        body = next(r for r, line in enumerate(grid) if line[0] == "Type of force")
        columns: dict[int, Scope] = {
            j: {named: _perceived(named, str(h), words), **(OFFICER if named in _PEOPLE else {})}
            for j, h in enumerate(grid[4])
            if j > 1 and plain(h)
        }
        for j, scope in columns.items():
            found = (float(grid[5][j]), "published")
            yield cell(FORCE, sheet, 5, j, found, scope, when, measure="incidents")
        total = next(j for j, h in enumerate(grid[body]) if plain(h).startswith("total incidents"))
        yield from _tactics(sheet, body + 1, {**columns, total: {}})
    yield from _areas_of_force()


_PEOPLE = ("age", "sex", "ethnicity", "disability")


def _perceived(named: str, label: str, words: Mapping[str, str]) -> str:
    found = words.get(plain(label))
    if found is None:
        found = age(label) if named == "age" else AsPublished(label) if named in _PEOPLE else label
    return found


def _tactics(sheet: str, first: int, columns: Mapping[int, Scope]) -> Iterator[Said]:
    """Tactics nest: a total a type of force, a tactic, and what it is made of."""
    within = ""
    for r, line in enumerate(rows(FORCE, sheet)[first:], first):
        label = str(line[1]).strip()
        if str(line[0]).startswith("Notes"):
            return
        if not label:
            continue
        within = label if "of which" in label else within
        over: dict[str, str] = {"tactic": label, "type of force": str(line[0]) or "communication"}
        if label == "Not stated":
            over["within"] = within
        for j, scope in columns.items():
            if (found := value(line[j], {})) is not None:
                yield cell(FORCE, sheet, r, j, found, {**over, **scope}, financial(2017), measure="uses")


def _areas_of_force() -> Iterator[Said]:
    first_quarter = When(day(2017, 1, 1).start, day(2017, 3, 31).end, "flow")
    periods = {"Table_12": financial(2017), "Table_13": financial(2017), "Table_14": first_quarter,
               "Table_15": year(2016)}  # fmt: skip
    for sheet, when in periods.items():
        grid = rows(FORCE, sheet)
        for r, line in enumerate(grid[4:], 4):
            if str(line[0]).startswith("Notes"):
                break
            place = re.sub(r"^Total ", "", str(line[1]).strip())
            for j, header in enumerate(grid[3]):
                if j > 1 and plain(header) and (found := value(line[j], {})) is not None:
                    scope: Scope = {} if plain(header) == "total" else {"use": str(header).strip()}
                    yield cell(FORCE, sheet, r, j, found, scope, when, place=place)


def workforce(file: str, last: int) -> Iterator[Said]:
    """Areas by date, a sheet a kind of worker; the last sheet is kinds of worker by date."""
    for n in range(1, last):
        sheet = f"Table_{n}"
        grid = rows(file, sheet)
        head = next(r for r, line in enumerate(grid) if date(line[1]) is not None)
        for r, line in enumerate(grid[head + 1 :], head + 1):
            label = _area(line[0])
            if label.startswith("Notes") or not label:
                break
            elsewhere = label in ("Central Service Secondments", "British Transport Police")
            scope: Scope = {"body": label} if elsewhere else {}
            place = None if elsewhere or label.startswith("Total") else label
            for j, header in enumerate(grid[head]):
                when = date(header) if j else None
                if when is not None and (found := value(line[j], MARKS)) is not None:
                    yield cell(file, sheet, r, j, found, scope, when, place=place, measure=label if not place else "")
    sheet = f"Table_{last}"
    grid = rows(file, sheet)
    kinds = next(line for line in grid if "Police Staff" in line)
    for r, line in enumerate(grid):
        if m := re.match(r"30 September (20\d\d)", str(line[0])):
            for j, kind in enumerate(kinds):
                if j and plain(kind) and (found := value(line[j], MARKS)) is not None:
                    yield cell(
                        file, sheet, r, j, found, {"worker": str(kind)}, day(int(m[1]), 9, 30), measure=str(kind)
                    )
