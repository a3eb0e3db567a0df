"""What the child process does with a file: it looks before it reads, reads, and says what a reader leaves out.

What it makes true: every format ends in the same plain sheets (`sheets.Sheet`), and whatever cannot be trusted or
read ends in one `Refused` with the reason. Why a package of its own: the child starts from here without the rest of
the project, so that a file costs no more than a few hundredths of a second. It imports nothing above itself.
"""

from .refused import Refused
from .sheets import Sheet, sheets_of

__all__ = ["Refused", "Sheet", "sheets_of"]
