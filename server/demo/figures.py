"""The demonstration's figures: what each district needs of each item, and what it paid in earlier years.

All of it is drawn from a fixed seed, so that every demonstration begins alike. Small districts pay more, which is what a
consortium is for.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from random import Random

import msgspec

from auction.tender.solicitation import District, Line, Lot, Need
from server import filling

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
CENTS = Decimal("0.01")
YEARS = {2024: Decimal("0.96"), 2025: Decimal("1.00"), 2026: Decimal("1.03")}
"""What prices came to in each year, against the catalog's."""
SMALL, LARGE = 300, 20_000
DEARER = Decimal("0.34")
"""How much more than the largest the smallest districts pay alone."""
NOISE = 5
"""Prices and quantities vary by so many per cent either way."""


class Pack(msgspec.Struct, frozen=True):
    """Another unit of an item, and how many of its own unit it holds."""

    unit: str
    holds: str


class Item(msgspec.Struct, frozen=True):
    """An item of the made-up catalog; `per_100_students` is a year's quantity."""

    id: str
    description: str
    category: str
    unit: str
    price: str
    per_100_students: str
    packs: tuple[Pack, ...] = ()


class Items(msgspec.Struct, frozen=True):
    """The whole catalog."""

    items: tuple[Item, ...]


def items(fixtures: Path) -> tuple[Item, ...]:
    """Read the made-up catalog."""
    return msgspec.json.decode((fixtures / "demo" / "catalog.json").read_bytes(), type=Items).items


def districts(people: filling.People) -> tuple[District, ...]:
    """The member districts with their enrolment, the smallest first."""
    found = [
        District(each.id, each.name, int(each.detail["enrolment"]))
        for each in people.organisations
        if each.kind == "district"
    ]
    return tuple(sorted(found, key=lambda each: each.enrolment or 0))


def _vary(draw: Random) -> Decimal:
    return Decimal(100 + draw.randint(-NOISE, NOISE)) / 100


def quantity(item: Item, district: District) -> int:
    """What a district needs of an item in a year, at least one."""
    draw = Random(f"quantity {item.id} {district.id}")
    wanted = Decimal(district.enrolment or 0) * Decimal(item.per_100_students) / 100 * _vary(draw)
    return max(1, int(wanted.to_integral_value(ROUND_HALF_UP)))


def paid(item: Item, district: District, year: int) -> str:
    """What a district paid alone for one unit of an item in a year."""
    draw = Random(f"paid {item.id} {district.id} {year}")
    size = min(max(district.enrolment or 0, SMALL), LARGE)
    alone = 1 + DEARER * (1 - Decimal(size - SMALL) / (LARGE - SMALL)) ** 3
    return str((Decimal(item.price) * YEARS[year] * alone * _vary(draw)).quantize(CENTS, ROUND_HALF_UP))


def lot(id: str, title: str, wanted: tuple[Item, ...], members: tuple[District, ...], year: int) -> Lot:
    """A lot of items with every member's quantity; the baseline is the mean of what they paid, weighted by quantity."""
    return Lot(id, title, lines=tuple(_line(item, members, year) for item in wanted))


def _line(item: Item, members: tuple[District, ...], year: int) -> Line:
    needs = tuple(Need(each.id, str(quantity(item, each))) for each in members)
    whole = sum(int(need.quantity) for need in needs)
    spent = sum((quantity(item, each) * Decimal(paid(item, each, year)) for each in members), Decimal(0))
    mean = (spent / whole).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    return Line(item.id, item.description, item.unit, str(whole), str(mean), needs=needs, item=item.id)
