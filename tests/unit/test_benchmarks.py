"""The benchmarks report what they promise; what the numbers are is no test."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_measurement_says_what_it_is_compared_with_and_whether_its_target_is_met() -> None:
    outcome = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", "--smoke", "--json"],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=ROOT,
    )
    assert outcome.returncode == 0, outcome.stderr
    rows = json.loads(outcome.stdout)
    assert {row["target"] for row in rows} == {0.5, 8, 5, 1.25, 10, 2.5, 1.0, 4, 1.5, 0.01, None}
    for row in rows:
        assert row["what"]
        if row["target"] is None:
            assert row["met"] is None
        else:
            assert row["compared_with"]
            assert row["met"] == (row["ratio"] <= row["target"])
            assert abs(row["ratio"] - row["ours"] / row["theirs"]) < 1e-9
