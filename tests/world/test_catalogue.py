"""Every declared publication, served and looked at in one pass, and every figure set beside what its cell says.

What is generated is held to account first: its truth is read back from the bytes by another reader.
"""

import csv
import datetime as dt
import hashlib
import io
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hostile import files as hostile
from python_calamine import CalamineWorkbook

from pipelines.reading import read
from tests.hostile import undeclared
from tests.oracles.comparison import set_beside
from tests.oracles.readings import read_again
from world import World
from world.catalogue import Claim, File, Known, Planned, every, figures, plan, write
from world.catalogue.comparison import Compared, compared
from world.catalogue.faults import FAULTS
from world.catalogue.layouts import LAYOUTS
from world.catalogue.serving import bytes_of, declared, is_real
from world.whole_pass import Passed, one_pass

GONE, HOSTILE = "standard-determinate-releases", "electronic-monitoring"
"""A publication whose page was taken down, and one whose file is no workbook in spite of its first bytes."""
SAMPLE = (
    *(GONE, HOSTILE, "coroners", "deaths-in-the-community", "employment-on-release", "first-time-entrants"),
    *("judicial-diversity", "parole", "police-contact-deaths", "prison-digest", "secure-treatment", "youth-justice"),
)
"""Publications of every kind of page, of small files: the pass that every change is tried with."""


def counted() -> set[str]:
    """The releases of the catalogue: every declared publication that is no part of another."""
    return {name for name, said in declared().items() if "part_of" not in said}


def files(planned: dict[str, Planned]) -> list[File]:
    return [file for one in planned.values() for file in one.files]


@pytest.fixture(scope="module")
def planned() -> dict[str, Planned]:
    return plan()


# --- what is served -----------------------------------------------------------------------------------------------


class TestThePlan:
    def test_every_declared_publication_is_served(self, planned: dict[str, Planned]) -> None:
        assert len(counted()) == 48
        assert counted() <= planned.keys() <= declared().keys()

    def test_so_many_layouts_each_with_faults_that_happened(self, planned: dict[str, Planned]) -> None:
        happened: dict[str, set[str]] = {}
        for file in files(planned):
            for sheet in file.sheets:
                happened.setdefault(sheet.layout, set()).update(sheet.faults)
        spoilt = {layout for layout, faults in happened.items() if len(faults) >= 2}
        assert len(spoilt) >= 30
        assert set(happened) - spoilt == {"nomis_query"}, "a service's answer, which passes through nobody's hands"
        assert set(happened) == set(LAYOUTS), "no layout is written for nothing"
        assert set.union(*happened.values()) == set(FAULTS), "and no fault"

    def test_a_fault_that_is_planned_happens(self, planned: dict[str, Planned]) -> None:
        for file in files(planned):
            for table in file.tables:
                happened = {f for s in file.sheets if s.layout == table["layout"] for f in s.faults}
                assert set(table["faults"]) <= happened, f"{file.name}: {table['layout']}"

    def test_so_many_cells_are_known_and_how_surely_is_said(self, planned: dict[str, Planned]) -> None:
        cells = Counter(dict.fromkeys(("file", "described", "assumed"), 0))
        for file in files(planned):
            cells[file.seen] += sum(1 for _ in figures(file.known))
        assert cells.keys() == {"file", "described", "assumed"}
        assert cells.total() >= 50_000
        assert cells["assumed"] < cells.total() / 2, "most cells stand in layouts that were seen or described"

    def test_it_asks_nothing_of_what_it_judges(self) -> None:
        modules = ("comparison", "elsewhere", "every", "serving")
        said = f"import sys, {', '.join(f'world.catalogue.{m}' for m in modules)}; print(*sys.modules)"
        done = subprocess.run(
            [sys.executable, "-c", said], cwd=Path(__file__).parents[1], capture_output=True, text=True, check=True
        )
        loaded = {name.partition(".")[0] for name in done.stdout.split()}
        assert "world" in loaded
        assert loaded & {"monitor", "pipelines", "expectations", "dashboards"} == set()

    def test_it_is_the_same_each_time(self, planned: dict[str, Planned]) -> None:
        again = plan()
        for slug in ("youth-justice", "judicial-diversity", "reoffending"):
            for one, other in zip(planned[slug].files, again[slug].files, strict=True):
                assert (one.known, one.body) == (other.known, other.body)

    def test_the_truth_is_a_table_to_be_read_beside_a_file(self, planned: dict[str, Planned], tmp_path: Path) -> None:
        (file,) = planned["deaths-in-the-community"].files
        assert write(file.known, tmp_path / "truth.csv") == len(file.known)
        with (tmp_path / "truth.csv").open(encoding="utf-8", newline="") as lines:
            rows = {r["cell"]: r for r in csv.DictReader(lines) if r["sheet"] == "Table_1"}
        assert rows["B4"]["ethnicity"] == "all"
        assert (rows["B4"]["start"], rows["B4"]["end"]) == ("2019-04-01", "2020-03-31")


def as_read(file: File) -> dict[tuple[str, str], object]:
    """What another reader finds in the cells of a file, by sheet and address."""
    if file.name.endswith(".csv"):
        sheets = {"": list(csv.reader(io.StringIO(file.body.decode("utf-8"))))}
    else:
        book = CalamineWorkbook.from_filelike(io.BytesIO(file.body))
        sheets = {n: book.get_sheet_by_name(n).to_python(skip_empty_area=False) for n in book.sheet_names}
    return {
        (name, hostile.column(c) + str(r)): cell
        for name, rows in sheets.items()
        for r, row in enumerate(rows, 1)
        for c, cell in enumerate(row)
    }


def number_in(cell: object) -> float:
    """The number that a person reads in a cell, whatever is glued to it."""
    return float("".join(c for c in str(cell) if c in "0123456789.-"))


@pytest.mark.parametrize("slug", sorted(set(plan()) - {"reoffending"}))
def test_the_truth_stands_in_the_bytes(planned: dict[str, Planned], slug: str) -> None:
    for file in planned[slug].files:
        found = as_read(file)
        for known in figures(file.known):
            cell, claim = found[known.sheet, known.cell], known.claim
            assert claim is not None
            if claim.value is not None:
                shown = number_in(cell)
                assert any(abs(shown * s - claim.value) < 0.06 for s in (1, 100)), f"{file.name} {known.cell}: {cell!r}"
            else:
                assert "masked_by_format" in known.faults or str(cell) in ("[c]", "*", "..", "-"), known


def test_totals_are_sums_of_what_stands_under_them(planned: dict[str, Planned]) -> None:
    (file,) = (f for f in planned["restricted-patients"].files)
    by_time: dict[dt.date | None, dict[str, float]] = {}
    for known in figures(file.known):
        claim = known.claim
        assert claim is not None
        if known.layout == "total_first":
            group = next((category for _, category, _ in claim.people), "all")
            by_time.setdefault(claim.end, {})[group] = claim.value or 0.0
    off = [round(sum(n for g, n in groups.items() if g != "all") - groups["all"]) for groups in by_time.values()]
    assert sorted(map(abs, off)) == [0, 0, 0, 0, 19], "all hold, but for the one that is misprinted"


# --- the pass -----------------------------------------------------------------------------------------------------


def spoilt(world: World) -> None:
    """A page is taken down for good, and a workbook becomes one that ends in the middle of its cells."""
    (page,) = declared()[GONE]["pages"]
    world.take_down(page, "Published in error.")
    name = next(path for path in world.assets if path.endswith("electronic-monitoring-march-2024.ods"))
    half = hostile.ods_parts()
    half["content.xml"] = str(half["content.xml"])[: len(half["content.xml"]) // 2]
    body = hostile.zipped(half)
    world.assets[name] = replace(world.assets[name], body=body)
    for item in world.documents.values():
        for file in item["details"].get("attachments", ()):
            if file["url"].endswith(name):
                file["file_size"] = len(body)


def separating(known: list[Known]) -> list[Known]:
    """The cells of sheets that separate people: figures are kept of no others."""
    sheets = {k.sheet for k in figures(known) if k.claim and k.claim.people}
    return [k for k in known if k.sheet in sheets]


class ThePass:
    """What must be so of a pass over some publications; `real` where published files were served too."""

    real = False

    def test_it_ends_as_the_contract_says(self, passed: Passed) -> None:
        assert passed.code == 1, "somebody could not be looked at"
        assert "Traceback" not in passed.err
        assert "did not expect" not in passed.err
        assert "looked at" in passed.err.splitlines()[-1] or "What is held was used and published." in passed.err

    def test_whoever_failed_is_named_with_the_reason(self, passed: Passed) -> None:
        assert f"{GONE}: " in passed.err
        assert "taken down: Published in error." in passed.err

    def test_the_files_of_everybody_else_are_in_the_vault(self, passed: Passed, served: dict[str, Planned]) -> None:
        held = passed.held()
        for slug in served.keys() - {GONE, HOSTILE}:
            wanted = {hashlib.sha256(bytes_of(f, self.real)).hexdigest() for f in served[slug].files}
            if declared()[slug]["kind"] != "nomis":  # because a query's file is put together of its answers
                assert wanted <= held.get(slug, set()), slug
            assert held.get(slug), slug

    def test_the_hostile_file_is_kept_and_told_and_has_no_figures(self, passed: Passed) -> None:
        assert HOSTILE not in set(passed.figures()["publication"])
        assert passed.findings(HOSTILE) == {"file_readable"}
        assert "could not be read" in (passed.home.site / f"publication-{HOSTILE}.html").read_text("utf-8")

    def test_every_publication_has_its_page(self, passed: Passed) -> None:
        for slug in declared():
            page = (passed.home.site / f"publication-{slug}.html").read_text("utf-8")
            assert "This page could not be made" not in page, slug
        assert (passed.home.site / "index.html").exists()

    def test_no_figure_of_the_store_says_what_its_cell_does_not(
        self, passed: Passed, served: dict[str, Planned]
    ) -> None:
        told = self.compared(passed, served)
        assert told.wrong == [], told

    def test_nearly_every_known_cell_has_a_figure_in_the_store(
        self, passed: Passed, served: dict[str, Planned]
    ) -> None:
        told = self.compared(passed, served)
        assert told.read >= 0.95 * told.known, told

    def compared(self, passed: Passed, served: dict[str, Planned]) -> Compared:
        """The store's figures beside the truth of every file that was made, and that is read to the end."""
        read = {slug: one for slug, one in served.items() if slug not in (GONE, HOSTILE)}
        made = [f for f in files(read) if not (self.real and is_real(f))]
        return compared(passed.figures(), (known for f in made for known in separating(f.known)))


class TestASample(ThePass):
    @pytest.fixture(scope="class")
    @classmethod
    def served(cls, planned: dict[str, Planned]) -> dict[str, Planned]:
        return {slug: planned[slug] for slug in SAMPLE}

    @pytest.fixture(scope="class")
    @classmethod
    def passed(cls, served: dict[str, Planned], tmp_path_factory: pytest.TempPathFactory) -> Passed:
        return one_pass(list(served.values()), tmp_path_factory.mktemp("sample"), before=spoilt)


@pytest.mark.nightly
class TestTheWholeCatalogue(ThePass):
    """All of it, with the starter figures, and the published files where they are at hand."""

    real = True

    @pytest.fixture(scope="class")
    @classmethod
    def served(cls, planned: dict[str, Planned]) -> dict[str, Planned]:
        return planned

    @pytest.fixture(scope="class")
    @classmethod
    def passed(cls, served: dict[str, Planned], tmp_path_factory: pytest.TempPathFactory) -> Passed:
        folder = tmp_path_factory.mktemp("whole")
        return one_pass(list(served.values()), folder, real=True, starter=True, before=spoilt)

    def test_so_many_publications_have_files(self, passed: Passed) -> None:
        assert len(counted() & passed.held().keys()) >= 44
        assert "looked at 47 of 48" in passed.err

    def test_figures_of_published_files_say_what_their_cells_say(
        self, passed: Passed, served: dict[str, Planned]
    ) -> None:
        """Their truth is an independent reading of each."""
        real = [file for file in files(served) if is_real(file)]
        if not real:
            pytest.skip("needs the published files in ../shared/published beside the checkout")
        figures = [iso(row) for row in passed.figures().iter_rows(named=True) if not row["cell"].startswith("sum of")]
        for file in real:
            found = [f for f in figures if (f["publication"], f["file"]) == (file.publication, file.name)]
            told = set_beside(list(read_again(file.real)), found)
            assert told.wrong == [], f"{file.real}: {told.wrong[:5]}"

    def test_so_many_publications_have_figures(self, passed: Passed) -> None:
        assert len(counted() & set(passed.figures()["publication"])) >= 44


def iso(figure: dict[str, Any]) -> dict[str, Any]:
    """A row of the store with its days as text, as the independent readings have them."""
    return {k: v.isoformat() if isinstance(v, dt.date) else v for k, v in figure.items()}


# --- what is read -------------------------------------------------------------------------------------------------


def drafted(file: File, folder: Path) -> pl.DataFrame:
    """What is read of a file that nobody declared."""
    from monitor.cli.files import _drafted
    from pipelines.trial import trial

    path = folder / file.name
    path.write_bytes(file.body)
    _, declaration, undrafted = _drafted(path)
    tried = trial(path, declaration, path.stem, lambda _: None, undrafted)
    return tried.figures.with_columns(file=pl.lit(file.name))


def read_of(file: File, folder: Path) -> Compared:
    found = drafted(file, folder)
    return compared(found if not found.is_empty() else pl.DataFrame(EMPTY), of_nobodys(file.known))


def of_nobodys(known: Iterable[Known]) -> list[Known]:
    """What is known of a file that nobody declares: the day of a census is said by its publication alone."""
    found = list(known)
    for k, one in enumerate(found):
        if one.layout == "nomis_query" and one.claim is not None and one.claim.start is not None:
            year = one.claim.start.year
            claim = replace(one.claim, start=dt.date(year, 1, 1), end=dt.date(year, 12, 31))
            found[k] = replace(one, claim=claim)
    return found


EMPTY: dict[str, list[object]] = {"file": [], "sheet": [], "cell": []}


def cases(slugs: set[str] | None = None) -> list[object]:
    every = [file for slug, one in plan().items() if slugs is None or slug in slugs for file in one.files]
    return [pytest.param(file, id=file.name) for file in every]


@pytest.mark.parametrize("file", cases({"coroners", "youth-justice", "deaths-in-the-community", "secure-treatment"}))
def test_nothing_is_misread_of_a_sample(file: File, tmp_path: Path) -> None:
    told = read_of(file, tmp_path)
    assert told.wrong == [], told


@pytest.mark.nightly
@pytest.mark.parametrize("file", cases())
def test_nothing_is_misread(file: File, tmp_path: Path) -> None:
    told = read_of(file, tmp_path)
    assert told.wrong == [], told


@pytest.mark.nightly
def test_nearly_all_of_what_is_known_is_read(planned: dict[str, Planned], tmp_path: Path) -> None:
    told = [read_of(file, tmp_path) for file in files(planned)]
    known, read = sum(t.known for t in told), sum(t.read for t in told)
    assert read >= 0.95 * known, "\n".join(str(t) for t in told if t.unread)


@pytest.mark.nightly
@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_layout_is_misread_with_any_fault(layout: str, tmp_path: Path) -> None:
    """Each variant alone: what is misread then is misread for its one fault."""
    sheets = every.variants(every.smallest()[layout])
    path = tmp_path / "every.xlsx"
    path.write_bytes(every.workbook(sheets))
    wrong = []
    for sheet, grid in zip(sheets, read(path), strict=True):
        found = pl.DataFrame(undeclared.drafted(grid), infer_schema_length=None).with_columns(file=pl.lit(path.name))
        wrong += compared(found, of_nobodys(every.known(sheet))).wrong if not found.is_empty() else []
    assert wrong == [], "\n".join(map(str, wrong))


# --- the comparison itself ----------------------------------------------------------------------------------------

CLAIM = Claim(
    12.0,
    "published",
    dt.date(2022, 4, 1),
    dt.date(2023, 3, 31),
    "Kent",
    "count",
    (("sex", "female", "Women"), ("ethnicity", "Black", "Black or Black British")),
    (("offence", "Drug offences"),),
    ("E23",),
)
SAYS = {
    "file": "a.ods", "table_id": "a", "sheet": "1", "cell": "B4", "measure": "arrests", "value": 12.0, "unit": "people",
    "status": "published", "period_start": "2022-04-01", "period_end": "2023-03-31", "period_kind": "flow",
    "place_code": "E23000032",
    "place_name": "Kent", "population": "people", "identification": "self",
    "circumstances": '{"offence": "drug_offences"}', "age": "all", "disability": "all", "gender_reassignment": "all",
    "marriage_and_civil_partnership": "all", "pregnancy_and_maternity": "all", "ethnicity": "Black", "religion": "all",
    "sex": "female", "sexual_orientation": "all", "nationality": "all",
}  # fmt: skip
TRUTH = [Known("p", "a.ods", "1", "B4", CLAIM, "crosstab"), Known("p", "a.ods", "1", "B5", None, "crosstab")]


class TestTheComparison:
    def test_a_figure_that_says_what_its_cell_says_is_read(self) -> None:
        told = compared(pl.DataFrame([SAYS]), TRUTH)
        assert (told.known, told.read, told.wrong, told.unread) == (1, 1, [], [])

    def test_a_cell_without_a_figure_is_not_read_and_not_wrong(self) -> None:
        told = compared(pl.DataFrame([SAYS | {"status": "unreadable", "value": None}]), TRUTH)
        assert (told.read, told.wrong, [k.cell for k in told.unread]) == (0, [], ["B4"])

    @pytest.mark.parametrize(
        ("said", "kind"),
        [
            ({"value": 13.0}, "value"),
            ({"status": "suppressed", "value": None}, "status"),
            ({"sex": "male"}, "sex"),
            ({"sex": "all"}, "sex"),
            ({"ethnicity": "White"}, "ethnicity"),
            ({"age": "15-17"}, "age"),
            ({"period_end": "2022-12-31"}, "period"),
            ({"place_name": "Essex", "place_code": "E23000028"}, "place"),
            ({"place_code": "E10000016"}, "place"),
            ({"place_name": "England and Wales", "place_code": "K04000001"}, "place"),
            ({"circumstances": "{}"}, "circumstances"),
            ({"circumstances": '{"offence": "robbery"}'}, "circumstances"),
            ({"circumstances": '{"offence": "drug_offences", "order": "licence"}'}, "circumstances"),
            ({"unit": "percent"}, "unit"),
            ({"cell": "B5"}, "figure"),
            ({"cell": "Z9"}, "figure"),
        ],
    )
    def test_a_figure_that_says_otherwise_is_wrong(self, said: dict[str, object], kind: str) -> None:
        told = compared(pl.DataFrame([SAYS | said]), TRUTH)
        assert [w.kind for w in told.wrong] == [kind]
        assert told.read == 0

    def test_two_cells_that_differ_may_not_be_said_alike(self) -> None:
        another = replace(CLAIM, people=CLAIM.people, others=(("offence", "Drug offences"), ("measure", "arrests")))
        truth = [TRUTH[0], Known("p", "a.ods", "1", "B5", another, "crosstab")]
        told = compared(pl.DataFrame([SAYS, SAYS | {"cell": "B5"}]), truth)
        assert [w.kind for w in told.wrong] == ["alike"]
