"""A count that the publisher hides is on no page, in no table and in no format, and nothing shown gives it back.

Made from a store in which counts of the latest date are hidden, of a group in a margin, of women beside men, and of a
group of two tables, as a publisher would hide them. What was there is known to the test alone.
"""

import itertools
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dashboards.cited import CitedTable, make
from dashboards.pages import pages
from dashboards.pages.kinds import Page
from dashboards.site import TABLE_FORMATS, hold, rows_as_csv
from dashboards.verify import read_back
from dashboards.writers import write
from monitor import run
from monitor.declarations import measures
from monitor.settings import home
from monitor.store.database import Reader, Writer
from pipelines.deriving import Request

PRISON, ON = "prison-population", "2023-06-30"
HIDDEN = {
    ("Mixed White and Asian", "all"): 364, ("Mixed White and Asian", "male"): 349,
    ("Mixed White and Asian", "female"): 15, ("Chinese", "female"): 9, ("Black other", "all"): 2294,
    ("Black other", "female"): 57,
}  # fmt: skip
"""Of ethnic group and sex: what stood there. One of a margin in every sex; women beside men; both of two."""
SEXES = ("all", "male", "female")


def hide(folder: Path) -> None:
    """The counts above replaced by the publisher's mark, and everything derived made again."""
    with Writer(home(folder)) as store:
        for (group, sex), value in HIDDEN.items():
            changed = store.connection.execute(
                "update figure set status = 'suppressed', value = null, marker = 'c' where publication = ? and "
                "period_end = ? and ethnicity = ? and sex = ? and value = ? and religion = 'all' and age = 'all' "
                "returning 1",
                [PRISON, ON, group, sex, value],
            ).fetchall()
            assert changed, f"{group}, {sex}: no such figure as {value}"
        store.replace({"disparity": run._disparities(store)})
        store.publish()


@pytest.fixture(scope="module")
def store(starter_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    folder = Path(shutil.copytree(starter_home, tmp_path_factory.mktemp("hidden") / "home"))
    hide(folder)
    with Reader(home(folder)) as reader:
        yield reader


@pytest.fixture(scope="module")
def site(store: Reader) -> list[Page]:
    return pages(hold(store), lambda rows, measure: make(store, rows, measure))


def table(store: Reader, sex: str = "all", reference: str | None = None) -> CitedTable:
    asked = Request(baseline="census-2021", sex=sex, reference=reference)
    return make(store, run.disparities(store, measures()[PRISON], asked), measures()[PRISON])


# --- the ways back ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """The numbers of one cited table: by group and column, and the sex it is of."""

    sex: str
    numbers: dict[str, dict[str, float]]
    levels: dict[str, str]


def shown(of: CitedTable) -> Shown:
    sex = re.search(r"--sex (\w+)", of.made_with)
    numbers = {
        row.name: {c.key: cell.value for c, cell in zip(of.columns, row.cells, strict=True) if cell.value is not None}
        for row in of.rows
    }
    return Shown(sex[1] if sex else "all", numbers, {row.name: row.level for row in of.rows})


def given_back(tables: list[Shown]) -> set[tuple[str, str, str]]:
    """The hidden counts that a reader of these tables can work out, each with the way: `(group, sex, way)`."""
    found = set()
    hidden = {key: value for key, value in HIDDEN.items() if any(t.sex == key[1] for t in tables)}
    everything = {key: dict[str, float]() for key in SEXES}
    for t in tables:
        for name, numbers in t.numbers.items():
            if "count" in numbers:
                everything[t.sex][name.lower()] = numbers["count"]
    for (group, sex), value in hidden.items():
        counts = everything[sex]
        for t in (t for t in tables if t.sex == sex):
            own = t.numbers.get(group, {})
            if {name for name in own if name != "denominator"}:
                found.add((group, sex, "shown"))
            cells = t.numbers.values()
            rates = [n[k] / unit for n in cells for k, unit in (("rate", 1e5), ("share", 1.0)) if k in n]
            bases = [n[k] for n in cells for k in ("denominator", "count") if k in n]
            if any(abs(rate * base - value) < 1e-9 * value for rate, base in itertools.product(rates, bases)):
                found.add((group, sex, "a rate by a base"))
            whole = [n for n in t.numbers.values() if "share" in n and "count" in n]
            known = {round(n["count"] / n["share"]) for n in whole if n["share"]}
            if any(abs(k - sum(counts.get(n.lower(), 0) for n in t.levels if t.levels[n] == "groups") - value) < 0.5
                   for k in known):  # fmt: skip
                found.add((group, sex, "a share's whole less the groups shown"))
        family = next(f for f in FAMILIES if group in f)
        missing = [m for m in family[1:] if m.lower() not in counts]
        if missing == [group] and family[0].lower() in counts:
            found.add((group, sex, "the margin"))
        other = {"all": ("male", "female"), "male": ("all", "female"), "female": ("all", "male")}[sex]
        if all(group.lower() in everything[o] for o in other):
            found.add((group, sex, "the other sexes"))
    return found


FAMILIES = (
    (
        "Mixed",
        "Mixed White and Asian",
        "Mixed White and Black African",
        "Mixed White and Black Caribbean",
        "Mixed other",
    ),
    ("Asian", "Indian", "Pakistani", "Bangladeshi", "Chinese", "Asian other"),
    ("Black", "Black African", "Black Caribbean", "Black other"),
)


@pytest.mark.parametrize("reference", [None, "all", "all others", "White British"])
def test_the_tables_of_everyone_of_men_and_of_women_give_no_hidden_count_back(store, reference) -> None:
    tables = [shown(table(store, sex, reference)) for sex in SEXES]
    assert sum("rate" in n for t in tables for n in t.numbers.values()) > 30, "too little is shown to prove anything"
    assert given_back(tables) == set()


def test_the_pages_of_the_site_give_no_hidden_count_back(site) -> None:
    page = next(p for p in site if p.path == f"{PRISON}-ethnicity.html")
    tables = [t for section in page.sections for t in section.tables]
    assert {shown(t).sex for t in tables} == set(SEXES)
    assert given_back([shown(t) for t in tables]) == set()


def test_no_hidden_number_stands_beside_its_group_on_any_page(site) -> None:
    """Grids, pictures' words and the rows behind pictures: whatever names a hidden group and the date."""
    looked = 0
    for page in (p for p in site if p.path.startswith(PRISON)):
        for section in page.sections:
            for grid in section.grids:
                for row in grid.rows:
                    for (group, _), value in HIDDEN.items():
                        looked += 1
                        assert not (row[0] == group and f"{value:,}" in row[1:]), (page.path, grid.caption, row)
            if section.picture is None:
                continue
            for row in section.picture.data.iter_rows(named=True):
                key = row["category"], row.get("sex", "all")
                if key in HIDDEN and str(row.get("period")) == ON:
                    looked += 1
                    numbers = ("count", "rate", "ratio", "ratio_low", "share", "gap_points", "excess", "representation")
                    assert {row.get(name) for name in numbers} == {None}, (page.path, key)
            assert rows_as_csv(section.picture.data)
    assert looked


@pytest.mark.parametrize("format", [*TABLE_FORMATS, "html", "md", "json"])
def test_in_every_format_a_hidden_group_has_a_mark_and_no_number(store, tmp_path, format) -> None:
    for sex in ("all", "female"):
        made = table(store, sex)
        file = tmp_path / f"{sex}.{format}"
        write(made, format, file)
        found = read_back(file)
        rows = {str(row[0]).strip(): row for row in found.rows}
        columns = {c.key: (c.key if found.keyed else c.header) for c in made.columns}
        for (group, whose), value in HIDDEN.items():
            if whose != sex:
                continue
            row = rows[group]
            for key in ("count", "share", "rate", "ratio"):
                assert not re.search(r"\d", re.sub(r"\[x\d+\]", "", str(row[found.headers.index(columns[key])]))), key
            assert f"{value:,}" not in map(str, row)


# --- the test can fail -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("removed", ["what is kept back beside it", "the mark itself"])
def test_without_a_protection_the_ways_back_are_found(store, monkeypatch, removed) -> None:
    def nothing(*_: Any) -> set[int]:
        return set()

    if removed == "what is kept back beside it":
        monkeypatch.setattr("pipelines.deriving.withholding._Block._beside", nothing)
    tables = [shown(table(store, sex)) for sex in SEXES]
    if removed == "the mark itself":
        tables[0].numbers["Mixed White and Asian"]["count"] = 364.0
    found = given_back(tables)
    assert {way for *_, way in found} >= (
        {"the margin", "the other sexes"} if removed != "the mark itself" else {"shown"}
    )
