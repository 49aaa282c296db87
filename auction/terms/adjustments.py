"""Edits of the evaluated price before it is scored: published preferences and life-cycle costs. The contract price stays."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from auction.terms.exact_numbers import HUNDRED, ONE, ZERO, money, number
from auction.terms.faults import Reading, join

PREFERENCES: dict[str, str] = {
    "percent_of_lowest_other": "A percentage of the lowest bid without the flag comes off every bid with it.",
    "multiplier": "A percentage of its own price comes off every bid with the flag.",
    "foreign_factor": "A percentage of its own price is added to every bid without the flag while one with it competes.",
    "within_percent": "A bid with the flag that lies within a percentage of the lowest without it is taken for as low.",
}
"""Every kind of preference with its sentence."""

ENERGY, ENERGY_FACTS = ("capacity", "hours", "energy_price"), ("eer", "kwh", "kwh_per_year", "price")
NPV, NPV_FACTS = ("rate", "years"), ("capex", "opex", "end_of_life", "residual", "price")
LIFE_CYCLES: dict[str, str] = {
    "npv": "What is bought, plus each year's cost at the end of that year, discounted; plus the end of life, less the residual.",
    "energy": "The price plus what the energy costs: capacity × hours × energy price / EER, or kWh × energy price.",
}
"""Every kind of life-cycle cost with its sentence."""
MOST_YEARS = 100


class Preference(msgspec.Struct, frozen=True):
    """A published preference: its percentage, the flag it goes by, and the most money it may move."""

    kind: str
    percent: Fraction
    flag: str
    cap: Fraction | None = None

    @property
    def wins_ties(self) -> bool:
        """Tell whether a tie after this edit goes to a bid with the flag."""
        return self.kind != "multiplier"


class LifeCycle(msgspec.Struct, frozen=True):
    """How costs over the life of the goods are reckoned into the evaluated price."""

    kind: str
    rate: Fraction = ZERO
    years: int = 0
    capacity: Fraction | None = None
    hours: Fraction | None = None
    energy_price: Fraction = ZERO

    @property
    def facts(self) -> tuple[str, ...]:
        """Name the facts of a bid that enter the cost, and therefore may not earn points too."""
        return NPV_FACTS if self.kind == "npv" else ENERGY_FACTS


def parse_preference(read: Reading, path: str, value: object) -> Preference:
    """Read one preference."""
    names = ("kind", "percent", "applies_to")
    given = read.members(path, value, (*names, "cap"), names)
    kind = read.choice(join(path, "kind"), given.get("kind"), tuple(PREFERENCES)) if "kind" in given else ""
    under, most = (HUNDRED, None) if kind == "multiplier" else (None, Fraction(1000))
    percent = ONE
    if "percent" in given:
        percent = number(
            read, join(path, "percent"), given["percent"], least=None, above=ZERO, most=most, under=under
        )
    cap = read.maybe(lambda p, v: money(read, p, v), join(path, "cap"), given.get("cap"))
    return Preference(kind, percent, _flag(read, path, given), cap)


def _flag(read: Reading, path: str, given: dict[str, object]) -> str:
    flag = given.get("applies_to", "unknown")
    if isinstance(flag, str) and flag:
        return flag
    read.fault(
        join(path, "applies_to"), "must be the flag of the bids that it is for, such as small_business"
    )
    return ""


def parse_life_cycle(read: Reading, path: str, value: object) -> LifeCycle:
    """Read how life-cycle costs are reckoned."""
    kind = value.get("kind") if isinstance(value, dict) else None
    if kind not in LIFE_CYCLES:
        read.choice(join(path, "kind"), kind, tuple(LIFE_CYCLES))
        return LifeCycle("npv")
    return _npv(read, path, value) if kind == "npv" else _energy(read, path, value)


def _npv(read: Reading, path: str, value: object) -> LifeCycle:
    given = read.members(path, value, ("kind", *NPV), NPV)
    rate = number(read, join(path, "rate"), given.get("rate", "0"), most=ONE)
    years = read.count(join(path, "years"), given.get("years", 1), 1, MOST_YEARS)
    return LifeCycle("npv", rate=rate, years=years)


def _energy(read: Reading, path: str, value: object) -> LifeCycle:
    given = read.members(path, value, ("kind", *ENERGY), ("energy_price",))
    if ("capacity" in given) != ("hours" in given):
        read.fault(path, "needs capacity and hours together, or neither where bids state their kWh")
    price = number(read, join(path, "energy_price"), given.get("energy_price", "1"), least=None, above=ZERO)
    sizes = {
        name: number(read, join(path, name), given[name], least=None, above=ZERO)
        for name in ("capacity", "hours")
        if name in given
    }
    return LifeCycle("energy", energy_price=price, **sizes)  # type: ignore[arg-type]
