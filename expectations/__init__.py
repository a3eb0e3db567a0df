"""What must be true of staged figures, compiled from declarations and judged by Great Expectations.

Only `judge` imports that library, inside the function, because importing it takes seconds. Nothing here edits a number.
"""

from expectations.judge import Judgement, judge
from expectations.records import Checks, TableChecks, Tolerance
from expectations.suites import CHECKS
