"""An ethnic group is the set of the finest groups it consists of, so that two uses of one word can be
told apart.
"""

import pytest

from monitor.vocabulary import UnknownWord, best_classification, classification, classification_codes, members

FINEST = frozenset(classification("19A").required)
FIVE = ["Asian", "Black", "Mixed", "White"]


def test_the_finest_groups_are_the_nineteen_of_census_2021() -> None:
    assert len(FINEST) == 19
    assert all(members("19A", group) == {group} for group in FINEST)


@pytest.mark.parametrize("code", classification_codes("ethnicity"))
def test_every_classification_divides_everyone_without_overlap(code: str) -> None:
    parts = [members(code, group) for group in classification(code).required]
    assert frozenset().union(*parts) == FINEST
    assert sum(len(part) for part in parts) == len(FINEST)


@pytest.mark.parametrize(
    ("code", "size"),
    [("5A", 5), ("5B", 5), ("16A", 16), ("18A", 18), ("19A", 19), ("binary", 2), ("2B", 2), ("6A", 6)],
)
def test_the_number_of_groups_is_the_one_in_the_name(code: str, size: int) -> None:
    assert len(classification(code).required) == size


def test_chinese_moved_from_other_to_asian_in_2011() -> None:
    assert "Chinese" not in members("5A", "Asian")
    assert members("5A", "Chinese or Other") == {"Chinese", "Arab", "Any other ethnic group"}
    assert "Chinese" in members("5B", "Asian")
    assert members("5B", "Other") == {"Arab", "Any other ethnic group"}


def test_roma_stood_within_white_other_before_2021() -> None:
    assert members("18A", "White other") == {"White other", "Roma"}
    assert members("19A", "White other") == {"White other"}
    assert members("18A", "White") == members("19A", "White")


def test_a_parent_consists_of_its_children() -> None:
    assert members("18A", "Asian") == {"Bangladeshi", "Chinese", "Indian", "Pakistani", "Asian other"}
    assert members("binary", "Ethnic minorities (excluding White minorities)") == FINEST - members("5B", "White")
    assert members("2B", "Ethnic minorities") == FINEST - {"White British"}


@pytest.mark.parametrize(
    ("categories", "code"),
    [
        ([*FIVE, "Other"], "5B"),
        ([*FIVE, "Other", "all", "Not stated", "1991 Census codes"], "5B"),
        ([*FIVE, "Chinese or Other"], "5A"),
        ([*FIVE, "Other", "Chinese"], "6A"),
        (["White", "Ethnic minorities (excluding White minorities)"], "binary"),
        ([*classification("18A").required, *FIVE, "Other", "Not recorded"], "18A"),
        (classification("16A").required, "16A"),
        (classification("19A").required, "19A"),
    ],
)
def test_the_finest_classification_that_fits_exactly_wins(categories: list[str], code: str) -> None:
    assert best_classification("ethnicity", categories) == (code, "exact")


def test_groups_that_only_add_up_to_a_classification_are_lossy_and_say_what_was_merged() -> None:
    code, mapping = best_classification(
        "ethnicity", ["Asian", "Black", "Mixed", "White", "Arab", "Any other ethnic group"]
    )
    assert (code, mapping) == ("5B", "lossy: merged Arab, Any other ethnic group into Other")


@pytest.mark.parametrize(
    ("dimension", "categories", "reason"),
    [
        ("ethnicity", ["Asian", "Black", "Mixed", "Other"], "5B without White"),
        ("ethnicity", ["all", "Not stated"], "no group"),
        ("ethnicity", ["Asian", "Blue"], "Blue"),
        ("sex", ["female"], "sex-2 without male"),
    ],
)
def test_what_fits_nothing_gets_no_code_and_a_reason(dimension: str, categories: list[str], reason: str) -> None:
    code, mapping = best_classification(dimension, categories)
    assert code is None
    assert reason in mapping


@pytest.mark.parametrize(
    ("dimension", "categories", "code"),
    [
        ("sex", ["female", "male", "all"], "sex-2"),
        ("age", ["15-17", "18-20", "all"], "bands"),
        ("nationality", ["British", "Foreign", "Not recorded"], "nationality-2"),
        ("disability", ["Disabled", "Not disabled"], "disability-2"),
        (
            "religion",
            [*classification("religion-prison").required, "Anglican", "Not recorded"],
            "religion-prison",
        ),
        ("religion", [*classification("census-religion").required, "Not answered"], "census-religion"),
    ],
)
def test_other_characteristics_have_named_lists(dimension: str, categories: list[str], code: str) -> None:
    assert best_classification(dimension, categories) == (code, "exact")


def test_unknown_codes_and_categories_are_answered_with_the_closest() -> None:
    with pytest.raises(UnknownWord, match="18A"):
        classification("18C")
    with pytest.raises(UnknownWord, match="White other"):
        members("18A", "White othr")
