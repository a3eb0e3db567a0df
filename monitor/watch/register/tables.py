"""What has become of each table: dropped, collapsed, drifted, suppressed, unknown, renumbered, of other coverage.

What was once there and is gone stays until it is seen again; what merely changed is news for a year.
"""

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from monitor import settings
from monitor.declarations import Known, Publication, TableRhythm
from monitor.declarations import Table as Declared
from monitor.vocabulary import CHARACTERISTICS, Characteristic, UnknownWord, category, spoken_of_by
from monitor.watch.calendar import slots
from monitor.watch.register.completeness import least_awaited
from monitor.watch.register.held import Breakdown, Doubt, Edition, Table, named
from monitor.watch.register.rows import ALL, OURS, Row, in_force, inspected, left_open, of_doubts, row, where
from monitor.watch.register.severity import by_value, severity, worst
from monitor.watch.register.tracks import Track
from monitor.watch.register.wording import AWAITING, listed, percent, sentence

YEAR = 350
"""Days after which tables that come once a year are due again; editions of a year are not a year apart to the day."""
EARLY = dt.timedelta(days=21)
"""How long before its usual day an edition may come and still be that day's."""


@dataclass(frozen=True)
class Series:
    """A publication's editions as held, oldest first, its tables through them, and what is declared about it.

    `not_read` says of each edition what is known of it and was not read; what is not there is then no finding.
    `awaits` says what must come before anybody is told what an edition lacks.
    `listed` whether its page lists its files, all of which are held.
    `designation` is the publisher's; `dated` are characteristics for which a committee or a minister has set a day.
    """

    publication: Publication
    editions: Sequence[Edition]
    tracks: Sequence[Track]
    not_read: Sequence[str]
    awaits: Sequence[str]
    listed: Sequence[bool]
    as_of: dt.date
    designation: str
    dated: frozenset[str]

    @property
    def newest(self) -> int:
        """The position of the newest edition that could be read; -1 when there is none."""
        return max((n for n, e in enumerate(self.editions) if e.readable), default=-1)

    def recent(self, n: int) -> bool:
        """Whether an edition is news still."""
        day = self.editions[n].day
        return day is None or (self.as_of - day).days <= settings.NEWS_DAYS

    def awaited(self, state: str, first: int) -> str | None:
        """What a state, as it has been since the edition at position `first`, awaits before anybody is told of it."""
        over = [m for m in range(first, self.newest + 1) if self.editions[m].readable]
        return least_awaited(self.awaits, over, state) or None

    @cached_property
    def _explained(self) -> frozenset[tuple[str, str]]:
        seen = (k for k in self.publication.known if k.sure == "seen" and in_force(k, self.as_of))
        return frozenset((k.state, k.characteristic or ALL) for k in seen)

    def explained(self, state: str, characteristic: str) -> bool:
        """Whether a known explanation covers a state of a characteristic."""
        return not self._explained.isdisjoint({(state, c) for c in (*spoken_of_by(characteristic), ALL)})

    def stated(self, state: str, d: str, *, believed: bool = False) -> Known | None:
        """A known state of a whole characteristic, in force on the day; what is only believed where that is asked for.

        What is not collected, or only in some editions, is said of what is derived from it too.
        """
        named = _speaking_for(d, self.editions, self.newest) if state in ("annual_only", "not_collected") else (d,)
        found = [k for k in self.publication.known if k.state == state and not k.crossed and in_force(k, self.as_of)]
        found = [k for k in found if believed or k.sure != "to verify"]
        return next((k for c in named for k in found if k.characteristic == c), None)

    def severity(self, state: str, case: str = "", characteristic: str = ALL) -> str:
        """The severity of a state here, raised and lowered by the rules."""
        return severity(
            state,
            case,
            designation=self.designation,
            characteristic=characteristic,
            deadline=characteristic in self.dated,
            explained=self.explained(state, characteristic),
        )

    def row(
        self,
        characteristic: str,
        state: str,
        case: str = "",
        *,
        form: str = "reason",
        said: Mapping[str, Any] | None = None,
        **known: Any,
    ) -> Row:
        """A row of a state here; unless given, its severity is by its case, and its sentence says what is `said`."""
        if "severity" not in known:
            known["severity"] = self.severity(state, case, characteristic)
        if "reason" not in known:
            known["reason"] = sentence(state, form, characteristic=characteristic, **(said or {}))
        if known.get("awaits"):
            known["reason"] = f"{sentence(AWAITING, known['awaits'])} {known['reason']}"
        return row(self.publication, characteristic, state, **known)

    def changed(
        self,
        table: Table | None,
        characteristic: str,
        state: str,
        case: str = "",
        *,
        last: int,
        first: int | None = None,
        said: Mapping[str, Any] | None = None,
        **known: Any,
    ) -> Row:
        """A row about a table, or the files: as before at position `last`, otherwise from `first` (the newest) on."""
        at = self.newest if first is None else first
        before, since = self.editions[last], self.editions[at]
        said = {"where": table.title if table else "", "last_seen": before.id, "edition": since.id, **(said or {})}
        found = table.breakdowns.get(characteristic) if table else None
        shown: dict[str, Any] = {
            "level": "table" if table else "release",
            "edition": self.editions[self.newest].id,
            "measure": table.title if table else None,
            "confidence": "inspected",
            "since": since.day,
            "last_seen": before.id,
            "classification": found.classification if found else None,
            "unknown_share": found.unknown_share if found else None,
            "suppressed_share": found.suppressed_share if found else None,
            "covers": covers(self.publication, table) if table else None,
            "awaits": None if state in (*OURS, "revised") else self.awaited(state, at),
        }
        if table and (known_as := self._first_titles.get(id(table), table.title)) != table.title:
            known["evidence"] = {**known.get("evidence", {}), "first_title": known_as}
        return self.row(characteristic, state, case, said=said, **{**shown, **known})

    @cached_property
    def _first_titles(self) -> dict[int, str]:
        """What each table was called when it first stood, because what is told of it goes on under that name."""
        return {id(table): track.seen[min(track.seen)].title for track in self.tracks for table in track.seen.values()}


def gone_from(before: Breakdown, now: Breakdown) -> frozenset[str]:
    """Groups that are there no more, neither themselves nor in groups that are part of them."""
    gone = before.groups - now.groups
    return gone - {p for g in now.groups for p in _over(now.characteristic, g)} if gone else gone


@lru_cache(maxsize=16384)
def _over(characteristic: str, group: str) -> tuple[str, ...]:
    """The groups that a group is part of, nearest first."""
    found: list[str] = []
    name: str | None = group
    while name is not None:
        try:
            name = category(characteristic, name).parent
        except UnknownWord:
            break
        if name is None or name in found:
            break
        found.append(name)
    return tuple(found)


def collapsed(before: Breakdown, now: Breakdown, of_events: bool = False) -> bool:
    """Whether there are fewer groups than before: 18 to 5, 5 to 2, or one merged into another.

    Of an open list (nationalities), and `of_events` that are listed, single groups come and go: it has collapsed when
    a fifth is gone.
    """
    lost = len(before.groups) - len(now.groups)
    return bool(gone_from(before, now)) and lost >= _least(before, of_events)


def _least(before: Breakdown, of_events: bool) -> float:
    """So many groups that are gone are news."""
    return len(before.groups) / 5 if of_events or len(before.groups) >= settings.OPEN_LIST else 1


def drifted(before: Breakdown, now: Breakdown, of_events: bool = False) -> bool:
    """Whether groups are gone though there are no fewer: "Chinese or Other" has become "Other"."""
    gone = gone_from(before, now)
    return bool(gone) and len(gone) >= _least(before, of_events) and not collapsed(before, now, of_events)


def suppression(now: Breakdown) -> str | None:
    """The severity of the share of cells that are suppressed; None where it is no news."""
    share = now.suppressed_share
    return by_value(share, settings.SUPPRESSED_ABOVE, above=True) if share is not None else None


def unknown(now: Breakdown, before: float | None) -> tuple[str | None, bool]:
    """The severity of the share of people unknown, and whether its rise within a year is what decides it."""
    share = now.unknown_share
    if share is None:
        return None, False
    level = by_value(share, settings.UNKNOWN_FROM)
    rise = before is not None and share - before >= settings.UNKNOWN_RISE - 1e-9
    found = worst(level, settings.UNKNOWN_RISE_SEVERITY if rise else None)
    return found, rise and found != level


def of_tables(series: Series) -> list[Row]:
    """Rows about single tables: of those that stand what is wrong with them, of those that are gone what went."""
    rows: list[Row] = []
    if series.newest < 0:
        return rows
    for track in series.tracks:
        if track.last == series.newest:
            rows += _standing(series, track)
        rows += _lost(series, track)
    return rows


def _standing(series: Series, track: Track) -> list[Row]:
    rows: list[Row] = []
    n, now = track.last, track.latest
    earlier = [m for m in track.seen if m < n]
    for d, found in now.breakdowns.items():
        if found.doubtful:
            continue
        past = [m for m in earlier if d in (b := track.seen[m].breakdowns) and not b[d].doubtful]
        rows += _fewer_or_other(series, track, d, past)
        if level := suppression(found):
            since = _since(series, track, d, lambda b: suppression(b) is not None)
            told: dict[str, Any] = {"severity": level, "since": since, "evidence": where([now], d)}
            said = {"share": percent(found.suppressed_share or 0)}
            rows.append(series.changed(now, d, "suppressed", last=n, said=said, **told))
        before = _year_before(series, track, d, n)
        level, rose = unknown(found, before)
        if level and found.unknown_share is not None:
            form, said = "reason", {"share": percent(found.unknown_share)}
            if rose and before is not None:
                points = f"{100 * (found.unknown_share - before):.1f}"
                form, said = "rise", {**said, "points": points, "before": percent(before)}
            since = _since(series, track, d, lambda b: unknown(b, None)[0] is not None)
            told = {"severity": level, "since": since, "evidence": where([now], d)}
            rows.append(series.changed(now, d, "unknown_share", last=n, form=form, said=said, **told))
    rows += _crossings(series, track)
    earlier = [m for m in earlier if not series.editions[m].overlooked(track.seen[m].sheet)]
    if not series.editions[n].overlooked(now.sheet):
        rows += _coverage(series, track, earlier)
        rows += _layout(series, track, earlier)
    return rows


def _fewer_or_other(series: Series, track: Track, d: str, past: Sequence[int]) -> list[Row]:
    """Fewer groups than an earlier edition had and not since, or other groups than the one before."""
    n, now = track.last, track.latest
    found = now.breakdowns[d]
    # because a group of which nobody had an event that quarter has no row in a list of them
    declared = _declared(series.publication, now)
    of_events = declared is not None and declared.shape == "long" and declared.counts == "events"
    finer = [m for m in past if collapsed(track.seen[m].breakdowns[d], found, of_events)]
    state, last = ("collapsed", finer[-1]) if finer else ("", -1)
    if not finer:
        changed = [m for m in past if drifted(track.seen[m].breakdowns[d], found, of_events)]
        after = min((m for m in (*past, n) if changed and m > changed[-1]), default=n)
        if changed and series.recent(after):
            state, last = "category_drift", changed[-1]
    if not state:
        return []
    before, first = track.seen[last].breakdowns[d], min(m for m in (*past, n) if m > last)
    gone, new = sorted(gone_from(before, found)), sorted(found.groups - before.groups)
    case = "to two groups" if state == "collapsed" and len(found.groups) <= 2 else ""
    said = {"n_before": len(before.groups), "n_now": len(found.groups), "gone": listed(gone), "new": listed(new)}
    evidence = {**where([now], d), "was": where([track.seen[last]], d), "gone": gone, "new": new}
    return [series.changed(now, d, state, case, last=last, first=first, said=said, evidence=evidence)]


def _crossings(series: Series, track: Track) -> list[Row]:
    """Pairs of characteristics that were crossed in the edition before and no longer are, though both stand."""
    n, now = track.last, track.latest
    before = max((m for m in track.seen if m < n), default=-1)
    if before < 0 or not series.recent(n):
        return []
    rows = []
    for one, other in sorted(_pairs(track.seen[before]) - _pairs(now)):
        pair = [now.breakdowns[d] for d in (one, other) if d in now.breakdowns]
        if len(pair) == 2 and not any(b.doubtful for b in pair):
            first, second = (other, one) if other == "ethnicity" else (one, other)
            evidence = {**where([now], first), "was": where([track.seen[before]], first)}
            told: dict[str, Any] = {
                "form": "crossing",
                "said": {"crossed": second.replace("_", " ")},
                "crossed": second,
            }
            case, level = "still in another table", "crossing"
            rows.append(
                series.changed(now, first, "dropped", case, last=before, level=level, evidence=evidence, **told)
            )
    return rows


def _pairs(table: Table) -> set[tuple[str, str]]:
    return {(a, b) for group in table.crossed for a in group for b in group if a < b}


def _coverage(series: Series, track: Track, earlier: Sequence[int]) -> list[Row]:
    """Other places or people than in the edition before: another group in scope, places gone or new."""
    n, now = track.last, track.latest
    if not earlier or not series.recent(n):
        return []
    was = track.seen[earlier[-1]]
    said = []
    for d in sorted(was.scope.keys() | now.scope.keys()):
        old, new = was.scope.get(d), now.scope.get(d)
        if old != new and d not in now.breakdowns and d not in was.breakdowns:
            said.append(f"{d.replace('_', ' ').capitalize()}: {old or 'everyone'} before, {new or 'everyone'} now.")
    gone, come = sorted(was.places - now.places), sorted(now.places - was.places)
    if was.places and now.places and (gone or come):
        said.append(f"Gone: {listed(gone)}. New: {listed(come)}.")
    if not said:
        return []
    evidence = {"sha256": [now.sha256], "sheets": [now.sheet], "gone": gone, "new": come}
    what = " ".join(said)
    return [series.changed(now, ALL, "coverage_change", last=earlier[-1], said={"what": what}, evidence=evidence)]


def _layout(series: Series, track: Track, earlier: Sequence[int]) -> list[Row]:
    """Columns of numbers that lost their heading: gone, or a header that no longer stands over its numbers."""
    n, now = track.last, track.latest
    if not earlier or not series.recent(n):
        return []
    was = track.seen[earlier[-1]]
    lost = sorted((Counter(was.headings) - Counter(now.headings)).elements()) if now.headings and was.headings else []
    # because a column of a period (`2023 to 2024`) is another one in each edition
    lost = [h for h in lost if named(h)[0] or not any(c.isdigit() for c in h)]
    if not lost or series.editions[earlier[-1]].transcribed or series.editions[n].transcribed:
        return []
    what = (
        f"{now.title}: {len(lost)} columns of numbers no longer have the heading that they had in edition "
        f"{series.editions[earlier[-1]].id} ({listed(sorted(set(lost)))}). "
        "Check that the header stands over its numbers."
    )
    evidence = {"sha256": [now.sha256], "sheets": [now.sheet], "was": list(was.headings), "now": list(now.headings)}
    last, said = earlier[-1], {"what": what}
    return [series.changed(now, ALL, "format_change", "headings", last=last, said=said, evidence=evidence)]


def _lost(series: Series, track: Track) -> list[Row]:
    """Characteristics that the table had and the newest edition's does not, while others of the edition still do."""
    n = series.newest
    if series.not_read[n]:
        return []
    rows = []
    now = track.seen.get(n)
    for c in CHARACTERISTICS:
        past = [m for m in track.having(c.id) if not track.seen[m].breakdowns[c.id].doubtful]
        if not past or past[-1] == n or _only_transcribed(series, past[-1], n):
            continue
        if not series.editions[n].having(c.id):
            continue  # because the publication's own row says so, once
        last = past[-1]
        first = _first_without(series, track, last)
        if not series.recent(first) or only_some(series, c.id, last, n):
            continue
        if now is None and _comes_and_goes(series, track, c.id):
            continue
        was = track.seen[last]
        if doubts := _may_stand(series, c.id, last, now):
            rows.append(_not_understood(series, c.id, was, last, doubts))
            continue
        evidence = {**inspected(series.editions[n]), "was": where([was], c.id), "looked_for": c.title}
        told: dict[str, Any] = {"said": {"inspected": series.editions[n].inspected}, "evidence": evidence, **_NO_SHARES}
        case = "still in another table"
        rows.append(series.changed(was, c.id, "dropped", case, last=last, first=first, **told))
    return told_with_parents(rows, lambda *_: True)


def told_with_parents(rows: list[Row], is_part: Callable[[Characteristic, Row], bool]) -> list[Row]:
    """Rows of which one that was dropped with what it is derived from, and was part of it, makes no alert of its own.

    The row of its parent names it.
    """
    by_name = {r["characteristic"]: r for r in rows if r["state"] == "dropped"}
    for c in CHARACTERISTICS:
        own, parent = by_name.get(c.id), by_name.get(c.derived_from)
        same = own and parent and all(own[name] == parent[name] for name in ("last_seen", "since"))
        if own and parent and same and is_part(c, own):
            own["code"] = None
            parent["reason"] += f" {sentence('dropped', 'derived', characteristic=c.id)}"
    return rows


def _may_stand(series: Series, d: str, last: int, now: Table | None) -> list[Doubt]:
    """Where a table that had a characteristic may have it still, because that was not understood.

    On its own sheet; or, of a table that is gone, on any sheet that was understood when it last stood.
    """
    newest, before = series.editions[series.newest], series.editions[last]
    doubts = newest.doubts.get(d, ())
    if now is not None:
        return [doubt for doubt in doubts if doubt.sheet == now.sheet]
    return [doubt for doubt in doubts if not before.doubtful(d, doubt.sheet)]


def _not_understood(series: Series, d: str, was: Table, last: int, doubts: Sequence[Doubt]) -> Row:
    told: dict[str, Any] = {"said": {"what": left_open(doubts)}, "since": None, "confidence": None, **_NO_SHARES}
    evidence = of_doubts(series.editions[series.newest], doubts)
    return series.changed(was, d, "unclear", last=last, form="table", evidence=evidence, **told)


_NO_SHARES = {"unknown_share": None, "suppressed_share": None}
"""Of what is not there any more no share is unknown or suppressed."""


def _only_transcribed(series: Series, last: int, n: int) -> bool:
    """Whether one of two editions is known from a transcription alone, whose tables are not the publisher's."""
    return series.editions[last].transcribed or series.editions[n].transcribed


def _comes_and_goes(series: Series, track: Track, d: str) -> bool:
    """Whether the table has been away before as it is now, so often that it is a rhythm."""
    return bool(_rhythm(series.editions, d, sorted(track.seen), series.newest))


def _rhythm(editions: Sequence[Edition], d: str, seen: Sequence[int], n: int) -> int:
    """For how many editions what was `seen` at some positions has been away before, where it may be so again at `n`.

    One absence teaches no rhythm: it takes two, between three editions that had it, each as long as this one.
    """
    before = sorted((away(editions, d, a, b) for a, b in itertools.pairwise(seen)), reverse=True)
    usual = before[1] if len(before) > 1 else 0
    return usual if 1 + away(editions, d, seen[-1], n) <= usual else 0


def away(editions: Sequence[Edition], d: str, last: int, n: int) -> int:
    """How many editions between two positions were understood and lack what both of them have."""
    return sum(editions[m].answers(d) for m in range(last + 1, n))


def _first_without(series: Series, track: Track, last: int) -> int:
    """The first edition after the last that had it which was read whole."""
    return next((m for m in range(last + 1, series.newest + 1) if not series.not_read[m]), series.newest)


def _since(series: Series, track: Track, d: str, wrong: Callable[[Breakdown], bool]) -> dt.date | None:
    """The day of the first edition of the latest unbroken run in which something was wrong."""
    first = track.last
    for m in sorted(track.having(d), reverse=True):
        if not wrong(track.seen[m].breakdowns[d]):
            break
        first = m
    return series.editions[first].day


def _year_before(series: Series, track: Track, d: str, n: int) -> float | None:
    """The unknown share about a year before: as this edition prints it, else as the edition of then did."""
    now = track.latest
    if (printed := now.breakdowns[d].unknown_before) is not None:
        return printed
    if now.last_period is None:
        return None
    for m in sorted(track.having(d), reverse=True):
        then = track.seen[m]
        if m < n and then.last_period and 300 <= (now.last_period - then.last_period).days <= 430:
            return then.breakdowns[d].unknown_share
    return None


def _speaking_for(d: str, editions: Sequence[Edition], n: int) -> list[str]:
    """Whose declared absence explains that of a characteristic from an edition: its own, and of what it derives from.

    Not of what that edition has, because then the one is lacking for another reason.
    """
    return [c for c in spoken_of_by(d) if c == d or n < 0 or not editions[n].having(c)]


def only_some(series: Series, d: str, last: int, n: int) -> str:
    """Why a characteristic last seen at position `last` is not expected at `n`; empty where it is.

    By declaration (`calendar.tables`): until the next usual day of those tables has passed. Else by a source, where
    one says so (`annual_only`): for a year. Else as it has come before: where it has been away for as many editions,
    and come back, twice. `last` is -1 for what was never seen here.
    """
    declared, editions = series.publication.calendar, series.editions
    tables = declared.tables if declared else ()
    speaking = _speaking_for(d, editions, n)
    rhythms = next((found for c in speaking if (found := [t for t in tables if c in t.characteristics])), [])
    now = editions[n]
    before = editions[last] if last >= 0 else None
    for rhythm in rhythms:
        usual = f"{rhythm.tables[:1].upper()}{rhythm.tables[1:]}: {rhythm.usual or rhythm.cadence}."
        if not _due_again(rhythm, before, now):
            return usual
    if rhythms or last < 0 or not now.answers(d):
        return ""
    said = series.stated("annual_only", d)
    if said and before is not None and not _is_a_year_later(before, now):
        return f"{said.what} Source: {said.source}."
    having = [m for m, e in enumerate(editions[: n + 1]) if e.having(d)]
    if most := _rhythm(editions, d, having, n):
        return f"Before, it has more than once been away for {most} edition{'s' if most > 1 else ''} and come back."
    return ""


def _due_again(rhythm: TableRhythm, before: Edition | None, now: Edition) -> bool:
    """Whether tables of a slower rhythm were due after the edition that last had them, up to this one.

    Without a day of publication by the periods of the two: a year apart.
    """
    if before is None:
        on = now.published_on
        return on is not None and bool(slots(rhythm, on - dt.timedelta(days=45), on + EARLY))
    if now.published_on is None or before.published_on is None:
        return _is_a_year_later(before, now)
    after = before.published_on + dt.timedelta(days=45)
    return any(s.opens > after for s in slots(rhythm, after, now.published_on + EARLY))


def _is_a_year_later(before: Edition, now: Edition) -> bool:
    """Whether the periods of two editions, or where one has none their days, are a year apart."""
    first, last = (before.ends, now.ends) if before.ends and now.ends else (before.day, now.day)
    return first is not None and last is not None and (last - first).days >= YEAR


def renumbered(series: Series) -> list[Row]:
    """Tables whose title is the same and whose number is another: one row, with the numbers to remap."""
    n = series.newest
    pairs: dict[str, str] = {}
    before = -1
    for track in series.tracks:
        earlier = max((m for m in track.seen if m < n), default=-1)
        if track.last != n or earlier < 0 or not series.recent(n):
            continue
        was, now = track.seen[earlier], track.latest
        if was.name and was.name == now.name and was.number and now.number and _plain(was.number) != _plain(now.number):
            pairs[was.number] = now.number
            before = max(before, earlier)
    if not pairs:
        return []
    said = {"n": len(pairs), "what": listed([f"{old} is now {new}" for old, new in pairs.items()])}
    evidence = {"sha256": series.editions[n].hashes, "numbers": pairs}
    return [series.changed(None, ALL, "renumbered", last=before, said=said, evidence=evidence)]


def _plain(number: str) -> str:
    return number.casefold().replace("_", ".").replace("-", ".").strip(".")


def covers(publication: Publication, table: Table) -> str | None:
    """The people and places of a table, as far as known: its declaration's, else what its title holds constant."""
    said = [f"{d.replace('_', ' ')}: {group}" for d, group in sorted(table.scope.items())]
    if (declared := _declared(publication, table)) and declared.title:
        said.insert(0, declared.population)
    if table.places:
        said.append(f"{len(table.places)} places or establishments")
    return "; ".join(said) or None


def _declared(publication: Publication, table: Table) -> Declared | None:
    """The declaration that speaks of a table: one with its title, else one that has none."""
    titled = (d for d in publication.table if d.title and d.title.casefold() in table.title.casefold())
    return next(titled, None) or next((d for d in publication.table if not d.title and not d.sheet), None)


def shares(tables: Sequence[Table], characteristic: str) -> dict[str, Any]:
    """The finest classification of the newest tables, and the unknown and suppressed shares that go with it."""
    newest = max((t.last_period for t in tables if t.last_period), default=None)
    now = [t for t in tables if t.last_period == newest] or list(tables)
    finest = max(now, key=lambda t: len(t.breakdowns[characteristic].categories)).breakdowns[characteristic]
    return {
        "classification": finest.classification,
        "unknown_share": finest.unknown_share,
        "suppressed_share": finest.suppressed_share,
    }
