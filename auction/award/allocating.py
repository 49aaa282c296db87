"""Choosing the cheapest allocation that keeps every rule: lot by lot where lots are independent, else by an integer program.

Whatever was found is reckoned again from the market before anybody sees it.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import msgspec

from auction.award.allocation import Allocation, cost
from auction.award.allocation_check import broken
from auction.award.allocation_model import AllocationModel
from auction.award.allocation_rules import AllocationRules
from auction.award.certificate import certified
from auction.award.clash import clash
from auction.award.equal_optima import settle
from auction.award.integer_model import Solver, Status
from auction.award.market import Lot, Market, Offer

Best = dict[str, tuple[Fraction, list[Offer | None]]]
"""By lot: the least cost, and everything that costs no more; None stands for leaving the lot unawarded."""


class NotExact(ValueError):
    """What a solver answered breaks a rule when it is reckoned exactly; nothing of it may be used."""


class Outcome(msgspec.Struct, frozen=True):
    """What was found; nothing costs less than `bound`, by the solver's word, and `clashing` says why nothing is possible."""

    status: Status
    allocation: Allocation | None = None
    cost: Fraction | None = None
    bound: Fraction | None = None
    tie: bool | None = False
    clashing: tuple[str, ...] = ()


def allocate(market: Market, solver: Solver) -> Outcome:
    """Find the cheapest allocation; raises NotExact when a solver's answer does not stand up."""
    if independent(market):
        return _lot_by_lot(market, solver)
    whole = AllocationModel(market)
    found = solver.solve(whole.model)
    bound = None if found.bound is None else found.bound / whole.model.scale
    if found.status == "infeasible":
        return Outcome("infeasible", clashing=clash(market, solver))
    if not found.values:
        return Outcome("unknown", bound=bound)
    return _checked(market, whole.allocation(found.values), found.status, bound, solver)


def _checked(
    market: Market, allocation: Allocation, status: Status, bound: Fraction | None, solver: Solver
) -> Outcome:
    """Reckon an answer again and settle its ties; a proven optimum is its own bound."""
    if faults := broken(market, allocation):
        raise NotExact(f"the solver's answer breaks {', '.join(faults)}")
    total = cost(market, allocation)
    if status != "optimal":
        return Outcome("feasible", allocation, total, None if bound is None else min(bound, total), None)
    settled = settle(market, allocation, solver.briefly())
    return Outcome("optimal", settled.allocation, total, total, settled.tie)


def independent(market: Market) -> bool:
    """Tell whether each lot can be awarded by itself: no bundles, no shares, no rule that ties lots together."""
    rules = msgspec.structs.replace(market.rules, switching=())
    groups: dict[str, set[str]] = {}
    for offer in market.offers:
        if offer.xor is not None:
            groups.setdefault(offer.xor, set()).update(offer.lots)
    alone = all(len(offer.lots) == 1 for offer in market.offers) and not market.shares
    return alone and rules == AllocationRules() and all(len(lots) == 1 for lots in groups.values())


def _lot_by_lot(market: Market, solver: Solver) -> Outcome:
    best = {lot.id: _best(market, lot) for lot in market.lots}
    if empty := [f"lots.{lot}" for lot, (_, choices) in best.items() if not choices]:
        return Outcome("infeasible", clashing=(empty[0],))
    chosen = [choices[0] for _, choices in best.values()]
    allocation = Allocation(frozenset(offer.id for offer in chosen if offer), {})
    if all(len(choices) == 1 for _, choices in best.values()):
        return _proven(market, allocation, False)
    settled = settle(_narrowed(market, best), allocation, solver.briefly())
    return _proven(market, settled.allocation, True)


def _proven(market: Market, allocation: Allocation, tie: bool) -> Outcome:
    total = cost(market, allocation)
    return Outcome("optimal", allocation, total, total, tie)


def _best(market: Market, lot: Lot) -> tuple[Fraction, list[Offer | None]]:
    costs = list(_costs(market, lot))
    least = min((each for each, _ in costs), default=Fraction(0))
    return least, [offer for each, offer in costs if each == least]


def _costs(market: Market, lot: Lot) -> Iterator[tuple[Fraction, Offer | None]]:
    """What each way to deal with a lot costs, an award before none."""
    switch = next((each for each in market.rules.switching if each.lot == lot.id), None)
    for offer in market.offers:
        # One above the reserve needs no look: leaving the lot at the reserve is cheaper.
        if lot.id in offer.lots:
            switched = switch is not None and switch.incumbent != offer.vendor
            yield offer.price + (switch.cost if switch and switched else 0), offer
    if lot.reserve is not None:
        yield lot.reserve, None


def _narrowed(market: Market, best: Best) -> Market:
    """The market of the equally cheap choices alone."""
    kept = {offer.id for _, choices in best.values() for offer in choices if offer}
    return msgspec.structs.replace(market, offers=tuple(each for each in market.offers if each.id in kept))


def certified_bound(market: Market, solver: Solver) -> Fraction | None:
    """A bound that was reckoned exactly from a solver's multipliers; None when there was no time for them."""
    if independent(market):
        return sum((_best(market, lot)[0] for lot in market.lots), Fraction(0))
    model = AllocationModel(market).model
    multipliers = solver.multipliers(model)
    return certified(model, multipliers) if multipliers else None
