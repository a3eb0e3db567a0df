"""The cited table: disparities of one measure by one characteristic, with everything needed to quote them."""

import datetime as dt
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl

from dashboards import sentences as say
from monitor.declarations import Baseline, Measure, baselines, sources
from monitor.statistics.verdict import LOW
from monitor.store import reads
from monitor.vocabulary import ordered
from pipelines.deriving import SYSTEM, within_of
from pipelines.reading.grid import address, position

NOT_APPLICABLE = "–"
COMMAND = "justice-monitor table"
BY_CENSUS, FROM_UNKNOWN, SMALL = "By census", "Bounds from unknown", "[low]"
_MARKS = {"provisional": "[p]", "revised": "[r]", "estimated": "[e]"}
_MARKS_MEAN = {"[p]": "Provisional", "[r]": "Revised", "[e]": "Estimated"}
IDS_SHOWN = 12
"""Figure ids listed for one number; a sum over more is told by its cells."""

Kind = Literal["count", "percent", "rate", "ratio", "p_value", "text"]


class CitationMissing(ValueError):
    """A table that could not be cited: says what is missing, and what to do."""


@dataclass(frozen=True)
class Column:
    """A column: `key` for programs, `header` for readers. Two columns of one `span` are the limits of a range."""

    key: str
    header: str
    kind: Kind
    unit: str = ""
    span: str = ""


@dataclass(frozen=True)
class Cell:
    """A number as shown and as held (`percent` is a fraction), and the ids of the figures it is or is made of."""

    text: str
    value: float | None = None
    figures: tuple[str, ...] = ()
    calculated: bool = False


@dataclass(frozen=True)
class Row:
    """One group: its name, the publisher's own words, its level and how deep it stands under its parent."""

    name: str
    label: str
    level: str
    depth: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class CitedTable:
    """A table that can be quoted. `columns` describe `Row.cells`; the group's name stands before them.

    `places` says of each figure id where it was published: (file, sheet, cell). `made_with` is the command
    that makes the table again, which is also what `verify` reads. Raises `CitationMissing`.
    """

    title: str
    number: int
    group_header: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    unknown_sentence: str
    baseline_sentence: str
    fit: str
    interval_sentence: str
    notes: tuple[str, ...]
    caution: str
    sources: tuple[str, ...]
    licence: str
    calculated_by: str
    accessed: dt.date
    made_with: str
    summary: str
    places: Mapping[str, tuple[str, str, str]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        compared = any(c.kind == "ratio" for c in self.columns)
        needed = {
            "a baseline sentence": self.baseline_sentence,
            "a source": self.sources,
            "the unknown share": self.unknown_sentence,
            "a licence": self.licence,
            "the method of its intervals": self.interval_sentence or not compared,
            "a row": self.rows,
        }
        missing = [name for name, held in needed.items() if not held]
        if missing:
            raise CitationMissing(
                f"{self.title}: a cited table needs {', '.join(needed)}; missing here: {', '.join(missing)}. "
                "Run the pass again so that the store holds the figures and files it rests on."
            )

    @property
    def said(self) -> tuple[str, ...]:
        """Every line that stands under the table, in order."""
        lines = [self.unknown_sentence, f"Baseline: {self.baseline_sentence}", self.fit, self.interval_sentence]
        lines += [*self.notes, self.caution, *self.sources, self.calculated_by, self.licence]
        lines.append(f"To make this table again: {self.made_with}")
        return tuple(line for line in lines if line)

    def came_from(self, cell: Cell) -> str:
        """Where a number was published: file, sheet and cells, or that it was calculated; empty for words."""
        if cell.figures:
            return _where([self.places[f] for f in cell.figures if f in self.places], with_file=True)
        return "calculated" if cell.calculated else ""

    def ids(self, cell: Cell) -> str:
        """The figure ids of a number, or how many there are when they are too many to list."""
        if len(cell.figures) > IDS_SHOWN:
            return f"{len(cell.figures):,} figures"
        return " ".join(cell.figures)


# --- where figures stood --------------------------------------------------------------------------------------------

_SUM = re.compile(r"sum of ([\d,]+) rows\Z")
_ADDRESS = re.compile(r"[A-Z]{1,3}\d+\Z")


def runs(cells: Iterable[str]) -> str:
    """Addresses in words, neighbours as a range or a block: `B3 to B7, D9 to F12, H2`."""
    named = list(dict.fromkeys(cells))
    left = {position(cell)[::-1] for cell in named if _ADDRESS.match(cell)}
    others = [cell for cell in named if not _ADDRESS.match(cell)]
    said = []
    while left:
        column, row = min(left)
        down, across = row, column
        while (column, down + 1) in left:
            down += 1
        while all((across + 1, r) in left for r in range(row, down + 1)):
            across += 1
        left -= {(c, r) for c in range(column, across + 1) for r in range(row, down + 1)}
        first, last = address(row, column), address(down, across)
        said.append(first if first == last else f"{first} to {last}")
    return ", ".join(said + others)


def _where(places: Iterable[tuple[str, str, str]], *, with_file: bool = False, at_most: int = 40) -> str:
    by_sheet: dict[tuple[str, str], list[str]] = {}
    for file, sheet, cell in places:
        by_sheet.setdefault((file, sheet), []).append(cell)
    parts = []
    for (file, sheet), cells in by_sheet.items():
        spans, n = runs(cells), len(set(cells))
        sums = [int(m[1].replace(",", "")) for cell in cells if (m := _SUM.match(cell))]
        if len(sums) == len(cells) > 1:
            spans = f"sum of {sum(sums):,} rows"
        elif spans.count(",") >= at_most:
            spans = f"{n:,} cells"
        elif not spans.startswith("sum"):
            spans = f"{'cell' if n == 1 else 'cells'} {spans}"
        named = f"sheet {sheet}, {spans}" if sheet != file else spans
        parts.append(f"{file}, {named}" if with_file else named)
    return "; ".join(parts)


# --- making ---------------------------------------------------------------------------------------------------------


def make(store: reads.Queries, disparities: pl.DataFrame, measure: Measure, *, caption: str = "") -> CitedTable:
    """A cited table of one measure, characteristic, baseline, sex and period. Raises `CitationMissing`."""
    frame, system_note = _one_slice(disparities, measure)
    first = frame.row(0, named=True)
    baseline = baselines().get(first["baseline"])
    compared = baseline is not None and frame["ratio"].null_count() < frame.height
    with_rates = baseline is not None and frame["denominator"].null_count() < frame.height
    total = next((r["count"] for r in frame.iter_rows(named=True) if r["category"] == "all"), None)
    if total is None:
        total = float(frame.filter(pl.col("level").is_in(["groups", "unknown"]))["count"].sum())
    unknown = ""
    if first["unknown_count"] is not None and first["unknown_share"] is not None:
        unknown = say.unknown(first["characteristic"], first["unknown_count"], total, measure.counts)
    method = next(iter(frame["interval_method"].drop_nulls()), None)
    return assembled(
        store,
        frame,
        measure,
        _columns(measure, frame, with_rates=with_rates, compared=compared),
        title=caption or _caption(measure, first, compared),
        unknown=unknown,
        intervals=f"Intervals: 95%, {method}, for each ratio." if method else "",
        caution=measure.caution,
        more=_adjustments(frame),
        system=system_note,
    )


def assembled(
    store: reads.Queries,
    frame: pl.DataFrame,
    measure: Measure,
    columns: tuple[Column, ...],
    *,
    title: str,
    unknown: str,
    intervals: str,
    caution: str,
    more: Sequence[str] = (),
    system: str = "",
    asked: Sequence[str] = (),
) -> CitedTable:
    """A cited table of the rows of `frame` in `columns`, with the files that its numbers stand in.

    Rows are in no order yet; `more` are further notes and `asked` further words of the command that makes it again.
    Raises `CitationMissing`.
    """
    first = frame.row(0, named=True)
    characteristic, baseline = first["characteristic"], baselines().get(first["baseline"])
    order = _in_order(characteristic, frame["category"].to_list(), frame["level"].to_list())
    rank = {n: i for i, n in enumerate(order)}
    frame = frame.sort(pl.col("category").replace_strict(rank, return_dtype=pl.Int64))
    ids = {f for c in _FROM.values() for f in frame[c].explode().drop_nulls()}
    reasons: dict[str, str] = {}
    rows = _rows(frame, columns, reasons)
    figures = observations(store, ids, _tables(measure, characteristic, baseline))
    used, places = _used(frame, figures, reads.artefacts(store))
    options = {"by": characteristic} | {name: first[name] for name in ("baseline", "reference", "period", "sex")}
    words = [w for name, said in options.items() if said for w in (f"--{name}", said)]
    words += [w for c, name in within_of(first["held"]) for w in ("--within", f"{c}={name}")]
    accessed = max((u["artefact"]["seen_at"] for u in used), default=None)
    names = ", ".join(r.name for r in rows[:8]) + (" and others" if len(rows) > 8 else "")
    fit = say.clean(first["fit"] or "")
    return CitedTable(
        title=say.clean(title),
        number=1,
        group_header=say.title_of(characteristic),
        columns=columns,
        rows=rows,
        baseline_sentence=baseline.sentence if baseline else fit or say.no_baseline(characteristic),
        fit=f"How it fits: {fit}" if baseline and fit else "",
        unknown_sentence=unknown,
        interval_sentence=intervals,
        notes=_notes(rows, columns, reasons, used, system, more),
        caution=caution,
        sources=tuple(_citations(used, grown=_is_grown(frame))),
        licence=say.licence(u["artefact"]["licence"] for u in used),
        calculated_by=say.calculated_by(),
        accessed=accessed.date() if accessed else dt.date.min,
        made_with=f"{COMMAND} {shlex.join([measure.id, *words, *asked])}",
        summary=f"Table of {len(rows)} rows and {len(columns) + 1} columns. Rows: {names}. "
        f"Columns: {', '.join(c.header for c in columns)}.",
        places=places,
    )


def _tables(measure: Measure, characteristic: str, baseline: Baseline | None) -> list[str]:
    """The tables that a measure and its population speak from, the first named first; of grown people both ends'.

    Those of its strata come last.
    """
    ends = (baselines()[name] for name in baseline.between) if baseline and baseline.between else (baseline,)
    tables = [t for of in (measure, *ends) if of for t in of.table.get(characteristic, ())]
    strata = (of for s in measure.strata for of in (s, s.exposure) if of)
    return [*tables, *(of.table[characteristic] for of in strata if characteristic in of.table)]


def observations(store: reads.Queries, ids: Iterable[str], tables: Sequence[str] = ()) -> pl.DataFrame:
    """Usable observations of the figures named: `figure_id, artefact_sha256, sheet, cell, flags, value, unit`.

    Those of `tables` come before others, of several editions that print the same figure the latest, and of several
    `tables` the first named: it is the one that counts, and is cited.
    """
    wanted = sorted(set(ids))
    return store.frame(
        f"select figure_id, artefact_sha256, sheet, cell, flags, value, unit from ({reads.STANDING}) "
        "where figure_id in (select unnest(?::varchar[])) "
        "order by figure_id, list_contains(?::varchar[], table_id) desc, published_on desc nulls last, "
        "edition_id desc, coalesce(list_position(?::varchar[], table_id), 1000), artefact_sha256, sheet, cell",
        [wanted, list(tables), list(tables)],
    )


def _one_slice(frame: pl.DataFrame, measure: Measure) -> tuple[pl.DataFrame, str]:
    """The rows of one table; of two counting systems at one date, the later."""
    names = ("measure", "characteristic", "baseline", "sex", "within", "period", "place", "reference")
    of_one_table(frame, names, measure)
    note = ""
    frame = frame.with_columns(SYSTEM)
    systems = frame["system"].unique(maintain_order=True).to_list()
    if len(systems) > 1:
        publication = sources().get(measure.publication)
        since = {d.id: d.since for d in publication.definition} if publication else {}
        systems.sort(key=lambda s: (since.get(s) or dt.date.min, s or ""))
        frame = frame.filter(pl.col("system") == systems[-1])
        note = (
            f"Published by {len(systems)} counting systems for this date; this table is from "
            f"{systems[-1]}, not {', '.join(map(str, systems[:-1]))}."
        )
    return frame.with_columns(held="within"), note


def of_one_table(frame: pl.DataFrame, names: Iterable[str], measure: Measure) -> None:
    """Raises `CitationMissing` for no rows, and for rows that differ in one of `names`."""
    if frame.is_empty():
        raise CitationMissing(f"{measure.id}: no rows to make a table of; ask for a period and group that exist.")
    for name in names:
        held = frame[name].unique(maintain_order=True).to_list()
        if len(held) > 1:
            raise CitationMissing(
                f"{measure.id}: a cited table shows one {name}; found {len(held)}: "
                f"{', '.join(map(str, held[:6]))}. Ask for one with --{'by' if name == 'characteristic' else name}."
            )


def _in_order(characteristic: str, names: list[str], levels: list[str]) -> list[str]:
    """Everyone first, groups with their members under them, unknown last."""
    level = dict(zip(names, levels, strict=True))
    known = [n for n in ordered(characteristic, names) if level[n] != "unknown"]
    return known + [n for n in ordered(characteristic, names) if level[n] == "unknown"]


def _columns(measure: Measure, frame: pl.DataFrame, *, with_rates: bool, compared: bool) -> tuple[Column, ...]:
    first = frame.row(0, named=True)
    number = "Number of people" if measure.counts == "people" else "Number"
    columns = [
        Column("count", number, "count", measure.counts),
        Column("share", "Share of those known", "percent", "%"),
    ]
    if with_rates:
        per = f"per {first['per']:,.0f}"
        whole = baselines()[first["baseline"]].noun
        columns.append(Column("denominator", whole.capitalize(), "count", "people"))
        columns.append(Column("rate", f"Rate {per} {whole}", "rate", per))
    if compared:
        columns.append(Column("ratio", f"Ratio to {label_of(first['characteristic'], first['reference'])}", "ratio"))
        columns += span("ratio", "95% interval")
    columns.append(Column("finding", "Finding" if compared else "Note", "text"))
    if compared:
        columns += span("bound", FROM_UNKNOWN)
        columns += span("census", BY_CENSUS) if _holds(frame, "census_low") else []
    if _holds(frame, "adjusted_ratio"):
        whom = label_of(first["characteristic"], frame["adjusted_reference"].drop_nulls()[0])
        whom = "everyone" if whom == "all" else whom
        columns.append(Column("adjusted_crude", f"Ratio to {whom}, as counted", "ratio"))
        columns.append(Column("adjusted_ratio", f"Ratio to {whom}, at equal ages", "ratio"))
    return tuple(columns)


def span(key: str, words: str) -> list[Column]:
    """The two columns of the limits of a range."""
    return [Column(f"{key}_{end}", f"{words}: {which}", "ratio", span=words) for end, which in _ENDS]


_ENDS = (("low", "lower"), ("high", "upper"))


def _holds(frame: pl.DataFrame, column: str) -> bool:
    return frame[column].null_count() < frame.height


_FORMAT = {
    "count": say.count, "percent": say.percent, "rate": say.rate, "ratio": say.ratio, "p_value": say.p_value,
}  # fmt: skip
_FROM = {"count": "numerator_figures", "denominator": "denominator_figures"}


def _rows(frame: pl.DataFrame, columns: tuple[Column, ...], reasons: dict[str, str]) -> tuple[Row, ...]:
    rows = []
    for row in frame.iter_rows(named=True):
        mark = ""
        if row["status"] != "shown" and row["reason"]:
            mark = reasons.setdefault(row["reason"], f"[x{len(reasons) + 1}]")
        marks = " ".join(m for flag, m in _MARKS.items() if flag in (row["flags"] or []))
        cells = tuple(_cell(row, column, mark, marks) for column in columns)
        depth = 1 if row["level"] == "detail" else 0
        rows.append(Row(_name(row), say.label(row["label"] or row["category"]), row["level"], depth, cells))
    return tuple(rows)


def _cell(row: Mapping[str, Any], column: Column, mark: str, marks: str) -> Cell:
    if column.key == "finding":
        return Cell(_finding(row, mark, marks))
    value = row[column.key]
    if value is None:
        needed = column.key != "share" and row["level"] in ("groups", "detail")
        return Cell(mark if mark and needed else NOT_APPLICABLE)
    text = _FORMAT[column.kind](value)
    if column.key == "count" and marks and not text.endswith(marks):
        text = f"{text} {marks}"
    ids = tuple(row[_FROM[column.key]]) if column.key in _FROM else ()
    return Cell(text, float(value), ids, calculated=column.key not in _FROM)


def _name(row: Mapping[str, Any]) -> str:
    if row["category"] == "all":
        return "All, including unknown" if row["unknown_count"] else "All"
    return label_of(row["characteristic"], row["category"])


def label_of(characteristic: str, name: str) -> str:
    """A group's name as a label: the vocabulary's own with a capital, any other as it is, made safe."""
    text = say.label(name)
    return text[:1].upper() + text[1:] if name != "all" and say.known(characteristic, name) else text


def _finding(row: Mapping[str, Any], mark: str, marks: str) -> str:
    if row["level"] == "unknown":
        said = f"counted, not in {'shares' if 'share' in row else 'ratios'}"
    elif row["status"] != "shown":
        withheld = row["status"] == "withheld" and row["baseline"] is not None
        said = f"{'comparison withheld' if withheld else 'not compared'} {mark}".strip()
    elif row["category"] == row["reference"]:
        said = "reference group"
    else:
        said = f"{say.direction(row)}{f' {SMALL}' if row['reliability'] == LOW else ''}"
    return " ".join(p for p in (said, marks) if p) or NOT_APPLICABLE


def _used(
    frame: pl.DataFrame, figures: pl.DataFrame, artefacts: pl.DataFrame
) -> tuple[list[dict[str, Any]], dict[str, tuple[str, str, str]]]:
    """Files used, numerators' first, each with the figures it gave; and where every figure stood."""
    # because of several, the first is the one that counts
    by_hash = {a["sha256"]: a for a in artefacts.reverse().iter_rows(named=True)}
    seen = {figure["figure_id"]: figure for figure in figures.reverse().iter_rows(named=True)}
    used: dict[tuple[str, str], dict[str, Any]] = {}
    places: dict[str, tuple[str, str, str]] = {}
    for role, column in (("Source", "numerator_figures"), ("Population", "denominator_figures")):
        for figure_id in frame[column].explode().drop_nulls().unique(maintain_order=True):
            figure = seen.get(figure_id)
            artefact = by_hash.get(figure["artefact_sha256"]) if figure else None
            if figure is None or artefact is None:
                found = "its cell and file are not among those given. Run `justice-monitor rebuild` and try again."
                raise CitationMissing(f"figure {figure_id} ({role.lower()}): {found}")
            entry: dict[str, Any] = {"role": role, "artefact": artefact, "places": [], "flags": set()}
            entry = used.setdefault((role, artefact["sha256"]), entry)
            place = (artefact["name"], figure["sheet"], figure["cell"])
            entry["places"].append(place)
            entry["flags"] |= set(figure["flags"] or [])
            places[figure_id] = place
    return list(used.values()), places


def _is_grown(frame: pl.DataFrame) -> bool:
    """Whether the people compared with lie between two censuses, and are no sum of what either counted."""
    by_census = frame.filter(pl.col("census_low") != pl.col("census_high"))  # because on the day itself they are one
    return not by_census.is_empty() and not _holds(frame, "ratio_extrapolated")


def _citations(used: list[dict[str, Any]], *, grown: bool) -> Iterable[str]:
    declared = sources()
    for entry in used:
        publication = declared.get(entry["artefact"]["publication"])
        designation, where = publication.designation if publication else "", _where(entry["places"], at_most=12)
        said = {"derived": "derived" in entry["flags"], "grown": grown and entry["role"] == "Population"}
        yield say.citation(entry["artefact"], designation=designation, where=where, what=entry["role"], **said)


def _notes(
    rows: Sequence[Row],
    columns: Sequence[Column],
    reasons: dict[str, str],
    used: list[dict[str, Any]],
    system: str,
    more: Sequence[str],
) -> tuple[str, ...]:
    notes = [f"{mark} {say.clean(reason).rstrip('.')}." for reason, mark in reasons.items()]
    texts = [c.text for r in rows for c in r.cells]
    if NOT_APPLICABLE in texts:
        notes.append(f"{NOT_APPLICABLE} Does not apply: a total, the reference group or unknown.")
    notes += [f"{m} {words}." for m, words in _MARKS_MEAN.items() if any(m in t for t in texts)]
    if any(SMALL in t for t in texts):
        notes.append(f"{SMALL} {say.SMALL_NUMBERS}.")
    if any(c.span == FROM_UNKNOWN for c in columns):
        reach = "the lowest and highest the ratio can be, whichever groups those of unknown category belong to"
        notes.append(f"{FROM_UNKNOWN}: {reach}.")
    if any(c.span == BY_CENSUS for c in columns):
        notes.append(f"{BY_CENSUS}: {say.BY_CENSUS}")
    notes += more
    if any(r.depth for r in rows):
        notes.append("Groups that are set in are part of the group above them.")
    if system:
        notes.append(system)
    if any(u["artefact"]["kind"] == "transcription" for u in used):
        again = "the command justice-monitor verify checks every one again"
        notes.append(f"Figures were transcribed from the files named; {again}.")
    return tuple(notes)


def _adjustments(frame: pl.DataFrame) -> list[str]:
    """How the ratios at equal ages were made, each way once."""
    return list(dict.fromkeys(say.clean(text) for text in frame["adjustment"].drop_nulls()))


def _caption(measure: Measure, first: Mapping[str, Any], compared: bool) -> str:
    sex = {"female": " (women)", "male": " (men)"}.get(first["sex"], "")
    when = say.period(first["period"], first["period_start"], first["period_end"])
    when = when.removeprefix("on ").removeprefix("in ")
    shown = "numbers, rates and ratios" if compared else "numbers and shares"
    by = say.title_of(first["characteristic"]).lower()
    within = "".join(f", {say.title_of(c).lower()} {say.label(name)}" for c, name in within_of(first["within"]))
    return f"{measure.title}{sex} by {by}{within}, {first['place']}, {when}: {shown}"
