"""Which edition a title names, in the ways that titles are written."""

import pytest

from pipelines.look.titles import edition_id, period_of, series_words


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Offender management statistics quarterly: April to June 2024", "2024-Q2"),
        ("Offender management statistics quarterly - January - March 2013", "2013-Q1"),
        ("Offender management statistics (quarterly) – April to June 2013", "2013-Q2"),
        ("Offender management statistics (quarterly) - October-December 2013 and Annual", "2013-Q4"),
        ("Proven reoffending statistics: July 2016 to September 2016", "2016-Q3"),
        ("First time entrants (FTE) into the Criminal Justice System Q3 2021", "2021-Q3"),
        ("Safety in custody: quarterly update to June 2024", "2024-06"),
        ("HMPPS COVID-19 statistics : February 2023", "2023-02"),
        ("Criminal Justice System statistics quarterly: March 2024", "2024-03"),
        ("Hate crime, England and Wales, year ending March 2024", "2023-24"),
        ("Hate crime, England and Wales, 2022 to 2023 second edition", "2022-23"),
        ("NOMS Offender Equalities Annual Report 2012 -2013", "2012-13"),
        ("Racist incidents, England and Wales 2011/12", "2011-12"),
        ("Women in the criminal justice system 2009-10", "2009-10"),
        ("Deaths of offenders in the community, annual update to March 2024", "2023-24"),
        ("Police powers and procedures, year ending 31 March 2019", "2018-19"),
        ("First time entrants and Offender Histories: year ending December 2023", "2023"),
        ("Ethnicity and the Criminal Justice System 2022", "2022"),
        ("Local adult reoffending: January 2013 to December 2013", "2013"),
        ("First time entrants: year ending June 2022", "2021-07--2022-06"),
        ("Local adult reoffending - 1 July 2012 - 30 June 2013", "2012-07--2013-06"),
        ("Characteristics of Prolific Offenders, 2000-2021", "2000-01--2021-12"),
        ("Population Bulletin - Weekly 28 December 2012", "2012-12-28"),
        ("Prison Population: 30 June 2022 annual tables", "2022-06-30"),
        ("Prison population figures: 2023", "2023"),
    ],
)
def test_the_period_in_a_title_names_the_edition(title: str, name: str) -> None:
    period = period_of(title)
    assert period is not None
    assert edition_id(period) == name


@pytest.mark.parametrize(
    "title",
    [
        "A guide to criminal court statistics",
        "Youth custody data",
        "Table 2010a",
        "",
        "1850",
    ],
)
def test_a_title_without_a_period_names_no_edition(title: str) -> None:
    assert period_of(title) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Her Majesty’s Prison and Probation Service workforce quarterly: March 2022",
            "HM Prison & Probation Service workforce quarterly: June 2023",
        ),
        (
            "HMPPS Offender Equalities Annual Report 2022 to 2023",
            "NOMS annual offender equalities report: 2016 to 2017",
        ),
    ],
)
def test_a_publisher_that_changes_its_name_does_not_change_the_series(one: str, other: str) -> None:
    assert series_words(one) == series_words(other) != frozenset()


def test_two_series_of_one_collection_are_told_apart() -> None:
    crime, incidents = "Hate crimes, England and Wales 2011 to 2012", "Racist incidents, England and Wales 2011/12"
    assert series_words(crime) != series_words(incidents)
