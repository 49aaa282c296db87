"""The step down: from own or from the lead, an amount or a percentage, never below one tick."""

from __future__ import annotations

from typing import Any

import pytest

from auction.live.decrement import RANKED, step
from auction.terms.rules import parse
from tests.auction.stage import OPEN, bid, play


def asked(base: str, tick: str = "0.01", **decrement: Any) -> int:
    """The step from a base, in micros."""
    rules = parse({"format": "english", "tick": tick, "decrement": {"base": "own", **decrement}})
    whole, _, part = base.partition(".")
    micros = int(whole) * 10**6 + int(part.ljust(6, "0"))
    return step(rules, micros * RANKED) // RANKED


@pytest.mark.parametrize(
    ("base", "decrement", "micros"),
    [
        ("100", {"amount": "5"}, 5_000_000),
        ("100", {}, 10_000),
        ("100", {"amount": "0.000001"}, 10_000),
        ("100", {"percent": "0.5"}, 500_000),
        ("100.01", {"percent": "0.5"}, 510_000),
        ("0.01", {"percent": "0.5"}, 10_000),
        ("100", {"percent": "0"}, 10_000),
        ("100", {"amount": "5", "percent": "1"}, 1_000_000),
        ("1000", {"amount": "5", "percent": "1"}, 5_000_000),
        ("100", {"percent": "1", "tick": "0.3"}, 1_200_000),
    ],
)
def test_the_smaller_of_amount_and_percentage_applies_rounded_up_to_the_tick(
    base: str, decrement: dict[str, Any], micros: int
) -> None:
    assert asked(base, **decrement) == micros


TIERS: dict[str, Any] = {
    "tiers": [
        {"above": "1000", "amount": "200"},
        {"above": "100", "amount": "20"},
        {"above": "0", "amount": "1"},
    ]
}


@pytest.mark.parametrize(
    ("base", "micros"),
    [
        ("1000.01", 200_000_000),
        ("1000", 20_000_000),
        ("100.01", 20_000_000),
        ("100", 1_000_000),
        ("0.01", 1_000_000),
    ],
)
def test_a_tier_applies_strictly_above_its_bound(base: str, micros: int) -> None:
    assert asked(base, **TIERS) == micros


def test_below_all_tiers_the_step_is_one_tick() -> None:
    assert asked("5", tiers=[{"above": "10", "amount": "3"}]) == 10_000


def test_the_first_matching_tier_counts_not_the_best() -> None:
    assert asked("50", tiers=[{"above": "10", "amount": "1"}, {"above": "40", "amount": "4"}]) == 1_000_000


FIVE = {"decrement": {"base": "own", "amount": "5"}}
LEAD = {"decrement": {"base": "lead", "amount": "1"}, "visibility": OPEN}


def test_equality_is_enough() -> None:
    told = play(bid("15:01", "A", "100"), bid("15:02", "A", "95.01"), bid("15:03", "A", "95.00"), rules=FIVE)
    assert told.codes == ["ok", "DECREMENT", "ok"]
    assert told.nexts[1] == "95.00"


def test_from_own_any_rank_is_fine() -> None:
    told = play(bid("15:01", "A", "50"), bid("15:02", "B", "90"), bid("15:03", "B", "85"), rules=FIVE)
    assert [each["rank"] for each in told.outcomes] == [1, 2, 2]


def test_from_the_lead_every_bid_must_beat_it_and_the_first_on_the_lot_needs_only_the_ceiling() -> None:
    told = play(
        bid("15:01", "A", "100"),
        bid("15:02", "B", "99.01"),
        bid("15:03", "B", "99.00"),
        bid("15:04", "B", "98.01"),
        bid("15:05", "B", "98.00"),
        rules=LEAD,
        lots=[{"id": "L1", "ceiling": "100"}],
    )
    assert told.codes == ["ok", "DECREMENT", "ok", "DECREMENT", "ok"]
    assert told.nexts == [None, "99.00", None, "98.00", None]


def test_when_no_amount_is_left_the_next_is_null() -> None:
    told = play(bid("15:01", "A", "0.01"), bid("15:02", "A", "0.01"), rules={"max_change_percent": "100"})
    assert told.codes == ["ok", "DECREMENT"]
    assert told.nexts[1] is None
