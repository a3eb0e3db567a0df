"""Webhooks: a JSON document within the size that Slack or Teams accepts, a publisher's markup escaped."""

import json
import re
from typing import Any

from monitor.notify.channels import Post
from monitor.notify.channels.http import post_json
from monitor.notify.message import Message, Section

SLACK_BLOCKS, SLACK_CHARACTERS, TEAMS_BYTES = 50, 3000, 28_000
_REST = "The rest is in `justice-monitor alerts`."


def send_webhook(post: Post, message: Message) -> None:
    """Send one message. Raises `NotDelivered`."""
    address = post.secret(post.channel.address_from)
    payload = {"slack": slack, "teams": teams, "json": Message.document}[post.channel.payload](message)
    status, body = post_json(post, address, payload)
    if not 200 <= status < 300:
        said = f" ({body.strip()[:80]})" if post.channel.payload == "slack" and re.fullmatch(r"[a-z_ ]+", body) else ""
        remedy = "The address may have been withdrawn; make a new one and put it into the environment."
        raise post.failed(f"expected a status from 200 to 299; found {status}{said}", remedy, hide=(address,))


def lines_of(section: Section) -> list[str]:
    """A section as short lines: what is missing, found and to be done of each alert, then the lines."""
    found = [section.lead] if section.lead else []
    for alert in section.alerts:
        found.append(
            f"{alert.title} ({alert.severity}, {alert.urgency}). {alert.found} Last seen: {alert.last_seen}. "
            f"Next: {alert.next_step} Words to use: `justice-monitor alerts show {alert.id}`"
        )
    return [*found, *section.lines]


def slack(message: Message) -> dict[str, Any]:
    """Blocks for a Slack webhook, within its limits."""
    blocks: list[dict[str, Any]] = [_header(message.subject)]
    for section in message.sections:
        blocks.append(_block(f"*{_slack_text(section.heading)}*"))
        blocks += [_block(f"• {_slack_text(line)}") for line in lines_of(section)]
    if len(blocks) > SLACK_BLOCKS:
        blocks = [*blocks[: SLACK_BLOCKS - 1], _block(_REST)]
    return {"text": _slack_text(message.subject), "blocks": blocks}


def _header(text: str) -> dict[str, Any]:
    return {"type": "header", "text": {"type": "plain_text", "text": text[:150], "emoji": False}}


def _block(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": _cut(text, SLACK_CHARACTERS)}}


def _slack_text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rpartition(" ")[0] + "…"


def teams(message: Message) -> dict[str, Any]:
    """An adaptive card for a Teams Workflows address, within its limit."""
    body: list[dict[str, Any]] = [_card_text(message.subject, weight="Bolder", size="Medium", style="heading")]
    for section in message.sections:
        body.append(_card_text(section.heading, weight="Bolder"))
        body += [_card_text(_cut(line, SLACK_CHARACTERS)) for line in lines_of(section)]
    card = _card(body)
    while len(json.dumps(card).encode()) > TEAMS_BYTES:
        body = [*body[:-2], _card_text(_REST)]
        card = _card(body)
    return card


def _card_text(text: str, **how: str) -> dict[str, Any]:
    return {"type": "TextBlock", "text": re.sub(r"([\\*_\[\]#])", r"\\\1", text), "wrap": True, **how}


def _card(body: list[dict[str, Any]]) -> dict[str, Any]:
    content = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    }
    return {
        "type": "message",
        "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": content}],
    }
