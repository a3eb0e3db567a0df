"""What a statistician declares in TOML, read into typed records: publications, baselines, measures, expectations."""

from monitor.declarations.baseline import Baseline
from monitor.declarations.calendar import Calendar, Rhythm, TableRhythm
from monitor.declarations.expectation import Asked, Commitment, Commitments, Expectation, Known, Practice
from monitor.declarations.load import (
    baselines,
    commitments,
    find,
    journey,
    measures,
    parse,
    population_sources,
    publications,
    published_ratios,
    sources,
)
from monitor.declarations.measure import (
    Break,
    Exclude,
    Fit,
    Journey,
    Measure,
    PublishedRatio,
    Regroup,
    Size,
    Stage,
)
from monitor.declarations.publication import Attachment, Denominator, Doubled, Publication
from monitor.declarations.query import Query
from monitor.declarations.record import ENGLAND_AND_WALES, DeclarationError
from monitor.declarations.table import PLACED_IN, Definition, Statistic, Sum, Symbols, Table

__all__ = [
    "ENGLAND_AND_WALES",
    "PLACED_IN",
    "Asked",
    "Attachment",
    "Baseline",
    "Break",
    "Calendar",
    "Commitment",
    "Commitments",
    "DeclarationError",
    "Definition",
    "Denominator",
    "Doubled",
    "Exclude",
    "Expectation",
    "Fit",
    "Journey",
    "Known",
    "Measure",
    "Practice",
    "Publication",
    "PublishedRatio",
    "Query",
    "Regroup",
    "Rhythm",
    "Size",
    "Stage",
    "Statistic",
    "Sum",
    "Symbols",
    "Table",
    "TableRhythm",
    "baselines",
    "commitments",
    "find",
    "journey",
    "measures",
    "parse",
    "population_sources",
    "publications",
    "published_ratios",
    "sources",
]
