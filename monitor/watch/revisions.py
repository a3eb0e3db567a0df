"""What is different between two editions of a publication, or two vintages of one: frames in, rows of `revision` out.

Figures are compared by what they claim and never by where they stand; that a series drops old periods is no loss.
"""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from monitor.store.schema import FIGURE_IDENTITY, frame_schema
from monitor.vocabulary import CHARACTERISTICS
from monitor.watch.register.held import tables_of
from monitor.watch.register.tracks import follow

CHANGES = (
    "vanished", "appeared", "revised", "redefined", "relabelled", "resuppressed", "renumbered", "footnotes",
)  # fmt: skip
"""Kinds of change, in the order in which they are told."""
WHAT = ("table", "breakdown", "category", "measure", "figure", "period", "definition", "label", "value", "note")
"""What a change is of."""

_NAMED = tuple(c.id for c in CHARACTERISTICS)
_RULES = ("unit", "population", "definition_id", "identification")
"""Parts of what a figure claims that say how it was counted: another of them is another definition."""
_SAME = 1e-9
"""Relative difference below which two values are one number, written or computed otherwise."""


@dataclass(frozen=True)
class Side:
    """One of the two things compared: what stands of an edition, as known at a moment.

    `tables` are rows of `surveyed_table`, `breakdowns`, `notes` and `figures` of the tables of those names. The hash
    that names a transcription's original is in `originals`, by the transcription's own. `figures_whole` and
    `tables_whole` say whether all of its files' figures, and all of their tables, are at hand and were understood;
    `unclear` names sheets with a characteristic that was not understood there.
    """

    edition: str
    seen_at: datetime
    published_on: date | None
    figures: pl.DataFrame
    tables: pl.DataFrame
    breakdowns: pl.DataFrame
    notes: pl.DataFrame
    originals: Mapping[str, str]
    figures_whole: bool = True
    tables_whole: bool = True
    unclear: frozenset[tuple[str, str]] = frozenset()


Row = dict[str, Any]


def compare(publication: str, before: Side, after: Side) -> pl.DataFrame:
    """Every difference from `before` to `after`, as rows of `revision` in the order in which they are told."""
    pairs, lost, come = _matched(before, after)
    rows: list[Row] = []
    if after.tables_whole:
        rows += [_table("vanished", t, before) for t in lost]
    if before.tables_whole:
        rows += [_table("appeared", t, after) for t in come]
    rows += _breakdowns(pairs, before, after)
    rows += _renumbered(pairs)
    rows = _told_once(rows, _figures(before, after))
    if before.figures_whole and after.figures_whole:
        rows += _footnotes(pairs, before.notes, after.notes)
    shared = {
        "publication": publication,
        "edition_before": before.edition,
        "edition_after": after.edition,
        "seen_before": before.seen_at,
        "seen_after": after.seen_at,
        "published_after": after.published_on,
    }
    schema = frame_schema("revision")
    told = [{**row, **shared, "message": _sentence(row)} for row in rows]
    frame = pl.DataFrame(told, schema=schema) if told else pl.DataFrame(schema=schema)
    return frame.sort(
        pl.col("change").cast(pl.Enum(CHANGES)),
        pl.col("what").cast(pl.Enum(WHAT)),
        "table", "measure", "characteristic", "category", "period", "cells_before", "cells_after",
        nulls_last=True, maintain_order=True,
    )  # fmt: skip


# --- tables and what they are broken down by -------------------------------------------------------------------------


def _matched(before: Side, after: Side) -> tuple[list[tuple[Row, Row]], list[Row], list[Row]]:
    """Tables of both sides that are one, as the register follows them; those only before, and only after."""
    sides = [
        tables_of(side.tables.sort("sheet", "position", "artefact_sha256"), side.breakdowns) for side in (before, after)
    ]
    left, right = ({_where(row): row for row in side.tables.to_dicts()} for side in (before, after))
    pairs, lost, come = [], [], []
    for track in follow(sides):
        was, now = (
            rows[t.sha256, t.sheet, t.position] | {"number": t.number, "words": t.name} if t else None
            for rows, t in zip((left, right), map(track.seen.get, (0, 1)), strict=True)
        )
        if was and now:
            pairs.append((was, now))
        elif was:
            lost.append(was)
        elif now:
            come.append(now)
    return pairs, lost, come


def _where(table: Row) -> tuple[str, str, int]:
    return table["artefact_sha256"], table["sheet"], table["position"]


def _table(change: str, table: Row, side: Side) -> Row:
    keys = ("artefact_sha256", "sheet", "position")
    split = side.breakdowns.filter(*(pl.col(key) == table[key] for key in keys))
    said = ", ".join(sorted(split["characteristic"].to_list()))
    cells = sorted({cell for cells in split["cells"].to_list() for cell in cells or []})
    return _row(change, "table", table["title"], **_stood(change, table["title"], table, cells), category=said or None)


def _stood(change: str, said: str, table: Row, cells: Sequence[str]) -> Row:
    end = "before" if change == "vanished" else "after"
    return {
        "was" if end == "before" else "now": said,
        f"sheet_{end}": table["sheet"],
        f"cells_{end}": list(cells),
        f"artefact_{end}": table["artefact_sha256"],
    }


def _breakdowns(pairs: Iterable[tuple[Row, Row]], before: Side, after: Side) -> list[Row]:
    """Characteristics and categories that a table lost or gained."""
    sides = [_by_table(before.breakdowns), _by_table(after.breakdowns)]
    rows: list[Row] = []
    for was, now in pairs:
        had, has = sides[0].get(_where(was), {}), sides[1].get(_where(now), {})
        for name in [*had, *(n for n in has if n not in had)]:
            rows += _one_breakdown(name, (was, had.get(name)), (now, has.get(name)), before, after)
    return rows


def _by_table(breakdowns: pl.DataFrame) -> dict[tuple[str, str, int], dict[str, Row]]:
    found: dict[tuple[str, str, int], dict[str, Row]] = {}
    for row in breakdowns.to_dicts():
        found.setdefault(_where(row), {})[row["characteristic"]] = row
    return found


def _one_breakdown(
    name: str, was: tuple[Row, Row | None], now: tuple[Row, Row | None], before: Side, after: Side
) -> list[Row]:
    sides = {"vanished": (was, now, after), "appeared": (now, was, before)}
    rows = []
    for change, ((table, mine), (there, other), opposite) in sides.items():
        if mine is None or not opposite.tables_whole or (there["sheet"], name) in opposite.unclear:
            continue
        cells, title = mine["cells"] or [], table["title"]
        if other is None:
            said = ", ".join(mine["categories"])
            rows.append(_row(change, "breakdown", title, characteristic=name, **_stood(change, said, table, cells)))
            continue
        for category in mine["categories"]:
            if category not in other["categories"]:
                stood = _stood(change, category, table, cells)
                rows.append(_row(change, "category", title, characteristic=name, category=category, **stood))
    return rows


def _renumbered(pairs: Iterable[tuple[Row, Row]]) -> list[Row]:
    """Tables of one title with another number or on another sheet, and tables with another title."""
    rows = []
    for was, now in pairs:
        place = {f"sheet_{end}": t["sheet"] for end, t in (("before", was), ("after", now))}
        place |= {"artefact_before": was["artefact_sha256"], "artefact_after": now["artefact_sha256"]}
        if (was["number"], was["sheet"]) != (now["number"], now["sheet"]):
            said = [t["number"] or t["sheet"] for t in (was, now)]
            if said[0] == said[1]:
                said = [was["sheet"], now["sheet"]]
            rows.append(_row("renumbered", "table", now["title"], was=said[0], now=said[1], **place))
        if was["words"] != now["words"]:
            rows.append(_row("relabelled", "table", now["title"], was=was["title"], now=now["title"], **place))
    return rows


def _told_once(surveyed: list[Row], counted: list[Row]) -> list[Row]:
    """Changes of tables and of figures, each cause once.

    A category that a table lost or gained is told in the table's words and with the cells of its figures; categories
    of a breakdown that is gone, or new, as a whole are not told one by one.
    """
    of_split = ("breakdown", "category")
    known = {
        (r["change"], _place(r), r["characteristic"], r.get("category")): r for r in surveyed if r["what"] in of_split
    }
    rows = list(surveyed)
    for row in counted:
        if row["change"] in ("vanished", "appeared") and row["what"] == "category":
            where = row["change"], _place(row), row["characteristic"]
            if other := known.get((*where, row["category"])):
                end = _end_of(row)
                other[f"cells_{end}"], other["measure"] = row[f"cells_{end}"], row["measure"]
                continue
            if (*where, None) in known:
                continue
        rows.append(row)
    return rows


def _end_of(row: Row) -> str:
    return "before" if row["change"] == "vanished" else "after"


def _place(row: Row) -> tuple[str | None, str | None]:
    return row.get(f"sheet_{_end_of(row)}"), row.get(f"artefact_{_end_of(row)}")


# --- figures ---------------------------------------------------------------------------------------------------------


def _figures(before: Side, after: Side) -> list[Row]:
    if before.figures.is_empty() or after.figures.is_empty():
        return []
    was, now = _once(before.figures), _once(after.figures)
    key = ["figure_id", "table_id"]
    both = was.join(now, on=key, suffix="_now")
    if before.originals:
        # because a transcription and the original it is of are one piece of evidence
        origin = pl.col("artefact_sha256").replace(before.originals)
        both = both.filter(origin != pl.col("artefact_sha256_now"))
    lost, come = was.join(now, on=key, how="anti"), now.join(was, on=key, how="anti")
    rows = _revised(both) + _resuppressed(both) + _relabelled(both)
    redefined, lost, come = _redefined(lost, come)
    rows += redefined
    if before.figures_whole and after.figures_whole:
        rows += _gone("vanished", lost, now) + _gone("appeared", come, was)
    return rows + _periods(come, was)


def _once(figures: pl.DataFrame) -> pl.DataFrame:
    """Each figure once a table: what is printed twice is compared once."""
    return figures.unique(["figure_id", "table_id"], keep="first", maintain_order=True)


def _ends(row: Row) -> Row:
    return {
        "sheet_before": row["sheet"], "cells_before": [row["cell"]], "artefact_before": row["artefact_sha256"],
        "sheet_after": row["sheet_now"], "cells_after": [row["cell_now"]], "artefact_after": row["artefact_sha256_now"],
    }  # fmt: skip


def _of(row: Row) -> Row:
    return {"measure": row["measure"], "period": row["period_label"], "category": described(row)}


def described(figure: Mapping[str, Any]) -> str:
    """The categories of a figure in words: `ethnicity Asian, sex female, outcome proved`; `all` for none."""
    said = [f"{name} {figure[name]}" for name in _NAMED if figure[name] not in (None, "all")]
    others = figure["circumstances"]
    if others and others != "{}":
        said += [f"{name} {value}" for name, value in re.findall(r'"([^"]+)": "([^"]+)"', others)]
    return ", ".join(said) or "all"


def _revised(both: pl.DataFrame) -> list[Row]:
    apart = (pl.col("value") - pl.col("value_now")).abs()
    size = pl.max_horizontal(pl.col("value").abs(), pl.col("value_now").abs())
    published = (pl.col("status") == "published") & (pl.col("status_now") == "published")
    changed = both.filter(published & (apart > _SAME * size))
    return [
        _of_value("revised", r, _plain(r["value"]), _plain(r["value_now"]), marked="revised" in (r["flags_now"] or []))
        for r in changed.iter_rows(named=True)
    ]


def _resuppressed(both: pl.DataFrame) -> list[Row]:
    """Figures hidden or shown otherwise; what is not published any more is not repeated, because he took it back."""
    changed = both.filter(pl.col("status") != pl.col("status_now"))
    is_shown = pl.col("status_now") == "published"
    changed = changed.with_columns(pl.when(is_shown).then(n).alias(n) for n in ("value", "value_now"))
    return [
        _of_value("resuppressed", r, _said(r["status"], r["value"]), _said(r["status_now"], r["value_now"]))
        for r in changed.iter_rows(named=True)
    ]


def _of_value(change: str, r: Row, was: str, now: str, **more: Any) -> Row:
    values = {"figure_id": r["figure_id"], "value_before": r["value"], "value_after": r["value_now"]}
    return _row(change, "value", r["table_id"], was=was, now=now, **values, **_of(r), **_ends(r), **more)


def _said(status: str, value: float | None) -> str:
    if status == "published":
        return "a number shown" if value is None else _plain(value)
    return status.replace("_", " ")


def _relabelled(both: pl.DataFrame) -> list[Row]:
    """Categories of which the publisher's words are others, once a table and category."""
    rows: list[Row] = []
    for name in _NAMED:
        changed = both.filter(pl.col(f"{name}_label") != pl.col(f"{name}_label_now"), pl.col(name) != "all")
        changed = changed.filter(_words(f"{name}_label") != _words(f"{name}_label_now"))
        for part in changed.partition_by("table_id", name, f"{name}_label", f"{name}_label_now", maintain_order=True):
            r = part.row(0, named=True)
            ends = {**_ends(r), "cells_before": part["cell"].to_list(), "cells_after": part["cell_now"].to_list()}
            said = {"was": r[f"{name}_label"], "now": r[f"{name}_label_now"]}
            rows.append(
                _row("relabelled", "label", r["table_id"], characteristic=name, category=r[name], **said, **ends)
            )
    return rows


def _words(column: str) -> pl.Expr:
    """A label's letters: what is left when capitals, spaces, marks and footnote numbers are not looked at."""
    return pl.col(column).str.to_lowercase().str.replace_all(r"[^a-z]+", "")


def _redefined(lost: pl.DataFrame, come: pl.DataFrame) -> tuple[list[Row], pl.DataFrame, pl.DataFrame]:
    """Figures that differ only in how they are counted, once a table and change of rule; and what is left."""
    claim = ["table_id", *(c for c in FIGURE_IDENTITY if c not in _RULES)]
    both = lost.join(come, on=claim, suffix="_now", nulls_equal=True)
    rows: list[Row] = []
    for part in both.partition_by("table_id", *_RULES, *(f"{r}_now" for r in _RULES), maintain_order=True):
        r = part.row(0, named=True)
        rules = [rule for rule in _RULES if r[rule] != r[f"{rule}_now"]]
        ends = {**_ends(r), "cells_before": part["cell"].to_list(), "cells_after": part["cell_now"].to_list()}
        was, now = ("; ".join(str(r[f"{rule}{end}"]) for rule in rules) for end in ("", "_now"))
        rows.append(_row("redefined", "definition", r["table_id"], measure=r["measure"], was=was, now=now, **ends))
    found = both.select("figure_id", "figure_id_now", "table_id")
    return (
        rows,
        lost.join(found, on=["figure_id", "table_id"], how="anti"),
        come.join(found, left_on=["figure_id", "table_id"], right_on=["figure_id_now", "table_id"], how="anti"),
    )


def _gone(change: str, figures: pl.DataFrame, other: pl.DataFrame) -> list[Row]:
    """Figures of one side without their like on the other, by the widest cause: a measure, a category, a figure.

    Only tables that both sides print; only periods that the other side prints, so that no series is cut or grown.
    """
    rows: list[Row] = []
    for table in figures["table_id"].unique(maintain_order=True):
        mine, theirs = figures.filter(pl.col("table_id") == table), other.filter(pl.col("table_id") == table)
        if theirs.is_empty():
            continue
        periods = theirs.select("period_start", "period_end").unique()
        unlike = mine.filter(~pl.col("measure").is_in(theirs["measure"].unique().to_list()))
        for part in unlike.partition_by("measure", maintain_order=True):
            rows.append(_cells_gone(change, "measure", table, part, measure=part["measure"][0]))
        mine = mine.join(unlike, on="figure_id", how="anti").join(
            periods, on=["period_start", "period_end"], how="semi", nulls_equal=True
        )
        for name in (*_NAMED, "circumstances") if mine.height else ():
            unlike = mine.filter(~pl.col(name).is_in(theirs[name].unique().to_list()))
            for part in unlike.partition_by(name, maintain_order=True):
                words = described({**dict.fromkeys(_NAMED), "circumstances": "{}", name: part[name][0]})
                where = {"characteristic": name, "category": words.removeprefix(f"{name} ")}
                rows.append(_cells_gone(change, "category", table, part, measure=part["measure"][0], **where))
            mine = mine.join(unlike, on="figure_id", how="anti")
        for part in mine.partition_by(*_NAMED, "circumstances", "measure", maintain_order=True):
            r = part.row(0, named=True)
            said = _of(r) | {"period": ", ".join(dict.fromkeys(part["period_label"].drop_nulls()))}
            figure = part["figure_id"][0] if part.height == 1 else None
            rows.append(_cells_gone(change, "figure", table, part, figure_id=figure, **said))
    return rows


def _cells_gone(change: str, what: str, table: str, figures: pl.DataFrame, **said: Any) -> Row:
    last = figures.sort("period_end", nulls_last=False).row(-1, named=True)
    place = {"title": table, "sheet": last["sheet"], "artefact_sha256": last["artefact_sha256"]}
    words = said.get("category") or said.get("measure") or ""
    return _row(change, what, table, **_stood(change, words, place, figures["cell"].to_list()), **said)


def _periods(come: pl.DataFrame, was: pl.DataFrame) -> list[Row]:
    """Periods that are new in a table, one row a table: to where it went on."""
    rows = []
    known = was.select("table_id", "period_start", "period_end").unique()
    new = come.join(known, on=["table_id", "period_start", "period_end"], how="anti", nulls_equal=True)
    new = new.join(known, on="table_id", how="semi").sort("table_id", "period_end", maintain_order=True)
    for part in new.partition_by("table_id", maintain_order=True):
        last = part.row(-1, named=True)
        before = was.filter(pl.col("table_id") == last["table_id"]).sort("period_end").row(-1, named=True)
        labels = list(dict.fromkeys(part["period_label"].drop_nulls()))
        said = {"measure": last["measure"], "period": ", ".join(labels)}
        said |= {"was": before["period_label"], "now": last["period_label"]}
        place = {"sheet_after": last["sheet"], "artefact_after": last["artefact_sha256"]}
        rows.append(_row("appeared", "period", last["table_id"], **said, **place))
    return rows


# --- footnotes -------------------------------------------------------------------------------------------------------


def _footnotes(pairs: Iterable[tuple[Row, Row]], before: pl.DataFrame, after: pl.DataFrame) -> list[Row]:
    """Notes of sheets that both sides have, which came, went or read otherwise."""
    sheets = dict.fromkeys((was["sheet"], now["sheet"]) for was, now in pairs)
    rows = []
    for left, right in sheets:
        old, new = _noted(before, left), _noted(after, right)
        gone = [note for text, note in old.items() if text not in new]
        come = [note for text, note in new.items() if text not in old]
        for note in list(gone):
            near = difflib.get_close_matches(note["text"], [n["text"] for n in come], n=1, cutoff=0.6)
            other = next((n for n in come if near and n["text"] == near[0]), None)
            if other is not None:
                gone.remove(note)
                come.remove(other)
                rows.append(_note(note, other))
        rows += [*(_note(note, None) for note in gone), *(_note(None, note) for note in come)]
    return rows


def _noted(notes: pl.DataFrame, sheet: str) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row in notes.filter(pl.col("sheet") == sheet).to_dicts():
        found.setdefault(" ".join(row["text"].split()), row)
    return found


def _note(was: Row | None, now: Row | None) -> Row:
    ends: Row = {}
    for end, note in (("before", was), ("after", now)):
        if note is not None:
            ends[f"sheet_{end}"], ends[f"cells_{end}"] = note["sheet"], [note["cell"]]
            ends[f"artefact_{end}"] = note["artefact_sha256"]
    said = {"was": was["text"] if was else None, "now": now["text"] if now else None}
    return _row("footnotes", "note", (now or was or {})["sheet"], **said, **ends)


# --- rows and sentences ----------------------------------------------------------------------------------------------


def _row(change: str, what: str, table: str | None, **said: Any) -> Row:
    return {"change": change, "what": what, "table": table, **said}


def _plain(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.6g}"


def _sentence(row: Row) -> str:
    """A change in one sentence, with the cells where it can be checked."""
    change, what, table = row["change"], row["what"], row["table"]
    end = _end_of(row)
    where = _cells(row.get(f"sheet_{end}"), row.get(f"cells_{end}"))
    stood = f" It last stood in {where}." if change == "vanished" and where else ""
    if what == "table" and change in ("vanished", "appeared"):
        by = f", broken down by {row['category']}" if row.get("category") else ""
        return f"Table {table!r}{by}, {'is not there any more' if change == 'vanished' else 'is new'}.{stood}"
    if what == "breakdown":
        verb = "is no longer broken down" if change == "vanished" else "is now broken down"
        return f"{table!r} {verb} by {row['characteristic']} ({row.get('was') or row.get('now')}).{stood}"
    if change in ("vanished", "appeared") and what in ("category", "measure", "figure"):
        period = f", {row['period']}," if row.get("period") else ""
        verb = "is not there any more" if change == "vanished" else "is new"
        return f"{what.capitalize()} {row.get('category') or row.get('measure')!r}{period} of {table!r} {verb}.{stood}"
    if what == "period":
        return f"{table!r} now goes on to {row['now']} (before: {row['was']})."
    moved = f"{row.get('was')} to {row.get('now')}"
    if change == "revised":
        said = "marked as revised by the publisher" if row["marked"] else "not marked as revised by the publisher"
        return f"{row['category']}, {row['period']} of {table!r}: revised from {moved}, {said} ({where})."
    if change == "resuppressed":
        return f"{row['category']}, {row['period']} of {table!r}: from {moved} ({where})."
    if change == "redefined":
        return f"{table!r} counts otherwise: from {moved}. A break in series, not a revision ({where})."
    if change == "relabelled" and what == "label":
        return f"{row['category']} of {table!r} has another label: from {row['was']!r} to {row['now']!r} ({where})."
    if change == "relabelled":
        return f"A table has another title: from {row['was']!r} to {row['now']!r}."
    if change == "renumbered":
        return f"Table {table!r} has another number: from {moved}."
    if row.get("was") is None:
        return f"A new note in {where}: {row['now']}"
    if row.get("now") is None:
        gone = _cells(row.get("sheet_before"), row.get("cells_before"))
        return f"A note is gone that stood in {gone}: {row['was']}"
    return f"A note reads otherwise in {where}: {row['now']} (before: {row['was']})"


def _cells(sheet: str | None, cells: Sequence[str] | None, most: int = 6) -> str:
    if not cells:
        return f"sheet {sheet}" if sheet else ""
    more = f" and {len(cells) - most} more" if len(cells) > most else ""
    return f"{sheet}!{', '.join(cells[:most])}{more}"
