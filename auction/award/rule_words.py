"""Each rule of an allocation as one plain sentence, under the name by which checks and clashes call it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

import msgspec

from auction.award.allocation_rules import AllocationRules, Category, VendorRule
from auction.award.market import Market
from auction.terms.exact_numbers import HUNDRED, write


class Called(msgspec.Struct, frozen=True):
    """How a reader knows vendors, lots and districts, and how amounts are written."""

    vendors: dict[str, str]
    lots: dict[str, str]
    districts: dict[str, str]
    money: Callable[[str], str]

    def vendor(self, id: str) -> str:
        """A vendor's name."""
        return self.vendors.get(id, id)

    def lot(self, id: str) -> str:
        """A lot's title."""
        return self.lots.get(id, id)

    def all_lots(self, ids: tuple[str, ...]) -> str:
        """Some lots' titles."""
        return ", ".join(self.lot(each) for each in ids)

    def dollars(self, amount: Fraction) -> str:
        """An amount as it is shown."""
        return self.money(write(amount))


def sentences(market: Market, called: Called) -> dict[str, str]:
    """Each rule that was asked for, by its name."""
    return dict(_rules(market.rules, market, called))


def sentence(market: Market, name: str, called: Called) -> str:
    """One rule that is named in a clash: one that was asked for, or what holds of every lot and offer."""
    asked = sentences(market, called)
    return asked.get(name) or _always(name, called)


def _always(name: str, called: Called) -> str:
    kind, _, rest = name.partition(".")
    if kind == "lots" and rest.endswith(".reserve"):
        lot = rest.removesuffix(".reserve")
        return f"{called.lot(lot)} must not cost more than its ceiling."
    if kind == "lots":
        return f"{called.lot(rest)} must be awarded, and only once."
    if kind == "xor":
        return f"Of the alternatives {rest} at most one is taken."
    return f"A share must stay within its limits ({rest})."


def _rules(rules: AllocationRules, market: Market, called: Called) -> Iterator[tuple[str, str]]:
    if rules.max_winners is not None:
        yield "rules.max_winners", f"At most {_vendors(rules.max_winners)} in all."
    if rules.min_winners is not None:
        yield "rules.min_winners", f"At least {_vendors(rules.min_winners)} in all."
    if rules.max_suppliers_per_lot is not None:
        yield "rules.max_suppliers_per_lot", f"At most {_vendors(rules.max_suppliers_per_lot)} for each lot."
    for vendor, rule in rules.vendors.items():
        for name, told in _vendor(called.vendor(vendor), rule, called):
            yield f"rules.vendors.{vendor}.{name}", told
    yield from _rows(rules, called)
    yield from _offers(rules, market, called)


def _vendors(count: int) -> str:
    return f"{count} vendor{'' if count == 1 else 's'}"


def _vendor(name: str, rule: VendorRule, called: Called) -> Iterator[tuple[str, str]]:
    if rule.must_win:
        yield "must_win", f"{name} must win something."
    if rule.must_not_win:
        yield "must_not_win", f"{name} must not win anything."
    if rule.min_spend is not None:
        yield "min_spend", f"If {name} wins, it gets at least {called.dollars(rule.min_spend)}."
    if rule.max_spend is not None:
        yield "max_spend", f"{name} gets at most {called.dollars(rule.max_spend)}."
    if rule.charge:
        yield "charge", f"If {name} wins, {called.dollars(rule.charge)} are added for having it as a vendor."
    if rule.tiers:
        steps = ", ".join(
            f"{write(each.percent)} % from {called.dollars(each.start)} on" for each in rule.tiers
        )
        yield "tiers", f"{name} gives back a part of all it is paid: {steps}."


def _rows(rules: AllocationRules, called: Called) -> Iterator[tuple[str, str]]:
    for place, switch in enumerate(rules.switching):
        keeps = f"{called.lot(switch.lot)} is with {called.vendor(switch.incumbent)} now"
        yield f"rules.switching[{place}]", f"{keeps}; a change costs {called.dollars(switch.cost)}."
    for place, budget in enumerate(rules.budgets):
        district = called.districts.get(budget.district, budget.district)
        yield f"rules.budgets[{place}]", f"{district} spends at most {called.dollars(budget.amount)}."
    for place, capacity in enumerate(rules.capacities):
        told = f"{called.vendor(capacity.vendor)} can supply {write(capacity.limit)} units at most."
        yield f"rules.capacities[{place}]", told
    for place, category in enumerate(rules.categories):
        for name, told in _category(category, called):
            yield f"rules.categories[{place}].{name}", told
    for place, aside in enumerate(rules.set_asides):
        names = " and ".join(called.vendor(each) for each in aside.vendors)
        share = write(aside.share * HUNDRED)
        yield f"rules.set_aside[{place}]", f"At least {share} % of all spend goes to {names}."


def _category(category: Category, called: Called) -> Iterator[tuple[str, str]]:
    lots = called.all_lots(category.lots)
    if category.max_winners is not None:
        yield "max_winners", f"At most {_vendors(category.max_winners)} among {lots}."
    if category.min_winners is not None:
        yield "min_winners", f"At least {_vendors(category.min_winners)} among {lots}."


def _offers(rules: AllocationRules, market: Market, called: Called) -> Iterator[tuple[str, str]]:
    known = {
        each.id: f"{called.vendor(each.vendor)} on {called.all_lots(each.lots)}" for each in market.offers
    }
    for place, (one, other) in enumerate(rules.conditional):
        yield (
            f"rules.conditional[{place}]",
            f"{known.get(one, one)} is taken only with {known.get(other, other)}.",
        )
    for place, (one, other) in enumerate(rules.exclusive):
        yield (
            f"rules.exclusive[{place}]",
            f"{known.get(one, one)} and {known.get(other, other)} are not both taken.",
        )
