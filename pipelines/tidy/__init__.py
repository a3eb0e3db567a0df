"""Grids to figures, by declaration: locate a table, place its labels, finish its figures."""

from pipelines.tidy.artefact import Tidied, figures_of, tidy, together, year_of
from pipelines.tidy.empty import Notes
from pipelines.tidy.locate import in_force, missing_tables
from pipelines.tidy.nesting import containing, levels, unplaced
from pipelines.tidy.task import NAMED, UNWANTED, Problem, Refusal, Task, Unusable

__all__ = [
    "NAMED",
    "UNWANTED",
    "Notes",
    "Problem",
    "Refusal",
    "Task",
    "Tidied",
    "Unusable",
    "containing",
    "figures_of",
    "in_force",
    "levels",
    "missing_tables",
    "tidy",
    "together",
    "unplaced",
    "year_of",
]
