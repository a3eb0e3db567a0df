"""What the child process does with a file: it looks before it reads, and every format ends in the same plain sheets."""

from .refused import Refused
from .sheets import Sheet, sheets_of
