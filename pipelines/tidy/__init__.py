"""Grids to figures, by declaration: locate a table, place its labels, finish its figures."""

from pipelines.tidy.artefact import Tidied, tidy
from pipelines.tidy.locate import in_force, missing_tables
from pipelines.tidy.nesting import containing
from pipelines.tidy.task import Problem

__all__ = ["Problem", "Tidied", "containing", "in_force", "missing_tables", "tidy"]
