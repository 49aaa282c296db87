"""Simulated vendors know what a real one is sent, keep to their floors, and mend what they mistyped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.money import parse_amount
from bidders.characters import CHARACTERS, Move, Reckless, Sniper, Steady
from bidders.client import LotSeen
from bidders.frames import Confirm, No, Taken

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
amounts = st.integers(1, 10**9).map(lambda cents: f"{cents // 100}.{cents % 100:02d}")


def lot(**known: object) -> LotSeen:
    base = {"status": "open", "closes": NOW + timedelta(minutes=5), "mine": True}
    return LotSeen("L1", **(base | known))  # type: ignore[arg-type]


def no(code: str, next: str | None, confirm: Confirm | None = None) -> No:
    return No(NOW, "id", code, "", next, confirm)


@given(st.sampled_from(sorted(CHARACTERS)), st.integers(0, 999), amounts, amounts)
def test_nobody_means_to_bid_below_its_floor(kind: str, seed: int, floor: str, asked: str) -> None:
    character = CHARACTERS[kind]({"L1": floor}, {}, Random(seed))
    move = character.move([lot(own="9.00", rank=2, next=asked)], NOW)
    if move is not None and kind != "reckless":
        assert (parse_amount(move.amount) or 0) >= (parse_amount(floor) or 0)


@given(
    st.sampled_from(sorted(CHARACTERS)),
    st.integers(0, 999),
    st.sampled_from(["scheduled", "paused", "closed"]),
)
def test_nobody_bids_on_a_lot_that_is_not_open(kind: str, seed: int, status: str) -> None:
    character = CHARACTERS[kind]({"L1": "1.00"}, {}, Random(seed))
    assert character.move([lot(status=status, next="100.00")], NOW) is None


@given(st.sampled_from(sorted(CHARACTERS)), st.integers(0, 999))
def test_nobody_bids_where_it_leads_or_is_not_admitted(kind: str, seed: int) -> None:
    character = CHARACTERS[kind]({"L1": "1.00"}, {}, Random(seed))
    assert character.move([lot(own="90.00", rank=1, next="89.00")], NOW) is None
    assert character.move([lot(mine=False, next="89.00")], NOW) is None


@given(st.integers(0, 999), amounts, amounts)
def test_a_large_step_is_confirmed_only_above_the_floor(seed: int, floor: str, typed: str) -> None:
    typist = Reckless({"L1": floor}, {}, Random(seed))
    again = typist.answered(Move("L1", typed), no("NEEDS_CONFIRM", typed, Confirm(typed, 2)))
    if (parse_amount(typed) or 0) < (parse_amount(floor) or 0):
        assert again is None
    else:
        assert again == Move("L1", typed, Confirm(typed, 2))


def test_a_refused_bid_is_sent_again_with_the_amount_that_would_do() -> None:
    steady = Steady({"L1": "50.00"}, {}, Random(1))
    assert steady.answered(Move("L1", "96.00"), no("DECREMENT", "95.00")) == Move("L1", "95.00")
    assert steady.answered(Move("L1", "96.00"), no("DECREMENT", "49.00")) is None
    assert steady.answered(Move("L1", "96.00"), no("CLOSED", None)) is None
    assert steady.answered(Move("L1", "96.00"), Taken(NOW, "i", 1, "L1", "96.00", NOW, None)) is None


def test_a_first_bid_without_a_ceiling_is_what_the_vendor_would_ask() -> None:
    move = Steady({"L1": "50.00"}, {"L1": "120.00"}, Random(1)).move([lot()], NOW)
    assert move is not None
    assert 117_000_000 <= (parse_amount(move.amount) or 0) <= 120_000_000


def test_a_sniper_waits_for_the_last_moments_after_its_first_bid() -> None:
    sniper = Sniper({"L1": "1.00"}, {}, Random(1), timedelta(seconds=10))
    behind = lot(own="100.00", rank=2, next="99.00")
    assert sniper.move([behind], NOW) is None
    assert sniper.move([behind], NOW + timedelta(minutes=4, seconds=55)) is not None
    assert sniper.move([lot(next="100.00")], NOW) is not None


def test_a_reckless_typist_really_mistypes() -> None:
    typist = Reckless({"L1": "1.00"}, {}, Random(3))
    behind = lot(own="400000.00", rank=2, next="396917.06")
    typed = {move.amount for _ in range(200) if (move := typist.move([behind], NOW))}
    assert any("," in amount for amount in typed)
    assert any(amount.endswith("x") for amount in typed)
    assert any((parse_amount(amount) or 10**18) < 100_000_000_000 for amount in typed)


@pytest.mark.parametrize("kind", sorted(CHARACTERS))
def test_the_same_seed_makes_the_same_moves(kind: str) -> None:
    first, again = (CHARACTERS[kind]({"L1": "1.00"}, {}, Random(7)) for _ in range(2))
    seen = [lot(next="100.00"), lot(own="99.00", rank=3, next="98.00")]
    assert [first.move(seen, NOW) for _ in range(20)] == [again.move(seen, NOW) for _ in range(20)]
