"""The rules of an allocation: winners, spend, tiers, switching, budgets, capacities, set-asides and what belongs together."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from itertools import pairwise

import msgspec

from auction.award.market_reading import cents, known, objects, once, several, word
from auction.terms.exact_numbers import HUNDRED, ONE, ZERO, number
from auction.terms.faults import Reading

MEMBERS = (
    *("max_winners", "min_winners", "max_suppliers_per_lot", "vendors", "switching", "budgets", "capacities"),
    *("categories", "conditional", "exclusive", "set_aside"),
)
VENDOR = ("charge", "min_spend", "max_spend", "must_win", "must_not_win", "tiers")


class Tier(msgspec.Struct, frozen=True):
    """From this spend on, so many percent of the vendor's whole spend come back."""

    start: Fraction
    percent: Fraction


class VendorRule(msgspec.Struct, frozen=True):
    """What holds for one vendor; amounts in dollars."""

    charge: Fraction = ZERO
    min_spend: Fraction | None = None
    max_spend: Fraction | None = None
    must_win: bool = False
    must_not_win: bool = False
    tiers: tuple[Tier, ...] = ()


class Switching(msgspec.Struct, frozen=True):
    """What it costs when a vendor other than the incumbent takes a lot or part of it."""

    lot: str
    incumbent: str
    cost: Fraction


class Budget(msgspec.Struct, frozen=True):
    """The most that a district's part of all awards may cost."""

    district: str
    amount: Fraction


class Capacity(msgspec.Struct, frozen=True):
    """Units that each lot takes of something of which a vendor has a limited number."""

    vendor: str
    lots: dict[str, Fraction]
    limit: Fraction


class Category(msgspec.Struct, frozen=True):
    """Lots that at most, or at least, so many vendors may win."""

    lots: tuple[str, ...]
    max_winners: int | None = None
    min_winners: int | None = None


class SetAside(msgspec.Struct, frozen=True):
    """The least part of all spend that goes to these vendors."""

    vendors: tuple[str, ...]
    share: Fraction


class AllocationRules(msgspec.Struct, frozen=True):
    """All rules of an allocation; none of them is there unless somebody asked for it."""

    max_winners: int | None = None
    min_winners: int | None = None
    max_suppliers_per_lot: int | None = None
    vendors: dict[str, VendorRule] = {}
    switching: tuple[Switching, ...] = ()
    budgets: tuple[Budget, ...] = ()
    capacities: tuple[Capacity, ...] = ()
    categories: tuple[Category, ...] = ()
    conditional: tuple[tuple[str, str], ...] = ()
    exclusive: tuple[tuple[str, str], ...] = ()
    set_asides: tuple[SetAside, ...] = ()


class Names(msgspec.Struct, frozen=True):
    """What rules may refer to."""

    lots: Collection[str]
    offers: Collection[str]
    districts: Collection[str]


def parse_rules(read: Reading, value: object, names: Names) -> AllocationRules:
    """Read the rules, noting every fault; vendors that offer nothing may be named."""
    given = read.members("rules", value, MEMBERS)
    vendors = given.get("vendors", {})
    if not isinstance(vendors, dict):
        read.fault("rules.vendors", "must be an object of vendors and what holds for each")
        vendors = {}
    asides = given.get("set_aside", [])
    return AllocationRules(
        max_winners=_count(read, "rules", given, "max_winners"),
        min_winners=_count(read, "rules", given, "min_winners"),
        max_suppliers_per_lot=_count(read, "rules", given, "max_suppliers_per_lot", 1),
        vendors={name: _vendor(read, f"rules.vendors.{name}", row) for name, row in vendors.items()},
        switching=_switching(read, given.get("switching", []), names),
        budgets=_budgets(read, given.get("budgets", []), names),
        capacities=_capacities(read, given.get("capacities", []), names),
        categories=_categories(read, given.get("categories", []), names),
        conditional=_pairs(read, "rules.conditional", given.get("conditional", []), names),
        exclusive=_pairs(read, "rules.exclusive", given.get("exclusive", []), names),
        set_asides=_set_asides(
            read, asides if isinstance(asides, list) else [asides], isinstance(asides, list)
        ),
    )


def _count(read: Reading, path: str, given: dict[str, object], name: str, least: int = 0) -> int | None:
    return read.maybe(lambda p, v: read.count(p, v, least), f"{path}.{name}", given.get(name))


def _vendor(read: Reading, path: str, value: object) -> VendorRule:
    given = read.members(path, value, VENDOR)

    def amount(name: str) -> Fraction | None:
        at = f"{path}.{name}"
        # A bound of nothing is a bound; a charge of nothing is none.
        return None if name not in given or given[name] is None else _amount(read, at, given[name])

    low, high = amount("min_spend"), amount("max_spend")
    if low is not None and high is not None and low > high:
        read.fault(f"{path}.min_spend", "must not be above max_spend")
    return VendorRule(
        charge=amount("charge") or ZERO,
        min_spend=low,
        max_spend=high,
        must_win=read.flag(f"{path}.must_win", given.get("must_win", False)),
        must_not_win=read.flag(f"{path}.must_not_win", given.get("must_not_win", False)),
        tiers=_tiers(read, f"{path}.tiers", given.get("tiers", [])),
    )


def _amount(read: Reading, path: str, value: object) -> Fraction:
    return ZERO if value in ("0", "0.0", "0.00") else cents(read, path, value)


def _tiers(read: Reading, path: str, value: object) -> tuple[Tier, ...]:
    found = tuple(
        Tier(
            _amount(read, f"{at}.from", row["from"]),
            number(read, f"{at}.percent", row["percent"], most=HUNDRED),
        )
        for at, row in objects(read, path, value, ("from", "percent"), ("from", "percent"))
    )
    if any(
        after.start <= before.start or after.percent < before.percent for before, after in pairwise(found)
    ):
        read.fault(path, "must go up: each tier from a higher spend on, and with no lower percentage")
    return found


def _switching(read: Reading, value: object, names: Names) -> tuple[Switching, ...]:
    keys = ("lot", "incumbent", "cost")
    found = tuple(
        Switching(
            known(read, f"{at}.lot", row["lot"], names.lots, "lot"),
            word(read, f"{at}.incumbent", row["incumbent"]),
            _amount(read, f"{at}.cost", row["cost"]),
        )
        for at, row in objects(read, "rules.switching", value, keys, keys)
    )
    once(read, "rules.switching", [(each.lot,) for each in found])
    return found


def _budgets(read: Reading, value: object, names: Names) -> tuple[Budget, ...]:
    keys = ("district", "amount")
    return tuple(
        Budget(
            known(read, f"{at}.district", row["district"], names.districts, "district"),
            _amount(read, f"{at}.amount", row["amount"]),
        )
        for at, row in objects(read, "rules.budgets", value, keys, keys)
    )


def _capacities(read: Reading, value: object, names: Names) -> tuple[Capacity, ...]:
    keys = ("vendor", "lots", "limit")
    return tuple(
        Capacity(
            word(read, f"{at}.vendor", row["vendor"]),
            units(read, f"{at}.lots", row["lots"], names.lots),
            number(read, f"{at}.limit", row["limit"]),
        )
        for at, row in objects(read, "rules.capacities", value, keys, keys)
    )


def units(
    read: Reading, path: str, value: object, lots: Collection[str], most: Fraction | None = None
) -> dict[str, Fraction]:
    """Read a number for each of some lots."""
    if not isinstance(value, dict):
        read.fault(path, 'must be an object of lots and numbers, such as {"L1": "0.25"}')
        return {}
    return {
        known(read, f"{path}.{name}", name, lots, "lot"): number(read, f"{path}.{name}", each, most=most)
        for name, each in value.items()
    }


def _categories(read: Reading, value: object, names: Names) -> tuple[Category, ...]:
    return tuple(
        Category(
            several(read, f"{at}.lots", row["lots"], names.lots, "lot"),
            _count(read, at, row, "max_winners"),
            _count(read, at, row, "min_winners"),
        )
        for at, row in objects(
            read, "rules.categories", value, ("lots", "max_winners", "min_winners"), ("lots",)
        )
    )


def _pairs(read: Reading, path: str, value: object, names: Names) -> tuple[tuple[str, str], ...]:
    found = []
    for place, row in enumerate(read.rows(path, value)):
        if not isinstance(row, list) or len(row) != 2:
            read.fault(f"{path}[{place}]", 'must be a pair of offers, such as ["O1", "O2"]')
            continue
        one, other = (
            known(read, f"{path}[{place}][{n}]", each, names.offers, "offer") for n, each in enumerate(row)
        )
        found.append((one, other))
    return tuple(found)


def _set_asides(read: Reading, value: list[object], listed: bool) -> tuple[SetAside, ...]:
    found = []
    for place, row in enumerate(value):
        path = f"rules.set_aside[{place}]" if listed else "rules.set_aside"
        given = read.members(path, row, ("vendors", "share"), ("vendors", "share"))
        if "vendors" in given and "share" in given:
            rows = read.rows(f"{path}.vendors", given["vendors"], 1)
            vendors = tuple(word(read, f"{path}.vendors[{n}]", each) for n, each in enumerate(rows))
            found.append(SetAside(vendors, number(read, f"{path}.share", given["share"], most=ONE)))
    return tuple(found)
