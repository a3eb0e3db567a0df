"""Twenty years of vintages of one table: `diff`, and "as known on", against the scan that each rests on.

Every quarterly edition prints the whole series up to its day again, as published tables do, and revises a few figures
of the edition before.
"""

import datetime as dt
import tempfile
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from monitor.settings import Home
from monitor.store import reads
from monitor.store.database import Reader, Writer, stage
from monitor.store.schema import frame_schema
from pipelines.vintages import changes
from tests.benchmarks.measures import Measured
from tests.benchmarks.timing import alternately

PUBLICATION, TABLE = "generated", "everyone"
GROUPS = (*(f"group {n}" for n in range(18)), "Not stated")
SEXES, AGES = ("all", "female", "male"), tuple(f"{n}-{n + 4}" for n in range(15, 75, 5))
COLUMNS = ["sex", "ethnicity", "age"]


def vintages(folder: Path, years: int = 20, repeats: int = 7) -> list[Measured]:
    """Every row of this part."""
    home = Home(folder)
    figures = build(home, years)
    middle = dt.date(2002 + years // 2, 7, 28)
    with Reader(home) as store:
        last = [each["edition_id"] for each in reads.states(store, PUBLICATION).to_dicts()[-2:]]
        took = alternately(
            {
                "diff": lambda: changes(store, PUBLICATION),
                "two editions": lambda: store.frame(
                    "select * from figure where publication = ? and edition_id in (?, ?)", [PUBLICATION, *last]
                ),
                "as known on": lambda: reads.figures(store, PUBLICATION, "people", [TABLE], reads.Known(middle)),
                "known by then": lambda: store.frame(
                    "select * from figure where publication = ? and measure = ? and table_id = ? and published_on <= ?",
                    [PUBLICATION, "people", TABLE, middle],
                ),
            },
            repeats,
        )
        revised = changes(store, PUBLICATION).filter(change="revised").height
    assert revised == 2 * REVISED, f"{revised} revisions found; {REVISED} were made, and {REVISED} taken back"
    what = f"{years} years of vintages ({figures:,} observations)"
    return [
        Measured(f"diff of the latest of {what}", took["diff"], "DuckDB scan of both", took["two editions"], 3),
        Measured(f"as known on {middle}, of the same", took["as known on"], "DuckDB scan", took["known by then"], 3),
    ]


REVISED = 5


def build(home: Home, years: int) -> int:
    """Load every vintage, without judging; gives the number of observations."""
    home.root.mkdir(parents=True, exist_ok=True)
    categories = [(sex, group, age) for sex in SEXES for group in GROUPS for age in AGES]
    figures, artefacts = [], []
    for n in range(4 * years):
        day = dt.date(2002 + n // 4, 1 + n % 4 * 3, 28)
        edition, sha = f"{day.year}-Q{1 + n % 4}", f"{n:064x}"
        of = {"publication": PUBLICATION, "edition_id": edition, "published_on": day}
        of["seen_at"] = dt.datetime.combine(day, dt.time(9, 45))
        artefacts.append({**of, "sha256": sha, "original_sha256": sha, "kind": "original", "name": f"{edition}.csv"})
        periods = [dt.date(2002 + q // 4, 1 + q % 4 * 3, 1) for q in range(max(0, n - 7), n + 1)]
        figures.append(_figures(categories, periods, n).with_columns(artefact_sha256=pl.lit(sha), **_literals(of)))
    frames = {"artefact": pl.DataFrame(artefacts, schema=frame_schema("artefact")), "figure": pl.concat(figures)}
    with Writer(home) as store:
        store.load(stage(home.work / "staging.duckdb", frames), {}, [])
        store.publish()
    return frames["figure"].height


def _literals(of: dict[str, object]) -> dict[str, pl.Expr]:
    return {name: pl.lit(value) for name, value in of.items()}


def _figures(categories: Sequence[tuple[str, str, str]], periods: Sequence[dt.date], n: int) -> pl.DataFrame:
    frame = pl.DataFrame(categories, schema=COLUMNS, orient="row").join(
        pl.DataFrame({"period_end": periods}), how="cross"
    )
    row = pl.int_range(pl.len())
    # because a revision is of a figure that the edition before printed too: the first rows are its oldest period's
    changed = (row < REVISED * len(periods)) & (pl.col("period_end") == periods[max(0, len(periods) - 2)])
    return frame.with_columns(
        table_id=pl.lit(TABLE), sheet=pl.lit("Table_1"), cell=pl.concat_str(pl.lit("B"), row.cast(pl.String)),
        measure=pl.lit("people"), value=1000.0 + pl.when(changed).then(n).otherwise(0),
        unit=pl.lit("people"), status=pl.lit("published"), period_start=pl.col("period_end"),
        period_kind=pl.lit("stock"), period_label=pl.col("period_end").cast(pl.String), place_code=pl.lit("K04000001"),
        population=pl.lit("people"), counts=pl.lit("people"), identification=pl.lit("self"), circumstances=pl.lit("{}"),
        definition_id=pl.lit("as published"), flags=pl.lit([], dtype=pl.List(pl.String)),
        **{
            name: pl.lit("all")
            for name in frame_schema("figure")
            if f"{name}_label" in frame_schema("figure") and name not in COLUMNS
        },
    )  # fmt: skip


if __name__ == "__main__":
    from tests.benchmarks.__main__ import report

    with tempfile.TemporaryDirectory() as name:
        print(report(vintages(Path(name))))
