"""The integer program of a market: one column for each choice, one row for each thing that a rule asks for.

Links between an offer and its vendor are written for every vendor and lot on its own, which keeps the relaxed program close to
the whole one. Rebates hang on every item of a vendor by itself for the same reason.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from math import lcm

from auction.award.allocation import Allocation
from auction.award.integer_model import Model
from auction.award.market import Market
from auction.terms.exact_numbers import HUNDRED, ZERO

CENTS_OF_CENTS = 10_000
"""A percent of a cent's worth is whole at this many units to the dollar."""
Terms = dict[int, Fraction | int]


class AllocationModel:
    """A market's model, and the way back from its columns to offers and shares."""

    def __init__(self, market: Market, with_winners: bool = False) -> None:
        self.market = market
        tiers = [tier for rule in market.rules.vendors.values() for tier in rule.tiers]
        self.model = Model(CENTS_OF_CENTS * lcm(*((tier.percent / HUNDRED).denominator for tier in tiers)))
        units = self.model.units
        self.taken = {offer.id: self.model.column(cost=units(offer.price)) for offer in market.offers}
        self.percents = {
            (share.vendor, share.lot): self.model.column(share.most, units(share.price / HUNDRED))
            for share in market.shares
        }
        self.used = {key: self.model.column() for key in self.percents}
        self.left = {lot.id: self.model.column(cost=units(lot.reserve)) for lot in market.lots if lot.reserve}
        self.winners: dict[str, int] = {}
        self._items: dict[str, list[int]] = defaultdict(list)
        self._by_lot: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._gather()
        self._lots()
        self._switching()
        if with_winners or self._counts_winners():
            self._winners()
        self._offers()
        self._vendors()
        self._categories()
        self._money()

    def allocation(self, values: tuple[int, ...]) -> Allocation:
        """Read a choice of columns as an allocation."""
        return Allocation(
            frozenset(name for name, place in self.taken.items() if values[place]),
            {key: values[place] for key, place in self.percents.items() if values[place]},
        )

    def spend(self, vendor: str) -> Terms:
        """What a vendor is paid before rebates, in dollars, as terms of a row."""
        whole: Terms = {
            self.taken[offer.id]: offer.price for offer in self.market.offers if offer.vendor == vendor
        }
        return whole | {
            self.percents[vendor, share.lot]: share.price / HUNDRED
            for share in self.market.shares
            if share.vendor == vendor
        }

    def _gather(self) -> None:
        for offer in self.market.offers:
            self._items[offer.vendor].append(self.taken[offer.id])
            for lot in offer.lots:
                self._by_lot[offer.vendor, lot].append(self.taken[offer.id])
        for (vendor, lot), place in self.used.items():
            self._items[vendor].append(place)
            self._by_lot[vendor, lot].append(place)

    def _counts_winners(self) -> bool:
        rules = self.market.rules
        counted = rules.max_winners is not None or rules.min_winners is not None
        return counted or any(
            rule.charge or rule.min_spend is not None or rule.tiers for rule in rules.vendors.values()
        )

    def _lots(self) -> None:
        """Each lot is awarded once, whole or in parts, or left at its reserve."""
        terms: dict[str, Terms] = {lot.id: {} for lot in self.market.lots}
        paid: dict[str, Terms] = {lot.id: {} for lot in self.market.lots}
        for offer in self.market.offers:
            for name in offer.lots:
                terms[name][self.taken[offer.id]] = 100
        for share in self.market.shares:
            terms[share.lot][self.percents[share.vendor, share.lot]] = 1
            paid[share.lot][self.percents[share.vendor, share.lot]] = share.price / HUNDRED
        for lot in self.market.lots:
            if lot.reserve is not None:
                terms[lot.id][self.left[lot.id]] = 100
                if paid[lot.id]:
                    self.model.row(f"lots.{lot.id}.reserve", paid[lot.id], upper=lot.reserve)
            self.model.row(f"lots.{lot.id}", terms[lot.id], 100, 100)

    def _switching(self) -> None:
        for each in self.market.rules.switching:
            cost = self.model.units(each.cost)
            for (vendor, lot), places in self._by_lot.items():
                for place in places if lot == each.lot and vendor != each.incumbent else ():
                    self.model.columns[place].cost += cost

    def _winners(self) -> None:
        """A vendor has won when it takes anything, lot by lot, and only then."""
        charges = {name: self.model.units(rule.charge) for name, rule in self.market.rules.vendors.items()}
        for vendor in self._items:
            self.winners[vendor] = self.model.column(cost=charges.get(vendor, 0))
        for (vendor, _), places in self._by_lot.items():
            self.model.row("", dict.fromkeys(places, 1) | {self.winners[vendor]: -1}, upper=0)
        for vendor, places in self._items.items():
            self.model.row("", {self.winners[vendor]: 1} | dict.fromkeys(places, -1), upper=0)
        rules, everyone = self.market.rules, dict.fromkeys(self.winners.values(), 1)
        if rules.max_winners is not None:
            self.model.row("rules.max_winners", everyone, upper=rules.max_winners)
        if rules.min_winners is not None:
            self.model.row("rules.min_winners", everyone, lower=rules.min_winners)

    def _offers(self) -> None:
        """Alternatives, offers above the reserve, limits of shares, and what needs or excludes what."""
        reserves = {lot.id: lot.reserve for lot in self.market.lots}
        groups: dict[str, Terms] = defaultdict(dict)
        for offer in self.market.offers:
            limits = [limit for lot in offer.lots if (limit := reserves[lot]) is not None]
            if len(limits) == len(offer.lots) and offer.price > sum(limits):
                self.model.row(f"lots.{offer.lots[0]}.reserve", {self.taken[offer.id]: 1}, upper=0)
            if offer.xor is not None:
                groups[offer.xor][self.taken[offer.id]] = 1
        for name, terms in groups.items():
            self.model.row(f"xor.{name}", terms, upper=1)
        self._shares()
        for place, (one, needed) in enumerate(self.market.rules.conditional):
            if one != needed:
                self.model.row(
                    f"rules.conditional[{place}]", {self.taken[one]: 1, self.taken[needed]: -1}, upper=0
                )
        for place, (one, other) in enumerate(self.market.rules.exclusive):
            both: Terms = {self.taken[one]: 1, self.taken[other]: 1} if one != other else {self.taken[one]: 2}
            self.model.row(f"rules.exclusive[{place}]", both, upper=1)

    def _shares(self) -> None:
        suppliers: dict[str, Terms] = defaultdict(dict)
        for share in self.market.shares:
            key = share.vendor, share.lot
            name, percent, used = f"shares.{share.vendor}.{share.lot}", self.percents[key], self.used[key]
            self.model.row(name, {percent: 1, used: -share.most}, upper=0)
            self.model.row(name, {percent: 1, used: -share.least}, lower=0)
            suppliers[share.lot][used] = 1
        most = self.market.rules.max_suppliers_per_lot
        for terms in suppliers.values() if most is not None else ():
            self.model.row("rules.max_suppliers_per_lot", terms, upper=most)

    def _vendors(self) -> None:
        for vendor, rule in self.market.rules.vendors.items():
            path, items = f"rules.vendors.{vendor}.", dict.fromkeys(self._items.get(vendor, ()), 1)
            if rule.must_win:
                self.model.row(f"{path}must_win", items, lower=1)
            if rule.must_not_win:
                self.model.row(f"{path}must_not_win", items, upper=0)
            if rule.max_spend is not None:
                self.model.row(f"{path}max_spend", self.spend(vendor), upper=rule.max_spend)
            if rule.min_spend is not None and vendor in self.winners:
                terms = self.spend(vendor) | {self.winners[vendor]: -rule.min_spend}
                self.model.row(f"{path}min_spend", terms, lower=0)
            if rule.tiers and vendor in self.winners:
                self._tiers(vendor)

    def _tiers(self, vendor: str) -> None:
        """One tier at most, reached by what is paid; each item earns its part of the rebate by itself."""
        spend = self.spend(vendor)
        earned: dict[int, Terms] = {place: {place: -1} for place in spend}
        reached: Terms = {self.winners[vendor]: -1}
        for tier in self.market.rules.vendors[vendor].tiers:
            chosen = self.model.column()
            reached[chosen] = 1
            paid: Terms = {chosen: -tier.start}
            for place, price in spend.items():
                most = self.model.columns[place].upper
                part = self.model.column(most, -self.model.units(price * tier.percent / HUNDRED), whole=False)
                self.model.row("", {part: 1, chosen: -most}, upper=0)
                earned[place][part] = 1
                paid[part] = price
            self.model.row("", paid, lower=0)
        self.model.row("", reached, upper=0)
        for terms in earned.values():
            self.model.row("", terms, upper=0)

    def _categories(self) -> None:
        for place, category in enumerate(self.market.rules.categories):
            wins: dict[str, int] = {}
            lots = {*category.lots}
            for (vendor, lot), places in self._by_lot.items():
                if lot in lots:
                    win = wins[vendor] if vendor in wins else wins.setdefault(vendor, self.model.column())
                    self.model.row("", dict.fromkeys(places, 1) | {win: -1}, upper=0)
            everyone = dict.fromkeys(wins.values(), 1)
            if category.max_winners is not None:
                self.model.row(f"rules.categories[{place}].max_winners", everyone, upper=category.max_winners)
            if category.min_winners is not None:
                for vendor, win in wins.items():
                    items = {each: -1 for lot in lots for each in self._by_lot.get((vendor, lot), ())}
                    self.model.row("", {win: 1} | items, upper=0)
                self.model.row(f"rules.categories[{place}].min_winners", everyone, lower=category.min_winners)

    def _money(self) -> None:
        """Capacities, budgets and set-asides."""
        rules = self.market.rules
        for place, capacity in enumerate(rules.capacities):
            terms: Terms = {
                self.taken[offer.id]: sum((capacity.lots.get(lot, ZERO) for lot in offer.lots), ZERO)
                for offer in self.market.offers
                if offer.vendor == capacity.vendor
            }
            terms |= {
                self.percents[share.vendor, share.lot]: capacity.lots.get(share.lot, ZERO) / HUNDRED
                for share in self.market.shares
                if share.vendor == capacity.vendor
            }
            self.model.row(f"rules.capacities[{place}]", terms, upper=capacity.limit)
        self._budgets()
        for place, aside in enumerate(rules.set_asides):
            terms = {}
            for vendor in self.market.vendors:
                weight = (vendor in aside.vendors) - aside.share
                terms |= {column: price * weight for column, price in self.spend(vendor).items()}
            self.model.row(f"rules.set_aside[{place}]", terms, lower=0)

    def _budgets(self) -> None:
        quantities = {district.id: district.quantities for district in self.market.districts}
        for place, budget in enumerate(self.market.rules.budgets):
            part = quantities[budget.district]
            terms: Terms = {
                self.taken[offer.id]: offer.price
                * sum((part.get(lot, ZERO) for lot in offer.lots), ZERO)
                / len(offer.lots)
                for offer in self.market.offers
            }
            terms |= {
                self.percents[share.vendor, share.lot]: share.price * part.get(share.lot, ZERO) / HUNDRED
                for share in self.market.shares
            }
            self.model.row(f"rules.budgets[{place}]", terms, upper=budget.amount)
