"""`python -m tests.trials [INPUT…]`: every trial, what the product makes of it, and the first reason."""

import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.trials.answering import TRIALS, Answer, answers
from tests.trials.judging import judged
from tests.trials.siblings import write_siblings


def main(asked: list[str]) -> None:
    """Print the table: of the trials, or with `--siblings` of their siblings; `-v` prints every reason."""
    every = [a for a in asked if not a.startswith("-")]
    counted: Counter[str] = Counter()
    with TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        files = (
            write_siblings(Path(folder)) if "--siblings" in asked else [(a, TRIALS / f) for f, a in answers().items()]
        )
        for answer, path in files:
            if not every or any(part in answer.file for part in every):
                counted[_line(answer, path, home, None, answer.must, "-v" in asked)] += 1
                for name, must in answer.declarations.items():
                    _line(answer, path, home, TRIALS / name, must, "-v" in asked)
    print("\nwithout declarations: " + ", ".join(f"{n} {word}" for word, n in counted.most_common()))


def _line(answer: Answer, path: Path, home: Path, declaration: Path | None, must: str, whole: bool) -> str:
    found = judged(answer, path, home, declaration, must)
    name = f"{answer.file} by {declaration.name}" if declaration else answer.file
    print(f"{name:44} {found.verdict:16} {str(found.reasons[0])[:300] if found.reasons else ''}", flush=True)
    if whole:
        print(*(f"    {reason}" for reason in found.reasons), sep="\n")
    return found.verdict


if __name__ == "__main__":
    main(sys.argv[1:])
