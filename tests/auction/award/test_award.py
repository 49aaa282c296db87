"""An award is made once, by a person with a reason, to a vendor in good standing, at its own final prices."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from auction.award import award
from auction.award.award import AwardLot, Awards, Candidate, LotAwarded, Result, result
from auction.kernel import Command, handle, replay
from auction.refusals import Refusal
from auction.terms.schedule import LinePrice, LotLine
from tests.auction.stage import bid, host, moment, play

NOW = datetime(2026, 3, 2, 17, tzinfo=UTC)
PLAYED = play(
    bid("15:01", "A", "90"),
    bid("15:02", "B", "80"),
    bid("15:03", "C", "85"),
    host("15:30", "suspend", vendor="B"),
)
RESULT = result(PLAYED.room, "L1")
AWARD = AwardLot(
    by="lead", lot="L1", vendor="C", reason=" Lowest in good standing. ", result=RESULT, tender="2026-1"
)


def decide(awards: Awards, **changes: Any) -> object:
    return handle(award, awards, msgspec.structs.replace(AWARD, **changes), NOW).answer


def code(awards: Awards, **changes: Any) -> str:
    answer = decide(awards, **changes)
    assert isinstance(answer, Refusal), answer
    return answer.code


def test_a_result_lists_everybody_in_order_and_names_the_best_in_good_standing() -> None:
    assert (RESULT.closed, RESULT.winner) == (True, "C")
    assert [(each.vendor, each.rank, each.amount, each.suspended) for each in RESULT.candidates] == [
        ("B", 1, "80.00", True),
        ("C", 2, "85.00", False),
        ("A", 3, "90.00", False),
    ]


def test_an_award_says_whom_the_ranking_named_and_why_this_vendor() -> None:
    awarded = decide(award.initial(), vendor="A", reason="C withdrew.")
    assert isinstance(awarded, LotAwarded)
    assert (awarded.vendor, awarded.winner, awarded.rank, awarded.amount) == ("A", "C", 3, "90.00")
    assert (awarded.reason, awarded.tender, awarded.vis) == ("C withdrew.", "2026-1", "public")


def test_an_award_is_made_once() -> None:
    awards = handle(award, award.initial(), AWARD, NOW).state
    assert code(awards) == "NOT_ALLOWED"
    assert awards.lots["L1"].reason == "Lowest in good standing."


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"reason": "  "}, "BAD_COMMAND"),
        ({"vendor": "B"}, "NOT_ADMITTED"),
        ({"vendor": "Z"}, "UNKNOWN_VENDOR"),
        ({"lot": "L2"}, "NOT_ALLOWED"),
        ({"result": Result("L1", False, "C", RESULT.candidates)}, "NOT_ALLOWED"),
    ],
)
def test_what_cannot_be_awarded_is_refused(changes: dict[str, Any], expected: str) -> None:
    assert code(award.initial(), **changes) == expected


def test_a_lot_that_is_open_or_cancelled_is_not_closed_and_cannot_be_awarded() -> None:
    still = play(bid("15:01", "A", "90"), until=moment("15:30"))
    cancelled = play(bid("15:01", "A", "90"), host("15:02", "cancel"))
    for room in (still.room, cancelled.room):
        assert code(award.initial(), vendor="A", result=result(room, "L1")) == "NOT_ALLOWED"


def test_another_command_is_not_understood_and_a_refusal_leaves_no_trace() -> None:
    decision = handle(award, award.initial(), Command(by="lead"), NOW)
    assert (decision.refused, decision.events) == (True, ())


def test_awards_are_exactly_their_history() -> None:
    decision = handle(award, award.initial(), AWARD, NOW)
    assert replay(award, decision.events) == decision.state


def test_a_winners_lines_are_its_own_schedule_scaled_to_its_final_total() -> None:
    room = PLAYED.room
    lot = room.lots["L1"]
    lines = (LotLine("paper", "3", 2), LotLine("toner", "2", 4, no_bid=True))
    lot.plan = msgspec.structs.replace(lot.plan, lines=lines)
    lot.schedules["C"] = (LinePrice("paper", "30.00"), LinePrice("toner", None))
    chosen = next(each for each in result(room, "L1").candidates if each.vendor == "C")
    assert chosen.lines == (LinePrice("paper", "28.33"), LinePrice("toner", None))
    assert isinstance(chosen, Candidate)
