"""Rules of an allocation written as a case says them, so that they can be read again, changed and kept."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from auction.award.allocation_rules import AllocationRules, VendorRule
from auction.terms.exact_numbers import write

COUNTS = ("max_winners", "min_winners", "max_suppliers_per_lot")


def written(rules: AllocationRules) -> dict[str, Any]:
    """What `parse_rules` reads back to the same rules; what does not hold is left out."""
    said: dict[str, Any] = {name: getattr(rules, name) for name in COUNTS if getattr(rules, name) is not None}
    more = {
        "vendors": {name: row for name, rule in rules.vendors.items() if (row := _vendor(rule))},
        "switching": [
            {"lot": each.lot, "incumbent": each.incumbent, "cost": write(each.cost)}
            for each in rules.switching
        ],
        "budgets": [{"district": each.district, "amount": write(each.amount)} for each in rules.budgets],
        "capacities": [
            {"vendor": each.vendor, "lots": _numbers(each.lots), "limit": write(each.limit)}
            for each in rules.capacities
        ],
        "categories": [
            {"lots": list(each.lots)}
            | {
                name: getattr(each, name)
                for name in ("max_winners", "min_winners")
                if getattr(each, name) is not None
            }
            for each in rules.categories
        ],
        "conditional": [list(pair) for pair in rules.conditional],
        "exclusive": [list(pair) for pair in rules.exclusive],
        "set_aside": [
            {"vendors": list(each.vendors), "share": write(each.share)} for each in rules.set_asides
        ],
    }
    return said | {name: value for name, value in more.items() if value}


def _vendor(rule: VendorRule) -> dict[str, Any]:
    said: dict[str, Any] = {
        name: write(amount)
        for name in ("min_spend", "max_spend")
        if (amount := getattr(rule, name)) is not None
    }
    said |= {name: True for name in ("must_win", "must_not_win") if getattr(rule, name)}
    if rule.charge:
        said["charge"] = write(rule.charge)
    if rule.tiers:
        said["tiers"] = [{"from": write(each.start), "percent": write(each.percent)} for each in rule.tiers]
    return said


def _numbers(values: dict[str, Fraction]) -> dict[str, str]:
    return {name: write(value) for name, value in values.items()}
