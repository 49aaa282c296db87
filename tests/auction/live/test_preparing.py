"""A room is set up once, whole or not at all; line schedules are filed until a lot opens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from auction.kernel import Command, Decision, handle
from auction.live import event
from auction.live.room import (
    BidPlaced,
    Confirm,
    Done,
    Entrant,
    FileSchedule,
    LotCeiling,
    LotFactor,
    LotPlan,
    OpeningBid,
    PlaceBid,
    Prepare,
    Room,
    Suspend,
    Taken,
)
from auction.refusals import Refusal
from auction.terms.rules import parse
from auction.terms.schedule import LinePrice, LotLine

OPENS = datetime(2026, 3, 2, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)
LINES = (LotLine("paper", "10", 2), LotLine("toner", "3", 4, no_bid=True))
PREPARE = Prepare(
    by="lead",
    tender="2026-1",
    rules=parse({"format": "english", "ceiling": "1000"}),
    opens=OPENS,
    closes=OPENS + HOUR,
    lots=(LotPlan("L1", lines=LINES), LotPlan("L2", opens=OPENS + HOUR / 2)),
    vendors=(Entrant("A"), Entrant("B", m="1.05"), Entrant("C", lots=("L2",))),
    seed="ab" * 32,
    opening="schedules",
)


def prepared(**changes: Any) -> Room:
    decision = tell(event.initial(), msgspec.structs.replace(PREPARE, **changes), OPENS - HOUR)
    assert not decision.refused, decision.answer
    return decision.state


def tell(room: Room, command: Command, at: datetime) -> Decision[Room]:
    return handle(event, room, command, at)


def refused(room: Room, command: Command, at: datetime = OPENS - HOUR) -> Refusal:
    answer = tell(room, command, at).answer
    assert isinstance(answer, Refusal), answer
    return answer


def filed(
    vendor: str, paper: str | None = "20.00", toner: str | None = None, lot: str = "L1"
) -> FileSchedule:
    lines = (LinePrice("paper", paper), LinePrice("toner", toner))
    return FileSchedule(by=vendor, lot=lot, lines=lines)


def test_nothing_happens_in_a_room_that_is_not_set_up() -> None:
    decision = tell(event.initial(), Suspend(by="lead", vendor="A"), OPENS)
    assert decision.refused
    assert decision.events == ()


def test_the_rules_the_seed_and_each_vendor_are_facts_of_their_own() -> None:
    events = tell(event.initial(), PREPARE, OPENS - HOUR).events
    kinds = ["RoomPrepared", "RoomSeeded", "VendorAdmitted", "VendorAdmitted", "VendorAdmitted"]
    assert [type(each).__name__ for each in events] == kinds
    assert [each.vis for each in events] == ["public"] + ["private"] * 4


def test_the_same_setting_up_again_changes_nothing_even_after_bids() -> None:
    room = prepared()
    room = tell(room, filed("A"), OPENS - HOUR).state
    for at in (OPENS - HOUR, OPENS + HOUR / 3):
        decision = tell(room, msgspec.structs.replace(PREPARE, by="errand"), at)
        assert (decision.answer, decision.events) == (Done(), ())


@pytest.mark.parametrize(
    "changes",
    [
        {"tender": "2026-2"},
        {"seed": "cd" * 32},
        {"opens": OPENS + timedelta(seconds=1)},
        {"closes": OPENS + 2 * HOUR},
        {"rules": parse({"format": "english", "ceiling": "999"})},
        {"vendors": PREPARE.vendors[:2]},
        {"lots": PREPARE.lots[:1]},
        {"opening": "none"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_another_setting_up_is_refused(changes: dict[str, Any]) -> None:
    assert refused(prepared(), msgspec.structs.replace(PREPARE, **changes)).code == "BAD_COMMAND"


def test_all_that_keeps_a_room_from_being_set_up_is_named_at_once() -> None:
    bad = msgspec.structs.replace(
        PREPARE,
        closes=OPENS,
        lots=(LotPlan("L1", ceiling="x"), LotPlan("L1")),
        vendors=(
            Entrant("host", m="0", a="x"),
            Entrant("B", ceilings=(LotCeiling("L9", "0"),), lots=("L8",), factors=(LotFactor("L1", "-1"),)),
        ),
        opening_bids=(OpeningBid("B", "L7", "5"), OpeningBid("Q", "L1", "y")),
    )
    answer = refused(event.initial(), bad)
    assert answer.code == "BAD_RULES"
    for path in (
        *("closes:", "lots[1].id:", "lots[0].ceiling:", "vendors[0].id:", "vendors[0].m:", "vendors[0].a:"),
        *("vendors[1].ceiling.L9:", "vendors[1].lots:", "vendors[1].m.L1:", "opening_bids[0].lot:"),
        *("opening_bids[1].vendor:", "opening_bids[1].amount:"),
    ):
        assert path in answer.message


def test_an_opening_bid_is_only_for_lots_that_its_vendor_is_admitted_to() -> None:
    bad = msgspec.structs.replace(PREPARE, opening_bids=(OpeningBid("C", "L1", "5"),))
    assert "C is not admitted to L1" in refused(event.initial(), bad).message


def test_a_filed_schedule_is_the_opening_bid_where_the_notice_says_so() -> None:
    room = prepared()
    for each in (filed("B", "19.99", "0.3333"), filed("A"), filed("A", "20.01")):
        room = tell(room, each, OPENS - HOUR).state
    events = [
        each
        for each in tell(room, PlaceBid(by="A", lot="L1", amount=None, given="x"), OPENS).events
        if isinstance(each, BidPlaced)
    ]
    assert [(each.vendor, each.amount, each.opening) for each in events] == [
        ("A", "200.10", True),
        ("B", "200.90", True),
    ]


def test_without_that_notice_a_schedule_is_kept_and_nothing_stands() -> None:
    room = tell(prepared(opening="none"), filed("A"), OPENS - HOUR).state
    assert not [
        each
        for each in tell(room, Suspend(by="lead", vendor="C"), OPENS).events
        if isinstance(each, BidPlaced)
    ]
    assert room.lots["L1"].schedules["A"][0].unit_price == "20.00"


@pytest.mark.parametrize(
    ("command", "at", "code"),
    [
        (filed("A", None), OPENS - HOUR, "BAD_COMMAND"),
        (filed("A", "20.005"), OPENS - HOUR, "BAD_COMMAND"),
        (filed("A", "100.01"), OPENS - HOUR, "ABOVE_CEILING"),
        (filed("A"), OPENS, "CLOSED"),
        (filed("C"), OPENS - HOUR, "NOT_ADMITTED"),
        (filed("Z"), OPENS - HOUR, "UNKNOWN_VENDOR"),
        (filed("A", lot="L9"), OPENS - HOUR, "UNKNOWN_LOT"),
    ],
)
def test_a_schedule_that_cannot_be_filed_is_refused(command: FileSchedule, at: datetime, code: str) -> None:
    assert refused(prepared(), command, at).code == code


def test_a_schedule_above_the_ceiling_is_told_the_ceiling() -> None:
    assert refused(prepared(), filed("A", "100.01")).next == "1000.00"


def rebid(amount: int, given: str, paper: str) -> PlaceBid:
    lines = (LinePrice("paper", paper), LinePrice("toner", None))
    return PlaceBid(by="A", lot="L1", amount=amount, given=given, lines=lines)


def test_a_later_bid_may_reprice_lines_that_come_to_its_total() -> None:
    room = tell(prepared(), filed("A"), OPENS - HOUR).state
    assert refused(room, rebid(190_000_000, "190", "19.01"), OPENS + HOUR / 2).code == "BAD_COMMAND"
    decision = tell(room, rebid(190_100_000, "190.10", "19.01"), OPENS + HOUR / 2)
    assert isinstance(decision.answer, Taken)
    assert decision.state.lots["L1"].schedules["A"][0].unit_price == "19.01"


def test_a_bid_made_under_other_rules_is_stale_whatever_the_lots_state() -> None:
    stale = PlaceBid(by="A", lot="L1", amount=5_000_000, given="5", rules="00")
    assert refused(prepared(), stale).code == "STALE_RULES"
    good = msgspec.structs.replace(stale, rules=PREPARE.rules.hash)
    assert isinstance(tell(prepared(), good, OPENS).answer, Taken)


def test_only_a_confirmation_of_this_amount_against_the_present_own_bid_counts() -> None:
    room = tell(prepared(), PlaceBid(by="A", lot="L1", amount=10_000_000, given="10"), OPENS).state

    def low(confirm: Confirm) -> PlaceBid:
        return PlaceBid(by="A", lot="L1", amount=6_000_000, given="6.0", confirm=confirm)

    for stale in (Confirm("6.0", 0), Confirm("6.0", 2), Confirm("6.01", 1)):
        assert refused(room, low(stale), OPENS).code == "NEEDS_CONFIRM"
    assert isinstance(tell(room, low(Confirm("6.00", 1)), OPENS).answer, Taken)


def test_a_vendor_bids_only_on_lots_that_it_is_admitted_to() -> None:
    assert (
        refused(prepared(), PlaceBid(by="C", lot="L1", amount=5_000_000, given="5"), OPENS).code
        == "NOT_ADMITTED"
    )


def test_time_never_goes_back_in_a_room() -> None:
    room = tell(prepared(), PlaceBid(by="A", lot="L1", amount=9_000_000, given="9"), OPENS + HOUR / 2).state
    decision = tell(room, PlaceBid(by="B", lot="L1", amount=8_000_000, given="8"), OPENS)
    assert decision.events[0].at == OPENS + HOUR / 2
