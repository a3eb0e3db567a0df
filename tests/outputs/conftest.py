"""The tables made from the figures that ship with the project."""

from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest

from dashboards.cited import CitedTable, make
from monitor import run
from monitor.declarations import measures
from monitor.settings import Home, home
from monitor.store.database import Reader
from pipelines.deriving import Request


@pytest.fixture(scope="session")
def made_home(starter_home: Path) -> Home:
    return home(starter_home)


@pytest.fixture(scope="session")
def store(made_home: Home) -> Iterator[Reader]:
    with Reader(made_home) as reader:
        yield reader


@pytest.fixture(scope="session")
def derived(store: Reader) -> Callable[..., pl.DataFrame]:
    def ask(measure: str, by: str, **asked: object) -> pl.DataFrame:
        return run.disparities(store, measures()[measure], Request(by, **asked))  # type: ignore[arg-type]

    return ask


@pytest.fixture(scope="session")
def cited(store: Reader, derived: Callable[..., pl.DataFrame]) -> Callable[..., CitedTable]:
    def ask(measure: str, by: str, **asked: object) -> CitedTable:
        return make(store, derived(measure, by, **asked), measures()[measure])

    return ask


@pytest.fixture(scope="session")
def table(cited: Callable[..., CitedTable]) -> CitedTable:
    """People in prison by ethnicity at the latest date held."""
    return cited("prison-population", "ethnicity")


@pytest.fixture(scope="session")
def hostile(store: Reader, derived: Callable[..., pl.DataFrame]) -> CitedTable:
    """The same table with labels that no page, spreadsheet or document should run, show backwards or burst on."""
    frame = derived("prison-population", "ethnicity").filter(pl.col("level").is_in(["all", "groups"])).head(6)
    bad = pl.Series([frame["category"][0], *HOSTILE])
    frame = frame.with_columns(category=bad, label=bad)
    return make(store, frame, measures()["prison-population"], caption="Title <b>& \u202esdrawkcab\u0007 | `x`")


HOSTILE = (
    "=cmd|'/c calc'!A1",
    "<script>alert(1)</script>",
    "+1 \u202eevil\u202c & \u2066x\u2069",
    "@SUM(A1)\t-2 | `a` \\ *b*",
    "W" * 200,
)
