"""Which event asks for which command elsewhere; the server's errands carry each out."""

from __future__ import annotations

from collections.abc import Iterator

from auction.award.award import AwardDecided, LotAwarded
from auction.award.decision.facts import AwardMadeFinal
from auction.kernel import Command, Event
from auction.live.amendments import AmendRoom
from auction.live.room import (
    Entrant,
    LotCancelled,
    LotCeiling,
    LotClosed,
    LotOpened,
    LotPlan,
    Prepare,
)
from auction.prices.contract import BeginContract
from auction.tender.solicitation import Lot, Solicitation, Vendor
from auction.tender.words import AddendumIssued, EndLot, OpenTender, TenderPublished
from auction.terms.rules import parse
from auction.terms.schedule import LotLine


def follow(stream: str, event: Event) -> Iterator[tuple[str, Command]]:
    """Name what follows from an event of a stream: other streams with their commands.

    Every command may be sent again: where it was carried out before, it changes nothing.
    """
    _, _, name = stream.partition("/")
    if isinstance(event, TenderPublished) and event.document.kind == "reverse_auction":
        yield f"room/{name}", prepare(event.document, event.by, event.seed, event.document.number)
    elif isinstance(event, AddendumIssued) and event.document.kind == "reverse_auction":
        plan = prepare(event.document, event.by, "", event.document.number)
        yield f"room/{name}", AmendRoom(by=event.by, number=event.number, plan=plan)
    elif isinstance(event, LotOpened):
        yield f"tender/{name}", OpenTender(by=event.by)
    elif isinstance(event, LotClosed):
        yield f"tender/{name}", EndLot(by=event.by, lot=event.lot, won=event.winner is not None)
    elif isinstance(event, LotCancelled):
        yield f"tender/{name}", EndLot(by=event.by, lot=event.lot, cancelled=True, reason=event.reason)
    elif isinstance(event, AwardMadeFinal):
        yield f"award/{name}", decided(event)
    elif isinstance(event, LotAwarded):
        begin = BeginContract(by=event.by, vendor=event.vendor, terms=event.contract)
        yield f"contract/{name}.{event.lot}", begin


def decided(final: AwardMadeFinal) -> AwardDecided:
    """Award a lot as it was decided."""
    return AwardDecided(
        by=final.by,
        lot=final.lot,
        vendor=final.vendor,
        amount=final.amount,
        rank=final.rank,
        reason=final.reason,
        recommended_by=final.recommended_by,
        tender=final.tender,
        winner=final.winner,
        lines=final.lines,
        contract=final.contract,
    )


def prepare(document: Solicitation, by: str, seed: str, tender: str | None) -> Prepare:
    """Make the room's set-up from a published event; raises `BadRules`, and needs both times."""
    assert document.opens is not None
    assert document.closes is not None
    return Prepare(
        by=by,
        tender=tender,
        rules=parse(document.rules, "rules"),
        opens=document.opens,
        closes=document.closes,
        lots=tuple(_lot(lot) for lot in document.lots),
        vendors=tuple(_entrant(vendor) for vendor in document.vendors),
        seed=seed,
        opening=document.opening,
    )


def _lot(lot: Lot) -> LotPlan:
    return LotPlan(lot.id, lot.ceiling, lot.opens, lot.closes, prepared_lines(lot))


def prepared_lines(lot: Lot) -> tuple[LotLine, ...]:
    """A lot's lines as bids on them are judged."""
    return tuple(
        LotLine(line.id, line.quantity, line.decimals, line.no_bid, line.alternates, line.or_equal)
        for line in lot.lines
    )


def _entrant(vendor: Vendor) -> Entrant:
    own = tuple(LotCeiling(each.lot, each.ceiling) for each in vendor.ceilings)
    return Entrant(vendor.id, vendor.m, vendor.a, own, vendor.lots, name=vendor.name)
