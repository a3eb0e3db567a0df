"""Layouts: from what a table is about to the sheets it stands on, each a small function named for what it shows."""

from collections.abc import Callable, Mapping

from ..sheets import Sheet
from ..subject import Subject
from . import blocks, crosstabs, long, workbooks

Layout = Callable[[Subject], list[Sheet]]

LAYOUTS: Mapping[str, Layout] = {
    each.__name__: each
    for each in (
        crosstabs.crosstab, crosstabs.total_first, crosstabs.total_column_first, crosstabs.transposed,
        crosstabs.two_levels, crosstabs.three_levels, crosstabs.counts_and_percentages,
        crosstabs.parents_and_children, crosstabs.of_which, crosstabs.separated_groups, crosstabs.numbered_ages,
        crosstabs.labels_once, crosstabs.every_label, crosstabs.change_at_the_end, crosstabs.two_languages,
        crosstabs.rates_beside_counts, crosstabs.comments_at_the_right, crosstabs.stages_across,
        crosstabs.years_above_months,
        blocks.blocks_of_sex, blocks.nested_blocks, blocks.blocks_of_places, blocks.blocks_of_years,
        blocks.titled_tables, blocks.tables_beside, blocks.margins_down, blocks.margins_across,
        blocks.margins_listed, blocks.numbers_then_proportions, blocks.regions_among_forces,
        long.open_data, long.machine_names, long.quarters_coded, long.two_ethnicities, long.measures_stacked,
        long.views_stacked, long.wide, long.long_with_totals, long.nomis_query,
        workbooks.accessible, workbooks.sheet_per_year, workbooks.sheet_per_sex, workbooks.sheet_per_characteristic,
        workbooks.months_down, workbooks.survey_answers,
    )
}  # fmt: skip
