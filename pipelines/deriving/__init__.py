"""Figures to disparities: denominators, fit, arithmetic, and the rows a reader sees."""

from pipelines.deriving.crossings import crossings
from pipelines.deriving.disparity import derive
from pipelines.deriving.fit import Refused, Request
from pipelines.deriving.journey import journey
from pipelines.deriving.references import EACH
from pipelines.deriving.summaries import summaries
from pipelines.deriving.trend import trend

__all__ = ["EACH", "Refused", "Request", "crossings", "derive", "journey", "summaries", "trend"]
