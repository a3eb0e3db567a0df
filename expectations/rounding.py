"""How far the publisher says that figures are from exact: the step of rounding that titles and notes state."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

UNBOUNDED = 1e18
"""The step of figures that are perturbed, or whose totals the publisher says need not be sums."""
_WORDS = {"whole number": 1, "integer": 1, "whole": 1, "unit": 1, "one": 1, "three": 3, "five": 5, "ten": 10}
_WORDS |= {"fifty": 50, "hundred": 100, "thousand": 1000, "ten thousand": 10_000, "million": 1_000_000}
_NUMBERS = "|".join(sorted(_WORDS, key=len, reverse=True))
_NEAREST = re.compile(rf"\b(?:nearest|base|multiples? of)(?: multiple of)? (\d[\d,]*(?:\.\d+)?|{_NUMBERS})\b", re.I)
_TO_NEAREST = re.compile(r"\bto (?:the )?nearest\b", re.I)
_ONE_WAY = re.compile(r"\brounded (?:up|down)|\brandom(?:ly)? round|\bbase \d", re.I)
_ROUNDED = re.compile(r"\bround(?:ed|ing|s)\b(?! to (?:zero|0\b))", re.I)
_INEXACT = re.compile(
    r"\bperturb|\brecord swapping|\b(?:may|might|will|do|does|need|can) not (?:always |necessarily |exactly )?"
    r"(?:sum|add|equal|total|match|agree)|\bcannot be summed",
    re.I,
)
_OF_SHARES = re.compile(r"\bper ?cent|%|\bproportion|\brates?\b|\bshares?\b", re.I)
_OF_COUNTS = re.compile(r"\b(?:figures|counts?|numbers|totals|values|data|people|all)\b", re.I)
_SENTENCE = re.compile(r"(?<=[.;!?])\s+|\n")
_ROUND_STEPS = (1_000_000, 100_000, 10_000, 1000, 500, 100, 50, 10, 5)


@dataclass(frozen=True)
class Rounding:
    """Half the step to which figures of a sheet are rounded: each may be so far from what was counted."""

    artefact_sha256: str
    sheet: str
    half: float


def stated_step(text: str) -> float | None:
    """The step a text states, 0 where it says that figures are rounded but not to what; None where it says nothing."""
    steps = [step for sentence in _SENTENCE.split(text) if (step := _step(sentence)) is not None]
    return max(steps, default=None)


def _step(sentence: str) -> float | None:
    if _OF_SHARES.search(sentence) and not _OF_COUNTS.search(_OF_SHARES.split(sentence)[0]):
        return None
    rounded = _ROUNDED.search(sentence)
    if found := _NEAREST.search(sentence):
        step = float(_WORDS.get(found[1].lower()) or found[1].replace(",", ""))
        return 2 * step if _ONE_WAY.search(sentence) else step if rounded or _TO_NEAREST.search(sentence) else None
    if rounded and "and/or" not in sentence:
        return 0.0
    return UNBOUNDED if _INEXACT.search(sentence) else None


def roundings(staging: Path) -> list[Rounding]:
    """What titles and notes of a closed staging file state of each sheet with figures.

    A note on a sheet without figures speaks of every sheet of its file. Raises duckdb.Error without a file.
    """
    with duckdb.connect(str(staging), read_only=True) as connection:
        texts = connection.execute(
            "select artefact_sha256, sheet, title from surveyed_table where title is not null "
            "union select artefact_sha256, sheet, text from footnote where text is not null"
        ).fetchall()
        stated = [(file, sheet, step) for file, sheet, text in texts if (step := stated_step(text)) is not None]
        if not stated:
            return []
        divides = ", ".join(f"bool_and(value % {step} = 0)" for step in _ROUND_STEPS)
        held = connection.execute(
            f"select artefact_sha256, sheet, {divides} from figure "
            "where status = 'published' and coalesce(counts, '') <> 'neither' group by all"
        ).fetchall()
    sheets = {(file, sheet) for file, sheet, *_ in held}
    found = []
    for file, sheet, *divided in held:
        mine = [s for f, where, s in stated if f == file and (where == sheet or (f, where) not in sheets)]
        if mine:
            found.append(Rounding(file, sheet, (max(mine) or _widest(divided)) / 2))
    return found


def _widest(divided: Iterable[bool]) -> float:
    """The step that all figures of a sheet are multiples of, where the publisher does not say."""
    return next((float(step) for step, yes in zip(_ROUND_STEPS, divided, strict=True) if yes), 1.0)
