"""An allocation: which offers and shares are taken, what that costs to the cent, and every rule that it would break.

This is reckoned from the market alone, without any model and whoever found the allocation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction

import msgspec

from auction.award.market import Market, Offer, Share
from auction.terms.exact_numbers import HUNDRED, ONE, ZERO

Taken = tuple[str, Fraction, Mapping[str, Fraction]]
"""A vendor, what it is paid, and the part of each lot that it gets for that."""


class Allocation(msgspec.Struct, frozen=True):
    """The ids of the offers taken, and the percent of each share taken by vendor and lot."""

    offers: frozenset[str]
    shares: dict[tuple[str, str], int]


def taken(market: Market, allocation: Allocation) -> list[Taken]:
    """Everything taken, at its exact price."""
    return [*_whole(market, allocation), *_parts(market, allocation)]


def _whole(market: Market, allocation: Allocation) -> Iterator[Taken]:
    for offer in chosen(market, allocation):
        yield offer.vendor, offer.price, dict.fromkeys(offer.lots, ONE)


def _parts(market: Market, allocation: Allocation) -> Iterator[Taken]:
    for share, percent in shared(market, allocation):
        yield share.vendor, share.price * percent / HUNDRED, {share.lot: Fraction(percent, 100)}


def chosen(market: Market, allocation: Allocation) -> Iterator[Offer]:
    """The offers taken."""
    return (offer for offer in market.offers if offer.id in allocation.offers)


def shared(market: Market, allocation: Allocation) -> Iterator[tuple[Share, int]]:
    """The shares taken, each with its percent."""
    found = ((share, allocation.shares.get((share.vendor, share.lot), 0)) for share in market.shares)
    return ((share, percent) for share, percent in found if percent)


def unawarded(market: Market, allocation: Allocation) -> list[str]:
    """The lots of which nobody gets anything."""
    given = {lot for _, _, parts in taken(market, allocation) for lot in parts}
    return [lot.id for lot in market.lots if lot.id not in given]


def spend(market: Market, allocation: Allocation) -> dict[str, Fraction]:
    """What each winner is paid before rebates."""
    paid: dict[str, Fraction] = defaultdict(Fraction)
    for vendor, price, _ in taken(market, allocation):
        paid[vendor] += price
    return dict(paid)


def cost(market: Market, allocation: Allocation) -> Fraction:
    """All that the allocation costs: offers, shares, charges, switching and reserves of unawarded lots, less rebates."""
    rules, paid = market.rules.vendors, spend(market, allocation)
    reserves = {lot.id: lot.reserve or ZERO for lot in market.lots}
    return sum(
        [
            *(amount - rebate(market, vendor, amount) for vendor, amount in paid.items()),
            *(rules[vendor].charge for vendor in paid if vendor in rules),
            *(reserves[lot] for lot in unawarded(market, allocation)),
            *_switched(market, allocation),
        ],
        ZERO,
    )


def rebate(market: Market, vendor: str, amount: Fraction) -> Fraction:
    """What comes back of a spend: the percentage of the highest tier reached, of all of it."""
    rule = market.rules.vendors.get(vendor)
    reached = [tier.percent for tier in rule.tiers if amount >= tier.start] if rule else []
    return amount * reached[-1] / HUNDRED if reached else ZERO


def _switched(market: Market, allocation: Allocation) -> Iterator[Fraction]:
    """Each vendor that takes a lot, or part of it, from an incumbent costs the switch."""
    switching = {each.lot: each for each in market.rules.switching}
    for vendor, _, parts in taken(market, allocation):
        yield from (
            switching[lot].cost for lot in parts if lot in switching and switching[lot].incumbent != vendor
        )
