"""What publishers show: their pages and interfaces, read into editions, files and announced dates."""

from monitor.watch.calendar import Announcement
from pipelines.look.calendar import announcements_of
from pipelines.look.desk import Desk
from pipelines.look.looker import look
from pipelines.look.memory import Memory
from pipelines.look.records import Looked
from pipelines.look.watch import Watched, look_ahead, session_for, watch
