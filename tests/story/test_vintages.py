"""Two editions and a correction: what a reader is told was different, and what was known on each day.

A yearly workbook comes out. Five weeks later its publisher corrects it in a file of another name: one figure is marked
as revised, one is not, one is hidden, a footnote says why. Then the same numbers are saved again in another program.
A year later the next edition drops a breakdown and a group, renumbers a table and renames a label. Finally the first
version comes back.
"""

import datetime as dt
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from odfdo import Document, Row, Table
from openpyxl import Workbook

from monitor.run import rebuild, take_in
from monitor.settings import home
from monitor.store import reads
from monitor.store.database import Reader
from monitor.store.vault import Vault
from pipelines.acquire import add
from tests.spec.rows import PRISON, differing, rows_of, tables_of

Sheets = dict[str, list[list[object]]]
FIRST, CORRECTED, AGAIN, NEXT, BACK = (
    dt.datetime(2022, 8, 1, 9, 45),
    dt.datetime(2022, 9, 5, 9, 45),
    dt.datetime(2022, 9, 12, 9, 45),
    dt.datetime(2023, 8, 1, 9, 45),
    dt.datetime(2023, 9, 1, 9, 45),
)
COUNTS: dict[str, tuple[object, object]] = {
    "Asian or Asian British": (6451, 6533),
    "Black or Black British": (9994, 10059),
    "Mixed": (3700, 3800),
    "White": (57000, 58000),
    "Other": (1000, 1100),
    "Not stated": (179, 1167),
}
FAITHS: dict[str, tuple[object, object]] = {"Muslim": (13600, 13700), "Sikh": (440, 450), "No religion": (24000, 24500)}


def sheets(
    year: int, counts: dict[str, tuple[object, object]], *, number: str = "A1.9ii", faiths: bool = True, note: str = ""
) -> Sheets:
    until = f"30 June {year - 1} to 30 June {year}"
    dates = [None, dt.date(year - 1, 6, 30), dt.date(year, 6, 30)]
    name = number.replace(".", "_")
    book: Sheets = {
        name: [
            [f"Table {number}: Prison population by ethnicity and sex; {until}"], [], dates,
            ["Males and Females", None, None],
            *([group, *both] for group, both in counts.items()),
            [], ["(1) Source: prison IT system. " + note],
        ]
    }  # fmt: skip
    if faiths:
        book["A1_10"] = [
            [f"Table A1.10: Prison population by religion and sex; {until}"], [], dates,
            ["Males and Females", None, None],
            *([faith, *both] for faith, both in FAITHS.items()),
        ]  # fmt: skip
    return book


def xlsx(path: Path, book: Sheets) -> Path:
    made = Workbook()
    made.remove(made.active)
    for name, rows in book.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return path


def ods(path: Path, book: Sheets) -> Path:
    made = Document("spreadsheet")
    made.body.clear()
    for name, rows in book.items():
        table = Table(name)
        for values in rows:
            row = Row()
            row.set_values(values)
            table.append_row(row)
        made.body.append(table)
    made.save(path)
    return path


@dataclass(frozen=True)
class Played:
    home: Path
    files: dict[str, str]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The story, taken in at its end: what was seen at each moment is judged and loaded in turn."""
    folder = tmp_path_factory.mktemp("vintages")
    place = home(folder / "home")
    corrected = COUNTS | {
        "Asian or Asian British": (6451, "6,540 [r]"),
        "Mixed": (3700, 3805),
        "Other": (1000, "*"),
    }
    later = {
        "Asian": (6540, 6600),
        "Black or Black British": (10059, 10100),
        "White": (58000, 58500),
        "Other": (1100, 1150),
        "Not stated": (1167, 1200),
    }
    why = "Corrected on 1 September 2022."
    book = sheets(2022, corrected, note=why)
    came = [
        ("first", xlsx(folder / "Annual.xlsx", sheets(2022, COUNTS)), "2022-06-30", FIRST, dt.date(2022, 7, 28)),
        ("corrected", xlsx(folder / "Annual_v2.xlsx", book), "30 June 2022", CORRECTED, dt.date(2022, 9, 1)),
        ("again", ods(folder / "Annual_v3.ods", book), "2022-06-30", AGAIN, dt.date(2022, 9, 9)),
        ("next", xlsx(folder / "Next.xlsx", sheets(2023, later, number="1.Q.6", faiths=False, note=why)),
         "2023-06-30", NEXT, dt.date(2023, 7, 27)),
    ]  # fmt: skip
    files = {}
    for name, path, edition, at, day in came:
        files[name] = add(Vault(place), path, PRISON, edition, at, day)[0].sha256
    take_in(place, say=lambda _: None)
    return Played(place.root, files)


def value_of(played: Played, group: str, known: reads.Known) -> tuple[float | None, str] | None:
    with Reader(home(played.home)) as store:
        found = reads.figures(store, PRISON, PRISON, ["ethnicity-sex"], known)
    rows = [r for r in found.to_dicts() if r["ethnicity"] == group and r["period_end"] == dt.date(2022, 6, 30)]
    assert len(rows) <= 1, "one figure speaks once"
    return (rows[0]["value"], rows[0]["status"]) if rows else None


@pytest.fixture(scope="module")
def corrected(cli, played):
    """What `diff` says of the edition's vintages."""
    return rows_of(cli, "diff", PRISON, "2022-06-30", home=played.home)


@pytest.fixture(scope="module")
def later(cli, played):
    """What `diff` says of the two editions."""
    return rows_of(cli, "diff", PRISON, home=played.home)


class TestTheCorrection:
    """Two vintages of one edition."""

    def test_each_change_is_told_once_and_in_order(self, corrected) -> None:
        assert [(r["change"], r["category"], r["was"], r["now"], r["marked"]) for r in corrected[:-1]] == [
            ("revised", "ethnicity Asian", "6,533", "6,540", True),
            ("revised", "ethnicity Mixed", "3,800", "3,805", False),
            ("resuppressed", "ethnicity Other", "a number shown", "suppressed", None),
        ]
        assert corrected[-1]["change"] == "footnotes"
        assert corrected[-1]["now"].endswith("Corrected on 1 September 2022.")

    def test_what_the_publisher_hid_later_is_not_repeated(self, cli, corrected, played) -> None:
        hidden = corrected[2]
        assert (hidden["value_before"], hidden["value_after"]) == (None, None)
        assert "from a number shown to suppressed" in hidden["message"]
        with Reader(home(played.home)) as store:
            kept = reads.revisions(store).filter(edition_before="2022-06-30", edition_after="2022-06-30")
        asked = cli("diff", PRISON, "2022-06-30", home=played.home).out
        assert "1,100" not in asked and "from a number shown" in asked
        assert kept.filter(change="resuppressed")["value_before"].to_list() == [None]

    def test_both_cells_and_both_files_are_named(self, corrected, played) -> None:
        silent = corrected[1]
        assert (silent["sheet_before"], silent["cells_before"]) == ("A1_9ii", ["C7"])
        assert (silent["sheet_after"], silent["cells_after"]) == ("A1_9ii", ["C7"])
        assert silent["artefact_before"] == played.files["first"]
        assert silent["artefact_after"] == played.files["corrected"]
        assert "not marked as revised" in silent["message"]

    def test_a_name_written_otherwise_is_the_same_edition(self, played) -> None:
        editions = {a.edition_id for a in Vault(home(played.home)).artefacts()}
        assert editions == {"2022-06-30", "2023-06-30"}

    @pytest.mark.parametrize(
        ("known", "asian", "other"),
        [
            (reads.Known(seen_by=FIRST), (6533, "published"), (1100, "published")),
            (reads.Known(published_by=dt.date(2022, 8, 31)), (6533, "published"), (1100, "published")),
            (reads.Known(seen_by=CORRECTED), (6540, "published"), (None, "suppressed")),
            (reads.Known(published_by=dt.date(2022, 9, 1)), (6540, "published"), (None, "suppressed")),
            (reads.Known(published_by=dt.date(2022, 9, 1), seen_by=FIRST), (6533, "published"), (1100, "published")),
            (reads.Known(published_by=dt.date(2022, 7, 27)), None, None),
        ],
    )
    def test_as_known_on_a_day_gives_the_figures_then_known(self, played, known, asian, other) -> None:
        assert value_of(played, "Asian", known) == asian
        assert value_of(played, "Other", known) == other

    def test_the_checks_of_a_day_are_those_of_the_figures_then_known(self, cli, played) -> None:
        """The first version's groups make no published total; the correction hides one: each state has its findings."""

        def asked(*flags: str) -> list[dict[str, object]]:
            return rows_of(cli, "checks", PRISON, *flags, home=played.home)

        first, second = asked("--known-at", "2022-08-02"), asked("--known-at", "2022-09-06")
        assert first and {r["edition"] for r in first} == {"2022-06-30"}
        assert first == asked("--as-of", "2022-08-31")
        assert second == asked("--as-of", "2022-09-05")
        assert {r["edition"] for r in asked()} == {"2022-06-30", "2023-06-30"}
        assert asked("--known-at", "2022-07-01") == []


class TestTheSameNumbersAgain:
    """A file that changed while its numbers did not is journalled, and no news."""

    def test_it_is_kept_and_journalled_once(self, played) -> None:
        vault = Vault(home(played.home))
        assert played.files["again"] in {a.sha256 for a in vault.artefacts()}
        [line] = [e for e in vault.journal() if e["what"] == "same_cells"]
        assert (line["sha256"], line["same_as"]) == (played.files["again"], played.files["corrected"])

    def test_it_has_no_observations_and_makes_no_revision(self, played) -> None:
        with Reader(home(played.home)) as store:
            observed = store.frame("select distinct artefact_sha256 as sha from figure")["sha"].to_list()
            rows = reads.revisions(store).to_dicts()
        assert sorted(observed) == sorted(played.files[name] for name in ("first", "corrected", "next"))
        assert played.files["again"] not in {r[end] for r in rows for end in ("artefact_before", "artefact_after")}


class TestTheNextEdition:
    def test_what_vanished_is_told_first_with_the_cells_where_it_last_stood(self, later) -> None:
        gone = [r for r in later if r["change"] == "vanished"]
        assert later[: len(gone)] == gone
        assert [(r["what"], r["characteristic"], r["category"], r["sheet_before"]) for r in gone] == [
            ("table", None, "religion", "A1_10"),
            ("category", "ethnicity", "Mixed", "A1_9ii"),
        ]
        assert gone[0]["cells_before"] and "A1_10!" in gone[0]["message"]

    def test_what_rolled_on_did_not_vanish_and_new_periods_are_one_row(self, later) -> None:
        assert [(r["what"], r["now"]) for r in later if r["change"] == "appeared"] == [("period", "2023-06-30")]

    def test_a_hidden_figure_shown_again_a_label_and_a_number_are_told(self, later) -> None:
        rest = [(r["change"], r["was"], r["now"]) for r in later if r["change"] not in ("vanished", "appeared")]
        assert rest == [
            ("relabelled", "Asian or Asian British", "Asian"),
            ("resuppressed", "suppressed", "1,100"),
            ("renumbered", "A1.9ii", "1.Q.6"),
        ]

    def test_as_of_a_day_before_it_there_is_nothing_to_compare_it_with(self, cli, played) -> None:
        answer = cli("diff", PRISON, "--as-of", "2023-07-26", home=played.home)
        assert answer.code == 1
        assert "only 2022-06-30 is held" in answer.err

    def test_an_edition_that_is_not_held_is_named_with_those_that_are(self, cli, played) -> None:
        answer = cli("diff", PRISON, "2021-06-30", home=played.home)
        assert (answer.code, answer.out) == (2, "")
        assert "'2021-06-30'" in answer.err and "2022-06-30, 2023-06-30" in answer.err

    def test_words_lead_with_what_vanished(self, cli, played) -> None:
        answer = cli("diff", PRISON, home=played.home)
        assert answer.out.index("VANISHED (2)") < answer.out.index("Appeared (1)")


def test_the_derived_table_holds_both_comparisons(played) -> None:
    with Reader(home(played.home)) as store:
        rows = reads.revisions(store).filter(publication=PRISON)
    pairs = rows.select("edition_before", "edition_after").unique().sort("edition_after").rows()
    assert pairs == [("2022-06-30", "2022-06-30"), ("2022-06-30", "2023-06-30")]


def test_what_comes_back_after_a_correction_is_news_and_every_vintage_survives_a_rebuild(cli, played, tmp_path) -> None:
    place = home(shutil.copytree(played.home, tmp_path / "home"))
    saved = xlsx(tmp_path / "Annual_final.xlsx", sheets(2022, COUNTS) | {"Notes": [["Numbers as first published."]]})
    add(Vault(place), saved, PRISON, "2022-06-30", BACK, dt.date(2023, 8, 31))
    take_in(place, say=lambda _: None)
    later = rows_of(cli, "diff", PRISON, "2022-06-30", home=place.root)
    assert [(r["was"], r["now"]) for r in later if r["change"] == "revised"] == [
        ("6,533", "6,540"), ("3,800", "3,805"), ("6,540", "6,533"), ("3,805", "3,800"),
    ]  # fmt: skip
    before, journal = tables_of(place.root), (place.vault / "journal.jsonl").read_bytes()
    rebuild(place, say=lambda _: None)
    assert differing(before, tables_of(place.root)) == []
    assert (place.vault / "journal.jsonl").read_bytes() == journal
    assert json.loads(journal.splitlines()[-1])["what"] == "kept"
