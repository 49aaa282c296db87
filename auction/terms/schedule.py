"""Line schedules: from a lot's total to a price per item.

A vendor files a unit price for each line. Its extended total is the sum of quantity × unit price, rounded up to the tick; where
a unit price and an extension disagree, the unit price prevails. A later total scales every line by the same
factor, each rounded down to the line's decimals, so that the lines never come to more than the total.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec

from auction.money import ceil_div, exact, parse_decimal
from auction.terms import offers
from auction.terms.faults import Fault
from auction.terms.offers import Alternate, Offer

MOST_DECIMALS = 4
SCALE = 6


class LinePrice(msgspec.Struct, frozen=True, omit_defaults=True):
    """A vendor's unit price for one line, a decimal string; None is a no-bid.

    `offer` says what it is for, where that is told; `alternate` is a second offer, which counts in no total.
    """

    line: str
    unit_price: str | None
    offer: Offer | None = None
    alternate: Alternate | None = None


class LotLine(msgspec.Struct, frozen=True):
    """A line of a lot: the quantity asked for (decimal string), the decimals of its unit price, and what may be offered."""

    id: str
    quantity: str
    decimals: int = MOST_DECIMALS
    no_bid: bool = False
    alternates: bool = False
    or_equal: bool = False


def faults(lines: Sequence[LotLine], prices: Sequence[LinePrice]) -> list[Fault]:
    """Name everything that keeps a schedule from being filed, each with its row."""
    found: list[Fault] = []
    known = {line.id: line for line in lines}
    seen: set[str] = set()
    for row, price in enumerate(prices):
        path = f"lines[{row}]"
        line = known.get(price.line)
        if line is None:
            found.append(Fault(f"{path}.line", f"there is no line {price.line} in this lot"))
        elif price.line in seen:
            found.append(Fault(f"{path}.line", f"line {price.line} is priced twice; keep one row"))
        elif price.unit_price is None and not line.no_bid:
            found.append(
                Fault(f"{path}.unit_price", f"line {line.id} needs a price: a no-bid is not allowed on it")
            )
        elif price.unit_price is not None and not _good(price.unit_price, line.decimals):
            wanted = f"a price above zero with at most {line.decimals} decimals"
            found.append(Fault(f"{path}.unit_price", f"{price.unit_price[:40]!r} is not {wanted}"))
        elif price.offer is not None:
            found += offers.faults(path, price.offer, price.unit_price, line.decimals, line.or_equal)
        if line is not None and price.alternate is not None:
            found += offers.alternate_faults(path, price.alternate, line.decimals, line.alternates)
        seen.add(price.line)
    missing = [line.id for line in lines if line.id not in seen and not line.no_bid]
    found += [Fault("lines", f"line {name} has no price") for name in missing]
    if lines and not found and all(price.unit_price is None for price in prices):
        found.append(Fault("lines", "at least one line needs a price"))
    return found


def _good(text: str, decimals: int) -> bool:
    scaled = parse_decimal(text, decimals)
    return scaled is not None and scaled > 0


def extension(quantity: str, unit_price: str) -> int:
    """Quantity × unit price, exactly, in 10^-12."""
    return (parse_decimal(quantity, SCALE) or 0) * (parse_decimal(unit_price, SCALE) or 0)


def _worth(lines: Sequence[LotLine], prices: Sequence[LinePrice]) -> int:
    """Sum quantity × unit price exactly, in 10^-12."""
    unit = {price.line: price.unit_price for price in prices}
    total = 0
    for line in lines:
        price = unit.get(line.id)
        if price is not None:
            total += extension(line.quantity, price)
    return total


def extended_total(lines: Sequence[LotLine], prices: Sequence[LinePrice], tick: int) -> int:
    """Extend a faultless schedule to its total in micros, rounded up to the tick."""
    return ceil_div(_worth(lines, prices), 10**SCALE * tick) * tick


def fingerprint(prices: Sequence[LinePrice]) -> str:
    """A filed schedule's fingerprint: SHA-256 over its lines in order, each at its shortest."""
    return hashlib.sha256(msgspec.json.encode(tuple(prices), order="sorted")).hexdigest()


def scale(
    lines: Sequence[LotLine], prices: Sequence[LinePrice], total: int, tick: int
) -> tuple[LinePrice, ...]:
    """Scale a schedule down to a total in micros; the lines then come to at most that total."""
    whole = extended_total(lines, prices, tick)
    scaled: list[LinePrice] = []
    filed = {price.line: price for price in prices}
    for line in lines:
        price = filed.get(line.id, LinePrice(line.id, None))
        if price.unit_price is not None:
            units = (parse_decimal(price.unit_price, line.decimals) or 0) * total // whole
            price = _at(price, exact(units, line.decimals))
        scaled.append(price)
    return tuple(scaled)


def _at(price: LinePrice, unit_price: str) -> LinePrice:
    """A line at another unit price; a pack on offer costs accordingly, a second offer keeps its own price."""
    return msgspec.structs.replace(
        price, unit_price=unit_price, offer=offers.at_price(price.offer, unit_price)
    )
