"""What a statistician declares in TOML, read into typed records: publications, baselines, measures, expectations."""

from monitor.declarations.baseline import Baseline
from monitor.declarations.calendar import Calendar, Rhythm, TableRhythm
from monitor.declarations.expectation import Audit, Commitment, Expectation, Known
from monitor.declarations.load import (
    audits,
    baselines,
    check,
    commitments,
    find,
    journey,
    measures,
    parse,
    place_of,
    population_sources,
    publications,
    published_ratios,
    refuse_left_out,
    sources,
)
from monitor.declarations.measure import Exposure, Fit, Measure, PublishedRatio, Regroup, Stage, Strata
from monitor.declarations.publication import Confirmed, Publication
from monitor.declarations.query import Query
from monitor.declarations.reads import Reads
from monitor.declarations.record import ENGLAND_AND_WALES, DeclarationError
from monitor.declarations.table import Statistic, Sum, Table
