"""The vault: bytes kept whole under their hash, and a journal of which one bad line costs one line."""

import datetime as dt
import hashlib
import io
import json
import time
from pathlib import Path

import pytest

from monitor.run import health
from monitor.settings import home
from monitor.store.vault import Vault

NOW = dt.datetime(2024, 3, 28, 9, 45)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(home(tmp_path / "home"))


def keep(vault: Vault, folder: Path, said: str, edition: str = "2024-03"):
    path = folder / "file.csv"
    path.write_text(said)
    return vault.keep(
        path, publication="custody", edition_id=edition, kind="original", name="file.csv", published_on=NOW.date(),
        seen_at=NOW,
    )  # fmt: skip


class Interrupted(io.BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise OSError("the connection was lost")
        return super().read(10)


class TestBytes:
    def test_bytes_are_put_as_they_come_and_found_by_their_hash(self, vault) -> None:
        said = b"a,b\n" * 1_000_000
        digest, size = vault.put(io.BytesIO(said))
        assert (digest, size) == (hashlib.sha256(said).hexdigest(), len(said))
        assert vault.path(digest).read_bytes() == said
        assert vault.put(said) == (digest, size)

    def test_bytes_that_stop_coming_leave_nothing_behind(self, vault) -> None:
        with pytest.raises(OSError, match="lost"):
            vault.put(Interrupted(b"x" * 100))
        assert [p for p in vault.root.rglob("*") if p.is_file()] == []

    def test_the_same_bytes_of_the_same_edition_are_kept_once(self, vault, tmp_path) -> None:
        first, new = keep(vault, tmp_path, "a")
        again, second = keep(vault, tmp_path, "a")
        assert (new, second, again) == (True, False, first)
        assert keep(vault, tmp_path, "a", "2024-06")[1], "of another edition it is another artefact"
        assert len(list(vault.journal())) == 2


class TestTheJournal:
    def test_what_another_process_appends_is_seen(self, vault, tmp_path) -> None:
        other = Vault(home(tmp_path / "home"))
        assert other.artefacts() == []
        kept, _ = keep(vault, tmp_path, "a")
        assert other.artefacts() == other.artefacts_of("custody") == [kept]
        assert not keep(other, tmp_path, "a")[1]

    @pytest.mark.parametrize(
        ("line", "why"),
        [
            (b'{"what": "kept", "sha2\n', "character"),
            (b"\xff\xfe\x00 not text\n", "not UTF-8"),
            (b"17\n", "`what`"),
            (b'{"what": "kept", "sha256": "00", "seen_at": "yesterday"}\n', "yesterday"),
            (b'{"what": "kept", "sha256": "00"}\n', "seen_at"),
        ],
    )
    def test_a_line_that_cannot_be_read_costs_that_line_only(self, vault, tmp_path, line, why) -> None:
        first, _ = keep(vault, tmp_path, "a")
        with vault.journal_path.open("ab") as stream:
            stream.write(line)
        before = vault.journal_path.read_bytes()
        second, _ = keep(Vault(home(tmp_path / "home")), tmp_path, "b")
        fresh = Vault(home(tmp_path / "home"))
        assert fresh.artefacts() == [first, second]
        assert [e["what"] for e in fresh.journal()] == ["kept", "unreadable", "kept"]
        [said] = fresh.unreadable()
        assert "journal.jsonl, line 2" in said and why in said and "Put the line back" in said
        assert fresh.journal_path.read_bytes().startswith(before), "nothing is edited"

    def test_a_line_cut_off_by_a_crash_does_not_take_the_next_with_it(self, vault, tmp_path) -> None:
        keep(vault, tmp_path, "a")
        with vault.journal_path.open("ab") as stream:
            stream.write(b'{"what": "look", "publ')
        vault.note("look", publication="custody")
        assert [e["what"] for e in vault.journal()] == ["kept", "unreadable", "look"]

    def test_a_step_is_there_whole_or_not_at_all(self, vault, tmp_path) -> None:
        keep(vault, tmp_path, "a")
        with vault.one_step():
            second, _ = keep(vault, tmp_path, "b")
            vault.note("look", publication="custody")
            assert vault.artefacts()[1:] == [second], "who takes the step sees what it has done so far"
            assert len(list(Vault(home(tmp_path / "home")).journal())) == 1, "and nobody else does"
        fresh = Vault(home(tmp_path / "home"))
        assert [e["what"] for e in fresh.journal()] == ["kept", "kept", "look"]
        assert fresh.artefacts() == vault.artefacts()
        vault.journal_path.write_bytes(vault.journal_path.read_bytes()[:-40])
        cut = Vault(home(tmp_path / "home"))
        assert [e["what"] for e in cut.journal()] == ["kept", "unreadable"]
        assert len(cut.artefacts()) == 1

    def test_a_step_that_is_interrupted_was_never_taken_and_one_that_fails_keeps_what_it_did(
        self, vault, tmp_path
    ) -> None:
        with pytest.raises(KeyboardInterrupt), vault.one_step():
            keep(vault, tmp_path, "a")
            raise KeyboardInterrupt
        assert (list(vault.journal()), vault.artefacts()) == ([], [])
        with pytest.raises(ZeroDivisionError), vault.one_step():
            first, _ = keep(vault, tmp_path, "a")
            raise ZeroDivisionError
        assert vault.artefacts() == Vault(home(tmp_path / "home")).artefacts() == [first]

    def test_doctor_names_the_line(self, vault, tmp_path) -> None:
        keep(vault, tmp_path, "a")
        with vault.journal_path.open("ab") as stream:
            stream.write(b"nonsense\n")
        [row] = [r for r in health(home(tmp_path / "home"), NOW.date()) if r["check"] == "journal"]
        assert row["state"] == "failed" and "line 2" in row["message"]


def test_keeping_does_not_read_the_journal_again(vault, tmp_path) -> None:
    """Twenty files cost as much beside a journal of 30,000 lines as beside an empty one, but for reading it once."""
    lines = [json.dumps({"what": "look", "publication": "custody", "n": n, "said": "x" * 200}) for n in range(30_000)]
    vault.root.mkdir(parents=True)
    vault.journal_path.write_text("\n".join(lines) + "\n")
    started = time.perf_counter()
    vault.artefacts()
    once = time.perf_counter() - started
    started = time.perf_counter()
    for n in range(20):
        keep(vault, tmp_path, str(n))
        vault.artefacts()
    assert time.perf_counter() - started < 20 * once
