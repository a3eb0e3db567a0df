"""Grids to figures, by declaration.

What it makes true: every number of a declared table becomes one row with its cell, its period and a harmonised
category for each characteristic, the publisher's words beside it. Tables are found by title or headers, labels
by the vocabulary, never by position.

Why frames built from a row side and a column side: a table is their product, so a workbook of many thousand
numbers costs two short loops over labels.

What it refuses: a number whose label is unknown or ambiguous becomes a finding and no figure; an empty cell is
not a value; nothing is summed unless a declaration says so.
"""

import datetime as dt
import difflib
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from monitor.declarations import ENGLAND_AND_WALES, Publication, Statistic
from monitor.declarations import Table as Declared
from monitor.store.schema import frame_schema
from monitor.vocabulary import (
    CHARACTERISTICS,
    Period,
    best_classification,
    closest,
    parse_age,
    parse_period,
    place_members,
    read_value,
    symbol_bounds,
)
from monitor.vocabulary import place as place_named
from pipelines.placing import Placed, Placing, place
from pipelines.reading.grid import Cell, Grid
from pipelines.shape import Axis, Table, tables

IGNORED = "ignored"
"""What a declaration calls a column that says nothing about a figure."""

_NAMED = tuple(c.id for c in CHARACTERISTICS)
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True)
class Problem:
    """Something about a file that a person must know: one cause, with its cells."""

    check: str
    severity: str
    message: str
    sheet: str
    cells: tuple[str, ...] = ()


@dataclass
class Tidied:
    """What a file's declared tables yielded: figures without ids, what nests in what, and what went wrong."""

    figures: pl.DataFrame
    levels: pl.DataFrame
    problems: list[Problem] = field(default_factory=list)
    found: dict[str, str] = field(default_factory=dict)


def tidy(grids: Sequence[Grid], publication: Publication, *, edition: str, transcribed: bool = False) -> Tidied:
    """Figures of every declared table that `grids` hold.

    `edition` completes periods whose year stands only in the edition's name. Columns of `figures` are those of
    the store's figure, without ids, artefact and dates of publication, which the caller adds.
    """
    frames: list[pl.DataFrame] = []
    levels: list[dict[str, Any]] = []
    result = Tidied(pl.DataFrame(), pl.DataFrame())
    shaped = [table for grid in grids for table in tables(grid)]
    year = _YEAR.search(edition)
    for declared in publication.table:
        table = _find(declared, shaped, result.problems)
        if table is None:
            continue
        result.found[declared.id] = table.grid.sheet
        frame = _Tidier(publication, declared, table, year[0] if year else None, result.problems).frame()
        if frame.is_empty():
            continue
        flags = [
            *declared.flags,
            *(["transcribed"] if transcribed else []),
            *(["derived"] if table.grid.is_sum else []),
        ]
        frame = frame.with_columns(
            flags=pl.concat_list(pl.col("flags"), pl.lit(flags, dtype=pl.List(pl.String))) if flags else pl.col("flags")
        )
        frames.append(frame)
        levels.extend(_levels(declared, frame))
    schema = {k: v for k, v in frame_schema("figure").items() if k not in _ADDED}
    result.figures = (
        pl.concat([pl.DataFrame(schema=schema), *(f.select(_cast(f, schema)) for f in frames)], how="diagonal")
        if frames
        else pl.DataFrame(schema=schema)
    )
    result.levels = pl.DataFrame(levels, schema={k: v for k, v in frame_schema("level").items() if k not in _ADDED})
    return result


def _cast(frame: pl.DataFrame, schema: dict[str, Any]) -> list[pl.Expr]:
    return [pl.col(name).cast(kind) for name, kind in schema.items() if name in frame.columns]


_ADDED = (
    "figure_id",
    "observation_id",
    "publication",
    "edition_id",
    "artefact_sha256",
    "published_on",
    "seen_at",
)


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


def _find(declared: Declared, shaped: list[Table], problems: list[Problem]) -> Table | None:
    """The one table a declaration speaks of, by its title, else by its sheet, else by its headers."""
    if declared.title:
        wanted = _plain(declared.title)
        titled = [t for t in shaped if _plain(t.numbered_title()[1]).startswith(wanted) or _plain(t.title) == wanted]
        if declared.sheet:
            titled = [t for t in titled if t.grid.sheet == declared.sheet] or titled
    elif declared.sheet:
        titled = [t for t in shaped if t.grid.sheet == declared.sheet]
    else:
        headers = {_plain(h) for h in declared.fields}
        titled = [t for t in shaped if headers <= {_plain(h) for h in _headers(t)}]
    if len(titled) > 1:
        where = ", ".join(f"{t.grid.sheet} ({t.title[:60]})" for t in titled)
        problems.append(
            Problem(
                "table_found",
                "critical",
                f"Table {declared.id!r}: expected one table titled {declared.title!r}, found {len(titled)}: {where}. "
                "Lengthen the title in the declaration or name the sheet.",
                titled[0].grid.sheet,
            )
        )
        return None
    return titled[0] if titled else None


def missing_tables(publication: Publication, found: Iterable[str], titles: Sequence[str]) -> list[Problem]:
    """Declared tables that no artefact of an edition holds, with the nearest titles that it does."""
    seen = set(found)
    problems = []
    for declared in publication.table:
        if declared.id in seen:
            continue
        near = difflib.get_close_matches(declared.title, titles, n=2, cutoff=0.3)
        problems.append(
            Problem(
                "table_found",
                "critical",
                f"Table {declared.id!r} ({declared.title or declared.sheet or 'by headers'}) is in none of the files. "
                + (f"Nearest titles: {'; '.join(near)}. " if near else "")
                + "If it was renamed, change the title in the declaration; if it is gone, it is a gap.",
                "",
            )
        )
    return problems


def _headers(table: Table) -> list[str]:
    top = [str(label) for axis in table.top for label in axis.labels if isinstance(label, str)]
    return [axis.header for axis in table.side] + top


_CELL = {
    "row": pl.Int64,
    "column": pl.Int64,
    "cell": pl.String,
    "value": pl.Float64,
    "status": pl.String,
    "marker": pl.String,
    "value_low": pl.Float64,
    "value_high": pl.Float64,
}
_FLAGS: tuple[list[str], ...] = ([], ["estimated"], ["hidden"], ["estimated", "hidden"])
"""The flags a cell can have of itself: bit 0 estimated, bit 1 in a hidden column."""


def _flagged(frame: pl.DataFrame) -> pl.DataFrame:
    """Values in their scale, with their flags: people in fractions are estimates."""
    estimated = (pl.col("value") != pl.col("value").floor()).fill_null(False) & (pl.col("unit") == "people")
    which = frame.select(estimated.cast(pl.Int64) + 2 * pl.col("hidden").cast(pl.Int64)).to_series()
    return frame.with_columns(
        pl.col("value") * pl.col("scale"), flags=pl.Series(_FLAGS, dtype=pl.List(pl.String))[which]
    ).drop("scale", "hidden")


def _one_json(both: dict[str, str | None]) -> str | None:
    """The circumstances of a row and of its column as one canonical JSON."""
    parts = [part for part in both.values() if part]
    return json.dumps({k: v for p in parts for k, v in json.loads(p).items()}, sort_keys=True) if parts else None


@dataclass
class _Side:
    """One direction of a table: for each position a row of categories, or None where it could not be placed."""

    scopes: list[dict[str, Placed] | None]
    periods: list[Period | None]
    extra: list[dict[str, Any]]


class _Tidier:
    """One declared table on one found table."""

    def __init__(
        self,
        publication: Publication,
        declared: Declared,
        table: Table,
        hint: str | None,
        problems: list[Problem],
    ) -> None:
        self.publication, self.declared, self.table, self.hint = publication, declared, table, hint
        self.problems = problems
        self.symbols = publication.symbols.map

    # -- the two shapes ------------------------------------------------------------------------------------

    def frame(self) -> pl.DataFrame:
        if self.declared.shape == "long":
            return self._long()
        rows, columns = self._rows(), self._columns()
        statistics = self._statistics()
        cells = self._cells(rows, columns, statistics)
        if cells.is_empty():
            return pl.DataFrame()
        side, top, counted = self._side_frame(rows), self._side_frame(columns), self._counted(statistics)
        frame = pl.concat(
            [
                cells.drop("row", "column"),
                counted[cells["column"]],
                side[cells["row"]].rename(lambda n: f"row:{n}"),
                top[cells["column"]].rename(lambda n: f"column:{n}"),
            ],
            how="horizontal",
        )
        return self._finished(self._merged(_flagged(frame)))

    def _rows(self) -> _Side:
        declared, table = self.declared, self.table
        if not declared.fields:
            axis = table.side[0]
            placing = place(
                axis,
                declared.rows or ("period",),
                table.after_blank,
                hint=self.hint,
                spellings=self.declared.spellings,
            )
            self._report(placing, lambda i: table.rows[i], lambda i: self._first_column(i), rows=True)
            return _Side(placing.scopes, placing.periods, [{} for _ in placing.scopes])
        by_header = {_plain(a.header): a for a in table.side}
        count = len(table.rows)
        side = _Side([{} for _ in range(count)], [None] * count, [{} for _ in range(count)])
        for header, dimension in declared.fields.items():
            axis = by_header[_plain(header)]
            if dimension == IGNORED:
                continue
            if dimension == "place":
                for i, cell in enumerate(axis.labels):
                    side.extra[i]["place_code"] = cell
                continue
            only = declared.only.get("place")
            wanted = [i for i in range(count) if not only or side.extra[i].get("place_code") in only]
            part = Axis(axis.header, [axis.labels[i] for i in wanted])
            placing = place(part, (dimension,), hint=self.hint, fill_down=True, spellings=self.declared.spellings)
            self._report(placing, lambda i, w=wanted: table.rows[w[i]], lambda i: 0, rows=True)
            for k, i in enumerate(wanted):
                scope, mine = placing.scopes[k], side.scopes[i]
                side.scopes[i] = None if scope is None or mine is None else {**mine, **scope}
                side.periods[i] = placing.periods[k] or side.periods[i]
        return side

    def _columns(self) -> _Side:
        count = len(self.table.columns)
        side = _Side([{} for _ in range(count)], [None] * count, [{} for _ in range(count)])
        dimensions = self.declared.columns
        statistics = {_plain(s.header) for s in self.declared.statistics}
        failed: dict[int, str] = {}
        for axis in self.table.top:
            if statistics and all(label is None or self._statistic_of(label) for label in axis.labels):
                continue
            placing = place(axis, dimensions, hint=self.hint, spellings=self.declared.spellings)
            for j in range(count):
                label = axis.labels[j]
                if label is None or (statistics and self._statistic_of(label)):
                    continue
                scope, mine = placing.scopes[j], side.scopes[j]
                if scope is None:
                    failed[j] = str(label)
                    continue
                if mine is not None:
                    side.scopes[j] = {**mine, **scope}
                side.periods[j] = placing.periods[j] or side.periods[j]
        for j in range(count):
            placed = side.periods[j] is not None if "period" in dimensions else bool(statistics)
            if not side.scopes[j] and not placed:
                side.scopes[j] = None
        if statistics:
            failed = {}  # because the statistics named are the columns wanted
        lost = {
            failed[j]: j
            for j in failed
            if side.scopes[j] is None or "period" not in dimensions or side.periods[j] is None
        }
        for label, j in lost.items():
            self._unknown(label, self.table.header_rows[-1] if self.table.header_rows else 0, self.table.columns[j])
        return side

    def _statistic_of(self, label: Cell) -> Statistic | None:
        plain = _plain(re.sub(r"(?<=\D)\d+\Z", "", str(label)))
        return next((s for s in self.declared.statistics if plain.startswith(_plain(s.header))), None)

    def _statistics(self) -> list[Statistic | None]:
        """For each value column what it counts, where a table prints several statistics side by side."""
        found: list[Statistic | None] = []
        for j in range(len(self.table.columns)):
            labels = [axis.labels[j] for axis in self.table.top if axis.labels[j] is not None]
            found.append(next((s for label in labels if (s := self._statistic_of(label))), None))
        return found

    def _first_column(self, _: int) -> int:
        return 0

    def _counted(self, statistics: list[Statistic | None]) -> pl.DataFrame:
        """One row a value column: what it counts, in which unit, its scale, and whether it is hidden."""
        counted = [statistic or self.declared for statistic in statistics]
        return pl.DataFrame(
            {
                "measure": [c.measure for c in counted],
                "unit": [c.unit for c in counted],
                "counts": [c.counts for c in counted],
                "scale": [s.scale if s else 1.0 for s in statistics],
                "hidden": [c in self.table.grid.hidden_columns for c in self.table.columns],
            }
        )

    def _cells(self, rows: _Side, columns: _Side, statistics: list[Statistic | None]) -> pl.DataFrame:
        """One row a value: the positions of its labels, its cell, and what stands there."""
        grid, declared = self.table.grid, self.declared
        only_places = declared.only.get("place")
        wanted_columns = [
            (j, c)
            for j, c in enumerate(self.table.columns)
            if columns.scopes[j] is not None and (not declared.statistics or statistics[j] is not None)
        ]
        unreadable: list[str] = []
        out: list[tuple[Any, ...]] = []
        for i, r in enumerate(self.table.rows):
            if rows.scopes[i] is None or (only_places and rows.extra[i].get("place_code") not in only_places):
                continue
            line = grid.rows[r]
            width = len(line)
            for j, c in wanted_columns:
                raw = line[c] if c < width else None
                if raw is None:
                    continue
                cell = grid.address(r, c)
                if isinstance(raw, float):
                    out.append((i, j, cell, raw, "published", None, None, None))
                    continue
                seen = read_value(raw if isinstance(raw, str) else str(raw), self.symbols)
                if seen is None:
                    continue
                suppressed = seen.marker if seen.status == "suppressed" else None
                low, high = symbol_bounds(self.symbols, suppressed) if suppressed else (None, None)
                if seen.status == "unreadable":
                    unreadable.append(cell)
                out.append((i, j, cell, seen.value, seen.status, seen.marker, low, high))
        if unreadable:
            self.problems.append(
                Problem(
                    "values_readable",
                    "warning",
                    f"{len(unreadable)} cells hold neither a number nor a mark this publication declares; kept as "
                    "unreadable. Add the mark to the symbol map, or ask the publisher.",
                    grid.sheet,
                    tuple(unreadable),
                )
            )
        return pl.DataFrame(out, schema=_CELL, orient="row")

    def _side_frame(self, side: _Side) -> pl.DataFrame:
        """One row a position: categories, labels, what is not a characteristic, period, place."""
        data: dict[str, list[Any]] = {}
        dimensions = {d for scope in side.scopes if scope for d in scope}
        for d in sorted(dimensions & set(_NAMED)):
            data[d] = [(s or {}).get(d).meaning.category if (s or {}).get(d) else None for s in side.scopes]  # type: ignore[union-attr]
            data[f"{d}_label"] = [(s or {}).get(d).label if (s or {}).get(d) else None for s in side.scopes]  # type: ignore[union-attr]
        others = sorted(dimensions - set(_NAMED))
        data["circumstances"] = [
            {d: s[d].meaning.category for d in others if s and d in s and s[d].meaning.kind != "total"} if s else {}
            for s in side.scopes
        ]
        data["circumstances"] = [json.dumps(c, sort_keys=True) if c else None for c in data["circumstances"]]
        if any(side.periods):
            data["period_start"] = [p.start if p else None for p in side.periods]
            data["period_end"] = [p.end if p else None for p in side.periods]
            data["period_label"] = [p.label if p else None for p in side.periods]
            data["period_markers"] = [list(p.markers) if p else None for p in side.periods]
        if any(side.extra):
            data["place_code"] = [e.get("place_code") for e in side.extra]
        return pl.DataFrame(data, infer_schema_length=None)

    def _merged(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Rows' and columns' categories become one set of columns; the two sets of circumstances one JSON."""
        names = {n.split(":", 1)[1] for n in frame.columns if ":" in n}
        merged = []
        for name in sorted(names - {"circumstances"}):
            parts = [pl.col(f"{s}:{name}") for s in ("row", "column") if f"{s}:{name}" in frame.columns]
            merged.append(pl.coalesce(parts).alias(name))
        sides = ["row:circumstances", "column:circumstances"]
        circumstances = pl.coalesce(sides)
        if all(frame[side].null_count() < frame.height for side in sides):
            circumstances = pl.struct(sides).map_elements(_one_json, return_dtype=pl.String)
        merged.append(circumstances.alias("circumstances"))
        return frame.with_columns(merged).drop([n for n in frame.columns if ":" in n])

    # -- open data: one row a count -------------------------------------------------------------------------

    def _long(self) -> pl.DataFrame:
        declared, table = self.declared, self.table
        by_header = {_plain(a.header): a for a in table.side}
        tops = {
            _plain(str(label)): c
            for axis in table.top
            for label, c in zip(axis.labels, table.columns, strict=True)
            if label is not None
        }
        value_header = next(h for h, d in declared.fields.items() if d == "value")
        value_column = tops.get(_plain(value_header))
        if value_column is None:
            raise KeyError(value_header)
        grid = table.grid
        raw = [grid.at(r, value_column) for r in table.rows]
        values = [v if isinstance(v, float) else None for v in raw]
        data: dict[str, Any] = {
            "value": pl.Series(values, dtype=pl.Float64),
            "index": list(range(len(values))),
        }
        bad = [False] * len(values)
        for header, allowed in declared.where.items():
            if (axis := by_header.get(_plain(header))) is not None:
                bad = [b or v not in allowed for b, v in zip(bad, axis.labels, strict=True)]
        for header, dimension in declared.fields.items():
            if dimension in ("value", IGNORED):
                continue
            axis = by_header.get(_plain(header))
            if axis is None:
                if grid.is_sum:
                    continue
                raise KeyError(header)
            if dimension == "place":
                data["place_code"] = [None if v is None else str(v) for v in axis.labels]
                continue
            distinct = list(dict.fromkeys(v for v, b in zip(axis.labels, bad, strict=True) if not b))
            placing = place(Axis(header, distinct), (dimension,), hint=self.hint, spellings=self.declared.spellings)
            self._report(
                placing,
                lambda i, d=distinct, a=axis: table.rows[a.labels.index(d[i])],
                lambda i: 0,
                rows=True,
            )
            if dimension == "period":
                look = dict(zip(distinct, placing.periods, strict=True))
                data["period_start"] = [p.start if (p := look.get(v)) else None for v in axis.labels]
                data["period_end"] = [p.end if (p := look.get(v)) else None for v in axis.labels]
                data["period_label"] = [p.label if (p := look.get(v)) else None for v in axis.labels]
                missing = {v for v, p in look.items() if p is None}
            else:
                chosen = {v: s[dimension] if s else None for v, s in zip(distinct, placing.scopes, strict=True)}
                data[dimension] = [w.meaning.category if (w := chosen.get(v)) else None for v in axis.labels]
                if dimension in _NAMED:
                    data[f"{dimension}_label"] = [w.label if (w := chosen.get(v)) else None for v in axis.labels]
                missing = {v for v, w in chosen.items() if w is None}
            if missing:
                bad = [b or v in missing for b, v in zip(bad, axis.labels, strict=True)]
        frame = pl.DataFrame(data).filter(~pl.Series(bad))
        for name, wanted in declared.only.items():
            column = "place_code" if name == "place" else name
            if column in frame.columns:
                frame = frame.filter(pl.col(column).is_in(wanted))
        if grid.is_sum:
            places = [grid.address(r, value_column) for r in table.rows]
            frame = frame.with_columns(cell=pl.Series(places)[frame["index"]] if frame.height else pl.lit(""))
            frame = frame.with_columns(flags=pl.lit([], dtype=pl.List(pl.String)))
        elif declared.sums:
            frame = pl.concat([self._summed(frame, s, value_column) for s in declared.sums], how="diagonal")
        else:
            frame = frame.with_columns(
                cell=pl.Series([grid.address(table.rows[i], value_column) for i in frame["index"]], dtype=pl.String),
                flags=pl.lit([], dtype=pl.List(pl.String)),
            )
        others = [
            d for d in declared.fields.values() if d not in (*_NAMED, "value", "place", "period") and d in frame.columns
        ]
        if others:
            frame = frame.with_columns(
                circumstances=pl.struct(others).map_elements(
                    lambda s: json.dumps({k: v for k, v in s.items() if v not in (None, "all")}, sort_keys=True),
                    return_dtype=pl.String,
                )
            ).drop(others)
        frame = frame.with_columns(
            status=pl.when(pl.col("value").is_null()).then(pl.lit("unreadable")).otherwise(pl.lit("published")),
            measure=pl.lit(declared.measure),
            unit=pl.lit(declared.unit),
            counts=pl.lit(declared.counts),
        ).drop([c for c in ("index",) if c in frame.columns])
        return self._finished(frame)

    def _summed(self, frame: pl.DataFrame, declared: Any, value_column: int) -> pl.DataFrame:
        """A declared sum over rows: grouped by the dimensions kept, and by place where places are named."""
        keys = [k for d in declared.keep for k in (d, f"{d}_label") if k in frame.columns]
        keys += [k for k in ("period_start", "period_end", "period_label") if k in frame.columns]
        parts = []
        for code in declared.places or (None,):
            part = frame
            if code is not None and code != ENGLAND_AND_WALES:
                part = frame.filter(pl.col("place_code").is_in(sorted(place_members(code))))
            summed = part.group_by(keys, maintain_order=True).agg(pl.col("value").sum(), n=pl.len())
            parts.append(summed.with_columns(place_code=pl.lit(code or self.declared.place)))
        out = pl.concat(parts)
        return out.with_columns(
            cell=pl.format("sum of {} rows", pl.col("n").map_elements(lambda n: f"{n:,}", return_dtype=pl.String)),
            flags=pl.lit(["derived"], dtype=pl.List(pl.String)),
        ).drop("n")

    # -- common ends ---------------------------------------------------------------------------------------------

    def _finished(self, frame: pl.DataFrame) -> pl.DataFrame:
        declared = self.declared
        have = set(frame.columns)
        if "period_start" not in have:
            period = parse_period(declared.period, self.hint) if declared.period else None
            if period is None:
                self.problems.append(
                    Problem(
                        "period_found",
                        "critical",
                        f"Table {declared.id!r} has no period in its rows, columns or declaration; add `period` to it.",
                        self.table.grid.sheet,
                    )
                )
                return pl.DataFrame()
            frame = frame.with_columns(
                period_start=pl.lit(period.start),
                period_end=pl.lit(period.end),
                period_label=pl.lit(declared.period),
            )
        frame = frame.with_columns(
            *(pl.lit("all").alias(d) for d in _NAMED if d not in have),
            *(pl.col(d).fill_null("all") for d in _NAMED if d in have),
            *(pl.lit(None, dtype=pl.String).alias(n) for n in ("circumstances", "marker") if n not in have),
            *(pl.lit(None, dtype=pl.Float64).alias(n) for n in ("value_low", "value_high") if n not in have),
            *([] if "place_code" in have else [pl.lit(declared.place).alias("place_code")]),
            table_id=pl.lit(declared.id),
            sheet=pl.lit(self.table.grid.sheet),
            population=pl.lit(declared.population),
            period_kind=pl.lit(declared.period_kind),
            identification=pl.lit(declared.identification),
        )
        codes = {c: (p.name if (p := place_named(c)) else c) for c in frame["place_code"].unique().to_list()}
        frame = frame.with_columns(
            circumstances=pl.col("circumstances").fill_null("{}"),
            place_name=pl.col("place_code").replace_strict(codes, return_dtype=pl.String),
        )
        return self._defined(self._classified(frame))

    def _classified(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The classification of the table's ethnic groups: declared, else inferred, then named."""
        code, mapping = self.declared.classification, "exact"
        groups = [c for c in frame["ethnicity"].unique().to_list() if c != "all"]
        if code is None and groups:
            code, mapping = best_classification("ethnicity", groups)
        return frame.with_columns(
            classification=pl.lit(code, dtype=pl.String),
            mapping=pl.lit(mapping if groups else None, dtype=pl.String),
        )

    def _defined(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Which counting rules were in force for each figure."""
        if "period_markers" not in frame.columns:
            frame = frame.with_columns(period_markers=pl.lit([], dtype=pl.List(pl.String)))
        twice = self._periods_shown_twice(frame)
        end = pl.col("period_end")
        ids: list[pl.Expr] = []
        for d in self.publication.definition:
            applies = pl.lit(True)
            if d.since is not None:
                on_the_day = (end == d.since) & (
                    pl.col("period_markers").list.contains(d.marked) if d.marked and d.since in twice else pl.lit(True)
                )
                applies = applies & ((end > d.since) | on_the_day)
            if d.until is not None:
                on_the_day = (end == d.until) & (
                    ~pl.col("period_markers").list.contains(d.unless_marked)
                    if d.unless_marked and d.until in twice
                    else pl.lit(d.unless_marked is None or d.until not in twice)
                )
                applies = applies & ((end < d.until) | on_the_day)
            if d.dimension in _NAMED:
                applies = applies & pl.col(d.dimension).is_in(d.categories)
            elif d.dimension is not None:
                value = pl.col("circumstances").str.json_path_match(f"$.{d.dimension}")
                applies = applies & value.is_in(d.categories)
            applies = applies.fill_null(False)
            ids.append(pl.when(applies).then(pl.lit(d.id)))
            if d.classification:
                frame = frame.with_columns(
                    classification=pl.when(applies).then(pl.lit(d.classification)).otherwise("classification")
                )
        definition = pl.concat_str(ids, separator="+", ignore_nulls=True) if ids else pl.lit("")
        return frame.with_columns(
            definition_id=pl.when(definition == "").then(pl.lit("as published")).otherwise(definition)
        ).drop("period_markers")

    @staticmethod
    def _periods_shown_twice(frame: pl.DataFrame) -> set[dt.date]:
        """Dates that stand in two columns of one table, told apart by a footnote mark."""
        pairs = frame.select("period_end", "period_label").unique().group_by("period_end").len()
        return set(pairs.filter(pl.col("len") > 1)["period_end"].to_list())

    def _report(self, placing: Placing, row: Any, column: Any, *, rows: bool) -> None:
        by_label: dict[tuple[str, str], list[int]] = {}
        for u in placing.unplaced:
            by_label.setdefault((u.label, u.why), []).append(u.index)
        for (label, why), indices in by_label.items():
            near = closest(label, [d for d in placing.dimensions if d != "period"]) if why == "unknown label" else []
            self.problems.append(
                Problem(
                    "labels_known",
                    "warning",
                    f"{label.strip()!r} in table {self.declared.id!r}: {why}; expected a word for "
                    f"{', '.join(placing.dimensions)}"
                    + (f" (nearest known: {'; '.join(near)})" if near else "")
                    + ". Its figures are refused, not guessed: add the spelling to the vocabulary.",
                    self.table.grid.sheet,
                    tuple(self.table.grid.address(row(i), column(i)) for i in indices),
                )
            )

    def _unknown(self, label: str, row: int, column: int) -> None:
        near = closest(label, [d for d in self.declared.columns if d != "period"])
        self.problems.append(
            Problem(
                "labels_known",
                "warning",
                f"column {label.strip()!r} in table {self.declared.id!r}: expected a word for "
                f"{', '.join(self.declared.columns)}" + (f" (nearest known: {'; '.join(near)})" if near else "")
                + ". Its figures are refused, not guessed: add the spelling to the vocabulary or the declaration.",
                self.table.grid.sheet,
                (self.table.grid.address(row, column),),
            )
        )  # fmt: skip


def _levels(declared: Declared, frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Which category is part of which, for every dimension the table separates."""
    rows = []
    for dimension in _NAMED:
        seen = [c for c in frame[dimension].unique(maintain_order=True).to_list() if c != "all"]
        rows += _nested(declared.id, dimension, seen)
    others: dict[str, Counter[str]] = {}
    for text in frame["circumstances"].unique(maintain_order=True).to_list():
        for dimension, category in json.loads(text).items():
            others.setdefault(dimension, Counter())[category] += 1
    for dimension, seen_others in others.items():
        rows += _nested(declared.id, dimension, list(seen_others))
    return rows


def _nested(table: str, dimension: str, seen: list[str]) -> list[dict[str, Any]]:
    from monitor.vocabulary import category as known

    rows = []
    for name in seen:
        if dimension == "age":
            parent, kind = containing(name, seen), "group"
            if parse_age(name, bare=True) is None:
                kind = "unknown"
        else:
            record = known(dimension, name)
            parent = record.parent if record and record.parent in seen else None
            kind = record.kind if record else "group"
        rows.append({"table_id": table, "dimension": dimension, "category": name, "parent": parent, "kind": kind})
    return rows


def containing(name: str, seen: list[str]) -> str | None:
    """The narrowest other age band that holds this one."""
    band = parse_age(name, bare=True)
    if band is None:
        return None
    wider = []
    for other in seen:
        outer = parse_age(other, bare=True)
        if other == name or outer is None:
            continue
        top = outer.high if outer.high is not None else 999
        mine = band.high if band.high is not None else 999
        if outer.low <= band.low and top >= mine:
            wider.append((top - outer.low, other))
    return min(wider)[1] if wider else None


__all__ = ["Problem", "Tidied", "containing", "missing_tables", "tidy"]
