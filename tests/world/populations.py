"""The statistics services of the world: queries in pages, custom tables, data sets, and a release calendar.

The shapes are those of recorded answers (`test_populations.py` holds them side by side); the figures are whatever a
test gives.
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any
from urllib.parse import parse_qsl

from .server import Asset, World

Category = tuple[str, str]
"""A code and a name."""
Counts = Mapping[tuple[str, ...], float]
"""Counts by the codes of their categories, the area's first."""
ENGLAND_AND_WALES = ("K04000001", "England and Wales")
_ENDINGS = ("", "_NAME", "_CODE", "_TYPE", "_TYPECODE", "_SORTORDER")


@dataclass(frozen=True)
class Variable:
    """What a table is broken down by."""

    name: str
    categories: Sequence[Category]
    title: str = "Variable"


def query_rows(area: Category, variables: Sequence[Variable], counts: Counts, year: str) -> list[list[str]]:
    """A query's header and rows, with the columns of recorded ones."""
    header = [f"DATE{e}" for e in _ENDINGS] + [f"GEOGRAPHY{e}" for e in _ENDINGS]
    header += [f"{v.name.upper()}{e}" for v in variables for e in _ENDINGS]
    header += ["MEASURES", "MEASURES_NAME", "OBS_VALUE", "OBS_STATUS", "OBS_STATUS_NAME", "OBS_CONF", "OBS_CONF_NAME"]
    rows = [[*header, "URN", "RECORD_OFFSET", "RECORD_COUNT"]]
    combinations = list(product(*(enumerate(v.categories) for v in variables)))
    for n, chosen in enumerate(combinations):
        row = [year, year, year, "date", "0", "0", area[0], area[1], area[0], "area", "0", "0"]
        for at, (code, name) in chosen:
            row += [str(at + 1), name, f"_{code}", "Variable", "1000000", str(at)]
        value = counts[(area[0], *(code for _, (code, _) in chosen))]
        row += ["20100", "Value", f"{value:g}", "A", "Normal Value", "F", "Free (free for publication)"]
        rows.append([*row, f"Nm-{n}", str(n), str(len(combinations))])
    return rows


def serve_rows(world: World, dataset: str, rows: list[list[str]], *, most: int = 25_000) -> None:
    """Serve a query in pages of at most `most` rows, cut without a word as the real service does."""

    def answer(query: str) -> tuple[int, bytes, str]:
        asked = dict(parse_qsl(query))
        first = int(asked.get("recordoffset", 0))
        page = rows[1:][first : first + min(most, int(asked.get("recordlimit", most)))]
        out = io.StringIO()
        csv.writer(out, quoting=csv.QUOTE_ALL).writerows([rows[0], *page])
        return 200, out.getvalue().encode(), "text/csv"

    world.services[f"/dataset/{dataset}.data.csv"] = answer


def observations(variables: Sequence[Variable], counts: Counts, *, blocked: int = 0) -> dict[str, Any]:
    """A custom table: the area is the first variable."""
    found = []
    for chosen in product(*(v.categories for v in variables)):
        where = [
            {"dimension": v.title, "dimension_id": v.name, "option": name, "option_id": code}
            for v, (code, name) in zip(variables, chosen, strict=True)
        ]
        found.append({"dimensions": where, "observation": counts[tuple(code for code, _ in chosen)]})
    areas = len(variables[0].categories)
    return {
        "observations": found,
        "links": {"self": {"href": "http://foo/population-types/UR/census-observations"}},
        "total_observations": len(found),
        "blocked_areas": blocked,
        "total_areas": areas + blocked,
        "areas_returned": areas,
    }


def serve_observations(world: World, tables: Mapping[str, Mapping[str, Any]]) -> None:
    """Serve custom tables by their `dimensions`; others are refused in the service's words."""

    def answer(query: str) -> tuple[int, bytes, str]:
        asked = dict(parse_qsl(query))
        table = tables.get(asked.get("dimensions", ""))
        if table is None:
            body = {"errors": ["Too many rows returned, please refine your query by requesting specific areas."]}
            return 403, json.dumps(body).encode(), "application/json"
        return 200, json.dumps(table).encode(), "application/json"

    world.services["/population-types/UR/census-observations"] = answer


def serve_dataset(world: World, name: str, rows: Sequence[Sequence[str]], *, version: int = 1, day: str) -> None:
    """Serve a data set's latest version and its file."""
    root = "https://api.beta.ons.gov.uk/v1/datasets"
    path = f"/datasets/{name}/editions/2021/versions/{version}"
    href = f"https://download.beta.ons.gov.uk/downloads{path}.csv"
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    latest = {"id": name, "links": {"latest_version": {"href": f"{root.removesuffix('/datasets')}{path}"}}}
    shown = {"edition": "2021", "version": version, "release_date": f"{day}T00:00:00.000Z"}
    shown |= {"downloads": {"csv": {"href": href, "size": str(len(out.getvalue().encode()))}}}
    world.pages[f"/datasets/{name}"] = Asset(json.dumps(latest).encode(), "application/json", world.now)
    world.pages[path] = Asset(json.dumps(shown).encode(), "application/json", world.now)
    world.assets[f"/downloads{path}.csv"] = Asset(out.getvalue().encode(), "text/csv", world.now)


def release(
    slug: str,
    title: str,
    date: str,
    *,
    provisional: str = "",
    changes: Sequence[tuple[str, str]] = (),
    published: bool = False,
    cancelled: bool = False,
    finalised: bool = False,
) -> dict[str, Any]:
    """A release as the office's calendar lists it; `changes` are dates before, with the notice."""
    said = {"title": title, "summary": "", "release_date": date, "published": published, "cancelled": cancelled}
    said |= {"finalised": finalised, "postponed": bool(changes), "census": False}
    said |= {"provisional_date": provisional} if provisional else {}
    before = [{"previous_date": was, "change_notice": notice} for was, notice in changes]
    return {"uri": f"/releases/{slug}", "description": said, "date_changes": before}


def serve_releases(world: World, releases: Sequence[Mapping[str, Any]], *, most: int = 1000) -> None:
    """Serve the calendar, page by page."""

    def answer(query: str) -> tuple[int, bytes, str]:
        asked = dict(parse_qsl(query))
        first = int(asked["offset"])
        page = list(releases)[first : first + min(most, int(asked["limit"]))]
        body = {"took": 3, "breakdown": {"total": len(releases)}, "releases": page}
        return 200, json.dumps(body).encode(), "application/json"

    world.services["/search/releases"] = answer
