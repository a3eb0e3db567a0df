"""The parent's time and memory are its own: whatever the child does, the answer comes, and in words."""

import sys
import time
from pathlib import Path

import pytest

from pipelines.reading import UnreadableFile, limited, read
from pipelines.reading.child import limit
from tests.hostile import files

HOG = "held = []\nwhile True:\n    held.append(bytearray(b'x' * (1 << 20)))\n"
SLEEPER = "import time\ntime.sleep(600)\n"
SHOUTER = "import sys\nwhile True:\n    sys.stdout.write('[' * (1 << 20))\n"
CRASH = "import os\nos.abort()\n"
LIAR = "print('{\"sheets\": [')\n"
SILENT = "pass\n"


@pytest.fixture
def sound(tmp_path) -> Path:
    path = tmp_path / "sound.xlsx"
    path.write_bytes(files.xlsx())
    return path


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (HOG, "more than 200 MB of memory"),
        (SLEEPER, "more than 2 seconds"),
        (SHOUTER, "more than 50 MB of cells"),
        (CRASH, "the reader stopped"),
        (LIAR, "cut short"),
        (SILENT, "the reader stopped"),
    ],
    ids=["memory", "time", "answer", "crash", "half an answer", "no answer"],
)
def test_a_child_that_sets_itself_no_limits_is_held_to_them_from_outside(
    tmp_path, monkeypatch, sound, script, said
) -> None:
    """Windows has no limits that a process could set on itself: the watch from outside must do alone."""
    child = tmp_path / "child.py"
    child.write_text(script)
    monkeypatch.setattr(limited, "CHILD", child)
    monkeypatch.setattr(limited, "READ_MEMORY_MB", 200)
    monkeypatch.setattr(limited, "READ_SECONDS", 2)
    monkeypatch.setattr(limited, "MOST_ANSWERED_MB", 50)
    start = time.monotonic()
    with pytest.raises(UnreadableFile, match=r"^sound\.xlsx: ") as refused:
        read(sound)
    assert said in str(refused.value)
    assert time.monotonic() - start < 8


def test_a_system_without_limits_is_told_apart_and_survived(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    assert limit(1, 1) is False


def test_memory_that_the_system_withholds_is_said_to_be_memory(monkeypatch, tmp_path) -> None:
    path = tmp_path / "large.csv"
    path.write_bytes(b"a,b\n" + b"".join(b"Asian %d,Black %d\n" % (n, n) for n in range(1_000_000)))
    monkeypatch.setattr(limited, "READ_MEMORY_MB", 150)
    with pytest.raises(UnreadableFile, match=r"large\.csv: .*150 MB of memory"):
        read(path)


def test_nothing_beside_the_file_is_taken_for_a_library(tmp_path, monkeypatch, sound) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('taken')\n")
    monkeypatch.chdir(tmp_path)
    assert read(sound)[0].sheet == "Table_1"
