"""What a viewer may not see is in nothing that is made for it: no fact, no board, no view, no refusal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auction.kernel import Event
from auction.live import board, event
from auction.live.board import Viewer
from auction.live.room import BidPlaced, CommandRefused, Room
from auction.live.scenario import view
from tests.auction.draws import scenarios
from tests.auction.stage import OPEN, Plain, Played, bid, file, host, look, play

PUBLIC, BUYER = Viewer("public"), Viewer("buyer")
SECRET = {"lead": "never", "rank": False}


def vendor(name: str) -> Viewer:
    return Viewer("vendor", name)


def everything(played: Played, viewer: Viewer) -> Iterator[tuple[Room, Event, str]]:
    """After each event, all that is made for a viewer, as JSON text."""
    room = event.initial()
    for each in played.events:
        room = event.evolve(room, each)
        if room.rules is None:
            continue
        made: list[Any] = [board.fact(room, each, viewer), board.shared(room, viewer), view(room, viewer)]
        if viewer.kind == "vendor":
            made.append(board.own(room, viewer.vendor))
        if viewer.kind == "buyer":
            made.append(board.desk(room))
        yield room, each, msgspec.json.encode(made).decode()


BUSY = [
    bid("15:01", "A", "71.13"),
    bid("15:02", "B", "63.17"),
    bid("15:03", "C", "67.19"),
    bid("15:04", "B", "63.17"),
    bid("15:05", "A", "61.23"),
    host("15:06", "suspend", vendor="C"),
    bid("15:07", "C", "59.29"),
]


def amounts(played: Played, name: str) -> set[str]:
    """Every amount that a vendor sent or was offered."""
    told: set[str] = set()
    for each in played.events:
        if isinstance(each, BidPlaced) and each.vendor == name:
            told.add(each.amount)
        if isinstance(each, CommandRefused) and each.by == name:
            told |= {text for text in (each.given, each.next) if text}
    return told


def test_a_vendor_that_may_see_nothing_is_never_sent_an_amount_of_another() -> None:
    played = play(*BUSY, rules={"visibility": SECRET})
    for name in "ABC":
        others = set().union(*(amounts(played, other) for other in "ABC" if other != name)) - amounts(
            played, name
        )
        for _, _, text in everything(played, vendor(name)):
            assert not [amount for amount in others if f'"{amount}"' in text]


def test_no_viewer_but_the_buyers_side_where_the_rules_say_so_is_ever_sent_a_name() -> None:
    names = {"A": "cedar", "B": "birch", "C": "aspen"}
    steps = [
        {**step, **{key: names.get(step[key], step[key]) for key in ("by", "vendor") if key in step}}
        for step in BUSY
    ]
    vendors = [{"id": name} for name in names.values()]
    for shown in (False, True):
        played = play(*steps, vendors=vendors, rules={"visibility": OPEN | {"buyer_sees_names": shown}})
        for viewer in (PUBLIC, BUYER, *map(vendor, names.values())):
            for room, _, text in everything(played, viewer):
                over = all(lot.over for lot in room.lots.values())
                may = viewer.kind == "buyer" and (shown or over)
                named = {name for name in names.values() if f'"{name}"' in text}
                assert may or not named


def test_the_public_is_told_nothing_but_that_the_event_runs() -> None:
    played = play(
        *BUSY,
        bid("15:59", "B", "50"),
        rules={"visibility": {"public": "nothing", "history": True, "count": True}},
    )
    for _, each, text in everything(played, PUBLIC):
        told, lots, seen = json.loads(text)
        assert set(lots[0]) == {"id", "status"}
        assert set(seen["lots"]["L1"]) == {"status"}
        assert told is None or set(told) <= {"at", "f", "lot"}
        assert told is None or not isinstance(each, BidPlaced | CommandRefused)


def test_the_public_follows_prices_where_the_rules_say_so_without_names() -> None:
    told = play(*BUSY, look("15:30", "public"), rules={"visibility": {"public": "prices"}})
    assert told.view(7) == {"status": "open", "closes": "2026-03-02T16:00:00Z", "lead": "61.23"}


def test_a_vendor_sees_its_rank_from_its_own_first_bid_on() -> None:
    told = play(
        look("15:00", "A"),
        bid("15:01", "B", "50"),
        look("15:01", "A"),
        bid("15:02", "A", "60"),
        look("15:03", "A"),
    )
    assert ["rank" in told.view(step) for step in (0, 2, 4)] == [False, False, True]
    assert told.view(4)["rank"] == 2
    hidden = play(bid("15:02", "A", "60"), look("15:03", "A"), rules={"visibility": {"rank": False}})
    assert "rank" not in hidden.view(1)
    assert "rank" not in hidden.outcomes[0]


@pytest.mark.parametrize(
    ("seen", "shown"),
    [
        ({"lead": "never", "lead_min_vendors": 0}, [False, False, False]),
        ({"lead": "always", "lead_min_vendors": 0}, [True, True, True]),
        ({"lead": "always", "lead_min_vendors": 2}, [False, False, True]),
        ({"lead": "after_first_bid", "lead_min_vendors": 0}, [False, False, True]),
        ({"lead": "after_first_bid", "lead_min_vendors": 3}, [False, False, False]),
    ],
)
def test_a_vendor_sees_the_lead_only_when_and_while_the_rules_allow(seen: Plain, shown: list[bool]) -> None:
    told = play(
        look("15:00", "A"),
        bid("15:01", "B", "50"),
        look("15:01", "A"),
        bid("15:02", "A", "60"),
        look("15:03", "A"),
        rules={"visibility": seen},
    )
    assert ["lead" in told.view(step) for step in (0, 2, 4)] == shown
    if shown[2]:
        assert told.view(4)["lead"] == "50.00"


def test_the_count_and_the_graph_are_shown_only_where_allowed() -> None:
    for flags in (
        {"count": False, "history": False},
        {"count": True, "history": False},
        {"count": False, "history": True},
    ):
        told = play(*BUSY, look("15:30", "A"), rules={"visibility": flags})
        assert {name: name in told.view(7) for name in flags} == flags
    assert [row["amount"] for row in told.view(7)["history"]] == ["71.13", "63.17", "67.19", "61.23"]


def test_the_buyer_sees_amounts_lead_and_count_live_whatever_the_vendors_see() -> None:
    told = play(*BUSY, look("15:30", "buyer"), rules={"visibility": SECRET})
    shown = told.view(7)
    assert (shown["lead"], shown["count"], len(shown["history"])) == ("61.23", 3, 4)
    assert set(shown["history"][0]) == {"at", "label", "amount"}


def test_the_lead_is_told_in_the_viewers_own_terms() -> None:
    vendors = [{"id": "A"}, {"id": "B", "m": "1.05"}, {"id": "C", "a": "200"}]
    told = play(
        bid("15:01", "A", "100"),
        look("15:02", "B"),
        look("15:02", "C"),
        look("15:02", "buyer"),
        rules={"rank_by": "adjusted", "visibility": OPEN},
        vendors=vendors,
    )
    assert [told.view(step)["lead"] for step in (1, 2, 3)] == ["95.23", None, "100.00"]


def test_next_is_the_greatest_amount_that_is_good_and_none_where_none_is() -> None:
    lots = [{"id": "L1", "ceiling": "100"}, {"id": "L2"}]
    told = play(
        look("14:00", "A"),
        look("15:00", "A"),
        bid("15:01", "A", "90"),
        look("15:02", "A"),
        host("15:03", "pause"),
        look("15:03", "A"),
        rules={"decrement": {"base": "own", "amount": "2"}},
        lots=lots,
        until="2026-03-02T15:04:00Z",
    )
    assert [told.view(step)["next"] for step in (0, 1, 3, 5)] == [None, "100.00", "88.00", None]
    assert told.view(1, "L2")["next"] is None


def test_a_vendor_sees_its_own_refusals_and_nobody_elses() -> None:
    played = play(*BUSY)
    for name in "ABC":
        facts = [board.fact(played.room, each, vendor(name)) for each in played.events]
        refused = [each for each in played.events if isinstance(each, CommandRefused) and each.by == name]
        assert len([fact for fact in facts if fact and fact["f"] == "refused"]) == len(refused)
        placed = [each for each in played.events if isinstance(each, BidPlaced) and each.vendor == name]
        assert len([fact for fact in facts if fact and fact["f"] == "taken"]) == len(placed)


def test_labels_differ_from_viewer_to_viewer_and_lot_to_lot_and_do_not_change() -> None:
    room = play(lots=[{"id": "L1"}, {"id": "L2"}]).room
    labels = [
        board.label(room, viewer, lot, "A")
        for viewer in (PUBLIC, BUYER, vendor("B"), vendor("C"))
        for lot in ("L1", "L2")
    ]
    assert len(set(labels)) == len(labels)
    assert board.label(room, BUYER, "L1", "A") == labels[2]


def test_what_a_viewer_is_shown_depends_on_nothing_that_it_may_not_see() -> None:
    shy: Plain = {"visibility": SECRET | {"count": False}, "overtime": {"window_s": 0}}
    quiet = play(bid("15:01", "A", "71.13"), look("15:30", "A"), rules=shy)
    busy = play(
        bid("15:01", "A", "71.13"),
        bid("15:02", "B", "50"),
        bid("15:03", "C", "70"),
        look("15:30", "A"),
        rules=shy,
    )
    assert quiet.view(1) == busy.view(3)

    def told(played: Played) -> list[object]:
        facts = [board.fact(played.room, each, vendor("A")) for each in played.events]
        return [fact for fact in facts if fact is not None and fact["f"] != "closed"]

    assert told(quiet) == told(busy)


@settings(max_examples=300)
@given(scenarios(), st.sampled_from([PUBLIC, vendor("A"), vendor("B")]))
def test_a_search_finds_nothing_forbidden_in_any_room(scenario: Plain, viewer: Viewer) -> None:
    names = {"A": "cedar", "B": "birch", "C": "aspen"}
    text = json.dumps(scenario)
    for short, name in names.items():
        text = text.replace(f'"{short}"', f'"{name}"')
    played = Played(json.loads(text))
    seen = played.room.rules.visibility if played.room.rules else None
    assert seen is not None
    me = Viewer(viewer.kind, names.get(viewer.vendor, ""))
    for room, each, told in everything(played, me):
        assert not [name for name in names.values() if f'"{name}"' in told]
        fact = board.fact(room, each, me)
        assert fact is None or "by" not in fact
        for lot in view(room, me)["lots"].values():  # type: ignore[attr-defined]
            _only_allowed(lot, seen, me)


def _only_allowed(lot: Plain, seen: Any, viewer: Viewer) -> None:
    if viewer.kind == "public" and seen.public == "nothing":
        assert set(lot) == {"status"}
        return
    assert ("count" in lot) == seen.count
    assert ("history" in lot) == seen.history
    assert "rank" not in lot or (seen.rank and lot["own"] is not None)
    if viewer.kind == "vendor":
        assert (
            "lead" not in lot
            or seen.lead == "always"
            or (seen.lead == "after_first_bid" and lot["own"] is not None)
        )
    else:
        assert not {"own", "rank", "next"} & set(lot)


def test_a_scenario_says_who_may_look() -> None:
    told = play(look("15:01", "A") | {"by": "A"}, look("15:01", "Z"), look("15:01", "public") | {"by": "Z"})
    assert told.codes == ["NOT_ALLOWED", "UNKNOWN_VENDOR", "UNKNOWN_VENDOR"]
    assert file()["vendors"]
