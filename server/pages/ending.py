"""How an event's lots ended, bid on live or opened from sealed envelopes: what awards and results are made of."""

from __future__ import annotations

from auction.award.result import Result
from auction.live import board
from server import awarding
from server.pages.showing import Shown, over


def ended(shown: Shown, lot: str) -> Result:
    """How a lot of a published event stands or ended."""
    found = shown.room or shown.box
    assert found is not None
    return awarding.ended(found, lot, shown.panel)


def lot_status(shown: Shown, lot: str) -> str:
    """A lot's status; a lot of sealed bids is open until its envelopes are opened."""
    if shown.room is not None:
        return shown.room.lots[lot].status
    gone = shown.tender.ended.get(lot)
    if gone is not None:
        return "cancelled" if gone.cancelled else "closed"
    return "cancelled" if shown.status == "cancelled" else "open"


def all_over(shown: Shown) -> bool:
    """Tell whether every lot is over."""
    if shown.room is not None:
        return over(shown.room)
    return shown.box is not None and all(lot_status(shown, lot.id) != "open" for lot in shown.document.lots)


def names_shown(shown: Shown) -> bool:
    """Tell whether vendors may be named to the consortium; those of sealed bids are read out."""
    return board.names_shown(shown.room) if shown.room is not None else all_over(shown)


def knows_lot(shown: Shown, lot: str) -> bool:
    """Tell whether a published event has this lot."""
    return shown.published and any(each.id == lot for each in shown.document.lots)
