"""Recorded answers and the publisher's own examples, read unchanged. Needs ../shared/interfaces beside the checkout."""

import datetime as dt
import json
from pathlib import Path

import pytest
from world.fixtures import series

from monitor.declarations import publications
from monitor.settings import home
from monitor.store.vault import Vault
from pipelines.fetch import Answer, Finding, Validators
from pipelines.look import Announcement, Desk, Looked, Memory, look
from pipelines.look.govuk import Collection, Gone, Moved, Page, read_announcements, read_discovered, read_item

GOVUK = Path(__file__).resolve().parents[4] / "shared" / "interfaces" / "govuk"
RECORDED = GOVUK / "recorded-2024-11"
COLLECTIONS = sorted(p.stem for p in (RECORDED / "collections").glob("*.json") if "headers" not in p.name)
EXAMPLES = sorted((GOVUK / "examples").glob("*/frontend/*.json"))

pytestmark = pytest.mark.skipif(not RECORDED.exists(), reason="needs ../shared/interfaces/govuk beside the checkout")


class Recording:
    """A session that answers with the recorded collections, and 404 for all else."""

    requests = 0

    def page(self, url: str, known: Validators | None = None) -> Answer:
        path = RECORDED / "collections" / f"{url.rpartition('/')[2]}.json"
        found = path.exists()
        return Answer(url, 200 if found else 404, url, Validators(), body=path.read_bytes() if found else b"")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    memory = Memory.of(Vault(home(tmp_path)))
    return Desk(Recording(), memory, dt.datetime(2024, 11, 20, 16, 45), dt.timedelta(days=0))


def documents(slug: str) -> list[dict[str, object]]:
    return json.loads((RECORDED / "collections" / f"{slug}.json").read_text("utf-8"))["links"]["documents"]


@pytest.mark.parametrize("slug", COLLECTIONS)
def test_every_recorded_collection_is_read_and_none_of_its_documents_is_lost(slug: str, desk: Desk) -> None:
    looked = look(series(slug, slug.replace("-", " ")), desk)
    assert looked.status in ("new", "unchanged")
    assert {f.check for f in looked.findings} <= {"dead_link", "no_editions"}, "only the pages, which are not recorded"
    addresses = {e.url for e in looked.editions} | {url for e in looked.editions for url in e.also}
    assert len(addresses) + len(looked.besides) == len(documents(slug))


def declared(id: str, desk: Desk) -> Looked:
    known = publications()
    if id not in known:
        pytest.skip(f"{id} is not declared")
    return look(known[id], desk)


def test_quarters_across_punctuation_and_doubled_slugs_are_one_series(desk: Desk) -> None:
    collection = "/government/collections/offender-management-statistics-quarterly"
    omsq = series("omsq", "Offender management statistics quarterly", kind="govuk-collection", collection=collection,
                  editions=[r"^offender management statistics \(?quarterly\b"])  # fmt: skip
    names = [e.id for e in look(omsq, desk).editions]
    quarters = [f"{year}-Q{q}" for year in range(2024, 2012, -1) for q in (4, 3, 2, 1)]
    assert names[:46] == quarters[2:48]


def test_a_publisher_renamed_three_times_is_one_series(desk: Desk) -> None:
    looked = declared("prison-and-probation-workforce", desk)
    names = [e.id for e in looked.editions]
    months = [f"{year}-{month:02}" for year in range(2024, 2012, -1) for month in (12, 9, 6, 3)]
    assert names == months[2:47]
    assert "HMPPS workforce statistics: HMP Liverpool" in looked.besides


def test_midnight_in_london_is_the_next_day(desk: Desk) -> None:
    days = {e.id: str(e.published_on) for e in declared("safety-in-custody", desk).editions}
    assert (days["2023-12"], days["2024-06"]) == ("2024-04-25", "2024-10-31")


def test_the_collection_recorded_twice_gains_one_edition(tmp_path: Path) -> None:
    later = RECORDED / "contentapi_collection_prison-population-statistics.json"
    before = RECORDED / "collections" / "prison-population-statistics.json"
    findings: list[Finding] = []
    was, now = (read_item(p.read_bytes(), p.name, findings) for p in (before, later))
    assert isinstance(was, Collection)
    assert isinstance(now, Collection)
    assert (len(was.members), len(now.members)) == (16, 17)
    (new,) = {m.content_id: m for m in now.members}.keys() - {m.content_id for m in was.members}
    assert "2025" in next(m.title for m in now.members if m.content_id == new)


def test_all_63_files_of_a_publication_are_read() -> None:
    findings: list[Finding] = []
    page = read_item((RECORDED / "contentapi_prison-population-2012.json").read_bytes(), "page", findings)
    assert isinstance(page, Page)
    assert (len(page.attachments), findings) == (63, [])
    assert sum(a.media == "xls" for a in page.attachments) == 51
    assert str(page.published_on) == "2013-01-11"


def test_the_recorded_search_is_read_whole() -> None:
    findings: list[Finding] = []
    members = read_discovered((RECORDED / "search" / "search_00.json").read_bytes(), "search", findings)
    assert (len(members), findings) == (1086, [])
    assert read_announcements((RECORDED / "search" / "search_00.json").read_bytes(), "search", findings) == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: f"{p.parts[-3]}/{p.stem}")
def test_every_official_example_is_read_as_what_it_is(path: Path) -> None:
    kinds = {
        "document_collection": Collection,
        "statistics_announcement": Announcement,
        "redirect": Moved,
        "gone": Gone,
    }
    findings: list[Finding] = []
    item = read_item(path.read_bytes(), path.name, findings)
    assert isinstance(item, kinds.get(path.parts[-3], Page))
    without = isinstance(item, Collection) and "documents" not in json.loads(path.read_text("utf-8"))["links"]
    assert [f.check for f in findings] == (["empty_collection"] if without else [])


def example(name: str) -> object:
    (path,) = (p for p in EXAMPLES if p.stem == name)
    return read_item(path.read_bytes(), name, [])


def test_examples_say_what_matters() -> None:
    cancelled, changed = example("cancelled_official_statistics"), example("release_date_changed")
    assert isinstance(cancelled, Announcement)
    assert (cancelled.state, cancelled.reason) == ("cancelled", "Official Statistics")
    assert isinstance(changed, Announcement)
    assert (changed.previous, changed.reason) == ("19 January 2016 9:30am", "Amended after inputting an error.")
    assert example("gone_with_alternative_path") == Gone("Incorrect title", "/government/example")
    withdrawn, rolling = example("withdrawn_publication"), example("statistical_data_set_with_block_attachments")
    assert isinstance(withdrawn, Page)
    assert withdrawn.withdrawn
    assert isinstance(rolling, Page)
    assert rolling.attachments[0].name.endswith(".xls"), "its files are only links in its text"
