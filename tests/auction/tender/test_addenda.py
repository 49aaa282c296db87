"""After publication only an addendum changes an event: by two people, before the opening, its difference computed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from auction.kernel import Command, replay
from auction.refusals import Refusal
from auction.tender import tender as decider
from auction.tender.authority import Ground
from auction.tender.difference import Change
from auction.tender.solicitation import Solicitation
from auction.tender.tender import (
    AddendumIssued,
    ApproveAddendum,
    DraftAddendum,
    DropAddendum,
    ProposeAddendum,
    ReturnAddendum,
    fingerprint,
)
from tests.auction.tender.laws import CLOSES, NOW, OPENS, document, ground
from tests.auction.tender.test_tender import GROUND, HASH, OPEN, PUBLISHED, Course

LATER = document(opens=OPENS + timedelta(days=2), closes=CLOSES + timedelta(days=2))
DRAFT = DraftAddendum(by="lead", document=LATER, base=HASH)
PROPOSE = ProposeAddendum(by="lead", hash=fingerprint(LATER), reason="More time.", ground=GROUND)
ISSUE = ApproveAddendum(by="second", hash=fingerprint(LATER), ground=GROUND)


def addendum(*commands: Command) -> Course:
    return Course(*PUBLISHED, *commands)


def steps(made: Solicitation, reason: str = "More time.", law: Ground = GROUND) -> tuple[Command, Command]:
    return (
        DraftAddendum(by="lead", document=made, base=HASH),
        ProposeAddendum(by="lead", hash=fingerprint(made), reason=reason, ground=law),
    )


def test_two_people_issue_an_addendum_with_its_computed_difference() -> None:
    told = addendum(DRAFT, PROPOSE, ISSUE)
    issued = told.events[-1]
    assert isinstance(issued, AddendumIssued)
    assert (issued.number, issued.by, issued.proposed_by, issued.reason) == (
        1,
        "second",
        "lead",
        "More time.",
    )
    assert issued.changes == (
        Change(("opens",), "2026-03-02T00:00:00Z", "2026-03-04T00:00:00Z"),
        Change(("closes",), "2026-03-02T01:00:00Z", "2026-03-04T01:00:00Z"),
    )
    assert told.state.document == LATER and told.state.status == "published"


def test_until_it_is_issued_the_event_stands_as_it_was_published() -> None:
    for told in (addendum(DRAFT), addendum(DRAFT, PROPOSE), addendum(DRAFT, DropAddendum(by="lead"))):
        assert told.state.document == document() and told.state.addenda == []


def test_neither_its_proposer_nor_who_edited_it_last_issues_it() -> None:
    alone = ApproveAddendum(by="lead", hash=fingerprint(LATER), ground=GROUND)
    assert addendum(DRAFT, PROPOSE, alone).codes[-1] == "NOT_ALLOWED"
    edited = DraftAddendum(by="second", document=LATER, base=HASH)
    assert addendum(edited, PROPOSE, ISSUE).codes[-1] == "NOT_ALLOWED"


def test_an_edit_withdraws_the_proposal_and_an_older_one_overwrites_nothing() -> None:
    more = DraftAddendum(by="lead", document=document(title="Ink"), base=fingerprint(LATER))
    assert addendum(DRAFT, PROPOSE, more, ISSUE).codes[4:] == ["published"] * 3 + ["CLOSED"]
    stale = DraftAddendum(by="other", document=document(title="Ink"), base=HASH)
    told = addendum(DRAFT, DRAFT, stale)
    assert told.codes[4:] == ["published", "published", "STALE_RULES"]
    assert told.state.amending is not None and told.state.amending.document == LATER


def test_addenda_are_numbered_and_never_changed() -> None:
    third = document(opens=LATER.opens, closes=LATER.closes, title="Paper and ink")
    told = addendum(
        DRAFT,
        PROPOSE,
        ISSUE,
        DraftAddendum(by="lead", document=third, base=fingerprint(LATER)),
        ProposeAddendum(by="lead", hash=fingerprint(third), reason="Ink too.", ground=GROUND),
        ApproveAddendum(by="second", hash=fingerprint(third), ground=GROUND),
    )
    assert [each.number for each in told.state.addenda] == [1, 2]
    assert told.state.addenda[1].changes == (Change(("title",), "Paper", "Paper and ink"),)


@pytest.mark.parametrize(
    "change", [{"number": "2026-2"}, {"vendors": ()}, {"kind": "sealed_bid"}, {"zone": "UTC"}]
)
def test_what_no_addendum_changes_is_refused_at_once(change: dict[str, Any]) -> None:
    assert addendum(steps(document(**change))[0]).codes[-1] == "NOT_ALLOWED"


@pytest.mark.parametrize(
    "change", [{"opens": NOW}, {"title": ""}, {"rules": {"format": "english", "tick": 1}}, {"lots": ()}]
)
def test_what_cannot_be_held_is_not_proposed(change: dict[str, Any]) -> None:
    assert addendum(*steps(document(**change))).codes[4:] == ["published", "BAD_RULES"]


def test_an_addendum_has_a_reason_and_changes_something() -> None:
    assert addendum(*steps(LATER, reason=" ")).codes[-1] == "BAD_COMMAND"
    back = DraftAddendum(by="lead", document=document(), base=fingerprint(LATER))
    same = ProposeAddendum(by="lead", hash=HASH, reason="None.", ground=GROUND)
    assert addendum(DRAFT, back, same).codes[-1] == "BAD_RULES"
    assert addendum(PROPOSE).codes[-1] == addendum(ISSUE).codes[-1] == "CLOSED"


def test_a_second_person_sends_it_back() -> None:
    back = ReturnAddendum(by="second", reason="Wrong day.")
    told = addendum(DRAFT, PROPOSE, back, ISSUE, PROPOSE, PROPOSE)
    assert told.codes[6:] == ["published", "CLOSED", "published", "CLOSED"]
    assert addendum(DRAFT, back).codes[-1] == "CLOSED"


def test_once_bidding_opens_or_is_about_to_nothing_changes_any_more() -> None:
    assert addendum(OPEN, DRAFT).codes[-1] == "CLOSED"
    for at in (OPENS, OPENS - timedelta(seconds=30)):
        told = addendum(DRAFT, PROPOSE)
        told.now = at
        assert isinstance(told.tell(ISSUE), Refusal)
        assert told.state.addenda == []


def test_an_addendum_after_the_cut_off_must_move_the_opening_by_the_shortfall() -> None:
    law = ground(deadline=date(2026, 3, 4), addendum_cutoff={"days": 7})
    (answer,) = addendum(*steps(LATER, law=law)).answers[-1:]
    assert isinstance(answer, Refusal)
    assert "by at least 4 days, to Sun, Mar 8, 2026 or later (Act on addendum_cutoff)" in answer.message
    late = document(opens=OPENS + timedelta(days=6), closes=CLOSES + timedelta(days=6))
    law = ground(deadline=date(2026, 3, 8), addendum_cutoff={"days": 7})
    assert addendum(*steps(late, law=law)).codes[-1] == "published"


def test_a_tender_with_addenda_is_exactly_its_history() -> None:
    told = addendum(DRAFT, PROPOSE, ReturnAddendum(by="second", reason="No."), PROPOSE, ISSUE, DRAFT)
    assert replay(decider, told.events) == told.state
