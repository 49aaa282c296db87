"""Finding the schedule that a page is about: the vendor is who signed in, never what an address says."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import select

from auction.live.room import Factors, Room
from auction.live.room import Lot as RoomLot
from auction.money import ceil_div, show
from auction.tender.solicitation import Line, Lot
from auction.terms.entries import ReadSchedule, read
from auction.terms.schedule import LotLine
from server.guards import may
from server.login import Identity
from server.pages.answering import Req, plain
from server.pages.showing import Shown, find_public, is_admitted, not_for_sealed
from server.parts import Parts, parts_of, signed_in
from server.schedule_drafts import Key, ScheduleDrafts
from server.tables import FiledSchedule, Person

NOT_HERE = "Your company is not admitted to this lot. Ask to take part on the event’s page."
TWELVE = 10**12


class At(msgspec.Struct, frozen=True):
    """Where somebody works: an event, a lot of it, for a vendor, as a person."""

    parts: Parts
    shown: Shown
    room: Room
    lot: Lot
    lines: dict[str, Line]
    """The lines as the notice describes them, by id."""
    held: RoomLot
    identity: Identity
    session: bytes

    @property
    def vendor(self) -> str:
        """The vendor whose schedule it is."""
        return self.identity.organisation_id

    @property
    def key(self) -> Key:
        """Whose draft of which schedule."""
        return Key(self.shown.id, self.vendor, self.lot.id)

    @property
    def drafts(self) -> ScheduleDrafts:
        """Where drafts are kept."""
        return ScheduleDrafts(self.parts.database)

    @property
    def plans(self) -> tuple[LotLine, ...]:
        """The lines as the room reads them."""
        return self.held.plan.lines

    @property
    def open(self) -> bool:
        """Tell whether a schedule can still be filed."""
        return self.held.status == "scheduled" and self.vendor not in self.room.suspended

    @property
    def behind(self) -> bool:
        """Tell whether the company has yet to acknowledge an addendum."""
        return self.room.behind(self.vendor)

    @property
    def signs(self) -> bool:
        """Tell whether this person may sign for the company."""
        return may(self.identity, "bid")

    @property
    def factors(self) -> Factors:
        """The vendor's own terms on the lot."""
        return self.room.factors[self.vendor, self.lot.id]

    @property
    def tick(self) -> int:
        """The smallest step of a total, in micros."""
        assert self.room.rules is not None
        return self.room.rules.tick

    @property
    def ceiling(self) -> str | None:
        """The highest total that is taken from this vendor."""
        highest = self.factors.ceiling
        return show(highest // self.tick * self.tick, self.tick) if highest is not None else None

    @property
    def address(self) -> str:
        """The schedule's page."""
        return f"/events/{self.shown.id}/schedule/{self.lot.id}"

    def total(self, worth: int) -> str:
        """What extensions of 10^-12 come to, rounded up to the tick as the room does."""
        return show(ceil_div(worth, 10**6 * self.tick) * self.tick, self.tick)

    def above(self, worth: int) -> bool:
        """Tell whether that is above the ceiling."""
        highest = self.factors.ceiling
        return highest is not None and ceil_div(worth, 10**6 * self.tick) * self.tick > highest


def admitted(request: Req, event_id: str) -> tuple[Shown, Room, Identity, bytes]:
    """Let an admitted vendor's person in."""
    who, shown = signed_in(request), find_public(parts_of(request), event_id)
    not_for_sealed(shown)
    if shown.seeding is not None:
        raise plain(404, NO_SCHEDULE)
    if who is None or shown.room is None or not is_admitted(who.identity, shown.room):
        raise plain(403, "Your company is not admitted to this event. Ask to take part on the event’s page.")
    return shown, shown.room, who.identity, who.session


async def at(request: Req, event_id: str, lot_id: str) -> At:
    """Find a lot's schedule for whoever asks."""
    await parts_of(request).desk.at_rest()
    shown, room, identity, session = admitted(request, event_id)
    held = room.lots.get(lot_id)
    if held is None:
        raise plain(404, "There is no such lot in this event.")
    if (identity.organisation_id, lot_id) not in room.factors:
        raise plain(403, NOT_HERE)
    lot = next(each for each in shown.document.lots if each.id == lot_id)
    if not held.plan.lines:
        raise plain(404, "This lot is bid on as a whole; it has no line schedule.")
    lines = {line.id: line for line in lot.lines}
    return At(parts_of(request), shown, room, lot, lines, held, identity, session)


async def filed(here: At) -> FiledSchedule | None:
    """The schedule as it was filed last."""
    key = (here.shown.id, here.vendor, here.lot.id)
    return await here.parts.database.read(lambda session: session.get(FiledSchedule, key))


async def read_draft(here: At) -> ReadSchedule:
    """The whole draft, read against the lot's lines."""
    kept = await here.drafts.lines(here.key)
    return read(here.plans, {line: each.entry for line, each in kept.items()})


async def names_of(parts: Parts, people: set[str]) -> dict[str, str]:
    """People's names by id."""
    wanted = select(Person.id, Person.name).where(Person.id.in_(people))
    return await parts.database.read(lambda session: {row[0]: row[1] for row in session.execute(wanted)})


NO_SCHEDULE = (
    "Opening bids of this event are sealed, and hold the price of every line: there is no other line schedule. "
    "Open its notice and choose “Make your sealed opening bid”."
)
STALE = "An addendum changed the event since."


def why_void(here: At, kept: FiledSchedule) -> str | None:
    """Why a filed schedule does not count now; None where it does."""
    return kept.lapsed or (STALE if here.vendor in here.held.stale else None)


def receipt(here: At, kept: FiledSchedule | None, names: dict[str, str]) -> dict[str, Any] | None:
    """What a page tells of a filed schedule."""
    if kept is None:
        return None
    return {
        "at": kept.filed_at,
        "signer": names.get(kept.signer, "your company"),
        "total": kept.total,
        "fingerprint": kept.fingerprint,
        "times": kept.times,
        "lapsed": why_void(here, kept),
    }
