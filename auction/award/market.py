"""What may be awarded: lots, whole offers for one or several of them, and shares of a lot; read with every fault.

Amounts are dollars, fractions that are whole cents; shares of a lot are whole percents.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

import msgspec

from auction.award import draw
from auction.award.allocation_rules import AllocationRules, Names, parse_rules, units
from auction.award.draw import Draw
from auction.award.market_reading import cents, known, objects, once, several, word
from auction.terms.exact_numbers import HUNDRED, ONE, ZERO, number
from auction.terms.faults import Reading

MEMBERS = ("lots", "offers", "shares", "rules", "districts", "draw")
OFFER = ("id", "vendor", "lots", "price")
SHARE = ("vendor", "lot", "price")


class Lot(msgspec.Struct, frozen=True):
    """A lot; with a reserve it may stay unawarded at that cost, and is never awarded above it."""

    id: str
    reserve: Fraction | None = None


class Offer(msgspec.Struct, frozen=True):
    """An offer for one lot or a bundle, all or none; of the offers with the same `xor` at most one is taken."""

    id: str
    vendor: str
    lots: tuple[str, ...]
    price: Fraction
    xor: str | None = None
    quality: Fraction = ZERO


class Share(msgspec.Struct, frozen=True):
    """A vendor's price for the whole of a lot of which it would take part: at least and at most so many percent."""

    vendor: str
    lot: str
    price: Fraction
    least: int = 1
    most: int = 100
    quality: Fraction = ZERO


class District(msgspec.Struct, frozen=True):
    """A district and its part of each lot, 0 to 1."""

    id: str
    quantities: dict[str, Fraction]


class Market(msgspec.Struct, frozen=True):
    """Everything that an allocation is chosen from, and the rules it has to keep."""

    lots: tuple[Lot, ...]
    offers: tuple[Offer, ...] = ()
    shares: tuple[Share, ...] = ()
    rules: AllocationRules = AllocationRules()
    districts: tuple[District, ...] = ()
    lots_drawn: Draw | None = None

    @property
    def vendors(self) -> tuple[str, ...]:
        """Every vendor that offers anything, in the order of first appearance."""
        made = [offer.vendor for offer in self.offers] + [share.vendor for share in self.shares]
        return tuple(dict.fromkeys(made))


def parse(value: object) -> Market:
    """Read a market; raises `Faulty` with every fault."""
    read = Reading()
    given = read.members("", value, MEMBERS, ("lots",))
    lots = _lots(read, given.get("lots", []))
    named = [lot.id for lot in lots]
    offers, shares = (
        _offers(read, given.get("offers", []), named),
        _shares(read, given.get("shares", []), named),
    )
    districts = _districts(read, given.get("districts", []), named)
    names = Names(set(named), {each.id for each in offers}, {each.id for each in districts})
    rules = parse_rules(read, given.get("rules", {}), names)
    lots_drawn = _draw(read, given["draw"]) if "draw" in given else None
    read.finish()
    return Market(lots, offers, shares, rules, districts, lots_drawn)


def _lots(read: Reading, value: object) -> tuple[Lot, ...]:
    if value == []:
        read.fault("lots", "needs at least 1")
    found = tuple(
        Lot(
            word(read, f"{at}.id", row["id"]),
            read.maybe(lambda p, v: cents(read, p, v), f"{at}.reserve", row.get("reserve")),
        )
        for at, row in objects(read, "lots", value, ("id", "reserve"), ("id",))
    )
    once(read, "lots", [(each.id,) for each in found])
    return found


def _offers(read: Reading, value: object, lots: list[str]) -> tuple[Offer, ...]:
    among = set(lots)
    found = tuple(
        Offer(
            word(read, f"{at}.id", row["id"]),
            word(read, f"{at}.vendor", row["vendor"]),
            several(read, f"{at}.lots", row["lots"], among, "lot"),
            cents(read, f"{at}.price", row["price"]),
            read.maybe(lambda p, v: word(read, p, v), f"{at}.xor", row.get("xor")),
            number(read, f"{at}.quality", row.get("quality", "0")),
        )
        for at, row in objects(read, "offers", value, (*OFFER, "xor", "quality"), OFFER)
    )
    once(read, "offers", [(each.id,) for each in found])
    return found


def _shares(read: Reading, value: object, lots: list[str]) -> tuple[Share, ...]:
    found = tuple(
        _share(read, at, row, lots)
        for at, row in objects(read, "shares", value, (*SHARE, "min", "max", "quality"), SHARE)
    )
    once(read, "shares", [(each.vendor, each.lot) for each in found])
    return found


def _share(read: Reading, path: str, row: dict[str, object], lots: list[str]) -> Share:
    """Read a share; limits between whole percents mean the whole percents between them."""
    least = number(read, f"{path}.min", row.get("min", "0"), most=ONE)
    most = number(read, f"{path}.max", row.get("max", "1"), most=ONE)
    if most < least or floor(most * HUNDRED) < max(1, ceil(least * HUNDRED)):
        read.fault(f"{path}.max", "must leave at least one whole percent from `min` on")
    return Share(
        word(read, f"{path}.vendor", row["vendor"]),
        known(read, f"{path}.lot", row["lot"], lots, "lot"),
        cents(read, f"{path}.price", row["price"]),
        max(1, ceil(least * HUNDRED)),
        floor(most * HUNDRED),
        number(read, f"{path}.quality", row.get("quality", "0")),
    )


def _districts(read: Reading, value: object, lots: list[str]) -> tuple[District, ...]:
    names = ("id", "quantities")
    found = tuple(
        District(
            word(read, f"{at}.id", row["id"]), units(read, f"{at}.quantities", row["quantities"], lots, ONE)
        )
        for at, row in objects(read, "districts", value, names, names)
    )
    once(read, "districts", [(each.id,) for each in found])
    for lot in lots:
        if sum((each.quantities.get(lot, ZERO) for each in found), ZERO) > ONE:
            read.fault("districts", f"the parts of lot {lot} come to more than 1")
    return found


def _draw(read: Reading, value: object) -> Draw:
    return draw.parse(read, "draw", read.members("draw", value, ("algorithm", "seeds"), ("seeds",)))
