"""From a file nobody declared to a declaration of a few lines, tried on that file at once.

What it makes true: the next workbook of a kind needs a TOML that a person corrects, not one that a person writes;
and before anything is kept they see the figures it would yield, the labels nobody knows, the totals that do not
sum and the tables that could not be placed. What it refuses: to decide what a number counts.
"""

from pipelines.drafting.expected import differing, expected
from pipelines.drafting.propose import Proposal, propose
from pipelines.drafting.written import declaration, said_of, table_text

__all__ = ["Proposal", "declaration", "differing", "expected", "propose", "said_of", "table_text"]
