"""docs/commands.md, written from the command line itself, so that it cannot say what the program does not.

`python tests/docs/command_reference.py` prints the page; `--write` puts it in its place (`make docs`).
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "commands.md"
LEAD = """\
# Commands

Written from the program's own help by `make docs`; a test compares the two. Exit codes, the home folder and
the way to point the program at other services are in [operate.md](operate.md).
"""


def reference() -> str:
    """The page as Markdown. Raises CalledProcessError when the command line cannot be imported."""
    typer = [sys.executable, "-m", "typer", "monitor.cli", "utils", "docs", "--name", "justice-monitor"]
    plain = {**os.environ, "TERM": "dumb", "NO_COLOR": "1", "COLUMNS": "100"}
    told = subprocess.run(typer, cwd=ROOT, env=plain, capture_output=True, text=True, check=True).stdout
    _, _, body = told.partition("\n")
    # Usage lines are grammar, not commands that can be run: only the latter are `console`.
    return LEAD + body.replace("```console", "```text").rstrip() + "\n"


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        PAGE.write_text(reference(), encoding="utf-8")
    else:
        sys.stdout.write(reference())
