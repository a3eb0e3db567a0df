"""A year of a publisher, 2025, and a monitor that lives through it as the scheduler does.

An office publishes a weekly bulletin (one page), two quarterly series and a yearly one with announced dates, one
every second year, and one that has ended. `DECLARED` is what the monitor knows of it; `open_year` writes the office's
calendar into a `World`; `play` lets the scheduler live through it with the world's clock, and hands over after each
turn, so that whatever follows from a look (figures, gaps, alerts) can be asserted on the same year.

What happens (London): 30 January, custody comes, and its file is not found until noon of the 31st. 27 March, courts
on time. 24 April, custody does not come; it comes on 25 April at 11:00. 30 April to 3 July, custody's next date is
only a month. 9 June, the bulletin's page is broken until noon. 25 June 17:30, courts of the 26th is cancelled, in
words postponed, and comes on 17 July. 28 July, custody of the 31st is postponed to 14 August, and then gives two
groups for eighteen. 11 August 20:00 to 14 August 11:20, nobody watches. 24 September 19:30, courts of the 25th is
cancelled for good. 23 October, workforce moves from a provisional 27 November to 20 November at 12:30. 30 October,
custody comes without ethnicity. 18 December, courts a week early because of Christmas.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from monitor.clock import in_london
from monitor.declarations import Publication
from monitor.notify.kept import commit
from monitor.schedule import Planned, Service, Tasks, read_cadences
from monitor.settings import CADENCES, home
from monitor.store import reads
from monitor.store.database import Writer, stage
from monitor.store.schema import frame_schema
from monitor.store.vault import Vault
from monitor.watch.register import register
from pipelines.editions import supersessions, together
from pipelines.intake import Intake
from pipelines.look import Watched, look_ahead
from pipelines.look.history import looks_of

from . import workbooks
from .fixtures import Monitor, series
from .items import LONDON
from .server import ANNOUNCEMENTS, World, broken

STARTED = dt.datetime(2025, 1, 2, 8, tzinfo=LONDON)
ENDED = dt.datetime(2026, 1, 2, tzinfo=LONDON)
AWAY = (dt.datetime(2025, 8, 11, 20, tzinfo=LONDON), dt.datetime(2025, 8, 14, 11, 20, tzinfo=LONDON))
"""When the machine was off, and when it was started again."""

FIRST_BULLETIN = dt.date(2025, 1, 3)
BULLETIN_PAGE = "/government/publications/bulletin"


def _quarterly(first_month: int) -> dict[str, Any]:
    months = [first_month + 3 * n for n in range(4)]
    return {"cadence": "quarterly", "months": months, "which": "last", "weekday": "Thursday"}


_NOVEMBER = {"months": [11], "which": "last", "weekday": "Thursday"}
DECLARED: Mapping[str, Publication] = {
    p.id: p
    for p in (
        series(
            "bulletin",
            "Weekly bulletin",
            kind="govuk-page",
            pages=[BULLETIN_PAGE],
            calendar={"cadence": "weekly", "which": "every", "weekday": "Friday", "announced": False},
        ),
        series(
            "custody",
            "Custody statistics",
            editions=["^custody statistics:"],
            organisations=["office"],
            calendar=_quarterly(1),
        ),
        series(
            "courts",
            "Courts statistics",
            editions=["^courts statistics:"],
            organisations=["office"],
            calendar=_quarterly(3),
        ),
        series(
            "workforce",
            "Workforce",
            editions=["^workforce:"],
            organisations=["office"],
            calendar={"cadence": "annual", **_NOVEMBER},
        ),
        series(
            "equalities",
            "Equalities",
            editions=["^equalities:"],
            calendar={"cadence": "biennial", "years": "even", **_NOVEMBER},
        ),
        series(
            "infections",
            "Infections",
            editions=["^infections:"],
            calendar={"cadence": "ended", "months": [6], "until": "2024-06-28"},
        ),
    )
}


def london(day: str, time: str = "09:30") -> dt.datetime:
    """A moment as London's clocks show it."""
    return dt.datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=LONDON)


def open_year(world: World) -> None:
    """What is there when the year begins, and everything that will happen, in the world's calendar."""
    for p in DECLARED.values():
        if p.collection:
            world.series(p.id, p.title)
    for name, title, day in (
        ("infections", "Infections: May 2024", "2024-06-28"),
        ("custody", "Custody statistics: September 2024", "2024-10-31"),
        ("workforce", "Workforce: 2023 to 2024", "2024-11-28"),
        ("equalities", "Equalities: 2023 to 2024", "2024-11-28"),
        ("courts", "Courts statistics: September 2024", "2024-12-19"),
    ):
        world.now = london(day)
        _publish(world, name, title)
    world.now = london("2024-12-27")
    world.release(None, "bulletin", "Weekly bulletin", under="/government/publications")
    _bulletin(world, dt.date(2024, 12, 27))
    _announce(world, "custody", "December 2024", "30 January 2025 9:30am", "2025-01-30")
    _announce(world, "courts", "December 2024", "27 March 2025 9:30am", "2025-03-27")
    world.now = STARTED
    _script(world)


def _script(world: World) -> None:
    at = world.at
    for n in range(52):
        friday = FIRST_BULLETIN + dt.timedelta(weeks=n)
        # because the office is shut on Good Friday and on 26 December
        out = {dt.date(2025, 4, 18): dt.date(2025, 4, 22), dt.date(2025, 12, 26): dt.date(2025, 12, 29)}
        at(london(out.get(friday, friday).isoformat()), lambda w, friday=friday: _bulletin(w, friday))
    at(london("2025-06-09", "08:00"), lambda w: w.lay(f"/api/content{BULLETIN_PAGE}", broken.status(503)))
    at(london("2025-06-09", "12:00"), lambda w: w.heal())

    _comes(world, "2025-01-30", "custody", "December 2024")
    at(london("2025-01-30"), lambda w: w.lay(newest_file(w), broken.status(404)))
    at(london("2025-01-31", "12:00"), lambda w: w.heal())
    _tells(world, "2025-02-20", "custody", "March 2025", "April 2025", "2025-04-24", state="provisional")
    _tells(world, "2025-03-27", "custody", "March 2025", "24 April 2025 9:30am", "2025-04-24")
    _comes(world, "2025-04-25", "custody", "March 2025", time="11:00")
    _tells(world, "2025-05-01", "custody", "June 2025", "July 2025", "2025-07-31", state="provisional")
    _tells(world, "2025-07-03", "custody", "June 2025", "31 July 2025 9:30am", "2025-07-31")
    moved = {"previous": "31 July 2025 9:30am", "note": "The breakdown by ethnic group is being checked."}
    _tells(world, "2025-07-28", "custody", "June 2025", "14 August 2025 9:30am", "2025-08-14", **moved)
    _comes(world, "2025-08-14", "custody", "June 2025", groups="binary")
    _tells(world, "2025-09-01", "custody", "September 2025", "October 2025", "2025-10-30", state="provisional")
    _tells(world, "2025-10-02", "custody", "September 2025", "30 October 2025 9:30am", "2025-10-30")
    _comes(world, "2025-10-30", "custody", "September 2025", groups="none")

    _comes(world, "2025-03-27", "courts", "December 2024")
    _tells(world, "2025-05-29", "courts", "March 2025", "26 June 2025 9:30am", "2025-06-26")
    late = (london("2025-06-25", "17:30"), "Postponed following concerns about the quality of key data.")
    at(
        late[0],
        lambda w: _announce(w, "courts", "March 2025", "26 June 2025 9:30am", "2025-06-26", cancelled=late),
    )
    _tells(world, "2025-07-10", "courts", "March 2025", "17 July 2025 9:30am", "2025-07-17", slug="courts-new-date")
    _comes(world, "2025-07-17", "courts", "March 2025", slug="courts-new-date")
    _tells(world, "2025-08-28", "courts", "June 2025", "25 September 2025 9:30am", "2025-09-25")
    merged = (london("2025-09-24", "19:30"), "These figures are now in the annual release.")
    at(
        merged[0],
        lambda w: _announce(w, "courts", "June 2025", "25 September 2025 9:30am", "2025-09-25", cancelled=merged),
    )
    _tells(world, "2025-11-20", "courts", "September 2025", "18 December 2025 9:30am", "2025-12-18")
    _comes(world, "2025-12-18", "courts", "September 2025")

    _tells(
        world,
        "2025-10-01",
        "workforce",
        "2024 to 2025",
        "27 November 2025 9:30am",
        "2025-11-27",
        state="provisional",
    )
    _tells(world, "2025-10-23", "workforce", "2024 to 2025", "20 November 2025 12:30pm", "2025-11-20", time="12:30")
    _comes(world, "2025-11-20", "workforce", "2024 to 2025", time="12:30")


def _bulletin(world: World, friday: dt.date) -> None:
    """The bulletin's page gains a file, and keeps the four newest."""
    said = f"{friday.day} {friday:%B %Y}"
    body = workbooks.workbook(said, format="csv", shift=friday.timetuple().tm_yday)
    attached = world.attach(f"bulletin-{friday}.csv", body, f"Weekly bulletin: {said}")
    page = world.documents[BULLETIN_PAGE]
    page["details"]["attachments"] = [attached, *page["details"]["attachments"]][:4]
    world.reissue(BULLETIN_PAGE)


def newest_file(world: World) -> str:
    """The path of the file that was put up last."""
    return list(world.assets)[-1]


def _publish(world: World, name: str, title: str, **varied: Any) -> str:
    slug = title.lower().replace(":", "").replace(" ", "-")
    files = {f"{slug}.xlsx": workbooks.workbook(title.partition(": ")[2], **varied)}
    return world.release(DECLARED[name].collection, slug, title, files)


def _title(name: str, period: str) -> str:
    return f"{DECLARED[name].title}: {period}"


def _slug(name: str, period: str) -> str:
    return f"{name}-{period.lower().replace(' ', '-')}"


def _announce(
    world: World, name: str, period: str, display: str, day: str, *, slug: str = "", time: str = "09:30", **said: Any
) -> None:
    said = {"state": "confirmed", **said}
    world.announce(slug or _slug(name, period), _title(name, period), display, london(day, time), **said)


def _tells(world: World, on: str, *announced: Any, **said: Any) -> None:
    """On a day at ten, the office announces a date, or another one."""
    world.at(london(on, "10:00"), lambda w: _announce(w, *announced, **said))


def _comes(
    world: World, on: str, name: str, period: str, *, time: str = "09:30", slug: str = "", **varied: Any
) -> None:
    """An announced edition is published, and its announcement leads to it."""

    def publish(w: World) -> None:
        path = f"{ANNOUNCEMENTS}/{slug or _slug(name, period)}"
        w.publish_announced(path, _publish(w, name, _title(name, period), **varied))

    world.at(london(on, time), publish)


@dataclass
class Played:
    """The year as it was lived: every planned thing that was done, with when; what each pass gave."""

    monitor: Monitor
    done: list[tuple[dt.datetime, Planned]] = field(default_factory=list)
    passes: list[tuple[dt.datetime, Watched]] = field(default_factory=list)
    failed: list[tuple[dt.datetime, str]] = field(default_factory=list)

    def looks(self, publication: str) -> list[tuple[str, str]]:
        """The looks at one publication, as London's clock and the reason."""
        return [(f"{at:%Y-%m-%d %H:%M}", p.reason) for at, p in self.done if p.publication == publication]

    def times(self, what: str) -> list[str]:
        """When something else than a look was done."""
        return [f"{at:%Y-%m-%d %H:%M}" for at, p in self.done if p.what == what]


def play(world: World, folder: Path, after: Callable[[Played], None] = lambda _: None) -> Played:
    """Live through the year as the scheduler does; `after` is called after each turn. The world must be served."""
    open_year(world)
    monitor = Monitor(world, Vault(home(folder)))
    played = Played(monitor)
    service = _service(played)
    while (at := service.next_at()) < ENDED:
        if AWAY[0] <= at < AWAY[1]:
            at = AWAY[1]
            world.advance(at)
            service = _service(played)  # because a machine that was off begins with what it finds at home
            service.note_unwatched()
        world.advance(max(at, world.now).astimezone(LONDON))
        played.done += [(world.now.astimezone(LONDON), p) for p in service.planned() if p.at <= world.now]
        played.failed += [(world.now, message) for message in service.turn()]
        after(played)
    return played


@dataclass
class Follower:
    """What a pass makes of each turn: files surveyed and kept, the register of that day, and what happens to alerts.

    It is `monitor.run` without figures: nothing is tidied, judged or divided, because no declaration here has a table.
    """

    folder: Path
    declared: Mapping[str, Publication] = field(default_factory=lambda: DECLARED)
    _frames: tuple[Any, ...] = ()
    _unclear: Any = None
    _superseded: Any = None
    _passes: int = 0
    _taken_in: int = 0

    def __call__(self, played: Played) -> None:
        """After a turn that looked at somebody, or that brought news of announced dates."""
        since, self._passes = played.passes[self._passes :], len(played.passes)
        if not any(_is_a_pass(watched) for _, watched in since):
            return
        vault, now = played.monitor.vault, played.monitor.clock()
        day = in_london(now).date()
        held, looks = self._held(vault), looks_of(vault, self.declared, day)
        asked = {"unclear": self._unclear, "superseded": self._superseded}
        found = register(self.declared, *held, as_of=day, looks=looks, **asked)
        commit(vault, found.gaps, now)

    def _held(self, vault: Vault) -> tuple[Any, ...]:
        """The store's artefacts, tables and breakdowns, once whatever came has been read."""
        new = vault.artefacts()[self._taken_in :]
        if new or not self._frames:
            self._taken_in += len(new)
            with Writer(home(self.folder)) as store, Intake(vault, self.declared, lambda _: None) as intake:
                if new:
                    observed = together([intake.observed(a) for a in new])
                    store.load(stage(self.folder / "staging.duckdb", observed), {}, [])
                tables, breakdowns, self._unclear = (
                    reads.inspected(store, name) for name in ("surveyed_table", "breakdown", "unclear")
                )
                self._frames = reads.artefacts(store), tables, breakdowns
                self._superseded = supersessions(self._frames[0], pl.DataFrame(schema=frame_schema("figure")), tables)
        return self._frames


def _is_a_pass(watched: Watched) -> bool:
    """Whether a pass follows: looks always, announced dates where there is news of them or they could not be asked."""
    told = watched.announced
    return bool(watched.looked or watched.failed or (told and (told.changed or told.ended)))


def _service(played: Played) -> Service:
    monitor = played.monitor

    def look(slugs: Sequence[str]) -> list[str]:
        watched = monitor.look(*(DECLARED[slug] for slug in slugs))
        played.passes.append((monitor.world.now, watched))
        return [f"{f.publication}: {f.reason}" for f in watched.failed]

    def ahead() -> list[str]:
        everybody = list(DECLARED.values())
        with monitor.session(everybody) as session:
            watched = look_ahead(everybody, monitor.vault, session, monitor.clock)
        played.passes.append((monitor.world.now, watched))
        return [f.reason for f in watched.failed]

    tasks = Tasks(look=look, look_ahead=ahead, deliver=lambda: ())
    place = home(monitor.vault.root.parent)
    return Service(place, DECLARED, read_cadences(CADENCES), tasks, monitor.said.append, monitor.clock)
