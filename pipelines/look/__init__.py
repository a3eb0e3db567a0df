"""What publishers show: their pages and interfaces, read into editions, files and announced dates."""

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
