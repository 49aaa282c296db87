"""Packs: what a pack on offer costs per unit that was asked for, exactly; no price is ever rounded.

A vendor that sells cartons of 12 where single pieces were asked for states the pack and its price. The price per
unit is the pack's price divided by how many units it holds, and must be a whole number of the line's smallest step; where it
is not, the two nearest pack prices that are will be named.
"""

from __future__ import annotations

import msgspec

from auction.money import ceil_div, exact, parse_decimal

SIZE_PLACES = 6
PRICE_PLACES = 10
"""Decimals of a pack's price: those of its size and of a unit price together, so that a pack of any unit price can be written."""
LARGEST = 10**12
LONGEST_NAME = 40


class Pack(msgspec.Struct, frozen=True, omit_defaults=True):
    """A pack on offer: how many of the units asked for it holds, its price, and what it is called, such as "carton"."""

    size: str
    price: str
    name: str = ""


def _read(pack: Pack) -> tuple[int, int] | None:
    """Size and price as whole numbers; None where either is not above zero."""
    size, price = parse_decimal(pack.size, SIZE_PLACES), parse_decimal(pack.price, PRICE_PLACES)
    return (size, price) if size is not None and price is not None and size > 0 and price > 0 else None


def is_pack(pack: Pack) -> bool:
    """Tell whether size and price are both amounts above zero."""
    return _read(pack) is not None


def per_unit(pack: Pack, decimals: int) -> str | None:
    """The price per unit asked for; None where it is not exact on so many decimals, or the pack is none."""
    read = _read(pack)
    if read is None:
        return None
    size, price = read
    units, rest = divmod(price * 10**decimals, size * 10 ** (PRICE_PLACES - SIZE_PLACES))
    return exact(units, decimals) if not rest and 0 < units < LARGEST * 10**decimals else None


def pack_price(size: str, unit_price: str) -> str:
    """What a pack of this size costs at a unit price."""
    units, price = parse_decimal(size, SIZE_PLACES) or 0, parse_decimal(unit_price, 4) or 0
    return exact(units * price, PRICE_PLACES)


def nearest(pack: Pack, decimals: int) -> tuple[Pack, Pack] | None:
    """The dearest exact pack that is not above this price, and the cheapest that is not below; None if the pack is none."""
    read = _read(pack)
    if read is None:
        return None
    size, price = read
    over, under = price * 10**decimals, size * 10 ** (PRICE_PLACES - SIZE_PLACES)
    below, above = max(over // under, 1), max(ceil_div(over, under), 1)
    prices = (exact(units * size, decimals + SIZE_PLACES) for units in (below, above))
    least, most = (msgspec.structs.replace(pack, price=price) for price in prices)
    return least, most


def packs_for(quantity: str, pack: Pack) -> int:
    """How many whole packs cover a quantity."""
    wanted, size = parse_decimal(quantity, SIZE_PLACES) or 0, parse_decimal(pack.size, SIZE_PLACES) or 0
    return ceil_div(wanted, size) if size > 0 else 0
