"""Showing an event: what its document and its room come to for a viewer, in the shapes that the templates ask for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from auction.award.award import Awards
from auction.award.panel_words import PanelState
from auction.live import board
from auction.live.admitting import admitted_document
from auction.live.board import Viewer
from auction.live.closing import planned_closes
from auction.live.room import Room
from auction.money import exact, parse_decimal
from auction.prices.book import Saving, against
from auction.tender.sealed_bids import has_box, seeds
from auction.tender.solicitation import Lot, Solicitation, Vendor, lot_baseline
from auction.tender.tender import Tender
from bidders.box.progress import phase
from bidders.box.state import Box
from server import read_models
from server.awarding import panel_of
from server.guards import may
from server.login import Identity
from server.pages.answering import plain
from server.parts import Parts


class Shown(msgspec.Struct, frozen=True):
    """One event with all that is known of it; `room` is an auction's and `box` sealed bids', each None until it is published.

    `seeding` is the bid box of an auction whose opening bids come sealed.
    `panel` is that of a published solicitation which is judged on price and quality, None where the lowest price decides.

    `document` is the published one, with the vendors that were admitted since, or that were read out at the opening.
    """

    id: str
    status: str
    tender: Tender
    document: Solicitation
    room: Room | None
    awards: Awards
    box: Box | None = None
    seeding: Box | None = None
    panel: PanelState | None = None

    @property
    def sealed(self) -> bool:
        """Tell whether it takes sealed bids, and nothing else."""
        return self.document.kind == "sealed_bid"

    @property
    def envelopes(self) -> Box | None:
        """The published bid box of either kind."""
        return self.box or self.seeding

    @property
    def lead_page(self) -> str:
        """Where a lead holds the opening of the envelopes."""
        return f"/events/{self.id}/{'console' if self.sealed else 'opening-bids'}"

    @property
    def published(self) -> bool:
        """Tell whether everybody may know of it."""
        return self.room is not None or self.box is not None


def find(parts: Parts, event_id: str) -> Shown:
    """Find an event, or say that there is none."""
    tender = parts.desk.state(f"tender/{event_id}") if event_id.isdecimal() and len(event_id) < 10 else None
    if not isinstance(tender, Tender) or tender.document is None:
        raise plain(404, "There is no such event, or it was never published.")
    room, awards = parts.desk.state(f"room/{event_id}"), parts.desk.state(f"award/{event_id}")
    assert isinstance(awards, Awards)
    ready = room if isinstance(room, Room) and room.rules is not None else None
    box = published_box(parts, event_id, tender)
    document = admitted_document(tender.document, ready) if ready is not None else tender.document
    status, whole = read_models.status(tender, awards), box if tender.document.kind == "sealed_bid" else None
    if whole is not None:
        document = read_out(document, whole)
    seeding = box if seeds(tender.document) else None
    panel = panel_of(parts.desk.state, event_id, document) if whole is not None else None
    return Shown(event_id, status, tender, document, ready, awards, whole, seeding, panel)


def published_box(parts: Parts, event_id: str, tender: Tender) -> Box | None:
    """The bid box of a published solicitation that takes sealed envelopes."""
    if tender.document is None or not has_box(tender.document) or tender.published_at is None:
        return None
    box = parts.desk.state(f"box/{event_id}")
    assert isinstance(box, Box)
    return box


def read_out(document: Solicitation, box: Box) -> Solicitation:
    """A document with the vendors that were named at the opening; nobody is named before."""
    known = {each.id for each in document.vendors}
    more = tuple(Vendor(id, name) for id, name in box.names.items() if id not in known)
    return msgspec.structs.replace(document, vendors=document.vendors + more)


def find_public(parts: Parts, event_id: str) -> Shown:
    """Find an event that was published; a draft is nobody's but the leads'."""
    shown = find(parts, event_id)
    if not shown.published:
        raise plain(404, "There is no such event, or it was never published.")
    return shown


def not_for_sealed(shown: Shown) -> None:
    """Say that sealed bids have no live room, no admission and no schedules, and where bids are made instead."""
    if shown.box is not None:
        raise plain(
            404,
            "This solicitation takes sealed bids: there is no live room, and nobody has to be admitted. "
            "Open its notice and choose “Make a sealed bid”.",
        )


def is_ours(identity: Identity | None, owner: str) -> bool:
    """Tell whether somebody belongs to the consortium that an event is of, in a role that sees its insides.

    A draft that was imported before there was any consortium is nobody's, and may be taken up by each.
    """
    mine = identity is not None and owner in ("", identity.organisation_id)
    return mine and may(identity, "watch events")


def find_ours(parts: Parts, event_id: str, identity: Identity | None) -> Shown:
    """Find an event of one's own consortium, published or not; another's is as if it were not there."""
    shown = find(parts, event_id)
    if not is_ours(identity, shown.document.owner):
        raise plain(404, "There is no such event, or it was never published.")
    return shown


def viewer(identity: Identity | None, room: Room | None, owner: str) -> Viewer:
    """How somebody looks at a room: as the buyer's side, as an admitted vendor, or as the public."""
    if is_ours(identity, owner):
        return Viewer("buyer")
    if room is not None and is_admitted(identity, room):
        assert identity is not None
        return Viewer("vendor", identity.organisation_id)
    return Viewer("public")


def is_admitted(identity: Identity | None, room: Room | None) -> bool:
    """Tell whether somebody bids for an admitted vendor."""
    return (
        room is not None
        and identity is not None
        and identity.kind == "vendor"
        and identity.organisation_id in room.vendors
    )


def over(room: Room) -> bool:
    """Tell whether every lot is over."""
    return all(lot.over for lot in room.lots.values())


def times(shown: Shown, who: Viewer) -> tuple[datetime | None, datetime | None]:
    """When an event opens, and when its last lot closes, as far as this viewer may know.

    Sealed bids are taken from publication on.
    Where the public sees nothing but that the event runs, a moved close would tell of bids: the planned one is shown.
    """
    room = shown.room
    if shown.box is not None:
        return shown.tender.published_at, shown.document.closes
    if room is None:
        return shown.document.opens, shown.document.closes
    exactly = who.kind != "public" or board.shows_prices(room) or over(room)
    ends = [planned_closes(room, lot) if exactly else lot.plan.closes for lot in room.lots.values()]
    if over(room):
        ends = [lot.over_at if lot.status == "closed" else lot.closes for lot in room.lots.values()]
    return room.opens, max((end for end in ends if end is not None), default=None)


def names_public(shown: Shown) -> bool:
    """Tell whether a live auction's rules let everybody know by now who bid."""
    room = shown.room
    if room is None or room.rules is None or not over(room):
        return False
    named_at = room.rules.visibility.names_at
    return named_at == "close" or (named_at == "award" and shown.status == "awarded")


def baseline(lot: Lot) -> str | None:
    """What a lot costs at the prices last paid."""
    micros = lot_baseline(lot)
    return exact(micros) if micros is not None else None


def saving(lot: Lot, amount: str | None) -> dict[str, str | None]:
    """A price against what was paid before, as `saving` and `saving_percent`."""
    found = against(lot_baseline(lot), parse_decimal(amount, 6) if amount is not None else None)
    return told(found)


def told(found: Saving | None) -> dict[str, str | None]:
    """Write a saving as templates take it."""
    if found is None:
        return {"saving": None, "saving_percent": None}
    return {"saving": exact(found.saved), "saving_percent": found.percent}


def whole_saving(document: Solicitation, amounts: Iterable[tuple[str, str]]) -> str | None:
    """What the awarded lots together save, in per cent; `amounts` are pairs of lot and amount."""
    lots = {lot.id: lot for lot in document.lots}
    known = [
        (before, parse_decimal(amount, 6) or 0)
        for lot, amount in amounts
        if lot in lots and (before := lot_baseline(lots[lot])) is not None
    ]
    found = against(sum(before for before, _ in known), sum(now for _, now in known)) if known else None
    return found.percent if found is not None else None


def lines(lot: Lot, most: int | None = None, first: int = 0) -> list[dict[str, Any]]:
    """A lot's lines: all of them, or so many from a row on."""
    return [
        {
            name: getattr(line, name)
            for name in ("id", "description", "unit", "quantity", "baseline", "no_bid")
        }
        for line in lot.lines[first : None if most is None else first + most]
    ]


FEW, SOME = 30, 20
"""A lot of more than `FEW` lines shows only the first `SOME` where it stands among others."""


def lot_in_short(lot: Lot) -> dict[str, Any]:
    """A lot as published, with the first of its lines where there are many."""
    return lot_of(lot, None if len(lot.lines) <= FEW else SOME)


def lot_of(lot: Lot, most: int | None = None, first: int = 0) -> dict[str, Any]:
    """A lot as published, with all of its lines, or so many from a row on; `line_count` says how many there are."""
    return {
        "id": lot.id,
        "title": lot.title,
        "description": lot.description,
        "ceiling": lot.ceiling,
        "baseline": baseline(lot),
        "lines": lines(lot, most, first),
        "line_count": len(lot.lines),
    }


def event_of(shown: Shown, who: Viewer) -> dict[str, Any]:
    """An event's head."""
    document = shown.document
    opens, closes = times(shown, who)
    enrolled = [each.enrolment for each in document.districts if each.enrolment is not None]
    head = ("number", "title", "summary", "consortium", "currency", "zone", "source")
    return {name: getattr(document, name) for name in head} | {
        "id": shown.id,
        "kind": document.kind,
        "decision": document.decision,
        "status": shown.status,
        "phase": phase(shown.box) if shown.box is not None else "",
        "opened_at": document.sealing.opens,
        "reason": shown.tender.reason,
        "opens": opens,
        "closes": closes,
        "districts": len(document.districts),
        "students": sum(enrolled) or None,
        "districts_named": [each.name for each in document.districts],
    }


def award_of(shown: Shown, lot: Lot, names: dict[str, str]) -> dict[str, Any] | None:
    """A lot's award; `names` are those of people by id."""
    award = shown.awards.lots.get(lot.id)
    if award is None:
        return None
    return {
        "vendor_name": vendor_name(shown.document, award.vendor),
        "amount": award.amount,
        "reason": award.reason,
        "awarded_by": names.get(award.by, "the consortium"),
        "proposed_by": names.get(award.proposed_by or ""),
        "awarded_at": award.at,
        **saving(lot, award.amount),
    }


def vendor_name(document: Solicitation, vendor: str) -> str:
    """A vendor's name in this event."""
    return next((each.name for each in document.vendors if each.id == vendor), vendor)
