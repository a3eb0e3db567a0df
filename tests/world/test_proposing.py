"""A declared address that does not answer is searched for by title and organisation; a person accepts what fits."""

import tomllib
from pathlib import Path

import pytest

from monitor.declarations import parse, publications
from monitor.declarations.publication import Publication
from world import World, broken, items, workbooks
from world.items import Item

KNIFE = next(p for p in publications().values() if "knife" in p.title.lower())
ELSEWHERE = next(p for p in publications().values() if p.kind == "link-list" and p.is_counted)
GOVUK = "https://www.gov.uk"


def of(item: Item, organisation: str, *collections: str) -> None:
    """Let a page say whose it is and which collections list it."""
    item["links"]["organisations"] = [{"title": organisation, "base_path": "/government/organisations/x"}]
    item["links"]["document_collections"] = [{"title": "", "base_path": path} for path in collections]


@pytest.fixture
def moved(world: World) -> World:
    """A world in which the series is in another collection, and others have titles like it."""
    there = world.series("knife-crime-justice", KNIFE.title)
    for month in ("March", "June"):
        title = f"{KNIFE.title}: January to {month} 2024"
        path = world.release(there, f"knife-{month.lower()}-2024", title, {"k.xlsx": workbooks.workbook(month)})
        of(world.documents[path], "Ministry of Justice", there)
    path = world.release(None, "knife-survey", f"{KNIFE.title}: a survey")
    of(world.documents[path], "Somebody else")
    return world


def test_candidates_are_named_best_first_with_why_and_nothing_is_taken(moved: World, cli, tmp_path: Path) -> None:
    found = cli("fetch", "--propose", KNIFE.id, "--json", home=tmp_path).document
    assert f"{GOVUK}{KNIFE.collection}: does not answer (status 404)" in found["declared"]
    best, other = found["candidates"]
    assert best["address"] == f"{GOVUK}/government/collections/knife-crime-justice"
    assert best["title"] == KNIFE.title
    assert "a collection of 2 documents" in best["why"]
    assert (other["organisations"], other["address"]) == (
        ["Somebody else"],
        f"{GOVUK}/government/statistics/knife-survey",
    )
    assert not any("/media/" in request.path for request in moved.requests), "no file is fetched"
    assert not (tmp_path / "vault" / "journal.jsonl").exists()


def test_what_accepts_one_is_a_line_of_the_declaration_that_then_loads_and_is_looked_at(
    moved: World, cli, tmp_path: Path
) -> None:
    best = cli("fetch", "--propose", KNIFE.id, "--json", home=tmp_path).document["candidates"][0]
    lines = Path(best["file"]).read_text("utf-8").splitlines()
    (line,) = best["write"]
    assert lines[best["line"] - 1].startswith("collection = ")
    lines[best["line"] - 1] = line
    accepted = parse(Publication, "\n".join(lines), best["file"])
    assert GOVUK + accepted.collection == best["address"]
    said = cli("fetch", "--propose", KNIFE.id, home=tmp_path).out
    assert f"1. {KNIFE.title}" in said and f"line {best['line']}, in place of what is there:\n     {line}" in said
    assert "Nothing was changed." in said


def test_an_edition_leads_to_the_collection_that_lists_it(moved: World, cli, tmp_path: Path) -> None:
    title, members = moved.collections["/government/collections/knife-crime-justice"]
    moved.collections["/government/collections/knife-crime-justice"] = ("Sharp things", members)
    moved.collections["/government/collections/other"] = (f"{title} of long ago", [])
    best = cli("fetch", "--propose", KNIFE.id, "--json", home=tmp_path).document["candidates"]
    assert f"{GOVUK}/government/collections/other" in [c["address"] for c in best]
    moved.collections["/government/collections/knife-crime-justice"] = ("Knife and weapon sentencing", members)
    best = cli("fetch", "--propose", KNIFE.id, "--json", home=tmp_path).document["candidates"]
    assert f"{GOVUK}/government/collections/knife-crime-justice" in [c["address"] for c in best]


def test_another_kind_of_address_is_accepted_with_its_kind(world: World, cli, tmp_path: Path) -> None:
    world.series("moved", ELSEWHERE.title)
    best = cli("fetch", "--propose", ELSEWHERE.id, "--json", home=tmp_path).document["candidates"][0]
    assert tomllib.loads("\n".join(best["write"]))["kind"] == "govuk-collection"


@pytest.mark.parametrize("link", ["https://evil.example/x", "//evil.example/x", "javascript:alert(1)", ""])
def test_nothing_is_proposed_that_is_not_a_page_of_the_site(world: World, cli, tmp_path: Path, link: str) -> None:
    body = b'{"results": [{"title": "%s", "link": "%s"}]}' % (KNIFE.title.encode(), link.encode())
    world.lay("/api/search.json", broken.body(body))
    answer = cli("fetch", "--propose", KNIFE.id, home=tmp_path)
    assert "names no page like it" in answer.out
    assert answer.code == 0


def test_a_search_that_does_not_answer_is_told(world: World, cli, tmp_path: Path) -> None:
    world.lay("/api/search.json", broken.status(403))
    answer = cli("fetch", "--propose", KNIFE.id, home=tmp_path)
    assert answer.code == 1
    assert "JUSTICE_MONITOR_CONTACT" in answer.err


def test_it_takes_one_publication_that_is_declared_and_fetches_nothing_beside(
    world: World, cli, tmp_path: Path
) -> None:
    assert cli("fetch", KNIFE.id, "--propose", KNIFE.id, home=tmp_path).code == 2
    assert cli("fetch", "--propose", "no-such-publication", home=tmp_path).code == 2
    assert world.requests == []


def test_a_pass_that_finds_a_declared_address_dead_names_the_search(world: World, cli, tmp_path: Path) -> None:
    answer = cli("fetch", KNIFE.id, home=tmp_path)
    assert f"`justice-monitor fetch --propose {KNIFE.id}`" in answer.err


def test_and_one_that_shows_no_collection_does_too(world: World, cli, tmp_path: Path) -> None:
    there = KNIFE.collection
    world.documents[there] = items.announcement(there, "Knives", display="May 2024", release=world.now, saved=world.now)
    answer = cli("fetch", KNIFE.id, home=tmp_path)
    assert "expected a collection, found a announcement" in answer.err
    assert f"`justice-monitor fetch --propose {KNIFE.id}`" in answer.err
