"""Labels of police, bilingual and older tables mean what their publishers mean; who observed them is told apart."""

import pytest

from monitor.vocabulary import (
    best_classification,
    dimension_of,
    identification_of,
    meanings,
    of_which,
    officer_observed,
)


@pytest.mark.parametrize(
    ("label", "dimension", "category"),
    [
        ("W1 - British", "ethnicity", "White British"),
        ("W9 - Any other White background", "ethnicity", "White other"),
        ("M1 - White and Black Caribbean", "ethnicity", "Mixed White and Black Caribbean"),
        ("B9 - Any other Black background", "ethnicity", "Black other"),
        ("O1 - Chinese", "ethnicity", "Chinese"),
        ("O9 - Any other ethnic group", "ethnicity", "Any other ethnic group"),
        ("NS - Not stated", "ethnicity", "Not stated"),
        ("IC1 - White North European", "ethnicity", "White North European"),
        ("IC2 - White South European", "ethnicity", "White South European"),
        ("IC3 - Black", "ethnicity", "Black"),
        ("IC9 - Unknown", "ethnicity", "Unknown"),
        ("White: Gypsy, Roma or Irish Traveller", "ethnicity", "Gypsy, Roma or Irish Traveller"),
        ("White / Gwyn", "ethnicity", "White"),
        ("Black / Du", "ethnicity", "Black"),
        ("Other / Arall", "ethnicity", "Other"),
        ("Benyw", "sex", "female"),
        ("Total / Cyfanswm", "sex", "all"),
        ("of which: White British", "ethnicity", "White British"),
        ("Mixed Race", "ethnicity", "Mixed"),
        ("White minorities", "ethnicity", "White minorities"),
        ("Don't know", "ethnicity", "Not known"),
        ("Not known / stated", "ethnicity", "Unknown"),
        ("Missing/unknown", "sex", "Not stated or not recorded"),
        ("X", "sex", "other"),
        ("Other", "sex", "other"),
        ("All offences", "offence", "all"),
        ("A British National", "nationality", "British"),
        ("F Not recorded", "ethnicity", "Not recorded"),
        ("06 Drug offences", "offence", "drug_offences"),
    ],
)
def test_what_a_label_means(label: str, dimension: str, category: str) -> None:
    assert [meaning.category for meaning in meanings(label, dimension)] == [category]


@pytest.mark.parametrize(
    "label", ["M - Asian", "F - Asian", "F White", "W1 - Irish", "White / Black", "A1", "Sub-total"]
)
def test_what_may_mean_something_else_is_not_read(label: str) -> None:
    assert meanings(label) == ()


@pytest.mark.parametrize(("label", "rest"), [("of which: White British", "White British"), ("White British", None)])
def test_a_lead_in_says_that_a_label_is_part_of_another(label: str, rest: str | None) -> None:
    assert of_which(label) == rest


def test_what_officers_saw_is_told_from_what_people_said() -> None:
    assert officer_observed("IC1 - White North European")
    assert not officer_observed("W1 - British")
    assert identification_of("Officer-defined ethnicity") == "officer"
    assert identification_of("Ethnic appearance") == "officer"
    assert identification_of("Officer perceived disability") == "officer"
    assert identification_of("Self-defined ethnicity") == "self"
    assert identification_of("Ethnicity") is None
    assert identification_of("Self-defined and officer-defined ethnicity") is None


def test_a_heading_in_two_languages_names_one_dimension() -> None:
    assert dimension_of("Ethnic group / Grŵp ethnig") == "ethnicity"
    assert dimension_of("Sex / Ethnicity") is None


def test_white_divided_in_two_is_still_the_binary_classification() -> None:
    groups = ["White", "White British", "White minorities", "Ethnic minorities (excluding White minorities)"]
    assert best_classification("ethnicity", groups) == ("binary", "exact")
