"""Ages are recognised by how they are written, and lengths of sentence are not ages."""

import pytest

from monitor.vocabulary import AgeBand, parse_age


@pytest.mark.parametrize(
    ("text", "low", "high", "category"),
    [
        ("15-17", 15, 17, "15-17"),
        ("15 - 17", 15, 17, "15-17"),
        ("15–17", 15, 17, "15-17"),
        ("Aged 15-17", 15, 17, "15-17"),
        ("18-20 year olds", 18, 20, "18-20"),
        ("Age 10 to 14 years", 10, 14, "10-14"),
        ("Aged 10 to 14", 10, 14, "10-14"),
        ("Age: Aged 10 to 15 years; measures: Value", 10, 15, "10-15"),
        ("60 and over ", 60, None, "60 and over"),
        ("21+", 21, None, "21 and over"),
        ("100 or over", 100, None, "100 and over"),
        ("Aged 18 Years and Older", 18, None, "18 and over"),
        ("65 years and over", 65, None, "65 and over"),
        ("over 60", 61, None, "61 and over"),
        ("Under 10", 0, 9, "under 10"),
        ("Aged 4 years and under", 0, 4, "under 5"),
        ("0-4", 0, 4, "under 5"),
        ("Aged under 1 year", 0, 0, "0"),
        ("Aged 15", 15, 15, "15"),
        ("Children aged 10-17", 10, 17, "10-17"),
        ("Adults (21+)", 21, None, "21 and over"),
        ("18-20 yrs", 18, 20, "18-20"),
        ("30+ yrs", 30, None, "30 and over"),
        ("60 +", 60, None, "60 and over"),
        ("<18", 0, 17, "under 18"),
        ("Under 11 years", 0, 10, "under 11"),
        ("11 - 17 years", 11, 17, "11-17"),
        ("18 to 24 years old", 18, 24, "18-24"),
        ("50-59 years", 50, 59, "50-59"),
        ("18 - under 21", 18, 20, "18-20"),
        ("21 - under 25", 21, 24, "21-24"),
        ("25 to under 30", 25, 29, "25-29"),
        ("Aged 10 to less than 15 years", 10, 14, "10-14"),
    ],
)
def test_the_category_is_made_of_the_ages(text: str, low: int, high: int | None, category: str) -> None:
    assert parse_age(text) == AgeBand(low, high, category)


@pytest.mark.parametrize(
    "text",
    [
        "12 months to less than 2 years",
        "4 years to less than 5 years",
        "4 years or more",
        "4 years or more (excluding indeterminate sentences)",
        "14 years and over",
        "2 to 4 years",
        "under 2 years",
        "10 years to less than 14 years",
        "10 - under 15",
        "5-10 years",
        "10-14 years",
        "10-20 years",
        "under 12 years",
        "10+ years",
        "Under 6 months",
        "18-20 months",
        "<5",
        "<10",
        "Greater than 10 years",
        "£10-£20",
        "2019-20",
        "17-15",
        "Under 101",
        "White",
        "",
    ],
)
def test_lengths_money_years_and_words_are_not_ages(text: str) -> None:
    assert parse_age(text) is None


def test_a_bare_number_is_an_age_only_where_the_caller_says_so() -> None:
    assert parse_age("15") is None
    assert parse_age(15) is None
    assert parse_age("15", bare=True) == parse_age(15.0, bare=True) == AgeBand(15, 15, "15")
    assert parse_age("2019", bare=True) is None
    assert parse_age(float("nan"), bare=True) is None
