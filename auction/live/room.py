"""The room's words: what may be asked of it (from `wishes.py`), what can happen in it, and what it remembers.

A room is one stream with all lots of one event, because staggered closings tie the lots together. `event.py` is its
machine; the files in `formats/` know what a good bid is.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from auction.kernel import Event
from auction.live.amendments import AddendumAcknowledged, RoomAmended
from auction.live.answers import Done, Taken
from auction.live.taking_part import ScheduleFiled, ScheduleLapsed, VendorAdmitted, VendorWithdrawn
from auction.live.wishes import (
    HOST,
    VENDORS_OWN,
    AdmitVendor,
    Cancel,
    Confirm,
    Entrant,
    Extend,
    Fault,
    FileSchedule,
    LotCeiling,
    LotFactor,
    LotPlan,
    NotBuilt,
    OpeningBid,
    Pause,
    PlaceBid,
    Prepare,
    Resume,
    Suspend,
    Tick,
    WithdrawVendor,
)
from auction.refusals import Refusal
from auction.terms.rules import Rules
from auction.terms.schedule import LinePrice

__all__ = [
    "AdmitVendor",
    "Cancel",
    "Confirm",
    "Entrant",
    "Extend",
    "Fault",
    "FileSchedule",
    "HOST",
    "LotCeiling",
]
__all__ += ["LotFactor", "LotPlan", "NotBuilt", "OpeningBid", "Pause", "PlaceBid", "Prepare", "Resume"]
__all__ += ["Suspend", "Tick", "VENDORS_OWN", "WithdrawVendor"]
__all__ += ["BidPlaced", "Cause", "CloseMoved", "CommandDone", "CommandRefused", "Done", "FACTOR_PLACES"]
__all__ += ["Factors", "Lot", "LotCancelled", "LotClosed", "LotOpened", "LotPaused", "LotResumed"]
__all__ += [
    "PauseLifted",
    "Room",
    "RoomEvent",
    "RoomPrepared",
    "RoomSeeded",
    "ScheduleFiled",
    "ScheduleLapsed",
]
__all__ += ["Standing", "Status", "TIME", "Taken", "VendorAdmitted", "VendorSuspended", "VendorWithdrawn"]

Status = Literal["scheduled", "open", "paused", "closed", "cancelled"]
Cause = Literal["overtime", "gap", "host", "resume"]
TIME = "time"
FACTOR_PLACES = 12
"""Decimals kept of a vendor's factor `m`; ranked amounts are whole numbers of 10^-18."""


# --- what can happen -----------------------------------------------------------------------------------------------------


class RoomPrepared(Event, frozen=True, tag="room.prepared"):
    """The room was set up under these rules."""

    rules: dict[str, object]
    rules_hash: str
    opens: datetime
    closes: datetime
    lots: tuple[LotPlan, ...]
    opening_bids: tuple[OpeningBid, ...] = ()
    opening: Literal["none", "schedules", "sealed"] = "none"


class RoomSeeded(Event, frozen=True, tag="room.seeded"):
    """The secret seed of labels and draws; it is committed to in the journal before the event opens."""

    seed: str


class LotOpened(Event, frozen=True, tag="live.lot_opened"):
    """A lot opened for bids."""

    lot: str
    closes: datetime


class BidPlaced(Event, frozen=True, tag="live.bid"):
    """A bid stands: the vendor's `no`-th on the lot, with its rank as shown and the lot's close just after it."""

    vendor: str
    lot: str
    amount: str
    no: int
    rank: int
    closes: datetime
    rules_hash: str
    id: str | None = None
    opening: bool = False
    digest: str = ""
    lines: tuple[LinePrice, ...] = ()


class CommandRefused(Event, frozen=True, tag="live.refused"):
    """A command was refused; visible to its owner and the host."""

    what: str
    code: str
    message: str
    lot: str | None = None
    given: str | None = None
    next: str | None = None
    id: str | None = None
    digest: str = ""


class CloseMoved(Event, frozen=True, tag="live.close_moved"):
    """A lot's close moved; `counted` when it is one of the lot's own extensions."""

    lot: str
    closes: datetime
    cause: Cause
    counted: bool = False
    reason: str = ""


class LotPaused(Event, frozen=True, tag="live.lot_paused"):
    """A lot's clock stopped; `all` when it was a pause of the whole event; `since` when the time left froze."""

    lot: str
    reason: str
    all: bool
    since: datetime


class LotResumed(Event, frozen=True, tag="live.lot_resumed"):
    """A lot's clock runs again, to the new close."""

    lot: str
    closes: datetime
    reason: str


class PauseLifted(Event, frozen=True, tag="live.pause_lifted"):
    """A pause of the whole event is over; openings that fell into it happen now."""


class LotClosed(Event, frozen=True, tag="live.lot_closed"):
    """A lot closed; the winner is the best vendor that is not suspended, or nobody."""

    lot: str
    winner: str | None


class LotCancelled(Event, frozen=True, tag="live.lot_cancelled"):
    """A lot was cancelled; its planned close and ranking stay on record."""

    lot: str
    reason: str
    closes: datetime


class VendorSuspended(Event, frozen=True, tag="live.vendor_suspended"):
    """A vendor was suspended."""

    vendor: str
    reason: str


class CommandDone(Event, frozen=True, tag="live.done"):
    """A command that carried its sender's id was carried out; kept so that a repeat gets the same answer."""

    id: str
    digest: str
    lot: str | None = None
    closes: datetime | None = None


RoomEvent = (
    RoomPrepared
    | RoomSeeded
    | VendorAdmitted
    | VendorWithdrawn
    | ScheduleFiled
    | ScheduleLapsed
    | LotOpened
    | BidPlaced
    | CommandRefused
    | CloseMoved
    | LotPaused
    | LotResumed
    | PauseLifted
    | LotClosed
    | LotCancelled
    | VendorSuspended
    | CommandDone
    | RoomAmended
    | AddendumAcknowledged
)


# --- what it remembers -----------------------------------------------------------------------------------------------------


class Standing(msgspec.Struct, frozen=True, order=True, gc=False):
    """A vendor's standing bid: sorted by what is ranked (10^-18), then by its place in the journal."""

    ranked: int
    place: int
    vendor: str
    amount: int
    at: datetime


class Lot(msgspec.Struct):
    """One lot's state, owned by its room."""

    plan: LotPlan
    index: int
    opens: datetime
    closes: datetime
    status: Status = "scheduled"
    extensions: int = 0
    paused_at: datetime | None = None
    over_at: datetime | None = None
    winner: str | None = None
    order: list[Standing] = msgspec.field(default_factory=list)
    standing: dict[str, Standing] = msgspec.field(default_factory=dict)
    bids: dict[str, int] = msgspec.field(default_factory=dict)
    history: list[Standing] = msgspec.field(default_factory=list)
    schedules: dict[str, tuple[LinePrice, ...]] = msgspec.field(default_factory=dict)
    stale: dict[str, tuple[LinePrice, ...]] = msgspec.field(default_factory=dict)

    @property
    def over(self) -> bool:
        """Tell whether nothing more can happen on the lot."""
        return self.status in ("closed", "cancelled")


class Factors(msgspec.Struct, frozen=True, gc=False):
    """A vendor's terms on one lot: `m` in 10^-12, `a` in micros, `ceiling` in micros (lot's and own, the lower)."""

    m: int
    a: int
    ceiling: int | None


class Room(msgspec.Struct):
    """Everything that the room remembers; changed in place by its single owner through `evolve`."""

    tender: str | None = None
    rules: Rules | None = None
    rules_hash: str = ""
    opens: datetime | None = None
    length: timedelta = timedelta()
    opening: str = "none"
    opening_bids: tuple[OpeningBid, ...] = ()
    seed: str = ""
    lots: dict[str, Lot] = msgspec.field(default_factory=dict)
    vendors: dict[str, Entrant] = msgspec.field(default_factory=dict)
    readmitted: bool = False
    factors: dict[tuple[str, str], Factors] = msgspec.field(default_factory=dict)
    suspended: set[str] = msgspec.field(default_factory=set)
    all_paused: bool = False
    started: bool = False
    time: datetime | None = None
    places: int = 0
    seen: dict[tuple[str, str], tuple[str, Taken | Done | Refusal]] = msgspec.field(default_factory=dict)
    addendum: int = 0
    acknowledged: dict[str, int] = msgspec.field(default_factory=dict)

    def behind(self, vendor: str) -> bool:
        """Tell whether a vendor has not acknowledged the latest addendum."""
        return self.acknowledged.get(vendor, 0) < self.addendum
