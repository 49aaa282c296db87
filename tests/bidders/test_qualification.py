"""A vendor asks, a lead answers; the room alone says who is admitted, and the story is told once however often it comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.kernel import Command, Decision, handle, replay
from auction.live.room import Entrant, VendorAdmitted, VendorWithdrawn
from auction.refusals import Refusal
from bidders import qualification
from bidders.consequences import follow
from bidders.qualification import (
    Admissions,
    AskToTakePart,
    Call,
    Decline,
    Invite,
    NoteAdmitted,
    NoteWithdrawn,
    Retract,
    part,
)

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
OPEN = Call(("L1", "L2"), "t" * 64, False)


def ask(vendor: str = "A", **changes: Any) -> AskToTakePart:
    given = {"lots": ("L1",), "terms": OPEN.terms, "non_collusion": True, "call": OPEN} | changes
    return AskToTakePart(by="p-a", vendor=vendor, **given)


def tell(state: Admissions, *commands: Command) -> Decision[Admissions]:
    decision = Decision(state, (), None)
    for command in commands:
        decision = handle(qualification, decision.state, command, NOW)  # type: ignore[arg-type]
    return decision


def admitted(minute: int = 1, vendor: str = "A", lots: tuple[str, ...] | None = ("L1",)) -> NoteAdmitted:
    return NoteAdmitted(
        by="p-lead", vendor=vendor, lots=lots, reason="In order.", happened=NOW + timedelta(minutes=minute)
    )


def withdrawn(minute: int = 2, vendor: str = "A") -> NoteWithdrawn:
    return NoteWithdrawn(
        by="p-lead", vendor=vendor, reason="It asked.", happened=NOW + timedelta(minutes=minute)
    )


def test_a_vendor_asks_is_declined_and_may_ask_again() -> None:
    state = tell(Admissions(), ask()).state
    assert part(state, "A").status == "applied"
    state = tell(state, Decline(by="p-lead", vendor="A", reason="No insurance.")).state
    assert (part(state, "A").status, part(state, "A").reason) == ("declined", "No insurance.")
    assert tell(state, ask()).state.vendors["A"].status == "applied"


def test_the_same_question_again_changes_nothing() -> None:
    assert not tell(tell(Admissions(), ask()).state, ask()).events


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"lots": ()}, "at least one lot"),
        ({"lots": ("L9",)}, "no lot L9"),
        ({"terms": "old"}, "Accept the terms"),
        ({"non_collusion": False}, "by itself"),
        ({"call": Call(OPEN.lots, OPEN.terms, True)}, "has opened"),
    ],
)
def test_a_question_that_lacks_something_is_refused_with_what_it_lacks(
    changes: dict[str, Any], said: str
) -> None:
    answer = tell(Admissions(), ask(**changes)).answer
    assert isinstance(answer, Refusal) and said in answer.message


def test_everything_that_is_missing_is_said_at_once() -> None:
    answer = tell(Admissions(), ask(lots=(), terms="", non_collusion=False)).answer
    assert isinstance(answer, Refusal)
    assert all(said in answer.message for said in ("at least one lot", "Accept", "by itself"))


def test_an_answer_needs_a_reason_and_a_question() -> None:
    for order in (Decline(by="p-lead", vendor="A", reason=" "), Retract(by="p-a", vendor="A")):
        assert tell(Admissions(), order).refused
    assert tell(Admissions(), Decline(by="p-lead", vendor="A", reason="So.")).refused


def test_an_admitted_vendor_that_asks_for_more_and_is_declined_stays_admitted() -> None:
    state = tell(Admissions(), admitted(), ask(lots=("L1", "L2"))).state
    assert part(state, "A").status == "applied" and part(state, "A").admitted is not None
    state = tell(state, Decline(by="p-lead", vendor="A", reason="Full.")).state
    assert part(state, "A").status == "admitted"


def test_an_invitation_is_made_once_and_not_after_the_opening() -> None:
    order = Invite(by="p-lead", vendor="A", frozen=False)
    state = tell(Admissions(), order).state
    assert part(state, "A").status == "invited" and not tell(state, order).events
    assert tell(Admissions(), Invite(by="p-lead", vendor="A", frozen=True)).refused


def test_what_happened_in_the_room_is_noted_once_and_never_out_of_order() -> None:
    state = tell(Admissions(), admitted(1), withdrawn(2)).state
    assert part(state, "A").status == "withdrawn"
    assert not tell(state, admitted(1)).events and not tell(state, withdrawn(2)).events
    assert part(tell(state, admitted(3)).state, "A").status == "admitted"


def test_the_rooms_word_becomes_the_admissions_word() -> None:
    vendor = Entrant("A", lots=("L2",))
    ((stream, order),) = follow("room/7", VendorAdmitted(at=NOW, by="p-lead", vendor=vendor, reason="Good."))
    assert stream == "admission/7" and isinstance(order, NoteAdmitted) and order.lots == ("L2",)
    ((stream, order),) = follow("room/7", VendorWithdrawn(at=NOW, by="p-lead", vendor="A", reason="Gone."))
    assert stream == "admission/7" and isinstance(order, NoteWithdrawn) and order.reason == "Gone."


vendors = st.sampled_from("AB")
orders = st.one_of(
    st.builds(ask, vendors, lots=st.sampled_from([("L1",), ("L1", "L2"), ()])),
    st.builds(lambda vendor: Retract(by="p", vendor=vendor), vendors),
    st.builds(lambda vendor: Decline(by="p", vendor=vendor, reason="So."), vendors),
    st.builds(lambda vendor: Invite(by="p", vendor=vendor, frozen=False), vendors),
    st.builds(admitted, st.integers(0, 9), vendors),
    st.builds(withdrawn, st.integers(0, 9), vendors),
)


@given(st.lists(orders, max_size=20))
def test_a_vendor_is_admitted_exactly_where_the_rooms_latest_word_says_so(steps: list[Command]) -> None:
    state, written, latest = Admissions(), list[Any](), dict[str, Command]()
    for step in steps:
        decision = tell(state, step)
        state, written = decision.state, [*written, *decision.events]
        if isinstance(step, NoteAdmitted | NoteWithdrawn):
            before = latest.get(step.vendor)
            if before is None or step.happened > before.happened:  # type: ignore[attr-defined]
                latest[step.vendor] = step
    for vendor in "AB":
        assert (part(state, vendor).admitted is not None) == isinstance(latest.get(vendor), NoteAdmitted)
    assert replay(qualification, written) == state  # type: ignore[arg-type]
