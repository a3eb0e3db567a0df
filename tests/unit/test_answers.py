"""Present, absent or unclear: every case of the one rule."""

from dataclasses import dataclass, field

import pytest

from monitor.vocabulary import CHARACTERISTICS
from pipelines.answers import LeftUnread, Naming, answers


@dataclass
class Seen:
    """A table as the survey found it."""

    sheet: str = "1"
    characteristics: dict[str, list[str]] = field(default_factory=dict)
    across: dict[str, list[str]] = field(default_factory=dict)
    scope: dict[str, str] = field(default_factory=dict)


def by(d: str, sheet: str = "1", *categories: str) -> Seen:
    return Seen(sheet, {d: [*categories] or ["a", "b"]})


def says(kind, words="Deaths by ethnic group", d="ethnicity", sheet="1", cell="A1") -> Naming:
    return Naming(d, kind, words, sheet, cell)


def left(kind, what="12 figures under labels that were not read", sheet="1", cells=("B4:D7",), only=()) -> LeftUnread:
    return LeftUnread(kind, what, sheet, tuple(cells), frozenset(only))


CASES = {
    "a table separates people by it": ([by("ethnicity")], [], [], "present", []),
    "sheets alike but for their group do": ([Seen(across={"ethnicity": ["White", "Black"]})], [], [], "present", []),
    "its categories are the publisher's words": (
        [by("ethnicity", "1", "Tribe A", "Tribe B")], [says("heading")], [], "present", []),
    "nothing names it and all was read": ([by("sex")], [], [], "absent", []),
    "an empty file": ([], [], [], "absent", []),
    "a title names it": ([by("sex")], [says("title")], [], "unclear", ["A1"]),
    "a heading names it": ([by("sex")], [says("heading", cell="B3")], [], "unclear", ["B3"]),
    "a header cell names it": ([by("sex")], [says("header", cell="C3")], [], "unclear", ["C3"]),
    "a value of a selector names it": ([by("sex")], [says("selector", "Ethnicity", cell="A9")], [], "unclear", ["A9"]),
    "a note names it": ([by("sex")], [says("note", cell="A20")], [], "unclear", ["A20"]),
    "a contents list names it": ([by("sex")], [says("contents", sheet="0", cell="A5")], [], "unclear", ["A5"]),
    "the name of a sheet names it": ([by("sex")], [says("title", "Ethnicity", sheet="Ethnicity", cell="")], [],
                                    "unclear", ["Ethnicity"]),
    "a title names it and another sheet has it": (
        [by("sex"), by("ethnicity", "2")], [says("title")], [], "present", ["A1"]),
    "a note names it and another sheet has it": ([by("sex"), by("ethnicity", "2")], [says("note")], [], "present", []),
    "a contents list names it and its sheet has it": (
        [by("ethnicity", "2")], [says("contents", sheet="0")], [], "present", []),
    "a title holds it constant": ([Seen(scope={"ethnicity": "Black"})], [says("title", "Black people")], [],
                                 "absent", []),
    "figures whose labels were not read": ([by("sex")], [], [left("figures")], "unclear", ["B4:D7"]),
    "a header that was not read": ([by("sex")], [], [left("header", cells=("C3",))], "unclear", ["C3"]),
    "a header that was not read and names it": ([by("sex")], [], [left("header", cells=("C3",), only={"ethnicity"})],
                                                "unclear", ["C3"]),
    "a header that was not read and names another": ([by("sex")], [], [left("header", only={"religion"})],
                                                     "absent", []),
    "a selector that was not read": ([by("sex")], [], [left("selector", cells=("A4:A90",))], "unclear", ["A4:A90"]),
    "a member of an archive that was not opened": ([by("sex")], [], [left("member", cells=("b.csv",))], "unclear",
                                                   ["b.csv"]),
    "a page that was not opened": ([by("sex")], [], [left("page", cells=("page 2",))], "unclear", ["page 2"]),
    "an attachment that was not opened": ([by("sex")], [], [left("attachment", cells=("b.ods",))], "unclear",
                                          ["b.ods"]),
    "numbers one by one": ([by("sex")], [], [left("stray", cells=("G40", "G96"))], "absent", []),
    "a lone note": ([by("sex")], [], [left("note", cells=("A20",))], "absent", []),
    "a contents list": ([by("sex")], [], [left("contents", cells=("A1:A9",))], "absent", []),
    "prose": ([by("sex")], [], [left("prose", cells=("A1:A40",))], "absent", []),
    "figures of a sheet as a whole": ([by("sex")], [], [left("figures", cells=())], "unclear", ["1"]),
    "it stands elsewhere, and figures were not read": (
        [by("ethnicity", "2")], [], [left("figures")], "present", ["B4:D7"]),
    "a title names it over figures that were not read": (
        [], [says("title")], [left("figures")], "unclear", ["A1", "B4:D7"]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_answer_is_earned(case: str) -> None:
    tables, named, unread, answer, cells = CASES[case]
    found, open_ = answers(tables, named, unread)
    assert found["ethnicity"] == answer
    mine = [u for u in open_ if u.characteristic == "ethnicity"]
    assert [cell for u in mine for cell in u.cells] == cells
    assert set(found) == {c.id for c in CHARACTERISTICS}


@pytest.mark.parametrize("case", CASES)
def test_what_is_unclear_never_stands_without_the_cells_that_made_it_so(case: str) -> None:
    tables, named, unread, *_ = CASES[case]
    found, open_ = answers(tables, named, unread)
    assert {d for d, answer in found.items() if answer == "unclear"} <= {u.characteristic for u in open_}
    assert all(u.cells and u.not_understood and u.sheet for u in open_)


def test_what_names_one_characteristic_leaves_the_others_absent() -> None:
    found, _ = answers([by("sex")], [says("title")], [])
    assert {d for d, answer in found.items() if answer == "unclear"} == {"ethnicity"}


def test_what_was_not_read_and_what_names_it_stand_in_one_row_a_sheet() -> None:
    _, open_ = answers([], [says("title"), says("title", sheet="2", cell="A2")], [left("figures")])
    mine = [u for u in open_ if u.characteristic == "ethnicity"]
    assert [(u.sheet, u.cells) for u in mine] == [("1", ("A1", "B4:D7")), ("2", ("A2",))]
    assert mine[0].named_by == "title 'Deaths by ethnic group'"
    assert mine[0].not_understood == "12 figures under labels that were not read"
    assert mine[1].not_understood == "no groups of it were read"
