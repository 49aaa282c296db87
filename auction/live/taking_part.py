"""Taking part: the facts of who was admitted to a room, and of the line schedules filed before it opens."""

from __future__ import annotations

from auction.kernel import Event
from auction.live.wishes import Entrant
from auction.terms.schedule import LinePrice


class VendorAdmitted(Event, frozen=True, tag="room.vendor_admitted"):
    """A vendor was admitted, with its private attachments; `later` when that was after the room was set up."""

    vendor: Entrant
    reason: str = ""
    later: bool = False


class VendorWithdrawn(Event, frozen=True, tag="room.vendor_withdrawn"):
    """A vendor's admission was taken back before the opening."""

    vendor: str
    reason: str


class ScheduleFiled(Event, frozen=True, tag="room.schedule_filed"):
    """A vendor filed a line schedule that extends to `total`; `envelope` is the sealed one that it was opened from, if any."""

    vendor: str
    lot: str
    lines: tuple[LinePrice, ...]
    total: str
    signer: str = ""
    envelope: str = ""


class ScheduleLapsed(Event, frozen=True, tag="room.schedule_lapsed"):
    """A filed schedule no longer counts, because the vendor's terms changed; it can be filed anew."""

    vendor: str
    lot: str
    reason: str
