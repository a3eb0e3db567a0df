"""How urgent a gap is: a default by state and case (`severities.csv`), raised or lowered one level where it moves."""

import re
from functools import lru_cache

from monitor.vocabulary.tables import rows

LEVELS = ("S1", "S2", "S3", "S4")
"""Act today; this week; note, review monthly; log only."""
GRAVE = re.compile(r"\b(deaths?|force|restraints?|self-harm)\b", re.I)
"""Words of a title or a measure of which "never published" is urgent at once."""
ACCREDITED = re.compile(r"\b(accredited|national)\b", re.I)
"""Words of a designation: accredited official statistics were National Statistics until 2024."""


@lru_cache(maxsize=1)
def _defaults() -> dict[tuple[str, str], tuple[str, bool]]:
    found = rows("severities.csv", "monitor.watch.register")
    return {(r["state"], r["case"]): (r["severity"], r["moves"] == "yes") for r in found}


def severity(
    state: str,
    case: str = "",
    *,
    designation: str = "",
    characteristic: str = "",
    deadline: bool = False,
    explained: bool = False,
) -> str:
    """The severity S1 to S4 of a gap. Raises `KeyError` for a state and case that `severities.csv` does not list."""
    default, moves = _defaults()[state, case]
    if not moves:
        return default
    raised = deadline or characteristic == "ethnicity" or bool(ACCREDITED.search(designation))
    at = LEVELS.index(default) - raised + explained
    return LEVELS[min(max(at, 0), len(LEVELS) - 1)]


def gravity(severity: str, characteristic: str) -> tuple[str, bool]:
    """The order in which gaps are read: gravest first, those of ethnicity before others."""
    return severity, characteristic != "ethnicity"


def by_value(value: float, levels: dict[str, float], *, above: bool = False) -> str | None:
    """The most urgent level whose threshold a value reaches (or, `above`, exceeds); None where it reaches none."""
    met = [name for name, least in levels.items() if (value > least if above else value >= least)]
    return min(met, default=None)


def worst(*found: str | None) -> str | None:
    """The most urgent of some severities; None where there is none."""
    return min((s for s in found if s), default=None)
