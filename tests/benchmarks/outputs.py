"""The pages against bare chart rendering, the pages' sizes, and a table in each format against its bare library."""

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.measures import Measured
from tests.benchmarks.timing import alternately

PAGE_LIMIT = 200_000
"""Bytes of a page, without the script and the font that all pages share."""


def outputs() -> list[Measured]:
    """Every row of this part, from a home made of the starter figures."""
    from dashboards.cited import make
    from monitor.declarations import measures
    from monitor.run import disparities, run
    from monitor.settings import home
    from monitor.store.database import Reader
    from pipelines.deriving import Request

    with tempfile.TemporaryDirectory() as name:
        place = home(Path(name) / "home")
        run(place, offline=True, say=lambda _: None)
        rows = _pages(place)
        with Reader(place) as store:
            measure = next(iter(measures().values()))
            table = make(store, disparities(store, measure, Request()), measure)
            rows += _of_the_time(store)
        return rows + _tables(table, Path(name))


def _of_the_time(store: Any, repeats: int = 7) -> list[Measured]:
    """People in prison at every period, over the people of the time and over those of one census."""
    from monitor.declarations import baselines, measures
    from monitor.run import denominators, numerators
    from pipelines.deriving import Request, derive

    measure, declared = measures()["prison-population"], baselines()
    counts, people = numerators(store, measure), denominators(store, "ethnicity", declared)

    def over(baseline: str) -> Callable[[], object]:
        asked = Request("ethnicity", baseline, every_period=True)
        return lambda: derive(measure, asked, counts, people, declared)

    took = alternately({name: over(name) for name in ("residents-18plus", "census-2021-18plus")}, repeats)
    ours, theirs = took.values()
    return [Measured("ratios at every date, people of the time", ours, "over Census 2021 at every date", theirs, 1.2)]


def _seconds(action: Callable[[], Any]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def _pages(place: Any) -> list[Measured]:
    import vl_convert

    from dashboards import rendering, site

    drawn: list[Any] = []
    original = rendering.Drawing.__init__

    def remember(self: Any, charts: Sequence[Any], workers: int | None = None) -> None:
        drawn.extend(charts)
        original(self, charts, workers)

    rendering.Drawing.__init__ = remember  # type: ignore[method-assign]
    try:
        whole = _seconds(lambda: site.build(place, version="0"))
    finally:
        rendering.Drawing.__init__ = original  # type: ignore[method-assign]

    def bare() -> None:
        for _, wide, narrow in drawn:
            vl_convert.vegalite_to_svg(wide)
            vl_convert.vegalite_to_svg(narrow)
            vl_convert.vegalite_to_png(wide, scale=2)

    pages = sorted(p.stat().st_size for p in place.site.glob("*.html"))
    return [
        Measured(f"site build ({len(drawn)} charts)", whole, "bare vl-convert, one process", _seconds(bare), 1.5),
        Measured("largest page, bytes", float(pages[-1]), "limit", float(PAGE_LIMIT), 1.0),
    ]


def _tables(table: Any, folder: Path) -> list[Measured]:
    from dashboards.writers import write

    cells = [[str(c.text) if hasattr(c, "text") else str(c) for c in row.cells] for row in table.rows]

    def docx() -> None:
        import docx as library

        document = library.Document()
        made = document.add_table(rows=len(cells), cols=len(cells[0]))
        for made_row, row in zip(made.rows, cells, strict=True):
            for cell, text in zip(made_row.cells, row, strict=True):
                cell.text = text
        document.save(str(folder / "bare.docx"))

    def xlsx() -> None:
        import openpyxl

        book = openpyxl.Workbook()
        for row in cells:
            book.active.append(row)
        book.save(folder / "bare.xlsx")

    rows = []
    for name, bare in (("docx", docx), ("xlsx", xlsx)):
        write(table, name, folder / f"warm.{name}")
        bare()
        ours = _seconds(lambda n=name: write(table, n, folder / f"ours.{n}"))  # type: ignore[misc]
        rows.append(Measured(f"table as {name}", ours, f"bare library, {len(cells)} rows", _seconds(bare), 2.0))
    for name in ("odt", "ods", "csv", "html", "md", "json"):
        rows.append(
            Measured(f"table as {name}", _seconds(lambda n=name: write(table, n, folder / f"ours.{n}")))  # type: ignore[misc]
        )
    return rows
