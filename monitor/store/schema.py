"""The tables, each column once: the polars schemas and the DuckDB DDL are both read from here."""

from functools import cache
from typing import Any

from monitor.statistics.summary import IN_ORDER, WITHOUT_ORDER
from monitor.vocabulary import CHARACTERISTICS

_KINDS = {
    "text": "VARCHAR", "real": "DOUBLE", "whole": "BIGINT", "date": "DATE", "time": "TIMESTAMP", "list": "VARCHAR[]",
    "flag": "BOOLEAN",
}  # fmt: skip


def _columns(said: str) -> dict[str, str]:
    """Columns with their kinds in the database, from `name:kind` in a row; a name alone is text."""
    parts = (column.partition(":") for column in said.split())
    return {name: _KINDS[kind or "text"] for name, _, kind in parts}


ARTEFACT = _columns("""
    sha256 publication edition_id kind name bytes:whole original_sha256 published_on:date seen_at:time publisher
    title edition_title url licence cells_sha256 same_as reader listed:flag left_at:time
""")
"""Bytes as served, or a transcription of facts from them. `original_sha256` is the publisher's file's hash.

`cells_sha256` is the hash of the addressed values of every sheet; null where the file cannot be read. `same_as` names
the artefact of the edition with the same cells, whose observations stand for this one's too: it has none of its own.
`reader` names what it was read by: this version of the reader, and the declaration as it then was. `listed` says
whether its edition's page lists it (null where that was never seen), `left_at` when we saw that it no longer does.
"""

SURVEYED_TABLE = _columns("""
    publication edition_id artefact_sha256 sheet position:whole title first_period:date last_period:date crossed
    scope headings:list places:list account
""")
"""One row for every table found on every sheet inspected, whether or not it is broken down by anything.

A sheet without a table has one of position -1. `account` is JSON: how many cells were taken for what.
"""

BREAKDOWN = _columns("""
    publication edition_id artefact_sha256 sheet position:whole characteristic classification categories:list
    unknown_share:real suppressed_share:real cells:list unknown_share_before:real
""")
"""A table that separates people by a characteristic: which categories, which share is unknown or suppressed."""

UNCLEAR = _columns("publication edition_id artefact_sha256 sheet characteristic named_by not_understood cells:list")
"""A sheet that may separate people by a characteristic, and the cells that leave it open; about us, not a publisher."""

FOOTNOTE = _columns("publication edition_id artefact_sha256 sheet cell text")
"""The publisher's words under and above its tables: footnotes, sources, notes on coverage."""

FIGURE = _columns(f"""
    figure_id observation_id publication edition_id artefact_sha256 table_id layout sheet cell
    published_on:date seen_at:time measure value:real unit status marker value_low:real value_high:real flags:list
    period_start:date period_end:date period_kind period_label place_code place_name population counts
    {" ".join(f"{c.id} {c.id}_label" for c in CHARACTERISTICS)}
    circumstances classification mapping identification definition_id
""")
"""One published number with its cell and its categories. `value_low`/`value_high` bound a suppressed value."""

FIGURE_IDENTITY = (
    *("publication", "measure", "unit", "period_start", "period_end", "period_kind"),
    *("place_code", "population", "definition_id", "identification"),
    *(c.id for c in CHARACTERISTICS),
    "circumstances",
)
"""What is claimed: the columns that make two numbers claims about the same thing, the same in every vintage."""

OBSERVATION_IDENTITY = ("edition_id", "artefact_sha256", "sheet", "cell")
"""Where it was seen: with the figure's identity, unique."""

TABLE_READ = _columns("""
    publication edition_id artefact_sha256 table_id sheet title layout state reason sums reader measure counts unit
    characteristics:list dimensions:list reference:list scope:list circumstances first_period:date last_period:date
    figures:whole refused:whole
""")
"""One table of a file that was read: as declared, or by what it shows (`layout`), and by which version of the reader.

`state` is shown, or held_back for the `reason` given; `sums` says where there were no totals to check. `reference` are
the groups it prints, as `ethnicity=White`; `scope` and `circumstances` what everyone in it is; `refused` is how many of
its rows yield no figure.
"""

LEVEL = _columns("publication edition_id artefact_sha256 table_id dimension category parent kind")
"""What a table nests: each category of each dimension it separates, and the category it is part of (null: of all)."""

FINDING = _columns("""
    finding_id publication edition_id check severity state message sheet cells:list observations:list
    artefact_sha256 judged_at:time
""")
"""A check's result: one row a check and cause, with all its cells (`Sheet!A1` where more than one sheet).

`artefact_sha256` is the file that a reading problem is about; null where the figures of an edition were judged.
`judged_at` names the state of the edition that was judged: the moment its newest file was seen.
"""

WITHHOLDING = _columns("observation_id finding_id reason judged_at:time")
"""A figure contradicted by its own parts and by another table: kept, never edited, never used."""

SUPERSESSION = _columns("publication edition_id artefact_sha256 table_id by_sha256 since:time")
"""A file of an edition whose observations no longer count, or those of one table (null: of all), and which file's do
instead: the original of a transcription, or what the publisher put in its place. Both are kept.
`since` is when we saw that its page no longer lists it; null where the other file's coming is what ended it.
"""

DISPARITY = _columns("""
    disparity_id measure layout kind counts edition period period_start:date period_end:date place sex within
    characteristic level category label classification reference baseline
    count:real count_low:real count_high:real suppression denominator:real denominator_low:real denominator_high:real
    denominator_extrapolated:real rate:real rate_low:real rate_high:real per:real
    reference_count:real reference_denominator:real rate_difference:real
    ratio:real ratio_low:real ratio_high:real ratio_low_998:real ratio_high_998:real
    interval_method p_value:real p_adjusted:real significance
    share:real share_of_all:real baseline_share:real gap_points:real representation:real excess:real
    unknown_count:real unknown_share:real baseline_unknown_share:real bound_low:real bound_high:real tipping_share:real
    census_low:real census_high:real ratio_extrapolated:real verdict depends_on:list reliability band
    adjusted_ratio:real adjusted_low:real adjusted_high:real adjusted_crude:real adjusted_reference adjustment
    status reason fit definition_id flags:list numerator_figures:list denominator_figures:list
""")
"""A rate or share against a baseline, with everything that must stand beside it, or withheld with a reason."""

SUMMARY = _columns(f"""
    measure edition period period_start:date period_end:date place sex characteristic level baseline groups:list
    lowest_group per:real
    {" ".join(f"{m}:real {m}_low:real {m}_high:real" for m in ("mean_rate", *WITHOUT_ORDER, *IN_ORDER))}
    interval_method status reason
""")
"""How unequal a whole classification is at one period of one edition, each measure with its 95% limits.

Measures in order are null for groups without one, and the others by age.
"""

POOLED = _columns("""
    measure kind counts counted edition period period_start:date period_end:date sex held within
    characteristic category reference baseline count:real denominator:real reference_count:real
    reference_denominator:real crude_ratio:real crude_low:real crude_high:real ratio:real ratio_low:real ratio_high:real
    interval_method independent_low:real independent_high:real clusters:real clustered_low:real clustered_high:real
    strata:real strata_withheld:real strata_one_group:real homogeneity_p:real homogeneity_test bound_low:real
    bound_high:real unknown_low:real unknown_high:real census_low:real census_high:real overdispersion:real
    phi:real tau2:real unknown_count:real unknown_share:real verdict depends_on:list reliability status reason fit
    caution
""")
"""One ratio from all strata of what two groups are compared within, such as prisons; the strata are asked for."""

FUNNEL = _columns("""
    measure counted period period_start:date period_end:date sex held within stratum characteristic category reference
    baseline count:real denominator:real reference_count:real reference_denominator:real ratio:real common_ratio:real
    expected:real standard_error:real z:real z_adjusted:real low_95:real high_95:real low_998:real high_998:real
    phi:real tau2:real placed status reason
""")
"""Each stratum about the ratio common to all, of what is compared within one thing, such as the prison."""

GAP = _columns("""
    publication edition measure characteristic state code severity confidence since:date last_seen classification
    unknown_share:real reason evidence level crossed suppressed_share:real covers title awaits
""")
"""Expected or promised, minus observed: what is published of a characteristic, and what is not.

`level` is what a row is about: publication (one row a characteristic), table, crossing, or release (characteristic
`all`). `measure` names the table or what was asked for; `covers` the people and places of the finest table.
`awaits` is what must come before anybody outside is told: `files` of the edition, or another of our `looks`.
"""

COVERAGE = _columns("""
    publication table characteristic state first_edition last_edition since:date editions:whole classification
    categories:list unknown_share:real suppressed_share:real covers artefact_sha256 sheet cells:list
""")
"""The register's history: one row for each run of editions in which a table is in one state by one characteristic.

`state` is present, absent (the table stands, without it) or gone (the table does not stand); what was inspected is of
the run's last edition.
"""

REVISION = _columns("""
    publication edition_before edition_after seen_before:time seen_after:time published_after:date change what
    table measure characteristic category period figure_id was now value_before:real value_after:real marked:flag
    sheet_before cells_before:list artefact_before sheet_after cells_after:list artefact_after message
""")
"""What is different between an edition and the one before it, or between two vintages of one edition.

`change` and `what` are closed vocabularies of `monitor.watch.revisions`. `marked` says whether the publisher marked a
revised value as revised; null for other changes.
"""

STAGED = {
    "artefact": ARTEFACT, "surveyed_table": SURVEYED_TABLE, "breakdown": BREAKDOWN, "unclear": UNCLEAR,
    "footnote": FOOTNOTE, "table_read": TABLE_READ, "figure": FIGURE, "level": LEVEL,
}  # fmt: skip
"""Observations, append-only: what a pass over one artefact yields."""

JUDGED = {"finding": FINDING, "withholding": WITHHOLDING, "supersession": SUPERSESSION}
DUE = _columns("""
    publication title held status at:time opens:date closes:date basis overdue:flag days_late:whole severity
    reason as_of:date
""")
DERIVED = {
    "disparity": DISPARITY, "pooled": POOLED, "funnel": FUNNEL, "summary": SUMMARY, "gap": GAP,
    "coverage": COVERAGE, "revision": REVISION, "due": DUE,
}  # fmt: skip
"""Derived tables are replaced whole, in one transaction a pass."""

TABLES = {**STAGED, **JUDGED, **DERIVED}


def ddl(table: str) -> str:
    """`CREATE TABLE` for one of the tables above."""
    columns = ", ".join(f'"{name}" {kind}' for name, kind in TABLES[table].items())
    return f'CREATE TABLE IF NOT EXISTS "{table}" ({columns})'


@cache
def frame_schema(table: str) -> dict[str, Any]:
    """The polars schema of one of the tables above."""
    import polars as pl

    kinds = {
        "VARCHAR": pl.String(), "DOUBLE": pl.Float64(), "BIGINT": pl.Int64(), "DATE": pl.Date(),
        "TIMESTAMP": pl.Datetime("us"), "VARCHAR[]": pl.List(pl.String()), "BOOLEAN": pl.Boolean(),
    }  # fmt: skip
    return {name: kinds[kind] for name, kind in TABLES[table].items()}
