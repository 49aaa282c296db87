"""An addendum sets the room up anew before the opening; until a vendor acknowledges it, neither its bids nor its prices count."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.kernel import Command, Event, handle, replay
from auction.live import event
from auction.live.amendments import (
    AcknowledgeAddendum,
    AddendumAcknowledged,
    AmendRoom,
    ConfirmSchedule,
    RoomAmended,
)
from auction.live.room import (
    HOST,
    BidPlaced,
    Cancel,
    Done,
    FileSchedule,
    LotPlan,
    PlaceBid,
    Room,
    Suspend,
    Tick,
)
from auction.refusals import Refusal
from auction.terms.rules import parse
from auction.terms.schedule import LinePrice, LotLine
from tests.auction.live.test_preparing import HOUR, LINES, OPENS, PREPARE

BEFORE = OPENS - HOUR
LATER = msgspec.structs.replace(PREPARE, by="p2", opens=OPENS + HOUR, closes=OPENS + 2 * HOUR)
AMEND = AmendRoom(by="p2", number=1, plan=LATER)
PRICES = (LinePrice("paper", "5"), LinePrice("toner", "10"))
FILE = FileSchedule(by="A", lot="L1", lines=PRICES)
KNOW = AcknowledgeAddendum(by="A", number=1, person="p-ash")


class Course:
    """A room that is told one command after another."""

    def __init__(self, *commands: Command, at: Any = BEFORE) -> None:
        self.state: Room = event.initial()
        self.events: list[Event] = []
        self.answers: list[object] = []
        for command in (PREPARE, *commands):
            self.tell(command, at)

    def tell(self, command: Command, at: Any = BEFORE) -> object:
        decision = handle(event, self.state, command, at)
        self.state = decision.state
        self.events += decision.events
        self.answers.append(decision.answer)
        return decision.answer

    def code(self, command: Command, at: Any = BEFORE) -> str:
        answer = self.tell(command, at)
        return answer.code if isinstance(answer, Refusal) else "ok"


def bid(by: str, amount: str = "70", lot: str = "L1") -> PlaceBid:
    return PlaceBid(by=by, lot=lot, amount=int(amount) * 1_000_000, given=amount, confirm=True)


def test_the_room_has_the_addendum_s_times_rules_and_lots_and_keeps_who_is_admitted() -> None:
    plan = msgspec.structs.replace(
        LATER,
        rules=parse({"format": "english", "ceiling": "500"}),
        lots=(LotPlan("L1", lines=LINES), LotPlan("L3")),
        vendors=(),
    )
    room = Course(AmendRoom(by="p2", number=1, plan=plan)).state
    assert (room.opens, room.length, room.rules_hash) == (OPENS + HOUR, HOUR, plan.rules.hash)
    assert list(room.lots) == ["L1", "L3"] and list(room.vendors) == ["A", "B", "C"]
    assert ("A", "L3") in room.factors and ("A", "L2") not in room.factors and ("C", "L2") not in room.factors
    assert room.factors["A", "L1"].ceiling == 500_000_000
    assert event.wakes_at(room) == OPENS + HOUR


def test_the_same_addendum_again_changes_nothing_and_an_older_one_neither() -> None:
    told = Course(AMEND)
    length = len(told.events)
    assert told.tell(AMEND) == Done() and len(told.events) == length
    assert told.state.addendum == 1


def test_once_a_lot_has_opened_no_addendum_changes_the_room() -> None:
    told = Course()
    assert told.code(AMEND, OPENS) == "CLOSED"
    assert told.state.opens == OPENS and told.state.addendum == 0


def test_a_vendor_amends_nothing() -> None:
    assert Course().code(AmendRoom(by="A", number=1, plan=LATER)) == "NOT_ALLOWED"


def test_an_addendum_that_cannot_be_held_leaves_the_room_as_it_was() -> None:
    bad = msgspec.structs.replace(LATER, closes=OPENS)
    told = Course()
    assert told.code(AmendRoom(by="p2", number=1, plan=bad)) == "BAD_RULES"
    assert told.state.opens == OPENS


def test_bids_are_refused_until_the_addendum_is_acknowledged_and_count_from_then() -> None:
    told = Course(AMEND)
    at = OPENS + HOUR + timedelta(minutes=1)
    answer = told.tell(bid("A"), at)
    assert isinstance(answer, Refusal) and answer.code == "NOT_ADMITTED"
    assert "Addendum 1" in answer.message and "Acknowledge it" in answer.message
    assert told.code(KNOW, at) == "ok"
    assert told.code(bid("A"), at) == "ok"
    assert told.code(bid("B"), at) == "NOT_ADMITTED"


def test_only_the_latest_addendum_is_acknowledged_and_only_once_and_by_the_admitted() -> None:
    second = msgspec.structs.replace(AMEND, number=2)
    told = Course(AMEND, KNOW, second)
    assert told.state.behind("A")
    assert told.code(KNOW) == "BAD_COMMAND"
    latest = msgspec.structs.replace(KNOW, number=2)
    told.tell(latest)
    told.tell(latest)
    assert [each.number for each in told.events if isinstance(each, AddendumAcknowledged)] == [1, 2]
    assert not told.state.behind("A")
    assert told.code(AcknowledgeAddendum(by="Z", number=2, person="p")) == "UNKNOWN_VENDOR"


def test_without_an_addendum_there_is_nothing_to_acknowledge() -> None:
    told = Course()
    assert not told.state.behind("A")
    assert told.code(AcknowledgeAddendum(by="A", number=0, person="p")) == "ok"
    assert not any(isinstance(each, AddendumAcknowledged) for each in told.events)


def test_filed_prices_wait_and_do_not_open_until_they_are_confirmed() -> None:
    told = Course(FILE, AMEND, KNOW)
    lot = told.state.lots["L1"]
    assert lot.schedules == {} and lot.stale == {"A": PRICES}
    told.tell(Tick(by=HOST), OPENS + HOUR)
    assert not any(isinstance(each, BidPlaced) for each in told.events)


def test_confirmed_prices_count_as_filed() -> None:
    told = Course(FILE, AMEND, KNOW, ConfirmSchedule(by="A", lot="L1"))
    lot = told.state.lots["L1"]
    assert lot.schedules == {"A": PRICES} and lot.stale == {}
    told.tell(Tick(by=HOST), OPENS + HOUR)
    assert [each.amount for each in told.events if isinstance(each, BidPlaced)] == ["80.00"]


def test_neither_old_nor_new_prices_are_filed_before_the_addendum_is_acknowledged() -> None:
    told = Course(FILE, AMEND)
    assert told.code(ConfirmSchedule(by="A", lot="L1")) == "NOT_ADMITTED"
    assert told.code(FILE) == "NOT_ADMITTED"


def test_prices_that_no_longer_fit_the_lines_are_not_confirmed() -> None:
    more = (*LINES, LotLine("glue", "4", 2))
    plan = msgspec.structs.replace(LATER, lots=(LotPlan("L1", lines=more), PREPARE.lots[1]))
    told = Course(FILE, AmendRoom(by="p2", number=1, plan=plan), KNOW)
    assert told.code(ConfirmSchedule(by="A", lot="L1")) == "BAD_COMMAND"
    assert told.state.lots["L1"].stale == {"A": PRICES}


def test_what_was_cancelled_before_an_addendum_stays_cancelled() -> None:
    told = Course(Cancel(by="lead", lot="L2", reason="No money"), AMEND)
    assert told.state.lots["L2"].status == "cancelled"


def test_who_was_suspended_stays_suspended() -> None:
    told = Course(Suspend(by="lead", vendor="A", reason="x"), AMEND, KNOW)
    assert told.code(bid("A"), OPENS + HOUR) == "NOT_ADMITTED"


STEPS = st.sampled_from(
    [
        AMEND,
        msgspec.structs.replace(AMEND, number=2),
        KNOW,
        msgspec.structs.replace(KNOW, number=2),
        msgspec.structs.replace(KNOW, by="B"),
        FILE,
        ConfirmSchedule(by="A", lot="L1"),
        bid("A"),
        bid("B", "60"),
    ]
)


@given(st.lists(st.tuples(STEPS, st.integers(0, 60)), max_size=20))
def test_whatever_happens_no_bid_stands_that_was_made_before_the_acknowledgement(
    steps: list[tuple[Command, int]],
) -> None:
    told, at = Course(), BEFORE
    for command, minutes in steps:
        at += timedelta(minutes=minutes)
        told.tell(command, at)
    amended, known = 0, dict[str, int]()
    for each in told.events:
        if isinstance(each, RoomAmended):
            amended = each.number
        elif isinstance(each, AddendumAcknowledged):
            known[each.vendor] = each.number
        elif isinstance(each, BidPlaced):
            assert known.get(each.vendor, 0) == amended
    assert replay(event, told.events) == told.state


@pytest.mark.parametrize("number", [1, 2])
def test_an_amended_room_s_journal_is_read_like_any_other(number: int) -> None:
    told = Course(*(msgspec.structs.replace(AMEND, number=each) for each in range(1, number + 1)), KNOW)
    assert replay(event, told.events) == told.state
