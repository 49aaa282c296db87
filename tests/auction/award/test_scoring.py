"""The whole evaluation: the quick way equals the plain way, losers are thought away, ties, gates, flags and preferences hold."""

from __future__ import annotations

from fractions import Fraction
from statistics import median
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auction.award import bids, draw
from auction.award.scoring import Withdrawal, evaluate
from auction.terms import plan
from auction.terms.faults import Reading
from auction.terms.price_rule import FORMULAS
from tests.auction.award.cases import evaluated
from tests.auction.award.naive_scoring import keys, winner, withdrawals
from tests.auction.award.test_price_formulas import PARAMETERS, WORTHS

SEEDS: dict[str, Any] = {"algorithm": "sha256", "seeds": [[9319], [2, 5, 12]]}
KINDS = ("percent_of_lowest_other", "multiplier", "foreign_factor", "within_percent")


def prices(**given: str) -> dict[str, Any]:
    """Bids that are prices alone."""
    return {name: {"price": price} for name, price in given.items()}


@st.composite
def drawn_cases(draws: st.DrawFn, formula: str) -> dict[str, Any]:
    """Small cases full of ties, with preferences, rounding and rules for ties."""
    worth, most, under = WORTHS.get(formula, ("weight", "40", 1))
    flags = st.lists(st.sampled_from(["small_business", "domestic"]), unique=True)
    made = {
        f"B{n}": {
            "price": str(draws(st.integers(3, 9)) * 100),
            "scores": {"quality": f"{draws(st.sampled_from((25, 50, 75)))}/{under}"},
            "flags": draws(flags),
        }
        for n in range(draws(st.integers(1, 7)))
    }
    case: dict[str, Any] = {
        "price": {"formula": formula, **PARAMETERS},
        "criteria": [{"id": "quality", worth: most}],
        "preferences": [
            {"kind": kind, "percent": str(draws(st.sampled_from((5, 10)))), "applies_to": flag}
            for kind, flag in draws(
                st.lists(
                    st.tuples(st.sampled_from(KINDS), st.sampled_from(("small_business", "domestic"))),
                    max_size=2,
                )
            )
        ],
        "bids": made,
    }
    if draws(st.booleans()):
        mode = draws(st.sampled_from(("half_up", "half_even")))
        case["price"]["round"] = {"places": draws(st.integers(0, 1)), "mode": mode}
    if draws(st.booleans()):
        case |= {"ties": ["small_business", "lot_draw"], "draw": SEEDS}
    return case


@pytest.mark.parametrize("formula", FORMULAS)
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_the_quick_evaluation_equals_the_plain_one(formula: str, data: st.DataObject) -> None:
    case = data.draw(drawn_cases(formula))
    read = Reading()
    rules = plan.read_plan(read, case)
    lots = draw.parse(read, "draw", case["draw"]) if "draw" in case else None
    made = bids.parse(read, case["bids"], rules)
    assert read.faults == []
    found = evaluate(rules, made, lots)
    assert {name: score.key for name, score in found.scores.items()} == keys(rules, made)
    assert (found.winner.id if found.winner else None) == winner(rules, made, lots)[0]
    assert {name: each.winner for name, each in found.withdrawal.items()} == withdrawals(rules, made, lots)


def test_the_cheapest_wins_where_nothing_else_counts() -> None:
    found = evaluated({"bids": prices(A="10.10", B="10.09", C="11")})
    assert found.ranks == {"B": 1, "A": 2, "C": 3}
    assert found.winner is not None and found.winner.offered == Fraction("10.09")
    assert not any(each.changes for each in found.withdrawal.values()) and {*found.withdrawal} == {"A", "C"}


def test_a_tie_without_rules_names_no_winner_and_a_third_bid_is_third() -> None:
    found = evaluated({"bids": prices(A="10", B="10", C="11")})
    assert (found.winner, found.tie, found.ranks) == (None, ("A", "B"), {"A": 1, "B": 1, "C": 3})
    assert found.withdrawal == {"C": Withdrawal(None, False)}


@pytest.mark.parametrize(("mode", "winner"), [("half_even", None), ("half_up", "A")])
def test_points_around_a_mean_are_rounded_alike_when_a_loser_leaves(mode: str, winner: str | None) -> None:
    rule = {"formula": "mean_plus_minus", "base": "50", "round": {"places": 0, "mode": mode}}
    # Without C the mean is 200, and A and B lie half a point above and below fifty.
    found = evaluated({"price": rule, "bids": prices(A="199", B="201", C="400")})
    assert found.withdrawal["C"].winner == winner


def test_ties_are_settled_in_the_published_order_and_lots_come_last() -> None:
    case = {"ties": ["small_business", "quality", "lot_draw"], "bids": prices(A="10", B="10", C="10")}
    assert evaluated(case).winner is None
    assert evaluated({**case, "draw": SEEDS}).winner is not None
    case["bids"]["C"]["flags"] = ["small_business"]  # type: ignore[index]
    assert evaluated(case).ranks["C"] == 1


def test_a_drawn_order_depends_on_the_seeds_alone() -> None:
    case = {"ties": ["lot_draw"], "bids": prices(C="10", A="10", B="10")}
    turned = {**case, "bids": prices(A="10", B="10", C="10")}
    ranks = [
        evaluated({**each, "draw": {"seeds": [[seed]]}}).ranks for seed in range(6) for each in (case, turned)
    ]
    assert ranks[::2] == ranks[1::2]
    assert len({min(each, key=each.__getitem__) for each in ranks}) > 1


@pytest.mark.parametrize(
    ("rule", "first", "second"),
    [
        ("nearest", {"distance": "5"}, {"distance": "50"}),
        ("earliest_delivery", {"delivery_days": "3"}, {"delivery_days": "4"}),
        ("earliest_bid", {"received": "2026-03-02T15:00:00Z"}, {"received": "2026-03-02T15:00:01Z"}),
        ("previous_award", {"flags": ["previous_award"]}, {}),
        ("in_state", {"flags": ["in_state"]}, {}),
        ("nearest", {"flags": ["nearest"]}, {"distance": "1"}),
    ],
)
def test_every_rule_for_ties_finds_its_bid(rule: str, first: Any, second: Any) -> None:
    made = {"B": {"price": "10", **second}, "A": {"price": "10", **first}}
    assert evaluated({"ties": [rule, "lot_draw"], "bids": made}).ranks == {"A": 1, "B": 2}


def test_a_threshold_keeps_a_bid_out_before_prices_are_looked_at() -> None:
    case: dict[str, Any] = {
        "price": {"formula": "relative_lowest", "points": "60"},
        "criteria": [{"id": "quality", "weight": "40", "threshold": "70"}],
        "bids": {
            "A": {"price": "10", "scores": {"quality": "69.99"}},
            "B": {"price": "20", "scores": {"quality": "70"}},
            "C": {"price": "30", "scores": {"quality": "90"}, "disqualified": "late"},
        },
    }
    found = evaluated(case)
    assert found.refused == {"A": "quality: 69.99 is below the threshold of 70", "C": "late"}
    assert found.scores["B"].price_points == 60
    assert found.flags == ("lone_bid",)


def test_groups_and_the_total_have_thresholds_too() -> None:
    tree = [
        {"id": "delivery", "weight": "50"},
        {"id": "service", "weight": "50", "scale": {"kind": "yes_no"}},
    ]
    case: dict[str, Any] = {
        "price": {"formula": "relative_lowest", "points": "60"},
        "criteria": [{"id": "technical", "weight": "40", "criteria": tree, "threshold": "60"}],
        "bids": {
            "A": {"price": "10", "scores": {"delivery": "30", "service": "no"}},
            "B": {"price": "20", "scores": {"delivery": "20", "service": "yes"}},
        },
    }
    found = evaluated(case)
    assert {*found.refused} == {"A"}
    assert found.scores["B"].total == 84
    assert {*evaluated({**case, "threshold": "61"}).refused} == {"A", "B"}


def test_identical_lone_and_very_low_bids_are_flagged() -> None:
    assert evaluated({"bids": prices(A="10")}).flags == ("lone_bid",)
    assert evaluated({"bids": prices(A="10", B="10.0")}).flags == ("identical_bids",)
    assert evaluated({"bids": prices(A="100", B="49", C="100.5", D="99")}).flags == ("abnormally_low:B",)
    assert evaluated({"bids": prices(A="100", B="50", C="100", D="99")}).flags == ("identical_bids",)
    assert evaluated({"bids": {"A": {"disqualified": "late"}}}).winner is None


@given(st.lists(st.integers(1, 99), min_size=3, max_size=9))
def test_very_low_is_below_half_the_median_of_all_the_others(drawn: list[int]) -> None:
    found = evaluated({"bids": {f"B{n}": {"price": str(price)} for n, price in enumerate(drawn)}})
    low = {f"B{n}" for n, price in enumerate(drawn) if 2 * price < median(drawn[:n] + drawn[n + 1 :])}
    assert {flag.split(":")[1] for flag in found.flags if flag.startswith("abnormally")} == low


def preferred(*preferences: dict[str, str], **given: tuple[str, str]) -> Any:
    """Bids with a price and flags, under preferences."""
    made = {name: {"price": price, "flags": flags.split()} for name, (price, flags) in given.items()}
    return evaluated({"preferences": list(preferences), "bids": made})


def five(flag: str = "sb", kind: str = "percent_of_lowest_other", **more: str) -> dict[str, str]:
    """A preference of five percent."""
    return {"kind": kind, "percent": "5", "applies_to": flag, **more}


def price_of(found: Any, name: str) -> Fraction:
    """A bid's evaluated price."""
    price: Fraction = found.scores[name].evaluated_price
    return price


def test_a_preference_comes_off_the_preferred_only_and_never_off_the_contract_price() -> None:
    found = preferred(five(), A=("10000", ""), B=("10400", "sb"), C=("10200", ""))
    assert (price_of(found, "A"), price_of(found, "B"), price_of(found, "C")) == (10000, 9900, 10200)
    assert found.winner.id == "B" and found.winner.offered == 10400


def test_a_preference_is_capped_skipped_for_a_preferred_lowest_and_wins_its_tie() -> None:
    assert price_of(preferred(five(cap="100"), A=("10000", ""), B=("10400", "sb")), "B") == 10300
    assert price_of(preferred(five(), A=("10000", ""), B=("9999", "sb"), C=("10100", "sb")), "C") == 10100
    assert price_of(preferred(five(), A=("10000", ""), B=("10000", "sb"), C=("10100", "sb")), "C") == 10100
    assert preferred(five(), A=("10000", ""), B=("10500", "sb")).winner.id == "B"


def test_a_multiplier_takes_from_the_own_price_and_does_not_win_ties() -> None:
    found = preferred(five(kind="multiplier"), A=("9500", ""), B=("10000", "sb"))
    assert price_of(found, "B") == 9500 and found.winner is None


def test_a_foreign_offer_is_raised_only_while_a_domestic_one_competes() -> None:
    factor = five("domestic", "foreign_factor")
    assert price_of(preferred(factor, A=("100", ""), B=("105", "domestic")), "A") == 105
    assert preferred(factor, A=("100", ""), B=("105", "domestic")).winner.id == "B"
    assert price_of(preferred(factor, A=("100", ""), B=("105", "")), "A") == 100


def test_within_a_percentage_of_the_low_bid_a_preferred_one_goes_first() -> None:
    near = five(kind="within_percent")
    assert preferred(near, A=("1000", ""), B=("1049", "sb")).winner.id == "B"
    assert preferred(near, A=("1000", ""), B=("1050", "sb")).winner.id == "B"
    assert preferred(near, A=("1000", ""), B=("1051", "sb")).winner.id == "A"
    assert price_of(preferred(near, A=("1000", ""), B=("1051", "sb")), "B") == 1051


def test_several_percentages_add_up_and_do_not_compound() -> None:
    both = (five("sb", "multiplier"), five("local", "multiplier"))
    assert price_of(preferred(*both, A=("1000", "sb local"), B=("2000", "")), "A") == 900


def test_lines_sum_to_the_price() -> None:
    lines = [{"quantity": "3", "unit_price": "0.3333"}, {"quantity": "2.5", "unit_price": "10"}]
    found = evaluated({"bids": {"A": {"lines": lines}}})
    assert found.winner is not None and found.winner.offered == Fraction("25.9999")
    marked = [{"id": "1", **lines[0]}, lines[1]]
    assert evaluated({"bids": {"A": {"lines": marked, "price": "25.9999"}}}).winner is not None


def test_no_discount_at_a_rate_of_zero_and_residuals_come_off() -> None:
    costs = {"capex": "1000", "opex": "10", "end_of_life": "50", "residual": "200"}
    found = evaluated({"life_cycle": {"kind": "npv", "rate": "0", "years": 3}, "bids": {"A": costs}})
    assert price_of(found, "A") == 880 and found.winner is not None and found.winner.offered == 1000


def test_stated_kwh_cost_what_they_cost() -> None:
    rule = {"kind": "energy", "energy_price": "0.15"}
    assert (
        price_of(evaluated({"life_cycle": rule, "bids": {"A": {"price": "700", "kwh": "1000"}}}), "A") == 850
    )
