"""Which published file has an independent reading, and where that reading is written."""

from collections.abc import Iterable, Iterator
from functools import partial

from . import abroad, deaths, home_office, long, prisons
from .said import Reading, Said


def _each(reading: object, *files: str) -> Iterable[tuple[str, Reading]]:
    """The same way of reading for several files."""
    assert callable(reading)
    return ((file, partial(reading, file)) for file in files)


_CENSUS_2011 = "ons-census/census2011-dc2101ew"
_CENSUS_2021 = "ons-census/census2021"
_DERIVED = "ons-census/derived_ew_totals__"
_SEX, _AGE = f"{_CENSUS_2021}_ethnic20_by_sex_la__EthnicGroup.csv", f"{_CENSUS_2021}_ethnic20_by_single_age__census.csv"
_CUT = "moj/Population_30June2020_Annual.xlsx"

READINGS: dict[str, Reading] = dict(
    [
        *_each(long.adjudications, "moj/AdjudicationsQ32022.csv", "moj/AdjudicationsQ12023.csv"),
        *_each(long.probation, "moj/caseloadQ12023.csv", "moj/startsQ12023.csv"),
        *_each(long.data_tool, "moj/Population_data_tool_20230630.xlsx"),
        (_CUT, partial(prisons.workbook, _CUT, 3, ("A1_7", "A1_11"))),
        *_each(partial(prisons.workbook, first=3), "moj/Population_30June2022_Annual.xlsx"),
        *_each(partial(prisons.workbook, first=2), "moj/Population_30June2023_Annual.ods"),
        (deaths.FILE, deaths.deaths),
        (home_office.ARRESTS, home_office.arrests),
        (home_office.FORCE, home_office.use_of_force),
        *_each(partial(home_office.workforce, last=6), "home-office/police-workforce-tables-sep16.ods"),
        *_each(partial(home_office.workforce, last=7), "home-office/police-workforce-tables-jan17.ods"),
        *_each(long.custody_rate, "ethnicity-facts-figures/custody-rate.csv"),
        *_each(long.local_authorities, "ethnicity-facts-figures/ethnic-population-by-local-authority.csv"),
        *_each(long.nomis, "ons-census/la-ethnic-groups.csv", f"{_CENSUS_2021}-ts007-ctry.csv"),
        *_each(long.nomis, f"{_CENSUS_2011}-countries.csv", f"{_CENSUS_2011}-regions.csv"),
        *_each(long.nomis, f"{_CENSUS_2011}-localAuthorities.csv"),
        *_each(long.census_by_age, f"{_CENSUS_2021}-RM032-england-and-wales.csv"),
        *_each(partial(long.wide_census, labels="sex"), _SEX),
        *_each(partial(long.wide_census, labels="age"), _AGE),
        *_each(long.derived, f"{_DERIVED}disability21_lsoa21_ew.csv", f"{_DERIVED}religion21_lsoa21.csv"),
        *_each(long.derived, f"{_DERIVED}sexualorientation21_msoa21_ew.csv"),
        *_each(long.mid_year, "ons-census/ukmidyearestimates20192020ladcodes.xls"),
        *_each(abroad.prisoners_by_year, "abroad/bjs_p18t01.csv", "abroad/bjs_p18t03.csv"),
        *_each(abroad.prisoners_by_state, "abroad/bjs_p08at05.csv"),
        *_each(abroad.releases, "abroad/bjs_p20stt09.csv"),
        (abroad.SCOTLAND, abroad.census),
        (abroad.AUSTRALIA, abroad.corrective_services),
    ]
)


def read_again(file: str) -> Iterator[Said]:
    """Every cell that the independent reading of a file covers."""
    yield from READINGS[file]()
