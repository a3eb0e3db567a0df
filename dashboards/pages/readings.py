"""What was read of a publication, table by table, and the newest numbers of tables that nobody declared."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboards import sentences as say
from dashboards.counts import counted
from dashboards.pages.kinds import Grid, Held
from dashboards.pages.words import group_label
from monitor.declarations import Measure
from monitor.watch.register import newest_read

CHECKED_BY_NOBODY = (
    "Read by what the table shows: every label of people, period, place and unit was understood, and the sums it "
    "prints hold. No person has compared it with the file yet."
)


def tables_read(held: Held, slug: str) -> dict[str, Any]:
    """How many tables of the newest edition were read, and of each its state and the reason."""
    mine = held.tables.filter(publication=slug)
    if mine.is_empty():
        return {"all": 0, "rows": []}
    newest, left = newest_read(mine)
    rows = []
    for r in newest.iter_rows(named=True):
        state = "held back" if r["state"] == "held_back" else "declared" if r["layout"] == "declared" else "read"
        by = ", ".join(say.title_of(c).lower() for c in r["characteristics"] or ())
        said = " ".join(filter(None, [say.clean(r["reason"] or ""), say.clean(r["sums"] or "")]))
        rows.append((say.clean(r["title"] or r["table_id"]), by or "–", state, said or "–"))
    return {
        "all": len(rows),
        "read": len(rows) - left.height,
        "left": left.height,
        "edition": newest["edition_id"][0],
        "rows": rows,
    }


def numbers_of_tables(held: Held, slug: str) -> list[tuple[Grid, str, tuple[str, ...]]]:
    """The newest numbers of each table that nobody declared, the command for a cited table, and what stands beside."""
    found = []
    for measure in (m for m in held.inferred.values() if m.publication == slug):
        rows = held.disparities.filter(measure=measure.id)
        for characteristic in measure.table:
            mine = rows.filter(characteristic=characteristic)
            if not mine.is_empty():
                table = measure.table[characteristic][0]
                command = f"justice-monitor table {slug} --table {table} --by {characteristic} -o table.docx"
                beside = dict.fromkeys(filter(None, [CHECKED_BY_NOBODY, measure.caution, *_reasons(mine)]))
                found.append((_grid(measure, characteristic, mine), command, tuple(map(say.clean, beside))))
    return found


def _reasons(rows: pl.DataFrame) -> list[str]:
    return rows.filter(pl.col("category") != "all")["reason"].drop_nulls().unique(maintain_order=True).to_list()


def _grid(measure: Measure, characteristic: str, rows: pl.DataFrame) -> Grid:
    first = rows.row(0, named=True)
    compared = rows["ratio_low"].is_not_null().any()
    head = [say.title_of(characteristic), "Number", "Share of those known"]
    head += ["Compared with", "Rate ratio", "95% interval"] if compared else []
    when = say.period(first["period"], first["period_start"], first["period_end"])
    caption = f"{say.clean(measure.title)}: by {say.title_of(characteristic).lower()}, {when}, {first['place']}"
    return Grid(caption, tuple(head), tuple(_line(r, compared) for r in rows.iter_rows(named=True)))


def _line(row: Mapping[str, Any], compared: bool) -> tuple[str, ...]:
    name = "Everyone" if row["category"] == "all" else group_label(row["category"])
    cells = [name, counted(row)]
    cells.append("–" if row["share"] is None else say.percent(row["share"]))
    if compared:
        with_interval = row["ratio"] is not None and row["ratio_low"] is not None and row["ratio_high"] is not None
        cells += [row["reference"] or "–", say.ratio(row["ratio"]) if with_interval else "–"]
        cells.append(say.interval(row["ratio_low"], row["ratio_high"]) if with_interval else "–")
    return tuple(cells)
