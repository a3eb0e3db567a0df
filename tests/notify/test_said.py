"""What is said: an alert that can be forwarded as it stands, its wording, templates, and the files that are written."""

import json
import re
from datetime import date, datetime, timedelta
from html.parser import HTMLParser

import pytest
from lxml import etree

from monitor.declarations import publications
from monitor.notify.forward import WORDINGS, forwardable
from monitor.notify.templates import OURS, TemplateError, Templates
from monitor.vocabulary import CHARACTERISTICS, GAP_CODES
from monitor.watch import alerts as life
from monitor.watch.alerts import kinds
from tests.alerts.made import MONDAY, OTHER, PUBLICATION, Journal, nothing_held, present, row
from tests.notify.conftest import person, post

DAY = timedelta(days=1)
SHA = "ab" * 32
ARTEFACT = {
    "sha256": SHA, "original_sha256": SHA, "publication": PUBLICATION, "edition_id": "2024-06-30", "kind": "original",
    "name": "Population_30June2024.ods", "edition_title": "Prison population: 30 June 2024",
    "published_on": date(2024, 7, 25),
}  # fmt: skip
BEFORE = {
    "publication": PUBLICATION, "edition_id": "2024-03-31", "artefact_sha256": "cd" * 32, "sheet": "A1_7",
    "characteristic": "ethnicity", "cells": ["A4:G29"], "categories": ["Asian", "Black"],
}  # fmt: skip
DROPPED = row("dropped", severity="S1", last_seen="2024-03-31", reason="Edition 2024-06-30 does not separate people.")
PROMISED = row(
    "never_published", "prison-covid-19", severity="S1", edition=None, measure="covid-19-infections-and-deaths",
    confidence="stated", since=date(2020, 6, 26), evidence=json.dumps({"source": "PSR0053", "files_inspected": 0}),
)  # fmt: skip


def alert_of(*register, acts=()):
    journal = Journal().began(MONDAY - 7 * DAY)
    journal.run(register, MONDAY)
    for act in acts:
        journal.keep(act(journal.alerts(register)[0]))
    return journal.alerts(register)[0]


def ready(*register, acts=(), templates=None, **held):
    held = held or {"artefact": [ARTEFACT], "breakdown": [BEFORE]}
    return forwardable(alert_of(*register, acts=acts), nothing_held(**held), templates or Templates(), MONDAY)


# --- it can be forwarded ------------------------------------------------------------------------------------------


def test_an_alert_says_who_what_where_when_and_why() -> None:
    said = ready(DROPPED)
    assert said.who == publications()[PUBLICATION].publisher
    assert said.missing.startswith("Ethnicity, in Offender management statistics quarterly")
    assert "self-defined ethnicity" in said.looked_for
    assert f"Population_30June2024.ods, edition 2024-06-30, SHA-256 {SHA}" in said.looked_in
    assert "sheets: A1_7" in said.looked_in
    assert said.last_seen == f"edition 2024-03-31, sheet A1_7, cells A4:G29; SHA-256 {'cd' * 32}"
    assert "inspected" in said.confidence
    assert said.matters[0].startswith("A series that people rely on has stopped")


def test_what_was_asked_of_the_publisher_is_the_reason_and_is_quoted_with_its_source() -> None:
    said = ready(PROMISED)
    assert "asks HMPPS to publish infections and deaths" in said.expected
    assert "PSR0053, House of Lords Public Services Committee" in said.expected
    assert said.last_seen == "never, in what is held"
    assert "a source says so" in said.confidence


def test_why_it_matters_is_told_with_the_last_known_figures(starter_store) -> None:
    from monitor.notify.forward import Held

    held = Held.of(starter_store)
    of_prison, of_covid = (forwardable(alert_of(r), held, Templates(), MONDAY) for r in (DROPPED, PROMISED))
    assert "Last known: On 30 June 2023" in of_prison.matters[1]
    assert "people from the Black ethnic group were 12.3% of people in prison" in of_prison.matters[1]
    assert "3.89 times as likely to be in prison" in of_prison.matters[1]
    assert "(95% interval 3.81 to 3.97)" in of_prison.matters[1]
    assert of_covid.matters[1].startswith("Of the people concerned: On 30 June 2023")


def test_without_figures_it_says_so() -> None:
    assert ready(DROPPED).matters[1] == "No figures of it are held."


@pytest.mark.parametrize("code", sorted(set(GAP_CODES.values()) & set(kinds())))
@pytest.mark.parametrize("characteristic", ["all", *(c.id for c in CHARACTERISTICS)])
def test_every_kind_of_gap_of_every_characteristic_can_be_told(code, characteristic) -> None:
    state = next(s for s, c in GAP_CODES.items() if c == code)
    said = ready(row(state, characteristic=characteristic))
    assert said.problems == ()
    assert {"producer"} <= set(said.wording) <= set(WORDINGS[kinds()[code].family])
    whole = " ".join([said.title, said.missing, said.looked_for, *said.matters, *said.wording.values()])
    assert not re.search(r"\{|\}|None|\s,|\S  +\S", whole)  # a hole that nothing filled


def test_every_release_can_be_written_about() -> None:
    for slug, publication in publications().items():
        said = ready(row("dropped", slug))
        assert publication.title in said.wording["foi"]
        assert ("pq" in said.wording) == (slug != "written-questions")


# --- ready wording ------------------------------------------------------------------------------------------------


def test_the_request_under_the_act_names_what_is_wanted_and_what_to_do_with_small_numbers() -> None:
    assert ready(DROPPED).wording["foi"] == (
        "Under the Freedom of Information Act 2000 please provide, for Offender management statistics quarterly: "
        "annual prison population, the numbers by self-defined ethnicity at the most detailed level held (18+1 groups, "
        "or 5+1 where that is all there is), by sex and age band where held, for Prison population: 30 June 2024, in "
        "CSV or ODS. Please include the number with ethnicity unknown. If small numbers are a concern please suppress "
        "cells below 5 and send the rest. If this is held but intended for publication, please give the date (section "
        "22). If cost limits apply, please start with 2024-06-30 and advise what fits (section 16).\n"
    )


def test_the_written_question_is_short_factual_and_to_one_department() -> None:
    assert ready(PROMISED).wording["pq"] == (
        "To ask the Secretary of State for Justice, what the numbers were for COVID-19 infections and deaths for each "
        "period since 26 June 2020, broken down by ethnic group; and when the Department plans to include that "
        "breakdown in HM Prison and Probation Service COVID-19 official statistics.\n"
    )
    assert (
        ready(row("dropped", OTHER)).wording["pq"].startswith("To ask the Secretary of State for the Home Department, ")
    )


def test_the_letter_to_the_producer_says_what_was_found_and_what_there_was_before() -> None:
    letter = ready(DROPPED).wording["producer"]
    assert "no longer includes ethnicity" in letter
    assert "published 25 July 2024" in letter
    assert "Last included: edition 2024-03-31, table A1_7." in letter


def test_the_regulator_is_written_to_after_the_producer_and_told_when() -> None:
    assert ready(DROPPED).wording["osr"].startswith("Write to the producer first")
    asked = ready(DROPPED, acts=[lambda a: life.raised(a, MONDAY, "ann", "producer", "REF-7")])
    assert "The producer was asked on 4 November 2024 (REF-7)" in asked.wording["osr"]
    assert "regulation@statistics.gov.uk" in asked.wording["osr"]


def test_what_only_changed_has_a_letter_and_no_request() -> None:
    assert set(ready(row("renumbered", characteristic="all")).wording) == {"producer"}


def test_the_next_step_follows_from_where_it_stands() -> None:
    def step(*acts):
        return ready(DROPPED, acts=acts).next_step

    assert step().startswith("Write to the producer")
    raised = [lambda a: life.raised(a, MONDAY, "ann", "foi")]
    assert "due by 2 December 2024" in step(*raised)
    refused = [*raised, lambda a: life.answered(a, MONDAY, "ann", "refused", "Cost")]
    assert "Office for Statistics Regulation" in step(*refused)


# --- templates ----------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "mine").mkdir()
    return tmp_path / "mine"


def test_a_template_of_ones_own_stands_instead_of_ours(folder) -> None:
    (folder / "foi.txt.j2").write_text("Please send {{ measure }} by {{ groups }}.")
    said = ready(DROPPED, templates=Templates(folder))
    assert said.wording["foi"].endswith("annual prison population by ethnic group.\n")
    assert said.wording["pq"] == ready(DROPPED).wording["pq"]


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("Dear\n{{ mesure }}", "mine/foi.txt.j2, line 2: unknown field 'mesure'; did you mean measure"),
        ("{% if false %}{{ mesure }}{% endif %}", "unknown field 'mesure'"),
        ("{{ measure", "mine/foi.txt.j2, line 1:"),
        ("{{ measure.nothing.more }}", "mine/foi.txt.j2"),
        ("{{ 1 / 0 }}", "mine/foi.txt.j2"),
        ("{{ ''.__class__.__mro__ }}", "mine/foi.txt.j2"),
    ],
)
def test_a_template_that_cannot_be_used_is_one_message_and_the_other_words_stand(folder, template, says) -> None:
    (folder / "foi.txt.j2").write_text(template)
    said = ready(DROPPED, templates=Templates(folder))
    (problem,) = said.problems
    assert says in problem and "Mend the template" in problem
    assert "foi" not in said.wording
    assert set(said.wording) == {"producer", "pq", "osr"}


def test_a_letter_that_cannot_be_made_is_sent_in_our_words_and_the_operator_is_told(watching, post_office) -> None:
    (watching.home.root / "mine").mkdir()
    (watching.home.root / "mine" / "digest.txt.j2").write_text("{{ nothing_like_it }}")
    watching.settings('templates = "mine"\n' + post(post_office.port) + person())
    watching.deliver()
    watching.run(DROPPED, present(OTHER))
    done = watching.deliver()
    assert [o.result for o in done.outcomes] == ["sent"]
    assert not done.is_complete
    assert "mine/digest.txt.j2, line 1: unknown field 'nothing_like_it'" in done.shortcomings(watching.now)[0]
    assert "Freedom of Information" in post_office.mails[0].get_body(("plain",)).get_content()


def test_every_template_of_ours_is_tried_here() -> None:
    wordings = {f"{route}.txt.j2" for family in WORDINGS.values() for route in family}
    others = {"alert.txt.j2", "digest.txt.j2", "digest.html.j2", "feed.atom.j2"}
    assert {p.name for p in OURS.iterdir()} == wordings | others
    with pytest.raises(TemplateError, match="no such template"):
        Templates().render("none.txt.j2")


# --- the letter ---------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """Headings in order, the language, text, and tags that were left open."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.open: list[str] = []
        self.attributes: dict[str, dict[str, str | None]] = {}

    def handle_starttag(self, tag, attrs):
        self.attributes.setdefault(tag, dict(attrs))
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in ("meta", "br", "link", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture
def html(watching, post_office) -> str:
    watching.settings('site = "https://example.org/"\n' + post(post_office.port) + person())
    watching.deliver()
    watching.run({**DROPPED, "reason": "<script>alert(1)</script> & more"}, row("unknown_share"), present(OTHER))
    watching.deliver()
    return post_office.mails[0].get_body(("html",)).get_content()


def test_the_html_letter_has_a_language_a_title_and_headings_in_order(html) -> None:
    page = Page()
    page.feed(html)
    assert page.open == []
    assert page.attributes["html"]["lang"] == "en-GB"
    assert page.headings[0] == 1 and page.headings.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(page.headings, page.headings[1:], strict=False))
    assert "img" not in page.attributes and "table" not in page.attributes


def test_what_a_publisher_wrote_is_no_markup(html) -> None:
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in html


def test_the_letter_says_what_was_asked_for(html) -> None:
    assert "alerts of severity S2 and graver on every characteristic, in every publication" in html


# --- files --------------------------------------------------------------------------------------------------------

ATOM = "{http://www.w3.org/2005/Atom}"
FILES = """
[[channel]]
name = "feed"
kind = "atom"
file = "alerts/a.atom"

[[channel]]
name = "document"
kind = "json"
file = "alerts/a.json"
"""


@pytest.fixture
def written(watching):
    watching.settings(FILES)
    watching.run(DROPPED, present(OTHER))
    watching.deliver()
    return watching


def entries(watching) -> list[etree._Element]:
    feed = etree.parse(watching.home.root / "alerts" / "a.atom").getroot()
    for element in (feed, *feed.iter(f"{ATOM}entry")):  # what RFC 4287 asks of a feed and of each entry
        assert all(len(element.findall(f"{ATOM}{name}")) == 1 for name in ("id", "title", "updated"))
        assert element.findtext(f"{ATOM}id").startswith("tag:")
        datetime.fromisoformat(element.findtext(f"{ATOM}updated"))
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    return list(feed.iter(f"{ATOM}entry"))


def test_the_feed_has_an_entry_for_each_transition_with_an_id_that_stays(written) -> None:
    (first,) = entries(written)
    before = first.findtext(f"{ATOM}id")
    written.run(present(), present(OTHER))
    written.deliver()
    newest, oldest = entries(written)
    assert "closed by the register" in newest.findtext(f"{ATOM}content")
    assert oldest.findtext(f"{ATOM}id") == before
    assert newest.findtext(f"{ATOM}id") != before


def test_files_are_the_same_bytes_until_something_happens(written) -> None:
    feed = written.home.root / "alerts" / "a.atom"
    before, changed, journal = feed.read_bytes(), feed.stat().st_mtime_ns, written.journal()
    written.deliver(DAY)
    assert (feed.read_bytes(), feed.stat().st_mtime_ns) == (before, changed)
    assert '"feed"' not in written.journal().removeprefix(journal)


def test_an_empty_feed_is_a_feed(watching) -> None:
    watching.settings(FILES)
    watching.deliver()
    assert entries(watching) == []


def test_the_document_has_the_keys_that_other_programs_rely_on(written) -> None:
    (alert,) = json.loads((written.home.root / "alerts" / "a.json").read_text())
    keys = "id code severity state publication edition characteristic title opened evidence wording"
    assert set(keys.split()) <= set(alert)
    assert (alert["code"], alert["severity"], alert["state"]) == ("DR", "S1", "confirmed")


def test_a_file_that_cannot_be_written_keeps_nobody_from_being_told(watching, post_office) -> None:
    (watching.home.root / "alerts").write_text("a file where a folder should be")
    watching.settings(FILES + post(post_office.port) + person())
    watching.deliver()
    watching.run(DROPPED, present(OTHER))
    done = watching.deliver()
    assert [o.result for o in done.outcomes] == ["sent", "failed", "failed"]
    (watching.home.root / "alerts").unlink()
    assert [o.result for o in watching.deliver().outcomes] == ["nothing", "written", "written"]
