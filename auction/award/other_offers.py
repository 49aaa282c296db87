"""Other offers: what vendors offered beside or instead of what a line names, to be looked at once the lot is closed.

A second offer has a price of its own and counts in no total. An equal product is the vendor's offer on the line itself, at the
line's price as the lot closed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from auction.award.result import result
from auction.live.room import Room
from auction.terms.schedule import LinePrice

Kind = Literal["equal", "second"]


class OtherOffer(msgspec.Struct, frozen=True):
    """One such offer; `first` is what the same vendor asks on the line itself, None where it offers nothing there.

    `literature` is a kept file's hash, a slash and its name, or empty.
    """

    line: str
    vendor: str
    kind: Kind
    unit_price: str
    first: str | None
    brand: str
    model: str
    literature: str


def other_offers(room: Room, lot_id: str) -> tuple[OtherOffer, ...]:
    """All other offers on a lot in the order of its lines, each line's in the vendors' ranks; none before the lot is closed."""
    lot = room.lots[lot_id]
    if lot.status != "closed":
        return ()
    ranked = {each.vendor: each.lines for each in result(room, lot_id).candidates if each.lines}
    filed = ranked | {vendor: lines for vendor, lines in lot.schedules.items() if vendor not in ranked}
    return among([line.id for line in lot.plan.lines], filed)


def among(order: Sequence[str], asked: Mapping[str, Sequence[LinePrice]]) -> tuple[OtherOffer, ...]:
    """The other offers among what vendors ask, by vendor, in the order of the lines."""
    found = [each for vendor, lines in asked.items() for price in lines for each in _of(vendor, price)]
    place = {line: number for number, line in enumerate(order)}
    return tuple(sorted(found, key=lambda each: place[each.line]))


def _of(vendor: str, price: LinePrice) -> Iterator[OtherOffer]:
    offer, second, asked = price.offer, price.alternate, price.unit_price
    if offer is not None and offer.kind == "equal" and asked is not None:
        yield OtherOffer(
            price.line, vendor, "equal", asked, asked, offer.brand, offer.model, offer.literature
        )
    if second is not None:
        yield OtherOffer(
            price.line,
            vendor,
            "second",
            second.unit_price,
            asked,
            second.brand,
            second.model,
            second.literature,
        )
