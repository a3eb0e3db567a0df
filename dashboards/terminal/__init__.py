"""What is shown in a terminal: plain text, aligned, no ratio without counts, baseline, interval and unknown share."""

from dashboards.terminal.disparities import (
    calculated,
    change_explained,
    crossings,
    journey,
    measures,
    ratios,
    summaries,
    trend,
)
from dashboards.terminal.explaining import explained, traced, verified
from dashboards.terminal.files import surveyed, to_confirm, tried
from dashboards.terminal.passes import doctored, due, happened, planned, proposed, summary
from dashboards.terminal.pooled import pooled
from dashboards.terminal.register import audits, checks, commitments, coverage, gaps
from dashboards.terminal.sensitivity import sensitivity
