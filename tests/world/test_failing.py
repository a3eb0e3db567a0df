"""Servers that fail: a finding with the address and what was expected, and the other publications go on."""

import datetime as dt
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.settings import home
from monitor.store.vault import Vault
from pipelines.fetch import Finding, Limits
from world import World, broken, workbooks
from world.fixtures import FAST, Monitor, series

FIRST, SECOND = series("first", "First statistics"), series("second", "Second statistics")
BOOK = workbooks.workbook("March 2024")


@pytest.fixture
def two(world: World) -> World:
    """A world with two series of one edition each."""
    for name in ("first", "second"):
        title = f"{name.title()} statistics"
        world.release(world.series(name, title), f"{name}-march-2024", f"{title}: March 2024", {f"{name}.xlsx": BOOK})
    return world


CONTENT = "/api/content/government/collections/first"
PAGE = "/api/content/government/statistics/first-march-2024"


def media(world: World, name: str = "first.xlsx") -> str:
    return next(path for path in world.assets if path.endswith(name))


def only(findings: list[tuple[str, Finding]]) -> Finding:
    ((publication, finding),) = findings
    assert publication == "first"
    return finding


@pytest.mark.parametrize(
    ("fault", "expected", "found"),
    [
        (broken.body(b"{"), "JSON", "1 bytes"),
        (broken.body(b"\xff\xfe\x00"), "JSON", "3 bytes"),
        (broken.body(b"[" * 100_000), "JSON", "RecursionError"),
        (broken.body(b"[]"), "dictionary", "[]"),
        (broken.body(b'{"title": "x"}'), "this key", "nothing"),
        (broken.body(b'{"document_type": 7}'), "a valid string", "7"),
        (broken.body(b'{"document_type": "document_collection", "links": []}'), "dictionary", "[]"),
        (broken.body(b'{"document_type": "document_collection", "links": {}}'), "documents", "no such key"),
        (broken.body(b'{"document_type":"document_collection","links":{"documents":7}}'), "a list", "7"),
        (broken.body(b'{"document_type": "answer"}'), "editions", "none"),
        (broken.body(b"<html>down</html>", "text/html"), "JSON", "<html>down"),
    ],
)
def test_an_answer_that_is_not_as_the_protocol_says(
    two: World, monitor: Monitor, fault: object, expected: str, found: str
) -> None:
    monitor.look(FIRST, SECOND)
    two.lay(CONTENT, fault)
    done = monitor.look(FIRST, SECOND)
    finding = only(done.findings)
    assert finding.where.startswith(("https://www.gov.uk/api/content/government/collections/first", "/government"))
    assert expected in finding.expected
    assert found in finding.found
    assert [f.publication for f in done.failed] == ["first"]
    assert (done.looked, done.of) == (1, 2)
    assert list(monitor.memory().editions["first"]) == ["2024-03"], "what is known is not lost"


@pytest.mark.parametrize(
    ("key", "value", "where"),
    [("title", None, ".title"), ("base_path", 3, ".base_path"), ("withdrawn", "perhaps", ".withdrawn")],
)
def test_one_bad_member_does_not_lose_the_others(
    two: World, monitor: Monitor, key: str, value: object, where: str
) -> None:
    import json

    two.release("/government/collections/first", "first-june-2024", "First statistics: June 2024", {"n.xlsx": BOOK})
    item = two.item("/government/collections/first")
    assert item is not None
    item["links"]["documents"][1][key] = value
    two.lay(CONTENT, broken.body(json.dumps(item).encode()))
    done = monitor.look(FIRST)
    assert only(done.findings).where.endswith(f"#.links.documents[1]{where}")
    assert [a.edition_id for a in done.new] == ["2024-06"]
    assert done.complete, "a finding, not a failure: the rest was used"


class TestFilesThatAreNotTheFile:
    def test_a_web_page_for_a_workbook(self, two: World, monitor: Monitor) -> None:
        two.lay(media(two), broken.page())
        done = monitor.look(FIRST, SECOND)
        finding = only(done.findings)
        assert (finding.check, finding.severity) == ("not_a_spreadsheet", "critical")
        assert "first.xlsx" in finding.expected
        assert "DOCTYPE" in finding.found
        assert [a.publication for a in monitor.held()] == ["second"]
        refused = monitor.journal("refused")[0]
        assert monitor.vault.path(refused["sha256"]).read_bytes().startswith(b"<!DOCTYPE"), "kept for evidence"

    def test_and_the_next_look_takes_the_real_one(self, two: World, monitor: Monitor) -> None:
        two.lay(media(two), broken.page(), times=1)
        monitor.look(FIRST)
        assert [a.name for a in monitor.look(FIRST).new] == ["first.xlsx"]

    def test_it_is_told_once_asked_for_with_each_look_and_named_by_doctor_until_it_comes(
        self, two: World, monitor: Monitor, cli
    ) -> None:
        """As long as its page says, so that only the type tells; and another page of an error each time."""
        for n in range(3):
            path = media(two)
            page = f"<p>Sorry, try again, {n}</p>".encode()
            two.faults.clear()
            two.lay(path, broken.body(page.ljust(len(two.assets[path].body)), "text/html"))
            since = len(two.requests)
            done = monitor.look(FIRST)
            assert path in monitor.asked(since)
            assert [f.check for _, f in done.findings] == (["not_a_spreadsheet"] if n == 0 else [])
            assert "tell the publisher" not in str(done.failed)
            two.now += dt.timedelta(days=1)
        assert monitor.held() == []
        home = monitor.vault.root.parent
        (row,) = [r for r in cli("doctor", "--json", home=home).document if r["check"] == "files"]
        assert row["state"] == "failed" and "first.xlsx" in row["message"]
        two.heal()
        assert [a.name for a in monitor.look(FIRST).new] == ["first.xlsx"]
        (row,) = [r for r in cli("doctor", "--json", home=home).document if r["check"] == "files"]
        assert row["state"] == "passed"

    @pytest.mark.parametrize(
        "page", [b"<p>Sorry, try again</p>", b"<h1>502, Bad gateway</h1>", b"<center>a,b</center>"]
    )
    def test_a_piece_of_a_web_page_for_a_csv(self, two: World, monitor: Monitor, page: bytes) -> None:
        said = two.documents["/government/statistics/first-march-2024"]["details"]
        said["attachments"] = [two.attach("first.csv", page)]
        assert only(monitor.look(FIRST).findings).check == "not_a_spreadsheet"
        assert monitor.held() == []

    @pytest.mark.parametrize("body", [b"", b"   ", b"%PDF-1.7", b'{"status":"gone"}', BOOK[:200]])
    def test_other_bytes_for_a_workbook(self, two: World, monitor: Monitor, body: bytes) -> None:
        two.lay(media(two), broken.body(body, "application/octet-stream"))
        assert only(monitor.look(FIRST).findings).check == "not_a_spreadsheet"
        assert monitor.held() == []

    @pytest.mark.parametrize("held", [False, True], ids=["never held", "held"])
    def test_a_file_that_is_not_as_long_as_its_page_says(self, two: World, monitor: Monitor, held: bool) -> None:
        """Cut to half, though what the server says of it agrees: not taken in, asked for again, no revision."""
        table = workbooks.workbook("March 2024", format="csv")
        page = two.documents["/government/statistics/first-march-2024"]
        page["details"]["attachments"] = [two.attach("first.csv", table)]
        if held:
            monitor.look(FIRST)
            two.now += dt.timedelta(days=8)
        two.lay(media(two, "first.csv"), broken.body(table[: len(table) // 2], "text/csv"), times=1)
        done = monitor.look(FIRST)
        finding = only(done.findings)
        assert (finding.check, len(done.failed)) == ("size_differs", 1)
        assert f"{len(table):,} bytes, as its page says, found {len(table) // 2:,} bytes" in done.failed[0].reason
        assert (done.new, len(monitor.held())) == ([], int(held))
        again = monitor.look(FIRST)
        assert [a.name for a in again.new] == ([] if held else ["first.csv"])
        assert (again.complete, len(monitor.held())) == (True, 1)

    @pytest.mark.parametrize("status", [404, 410])
    def test_a_file_that_is_gone(self, two: World, monitor: Monitor, status: int) -> None:
        two.lay(media(two), broken.status(status))
        done = monitor.look(FIRST)
        assert only(done.findings).check == "link_fails"
        assert str(status) in done.failed[0].reason

    def test_a_body_cut_short_is_asked_for_again(self, two: World, monitor: Monitor) -> None:
        two.lay(media(two), broken.truncated(BOOK, 1000), times=1)
        assert [a.name for a in monitor.look(FIRST).new] == ["first.xlsx"]
        assert monitor.vault.path(monitor.held()[0].sha256).read_bytes() == BOOK

    def test_and_given_up_when_it_stays_short(self, two: World, monitor: Monitor) -> None:
        two.lay(media(two), broken.truncated(BOOK, 1000))
        finding = only(monitor.look(FIRST).findings)
        assert (finding.check, "1000 bytes" in finding.found) == ("cut_short", True)
        assert monitor.held() == []


class TestRedirects:
    def test_to_a_file_renamed_on_the_same_host(self, two: World, monitor: Monitor) -> None:
        path = media(two)
        two.assets["/media/0/new.xlsx"] = two.assets.pop(path)
        two.lay(path, broken.redirect("/media/0/new.xlsx", 301))
        assert [a.name for a in monitor.look(FIRST).new] == ["first.xlsx"]

    @pytest.mark.parametrize(
        "to",
        [
            "https://evil.example/first.xlsx",
            "http://www.gov.uk/first.xlsx",
            "https://draft-assets.publishing.service.gov.uk/media/0/first.xlsx",
            "http://169.254.169.254/latest/",
            "http://127.0.0.1:1/first.xlsx",
            "file:///etc/passwd",
            "//evil.example/x",
            "https://www.gov.uk@evil.example/x",
        ],
    )
    def test_to_a_host_nobody_declared_is_not_followed(self, two: World, monitor: Monitor, to: str) -> None:
        two.lay(media(two), broken.redirect(to))
        assert only(monitor.look(FIRST).findings).check == "foreign_address"
        assert monitor.held() == []

    def test_to_no_address_at_all(self, two: World, monitor: Monitor) -> None:
        two.lay(media(two), broken.redirect("http://["))
        assert only(monitor.look(FIRST).findings).no_answer

    def test_without_end(self, two: World, monitor: Monitor) -> None:
        path = media(two)
        two.lay(path, broken.redirect(path))
        assert only(monitor.look(FIRST).findings).check == "endless_redirects"

    def test_of_items_without_end(self, two: World, monitor: Monitor) -> None:
        from world import items

        for here, there in (("a", "b"), ("b", "a")):
            two.documents[f"/{here}"] = items.redirect(f"/{here}", f"/{there}", two.now)
        done = monitor.look(series("first", "First", kind="govuk-page", pages=["/a"]))
        assert "endless_redirects" in {f.check for _, f in done.findings}
        assert not done.complete


class TestBusyServers:
    @pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
    def test_is_asked_again_and_answers(self, two: World, monitor: Monitor, status: int) -> None:
        two.lay(CONTENT, broken.status(status), times=1)
        done = monitor.look(FIRST)
        assert done.complete
        assert len(monitor.slept) == 1
        assert 0.5 < monitor.slept[0] < 2

    def test_waits_as_long_as_it_is_told(self, two: World, monitor: Monitor) -> None:
        two.lay(CONTENT, broken.status(429, retry_after="17"), times=1)
        assert monitor.look(FIRST).complete
        assert monitor.slept == [17]

    def test_a_wait_can_be_a_date_and_nonsense_is_no_wait(self, two: World, monitor: Monitor) -> None:
        two.lay(CONTENT, broken.status(503, retry_after="Wed, 21 Oct 2015 07:28:00 GMT"), times=1)
        two.lay(CONTENT, broken.status(503, retry_after="soon"), times=1)
        assert monitor.look(FIRST).complete
        assert monitor.slept[0] == 0
        assert monitor.slept[1] > 0

    def test_waits_longer_each_time_and_then_gives_up(self, two: World, monitor: Monitor) -> None:
        two.lay(CONTENT, broken.status(503))
        done = monitor.look(FIRST, SECOND)
        assert only(done.findings).check == "server_busy"
        assert len(monitor.slept) == FAST.retries
        assert monitor.slept[0] < monitor.slept[1]
        assert (done.looked, done.of) == (1, 2)

    def test_a_host_that_asks_to_be_left_alone_is(self, two: World, monitor: Monitor) -> None:
        two.lay(CONTENT, broken.status(429, retry_after="3600"))
        done = monitor.look(FIRST, SECOND)
        assert monitor.slept == []
        assert len(two.requests) == 1
        assert "3600 seconds" in done.failed[0].reason
        assert (done.looked, done.of) == (0, 2)

    def test_a_connection_closed_without_a_word_is_tried_again(self, two: World, monitor: Monitor) -> None:
        two.lay(PAGE, broken.hang_up(), times=1)
        assert monitor.look(FIRST).complete


class TestServersWithoutMeasure:
    @pytest.mark.parametrize("headers", [True, False], ids=["in the headers", "in the body"])
    def test_one_that_drips(self, two: World, monitor: Monitor, headers: bool) -> None:
        monitor.limits = Limits(per_second=1e6, connect=1, silence=1, page_seconds=0.5, file_seconds=0.5, retries=0)
        two.lay(media(two), broken.drip(20, headers=headers))
        started = time.monotonic()
        assert only(monitor.look(FIRST).findings).check == "too_slow"
        assert time.monotonic() - started < 10

    @pytest.mark.parametrize("honest", [True, False], ids=["and says so", "and does not say so"])
    def test_one_that_sends_too_much(self, two: World, monitor: Monitor, honest: bool) -> None:
        monitor.limits = Limits(per_second=1e6, page_mb=1, file_mb=2, retries=0)
        two.lay(media(two), broken.huge(40, honest=honest))
        two.lay(PAGE.replace("first", "second"), broken.huge(40, honest=honest))
        done = monitor.look(FIRST, SECOND)
        assert {f.check for _, f in done.findings} == {"too_large"}
        assert monitor.held() == []
        assert sum(sum(r.sent) for r in two.requests) < 60 << 20


class TestNoNetwork:
    def test_nobody_is_reached_and_a_pass_ends_at_once(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        world = World(url=f"http://127.0.0.1:{port}")
        for name, value in world.environment().items():
            monkeypatch.setenv(name, value)
        monitor = Monitor(world, Vault(home(tmp_path)))
        many = [series(f"s{n}", f"Series {n}") for n in range(48)]
        started = time.monotonic()
        done = monitor.look(*many)
        assert time.monotonic() - started < 10
        assert done.sentence == "looked at 0 of 48: 0 new files, 0 publications unchanged, 48 failed"
        assert not any(f.reached for f in done.failed)
        assert done.requests == 1, "one host, asked once"
        assert "nothing answers at that address" in done.failed[0].reason
        assert "Check the network" in done.failed[0].reason
        assert len(monitor.journal("look")) == 48

    def test_a_host_nobody_finds_is_said_in_plain_words(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        world = World(url="https://no-such-host.invalid")
        for name, value in world.environment().items():
            monkeypatch.setenv(name, value)
        reason = Monitor(world, Vault(home(tmp_path))).look(FIRST).failed[0].reason
        assert "there is no network" in reason
        assert not any(word in reason for word in ("Error", "Errno", "HTTPSConnection", "gaierror"))

    def test_what_is_held_stays_known(self, two: World, monitor: Monitor, monkeypatch: pytest.MonkeyPatch) -> None:
        monitor.look(FIRST)
        for name in two.environment():
            monkeypatch.setenv(name, "http://127.0.0.1:1")
        done = monitor.look(FIRST)
        assert done.looked == 0
        assert list(monitor.memory().editions["first"]) == ["2024-03"]
        assert len(monitor.held()) == 1
        assert monitor.journal("look")[-1]["status"] == "failed"
        assert monitor.memory().looks["first"].succeeded_at == monitor.clock()


@pytest.fixture
def unsigned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A world behind a certificate that nobody signed."""
    x509 = pytest.importorskip("cryptography.x509", reason="needs cryptography to make a certificate")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - dt.timedelta(1)).not_valid_after(now + dt.timedelta(1))
    pem = tmp_path / "key.pem"
    pem.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with World().open(tls=context) as world:
        for variable, value in world.environment().items():
            monkeypatch.setenv(variable, value)
        yield world


def test_a_certificate_that_does_not_hold(unsigned: World, tmp_path: Path) -> None:
    monitor = Monitor(unsigned, Vault(home(tmp_path / "home")))
    done = monitor.look(FIRST)
    finding = only(done.findings)
    assert finding.check == "certificate"
    assert "self-signed" in finding.found or "self signed" in finding.found
    assert "Error" not in finding.message
    assert unsigned.requests == [], "nothing was asked of it"


class TestLinksThatFail:
    """Dead only when a second look, a day later, finds the same; never because a page was taken down or withdrawn."""

    def look_after(self, two: World, monitor: Monitor, hours: float) -> list[tuple[str, str]]:
        two.now += dt.timedelta(hours=hours)
        return [(f.check, f.severity) for _, f in monitor.look(FIRST).findings]

    @pytest.mark.parametrize("fault", [broken.status(404), broken.status(410), broken.drip(20)])
    def test_one_that_fails_again_a_day_later_is_dead(self, two: World, monitor: Monitor, fault: object) -> None:
        monitor.limits = Limits(per_second=1e6, connect=1, silence=1, page_seconds=2, file_seconds=0.3, retries=0)
        two.lay(media(two), fault)
        first = self.look_after(two, monitor, 0)
        assert first[0][1] == "warning"
        assert self.look_after(two, monitor, 23) == first, "not yet a day"
        assert self.look_after(two, monitor, 1) == [("dead_link", "critical")]
        assert "as on 2 January 2024" in monitor.look(FIRST).findings[0][1].found
        assert len(monitor.journal("link_fails")) == len(monitor.journal("link_dead")) == 1, "each is said once"
        ((url, link),) = monitor.memory().missing.items()
        assert url.endswith("first.xlsx")
        assert (link.publication, link.page, str(link.since.date())) == ("first", False, "2024-01-02")

    @pytest.mark.parametrize("status", [404, 410])
    @pytest.mark.parametrize("known", ["seen for sure", "has answered"])
    def test_a_page_too(self, two: World, monitor: Monitor, monkeypatch, status: int, known: str) -> None:
        if known == "has answered":
            monitor.look(FIRST)
        else:
            monkeypatch.setitem(globals(), "FIRST", FIRST.model_copy(update={"sure": "seen"}))
        two.lay(CONTENT, broken.status(status))
        self.look_after(two, monitor, 0)
        assert self.look_after(two, monitor, 24) == [("dead_link", "critical")]
        assert "a second look" not in monitor.look(FIRST).failed[0].reason
        assert next(iter(monitor.memory().missing.values())).page

    @pytest.mark.parametrize("status", [404, 410])
    def test_an_address_we_guessed_that_never_answered_is_ours_and_nobody_is_told_it_is_dead(
        self, two: World, monitor: Monitor, status: int
    ) -> None:
        two.lay(CONTENT, broken.status(status))
        for hours in (0, 24, 24):
            assert self.look_after(two, monitor, hours) == [("link_fails", "warning")]
        ((_, finding),) = monitor.look(FIRST).findings
        assert "Perhaps our address is wrong" in finding.message
        assert "tell the publisher" not in finding.message
        assert monitor.look(FIRST).failed[0].reason == finding.message
        assert monitor.journal("link_dead") == []
        two.heal()
        assert monitor.look(FIRST).looked == 1

    def test_one_that_answers_again_is_mended_and_starts_from_nothing(self, two: World, monitor: Monitor) -> None:
        two.lay(media(two), broken.status(404), times=1)
        self.look_after(two, monitor, 0)
        assert self.look_after(two, monitor, 24) == []
        assert monitor.memory().missing == {}
        assert [e["how"] for e in monitor.journal("link_mended")] == ["answers"]
        two.lay(CONTENT, broken.status(404))
        assert self.look_after(two, monitor, 1) == [("link_fails", "warning")]

    def test_one_that_its_page_no_longer_links_to_is_forgotten(self, two: World, monitor: Monitor) -> None:
        two.lay(media(two), broken.status(404))
        self.look_after(two, monitor, 0)
        two.documents["/government/statistics/first-march-2024"]["details"]["attachments"] = []
        two.reissue("/government/statistics/first-march-2024")
        assert self.look_after(two, monitor, 24) == []
        assert [e["how"] for e in monitor.journal("link_mended")] == ["no longer linked"]

    def test_what_was_taken_down_with_a_notice_is_gone_at_once_and_never_dead(
        self, two: World, monitor: Monitor
    ) -> None:
        from world import items

        collection = "/government/collections/first"
        two.collections.pop(collection)
        two.documents[collection] = items.gone(collection, "No longer produced.", two.now)
        assert self.look_after(two, monitor, 0) == [("gone", "critical")]
        assert self.look_after(two, monitor, 48) == [("gone", "critical")]
        assert monitor.memory().missing == {}

    def test_a_withdrawn_page_is_there_and_no_failing_link(self, two: World, monitor: Monitor) -> None:
        monitor.look(FIRST)
        two.withdraw("/government/statistics/first-march-2024", "Superseded.")
        assert [c.kind for c in monitor.look(FIRST).changes["first"]] == ["withdrawn"]
        assert monitor.memory().missing == {}

    def test_a_network_that_is_down_makes_nothing_dead(
        self, two: World, monitor: Monitor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in two.environment():
            monkeypatch.setenv(name, "http://127.0.0.1:1")
        self.look_after(two, monitor, 0)
        assert self.look_after(two, monitor, 48) == [("unreachable", "warning")]
        assert monitor.memory().missing == {}


def test_half_a_character_in_a_title_costs_nobody_anything(two: World, monitor: Monitor) -> None:
    """JSON may hold half of a pair that makes one character, and no file and no terminal can."""
    two.reissue(PAGE.removeprefix("/api/content"), title="First statistics: March 2024\ud800")
    done = monitor.look(FIRST, SECOND)
    assert (done.looked, done.failed) == (2, [])
    assert {a.publication for a in monitor.held()} == {"first", "second"}


@pytest.mark.parametrize("changed", [True, False], ids=["changed", "missing"])
def test_bytes_lost_here_are_fetched_again_although_their_address_gives_what_it_gave(
    two: World, monitor: Monitor, changed: bool
) -> None:
    monitor.look(FIRST)
    (held,) = monitor.held()
    path = monitor.vault.path(held.sha256)
    path.write_bytes(b"another") if changed else path.unlink()
    if changed:  # as a pass does when it would read them
        monitor.vault.put_aside(held.sha256)
    monitor.look(FIRST)
    assert monitor.vault.is_whole(held.sha256)
    assert monitor.held() == [held]
