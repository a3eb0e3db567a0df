"""The whole catalogue on loopback: what every declared publication might serve, and the truth about every cell of it.

The truth comes before the sheet: numbers are drawn from a seed, each with what it is about; a layout sets them on
sheets; faults change what is seen. Nothing is asked of the program that will read them: what labels mean is said in
`words.csv`. Which publication has which files, in which layouts, and how surely that is known: `publications.toml`.
"""

from .known import Claim, Known, figures, write
from .plan import File, Planned, plan

__all__ = ["Claim", "File", "Known", "Planned", "figures", "plan", "write"]
