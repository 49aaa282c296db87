"""Life-cycle cost: what a bid costs over the years, as one amount of today. Exact, with flows at the end of each year."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from auction.terms.adjustments import LifeCycle
from auction.terms.exact_numbers import ZERO


def annuity(rate: Fraction, years: int) -> Fraction:
    """What one unit at the end of each of so many years is worth today."""
    return (1 - (1 + rate) ** -years) / rate if rate else Fraction(years)


def cost(rule: LifeCycle | None, price: Fraction | None, facts: Mapping[str, Fraction]) -> Fraction:
    """A bid's price before preferences: as offered, or with its life-cycle costs."""
    if rule is None:
        return price or ZERO
    return _npv(rule, price, facts) if rule.kind == "npv" else _energy(rule, price, facts)


def _npv(rule: LifeCycle, price: Fraction | None, facts: Mapping[str, Fraction]) -> Fraction:
    bought = facts.get("capex", price or ZERO)
    yearly = facts.get("opex", ZERO) * annuity(rule.rate, rule.years)
    end = facts.get("end_of_life", ZERO) / (1 + rule.rate) ** rule.years
    return bought + yearly + end - facts.get("residual", ZERO)


def _energy(rule: LifeCycle, price: Fraction | None, facts: Mapping[str, Fraction]) -> Fraction:
    stated = facts.get("kwh")
    used = (rule.capacity or ZERO) * (rule.hours or ZERO) / facts["eer"] if stated is None else stated
    return (price or ZERO) + used * rule.energy_price
