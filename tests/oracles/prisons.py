"""The prison population workbooks: 2020, 2022 and 2023, the same tables with other rows left blank."""

import re
from collections.abc import Iterator, Mapping, Sequence

from .said import (
    NOT_ASKED,
    AsPublished,
    Level,
    Said,
    Scope,
    cell,
    date,
    day,
    down,
    plain,
    rows,
    year,
)
from .words import BROAD, DETAILED, RELIGION, SEX, age

MARKS = {"-": "not_applicable", "..": "not_available", "*": "suppressed"}
SEXES: Mapping[str, Scope] = {k: {"sex": SEX[k]} for k in ("males and females", "males", "females")}
TOTAL_THEN_SEXES = {"total": {"sex": "all"}, "males": {"sex": "male"}, "females": {"sex": "female"}}
AGES: Mapping[str, Scope] = {
    "adults": {"age": "Adults"}, "18-20 year olds": {"age": "18-20"}, "15-17 year olds": {"age": "15-17"},
    # because these rows, printed after the last age, count everybody of the sex
    "all population in custody": {"setting": "all population in custody"}, "prisons": {"setting": "prisons"},
    "police cells": {"setting": "police cells"}, "secure children's homes": {"setting": "homes"},
    "secure training centres": {"setting": "centres"},
}  # fmt: skip
CUSTODY: Mapping[str, Scope] = {
    name: {"custody": name}
    for name in ("remand", "untried", "convicted unsentenced", "sentenced", "non-criminal prisoners")
}
NATIONALITIES: Mapping[str, Scope] = {
    "all nationalities": {}, "total": {}, "british nationals": {"nationality": "British"},
    "foreign nationals": {"nationality": "Foreign"}, "nationality not recorded": {"nationality": "Not recorded"},
}  # fmt: skip
UNKNOWN: Mapping[str, Scope] = {
    "not stated": {"ethnicity": "Not stated"}, "unrecorded": {"ethnicity": "Not recorded"},
    "ethnic group not recorded": {"ethnicity": "Not recorded"},
    "1991 census ethnic codes": {"ethnicity": "1991 Census codes"},
}  # fmt: skip
GROUPS: Mapping[str, Scope] = {**{k: {"ethnicity": v} for k, v in BROAD.items()}, **UNKNOWN}
RELIGIONS: Mapping[str, Scope] = {k: {"religion": v} for k, v in RELIGION.items()}


def _ages(label: str, said: Scope) -> Scope | None:
    return {"age": age(label)} if re.match(r"\d|aged \d", label) and "year" not in label else None


def _detailed(label: str, said: Scope) -> Scope | None:
    found = DETAILED.get(said.get("ethnicity", "")) or next(
        (d for d in DETAILED.values() if said.get("ethnicity") in d.values()), {}
    )
    return {"ethnicity": found[label]} if label in found else None


def _nation(label: str, said: Scope) -> Scope | None:
    return {"nationality": AsPublished(label)} if not label.startswith(("notes", "from 30")) else None


def workbook(file: str, first: int, held: Sequence[str] = ()) -> Iterator[Said]:
    """Every table; `first` is the header row of most. `held` names the sheets of an edition cut short."""
    plainly: dict[str, tuple[Sequence[Level], str]] = {
        "A1_1": ((SEXES, AGES, CUSTODY), "sentence"),
        "A1_3i(a)": ((SEXES, AGES), "offence"),
        "A1_3i(b)": ((SEXES, AGES), "offence"),
        "A1_3ii": ((SEXES, AGES), "offence"),
        "A1_4i": ((SEXES, AGES), "offence"),
        "A1_4ii": ((SEXES, AGES), "offence"),
        "A1_5i": ((SEXES,), "offence"),
        "A1_5ii": ((SEXES,), "offence"),
        "A1_7": ((SEXES, CUSTODY, _ages), ""),
        "A1_9i": ((SEXES, NATIONALITIES, GROUPS), ""),
        "A1_9ii": ((SEXES, GROUPS, _detailed), ""),
        "A1_10": ((TOTAL_THEN_SEXES, RELIGIONS), ""),
        "A1_11": ((NATIONALITIES, CUSTODY), "sentence"),
        "A1_12ii": ((NATIONALITIES, _nation), ""),
        "A1_18": ((SEXES,), "committal"),
    }
    for sheet, (levels, others) in plainly.items():
        if not held or sheet in held:
            yield from down(file, sheet, levels, head=first, marks=MARKS, others=others)
    if held:
        return
    yield from _under_21(file, first)
    yield from _averages(file, first)
    yield from _sentences(file, first)
    yield from _nations_by_sex(file, first)
    yield from _establishments(file, first)
    yield from _indeterminate(file, first)


def _under_21(file: str, first: int) -> Iterator[Said]:
    """Its title limits the rows of a whole sex to those under 21."""
    whole = {k: {**v, "age": NOT_ASKED} for k, v in SEXES.items()}
    yield from down(file, "A1_8", (whole, _ages), head=first, marks=MARKS, others="custody")


def _averages(file: str, first: int) -> Iterator[Said]:
    for r, line in enumerate(rows(file, "A1_2")):
        if r >= first and (m := re.match(r"(\d{4})(?:\.0)?(?:\(\d\))?$", str(line[0]))):
            for j, sex in ((1, "male"), (2, "female"), (3, "all")):
                yield cell(file, "A1_2", r, j, (float(line[j]), "published"), {"sex": sex}, year(m[1], "unknown"))
            share = (float(line[4]), "published")
            over = {"sex": NOT_ASKED}
            yield cell(file, "A1_2", r, 4, share, over, year(m[1], "unknown"), measure="share", unit="percent")


def _sentences(file: str, first: int) -> Iterator[Said]:
    """Sentence lengths by offence, on the day in the title."""
    when = day(2000 + int(file[file.index("_Annual") - 2 : file.index("_Annual")]), 6, 30)
    header = rows(file, "A1_6")[first - 1]
    heads = {
        j: (when, {} if plain(h) == "total" else {"offence": str(h)}) for j, h in enumerate(header) if j and plain(h)
    }
    yield from down(file, "A1_6", (SEXES,), head=first + 1, heads=heads, marks=MARKS, others="sentence")


def _nations_by_sex(file: str, first: int) -> Iterator[Said]:
    """Three columns a date: the date stands over the first of them."""
    grid = rows(file, "A1_12i")
    heads, when = {}, None
    for j, sex in enumerate(grid[first]):
        when = date(grid[first - 1][j]) or when
        if when is not None and plain(sex) in ("male", "female", "all"):
            heads[j] = (when, {"sex": SEX[plain(sex)]})
    yield from down(file, "A1_12i", (NATIONALITIES, _nation), head=first + 2, heads=heads, marks=MARKS)


def _establishments(file: str, first: int) -> Iterator[Said]:
    """Prisons under the sex they hold; then centres for immigration removal, then everything."""
    totals = {
        "males": {"sex": "male"}, "females": {"sex": "female"},
        "hmpps operated immigration removal centres (ircs)": {"sex": NOT_ASKED, "setting": "removal centres"},
        "all establishments": {},
    }  # fmt: skip

    def whole(label: str, said: Scope) -> Scope | None:
        return {} if label.startswith("total ") else None

    yield from down(file, "A1_13", (totals, whole), head=first, marks=MARKS, others="establishment")


def _indeterminate(file: str, first: int) -> Iterator[Said]:
    tariffs: Level = {
        name: {"tariff": name}
        for name in (
            "tariff expiry date and length not available", "tariff expiry date not passed",
            "tariff expiry date passed", "tariff expiry date not available",
        )
    }  # fmt: skip
    kinds: Level = {
        "all indeterminate sentenced prisoners": {}, "life (all variations)": {"kind of sentence": "life"},
        "indeterminate sentence for public protection": {"kind of sentence": "public protection"},
    }  # fmt: skip
    yield from down(file, "A1_14", (kinds, tariffs), head=first, marks=MARKS, others="tariff length")
    sheet = "A1_15-A1_17"
    grid = rows(file, sheet)
    titles = [r for r, line in enumerate(grid) if re.match(r"Table A1\.1[567]", str(line[0]))]
    kind = "kind of sentence"
    yield from down(file, sheet, (SEXES,), head=first, last=titles[1], marks=MARKS, others=kind)
    when = next(w for c in reversed(rows(file, "A1_1")[first - 1][1:]) if (w := date(c)) is not None)
    for title, end in ((titles[1], titles[2]), (titles[2], len(grid))):
        head = next(r for r in range(title + 1, end) if sum(bool(plain(c)) for c in grid[r]) > 3)
        heads = {j: (when, _column(plain(c))) for j, c in enumerate(grid[head]) if j and plain(c)}
        yield from down(file, sheet, (SEXES,), head=head + 2, last=end, heads=heads, marks=MARKS, others=kind)


def _column(label: str) -> Scope:
    if label in ("total", "all ages"):
        return {}
    return GROUPS.get(label) or {"age": age(label)}
