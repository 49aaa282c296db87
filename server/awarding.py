"""Awarding: what is put to the desk when a lot is proposed for award, confirmed, or sent back."""

from __future__ import annotations

from datetime import date, datetime

from auction.award.award import ConfirmAward, ProposeAward, SendBackAward
from auction.award.result import Result
from auction.award.result import result as live_result
from auction.live.room import Room
from auction.prices.contract import filled
from auction.tender.solicitation import Solicitation
from bidders.box import tabulation
from bidders.box.words import Box
from server.presenting import zone_of


def day_at(document: Solicitation, now: datetime) -> date:
    """The calendar day at the consortium."""
    return now.astimezone(zone_of(document.zone)).date()


def ended(of: Room | Box, lot: str) -> Result:
    """How a lot stands or ended, bid on live in a room or opened from a box."""
    return live_result(of, lot) if isinstance(of, Room) else tabulation.result(of, lot)


def proposal(
    document: Solicitation, result: Result, vendor: str, reason: str, by: str, now: datetime
) -> ProposeAward:
    """Propose a vendor for a lot that ended so, under the published contract terms."""
    return ProposeAward(
        by=by,
        lot=result.lot,
        vendor=vendor,
        reason=reason,
        result=result,
        tender=document.number,
        contract=filled(document.contract, document.number, result.lot, day_at(document, now)),
        decision=document.decision,
    )


def confirmation(result: Result, place: int, by: str) -> ConfirmAward:
    """Confirm the proposal of this place for a lot, as it stands now."""
    return ConfirmAward(by=by, lot=result.lot, proposal=place, result=result)


def sending_back(lot: str, place: int, reason: str, by: str) -> SendBackAward:
    """Send the proposal of this place back."""
    return SendBackAward(by=by, lot=lot, proposal=place, reason=reason)
