"""The words of an addendum in the room: what may be asked before the opening, and what comes of it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from auction.kernel import Command, Event
from auction.live.wishes import LotPlan, Prepare


class AmendRoom(Command, frozen=True):
    """Set the room up anew as addendum `number` says; who is admitted stays admitted."""

    number: int
    plan: Prepare


class AcknowledgeAddendum(Command, frozen=True):
    """A vendor has read the addendum of this number; `person` signs for it."""

    number: int
    person: str


class ConfirmSchedule(Command, frozen=True):
    """A vendor's line schedule for a lot, filed before an addendum, holds under it too; `signer` signs for that."""

    lot: str
    signer: str = ""


class RoomAmended(Event, frozen=True, tag="room.amended"):
    """The room was set up anew by an addendum; admitted vendors must acknowledge it, and filed schedules wait."""

    number: int
    rules: dict[str, object]
    rules_hash: str
    opens: datetime
    closes: datetime
    lots: tuple[LotPlan, ...]
    opening: Literal["none", "schedules", "sealed"] = "none"


class AddendumAcknowledged(Event, frozen=True, tag="room.addendum_acknowledged"):
    """A vendor acknowledged an addendum, and all before it."""

    vendor: str
    number: int
    person: str
