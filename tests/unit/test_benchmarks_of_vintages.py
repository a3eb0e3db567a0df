"""The benchmarks of vintages and of a first load run, and find what they made."""

from pathlib import Path

from tests.benchmarks.vintages import vintages


def test_vintages_are_compared_and_known_by_a_day(tmp_path: Path) -> None:
    compared, known = vintages(tmp_path, years=1, repeats=1)
    assert (compared.target, known.target) == (3, 3)
    assert compared.ours > 0 and known.ours > 0
