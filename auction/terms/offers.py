"""Offers: what stands behind a line's price where a vendor offers more to know than the price itself.

A vendor may name brand and model, a pack it sells in, and a product equal to the one named in the line ("or equal"). Beside
its price it may make a second offer, an alternate with a price of its own, which does not count in the total. Both only where
the line allows them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from auction.money import parse_decimal
from auction.terms.faults import Fault
from auction.terms.packs import LONGEST_NAME, Pack, is_pack, nearest, pack_price, per_unit

Kind = Literal["as_asked", "equal"]
LONGEST = 120
"""The longest brand or model, in characters."""


class Offer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is offered on a line; `literature` names a kept file that describes it, as its hash, a slash and its name."""

    kind: Kind = "as_asked"
    brand: str = ""
    model: str = ""
    literature: str = ""
    pack: Pack | None = None


class Alternate(msgspec.Struct, frozen=True, omit_defaults=True):
    """A second offer on a line, in the line's unit; it is told to the consortium and counts in no total."""

    unit_price: str
    brand: str = ""
    model: str = ""
    literature: str = ""


def alternate_faults(path: str, second: Alternate, decimals: int, allowed: bool) -> Iterator[Fault]:
    """Name everything that is wrong with a second offer on a line."""
    if not allowed:
        yield Fault(f"{path}.alternate_price", "may not be given: this line takes no second offer")
        return
    if (parse_decimal(second.unit_price, decimals) or 0) <= 0:
        wanted = f"a price above zero with at most {decimals} decimals"
        yield Fault(f"{path}.alternate_price", f"“{second.unit_price[:40]}” is not {wanted}")
    for name in ("brand", "model"):
        yield from _named(f"{path}.alternate_{name}", getattr(second, name), True, name)


def _named(path: str, said: str, needed: bool, what: str) -> Iterator[Fault]:
    if needed and not said.strip():
        yield Fault(path, f"is needed, because the product is not the one named: give its {what}")
    if len(said) > LONGEST:
        yield Fault(path, f"is too long: give at most {LONGEST} characters")


def faults(path: str, offer: Offer, unit_price: str | None, decimals: int, or_equal: bool) -> Iterator[Fault]:
    """Name everything that is wrong with an offer on a line."""
    if unit_price is None:
        yield Fault(
            f"{path}.kind", "is described, but not offered: give a price, or take the description out"
        )
        return
    if offer.kind == "equal" and not or_equal:
        yield Fault(f"{path}.kind", "may not be an equal product: this line asks for the one that it names")
    for name in ("brand", "model"):
        yield from _named(f"{path}.{name}", getattr(offer, name), offer.kind == "equal", name)
    if offer.pack is not None:
        yield from _pack(path, offer.pack, unit_price, decimals)


def _pack(path: str, pack: Pack, unit_price: str, decimals: int) -> Iterator[Fault]:
    if len(pack.name) > LONGEST_NAME:
        yield Fault(f"{path}.pack_name", f"is too long: give at most {LONGEST_NAME} characters")
    if not is_pack(pack):
        yield Fault(
            f"{path}.pack_size", "and its price must both be numbers above zero, or both be left empty"
        )
    elif (price := per_unit(pack, decimals)) is None:
        yield Fault(f"{path}.pack_price", _inexact(pack, decimals))
    elif price != _plain(unit_price):
        yield Fault(
            f"{path}.pack_price",
            f"{pack.price} for {pack.size} is {price} each, but the unit price is {unit_price}; "
            f"the unit price counts: at {unit_price} the pack is {pack_price(pack.size, unit_price)}",
        )


def _plain(price: str) -> str:
    return price.rstrip("0").rstrip(".") if "." in price else price


def _inexact(pack: Pack, decimals: int) -> str:
    """Say which pack prices beside this one come to a whole unit price."""
    found = nearest(pack, decimals)
    assert found is not None
    named = [
        f"{each.price} ({price} each)" for each in found if (price := per_unit(each, decimals)) is not None
    ]
    choices = " or ".join(dict.fromkeys(named))
    return (
        f"{pack.price} for {pack.size} is no price per unit with at most {decimals} decimals; take {choices}"
    )


def at_price(offer: Offer | None, unit_price: str) -> Offer | None:
    """The same offer at another unit price: its pack costs accordingly."""
    if offer is None or offer.pack is None:
        return offer
    pack = msgspec.structs.replace(offer.pack, price=pack_price(offer.pack.size, unit_price))
    return msgspec.structs.replace(offer, pack=pack)
