"""The database is a consequence of the vault: deleted, it comes back the same; better evidence changes no figure."""

import shutil
from pathlib import Path

import pytest

from monitor.run import rebuild
from monitor.settings import home
from monitor.store import reads
from monitor.store.database import Reader
from pipelines.starter import sources
from tests.spec.rows import LATEST, NEWEST, PRISON, differing, rows_of, tables_of, with_originals

DERIVED = ("disparity", "gap")


def reopened(folder: Path) -> Path:
    """The home without its database: only what cannot be made again is left."""
    for path in folder.iterdir():
        if path.name == "vault":
            continue
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return folder


def test_delete_the_database_and_rebuild_and_every_table_is_identical(cli, starter_home, own_home) -> None:
    answer = cli("rebuild", "--quiet", home=reopened(own_home))
    assert answer.code == 0, answer.err
    assert differing(tables_of(starter_home), tables_of(own_home)) == []


def test_a_second_pass_changes_nothing(cli, starter_home, own_home) -> None:
    journal = own_home / "vault" / "journal.jsonl"
    before = journal.read_bytes()
    summary = cli("run", "--offline", "--json", home=own_home).document
    assert (summary["new"], summary["unchanged"]) == ([], len(sources()))
    assert differing(tables_of(starter_home), tables_of(own_home)) == []
    assert journal.read_bytes() == before


def test_without_a_database_a_verb_says_what_to_run(cli, tmp_path) -> None:
    answer = cli("ratios", PRISON, home=tmp_path / "nothing")
    assert (answer.code, answer.out) == (1, "")
    assert "run --offline" in answer.err


# --- the publisher's own file beside the transcription of it ------------------------------------------------------


@pytest.fixture(scope="module")
def with_original(cli, starter_home, tmp_path_factory) -> Path:
    """The starter home with the original workbook added under the edition that is transcribed."""
    folder = Path(shutil.copytree(starter_home, tmp_path_factory.mktemp("original") / "home"))
    answer = cli("add", LATEST, "--publication", PRISON, "--edition", NEWEST, "--quiet", home=folder)
    assert answer.code == 0, answer.err
    return folder


def standing(folder: Path) -> dict[str, tuple[object, ...]]:
    """Of every declared figure of the workbook that counts: its value, and whether it is transcribed."""
    with Reader(home(folder)) as store:
        rows = store.frame(
            f"select figure_id || sheet || cell, value, list_contains(flags, 'transcribed') from ({reads.STANDING}) "
            "where publication = ? and edition_id = ? and sheet like 'A1_%' and layout = 'declared'",
            [PRISON, NEWEST],
        ).rows()
    return {place: rest for place, *rest in rows}  # type: ignore[misc]


@with_originals
def test_the_original_gives_the_same_figures_and_speaks_instead_of_the_transcription(
    starter_home, with_original
) -> None:
    before, after = standing(starter_home), standing(with_original)
    assert {place: value for place, (value, _) in after.items()} == {p: value for p, (value, _) in before.items()}
    assert {transcribed for _, transcribed in before.values()} == {True}
    assert {transcribed for _, transcribed in after.values()} == {False}


@with_originals
def test_adding_the_original_adds_nothing_to_what_the_checks_found(cli, with_original) -> None:
    def said(rows):
        return sorted((r["check"], r["severity"], r["sheet"], tuple(sorted(r["cells"]))) for r in rows)

    before, after = rows_of(cli, "checks", PRISON), rows_of(cli, "checks", PRISON, home=with_original)
    assert "transcription_agrees" not in {row["check"] for row in after}
    assert said(after) == said(before)


@with_originals
@pytest.mark.parametrize("asked", [[], ["--sex", "female", "--baseline", "census-2021"], ["--by", "religion"]])
def test_adding_the_original_changes_no_ratio(cli, with_original, asked) -> None:
    def plain(rows):
        return [{**row, "flags": sorted(set(row["flags"]) - {"transcribed"})} for row in rows]

    before = rows_of(cli, "ratios", PRISON, *asked)
    after = rows_of(cli, "ratios", PRISON, *asked, home=with_original)
    assert "transcribed" in before[0]["flags"]
    assert "transcribed" not in after[0]["flags"]
    assert plain(after) == plain(before)


@with_originals
def test_adding_the_original_changes_no_gap(cli, with_original) -> None:
    after = rows_of(cli, "gaps", home=with_original)
    held_back = [r for r in after if r["state"] == "not_read" and r["publication"] == PRISON]
    assert [r["level"] for r in held_back] == ["release"], "of the whole file some tables are held back, by us"
    assert [r for r in after if r not in held_back] == rows_of(cli, "gaps")


@with_originals
def test_adding_the_same_file_again_changes_nothing(cli, with_original) -> None:
    before = tables_of(with_original)
    added = cli("add", LATEST, "--publication", PRISON, "--edition", NEWEST, "--json", home=with_original).document
    assert not added["new"]
    assert differing(before, tables_of(with_original)) == []


@with_originals
def test_a_home_with_the_original_rebuilds_identically_too(with_original, tmp_path) -> None:
    again = Path(shutil.copytree(with_original, tmp_path / "home"))
    rebuild(home(reopened(again)), say=lambda _: None)
    assert differing(tables_of(with_original), tables_of(again)) == []


@with_originals
def test_the_original_is_better_evidence_and_never_a_revision(cli, with_original) -> None:
    assert rows_of(cli, "diff", PRISON, NEWEST, home=with_original) == []
    told = [row["message"] for row in rows_of(cli, "diff", PRISON, home=with_original)]
    assert told == [row["message"] for row in rows_of(cli, "diff", PRISON)]


@with_originals
def test_before_the_original_was_seen_the_transcription_speaks(cli, with_original) -> None:
    with Reader(home(with_original)) as store:
        files = (
            reads.artefacts(store)
            .filter(publication=PRISON, edition_id=NEWEST, name=LATEST.name)
            .sort("seen_at")
            .to_dicts()
        )
    assert [f["kind"] for f in files] == ["transcription", "original"]
    then, now = (rows_of(cli, "ratios", PRISON, "--known-at", str(f["seen_at"]), home=with_original) for f in files)
    assert then == rows_of(cli, "ratios", PRISON)
    assert now == rows_of(cli, "ratios", PRISON, home=with_original)
    assert {("transcribed" in row["flags"]) for row in then} != {("transcribed" in row["flags"]) for row in now}
