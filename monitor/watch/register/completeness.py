"""Whether an edition is whole: what is known of it and was not read, and whether what it lacks may be told yet.

One rule for every transition, so that no publisher is accused of what comes an hour later, or of what we did not read.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from monitor.clock import in_london
from monitor.declarations import Publication
from monitor.declarations.record import compiled
from monitor.settings import ALERT_RECHECK_HOURS
from monitor.watch.register.held import ORIGINAL, Edition, File
from monitor.watch.register.looked import Look
from monitor.watch.register.rows import FILES, LOOKS, TRANSCRIBED
from monitor.watch.register.wording import listed

SUCCESSFUL_LOOKS = 2
"""So many looks, on different days, from the day its newest file came, and what an edition lacks may be told."""
_VARYING = re.compile(
    r"\d+|\b(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b"
)


def not_read(publication: Publication, held: Sequence[Edition], look: Look | None) -> list[str]:
    """For each edition what is known of it and was not read, in words; empty where what is not there is not published.

    By what its page lists where it was opened; else by the attachments declared, and by holding no fewer files than
    the edition before.
    """
    found: list[str] = []
    before: Edition | None = None
    for edition in held:
        shown = look.editions.get(edition.id) if look and lists(edition, look) else None
        if shown is None and not edition.whole_by and (absent := _not_held(publication, edition)):
            found.append(f"no file of it is held with {listed(absent)}")
        elif edition.transcribed:
            found.append(TRANSCRIBED)
        elif unreadable := [f.name for f in edition.files if not f.readable]:
            found.append(f"{listed(unreadable)} could not be read")
        elif shown is not None and look is not None:
            mine = {f.name.casefold() for f in _files(edition)}
            missing = [name for name in shown.files if name.casefold() not in mine]
            known = look.editions.get(before.id) if before else None
            said = [f"its page lists {listed(missing)}, which is not held"] if missing else []
            if before and (beside := _new(shown.unread, known.unread if known else ())):
                said.append(f"its page lists {listed(beside)}, which this monitor does not read")
            if before and (bare := _new(_without_a_table(edition), _without_a_table(before))):
                said.append(f"its page lists {listed(bare)}, in which no table was found")
            found.append(", and ".join(said))
        else:
            n, least = len(_files(edition)), len(_files(before)) if before else 0
            fewer = f"{n} files are held of it, {least} of the edition before"
            found.append(fewer if n < least and not edition.whole_by else "")
        before = before if edition.transcribed else edition
    return found


def lists(edition: Edition, look: Look | None) -> bool:
    """Whether the page of an edition was opened, and lists files."""
    shown = look.editions.get(edition.id) if look else None
    return shown is not None and shown.opened and bool(shown.files)


def awaited(publication: Publication, held: Sequence[Edition], look: Look | None) -> list[str]:
    """For each edition what must come before it is told what it lacks: more of its files, or a second look; else "".

    Only of the newest edition may files be to come, because no publisher goes on while one is out in part. What a
    person stated to be whole is.
    """
    read = [n for n, e in enumerate(held) if e.readable and not e.transcribed]
    found = ["" if e.whole_by or _looked_twice(e, look) else LOOKS for e in held]
    for before, newest in list(pairwise(read))[-1:]:
        fewer = len(_files(held[newest])) < len(_files(held[before]))
        declared = bool(publication.attachments) and not _not_held(publication, held[newest])
        if found[newest] and fewer and not declared:
            found[newest] = FILES
    return found


def _looked_twice(edition: Edition, look: Look | None) -> bool:
    """Whether the publication was looked at on two days since the last file of an edition came, and hours apart."""
    came = max((f.seen_at for f in edition.files if f.seen_at), default=None)
    if look is None or (came and look.at and look.at < came + dt.timedelta(hours=ALERT_RECHECK_HOURS)):
        return False
    since = in_london(came).date() if came else dt.date.min
    return sum(day >= since for day in look.days) >= SUCCESSFUL_LOOKS


def _files(edition: Edition) -> list[File]:
    """Its publisher's files, those of the same cells once."""
    return [f for f in edition.files if f.kind == ORIGINAL and not f.same_as]


def _not_held(publication: Publication, edition: Edition) -> list[str]:
    """What the declared attachments hold of which no file of an edition has the name."""
    names = [f.name for f in edition.files]
    without = (a for a in publication.attachments if not any(compiled(a.title).search(name) for name in names))
    return [a.holds or f"the title {a.title!r}" for a in without]


def _without_a_table(edition: Edition) -> list[str]:
    """Its web pages in which nothing is a table, so that what they show may be a picture of one."""
    return [f.name for f in _files(edition) if f.bare and f.name.casefold().endswith((".html", ".htm"))]


def _new(now: Sequence[str], before: Sequence[str]) -> list[str]:
    """What an edition has by name, and the edition before had not."""
    known = {pattern(name) for name in before}
    return [name for name in now if pattern(name) not in known]


def pattern(name: str) -> str:
    """A name without what changes from one edition to the next: numbers and months."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    words = re.sub(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])|[^a-z\d]+", " ", words.casefold())
    return " ".join(_VARYING.sub(" ", words).split())


def least_awaited(awaits: Mapping[int, str] | Sequence[str], over: Sequence[int], state: str) -> str:
    """What a change that every edition `over` shows awaits: of the one that awaits least.

    A loss takes a second look even at a whole edition; what a whole edition prints otherwise is there to be seen.
    """
    found = {awaits[n] for n in over}
    if not found or "" in found:
        return ""
    return FILES if found == {FILES} else LOOKS if state == "dropped" else ""
