"""Which event of the engine asks for a command on the vendors' side; the server's errands carry each out."""

from __future__ import annotations

from collections.abc import Iterator

from auction.kernel import Command, Event
from auction.live.room import VendorAdmitted, VendorWithdrawn
from bidders.qualification import NoteAdmitted, NoteWithdrawn


def follow(stream: str, event: Event) -> Iterator[tuple[str, Command]]:
    """Name what follows from an event of a stream; each command may be sent again without harm."""
    _, _, name = stream.partition("/")
    if isinstance(event, VendorAdmitted):
        vendor = event.vendor
        yield (
            f"admission/{name}",
            NoteAdmitted(
                by=event.by, vendor=vendor.id, lots=vendor.lots, reason=event.reason, happened=event.at
            ),
        )
    elif isinstance(event, VendorWithdrawn):
        yield (
            f"admission/{name}",
            NoteWithdrawn(by=event.by, vendor=event.vendor, reason=event.reason, happened=event.at),
        )
