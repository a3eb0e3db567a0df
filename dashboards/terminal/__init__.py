"""What is shown in a terminal: plain text, aligned, with nothing left out that a reader needs.

What it makes true: no ratio is printed without its counts, baseline, interval and unknown share. What it
refuses: colour that carries meaning, and a number rounded so that it changes what is said.
"""

from dashboards.terminal.disparities import calculated, crossings, journey, ratios, summaries, trend
from dashboards.terminal.explaining import explained, traced, verified
from dashboards.terminal.files import surveyed, tried
from dashboards.terminal.layout import aligned, count, number, percent
from dashboards.terminal.passes import doctored, due, planned, summary
from dashboards.terminal.register import checks, commitments, coverage, gaps

__all__ = [
    "aligned",
    "calculated",
    "checks",
    "commitments",
    "count",
    "coverage",
    "crossings",
    "doctored",
    "due",
    "explained",
    "gaps",
    "journey",
    "number",
    "percent",
    "planned",
    "ratios",
    "summaries",
    "summary",
    "surveyed",
    "traced",
    "trend",
    "tried",
    "verified",
]
