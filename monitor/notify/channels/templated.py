"""The government's notification service: a mail from its template with the fields ((subject)) and ((body))."""

import json
import re
import tomllib
from pathlib import Path

import jwt

from monitor import clock
from monitor.notify.channels import Post
from monitor.notify.channels.http import post_json
from monitor.notify.message import Message
from monitor.settings import service_root

_KEY = re.compile(r".*?([0-9a-f-]{36})-([0-9a-f-]{36})", re.IGNORECASE | re.DOTALL)
_PATH = "/v2/notifications/email"


def send_templated(post: Post, message: Message) -> None:
    """Send one mail. Raises `NotDelivered`."""
    channel = post.channel
    key = post.secret(channel.key_from)
    parts = _KEY.fullmatch(key)
    if parts is None:
        found = f"expected a key of the form NAME-SERVICE-SECRET in {channel.key_from}; found another"
        raise post.failed(found, "Copy the whole key again.", hide=(key,))
    service, secret = parts.groups()
    now = int(clock.aware(clock.now()).timestamp())
    token = jwt.encode({"iss": service, "iat": now}, secret, algorithm="HS256")
    document = {
        "email_address": post.to,
        "template_id": channel.template,
        "personalisation": {"subject": message.subject, "body": message.text},
        "reference": message.reference,
    }
    hide = (key, secret, token)
    address = (service_root("NOTIFY") or _address()) + _PATH
    status, body = post_json(post, address, document, headers={"Authorization": f"Bearer {token}"}, hide=hide)
    if status != 201:
        remedy = "Check the key, the template's two fields, and whether the service may write to this person."
        raise post.failed(f"expected status 201; found {status} ({_said(body)})", remedy, hide=hide)


def _address() -> str:
    services = tomllib.loads((Path(__file__).parents[1] / "services.toml").read_text(encoding="utf-8"))
    return str(services["notify"])


def _said(body: str) -> str:
    try:
        return "; ".join(f"{e['error']}: {e['message']}" for e in json.loads(body)["errors"])
    except (ValueError, KeyError, TypeError):
        return "no reason given"
