"""Any label can be asked what it means; what is not known is said to be unknown and is never taken for
Other.
"""

import pytest

from monitor.vocabulary import (
    CHARACTERISTICS,
    DIMENSIONS,
    PROTECTED,
    Meaning,
    UnknownWord,
    categories,
    category,
    closest,
    dimension_of,
    meanings,
    ordered,
)


def only(label: str, dimension: str, parent: str | None = None) -> str:
    """The one category `label` has in `dimension`."""
    found = meanings(label, [dimension], parent)
    assert len(found) == 1, (label, found)
    return found[0].category


def test_the_nine_stand_in_the_order_of_the_act_and_three_beside_them() -> None:
    assert PROTECTED == (
        "age",
        "disability",
        "gender_reassignment",
        "marriage_and_civil_partnership",
        "pregnancy_and_maternity",
        "ethnicity",
        "religion",
        "sex",
        "sexual_orientation",
    )
    beside = [each.id for each in CHARACTERISTICS if not each.protected]
    assert beside == ["nationality", "gypsy_roma_traveller", "learning_disability"]
    assert {each.id: each.act_name for each in CHARACTERISTICS}["ethnicity"] == "race"


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Asian/ Asian British(2)", "Asian"),
        ("asian / asian british", "Asian"),
        ("a Asian or Asian British", "Asian"),
        ("Asian (or Asian British)", "Asian"),
        ("2019/20 onwards - Asian or Asian British", "Asian"),
        ("Asian, Asian British or Asian Welsh: Indian", "Indian"),
        ("Asian or Asian British - Pakistani", "Pakistani"),
        ("Asian Other", "Asian other"),
        ("Black/ African/ Caribbean/ Black British", "Black"),
        ("Black, Black British, Black Welsh, Caribbean or African: African", "Black African"),
        ("Black, Black British, Black Welsh, Caribbean or African: Other Black", "Black other"),
        ("Caribbean", "Black Caribbean"),
        ("  Mixed  ", "Mixed"),
        ("Mixed Ethnicity", "Mixed"),
        ("Mixed/ Multiple ethnic groups", "Mixed"),
        ("Mixed White And Asian", "Mixed White and Asian"),
        ("Mixed or Multiple ethnic groups: White and Asian", "Mixed White and Asian"),
        ("Mixed or Multiple ethnic groups: Other Mixed or Multiple ethnic groups", "Mixed other"),
        ("people from the Mixed ethnic group", "Mixed"),
        ("Black people", "Black"),
        ("White (including white minorities)", "White"),
        ("English/Welsh/Scottish/N. Irish/British", "White British"),
        ("White: English, Welsh, Scottish, Northern Irish or British", "White British"),
        ("Irish Traveller or Gypsy", "Gypsy or Irish Traveller"),
        ("Gypsy Or Irish Traveller", "Gypsy or Irish Traveller"),
        ("White: Roma", "Roma"),
        ("Other", "Other"),
        ("d Other ethnic group", "Other"),
        ("Other ethnic group: Arab", "Arab"),
        ("Other ethnic group: Any other ethnic group", "Any other ethnic group"),
        ("2019/20 onwards - Other Ethnic group", "Other"),
        ("Chinese or Other ", "Chinese or Other"),
        ("Chinese/other", "Chinese or Other"),
        ("Other inc Chinese", "Chinese or Other"),
        ("Other inc Mixed", "Mixed or Other"),
        ("Mixed/Other", "Mixed or Other"),
        ("all other ethnic groups combined", "Ethnic minorities (excluding White minorities)"),
        ("Total", "all"),
        ("Total known", "all known"),
    ],
)
def test_spellings_of_ethnic_groups(label: str, expected: str) -> None:
    assert only(label, "ethnicity") == expected


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Not stated", "Not stated"),
        ("Not\nStated", "Not stated"),
        ("Ethnic group not recorded", "Not recorded"),
        ("Unrecorded", "Not recorded"),
        ("f Not known", "Not known"),
        ("Unknown Ethnicity", "Unknown"),
        ("Not stated/ Unrecorded", "Not stated or not recorded"),
        ("   1991 Census ethnic codes(3)", "1991 Census codes"),
    ],
)
def test_kinds_of_unknown_are_kept_apart_and_are_never_groups(label: str, expected: str) -> None:
    (found,) = meanings(label, ["ethnicity"])
    assert (found.category, found.kind) == (expected, "unknown")


@pytest.mark.parametrize(
    ("parent", "expected"),
    [
        ("Asian", "Asian other"),
        ("Black", "Black other"),
        ("Mixed", "Mixed other"),
        ("White", "White other"),
        ("Other", "Any other ethnic group"),
    ],
)
@pytest.mark.parametrize("label", ["Any other background", "Any other Background", "Any other background ", "Other"])
def test_any_other_background_means_what_its_parent_makes_it(label: str, parent: str, expected: str) -> None:
    assert only(label, "ethnicity", parent) == expected


def test_any_other_background_means_nothing_without_a_parent() -> None:
    assert meanings("Any other background") == ()


@pytest.mark.parametrize(
    ("label", "dimension", "expected"),
    [
        ("M", "sex", "male"),
        ("Females", "sex", "female"),
        ("Girls", "sex", "female"),
        ("Males and Females ", "sex", "all"),
        ("Persons", "sex", "all"),
        ("All Christian", "religion", "Christian"),
        ("Other Christian(1)", "religion", "Other Christian"),
        ("g Other religious groups", "religion", "Other religion"),
        ("h Other non-recognised", "religion", "Non-recognised religion"),
        ("j Not recorded", "religion", "Not recorded"),
        ("Foreign nationals", "nationality", "Foreign"),
        ("Nationality Not Recorded", "nationality", "Not recorded"),
        ("Total Africa", "nationality", "Africa"),
        ("Disabled under the Equality Act", "disability", "Disabled"),
        ("Not disabled under the Equality Act", "disability", "Not disabled"),
        ("All other sexual orientations", "sexual_orientation", "Other sexual orientation"),
        ("Not answered", "sexual_orientation", "Not answered"),
        ("60 and over ", "age", "60 and over"),
        ("Under 101", "age", "under 10"),
        ("Age unknown", "age", "Unknown"),
        ("All ages", "age", "all"),
        ("Recalls", "sentence_length", "recall"),
        ("Less than or equal to 6 months", "sentence_length", "up_to_6_months"),
        ("4 years or more (excluding indeterminate sentences)", "sentence_length", "4_years_or_more"),
        ("Convicted unsentenced", "legal_status", "convicted_unsentenced"),
        ("Non-criminal prisoners (2)", "legal_status", "non_criminal"),
        ("Not proceeded with", "outcome", "not_proceeded_with"),
        ("Ethnicity: White", "ethnicity", "White"),
    ],
)
def test_spellings_of_other_dimensions(label: str, dimension: str, expected: str) -> None:
    assert only(label, dimension) == expected


def test_a_word_of_two_dimensions_has_two_meanings_and_the_caller_may_choose() -> None:
    assert meanings("Indian") == (
        Meaning("ethnicity", "Indian", "group", "Asian"),
        Meaning("nationality", "Indian", "group", "Asia"),
    )
    assert meanings("Indian", ["nationality"]) == (Meaning("nationality", "Indian", "group", "Asia"),)
    assert {each.category for each in meanings("Total")} == {"all"}
    assert len(meanings("Not recorded")) > len(CHARACTERISTICS)


@pytest.mark.parametrize(
    "label", ["N. Irish", "Whitte", "Lancashire1", "England and Wales", "White - Indian", "12", "a", ""]
)
def test_an_unknown_label_has_no_meaning(label: str) -> None:
    assert meanings(label) == ()


def test_an_unknown_label_is_answered_with_the_closest_spellings() -> None:
    assert closest("Asain or Asian British", ["ethnicity"])[0] == "Asian or Asian British"
    assert "Gypsy or Irish Traveller" in closest("Gipsy or Irish Traveler", n=5)
    assert closest("qqqqqqq") == []


def test_a_dimension_that_does_not_exist_is_answered_with_the_closest() -> None:
    with pytest.raises(UnknownWord, match="ethnicity"):
        meanings("White", ["ethnicty"])


@pytest.mark.parametrize(
    ("heading", "dimension"),
    [
        ("Self-defined ethnicity", "ethnicity"),
        ("Age group", "age"),
        ("Gender", "sex"),
        ("Outcomes", "outcome"),
        ("self_defined_ethnicity_group", "ethnicity"),
        ("Police Force Area", None),
    ],
)
def test_a_heading_names_its_dimension(heading: str, dimension: str | None) -> None:
    assert dimension_of(heading) == dimension


def test_display_order_is_all_then_groups_with_their_members_then_unknown() -> None:
    mixed_up = [
        "Unknown",
        "White British",
        "Not stated",
        "Other",
        "Black",
        "Asian other",
        "all",
        "White",
        "Asian",
        "Mixed",
    ]
    assert ordered("ethnicity", mixed_up) == [
        "all",
        "Asian",
        "Asian other",
        "Black",
        "Mixed",
        "White",
        "White British",
        "Other",
        "Unknown",
        "Not stated",
    ]
    assert ordered("age", ["60 and over", "9", "Unknown", "15-17", "all", "under 10", "60-69"]) == [
        "all",
        "under 10",
        "9",
        "15-17",
        "60 and over",
        "60-69",
        "Unknown",
    ]
    assert ordered("offence", ["Zeal", "robbery", "Arson", "Not recorded"]) == [
        "robbery",
        "Arson",
        "Zeal",
        "Not recorded",
    ]


def test_a_category_knows_its_parent_and_kind() -> None:
    assert category("legal_status", "untried").parent == "remand"
    assert category("ethnicity", "Not recorded").kind == "unknown"
    assert category("age", "15-17").kind == "group"
    with pytest.raises(UnknownWord, match="Asian"):
        category("ethnicity", "Asain")


def test_every_listed_category_is_found_again_by_its_own_name_alone_and_under_its_parent() -> None:
    for dimension in DIMENSIONS:
        for each in categories(dimension):
            if each.kind == "total":
                continue
            found = meanings(each.category.replace("_", " "), [dimension])
            assert each.category in [meaning.category for meaning in found], each
