"""Rules about the project's own text, as functions from a source to its offences.

Import-linter keeps the layers; these keep what an import graph cannot see: names of sources in code, clocks
read behind the clock's back, wording. Each is a function over text, so that a test can plant an offence and
see it caught. Refused: exceptions by file; where a rule does not hold in a room, the test says so.
"""

import ast
import csv
import io
import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("monitor", "pipelines", "expectations", "dashboards")

PUBLISHERS = re.compile(
    r"(?<![\w])(?:gov\.uk|nomis(?:web)?|ministry of justice|moj|home office|hmpps|ons|"
    r"office for national statistics|youth justice board)(?![\w])",
    re.IGNORECASE,
)
CLOCK_CALLS = re.compile(
    r"^(?:(?:.+\.)?(?:datetime|date)\.(?:now|today|utcnow)|time\.(?:time|time_ns|localtime|gmtime|ctime))$"
)
CLOCK_SQL = re.compile(r"\b(?:current_timestamp|current_date|localtimestamp|now\(\)|today\(\))", re.IGNORECASE)

# Spelt in pieces so that this file obeys the rule it states.
BANNED_WORDS = re.compile(
    "|".join((r"\bB" + r"AME\b", r"\bB" + r"ME\b", "(?i:non-" + r"white\b)", "(?i:people of " + "colour)"))
)
QUOTED = re.compile(r"```.*?```|`[^`\n]*`|\"[^\"]*\"|“[^”]*”|‘[^’]*’|^>.*$", re.DOTALL | re.MULTILINE)
VERBATIM_COLUMNS = re.compile("spelling|label|alias|title|meaning|words", re.IGNORECASE)
ONE_MACHINE = re.compile(r"(?<![\w.])/(?:home|root|work|Users)/\w|\b[A-Z]:\\Users\\")


def python_files(root: Path = ROOT) -> list[Path]:
    """Every .py file of the four packages, sorted."""
    return sorted(path for package in PACKAGES for path in (root / package).rglob("*.py"))


def slugs(root: Path = ROOT) -> frozenset[str]:
    """The ids of every declared publication and baseline: the `id` key, else the file's name."""
    files = [f for room in ("publications", "baselines") for f in (root / "pipelines" / room).glob("*.toml")]
    return frozenset(str(tomllib.loads(f.read_text("utf-8")).get("id", f.stem)) for f in files)


@cache
def parsed(source: str) -> ast.Module:
    """The tree of a source, made once for all rules. Read only."""
    return ast.parse(source)


@cache
def strings(source: str) -> tuple[tuple[int, str], ...]:
    """(line, text) of every string constant that is not a docstring; parts of f-strings included."""
    tree = parsed(source)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return tuple(
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    )


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, module) of every absolute import, at any depth; `from a import b` gives `a` and `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def slug_offences(source: str, names: Iterable[str]) -> list[str]:
    """Lines of Python that name a publication or a baseline.

    A slug of several words may stand nowhere, comments included. A slug of one word (`arrests`) is also an
    English word, so it offends only where it is a value: a string that is the slug, or starts a path with it.
    """
    found = []
    for name in sorted(names):
        if "-" in name:
            hit = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
            lines = enumerate(source.splitlines(), 1) if name in source else ()
            found += [f"line {n}: {name}" for n, line in lines if hit.search(line)]
        else:
            value = re.compile(rf"\s*{re.escape(name)}\s*(?:$|[/:.]\w)")
            found += [f"line {n}: {name}" for n, text in strings(source) if value.match(text)]
    return found


def publisher_offences(source: str) -> list[str]:
    """Strings of code (not docstrings) in which a publisher is named."""
    return [f"line {n}: {text!r}" for n, text in strings(source) if PUBLISHERS.search(text)]


def import_offences(source: str, modules: Iterable[str]) -> list[str]:
    """Imports of any of `modules` or of what lies under them."""
    barred = tuple(modules)
    return [
        f"line {n}: import {name}"
        for n, name in imports(parsed(source))
        if any(name == module or name.startswith(f"{module}.") for module in barred)
    ]


def clock_offences(source: str) -> list[str]:
    """Calls that ask what time it is, in Python or in SQL. A timer (`perf_counter`) is not a clock."""
    called = ((node.lineno, ast.unparse(node.func)) for node in ast.walk(parsed(source)) if isinstance(node, ast.Call))
    calls = [f"line {n}: {name}()" for n, name in called if CLOCK_CALLS.match(name)]
    return calls + [f"line {n}: SQL {hit[0]}" for n, text in strings(source) for hit in [CLOCK_SQL.search(text)] if hit]


def undocumented(source: str) -> list[str]:
    """The module and its public classes, functions and methods that have no docstring."""
    tree = parsed(source)
    missing = [] if ast.get_docstring(tree) else ["the module"]

    def visit(body: list[ast.stmt], prefix: str) -> None:
        for node in body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.name[0] != "_":
                if not ast.get_docstring(node):
                    missing.append(f"line {node.lineno}: {prefix}{node.name}")
                if isinstance(node, ast.ClassDef):
                    visit(node.body, f"{node.name}.")

    visit(tree.body, "")
    return missing


def wording_offences(text: str, suffix: str = ".md") -> list[str]:
    """Banned wording, quotations apart: a quotation, or a publisher's label, is given as it was written.

    A CSV column that holds labels is a quotation as a whole; in Python, only a quotation inside a string is.
    """
    if suffix == ".csv":
        rows = csv.DictReader(io.StringIO(text))
        parts = [cell for row in rows for key, cell in row.items() if key and cell and not VERBATIM_COLUMNS.search(key)]
    elif suffix == ".py":
        comments = [line.partition("#")[2] for line in text.splitlines()]
        parts = comments + [node.value for node in ast.walk(parsed(text)) if _is_text(node)]
    else:
        parts = [text]
    return [hit[0] for part in parts for hit in BANNED_WORDS.finditer(QUOTED.sub(" ", part))]


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def machine_offences(text: str) -> list[str]:
    """Absolute paths that exist on one machine only."""
    return [hit[0] for hit in ONE_MACHINE.finditer(text)]


def project_texts(root: Path = ROOT) -> list[Path]:
    """Every text a reader of the repository may open: code, data, documents, build files."""
    kinds = {".py", ".md", ".toml", ".csv", ".html", ".j2", ".css", ".js", ".svg", ".txt", ".yml", ".yaml"}
    rooms = (*PACKAGES, "tests", "docs", ".ci")
    inside = [path for room in rooms for path in (root / room).rglob("*") if path.is_file()]
    top = [path for path in root.iterdir() if path.is_file() and path.name != "uv.lock"]
    return sorted(p for p in [*inside, *top] if p.suffix in kinds or p.name in {"Makefile", "run"})
