"""What the documents tell a reader to type works, what they point at is there, every verb is described."""

import ast
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest
from command_reference import PAGE, ROOT, reference

SHARED = ROOT.parent / "shared" / "published"
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")])
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
EXIT = re.compile(r"\s+#.*?\bexit (\d)\s*$|\s+#\s.*$")
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


@dataclass(frozen=True)
class Command:
    """A line a reader is told to type: where it stands, its words, and the exit code it promises."""

    where: str
    words: tuple[str, ...]
    exit: int

    def __str__(self) -> str:
        return f"{self.where} {' '.join(self.words)}"


def commands() -> list[Command]:
    """Every `$ justice-monitor …` and `$ make -n …` of the console blocks, in reading order, each once."""
    found: dict[str, Command] = {}
    for document in DOCUMENTS:
        text = document.read_text("utf-8")
        for block in CONSOLE.finditer(text):
            line_of_block = text.count("\n", 0, block.start(1)) + 1
            for n, line in enumerate(block[1].splitlines(), line_of_block):
                if line.startswith(("$ justice-monitor", "$ make -n")):
                    promised = EXIT.search(line)
                    words = shlex.split(EXIT.sub("", line[2:]))
                    code = int(promised[1] or 0) if promised else 0
                    where = f"{document.relative_to(ROOT)}:{n}"
                    found.setdefault(line, Command(where, tuple(words), code))
    return list(found.values())


def cli_has_a_door() -> bool:
    """Whether monitor.cli defines main."""
    tree = ast.parse((ROOT / "monitor" / "cli" / "__init__.py").read_text("utf-8"))
    return any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in tree.body)


needs_a_door = pytest.mark.skipif(not cli_has_a_door(), reason="monitor.cli has no main yet")


def beside_the_project(folder: Path) -> Path:
    """A reader's folder beside the project's own files."""
    for name in ("pipelines", "docs"):
        (folder / name).symlink_to(ROOT / name)
    return folder


@pytest.fixture(scope="module")
def reader(starter_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader's folder, after one offline pass into its own home."""
    folder = beside_the_project(tmp_path_factory.mktemp("reader"))
    shutil.copytree(starter_home, folder / "justice-data")
    return folder


def environment(folder: Path) -> dict[str, str]:
    return {"JUSTICE_MONITOR_HOME": str(folder / "justice-data"), "NO_COLOR": "1"}


def type_in(folder: Path, words: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own."""
    program = [sys.executable, "-m", "monitor"] if words[0] == "justice-monitor" else ["make", "-C", str(ROOT)]
    home = os.environ | environment(folder)
    return subprocess.run([*program, *words[1:]], cwd=folder, env=home, capture_output=True, text=True, timeout=300)


def say_here(folder: Path, words: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """The same in this process, where what takes seconds to import is imported once for all commands."""
    from monitor.cli import main

    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.chdir(folder)
        for name, value in environment(folder).items():
            patch.setenv(name, value)
        code = main(words[1:])
    return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())


def fetch_published(folder: Path, words: tuple[str, ...]) -> None:
    """Lay the published files a command names into the folder, as a reader would have downloaded them."""
    for word in words:
        if Path(word).suffix in {".xlsx", ".ods", ".csv"} and "/" not in word and not (folder / word).exists():
            originals = list(SHARED.rglob(word))
            if not originals:
                pytest.skip(f"{word} is a publisher's file; ../shared, which holds it, is not here")
            (folder / word).symlink_to(originals[0])


def is_alone(command: Command) -> bool:
    """Whether a command is tried in a process of its own: the first pass, and whatever promises another exit code."""
    return command.words[1] == "run" or command.exit != 0


@needs_a_door
@pytest.mark.parametrize("command", [c for c in commands() if c.words[0] != "make"], ids=str)
def test_a_command_in_the_documents_does_what_they_promise(reader: Path, command: Command, tmp_path: Path) -> None:
    folder = beside_the_project(tmp_path) if command.words[1] == "run" else reader
    if command.exit == 0:
        fetch_published(folder, command.words)
    outcome = (type_in if is_alone(command) else say_here)(folder, command.words)
    assert outcome.returncode == command.exit, f"{outcome.stdout[-2000:]}\n{outcome.stderr[-2000:]}"
    assert "Traceback" not in outcome.stderr


@pytest.mark.parametrize("command", [c for c in commands() if c.words[0] == "make"], ids=str)
def test_a_target_in_the_documents_exists(command: Command) -> None:
    outcome = type_in(ROOT, command.words)
    assert outcome.returncode == command.exit, outcome.stderr


def test_the_readme_gives_the_two_commands() -> None:
    shown = "\n".join(block[1] for block in CONSOLE.finditer((ROOT / "README.md").read_text("utf-8")))
    assert {"$ make demo", "$ make test"} <= set(shown.splitlines())


def test_the_build_server_runs_the_command_the_readme_gives() -> None:
    runs = [
        line.split("</dev/null")[0].strip()
        for line in (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
        if line.startswith("make ")
    ]
    assert runs == ["make test"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.relative_to(ROOT).as_posix())
def test_what_a_document_points_at_is_there(document: Path) -> None:
    targets = [link for link in LINK.findall(document.read_text("utf-8")) if "://" not in link]
    assert [link for link in targets if not (document.parent / link).exists()] == []


@needs_a_door
def test_the_command_reference_is_what_the_program_says() -> None:
    assert PAGE.exists(), "docs/commands.md is not there: run `make docs`"
    assert PAGE.read_text("utf-8") == reference(), "docs/commands.md is out of date: run `make docs`"
