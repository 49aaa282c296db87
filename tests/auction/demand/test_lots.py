"""Lots: however they are split, merged and moved, every district's need of every item lies in exactly one of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.demand import lots
from auction.demand.lots import (
    DraftLots,
    DropLots,
    LotCommand,
    MergeLots,
    MoveItems,
    Plan,
    PlanLots,
    Planned,
    RenameLot,
    SplitDistricts,
    whole,
)
from auction.demand.parcels import (
    Block,
    cells,
    cut_districts,
    cut_items,
    districts_of,
    items_of,
    merged,
    scopes,
)
from auction.kernel import Event, handle, replay

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
ITEMS, DISTRICTS = ("a", "b", "c", "d", "e"), ("x", "y", "z")
PLAN = PlanLots(by="p", groups=(("One", ITEMS[:3]), ("Two", ITEMS[3:])), districts=DISTRICTS)
SOME_LOTS = st.integers(1, 5).map(lambda each: f"L{each}")
SOME_ITEMS = st.lists(st.sampled_from(ITEMS), max_size=5).map(tuple)
CHANGES = st.one_of(
    st.builds(
        MoveItems,
        by=st.just("p"),
        lot=SOME_LOTS,
        items=SOME_ITEMS,
        to=st.none() | SOME_LOTS,
        title=st.just("T"),
    ),
    st.builds(
        SplitDistricts,
        by=st.just("p"),
        lot=SOME_LOTS,
        districts=st.lists(st.sampled_from(DISTRICTS), max_size=3).map(tuple),
        title=st.just("T"),
    ),
    st.builds(MergeLots, by=st.just("p"), lots=st.lists(SOME_LOTS, max_size=3).map(tuple)),
    st.builds(RenameLot, by=st.just("p"), lot=SOME_LOTS, title=st.just("T")),
)


def tell(plan: Plan, command: LotCommand) -> tuple[Any, tuple[Event, ...]]:
    decision = handle(lots, plan, command, NOW)
    return decision.answer, decision.events


def planned() -> Plan:
    plan = Plan()
    tell(plan, PLAN)
    return plan


@given(st.lists(CHANGES, max_size=25))
def test_nothing_is_lost_or_doubled_by_any_changes(changes: list[LotCommand]) -> None:
    plan, events = Plan(), list[Event]()
    events += tell(plan, PLAN)[1]
    everything = whole(plan)
    assert everything == sorted((item, district) for item in ITEMS for district in DISTRICTS)
    for change in changes:
        events += tell(plan, change)[1]
        assert whole(plan) == everything
        assert all(lot.blocks for lot in plan.lots.values())
    assert replay(lots, events) == plan


@given(
    st.lists(CHANGES, max_size=12),
    st.dictionaries(st.tuples(st.sampled_from(ITEMS), st.sampled_from(DISTRICTS)), st.integers(1, 99)),
)
def test_each_district_s_sum_over_all_lots_stays_what_it_is(
    changes: list[LotCommand], needed: dict[tuple[str, str], int]
) -> None:
    plan = planned()

    def sums() -> dict[str, int]:
        return {
            district: sum(
                needed.get((item, district), 0)
                for lot in plan.lots.values()
                for item, within in scopes(lot.blocks).items()
                if district in within
            )
            for district in DISTRICTS
        }

    before = sums()
    for change in changes:
        tell(plan, change)
    assert sums() == before


@given(
    st.lists(st.tuples(st.booleans(), SOME_ITEMS, st.sets(st.sampled_from(DISTRICTS))), max_size=5),
    st.randoms(use_true_random=False),
)
def test_parts_that_were_cut_apart_may_be_merged_in_any_order(
    cuts: list[tuple[bool, tuple[str, ...], set[str]]], random: Any
) -> None:
    parts = [(Block(ITEMS, DISTRICTS),)]
    for by_items, some, districts in cuts:
        cut = [
            cut_items(each, some) if by_items else cut_districts(each, sorted(districts)) for each in parts
        ]
        parts = [each for pair in cut for each in pair if each]
    everything = sorted((item, district) for item in ITEMS for district in DISTRICTS)
    assert sorted(cell for each in parts for cell in cells(each)) == everything
    random.shuffle(parts)
    for count in range(len(parts) + 1):
        taken, left = merged(parts[:count]), parts[count:]
        assert sorted([*cells(taken), *(cell for each in left for cell in cells(each))]) == everything


def test_a_lot_is_split_by_district_and_merged_again() -> None:
    plan = planned()
    answer, _ = tell(plan, SplitDistricts(by="p", lot="L1", districts=("x",), title="One, north"))
    assert answer == Planned(("L1", "L3"))
    assert districts_of(plan.lots["L3"].blocks, "a") == {"x"}
    tell(plan, MergeLots(by="p", lots=("L1", "L3", "L2")))
    assert list(plan.lots) == ["L1"] and items_of(plan.lots["L1"].blocks) == list(ITEMS)
    assert plan.lots["L1"].blocks == (Block(ITEMS, ("y", "z", "x")),) or len(plan.lots["L1"].blocks) == 2


def test_a_lot_that_is_moved_empty_is_gone() -> None:
    plan = planned()
    answer, _ = tell(plan, MoveItems(by="p", lot="L2", items=("d", "e"), to="L1"))
    assert answer == Planned(("L1",)) and list(plan.lots) == ["L1"]


@pytest.mark.parametrize(
    "command",
    [
        MoveItems(by="p", lot="L1", items=("d",), to="L2"),
        MoveItems(by="p", lot="L1", items=("a", "b", "c"), title="All of it"),
        MoveItems(by="p", lot="L1", items=("a",), to="L1"),
        MoveItems(by="p", lot="L1", items=("a",), title=" "),
        MoveItems(by="p", lot="L9", items=("a",), to="L1"),
        SplitDistricts(by="p", lot="L1", districts=(), title="T"),
        SplitDistricts(by="p", lot="L1", districts=DISTRICTS, title="T"),
        MergeLots(by="p", lots=("L1", "L1")),
        RenameLot(by="p", lot="L1", title=""),
        PLAN,
        RenameLot(by="p", lot="L1", title="T", seen=7),
    ],
)
def test_a_change_that_makes_no_sense_is_refused_and_changes_nothing(command: LotCommand) -> None:
    plan = planned()
    before = msgspec.json.encode(plan)
    answer, events = tell(plan, command)
    assert answer.message and events == () and msgspec.json.encode(plan) == before


def test_lots_are_made_once_the_call_is_over_and_of_something() -> None:
    for command in (
        msgspec.structs.replace(PLAN, over=False),
        msgspec.structs.replace(PLAN, groups=()),
        msgspec.structs.replace(PLAN, groups=(("One", ("a",)), ("Two", ("a",)))),
    ):
        assert tell(Plan(), command)[0].message


def test_a_published_lot_is_frozen_and_the_others_are_not() -> None:
    plan = planned()
    tell(plan, DraftLots(by="p", lots=("L1",), event="7"))
    assert isinstance(tell(plan, RenameLot(by="p", lot="L1", title="Still a draft"))[0], Planned)
    for command in (
        RenameLot(by="p", lot="L1", title="T", frozen=("7",)),
        MoveItems(by="p", lot="L2", items=("d",), to="L1", frozen=("7",)),
        MoveItems(by="p", lot="L1", items=("a",), to="L2", frozen=("7",)),
        SplitDistricts(by="p", lot="L1", districts=("x",), title="T", frozen=("7",)),
        MergeLots(by="p", lots=("L2", "L1"), frozen=("7",)),
        DraftLots(by="p", lots=("L1",), event="8", frozen=("7",)),
        DropLots(by="p", frozen=("7",)),
    ):
        before = whole(plan)
        assert "published event" in tell(plan, command)[0].message
        assert whole(plan) == before
    assert isinstance(tell(plan, RenameLot(by="p", lot="L2", title="Free", frozen=("7",)))[0], Planned)


def test_blocks_are_cut_and_joined_without_overlap() -> None:
    blocks = (Block(("a", "b"), ("x", "y")), Block(("c",), ("z",)))
    rest, taken = cut_items(blocks, ("b", "c"))
    assert sorted([*cells(rest), *cells(taken)]) == sorted(cells(blocks))
    rest, taken = cut_districts(blocks, ("x",))
    assert sorted([*cells(rest), *cells(taken)]) == sorted(cells(blocks))
    assert merged((rest, taken)) and sorted(cells(merged((rest, taken)))) == sorted(cells(blocks))
