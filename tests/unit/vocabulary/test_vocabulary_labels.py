"""A published label is separated into its words and its footnote markers."""

import pytest

from monitor.vocabulary import Label, clean_label, meanings


@pytest.mark.parametrize(
    ("raw", "words", "markers"),
    [
        ("White", "White", ()),
        ("Asian/ Asian British(2)", "Asian/ Asian British", ("2",)),
        ("   1991 Census ethnic codes(3)", "1991 Census ethnic codes", ("3",)),
        ("\u00a0\u00a0Mixed\u00a0 ", "Mixed", ()),
        ("Not\nStated", "Not Stated", ()),
        ("Non-criminal prisoners (2)", "Non-criminal prisoners", ("2",)),
        ("Secure Children's Homes(3,4)", "Secure Children's Homes", ("3", "4")),
        ("30-Jun-09(1) (2)", "30-Jun-09", ("1", "2")),
        ("Other [note 4]", "Other", ("4",)),
        ("Title[note 1]", "Title", ("1",)),
        ("Males [1]", "Males", ("1",)),
        ("Women [notes 1, 2]", "Women", ("1", "2")),
        ("June 2022 [p]", "June 2022", ("p",)),
        ("Lancashire¹", "Lancashire", ("1",)),
        ("Lancashire1", "Lancashire", ("1",)),
        ("London, City of4", "London, City of", ("4",)),
        ("Black (or Black British)2", "Black (or Black British)", ("2",)),
        ("Establishment       ", "Establishment", ()),
    ],
)
def test_words_and_markers(raw: str, words: str, markers: tuple[str, ...]) -> None:
    assert clean_label(raw) == Label(words, markers)


@pytest.mark.parametrize(
    "label",
    [
        "Under 101",
        "Aged 15",
        "18 (inclusive)",
        "Life (all variations)",
        "(24)",
        "Q3",
        "2019 (2021)",
        "Level1",
        "Section 91 / 250",
    ],
)
def test_what_is_not_surely_a_footnote_stays_in_the_label(label: str) -> None:
    assert clean_label(label) == Label(label)


@pytest.mark.parametrize(
    ("label", "age"),
    [
        ("Under 101", "under 10"),
        ("Under 102", "under 10"),
        ("Aged 15-171, 2", "15-17"),
        ("Aged 15", "15"),
        ("Under 10", "under 10"),
        ("Block 12", None),
    ],
)
def test_a_digit_glued_to_a_number_is_a_footnote_only_when_the_rest_is_known(label: str, age: str | None) -> None:
    assert [each.category for each in meanings(label, ["age"])] == ([age] if age else [])
