"""Who led until a bid: told from a lot's history, whatever was bid since."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.live.room import BidPlaced, Lot, LotPlan, Standing
from server.notices.tellings import overtaken

NOW = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)
Bids = list[tuple[str, int]]


def lot(bids: Bids) -> Lot:
    """A lot with these bids, one after another."""
    history = [
        Standing(ranked, place, vendor, ranked, NOW) for place, (vendor, ranked) in enumerate(bids, start=1)
    ]
    return Lot(LotPlan("L1"), 0, NOW, NOW, history=history)


def bid(bids: Bids, place: int) -> BidPlaced:
    """The bid at a place of a lot's history, as the journal has it."""
    vendor, ranked = bids[place]
    no = sum(1 for who, _ in bids[: place + 1] if who == vendor)
    return BidPlaced(
        at=NOW,
        by=vendor,
        vendor=vendor,
        lot="L1",
        amount=str(ranked),
        no=no,
        rank=1,
        closes=NOW,
        rules_hash="",
    )


@pytest.mark.parametrize(
    ("bids", "loser"),
    [
        ([("A", 9)], None),
        ([("A", 9), ("B", 8)], "A"),
        ([("A", 9), ("B", 9)], None),
        ([("A", 8), ("B", 9)], None),
        ([("A", 9), ("A", 8)], None),
        ([("A", 9), ("B", 8), ("A", 7)], "B"),
        ([("A", 9), ("B", 8), ("C", 7)], "B"),
    ],
)
def test_only_who_led_and_no_longer_does_is_overtaken(bids: Bids, loser: str | None) -> None:
    assert overtaken(lot(bids), bid(bids, len(bids) - 1)) == loser


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 9)), min_size=1, max_size=12), st.data())
def test_what_is_bid_later_does_not_change_who_was_overtaken(bids: Bids, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(bids) - 1))
    assert overtaken(lot(bids), bid(bids, place)) == overtaken(lot(bids[: place + 1]), bid(bids, place))
