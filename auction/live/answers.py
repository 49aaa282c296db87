"""Answers: what the room says to whoever asked for something that was carried out."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Taken(msgspec.Struct, frozen=True, gc=False):
    """The answer to an accepted bid; `rank` as shown, None where the rules hide it."""

    lot: str
    amount: str
    rank: int | None
    closes: datetime
    next: str | None
    id: str | None = None


class Done(msgspec.Struct, frozen=True, gc=False):
    """The answer to an accepted command that is not a bid; `closes` where it names a lot."""

    lot: str | None = None
    closes: datetime | None = None
