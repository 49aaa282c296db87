"""The board: what each viewer may see. What is not made here for a viewer is never sent to it.

A *viewer* is a vendor, the buyer's side, or the public. Facts are what happened, one by one; the board is how it stands now.
Nothing here counts what its viewer may not see.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from auction.kernel import Event
from auction.live.bidding import rank_of, ranking
from auction.live.closing import planned_closes
from auction.live.decrement import RANKED
from auction.live.formats import english
from auction.live.room import (
    BidPlaced,
    CloseMoved,
    CommandRefused,
    Factors,
    Lot,
    LotCancelled,
    LotClosed,
    LotOpened,
    LotPaused,
    LotResumed,
    Room,
    ScheduleFiled,
    Standing,
    VendorSuspended,
)
from auction.money import parse_amount, show

Reach = Literal["nobody", "owner", "everyone"]
Fact = dict[str, object]
WORDS: dict[type[Event], str] = {
    LotOpened: "opened",
    LotClosed: "closed",
    LotPaused: "paused",
    LotResumed: "resumed",
    LotCancelled: "cancelled",
}
PLAIN = Factors(10**12, 0, None)
"""The terms of viewers who have none of their own."""
MINUTE = timedelta(minutes=1)


class Viewer(msgspec.Struct, frozen=True):
    """Who looks: a vendor by its id, the buyer's side, or the public."""

    kind: Literal["vendor", "buyer", "public"]
    vendor: str = ""


def owner(event: Event) -> str | None:
    """The vendor that an event belongs to, if it belongs to one."""
    if isinstance(event, BidPlaced | ScheduleFiled | VendorSuspended):
        return event.vendor
    return event.by if isinstance(event, CommandRefused) else None


def reach(room: Room, event: Event) -> Reach:
    """Say which vendors may see a fact of this event."""
    if isinstance(event, BidPlaced):
        return "everyone" if room.rules is not None and room.rules.visibility.history else "owner"
    if isinstance(event, CommandRefused | ScheduleFiled | VendorSuspended):
        return "owner"
    return "everyone" if isinstance(event, _COMMON) else "nobody"


_COMMON = LotOpened | LotClosed | LotCancelled | LotPaused | LotResumed | CloseMoved


def is_common(event: Event) -> bool:
    """Tell whether this is a fact of the room that concerns nobody in particular."""
    return isinstance(event, _COMMON)


def fact(room: Room, event: Event, viewer: Viewer) -> Fact | None:
    """Tell a viewer what happened, in a room that has already moved past the event; None when it may not know."""
    if isinstance(event, BidPlaced):
        return _bid(room, event, viewer)
    if isinstance(event, _COMMON):
        return (
            _common(event, viewer) if viewer.kind != "public" or shows_prices(room) else _status_only(event)
        )
    if viewer.kind == "public" or (viewer.kind == "vendor" and viewer.vendor != owner(event)):
        return None
    if isinstance(event, CommandRefused):
        return _refused(room, event, viewer)
    if isinstance(event, ScheduleFiled):
        filed: Fact = {"at": event.at, "f": "schedule", "lot": event.lot, "amount": event.total}
        return filed | _who(room, viewer, event)
    if isinstance(event, VendorSuspended):
        return {"at": event.at, "f": "suspended", "reason": event.reason, **_who(room, viewer, event)}
    return None


def shows_prices(room: Room) -> bool:
    """Tell whether the public may follow the prices live."""
    return room.rules is not None and room.rules.visibility.public == "prices"


def _who(room: Room, viewer: Viewer, event: Event) -> Fact:
    """Name the vendor to the buyer's side, where the rules allow, else label it."""
    name = owner(event)
    if viewer.kind != "buyer" or name is None or name not in room.vendors:
        return {}
    lot = getattr(event, "lot", None) or ""
    named = {"vendor": name} if names_shown(room) else {}
    return {"label": label(room, viewer, lot, name), **named}


def names_shown(room: Room) -> bool:
    """Tell whether the buyer's side may see names now: where the rules say so, else once every lot is over."""
    open_book = room.rules is not None and room.rules.visibility.buyer_sees_names
    return open_book or all(lot.over for lot in room.lots.values())


def _bid(room: Room, event: BidPlaced, viewer: Viewer) -> Fact | None:
    assert room.rules is not None
    seen = room.rules.visibility
    if viewer.kind == "vendor" and viewer.vendor == event.vendor:
        own: Fact = {"at": event.at, "f": "taken", "lot": event.lot, "amount": event.amount, "id": event.id}
        return own | _ranked(event, seen.rank)
    if viewer.kind == "vendor" and not seen.history:
        return None
    if viewer.kind == "public" and not shows_prices(room):
        return None
    named = label(room, viewer, event.lot, event.vendor)
    price: Fact = {"at": event.at, "f": "price", "lot": event.lot, "label": named}
    if viewer.kind == "buyer":
        return price | {"amount": event.amount} | _ranked(event, True) | _who(room, viewer, event)
    value = english.ranked(room.rules, room.factors[event.vendor, event.lot], parse_amount(event.amount) or 0)
    return price | {"amount": _own_terms(room, viewer, event.lot, value)}


def _ranked(event: BidPlaced, seen: bool) -> Fact:
    """A bid's rank when it came; opening bids stand from one instant, so that none came before another."""
    return {"opening": True} if event.opening else {"rank": event.rank} if seen else {}


def _common(event: Event, viewer: Viewer) -> Fact:
    base: Fact = {"at": event.at, "lot": getattr(event, "lot", None)}
    if isinstance(event, LotOpened):
        return base | {"f": "opened", "closes": event.closes}
    if isinstance(event, LotClosed):
        won: Fact = {"winner_you": event.winner == viewer.vendor} if viewer.kind == "vendor" else {}
        return base | {"f": "closed"} | won
    if isinstance(event, CloseMoved):
        why: Fact = {"reason": event.reason} if event.reason else {}
        return base | {"f": "close_moved", "closes": event.closes, "cause": event.cause} | why
    word = WORDS[type(event)]
    more: Fact = {"closes": event.closes} if isinstance(event, LotResumed) else {}
    return base | {"f": word, "reason": getattr(event, "reason", "")} | more


def _status_only(event: Event) -> Fact | None:
    """Where the public sees nothing but that the event runs, a moved close would tell of bids."""
    word = WORDS.get(type(event))
    return {"at": event.at, "f": word, "lot": getattr(event, "lot", None)} if word else None


def _refused(room: Room, event: CommandRefused, viewer: Viewer) -> Fact:
    told: Fact = {"at": event.at, "f": "refused", "what": event.what, "lot": event.lot, "amount": event.given}
    told |= {"code": event.code, "message": event.message, "next": event.next, "id": event.id}
    return told | _who(room, viewer, event)


# --- how it stands ---------------------------------------------------------------------------------------------------------


def _named(room: Room, names: Iterable[str] | None) -> Iterable[Lot]:
    """The lots of these names, or all."""
    return room.lots.values() if names is None else (room.lots[name] for name in names)


def shared(room: Room, viewer: Viewer, names: Iterable[str] | None = None) -> list[Fact]:
    """How each lot stands, as all viewers of one kind may see it; of these lots, or of all."""
    return [_shared_lot(room, lot, viewer) for lot in _named(room, names)]


def _shared_lot(room: Room, lot: Lot, viewer: Viewer) -> Fact:
    assert room.rules is not None
    told: Fact = {"id": lot.plan.id, "status": lot.status}
    if viewer.kind == "public" and not shows_prices(room):
        return told
    told |= {"opens": lot.opens, "closes": planned_closes(room, lot), "extensions": lot.extensions}
    if lot.paused_at is not None:
        told["paused_at"] = lot.paused_at
    if viewer.kind != "vendor":
        told["lead"] = lead(room, lot, viewer)
    if viewer.kind == "buyer" or room.rules.visibility.count:
        told["count"] = len(lot.standing)
    return told


def own(room: Room, vendor: str, names: Iterable[str] | None = None) -> list[Fact]:
    """How a vendor itself stands on each lot that it is admitted to; of these lots, or of all."""
    return [
        _own_lot(room, lot, vendor) for lot in _named(room, names) if (vendor, lot.plan.id) in room.factors
    ]


def _own_lot(room: Room, lot: Lot, vendor: str) -> Fact:
    assert room.rules is not None
    standing, viewer = lot.standing.get(vendor), Viewer("vendor", vendor)
    told: Fact = {
        "id": lot.plan.id,
        "own": show(standing.amount, room.rules.tick) if standing is not None else None,
        "own_no": lot.bids.get(vendor, 0),
        "next": english.next_good(room, lot, vendor),
    }
    if room.rules.visibility.rank and standing is not None:
        told["rank"] = rank_of(room, lot, vendor)
    if sees_lead(room, lot, viewer):
        told["lead"] = lead(room, lot, viewer)
    return told


def sees_lead(room: Room, lot: Lot, viewer: Viewer) -> bool:
    """Tell whether a viewer may see the lead price of a lot now."""
    assert room.rules is not None
    seen = room.rules.visibility
    if viewer.kind == "buyer":
        return True
    if viewer.kind == "public":
        return shows_prices(room)
    if seen.lead == "never" or len(lot.standing) < seen.lead_min_vendors:
        return False
    return seen.lead == "always" or viewer.vendor in lot.standing


def lead(room: Room, lot: Lot, viewer: Viewer) -> str | None:
    """The lead in the viewer's own terms: its greatest tick price that compares no higher."""
    return _own_terms(room, viewer, lot.plan.id, lot.order[0].ranked) if lot.order else None


def _own_terms(room: Room, viewer: Viewer, lot: str, value: int) -> str | None:
    """A ranked value as the viewer's own price; None where none of its prices compares so low."""
    assert room.rules is not None
    factors = room.factors.get((viewer.vendor, lot), PLAIN) if viewer.kind == "vendor" else PLAIN
    price = english.in_own_terms(room.rules, factors, value)
    return show(price, room.rules.tick) if price > 0 else None


def desk(room: Room, names: Iterable[str] | None = None) -> list[Fact]:
    """How each lot stands for those who run the event: every standing bid with its rank; of these lots, or of all."""
    return [
        {"id": lot.plan.id, "ranking": [_row(room, lot, *each) for each in ranking(room, lot)]}
        for lot in _named(room, names)
    ]


def _row(room: Room, lot: Lot, rank: int, standing: Standing) -> Fact:
    assert room.rules is not None
    tick = room.rules.tick
    row: Fact = {"label": label(room, Viewer("buyer"), lot.plan.id, standing.vendor), "rank": rank}
    if names_shown(room):
        row["vendor"] = standing.vendor
    if room.rules.rank_by == "adjusted":  # Rounded half up to the tick.
        size = tick * RANKED
        row["adjusted"] = show((2 * standing.ranked + size) // (2 * size) * tick, tick)
    suspended: Fact = {"suspended": True} if standing.vendor in room.suspended else {}
    return row | {"amount": show(standing.amount, tick), "at": standing.at} | suspended


def label(room: Room, viewer: Viewer, lot: str, vendor: str) -> str:
    """A vendor's anonymous name for this event, lot and viewer, drawn from the room's committed seed."""
    key = bytes.fromhex(room.seed) if room.seed else b""
    tag = f"{viewer.kind}|{viewer.vendor}|{lot}|{vendor}".encode()
    drawn = int.from_bytes(hashlib.blake2b(tag, key=key, digest_size=4).digest(), "big")
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    return "Vendor " + "".join(letters[drawn // 24**place % 24] for place in range(4))


def history(room: Room, lot: Lot, viewer: Viewer) -> Iterator[tuple[datetime, str, str | None]]:
    """The anonymous graph: when, which label, what amount in the viewer's own terms."""
    for each in lot.history:
        yield (
            each.at,
            label(room, viewer, lot.plan.id, each.vendor),
            _own_terms(room, viewer, lot.plan.id, each.ranked),
        )


def tempo(lot: Lot, now: datetime, minutes: int) -> list[int]:
    """Bids taken in each of the last minutes, oldest first."""
    counts = [0] * minutes
    for bid in reversed(lot.history):
        ago = (now - bid.at) // MINUTE
        if ago >= minutes:
            break
        counts[-1 - max(ago, 0)] += 1
    return counts
