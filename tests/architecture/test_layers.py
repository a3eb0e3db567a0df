"""The layers hold, and the check that says so would notice if they did not."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from source_rules import PACKAGES, ROOT

LINT = Path(sys.executable).with_name("lint-imports")


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([LINT, "--no-cache"], cwd=root, capture_output=True, text=True, timeout=120)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_is_kept() -> None:
    outcome = lint(ROOT)
    assert outcome.returncode == 0, outcome.stdout
    assert "0 broken" in outcome.stdout


@pytest.mark.parametrize(
    ("room", "planted", "contract"),
    [
        ("dashboards", "import great_expectations", "Only the judge imports Great Expectations"),
        ("pipelines", "import duckdb", "Only the store opens a database"),
        ("monitor/vocabulary", "import monitor.store", "The line flows one way"),
        ("monitor/statistics", "import pipelines", "The line flows one way"),
        ("pipelines", "import dashboards", "The line flows one way"),
    ],
)
def test_a_planted_import_breaks_its_contract(copy: Path, room: str, planted: str, contract: str) -> None:
    with (copy / room / "__init__.py").open("a", encoding="utf-8") as module:
        module.write(f"\n{planted}\n")

    outcome = lint(copy)

    assert outcome.returncode == 1
    broken = " ".join(outcome.stdout.partition("Broken contracts")[2].split())
    assert contract in broken, outcome.stdout


def test_the_contract_forbids_exceptions() -> None:
    assert "ignore_imports" not in (ROOT / "pyproject.toml").read_text("utf-8")
