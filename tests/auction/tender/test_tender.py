"""A tender is drafted, proposed, approved by a second person, published once, and then follows its room to the end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.kernel import Command, Event, handle, replay
from auction.refusals import Refusal
from auction.tender import tender as decider
from auction.tender.solicitation import Contract
from auction.tender.tender import (
    ApproveTender,
    CancelTender,
    DraftTender,
    EndLot,
    OpenTender,
    ProposeTender,
    PublishTender,
    ReturnTender,
    Tender,
    TenderApproved,
    TenderDone,
    TenderDrafted,
    TenderProposed,
    TenderPublished,
    fingerprint,
    publish_faults,
)
from tests.auction.tender.laws import CLOSES, DOCUMENT, NOW, OPENS, document, ground

HASH, GROUND = fingerprint(DOCUMENT), ground()
OTHER = document(title="Ink")
DRAFT = DraftTender(by="lead", document=DOCUMENT)
PROPOSE = ProposeTender(by="lead", hash=HASH, ground=GROUND)
APPROVE = ApproveTender(by="second", hash=HASH)
RETURN = ReturnTender(by="second", reason="The ceiling is missing.")
PUBLISH = PublishTender(by="lead", seed="ab" * 32, ground=GROUND)
PUBLISHED = (DRAFT, PROPOSE, APPROVE, PUBLISH)
OPEN = OpenTender(by="time")


def end(lot: str, **members: Any) -> EndLot:
    return EndLot(by="time", lot=lot, **members)


class Course:
    """A tender that is told one command after another."""

    def __init__(self, *commands: Command, now: datetime = NOW) -> None:
        self.state: Tender = decider.initial()
        self.events: list[Event] = []
        self.now = now
        self.answers = [self.tell(command) for command in commands]

    def tell(self, command: Command) -> object:
        decision = handle(decider, self.state, command, self.now)
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


def test_from_draft_to_published_it_takes_two_people() -> None:
    told = Course(*PUBLISHED)
    assert told.codes == ["draft", "proposed", "approved", "published"]
    assert told.state.document == DOCUMENT
    assert Course(PUBLISH).codes == ["CLOSED"]
    assert Course(DRAFT, PUBLISH).codes[-1] == "CLOSED"
    assert Course(DRAFT, PROPOSE, PUBLISH).codes[-1] == "CLOSED"
    assert Course(*PUBLISHED, PUBLISH, DRAFT, PROPOSE, APPROVE).codes[4:] == ["CLOSED"] * 4


def test_neither_who_edited_last_nor_who_proposed_approves() -> None:
    assert Course(DRAFT, PROPOSE, ApproveTender(by="lead", hash=HASH)).codes[-1] == "NOT_ALLOWED"
    edited = DraftTender(by="second", document=DOCUMENT)
    assert Course(edited, PROPOSE, APPROVE).codes[-1] == "NOT_ALLOWED"
    assert Course(edited, PROPOSE, ApproveTender(by="third", hash=HASH)).codes[-1] == "approved"


def test_any_edit_withdraws_the_approval() -> None:
    told = Course(DRAFT, PROPOSE, APPROVE, DraftTender(by="lead", document=OTHER), PUBLISH)
    assert told.codes == ["draft", "proposed", "approved", "draft", "CLOSED"]


def test_what_is_approved_is_exactly_what_was_looked_at() -> None:
    other = fingerprint(OTHER)
    assert Course(DRAFT, ProposeTender(by="lead", hash=other, ground=GROUND)).codes[-1] == "STALE_RULES"
    assert Course(DRAFT, PROPOSE, ApproveTender(by="second", hash=other)).codes[-1] == "STALE_RULES"


def test_a_second_person_sends_back_with_a_reason() -> None:
    told = Course(DRAFT, PROPOSE, ReturnTender(by="second", reason=" "), RETURN, APPROVE, PROPOSE)
    assert told.codes == ["draft", "proposed", "BAD_COMMAND", "draft", "CLOSED", "proposed"]
    back = Course(DRAFT, PROPOSE, APPROVE, RETURN)
    assert back.state.returned is not None and back.state.returned.reason == "The ceiling is missing."
    assert Course(DRAFT, RETURN).codes[-1] == "CLOSED"


PEOPLE = st.sampled_from(["ann", "ben", "cyd"])
STEPS = st.one_of(
    st.builds(lambda by, one: DraftTender(by=by, document=one), PEOPLE, st.sampled_from([DOCUMENT, OTHER])),
    st.builds(
        lambda by, one: ProposeTender(by=by, hash=fingerprint(one), ground=GROUND),
        PEOPLE,
        st.sampled_from([DOCUMENT, OTHER]),
    ),
    st.builds(
        lambda by, one: ApproveTender(by=by, hash=fingerprint(one)),
        PEOPLE,
        st.sampled_from([DOCUMENT, OTHER]),
    ),
    st.builds(lambda by: ReturnTender(by=by, reason="No."), PEOPLE),
    st.builds(lambda by: PublishTender(by=by, seed="", ground=GROUND), PEOPLE),
)


@given(st.lists(STEPS, max_size=25))
def test_whatever_is_tried_nothing_is_published_by_fewer_than_two_people(steps: list[Command]) -> None:
    told = Course(*steps)
    for place, each in enumerate(told.events):
        if isinstance(each, TenderPublished):
            before = told.events[:place]
            drafted = [event for event in before if isinstance(event, TenderDrafted)][-1]
            proposed = [event for event in before if isinstance(event, TenderProposed)][-1]
            approved = [event for event in before if isinstance(event, TenderApproved)][-1]
            assert approved.by not in (drafted.by, proposed.by)
            assert drafted.document == each.document and approved.hash == fingerprint(each.document)
            assert before.index(drafted) < before.index(proposed) < before.index(approved)
    assert replay(decider, told.events) == told.state


# --- two leads at one draft ------------------------------------------------------------------------------------------------


def test_an_edit_of_an_older_draft_overwrites_nothing() -> None:
    mine = DraftTender(by="lead", document=document(title="Mine"), base=HASH)
    yours = DraftTender(by="other", document=document(title="Yours"), base=HASH)
    told = Course(DRAFT, mine, yours)
    assert told.codes == ["draft", "draft", "STALE_RULES"]
    assert told.state.document is not None and told.state.document.title == "Mine"


def test_a_form_sent_twice_is_kept_once() -> None:
    mine = DraftTender(by="lead", document=OTHER, base=HASH)
    told = Course(DRAFT, mine, mine)
    assert told.codes == ["draft"] * 3
    assert len(told.events) == 2


@pytest.mark.parametrize("change", [{"kind": "sealed_bid"}, {"owner": "c-far"}])
def test_the_method_and_the_owner_of_a_draft_never_change(change: dict[str, Any]) -> None:
    told = Course(DRAFT, DraftTender(by="lead", document=document(**change)))
    assert told.codes == ["draft", "NOT_ALLOWED"]


# --- what keeps it from being published --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"opens": NOW}, "opens"),
        ({"opens": None}, "opens"),
        ({"closes": OPENS}, "closes"),
        ({"closes": None}, "closes"),
        ({"questions_until": CLOSES}, "questions_until"),
        ({"rules": {"format": "english", "tick": 1}}, "rules.tick"),
        ({"title": ""}, "title"),
        ({"contract": Contract(starts="2026-07-01", ends="2026-06-30")}, "contract.ends"),
    ],
)
def test_what_cannot_be_held_is_not_proposed(change: dict[str, Any], path: str) -> None:
    wrong = document(**change)
    assert path in [fault.path for fault in publish_faults(wrong, NOW, GROUND)]
    told = Course(
        DraftTender(by="lead", document=wrong),
        ProposeTender(by="lead", hash=fingerprint(wrong), ground=GROUND),
    )
    assert told.codes == ["draft", "BAD_RULES"]


def test_an_opening_that_passed_while_it_waited_is_not_published() -> None:
    told = Course(DRAFT, PROPOSE, APPROVE)
    told.now = OPENS
    assert isinstance(told.tell(PUBLISH), Refusal)
    assert told.state.status == "approved"


def test_vendors_may_be_admitted_after_publication() -> None:
    assert publish_faults(document(vendors=()), NOW, GROUND) == []


# --- following the room --------------------------------------------------------------------------------------------------------


def test_a_tender_opens_with_its_first_lot_and_closes_with_its_last() -> None:
    room = (OPEN, OPEN, end("L1", won=True), end("L1"), end("L9"), end("L2", cancelled=True), OPEN)
    told = Course(*PUBLISHED, *room)
    assert told.codes[4:] == ["live", "live", "live", "live", "live", "closed", "closed"]
    assert set(told.state.ended) == {"L1", "L2"}


def test_when_every_lot_was_cancelled_so_is_the_tender_also_before_it_opened() -> None:
    told = Course(*PUBLISHED, end("L1", cancelled=True), end("L2", cancelled=True, reason="No money"))
    assert told.codes[4:] == ["published", "cancelled"]
    assert told.state.reason == "No money"


@pytest.mark.parametrize("before", [(DRAFT,), (DRAFT, PROPOSE), (DRAFT, PROPOSE, APPROVE)])
def test_a_draft_is_given_up_with_a_reason_and_a_published_event_only_in_its_room(before: Any) -> None:
    give_up = CancelTender(by="lead", reason=" Not needed. ")
    told = Course(*before, CancelTender(by="lead", reason=" "), give_up, DRAFT)
    assert told.codes[-3:] == ["BAD_COMMAND", "cancelled", "CLOSED"]
    assert told.state.reason == "Not needed."
    assert Course(*PUBLISHED, give_up).codes[-1] == "NOT_ALLOWED"


def test_what_it_does_not_know_it_refuses_and_refusals_leave_no_trace() -> None:
    told = Course(Command(by="lead"), PUBLISH)
    assert (told.codes, told.events) == (["BAD_COMMAND", "CLOSED"], [])


def test_a_tender_is_exactly_its_history() -> None:
    told = Course(*PUBLISHED, OPEN, end("L1"), end("L2"))
    assert replay(decider, told.events) == told.state


def test_a_journal_from_before_two_people_were_asked_is_still_read() -> None:
    drafted = TenderDrafted(at=NOW, by="lead", document=DOCUMENT)
    told = TenderPublished(at=NOW + timedelta(hours=1), by="lead", document=DOCUMENT, seed="")
    assert replay(decider, [drafted, told]).status == "published"
    assert NOW.tzinfo is UTC
