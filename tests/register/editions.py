"""A publisher's editions as rows of sheets, surveyed as a pass surveys files, and the register that comes of them.

Nothing is written and nothing is judged: the survey of made sheets is the survey of the same sheets in a workbook
(`tests/survey` holds the one to the other), so a story of ten editions takes a moment.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from monitor.declarations import Commitment, Publication
from monitor.store.schema import frame_schema
from monitor.watch.register import Look, Register, register
from pipelines.editions import supersessions
from pipelines.reading.grid import Cell, Grid
from pipelines.survey import frames, survey

Rows = Sequence[Sequence[Any]]

FIVE = ("Asian", "Black", "Mixed", "White", "Other ethnic group")
BINARY = ("White", "All other ethnic groups combined")
SEXES = ("Male", "Female")


def cell(value: Any) -> Cell:
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def table(title: str, of: str, groups: Sequence[str], period: str, *, unknown: Any = 10, each: Any = 100) -> Rows:
    """One titled table: groups down, one period across. `each` may be a list of values, one a group."""
    values = each if isinstance(each, list) else [each + n for n in range(len(groups))]
    rows = [[title], [], [of, period], *([g, v] for g, v in zip(groups, values, strict=True))]
    return [*rows, *([["Not stated", unknown]] if unknown is not None else []), ["Total", 1000]]


def by_ethnicity(period: str, groups: Sequence[str] = FIVE, *, number: str = "1.4", **more: Any) -> Rows:
    """People in custody by ethnic group."""
    return table(f"Table {number}: People in custody by ethnic group, {period}", "Ethnic group", groups, period, **more)


def by_sex(period: str, *, number: str = "1.1", **more: Any) -> Rows:
    """People in custody by sex."""
    title = f"Table {number}: People in custody by sex, {period}"
    return table(title, "Sex", SEXES, period, **{"unknown": None, **more})


@dataclass(frozen=True)
class Made:
    """One file of an edition: its sheets by name, when it was published and seen."""

    edition: str
    sheets: Mapping[str, Rows]
    published: str | None = None
    name: str = "custody.xlsx"
    seen: str = "2030-01-01"
    publication: str = "custody"
    kind: str = "original"
    more: Mapping[str, Any] = field(default_factory=dict)


def series(**said: Any) -> Publication:
    """A declared publication."""
    known = {"id": "custody", "title": "Custody statistics", "publisher": "Office for Made-up Statistics"}
    return Publication.model_validate(known | said)


def observed(files: Sequence[Made]) -> dict[str, pl.DataFrame]:
    """The store's frames after a pass over some files."""
    artefacts: list[dict[str, Any]] = []
    found: dict[str, list[pl.DataFrame]] = {"surveyed_table": [], "breakdown": [], "unclear": []}
    for made in files:
        sha = hashlib.sha256(repr((made.edition, made.name, made.sheets)).encode()).hexdigest()
        sha = made.more.get("sha256", sha) if not made.more.get("same_as") else sha
        artefacts.append(
            {
                "sha256": sha,
                "original_sha256": sha,
                "publication": made.publication,
                "edition_id": made.edition,
                "kind": made.kind,
                "name": made.name,
                "published_on": dt.date.fromisoformat(made.published) if made.published else None,
                "seen_at": dt.datetime.fromisoformat(made.seen),
                **made.more,
            }
        )
        grids = [Grid(name, [[cell(c) for c in row] for row in rows]) for name, rows in made.sheets.items()]
        for name, frame in frames(survey(grids)).items():
            keys = {"publication": made.publication, "edition_id": made.edition, "artefact_sha256": sha}
            found[name].append(frame.with_columns(**{k: pl.lit(v) for k, v in keys.items()}))
    schema = frame_schema("artefact")
    return {
        "artefact": pl.DataFrame([{k: row.get(k) for k in schema} for row in artefacts], schema=schema),
        **{
            name: pl.concat(parts, how="diagonal") if parts else pl.DataFrame(schema=frame_schema(name))
            for name, parts in found.items()
        },
    }


def registered(
    files: Sequence[Made],
    publication: Publication | None = None,
    *,
    as_of: str = "2024-12-31",
    look: Look | None = None,
    commitments: Sequence[Commitment] = (),
    stated: Mapping[tuple[str, str], str] | None = None,
) -> Register:
    """The register of one publication after a pass over some files."""
    publication = publication or series()
    held = observed(files)
    return register(
        {publication.id: publication},
        held["artefact"],
        held["surveyed_table"],
        held["breakdown"],
        unclear=held["unclear"],
        as_of=dt.date.fromisoformat(as_of),
        looks={publication.id: look} if look else {},
        commitments=commitments,
        whole=stated,
        superseded=supersessions(held["artefact"], pl.DataFrame(schema=frame_schema("figure")), held["surveyed_table"]),
    )


def whole(found: Register, characteristic: str = "ethnicity") -> dict[str, Any]:
    """The publication's own row of a characteristic; there is always exactly one."""
    rows = found.gaps.filter((pl.col("level") == "publication") & (pl.col("characteristic") == characteristic))
    assert rows.height == 1
    return rows.row(0, named=True)


QUIET = (
    "present", "partial", "absent", "not_looked", "not_applicable", "not_collected", "annual_only", "unclear",
    "not_read",
)  # fmt: skip


def news(found: Register) -> set[tuple[str, str]]:
    """Every state that is news, with its characteristic."""
    rows = found.gaps.filter(pl.col("state").is_in(QUIET).not_())
    return set(rows.select("characteristic", "state").iter_rows())


def the(found: Register, state: str, characteristic: str = "ethnicity") -> dict[str, Any]:
    """The one row of a state."""
    rows = found.gaps.filter((pl.col("state") == state) & (pl.col("characteristic") == characteristic))
    assert rows.height == 1, found.gaps.select("level", "measure", "characteristic", "state").rows()
    return rows.row(0, named=True)
