"""Which table is which from one edition to the next: by what it separates people by, then by words.

The register and `diff` are asked the same editions, and must agree which table went and which only looks otherwise.
"""

import datetime as dt
from collections.abc import Sequence

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.store.schema import frame_schema
from monitor.watch.register import Look
from monitor.watch.revisions import Side, compare
from tests.register.editions import FIVE, SEXES, Made, by_ethnicity, by_sex, observed, registered, table

LOOKED = Look(dt.date(2030, 1, 2), days=(dt.date(2030, 1, 1), dt.date(2030, 1, 2)))
BEFORE = {"1": by_sex("31 March 2024"), "2": by_ethnicity("31 March 2024")}


def march(sheets: dict = BEFORE) -> list[Made]:
    return [Made("2024-03", sheets, "2024-04-25")]


def june(*files: tuple[str, dict]) -> list[Made]:
    return [Made("2024-06", sheets, "2024-07-25", name=name) for name, sheets in files]


def lost(files: Sequence[Made]) -> set[tuple[str, str]]:
    """What the register says is gone: the level and the characteristic."""
    gaps = registered(files, look=LOOKED).gaps
    return set(gaps.filter(state="dropped").select("level", "characteristic").rows())


def vanished(files: Sequence[Made]) -> set[tuple[str, str]]:
    """What `diff` says is gone: tables and breakdowns by title."""
    sides = []
    for edition in ("2024-03", "2024-06"):
        held = observed([f for f in files if f.edition == edition])
        empty = {name: pl.DataFrame(schema=frame_schema(name)) for name in ("figure", "footnote")}
        sides.append(
            Side(edition, dt.datetime(2030, 1, 1), None, empty["figure"], held["surveyed_table"], held["breakdown"],
                 empty["footnote"], {})
        )  # fmt: skip
    found = compare("custody", *sides).filter(
        pl.col("change") == "vanished", pl.col("what").is_in(["table", "breakdown"])
    )
    return set(found.select("what", "table").rows())


def plain(title: str, of: str, groups: Sequence[str]) -> list:
    return list(table(title, of, groups, "30 June 2024"))


class TestOnlyItsNameIsAnother:
    @pytest.mark.parametrize(
        "files",
        [
            june(("sex.csv", {"sex.csv": by_sex("30 June 2024")}),
                 ("ethnicity.csv", {"ethnicity.csv": plain("ethnicity.csv", "Ethnic group", FIVE)})),
            june(("tables.ods", {"T7": by_sex("30 June 2024"), "T8": plain("Background", "Ethnic group", FIVE)})),
        ],
        ids=["a file for each table", "another title, number and sheet"],
    )  # fmt: skip
    def test_nothing_is_lost(self, files) -> None:
        assert lost([*march(), *files]) == set()
        assert vanished([*march(), *files]) == set()

    def test_two_tables_of_one_name_may_change_places(self) -> None:
        def people(of: str, groups: Sequence[str], period: str) -> list:
            return list(table(f"People in custody, {period}", of, groups, period, unknown=None))

        was = {"1": people("Sex", SEXES, "March 2024"), "2": people("Ethnic group", FIVE, "March 2024")}
        now = {"1": people("Ethnic group", FIVE, "June 2024"), "2": people("Sex", SEXES, "June 2024")}
        assert lost([*march(was), *june(("custody.xlsx", now))]) == set()
        assert vanished([*march(was), *june(("custody.xlsx", now))]) == set()


def test_a_table_by_other_groups_is_another_table() -> None:
    two = {
        **BEFORE,
        "3": table("Table 3: Deaths by ethnic group, 31 March 2024", "Ethnic group", FIVE, "31 March 2024"),
    }
    other = {
        "1": by_sex("30 June 2024"),
        "2": by_ethnicity("30 June 2024"),
        "3": plain("Table 3: Causes", "Cause", ["Natural", "Homicide"]),
    }
    files = [*march(two), *june(("custody.xlsx", other))]
    assert lost(files) == {("table", "ethnicity")}
    assert ("breakdown", "Table 3: Deaths by ethnic group, 31 March 2024") in vanished(files) or "table" in {
        what for what, _ in vanished(files)
    }


NAMES = st.sampled_from(["People in custody", "Deaths", "Remand population", "Recalls", "custody.csv", "Table 9"])
SPLITS = st.sampled_from([("Sex", SEXES), ("Ethnic group", FIVE), ("Ethnic group", FIVE[:3]), ("Cause", ("A", "B"))])
EDITION = st.lists(st.tuples(NAMES, SPLITS), min_size=1, max_size=4, unique_by=lambda t: (t[0], t[1][0]))


def sheets(drawn: list, period: str) -> dict:
    return {
        f"S{n}": table(f"{name}, {period}", of, groups, period) for n, (name, (of, groups)) in enumerate(drawn, start=1)
    }


@given(EDITION, EDITION)
@settings(max_examples=60, deadline=None)
def test_what_the_register_says_a_table_lost_diff_says_vanished(was: list, now: list) -> None:
    """And where `diff` says that nothing vanished, the register accuses nobody."""
    files = [*march(sheets(was, "31 March 2024")), *june(("custody.xlsx", sheets(now, "30 June 2024")))]
    gone = registered(files, look=LOOKED).gaps.filter(state="dropped", level="table")
    told = vanished(files)
    assert {row["measure"] for row in gone.to_dicts()} <= {title for _, title in told}
