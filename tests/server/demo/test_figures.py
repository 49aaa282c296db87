"""The demonstration's figures: the same at every start, and telling why districts buy together."""

from __future__ import annotations

from decimal import Decimal

from auction.tender.solicitation import Solicitation, faults
from server.demo import figures
from server.demo.command import read_people
from server.demo.staging import FIXTURES

ITEMS = figures.items(FIXTURES)
DISTRICTS = figures.districts(read_people(FIXTURES))


def test_the_smallest_district_paid_more_for_nearly_everything_than_the_largest() -> None:
    dearer = sum(
        Decimal(figures.paid(item, DISTRICTS[0], 2025)) > Decimal(figures.paid(item, DISTRICTS[-1], 2025))
        for item in ITEMS
    )
    assert dearer >= len(ITEMS) * 0.95


def test_every_district_needs_something_of_everything_and_the_figures_do_not_change() -> None:
    for item in ITEMS:
        for district in DISTRICTS:
            assert figures.quantity(item, district) == figures.quantity(item, district) >= 1


def test_lots_of_the_catalog_make_a_faultless_event() -> None:
    categories = sorted({item.category for item in ITEMS})
    lots = tuple(
        figures.lot(f"L{row}", name, tuple(item for item in ITEMS if item.category == name), DISTRICTS, 2024)
        for row, name in enumerate(categories, 1)
    )
    assert len(categories) == 5
    assert faults(Solicitation(number="x", title="x", rules={}, lots=lots, districts=DISTRICTS)) == []
