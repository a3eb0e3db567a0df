"""The files that are lists of records or wide census tables: one line of labels a row, one scope a column."""

import re
from collections.abc import Iterator

from .said import NOT_ASKED, OVERLAPPING, UNDATED, Said, Scope, When, cell, day, number, plain, rows, year
from .words import BROAD, RELIGION, SEX, age, group

ADJUDICATED = {"moj/AdjudicationsQ32022.csv": (2022, 7, 9, 30), "moj/AdjudicationsQ12023.csv": (2023, 1, 3, 31)}


def adjudications(file: str) -> Iterator[Said]:
    """One row a combination; the year stands in the file's name."""
    of, first, last, end = ADJUDICATED[file]
    when = When(day(of, first, 1).start, day(of, last, end).end, "flow")
    for r, line in enumerate(rows(file)[1:], 1):
        _, outcome, function, prison, adjudicator, sex, ages, ethnicity, religion, offence, detail, count = line
        group_of = plain(ethnicity)[2:]
        scope = {
            "sex": SEX[plain(sex)], "age": age(ages), "religion": RELIGION[plain(religion)[2:]],
            "ethnicity": "Not known" if group_of == "not known" else BROAD[group_of],
            "outcome": outcome, "function": function, "establishment": prison, "adjudicator": adjudicator,
            "offence": offence, "detail": detail,
        }  # fmt: skip
        yield cell(file, _name(file), r, 11, (float(count), "published"), scope, when)


def probation(file: str) -> Iterator[Said]:
    """Regions by order type by sex. Order types overlap; whether a quarter's count is a stock stands outside."""
    quarter = When(day(2023, 1, 1).start, day(2023, 3, 31).end, "unknown" if "caseload" in file else "flow")
    for r, (region, order, sex, _, count) in enumerate(rows(file)[1:], 1):
        scope = {"sex": SEX[plain(sex)], "order type": order, OVERLAPPING: "order type"}
        yield cell(file, _name(file), r, 4, (float(count), "published"), scope, quarter, place=region)


def data_tool(file: str) -> Iterator[Said]:
    """Five views in one column. The sex is the establishment's. A blank is a count of two or fewer, or the next."""
    nationalities = {"A British National": "British", "B Foreign National": "Foreign", "C Not Recorded": "Not recorded"}
    ethnicities = {"F Not recorded": "Not recorded", "G Not stated": "Not stated"}
    ends = {"03": 31, "06": 30, "09": 30, "12": 31}
    for r, (view, month, prison, sex, label, count) in enumerate(rows(file, "PT Data")[1:], 1):
        scope: dict[str, str] = {"sex": NOT_ASKED, "establishment": prison, "establishment's sex": sex}
        if view[0] == "a":
            scope["age"] = age(label)
        elif view[0] == "c":
            scope["nationality"] = nationalities[label]
        elif view[0] == "e":
            scope["ethnicity"] = ethnicities.get(label) or BROAD[plain(label)[2:]]
        else:
            scope["custody" if view[0] == "b" else "offence"] = label
        when = day(int(month[:4]), int(month[5:]), ends[month[5:]])
        found = (None, "suppressed") if count == "" else (float(count), "published")
        yield cell(file, "PT Data", r, 5, found, scope, when)


def custody_rate(file: str) -> Iterator[Said]:
    """Three columns of numbers, each another measure: sentenced to custody, all sentenced, and their share."""
    ages = {"Adults": "Adults", "Juveniles": "Children", "Young adults": "Young adults", "All": "all"}
    for r, line in enumerate(rows(file)[1:], 1):
        scope = {
            "ethnicity": "Not stated" if line[2] == "Not stated" else BROAD[plain(line[2])],
            "sex": SEX[plain(line[4])], "age": ages[line[5]], "offence": "all" if line[6] == "All" else line[6],
        }  # fmt: skip
        for j, measure, unit in ((7, "custody", "count"), (8, "sentenced", "count"), (9, "share", "percent")):
            found = (float(line[j]), "published")
            yield cell(file, _name(file), r, j, found, scope, year(line[1]), measure=measure, unit=unit)


_LOCAL = {
    "asian other": "Asian other", "black other": "Black other", "mixed other": "Mixed other",
    "white other": "White other", "other": "Other", "other ethnic group": "Any other ethnic group",
    "white gypsy or irish traveller": "Gypsy or Irish Traveller",
}  # fmt: skip


def local_authorities(file: str) -> Iterator[Said]:
    """Two measures down, three columns of numbers; the groups are those of two classifications."""
    for r, line in enumerate(rows(file)[1:], 1):
        scope: Scope = {"ethnicity": _LOCAL.get(plain(line[2])) or BROAD.get(plain(line[2])) or line[2]}
        for j, unit in ((7, "percent"), (8, "count"), (9, "count")):
            # because a denominator is of the whole area or of the whole group, whichever its row is about
            whole = j == 9
            over: Scope = {"ethnicity": NOT_ASKED} if whole else scope
            place, measure = NOT_ASKED if whole else line[5], f"{line[0]} {j}"
            found, when = (float(line[j]), "published"), year(2011, "unknown")
            yield cell(file, _name(file), r, j, found, over, when, place=place, measure=measure, unit=unit)


def nomis(file: str) -> Iterator[Said]:
    """One row an area, every column a combination written out in its header."""
    grid = rows(file)
    heads = {}
    for j, header in enumerate(grid[0]):
        parts = dict(part.strip().split(": ", 1) for part in header.split(";") if ": " in part)
        if "measures" in parts:
            heads[j] = _nomis(parts)
    for r, line in enumerate(grid[1:], 1):
        code = next(c for c in line if re.fullmatch(r"[EWK]\d{8}", c))
        for j, scope in heads.items():
            yield cell(
                file, _name(file), r, j, (float(line[j]), "published"), scope, year(line[0], "unknown"), place=code
            )


def _nomis(parts: dict[str, str]) -> Scope:
    scope = {}
    if "Sex" in parts:
        scope["sex"] = SEX[plain(parts["Sex"])]
    if "Age" in parts:
        scope["age"] = age(parts["Age"])
    if "Ethnic Group" in parts:
        scope["ethnicity"] = group(parts["Ethnic Group"])
    return scope


def wide_census(file: str, labels: str) -> Iterator[Said]:
    """Areas and one more column of labels down, ethnic groups across; `c` is suppressed."""
    grid = rows(file)
    heads = {j: group(h) for j, h in enumerate(grid[0]) if j > 2}
    for r, line in enumerate(grid[1:], 1):
        for j, ethnicity in heads.items():
            found = number(line[j])
            scope = {"ethnicity": ethnicity, labels: age(line[2]) if labels == "age" else SEX[plain(line[2])]}
            status = (found, "published") if found is not None else (None, "suppressed")
            yield cell(file, _name(file), r, j, status, scope, UNDATED, place=line[0])


def census_by_age(file: str) -> Iterator[Said]:
    """England and Wales by group, sex and age, each coded beside."""
    for r, line in enumerate(rows(file)[1:], 1):
        ethnicity = "Not applicable" if line[3] == "Does not apply" else group(line[3])
        scope = {"ethnicity": ethnicity, "sex": SEX[plain(line[5])], "age": age(line[7])}
        yield cell(file, _name(file), r, 8, (float(line[8]), "published"), scope, UNDATED)


_ORIENTATION = {
    "All other sexual orientations": "Other sexual orientation", "Bisexual": "Bisexual",
    "Gay or Lesbian": "Gay or lesbian", "Not answered": "Not answered",
    "Straight or Heterosexual": "Straight or heterosexual",
}  # fmt: skip
_DISABILITY = {"Disabled under the Equality Act": "Disabled", "Not disabled under the Equality Act": "Not disabled"}


def derived(file: str) -> Iterator[Said]:
    """England, Wales, and both, by one characteristic."""
    grid = rows(file)
    characteristic = grid[0][0]
    for r, line in enumerate(grid[1:], 1):
        category = {**_ORIENTATION, **_DISABILITY}.get(line[0]) or RELIGION[plain(line[0])]
        for j, place in ((1, "England"), (2, "Wales"), (3, "England and Wales")):
            found = (float(line[j]), "published")
            yield cell(file, _name(file), r, j, found, {characteristic: category}, UNDATED, place=place)


def _name(file: str) -> str:
    return file.rpartition("/")[2]


def mid_year(file: str) -> Iterator[Said]:
    """Mid-2019 estimates: areas by single year of age, a sheet a sex."""
    when = year(2019, "unknown")
    for sheet, sex in (("MYE2 - Persons", "all"), ("MYE2 - Males", "male"), ("MYE2 - Females", "female")):
        grid = rows(file, sheet)
        heads: dict[int, Scope] = {
            j: {"sex": sex, "age": _single(h)} for j, h in enumerate(grid[4]) if j > 2 and h != ""
        }
        for r, line in enumerate(grid[5:], 5):
            if re.fullmatch(r"[A-Z]\d{8}", str(line[0])):
                for j, scope in heads.items():
                    yield cell(file, sheet, r, j, (float(line[j]), "published"), scope, when, place=line[0])


def _single(header: object) -> str:
    return age(str(header).replace("90+", "90 and over"))
