"""Asking for help is cheap: what takes seconds to import is imported where it is used."""

import ast
import subprocess
import sys

import pytest
from source_rules import ROOT

HEAVY = ("great_expectations", "altair", "polars", "scipy", "pandas", "duckdb")
ASK_FOR_HELP = """
import sys
sys.argv = ["justice-monitor", "--help"]
from monitor.cli import main
try:
    main()
except SystemExit:
    pass
print("LOADED", *sorted(set(sys.modules) & set({heavy!r})))
"""


def cli_has_a_door() -> bool:
    tree = ast.parse((ROOT / "monitor" / "cli" / "__init__.py").read_text("utf-8"))
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    return "main" in names


@pytest.mark.skipif(not cli_has_a_door(), reason="monitor.cli has no main yet")
def test_help_loads_nothing_heavy() -> None:
    outcome = subprocess.run(
        [sys.executable, "-c", ASK_FOR_HELP.format(heavy=HEAVY)],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
    )
    assert outcome.returncode == 0, outcome.stderr
    assert "Usage" in outcome.stdout
    assert outcome.stdout.splitlines()[-1] == "LOADED"


def test_the_words_load_nothing_heavy() -> None:
    code = (
        "import sys, monitor.vocabulary, monitor.clock, monitor.settings;"
        f"print(sorted(set(sys.modules) & set({HEAVY!r})))"
    )
    outcome = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert outcome.stdout.strip() == "[]", outcome.stderr
