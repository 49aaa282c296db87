"""Solving: scenarios are solved and explained in a thread of their own, one after another, each within its time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from time import monotonic
from typing import TypeVar

import msgspec

from auction.award import explaining, market_of
from auction.award.allocating import Outcome, allocate, certified_bound, independent
from auction.award.allocation import cost
from auction.award.explaining import Found
from auction.award.market import Market, Offer
from auction.award.market_of import Case
from auction.award.workbench.facts import Aim, Figure
from auction.terms.exact_numbers import write
from server.solver import Highs

T = TypeVar("T")
LIMIT_S = 10.0
"""So long a scenario is solved at the most; its bound, and its explanations, have as long again."""


class Solving:
    """The one thread in which solvers run, so that pages and bids go on meanwhile."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "solver")

    async def run(self, work: Callable[[], T]) -> T:
        """Do some work there, once what was asked before is done."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def close(self) -> None:
        """Let what is under way come to its end."""
        self._thread.shutdown()


class Wanted(msgspec.Struct, frozen=True):
    """What a scenario seeks, and in which case under which rules; `within` is a percentage above the cheapest."""

    case: Case
    rules: dict[str, object]
    aim: Aim = "cost"
    within: Fraction = Fraction(0)


def solve(wanted: Wanted, limit: float = LIMIT_S) -> tuple[Outcome, str | None]:
    """Solve a scenario and certify its bound; raises `Faulty`, and `NotExact` where an answer does not stand up."""
    market = market_of.read(wanted.case, wanted.rules)
    solver = Highs(limit, monotonic)
    found = allocate(market, solver) if wanted.aim == "cost" else _best_quality(market, wanted.within, solver)
    if found.allocation is None:
        return found, None
    bound = certified_bound(market, Highs(limit, monotonic))
    return found, None if bound is None else write(bound)


def _best_quality(market: Market, within: Fraction, solver: Highs) -> Outcome:
    """The most quality that costs at most so much more than the cheapest, whose cost is the bound."""
    first = allocate(market, solver)
    if first.status != "optimal" or first.allocation is None or first.cost is None:
        return first if first.allocation is None else Outcome("unknown", bound=first.bound)
    worth = {each.id: each.quality for each in market.offers}
    best = explaining.greenest(market, Found(first.allocation, first.cost), within, worth, solver)
    if best is None:
        return Outcome("unknown", bound=first.cost)
    return Outcome("optimal", best.allocation, best.cost, first.cost)


class Explained(msgspec.Struct, frozen=True):
    """The explanations of a scenario, as the workbench keeps them."""

    winning: tuple[Figure, ...]
    lifted: tuple[Figure, ...]
    failing: tuple[Figure, ...]
    runner_up: str | None
    whole: bool


def explain(wanted: Wanted, best: Found, limit: float = LIMIT_S) -> Explained:
    """Explain a scenario by exact solutions of changed questions, for as long as there is time."""
    market, solver, began = market_of.read(wanted.case, wanted.rules), Highs(limit, monotonic), monotonic()
    failing = tuple(_failing(market, best, solver))
    second = explaining.runner_up(market, best, solver)
    costs = explaining.rule_costs(market, best, solver)
    lifted = tuple(Figure(name, _told(costs.get(name))) for name, _ in explaining.lifted(market.rules))
    winning = tuple(_winning(market, best, solver))
    return Explained(
        winning, lifted, failing, _told(second.cost if second else None), monotonic() - began < limit
    )


def _failing(market: Market, best: Found, solver: Highs) -> Iterator[Figure]:
    """What everything costs if one of the winners cannot deliver."""
    for vendor in explaining.spends(market, best):
        without = explaining.cheapest(explaining.without(market, vendor), solver)
        yield Figure(vendor, _told(without.cost if without else None))


def _winning(market: Market, best: Found, solver: Highs) -> Iterator[Figure]:
    """The price at which each losing offer would have won; lots that are independent are each looked at alone."""
    alone = independent(market)
    for offer in market.offers:
        if offer.id not in best.allocation.offers:
            within, known = _alone(market, offer, best) if alone else (market, best)
            yield Figure(offer.id, _told(explaining.winning_price(within, known, offer.id, solver)))


def _alone(market: Market, offer: Offer, best: Found) -> tuple[Market, Found]:
    """The one lot of an offer, with what is awarded on it."""
    lots = tuple(each for each in market.lots if each.id == offer.lots[0])
    offers = tuple(each for each in market.offers if each.lots == offer.lots)
    taken = frozenset(each.id for each in offers) & best.allocation.offers
    switching = tuple(each for each in market.rules.switching if each.lot == offer.lots[0])
    rules = msgspec.structs.replace(market.rules, switching=switching)
    within = Market(lots, offers, rules=rules)
    allocation = msgspec.structs.replace(best.allocation, offers=taken)
    return within, Found(allocation, cost(within, allocation))


def _told(amount: Fraction | None) -> str | None:
    return None if amount is None else write(amount)
