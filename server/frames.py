"""What is said over the socket: one closed family of frames in each direction, JSON with the tag `k`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from struct import pack

import msgspec

from auction.live.room import Confirm

LONGEST = 64


class FromClient(msgspec.Struct, frozen=True, tag_field="k", forbid_unknown_fields=True):
    """What a viewer may say."""


class Hello(FromClient, frozen=True, tag="hello"):
    """The first frame: the number of the last fact seen, 0 for none."""

    last: int = 0


class Bid(FromClient, frozen=True, tag="bid"):
    """A bid under its sender's own id. Who bids is who signed in; `amount` may be anything, and is judged."""

    id: str
    lot: str
    amount: msgspec.Raw
    rules: str | None = None
    confirm: Confirm | None = None


class Ping(FromClient, frozen=True, tag="ping"):
    """Are you there? `c` comes back as it is."""

    c: int = 0


class ToClient(msgspec.Struct, frozen=True, tag_field="k", omit_defaults=True):
    """What the server says; `t` is its time in every frame."""

    t: datetime


class Welcome(ToClient, frozen=True, tag="welcome"):
    """The seat is taken; `last` counts the facts that this viewer may see so far."""

    event: str
    rules: str
    last: int


class Taken(ToClient, frozen=True, tag="taken"):
    """The bid counts: `n` is the number of facts that its bidder may see, this one included."""

    id: str | None
    n: int
    lot: str
    amount: str
    closes: datetime
    next: str | None
    rank: int | None = None


class No(ToClient, frozen=True, tag="no"):
    """The message was refused; `confirm` is what to send along to confirm a large step down."""

    id: str | None
    code: str
    message: str
    next: str | None
    confirm: Confirm | None = None


class Fail(ToClient, frozen=True, tag="fail"):
    """It could not be recorded and does not count."""

    id: str | None
    message: str


class Pong(ToClient, frozen=True, tag="pong"):
    """The answer to a ping."""

    c: int


class Beat(ToClient, frozen=True, tag="beat"):
    """Nothing is new, and the line is alive."""


Said = Hello | Bid | Ping
read = msgspec.json.Decoder(Said).decode
encode = msgspec.json.Encoder().encode


def news(t: datetime, parts: Iterable[tuple[str, bytes]]) -> bytes:
    """Put a news frame together from parts that are encoded already: `board`, `first`, `facts`, `you`, `desk`, `connected`."""
    return (
        b'{"k":"news","t":%s' % encode(t)
        + b"".join(b',"%s":%s' % (name.encode(), part) for name, part in parts)
        + b"}"
    )


def framed(text: bytes) -> bytes:
    """Frame a whole text message, as servers send it: unmasked (RFC 6455, section 5.2)."""
    size = len(text)
    if size < 126:
        return pack("!BB", 0x81, size) + text
    return (pack("!BBH", 0x81, 126, size) if size < 65536 else pack("!BBQ", 0x81, 127, size)) + text


def rows(parts: Iterable[bytes]) -> bytes:
    """Put a list together from rows that are encoded already."""
    return b"[" + b",".join(parts) + b"]"


def amount_given(raw: msgspec.Raw) -> str:
    """What stands as an amount, as text for the ledger: a string's content, or the JSON itself, cut short."""
    try:
        value = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        value = None
    text = value if isinstance(value, str) else bytes(raw).decode("utf-8", "replace")
    return text[:LONGEST]


def amount_text(raw: msgspec.Raw) -> str | None:
    """The string that stands as an amount; None for anything else, numbers too."""
    try:
        return msgspec.json.decode(raw, type=str)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
