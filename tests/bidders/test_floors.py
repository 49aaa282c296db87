"""A simulated vendor never means to go below its secret floor, whatever it is shown and answered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from auction.money import parse_amount
from bidders.characters import CHARACTERS, Move, Reckless, Sniper, Steady
from bidders.frames import Answer, Confirm, No, Taken
from bidders.lots import LotSeen

NOW = datetime(2031, 5, 6, tzinfo=UTC)
LOTS = ("L1", "L2", "L3")
SEEDS = st.integers(0, 2**32)
AMOUNTS = st.builds(
    lambda cents, places: f"{cents // 10**places}.{cents % 10**places:0{places}d}" if places else str(cents),
    st.integers(1, 10**8),
    st.integers(0, 4),
).filter(parse_amount)
STATUSES = st.sampled_from(["scheduled", "open", "paused", "closed", "cancelled"])
FLOORS = st.dictionaries(st.sampled_from(LOTS), AMOUNTS)
KINDS = st.sampled_from(sorted(CHARACTERS))
SEEN = st.builds(
    LotSeen,
    id=st.sampled_from(LOTS),
    status=STATUSES,
    closes=st.none() | st.integers(-60, 600).map(lambda seconds: NOW + timedelta(seconds=seconds)),
    own=st.none() | AMOUNTS,
    next=st.none() | AMOUNTS,
    rank=st.none() | st.integers(1, 4),
    mine=st.booleans(),
)
ROOMS = st.lists(SEEN, min_size=1, max_size=3, unique_by=lambda lot: lot.id)
ANSWERS = st.builds(
    lambda code, next, confirm: No(NOW, "b", code, "No.", next, confirm),
    st.sampled_from(["DECREMENT", "TOO_FAR", "OFF_TICK", "BAD_AMOUNT", "NEEDS_CONFIRM", "CLOSED"]),
    st.none() | AMOUNTS,
    st.none() | st.builds(Confirm, AMOUNTS, st.integers(0, 99)),
) | AMOUNTS.map(lambda amount: Taken(NOW, "b", 1, "L1", amount, NOW, None))


def cast(kind: str, floors: dict[str, str], seed: int) -> Steady:
    return CHARACTERS[kind](floors, dict.fromkeys(LOTS, "5000.00"), Random(seed))


def keeps(floors: dict[str, str], move: Move) -> bool:
    """Tell whether a move is at its floor or above."""
    least = parse_amount(floors.get(move.lot))
    return least is not None and (parse_amount(move.amount) or 0) >= least


@given(KINDS.filter(lambda kind: kind != "reckless"), FLOORS, SEEDS, st.lists(ROOMS, max_size=8))
def test_no_move_is_below_the_floor(
    kind: str, floors: dict[str, str], seed: int, rooms: list[list[LotSeen]]
) -> None:
    character = cast(kind, floors, seed)
    moves = [move for lots in rooms if (move := character.move(lots, NOW)) is not None]
    assert all(keeps(floors, move) and move.confirm is None for move in moves)


@given(KINDS, FLOORS, SEEDS, st.sampled_from(LOTS), AMOUNTS, ANSWERS)
def test_nothing_that_follows_from_an_answer_is_below_the_floor_and_nothing_below_it_is_confirmed(
    kind: str, floors: dict[str, str], seed: int, lot: str, typed: str, answer: Answer
) -> None:
    again = cast(kind, floors, seed).answered(Move(lot, typed), answer)
    assert again is None or keeps(floors, again)


@given(KINDS, FLOORS, SEEDS, ROOMS)
def test_every_move_is_on_an_open_lot_of_ones_own_that_has_a_floor(
    kind: str, floors: dict[str, str], seed: int, lots: list[LotSeen]
) -> None:
    move = cast(kind, floors, seed).move(lots, NOW)
    if move is not None:
        lot = next(each for each in lots if each.id == move.lot)
        assert lot.status == "open" and lot.mine and lot.id in floors
        assert lot.own is None or lot.rank != 1


@given(SEEDS)
def test_a_typist_loses_no_digit_of_a_first_bid_which_no_rule_guards(seed: int) -> None:
    typist, first = (
        cast("reckless", {"L1": "300.00"}, seed),
        LotSeen("L1", status="open", mine=True, next="396.00"),
    )
    typed = [parse_amount(move.amount) for _ in range(20) if (move := typist.move([first], NOW)) is not None]
    assert all(value is None or value >= 300_000_000 for value in typed)


@given(SEEDS, AMOUNTS)
def test_a_digit_too_few_is_a_step_that_the_default_rules_stop(seed: int, offered: str) -> None:
    typist = Reckless({"L1": "0.000001"}, {}, Random(seed))
    move = typist.move([LotSeen("L1", status="open", mine=True, own=offered, rank=2, next=offered)], NOW)
    assert move is not None
    typed, meant = parse_amount(move.amount), parse_amount(offered) or 0
    assert typed is None or typed * 2 < meant or typed * 100 >= meant * 97


@given(SEEDS, st.integers(10_000, 11_000))
def test_the_cautious_stop_early(seed: int, offered: int) -> None:
    cautious = cast("cautious", {"L1": "100.00"}, seed)
    lot = LotSeen("L1", status="open", mine=True, own="120.00", rank=2, next=_cents(offered))
    moves = [move for _ in range(20) if (move := cautious.move([lot], NOW)) is not None]
    assert all((parse_amount(move.amount) or 0) >= 103_000_000 for move in moves)
    assert bool(moves) == (offered >= 10_300)


@given(FLOORS, SEEDS, ROOMS)
def test_a_sniper_that_stands_keeps_still_until_the_end_is_near(
    floors: dict[str, str], seed: int, lots: list[LotSeen]
) -> None:
    last = timedelta(seconds=30)
    move = Sniper(floors, {}, Random(seed), last).move(lots, NOW)
    if move is not None:
        lot = next(each for each in lots if each.id == move.lot)
        assert lot.own is None or (lot.closes is not None and lot.closes - NOW <= last)


@given(SEEDS, st.integers(5_000, 9_000))
def test_the_steady_come_down_to_their_floor_and_no_further(seed: int, floor: int) -> None:
    steady = Steady({"L1": f"{floor // 100}.{floor % 100:02d}"}, {}, Random(seed))
    lot = LotSeen("L1", status="open", mine=True, next="100.00", closes=NOW)
    while (move := steady.move([lot], NOW)) is not None:
        lot.own, lot.rank = move.amount, 2
        lot.next = _cents((parse_amount(move.amount) or 0) // 10_000 - 1)
    assert lot.own == _cents(floor)


def _cents(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
