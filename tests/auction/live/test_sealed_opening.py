"""Sealed opening bids in the room: filed when the envelopes are opened, by nobody else, and without one nobody bids."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from auction.kernel import Command, Decision, handle
from auction.live import event
from auction.live.room import BidPlaced, Done, Entrant, FileSchedule, LotPlan, PlaceBid, Prepare, Room, Taken
from auction.refusals import Refusal
from auction.terms.rules import parse
from auction.terms.schedule import LinePrice, LotLine

OPENS = datetime(2026, 3, 2, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)
BEFORE = OPENS - HOUR / 2
PREPARE = Prepare(
    by="lead",
    tender="2026-1",
    rules=parse({"format": "english", "ceiling": "1000"}),
    opens=OPENS,
    closes=OPENS + HOUR,
    lots=(LotPlan("L1", lines=(LotLine("paper", "10", 2),)),),
    vendors=(Entrant("A"), Entrant("B"), Entrant("C")),
    seed="ab" * 32,
    opening="sealed",
)


def tell(room: Room, command: Command, at: datetime) -> Decision[Room]:
    """Put a command to the room."""
    return handle(event, room, command, at)


def prepared() -> Room:
    """The room once it is set up."""
    return tell(event.initial(), PREPARE, OPENS - HOUR).state


def opened(vendor: str, price: str = "20.00") -> FileSchedule:
    """What an opened envelope of a vendor asks the room to file."""
    lines = (LinePrice("paper", price),)
    return FileSchedule(by=vendor, lot="L1", lines=lines, envelope=f"envelope of {vendor}")


def bid(vendor: str, amount: int) -> PlaceBid:
    """A live bid of so many whole dollars."""
    return PlaceBid(by=vendor, lot="L1", amount=amount * 1_000_000, given=str(amount))


def code(decision: Decision[Room]) -> str:
    """Why a command was refused."""
    assert isinstance(decision.answer, Refusal), decision.answer
    return decision.answer.code


def test_an_opened_envelope_stands_as_the_vendors_opening_bid() -> None:
    room = tell(prepared(), opened("A"), BEFORE).state
    room = tell(room, opened("B", "19.00"), BEFORE).state
    decision = tell(room, bid("A", 150), OPENS + HOUR / 4)
    first = [each for each in decision.events if isinstance(each, BidPlaced) and each.opening]
    assert [(each.vendor, each.amount) for each in first] == [("A", "200.00"), ("B", "190.00")]
    assert isinstance(decision.answer, Taken)


def test_a_vendor_without_an_opened_opening_bid_cannot_bid() -> None:
    room = tell(prepared(), opened("A"), BEFORE).state
    assert code(tell(room, bid("C", 150), OPENS + HOUR / 4)) == "NOT_ADMITTED"


def test_nobody_files_an_opening_bid_but_from_an_envelope() -> None:
    by_hand = msgspec.structs.replace(opened("A"), envelope="")
    assert code(tell(prepared(), by_hand, BEFORE)) == "NOT_ALLOWED"


def test_where_opening_bids_are_not_sealed_no_envelope_files_any() -> None:
    room = tell(event.initial(), msgspec.structs.replace(PREPARE, opening="schedules"), OPENS - HOUR).state
    assert code(tell(room, opened("A"), BEFORE)) == "NOT_ALLOWED"


def test_the_same_opening_bid_again_changes_nothing_before_and_after_the_opening() -> None:
    room = tell(prepared(), opened("A"), BEFORE).state
    assert tell(room, opened("A"), BEFORE).events == ()
    room = tell(room, bid("A", 150), OPENS + HOUR / 4).state
    again = tell(room, opened("A"), OPENS + HOUR / 3)
    assert (type(again.answer), again.events) == (Done, ())


def test_no_other_opening_bid_replaces_the_one_that_stands() -> None:
    room = tell(prepared(), opened("A"), BEFORE).state
    room = tell(room, bid("A", 150), OPENS + HOUR / 4).state
    assert code(tell(room, opened("A", "1.00"), OPENS + HOUR / 3)) == "CLOSED"


def test_a_vendor_that_is_not_admitted_has_no_opening_bid() -> None:
    decision = tell(prepared(), opened("Z"), BEFORE)
    assert code(decision) == "UNKNOWN_VENDOR"
    assert decision.state.lots["L1"].schedules == {}


def test_envelopes_that_are_opened_late_bring_their_opening_bids_until_the_lot_closes() -> None:
    at = OPENS + HOUR / 4
    decision = tell(prepared(), opened("A"), at)
    placed = [each for each in decision.events if isinstance(each, BidPlaced)]
    assert [(each.vendor, each.amount, each.opening) for each in placed] == [("A", "200.00", True)]
    assert isinstance(tell(decision.state, bid("A", 150), at).answer, Taken)
    assert code(tell(prepared(), opened("A"), OPENS + 2 * HOUR)) == "CLOSED"
