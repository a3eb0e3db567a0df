"""A cell says a number, a declared sign, or that nobody can read it; a hidden value is never 0."""

import pytest

from monitor.vocabulary import (
    TERMS,
    UnknownWord,
    Value,
    decimal_mark,
    find_symbol,
    read_value,
    symbol_bounds,
    symbol_maps,
    why_unreadable,
)
from monitor.vocabulary.tables import rows


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (5, 5.0),
        (3836.67, 3836.67),
        (0, 0.0),
        ("0", 0.0),
        ("5,678", 5678.0),
        ("1,234,567", 1234567.0),
        (" 59 597 546 ", 59597546.0),
        ("29.0", 29.0),
        ("-3", -3.0),
        ("\u22123", -3.0),
        (".5", 0.5),
        ("1 090", 1090.0),
        ("1\u00a0090", 1090.0),
        ("1\u2009090", 1090.0),
    ],
)
def test_numbers(raw: str | float, value: float) -> None:
    assert read_value(raw) == Value(value, "published")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("5,678 [r]", Value(5678.0, "published", "[r]", ("revised",))),
        ("12 [p][r]", Value(12.0, "published", "[p][r]", ("provisional", "revised"))),
        ("12 [p,f]", Value(12.0, "published", "[p][f]", ("provisional", "estimated"))),
        ("1,234(2)", Value(1234.0, "published", "(2)")),
        ("28.9%", Value(28.9, "published", "%")),
        ("5 [q]", Value(5.0, "published", "[q]")),
        ("8.00 [c]", Value(None, "suppressed", "[c]")),
        ("[c]", Value(None, "suppressed", "[c]")),
        ("[C]", Value(None, "suppressed", "[C]")),
        ("[u1]", Value(None, "low_reliability", "[u1]")),
        ("[low]", Value(None, "rounded_to_zero", "[low]")),
        ("<5", Value(None, "suppressed", "<5")),
        ("1,102r", Value(1102.0, "published", "r", ("revised",))),
        ("160 (r)", Value(160.0, "published", "(r)", ("revised",))),
        ("323 R", Value(323.0, "published", "R", ("revised",))),
        ("55p", Value(55.0, "published", "p", ("provisional",))),
        ("8.1%p", Value(8.1, "published", "%p", ("provisional",))),
        ("15~", Value(15.0, "published", "~", ("estimated",))),
        ("1,551\u00b9", Value(1551.0, "published", "1")),
        ("\u00a31,102", Value(1102.0, "published", "\u00a3")),
        ("-\u00a35", Value(-5.0, "published", "\u00a3")),
        ("\u22645", Value(None, "suppressed", "\u22645")),
        ("<=5", Value(None, "suppressed", "<=5")),
        ("1\u20134", Value(None, "suppressed", "1-4")),
    ],
)
def test_signs_beside_or_instead_of_a_number_are_kept(raw: str, expected: Value) -> None:
    assert read_value(raw) == expected


@pytest.mark.parametrize(
    ("symbols", "sign", "status"),
    [
        ("default", "*", "suppressed"),
        ("home-office-arrests", " * ", "not_applicable"),
        ("omsq-contents", "**", "low_reliability"),
        ("omsq-contents", "*", "suppressed"),
        ("default", "..", "not_available"),
        ("default", "-", "not_applicable"),
        ("facts-and-figures", "-", "not_collected"),
        ("facts-and-figures", "!", "suppressed"),
        ("facts-and-figures", "?", "low_reliability"),
        ("facts-and-figures", "~0", "rounded_to_zero"),
        ("default", "[x]", "not_available"),
        ("youth-custody", "[x]", "suppressed"),
        ("youth-custody", "[z]", "not_applicable"),
    ],
)
def test_a_sign_means_what_its_own_source_says(symbols: str, sign: str, status: str) -> None:
    value = read_value(sign, symbols)
    assert value is not None
    assert (value.value, value.status) == (None, status)


def test_a_declared_nil_is_a_published_zero() -> None:
    assert read_value("-", "home-office-arrests") == Value(0.0, "published", "-")


@pytest.mark.parametrize("raw", [None, "", "  ", "\u00a0", float("nan")])
def test_an_empty_cell_says_nothing(raw: str | float | None) -> None:
    assert read_value(raw) is None


@pytest.mark.parametrize(
    "raw",
    ["see note", "1,23", "5.", "2017/18", "#DIV/0!", "(2)", "1.2.3", ".", "0,435", "1,5", "1,010 (9%)", "17-15", "z"],
)
def test_text_that_is_neither_is_unreadable_and_kept(raw: str) -> None:
    assert read_value(raw) == Value(None, "unreadable", raw)


def test_a_bare_sign_is_never_borrowed_from_another_map() -> None:
    assert read_value("c", "census-2021") == Value(None, "suppressed", "c")
    assert read_value("c", "omsq-contents") == Value(None, "unreadable", "c")


def test_the_values_a_sign_can_hide() -> None:
    assert symbol_bounds("census-2021", "c") == (0, 9)
    assert symbol_bounds("youth-custody", "[x]") == (0, 4)
    assert symbol_bounds("default", "<6") == (0, 5)
    assert symbol_bounds("default", "4 or fewer") == (0, 4)
    assert symbol_bounds("default", "\u22645") == symbol_bounds("default", "<=5") == (0, 5)
    assert symbol_bounds("default", "1-4") == (1, 4)
    assert symbol_bounds("default", "[c]") == (None, None)


@pytest.mark.parametrize(
    ("column", "mark"),
    [
        (["0,435", "1,286"], ","),
        (["1,5", "1,234"], ","),
        (["1.090,5", "12"], ","),
        (["1,090.5", "1,234"], "."),
        (["8.1%", "12"], "."),
        (["1,234,567", "1,234"], "."),
        (["1,234", "6,333"], "."),
        (["12", "[c]", "White"], "."),
        (["1,5", "1.5"], None),
    ],
)
def test_the_decimal_mark_is_decided_by_the_whole_column(column: list[str], mark: str | None) -> None:
    assert decimal_mark(column) == mark


def test_a_column_with_decimal_commas_is_read_by_them() -> None:
    for raw, value in [("0,435", 0.435), ("1,286", 1.286), ("1.090,5", 1090.5), ("1 090", 1090.0)]:
        assert read_value(raw, decimal=",") == Value(value, "published")
    assert read_value("8.5", decimal=",") == Value(None, "unreadable", "8.5")


def test_why_a_cell_is_unreadable_is_said_where_it_is_known() -> None:
    assert "two numbers" in why_unreadable("1,010 (9%)")
    assert "below zero" in why_unreadable("(12)")
    assert "comma" in why_unreadable("0,435")
    assert why_unreadable("see note") == ""


def test_a_map_that_does_not_exist_is_answered_with_the_closest() -> None:
    with pytest.raises(UnknownWord, match="census-2021"):
        read_value("c", "census-2012")


def test_every_declared_sign_has_a_closed_status_or_flag() -> None:
    for row in rows("symbols.csv"):
        sign = find_symbol(row["map"], row["symbol"])
        assert sign is not None
        assert sign.status in ("", *TERMS["figure_status"]), row
        assert sign.flag in ("", *TERMS["figure_flag"]), row
    assert "default" in symbol_maps()


def test_a_code_with_an_e_in_it_is_not_a_number() -> None:
    seen = read_value("E06000001")
    assert seen is not None
    assert (seen.value, seen.status) == (None, "unreadable")
