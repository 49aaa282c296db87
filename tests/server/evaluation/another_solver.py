"""The allocation once more, stated anew for another solver, OR-tools CP-SAT, which counts in whole numbers alone."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import Any

from ortools.sat.python import cp_model

from auction.award.market import Market

UNIT = 400_000
"""Units to the dollar: cents of cents, and a fortieth for rebates of 2.5 percent."""


def cheapest(market: Market) -> Fraction | None:
    """What the cheapest allocation costs, None when there is none."""
    model = cp_model.CpModel()
    taken = {offer.id: model.new_bool_var(offer.id) for offer in market.offers}
    percent = {(s.vendor, s.lot): model.new_int_var(0, s.most, f"{s.vendor}{s.lot}") for s in market.shares}
    used = {key: model.new_bool_var(f"used{key}") for key in percent}
    left = {lot.id: model.new_bool_var(f"left{lot.id}") for lot in market.lots}
    wins = {vendor: model.new_bool_var(vendor) for vendor in market.vendors}
    for share in market.shares:
        key = share.vendor, share.lot
        model.add(percent[key] >= share.least).only_enforce_if(used[key])
        model.add(percent[key] == 0).only_enforce_if(used[key].negated())
    items: dict[str, list[Any]] = {vendor: [] for vendor in market.vendors}
    for offer in market.offers:
        items[offer.vendor].append(taken[offer.id])
    for (vendor, _), variable in used.items():
        items[vendor].append(variable)
    for vendor, each in items.items():
        model.add_max_equality(wins[vendor], each)
    by_lot: dict[str, list[tuple[str, Any]]] = defaultdict(list)
    for offer in market.offers:
        for lot in offer.lots:
            by_lot[lot].append((offer.vendor, taken[offer.id]))
    for (vendor, lot), variable in used.items():
        by_lot[lot].append((vendor, variable))
    objective: list[Any] = []
    paid: dict[str, list[Any]] = defaultdict(list)
    for offer in market.offers:
        paid[offer.vendor].append(int(offer.price * UNIT) * taken[offer.id])
    for share in market.shares:
        paid[share.vendor].append(int(share.price * UNIT / 100) * percent[share.vendor, share.lot])
    reserves = {lot.id: lot.reserve for lot in market.lots}
    for lot in market.lots:
        whole = [taken[offer.id] for offer in market.offers if lot.id in offer.lots]
        parts = [percent[s.vendor, s.lot] for s in market.shares if s.lot == lot.id]
        model.add(100 * sum(whole) + sum(parts) + 100 * left[lot.id] == 100)
        if lot.reserve is None:
            model.add(left[lot.id] == 0)
        else:
            objective.append(int(lot.reserve * UNIT) * left[lot.id])
            prices = [int(s.price * 100) * percent[s.vendor, s.lot] for s in market.shares if s.lot == lot.id]
            model.add(sum(prices) <= int(lot.reserve * 10_000))
    for offer in market.offers:
        limits = [reserves[lot] for lot in offer.lots]
        if None not in limits and offer.price > sum(limits):  # type: ignore[arg-type]
            model.add(taken[offer.id] == 0)
    groups: dict[str, list[Any]] = defaultdict(list)
    for offer in market.offers:
        if offer.xor:
            groups[offer.xor].append(taken[offer.id])
    for group in groups.values():
        model.add(sum(group) <= 1)
    rules = market.rules
    if rules.max_winners is not None:
        model.add(sum(wins.values()) <= rules.max_winners)
    if rules.min_winners is not None:
        model.add(sum(wins.values()) >= rules.min_winners)
    if rules.max_suppliers_per_lot is not None:
        for lot in market.lots:
            model.add(
                sum(v for (_, name), v in used.items() if name == lot.id) <= rules.max_suppliers_per_lot
            )
    for switch in rules.switching:
        objective += [
            int(switch.cost * UNIT) * v for vendor, v in by_lot[switch.lot] if vendor != switch.incumbent
        ]
    for vendor, rule in rules.vendors.items():
        if vendor not in wins:
            if rule.must_win:
                return None
            continue
        objective.append(int(rule.charge * UNIT) * wins[vendor])
        spend = sum(paid[vendor])
        if rule.min_spend is not None:
            model.add(spend >= int(rule.min_spend * UNIT)).only_enforce_if(wins[vendor])
        if rule.max_spend is not None:
            model.add(spend <= int(rule.max_spend * UNIT))
        if rule.must_win:
            model.add(wins[vendor] == 1)
        if rule.must_not_win:
            model.add(wins[vendor] == 0)
        objective += _rebates(model, vendor, spend, rule.tiers)
    quantities = {district.id: district.quantities for district in market.districts}
    for budget in rules.budgets:
        part = quantities[budget.district]
        terms = [
            _whole(
                offer.price
                * sum((part.get(lot, Fraction(0)) for lot in offer.lots), Fraction(0))
                / len(offer.lots)
            )
            * taken[offer.id]
            for offer in market.offers
        ]
        terms += [
            _whole(s.price * part.get(s.lot, Fraction(0)) / 100) * percent[s.vendor, s.lot]
            for s in market.shares
        ]
        model.add(sum(terms) <= _whole(budget.amount))
    for capacity in rules.capacities:
        terms = [
            _whole(sum((capacity.lots.get(lot, Fraction(0)) for lot in offer.lots), Fraction(0)))
            * taken[offer.id]
            for offer in market.offers
            if offer.vendor == capacity.vendor
        ]
        terms += [
            _whole(capacity.lots.get(s.lot, Fraction(0)) / 100) * percent[s.vendor, s.lot]
            for s in market.shares
            if s.vendor == capacity.vendor
        ]
        model.add(sum(terms) <= _whole(capacity.limit))
    for category in rules.categories:
        won = []
        for vendor in wins:
            each = [v for lot in category.lots for name, v in by_lot[lot] if name == vendor]
            won.append(model.new_bool_var("category"))
            model.add_max_equality(won[-1], each or [0])
        if category.max_winners is not None:
            model.add(sum(won) <= category.max_winners)
        if category.min_winners is not None:
            model.add(sum(won) >= category.min_winners)
    for one, needed in rules.conditional:
        model.add(taken[one] <= taken[needed])
    for one, other in rules.exclusive:
        model.add(taken[one] + taken[other] <= 1)
    for aside in rules.set_asides:
        share = aside.share
        mine = sum(sum(paid[vendor]) for vendor in aside.vendors if vendor in paid)
        every = sum(sum(each) for each in paid.values())
        model.add(share.denominator * mine >= share.numerator * every)
    objective += [term for each in paid.values() for term in each]
    model.minimize(sum(objective))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    status = solver.solve(model)
    assert status in (cp_model.OPTIMAL, cp_model.INFEASIBLE)
    return Fraction(round(solver.objective_value), UNIT) if status == cp_model.OPTIMAL else None


def _whole(amount: Fraction) -> int:
    """An amount in so small units that small cases have no fractions of them."""
    scaled = amount * 6_000_000
    assert scaled.denominator == 1
    return scaled.numerator


def _rebates(model: Any, vendor: str, spend: Any, tiers: Any) -> list[Any]:
    """A rebate is its percentage of all spend, once the spend reaches it."""
    found = []
    for tier in tiers:
        reached = model.new_bool_var(f"tier{vendor}{tier.start}")
        model.add(spend >= int(tier.start * UNIT)).only_enforce_if(reached)
        rebate = model.new_int_var(0, 10**10, f"rebate{vendor}{tier.start}")
        share = tier.percent / 100
        model.add(share.denominator * rebate <= share.numerator * spend)
        model.add(rebate == 0).only_enforce_if(reached.negated())
        found.append((reached, rebate))
    model.add(sum(reached for reached, _ in found) <= 1)
    return [-rebate for _, rebate in found]
