"""A shopping list holds what a district means to order, and then what it bought."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.kernel import Command, Event, handle, replay
from auction.prices import ordering
from auction.prices.ordering import MOST_LINES, quantity
from auction.prices.shopping import (
    DescribeList,
    DiscardList,
    Item,
    ItemPut,
    ListOrdered,
    OpenList,
    PutItem,
    RecordOrder,
    ReopenList,
    ShoppingList,
    TakeItem,
)
from auction.refusals import Refusal

NOW = datetime(2026, 9, 1, 15, tzinfo=UTC)
TODAY = date(2026, 9, 1)
PAPER = Item("1", "L1", "A", "Copy paper", "carton", "38.50", "USD", "Ash Supply", "2026-001-L1", "41.85")
PENS = msgspec.structs.replace(PAPER, line="B", description="Pens", unit="box", unit_price="7.10")
BEGUN = OpenList(by="p", district="d-oak", number="2026-0001", title=" Fall paper ", ship_to="Main office")


def ask(held: ShoppingList, *commands: Command) -> tuple[ShoppingList, list[Event]]:
    """Carry commands out, none of which may be refused."""
    events: list[Event] = []
    for command in commands:
        decision = handle(ordering, held, command, NOW)
        assert not decision.refused, decision.answer
        held = decision.state
        events += decision.events
    return held, events


def refused(held: ShoppingList, command: Command) -> str:
    answer = handle(ordering, held, command, NOW).answer
    assert isinstance(answer, Refusal), answer
    return answer.message


def put(item: Item, much: str, **more: Any) -> PutItem:
    return PutItem(by="p", item=item, quantity=much, **more)


def order(**changes: Any) -> RecordOrder:
    return msgspec.structs.replace(
        RecordOrder(by="p", on=date(2026, 8, 31), today=TODAY, reference="PO 1188"), **changes
    )


def test_a_list_from_the_first_item_to_the_order() -> None:
    held, events = ask(
        ordering.initial(),
        BEGUN,
        put(PAPER, "12"),
        put(PENS, "3"),
        put(PAPER, "1,200", note=" Gym "),
        order(),
    )
    assert (held.status, held.title, held.ship_to) == ("ordered", "Fall paper", "Main office")
    told = events[-1]
    assert isinstance(told, ListOrdered)
    assert [(each.item.key, each.quantity, each.note) for each in told.lines] == [
        ("1/L1/A", "1200", "Gym"),
        ("1/L1/B", "3", ""),
    ]
    assert (told.on, told.reference) == ("2026-08-31", "PO 1188")
    assert replay(ordering, events) == held


def test_the_same_item_twice_changes_how_much_and_the_same_again_changes_nothing() -> None:
    held, events = ask(ordering.initial(), BEGUN, put(PAPER, "12"), put(PAPER, "12"), put(PAPER, "13"))
    assert [each.line.quantity for each in events if isinstance(each, ItemPut)] == ["12", "13"]
    assert list(held.lines) == ["1/L1/A"]
    held, events = ask(held, TakeItem(by="p", key="1/L1/A"), TakeItem(by="p", key="1/L1/A"))
    assert (held.lines, len(events)) == ({}, 1)


@pytest.mark.parametrize("much", ["", "0", "-3", "1e3", "a dozen", "1.2345", "NaN", "９", "0.0000001"])
def test_a_quantity_that_is_none_is_refused(much: str) -> None:
    held, _ = ask(ordering.initial(), BEGUN)
    assert "above zero" in refused(held, put(PAPER, much))


@given(st.integers(1, 10**9))
def test_a_quantity_is_read_with_and_without_separators(much: int) -> None:
    assert quantity(f" {much:,} ") == quantity(str(much)) == str(much)


def test_an_ordered_list_is_changed_only_after_it_was_opened_again_with_a_reason() -> None:
    held, _ = ask(ordering.initial(), BEGUN, put(PAPER, "12"), order())
    for command in (put(PENS, "1"), order(), DiscardList(by="p"), TakeItem(by="p", key="1/L1/A")):
        assert "open it again with a reason" in refused(held, command)
    assert "Say in words" in refused(held, ReopenList(by="p", reason=" "))
    held, _ = ask(held, ReopenList(by="p", reason="The order was never placed."), put(PENS, "1"))
    assert (held.status, held.ordered, len(held.lines)) == ("open", None, 2)
    assert "Only a list that was ordered" in refused(held, ReopenList(by="p", reason="Again."))


def test_nothing_is_ordered_from_an_empty_list_or_in_the_future() -> None:
    held, _ = ask(ordering.initial(), BEGUN)
    assert "Nothing stands on this list" in refused(held, order())
    held, _ = ask(held, put(PAPER, "1"))
    assert "lies in the future" in refused(held, order(on=date(2026, 9, 2)))
    ask(held, order(on=TODAY))


def test_a_list_that_is_not_there_or_was_thrown_away_takes_nothing() -> None:
    assert refused(ordering.initial(), put(PAPER, "1")) == "There is no such list."
    held, _ = ask(ordering.initial(), BEGUN, DiscardList(by="p"))
    assert refused(held, put(PAPER, "1")) == "This list was thrown away."
    assert "number is taken" in refused(held, BEGUN)


def test_a_list_has_a_name_and_no_more_items_than_it_can_hold() -> None:
    assert "Give the list a name" in refused(ordering.initial(), msgspec.structs.replace(BEGUN, title=" "))
    held, _ = ask(ordering.initial(), BEGUN)
    assert "at most 200" in refused(held, DescribeList(by="p", title="x" * 201, ship_to=""))
    held, events = ask(held, DescribeList(by="p", title="Fall paper", ship_to="Main office"))
    assert events == []
    items = [msgspec.structs.replace(PAPER, line=f"N{row}") for row in range(MOST_LINES)]
    held, _ = ask(held, *(put(item, "1") for item in items))
    assert "at most 500 items" in refused(held, put(PENS, "1"))
    ask(held, put(items[0], "2"))
