"""The price book: awarded lines with their unit price, held against what was paid before. All sums are exact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from auction.money import MICROS, ceil_div, exact, parse_decimal
from auction.tender.solicitation import Lot, Need
from auction.terms.schedule import LinePrice

CENT = MICROS // 100
PLACES = 6


class PriceLine(msgspec.Struct, frozen=True):
    """An item at its awarded unit price; `line` is empty where a lot without lines was awarded as a whole."""

    line: str
    description: str
    unit: str
    quantity: str
    unit_price: str
    baseline: str | None = None
    needs: tuple[Need, ...] = ()


class Saving(msgspec.Struct, frozen=True):
    """What is paid against what was paid before, in micros; `saved` is negative where it became dearer."""

    before: int
    now: int

    @property
    def saved(self) -> int:
        """The difference, in micros."""
        return self.before - self.now

    @property
    def percent(self) -> str:
        """The saving in per cent with one decimal, rounded half away from zero."""
        tenths = (2 * 1000 * abs(self.saved) + self.before) // (2 * self.before)
        return ("-" if self.saved < 0 and tenths else "") + f"{tenths // 10}.{tenths % 10}"


def lines(lot: Lot, prices: Sequence[LinePrice], amount: str) -> tuple[PriceLine, ...]:
    """Price a lot's lines as awarded; without line prices the lot itself is the one item. No-bids are left out."""
    if not prices:
        return (PriceLine("", lot.title, "lot", "1", amount),)
    unit = {price.line: price.unit_price for price in prices}
    return tuple(
        PriceLine(line.id, line.description, line.unit, line.quantity, price, line.baseline, line.needs)
        for line in lot.lines
        if (price := unit.get(line.id)) is not None
    )


def need(line: PriceLine, district: str | None) -> str | None:
    """How much of a line a district stated, or all together; None if it stated none."""
    if district is None:
        return line.quantity
    return next((each.quantity for each in line.needs if each.district == district), None)


def worth(rows: Iterable[tuple[str, str]]) -> int:
    """Sum quantity × unit price, in micros rounded up to a cent."""
    total = sum(
        (parse_decimal(much, PLACES) or 0) * (parse_decimal(price, PLACES) or 0) for much, price in rows
    )
    return ceil_div(total, MICROS * CENT) * CENT


def against(before: int | None, now: int | None) -> Saving | None:
    """Hold a sum against the one before, both in micros; None unless both are known and the one before is above zero."""
    return Saving(before, now) if before and now is not None else None


def line_saving(line: PriceLine) -> Saving | None:
    """Hold a unit price against the one last paid."""
    before = parse_decimal(line.baseline, PLACES) if line.baseline is not None else None
    return against(before, parse_decimal(line.unit_price, PLACES))


class Totals(msgspec.Struct, frozen=True):
    """A price list in figures; `saving` counts only lines with a price last paid, `value` counts all."""

    lines: int
    dearer: int
    value: str | None
    saving: Saving | None


def totals(rows: Iterable[tuple[PriceLine, str | None]]) -> Totals:
    """Add up lines with the quantities needed of each."""
    held = list(rows)
    wanted = [(line, much) for line, much in held if much is not None]
    known = [(line, much) for line, much in wanted if line.baseline is not None]
    before = worth((much, line.baseline or "0") for line, much in known)
    now = worth((much, line.unit_price) for line, much in known)
    return Totals(
        lines=len(held),
        dearer=sum(1 for line, _ in held if (saving := line_saving(line)) is not None and saving.saved < 0),
        value=exact(worth((much, line.unit_price) for line, much in wanted)) if wanted else None,
        saving=against(before, now) if known else None,
    )
