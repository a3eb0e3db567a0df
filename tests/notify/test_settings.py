"""The settings file: what it may say, and the one message with file, line and remedy when it says something else."""

import shutil

import pytest

from monitor.declarations import DeclarationError, parse
from monitor.notify.settings import EXAMPLE, Subscriptions, subscriptions
from monitor.settings import Home
from tests.notify.conftest import person, post

FILES = '[[channel]]\nname = "feed"\nkind = "atom"\nfile = "alerts/a.atom"\n'


def refused(text: str) -> str:
    with pytest.raises(DeclarationError) as error:
        parse(Subscriptions, text, "alerts.toml")
    return str(error.value)


def test_without_a_file_nobody_is_told_and_nothing_is_wrong(tmp_path) -> None:
    assert subscriptions(Home(tmp_path)) is None


def test_the_example_that_is_shipped_can_be_used_and_shows_every_kind(tmp_path) -> None:
    shutil.copy(EXAMPLE, tmp_path / "alerts.toml")
    settings = subscriptions(Home(tmp_path))
    assert settings is not None
    assert {c.kind for c in settings.channel} == {"email", "webhook", "notify", "atom", "json"}
    assert len(settings.recipient) == 3


def test_the_file_may_stand_elsewhere(tmp_path, monkeypatch) -> None:
    (tmp_path / "mine.toml").write_text(post(25) + person())
    monkeypatch.setenv("JUSTICE_MONITOR_ALERTS", str(tmp_path / "mine.toml"))
    settings = subscriptions(Home(tmp_path / "home"))
    assert settings is not None
    assert [r.name for r in settings.recipient] == ["Ann"]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (post(25) + person().replace("channel", "chanel"), 8, "unknown key 'chanel'; did you mean channel"),
        (post(25) + person(channel="pots"), 1, "no channel is called 'pots'; did you mean post?"),
        (post(25) + person("Ann", 'characteristics = ["etnicity"]'), 12, "did you mean ethnicity"),
        (post(25) + person("Ann", 'publications = ["arests"]'), 12, "did you mean arrests"),
        (post(25) + person("Ann", 'severity = "S5"'), 12, "severity"),
        (post(25) + person(to="ann.example.org"), 11, "expected an e-mail address such as ann@example.org"),
        (post(25) + person(to="a@b.org\\nBcc: all@b.org"), 11, "expected an e-mail address"),
        (post(99999) + person(), 5, "less than or equal to 65535"),
        (post(25).replace('kind = "email"', 'kind = "mail"'), 3, "kind"),
        (post(25).replace('sender = "Monitor <monitor@example.org>"', ""), 1, "email needs sender; add it"),
        (post(25) + person(to=""), 1, "email needs an e-mail address as `to`; add it"),
        (post(25) + post(26), 1, "two channels are called 'post'; rename one"),
        (post(25) + person() + person(), 1, "two recipients are called 'Ann'"),
        (FILES + person(channel="feed"), 1, "is a file"),
        (FILES.replace("alerts/a.atom", "/etc/passwd"), 4, "expected a file inside the home"),
        (FILES.replace("alerts/a.atom", "alerts/../../x"), 4, "expected a file inside the home"),
        (FILES.replace("alerts/a.atom", "vault/journal.jsonl"), 4, "vault is written by others"),
        (FILES.replace("alerts/a.atom", "site/a.atom"), 4, "site is written by others"),
        (FILES + 'host = "x"\n', 1, "atom does not use host; take it out"),
        (post(25, 'user_from = "U"'), 1, "user_from and password_from go together"),
        ("[[channel]\n", None, "not valid TOML"),
    ],
)  # fmt: skip
def test_a_wrong_setting_names_the_file_the_line_and_the_remedy(text, line, says) -> None:
    said = refused(text)
    assert says in said
    assert said.startswith(f"alerts.toml, line {line}:" if line else "alerts.toml:")


def test_a_password_is_not_sent_in_clear_to_another_machine() -> None:
    open_relay = post(25, 'user_from = "U"', 'password_from = "P"').replace("127.0.0.1", "smtp.example.org")
    assert "use starttls" in refused(open_relay)


@pytest.mark.parametrize(
    "text",
    [
        post(25, 'user_from = "U"', 'password_from = "hunter2!"'),
        post(25, 'password = "hunter2!"'),
        '[[channel]]\nname = "chat"\nkind = "webhook"\naddress_from = "https://hooks.example.org/hunter2!"\n',
        '[[channel]]\nname = "n"\nkind = "notify"\ntemplate = "t"\nkey_from = "hunter2!"\n',
    ],
)
def test_a_secret_in_the_file_is_refused_and_not_repeated(text) -> None:
    said = refused(text)
    assert "hunter2" not in said
    assert "alerts.toml, line " in said


def test_a_file_that_is_no_text_is_refused_by_name(tmp_path) -> None:
    (tmp_path / "alerts.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DeclarationError, match=r"alerts\.toml: expected a text file"):
        subscriptions(Home(tmp_path))
