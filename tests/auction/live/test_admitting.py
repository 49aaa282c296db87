"""Vendors come and go until the first lot opens; from then on admission is frozen."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.kernel import Command, replay
from auction.live import event
from auction.live.room import (
    AdmitVendor,
    Done,
    Entrant,
    LotCeiling,
    Prepare,
    Room,
    ScheduleLapsed,
    Tick,
    VendorAdmitted,
    VendorWithdrawn,
    WithdrawVendor,
)
from auction.terms.rules import parse
from tests.auction.live.test_preparing import HOUR, OPENS, PREPARE, filed, prepared, refused, tell

EARLY = OPENS - HOUR
NEW = Entrant("D", m="1.1", ceilings=(LotCeiling("L1", "500"),), lots=("L1",), name="Dogwood Supply")


def admit(vendor: Entrant = NEW, by: str = "lead") -> AdmitVendor:
    return AdmitVendor(by=by, vendor=vendor, reason="Its certificates are in order.")


def test_a_vendor_admitted_later_has_its_lots_its_factors_and_its_ceiling() -> None:
    decision = tell(prepared(), admit(), EARLY)
    assert isinstance(decision.answer, Done)
    (said,) = decision.events
    assert isinstance(said, VendorAdmitted) and said.later and said.reason and said.vis == "private"
    room = decision.state
    assert room.factors["D", "L1"].ceiling == 500_000_000
    assert Fraction(room.factors["D", "L1"].m, 10**12) == Fraction("1.1")
    assert ("D", "L2") not in room.factors


def test_the_same_admission_again_changes_nothing_even_after_the_opening() -> None:
    room = tell(prepared(), admit(), EARLY).state
    for at in (EARLY, OPENS + HOUR / 4):
        again = tell(room, admit(), at)
        assert again.answer == Done() and not [
            each for each in again.events if isinstance(each, VendorAdmitted)
        ]


def test_terms_are_changed_until_the_opening() -> None:
    room = tell(prepared(), admit(), EARLY).state
    room = tell(room, admit(msgspec.structs.replace(NEW, lots=("L2",), ceilings=())), EARLY).state
    assert ("D", "L1") not in room.factors and ("D", "L2") in room.factors


@pytest.mark.parametrize("order", [admit(), WithdrawVendor(by="lead", vendor="A", reason="Gone.")])
def test_admission_is_frozen_when_the_first_lot_opens(order: Command) -> None:
    room = prepared()
    assert tell(prepared(), order, OPENS - timedelta(microseconds=1)).answer == Done()
    assert refused(room, order, OPENS).code == "CLOSED"
    assert "D" not in room.vendors and "A" in room.vendors


def test_a_withdrawn_vendor_leaves_nothing_behind_and_may_come_back() -> None:
    room = tell(prepared(), filed("A"), EARLY).state
    gone = tell(room, WithdrawVendor(by="lead", vendor="A", reason="It asked to leave."), EARLY)
    assert [type(each) for each in gone.events] == [VendorWithdrawn]
    room = gone.state
    assert "A" not in room.vendors and not room.lots["L1"].schedules
    assert not [key for key in room.factors if key[0] == "A"]
    assert refused(room, filed("A")).code == "UNKNOWN_VENDOR"
    room = tell(room, admit(Entrant("A")), EARLY).state
    assert "A" in room.vendors and not room.lots["L1"].schedules
    assert tell(room, WithdrawVendor(by="lead", vendor="X", reason="Never was."), EARLY).answer == Done()


def test_a_withdrawal_needs_its_reason() -> None:
    assert refused(prepared(), WithdrawVendor(by="lead", vendor="A", reason=" ")).code == "BAD_COMMAND"


def test_a_vendor_admits_nobody_not_even_itself() -> None:
    for order in (admit(by="A"), WithdrawVendor(by="B", vendor="A", reason="So there.")):
        assert refused(prepared(), order).code == "NOT_ALLOWED"


@pytest.mark.parametrize(
    "vendor",
    [
        Entrant("host"),
        Entrant("D", m="0"),
        Entrant("D", m="x"),
        Entrant("D", a="x"),
        Entrant("D", lots=("L9",)),
        Entrant("D", lots=()),
        Entrant("D", ceilings=(LotCeiling("L9", "5"),)),
        Entrant("D", ceilings=(LotCeiling("L1", "free"),)),
    ],
)
def test_terms_that_cannot_be_are_refused(vendor: Entrant) -> None:
    assert refused(prepared(), admit(vendor)).code == "BAD_COMMAND"


@pytest.mark.parametrize(
    "terms",
    [
        Entrant("A", lots=("L2",)),
        Entrant("A", ceilings=(LotCeiling("L1", "199.99"),)),
        Entrant("A", a="-200"),
    ],
)
def test_a_schedule_that_the_new_terms_do_not_allow_lapses(terms: Entrant) -> None:
    rules = PREPARE.rules
    if terms.a != "0":
        rules = parse({"format": "english", "rank_by": "adjusted"})
    room = tell(prepared(rules=rules), filed("A"), EARLY).state
    decision = tell(room, admit(terms), EARLY)
    assert [type(each) for each in decision.events] == [VendorAdmitted, ScheduleLapsed]
    assert "A" not in decision.state.lots["L1"].schedules
    kept = tell(tell(prepared(), filed("A"), EARLY).state, admit(Entrant("A", m="1.01")), EARLY)
    assert "A" in kept.state.lots["L1"].schedules


def test_the_room_s_own_setting_up_may_be_repeated_after_admissions() -> None:
    room = tell(prepared(), admit(), EARLY).state
    again = tell(room, PREPARE, EARLY)
    assert again.answer == Done() and not again.events
    other: Prepare = msgspec.structs.replace(PREPARE, seed="cd" * 32)
    assert tell(room, other, EARLY).refused


names = st.sampled_from("ABCDE")
orders = st.one_of(
    st.builds(
        lambda name, lots, ceiling: admit(
            Entrant(name, lots=lots, ceilings=(LotCeiling("L1", ceiling),) if ceiling else ())
        ),
        names,
        st.sampled_from([None, ("L1",), ("L2",), ("L1", "L2")]),
        st.sampled_from(["", "150", "900"]),
    ),
    st.builds(lambda name: WithdrawVendor(by="lead", vendor=name, reason="So."), names),
    st.builds(filed, names),
    st.just(Tick(by="time")),
)
minutes = st.integers(-30, 30)


@given(st.lists(st.tuples(minutes, orders), max_size=14))
def test_from_the_opening_on_nobody_comes_and_nobody_goes(steps: list[tuple[int, Command]]) -> None:
    room: Room = prepared()
    written = list(tell(event.initial(), PREPARE, EARLY).events)
    at_opening: dict[str, Entrant] | None = None
    for minute, order in sorted(steps, key=lambda step: step[0]):
        decision = tell(room, order, OPENS + timedelta(minutes=minute))
        room = decision.state
        written += decision.events
        if room.started and at_opening is None:
            at_opening = dict(room.vendors)
        if at_opening is not None:
            assert room.vendors == at_opening
        assert {vendor for vendor, _ in room.factors} <= room.vendors.keys()
        for lot in room.lots.values():
            assert all((vendor, lot.plan.id) in room.factors for vendor in lot.schedules)
            assert all((vendor, lot.plan.id) in room.factors for vendor in lot.standing)
    assert replay(event, written) == room
