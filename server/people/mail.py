"""Mail about accounts: put into the outbox, each notice once under its key."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from server.parts import Parts
from server.presenting import when

WORDS = ("link", "organisation", "role", "inviter", "expires", "person")
"""What every letter about accounts may name; what it does not concern is empty."""
ZONE = "America/New_York"


async def send(parts: Parts, notice: str, to: str, key: str, **context: Any) -> None:
    """Put a notice into the outbox; the same key is sent once."""
    given = dict.fromkeys(WORDS, "") | context
    await parts.outbox.put(key=f"{notice} {key}", to=to, notice=notice, context=given)


def until(time: datetime) -> str:
    """Until when a link works, in words."""
    return when(time, ZONE)


def address(parts: Parts, path: str) -> str:
    """The full address of one of our own pages, as it stands in a mail."""
    return f"{parts.settings.origin}{path}"


def masked(email: str) -> str:
    """An e-mail address that its owner knows again, and nobody else learns: `o…@coop.example`."""
    name, _, host = email.partition("@")
    return f"{name[:1]}…@{host}"
