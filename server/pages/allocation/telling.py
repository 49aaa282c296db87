"""Telling a scenario: beside the cheapest, lot by lot, its rules as sentences, and its explanations."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from auction.award.allocation import spend, taken, unawarded
from auction.award.market import Market
from auction.award.rule_words import sentence, sentences
from auction.award.workbench.facts import Figure, ScenarioSaved
from auction.award.workbench.workbench import allocation_of
from auction.terms.exact_numbers import write
from server.pages.allocation.finding import Bench, cents, exact, found_of

Winners = dict[str, tuple[str, ...]]
"""Who gets each lot, by lot; nobody for one that stays unawarded."""
STATUS = {
    "optimal": "Proven: nothing under these rules is better.",
    "feasible": "Not proven: time ran out. There may be something better.",
    "infeasible": "Impossible: some of its rules cannot be kept together.",
    "unknown": "Nothing was found before time ran out.",
}


def winners(bench: Bench, saved: ScenarioSaved) -> Winners:
    """Who gets each lot of a scenario on the bids as they stand; empty where nothing was found."""
    allocation = allocation_of(saved)
    if allocation is None or not bench.fresh(saved):
        return {}
    market = bench.market(saved)
    found: dict[str, list[str]] = {lot: [] for lot in bench.lots}
    for vendor, _, parts in taken(market, allocation):
        for lot in parts:
            found[lot].append(vendor)
    return {lot: tuple(sorted(names)) for lot, names in found.items()}


def beside(bench: Bench) -> list[dict[str, Any]]:
    """All scenarios, each beside the cheapest."""
    base = bench.cheapest()
    known = winners(bench, base) if base is not None else {}
    return [_row(bench, each, base, known) for each in bench.scenarios.kept]


def _row(bench: Bench, saved: ScenarioSaved, base: ScenarioSaved | None, known: Winners) -> dict[str, Any]:
    own, chosen = winners(bench, saved), bench.scenarios.chosen
    names = {vendor for each in own.values() for vendor in each}
    return {
        "number": saved.number,
        "name": saved.name,
        "status": saved.status,
        "cost": cents(saved.cost) if saved.cost is not None else None,
        "fresh": bench.fresh(saved),
        "base": base is not None and saved.number == base.number,
        "chosen": chosen is not None and chosen.number == saved.number,
        "vendors": len(names) if own else None,
        "moved": sum(1 for lot in own if own[lot] != known.get(lot)) if own and known else None,
        **_dearer(bench, saved, base),
    }


def _dearer(bench: Bench, saved: ScenarioSaved, base: ScenarioSaved | None) -> dict[str, str | None]:
    """How much dearer than the cheapest a scenario is, in dollars and in percent."""
    if base is None or saved.cost is None or not bench.fresh(saved):
        return {"more": None, "percent": None}
    first, cost = exact(base.cost), exact(saved.cost)
    percent = cents(write((cost - first) * 100 / first)) if first else None
    return {"more": cents(write(cost - first)), "percent": percent}


def whole(bench: Bench, saved: ScenarioSaved) -> dict[str, Any]:
    """One scenario with all there is to say of it."""
    market, chosen = bench.market(saved), bench.scenarios.chosen
    return {
        "number": saved.number,
        "name": saved.name,
        "at": saved.at,
        "status": saved.status,
        "told": STATUS[saved.status],
        "fresh": bench.fresh(saved),
        "aim": saved.aim,
        "within": saved.within,
        "cost": cents(saved.cost) if saved.cost is not None else None,
        "bound": cents(saved.bound) if saved.bound is not None else None,
        "certified": cents(saved.certified) if saved.certified is not None else None,
        "gap": _gap(saved),
        "tie": saved.tie,
        "rules": list(sentences(market, bench.called).items()),
        "clashing": [sentence(market, each, bench.called) for each in saved.clashing],
        "chosen": chosen if chosen is not None and chosen.number == saved.number else None,
        "spend": _spend(bench, saved, market),
        "explained": explained(bench, saved, market),
    }


def _gap(saved: ScenarioSaved) -> str | None:
    """How far the best found may be from the best there is, in dollars; None for a proven one."""
    if saved.status != "feasible" or saved.cost is None or saved.bound is None:
        return None
    return cents(write(exact(saved.cost) - exact(saved.bound)))


def _spend(bench: Bench, saved: ScenarioSaved, market: Market) -> list[dict[str, Any]]:
    """What each winner is paid before rebates, and for how many lots."""
    allocation, own = allocation_of(saved), winners(bench, saved)
    if allocation is None or not own:
        return []
    paid = spend(market, allocation)
    rows = [
        {
            "name": bench.called.vendor(vendor),
            "amount": cents(write(amount)),
            "lots": sum(1 for each in own.values() if vendor in each),
        }
        for vendor, amount in paid.items()
    ]
    return sorted(rows, key=lambda row: (-exact(row["amount"]), row["name"]))


def lots(bench: Bench, saved: ScenarioSaved) -> list[dict[str, Any]]:
    """Each lot with who gets it at what price, and who would in the cheapest."""
    base, own, market = bench.cheapest(), winners(bench, saved), bench.market(saved)
    known = winners(bench, base) if base is not None else {}
    allocation = allocation_of(saved)
    if allocation is None or not own:
        return []
    left = {*unawarded(market, allocation)}
    price: dict[str, Fraction] = {}
    for _, amount, parts in taken(market, allocation):
        for lot in parts:
            price[lot] = price.get(lot, Fraction(0)) + amount
    reserves = {lot.id: lot.reserve for lot in market.lots}
    return [
        {
            "id": lot,
            "title": bench.called.lot(lot),
            "winners": _names(bench, own[lot]),
            "left": lot in left,
            "price": cents(write(price.get(lot, reserves[lot] or Fraction(0)))),
            "changed": bool(known) and known.get(lot) != own[lot],
            "before": _names(bench, known.get(lot, ())),
        }
        for lot in own
    ]


def _names(bench: Bench, vendors: tuple[str, ...]) -> str:
    return ", ".join(bench.called.vendor(each) for each in vendors) or "nobody"


def explained(bench: Bench, saved: ScenarioSaved, market: Market) -> dict[str, Any] | None:
    """A scenario's explanations in words; None where nobody asked for them on the bids as they stand."""
    known, found = bench.scenarios.explained.get(saved.number), found_of(saved)
    if known is None or found is None or not bench.fresh(saved):
        return None
    rules = sentences(market, bench.called)
    second = None if known.runner_up is None else exact(known.runner_up) - found.cost
    return {
        "whole": known.whole,
        "runner_up": None if second is None else cents(write(second)),
        "lifted": [(rules.get(each.name, each.name), _cents(each)) for each in known.lifted],
        "failing": list(_failing(bench, known.failing, found.cost)),
        "winning": list(_winning(bench, known.winning, market)),
    }


def _cents(figure: Figure) -> str | None:
    return None if figure.amount is None else cents(figure.amount)


def _failing(bench: Bench, figures: tuple[Figure, ...], cost: Fraction) -> Iterator[dict[str, Any]]:
    for each in figures:
        more = None if each.amount is None else cents(write(exact(each.amount) - cost))
        yield {"name": bench.called.vendor(each.name), "more": more}


def _winning(bench: Bench, figures: tuple[Figure, ...], market: Market) -> Iterator[dict[str, Any]]:
    """Losing offers with the price at which each would have been as good as what won."""
    offers = {each.id: each for each in market.offers}
    for each in figures:
        offer = offers[each.name]
        yield {
            "lot": bench.called.all_lots(offer.lots),
            "name": bench.called.vendor(offer.vendor),
            "price": cents(write(offer.price)),
            "needed": _cents(each),
        }
