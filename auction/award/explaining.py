"""Explanations of an allocation, each an exact solution of a changed question: never a guess from the first answer.

Every one of them returns None, or leaves a line out, where the changed question has no proven answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import msgspec

from auction.award.allocation import Allocation, cost, spend
from auction.award.allocation_check import broken
from auction.award.allocation_model import AllocationModel, Terms
from auction.award.allocation_rules import AllocationRules, SetAside, VendorRule
from auction.award.integer_model import Column, Solver
from auction.award.market import Market

TERMS = ("charge", "min_spend", "max_spend", "must_win", "must_not_win", "tiers")
"""What can hold for a vendor, and be lifted."""


class Found(msgspec.Struct, frozen=True):
    """An allocation that is proven to be the cheapest of its kind, and its exact cost."""

    allocation: Allocation
    cost: Fraction


def cheapest(
    market: Market,
    solver: Solver,
    forced: str | None = None,
    other_than: Allocation | None = None,
    at_most: Fraction | None = None,
    wishes: Mapping[str, Fraction] | None = None,
) -> Found | None:
    """The cheapest allocation with an offer forced in, other than a known one, or, of those at a cost, with the most of a wish.

    `wishes` says what each offer is worth by a measure of its own, such as how green it is.
    """
    whole = AllocationModel(market, with_winners=True)
    model = whole.model
    if forced is not None:
        model.row("", {whole.taken[forced]: 1}, lower=1)
    if other_than is not None:
        model.row("", *_another(whole, other_than))
    if at_most is not None:
        terms = {place: column.cost for place, column in enumerate(model.columns)}
        model.row("", terms, upper=model.units(at_most))
    if wishes is not None:
        model.columns = [Column(each.upper, 0, each.whole) for each in model.columns]
        for offer in market.offers:
            model.columns[whole.taken[offer.id]].cost = -int(wishes.get(offer.id, Fraction(0)) * model.scale)
    found = solver.solve(model)
    if found.status != "optimal":
        return None
    allocation = whole.allocation(found.values)
    return None if broken(market, allocation) else Found(allocation, cost(market, allocation))


def _another(whole: AllocationModel, known: Allocation) -> tuple[Terms, int]:
    """A row that no allocation of the same offers, and of shares of the same vendors and lots, can keep."""
    places = {**{whole.taken[name]: name in known.offers for name in whole.taken}}
    places |= {whole.used[key]: key in known.shares for key in whole.used}
    terms: Terms = {place: -1 if chosen else 1 for place, chosen in places.items()}
    return terms, 1 - sum(places.values())


def winning_price(market: Market, best: Found, offer: str, solver: Solver) -> Fraction | None:
    """The price at which a losing offer would have been as good as the best: its own, less what forcing it in costs.

    Above nothing, or None: where rules keep it out at any price. Rules that count its price itself (spend, budgets, rebates) may
    make a still lower price win too.
    """
    forced = cheapest(market, solver, forced=offer)
    if forced is None:
        return None
    price = next(each.price for each in market.offers if each.id == offer)
    wanted = price - (forced.cost - best.cost)
    return wanted if wanted > 0 else None


def runner_up(market: Market, best: Found, solver: Solver) -> Found | None:
    """The cheapest allocation that takes other offers or shares."""
    return cheapest(market, solver, other_than=best.allocation)


def rule_costs(market: Market, best: Found, solver: Solver) -> dict[str, Fraction]:
    """What each rule costs: how much cheaper the best would be without it, and all others kept."""
    found = {}
    for name, without in lifted(market.rules):
        answer = cheapest(msgspec.structs.replace(market, rules=without), solver)
        if answer is not None:
            found[name] = best.cost - answer.cost
    return found


def lifted(rules: AllocationRules) -> Iterator[tuple[str, AllocationRules]]:
    """The rules without one of them, each in turn, by its name."""
    for name in ("max_winners", "min_winners", "max_suppliers_per_lot"):
        if getattr(rules, name) is not None:
            yield f"rules.{name}", msgspec.structs.replace(rules, **{name: None})
    for vendor, rule in rules.vendors.items():
        for name in TERMS:
            bare = getattr(VendorRule(), name)
            if getattr(rule, name) != bare:
                changed = msgspec.structs.replace(rule, **{name: bare})
                vendors = rules.vendors | {vendor: changed}
                yield f"rules.vendors.{vendor}.{name}", msgspec.structs.replace(rules, vendors=vendors)
    for field in (
        "switching",
        "budgets",
        "capacities",
        "categories",
        "conditional",
        "exclusive",
        "set_asides",
    ):
        rows = getattr(rules, field)
        for place in range(len(rows)):
            name = "set_aside" if field == "set_asides" else field
            yield (
                f"rules.{name}[{place}]",
                msgspec.structs.replace(rules, **{field: rows[:place] + rows[place + 1 :]}),
            )


def at_most(market: Market, vendors: int) -> Market:
    """The same market with at most so many winners."""
    return _ruled(market, max_winners=vendors)


def keeping(market: Market, incumbents: tuple[str, ...]) -> Market:
    """The same market where incumbents must win something."""
    kept = {
        name: msgspec.structs.replace(market.rules.vendors.get(name, VendorRule()), must_win=True)
        for name in incumbents
    }
    return _ruled(market, vendors=market.rules.vendors | kept)


def setting_aside(market: Market, vendors: tuple[str, ...], share: Fraction) -> Market:
    """The same market with a part of all spend for some vendors, such as local ones."""
    return _ruled(market, set_asides=(*market.rules.set_asides, SetAside(vendors, share)))


def greenest(
    market: Market, best: Found, percent: Fraction, green: Mapping[str, Fraction], solver: Solver
) -> Found | None:
    """The greenest allocation that costs at most so many percent more than the best; `green` values each offer."""
    limit = best.cost * (1 + percent / 100)
    scale = AllocationModel(market).model.scale
    # The limit is brought down to the model's own units: no allocation lies between.
    return cheapest(market, solver, at_most=Fraction(limit * scale // 1, scale), wishes=green)


def without(market: Market, vendor: str) -> Market:
    """The same market as if a vendor had not come: what it costs when it fails."""
    rule = msgspec.structs.replace(
        market.rules.vendors.get(vendor, VendorRule()), must_not_win=True, must_win=False
    )
    return _ruled(market, vendors=market.rules.vendors | {vendor: rule})


def _ruled(market: Market, **changes: object) -> Market:
    return msgspec.structs.replace(market, rules=msgspec.structs.replace(market.rules, **changes))


def spends(market: Market, found: Found) -> dict[str, Fraction]:
    """What each winner is paid, for showing scenarios side by side."""
    return spend(market, found.allocation)
