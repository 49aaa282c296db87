"""Who may bid what: one reason is given, the first that applies, with the nearest amount that would do."""

from __future__ import annotations

from typing import Any

import pytest

from auction.refusals import CODES
from tests.auction.stage import OPEN, Plain, bid, host, moment, play

ORDER = (
    "BAD_COMMAND BAD_RULES UNKNOWN_LOT UNKNOWN_VENDOR NOT_ALLOWED SLOW_DOWN STALE_RULES NOT_OPEN PAUSED CLOSED NOT_ADMITTED "
    "PROXY_NOT_ALLOWED BAD_AMOUNT OFF_TICK NOT_YOUR_TURN OUT ABOVE_CEILING SELF_UNDERCUT BAD_PROXY DECREMENT TIE LEAD_BUFFER "
    "TOO_FAR NEEDS_CONFIRM NOTHING_TO_VOID"
)
"""The rulebook's section 10."""


def test_the_codes_stand_in_the_rulebooks_order_of_precedence() -> None:
    assert list(CODES) == ORDER.split()


STRICT: Plain = {
    "ceiling": "100",
    "self_undercut": False,
    "decrement": {"base": "lead", "amount": "1"},
    "lead_buffer": "5",
    "ties": "refuse",
    "visibility": OPEN,
}


def test_of_several_reasons_the_first_is_given() -> None:
    told = play(
        bid("14:59", "host", "x", lot="L9"),
        bid("14:59", "Z", "x", lot="L9"),
        bid("14:59", "Z", "x"),
        bid("14:59", "host", "x"),
        host("14:59", "suspend", vendor="A"),
        bid("14:59", "A", "x"),
        host("15:01", "pause"),
        bid("15:01", "A", "x"),
        host("15:02", "resume"),
        bid("15:03", "A", "x"),
        bid("15:04", "B", "x"),
        bid("15:04", "B", "100.005"),
        bid("15:04", "B", "100.01"),
        bid("15:05", "B", "90"),
        bid("15:06", "B", "101"),
        bid("15:06", "B", "90"),
        bid("15:07", "C", "90"),
        bid("15:07", "C", "88"),
        bid("15:08", "C", "85"),
        bid("15:09", "B", "20", confirm=False),
        bid("15:09", "B", "50", confirm=False),
        bid("16:30", "A", "x"),
        rules=STRICT,
    )
    assert told.codes == [
        *(
            "UNKNOWN_LOT",
            "UNKNOWN_LOT",
            "UNKNOWN_VENDOR",
            "NOT_ALLOWED",
            "ok",
            "NOT_OPEN",
            "ok",
            "PAUSED",
            "ok",
        ),
        *("NOT_ADMITTED", "BAD_AMOUNT", "OFF_TICK", "ABOVE_CEILING", "ok", "ABOVE_CEILING", "SELF_UNDERCUT"),
        *("DECREMENT", "LEAD_BUFFER", "ok", "TOO_FAR", "NEEDS_CONFIRM", "CLOSED"),
    ]
    assert told.nexts[11:] == [
        "100.00",
        "100.00",
        None,
        None,
        None,
        "85.00",
        "85.00",
        None,
        "42.50",
        "50.00",
        None,
    ]


TIED: Plain = {"lead_buffer": "5", "ties": "refuse", "visibility": OPEN}


def test_next_is_not_above_the_refused_amount_for_tie_and_buffer_where_such_exists() -> None:
    told = play(bid("15:01", "A", "90"), bid("15:02", "B", "90"), bid("15:02", "B", "89.99"), rules=TIED)
    assert told.codes == ["ok", "TIE", "LEAD_BUFFER"]
    assert told.nexts == [None, "85.00", "85.00"]


def test_next_lies_above_where_nothing_at_or_below_the_refused_amount_is_good() -> None:
    rules = TIED | {"max_change_percent": "1", "confirm_change_percent": "1", "decrement": {"base": "own"}}
    told = play(
        bid("15:01", "A", "90"),
        bid("15:02", "B", "90.50"),
        bid("15:03", "B", "90"),
        bid("15:03", "B", "89.90"),
        rules=rules,
    )
    assert told.codes == ["ok", "ok", "TIE", "LEAD_BUFFER"]
    assert told.nexts[2:] == ["90.01", "90.01"]


def test_with_ties_first_equal_to_the_lead_takes_no_lead_and_needs_no_margin() -> None:
    told = play(bid("15:01", "A", "90"), bid("15:02", "B", "90"), rules=TIED | {"ties": "first"})
    assert told.codes == ["ok", "ok"]


@pytest.mark.parametrize(
    ("amount", "expected"), [("90.004", "90.00"), ("90.005", "90.00"), ("90.006", "90.01"), ("0.001", "0.01")]
)
def test_off_tick_names_the_nearest_amount_and_the_lower_of_two_equally_near(
    amount: str, expected: str
) -> None:
    told = play(bid("15:01", "A", amount))
    assert (told.codes, told.nexts) == (["OFF_TICK"], [expected])


def test_no_next_is_ever_zero_or_less() -> None:
    vendors = [{"id": "A", "a": "5"}, {"id": "B"}]
    rules = {"rank_by": "adjusted", "tick": "2", "max_change_percent": "100"}
    told = play(
        bid("15:01", "A", "0.5"), bid("15:02", "A", "2"), bid("15:03", "A", "2"), rules=rules, vendors=vendors
    )
    assert (told.codes, told.nexts) == (["OFF_TICK", "ok", "DECREMENT"], ["2", None, None])


@pytest.mark.parametrize(
    "amount",
    [
        "",
        "0",
        "-5",
        "1e2",
        "5,00",
        "05",
        "5.",
        " 5",
        "1234567890123",
        "1.0000001",
        5,
        5.5,
        True,
        None,
        [],
        {},
    ],
)
def test_what_is_no_plain_amount_above_zero_is_a_bad_amount_with_no_next(amount: object) -> None:
    told = play(bid("15:01", "A", amount))
    assert (told.codes, told.nexts) == (["BAD_AMOUNT"], [None])


@pytest.mark.parametrize(
    ("tick", "amount", "shown"),
    [
        ("0.000001", "0.000001", "0.000001"),
        ("5", "95.000", "95"),
        ("0.25", "95.5", "95.50"),
        ("0.01", "999999999999.99", "999999999999.99"),
    ],
)
def test_any_tick_and_any_size_is_exact(tick: str, amount: str, shown: str) -> None:
    told = play(bid("15:01", "A", amount), rules={"tick": tick})
    assert told.outcomes[0]["amount"] == shown
    assert told.lots["L1"]["ranking"][0]["amount"] == shown


def test_the_lowest_of_the_ceilings_given_applies_and_includes_itself() -> None:
    lots = [{"id": "L1", "ceiling": "95"}]
    vendors: Any = [{"id": "A", "ceiling": {"L1": "90"}}, {"id": "B", "ceiling": {"L1": "99"}}, {"id": "C"}]
    told = play(
        bid("15:01", "A", "90.01"),
        bid("15:01", "A", "90"),
        bid("15:01", "B", "95.01"),
        bid("15:01", "B", "95"),
        rules={"ceiling": "98"},
        lots=lots,
        vendors=vendors,
    )
    assert (told.codes, told.nexts) == (
        ["ABOVE_CEILING", "ok", "ABOVE_CEILING", "ok"],
        ["90.00", None, "95.00", None],
    )


def test_a_ceiling_off_the_tick_is_met_by_the_tick_below() -> None:
    assert play(bid("15:01", "A", "96"), rules={"ceiling": "95.5", "tick": "1"}).nexts == ["95"]


def test_at_most_half_the_own_bid_may_be_given_away_at_once() -> None:
    told = play(bid("15:01", "A", "10.00"), bid("15:02", "A", "4.99"), bid("15:03", "A", "5.00"))
    assert (told.codes, told.nexts) == (["ok", "TOO_FAR", "ok"], [None, "5.00", None])


def test_from_thirty_percent_on_a_change_needs_a_confirmation_and_next_is_the_amount_itself() -> None:
    told = play(
        bid("15:01", "A", "10.00", confirm=False),
        bid("15:02", "A", "7.00", confirm=False),
        bid("15:03", "A", "7.01", confirm=False),
    )
    assert (told.codes, told.nexts) == (["ok", "NEEDS_CONFIRM", "ok"], [None, "7.00", None])


def test_from_the_lead_the_change_is_counted_from_the_lower_of_own_and_lead() -> None:
    rules = {"decrement": {"base": "lead", "amount": "1"}, "visibility": OPEN}
    told = play(
        bid("15:01", "A", "100"),
        bid("15:02", "B", "20"),
        bid("15:03", "A", "9.99"),
        bid("15:04", "A", "10"),
        rules=rules,
    )
    assert (told.codes, told.nexts) == (["ok", "ok", "TOO_FAR", "ok"], [None, None, "10.00", None])


TIES = [bid("15:01", "A", "50"), bid("15:02", "B", "50"), bid("15:03", "C", "60")]


@pytest.mark.parametrize(
    ("ties", "ranks", "outcomes"),
    [
        ("first", [1, 2, 3], [1, 2, 3]),
        ("equal_best", [1, 1, 3], [1, 1, 3]),
        ("equal_worst", [2, 2, 3], [1, 2, 3]),
    ],
)
def test_equal_bids_are_ranked_as_the_rules_say(ties: str, ranks: list[int], outcomes: list[int]) -> None:
    told = play(*TIES, rules={"ties": ties})
    assert [row["rank"] for row in told.lots["L1"]["ranking"]] == ranks
    assert [each["rank"] for each in told.outcomes] == outcomes
    assert told.lots["L1"]["winner"] == "A"


ADJUSTED: Plain = {
    "rank_by": "adjusted",
    "decrement": {"base": "lead", "amount": "1"},
    "visibility": OPEN,
    "max_change_percent": "100",
}


def test_the_bid_to_beat_is_told_in_the_vendors_own_terms() -> None:
    vendors = [{"id": "A"}, {"id": "B", "m": "1.05"}]
    told = play(
        bid("15:01", "A", "100"),
        bid("15:02", "B", "94.29"),
        bid("15:03", "B", "94.28"),
        rules=ADJUSTED,
        vendors=vendors,
    )
    assert (told.codes, told.nexts) == (["ok", "DECREMENT", "ok"], [None, "94.28", None])
    assert [row["adjusted"] for row in told.lots["L1"]["ranking"]] == ["98.99", "100.00"]


def test_adjusted_prices_are_compared_exactly_and_shown_rounded_half_up() -> None:
    vendors = [{"id": "A", "m": "1.005"}, {"id": "B", "a": "0.003"}, {"id": "C", "a": "0.002"}]
    rules = {"rank_by": "adjusted"}
    told = play(
        bid("15:01", "A", "1"), bid("15:02", "B", "1"), bid("15:03", "C", "1"), rules=rules, vendors=vendors
    )
    rows = told.lots["L1"]["ranking"]
    assert [(row["vendor"], row["adjusted"]) for row in rows] == [("C", "1.00"), ("B", "1.00"), ("A", "1.01")]


def test_an_adjusted_amount_of_zero_or_less_is_a_bad_amount() -> None:
    told = play(
        bid("15:01", "A", "5"),
        bid("15:01", "A", "5.01"),
        rules={"rank_by": "adjusted"},
        vendors=[{"id": "A", "a": "-5"}],
    )
    assert (told.codes, told.nexts) == (["BAD_AMOUNT", "ok"], [None, None])


def test_factor_and_addend_may_differ_by_lot() -> None:
    vendors = [{"id": "A", "m": {"L2": "2"}, "a": "1"}]
    lots = [{"id": "L1"}, {"id": "L2"}]
    told = play(
        bid("15:01", "A", "5"),
        bid("15:01", "A", "5", lot="L2"),
        rules={"rank_by": "adjusted"},
        lots=lots,
        vendors=vendors,
    )
    assert [told.lots[lot]["ranking"][0]["adjusted"] for lot in ("L1", "L2")] == ["6.00", "11.00"]


OPENING = [
    {"vendor": "A", "lot": "L1", "amount": "90"},
    {"vendor": "B", "lot": "L1", "amount": "80"},
    {"vendor": "A", "lot": "L1", "amount": "80"},
]


def test_opening_bids_stand_from_the_opening_in_list_order_and_the_last_per_vendor_counts() -> None:
    told = play(bid("15:00", "B", "80"), opening_bids=OPENING)
    assert told.codes == ["DECREMENT"]
    assert [row.vendor for row in told.room.lots["L1"].history] == ["B", "A"]
    assert [(row["vendor"], row["amount"], row["at"]) for row in told.lots["L1"]["ranking"]] == [
        ("B", "80.00", moment("15:00:00")),
        ("A", "80.00", moment("15:00:00")),
    ]


def test_the_same_id_with_the_same_content_returns_the_first_outcome_and_changes_nothing() -> None:
    first = bid("15:59", "A", "50", id="x")
    told = play(
        first,
        bid("15:59:10", "B", "40"),
        first | {"at": moment("15:59:20")},
        bid("15:59:30", "A", "50", id="y"),
    )
    assert told.outcomes[2] == told.outcomes[0] | {"step": 2}
    assert told.codes[3] == "DECREMENT"
    assert len([row for row in told.events if type(row).__name__ == "BidPlaced"]) == 2


def test_a_refusal_and_a_command_of_the_host_are_repeated_as_they_were() -> None:
    refused, paused = bid("14:00", "A", "50", id="x"), host("15:10", "pause", lot="L1", id="x")
    told = play(
        refused,
        refused | {"at": moment("15:05")},
        paused,
        host("15:11", "resume"),
        paused | {"at": moment("15:12")},
    )
    assert told.outcomes[1] == told.outcomes[0] | {"step": 1}
    assert told.outcomes[4] == told.outcomes[2] | {"step": 4}
    assert told.lots["L1"]["status"] == "closed"


def test_the_same_id_with_other_content_is_a_bad_command_before_anything_else() -> None:
    told = play(
        bid("15:01", "A", "50", id="x"),
        bid("15:02", "A", "49", id="x"),
        bid("15:02", "A", "50", id="x", lot="L9"),
        bid("15:03", "B", "49", id="x"),
        bid("15:04", "A", "50", id="x"),
    )
    assert told.codes == ["ok", "BAD_COMMAND", "BAD_COMMAND", "ok", "ok"]
    assert told.outcomes[4] == told.outcomes[0] | {"step": 4}


def test_what_other_formats_know_is_a_bad_command_here_whoever_says_it() -> None:
    steps = [
        {"at": moment("15:01"), "by": by, "do": do, "lot": lot}
        for by in ("A", "Z", "host")
        for do in ("accept", "withdraw")
        for lot in ("L1", "L9")
    ]
    assert set(play(*steps).codes) == {"BAD_COMMAND"}


def proxy(clock: str, by: str, lot: str = "L1") -> Plain:
    return {"at": moment(clock), "by": by, "do": "proxy", "lot": lot, "limit": "5"}


def test_a_proxy_is_not_available_yet_where_the_rules_would_allow_it() -> None:
    told = play(
        proxy("14:00", "A"),
        proxy("15:01", "A"),
        proxy("15:01", "A", "L9"),
        proxy("15:01", "Z"),
        host("15:01", "void", vendor="A", lot="L1"),
    )
    assert told.codes == ["NOT_ALLOWED", "NOT_ALLOWED", "UNKNOWN_LOT", "UNKNOWN_VENDOR", "NOT_ALLOWED"]


def test_where_the_rules_allow_no_proxy_one_is_judged_as_such() -> None:
    told = play(
        proxy("14:00", "A"),
        proxy("15:01", "A"),
        proxy("15:01", "host"),
        host("15:02", "suspend", vendor="A"),
        proxy("15:03", "A"),
        proxy("16:01", "B"),
        rules={"proxy": False},
    )
    assert told.codes == ["NOT_OPEN", "PROXY_NOT_ALLOWED", "NOT_ALLOWED", "ok", "NOT_ADMITTED", "CLOSED"]


def test_an_unknown_vendor_comes_before_what_the_sender_may_not_do() -> None:
    told = play(
        host("15:01", "suspend", vendor="Z") | {"by": "A"},
        host("15:01", "suspend", vendor="B") | {"by": "A"},
        host("15:01", "void", vendor="Z", lot="L1"),
        host("15:01", "suspend", vendor="Z", id="s"),
        host("15:01", "suspend", vendor="A", id="s"),
    )
    assert told.codes == ["UNKNOWN_VENDOR", "NOT_ALLOWED", "UNKNOWN_VENDOR", "UNKNOWN_VENDOR", "BAD_COMMAND"]


def test_strangers_are_answered_and_not_written() -> None:
    told = play(bid("15:01", "Z", "5"), host("15:01", "pause", lot="L9") | {"by": "Z"}, proxy("15:01", "Z"))
    assert told.codes == ["UNKNOWN_VENDOR", "UNKNOWN_LOT", "UNKNOWN_VENDOR"]
    assert "CommandRefused" not in {type(each).__name__ for each in told.events}
