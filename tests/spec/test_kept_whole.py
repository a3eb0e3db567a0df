"""What is kept is what was published: bytes that changed here are never read, and come again; nothing else is lost."""

import datetime as dt
import shutil
from pathlib import Path

import polars as pl
import pytest
import urllib3
from hypothesis import given
from hypothesis import strategies as st

from dashboards.site import MARK
from monitor import clock
from monitor.settings import home
from monitor.store.database import Reader
from monitor.store.schema import frame_schema
from monitor.store.vault import NotHeld, Vault
from pipelines.acquire import keep_starter
from pipelines.editions import supersessions
from pipelines.fetch.services import Services, host_of
from tests.spec.test_bad_input import declare as declare
from tests.spec.test_bad_input import refused, workbook

NOW = dt.datetime(2026, 11, 27, 9, 30)
ADDED = "--publication", "custody", "--edition", "2022-06-30", "--quiet"


def values(place: Path) -> dict[str, float]:
    with Reader(home(place)) as store:
        rows = store.frame("select ethnicity, value from figure where cell like 'B%'").rows()
    return dict(rows)


class TestBytes:
    def test_a_changed_file_is_not_read_and_comes_again_when_it_is_added_again(self, cli, tmp_path, declare) -> None:
        declare()
        place, book = tmp_path / "home", workbook(tmp_path / "tables.xlsx")
        cli("add", book, *ADDED, home=place)
        before, vault = values(place), Vault(home(place))
        kept = vault.path(vault.artefacts()[0].sha256)
        workbook(kept.parent / "other.xlsx", [("Males and Females ", 99, 99), (), ("White", 99, 99)]).replace(kept)
        answer = cli("rebuild", "--quiet", home=place)
        assert answer.code == 1
        assert "tables.xlsx" in answer.err and "expected the bytes with that SHA-256, found others" in answer.err
        assert values(place) == {}, "no number is better than another number"
        assert cli("add", book, *ADDED, home=place).code == 0
        assert values(place) == before

    @pytest.mark.parametrize("changed", [True, False], ids=["changed", "missing"])
    def test_the_starter_brings_its_own_back(self, tmp_path, changed) -> None:
        vault = Vault(home(tmp_path / "home"))
        keep_starter(vault, NOW)
        first = vault.artefacts()[0].sha256
        vault.path(first).write_bytes(b"another number") if changed else vault.path(first).unlink()
        with pytest.raises(NotHeld, match="found others" if changed else "found no file"):
            vault.whole(first)
        assert keep_starter(vault, NOW) == [], "it is nothing new"
        assert vault.is_whole(first)

    def test_one_missing_file_stops_nothing(self, cli, tmp_path, declare) -> None:
        declare()
        place = tmp_path / "home"
        cli("add", workbook(tmp_path / "tables.xlsx"), *ADDED, home=place)
        vault = Vault(home(place))
        vault.path(vault.artefacts()[0].sha256).unlink()
        later = workbook(tmp_path / "later.xlsx", title="Prison population by ethnicity and sex; 30 June 2023")
        cli("add", later, "--publication", "custody", "--edition", "2023-06-30", "--quiet", home=place)
        answer = cli("rebuild", "--quiet", home=place)
        assert answer.code == 1 and "found no file" in answer.err
        with Reader(home(place)) as store:
            assert set(store.frame("select edition_id from figure")["edition_id"]) == {"2023-06-30"}


class TestOrder:
    def test_of_two_files_the_one_kept_later_stands_though_the_clock_was_set_back(
        self, cli, tmp_path, declare, monkeypatch
    ) -> None:
        declare()
        place = tmp_path / "home"
        monkeypatch.setattr(clock, "now", lambda: NOW.replace(year=2030))
        cli("add", workbook(tmp_path / "tables.xlsx"), *ADDED, home=place)
        monkeypatch.setattr(clock, "now", lambda: NOW)
        corrected = [("Males and Females ", 31, 33), (), ("Asian", 10, 11), ("Black", 6, 6), ("White", 15, 16)]
        (tmp_path / "again").mkdir()
        cli("add", workbook(tmp_path / "again" / "tables.xlsx", corrected), *ADDED, home=place)
        with Reader(home(place)) as store:
            standing = store.frame("select by_sha256 from supersession where table_id is null")["by_sha256"].to_list()
        assert standing == [Vault(home(place)).artefacts()[1].sha256]

    def test_what_could_not_be_read_replaces_nothing_and_what_was_half_read_only_its_half(self) -> None:
        of = {"publication": "custody", "edition_id": "2022"}
        ours = {**of, "sha256": "ours", "kind": "transcription", "name": "a.xlsx", "original_sha256": "theirs"}
        theirs = {**of, "sha256": "theirs", "kind": "original", "name": "a.xlsx", "original_sha256": "theirs"}
        files = pl.DataFrame(
            [{**row, "seen_at": NOW, "url": ""} for row in (ours, theirs)], schema=frame_schema("artefact")
        )

        def gone(read: list[str]) -> list[str | None]:
            held = [("ours", "men"), ("ours", "women"), *(("theirs", table) for table in read)]
            rows = [{**of, "artefact_sha256": sha, "table_id": table} for sha, table in held]
            figures = pl.DataFrame(rows, schema=frame_schema("figure"))
            surveyed = pl.DataFrame(
                [{**of, "artefact_sha256": sha} for sha in {"ours", *(["theirs"] if read else [])}],
                schema=frame_schema("surveyed_table"),
            )
            return supersessions(files, figures, surveyed)["table_id"].to_list()

        assert gone([]) == []
        assert gone(["men"]) == ["men"]
        assert gone(["men", "women"]) == [None]


class TestPublishing:
    def test_a_folder_that_is_not_a_site_of_ours_is_refused_and_keeps_what_it_holds(
        self, cli, starter_home, tmp_path
    ) -> None:
        mine = tmp_path / "mine"
        mine.mkdir()
        (mine / "thesis.docx").write_text("three years")
        said = refused(cli("publish", "--to", mine, home=starter_home))
        assert "thesis.docx" in said and "empty" in said
        assert (mine / "thesis.docx").read_text() == "three years"
        said = refused(cli("publish", "--to", mine / "thesis.docx", home=starter_home))
        assert (mine / "thesis.docx").read_text() == "three years"

    def test_a_site_of_ours_is_written_anew_and_a_link_to_it_stays_a_link(self, cli, starter_home, tmp_path) -> None:
        folder, link = tmp_path / "public", tmp_path / "link"
        shutil.copytree(starter_home / "site", folder)
        assert (folder / MARK).exists()
        link.symlink_to(folder)
        (folder / "index.html").write_text("old")
        assert cli("publish", "--to", link, home=starter_home).code == 0
        assert link.is_symlink() and (folder / "index.html").read_text("utf-8") != "old"


AWKWARD = st.sampled_from([*"\\@:/?#[]\t\n .%", "https://", "www.gov.uk", "evil.example", "127.0.0.1", "\u2100"])


class TestAddresses:
    @pytest.mark.parametrize(
        "address",
        [
            "https://evil.example\\@www.gov.uk/x",
            "https://www.gov.uk\\@evil.example/x",
            "https://user:secret@www.gov.uk/x",
            "https://www.gov.uk\t.evil.example/x",
            "https://www.gov.uk\x00/x",
            "https://www.gov.uk:8443:443/x",
        ],
    )
    def test_an_address_that_two_programs_could_read_as_two_hosts_is_refused(self, address) -> None:
        assert "two hosts" in Services({}).refusal(address)

    @given(st.lists(AWKWARD, max_size=8).map(lambda parts: "https://" + "".join(parts)))
    def test_the_host_that_is_checked_is_the_host_that_is_connected_to(self, address) -> None:
        if Services({}).refusal(address) == "":
            assert urllib3.util.parse_url(address).netloc == host_of(address)
