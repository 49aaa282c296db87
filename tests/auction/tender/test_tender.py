"""A tender is drafted, published once, and then follows its room to the end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from auction.kernel import Command, Event, handle, replay
from auction.refusals import Refusal
from auction.tender import tender as decider
from auction.tender.solicitation import Lot, Solicitation, Vendor
from auction.tender.tender import (
    CancelTender,
    DraftTender,
    EndLot,
    OpenTender,
    PublishTender,
    Tender,
    TenderDone,
    publish_faults,
)

NOW = datetime(2026, 3, 1, tzinfo=UTC)
OPENS, CLOSES = NOW + timedelta(days=1), NOW + timedelta(days=1, hours=1)
DOCUMENT = Solicitation(
    number="2026-1",
    title="Paper",
    rules={"format": "english"},
    lots=(Lot("L1", "Paper"), Lot("L2", "Ink")),
    vendors=(Vendor("A", "Cedar"), Vendor("B", "Birch"), Vendor("C", "Aspen")),
)
DRAFT = DraftTender(by="lead", document=DOCUMENT)
PUBLISH = PublishTender(by="lead", opens=OPENS, closes=CLOSES, seed="ab" * 32)
OPEN = OpenTender(by="time")


def end(lot: str, **members: Any) -> EndLot:
    return EndLot(by="time", lot=lot, **members)


class Course:
    """A tender that is told one command after another."""

    def __init__(self, *commands: Command) -> None:
        self.state: Tender = decider.initial()
        self.events: list[Event] = []
        self.answers = [self.tell(command) for command in commands]

    def tell(self, command: Command) -> object:
        decision = handle(decider, self.state, command, NOW)
        self.state = decision.state
        self.events += decision.events
        return decision.answer

    @property
    def codes(self) -> list[str]:
        """What became of each command: the status after it, or the code of its refusal."""
        return [
            each.code if isinstance(each, Refusal) else each.status
            for each in self.answers
            if isinstance(each, Refusal | TenderDone)
        ]


def test_a_draft_may_be_replaced_until_it_is_published() -> None:
    other = DraftTender(by="lead", document=msgspec.structs.replace(DOCUMENT, title="Ink"))
    told = Course(DRAFT, other, PUBLISH, DRAFT)
    assert told.codes == ["draft", "draft", "published", "CLOSED"]
    assert told.state.document is not None
    assert told.state.document.title == "Ink"


def test_publishing_gives_the_times_and_admits_the_chosen_vendors_alone() -> None:
    told = Course(DRAFT, msgspec.structs.replace(PUBLISH, vendors=("A", "C")))
    document = told.state.document
    assert document is not None
    assert (document.opens, document.closes, [each.id for each in document.vendors]) == (
        OPENS,
        CLOSES,
        ["A", "C"],
    )


def test_only_a_draft_is_published_and_only_once() -> None:
    assert Course(PUBLISH).codes == ["CLOSED"]
    assert Course(DRAFT, PUBLISH, PUBLISH).codes == ["draft", "published", "CLOSED"]


@pytest.mark.parametrize(
    ("document", "publish", "path"),
    [
        ({}, {"opens": NOW}, "opens"),
        ({}, {"closes": OPENS}, "closes"),
        ({}, {"vendors": ("A",)}, "vendors"),
        ({"rules": {"format": "english", "tick": 1}}, {}, "rules.tick"),
        ({"title": ""}, {}, "title"),
    ],
)
def test_what_cannot_be_held_is_not_published(
    document: dict[str, Any], publish: dict[str, Any], path: str
) -> None:
    draft = DraftTender(by="lead", document=msgspec.structs.replace(DOCUMENT, **document))
    told = Course(draft, msgspec.structs.replace(PUBLISH, **publish))
    refusal = told.answers[1]
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.message.partition(":")[0]) == ("BAD_RULES", path)
    assert told.state.status == "draft"


def test_faults_can_be_asked_for_before_publishing() -> None:
    assert [
        fault.path
        for fault in publish_faults(msgspec.structs.replace(DOCUMENT, opens=NOW, closes=CLOSES), NOW)
    ] == ["opens"]


def test_a_tender_opens_with_its_first_lot_and_closes_with_its_last() -> None:
    told = Course(
        DRAFT, PUBLISH, OPEN, OPEN, end("L1", won=True), end("L1"), end("L9"), end("L2", cancelled=True), OPEN
    )
    assert told.codes == ["draft", "published", "live", "live", "live", "live", "live", "closed", "closed"]
    assert set(told.state.ended) == {"L1", "L2"}


def test_when_every_lot_was_cancelled_so_is_the_tender_also_before_it_opened() -> None:
    told = Course(DRAFT, PUBLISH, end("L1", cancelled=True), end("L2", cancelled=True, reason="No money"))
    assert told.codes == ["draft", "published", "published", "cancelled"]
    assert told.state.reason == "No money"


def test_a_draft_is_given_up_with_a_reason_and_a_published_event_only_in_its_room() -> None:
    give_up = CancelTender(by="lead", reason=" Not needed. ")
    told = Course(DRAFT, CancelTender(by="lead", reason=" "), give_up, DRAFT)
    assert told.codes == ["draft", "BAD_COMMAND", "cancelled", "CLOSED"]
    assert told.state.reason == "Not needed."
    assert Course(DRAFT, PUBLISH, give_up).codes[-1] == "NOT_ALLOWED"


def test_what_it_does_not_know_it_refuses_and_refusals_leave_no_trace() -> None:
    told = Course(Command(by="lead"), PUBLISH)
    assert (told.codes, told.events) == (["BAD_COMMAND", "CLOSED"], [])


def test_a_tender_is_exactly_its_history() -> None:
    told = Course(DRAFT, PUBLISH, OPEN, end("L1"), end("L2"))
    assert replay(decider, told.events) == told.state
