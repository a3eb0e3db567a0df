"""Safety in custody: deaths 1978 to 2018, eighteen tables of calendar years."""

import re
from collections.abc import Iterator, Mapping

from .said import Across, AsPublished, Level, Said, Scope, down, plain, rows, year
from .words import BROAD, age

FILE = "moj/safety-in-custody-Deaths-dec-18.ods"
MARKS = {"-": "not_applicable", "..": "not_available"}
SEXES: Mapping[str, Scope] = {"males and females": {}, "males": {"sex": "male"}, "females": {"sex": "female"}}
TOTAL: Mapping[str, Scope] = {"total": {}, "total deaths": {}, "all deaths": {}, "all causes": {}}
FIRST = 7
BY_SEX_AND = {
    "1_8_Self-inflicted_by_offence": "offence", "1_11_Self-inflicted_sentence": "sentence",
    "1_12_Self-inflicted_by_method": "method", "1_13_Self-inflicted_ligatures": "ligature",
    "1_14Self-inflicted_ligature_pts": "ligature point", "1_2_Deaths_by_gender": "cause",
}  # fmt: skip
BY_PRISON = ("1_16_Self-inflicted_by_prison", "1_17_Natural_causes_by_prison", "1_18_Deaths_by_prison")


def deaths() -> Iterator[Said]:
    for sheet, others in BY_SEX_AND.items():
        yield from _table(sheet, SEXES, others=others)
    for sheet in ("1_6_Self-inflicted_by_age", "1_15_Natural_causes_by_age"):
        yield from _table(sheet, SEXES, _ages)
    yield from _table("1_3_Deaths_by_age", _cause_of_all, _ages)
    yield from _table("1_9_Self-inflicted_by_ethnicity", SEXES, {k: {"ethnicity": v} for k, v in BROAD.items()})
    yield from _table("1_10_Self-inflicted_nationality", SEXES, _nationality)
    for sheet in BY_PRISON:
        yield from _table(sheet, others="establishment")
    blocks = {"time in custody": {"time in": "custody"}, "time in current prison": {"time in": "prison"}}
    yield from _table("1_7_Self-inflicted_by_time_in", blocks, others="time")
    sheet = "1_1_Deaths_by_calendar_year"
    yield from _table(sheet, SEXES, others="cause", last=13)
    yield from _table(sheet, {"population4": {}}, first=15, last=15, measure="population", kind="unknown")
    yield from _table(sheet, others="cause", first=18, last=21, measure="rate", unit="rate")
    sheet = "1_4_Deaths_elsewhere"
    of_which = {"of which occurring in hospitals, hospices or nursing homes": {"where": "hospital"}}
    yield from _table(sheet, {"deaths in prison custody": {}, **of_which}, others="cause", last=23)
    yield from _table(sheet, others="cause", first=26, last=28, measure="share", unit="percent")
    sheet = "1_5_Self-inflicted_by_gender"
    yield from _table(sheet, SEXES, first=8, last=10, measure="population", kind="unknown")
    yield from _table(sheet, SEXES, first=13, last=15)
    yield from _table(sheet, SEXES, first=18, last=20, measure="rate", unit="rate")


def _table(
    sheet: str,
    *levels: Level,
    others: str = "",
    first: int = FIRST,
    last: int = 0,
    measure: str = "deaths",
    unit: str = "count",
    kind: str = "flow",
) -> Iterator[Said]:
    """Rows `first` to `last` under the years of row 5; a last row of none is that before the notes."""
    grid = rows(FILE, sheet)
    years: Across = {j: (year(int(c), kind), {}) for j, c in enumerate(grid[4]) if isinstance(c, float)}
    end = last or next(r for r, line in enumerate(grid) if str(line[0]).startswith(("(1)", "Data Sources")))
    for said in down(
        FILE, sheet, (*levels, TOTAL), head=first, heads=years, marks=MARKS, last=end, others=others, unit=unit
    ):
        yield said._replace(measure=measure)


def _ages(label: str, said: Scope) -> Scope | None:
    if label == "age unknown":
        return {"age": "Unknown"}
    return {"age": age(label)} if re.match(r"\d", label) else None


def _cause_of_all(label: str, said: Scope) -> Scope | None:
    head, _, cause = label.partition(": ")
    if head != "males and females":
        return None
    return {} if cause == "all causes" else {"cause": cause}


def _nationality(label: str, said: Scope) -> Scope | None:
    if label == "uk national":
        return {"nationality": "British"}
    return {"nationality": AsPublished(re.sub(r"[\d,]+$", "", label))} if "national" in plain(label) else None
