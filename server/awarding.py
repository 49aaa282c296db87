"""Awarding: what is put to the desk when a lot is proposed for award, confirmed, or sent back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from auction.award.award import ConfirmAward, ProposeAward, SendBackAward
from auction.award.outcome import by_plan
from auction.award.panel_words import PanelState
from auction.award.result import Result
from auction.award.result import result as live_result
from auction.live.room import Room
from auction.prices.contract import filled
from auction.tender import judging
from auction.tender.solicitation import Solicitation
from bidders.box import tabulation
from bidders.box.state import Box
from server.presenting import zone_of


def day_at(document: Solicitation, now: datetime) -> date:
    """The calendar day at the consortium."""
    return now.astimezone(zone_of(document.zone)).date()


def ended(of: Room | Box, lot: str, panel: PanelState | None = None) -> Result:
    """How a lot stands or ended, bid on live in a room or opened from a box; ranked by its plan where a panel scores it."""
    found = live_result(of, lot) if isinstance(of, Room) else tabulation.result(of, lot)
    return by_plan(found, panel) if panel is not None else found


def panel_of(state: Callable[[str], Any], event_id: str, document: Solicitation) -> PanelState | None:
    """The panel of a solicitation that is judged on price and quality; None where the lowest price decides."""
    if judging.plan_of(document) is None:
        return None
    found = state(f"panel/{event_id}")
    assert isinstance(found, PanelState)
    return found


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
