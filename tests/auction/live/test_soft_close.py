"""Soft close: a bid near the end leaves everyone a full window to answer."""

from __future__ import annotations

from typing import Any

import pytest

from tests.auction.stage import Plain, bid, host, moment, play


def overtime(**members: Any) -> Plain:
    return {"overtime": {"window_s": 300, "extension_s": 300, **members}}


@pytest.mark.parametrize(
    ("clock", "rule", "closes"),
    [
        ("15:58", {}, "16:03:00"),
        ("15:58", {"from": "close"}, "16:05:00"),
        ("15:55:00", {}, "16:00:00"),
        ("15:55:00.000001", {}, "16:00:00.000001"),
        ("15:55:00", {"from": "close"}, "16:05:00"),
        ("15:54:59.999999", {"from": "close"}, "16:00:00"),
        ("16:00:00", {}, "16:05:00"),
        ("15:56", {"extension_s": 120}, "16:00:00"),
        ("15:59", {"extension_s": 120}, "16:01:00"),
        ("16:00:00", {"window_s": 0}, "16:05:00"),
        ("15:59:59.999999", {"window_s": 0}, "16:00:00"),
        ("15:59", {"hard_stop": moment("16:02")}, "16:02:00"),
        ("15:59", {"hard_stop": moment("15:30")}, "16:00:00"),
    ],
)
def test_the_new_close_is_counted_from_the_bid_or_from_the_close(
    clock: str, rule: Plain, closes: str
) -> None:
    told = play(bid(clock, "A", "100"), rules=overtime(**rule))
    assert told.closes() == closes
    assert told.lots["L1"]["extensions"] == (closes != "16:00:00")
    assert told.outcomes[0]["closes"] == moment(closes)


def test_a_bid_on_the_stroke_of_the_close_is_timely_and_one_microsecond_later_is_not() -> None:
    told = play(bid("16:00", "A", "100"), rules=overtime(extension_s=0))
    assert told.codes == ["ok"]
    late = play(bid("16:00:00.000001", "A", "100"), rules=overtime())
    assert late.codes == ["CLOSED"]
    assert late.closes() == "16:00:00"


def test_only_a_bid_that_ranks_well_enough_extends() -> None:
    bids = [bid("15:10", "A", "50"), bid("15:59", "B", "60"), bid("15:59:30", "C", "70")]
    assert play(*bids, rules=overtime()).closes() == "16:00:00"
    assert play(*bids, rules=overtime(trigger_rank=2)).closes() == "16:04:00"
    assert play(*bids, rules=overtime(trigger_rank=None)).closes() == "16:04:30"


def test_of_equal_bids_the_later_ranks_behind_for_the_trigger_whatever_is_shown() -> None:
    bids = [bid("15:10", "A", "50"), bid("15:59", "B", "50")]
    told = play(*bids, rules=overtime() | {"ties": "equal_best"})
    assert told.outcomes[1]["rank"] == 1
    assert told.closes() == "16:00:00"


def test_the_leaders_own_improvement_extends_too() -> None:
    assert play(bid("15:10", "A", "50"), bid("15:59", "A", "45"), rules=overtime()).closes() == "16:04:00"


def test_in_adjusted_ranking_the_adjusted_rank_decides() -> None:
    vendors = [{"id": "A", "m": "2"}, {"id": "B"}]
    bids = [bid("15:10", "A", "50"), bid("15:59", "B", "90")]
    told = play(*bids, rules=overtime() | {"rank_by": "adjusted"}, vendors=vendors)
    assert (told.outcomes[1]["rank"], told.closes()) == (1, "16:04:00")


def test_a_lot_is_extended_at_most_so_many_times_and_only_moves_count() -> None:
    bids = [
        bid("15:55", "A", "100"),
        bid("15:56", "A", "99"),
        bid("15:57", "A", "98"),
        bid("15:58", "A", "97"),
    ]
    told = play(*bids, rules=overtime(max_extensions=2))
    assert (told.closes(), told.lots["L1"]["extensions"]) == ("16:02:00", 2)
    assert play(*bids, rules=overtime(max_extensions=0)).closes() == "16:00:00"


TWO: Any = [{"id": "L1"}, {"id": "L2", "closes": moment("16:10")}]


def test_with_scope_all_every_open_lot_moves_by_the_same_rule_and_counts_its_own() -> None:
    told = play(bid("15:58", "A", "100"), rules=overtime(scope="all", **{"from": "close"}), lots=TWO)
    assert (told.closes("L1"), told.closes("L2")) == ("16:05:00", "16:15:00")
    assert (told.lots["L1"]["extensions"], told.lots["L2"]["extensions"]) == (1, 1)


def test_with_scope_all_from_receipt_a_lot_that_closes_later_anyway_does_not_move() -> None:
    told = play(bid("15:58", "A", "100"), rules=overtime(scope="all"), lots=TWO)
    assert (told.closes("L1"), told.closes("L2")) == ("16:03:00", "16:10:00")
    assert (told.lots["L1"]["extensions"], told.lots["L2"]["extensions"]) == (1, 0)


def test_with_scope_all_a_paused_lot_does_not_move() -> None:
    told = play(
        host("15:30", "pause", lot="L2"),
        bid("15:58", "A", "100"),
        rules=overtime(scope="all", **{"from": "close"}),
        lots=TWO,
        until=moment("17:00"),
    )
    assert (told.closes("L1"), told.closes("L2")) == ("16:05:00", "16:10:00")


def test_a_refused_bid_extends_nothing() -> None:
    assert play(bid("15:10", "A", "50"), bid("15:59", "A", "50"), rules=overtime()).closes() == "16:00:00"


def test_with_scope_all_a_lot_that_has_used_up_its_extensions_stays_and_the_others_still_move() -> None:
    told = play(
        host("15:30", "pause", lot="L1"),
        bid("15:58", "A", "100", lot="L2"),
        host("15:59", "resume", lot="L1"),
        bid("16:02", "A", "99", lot="L2"),
        rules=overtime(scope="all", max_extensions=1, **{"from": "close"}),
        lots=[{"id": "L1"}, {"id": "L2"}],
    )
    assert (told.closes("L1"), told.closes("L2")) == ("16:34:00", "16:05:00")
    assert [told.lots[lot]["extensions"] for lot in ("L1", "L2")] == [1, 1]
