"""The catalogue: every release is declared, every expectation says who, where and when, and nothing is a guess.

The list of releases, and the publisher's collections as recorded in November 2024, lie beside the checkout; where
they are absent those tests are skipped.
"""

import json
import re
from calendar import month_name
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from monitor.declarations import Publication, baselines, publications, sources
from monitor.vocabulary import CHARACTERISTICS

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
CATALOGUE = SHARED / "reference" / "catalogue.yaml"
COLLECTIONS = SHARED / "interfaces" / "govuk" / "recorded-2024-11" / "collections"

needs_catalogue = pytest.mark.skipif(not CATALOGUE.exists(), reason="the catalogue is in ../shared, which is not here")
needs_collections = pytest.mark.skipif(not COLLECTIONS.exists(), reason="recorded pages are in ../shared, not here")

CODES = {
    "eth": "ethnicity",
    "age": "age",
    "sex": "sex",
    "dis": "disability",
    "rel": "religion",
    "so": "sexual_orientation",
    "gr": "gender_reassignment",
    "mcp": "marriage_and_civil_partnership",
    "pm": "pregnancy_and_maternity",
    "nat": "nationality",
    "ld": "learning_disability",
    "grt": "gypsy_roma_traveller",
}
SURE = {"E": "seen", "EM": "in part", "M": "to verify"}
DESIGNATIONS = {
    "accredited official statistics",
    "official statistics",
    "official statistics in development",
    "transparency data",
    "mixed",
    "not official statistics",
}
ALL = sorted(publications().values(), key=lambda p: p.id)
each = pytest.mark.parametrize("publication", ALL, ids=lambda p: p.id)


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """The releases by id: flat `key: "value"` lines under each `- id:`."""
    found: dict[str, dict[str, str]] = {}
    for line in CATALOGUE.read_text("utf-8").splitlines():
        if entry := re.fullmatch(r'(- |  )(\w+): "(.*)"', line):
            if entry[1] == "- ":
                found[entry[3]] = {}
            elif found:
                found[next(reversed(found))][entry[2]] = entry[3]
    return found


def called(name: str) -> list[Publication]:
    return [p for p in ALL if name in (p.id, *p.aliases)]


def releases() -> list[str]:
    return sorted(catalogue()) if CATALOGUE.exists() else []


# --- every release ------------------------------------------------------------------------------------------------


@needs_catalogue
def test_all_48_releases_are_declared_once_each_as_a_release() -> None:
    assert len(catalogue()) == 48
    assert {name: len(called(name)) for name in catalogue()} == dict.fromkeys(catalogue(), 1)
    assert [name for name in catalogue() if called(name)[0].part_of] == []


@needs_catalogue
@pytest.mark.parametrize("name", releases())
def test_a_declaration_says_no_more_than_is_known_of_the_release(name: str) -> None:
    release, (publication,) = catalogue()[name], called(name)
    assert publication.sure == SURE[release["ev"]]
    assert publication.contact == release.get("contact", "")


@needs_catalogue
@pytest.mark.parametrize("name", releases())
def test_breakdowns_are_those_of_the_release_and_doubtful_ones_are_not_said_to_be_seen(name: str) -> None:
    release, (publication,) = catalogue()[name], called(name)
    words = [word for word in release["chars"].split() if word.rstrip("?") in CODES]
    declared = {c for p in publication.practice for c in p.characteristics}
    seen = {c for p in publication.practice if p.sure == "seen" for c in p.characteristics}
    assert {CODES[word.rstrip("?")] for word in words if not word.endswith("?")} <= declared
    assert seen.isdisjoint(CODES[word.rstrip("?")] for word in words if word.endswith("?"))


@needs_catalogue
@pytest.mark.parametrize("name", releases())
def test_the_collection_is_the_one_that_lists_the_release(name: str) -> None:
    release, (publication,) = catalogue()[name], called(name)
    slug = re.match(r"C:([\w-]+)", release["collection"])
    if slug:
        assert f"/government/collections/{slug[1]}" in (publication.collection, *publication.pages)


# --- every declaration ---------------------------------------------------------------------------------------------


@each
def test_a_declaration_can_be_watched(publication: Publication) -> None:
    assert publication.kind
    assert publication.calendar is not None
    assert publication.calendar.usual
    assert publication.verified
    assert publication.designation in DESIGNATIONS
    assert publication.collection or publication.pages or publication.search or publication.datasets


@each
def test_every_expectation_has_a_basis_a_source_and_a_date(publication: Publication) -> None:
    for expected in publication.expected():
        assert len(expected.basis.split()) >= 3, expected
        assert len(expected.source.split()) >= 2, expected
        assert expected.since.year >= 1991


@each
def test_only_what_a_source_says_stands_as_never_published_or_promised(publication: Publication) -> None:
    for expected in publication.expected():
        if expected.state != "practice":
            assert expected.sure == "seen", expected
            assert re.search(r"\b(19|20)\d\d\b", expected.source), expected


@each
def test_every_known_gap_says_what_and_where_it_was_seen(publication: Publication) -> None:
    for known in publication.known:
        assert known.what.endswith("."), known
        assert known.sure != "seen" or "to cite" not in known.source, known


@each
def test_a_characteristic_is_not_both_expected_of_a_look_and_known_never_to_come(publication: Publication) -> None:
    never = {k.characteristic for k in publication.known if k.state == "never_published" and not k.crossed}
    assert never.isdisjoint(c for p in publication.practice for c in p.characteristics)


@each
def test_what_a_declaration_refers_to_exists(publication: Publication) -> None:
    ids = set(sources())
    referred = [publication.part_of, publication.continued_by, *(d.publication for d in publication.denominator)]
    assert {name for name in referred if name} <= ids
    assert {d.baseline for d in publication.denominator if d.baseline} <= set(baselines())


def test_no_name_means_two_publications() -> None:
    names = Counter([*sources(), *(alias for p in ALL for alias in p.aliases)])
    assert [name for name, n in names.items() if n > 1] == []


def test_each_of_the_nine_is_expected_somewhere() -> None:
    nine = {c.id for c in CHARACTERISTICS if c.protected}
    assert nine <= {e.characteristic for p in ALL for e in p.expected()}


SAYS_ITS_DAY = [
    p
    for p in ALL
    if p.calendar and p.calendar.months and len(p.calendar.months) < 12 and "with " not in p.calendar.usual
]


@pytest.mark.parametrize("publication", SAYS_ITS_DAY, ids=lambda p: p.id)
def test_the_usual_day_in_words_is_the_day_that_is_counted(publication: Publication) -> None:
    calendar = publication.calendar
    assert calendar is not None
    named = [month_name[m] for m in calendar.months if month_name[m] not in calendar.usual]
    assert named == []
    assert all(
        word in calendar.usual for word in (calendar.which, calendar.weekday) if word and calendar.sure == "seen"
    )


# --- titles, as the publisher has them ------------------------------------------------------------------------------


@cache
def recorded(collection: str) -> dict[str, str]:
    """Title by address of what a collection listed in November 2024."""
    file = COLLECTIONS / f"{collection.rpartition('/')[2]}.json"
    if not file.exists():
        return {}
    return {d["base_path"]: d["title"] for d in json.loads(file.read_text("utf-8"))["links"]["documents"]}


@needs_collections
@pytest.mark.parametrize(
    ("name", "editions"),
    [
        ("omsq", 47),
        ("safety-in-custody", 47),
        ("offender-equalities", 11),
        ("staff-equalities", 8),
        ("youth-justice", 15),
        ("safety-cypse", 15),
        ("ecjs", 8),
        ("deaths-community", 9),
        ("covid-monthly", 31),
        ("secure-treatment", 8),
        ("coroners", 13),
    ],
)
def test_every_edition_in_a_recorded_collection_is_found(name: str, editions: int) -> None:
    (publication,) = called(name)
    titles = recorded(publication.collection).values()
    assert sum(publication.is_edition(title) for title in titles) == editions


@needs_collections
@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("omsq", "changes-to-offender-management-statistics-quarterly-and-annual-editions"),
        ("omsq", "offender-management-statistics-quarterly-earlier-editions"),
        ("workforce", "hmpps-workforce-statistics-hmp-liverpool"),
        ("workforce", "hmpps-workforce-prison-officer-recruitment-management-information-august-2017"),
        ("reoffending", "serious-further-offences"),
        ("youth-justice", "guide-to-youth-justice-statistics"),
        ("youth-justice", "assessing-the-needs-of-sentenced-children-in-the-youth-justice-system"),
        ("ccsq", "guide-to-language-interpreter-and-translation-services-statistics"),
        ("coroners", "guide-to-civil-and-administrative-justice-statistics"),
        ("secure-treatment", "pathways-between-probation-and-addiction-treatment-in-england"),
    ],
)
def test_guides_and_pages_of_other_series_are_not_editions(name: str, page: str) -> None:
    (publication,) = called(name)
    (title,) = [t for path, t in recorded(publication.collection).items() if path.endswith(f"/{page}")]
    assert not publication.is_edition(title)


@needs_collections
def test_what_a_search_by_ministry_loses_its_collection_still_gives() -> None:
    (children,), (workforce,) = called("youth-justice"), called("workforce")
    years = [t for t in recorded(children.collection).values() if children.is_edition(t)]
    assert {"Youth justice statistics: 2020 to 2021", "Youth justice statistics: 2022 to 2023"} <= set(years)
    quarters = [t for t in recorded(workforce.collection).values() if workforce.is_edition(t)]
    assert any(t.endswith("September 2023") for t in quarters)
    assert any(t.endswith("June 2024") for t in quarters)
