"""The same kinds of table in other words, groups, years and formats: what holds of the trials holds of these."""

from pathlib import Path

import pytest

from tests.trials.judging import judged
from tests.trials.siblings import KINDS, WORLDS, Kind, World, written


@pytest.mark.parametrize("world", WORLDS, ids=lambda w: w.name)
@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.__name__)
def test_a_sibling_is_read_rightly_or_refused_in_words(kind: Kind, world: World, tmp_path: Path) -> None:
    answer, path = written(kind, world, tmp_path)
    reasons = judged(answer, path, tmp_path / "home").reasons
    assert not reasons, "\n" + "\n".join(map(str, reasons))
