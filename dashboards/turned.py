"""The choices that turn a direction round, in words that page and terminal share."""

from collections.abc import Mapping
from typing import Any

from dashboards import sentences as say
from monitor.statistics.verdict import LESS, MORE
from pipelines.deriving import AS_KNOWN, BRITISH

NOT_EVIDENCE = (
    "Choices overlap and are not equally good (after a census the people of the time are those of the census), so a "
    "count of them is no probability."
)
OPEN = "Open: the interval, or the range by census, includes 1."


def turning(row: Mapping[str, Any], titles: Mapping[str, str] | None = None) -> list[str]:
    """The choices that turn a group's direction round: a text for each reference and nationality, by population."""
    away = {MORE: LESS, LESS: MORE}.get(row["default"])
    by: dict[str, dict[str, dict[str, float]]] = {}
    for c in row["choices"]:
        if away and c["direction"] == away:
            population = (titles or {}).get(c["baseline"], c["baseline"])
            by.setdefault(to_whom(c), {}).setdefault(population, {})[c["case"]] = c["ratio"]
    return [f"{to}: {'; '.join(f'{on} ({_cases(of)})' for on, of in each.items())}" for to, each in by.items()]


def to_whom(choice: Mapping[str, Any]) -> str:
    """The reference of a choice, and whether British nationals only are counted."""
    return f"to {choice['reference']}{', British nationals only' if choice['among'] == BRITISH else ''}"


def _cases(of: Mapping[str, float]) -> str:
    if len(of) == 3:
        return f"{say.ratio(of[AS_KNOWN])}, whatever the unknown"
    return ", ".join(f"{case} {say.ratio(ratio)}" for case, ratio in of.items())
