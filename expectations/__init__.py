"""What must be true of staged figures, compiled from declarations and judged by Great Expectations.

What it makes true: parts add up to the totals published beside them, tables of one release agree, every
figure has a known category, a coherent status, a plausible period and one place; and where that is not
so, a reader is told once, in words, with every cell. Nothing here edits a number.

Why Great Expectations behind one door: `suites` and `queries` say what is asked, `causes` and `messages`
what the answers mean, and only `judge` imports the library, inside the function, because importing it
takes seconds.

What it refuses: to write. `judge` reads a closed staging file and returns frames.
"""

from expectations.judge import Judgement, judge
from expectations.records import Checks, TableChecks, Tolerance
from expectations.suites import CHECKS

__all__ = ["CHECKS", "Checks", "Judgement", "TableChecks", "Tolerance", "judge"]
