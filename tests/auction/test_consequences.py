"""What happens in one stream asks for the right command in another, and asking again changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from auction.consequences import follow, prepare
from auction.kernel import Command, Event, handle
from auction.live import event as room_decider
from auction.live.room import (
    Done,
    LotCancelled,
    LotClosed,
    LotOpened,
    LotPlan,
    Prepare,
    RoomSeeded,
)
from auction.tender import tender as tender_decider
from auction.tender.solicitation import Line, Lot, LotCeiling, Solicitation, Vendor
from auction.tender.tender import (
    AddendumIssued,
    ApproveTender,
    DraftTender,
    EndLot,
    OpenTender,
    ProposeTender,
    PublishTender,
    TenderDrafted,
    TenderPublished,
    fingerprint,
)
from auction.terms.schedule import LotLine
from tests.auction.tender import laws

NOW = datetime(2026, 3, 1, tzinfo=UTC)
OPENS = NOW + timedelta(days=1)
DOCUMENT = Solicitation(
    number="2026-1",
    title="Paper",
    rules={"format": "english"},
    opens=OPENS,
    closes=OPENS + timedelta(hours=1),
    lots=(
        Lot("L1", "Paper", ceiling="900", lines=(Line("1", "A4", "box", "12", decimals=2),)),
        Lot("L2", "Ink"),
    ),
    vendors=(
        Vendor("A", "Cedar", m="1.05", ceilings=(LotCeiling("L1", "800"),), lots=("L1",)),
        Vendor("B", "Birch"),
    ),
    opening="schedules",
)
PUBLISHED = TenderPublished(at=NOW, by="lead", document=DOCUMENT, seed="ab" * 32)


def test_a_published_tender_sets_up_its_room_with_everything_in_it() -> None:
    [(stream, command)] = follow("tender/7", PUBLISHED)
    assert stream == "room/7"
    assert isinstance(command, Prepare)
    assert (command.tender, command.opens, command.closes, command.seed) == (
        "2026-1",
        OPENS,
        DOCUMENT.closes,
        "ab" * 32,
    )
    assert command.lots == (LotPlan("L1", "900", lines=(LotLine("1", "12", 2),)), LotPlan("L2"))
    assert [(each.id, each.m, each.lots) for each in command.vendors] == [
        ("A", "1.05", ("L1",)),
        ("B", "1", None),
    ]
    assert command.opening == "schedules"


def test_the_room_takes_its_setting_up_twice_and_changes_once() -> None:
    command = prepare(DOCUMENT, "lead", "ab" * 32, "2026-1")
    first = handle(room_decider, room_decider.initial(), command, NOW)
    again = handle(room_decider, first.state, command, NOW + timedelta(seconds=5))
    assert first.events
    assert (again.answer, again.events) == (Done(), ())


def lot_closed(winner: str | None) -> LotClosed:
    return LotClosed(at=OPENS, by="time", lot="L1", winner=winner)


@pytest.mark.parametrize(
    ("event", "command"),
    [
        (LotOpened(at=OPENS, by="time", lot="L1", closes=OPENS), OpenTender(by="time")),
        (lot_closed("A"), EndLot(by="time", lot="L1", won=True)),
        (lot_closed(None), EndLot(by="time", lot="L1")),
        (
            LotCancelled(at=OPENS, by="lead", lot="L1", reason="No money", closes=OPENS),
            EndLot(by="lead", lot="L1", cancelled=True, reason="No money"),
        ),
    ],
)
def test_the_tender_follows_its_room(event: Event, command: Command) -> None:
    assert list(follow("room/7", event)) == [("tender/7", command)]


def test_most_events_ask_for_nothing() -> None:
    assert list(follow("room/7", RoomSeeded(at=NOW, by="lead", seed=""))) == []
    assert list(follow("tender/7", TenderDrafted(at=NOW, by="lead", document=DOCUMENT))) == []


def test_an_addendum_sets_the_room_up_anew_and_again_changes_nothing() -> None:
    room = handle(
        room_decider, room_decider.initial(), prepare(DOCUMENT, "lead", "ab" * 32, "2026-1"), NOW
    ).state
    later = msgspec.structs.replace(DOCUMENT, opens=OPENS + timedelta(minutes=5))
    issued = AddendumIssued(
        at=NOW, by="p2", number=1, document=later, changes=(), reason="More time", proposed_by="p1", hash=""
    )
    ((stream, command),) = follow("tender/7", issued)
    assert stream == "room/7"
    first = handle(room_decider, room, command, NOW)
    assert (first.state.opens, first.state.addendum) == (later.opens, 1)
    assert handle(room_decider, first.state, command, NOW).events == ()


def test_what_follows_may_be_sent_again_without_harm() -> None:
    tender = tender_decider.initial()
    hash, law = fingerprint(laws.DOCUMENT), laws.ground()
    for step in (
        DraftTender(by="lead", document=laws.DOCUMENT),
        ProposeTender(by="lead", hash=hash, ground=law),
        ApproveTender(by="second", hash=hash),
        PublishTender(by="lead", seed="ab" * 32, ground=law),
    ):
        decision = handle(tender_decider, tender, step, laws.NOW)
        assert not decision.refused, decision.answer
        tender = decision.state
    for command in (OpenTender(by="time"), EndLot(by="time", lot="L1", won=True)):
        assert handle(tender_decider, tender, command, laws.OPENS).events
        assert handle(tender_decider, tender, command, laws.OPENS).events == ()
