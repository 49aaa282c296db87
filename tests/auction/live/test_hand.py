"""The host's hand: what it may do when, and what time everybody is left."""

from __future__ import annotations

from typing import Any

import pytest

from tests.auction.stage import Plain, bid, host, look, moment, play

TWO: Any = [{"id": "L1"}, {"id": "L2", "opens": moment("15:30"), "closes": moment("16:30")}]
SERIAL: Plain = {"closing": {"mode": "serial", "gap_s": 60}}


def test_a_resume_moves_the_close_by_the_time_paused() -> None:
    told = play(host("15:10", "pause", lot="L1"), host("15:25:00.5", "resume", lot="L1"))
    assert told.closes() == "16:15:00.5"
    assert told.outcomes[1] == {"step": 1, "ok": True, "closes": moment("16:15:00.5")}


def test_a_resume_leaves_at_least_the_notice() -> None:
    told = play(host("15:59:50", "pause"), host("16:30", "resume"))
    assert told.closes() == "16:32:00"
    assert play(host("16:00", "pause"), host("16:30", "resume")).closes() == "16:32:00"


def test_a_paused_lot_takes_no_bids_and_never_closes_by_itself() -> None:
    told = play(host("15:10", "pause"), bid("17:00", "A", "9"), look("17:00", "A"), until=moment("23:00"))
    assert told.codes == ["ok", "PAUSED", "ok"]
    assert (told.view(2)["status"], told.lots["L1"]["status"]) == ("paused", "paused")


def test_a_close_can_be_extended_only_to_a_later_time_also_while_paused() -> None:
    told = play(
        host("15:10", "extend", lot="L1", closes="16:00"),
        host("15:11", "extend", lot="L1", closes="16:10"),
        host("15:12", "pause", lot="L1"),
        host("15:13", "extend", lot="L1", closes="16:20"),
        host("15:15", "resume", lot="L1"),
    )
    assert told.codes == ["BAD_COMMAND", "ok", "ok", "ok", "ok"]
    assert (told.closes(), told.lots["L1"]["extensions"]) == ("16:23:00", 0)


@pytest.mark.parametrize(
    ("before", "do", "code"),
    [
        ([], "resume", "BAD_COMMAND"),
        ([host("15:05", "pause", lot="L1")], "pause", "PAUSED"),
        ([host("15:05", "cancel", lot="L1")], "pause", "CLOSED"),
        ([host("15:05", "cancel", lot="L1")], "resume", "CLOSED"),
        ([host("15:05", "cancel", lot="L1")], "cancel", "CLOSED"),
    ],
)
def test_what_cannot_be_is_refused_with_the_state_of_the_lot(before: list[Plain], do: str, code: str) -> None:
    assert play(*before, host("15:10", do, lot="L1")).codes[-1] == code
    assert play(*before, host("15:10", do)).codes[-1] == code


@pytest.mark.parametrize("do", ["pause", "resume"])
def test_a_lot_that_is_still_to_open_can_be_neither_paused_nor_resumed(do: str) -> None:
    assert play(host("14:00", do, lot="L1"), host("14:00", do)).codes == ["NOT_OPEN", "NOT_OPEN"]
    assert play(host("14:00", "extend", lot="L1", closes="16:30")).codes == ["NOT_OPEN"]


def test_of_several_reasons_why_nothing_can_be_paused_or_resumed_the_first_code_is_given() -> None:
    told = play(
        host("15:05", "resume"),
        host("15:06", "pause"),
        host("15:07", "pause"),
        host("15:08", "cancel", lot="L1"),
        host("15:09", "pause"),
        lots=TWO,
    )
    assert told.codes == ["BAD_COMMAND", "ok", "NOT_OPEN", "ok", "NOT_OPEN"]


def test_an_opening_that_falls_into_a_pause_of_all_lots_happens_at_the_resume() -> None:
    told = play(
        host("15:20", "pause"),
        bid("15:40", "A", "9", lot="L2"),
        host("15:50", "resume"),
        bid("15:50", "A", "9", lot="L2"),
        lots=TWO,
    )
    assert told.codes == ["ok", "NOT_OPEN", "ok", "ok"]
    assert (told.closes("L1"), told.closes("L2")) == ("16:30:00", "16:50:00")


def test_the_first_resume_of_any_lot_ends_a_pause_of_all() -> None:
    told = play(
        host("15:20", "pause"), host("15:50", "resume", lot="L1"), bid("15:50", "A", "9", lot="L2"), lots=TWO
    )
    assert told.codes == ["ok", "ok", "ok"]


def test_a_pause_of_one_lot_holds_up_no_opening() -> None:
    told = play(
        host("15:20", "pause", lot="L1"), bid("15:30", "A", "9", lot="L2"), lots=TWO, until=moment("18:00")
    )
    assert told.codes == ["ok", "ok"]


def test_a_lot_that_opens_at_the_resume_keeps_at_least_the_notice() -> None:
    lots = [{"id": "L1"}, {"id": "L2", "opens": moment("15:30"), "closes": moment("15:31")}]
    told = play(host("15:20", "pause"), host("15:30:30", "resume"), lots=lots)
    assert told.closes("L2") == "15:32:30"


def test_a_serial_lot_that_opens_at_the_resume_has_the_events_length() -> None:
    told = play(
        host("15:20", "pause"),
        host("15:30", "cancel", lot="L1"),
        host("15:50", "resume"),
        rules=SERIAL,
        lots=[{"id": "L1"}, {"id": "L2"}],
    )
    assert told.codes == ["ok", "ok", "ok"]
    assert told.closes("L2") == "16:50:00"


def test_when_every_paused_lot_was_cancelled_there_is_nothing_to_resume() -> None:
    told = play(host("15:20", "pause"), host("15:30", "cancel"), host("15:40", "resume"))
    assert told.codes == ["ok", "ok", "CLOSED"]


def test_cancelling_keeps_planned_closes_and_rankings_on_record_and_names_no_winner() -> None:
    told = play(bid("15:10", "A", "9"), host("15:20", "cancel"), bid("15:30", "A", "8"), lots=TWO)
    assert told.codes == ["ok", "ok", "CLOSED"]
    lot = told.lots["L1"]
    assert (lot["status"], lot["closes"], lot["winner"]) == ("cancelled", moment("16:00:00"), None)
    assert [row["vendor"] for row in lot["ranking"]] == ["A"]
    assert told.lots["L2"]["status"] == "cancelled"


def test_closed_lots_stay_closed_when_the_event_is_cancelled() -> None:
    told = play(bid("15:10", "A", "9"), host("16:10", "cancel"), lots=TWO)
    assert (told.lots["L1"]["status"], told.lots["L1"]["winner"]) == ("closed", "A")
    assert told.lots["L2"]["status"] == "cancelled"


def test_a_suspended_vendor_may_not_bid_and_what_it_has_standing_cannot_win() -> None:
    told = play(
        bid("15:10", "A", "9"),
        bid("15:11", "B", "10"),
        host("15:20", "suspend", vendor="A"),
        bid("15:21", "A", "8"),
        host("15:22", "suspend", vendor="A"),
        bid("15:23", "B", "9.50"),
    )
    assert told.codes == ["ok", "ok", "ok", "NOT_ADMITTED", "BAD_COMMAND", "ok"]
    assert [(row["vendor"], row["rank"]) for row in told.lots["L1"]["ranking"]] == [("A", 1), ("B", 2)]
    assert told.lots["L1"]["winner"] == "B"


def test_a_suspension_after_the_close_changes_no_winner() -> None:
    assert play(bid("15:10", "A", "9"), host("16:01", "suspend", vendor="A")).lots["L1"]["winner"] == "A"


@pytest.mark.parametrize(
    ("missed", "paused"), [("15:39:45", False), ("15:39:44.999999", True), ("15:40:00", False)]
)
def test_a_heartbeat_missed_by_more_than_the_rules_allow_pauses_every_open_lot(
    missed: str, paused: bool
) -> None:
    told = play(host("15:40", "fault", last_heartbeat=missed), look("15:40", "A"), until=moment("15:45"))
    assert told.view(1)["status"] == ("paused" if paused else "open")


def test_after_a_fault_the_time_left_is_counted_from_the_later_of_heartbeat_and_last_command() -> None:
    told = play(host("15:40", "fault", last_heartbeat="15:30"), host("15:50", "resume"))
    assert told.closes() == "16:20:00"
    told = play(
        bid("15:35", "A", "0"), host("15:40", "fault", last_heartbeat="15:30"), host("15:50", "resume")
    )
    assert told.closes() == "16:15:00"


def test_a_lot_whose_close_fell_into_the_gap_is_open_again_at_the_resume() -> None:
    told = play(
        bid("15:10", "A", "9"),
        host("16:10", "fault", last_heartbeat="15:59"),
        bid("16:11", "B", "8"),
        host("16:20", "resume"),
        bid("16:20", "B", "8"),
    )
    assert told.codes == ["ok", "ok", "PAUSED", "ok", "ok"]
    assert (told.closes(), told.lots["L1"]["winner"]) == ("16:23:00", "B")


def test_a_lot_that_closed_before_the_fault_stays_closed_and_openings_wait_for_the_resume() -> None:
    lots = [
        {"id": "L1", "closes": moment("15:10")},
        {"id": "L2"},
        {"id": "L3", "opens": moment("15:35"), "closes": moment("16:35")},
    ]
    told = play(
        host("15:40", "fault", last_heartbeat="15:30"),
        look("15:40", "buyer"),
        host("15:50", "resume"),
        lots=lots,
    )
    assert [told.view(1, lot)["status"] for lot in ("L1", "L2", "L3")] == ["closed", "paused", "scheduled"]
    assert [told.closes(lot) for lot in ("L1", "L2", "L3")] == ["15:10:00", "16:20:00", "16:50:00"]


def test_when_no_lot_was_open_a_fault_pauses_nothing() -> None:
    told = play(host("15:10", "fault", last_heartbeat="14:50"), bid("15:10", "A", "9"))
    assert told.codes == ["ok", "ok"]


def test_a_vendor_who_reports_a_fault_is_refused_after_time_caught_up() -> None:
    told = play(host("16:30", "fault", last_heartbeat="15:30") | {"by": "A"})
    assert told.codes == ["NOT_ALLOWED"]
    assert (told.lots["L1"]["status"], told.events[-1].at > told.events[-2].at) == ("closed", True)


@pytest.mark.parametrize("do", ["pause", "resume", "cancel"])
def test_only_the_host_has_the_hand(do: str) -> None:
    assert play(host("15:10", do) | {"by": "A"}, host("15:10", do) | {"by": "Z"}).codes == [
        "NOT_ALLOWED",
        "UNKNOWN_VENDOR",
    ]
