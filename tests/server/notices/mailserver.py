"""A mail server for tests, on a loopback port: it keeps what it takes, and refuses what it is told to refuse."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.smtp import SMTP

from server.notices.smtp import NotTaken


class Mailserver:
    """What arrived, and the answers that are given instead of a yes."""

    def __init__(self) -> None:
        self.port = 0
        self.arrived: list[EmailMessage] = []
        self.answers: list[str] = []
        self.connections = 0

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, name: str, answers: Any) -> Any:
        self.connections += 1
        session.host_name = name
        return answers

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address.startswith("nobody"):
            return "550 5.1.1 there is nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answers:
            return self.answers.pop(0)
        letter = message_from_bytes(envelope.content, policy=cast("Any", default))
        self.arrived.append(cast("EmailMessage", letter))
        return "250 OK"

    def subjects(self) -> list[str]:
        """The subjects of what arrived, in order."""
        return [str(each["Subject"]) for each in self.arrived]


@asynccontextmanager
async def mailserver() -> AsyncIterator[Mailserver]:
    """Run a mail server in this loop."""
    box, loop = Mailserver(), asyncio.get_running_loop()
    listening = await loop.create_server(
        lambda: SMTP(box, enable_SMTPUTF8=True, hostname="mail.test"), "127.0.0.1", 0
    )
    box.port = listening.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        listening.close()


class Pile:
    """The mail server's twin in memory."""

    def __init__(self) -> None:
        self.arrived: list[EmailMessage] = []
        self.refusals: list[NotTaken] = []

    async def send(self, letter: EmailMessage) -> None:
        """Keep a letter, or say no."""
        if self.refusals:
            raise self.refusals.pop(0)
        self.arrived.append(letter)

    async def rest(self) -> None:
        """Nothing is held."""
