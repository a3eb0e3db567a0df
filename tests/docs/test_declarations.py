"""What the page about declarations says of them: every field, by name, in examples that are read as they stand."""

import datetime as dt
import re
import tomllib
from functools import cache
from typing import Any

import pydantic
import pytest
from command_reference import ROOT

from monitor.declarations import Publication, parse
from monitor.vocabulary import TERMS

PAGE = (ROOT / "docs" / "add-a-publication.md").read_text("utf-8")
EXAMPLES = sorted((ROOT / "docs" / "examples").glob("*.toml"))
BASELINE = "Baseline"
"""Described where measures are: not a part of what is watched."""


@cache
def example(name: str) -> Publication:
    return parse(Publication, (ROOT / "docs" / "examples" / f"{name}.toml").read_text("utf-8"), name)


def fields(model: type[pydantic.BaseModel], said: list[dict[str, Any]]) -> dict[str, bool]:
    """Every field of a declaration and of the records in it, and whether one of these tables has it."""
    found: dict[str, bool] = {}

    def add(more: dict[str, bool]) -> None:
        for name, is_shown in more.items():
            found[name] = found.get(name, False) or is_shown

    for name, field in model.model_fields.items():
        key = field.alias or name
        values = [part[key] for part in said if key in part]
        owner = next(kind for kind in model.__mro__ if name in kind.__annotations__)
        add({f"{owner.__name__}.{key}": bool(values)})
        inner = [field.annotation, *getattr(field.annotation, "__args__", ())]
        for kind in inner:
            if isinstance(kind, type) and issubclass(kind, pydantic.BaseModel) and kind.__name__ != BASELINE:
                parts = [p for v in values for p in (v if isinstance(v, list) else [v])]
                add(fields(kind, parts))
    return found


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_read_as_it_stands(path) -> None:
    assert parse(Publication, path.read_text("utf-8"), path.name).id == path.stem


def test_every_field_stands_in_an_example_and_on_the_page() -> None:
    said = [tomllib.loads(path.read_text("utf-8")) for path in EXAMPLES]
    every = fields(Publication, said)
    assert len(every) > 80
    assert [name for name, is_shown in every.items() if not is_shown] == []
    named = " ".join(code + table for code, table in re.findall(r"`([^`]*)`|\[([a-z_.]+)\]", PAGE))
    words = set(re.findall(r"[a-z_]+", named))
    assert sorted({name.partition(".")[2] for name in every} - words) == []


def test_every_way_of_finding_editions_and_every_service_is_on_the_page() -> None:
    for term in (*TERMS["publication_kind"], *TERMS["query_service"]):
        assert f"`{term}`" in PAGE, term


@pytest.mark.parametrize(("edition", "shape"), [("2018-Q3", "crosstab"), ("2024-Q3", "long")])
def test_an_edition_is_read_by_the_layout_of_its_day(edition: str, shape: str) -> None:
    from pipelines.tidy.locate import in_force

    layouts = [t for t in in_force(example("watched-series"), edition) if t.id == "ethnicity-sex"]
    assert [t.shape for t in layouts] == [shape]


def test_the_example_is_due_when_it_says() -> None:
    from monitor.watch.calendar import slots

    calendar = example("watched-series").calendar
    assert calendar is not None
    days = [str(s.opens) for s in slots(calendar, dt.date(2024, 7, 1), dt.date(2024, 12, 31))]
    assert days == ["2024-07-25", "2024-10-31", "2024-12-10"]


@pytest.mark.parametrize(
    ("title", "is_edition"),
    [
        ("Release on temporary licence: April to June 2024", True),
        ("Release on temporary licence: guide to the tables", False),
        ("Deaths in custody: June 2024", False),
    ],
)
def test_titles_of_the_example_are_told_apart(title: str, is_edition: bool) -> None:
    assert example("watched-series").is_edition(title) is is_edition
