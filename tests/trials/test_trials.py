"""Small inputs in the layouts that were misread, each with its right answer (`answers/*.toml`).

No wrong number, nothing lost in silence, no false complaint, and what must be read is read.
"""

from pathlib import Path

import pytest

from tests.trials.answering import TRIALS, Answer, answers, by_sheet
from tests.trials.judging import CHARACTERISTICS, ask, judged
from tests.trials.sheets import sheets

pytestmark = pytest.mark.skipif(not TRIALS.is_dir(), reason="the trials are not here: no ../shared/trials")

EVERY = list(answers().values())
DECLARED = [(a, name) for a in EVERY for name in a.declarations]
TRULY_ABSENT_SAID_ABSENT = 0.90


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("trials") / "home"


def test_every_trial_has_an_answer() -> None:
    assert {a.file for a in EVERY} == {p.name for p in TRIALS.iterdir() if p.suffix != ".toml"} - {"trials.tsv"}


@pytest.mark.parametrize("answer", EVERY, ids=lambda a: a.file)
def test_the_answer_says_what_stands_in_the_sheet(answer: Answer) -> None:
    found = sheets(TRIALS / answer.file, answer.delimiter)
    for name, cells in by_sheet(answer).items():
        stands = found[name] if name in found else next(iter(found.values()))
        for address, readings in cells.items():
            for reading in readings:
                if reading.value is not None:
                    assert address in stands, address
                    digits = _digits(stands[address])
                    assert digits.startswith(_digits(reading.value)) or reading.unit == "percent", address


def _digits(value: object) -> str:
    text = f"{float(value):.12g}" if isinstance(value, int | float) else str(value)
    return "".join(c for c in text if c in "0123456789").strip("0")


@pytest.mark.parametrize("answer", EVERY, ids=lambda a: a.file)
def test_a_trial_is_read_rightly_or_refused_in_words(answer: Answer, home: Path) -> None:
    reasons = judged(answer, TRIALS / answer.file, home).reasons
    assert not reasons, "\n" + "\n".join(map(str, reasons))


@pytest.mark.parametrize(("answer", "declaration"), DECLARED, ids=lambda x: x if isinstance(x, str) else x.file)
def test_a_declared_trial_is_read_rightly_or_refused_in_words(answer: Answer, declaration: str, home: Path) -> None:
    must = answer.declarations[declaration]
    reasons = judged(answer, TRIALS / answer.file, home, TRIALS / declaration, must).reasons
    assert not reasons, "\n" + "\n".join(map(str, reasons))


def test_what_is_truly_absent_is_said_to_be_absent(home: Path) -> None:
    absent = said = 0
    for answer in EVERY:
        found = ask(home, "survey", TRIALS / answer.file).document["characteristics"]
        truly = [c for c in CHARACTERISTICS if c not in answer.present | answer.not_absent]
        absent += len(truly)
        said += sum(found[c] == "absent" for c in truly)
    assert said >= TRULY_ABSENT_SAID_ABSENT * absent
