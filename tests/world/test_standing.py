"""Which file stands is asked of the edition's page, and the register, `diff`, vintages and figures say the same.

A yearly series is looked at and taken in, day after day, while its publisher corrects, adds, takes away and retitles.
"""

import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import dataclass

import openpyxl
import polars as pl
import pytest

from monitor.declarations import publications
from monitor.run import rebuild, take_in
from monitor.settings import Home
from monitor.settings import home as home_of
from monitor.store import reads
from monitor.store.database import Reader
from monitor.watch.register import SEPARATING
from pipelines.vintages import changes, states
from world import World, workbooks
from world.fixtures import Monitor
from world.server import Asset

SERIES = publications()["hate-crime"]
TITLE = "Hate crime, England and Wales, year ending March {}"
LAST, NOW = "2022-23", "2023-24"


def book(period: str, **varied: object) -> bytes:
    return workbooks.workbook(period, **varied)


@dataclass
class Watching:
    """A monitor that looks and takes in, with the world's clock."""

    world: World
    monitor: Monitor
    home: Home
    collection: str

    def edition(self, year: int, files: Mapping[str, bytes], slug: str = "") -> str:
        slug = slug or f"hate-crime-year-ending-march-{year}"
        return self.world.release(self.collection, slug, TITLE.format(year), dict(files))

    def attach(self, page: str, **files: bytes) -> None:
        """Put exactly these files on a page; those of the same bytes and name stay where they are."""
        now = self.world.documents[page]["details"]["attachments"]
        there = {a["filename"]: a for a in now}
        kept = [
            there.get(n) or self.world.attach(n, b) for n, b in ((k.replace("__", "."), v) for k, v in files.items())
        ]
        self.world.documents[page]["details"]["attachments"] = kept
        self.world.reissue(page)

    def passes(self, days: int = 1) -> pl.DataFrame:
        """Look and take in, on another day; the register then."""
        self.world.now += dt.timedelta(days=days)
        assert not self.monitor.look(SERIES).failed
        take_in(self.home, say=lambda _: None, as_of=self.world.now.date())
        with Reader(self.home) as store:
            return reads.gaps(store).filter(publication=SERIES.id)

    def ethnicity(self, found: pl.DataFrame) -> str:
        """What the register says of ethnicity as a whole: that it is there, well or badly, or another state."""
        state = found.filter(characteristic="ethnicity", level="publication")["state"].item()
        return "there" if state in SEPARATING else state

    def standing(self, edition: str = NOW) -> set[str]:
        """The names of the files that stand, as everybody says: vintages, figures, tables and breakdowns."""
        with Reader(self.home) as store:
            state = reads.state_of(store, SERIES.id, edition)
            names = dict(reads.artefacts(store).filter(edition_id=edition).select("sha256", "name").rows())
            of = {"publication": SERIES.id, "edition_id": edition}
            counted = store.frame(reads.STANDING).filter(**of)["artefact_sha256"]
            found = [
                set(state["artefact"]["sha256"]),
                set(reads.surveyed_tables(store).filter(**of)["artefact_sha256"]),
            ]
        assert found[0] == found[1]
        assert set(counted) <= found[0]
        return {names[sha] for sha in found[0]}

    def changed(self) -> set[tuple[str, str]]:
        """What is different between the vintages of the newest edition."""
        with Reader(self.home) as store:
            return set(changes(store, SERIES.id, [NOW]).select("change", "what").rows())

    def vintages(self) -> int:
        with Reader(self.home) as store:
            return len(next(s for s in states(store, SERIES.id) if s[0].edition == NOW))


@pytest.fixture
def watching(world: World, monitor: Monitor) -> Watching:
    """A series of which last year's edition was seen, and this year's is out since yesterday."""
    world.now = dt.datetime(2024, 10, 1, 10, tzinfo=dt.UTC)
    path = world.series("hate-crime-statistics", SERIES.title)
    watching = Watching(world, monitor, home_of(monitor.vault.root.parent), path)
    watching.edition(2023, {"tables-2023.xlsx": book("March 2023")})
    watching.passes()
    return watching


def test_a_corrected_file_under_a_new_name_takes_the_place_of_what_left_the_page(watching: Watching) -> None:
    page = watching.edition(2024, {"tables-2024.xlsx": book("March 2024")})
    assert watching.ethnicity(watching.passes()) == "there"
    watching.attach(page, **{"hate-crime-corrected.xlsx": book("March 2024", groups="none", shift=3)})
    found = watching.passes()
    assert watching.standing() == {"hate-crime-corrected.xlsx"}
    assert watching.ethnicity(found) == "dropped"
    assert found.filter(state="revised")["edition"].to_list() == [NOW]
    assert ("vanished", "table") in watching.changed()


def test_a_file_that_leaves_the_page_while_another_stays_no_longer_stands(watching: Watching) -> None:
    files = {"sex.xlsx": book("March 2024", groups="none"), "groups.xlsx": book("March 2024", shift=7)}
    page = watching.edition(2024, files)
    assert watching.ethnicity(watching.passes()) == "there"
    watching.attach(page, **{"sex.xlsx": files["sex.xlsx"]})
    assert watching.ethnicity(watching.passes()) == "dropped"
    assert watching.standing() == {"sex.xlsx"}
    assert watching.vintages() == 2, "that a file left is a state of the edition"
    before = watching.standing()
    rebuild(watching.home, say=lambda _: None, as_of=watching.world.now.date())
    assert watching.standing() == before


def test_two_files_of_one_name_that_a_page_lists_are_two(watching: Watching) -> None:
    page = watching.edition(2024, {"by-ethnicity.xlsx": book("March 2024")})
    watching.passes()
    first = watching.world.documents[page]["details"]["attachments"]
    second = watching.world.attach("by-ethnicity.xlsx", book("March 2024", shift=500, first_table=3))
    watching.world.documents[page]["details"]["attachments"] = [*first, second]
    watching.world.reissue(page)
    found = watching.passes()
    assert found.filter(state="revised").is_empty()
    with Reader(watching.home) as store:
        assert reads.state_of(store, SERIES.id, NOW)["artefact"].height == 2


def test_the_same_bytes_at_another_address_stand(watching: Watching) -> None:
    body = book("March 2024")
    page = watching.edition(2024, {"tables-2024.xlsx": body})
    watching.passes()
    watching.world.now += dt.timedelta(hours=1)
    again = watching.world.attach("tables-2024.xlsx", body)
    other = watching.world.attach("more.xlsx", book("March 2024", groups="none", shift=9, first_table=5))
    watching.world.documents[page]["details"]["attachments"] = [again, other]
    watching.world.reissue(page)
    watching.passes()
    assert watching.standing() == {"tables-2024.xlsx", "more.xlsx"}


def test_a_mistitled_edition_takes_its_file_with_it_when_it_is_retitled(watching: Watching) -> None:
    page = watching.edition(2022, {"tables.xlsx": book("March 2024")})
    watching.passes(days=0)
    watching.world.now += dt.timedelta(hours=1)
    watching.world.reissue(page, title=TITLE.format(2024))
    found = watching.passes(days=0)
    assert {a.edition_id for a in watching.monitor.held() if a.name == "tables.xlsx"} == {NOW}
    assert watching.standing() == {"tables.xlsx"}
    assert watching.ethnicity(found) == "there"
    with Reader(watching.home) as store:
        assert {s[0].edition for s in states(store, SERIES.id)} == {LAST, NOW}


def test_a_second_file_that_comes_forty_minutes_later_accuses_nobody(watching: Watching) -> None:
    sexes = book("March 2024", groups="none")
    watching.edition(2023, {"tables-2023.xlsx": book("March 2023")})
    page = watching.edition(2024, {"sex.xlsx": sexes})
    found = watching.passes()
    assert found.filter(state="dropped")["awaits"].null_count() == 0
    watching.world.now += dt.timedelta(minutes=40)
    watching.attach(page, **{"sex.xlsx": sexes, "groups.xlsx": book("March 2024", shift=1)})
    assert watching.ethnicity(watching.passes(days=0)) == "there"


def test_pages_that_do_not_answer_take_nothing_back(watching: Watching) -> None:
    """An edition has a page more, and that does not answer."""
    from world import broken

    first = watching.edition(2024, {"sex.xlsx": book("March 2024", groups="none")})
    second = watching.edition(2024, {"groups.xlsx": book("March 2024", shift=4)}, slug="hate-crime-2024-by-group")
    watching.passes()
    assert watching.standing() == {"sex.xlsx", "groups.xlsx"}
    watching.world.reissue(first)
    watching.world.lay(f"/api/content{second}", broken.status(503))
    watching.world.now += dt.timedelta(days=1)
    watching.monitor.look(SERIES)
    take_in(watching.home, say=lambda _: None, as_of=watching.world.now.date())
    assert watching.standing() == {"sex.xlsx", "groups.xlsx"}


def in_part(body: bytes) -> bytes:
    """A workbook of which the table by ethnic group has lost what its rows are called."""
    book = openpyxl.load_workbook(io.BytesIO(body))
    sheet = book["Table_2"]
    for row in range(4, sheet.max_row):
        sheet.cell(row, 1).value = f"xq{row} zv"
    sheet["A3"] = "Kvq"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("name", ["tables-2024.xlsx", "tables-2024-corrected.xlsx"])
def test_a_correction_that_could_only_be_read_in_part_takes_the_place_of_nothing_until_it_can(
    watching: Watching, name: str
) -> None:
    page = watching.edition(2024, {"tables-2024.xlsx": book("March 2024")})
    watching.passes()
    (first,) = (a.sha256 for a in watching.monitor.held() if a.edition_id == NOW)
    watching.world.documents[page]["details"]["attachments"] = [
        watching.world.attach(name, in_part(book("March 2024", shift=3)))
    ]
    watching.world.reissue(page)
    found = watching.passes()
    assert watching.ethnicity(found) == "there"
    assert found.filter(pl.col("state").is_in(["dropped", "revised"])).is_empty()
    assert watching.standing() == {"tables-2024.xlsx"}
    with Reader(watching.home) as store:
        assert reads.state_of(store, SERIES.id, NOW)["artefact"]["sha256"].to_list() == [first]
        (said,) = reads.findings(store).filter(check="read_in_part")["message"]
    assert said.startswith(f"{name} could only be read in part, and tables-2024.xlsx")
    before = watching.standing()
    rebuild(watching.home, say=lambda _: None, as_of=watching.world.now.date())
    assert watching.standing() == before
    watching.world.documents[page]["details"]["attachments"] = [
        watching.world.attach("tables-2024-again.xlsx", book("March 2024", shift=3))
    ]
    watching.world.reissue(page)
    watching.passes()
    assert watching.standing() == {"tables-2024-again.xlsx"}
    with Reader(watching.home) as store:
        assert reads.findings(store).filter(check="read_in_part").is_empty()


def test_a_table_that_moves_from_a_workbook_to_a_web_page_is_seen_there(watching: Watching) -> None:
    page = watching.edition(2024, {"tables-2024.xlsx": book("March 2024", groups="none")})
    rows = workbooks.sheets("March 2024")[-1][1]
    lines = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in rows[2:])
    body = f"<!DOCTYPE html><html><body><table><caption>{rows[0][0]}</caption>{lines}</table></body></html>"
    web = {"attachment_type": "html", "id": "1", "title": "Hate crime: tables", "url": f"{page}/tables"}
    watching.world.documents[page]["details"]["attachments"].append(web)
    watching.world.pages[f"{page}/tables"] = Asset(body.encode(), "text/html", watching.world.now)
    found = watching.passes()
    assert watching.ethnicity(found) == "there"
    assert found.filter(pl.col("state").is_in(["dropped", "not_read"])).is_empty()
    assert watching.standing() == {"tables-2024.xlsx", "tables.html"}
