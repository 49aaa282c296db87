"""A lead recommends, a board decides, all bidders are told at once, and a second person makes the award final."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from auction.award import award
from auction.award.decision import decision
from auction.award.decision.facts import AwardMadeFinal, DecisionEvent
from auction.award.decision.words import LiftHold, PlaceHold, SetAside, TakeBack
from auction.award.result import Result
from auction.consequences import follow
from auction.kernel import handle, replay
from tests.auction.award.decision.steps import (
    BOARD,
    CHECK,
    DISMISS,
    FINAL,
    L1,
    L2,
    NOTICE,
    NOW,
    PROTEST,
    REASONABLE,
    RECOMMEND,
    TOLD,
    UNTIL,
    after,
    changed,
    refused,
    then,
)


def test_an_award_takes_every_step_in_order_and_none_twice() -> None:
    steps = [RECOMMEND, BOARD, NOTICE, FINAL]
    for come, done in enumerate((0, 1, 2, 3)):
        decisions = after(*steps[:done])
        for place, step in enumerate(steps):
            if place != come:
                refused(decisions, step, UNTIL if step is FINAL else NOW)
    decisions = then(after(*TOLD), FINAL, UNTIL)
    assert decisions.of("L1").stage == "final"
    assert all(refused(decisions, step, UNTIL) for step in steps)


def test_whoever_recommended_neither_decides_nor_makes_final() -> None:
    for done, step in (
        ([RECOMMEND], BOARD),
        (TOLD, FINAL),
        ((*TOLD, PROTEST), DISMISS),
        (TOLD, SetAside(by="lead", lot="L1", reason="No.")),
    ):
        told = refused(after(*done), changed(step, by="lead"), NOW)
        assert told == "You recommended this award yourself; a second person has to do this."


def test_a_final_award_is_awarded_by_consequence_once_with_what_was_told() -> None:
    made = handle(decision, after(*TOLD), FINAL, UNTIL)
    (final,) = made.events
    assert isinstance(final, AwardMadeFinal) and final.vis == "public"
    ((stream, command),) = follow("decision/7", final)
    first = handle(award, award.initial(), command, UNTIL)
    again = handle(award, first.state, command, UNTIL)
    awarded = first.state.lots["L1"]
    assert stream == "award/7" and again.events == () and not again.refused
    assert (awarded.vendor, awarded.amount, awarded.by, awarded.proposed_by) == (
        "ash",
        "24000.00",
        "second",
        "lead",
    )
    assert awarded.lines == L1.candidates[0].lines


def test_nobody_proposes_an_award_of_two_people_where_a_board_decides() -> None:
    command = award.ProposeAward(
        by="lead", lot="L1", vendor="ash", reason="Low.", result=L1, decision="board"
    )
    assert handle(award, award.initial(), command, NOW).refused


def test_no_step_before_the_last_awards_anything() -> None:
    decisions, events = decision.initial(), []
    for command in (RECOMMEND, BOARD, NOTICE, PROTEST, DISMISS):
        made = handle(decision, decisions, command, NOW)
        decisions, events = made.state, [*events, *made.events]
    assert [found for event in events for found in follow("decision/7", event)] == []


def test_a_lone_bidder_needs_its_price_found_reasonable_first() -> None:
    alone = changed(RECOMMEND, lot="L2", vendor="elm", result=L2)
    assert "one bidder alone" in refused(after(), alone)
    found = after(REASONABLE)
    assert then(found, alone).of("L2").recommended.alone  # type: ignore[union-attr]
    dearer = msgspec.structs.replace(L2.candidates[0], amount="950.00")
    assert "one bidder alone" in refused(found, changed(alone, result=Result("L2", True, "elm", (dearer,))))
    assert "lone bidder" in refused(after(), changed(REASONABLE, lot="L1", result=L1))
    assert "compared with" in refused(after(), changed(REASONABLE, basis=" "))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"vendor": "cedar"}, "suspended"),
        ({"vendor": "oak"}, "no standing bid"),
        ({"reason": " \n"}, "reason in words"),
        ({"reason": "x" * 4_001}, "shorten it by 1"),
        ({"result": Result("L1", False, None, L1.candidates)}, "Only a closed lot"),
        ({"result": L2}, "Only a closed lot"),
    ],
)
def test_a_recommendation_that_cannot_stand_is_refused(changes: dict[str, Any], told: str) -> None:
    assert told in refused(after(), changed(RECOMMEND, **changes))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"lots": ()}, "Choose the lots"),
        ({"body": " "}, "which board"),
        ({"resolution": ""}, "number of the resolution"),
        ({"day": "2026-11-25"}, "still to come"),
        ({"day": "soon"}, "must be a day"),
        ({"approved": False}, "did not approve"),
    ],
)
def test_a_boards_decision_says_who_decided_when_and_by_which_resolution(
    changes: dict[str, Any], told: str
) -> None:
    assert told in refused(after(RECOMMEND), changed(BOARD, **changes))


def test_a_board_that_does_not_approve_opens_the_lot_again() -> None:
    decisions = after(RECOMMEND, changed(BOARD, approved=False, reason="Ask for samples."))
    assert decisions.of("L1").stage == "open"
    assert then(decisions, RECOMMEND).of("L1").stage == "recommended"


def test_a_recommendation_is_taken_back_only_before_the_board_decides() -> None:
    back = TakeBack(by="lead", lot="L1", reason="A better look is needed.")
    assert then(after(RECOMMEND), back).of("L1").stage == "open"
    refused(after(RECOMMEND, BOARD), back)


def test_all_bidders_are_told_by_one_fact_with_each_ones_own_result() -> None:
    told = after(*TOLD).of("L1").intended("L1")
    assert told is not None and (told.vendor, told.amount) == ("ash", "24000.00")
    fared = [(each.vendor, each.rank, each.amount) for each in told.bidders]
    assert fared == [("ash", 1, "24000.00"), ("birch", 2, "25500.00"), ("cedar", 3, "26000.00")]


def test_what_becomes_final_is_what_the_bidders_were_told() -> None:
    other = msgspec.structs.replace(L1.candidates[0], amount="23000.00")
    moved = Result("L1", True, "ash", (other, *L1.candidates[1:]))
    assert "no longer those" in refused(after(*TOLD), changed(FINAL, result=moved), UNTIL)
    gone = msgspec.structs.replace(L1.candidates[0], suspended=True)
    moved = Result("L1", True, "birch", (gone, *L1.candidates[1:]))
    assert "suspended" in refused(after(*TOLD), changed(FINAL, result=moved), UNTIL)


def test_federal_money_of_25000_dollars_needs_a_look_up_over_all_lots_of_a_vendor() -> None:
    federal = changed(FINAL, federal=True)
    assert then(after(*TOLD), federal, UNTIL).of("L1").final
    whole = Result(
        "L3", True, "ash", (msgspec.structs.replace(L1.candidates[0], amount="1000.00"), L2.candidates[0])
    )
    more = changed(RECOMMEND, lot="L3", result=whole)
    decisions = after(*TOLD, more)
    assert "look-up among excluded parties" in refused(decisions, federal, UNTIL)
    assert then(after(*TOLD, more), FINAL, UNTIL).of("L1").final
    assert then(then(decisions, CHECK), federal, UNTIL).of("L1").final


def test_a_vendor_found_among_excluded_parties_is_not_awarded_until_a_newer_look_up_clears_it() -> None:
    decisions = after(*TOLD, changed(CHECK, clear=False))
    assert "among excluded parties" in refused(decisions, FINAL, UNTIL)
    assert then(then(decisions, CHECK), FINAL, UNTIL).of("L1").final


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"day": "2026-11-23"}, "look the vendor up again"),
        ({"day": "2026-11-25"}, "still to come"),
        ({"source": ""}, "where the vendor was looked up"),
        ({"vendor": "birch"}, "recommended for no lot"),
    ],
)
def test_a_look_up_has_its_day_and_source_and_is_of_a_recommended_vendor(
    changes: dict[str, Any], told: str
) -> None:
    assert told in refused(after(RECOMMEND), changed(CHECK, **changes))


def test_the_file_is_held_while_a_protest_is_open_or_somebody_says_so() -> None:
    assert not after(*TOLD).held and after(*TOLD, PROTEST).held
    assert not after(*TOLD, PROTEST, DISMISS).held
    placed = after(PlaceHold(by="second", reason="An audit."))
    assert placed.held and "held already" in refused(placed, PlaceHold(by="lead", reason="Too."))
    assert not then(placed, LiftHold(by="second", reason="The audit is over.")).held
    assert "Nobody placed" in refused(after(), LiftHold(by="second", reason="Why not."))


def test_what_is_decided_is_exactly_its_history_also_read_from_a_journal() -> None:
    decisions, events = decision.initial(), []
    steps = (REASONABLE, RECOMMEND, CHECK, BOARD, NOTICE, PROTEST, DISMISS)
    for command, at in [(each, NOW) for each in steps] + [(FINAL, UNTIL)]:
        made = handle(decision, decisions, command, at)
        decisions, events = made.state, [*events, *made.events]
    body = msgspec.json.encode(events)
    assert replay(decision, msgspec.json.decode(body, type=list[DecisionEvent])) == decisions
