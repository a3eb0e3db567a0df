"""The questions in SQL, each answered in one row of JSON or in none.

The library cuts a list of rows at 200 and formats a query as text; so `literal` spells out what it would read.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from expectations.records import Checks
from expectations.rounding import Rounding
from monitor.vocabulary import CHARACTERISTICS

WHOLES = {
    "parts_sum_to_total": "whole.category = 'all' and whole.dimension <> 'sex'",
    "children_sum_to_parent": "whole.category <> 'all'",
    "sexes_sum_to_both": "whole.category = 'all' and whole.dimension = 'sex'",
}
"""The three sums: which figures each takes as the whole."""

ROUNDING = 1e-6
"""Below this two numbers are equal: fractional estimates are sums of binary fractions."""

_OF_SHARES = r"\b(per|percent|percentages?|rates?|ratios?|proportions?|shares?)\b|%"
"""Words of a unit that does not add up."""

_FIGURES = "figures as (select * from {batch})"

_UNSAFE = re.compile(r"([:{}%\\?])")


def literal(value: str | float | date | None) -> str:
    """A value as SQL, safe from quotes and from everything the library or SQLAlchemy would substitute."""
    if value is None:
        return "null"
    if isinstance(value, date):
        return f"make_date({value.year}, {value.month}, {value.day})"
    if not isinstance(value, str):
        return repr(float(value))
    pieces = [
        f"chr({ord(piece)})" if _UNSAFE.fullmatch(piece) else "'" + piece.replace("'", "''") + "'"
        for piece in _UNSAFE.split(value)
        if piece
    ]
    return "(" + " || ".join(pieces or ["''"]) + ")"


def figures_of(publication: str, edition_id: str) -> str:
    """The batch: every staged figure of one edition of one publication, with its coordinates."""
    return f"select * from coordinate where {_edition('coordinate', publication, edition_id)}"


def sums(checks: Checks, check: str, roundings: Sequence[Rounding] = ()) -> str:
    """Where the parts of a whole do not add up to it within the tolerance of its definition and the rounding stated.

    Each failure is {dimension, tolerance, given (the sum of parts), whole, parts, elsewhere}: figures as
    `prepared` records them, `elsewhere` being other values of the whole in other tables of the edition; with what
    `evidence` weighs: the list's `category` and `labels`, how often it `held`, fell `short` and went `over`, whether
    it is of `shares`, and whether a label of its dimension is `unread`. Beside them `nesting`, the parent of every
    category that has one.
    """
    return f"""
    with {_FIGURES},
    dimension as ({_dimensions(checks)}),
    tolerance as ({_tolerances(checks)}),
    rounding as ({_roundings(roundings)}),
    -- which categories make up a whole: those without a parent make up all
    member as (
        select distinct artefact_sha256, table_id, dimension, category, coalesce(parent, 'all') as whole
        from level join dimension using (table_id, dimension)
        where {_edition("level", checks.publication, checks.edition_id)}
          and kind <> 'total' and category <> 'all'
    ),
    size as (
        select artefact_sha256, table_id, dimension, whole as category, count(*) as parts,
            list(member.category order by member.category) as labels
        from member group by all
    ),
    -- a period published twice (before and after a change of system) is two periods; otherwise categories of
    -- one group may differ in definition and still belong together
    twice as (
        select distinct artefact_sha256, table_id, period
        from figures group by artefact_sha256, table_id, period, frame, categories
        having count(distinct system) > 1
    ),
    placed as (
        select figures.*, dimension.dimension,
            coalesce(json_extract_string(categories, '$."' || dimension.dimension || '"'), 'all') as category,
            concat_ws(chr(31), frame, case when twice.period is null then '' else system end,
                cast(json_merge_patch(categories, json_object(dimension.dimension, null)) as varchar)
            ) as "group"
        from figures
        join dimension using (table_id)
        left join twice using (artefact_sha256, table_id, period)
        where {_counted("figures")} -- because rates and shares do not add up
    ),
    -- a label without figures was refused: what it holds is not known, and its table's lists may lack it
    unread as (
        select distinct artefact_sha256, table_id, dimension
        from member anti join placed using (artefact_sha256, table_id, dimension, category)
    ),
    added as (
        select artefact_sha256, table_id, period, dimension, whole as category, "group",
            count(*) as parts,
            count(distinct placed.category) as categories,
            bool_and(status in ('published', 'not_applicable') and coalesce(value, 0) >= 0) as complete,
            sum(value) filter (status = 'published') as given
        from placed join member using (artefact_sha256, table_id, dimension, category)
        group by all
    ),
    weighed as (
        select whole.*, added.given, size.labels, whole.value - added.given as excess,
            {_tolerance_of("whole")} + (size.parts + 1) * coalesce(rounding.half, 0) as tolerance
        from placed as whole
        left join rounding using (artefact_sha256, sheet)
        join added using (artefact_sha256, table_id, period, dimension, category, "group")
        join size using (artefact_sha256, table_id, dimension, category)
        where whole.status = 'published' and whole.value >= 0 and {WHOLES[check]}
          and added.complete and added.given is not null
          and added.parts = size.parts and added.categories = size.parts
    ),
    -- what else is known of a list: how often it held, and whether every whole of it is a hundred
    compared as (
        select *,
            count(*) filter (abs(excess) <= tolerance + {ROUNDING} and value > 0) over list as held,
            count(*) filter (excess > tolerance + {ROUNDING}) over list as short,
            count(*) filter (excess < -tolerance - {ROUNDING}) over list as over,
            bool_and(value in (1, 100)) over list as shares
        from weighed
        window list as (partition by artefact_sha256, table_id, dimension, category, measure, unit)
    ),
    failing as (
        select *, (
            select list(other.record order by other.observation_id) from figures as other
            where other.figure_id = compared.figure_id and other.status = 'published'
              and other.place <> compared.place
              and abs(other.value - compared.value) > compared.tolerance + {ROUNDING}
        ) as elsewhere
        from compared where abs(excess) > tolerance + {ROUNDING}
    ),
    -- the parts are looked up only of what fails: almost every sum adds up
    told as (
        select any_value(failing) as f, bool_or(unread.table_id is not null) as unread,
            list(part.record order by part.observation_id) as parts
        from failing
        join placed as part on part.status = 'published'
            and (part.artefact_sha256, part.table_id, part.period, part.dimension, part."group")
            = (failing.artefact_sha256, failing.table_id, failing.period, failing.dimension, failing."group")
        join member on (member.artefact_sha256, member.table_id, member.dimension, member.category, member.whole)
            = (part.artefact_sha256, part.table_id, part.dimension, part.category, failing.category)
        left join unread on (unread.artefact_sha256, unread.table_id, unread.dimension)
            = (failing.artefact_sha256, failing.table_id, failing.dimension)
        group by failing.observation_id, failing.dimension
    )
    select
        cast(to_json(list(struct_pack(dimension := f.dimension, tolerance := f.tolerance, given := f.given,
            whole := f.record, parts := parts, elsewhere := f.elsewhere, category := f.category, labels := f.labels,
            held := f.held, short := f.short, "over" := f."over", shares := f.shares, unread := unread)
            order by f.observation_id, f.dimension)) as varchar) as failures,
        (select cast(to_json(list(struct_pack(artefact_sha256 := artefact_sha256, table_id := table_id,
            dimension := dimension, category := category, parent := whole)
            order by artefact_sha256, table_id, dimension, category)) as varchar)
         from member where whole <> 'all') as nesting
    from told having count(*) > 0
    """


def disagreements(checks: Checks, roundings: Sequence[Rounding] = ()) -> str:
    """Where tables of one edition publish different values of one figure: {figures: […]} for each.

    Different means by more than the widest tolerance of these tables and the rounding they state: estimates are
    rounded in one and not in another.
    """
    return _failures(
        f"""
        with {_FIGURES},
        tolerance as ({_tolerances(checks)}),
        rounding as ({_roundings(roundings)}),
        differing as (
            select figure_id from figures where status = 'published'
            group by figure_id having count(distinct place) > 1 and max(value) - min(value) > {ROUNDING}
        )
        select figure_id as position, list(record order by observation_id) as figures
        from (
            select figures.*, {_tolerance_of("figures")} + 2 * coalesce(half, 0) as tolerance
            from figures semi join differing using (figure_id) left join rounding using (artefact_sha256, sheet)
            where status = 'published'
        )
        group by figure_id
        having max(value) - min(value) > max(tolerance) + {ROUNDING}
        """,
        "figures := figures",
    )


def repeated_keys() -> str:
    """Where one table publishes one figure in two cells: {figures: […]} for each."""
    return _failures(
        f"""
        with {_FIGURES}
        select figure_id as position, list(record order by observation_id) as figures
        from figures
        group by figure_id, place
        having count(distinct cell) > 1
        """,
        "figures := figures",
    )


def unknown_categories(checks: Checks) -> str:
    """Figures in a category that their table is not known to have: {reason, figures: [one]} for each."""
    return _failures(
        f"""
        with {_FIGURES},
        dimension as ({_dimensions(checks)}),
        placed as (
            select figures.*, dimension,
                json_extract_string(categories, '$."' || dimension || '"') as category
            from figures join dimension using (table_id)
        )
        select observation_id as position, [record] as figures,
            'the ' || replace(dimension, '_', ' ') || ' ' || chr(34) || category || chr(34)
                || ', which the table is not known to have' as reason
        from placed
        where category <> 'all' and not exists (
            select 1 from level
            where {_edition("level", checks.publication, checks.edition_id)}
              and level.artefact_sha256 = placed.artefact_sha256 and level.table_id = placed.table_id
              and level.dimension = placed.dimension and level.category = placed.category
        )
        """,
        "reason := reason, figures := figures",
    )


def incoherent_values() -> str:
    """Figures whose value contradicts their status: {reason, figures: [one]} for each."""
    return _failures(
        f"""
        with {_FIGURES}
        select observation_id as position, [record] as figures, case
            when value < 0 and isfinite(value) and status = 'published' then 'a count below zero'
            when status = 'published' and value is null then 'published without a value'
            when not isfinite(value) then 'a value that is not a number'
            else 'a value although the status is ' || replace(status, '_', ' ') end as reason
        from figures
        where (status = 'published' and value is null) or (status <> 'published' and value is not null)
           or not isfinite(value) or (value < 0 and {_counted("figures")})
        """,
        "reason := reason, figures := figures",
    )


def implausible_periods(checks: Checks) -> str:
    """Figures after their publication or their table's last period: {reason, figures: [one]} for each."""
    bounds = _values({"table_id": "varchar", "last": "date"}, ((t.table_id, t.last) for t in checks.tables))
    return _failures(
        f"""
        with {_FIGURES},
        bounds as ({bounds})
        select observation_id as position, [record] as figures, case
            when period_end > published_on then 'a period that ends after the day of publication'
            else 'a period after the last of the edition, ' || cast(last as varchar) end as reason
        from figures left join bounds using (table_id)
        where period_end > published_on or period_end > last
        """,
        "reason := reason, figures := figures",
    )


def prepared() -> str:
    """The working table every question reads: each staged figure with what the questions need.

    `categories` is JSON of every characteristic and circumstance; `frame` what must be equal for figures to
    be added; `place` the table and sheet; `system` the first part of the definition; `record` the figure itself.
    """
    characteristics = ", ".join(f'"{c.id}" := "{c.id}"' for c in CHARACTERISTICS)
    return f"""
    create temp table coordinate as
    with coordinates as (
        select *,
            cast(json_merge_patch(to_json(struct_pack({characteristics})),
                cast(coalesce(nullif(circumstances, ''), '{{}}') as json)) as varchar)
                as categories,
            concat_ws(chr(31), coalesce(cast(period_start as varchar), ''), cast(period_end as varchar),
                coalesce(period_kind, '')) as period,
            concat_ws(chr(31), coalesce(measure, ''), coalesce(unit, ''), coalesce(place_code, ''),
                coalesce(population, ''), coalesce(counts, '')) as frame,
            concat_ws(chr(31), coalesce(table_id, ''), coalesce(sheet, '')) as place,
            coalesce(split_part(definition_id, '+', 1), '') as system
        from figure
    )
    select *, struct_pack(observation_id := observation_id, artefact_sha256 := artefact_sha256,
        table_id := table_id, sheet := sheet, cell := cell,
        "value" := case when isfinite(value) then value end,
        period_start := period_start, period_end := period_end, period_kind := period_kind,
        period_label := period_label, categories := cast(categories as json)) as record
    from coordinates
    """


def _failures(query: str, fields: str) -> str:
    """All rows of a query as one row of JSON, in the order of `position`; no row where there are none."""
    return f"""
    select cast(to_json(list(struct_pack({fields}) order by position)) as varchar) as failures
    from ({query}) as failing having count(*) > 0
    """


def _counted(figure: str) -> str:
    """Whether a figure is a count: not declared to be neither people nor events, and in no unit of shares."""
    return (
        f"coalesce({figure}.counts, '') <> 'neither' "
        f"and not regexp_matches(lower(coalesce({figure}.unit, '')), {literal(_OF_SHARES)})"
    )


def _edition(table: str, publication: str, edition_id: str) -> str:
    return f"{table}.publication = {literal(publication)} and {table}.edition_id = {literal(edition_id)}"


def _dimensions(checks: Checks) -> str:
    rows = ((t.table_id, d) for t in checks.tables for d in dict.fromkeys(t.dimensions))
    return _values({"table_id": "varchar", "dimension": "varchar"}, rows)


def _roundings(roundings: Sequence[Rounding]) -> str:
    rows = ((r.artefact_sha256, r.sheet, r.half) for r in roundings)
    return _values({"artefact_sha256": "varchar", "sheet": "varchar", "half": "double"}, rows)


def _tolerances(checks: Checks) -> str:
    rows = (
        (table.table_id, tolerance.definition, tolerance.value, position)
        for table in checks.tables
        # because a tolerance that names a definition speaks before the one for every other
        for position, tolerance in enumerate(sorted(table.tolerances, key=lambda t: t.definition is None))
    )
    return _values({"table_id": "varchar", "definition": "varchar", "value": "double", "position": "double"}, rows)


def _tolerance_of(figure: str) -> str:
    """How far a figure may be from what should equal it: of the first tolerance that speaks of it, else 0."""
    return f"""coalesce((
        select arg_min(tolerance.value, tolerance.position) from tolerance
        where tolerance.table_id = {figure}.table_id and (tolerance.definition is null
            or list_contains(string_split({figure}.definition_id, '+'), tolerance.definition))
    ), 0)"""


def _values(kinds: Mapping[str, str], rows: Iterable[Sequence[str | float | date | None]]) -> str:
    """A declared list as a subquery of columns of these kinds, typed even when it is empty."""
    columns = ", ".join(f'cast("{name}" as {kind}) as "{name}"' for name, kind in kinds.items())
    names = ", ".join(f'"{name}"' for name in kinds)
    told = [f"({', '.join(map(literal, row))})" for row in rows]
    nothing = f"({', '.join(['null'] * len(kinds))})"
    return f"select {columns} from (values {', '.join(told or [nothing])}) as declared({names}) where {bool(told)}"
