"""Openings and closes happen at their instants, in order, and keep their distance."""

from __future__ import annotations

from typing import Any

import pytest

from auction.live.event import wakes_at
from tests.auction.stage import Plain, bid, host, look, moment, play

STAGGERED: Plain = {
    "closing": {"mode": "staggered", "gap_s": 300, "min_gap_s": 180},
    "decrement": {"base": "own"},
}
THREE: Any = [{"id": "L1"}, {"id": "L2"}, {"id": "L3"}]


def test_staggered_lots_get_their_close_from_their_place_in_the_list() -> None:
    lots = [{"id": "L1"}, {"id": "L2", "closes": moment("17:00")}, {"id": "L3"}]
    told = play(rules=STAGGERED, lots=lots)
    assert [told.closes(lot) for lot in ("L1", "L2", "L3")] == ["16:00:00", "17:00:00", "16:10:00"]


def test_parallel_lots_close_together_unless_one_has_its_own_close() -> None:
    told = play(lots=[{"id": "L1"}, {"id": "L2", "closes": moment("15:30")}])
    assert (told.closes("L1"), told.closes("L2")) == ("16:00:00", "15:30:00")


def test_an_opening_includes_its_instant() -> None:
    told = play(bid("14:59:59.999999", "A", "9"), bid("15:00:00", "A", "9"))
    assert told.codes == ["NOT_OPEN", "ok"]


def test_a_lot_opens_at_its_instant_though_another_is_just_closing() -> None:
    lots = [{"id": "L1", "closes": moment("15:30")}, {"id": "L2", "opens": moment("15:30")}]
    told = play(
        bid("15:30", "A", "9", lot="L1"), bid("15:30", "A", "9", lot="L2"), look("15:30", "public"), lots=lots
    )
    assert told.codes == ["ok", "ok", "ok"]


def test_a_bid_into_overtime_pushes_the_next_lots_to_keep_their_distance() -> None:
    told = play(bid("16:00", "A", "9"), rules=STAGGERED, lots=THREE)
    assert [told.closes(lot) for lot in ("L1", "L2", "L3")] == ["16:03:00", "16:06:00", "16:10:00"]
    assert [told.lots[lot]["extensions"] for lot in ("L1", "L2", "L3")] == [1, 0, 0]


def test_a_push_goes_on_from_lot_to_lot() -> None:
    rules = {**STAGGERED, "overtime": {"window_s": 300, "extension_s": 420}}
    told = play(bid("16:00", "A", "9"), rules=rules, lots=THREE)
    assert [told.closes(lot) for lot in ("L1", "L2", "L3")] == ["16:07:00", "16:10:00", "16:13:00"]


def test_the_distance_itself_is_enough() -> None:
    told = play(bid("15:59", "A", "9"), rules=STAGGERED, lots=THREE)
    assert [told.closes(lot) for lot in ("L1", "L2")] == ["16:02:00", "16:05:00"]


def test_the_hard_stop_binds_the_pushed_lots_and_never_takes_time_away() -> None:
    rules = {**STAGGERED, "overtime": {"window_s": 300, "extension_s": 420, "hard_stop": moment("16:09")}}
    told = play(bid("16:00", "A", "9"), rules=rules, lots=THREE)
    assert [told.closes(lot) for lot in ("L1", "L2", "L3")] == ["16:07:00", "16:09:00", "16:10:00"]


def test_a_host_who_extends_a_lot_pushes_the_next_too_and_is_not_bound_by_the_hard_stop() -> None:
    rules = {**STAGGERED, "overtime": {"hard_stop": moment("16:05")}}
    told = play(host("15:30", "extend", lot="L1", closes="16:20"), rules=rules, lots=THREE[:2])
    assert [told.closes(lot) for lot in ("L1", "L2")] == ["16:20:00", "16:05:00"]
    told = play(host("15:30", "extend", lot="L1", closes="16:04"), rules=STAGGERED, lots=THREE)
    assert [told.closes(lot) for lot in ("L1", "L2", "L3")] == ["16:04:00", "16:07:00", "16:10:00"]


def test_a_paused_lot_that_the_host_extends_pushes_the_next_open_one() -> None:
    told = play(
        host("15:30", "pause", lot="L1"),
        host("15:31", "extend", lot="L1", closes="16:04"),
        rules=STAGGERED,
        lots=THREE,
        until=moment("15:40"),
    )
    assert [told.closes(lot) for lot in ("L1", "L2", "L3")] == ["16:04:00", "16:07:00", "16:10:00"]


def test_a_resumed_lot_pushes_the_next_open_one() -> None:
    told = play(
        host("15:30", "pause", lot="L1"), host("15:34", "resume", lot="L1"), rules=STAGGERED, lots=THREE
    )
    assert [told.closes(lot) for lot in ("L1", "L2", "L3")] == ["16:04:00", "16:07:00", "16:10:00"]


def test_parallel_lots_keep_no_distance() -> None:
    told = play(bid("15:59", "A", "9"), lots=THREE)
    assert [told.closes(lot) for lot in ("L1", "L2")] == ["16:02:00", "16:00:00"]


SERIAL: Plain = {"closing": {"mode": "serial", "gap_s": 60}}


def test_serial_lots_follow_each_other_for_the_events_length_and_ignore_their_own_times() -> None:
    lots = [{"id": "L1"}, {"id": "L2", "opens": moment("15:00"), "closes": moment("15:10")}]
    told = play(look("15:30", "buyer"), rules=SERIAL, lots=lots)
    assert told.view(0, "L2") | {"history": []} == {
        "status": "scheduled",
        "closes": moment("17:01:00"),
        "lead": None,
        "count": 0,
        "history": [],
    }
    assert told.closes("L2") == "17:01:00"


def test_a_serial_lot_waits_for_the_overtime_of_the_one_before() -> None:
    told = play(
        bid("15:59", "A", "9"),
        bid("16:02:59.999999", "A", "9", lot="L2"),
        bid("16:03", "A", "9", lot="L2"),
        rules=SERIAL,
        lots=THREE,
    )
    assert told.codes == ["ok", "NOT_OPEN", "ok"]
    assert [told.closes(lot) for lot in ("L1", "L2", "L3")] == ["16:02:00", "17:03:00", "18:04:00"]


def test_a_serial_lot_with_no_gap_opens_only_after_the_close_before() -> None:
    rules = {"closing": {"mode": "serial"}}
    told = play(
        bid("16:00", "A", "9", lot="L2"), bid("16:00:00.000001", "A", "9", lot="L2"), rules=rules, lots=THREE
    )
    assert told.codes == ["NOT_OPEN", "ok"]
    assert told.closes("L2") == "17:00:00"


def test_a_serial_lot_follows_a_cancelled_one_and_a_cancelled_lot_in_between_delays_nobody() -> None:
    told = play(host("15:20", "cancel", lot="L1"), rules=SERIAL, lots=THREE)
    assert [told.closes(lot) for lot in ("L1", "L2", "L3")] == ["16:00:00", "16:21:00", "17:22:00"]
    told = play(host("15:20", "cancel", lot="L2"), rules=SERIAL, lots=THREE)
    assert [told.closes(lot) for lot in ("L1", "L2", "L3")] == ["16:00:00", "17:01:00", "17:01:00"]


def test_a_serial_lot_cancelled_before_the_event_leaves_the_events_opening_as_it_is() -> None:
    told = play(host("14:00", "cancel", lot="L1"), rules=SERIAL, lots=THREE)
    assert told.closes("L2") == "16:00:00"


@pytest.mark.parametrize(("least", "status"), [(3, "closed"), (4, "cancelled")])
def test_an_event_with_too_few_vendors_is_cancelled_at_its_first_opening(least: int, status: str) -> None:
    told = play(rules=STAGGERED | {"min_vendors": least}, lots=THREE)
    assert [told.lots[lot]["status"] for lot in ("L1", "L2", "L3")] == [status] * 3
    assert [told.closes(lot) for lot in ("L1", "L2", "L3")] == ["16:00:00", "16:05:00", "16:10:00"]


def test_a_suspended_vendor_does_not_count_for_the_opening_and_one_suspended_later_changes_nothing() -> None:
    early = play(host("14:00", "suspend", vendor="A"), bid("15:10", "B", "9"), rules={"min_vendors": 3})
    assert (early.codes, early.lots["L1"]["status"]) == (["ok", "CLOSED"], "cancelled")
    late = play(
        host("15:00", "suspend", vendor="A"),
        rules={"min_vendors": 3},
        lots=[{"id": "L1"}, {"id": "L2", "opens": moment("15:30")}],
    )
    assert late.lots["L2"]["status"] == "closed"


def test_nothing_is_left_to_wake_for_when_every_lot_is_over() -> None:
    assert wakes_at(play(lots=THREE).room) is None


def test_only_a_close_that_moved_pushes_however_near_others_were_planned() -> None:
    lots = [{"id": "L1"}, {"id": "L2", "closes": moment("16:01")}, {"id": "L3", "closes": moment("16:10")}]
    told = play(host("15:30", "extend", lot="L3", closes="16:20"), rules=STAGGERED, lots=lots)
    assert [told.closes(lot) for lot in ("L1", "L2", "L3")] == ["16:00:00", "16:01:00", "16:20:00"]
