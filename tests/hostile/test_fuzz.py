"""A sample of spoiled files, through the front door; thousands more are tried at night (tests/nightly)."""

from itertools import cycle, islice
from pathlib import Path

import pytest

from tests.hostile import fuzz

SAMPLE = 60


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


@pytest.fixture(scope="module")
def originals(folder) -> list[fuzz.Original]:
    return [o for o in fuzz.originals(folder) if len(o.content) < 100_000]


def test_sixty_spoiled_files_are_refused_in_words_or_read_without_a_wrong_cell(folder, originals) -> None:
    """Each way of spoiling is tried on files of every format; every case must end in time, in words or in cells."""
    packages = [o for o in originals if o.is_package]
    texts = [o for o in originals if o.ending == "csv"]
    answers = [
        *(fuzz.bytes_case(folder, o, n) for n, o in enumerate(islice(cycle(originals), SAMPLE // 3))),
        *(fuzz.inside_case(folder, o, n) for n, o in enumerate(islice(cycle(packages), SAMPLE // 6))),
        *(fuzz.line_case(folder, o, n) for n, o in enumerate(islice(cycle(texts), SAMPLE // 6))),
    ]
    made = next(o for o in originals if o.publication and o.publication.id == "generated")
    for ending in ("xlsx", "ods", "csv"):
        cells = fuzz.Cells(folder, made, made.grids[0], ending)
        assert len(cells.figures) == 15, "the comparison compares nothing"
        answers += [cells.case(n) for n in range(SAMPLE // 9)]
        assert {cells.label_case(n) for n in range(SAMPLE)} == {"read"}
    assert len(answers) >= SAMPLE - 3
    assert {"refused", "read"} == set(answers), "every file went one way: nothing is being tried"


def test_a_wrong_cell_would_be_noticed(folder, originals) -> None:
    """The comparison itself: a sound file whose cells are not as they were must not pass."""
    made = next(o for o in originals if o.name == "made.xlsx")
    other = fuzz.original(folder, "other.xlsx", fuzz.files.EVERY["xlsx"]([("Asian", 11.0)]), None, "")
    with pytest.raises(fuzz.Wrong, match="not as it was"):
        fuzz.same(made.grids, list(other.grids))
