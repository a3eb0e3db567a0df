"""Bytes to grids: a file is opened in a child process with limits, and comes back as addressed cells."""

from pipelines.reading.grid import Grid, UnreadableFile, address, records
from pipelines.reading.parent import read
