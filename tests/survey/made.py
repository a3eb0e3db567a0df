"""Workbooks in the published geometries, made from known truth: what a survey must say of files nobody here has.

Every `Made` is a workbook as rows of cells, with the answer beside it. Layouts and spellings are those that
official statistics use; every figure is invented.
"""

import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

Cell = str | int | float | dt.date | None
Rows = list[list[Cell]]

FIVE = ["Asian or Asian British", "Black or Black British", "Mixed", "Other", "White"]
FIVE_AND_UNKNOWN = [*FIVE, "Not stated"]
OFFENCES = ["Robbery", "Theft offences", "Drug offences", "Public order offences"]


@dataclass(frozen=True)
class Truth:
    """What one sheet is broken down by. `tables` is how many tables it holds; None where that does not matter.

    `crossed` holds all sets of characteristics that vary within one another, over all tables of the sheet.
    `classification`, `unknown` and `suppressed` are of the first table that has the characteristic.
    """

    characteristics: frozenset[str] = frozenset()
    crossed: frozenset[frozenset[str]] = frozenset()
    scope: dict[str, str] = field(default_factory=dict)
    categories: dict[str, list[str]] = field(default_factory=dict)
    classification: dict[str, str | None] = field(default_factory=dict)
    unknown: dict[str, float | None] = field(default_factory=dict)
    suppressed: dict[str, float] = field(default_factory=dict)
    periods: tuple[str, str] | None = None
    tables: int | None = None


@dataclass(frozen=True)
class Made:
    """A workbook and the truth about each of its sheets. `present` is what the whole file is broken down by."""

    name: str
    sheets: dict[str, Rows]
    truth: dict[str, Truth]
    present: frozenset[str] | None = None


def truth(*characteristics: str, crossed: Sequence[Iterable[str]] = (), **more: object) -> Truth:
    """A `Truth` in one line."""
    return Truth(frozenset(characteristics), frozenset(frozenset(c) for c in crossed), **more)  # type: ignore[arg-type]


def count(*seed: object) -> int:
    """An invented count, the same every time: never a year, never consecutive."""
    n = 7
    for part in seed:
        for letter in str(part):
            n = (n * 31 + ord(letter)) % 9973
    return 3000 + n * 7


def body(labels: Sequence[Cell], columns: int | Sequence[object], *seed: object) -> Rows:
    """Rows of a label and invented counts."""
    names = range(columns) if isinstance(columns, int) else columns
    return [[label, *(count(*seed, label, name) for name in names)] for label in labels]


YEARS: list[Cell] = ["2019/20", "2020/21", "2021/22"]
DATES: list[Cell] = [dt.date(2020, 6, 30), dt.date(2021, 6, 30), dt.date(2022, 6, 30)]


def _accessible() -> Made:
    cover: Rows = [
        ["Probation caseload statistics"],
        ["This spreadsheet holds tables of people on probation, of Asian, Black, Mixed, White and other groups."],
        ["Published 25 January 2024"],
    ]
    contents: Rows = [
        ["Table of contents"],
        ["Worksheet", "Title"],
        ["Table_1", "People on probation by ethnicity"],
        ["Table_2", "People on probation by age and sex"],
    ]
    notes: Rows = [
        ["Notes"],
        ["This worksheet contains one table."],
        ["Note number", "Note text"],
        [1, "Asian includes Chinese; Black includes Caribbean; White includes Gypsy or Irish Traveller."],
        [2, "Males and females are counted as recorded."],
    ]
    ethnic: Rows = [
        ["Table 1: People on probation by self-identified ethnicity [note 1]"],
        ["This worksheet contains one table. Some cells refer to notes."],
        ["Source: nDelius"],
        ["Ethnic group", "Notes", *[f"{y} [note 2]" for y in YEARS]],
        *[[label, "[note 1]" if k == 0 else None, *(count(label, y) for y in YEARS)] for k, label in enumerate(FIVE)],
        ["Not recorded", None, 100, 200, "[c]"],
        ["All people", None, 9000, 9000, 9000],
    ]
    by_age: Rows = [
        ["Table 2: People on probation by age and sex, England and Wales"],
        ["[c] marks a suppressed count, [x] one that is not available, [low] one below half the last digit"],
        [],
        ["Age group", "Male", "Female", "All"],
        ["18-20", 1000, "[c]", 1000],
        ["21 to 24", 2000, 300, 2300],
        ["25 - 29", "[low]", "[x]", "[z]"],
        ["30 and over", 4000, 500, 4500],
        ["Total", 7000, 800, 7800],
    ]
    return Made(
        "accessible-layout",
        {"Cover": cover, "Contents": contents, "Notes": notes, "Table_1": ethnic, "Table_2": by_age},
        {
            "Cover": truth(),
            "Contents": truth(),
            "Notes": truth(),
            "Table_1": truth(
                "ethnicity",
                classification={"ethnicity": "5B"},
                suppressed={"ethnicity": 1 / 18},
                unknown={"ethnicity": None},
                periods=("2020-03-31", "2022-03-31"),
                tables=1,
            ),
            "Table_2": truth(
                "age", "sex", crossed=[("age", "sex")], suppressed={"age": 1 / 12, "sex": 1 / 10}, tables=1
            ),
        },
    )


def _margins() -> Made:
    ethnic = ["Asian", "Black", "Mixed", "Other", "White", "Unknown Ethnicity"]
    header = [*ethnic, "Girls", "Boys", "Unknown Sex", "Aged 10 to 14", "Aged 15 to 17", "Total"]
    numbers = [120, 300, 110, 40, 900, 30, 150, 1300, 50, 400, 1100, 1500]
    sheet: Rows = [
        ["Table 6.1: Average monthly number of children in custody by demographics, year ending March 2024"],
        [],
        ["Remand type", None, *header],
        ["Number", None],
        ["Remand to youth detention", "Secure estate", *numbers],
        [None, "Community", *[n * 2 for n in numbers]],
        ["Total", None, *[n * 3 for n in numbers]],
        [],
        ["Proportion", None],
        ["Remand to youth detention", "Secure estate", *[round(n / 1500, 3) for n in numbers]],
        [None, "Community", *[round(n / 1500, 3) for n in numbers]],
    ]
    rows: Rows = [
        ["Table 7: Receptions by characteristic"],
        [],
        ["Characteristic", *YEARS],
        ["Sex"],
        *body(["Male", "Female"], YEARS),
        ["Age group"],
        *body(["Under 18", "18 to 20", "21 and over"], YEARS),
        ["Ethnicity"],
        *body(FIVE_AND_UNKNOWN, YEARS),
        ["Disability"],
        *body(["Yes", "No", "Not recorded"], YEARS),
        ["Total", 10, 20, 30],
    ]
    columns: Rows = [
        ["Protected characteristic", "Group", "Number", "%"],
        *[["Sex", g, count(g), 0.5] for g in ("Male", "Female")],
        *[["Religion or belief", g, count(g), 0.5] for g in ("Christian", "Muslim", "No religion", "Other")],
        *[["Sexual orientation", g, count(g), 0.5] for g in ("Heterosexual", "Gay/Lesbian", "Bisexual", "Other")],
        *[["Disability", g, count(g), 0.5] for g in ("Yes", "No")],
        *[["Transgender", g, count(g), 0.5] for g in ("Yes", "No", "Not stated")],
    ]
    return Made(
        "one-way-margins",
        {"6.1": sheet, "rows": rows, "columns": columns},
        {
            "6.1": truth(
                "ethnicity",
                "sex",
                "age",
                classification={"ethnicity": "5B"},
                unknown={"ethnicity": 30 / 1500, "sex": 50 / 1500},
                tables=1,
            ),
            "rows": truth("sex", "age", "ethnicity", "disability", tables=1),
            "columns": truth("sex", "religion", "sexual_orientation", "disability", "gender_reassignment", tables=1),
        },
    )


def _header_levels() -> Made:
    sexes: Rows = [
        ["Table 3: Defendants by offence group, sex and ethnicity"],
        [None, "Male", None, None, None, None, None, "Female"],
        ["Offence group", *FIVE_AND_UNKNOWN, *FIVE_AND_UNKNOWN],
        *body(OFFENCES, 12),
    ]
    dimension: Rows = [
        ["Table 4: Stops by force"],
        [None, "Self-defined ethnicity", None, None, None, None, "Age group"],
        ["Police force area", *FIVE, "Under 18", "18-24", "25 and over"],
        *body(["Avon and Somerset", "Blackpool district", "Kent"], 8),
    ]
    detailed: Rows = [
        ["Table 5: People in prison by detailed ethnic group"],
        [],
        [None, "Asian", None, None, None, None, "Black", None, None, "White", None, None, None],
        [
            "Year",
            *["Indian", "Pakistani", "Bangladeshi", "Chinese", "Any other background"],
            *["African", "Caribbean", "Any other background"],
            *["British", "Irish", "Gypsy or Irish Traveller", "Any other background"],
        ],
        *body([2019, 2020, 2021], 12, "detailed"),
    ]
    years: Rows = [
        ["Table 6: Sentenced by ethnicity, number and percentage"],
        [None, 2021, None, 2022, None],
        ["Ethnic group", "Number", "%", "Number", "%"],
        ["Asian", 100, 0.1, 200, 0.1],
        ["Black", 100, 0.1, 200, 0.1],
        ["White", 500, 0.5, 1000, 0.5],
        ["Not known", 100, 0.1, 600, 0.3],
        ["Total", 800, 1, 2000, 1],
    ]
    flat: Rows = [
        ["Table 8: Arrests"],
        [],
        ["Force", "Male - Asian", "Male - Black", "Male - White", "Female - Asian", "Female - Black", "Female - White"],
        *body(["Kent", "Essex"], 6),
    ]
    return Made(
        "header-levels",
        {"sexes": sexes, "dimension": dimension, "detailed": detailed, "years": years, "flat": flat},
        {
            "sexes": truth("sex", "ethnicity", crossed=[("sex", "ethnicity")], tables=1),
            "dimension": truth("ethnicity", "age", tables=1),
            "detailed": truth(
                "ethnicity",
                "gypsy_roma_traveller",
                categories={
                    "ethnicity": [
                        *["Asian other", "Bangladeshi", "Black African", "Black Caribbean", "Black other", "Chinese"],
                        *["Gypsy or Irish Traveller", "Indian", "Pakistani", "White British", "White Irish"],
                        "White other",
                    ]
                },
                periods=("2019-12-31", "2021-12-31"),
            ),
            "years": truth("ethnicity", unknown={"ethnicity": 0.3}, periods=("2021-12-31", "2022-12-31"), tables=1),
            "flat": truth("sex", "ethnicity", crossed=[("sex", "ethnicity")]),
        },
    )


def _several_tables() -> Made:
    titled: Rows = [
        ["Table 9.01: Relative Rate Indices by ethnicity"],
        [],
        ["Year", "Asian RRI", "Asian Significance", "Black RRI", "Black Significance"],
        [2021, 1.02, None, 1.34, "*"],
        [2022, 0.98, None, 1.29, "*"],
        ["Table 9.02: Cautions by offence"],
        [],
        ["Offence", *YEARS],
        *body(OFFENCES, YEARS),
        [],
        ["Table 9.03: Defendants by age"],
        ["Age", *YEARS],
        *body(["10-17", "18-24", "25 and over"], YEARS),
    ]
    untitled: Rows = [
        ["People remanded"],
        [],
        ["Sex", "Number"],
        ["Male", 5000],
        ["Female", 300],
        [],
        ["Ethnicity", "Number", "Per cent"],
        *[[label, count(label), 0.2] for label in FIVE],
        [],
        ["Offence", "Untried", "Unsentenced"],
        *body(OFFENCES, 2),
    ]
    beside: Rows = [
        ["Table 2a: Sex", None, None, "Table 2b: Ethnicity"],
        [],
        ["Sex", "Number", None, "Ethnicity", "Number"],
        ["Male", 5000, None, "Asian", 400],
        ["Female", 300, None, "Black", 700],
        ["Total", 5300, None, "White", 4100],
        [None, None, None, "Not stated", 100],
    ]
    stacked: Rows = [["Table 3: Caseload by area and ethnicity"], [], [None, *YEARS]]
    for area in ("North East", "London", "Black Country", "Wales"):
        stacked += [[area], *body(FIVE_AND_UNKNOWN, YEARS, area), ["Total", 9, 9, 9], []]
    return Made(
        "several-tables",
        {"RRI": titled, "untitled": untitled, "beside": beside, "stacked": stacked},
        {
            "RRI": truth("ethnicity", "age", tables=3, periods=("2020-03-31", "2022-12-31")),
            "untitled": truth("sex", "ethnicity", tables=3),
            "beside": truth("sex", "ethnicity", tables=2),
            "stacked": truth("ethnicity", classification={"ethnicity": "5B"}, tables=1),
        },
    )


def _sheets_of_groups() -> Made:
    def of(group: str) -> Rows:
        return [[f"Offences: {group}"], [], ["Offence", *YEARS], *body(OFFENCES, YEARS, group)]

    groups = ["Asian", "Black", "Mixed", "White"]
    ages: Rows = [["Prison population by age: females"], [], ["Age", *YEARS], *body(["15-17", "18-20", "21+"], YEARS)]
    return Made(
        "sheets-of-groups",
        {**{g: of(g) for g in groups}, "Table 4 Females": ages},
        {
            **{g: truth(scope={"ethnicity": g}) for g in groups},
            "Table 4 Females": truth("age", scope={"sex": "female"}),
        },
        present=frozenset({"ethnicity", "age"}),
    )


def _open_data() -> Made:
    rows: Rows = [
        [
            "financial_year",
            "police_force_area",
            "age_group",
            "gender",
            "self_defined_ethnicity_group",
            "reason",
            "count",
        ]
    ]
    labels = [
        *(f"2019/20 onwards - {g}" for g in ("Asian or Asian British", "Other Ethnic Group")),
        "White",
        "Not stated",
    ]
    for year in ("2020/21", "2021/22"):
        for age in ("10 - 17 years", "18 - 20 years", "21 years and over"):
            for gender in ("Male", "Female"):
                rows += [[year, "Kent", age, gender, g, "Theft", 25 if g == "Not stated" else 100] for g in labels]
    prefixed: Rows = [["Year", "Sex", "Age range", "Ethnicity", "Offence group", "Court", "Number"]]
    for sex in ("01: Male", "02: Female", "03: Not known"):
        for age in ("01: Under 15", "02: 15-17", "03: 18-20"):
            for group in ("1: White", "2: Black", "3: Asian", "9: Not stated"):
                prefixed.append([2017, sex, age, group, "02: Sexual offences", "All courts", count(sex, age, group)])
    letters: Rows = [["Date", "Establishment", "Sex", "Age", "Adult/YOI", "Number"]]
    for prison in ("Whitemoor", "Send", "Blackmoor Grange"):
        letters += [["Q3 2022", prison, sex, age, "A", count(prison, sex, age)] for sex in "MF" for age in (18, 19, 20)]
    constant: Rows = [["Year", "Sex", "Ethnic appearance (officer-observed)", "Searches"]]
    constant += [[2023, "Male", g, count(g)] for g in ("White", "Black", "Asian", "Other", "Unknown")]
    return Made(
        "open-data",
        {"open_data": rows, "prefixed": prefixed, "letters": letters, "constant": constant},
        {
            "open_data": truth(
                "age",
                "sex",
                "ethnicity",
                crossed=[("age", "sex", "ethnicity")],
                unknown={"ethnicity": 25 / 325},
                periods=("2021-03-31", "2022-03-31"),
            ),
            "prefixed": truth("age", "sex", "ethnicity", crossed=[("age", "sex", "ethnicity")]),
            "letters": truth("age", "sex", crossed=[("age", "sex")]),
            "constant": truth("ethnicity", scope={"sex": "male"}),
        },
    )


def _labels_once() -> Made:
    once: Rows = [
        ["Table 5.03: Defendants by ethnicity and offence, 2021 to 2023"],
        ["This table shows defendants of Asian, Black, Mixed, Chinese or Other and White groups."],
        ["Source: Court Proceedings Database"],
        [],
        ["Ethnic Group", "Offence group", 2021, 2022, 2023],
    ]
    for group in ("White", "Black", "Asian", "Mixed", "Chinese or other", "Not stated"):
        for k, offence in enumerate([*OFFENCES, "Total"]):
            once.append([group if k == 0 else None, offence, *(100 * (k + 1) + n for n in range(3))])
    dated: Rows = [
        ["Table 6_01: Prison population by age, sex and ethnic group"],
        [],
        ["Age", "Sex", "Ethnic group", "30-Jun-23(1)", dt.date(2024, 6, 30), "31-Jun-25"],
    ]
    for age in ("Juveniles", "Young adults", "Adults", "All"):
        for sex in ("Male", "Female", "All"):
            for k, group in enumerate([*FIVE, "Total known", "Not stated/ Unrecorded", "Total"]):
                label = f"{group} [note 1]" if k == 0 else group
                dated.append([age, sex, label, *(count(age, sex, group, n) for n in range(3))])
    months: Rows = [
        ["Table 1.4: Youth custody population by ethnicity"],
        [
            "Month",
            "Asian",
            "Black",
            "Mixed Ethnicity",
            "Other Ethnicity",
            "White (including white minorities)",
            "Not Known",
        ],
        *[[f"{m} 2024", 30, 110, 60, 10, 280, 10] for m in ("April", "May", "June")],
        ["July 2024 (p)", 30, 110, 60, "[x]", 280, 20],
        *[[f"{m} 2024"] for m in ("August", "September", "October")],
    ]
    groups: Rows = [
        ["Table 2.2: Youth custody by ethnic group and legal basis"],
        ["Ethnicity and legal basis", "Year ending March 2019", "Year ending March 2020", "Year ending March 2021"],
        *body(
            [
                f"{g} - {b}"
                for g in ("Ethnic minority groups", "White", "Not known")
                for b in ("Remand", "DTO", "Other")
            ],
            3,
        ),
    ]
    return Made(
        "labels-once-and-months",
        {"5_03": once, "6_01": dated, "1_4": months, "2_2": groups},
        {
            "5_03": truth(
                "ethnicity", classification={"ethnicity": "5A"}, periods=("2021-12-31", "2023-12-31"), tables=1
            ),
            "6_01": truth("age", "sex", "ethnicity", crossed=[("age", "sex", "ethnicity")], tables=1),
            "1_4": truth(
                "ethnicity",
                classification={"ethnicity": "5B"},
                unknown={"ethnicity": 20 / 500},
                periods=("2024-04-30", "2024-07-31"),
            ),
            "2_2": truth("ethnicity", periods=("2019-03-31", "2021-03-31")),
        },
    )


def _blocks() -> Made:
    old: Rows = [
        ["Table A1.9: Prison population by ethnic group, nationality and sex; 30 June 2020 to 30 June 2022"],
        [],
        [None, *DATES],
    ]
    for sex in ("Males and females", "Males", "Females"):
        old += [[sex], []]
        for nationality in ("All nationalities", "British nationals", "Foreign nationals"):
            old += [*body([nationality], 3, sex), []]
            old += [*body([*(f"{g}(2)" for g in FIVE), "   1991 Census ethnic codes(3)"], 3, sex, nationality), []]
        old += [[], [None, *DATES]]
    old += [["(1) Asian prisoners moved from Chinese or other on 30 June 2015."]]
    parents: Rows = [
        ["Table A1.10: Prison population by ethnicity and sex"],
        [],
        [None, "30-Jun-09(1)", *DATES],
    ]
    families = {
        "Asian or Asian British": ["Indian", "Pakistani", "Bangladeshi", "Any other background"],
        "Black or Black British": ["Caribbean", "African", "Any other Background "],
        "Mixed": ["White and Black Caribbean", "White and Black African", "White and Asian", "Any other background"],
        "White": ["English/Welsh/Scottish/N. Irish/British", "Irish", "Any other background "],
        "Chinese or other": ["Chinese", "Any other background"],
    }
    for sex in ("Males and Females ", "Males", "Females"):
        parents += [*body([sex], 4), []]
        for parent, children in families.items():
            parents += [*body([parent], 4, sex), [], *body(children, 4, sex, parent), []]
        parents += body(["Unrecorded", "Not stated"], 4, sex)
        parents += [[]]
    prisons: Rows = [
        ["Table A1.13: Prison population by establishment and sex"],
        [],
        ["Establishment   ", *DATES, "Comments"],
        ["Males   "],
        *[[*row, "Re-roled; held Black and Asian young adults before"] for row in body(["Whitemoor", "Ford"], 3)],
        [],
        ["Females"],
        *body(["Send", "Styal"], 3),
    ]
    return Made(
        "blocks",
        {"A1_9": old, "A1_10": parents, "A1_13": prisons},
        {
            "A1_9": truth(
                "ethnicity",
                "nationality",
                "sex",
                crossed=[("ethnicity", "nationality", "sex")],
                periods=("2020-06-30", "2022-06-30"),
                tables=1,
            ),
            "A1_10": truth("ethnicity", "sex", crossed=[("ethnicity", "sex")], classification={"ethnicity": "16A"}),
            "A1_13": truth("sex", tables=1),
        },
    )


def _ages() -> Made:
    single: Rows = [
        ["Contents"],
        ["MYE2: Population estimates: males by single year of age, mid-2019"],
        [],
        ["Code", "Name", "Geography1", "All ages", *range(0, 90), "90+"],
        *[
            [c, n, "Country", 900000, *(count(c, a) for a in range(91))]
            for c, n in (("E1", "ENGLAND"), ("W1", "WALES"))
        ],
    ]
    measures: Rows = [
        ["date", "geography", "geography code", "Age: Total; measures: Value"]
        + [f"Age: Aged {a} to {a + 4} years; measures: Value" for a in range(5, 25, 5)],
        [2021, "England", "E92000001", *(count(a) for a in range(5))],
        [2021, "Wales", "W92000004", *(count(a, "W") for a in range(5))],
    ]
    words: Rows = [
        ["Table 9: Children in custody"],
        ["Age", *YEARS],
        *body(["Age 10 to 14 years", "Aged 15", "16", "Aged 17", "Aged 18 years and Older", "Age not known"], YEARS),
    ]
    units: Rows = [
        ["A.01b: Persons arrested by age group"],
        [],
        ["Numbers (thousands)", None, None, "England and Wales"],
        ["Year", "Persons"],
        [None, "Under 101", "Aged 10-17", "Aged 18-20", "Aged 21 and over", "Age unknown", "Total"],
        [],
        *[[y, 0.2, 60.5, 70.25, 800.5, 0.3, 931.75] for y in ("2017/181", "2018/19")],
    ]
    plain: Rows = [
        ["Table 4"],
        [],
        ["Custody type", "15-17", "18-20", "21-24", "25 and over", "Total"],
        *body(["Remand", "Sentenced"], 5),
    ]
    return Made(
        "ages",
        {"MYE2": single, "TS007": measures, "words": words, "A_01b": units, "plain": plain},
        {
            "MYE2": truth("age", scope={"sex": "male"}),
            "TS007": truth("age", periods=("2021-12-31", "2021-12-31")),
            "words": truth("age"),
            "A_01b": truth("age", unknown={"age": 0.3 / 931.75}, periods=("2018-03-31", "2019-03-31")),
            "plain": truth("age"),
        },
    )


def _characteristics() -> Made:
    def sheet(title: str, labels: Sequence[str], header: str = "Group") -> Rows:
        return [[title], [], [header, *YEARS], *body(labels, YEARS, title)]

    sheets = {
        "religion": sheet(
            "Table 1: Religion",
            [
                "All Christian",
                "Anglican",
                "Roman Catholic",
                "Muslim",
                "Hindu",
                "Sikh",
                "Buddhist",
                "Jewish",
                "Other religious group(1)",
                "No religion",
                "Not recorded",
            ],
        ),
        "disability": sheet(
            "Table 2: Disability", ["Disabled under the Equality Act", "Not disabled under the Equality Act", "Unknown"]
        ),
        "disability2": sheet("Table 3", ["Disabled", "Non-disabled", "Prefer not to say"]),
        "orientation": sheet(
            "Table 4: Sexual orientation",
            ["Straight or Heterosexual", "Gay or Lesbian", "Bisexual", "All other sexual orientations", "Not answered"],
        ),
        "orientation2": sheet("Table 5", ["Heterosexual", "Lesbian, gay or bisexual", "Not disclosed"]),
        "gender": sheet(
            "Table 6: Gender identity",
            [
                "Gender identity the same as sex registered at birth",
                "Gender identity different from sex registered at birth but no specific identity given",
                "Trans woman",
                "Trans man",
                "Non-binary",
                "Not answered",
            ],
        ),
        "transgender": sheet("Table 7", ["Yes", "No", "Not stated"], "Transgender"),
        "marital": sheet(
            "Table 8: Marital and civil partnership status",
            ["Single", "Married", "Civil partnership", "Divorced", "Separated", "Widowed", "Cohabiting", "Not known"],
        ),
        "pregnancy": sheet("Table 9: Women in prison", ["Pregnant", "Not pregnant", "Not known"]),
        "learning": sheet(
            "Table 10: Learning difficulties and disabilities",
            [
                "Learning difficulties and/or disabilities",
                "No learning difficulties and/or disabilities",
                "Not recorded",
            ],
        ),
        "grt": sheet(
            "Table 11: Children who consider themselves Gypsy, Roma or Traveller",
            ["Gypsy, Roma or Traveller", "Not Gypsy, Roma or Traveller", "Not known"],
        ),
        "grt2": sheet("Table 12", ["Yes", "No"], "Gypsy/Roma/Traveller"),
        "census": sheet(
            "Table 13: Ethnic group",
            [
                "Asian, Asian British or Asian Welsh: Indian",
                "Asian, Asian British or Asian Welsh: Other Asian",
                "Black, Black British, Black Welsh, Caribbean or African: African",
                "Mixed or Multiple ethnic groups: White and Asian",
                "White: English, Welsh, Scottish, Northern Irish or British",
                "White: Gypsy or Irish Traveller",
                "White: Roma",
                "Other ethnic group: Arab",
            ],
        ),
        "binary": sheet("Table 14", ["White", "All other ethnic groups combined", "Not known"]),
        "four": sheet("Table 15: Ethnicity", ["White", "Black", "Asian", "Mixed or Other", "Not recorded"]),
        "nationality": sheet("Table 16", ["British national", "Foreign national", "Nationality not recorded"]),
        "officer": sheet(
            "Table 17", ["White", "Black", "Asian", "Chinese/other", "Unknown"], "Officer-identified ethnicity"
        ),
        "plural": sheet("Table 18", ["Asian males", "Black males", "White males", "Asian females", "Black females"]),
        "affixes": sheet("Table 19", ["Number of males", "Number of females", "Percentage female (%)", "Total number"]),
        "people": sheet(
            "Table 20", ["Asian people", "Black people", "White people", "People from other ethnic groups"]
        ),
        "adults": sheet("Table 21", ["Adult male", "Adult female", "Young adult male", "Young adult female"]),
    }
    names = {
        "disability2": "disability",
        "orientation": "sexual_orientation",
        "orientation2": "sexual_orientation",
        "gender": "gender_reassignment",
        "transgender": "gender_reassignment",
        "marital": "marriage_and_civil_partnership",
        "learning": "learning_disability",
        "grt": "gypsy_roma_traveller",
        "grt2": "gypsy_roma_traveller",
        "binary": "ethnicity",
        "four": "ethnicity",
        "officer": "ethnicity",
        "people": "ethnicity",
        "affixes": "sex",
    }
    answers = {name: truth(names.get(name, name)) for name in sheets}
    answers["pregnancy"] = truth("pregnancy_and_maternity", scope={"sex": "female"})
    answers["census"] = truth("ethnicity", "gypsy_roma_traveller")
    answers["binary"] = truth("ethnicity", classification={"ethnicity": "binary"})
    answers["four"] = truth("ethnicity", classification={"ethnicity": "4A"})
    answers["plural"] = truth("ethnicity", "sex", crossed=[("ethnicity", "sex")])
    answers["adults"] = truth("age", "sex", crossed=[("age", "sex")])
    return Made("characteristics", sheets, answers)


def _negatives() -> Made:
    def sheet(title: str, labels: Sequence[Cell], header: str | None = None, columns: Sequence[Cell] = YEARS) -> Rows:
        return [[title], [], [header, *columns], *body(labels, columns, title)]

    sheets = {
        "offences": sheet(
            "Table 1: Convictions by offence",
            [
                "White Collar crime",
                "Blackmail",
                "Black market trading",
                "Racially aggravated assault",
                "Rape of a male",
                "Cruelty to children",
                "Sexual assault on a female",
                "Other offences",
            ],
        ),
        "prisons": sheet(
            "Table 2", ["Blackmoor", "Whitemoor", "White Lane", "Askham Grange", "Send", "Isis"], "Prison"
        ),
        "countries": sheet(
            "Table 3: Foreign national offenders by nationality",
            ["Indian", "Pakistani", "Irish", "Bangladeshi", "Chinese", "Polish", "Romanian", "Jamaican"],
        ),
        "languages": sheet(
            "Table 4: Interpreters",
            ["Polish", "Romanian", "Punjabi", "Bengali", "Chinese", "Portuguese"],
            "Main language",
        ),
        "regions": sheet("Table 5", ["North East", "North West", "London", "Wales", "Black Country"], "Region"),
        "religions": sheet("Table 6", ["Christian", "Muslim", "Hindu", "Sikh", "Other", "None"]),
        "hate": sheet(
            "Table 7: Hate crime by strand",
            ["Race", "Religion", "Sexual orientation", "Disability", "Transgender", "Total"],
            "Motivating factor",
        ),
        "months": sheet(
            "Table 8: Days added", ["0-3", "4-6", "7-10", "12-17", "18-23", "24 and over"], "Length (months)"
        ),
        "convictions": sheet(
            "Table 9: Previous convictions",
            ["0", "1 - 2", "3 - 6", "7 - 10", "11 - 14", "15 or more"],
            "Previous offences",
        ),
        "scores": sheet("Table 10", ["0-24", "25-49", "50-74", "75-89", "90-99"], "OGRS4 score band"),
        "sentences": sheet(
            "Table 11: Sentence length",
            ["6 months or less", "12 months to less than 4 years", "4 to 10 years", "14 years or more", "Life"],
        ),
        "postcodes": sheet("Table 12", ["B15", "M14", "F21"], "Area code"),
        "grades": sheet("Table 13: Security category", ["A", "B", "C", "D", "E", "F", "M"]),
        "one": sheet("Table 14", ["All prisoners", "of which women", "Recalls"]),
        "estate": sheet("Table 15", ["Male establishment", "Local", "Female", "Category C"], "Predominant function"),
        "years": sheet(
            "Table 16: Deaths", [2018, 2019, 2020, 2021], "Year", ["Total deaths", "Homicides", "Self-inflicted"]
        ),
        "note": [
            *sheet("Table 17: Outcomes", ["Proved", "Dismissed", "Not proceeded with"]),
            [],
            ["Asian"],
            ["1. Asian and Black prisoners are counted in Table 3."],
            ["White, Mixed and Other groups are shown elsewhere; males and females are counted together."],
        ],
        "race": sheet(
            "Table 18: Complaints", ["Race", "Age", "Sex", "Pregnancy and maternity", "Disability"], "Complaint about"
        ),
        "children": sheet("Table 19: Prisoners by number of children", [0, 1, 2, 3, 4], "Number of children"),
        "status": sheet("Table 20", ["Single occupancy", "Double occupancy", "Separated"], "Cell type"),
    }
    answers = {name: truth() for name in sheets}
    answers["countries"] = truth("nationality")
    answers["religions"] = truth("religion")
    answers["one"] = truth(scope={})
    return Made("negatives", sheets, answers)


def _odd_places() -> Made:
    offset: Rows = [
        [],
        [None, "Figure 2: Sentenced population by ethnicity"],
        [None, "Counts are of people, rounded to the nearest five, and exclude people held on remand in any prison"],
        [],
        [],
        [None, "Sentence type", "Asian or\nAsian British", "Black or\nBlack British", "Mixed", "White", "Not\nStated"],
        *[[None, *row] for row in body(["Determinate", "Extended", "Life"], 5)],
        [None, "Source: prison-NOMIS"],
    ]
    untitled: Rows = []
    for title, corner, labels in (
        ("People released, by sex", "Sex", ["Male", "Female"]),
        ("People released, by religion", "Religion", ["Christian", "Muslim", "No religion"]),
        ("People released, by home area", "Area", ["London", "Wales"]),
    ):
        untitled += [[title], [corner, 2021, 2022, 2023], *body(labels, 3), ["Total", 5, 6, 7], []]
    as_text: Rows = [
        ["Table 3: Prisoners by sex"],
        [],
        ["Sex", "2021", "2022"],
        ["Male", "75,123", "76,001"],
        ["Female", "3,123", "3,201"],
    ]
    one_year: Rows = [["Table 4"], [], ["Ethnic group", 2024], *body(FIVE_AND_UNKNOWN, 1)]
    sideways: Rows = [
        ["Table 5: Outcomes by age"],
        [None, "Proved", None, "Dismissed", None],
        ["Age group", "Number", "Per cent", "Number", "Per cent"],
        *[[a, count(a), 0.4, count(a, 2), 0.6] for a in ("18-20", "21-24", "25-29", "30 and over", "Unknown")],
    ]
    letters: Rows = [["Table 6: Staff"], [], ["Grade", "M", "F", "Total"], *body(["Governor", "Officer"], 3)]
    text_dates: Rows = [
        ["Table 7: Remand population"],
        [],
        ["Date", "Male", "Female"],
        *[[dt.date(2024, m, 28), count(m), count(m, "f")] for m in range(1, 7)],
    ]
    return Made(
        "odd-places",
        {
            "offset": offset,
            "untitled": untitled,
            "as_text": as_text,
            "one_year": one_year,
            "sideways": sideways,
            "letters": letters,
            "text_dates": text_dates,
        },
        {
            "offset": truth("ethnicity", tables=1),
            "untitled": truth("sex", "religion", tables=3, periods=("2021-12-31", "2023-12-31")),
            "as_text": truth("sex", periods=("2021-12-31", "2022-12-31")),
            "one_year": truth("ethnicity", periods=("2024-12-31", "2024-12-31")),
            "sideways": truth("age"),
            "letters": truth("sex"),
            "text_dates": truth("sex", periods=("2024-01-28", "2024-06-28")),
        },
    )


def _nested() -> Made:
    inner: Rows = [["Table 1: Offences by sex"], [], ["Offence group", *YEARS]]
    for offence in OFFENCES:
        inner += [*body([offence], YEARS), *body(["Male", "Female", "Not known"], YEARS, offence)]
    ages: Rows = [["Table 2: Children by ethnicity and age"], [], ["Ethnicity and age", *YEARS]]
    for group in FIVE_AND_UNKNOWN:
        ages += [[group], *body(["10-14", "15-17"], YEARS, group), ["Total", 1, 2, 3]]
    sexes: Rows = [["Table 3: Adjudications by sex, age and ethnicity"], [], [None, *FIVE_AND_UNKNOWN, "Total"]]
    for sex in ("Male", "Female"):
        sexes += [[sex], *body(["18-20", "21-24", "25 and over"], 7, sex), []]
    two: Rows = [["Table 4: Detailed ethnicity"], [], ["Ethnic group", "Detailed ethnic group", *YEARS]]
    for parent, children in {
        "Asian": ["Indian", "Pakistani", "Chinese", "Other"],
        "Black": ["African", "Caribbean", "Other"],
        "White": ["British", "Irish", "Other"],
        "Not stated": ["Not stated"],
    }.items():
        two += [[parent if k == 0 else None, *row] for k, row in enumerate(body(children, YEARS, parent))]
    summary: Rows = [
        ["Offender equalities: summary of protected characteristics"],
        [],
        ["Characteristic", "Number", "%"],
        ["Sex", 80000, 1],
        ["Male", 76000, 0.95],
        ["Female", 4000, 0.05],
        ["Ethnic group", 80000, 1],
        *[[g, count(g), 0.2] for g in FIVE_AND_UNKNOWN],
        ["Religion", 80000, 1],
        *[[g, count(g), 0.2] for g in ("Christian", "Muslim", "Other", "No religion", "Not recorded")],
        ["Sexual orientation", 80000, 1],
        *[[g, count(g), 0.2] for g in ("Heterosexual", "LGB+", "Other", "Not disclosed")],
        ["Age", 80000, 1],
        *[[g, count(g), 0.2] for g in ("18-20", "21-24", "25-29", "30-39", "40-49", "50 and over")],
    ]
    return Made(
        "nested",
        {"inner": inner, "ages": ages, "sexes": sexes, "two": two, "summary": summary},
        {
            "inner": truth("sex"),
            "ages": truth("age", "ethnicity", crossed=[("age", "ethnicity")]),
            "sexes": truth("sex", "age", "ethnicity", crossed=[("sex", "age", "ethnicity")]),
            "two": truth("ethnicity"),
            "summary": truth("sex", "ethnicity", "religion", "sexual_orientation", "age"),
        },
    )


def _spellings() -> Made:
    def sheet(title: str, labels: Sequence[str], header: str | None = None) -> Rows:
        return [[title], [], [header, *YEARS], *body(labels, YEARS, title)]

    sheets = {
        "codes": sheet(
            "Stops by 16+1 code",
            [
                "W1 - White British",
                "W2 - White Irish",
                "W9 - Any other White background",
                "M1 - White and Black Caribbean",
                "A1 - Indian",
                "A2 - Pakistani",
                "B1 - Caribbean",
                "B2 - African",
                "O1 - Chinese",
                "NS - Not stated",
            ],
            "Self-defined ethnicity",
        ),
        "sixteen": sheet(
            "Table 2",
            [
                "White - British",
                "White - Irish",
                "White - Any other White background",
                "Mixed - White & Black Caribbean",
                "Mixed - White & Asian",
                "Asian - Indian",
                "Asian - Pakistani",
                "Asian - Bangladeshi",
                "Black - Caribbean",
                "Black - African",
                "Chinese",
                "Any other ethnic group",
                "Not stated",
            ],
        ),
        "youth": sheet("Table 3", ["Ethnic minority groups (excluding white minorities)", "White", "Unknown"]),
        "sentences": sheet(
            "Table 4",
            [
                "Number of Asian or Asian British prisoners",
                "Number of Black or Black British prisoners",
                "Number of White prisoners",
            ],
        ),
        "commas": sheet("Table 5", ["Female, aged 18 to 20", "Female, aged 21 and over", "Male, aged 18 to 20"]),
        "percents": sheet("Table 6", ["Male (%)", "Female (%)"]),
        "years": sheet("Table 7: Age", ["Under 10", "10-11", "12-14", "15-17", "18-25", "26-59", "Over 60", "Unknown"]),
        "older": sheet("Table 8", ["18 - 24 years old", "25 - 49 years old", "50+ years old"]),
        "impairment": sheet(
            "Table 9: Prisoners by disability status", ["Declared disability", "No declared disability", "Not known"]
        ),
        "women": sheet("Table 10", ["Men", "Women", "All people"]),
        "unknown_words": sheet("Table 11", ["Pagan", "Rastafarian", "Zoroastrian"], "Religion"),
        "status": sheet(
            "Table 12", ["Never married and never registered a civil partnership", "Married", "Divorced", "Widowed"]
        ),
        "units": sheet(
            "Table 13: Mothers",
            ["Pregnant", "In a mother and baby unit", "On maternity leave"],
            "Pregnancy and maternity",
        ),
    }
    names = {
        "codes": ("ethnicity",),
        "sixteen": ("ethnicity",),
        "youth": ("ethnicity",),
        "sentences": ("ethnicity",),
        "commas": ("age", "sex"),
        "percents": ("sex",),
        "years": ("age",),
        "older": ("age",),
        "impairment": ("disability",),
        "women": ("sex",),
        "unknown_words": ("religion",),
        "status": ("marriage_and_civil_partnership",),
        "units": ("pregnancy_and_maternity",),
    }
    answers = {name: truth(*found) for name, found in names.items()}
    answers["commas"] = truth("age", "sex", crossed=[("age", "sex")])
    return Made("spellings", sheets, answers)


def _elsewhere() -> Made:
    sheets: dict[str, Rows] = {}
    answers: dict[str, Truth] = {}
    measured = "measures: Value"

    def add(
        name: str,
        rows: Rows,
        found: set[str],
        crossed: Sequence[Iterable[str]] = (),
        scope: dict[str, str] | None = None,
    ) -> None:
        sheets[name] = rows
        answers[name] = truth(*found, crossed=crossed, scope=scope or {})

    add(
        "ts021",
        [
            [
                "date",
                "geography",
                "geography code",
                f"Ethnic group: Total: All usual residents; {measured}",
                f"Ethnic group: Asian, Asian British or Asian Welsh; {measured}",
                f"Ethnic group: Asian, Asian British or Asian Welsh: Bangladeshi; {measured}",
                f"Ethnic group: Black, Black British, Black Welsh, Caribbean or African; {measured}",
                f"Ethnic group: White; {measured}",
                f"Ethnic group: White: Roma; {measured}",
            ],
            [2021, "Hartlepool", "E06000001", *range(500, 506)],
            [2021, "Leeds", "E06000002", *range(700, 706)],
        ],
        {"ethnicity", "gypsy_roma_traveller"},
    )
    add(
        "ts030",
        [
            [
                "date",
                "geography",
                "geography code",
                "Religion: Total: All usual residents",
                "Religion: No religion",
                "Religion: Christian",
                "Religion: Buddhist",
                "Religion: Not answered",
            ],
            [2021, "Hartlepool", "E06000001", 95, 96, 970, 98, 99],
        ],
        {"religion"},
    )
    add(
        "ts077",
        [
            [
                "date",
                "geography",
                "geography code",
                "Sexual orientation: Total",
                "Sexual orientation: Straight or Heterosexual",
                "Sexual orientation: Gay or Lesbian",
                "Sexual orientation: Bisexual",
                "Sexual orientation: All other sexual orientations",
                "Sexual orientation: Not answered",
            ],
            [2021, "H", "E06000001", 95, 96, 970, 98, 99, 100],
        ],
        {"sexual_orientation"},
    )
    add(
        "ts078",
        [
            [
                "date",
                "geography",
                "geography code",
                "Gender identity: Total",
                "Gender identity: Gender identity the same as sex registered at birth",
                "Gender identity: Trans woman",
                "Gender identity: Trans man",
                "Gender identity: Not answered",
            ],
            [2021, "H", "E06000001", 95, 96, 970, 98, 99],
        ],
        {"gender_reassignment"},
    )
    add(
        "ts002",
        [
            [
                "date",
                "geography",
                "geography code",
                "Marital and civil partnership status: Total",
                "Marital and civil partnership status: Never married and never registered a civil partnership",
                "Marital and civil partnership status: Married or in a registered civil partnership",
                "Marital and civil partnership status: Divorced or civil partnership dissolved",
            ],
            [2021, "H", "E06000001", 95, 96, 970, 98],
        ],
        {"marriage_and_civil_partnership"},
    )
    add(
        "ts038",
        [
            [
                "date",
                "geography",
                "geography code",
                "Disability: Total",
                "Disability: Disabled under the Equality Act",
                "Disability: Disabled under the Equality Act: Day-to-day activities limited a lot",
                "Disability: Not disabled under the Equality Act",
            ],
            [2021, "H", "E06000001", 95, 96, 970, 98],
        ],
        {"disability"},
    )
    add(
        "selfharm",
        [
            ["Table 2.2 Self-harm incidents by age, England and Wales, 12 months ending December"],
            [],
            ["", 2021, 2022, 2023],
            ["Males"],
            *body(["15 - 17", "18 - 20", "21 - 24", "25 - 29", "60 and over", "Age unknown"], 3),
            [],
            ["Females"],
            *body(["15 - 17", "18 - 20", "21 - 24", "60 and over"], 3, "f"),
        ],
        {"age", "sex"},
        [("age", "sex")],
    )
    add(
        "stops",
        [
            [
                "financial_year",
                "force_name",
                "region",
                "legislation",
                "age_group",
                "sex",
                "self_defined_ethnicity",
                "officer_defined_ethnicity",
                "outcome",
                "number_of_searches",
            ],
            *[
                ["2022/23", "Kent", "South East", "PACE s1", a, s, e, o, "Arrest", count(a, s, e)]
                for a in ("10-17", "18-24", "25-34", "Over 34")
                for s in ("Male", "Female", "Other")
                for e, o in (
                    ("Asian or Asian British", "Asian"),
                    ("Black or Black British", "Black"),
                    ("White", "White"),
                    ("Not Stated", "Not stated"),
                )
            ],
        ],
        {"age", "sex", "ethnicity"},
        [("age", "sex", "ethnicity")],
    )
    add(
        "workforce",
        [
            ["Table 7: Police officers by rank and ethnicity (self-defined), 31 March 2023"],
            [],
            [
                "Rank",
                "White",
                None,
                "Ethnic minorities (excluding White minorities)",
                None,
                "Not stated",
                None,
                "Total",
            ],
            [None, "Male", "Female", "Male", "Female", "Male", "Female", None],
            *body(["Constable", "Sergeant", "Total"], 7),
        ],
        {"sex", "ethnicity"},
        [("sex", "ethnicity")],
    )
    add(
        "rows-year",
        [
            ["Table S1"],
            ["Year", "Ethnicity", "Sex", "Persons sentenced", "Custody rate"],
            *[
                [y, e, s, count(y, e, s), 0.3]
                for y in (2020, 2021)
                for e in ("White", "Black", "Asian", "Mixed", "Chinese or Other", "Unknown")
                for s in ("Male", "Female", "Unknown")
            ],
        ],
        {"sex", "ethnicity"},
        [("sex", "ethnicity")],
    )
    add(
        "flat-years",
        [["Table"], ["Offence", "Male 2019", "Male 2020", "Female 2019", "Female 2020"], *body(OFFENCES, 4)],
        {"sex"},
    )
    add(
        "pct",
        [
            ["Table 2: Percentage of defendants remanded"],
            [],
            ["Age group", "White (%)", "Black (%)", "Asian (%)", "Unknown (%)"],
            ["10-17", 0.1, 0.2, 0.3, 0.4],
            ["18-24", 0.1, 0.2, 0.3, 0.4],
            ["Total", 0.1, 0.2, 0.3, 0.4],
        ],
        {"age", "ethnicity"},
        [("age", "ethnicity")],
    )
    add(
        "both-blocks",
        [
            ["Table 8: Children in custody by legal basis and sex and ethnicity"],
            [
                "Month",
                "Boys",
                "Girls",
                None,
                "Asian",
                "Black",
                "Mixed Ethnicity",
                "Other Ethnicity",
                "White (including white minorities)",
                "Not Known",
                None,
                "Total",
            ],
            ["April 2024", 400, 10, None, 30, 110, 60, 10, 280, 10, None, 410],
            ["May 2024", 400, 10, None, 30, 110, 60, 10, 280, 10, None, 410],
            ["June 2024"],
        ],
        {"sex", "ethnicity"},
        scope={"age": "Children"},
    )
    add(
        "geo-list",
        [
            ["Table 9: Prisoners by home region"],
            [],
            ["Region", 2020, 2021],
            *body(["Asia", "Africa", "Europe", "Caribbean", "Middle East"], 2),
        ],
        set(),
    )
    add(
        "cob",
        [
            ["Table 9: Country of birth"],
            [],
            ["Country of birth", 2020, 2021],
            *body(["India", "China", "Ireland", "Jamaica", "Other"], 2),
        ],
        set(),
    )
    add(
        "sentence",
        [
            ["Table 9: Average custodial sentence length (months)"],
            [],
            ["Offence", "10-17", "18-20", "21+"],
            *body(OFFENCES, 3),
        ],
        {"age"},
    )
    add(
        "tariff",
        [
            ["Tariff length"],
            [],
            ["Tariff", "2020/21", "2021/22"],
            *body(["Less than 2 years", "2 - 4", "5 - 9", "10 - 14", "15 - 20", "20 and over"], 2),
        ],
        set(),
    )
    add(
        "youth-outcome",
        [
            ["Outcome by age"],
            ["Outcome", "10", "11", "12", "13", "14", "15", "16", "17", "Total"],
            *body(["Caution", "Custody"], 9),
        ],
        {"age"},
    )
    add(
        "youth-num",
        [
            ["Children cautioned by age"],
            ["Outcome", 10, 11, 12, 13, 14, 15, 16, 17, "Total"],
            *body(["Caution", "Custody"], 9),
        ],
        {"age"},
    )
    add(
        "deaths",
        [
            ["Deaths in prison custody"],
            [
                "Year",
                "Total",
                "Self-inflicted",
                "Homicide",
                "Male",
                "Female",
                "White",
                "Black or Black British",
                "Asian or Asian British",
                "18-24",
                "25-49",
                "50 and over",
            ],
            *body([2020, 2021, 2022], 11),
        ],
        {"sex", "ethnicity", "age"},
    )
    add(
        "two-ethnic-cols",
        [
            ["Stop and search by self-defined and officer-observed ethnicity"],
            ["Self-defined ethnicity", "Officer-observed ethnicity", "Searches"],
            *[[a, b, count(a, b)] for a in ("White", "Black", "Asian") for b in ("White", "Black", "Asian", "Other")],
        ],
        {"ethnicity"},
    )
    add(
        "religion-cols",
        [
            ["Religion by establishment"],
            ["Prison", "Christian", "Muslim", "Hindu", "Sikh", "Buddhist", "Jewish", "Other", "No religion", "Total"],
            *body(["Whitemoor", "Ford"], 9),
        ],
        {"religion"},
    )
    add(
        "notes-row",
        [
            ["Table 1: Prisoners by sex"],
            ["Note: Black and Asian people are shown in Table 2"],
            ["Sex", "June 2023", "June 2024"],
            ["Male", 80000, 81000],
            ["Female", 3000, 3100],
            ["Black and Asian are shown elsewhere"],
        ],
        {"sex"},
    )
    add(
        "england",
        [["Table 3: Offenders aged 18 and over by sex"], [], ["Sex", "2023"], ["Male", 1000], ["Female", 100]],
        {"sex"},
        scope={"age": "18 and over"},
    )
    add(
        "female-prisons",
        [
            ["Table 4: Female prison population by religion"],
            [],
            ["Religion", 2023, 2024],
            *body(["Christian", "Muslim", "No religion"], 2),
        ],
        {"religion"},
        scope={"sex": "female"},
    )
    add(
        "pivot",
        [
            ["Sex", "All"],
            ["Police Force Area", "All"],
            [],
            ["Count", "Year"],
            ["Offence", 2021, 2022, 2023],
            *body(OFFENCES, 3),
        ],
        set(),
    )
    add(
        "pivot2",
        [["Sex", "01: Male"], ["Age group", "All"], [], ["Offence", 2021, 2022, 2023], *body(OFFENCES, 3)],
        set(),
    )
    add(
        "ethnic-appear",
        [
            ["Table 5: Officer-identified ethnicity"],
            ["Ethnic appearance", "2021", "2022"],
            *[
                [x, count(x), count(x, 1)]
                for x in (
                    "White - North European",
                    "White - South European",
                    "Black",
                    "Asian",
                    "Chinese, Japanese, or South East Asian",
                    "Middle Eastern",
                    "Unknown",
                )
            ],
        ],
        {"ethnicity"},
    )
    add(
        "gaps",
        [
            ["Table 10: Prisoners by age"],
            [],
            [None, None, "2022", None, None, "2023"],
            ["Age", "", "Male", "Female", None, "Male", "Female"],
            ["18-20", None, 100, 20, None, 100, 30],
            ["21-24", None, 200, 20, None, 100, 30],
            ["25+", None, 300, 20, None, 100, 30],
        ],
        {"age", "sex"},
        [("age", "sex")],
    )
    add(
        "tribunal",
        [
            ["Table 6: Judges"],
            [
                "Post",
                "Asian and Asian British",
                "Black and Black British",
                "Mixed",
                "Other",
                "White",
                "Unknown",
                "% ethnic minority",
            ],
            *body(["Judge", "Recorder"], 7),
        ],
        {"ethnicity"},
    )
    add(
        "asian-only",
        [["Asian offenders by age"], ["Age", 2022, 2023], *body(["18-20", "21-24", "25 and over"], 2)],
        {"age"},
        scope={"ethnicity": "Asian"},
    )
    add(
        "lone",
        [
            ["Prisoners by disability"],
            ["Disability type", "2023"],
            *[
                [x, count(x)]
                for x in (
                    "Mobility",
                    "Hearing",
                    "Visual",
                    "Mental health",
                    "Learning disability",
                    "No disability",
                    "Not known",
                )
            ],
        ],
        {"disability"},
    )
    return Made("elsewhere", sheets, answers)


def made() -> list[Made]:
    """Every workbook."""
    return [
        _accessible(),
        _margins(),
        _header_levels(),
        _several_tables(),
        _sheets_of_groups(),
        _open_data(),
        _labels_once(),
        _blocks(),
        _ages(),
        _characteristics(),
        _negatives(),
        _odd_places(),
        _nested(),
        _spellings(),
        _elsewhere(),
    ]


def write(workbook: Made, folder: Path, kind: str) -> list[Path]:
    """The workbook as `xlsx` or `ods`, or as one `csv` a sheet."""
    if kind == "csv":
        return [_csv(folder / f"{name}.csv", rows) for name, rows in workbook.sheets.items()]
    path = folder / f"{workbook.name}.{kind}"
    (_xlsx if kind == "xlsx" else _ods)(path, workbook.sheets)
    return [path]


def _xlsx(path: Path, sheets: dict[str, Rows]) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for r, row in enumerate(rows, start=1):
            for c, cell in enumerate(row, start=1):
                if cell is not None:
                    sheet.cell(r, c, cell)
    book.save(path)


def _ods(path: Path, sheets: dict[str, Rows]) -> None:
    from odfdo import Cell as OdfCell
    from odfdo import Document, Row, Table

    document = Document("spreadsheet")
    document.body.clear()
    for name, rows in sheets.items():
        table = Table(name)
        for values in rows:
            row = Row()
            for value in values:
                row.append_cell(OdfCell(value) if value is not None else OdfCell())
            table.append_row(row)
        document.body.append(table)
    document.save(path)


def _csv(path: Path, rows: Rows) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        out = csv.writer(stream, lineterminator="\r\n")
        out.writerows([["" if c is None else c for c in row] for row in rows])
    return path
