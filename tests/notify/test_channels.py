"""Each channel spoken to for real: what it sends, and what it says when it is refused, kept waiting or sent away."""

import datetime as dt
import email.utils
import json
import logging
import re
import socket
import ssl
import traceback
from datetime import timedelta
from pathlib import Path

import jwt
import pytest

from monitor import clock
from monitor.notify.channels import NotDelivered, Post, send
from monitor.notify.channels import email as by_mail
from monitor.notify.channels import http as by_http
from monitor.notify.channels.webhook import SLACK_BLOCKS, SLACK_CHARACTERS, TEAMS_BYTES, slack, teams
from monitor.notify.message import Message, Section
from monitor.notify.settings import Channel
from tests.alerts.made import OTHER, PUBLICATION, present, row
from tests.notify.conftest import SECRETS, person, post
from tests.notify.servers import PostOffice, Web

DAY = timedelta(days=1)
DROPPED, ALSO_WELL = row("dropped", severity="S1"), present(OTHER)
MESSAGE = Message("S1: a <title> & more", (Section("New", lines=("one *line*",)),), "text\n", "<p>text</p>", "ref-1")


def mail(port: int, **more: object) -> Post:
    channel = Channel(name="post", kind="email", host="127.0.0.1", port=port, sender="m@example.org", **{
        "security": "none", **more})  # fmt: skip
    return Post(channel, "Ann <ann@example.org>")


def webhook(payload: str = "json", waited: list[float] | None = None) -> Post:
    channel = Channel(name="chat", kind="webhook", address_from="TEST_ADDRESS", payload=payload)
    return Post(channel, "", (waited if waited is not None else []).append)


def notify(to: str = "ann@example.org", waited: list[float] | None = None) -> Post:
    channel = Channel(name="gov", kind="notify", key_from="TEST_KEY", template="a-template")
    return Post(channel, to, (waited if waited is not None else []).append)


@pytest.fixture
def address(web: Web, monkeypatch: pytest.MonkeyPatch) -> Web:
    """The web server as a webhook whose address is a secret, and as the notification service."""
    monkeypatch.setenv("TEST_ADDRESS", f"{web.url}/services/T000/B000/very-secret-path")
    monkeypatch.setenv("JUSTICE_MONITOR_NOTIFY", web.url)
    return web


def refused(post: Post) -> str:
    with pytest.raises(NotDelivered) as error:
        send(post, MESSAGE)
    return str(error.value)


# --- e-mail -------------------------------------------------------------------------------------------------------


def test_a_mail_is_plain_text_and_html_to_one_person(post_office) -> None:
    send(mail(post_office.port), MESSAGE)
    (sent,) = post_office.mails
    assert post_office.recipients == [["ann@example.org"]]
    assert [part.get_content_type() for part in sent.iter_parts()] == ["text/plain", "text/html"]
    assert (sent["Subject"], sent["To"], sent["Auto-Submitted"]) == (MESSAGE.subject, "Ann <ann@example.org>",
                                                                     "auto-generated")  # fmt: skip
    assert sent["Message-ID"] == "<ref-1@example.org>"


def test_letters_beyond_ascii_and_long_lines_arrive_whole(post_office) -> None:
    words = "Sipsiwn, Roma neu Deithiwr – " + "ŵŷ" * 2000
    send(mail(post_office.port), Message("Ŵ – x", (), words, f"<p>{words}</p>", "r"))
    (sent,) = post_office.mails
    assert sent.get_body(("plain",)).get_content().strip() == words
    assert sent["Subject"] == "Ŵ – x"


@pytest.mark.parametrize(
    ("answer", "says"),
    [("550 5.1.1 <{address}> unknown", "Check `to`"), ("451 4.7.1 greylisted", "The next run sends it again")],
)
def test_a_refused_address_says_what_to_check_and_not_the_address(post_office, answer, says) -> None:
    post_office.answer = answer
    said = refused(mail(post_office.port))
    assert says in said and answer[:3] in said
    assert "ann@example.org" not in said


def test_a_refused_message(post_office) -> None:
    post_office.after = "554 5.7.1 looks like spam"
    assert "554 5.7.1 looks like spam" in refused(mail(post_office.port))


def test_nobody_listens(post_office) -> None:
    assert "cannot be reached" in refused(mail(1))


def test_a_server_that_says_nothing(monkeypatch) -> None:
    monkeypatch.setattr(by_mail, "DELIVERY_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        said = refused(mail(silent.getsockname()[1]))
    assert "did not answer" in said or "said nothing" in said


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_a_wrong_password_is_said_and_the_password_is_not() -> None:
    with PostOffice(password=b"another").open() as office:
        said = refused(mail(office.port, user_from="TEST_USER", password_from="TEST_PASSWORD"))
    assert "refused the user name or password" in said
    assert not any(secret in said for secret in SECRETS.values())


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_the_right_password_is_taken_from_the_environment() -> None:
    with PostOffice(password=SECRETS["TEST_PASSWORD"].encode()).open() as office:
        send(mail(office.port, user_from="TEST_USER", password_from="TEST_PASSWORD"), MESSAGE)
        assert len(office.mails) == 1


def test_a_password_that_is_not_set_names_the_variable(post_office, monkeypatch) -> None:
    monkeypatch.delenv("TEST_PASSWORD")
    assert "TEST_PASSWORD" in refused(mail(post_office.port, user_from="TEST_USER", password_from="TEST_PASSWORD"))


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for this machine that signs itself."""
    x509 = pytest.importorskip("cryptography.x509", reason="needs cryptography to make a certificate")
    from ipaddress import ip_address

    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - DAY).not_valid_after(now + DAY)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = tmp_path / "post.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return pem


def test_starttls_is_spoken_when_the_certificate_holds_and_refused_when_it_does_not(certificate, monkeypatch) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with PostOffice().open(tls_context=context, require_starttls=True) as office:
        assert "no certificate that holds" in refused(mail(office.port, security="starttls"))
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        send(mail(office.port, security="starttls"), MESSAGE)
        assert len(office.mails) == 1


def test_a_server_without_starttls_is_not_spoken_to_in_clear(post_office) -> None:
    assert "does not offer" in refused(mail(post_office.port, security="starttls"))
    assert post_office.mails == []


# --- webhooks -----------------------------------------------------------------------------------------------------


def test_a_program_gets_the_whole_message(address) -> None:
    send(webhook(), MESSAGE)
    ((path, headers, body),) = address.requests
    assert path.endswith("very-secret-path")
    assert headers["Content-Type"] == "application/json"
    assert (body["reference"], body["sections"][0]["lines"]) == ("ref-1", ["one *line*"])


def test_slack_gets_blocks_in_which_nothing_is_markup(address) -> None:
    send(webhook("slack"), MESSAGE)
    ((_, _, body),) = address.requests
    assert body["text"] == "S1: a &lt;title&gt; &amp; more"
    assert {block["type"] for block in body["blocks"]} == {"header", "section"}


def test_teams_gets_a_card_and_says_202(address) -> None:
    address.replies = [(202, {}, b"")]
    send(webhook("teams"), MESSAGE)
    ((_, _, body),) = address.requests
    (card,) = body["attachments"]
    assert card["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert card["content"]["body"][-1]["text"] == "one \\*line\\*"


def test_a_message_of_any_length_keeps_to_the_limits() -> None:
    long = Message("x" * 500, (Section("New", lines=("word " * 2000,) * 200),), "", "", "r")
    blocks = slack(long)["blocks"]
    assert len(blocks) == SLACK_BLOCKS
    assert max(len(b["text"]["text"]) for b in blocks) <= SLACK_CHARACTERS
    card = teams(long)
    assert len(json.dumps(card).encode()) <= TEAMS_BYTES
    for said in (blocks[-1]["text"]["text"], card["attachments"][0]["content"]["body"][-1]["text"]):
        assert "justice-monitor alerts" in said


@pytest.mark.parametrize("make", [webhook, notify])
def test_a_busy_server_is_left_alone_for_as_long_as_it_says(address, make) -> None:
    waited: list[float] = []
    done = (201, {}, b"{}")
    address.replies = [(429, {"Retry-After": "7"}, b""), (503, {}, b""), done]
    send(make(waited=waited), MESSAGE)
    assert waited == [7.0, 2.0]
    assert len(address.requests) == 3


def test_a_date_to_come_back_at_is_understood(address) -> None:
    later = email.utils.format_datetime(dt.datetime.now(dt.UTC) + timedelta(seconds=30), usegmt=True)
    waited: list[float] = []
    address.replies = [(429, {"Retry-After": later}, b""), (200, {}, b"")]
    send(webhook(waited=waited), MESSAGE)
    assert 20 <= waited[0] <= 31


def test_a_server_that_asks_for_an_hour_is_asked_by_a_later_run(address) -> None:
    address.replies = [(429, {"Retry-After": "3600"}, b"")]
    with pytest.raises(NotDelivered, match="3600 seconds") as error:
        send(webhook(), MESSAGE)
    assert error.value.wait == 3600
    assert len(address.requests) == 1


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        ((404, {}, b"no_service"), "found 404 (no_service)"),
        ((410, {}, b"<html>gone</html>"), "found 410."),
        ((302, {"Location": "https://example.org/elsewhere"}, b""), "found 302"),
        ((500, {}, b""), "found 500"),
    ],
)
def test_a_refusal_says_the_status_and_what_to_do(address, reply, says) -> None:
    address.replies = [reply]
    said = refused(webhook("slack"))
    assert says in said and "make a new one" in said
    assert len(address.requests) == 1


def test_a_web_server_that_says_nothing(address, monkeypatch) -> None:
    monkeypatch.setattr(by_http, "DELIVERY_SECONDS", 0.2)
    address.pause = 1.0
    assert "no answer within" in refused(webhook())


@pytest.mark.parametrize("where", ["http://example.org/hook", "ftp://127.0.0.1/", "hook", "https://", "http://[::1"])
def test_an_address_that_is_not_safe_is_not_sent_to_and_not_repeated(monkeypatch, where) -> None:
    monkeypatch.setenv("TEST_ADDRESS", where)
    said = refused(webhook())
    assert "expected an https address" in said
    assert "example.org" not in said


# --- the government's own service ---------------------------------------------------------------------------------


def test_a_templated_mail_is_signed_for_and_fills_two_fields(address) -> None:
    address.replies = [(201, {}, b'{"id": "x"}')]
    send(notify(), MESSAGE)
    ((path, headers, body),) = address.requests
    assert path == "/v2/notifications/email"
    assert body == {
        "email_address": "ann@example.org",
        "template_id": "a-template",
        "personalisation": {"subject": MESSAGE.subject, "body": "text\n"},
        "reference": "ref-1",
    }
    token = headers["Authorization"].removeprefix("Bearer ")
    # read by the library that the service's own clients use, with the secret half of the key
    claims = jwt.decode(token, SECRETS["TEST_KEY"][-36:], algorithms=["HS256"])
    assert claims["iss"] == SECRETS["TEST_KEY"][-73:-37]
    assert abs(claims["iat"] - clock.aware(clock.now()).timestamp()) < 30


def test_its_reasons_are_given_without_the_address(address) -> None:
    errors = {"status_code": 400, "errors": [{"error": "BadRequestError", "message": "Can't send to ann@example.org"}]}
    address.replies = [(400, {}, json.dumps(errors).encode())]
    said = refused(notify())
    assert "BadRequestError: Can't send to …" in said


def test_a_key_of_another_form_is_said_and_not_repeated(address, monkeypatch) -> None:
    monkeypatch.setenv("TEST_KEY", "not-a-key-but-secret")
    said = refused(notify())
    assert "TEST_KEY" in said and "not-a-key" not in said


# --- recovery, and secrets, over a whole delivery -----------------------------------------------------------------

CHAT = '[[channel]]\nname = "chat"\nkind = "webhook"\npayload = "slack"\naddress_from = "TEST_ADDRESS"\n'
GOV = '[[channel]]\nname = "gov"\nkind = "notify"\nkey_from = "TEST_KEY"\ntemplate = "t"\n'


def test_a_webhook_that_asks_for_an_hour_is_not_asked_before_and_then_gets_everything(watching, address) -> None:
    watching.settings(CHAT + person("Team", to="", channel="chat"))
    watching.deliver()
    watching.run(DROPPED, ALSO_WELL)
    address.replies = [(429, {"Retry-After": "3600"}, b"")]
    assert [o.result for o in watching.deliver().outcomes] == ["failed"]
    address.replies = [(200, {}, b"ok")]
    assert [o.result for o in watching.deliver(timedelta(minutes=30)).outcomes] == ["waiting"]
    assert len(address.requests) == 1
    assert [o.result for o in watching.deliver(timedelta(minutes=31)).outcomes] == ["sent"]
    assert [o.result for o in watching.deliver(DAY).outcomes] == ["nothing"]


@pytest.mark.parametrize("works", [True, False], ids=["delivered", "refused"])
@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_no_secret_is_printed_logged_journalled_or_raised(watching, address, caplog, capfd, works) -> None:
    caplog.set_level(logging.DEBUG)
    echo = json.dumps({"errors": [{"error": "AuthError", "message": f"not {SECRETS['TEST_KEY']}"}]}).encode()
    address.replies = [(201, {}, b"{}")] if works else [(403, {}, echo)]
    with PostOffice(password=SECRETS["TEST_PASSWORD"].encode() if works else b"other").open() as office:
        secured = post(office.port, 'user_from = "TEST_USER"', 'password_from = "TEST_PASSWORD"')
        watching.settings(
            secured + CHAT + GOV + person() + person("Team", to="", channel="chat")
            + person("Gov", to="gov@example.org", channel="gov")
        )  # fmt: skip
        watching.deliver()
        watching.run(DROPPED, ALSO_WELL)
        done = watching.deliver()
        assert {o.result for o in done.outcomes} == {"sent" if works else "failed"}
        raised = []
        for one in (mail(office.port, user_from="TEST_USER", password_from="TEST_PASSWORD"), webhook(), notify()):
            try:
                send(one, MESSAGE)
            except NotDelivered as error:
                raised.append("".join(traceback.format_exception(error)) + repr(error))
    logging.getLogger("urllib3.connectionpool").debug("after the delivery its log works again")
    printed = "".join(capfd.readouterr())
    shown = "\n".join([caplog.text, printed, watching.journal(), repr(done), *raised])
    assert "after the delivery" in caplog.text
    token = next((h["Authorization"][7:] for _, h, _ in address.requests if "Authorization" in h), "no token")
    halves = re.findall(r"[0-9a-f-]{36}", SECRETS["TEST_KEY"])
    for secret in (*SECRETS.values(), *halves, "very-secret-path", token):
        assert secret not in shown
    assert PUBLICATION in shown
