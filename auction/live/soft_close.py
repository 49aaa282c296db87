"""Soft close: a bid near the end leaves everyone a full window to answer."""

from __future__ import annotations

from datetime import datetime

from auction.live.room import Lot, Room
from auction.terms.rules import Overtime


def extensions(room: Room, lot: Lot, place: int, now: datetime) -> dict[str, datetime]:
    """Say which open lots close later because of a bid accepted now, which ranks `place` in journal order.

    Lots whose close does not move, or that have used up their extensions, are left out.
    """
    assert room.rules is not None
    rule = room.rules.overtime
    if now < lot.closes - rule.window or (rule.trigger_rank is not None and place > rule.trigger_rank):
        return {}
    reached = [each for each in room.lots.values() if each.status == "open"] if rule.scope == "all" else [lot]
    return {
        each.plan.id: moved
        for each in reached
        if (moved := later(rule, each, now)) > each.closes
        and (rule.max_extensions is None or each.extensions < rule.max_extensions)
    }


def later(rule: Overtime, lot: Lot, now: datetime) -> datetime:
    """Work out a lot's close after a trigger; a hard stop binds it, and never moves it earlier."""
    moved = (
        max(lot.closes, now + rule.extension)
        if rule.counted_from == "receipt"
        else lot.closes + rule.extension
    )
    return stopped(rule, moved, lot.closes)


def stopped(rule: Overtime, moved: datetime, closes: datetime) -> datetime:
    """Hold a moved close at the hard stop, but never before the close it had."""
    return moved if rule.hard_stop is None else max(closes, min(moved, rule.hard_stop))
