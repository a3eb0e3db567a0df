"""`python -m tests.oracles FILE …` prints how the product's reading of published files differs from ours."""

import sys

from .comparison import compared, table
from .readings import READINGS

if __name__ == "__main__":
    wanted = sys.argv[1:]
    for file in READINGS:
        if not wanted or any(w in file for w in wanted):
            print(table(file, compared(file)[0], most=30), flush=True)
