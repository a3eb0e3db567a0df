"""Figures to disparities: denominators, fit, arithmetic, and the rows a reader sees."""

from pipelines.deriving.disparity import derive
from pipelines.deriving.fit import Refused, Request
from pipelines.deriving.references import EACH

__all__ = ["EACH", "Refused", "Request", "derive"]
