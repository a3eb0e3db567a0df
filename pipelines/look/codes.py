"""Codes of statistics services against the names they are known by (`codes.csv`, from recorded answers)."""

import csv
from collections.abc import Mapping, Sequence
from functools import lru_cache

from monitor.settings import DECLARATIONS
from pipelines.fetch.finding import Failed, Finding


@lru_cache(maxsize=1)
def known() -> Mapping[str, Mapping[str, str]]:
    """Names by code, by variable in lower case, as `codes.csv` lists them."""
    found: dict[str, dict[str, str]] = {}
    with (DECLARATIONS / "baselines" / "codes.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            for variable in row["variables"].split():
                found.setdefault(variable.lower(), {})[row["code"]] = row["name"]
    return found


def compare(url: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Nothing, when every code of the table has one name, and the one known. Raises `Failed` otherwise."""
    columns = {name.lower(): n for n, name in enumerate(header)}
    for name, at in columns.items():
        variable = name.removesuffix("_code")
        beside = columns.get(f"{variable}_name")
        if variable == name or beside is None:
            continue
        pairs = dict.fromkeys((row[at].lstrip("_"), row[beside]) for row in rows)
        listed = known().get(variable, {})
        names: dict[str, str] = {}
        for code, said in pairs:
            expected = names.setdefault(code, listed.get(code, said))
            if _plain(expected) != _plain(said):
                remedy = "Nothing was taken. Compare with the service's code list, and mend `codes.csv` if it changed."
                found = f"code {code} for {said!r}"
                raise Failed(Finding("code_changed", url, f"code {code} for {expected!r}", found, remedy, "critical"))


def _plain(name: str) -> str:
    return " ".join(name.lower().split())
