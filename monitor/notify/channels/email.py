"""E-mail by SMTP: one message, plain text and HTML, to one person; the same news has the same Message-ID."""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.utils import parseaddr

from monitor.notify.channels import NotDelivered, Post
from monitor.notify.message import Message
from monitor.settings import DELIVERY_SECONDS


def send_email(post: Post, message: Message) -> None:
    """Send one mail. Raises `NotDelivered`."""
    channel = post.channel
    user = post.secret(channel.user_from) if channel.user_from else ""
    password = post.secret(channel.password_from) if channel.password_from else ""
    server = None
    try:
        server = _connection(post)
        if channel.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if user:
            server.login(user, password)
        server.send_message(letter(post, message), parseaddr(channel.sender)[1], [parseaddr(post.to)[1]])
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise _reason(post, error, (user, password)) from None
    finally:
        if server is not None:
            _leave(server)


def _leave(server: smtplib.SMTP) -> None:
    """End the connection, whatever the server says to that: what it has taken it has taken."""
    with suppress(smtplib.SMTPException, OSError):
        server.quit()
    server.close()


def _connection(post: Post) -> smtplib.SMTP:
    host, port = post.channel.host, post.channel.port
    if post.channel.security == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=DELIVERY_SECONDS, context=ssl.create_default_context())
    return smtplib.SMTP(host, port, timeout=DELIVERY_SECONDS)


def letter(post: Post, message: Message) -> EmailMessage:
    """The mail: headers, plain text, and the same in HTML."""
    mail = EmailMessage()
    mail["Subject"] = message.subject
    mail["From"] = post.channel.sender
    mail["To"] = post.to
    domain = parseaddr(post.channel.sender)[1].rpartition("@")[2]
    mail["Message-ID"] = f"<{message.reference}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    return mail


def _reason(post: Post, error: Exception, hide: tuple[str, ...]) -> NotDelivered:
    where = f"the mail server {post.channel.host} port {post.channel.port}"
    again = "The next run sends it again."
    match error:
        case smtplib.SMTPAuthenticationError():
            found, remedy = f"{where} refused the user name or password", "Check both environment variables."
        case smtplib.SMTPRecipientsRefused():
            code, text = next(iter(error.recipients.values()))
            found = f"{where} refused the recipient's address ({code} {_text(text)})"
            remedy = "Check `to` in the settings." if code >= 500 else again
        case smtplib.SMTPSenderRefused():
            found = f"{where} refused the sender ({error.smtp_code} {_text(error.smtp_error)})"
            remedy = "Check `sender` in the settings."
        case smtplib.SMTPNotSupportedError():
            found = f"{where} does not offer what is asked ({error})"
            remedy = "Check `security`, and whether it wants a user."
        case smtplib.SMTPResponseException():
            found = f"{where} refused the message ({error.smtp_code} {_text(error.smtp_error)})"
            remedy = again if error.smtp_code < 500 else "Ask whoever runs the mail server."
        case smtplib.SMTPServerDisconnected():
            found, remedy = f"{where} ended the connection, or said nothing for {DELIVERY_SECONDS:.0f} seconds", again
        case TimeoutError():
            found, remedy = f"{where} did not answer within {DELIVERY_SECONDS:.0f} seconds", again
        case ssl.SSLError():
            found, remedy = f"{where} has no certificate that holds ({error.reason})", "Check `host` and `security`."
        case OSError():
            found = f"{where} cannot be reached ({error.strerror or error})"
            remedy = f"Check `host` and `port`. {again}"
        case _:
            found, remedy = f"the message could not be made for {where} ({error})", "Check `sender` and `to`."
    return post.failed(found, remedy, hide=hide)


def _text(said: object) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
