"""An award is made once, by two people with a reason, to a vendor in good standing, at its own final prices."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from auction.award import award
from auction.award.award import (
    AwardProposed,
    Awards,
    AwardSentBack,
    ConfirmAward,
    LotAwarded,
    ProposeAward,
    SendBackAward,
)
from auction.award.result import Candidate, Result, result
from auction.kernel import Command, handle, replay
from auction.refusals import Refusal
from auction.tender.solicitation import Contract
from auction.terms.offers import Alternate
from auction.terms.schedule import LinePrice
from tests.auction.stage import bid, host, moment, play

NOW = datetime(2026, 3, 2, 17, tzinfo=UTC)
PLAYED = play(
    bid("15:01", "A", "90"),
    bid("15:02", "B", "80"),
    bid("15:03", "C", "85"),
    host("15:30", "suspend", vendor="B"),
)
RESULT = result(PLAYED.room, "L1")
TERMS = Contract("2026-1-L1", "2026-04-01", "2027-03-31", renewals=2)
PROPOSE = ProposeAward(
    by="lead",
    lot="L1",
    vendor="C",
    reason=" Lowest in good standing. ",
    result=RESULT,
    tender="2026-1",
    contract=TERMS,
)
CONFIRM = ConfirmAward(by="second", lot="L1", proposal=1, result=RESULT)
BACK = SendBackAward(by="second", lot="L1", proposal=1, reason="The insurance is missing.")


def after(*commands: Command) -> Awards:
    """The awards after commands, none of which may be refused."""
    awards = award.initial()
    for command in commands:
        decision = handle(award, awards, command, NOW)
        assert not decision.refused, decision.answer
        awards = decision.state
    return awards


def refused(awards: Awards, command: Command) -> tuple[str, str]:
    answer = handle(award, awards, command, NOW).answer
    assert isinstance(answer, Refusal), answer
    return answer.code, answer.message


def changed(command: Command, **changes: Any) -> Command:
    return msgspec.structs.replace(command, **changes)


def test_a_proposal_awards_nothing_and_stays_with_the_consortium() -> None:
    awards = after(PROPOSE)
    proposed = awards.proposed["L1"]
    assert awards.lots == {}
    assert (proposed.vis, proposed.proposal, proposed.by) == ("private", 1, "lead")
    assert (proposed.vendor, proposed.winner, proposed.rank, proposed.amount) == ("C", "C", 2, "85.00")


def test_an_award_says_who_proposed_it_and_who_confirmed_it_and_why() -> None:
    awards = after(PROPOSE, CONFIRM)
    awarded = awards.lots["L1"]
    assert (awarded.proposed_by, awarded.by, awarded.vis) == ("lead", "second", "public")
    assert (awarded.vendor, awarded.winner, awarded.rank, awarded.amount) == ("C", "C", 2, "85.00")
    assert (awarded.reason, awarded.tender, awarded.contract) == (
        "Lowest in good standing.",
        "2026-1",
        TERMS,
    )
    assert awards.proposed == {}


def test_nobody_confirms_what_they_proposed_themselves() -> None:
    code, words = refused(after(PROPOSE), changed(CONFIRM, by="lead"))
    assert code == "NOT_ALLOWED" and "a second person has to confirm" in words
    assert after(PROPOSE, BACK, changed(PROPOSE, by="second"), changed(CONFIRM, by="lead", proposal=2)).lots


def test_a_proposal_goes_back_with_a_reason_and_another_may_follow() -> None:
    awards = after(PROPOSE, BACK)
    assert (awards.proposed, awards.sent_back["L1"].reason) == ({}, "The insurance is missing.")
    assert refused(awards, CONFIRM)[0] == "NOT_ALLOWED"
    again = after(PROPOSE, BACK, changed(PROPOSE, vendor="A", reason="C has no insurance."))
    assert again.proposed["L1"].proposal == 2
    assert "no longer waits" in refused(again, CONFIRM)[1]
    assert "no longer waits" in refused(again, BACK)[1]
    assert handle(award, again, changed(CONFIRM, proposal=2), NOW).state.lots["L1"].vendor == "A"


def test_a_proposal_does_not_go_back_without_words() -> None:
    assert refused(after(PROPOSE), changed(BACK, reason="  "))[0] == "BAD_COMMAND"


def test_whoever_proposed_may_take_it_back() -> None:
    assert after(PROPOSE, changed(BACK, by="lead")).proposed == {}


def test_two_proposals_do_not_wait_at_once() -> None:
    assert "waits for a second person" in refused(after(PROPOSE), changed(PROPOSE, vendor="A"))[1]


def test_an_award_is_made_once() -> None:
    awards = after(PROPOSE, CONFIRM)
    for command in (PROPOSE, CONFIRM, BACK):
        assert refused(awards, command)[0] == "NOT_ALLOWED"


def test_a_vendor_suspended_since_the_proposal_is_not_confirmed() -> None:
    fallen = tuple(msgspec.structs.replace(each, suspended=True) for each in RESULT.candidates)
    ended = msgspec.structs.replace(RESULT, candidates=fallen)
    assert refused(after(PROPOSE), changed(CONFIRM, result=ended))[0] == "NOT_ADMITTED"


def test_other_prices_than_those_proposed_are_not_confirmed() -> None:
    dearer = tuple(msgspec.structs.replace(each, amount="86.00") for each in RESULT.candidates)
    ended = msgspec.structs.replace(RESULT, candidates=dearer)
    assert "no longer those" in refused(after(PROPOSE), changed(CONFIRM, result=ended))[1]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"reason": "  "}, "BAD_COMMAND"),
        ({"reason": "x" * 2_001}, "BAD_COMMAND"),
        ({"vendor": "B"}, "NOT_ADMITTED"),
        ({"vendor": "Z"}, "UNKNOWN_VENDOR"),
        ({"lot": "L2"}, "NOT_ALLOWED"),
        ({"result": Result("L1", False, "C", RESULT.candidates)}, "NOT_ALLOWED"),
    ],
)
def test_what_cannot_be_awarded_is_not_proposed(changes: dict[str, Any], expected: str) -> None:
    assert refused(award.initial(), changed(PROPOSE, **changes))[0] == expected


def test_a_lot_that_is_open_or_cancelled_is_not_closed_and_cannot_be_awarded() -> None:
    still = play(bid("15:01", "A", "90"), until=moment("15:30"))
    cancelled = play(bid("15:01", "A", "90"), host("15:02", "cancel"))
    for room in (still.room, cancelled.room):
        command = changed(PROPOSE, vendor="A", result=result(room, "L1"))
        assert refused(award.initial(), command)[0] == "NOT_ALLOWED"


def test_another_command_is_not_understood_and_a_refusal_leaves_no_trace() -> None:
    decision = handle(award, award.initial(), Command(by="lead"), NOW)
    assert (decision.refused, decision.events) == (True, ())


def test_awards_are_exactly_their_history() -> None:
    awards, events = award.initial(), []
    for command in (PROPOSE, BACK, PROPOSE, changed(CONFIRM, proposal=2)):
        decision = handle(award, awards, command, NOW)
        awards, events = decision.state, [*events, *decision.events]
    kinds = [type(each) for each in events]
    assert kinds == [AwardProposed, AwardSentBack, AwardProposed, LotAwarded]
    assert replay(award, events) == awards


def test_an_award_of_an_earlier_journal_is_still_read() -> None:
    body = (
        b'{"type":"award.lot_awarded","at":"2026-03-02T17:00:00Z","by":"lead","vis":"public","lot":"L1",'
        b'"vendor":"C","amount":"85.00","rank":1,"reason":"Lowest."}'
    )
    told = msgspec.json.decode(body, type=award.AwardEvent)
    assert award.evolve(award.initial(), told).lots["L1"].proposed_by is None


def test_second_offers_stay_between_the_vendor_and_the_consortium() -> None:
    lines = (LinePrice("paper", "28.33", alternate=Alternate("20.00", "House", "B")),)
    priced = Result("L1", True, "C", (Candidate("C", 1, "85.00", lines=lines),))
    awards = after(changed(PROPOSE, result=priced), changed(CONFIRM, result=priced))
    assert awards.lots["L1"].lines == (LinePrice("paper", "28.33"),)
