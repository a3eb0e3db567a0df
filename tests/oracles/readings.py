"""Which published file has an independent reading, and where that reading is written."""

from collections.abc import Iterator
from functools import partial

from . import long, prisons
from .said import Reading, Said

CENSUS = "ons-census/census20"
READINGS: dict[str, Reading] = {
    file: partial(reading, file, *more)
    for file, reading, *more in [
        ("moj/AdjudicationsQ32022.csv", long.adjudications),
        ("moj/AdjudicationsQ12023.csv", long.adjudications),
        ("moj/caseloadQ12023.csv", long.probation),
        ("moj/startsQ12023.csv", long.probation),
        ("moj/Population_data_tool_20230630.xlsx", long.data_tool),
        ("moj/Population_30June2020_Annual.xlsx", prisons.workbook, 3, ("A1_7", "A1_11")),
        ("moj/Population_30June2022_Annual.xlsx", prisons.workbook, 3),
        ("moj/Population_30June2023_Annual.ods", prisons.workbook, 2),
        ("ethnicity-facts-figures/custody-rate.csv", long.custody_rate),
        ("ethnicity-facts-figures/ethnic-population-by-local-authority.csv", long.local_authorities),
        ("ons-census/la-ethnic-groups.csv", long.nomis),
        (f"{CENSUS}11-dc2101ew-countries.csv", long.nomis),
        (f"{CENSUS}11-dc2101ew-regions.csv", long.nomis),
        (f"{CENSUS}11-dc2101ew-localAuthorities.csv", long.nomis),
        (f"{CENSUS}21-ts007-ctry.csv", long.nomis),
        (f"{CENSUS}21-RM032-england-and-wales.csv", long.census_by_age),
        (f"{CENSUS}21_ethnic20_by_sex_la__EthnicGroup.csv", long.wide_census, "sex"),
        (f"{CENSUS}21_ethnic20_by_single_age__census.csv", long.wide_census, "age"),
        ("ons-census/derived_ew_totals__disability21_lsoa21_ew.csv", long.derived),
        ("ons-census/derived_ew_totals__religion21_lsoa21.csv", long.derived),
        ("ons-census/derived_ew_totals__sexualorientation21_msoa21_ew.csv", long.derived),
    ]
}


def read_again(file: str) -> Iterator[Said]:
    """Every cell that the independent reading of a file covers."""
    yield from READINGS[file]()
