"""What publishers show: their pages and interfaces, read into editions, files and announced dates.

What it makes true: an edition is known by the period its title names, not by its address; what changed since the
last look is said once; a quiet look is recorded like any other. What it refuses: to take a renamed page, a moved
timestamp or a second address for news.

`watch` is a whole pass; `look` one publication; `Memory.of(vault)` what is known without asking anybody.
"""

from pipelines.look.calendar import Announced, announcements_of, look_at_announcements
from pipelines.look.desk import Desk
from pipelines.look.looker import look
from pipelines.look.memory import Memory
from pipelines.look.records import Announcement, Attachment, Change, EditionSeen, Looked
from pipelines.look.watch import Failure, Watched, look_ahead, session_for, watch

__all__ = [
    "Announced",
    "Announcement",
    "Attachment",
    "Change",
    "Desk",
    "EditionSeen",
    "Failure",
    "Looked",
    "Memory",
    "Watched",
    "announcements_of",
    "look",
    "look_ahead",
    "look_at_announcements",
    "session_for",
    "watch",
]
