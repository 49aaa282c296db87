"""Needs: what stands already changes nothing, keys stay apart, and a district's needs are exactly their history."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from auction.demand import needs
from auction.demand.catalog import Catalog, Item, Pack
from auction.demand.needs import (
    ConfirmNeeds,
    EditNeed,
    NeedLine,
    Needs,
    ReopenNeeds,
    Stated,
    StateNeeds,
    Terms,
)
from auction.demand.places import Places
from auction.demand.stating import day, number, read_line
from auction.kernel import Command, Event, handle, replay
from auction.terms.faults import Reading

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
TERMS = Terms(NOW + timedelta(days=1))
PAPER = Item("P-1", "Paper", "Paper", "ream", (Pack("carton", "10"), Pack("bundle", "1/3")))
LINES = st.builds(
    NeedLine,
    item=st.sampled_from(["A", "B", "C"]),
    quantity=st.sampled_from(["1", "2.5", "300"]),
    unit=st.just("each"),
    ship_to=st.sampled_from(["", "North"]),
    paid=st.sampled_from([None, "4.20"]),
)


def tell(state: Needs, command: Command, now: datetime = NOW) -> tuple[Any, tuple[Event, ...]]:
    decision = handle(needs, state, command, now)
    return decision.answer, decision.events


def test_what_stands_already_changes_nothing() -> None:
    state, line = Needs(), NeedLine("A", "5", "each")
    assert tell(state, StateNeeds(by="p", terms=TERMS, lines=(line,)))[0] == Stated(added=1)
    answer, events = tell(state, StateNeeds(by="p", terms=TERMS, lines=(line,), file="x"))
    assert answer == Stated(same=1) and answer.nothing and events == ()


def test_a_line_keeps_its_number_when_it_changes() -> None:
    state = Needs()
    tell(
        state, StateNeeds(by="p", terms=TERMS, lines=(NeedLine("A", "5", "each"), NeedLine("B", "1", "each")))
    )
    tell(state, StateNeeds(by="p", terms=TERMS, lines=(NeedLine("A", "6", "each"),)))
    assert {n: line.quantity for n, line in state.lines.items()} == {1: "6", 2: "1"}
    tell(state, StateNeeds(by="p", terms=TERMS, lines=(), drop=(("A", ""),)))
    tell(state, StateNeeds(by="p", terms=TERMS, lines=(NeedLine("A", "7", "each"),)))
    assert {n: line.item for n, line in state.lines.items()} == {2: "B", 3: "A"}


def test_an_edit_may_not_take_another_line_s_place_nor_pass_over_a_colleague() -> None:
    state, north = Needs(), NeedLine("A", "5", "each", ship_to="North")
    tell(state, StateNeeds(by="p", terms=TERMS, lines=(NeedLine("A", "5", "each"), north)))
    plain = NeedLine("A", "9", "each")
    assert (
        "change that one" in tell(state, EditNeed(by="p", terms=TERMS, n=2, was=north, line=plain))[0].message
    )
    assert "Somebody else" in tell(state, EditNeed(by="p", terms=TERMS, n=2, was=plain, line=None))[0].message
    assert len(state.lines) == 2


def test_confirmed_needs_are_closed_until_they_are_opened_again() -> None:
    state, command = Needs(), StateNeeds(by="p", terms=TERMS, lines=(NeedLine("A", "5", "each"),))
    tell(state, ConfirmNeeds(by="p", terms=TERMS))
    assert tell(state, command)[0].code == "NOT_ALLOWED"
    tell(state, ReopenNeeds(by="p", terms=TERMS))
    assert tell(state, command)[0] == Stated(added=1)


def test_nothing_is_taken_behind_the_deadline_or_the_end() -> None:
    for command in (ConfirmNeeds, ReopenNeeds):
        assert (
            tell(Needs(), command(by="p", terms=TERMS), TERMS.deadline + timedelta(microseconds=1))[0].code
            == "CLOSED"
        )
        assert tell(Needs(), command(by="p", terms=Terms(TERMS.deadline, True)))[0].code == "CLOSED"
        assert isinstance(tell(Needs(), command(by="p", terms=TERMS), TERMS.deadline)[0], Stated)


@given(st.lists(st.tuples(st.lists(LINES, max_size=6, unique_by=lambda each: each.key), st.booleans())))
def test_needs_are_exactly_their_history_and_no_key_stands_twice(
    files: list[tuple[list[NeedLine], bool]],
) -> None:
    state, events = Needs(), list[Event]()
    for lines, whole in files:
        command = StateNeeds(by="p", terms=TERMS, lines=tuple(lines), whole=whole)
        events += tell(state, command)[1]
        assert tell(state, command)[1] == ()
        assert {line.key: line for line in lines}.items() <= {
            line.key: line for line in state.lines.values()
        }.items()
        assert not whole or len(state.lines) == len(lines)
    assert {line.key: n for n, line in state.lines.items()} == state.numbers
    again = replay(needs, events)
    assert (again.lines, again.numbers) == (state.lines, state.numbers)


# --- reading what was written --------------------------------------------------------------------------------------------


def read(**cells: str) -> tuple[NeedLine, list[str]]:
    reading = Reading()
    line = read_line(reading, lambda field: field, cells, PAPER, Catalog(), date(2026, 3, 2), Places())
    return line, [f"{fault.path}: {fault.message}" for fault in reading.faults]


def test_a_line_is_read_with_its_units_and_counts_in_the_base_unit() -> None:
    line, faults = read(quantity="1,200.5", unit="CTN", paid="$41.50", paid_unit="rm", needed_by="8/15/2026")
    assert faults == [] and line.needed_by == "2026-08-15"
    assert (line.unit, line.per, line.base) == ("carton", "10", 12_005_000_000)
    assert line.price == 41_500_000 and line.spend == 41_500_000 * 12_005


def test_every_fault_of_a_line_is_named_at_once() -> None:
    _, faults = read(quantity="", unit="bushel", paid="0", needed_by="2026-02-30", ship_to="x" * 121)
    assert [fault.partition(":")[0] for fault in faults] == [
        "unit",
        "quantity",
        "paid",
        "ship_to",
        "needed_by",
    ]


def test_a_quantity_that_is_no_exact_amount_of_the_base_unit_is_refused() -> None:
    assert "is no exact quantity of ream" in read(quantity="1", unit="bundle")[1][0]
    assert read(quantity="3", unit="bundle")[1] == []
    assert "is no quantity" in read(quantity="1e3")[1][0] and "is no quantity" in read(quantity="NaN")[1][0]
    assert "comes to more than" in read(quantity="99999999999")[1][0]


def test_numbers_and_days_are_read_as_people_write_them() -> None:
    assert [number(each) for each in ("1,200", "$ 4.50", "+3", " 7 ", "1,20", "-1,200")] == [
        "1200", "4.50", "3", "7", "1,20", "-1200",
    ]  # fmt: skip
    assert day("2/29/2028") == date(2028, 2, 29) and day("2/30/2028") is None and day("28-1-1") is None
