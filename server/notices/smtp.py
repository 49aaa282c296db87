"""Sending by SMTP: one letter after another over one connection, and each failure told as passing or as final."""

from __future__ import annotations

import hashlib
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as LINES
from email.utils import format_datetime, parseaddr
from typing import Protocol
from urllib.parse import urlsplit

import aiosmtplib

from server.settings import Settings, is_loopback

PATIENCE_S = 20.0
FOR_GOOD = range(500, 600)


class NotTaken(Exception):
    """The mail server did not take a letter; `final` when asking again would not help."""

    def __init__(self, reason: str, final: bool) -> None:
        super().__init__(reason)
        self.reason, self.final = reason, final


class Post(Protocol):
    """What carries letters away."""

    async def send(self, letter: EmailMessage) -> None:
        """Hand one letter over; raises `NotTaken`."""

    async def rest(self) -> None:
        """Let go of what is held while there are no letters."""


def message_id(key: str, settings: Settings) -> str:
    """A letter's own id: the same each time it is tried, so that a letter delivered twice is recognised as one."""
    domain = parseaddr(sender(settings))[1].rpartition("@")[2]
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"


def sender(settings: Settings) -> str:
    """Whom letters come from."""
    return settings.mail_from or f"Tenderbell <no-reply@{urlsplit(settings.origin).hostname or 'localhost'}>"


def compose(
    settings: Settings, key: str, to: str, subject: str, text: str, html: str | None, at: datetime
) -> EmailMessage:
    """Make a letter; raises `NotTaken` where an address cannot stand in one."""
    letter = EmailMessage(LINES)
    try:
        letter["From"], letter["To"], letter["Subject"] = sender(settings), to, subject
    except (ValueError, IndexError) as error:
        raise NotTaken(f"The address cannot be written to: {error}", final=True) from error
    readers = letter["To"].addresses
    if len(readers) != 1 or not readers[0].username or not readers[0].domain:
        raise NotTaken("The address is not one e-mail address.", final=True)
    letter["Date"], letter["Message-ID"] = format_datetime(at), message_id(key, settings)
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(text)
    if html is not None:
        letter.add_alternative(html, subtype="html")
    return letter


class Smtp:
    """A mail server, reached when there is something to send."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client: aiosmtplib.SMTP | None = None

    async def send(self, letter: EmailMessage) -> None:
        """Hand one letter over; raises `NotTaken`."""
        try:
            client = await self._connected()
        except (aiosmtplib.SMTPException, OSError) as error:
            self._drop()
            raise NotTaken(f"The mail server cannot be used: {_words(error)}", final=False) from error
        try:
            await client.send_message(letter)
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = {each.code for each in error.recipients}
            raise NotTaken(f"The address was refused: {_words(error)}", _final(codes)) from error
        except aiosmtplib.SMTPDataError as error:
            raise NotTaken(f"The letter was refused: {_words(error)}", _final({error.code})) from error
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            self._drop()
            raise NotTaken(f"The letter could not be handed over: {_words(error)}", final=False) from error

    async def rest(self) -> None:
        """Take leave of the mail server."""
        client, self._client = self._client, None
        if client is not None:
            try:
                await client.quit()
            except (aiosmtplib.SMTPException, OSError):
                client.close()

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is None or not self._client.is_connected:
            chosen, how = self._settings, security(self._settings)
            self._client = aiosmtplib.SMTP(
                hostname=chosen.smtp_host,
                port=chosen.smtp_port,
                username=chosen.smtp_user or None,
                password=chosen.smtp_password or None,
                use_tls=how == "tls",
                start_tls=how == "starttls",
                timeout=PATIENCE_S,
            )
            await self._client.connect()
        return self._client

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = None


def security(settings: Settings) -> str:
    """How the line to the mail server is kept private; on this machine it need not be."""
    return settings.smtp_security or ("none" if is_loopback(settings.smtp_host) else "starttls")


def _final(codes: set[int]) -> bool:
    return bool(codes) and all(code in FOR_GOOD for code in codes)


def _words(error: BaseException) -> str:
    """What a mail server said, on one line and not too long."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        said = "; ".join(f"{each.code} {each.message}" for each in error.recipients)
    elif isinstance(error, aiosmtplib.SMTPResponseException):
        said = f"{error.code} {error.message}"
    else:
        said = str(error) or type(error).__name__
    return " ".join(said.split())[:300]
