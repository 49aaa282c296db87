"""Every worked number of the rule card is what the engine does: good as told, and one tick worse refused."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from auction.live.rule_card import card
from auction.terms.rules import parse
from tests.auction.stage import OPEN, Plain, bid, play

DECREMENTS: list[Plain] = [
    {"base": base, **size}
    for base in ("own", "lead")
    for size in (
        {},
        {"amount": "5"},
        {"percent": "0.5"},
        {"percent": "0.33", "amount": "7"},
        {"tiers": [{"above": "500", "amount": "20"}, {"above": "0", "amount": "1"}]},
    )
]


def sentences(example: str | None = None, **members: Any) -> str:
    rules = parse({"format": "english", "visibility": OPEN, **members})
    return " ".join(sentence for section in card(rules, example) for sentence in section.sentences)


def one(pattern: str, text: str) -> tuple[str, ...]:
    found = re.search(pattern, text)
    assert found is not None, (pattern, text)
    return tuple(group.rstrip(".") for group in found.groups())


def worse(amount: str, by: str = "0.01") -> str:
    return f"{Decimal(amount) + Decimal(by)}"


@pytest.mark.parametrize("example", [None, "1234.56"])
@pytest.mark.parametrize("decrement", DECREMENTS, ids=str)
def test_the_step_down_told_is_good_and_one_tick_less_is_refused(
    decrement: Plain, example: str | None
) -> None:
    rules = {"decrement": decrement, "visibility": OPEN}
    text = sentences(example, decrement=decrement)
    if decrement["base"] == "own":
        start, good = one(r"from ([\d.]+) to ([\d.]+) or lower", text)
        told = play(
            bid("15:01", "A", start), bid("15:02", "A", worse(good)), bid("15:03", "A", good), rules=rules
        )
    else:
        start, good = one(r"lead at ([\d.]+), bid ([\d.]+) or lower", text)
        told = play(
            bid("15:01", "A", start), bid("15:02", "B", worse(good)), bid("15:03", "B", good), rules=rules
        )
    assert told.codes == ["ok", "DECREMENT", "ok"]
    assert told.nexts[1] == good


@pytest.mark.parametrize("change", ["50", "33.3", "7.77"])
@pytest.mark.parametrize("base", ["own", "lead"])
@pytest.mark.parametrize("undercut", [True, False])
def test_the_lowest_amount_told_is_good_and_one_tick_lower_goes_too_far(
    change: str, base: str, undercut: bool
) -> None:
    members: Plain = {"decrement": {"base": base}, "max_change_percent": change}
    start, least = one(
        r"at most [\d.]+ %: from ([\d.]+) to no lower than ([\d.]+)",
        sentences("1234.56", **members, self_undercut=undercut),
    )
    rules = members | {"visibility": OPEN}
    told = play(
        bid("15:01", "A", start),
        bid("15:02", "A", worse(least, "-0.01")),
        bid("15:03", "A", least),
        rules=rules,
    )
    assert (told.codes, told.nexts[1]) == (["ok", "TOO_FAR", "ok"], least)


@pytest.mark.parametrize("change", ["30", "12.34"])
def test_from_the_amount_told_on_a_confirmation_is_asked_for(change: str) -> None:
    (asked,) = one(
        r"\(([\d.]+) or lower\) you are asked", sentences("1234.56", confirm_change_percent=change)
    )
    told = play(
        bid("15:01", "A", "1234.56"),
        bid("15:02", "A", asked, confirm=False),
        bid("15:03", "A", worse(asked), confirm=False),
        rules={"confirm_change_percent": change},
    )
    assert told.codes == ["ok", "NEEDS_CONFIRM", "ok"]


def test_the_margin_told_takes_the_lead_and_one_tick_less_does_not() -> None:
    lead, good = one(r"vendor at ([\d.]+), bid at most ([\d.]+)", sentences(lead_buffer="5"))
    rules = {"lead_buffer": "5", "visibility": OPEN}
    told = play(bid("15:01", "A", lead), bid("15:02", "B", worse(good)), bid("15:03", "B", good), rules=rules)
    assert (told.codes, told.nexts[1]) == (["ok", "LEAD_BUFFER", "ok"], good)


def test_the_ceiling_told_is_good_and_one_tick_more_is_not() -> None:
    (ceiling,) = one(r"above the ceiling of ([\d.]+\d)", sentences(ceiling="95"))
    assert play(
        bid("15:01", "A", worse(ceiling)), bid("15:01", "A", ceiling), rules={"ceiling": "95"}
    ).codes == [
        "ABOVE_CEILING",
        "ok",
    ]


@pytest.mark.parametrize(
    "rule", [{}, {"from": "close"}, {"window_s": 600, "extension_s": 60}, {"extension_s": 301}]
)
def test_the_overtime_told_is_the_overtime_had(rule: Plain) -> None:
    closes, at, moved = one(
        r"closes at ([\d:]+) gets such a bid at ([\d:]+); it then closes at ([\d:]+)",
        sentences(overtime=rule),
    )
    day = "2026-03-02T"
    told = play(
        bid(at, "A", "5"), rules={"overtime": rule}, opens=f"{day}00:00:00Z", closes=f"{day}{closes}Z"
    )
    assert told.closes() == moved


def test_what_is_not_available_yet_is_said_and_what_is_not_allowed_too() -> None:
    assert "proxy bids, but they are not available yet" in sentences()
    assert "Proxy bids are not allowed in this event" in sentences(proxy=False)


@pytest.mark.parametrize("example", ["0.01", "0.02", "999999999999.99", None])
@pytest.mark.parametrize("tick", ["0.01", "5", "0.25"])
def test_a_card_is_written_for_any_price_and_tick(example: str | None, tick: str) -> None:
    for members in ({}, {"self_undercut": False}, {"rank_by": "adjusted"}, {"max_change_percent": "100"}):
        text = sentences(example, tick=tick, **members)
        assert "None" not in text
        assert "-" not in re.sub(r"[a-z]-[a-z]", "", text)
