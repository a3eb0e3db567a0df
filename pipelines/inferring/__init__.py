"""Tables that nobody declared, read by what they show: shown only where all that matters was understood.

What it makes true: a table that separates people has figures from the day it arrives, kept apart (`layout = inferred`)
from what a person has checked. What it refuses: to show a table with a label of people, period, place or unit that it
did not understand, or with sums that do not hold; that table is held back, with the reason.
"""

from pipelines.inferring.gate import DECLARED, HELD_BACK, INFERRED, SHOWN, contradicted
from pipelines.inferring.measures import inferred_measures, measure_asked
from pipelines.inferring.reading import Inferred, infer
from pipelines.inferring.version import reader_of

__all__ = [
    "DECLARED",
    "HELD_BACK",
    "INFERRED",
    "SHOWN",
    "Inferred",
    "contradicted",
    "infer",
    "inferred_measures",
    "measure_asked",
    "reader_of",
]
"""What other rooms ask."""
