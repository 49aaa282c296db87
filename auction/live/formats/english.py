"""English reverse: vendors bid down, each from its own bid or from the lead, and the lowest at the close wins.

`judge` is the only place that says whether an amount is good; the nearest and the greatest good amounts are found by asking
it about every bound at which its answer can change.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from auction.live.decrement import RANKED, step
from auction.live.room import Confirm, Factors, Lot, PlaceBid, Room, Standing
from auction.money import ceil_div, ceil_tick, floor_tick, show
from auction.refusals import Refusal, no
from auction.terms.rules import PERCENT, Rules

NAME = "english"
MOST = 10**18
"""Amounts have at most twelve digits before the point: they stay below this many micros."""
WHOLE = 100 * PERCENT


class Bounds(msgspec.Struct, gc=False):
    """What one vendor's bid on one lot is held against; ranked values are in 10^-18, others in micros.

    `reference` is the price, as a fraction of micros, from which maximum and confirmation are counted.
    """

    tick: int
    m: int
    a: int
    ceiling: int | None
    leads: bool
    barred: bool
    need: int | None
    lead: int | None
    buffer: int | None
    ties: bool
    reference: tuple[int, int] | None
    max_change: int
    confirm_change: int


def ranked(rules: Rules, factors: Factors, amount: int) -> int:
    """What is compared: the price, or price × m + a, in ranked units."""
    return amount * factors.m + factors.a * RANKED if rules.rank_by == "adjusted" else amount * RANKED


def in_own_terms(rules: Rules, factors: Factors, value: int) -> int:
    """The greatest tick price of this vendor that compares no higher than a ranked value, in micros."""
    if rules.rank_by == "adjusted":
        return floor_tick((value - factors.a * RANKED) // factors.m, rules.tick)
    return floor_tick(value // RANKED, rules.tick)


def bounds(rules: Rules, lot: Lot, vendor: str, factors: Factors) -> Bounds:
    """Gather what a vendor's next bid on a lot is held against, as the lot stands now."""
    adjusted = rules.rank_by == "adjusted"
    m, a = (factors.m, factors.a * RANKED) if adjusted else (RANKED, 0)
    own = lot.standing.get(vendor)
    leader = lot.order[0] if lot.order else None
    other = leader if leader is not None and leader.vendor != vendor else None
    from_lead = rules.decrement.base == "lead"
    base = leader if from_lead else own
    return Bounds(
        tick=rules.tick,
        m=m,
        a=a,
        ceiling=factors.ceiling,
        leads=leader is not None and other is None,
        barred=leader is not None and other is None and not rules.self_undercut,
        need=base.ranked - step(rules, base.ranked) if base is not None else None,
        lead=other.ranked if other is not None else None,
        buffer=rules.lead_buffer * RANKED if rules.lead_buffer is not None else None,
        ties=rules.ties == "refuse",
        reference=_reference(own, leader if from_lead else None, m, a),
        max_change=rules.max_change,
        confirm_change=rules.confirm_change,
    )


def _reference(own: Standing | None, leader: Standing | None, m: int, a: int) -> tuple[int, int] | None:
    """Own price, or the lower of it and the lead in own terms; a first bid has none."""
    if own is None:
        return None
    if leader is None:
        return (own.amount, 1)
    lead = leader.ranked - a
    return (lead, m) if lead < own.amount * m else (own.amount, 1)


def judge(held: Bounds, amount: int, confirmed: bool) -> str | None:
    """Say why an amount in micros is no good, by the first code that applies; None when it is good."""
    value = amount * held.m + held.a
    if amount <= 0 or value <= 0 or amount >= MOST:
        return "BAD_AMOUNT"
    if amount % held.tick:
        return "OFF_TICK"
    if held.ceiling is not None and amount > held.ceiling:
        return "ABOVE_CEILING"
    if held.barred:
        return "SELF_UNDERCUT"
    if held.need is not None and value > held.need:
        return "DECREMENT"
    if held.lead is not None:
        if held.ties and value == held.lead:
            return "TIE"
        if held.buffer is not None and held.lead - held.buffer < value < held.lead:
            return "LEAD_BUFFER"
    return _change(held, amount, confirmed) if held.reference is not None else None


def _change(held: Bounds, amount: int, confirmed: bool) -> str | None:
    price, parts = held.reference or (0, 1)
    if amount * parts * WHOLE < price * (WHOLE - held.max_change):
        return "TOO_FAR"
    if not confirmed and amount * parts * WHOLE <= price * (WHOLE - held.confirm_change):
        return "NEEDS_CONFIRM"
    return None


def _at_most(held: Bounds, value: int) -> int:
    """The greatest tick price whose ranked value is at most this."""
    return floor_tick((value - held.a) // held.m, held.tick)


def _at_least(held: Bounds, value: int) -> int:
    """The smallest tick price whose ranked value is at least this."""
    return ceil_tick(ceil_div(value - held.a, held.m), held.tick)


def _edges(held: Bounds) -> Iterator[int]:
    """Name every tick price at which the judgement can change."""
    yield max(held.tick, _at_least(held, 1))
    if held.ceiling is not None:
        yield floor_tick(held.ceiling, held.tick)
    if held.need is not None:
        yield _at_most(held, held.need)
    if held.lead is not None:
        margin = held.buffer or 0
        yield _at_most(held, held.lead - max(margin, 1))
        yield _at_least(held, held.lead)
        yield _at_least(held, held.lead + 1)
        yield _at_most(held, held.lead - margin)
    if held.reference is not None:
        price, parts = held.reference
        yield ceil_tick(ceil_div(price * (WHOLE - held.max_change), parts * WHOLE), held.tick)


def nearest(held: Bounds, amount: int, code: str) -> int | None:
    """The good amount nearest to a refused one, judged as if confirmed; the lower of two equally near.

    For `LEAD_BUFFER` and `TIE` one that is not above the refused amount, where there is one.
    """
    tries = {floor_tick(amount, held.tick), ceil_tick(amount, held.tick), *_edges(held)}
    good = [each for each in tries if judge(held, each, True) is None]
    if code in ("LEAD_BUFFER", "TIE"):
        good = [each for each in good if each <= amount] or good
    return min(good, key=lambda each: (abs(each - amount), each), default=None)


def greatest(held: Bounds) -> int | None:
    """The greatest good amount, judged as if confirmed; None when none is good or none is the greatest."""
    if held.ceiling is None and held.need is None:
        return None
    tops = [floor_tick(held.ceiling, held.tick)] if held.ceiling is not None else []
    if held.need is not None:
        tops.append(_at_most(held, held.need))
    top = min(tops)
    if judge(held, top, True) is None:
        return top
    return max((each for each in _edges(held) if judge(held, each, True) is None), default=None)


def is_confirmed(command: PlaceBid, lot: Lot, tick: int) -> bool:
    """Tell whether the bid carries a confirmation of this very amount against the present own bid."""
    given = command.confirm
    if not isinstance(given, Confirm):
        return given is True
    shown = show(command.amount, tick) if command.amount is not None else ""
    return given.amount in (command.given, shown) and given.own == lot.bids.get(command.by, 0)


def examine(room: Room, lot: Lot, command: PlaceBid) -> Refusal | None:
    """Judge a bid on an open lot; None when it is good."""
    rules = room.rules
    assert rules is not None
    held = bounds(rules, lot, command.by, room.factors[command.by, lot.plan.id])
    if command.amount is None:
        return no("BAD_AMOUNT", f"{command.given[:40]!r} is not an amount; write it like 95.00")
    code = judge(held, command.amount, is_confirmed(command, lot, rules.tick))
    if code is None:
        return None
    best = nearest(held, command.amount, code) if code != "BAD_AMOUNT" else None
    return no(code, _sentence(code, best, rules.tick), show(best, rules.tick) if best is not None else None)


def next_good(room: Room, lot: Lot, vendor: str) -> str | None:
    """The vendor's bid-to-beat: the greatest tick price of its own that is good now, or None."""
    rules = room.rules
    assert rules is not None
    if lot.status != "open" or vendor in room.suspended or (vendor, lot.plan.id) not in room.factors:
        return None
    best = greatest(bounds(rules, lot, vendor, room.factors[vendor, lot.plan.id]))
    return show(best, rules.tick) if best is not None else None


def _sentence(code: str, best: int | None, tick: int) -> str:
    amount = show(best, tick) if best is not None else ""
    if code == "BAD_AMOUNT":
        return "After your factor the amount would be zero or less."
    if best is None:
        return {"SELF_UNDERCUT": ""}.get(code, "No amount would be accepted from you on this lot now.")
    return {
        "OFF_TICK": f"Amounts go in steps of {show(tick, tick)}; the nearest is {amount}.",
        "ABOVE_CEILING": f"At most {amount}: that is the ceiling, or the highest amount still good.",
        "DECREMENT": f"At most {amount}: the step down must be larger.",
        "TIE": f"Another vendor already leads with this amount; {amount} would do.",
        "LEAD_BUFFER": f"To take the lead the bid must beat it by more; {amount} would do.",
        "TOO_FAR": f"At least {amount}: a larger step down is not allowed, in case it is a typing error.",
        "NEEDS_CONFIRM": f"This is a large step down. Confirm that you mean {amount}.",
    }.get(code, "")
