"""Whether an allocation keeps every rule, reckoned exactly and one rule after another; each broken one by its name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from auction.award.allocation import Allocation, chosen, shared, spend, taken
from auction.award.market import Market
from auction.terms.exact_numbers import ONE, ZERO


def broken(market: Market, allocation: Allocation) -> tuple[str, ...]:
    """The names of all rules that an allocation breaks; none for one that may be awarded."""
    found = [
        *_lots(market, allocation),
        *_offers(market, allocation),
        *_winners(market, allocation),
        *_money(market, allocation),
        *_logic(market, allocation),
    ]
    return tuple(dict.fromkeys(found))


def _lots(market: Market, allocation: Allocation) -> Iterator[str]:
    """Each lot once, or not at all where it has a reserve; never above the reserve."""
    parts: Counter[str] = Counter()
    for _, _, each in taken(market, allocation):
        parts.update(each)
    split: Counter[str] = Counter()
    for share, percent in shared(market, allocation):
        split[share.lot] += share.price * percent / 100  # type: ignore[assignment]
    for lot in market.lots:
        if parts[lot.id] != ONE and (parts[lot.id] or lot.reserve is None):
            yield f"lots.{lot.id}"
        if lot.reserve is not None and split[lot.id] > lot.reserve:
            yield f"lots.{lot.id}.reserve"
    reserves = {lot.id: lot.reserve for lot in market.lots}
    for offer in chosen(market, allocation):
        limits = [reserves[lot] for lot in offer.lots]
        if None not in limits and offer.price > sum(limit for limit in limits if limit is not None):
            yield f"lots.{offer.lots[0]}.reserve"


def _offers(market: Market, allocation: Allocation) -> Iterator[str]:
    """One of a group of alternatives, and shares within their limits."""
    groups = Counter(offer.xor for offer in chosen(market, allocation) if offer.xor is not None)
    yield from (f"xor.{name}" for name, count in groups.items() if count > 1)
    known = {offer.id for offer in market.offers} | {(share.vendor, share.lot) for share in market.shares}
    yield from (f"unknown.{each}" for each in (*allocation.offers, *allocation.shares) if each not in known)
    for share, percent in shared(market, allocation):
        if not share.least <= percent <= share.most:
            yield f"shares.{share.vendor}.{share.lot}"


def _winners(market: Market, allocation: Allocation) -> Iterator[str]:
    """How many win: overall, by lot and by category, and who must or must not."""
    rules = market.rules
    won = [(vendor, set(parts)) for vendor, _, parts in taken(market, allocation)]
    winners = {vendor for vendor, _ in won}
    yield from _between("rules.", winners, rules.max_winners, rules.min_winners)
    if rules.max_suppliers_per_lot is not None:
        suppliers = Counter(share.lot for share, _ in shared(market, allocation))
        if any(count > rules.max_suppliers_per_lot for count in suppliers.values()):
            yield "rules.max_suppliers_per_lot"
    for place, category in enumerate(rules.categories):
        of_it = {vendor for vendor, lots in won if lots & {*category.lots}}
        yield from _between(f"rules.categories[{place}].", of_it, category.max_winners, category.min_winners)
    for vendor, rule in rules.vendors.items():
        if rule.must_win and vendor not in winners:
            yield f"rules.vendors.{vendor}.must_win"
        if rule.must_not_win and vendor in winners:
            yield f"rules.vendors.{vendor}.must_not_win"


def _between(path: str, winners: set[str], most: int | None, least: int | None) -> Iterator[str]:
    if most is not None and len(winners) > most:
        yield f"{path}max_winners"
    if least is not None and len(winners) < least:
        yield f"{path}min_winners"


def _money(market: Market, allocation: Allocation) -> Iterator[str]:
    """Spend by vendor, budgets by district, set-asides by their part of all spend."""
    paid = spend(market, allocation)
    for vendor, amount in paid.items():
        rule = market.rules.vendors.get(vendor)
        if rule and rule.min_spend is not None and amount < rule.min_spend:
            yield f"rules.vendors.{vendor}.min_spend"
        if rule and rule.max_spend is not None and amount > rule.max_spend:
            yield f"rules.vendors.{vendor}.max_spend"
    quantities = {district.id: district.quantities for district in market.districts}
    for place, budget in enumerate(market.rules.budgets):
        if (
            sum(district_part(each, quantities[budget.district]) for each in taken(market, allocation))
            > budget.amount
        ):
            yield f"rules.budgets[{place}]"
    for place, aside in enumerate(market.rules.set_asides):
        if sum(paid.get(vendor, ZERO) for vendor in {*aside.vendors}) < aside.share * sum(paid.values()):
            yield f"rules.set_aside[{place}]"


def district_part(each: tuple[str, Fraction, object], quantities: dict[str, Fraction]) -> Fraction:
    """What a district pays of something taken: its part of the lot; of a bundle, the mean of its parts of the lots."""
    _, price, parts = each
    lots = list(parts)  # type: ignore[call-overload]
    return price * sum((quantities.get(lot, ZERO) for lot in lots), ZERO) / len(lots)


def _logic(market: Market, allocation: Allocation) -> Iterator[str]:
    """What a vendor can do, and which offers need or exclude each other."""
    for place, capacity in enumerate(market.rules.capacities):
        used = sum(
            capacity.lots.get(lot, ZERO) * part
            for vendor, _, parts in taken(market, allocation)
            if vendor == capacity.vendor
            for lot, part in parts.items()
        )
        if used > capacity.limit:
            yield f"rules.capacities[{place}]"
    for place, (one, needed) in enumerate(market.rules.conditional):
        if one in allocation.offers and needed not in allocation.offers:
            yield f"rules.conditional[{place}]"
    for place, (one, other) in enumerate(market.rules.exclusive):
        if {one, other} <= allocation.offers:
            yield f"rules.exclusive[{place}]"
