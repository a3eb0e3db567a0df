"""The channels a message leaves by. Each delivers, or says in one `NotDelivered` why not and what to do."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass

from monitor.notify.message import Message
from monitor.notify.settings import Channel


class NotDelivered(Exception):
    """A message not known to be delivered: reason and remedy. `wait`: seconds the other side asked to be left alone."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


@dataclass(frozen=True)
class Post:
    """What a channel needs beside the message: the channel's settings, whom to, and how to wait."""

    channel: Channel
    to: str = ""
    sleep: Callable[[float], None] = time.sleep

    def secret(self, variable: str) -> str:
        """The value of an environment variable that the settings name. Raises `NotDelivered` when it is not set."""
        value = os.environ.get(variable, "").strip()
        if not value:
            raise NotDelivered(
                f"channel {self.channel.name!r}: expected a value in the environment variable {variable}; it is not "
                "set. Set it where the monitor runs, and run `justice-monitor deliver`."
            )
        return value

    def failed(self, found: str, remedy: str, *, hide: tuple[str, ...] = (), wait: float | None = None) -> NotDelivered:
        """The error of this channel; every secret, and the recipient's address, is taken out of what was found."""
        for hidden in (*hide, self.to, self.to.rpartition("<")[2].rstrip("> ")):
            found = found.replace(hidden, "…") if hidden else found
        return NotDelivered(f"channel {self.channel.name!r}: {found[:300]}. {remedy}", wait)


def send(post: Post, message: Message) -> None:
    """Deliver by the kind of channel it is. Raises `NotDelivered`."""
    if post.channel.kind == "email":
        from monitor.notify.channels.email import send_email

        send_email(post, message)
    elif post.channel.kind == "webhook":
        from monitor.notify.channels.webhook import send_webhook

        send_webhook(post, message)
    else:
        from monitor.notify.channels.templated import send_templated

        send_templated(post, message)
