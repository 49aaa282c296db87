"""Who may see an event of the log: the published tender, read by each kind of reader as it goes on."""

from __future__ import annotations

from typing import Any

import pytest

from auction.record.disclosure import PUBLIC, Course, Reader, course, may_see
from tests.auction.record.signing import CASES

EVENTS: list[dict[str, Any]] = [
    leaf[0]
    for leaf in CASES[0]["log"]["leaves"]
    if isinstance(leaf, list) and leaf[0]["tender"] == CASES[0]["manifests"][0]["tender"]
]
V1 = Reader(frozenset({"v1"}))
OFFICER = Reader(frozenset({"o1"}), officer=True)
BUYER = Reader(buyer=True)


def until(kind: str) -> list[dict[str, Any]]:
    """The tender's events up to the first of a kind, that one among them."""
    end = next(place for place, event in enumerate(EVENTS) if event["type"] == kind)
    return EVENTS[: end + 1]


def seen(events: list[dict[str, Any]], reader: Reader) -> list[dict[str, Any]]:
    """What a reader sees."""
    state = course(events)
    return [event for event in events if may_see(event, state, reader)]


def types(events: list[dict[str, Any]]) -> set[str]:
    """The events' types."""
    return {event["type"] for event in events}


def test_before_the_close_nobody_learns_who_bid_or_how_often_but_each_vendor_its_own():
    so_far = [event for event in until("tender.closed") if event["type"] != "tender.closed"]
    assert len([event for event in so_far if event["type"].startswith("bid.")]) > 10
    for reader in (PUBLIC, OFFICER, BUYER):
        assert types(seen(so_far, reader)) == {"officer.accepted", "officer.rewrapped", "tender.published"}
    own = [event for event in seen(so_far, V1) if event["type"].startswith("bid.")]
    assert own and {event["by"] for event in own} == {"v1"}
    assert own == [event for event in so_far if event["by"] == "v1"]


def test_officers_read_the_bids_from_the_close_and_others_from_the_opening():
    closed, opened = until("tender.closed"), until("opening.finished")
    assert seen(closed, OFFICER) == closed
    for reader in (PUBLIC, BUYER):
        assert not [event for event in seen(closed, reader) if event["vis"] == "sealed"]
    assert "tender.closed" not in types(seen(closed, V1))
    assert seen(opened, PUBLIC) == opened
    before = [event for event in opened if event["type"] != "opening.finished"]
    assert not [event for event in seen(before, PUBLIC) if event["vis"] == "sealed"]


SEALED = {"vis": "sealed", "by": "o2"}
PRIVATE = {"vis": "private", "by": "v1"}
ONES = Course(owners={"e1": "v1", "e2": "v2"})


@pytest.mark.parametrize(
    "event, state, readers",
    [
        (SEALED | {"type": "release.received"}, ONES, {"officer"}),
        (SEALED | {"type": "bid.unopenable", "eid": "e1"}, ONES, {"officer", "v1"}),
        (SEALED | {"type": "opening.rescue", "eids": ["e1", "e3"]}, ONES, {"officer", "v1"}),
        (SEALED | {"type": "rescue.revealed", "eid": "e2", "by": "v2"}, ONES, {"officer"}),
        (SEALED | {"type": "bid.refused", "eid": None, "by": "v1"}, ONES, {"v1"}),
        (SEALED | {"type": "bid.refused", "eid": None, "by": "v1"}, Course(closed=True), {"v1", "officer"}),
        (SEALED | {"type": "bid.resupplied", "eid": "e2"}, ONES, set()),
        (PRIVATE | {"type": "officer.health", "by": "o2"}, ONES, {"officer", "buyer"}),
        (PRIVATE | {"type": "live.bid", "lot": "1"}, ONES, {"v1"}),
        (PRIVATE | {"type": "live.bid", "lot": "1"}, Course(ended={"2"}), {"v1"}),
        (
            PRIVATE | {"type": "live.bid", "lot": "1"},
            Course(ended={"1"}),
            {"v1", "public", "officer", "buyer"},
        ),
        (PRIVATE | {"type": "live.refused", "lot": "1"}, ONES, {"v1", "buyer"}),
        (PRIVATE | {"type": "score.recorded"}, ONES, {"v1"}),
        (
            PRIVATE | {"type": "score.recorded"},
            Course(awarded=True),
            {"v1", "public", "officer", "buyer"},
        ),
        (PRIVATE | {"type": "disclosure.made", "eid": "e1", "by": "p"}, ONES, {"v1", "buyer"}),
        (PRIVATE | {"type": "disclosure.made", "eid": "e2", "by": "p"}, Course(opened=True), {"buyer"}),
        (PRIVATE | {"type": "something.new"}, Course(opened=True), set()),
        ({"vis": "secret", "by": "v1", "type": "something.new"}, Course(opened=True), set()),
    ],
)
def test_sealed_and_private_events_are_shown_to_those_who_are_named(event, state, readers):
    every = {"public": PUBLIC, "officer": OFFICER, "buyer": BUYER, "v1": V1}
    assert {name for name, reader in every.items() if may_see(event, state, reader)} == readers


def test_the_course_of_a_tender_is_read_from_its_events():
    state = course(
        [
            {"type": "auction.ended", "lot": "1"},
            {"type": "award.decided"},
            {"type": "bid.received", "eid": "e1", "by": "v1"},
        ]
    )
    assert state == Course(awarded=True, ended={"1"}, owners={"e1": "v1"})
