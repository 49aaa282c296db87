"""Allocations: as cheap as another solver finds, exactly checked, bounded from below, explained, and settled when equal."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from time import monotonic
from typing import Any

import msgspec
import pytest

from auction.award import explaining
from auction.award.allocating import NotExact, Outcome, allocate, certified_bound, independent
from auction.award.allocation import Allocation, cost
from auction.award.allocation_check import broken
from auction.award.allocation_model import AllocationModel
from auction.award.certificate import certified
from auction.award.clash import _bare, _possible
from auction.award.explaining import Found
from auction.award.integer_model import Model, Solution
from auction.award.market import Market, parse
from server.evaluation.allocate import tell
from server.solver import Highs
from tests.server.evaluation.another_solver import cheapest
from tests.server.evaluation.markets import cooperative, small

ROUNDS, A_ROUND = 10, 20


def highs(seconds: float = 60) -> Highs:
    """A solver with a minute."""
    return Highs(seconds, monotonic)


def found(case: dict[str, Any]) -> tuple[Market, Outcome]:
    """A market and its allocation."""
    market = parse(case)
    return market, allocate(market, highs())


def offer(name: str, lots: str, price: str, vendor: str = "", **more: Any) -> dict[str, Any]:
    """An offer of a vendor of its own, unless said otherwise."""
    return {"id": name, "vendor": vendor or name.upper(), "lots": lots.split(), "price": price, **more}


def market_of(lots: str, *offers: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A market of lots, with a reserve after a colon."""
    named = [lot.split(":") for lot in lots.split()]
    return {
        "lots": [{"id": each[0]} | ({"reserve": each[1]} if each[1:] else {}) for each in named],
        "offers": list(offers),
        **more,
    }


@pytest.mark.parametrize("part", range(ROUNDS))
def test_another_solver_finds_nothing_cheaper_in_two_hundred_markets(part: int) -> None:
    for seed in range(part * A_ROUND, (part + 1) * A_ROUND):
        market, outcome = found(small(seed))
        assert outcome.status in ("optimal", "infeasible")
        assert outcome.cost == cheapest(market), seed
        if outcome.cost is not None:
            bound = certified_bound(market, highs())
            assert bound is not None and bound <= outcome.cost, seed


def test_a_rule_left_out_of_the_model_is_found_by_the_check() -> None:
    """The check knows every rule by itself: the cheapest allocation without a rule breaks that rule or none."""
    seen = set()
    for seed in range(150):
        market = parse(small(seed))
        for name, without in explaining.lifted(market.rules):
            answer = explaining.cheapest(msgspec.structs.replace(market, rules=without), highs())
            if answer is not None:
                faults = broken(market, answer.allocation)
                assert all(fault.startswith(name) for fault in faults), (seed, name, faults)
                seen |= {fault.split("[")[0].split(".")[-1] for fault in faults}
    assert seen >= {"max_winners", "min_winners", "max_spend", "min_spend", "must_win", "must_not_win"}
    assert seen >= {"budgets", "capacities", "set_aside", "max_suppliers_per_lot", "conditional", "exclusive"}


def test_an_answer_that_breaks_a_rule_is_never_used() -> None:
    class Liar(Highs):
        def solve(self, model: Model) -> Solution:
            return Solution("optimal", tuple(0 for _ in model.columns), Fraction(0))

    market = parse(market_of("L1 L2", offer("a", "L1 L2", "10")))
    with pytest.raises(NotExact, match=r"lots\.L1, lots\.L2"):
        allocate(market, Liar(60, monotonic))


def test_independent_lots_need_no_solver() -> None:
    class Nobody(Highs):
        def solve(self, model: Model) -> Solution:
            raise AssertionError("nobody is to be asked")

    case = market_of(
        "L1 L2:50 L3:40",
        offer("a", "L1", "10"),
        offer("b", "L1", "10.01"),
        offer("c", "L2", "60"),
        offer("d", "L3", "30"),
    )
    case["rules"] = {"switching": [{"lot": "L1", "incumbent": "B", "cost": "0.02"}]}
    market = parse(case)
    assert independent(market)
    outcome = allocate(market, Nobody(60, monotonic))
    assert outcome.allocation == Allocation(frozenset({"b", "d"}), {})
    assert (outcome.cost, outcome.bound, outcome.tie) == (Fraction("90.01"), Fraction("90.01"), False)
    assert certified_bound(market, Nobody(60, monotonic)) == Fraction("90.01")


def test_lot_by_lot_and_the_model_agree() -> None:
    for seed in range(30):
        case = small(seed)
        case["offers"] = [{**each, "lots": each["lots"][:1]} for each in case["offers"]]
        case |= {"shares": [], "rules": {k: v for k, v in case["rules"].items() if k == "switching"}}
        for each in case["offers"]:
            each.pop("xor", None)
        market, outcome = found(case)
        assert independent(market) and outcome.cost == cheapest(market)


def test_bundles_are_taken_whole_and_alternatives_once() -> None:
    bundle = offer("ab", "L1 L2", "18", "V")
    singles = offer("a", "L1", "10", "A"), offer("b", "L2", "9", "B")
    _, outcome = found(market_of("L1 L2", bundle, *singles))
    assert outcome.allocation == Allocation(frozenset({"ab"}), {}) and outcome.cost == 18
    either = [{**each, "vendor": "V", "xor": "g"} for each in singles]
    _, outcome = found(market_of("L1 L2", *either, offer("c", "L2", "20", "C"), offer("d", "L1", "30", "D")))
    assert outcome.allocation == Allocation(frozenset({"a", "c"}), {})


def test_a_lot_is_never_awarded_above_its_reserve_even_if_somebody_must_win() -> None:
    case = market_of("L1:10", offer("a", "L1", "10.01"))
    assert found(case)[1].cost == 10
    case["rules"] = {"min_winners": 1}
    assert found(case)[1].status == "infeasible"
    assert found(market_of("L1:10", offer("a", "L1", "10")))[1].allocation == Allocation(frozenset({"a"}), {})
    split = market_of(
        "L1:10", shares=[{"vendor": v, "lot": "L1", "price": "10.01", "max": "0.5"} for v in "AB"]
    )
    assert found(split)[1].cost == 10


def test_a_lot_without_a_reserve_must_be_awarded() -> None:
    assert found(market_of("L1 L2", offer("a", "L1", "10")))[1].clashing == ("lots.L2",)


def test_shares_are_whole_percents_within_their_limits() -> None:
    shares = [
        {"vendor": "A", "lot": "L1", "price": "100", "min": "0.2", "max": "0.655"},
        {"vendor": "B", "lot": "L1", "price": "110", "min": "0.301"},
    ]
    market, outcome = found(market_of("L1", shares=shares))
    assert outcome.allocation is not None
    assert outcome.allocation.shares == {("A", "L1"): 65, ("B", "L1"): 35}
    assert outcome.cost == Fraction("103.5")
    rows = tell(market, outcome)["awards"]
    assert [(row["share"], row["price"]) for row in rows] == [("0.65", "65"), ("0.35", "38.5")]


def test_a_rebate_is_on_all_the_spend_from_the_tier_on() -> None:
    tiers = {"vendors": {"V": {"tiers": [{"from": "100", "percent": "10"}]}}}
    offers = offer("a", "L1", "60", "V"), offer("b", "L2", "40", "V"), offer("c", "L2", "31", "C")
    assert found(market_of("L1 L2", *offers, rules=tiers))[1].cost == 90
    cheaper = offer("c", "L2", "29.99", "C")
    assert found(market_of("L1 L2", *offers[:2], cheaper, rules=tiers))[1].cost == Fraction("89.99")


def test_a_bundle_counts_against_a_budget_by_the_mean_of_the_districts_parts() -> None:
    case = market_of(
        "L1 L2", offer("ab", "L1 L2", "100", "V"), offer("a", "L1", "60", "A"), offer("b", "L2", "60", "B")
    )
    case["districts"] = [{"id": "D", "quantities": {"L1": "0.5", "L2": "0.1"}}]
    case["rules"] = {"budgets": [{"district": "D", "amount": "30"}]}
    assert found(case)[1].cost == 100
    case["rules"]["budgets"][0]["amount"] = "29.99"
    assert found(case)[1].status == "infeasible"


def test_what_clashes_is_named_and_nothing_less_clashes() -> None:
    checked = 0
    for seed in range(120):
        market, outcome = found(small(seed))
        if outcome.status != "infeasible":
            continue
        checked += 1
        model = _bare(AllocationModel(market).model)
        assert not _possible(model, {*outcome.clashing}, highs()), seed
        for fewer in combinations(outcome.clashing, len(outcome.clashing) - 1):
            assert _possible(model, {*fewer}, highs()), (seed, outcome.clashing, fewer)
    assert checked >= 10


def test_a_smaller_clash_is_preferred_to_a_larger_one() -> None:
    case = market_of("L1 L2", offer("a", "L1", "10"), offer("b", "L2", "10"))
    case["rules"] = {"max_winners": 1, "vendors": {"A": {"must_win": True}, "NOBODY": {"must_win": True}}}
    assert found(case)[1].clashing == ("rules.vendors.NOBODY.must_win",)


def test_equal_optima_are_reported_and_go_to_fewer_vendors() -> None:
    offers = [offer(f"{v}{n}", f"L{n}", "10", v) for v in ("A", "B") for n in (1, 2)]
    _, outcome = found(market_of("L1 L2", *offers))
    assert outcome.tie is True and outcome.allocation is not None
    assert outcome.allocation.offers in ({"A1", "A2"}, {"B1", "B2"})


@pytest.mark.parametrize("turn", range(6))
def test_equal_optima_go_to_the_one_vendor_that_takes_all(turn: int) -> None:
    offers = [offer(f"all{n}", f"L{n}", "10", "ALL") for n in range(3)]
    offers += [offer(f"{v}{n}", f"L{n}", "10", v) for n, v in enumerate("ABC")]
    offers += [offer(f"{v}{n}", f"L{n}", "10", v) for n, v in enumerate("BCD")]
    _, outcome = found(market_of("L0 L1 L2", *offers[turn:], *offers[:turn]))
    assert outcome.allocation == Allocation(frozenset({"all0", "all1", "all2"}), {})


def test_equal_optima_go_to_fewer_split_lots_before_fewer_vendors() -> None:
    shares = [{"vendor": v, "lot": "L1", "price": "10", "max": "0.5"} for v in "AB"]
    case = market_of("L1 L2", offer("c1", "L1", "10", "C"), offer("a2", "L2", "10", "A"), shares=shares)
    _, outcome = found(case)
    assert outcome.tie is True and outcome.allocation is not None and not outcome.allocation.shares


def test_equal_optima_go_to_more_quality_and_then_to_the_lot() -> None:
    plain = [offer(v, "L1", "10", v.upper()) for v in "abc"]
    _, outcome = found(market_of("L1", *plain[:2], {**plain[2], "quality": "0.5"}))
    assert outcome.allocation == Allocation(frozenset({"c"}), {})
    drawn = set()
    for seed in range(8):
        case = market_of("L1", *plain, draw={"seeds": [[seed]]})
        first, turned = found(case)[1], found({**case, "offers": case["offers"][::-1]})[1]
        assert first.allocation == turned.allocation and first.allocation is not None
        drawn |= first.allocation.offers
    assert len(drawn) > 1


def test_an_award_goes_before_leaving_a_lot_at_the_same_cost() -> None:
    _, outcome = found(market_of("L1:10 L2:10", offer("a", "L1", "10"), offer("b", "L2", "9")))
    assert outcome.allocation == Allocation(frozenset({"a", "b"}), {}) and outcome.tie is True


def test_out_of_time_says_so_and_awards_nothing_unproven() -> None:
    market = parse(market_of("L1 L2", offer("ab", "L1 L2", "10")))
    assert allocate(market, highs(0)).status == "unknown"


def test_bad_multipliers_give_a_weak_bound_and_never_a_wrong_one() -> None:
    market, outcome = found(small(7))
    assert outcome.cost is not None
    model = AllocationModel(market).model
    for number in (Fraction(0), Fraction(10**6), Fraction(-(10**6), 7)):
        assert certified(model, [number] * len(model.rows)) <= outcome.cost
    with pytest.raises(ValueError, match="each row"):
        certified(model, [])


def best_of(market: Market) -> Found:
    """The proven best of a market."""
    outcome = allocate(market, highs())
    assert outcome.allocation is not None
    return Found(outcome.allocation, cost(market, outcome.allocation))


def test_at_its_winning_price_a_loser_wins_and_a_cent_above_it_does_not() -> None:
    asked = 0
    for seed in range(25):
        case = small(seed)
        # Without rules that count the price itself, the price is exact.
        case["rules"] = {
            k: v for k, v in case["rules"].items() if k in ("max_winners", "switching", "exclusive")
        }
        case["lots"] = [{"id": lot["id"], "reserve": "200"} for lot in case["lots"]]
        market = parse(case)
        best = best_of(market)
        for place, each in enumerate(market.offers):
            price = explaining.winning_price(market, best, each.id, highs())
            if each.id in best.allocation.offers or price is None or price < 1:
                continue
            asked += 1
            cent = Fraction(1, 100)
            for change, wins in ((Fraction(0), False), (-cent, True), (cent, False)):
                down = Fraction((price + change) * 100 // 1, 100)
                offers = list(market.offers)
                offers[place] = msgspec.structs.replace(each, price=down)
                again = best_of(msgspec.structs.replace(market, offers=tuple(offers)))
                if change:
                    assert (each.id in again.allocation.offers) is wins, (seed, each.id)
                elif down == price:
                    assert again.cost == best.cost
    assert asked > 10


def test_a_rule_costs_what_is_saved_without_it() -> None:
    case = market_of(
        "L1 L2",
        offer("a", "L1", "10"),
        offer("b", "L2", "10"),
        offer("c1", "L1", "13", "C"),
        offer("c2", "L2", "12", "C"),
    )
    case["rules"] = {"max_winners": 1, "vendors": {"C": {"charge": "2"}}}
    market = parse(case)
    best = best_of(market)
    assert best.cost == 27
    assert explaining.rule_costs(market, best, highs()) == {
        "rules.max_winners": 7,
        "rules.vendors.C.charge": 2,
    }


def test_the_runner_up_is_the_next_cheapest_other_choice() -> None:
    market = parse(market_of("L1", offer("a", "L1", "10"), offer("b", "L1", "12"), offer("c", "L1", "11")))
    second = explaining.runner_up(market, best_of(market), highs())
    assert second is not None and second.cost == 11
    alone = parse(market_of("L1", offer("a", "L1", "10")))
    assert explaining.runner_up(alone, best_of(alone), highs()) is None


def test_scenarios_stand_side_by_side() -> None:
    case = market_of(
        "L1 L2",
        offer("a", "L1", "10"),
        offer("b", "L2", "10"),
        offer("c1", "L1", "13", "C"),
        offer("c2", "L2", "12", "C"),
    )
    market = parse(case)
    best = best_of(market)
    costs = [
        explaining.cheapest(each, highs())
        for each in (
            explaining.at_most(market, 1),
            explaining.keeping(market, ("C",)),
            explaining.setting_aside(market, ("C",), Fraction(1, 2)),
            explaining.without(market, "A"),
        )
    ]
    assert [each.cost for each in costs if each] == [25, 22, 22, 23]
    green = {"c1": Fraction(5), "c2": Fraction(1)}
    for percent, allowed in ((9, 20), (10, 22), (15, 23), (25, 25)):
        greenest = explaining.greenest(market, best, Fraction(percent), green, highs())
        assert greenest is not None and greenest.cost == allowed
    assert explaining.spends(market, best) == {"A": 10, "B": 10}


def test_a_cooperatives_event_is_proven_and_certified_from_below() -> None:
    market, outcome = found(cooperative(40, 12, 1))
    assert outcome.status == "optimal" and outcome.cost is not None
    bound = certified_bound(market, highs())
    assert bound is not None and outcome.cost * Fraction(9, 10) < bound <= outcome.cost
