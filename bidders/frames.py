"""What is said on the socket, as a vendor's program reads and writes it: JSON with the tag `k`."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Confirm(msgspec.Struct, frozen=True):
    """What confirms a large step down: the exact amount, and the number of the own bid that it was made against."""

    amount: str
    own: int


class BoardRow(msgspec.Struct, frozen=True):
    """How a lot stands for everybody."""

    id: str
    status: str
    opens: datetime | None = None
    closes: datetime | None = None


class OwnRow(msgspec.Struct, frozen=True):
    """How a lot stands for this vendor; what it may not see is missing."""

    id: str
    own: str | None = None
    own_no: int = 0
    next: str | None = None
    rank: int | None = None
    lead: str | None = None


class Fact(msgspec.Struct, frozen=True):
    """One thing that happened: `f` says what, and which of the other members it has."""

    f: str
    at: datetime
    lot: str | None = None
    id: str | None = None
    amount: str | None = None
    rank: int | None = None
    code: str = ""
    message: str = ""
    next: str | None = None


class FromServer(msgspec.Struct, frozen=True, tag_field="k"):
    """Every frame of the server; `t` is its time."""

    t: datetime


class Welcome(FromServer, frozen=True, tag="welcome"):
    """The seat is taken under the rules of this hash; `last` counts the facts so far."""

    rules: str
    last: int


class News(FromServer, frozen=True, tag="news"):
    """How lots stand now, and what happened: `first` is the number of the first fact."""

    board: list[BoardRow] = []
    you: list[OwnRow] = []
    facts: list[Fact] = []
    first: int = 0


class Taken(FromServer, frozen=True, tag="taken"):
    """The bid counts."""

    id: str | None
    n: int
    lot: str
    amount: str
    closes: datetime
    next: str | None
    rank: int | None = None


class No(FromServer, frozen=True, tag="no"):
    """The bid was refused; `next` is the nearest amount that would do."""

    id: str | None
    code: str
    message: str
    next: str | None
    confirm: Confirm | None = None


class Fail(FromServer, frozen=True, tag="fail"):
    """The bid could not be recorded and does not count."""

    id: str | None
    message: str


class Pong(FromServer, frozen=True, tag="pong"):
    """The answer to a ping."""

    c: int


class Beat(FromServer, frozen=True, tag="beat"):
    """The line is alive."""


class Bid(msgspec.Struct, frozen=True, tag_field="k", tag="bid", omit_defaults=True):
    """A bid under its sender's own id."""

    id: str
    lot: str
    amount: str
    rules: str
    confirm: Confirm | None = None


Answer = Taken | No | Fail
Heard = Welcome | News | Taken | No | Fail | Pong | Beat
read = msgspec.json.Decoder(Heard).decode
encode = msgspec.json.Encoder().encode
