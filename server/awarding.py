"""Awarding: what is put to the desk when a lot is proposed for award, confirmed, or sent back."""

from __future__ import annotations

from datetime import date, datetime

from auction.award.award import ConfirmAward, ProposeAward, SendBackAward
from auction.award.result import result
from auction.live.room import Room
from auction.prices.contract import filled
from auction.tender.solicitation import Solicitation
from server.presenting import zone_of


def day_at(document: Solicitation, now: datetime) -> date:
    """The calendar day at the consortium."""
    return now.astimezone(zone_of(document.zone)).date()


def proposal(
    document: Solicitation, room: Room, lot: str, vendor: str, reason: str, by: str, now: datetime
) -> ProposeAward:
    """Propose a vendor for a lot, under the published contract terms."""
    return ProposeAward(
        by=by,
        lot=lot,
        vendor=vendor,
        reason=reason,
        result=result(room, lot),
        tender=document.number,
        contract=filled(document.contract, document.number, lot, day_at(document, now)),
    )


def confirmation(room: Room, lot: str, place: int, by: str) -> ConfirmAward:
    """Confirm the proposal of this place, as the lot stands now."""
    return ConfirmAward(by=by, lot=lot, proposal=place, result=result(room, lot))


def sending_back(lot: str, place: int, reason: str, by: str) -> SendBackAward:
    """Send the proposal of this place back."""
    return SendBackAward(by=by, lot=lot, proposal=place, reason=reason)
