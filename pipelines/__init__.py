"""From bytes to figures: acquire, read, survey, tidy, derive.

Declarations are data; no publication is named in Python.
"""
