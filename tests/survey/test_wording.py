"""The grammar around labels: headings, titles, and labels that say several things."""

import pytest

from pipelines.labels import constants, heading_of, is_rate, mentioned, several


@pytest.mark.parametrize(
    ("heading", "named"),
    [
        ("Self-defined ethnicity", ("ethnicity", True)),
        ("self_defined_ethnicity_group", ("ethnicity", True)),
        ("Ethnic group (16+1)", ("ethnicity", True)),
        ("Sex of defendant", ("sex", False)),
        ("By age group:", ("age", True)),
        ("Gypsy/Roma/Traveller", ("gypsy_roma_traveller", True)),
        ("Sex offences", (None, False)),
        ("Race hate crime", (None, False)),
        ("Establishment", (None, False)),
    ],
)
def test_a_heading_names_a_characteristic_or_none(heading: str, named: tuple[str | None, bool]) -> None:
    assert heading_of(heading) == named


@pytest.mark.parametrize(
    ("label", "says"),
    [
        ("Black RRI", {"ethnicity": "Black"}),
        ("Males aged 15-17", {"sex": "male", "age": "15-17"}),
        ("Asian - Remand", {"ethnicity": "Asian", "legal_status": "remand"}),
        ("Female, aged 18 to 20", {"sex": "female", "age": "18-20"}),
        ("Number of Black or Black British prisoners", {"ethnicity": "Black"}),
        ("Percentage female (%)", {"sex": "female"}),
        ("White Collar crime", {}),
        ("Black Country", {}),
        ("Whitemoor", {}),
        ("Rape of a female aged 16 and over", {}),
        ("Asian and Black prisoners are counted in Table 3.", {}),
    ],
)
def test_a_label_says_what_all_its_parts_say_or_nothing(label: str, says: dict[str, str]) -> None:
    assert {m.dimension: m.category for m in several(label)[0]} == says


def test_a_part_may_be_a_period() -> None:
    meanings, period = several("Male - 2019/20")
    assert [m.category for m in meanings] == ["male"]
    assert period is not None and period.end.isoformat() == "2020-03-31"


@pytest.mark.parametrize(
    ("title", "scope"),
    [
        ("Table 3: Males by offence", {"sex": "male"}),
        ("Prison population: women; 30 June 2022", {"sex": "female"}),
        ("MYE2 - Females", {"sex": "female"}),
        ("Prison population by ethnic group and sex, males and females", {}),
        ("Violence against women", {}),
        ("Black prisoners by offence", {"ethnicity": "Black"}),
        ("White collar crime by offence", {}),
        ("Prison population under 21 by type of custody", {"age": "under 21"}),
    ],
)
def test_a_title_may_say_that_everyone_in_it_is_of_one_group(title: str, scope: dict[str, str]) -> None:
    assert {m.dimension: m.category for m in constants(title)} == scope


def test_what_a_title_mentions() -> None:
    assert mentioned("Prison population by age, sex and ethnic group") == {"age", "sex", "ethnicity"}
    assert mentioned("Average stage of proceedings") == frozenset()


def test_rates_are_told_from_counts() -> None:
    assert is_rate("Arrest rate per 1,000 population") and is_rate("Black Significance") and is_rate("%")
    assert not is_rate("Number") and not is_rate("Immediate custody")
