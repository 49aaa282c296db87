"""How a lot ended: everybody in order, at their own prices."""

from __future__ import annotations

import msgspec

from auction.award.result import Candidate, result
from auction.terms.schedule import LinePrice, LotLine
from tests.auction.stage import bid, host, play

PLAYED = play(
    bid("15:01", "A", "90"),
    bid("15:02", "B", "80"),
    bid("15:03", "C", "85"),
    host("15:30", "suspend", vendor="B"),
)


def test_a_result_lists_everybody_in_order_and_names_the_best_in_good_standing() -> None:
    ended = result(PLAYED.room, "L1")
    assert (ended.closed, ended.winner) == (True, "C")
    assert [(each.vendor, each.rank, each.amount, each.suspended) for each in ended.candidates] == [
        ("B", 1, "80.00", True),
        ("C", 2, "85.00", False),
        ("A", 3, "90.00", False),
    ]


def test_a_winners_lines_are_its_own_schedule_scaled_to_its_final_total() -> None:
    room = PLAYED.room
    lot = room.lots["L1"]
    lines = (LotLine("paper", "3", 2), LotLine("toner", "2", 4, no_bid=True))
    lot.plan = msgspec.structs.replace(lot.plan, lines=lines)
    lot.schedules["C"] = (LinePrice("paper", "30.00"), LinePrice("toner", None))
    chosen = next(each for each in result(room, "L1").candidates if each.vendor == "C")
    assert chosen.lines == (LinePrice("paper", "28.33"), LinePrice("toner", None))
    assert isinstance(chosen, Candidate)
