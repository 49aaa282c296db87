"""A bidder may protest until the last second of the window; an upheld protest opens the lot again, a dismissed one does not."""

from __future__ import annotations

import pytest

from auction.award.decision.words import SetAside, WithdrawProtest
from auction.terms.protest_window import Window
from tests.auction.award.decision.steps import (
    BOARD,
    DISMISS,
    FINAL,
    NOTICE,
    NOW,
    PROTEST,
    RECOMMEND,
    SECOND,
    TOLD,
    UNTIL,
    UPHOLD,
    after,
    changed,
    refused,
    then,
)

CALM = changed(NOTICE, window=Window(5, stay=False))
BACK = WithdrawProtest(by="p-birch", vendor="birch", number=1, reason="It is settled.")


def test_a_protest_on_the_last_second_is_timely_and_one_second_later_is_refused_with_the_count() -> None:
    assert then(after(*TOLD), PROTEST, UNTIL - SECOND).protests[1].open
    told = refused(after(*TOLD), PROTEST, UNTIL)
    assert "ended with 2026-12-02" in told and "Counted so." in told


def test_the_award_is_final_only_once_the_last_second_is_over() -> None:
    assert "through 2026-12-02" in refused(after(*TOLD), FINAL, UNTIL - SECOND)
    assert then(after(*TOLD), FINAL, UNTIL).of("L1").final


def test_an_open_protest_stays_the_award_where_the_law_says_so() -> None:
    decisions = after(*TOLD, PROTEST)
    assert "Protest 1 stays this award" in refused(decisions, FINAL, UNTIL)
    assert then(then(decisions, DISMISS, UNTIL), FINAL, UNTIL).of("L1").final


def test_without_a_stay_the_award_waits_for_the_window_alone() -> None:
    decisions = after(RECOMMEND, BOARD, CALM, PROTEST)
    assert not decisions.protests[1].filed.stays
    assert "through" in refused(decisions, FINAL, NOW)
    final = then(decisions, FINAL, UNTIL)
    assert final.of("L1").final and final.protests[1].open
    late = then(final, UPHOLD, UNTIL)
    assert late.of("L1").stage == "final" and late.protests[1].decided.upheld  # type: ignore[union-attr]


def test_an_upheld_protest_sets_the_lot_aside_and_ends_the_others_against_it() -> None:
    second = changed(PROTEST, by="p-cedar", vendor="cedar")
    decisions = after(*TOLD, PROTEST, second, UPHOLD)
    assert decisions.of("L1").stage == "open" and decisions.of("L1").set_aside.protest == 1  # type: ignore[union-attr]
    assert not decisions.protests[2].open and decisions.protests[2].overtaken
    refused(decisions, FINAL, UNTIL)
    assert then(decisions, changed(RECOMMEND, vendor="birch")).of("L1").stage == "recommended"


def test_a_dismissed_protest_leaves_the_decision_and_its_reasons() -> None:
    decisions = after(*TOLD, PROTEST, DISMISS)
    assert decisions.of("L1").stage == "notified"
    assert decisions.protests[1].decided.reasons == "It was counted."  # type: ignore[union-attr]
    assert "waits for a decision" in refused(decisions, UPHOLD)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (changed(PROTEST, vendor="oak"), "Only a vendor that bid"),
        (changed(PROTEST, lot="L2"), "no notice of intent"),
        (changed(PROTEST, grounds=" "), "what is wrong"),
        (changed(PROTEST, wanted=""), "done instead"),
        (changed(DISMISS, number=2), "No protest of this number"),
    ],
)
def test_a_protest_comes_from_a_bidder_against_a_notice_and_says_what_is_wrong(command, told) -> None:  # type: ignore[no-untyped-def]
    assert told in refused(after(*TOLD), command)


def test_before_the_notice_and_after_the_final_award_there_is_nothing_to_protest() -> None:
    assert "no notice" in refused(after(RECOMMEND, BOARD), PROTEST)
    open_ended = after(RECOMMEND, BOARD, changed(NOTICE, window=None, until=None, last_day=""))
    assert then(open_ended, PROTEST).protests[1].open
    open_ended = after(RECOMMEND, BOARD, changed(NOTICE, window=None, until=None, last_day=""))
    assert "is final" in refused(then(open_ended, FINAL), PROTEST)


def test_a_vendor_protests_a_lot_once_at_a_time_and_may_take_it_back() -> None:
    decisions = after(*TOLD, PROTEST)
    assert "waits for its decision already" in refused(decisions, PROTEST)
    assert "no such protest of your company" in refused(decisions, changed(BACK, vendor="ash"))
    assert "why you take" in refused(decisions, changed(BACK, reason=""))
    decisions = then(decisions, BACK)
    assert not decisions.protests[1].open and then(decisions, PROTEST).protests[2].open


def test_a_protest_is_decided_with_reasons_by_somebody_named() -> None:
    decisions = after(*TOLD, PROTEST)
    assert "reasons in words" in refused(decisions, changed(DISMISS, reasons=" "))
    assert "who decided" in refused(decisions, changed(DISMISS, decided_by=""))


def test_a_decision_may_be_set_aside_until_it_is_final() -> None:
    aside = SetAside(by="second", lot="L1", reason="The budget was cut.")
    assert "not decided on" in refused(after(RECOMMEND), aside)
    assert "why" in refused(after(*TOLD), changed(aside, reason=" "))
    assert then(after(*TOLD), aside).of("L1").stage == "open"
    assert "is final already" in refused(then(after(*TOLD), FINAL, UNTIL), aside)
