"""Where services are asked, and which addresses are refused."""

import pytest

from pipelines.fetch import Services
from pipelines.fetch.session import user_agent

LOOPBACK = "http://127.0.0.1:8000"


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Services:
    monkeypatch.delenv("JUSTICE_MONITOR_NOMIS", raising=False)
    for service, root in {"GOVUK": LOOPBACK, "ASSETS": f"{LOOPBACK}/assets/", "ONS": f"{LOOPBACK}/ons"}.items():
        monkeypatch.setenv(f"JUSTICE_MONITOR_{service}", root)
    return Services.from_environment()


@pytest.mark.parametrize(
    ("own", "asked"),
    [
        ("https://www.gov.uk/api/content/x?a=b", f"{LOOPBACK}/api/content/x?a=b"),
        ("https://assets.publishing.service.gov.uk/media/1/a.ods", f"{LOOPBACK}/assets/media/1/a.ods"),
        ("https://api.beta.ons.gov.uk/v1/datasets/TS021", f"{LOOPBACK}/ons/datasets/TS021"),
        ("https://download.beta.ons.gov.uk/downloads/x.csv", f"{LOOPBACK}/ons/downloads/x.csv"),
        ("https://www.gov.uk.evil.example/x", "https://www.gov.uk.evil.example/x"),
        ("https://www.nomisweb.co.uk/api/v01/x", "https://www.nomisweb.co.uk/api/v01/x"),
    ],
)
def test_a_service_can_be_asked_elsewhere(played: Services, own: str, asked: str) -> None:
    assert played.address(own) == asked


def test_records_keep_the_publishers_own_address(played: Services) -> None:
    for own in ("https://www.gov.uk/api/content/x", "https://www.nomisweb.co.uk/api/v01/x"):
        assert played.canonical(played.address(own)) == own


@pytest.mark.parametrize(
    "address",
    [
        "https://www.gov.uk/x",
        "https://assets.publishing.service.gov.uk/media/1/a.ods",
        "https://api.beta.ons.gov.uk/v1/x",
        "https://download.beta.ons.gov.uk/x",
        "https://www.nomisweb.co.uk/api/v01/x",
        "https://www.ethnicity-facts-figures.service.gov.uk/x",
        "https://named.example/x",
    ],
)
def test_declared_hosts_are_spoken_to(address: str) -> None:
    assert Services({}, frozenset({"named.example"})).refusal(address) == ""


@pytest.mark.parametrize(
    "address",
    [
        "http://www.gov.uk/x",
        "https://gov.uk.example/x",
        "https://www.gov.uk:8443/x",
        "https://www.gov.uk@evil.example/",
        "ftp://www.gov.uk/x",
        "file:///etc/passwd",
        "https:///x",
        "",
        "http://127.0.0.1:8000/x",
        "https://127.0.0.1/x",
        "http://[",
    ],
)
def test_all_others_are_refused_with_a_reason(address: str) -> None:
    assert Services({}).refusal(address) != ""


def test_plain_http_is_for_loopback_roots_alone() -> None:
    assert Services({"https://www.gov.uk": "http://mirror.example"}).refusal("http://mirror.example/x") != ""
    assert Services({"https://www.gov.uk": "https://mirror.example"}).refusal("https://mirror.example/x") == ""
    assert Services({"https://www.gov.uk": LOOPBACK}).refusal(f"{LOOPBACK}/x") == ""
    assert Services({"https://www.gov.uk": LOOPBACK}).refusal("http://127.0.0.1:8001/x") != ""


def test_the_name_given_to_publishers_is_one_line_of_ascii() -> None:
    said = user_agent("Zoë <zoë@example.org>\r\nX-Other: 1")
    assert said.isascii()
    assert not {"\r", "\n"} & set(said)
    assert "@example.org" in said
