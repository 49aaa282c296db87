"""A rule set is read whole, with every fault at once and its path, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from auction.terms.defaults import DEFAULTS
from auction.terms.rules import PERCENT, BadRules, Rules, parse

TELLING = {"lead": "always", "lead_min_vendors": 1}


def rules(**members: Any) -> Rules:
    return parse({"format": "english", **members})


def paths(**members: Any) -> list[str]:
    """The paths of all faults."""
    try:
        rules(**members)
    except BadRules as bad:
        return [fault.path for fault in bad.faults]
    return []


def test_what_is_left_out_takes_the_default_of_the_rulebook() -> None:
    plain = rules()
    assert (plain.tick, plain.ceiling, plain.ties, plain.self_undercut) == (10_000, None, "first", True)
    assert (plain.decrement.base, plain.decrement.percent, plain.decrement.amount) == (
        "own",
        PERCENT // 2,
        None,
    )
    assert (plain.max_change, plain.confirm_change) == (50 * PERCENT, 30 * PERCENT)
    assert (plain.overtime.window, plain.overtime.extension) == (
        timedelta(seconds=180),
        timedelta(seconds=180),
    )
    assert (plain.overtime.counted_from, plain.overtime.trigger_rank, plain.overtime.scope) == (
        "receipt",
        1,
        "lot",
    )
    assert (plain.closing.mode, plain.closing.gap, plain.closing.min_gap) == (
        "staggered",
        timedelta(seconds=300),
        timedelta(seconds=180),
    )
    seen = plain.visibility
    assert (seen.rank, seen.lead, seen.lead_min_vendors, seen.count) == (True, "after_first_bid", 3, False)
    assert (seen.history, seen.buyer_sees_names, seen.public, seen.names_at) == (
        False,
        False,
        "nothing",
        "award",
    )
    assert (plain.rank_by, plain.proxy, plain.min_vendors) == ("price", True, 2)
    assert (plain.notice, plain.fault) == (timedelta(seconds=120), timedelta(seconds=15))


def test_members_of_overtime_closing_and_visibility_take_their_defaults_one_by_one() -> None:
    made = rules(overtime={"window_s": 60}, closing={"gap_s": 10}, visibility={"rank": False})
    assert made.overtime.window == timedelta(seconds=60)
    assert made.overtime.extension == timedelta(seconds=180)
    assert (made.closing.mode, made.closing.min_gap) == ("staggered", timedelta(seconds=180))
    assert (made.visibility.rank, made.visibility.lead_min_vendors) == (False, 3)
    assert rules(closing={"mode": "serial"}).closing.gap == timedelta()


def test_a_decrement_is_used_as_given_and_not_merged_with_the_default() -> None:
    assert rules(decrement={"base": "own", "amount": "5"}).decrement.percent is None
    assert rules(decrement={"base": "own"}).decrement.percent is None


def test_every_member_of_the_rulebook_can_be_written_out_with_its_default() -> None:
    assert parse({"format": "english", **DEFAULTS}).hash == rules().hash


@pytest.mark.parametrize("proxy", [True, False])
def test_whether_proxy_bids_are_allowed_may_be_said_either_way(proxy: bool) -> None:
    assert rules(proxy=proxy).proxy is proxy


def test_the_hash_stands_for_the_whole_value() -> None:
    assert rules().hash == rules(ties="first").hash
    assert rules().hash != rules(ties="equal_best").hash
    assert parse(rules(ties="equal_best").raw).hash == rules(ties="equal_best").hash


def test_a_hard_stop_is_an_instant() -> None:
    stop = rules(overtime={"hard_stop": "2026-03-02T15:00:00-05:00"}).overtime.hard_stop
    assert stop == datetime(2026, 3, 2, 20, tzinfo=UTC)


WRONG: list[tuple[list[str], dict[str, Any]]] = [
    (["colour"], {"colour": "blue"}),
    (["format"], {"format": "sealed"}),
    (["format"], {"format": "auction"}),
    (["rounds"], {"rounds": {"count": 3}}),
    (["format", "japanese"], {"format": "japanese", "japanese": {"start": "9", "step": "1"}}),
    (["format", "rank_by"], {"format": "japanese", "rank_by": "adjusted"}),
    (["format", "rank_by"], {"format": "dutch", "rank_by": "adjusted"}),
    (["tick"], {"tick": "0"}),
    (["tick"], {"tick": 1}),
    (["tick"], {"tick": "0.0000001"}),
    (["ceiling"], {"ceiling": "-1"}),
    (["ceiling"], {"ceiling": 95}),
    (["reserve_commitment"], {"reserve_commitment": "abc"}),
    (["decrement"], {"decrement": "5"}),
    (["decrement.base"], {"decrement": {"base": "best"}}),
    (["decrement.amount"], {"decrement": {"base": "own", "amount": 5}}),
    (["decrement.percent"], {"decrement": {"base": "own", "percent": "-1"}}),
    (["decrement.percent"], {"decrement": {"base": "own", "percent": 0.5}}),
    (["decrement.step"], {"decrement": {"base": "own", "step": "1"}}),
    (
        ["decrement.tiers"],
        {"decrement": {"base": "own", "amount": "1", "tiers": [{"above": "5", "amount": "1"}]}},
    ),
    (
        ["decrement.tiers"],
        {"decrement": {"base": "own", "percent": "1", "tiers": [{"above": "5", "amount": "1"}]}},
    ),
    (["decrement.tiers"], {"decrement": {"base": "own", "tiers": []}}),
    (["decrement.tiers[0].amount"], {"decrement": {"base": "own", "tiers": [{"above": "0"}]}}),
    (["max_change_percent"], {"max_change_percent": "101"}),
    (["max_change_percent"], {"max_change_percent": "0.5"}),
    (
        ["max_change_percent"],
        {"max_change_percent": "3", "decrement": {"base": "own", "amount": "1", "percent": "5"}},
    ),
    (["confirm_change_percent"], {"confirm_change_percent": 30}),
    (["lead_buffer"], {"lead_buffer": "0", "visibility": TELLING}),
    (["ties"], {"ties": "none"}),
    (["self_undercut"], {"self_undercut": "yes"}),
    (["self_undercut"], {"self_undercut": 1}),
    (["overtime.window_s"], {"overtime": {"window_s": "180"}}),
    (["overtime.window_s"], {"overtime": {"window_s": -1}}),
    (["overtime.window_s"], {"overtime": {"window_s": True}}),
    (["overtime.trigger_rank"], {"overtime": {"trigger_rank": 0}}),
    (["overtime.from"], {"overtime": {"from": "now"}}),
    (["overtime.scope"], {"overtime": {"scope": "event"}}),
    (["overtime.hard_stop"], {"overtime": {"hard_stop": "2026-03-02 15:00"}}),
    (["overtime.limit"], {"overtime": {"limit": 3}}),
    (["closing.mode"], {"closing": {"mode": "random"}}),
    (["closing.gap_s"], {"closing": {"mode": "parallel", "gap_s": 60}}),
    (["closing.min_gap_s"], {"closing": {"mode": "serial", "min_gap_s": 60}}),
    (["visibility.lead"], {"visibility": {"lead": True}}),
    (["visibility.public"], {"visibility": {"public": "all"}}),
    (["visibility.names_at"], {"visibility": {"names_at": "open"}}),
    (["visibility.lead_min_vendors"], {"visibility": {"lead_min_vendors": 1.0}}),
    (["rank_by"], {"rank_by": "quality"}),
    (["proxy"], {"proxy": "no"}),
    (["min_vendors"], {"min_vendors": "2"}),
    (["notice_s"], {"notice_s": 1.5}),
    (["fault_s"], {"fault_s": None}),
    (["decrement.base"], {"decrement": {"base": "lead", "amount": "1"}}),
    (
        ["decrement.base"],
        {"decrement": {"base": "lead"}, "visibility": {"lead": "always", "lead_min_vendors": 2}},
    ),
    (["lead_buffer"], {"lead_buffer": "1", "visibility": {"lead": "after_first_bid", "lead_min_vendors": 0}}),
    (["ties"], {"ties": "refuse", "visibility": {"lead": "never", "lead_min_vendors": 0}}),
]


@pytest.mark.parametrize(
    ("expected", "members"), WRONG, ids=[f"{n}-{each[0][0]}" for n, each in enumerate(WRONG)]
)
def test_what_cannot_be_kept_is_refused_with_its_path(expected: list[str], members: dict[str, Any]) -> None:
    assert sorted(paths(**members)) == sorted(expected)


def test_rules_whose_refusals_tell_the_lead_need_that_everybody_may_see_it() -> None:
    telling = {"decrement": {"base": "lead", "amount": "1"}, "lead_buffer": "2", "ties": "refuse"}
    assert set(paths(**telling)) == {"decrement.base", "lead_buffer", "ties"}
    for least in (0, 1):
        assert paths(**telling, visibility={"lead": "always", "lead_min_vendors": least}) == []


def test_all_faults_are_named_at_once_each_under_the_given_path() -> None:
    with pytest.raises(BadRules) as bad:
        parse({"tick": 1, "colour": 1, "overtime": {"from": 1}, "closing": []}, "rules")
    assert {fault.path for fault in bad.value.faults} == {
        "rules.format",
        "rules.tick",
        "rules.colour",
        "rules.overtime.from",
        "rules.closing",
    }
    assert all(fault.message for fault in bad.value.faults)


@pytest.mark.parametrize("value", [None, [], "english", 5])
def test_what_is_no_object_is_no_rule_set(value: object) -> None:
    with pytest.raises(BadRules):
        parse(value)


def test_a_maximum_change_of_everything_and_steps_of_nothing_are_fine() -> None:
    assert (
        paths(max_change_percent="100", confirm_change_percent="0", decrement={"base": "own", "percent": "0"})
        == []
    )


def test_rules_are_frozen() -> None:
    with pytest.raises(AttributeError):
        rules().tick = 1  # type: ignore[misc]
