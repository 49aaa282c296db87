"""A second, slow engine for english lots: fractions, lists, and everything worked out anew from the accepted bids.

It shares no code with `auction/`, so that a mistake would have to be made twice. A scenario goes in as plain JSON
values; outcomes and lots come out in the form of `tenderbell replay`, without sentences and without a journal.
Times are whole microseconds. The nearest good amount is found by trying every price up to `HIGHEST_TICKS`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import cache
from math import ceil, floor
from typing import Any

HIGHEST_TICKS = 305
SECOND = 1_000_000
ORDER = (
    "BAD_COMMAND UNKNOWN_LOT UNKNOWN_VENDOR NOT_ALLOWED NOT_OPEN PAUSED CLOSED NOT_ADMITTED BAD_AMOUNT OFF_TICK "
    "ABOVE_CEILING SELF_UNDERCUT DECREMENT TIE LEAD_BUFFER TOO_FAR NEEDS_CONFIRM"
)
PRECEDENCE = ORDER.split()
HALF = Fraction(1, 2)
number = cache(Fraction)
"""Read a decimal string exactly."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DEFAULTS: dict[str, Any] = {
    "tick": "0.01",
    "ceiling": None,
    "decrement": {"base": "own", "percent": "0.5"},
    "max_change_percent": "50",
    "confirm_change_percent": "30",
    "lead_buffer": None,
    "ties": "first",
    "self_undercut": True,
    "rank_by": "price",
    "min_vendors": 2,
    "notice_s": 120,
    "fault_s": 15,
}
OVERTIME: dict[str, Any] = {
    "window_s": 180,
    "extension_s": 180,
    "from": "receipt",
    "trigger_rank": 1,
    "max_extensions": None,
    "scope": "lot",
    "hard_stop": None,
}
GAPS = {"parallel": {}, "staggered": {"gap_s": 300, "min_gap_s": 180}, "serial": {"gap_s": 0}}
VISIBLE: dict[str, Any] = {
    "rank": True,
    "lead": "after_first_bid",
    "lead_min_vendors": 3,
    "count": False,
    "history": False,
    "buyer_sees_names": False,
    "public": "nothing",
}


def micros(text: str) -> int:
    """Read a time as microseconds since 1970."""
    return (datetime.fromisoformat(text) - EPOCH) // timedelta(microseconds=1)


def clock(at: int) -> str:
    """Write a time as RFC 3339 in UTC with no idle digits."""
    text = (EPOCH + timedelta(microseconds=at)).isoformat().replace("+00:00", "")
    return (text.rstrip("0") if "." in text else text) + "Z"


class No(Exception):
    """A refusal: its code and the nearest good amount."""

    def __init__(self, code: str, nearest: Fraction | None = None) -> None:
        self.code, self.nearest = code, nearest


@dataclass
class Bid:
    """One accepted bid, never removed."""

    vendor: str
    price: Fraction
    at: int


@dataclass
class Lot:
    """One lot with every bid that it ever took."""

    name: str
    place: int
    opens: int
    closes: int
    ceiling: str | None
    status: str = "scheduled"
    extensions: int = 0
    stopped: int = 0
    ended: int = 0
    winner: str | None = None
    bids: list[Bid] = field(default_factory=list)
    sorted_bids: list[Bid] = field(default_factory=list)
    sorted_for: int = 0

    @property
    def over(self) -> bool:
        """Closed or cancelled."""
        return self.status in ("closed", "cancelled")


class Room:
    """One event, its lots and vendors, by the rulebook's words."""

    def __init__(self, scenario: dict[str, Any]) -> None:
        given = scenario["rules"]
        self.rules = {**DEFAULTS, **given}
        self.over_time = {**OVERTIME, **given.get("overtime", {})}
        mode = given.get("closing", {}).get("mode", "staggered")
        self.closing = {"mode": mode, **GAPS[mode], **given.get("closing", {})}
        self.visible = {**VISIBLE, **given.get("visibility", {})}
        self.tick = number(self.rules["tick"])
        self.opens, self.closes = micros(scenario["opens"]), micros(scenario["closes"])
        self.vendors = {each["id"]: each for each in scenario["vendors"]}
        self.opening_bids = scenario.get("opening_bids", [])
        self.lots = [self._lot(place, each) for place, each in enumerate(scenario["lots"])]
        self.suspended: set[str] = set()
        self.all_stopped = self.started = False
        self.last = 0
        self.told_before: dict[tuple[str, str] | None, tuple[dict[str, Any], dict[str, Any]]] = {}

    def _lot(self, place: int, given: dict[str, Any]) -> Lot:
        mode, gap = self.closing["mode"], self.closing.get("gap_s", 0) * SECOND
        opens = micros(given["opens"]) if "opens" in given and mode != "serial" else self.opens
        closes = self.closes + (place * gap if mode == "staggered" else 0)
        if "closes" in given and mode != "serial":
            closes = micros(given["closes"])
        return Lot(given["id"], place, opens, closes, given.get("ceiling"))

    def lot(self, name: str) -> Lot | None:
        """Find a lot by its name."""
        return next((each for each in self.lots if each.name == name), None)

    # --- standing -----------------------------------------------------------------------------------------------

    def compared(self, lot: Lot, vendor: str, price: Fraction) -> Fraction:
        """What is ranked: the price, or price × m + a."""
        if self.rules["rank_by"] == "price":
            return price
        return price * self.term(lot, vendor, "m", "1") + self.term(lot, vendor, "a", "0")

    def term(self, lot: Lot, vendor: str, name: str, plain: str) -> Fraction:
        """A vendor's factor or addend, its own on the lot where it has one."""
        given = self.vendors[vendor].get(name, plain)
        return number(given.get(lot.name, plain) if isinstance(given, dict) else given)

    def in_terms(self, lot: Lot, vendor: str | None, value: Fraction) -> Fraction:
        """A ranked value as a vendor's own exact price; viewers without terms compare plainly."""
        if self.rules["rank_by"] == "price" or vendor is None:
            return value
        return (value - self.term(lot, vendor, "a", "0")) / self.term(lot, vendor, "m", "1")

    def standing(self, lot: Lot) -> list[Bid]:
        """The last bid of each vendor, best first; of equals the earlier is better."""
        if lot.sorted_for == len(lot.bids):
            return lot.sorted_bids
        last = {bid.vendor: (place, bid) for place, bid in enumerate(lot.bids)}
        order = sorted(
            last.values(), key=lambda each: (self.compared(lot, each[1].vendor, each[1].price), each[0])
        )
        lot.sorted_for, lot.sorted_bids = len(lot.bids), [bid for _, bid in order]
        return lot.sorted_bids

    def own(self, lot: Lot, vendor: str) -> Fraction | None:
        """A vendor's standing price."""
        return next((bid.price for bid in reversed(lot.bids) if bid.vendor == vendor), None)

    def ranks(self, lot: Lot) -> list[tuple[int, Bid]]:
        """The standing bids with their ranks as shown."""
        order = self.standing(lot)
        values = [self.compared(lot, bid.vendor, bid.price) for bid in order]
        shown = []
        for place, bid in enumerate(order):
            equal = [other for other, value in enumerate(values) if value == values[place]]
            rank = {"equal_best": min(equal), "equal_worst": max(equal)}.get(self.rules["ties"], place)
            shown.append((rank + 1, bid))
        return shown

    # --- is a bid good? ----------------------------------------------------------------------------------------

    def decrement(self, base: Fraction) -> Fraction:
        """How far below the base the next bid must be."""
        asked, steps = self.rules["decrement"], []
        if "amount" in asked:
            steps.append(number(asked["amount"]))
        if "percent" in asked:
            steps.append(ceil(base * number(asked["percent"]) / 100 / self.tick) * self.tick)
        for row in asked.get("tiers", []):
            if number(row["above"]) < base:
                steps.append(number(row["amount"]))
                break
        return max(min(steps, default=self.tick), self.tick)

    def ceiling(self, lot: Lot, vendor: str) -> Fraction | None:
        """The lowest of the ceilings that are given."""
        own = self.vendors[vendor].get("ceiling", {}).get(lot.name)
        given = [each for each in (self.rules["ceiling"], lot.ceiling, own) if each is not None]
        return min((number(each) for each in given), default=None)

    def wrong(self, lot: Lot, vendor: str, price: Fraction, confirmed: bool) -> list[str]:
        """Everything that is wrong with a price, in order of precedence."""
        value, order = self.compared(lot, vendor, price), self.standing(lot)
        own, ceiling, found = self.own(lot, vendor), self.ceiling(lot, vendor), set()
        leader = order[0] if order else None
        lead = self.compared(lot, leader.vendor, leader.price) if leader else None
        if price <= 0 or value <= 0 or price >= 10**12:
            found.add("BAD_AMOUNT")
        if (price / self.tick).denominator != 1:
            found.add("OFF_TICK")
        if ceiling is not None and price > ceiling:
            found.add("ABOVE_CEILING")
        if leader and leader.vendor == vendor and not self.rules["self_undercut"]:
            found.add("SELF_UNDERCUT")
        from_lead = self.rules["decrement"].get("base", "own") == "lead"
        base = lead if from_lead else self.compared(lot, vendor, own) if own is not None else None
        if base is not None and value > base - self.decrement(base):
            found.add("DECREMENT")
        if leader and lead is not None and leader.vendor != vendor:
            buffer = number(self.rules["lead_buffer"] or 0)
            if self.rules["ties"] == "refuse" and value == lead:
                found.add("TIE")
            if lead - buffer < value < lead:
                found.add("LEAD_BUFFER")
        if own is not None:
            counted = min(own, self.in_terms(lot, vendor, lead)) if from_lead and lead is not None else own
            if price < counted * (100 - number(self.rules["max_change_percent"])) / 100:
                found.add("TOO_FAR")
            if (
                price <= counted * (100 - number(self.rules["confirm_change_percent"])) / 100
                and not confirmed
            ):
                found.add("NEEDS_CONFIRM")
        return sorted(found, key=PRECEDENCE.index)

    def good_prices(self, lot: Lot, vendor: str) -> list[Fraction]:
        """Every price that would be taken, judged as if confirmed, by trying them all."""
        tries = [self.tick * count for count in range(1, HIGHEST_TICKS)]
        return [price for price in tries if not self.wrong(lot, vendor, price, True)]

    def nearest(self, lot: Lot, vendor: str, price: Fraction, code: str) -> Fraction | None:
        """The good price nearest to a refused one."""
        good = self.good_prices(lot, vendor)
        if code in ("LEAD_BUFFER", "TIE"):
            good = [each for each in good if each <= price] or good
        return min(good, key=lambda each: (abs(each - price), each), default=None)

    def to_beat(self, lot: Lot, vendor: str) -> Fraction | None:
        """The greatest price that is still good; None where none is, or where there is no bound from above."""
        if lot.status != "open" or vendor in self.suspended:
            return None
        from_lead = self.rules["decrement"].get("base", "own") == "lead"
        held = bool(lot.bids) if from_lead else self.own(lot, vendor) is not None
        if self.ceiling(lot, vendor) is None and not held:
            return None
        return max(self.good_prices(lot, vendor), default=None)


def amount_of(value: object) -> Fraction | None:
    """Read an amount; None for anything that is not a plain decimal string above zero."""
    if not isinstance(value, str) or not re.fullmatch(r"(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?", value):
        return None
    return Fraction(value) or None


def on_tick(price: Fraction, tick: Fraction) -> str:
    """Write a price with as many decimals as the tick needs; half-up where it lies between."""
    places = next(places for places in range(7) if (tick * 10**places).denominator == 1)
    units = floor(price / tick + HALF) * tick * 10**places
    whole, part = divmod(int(units), 10**places)
    return f"{whole}.{part:0{places}d}" if places else str(whole)
