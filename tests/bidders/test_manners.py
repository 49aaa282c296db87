"""A line that comes back is neither impatient nor one of a herd."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bidders.line import TOO_MANY, Manners

SEEDS, TRIES = st.integers(), st.integers(0, 10**6)


@given(SEEDS, TRIES)
def test_a_wait_is_never_longer_than_promised_however_long_the_server_is_away(seed: int, tries: int) -> None:
    assert 0.1 <= Manners().wait(0, tries, Random(seed)) <= 5.0


@given(SEEDS, st.integers(0, 20))
def test_each_wait_may_be_longer_than_the_one_before(seed: int, tries: int) -> None:
    assert Manners().wait(0, tries, Random(seed)) <= Manners().wait(0, tries + 1, Random(seed))


@given(SEEDS, TRIES)
def test_who_said_too_much_keeps_away_for_some_seconds(seed: int, tries: int) -> None:
    assert Manners().wait(TOO_MANY, tries, Random(seed)) >= 5.0


def test_no_two_come_back_at_one_time() -> None:
    waits = [Manners().wait(4503, 3, Random(seed)) for seed in range(50)]
    assert len(set(waits)) == 50


def test_silence_is_noticed_within_five_seconds() -> None:
    assert Manners().dead_after <= 5 and Manners().ping_every <= 2
