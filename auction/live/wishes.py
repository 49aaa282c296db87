"""What may be asked of a room, and the plans that it is set up from."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from auction.kernel import Command
from auction.terms.rules import Rules
from auction.terms.schedule import LinePrice, LotLine


class LotCeiling(msgspec.Struct, frozen=True):
    """A vendor's own ceiling on one lot, a decimal string."""

    lot: str
    ceiling: str


class LotPlan(msgspec.Struct, frozen=True):
    """A lot as published; `opens` and `closes` are its own times where it has some."""

    id: str
    ceiling: str | None = None
    opens: datetime | None = None
    closes: datetime | None = None
    lines: tuple[LotLine, ...] = ()


class LotFactor(msgspec.Struct, frozen=True):
    """A vendor's factor `m` and addend `a` on one lot, where they differ from its general ones."""

    lot: str
    m: str = "1"
    a: str = "0"


class Entrant(msgspec.Struct, frozen=True):
    """An admitted vendor: factor `m`, addend `a`, own ceilings, the lots it is admitted to (None is all)."""

    id: str
    m: str = "1"
    a: str = "0"
    ceilings: tuple[LotCeiling, ...] = ()
    lots: tuple[str, ...] | None = None
    factors: tuple[LotFactor, ...] = ()
    name: str = ""


class OpeningBid(msgspec.Struct, frozen=True):
    """A bid that stands from a lot's opening."""

    vendor: str
    lot: str
    amount: str


class Confirm(msgspec.Struct, frozen=True):
    """A confirmation: the exact amount, and the number of the own standing bid that it was made against."""

    amount: str
    own: int


class Prepare(Command, frozen=True):
    """Set the room up from the published event; `seed` is 32 bytes in hex, the source of labels and draws."""

    tender: str | None
    rules: Rules
    opens: datetime
    closes: datetime
    lots: tuple[LotPlan, ...]
    vendors: tuple[Entrant, ...]
    opening_bids: tuple[OpeningBid, ...] = ()
    seed: str = ""
    opening: Literal["none", "schedules", "sealed"] = "none"


class AdmitVendor(Command, frozen=True):
    """Admit a vendor, or change the terms of one that is admitted, before the first lot opens."""

    vendor: Entrant
    reason: str = ""


class WithdrawVendor(Command, frozen=True):
    """Take a vendor's admission back, before the first lot opens."""

    vendor: str
    reason: str = ""


class FileSchedule(Command, frozen=True):
    """File or replace the sender's line schedule for a lot, before it opens; `signer` is the person who signed it.

    Where opening bids come sealed, `envelope` is the opened one that said these prices; nobody else files any.
    """

    lot: str
    lines: tuple[LinePrice, ...]
    signer: str = ""
    envelope: str = ""


class PlaceBid(Command, frozen=True):
    """Bid on a lot. `amount` is in micros, None when `given` was not an amount; `confirm` True means the current pair."""

    lot: str
    amount: int | None
    given: str
    confirm: Confirm | bool | None = None
    rules: str | None = None
    lines: tuple[LinePrice, ...] = ()


class Pause(Command, frozen=True):
    """Stop the clock of one lot, or of all open ones."""

    lot: str | None = None
    reason: str = ""


class Resume(Command, frozen=True):
    """Start the clock again."""

    lot: str | None = None
    reason: str = ""


class Extend(Command, frozen=True):
    """Move a lot's close to a later time."""

    lot: str
    closes: datetime
    reason: str = ""


class Cancel(Command, frozen=True):
    """Cancel one lot, or all that are not over."""

    lot: str | None = None
    reason: str = ""


class Suspend(Command, frozen=True):
    """Suspend a vendor: it may not bid, and what it has standing cannot win."""

    vendor: str
    reason: str = ""


class Fault(Command, frozen=True):
    """Report that the server was away since its last heartbeat."""

    last_heartbeat: datetime


class Tick(Command, frozen=True):
    """Let time pass."""


class NotBuilt(Command, frozen=True):
    """A command of the rulebook that this version does not carry out; it is always refused."""

    what: str
    lot: str | None = None
    vendor: str | None = None


HOST = "host"
VENDORS_OWN = ("bid", "accept", "withdraw", "proxy", "cancel_proxy")
"""What only a vendor may do."""
