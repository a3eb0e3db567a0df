"""How long the line takes, as ratios between two things measured in one run: `python -m tests.benchmarks`.

A benchmark reports and never fails: a ratio measured on a busy machine is a reason to look, not a broken build.
"""
