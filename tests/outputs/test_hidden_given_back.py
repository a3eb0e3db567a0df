"""One woman's count hidden by its publisher, and every output attacked for it by linear algebra.

Made from the starter figures: the count of Chinese women in prison, hidden in every table that prints it. The attacker
takes each number of one output that stands beside a group and a sex, every total that the publisher prints besides, and
asks by the rank of a matrix whether any combination of them is the hidden count. He shares no code with the program.
"""

import csv
import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import duckdb
import lxml.html
import numpy as np
import polars as pl
import pytest

from dashboards.cited import make
from dashboards.pages import pages
from dashboards.site import hold, publish
from monitor import run
from monitor.settings import home
from monitor.store.database import Reader, Writer
from tests.conftest import Cli
from tests.outputs.read_again import AGAIN

PRISON, ON, HIDDEN = "prison-population", "2023-06-30", ("Chinese", "female")
PAGE = f"{PRISON}-ethnicity"
SEXES = ("all", "female", "male")
TREE = {
    "all": ("Asian", "Black", "Mixed", "White", "Other", "1991 Census codes", "Not recorded", "Not stated"),
    "Asian": ("Bangladeshi", "Chinese", "Indian", "Pakistani", "Asian other"),
    "Black": ("Black African", "Black Caribbean", "Black other"),
    "Mixed": (
        "Mixed White and Asian", "Mixed White and Black African", "Mixed White and Black Caribbean", "Mixed other",
    ),
    "White": ("White British", "White Irish", "White other", "Gypsy or Irish Traveller"),
    "Other": ("Arab", "Any other ethnic group"),
}  # fmt: skip
GROUPS = ["all", *(g for parts in TREE.values() for g in parts)]
Facts = Mapping[tuple[str, str], float]


def known_as(name: str) -> str | None:
    """A group by what an output calls it."""
    words = " ".join(str(name).replace("\u2003", " ").split()).lower()
    return "all" if words.startswith("all") else {g.lower(): g for g in GROUPS}.get(words)


def gives_back(facts: Facts, totals: Facts) -> bool:
    """Whether some combination of what is known is the hidden count, every sum of the tables taken together."""
    known = {**totals, **facts}
    unknown = [(g, s) for g in GROUPS for s in SEXES if (g, s) not in known]
    sums = [{(whole, s): -1, **{(part, s): 1 for part in parts}} for whole, parts in TREE.items() for s in SEXES]
    sums += [{(g, "all"): -1, (g, "female"): 1, (g, "male"): 1} for g in GROUPS]
    signs = np.array([[each.get(cell, 0) for cell in unknown] for each in sums])
    alone = np.array([[int(cell == HIDDEN) for cell in unknown]])
    return HIDDEN in known or bool(np.linalg.matrix_rank(np.vstack([signs, alone])) == np.linalg.matrix_rank(signs))


@pytest.fixture(scope="module")
def true(starter_home: Path) -> Facts:
    """What the publisher prints in the starter figures: every count of a group and a sex."""
    with Reader(home(starter_home)) as store:
        rows = store.frame(
            "select distinct ethnicity, sex, value from figure where publication = ? and period_end = ? and "
            "nationality = 'all' and religion = 'all' and age = 'all' and circumstances = '{}' and "
            "place_code = 'K04000001'",
            [PRISON, ON],
        )
    return {(g, s): v for g, s, v in rows.iter_rows() if g in GROUPS}


@pytest.fixture(scope="module")
def totals(true: Facts) -> Facts:
    """The publisher's totals: of both sexes together, and of everyone and each broad group of a sex."""
    return {(g, s): v for (g, s), v in true.items() if s == "all" or g in TREE}


@pytest.fixture(scope="module")
def hiding(starter_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the publisher hides the count, and everything is derived again; the page of it with all files."""
    folder = Path(shutil.copytree(starter_home, tmp_path_factory.mktemp("hiding") / "home"))
    with Writer(home(folder)) as store:
        changed = store.connection.execute(
            "update figure set status = 'suppressed', value = null, marker = 'c' where publication = ? and "
            "period_end = ? and ethnicity = ? and sex = ? returning 1",
            [PRISON, ON, *HIDDEN],
        ).fetchall()
        assert changed
        store.replace({"disparity": run._disparities(store)})
        store.publish()
    with Reader(home(folder)) as reader:
        held = replace(hold(reader), looked={})
        made = [p for p in pages(held, lambda rows, m: make(reader, rows, m)) if p.path == f"{PAGE}.html"]
        publish(made, held, folder / "site", version="0")
    return folder


# --- what each output says -------------------------------------------------------------------------------------------


def _number(text: object) -> float | None:
    if isinstance(text, int | float):
        return float(text)
    plain = re.sub(r"\[[a-z]\d*\]|,", "", str(text or "")).strip()
    return float(plain) if re.fullmatch(r"\d+(\.\d+)?", plain) else None


def _sex(words: str) -> str:
    said = re.search(r"--sex (\w+)", words.replace("\u00a0", " "))
    named = re.search(r"\((women|men)\)", words)
    return said[1] if said else {"women": "female", "men": "male"}[named[1]] if named else "all"


def _of_rows(rows: list[list[str | float]], sex: str) -> Iterator[tuple[tuple[str, str], float]]:
    """The counts of a table, also those that a rate and its people would give."""
    names = {"Number of people": "count", "Residents": "denominator", "Rate per 100,000 residents": "rate"}
    header = [names.get(str(h), str(h)) for h in rows[0]]
    for row in rows[1:] if "count" in header else ():
        said, group = dict(zip(header, map(_number, row), strict=False)), known_as(str(row[0]))
        people, rate = said.get("denominator"), said.get("rate")
        if group is not None and said["count"] is not None:
            yield (group, sex), said["count"]
        elif group is not None and people is not None and rate is not None:
            yield (group, sex), rate * people / 100_000


def _pages(folder: Path, _: Cli) -> Facts:
    found = {}
    for table in lxml.html.parse(str(folder / "site" / f"{PAGE}.html")).getroot().iter("table"):
        rows = [[cell.text_content().strip() for cell in row] for row in table.iter("tr")]
        found.update(_of_rows(rows, _sex("".join(c.text_content() for c in table.iter("caption")))))
    return found


def _files(ending: str) -> Callable[[Path, Cli], Facts]:
    def read(folder: Path, _: Cli) -> Facts:
        found = {}
        for path in sorted((folder / "site" / "files").glob(f"*-table*.{ending}")):
            seen = AGAIN[ending](path)
            found.update(_of_rows(seen.rows, _sex(seen.words)))
        return found

    return read


def _rows_behind_pictures(folder: Path, _: Cli) -> Facts:
    found = {}
    for path in (folder / "site" / "files").glob("*.csv"):
        if "-table" not in path.name:
            rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
            found.update(_of_disparities(r for r in rows if r.get("count") and r.get("period") == ON))
    return found


def _of_disparities(rows: Iterator[Mapping[str, object]]) -> Iterator[tuple[tuple[str, str], float]]:
    for row in rows:
        number = _number(row["count"])
        if number is not None and known_as(str(row["category"])):
            yield (str(known_as(str(row["category"]))), str(row["sex"])), number


def _json(folder: Path, cli: Cli) -> Facts:
    found = {}
    for sex in SEXES:
        for asked in ((), ("--table", "ethnicity-sex"), ("--reference", "all others")):
            said = cli("ratios", PRISON, "--by", "ethnicity", "--baseline", "census-2021", "--period", ON, "--sex", sex,
                       "--json", *asked, home=folder)  # fmt: skip
            if said.code == 0:
                rows = json.loads(said.out)
                found.update(_of_disparities(iter(rows if isinstance(rows, list) else rows["rows"])))
    return found


def _parquet(folder: Path, _: Cli) -> Facts:
    """The derived table of the published database, copied to Parquet as anyone may."""
    path = folder / "disparity.parquet"
    with duckdb.connect(str(folder / "monitor.duckdb"), read_only=True) as store:
        store.execute(f"copy disparity to '{path}' (format parquet)")
    rows = pl.read_parquet(path).filter(measure=PRISON, characteristic="ethnicity", period=ON)
    return dict(_of_disparities(rows.iter_rows(named=True)))


def _database(folder: Path, _: Cli) -> Facts:
    with duckdb.connect(str(folder / "monitor.duckdb"), read_only=True) as store:
        rows = store.execute("select * from disparity where measure = ? and period = ?", [PRISON, ON]).pl()
    rows = rows.filter(characteristic="ethnicity")
    return dict(_of_disparities(rows.iter_rows(named=True)))


OUTPUTS: dict[str, Callable[[Path, Cli], Facts]] = {
    "pages": _pages,
    **{ending: _files(ending) for ending in ("csv", "xlsx", "ods", "odt", "docx")},
    "rows behind pictures": _rows_behind_pictures,
    "json": _json,
    "parquet": _parquet,
    "database": _database,
}


@pytest.mark.parametrize("output", OUTPUTS)
def test_no_combination_of_what_an_output_shows_is_the_hidden_count(hiding, true, totals, cli, output) -> None:
    facts = OUTPUTS[output](hiding, cli)
    assert len(facts) > 30, "too little was read to prove anything"
    assert {k: true[k] for k in facts} == pytest.approx(dict(facts)), "a number was read wrongly, or is wrong"
    assert not gives_back(facts, {})
    assert not gives_back(facts, totals)


def test_all_outputs_together_do_not_give_it_back_either(hiding, true, totals, cli) -> None:
    facts = {key: value for read in OUTPUTS.values() for key, value in read(hiding, cli).items()}
    assert not gives_back(facts, totals)
    left_out = true.keys() - facts.keys() - {HIDDEN}
    assert left_out == {("Chinese", "male"), ("Bangladeshi", "female"), ("Bangladeshi", "male")}, "more than is needed"


@pytest.mark.parametrize("given", [("Chinese", "male"), ("Bangladeshi", "female"), ("Bangladeshi", "male")])
def test_any_one_count_kept_back_would_give_it_back(hiding, true, totals, cli, given) -> None:
    """The attack finds what was open before: nothing less is kept back than must be."""
    assert gives_back({**_database(hiding, cli), given: true[given]}, totals)
