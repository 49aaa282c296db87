"""Small markets drawn at random, with every kind of rule, and realistic large ones."""

from __future__ import annotations

import random
from typing import Any


def price(chance: random.Random, low: int, high: int) -> str:
    """An amount with cents."""
    return f"{chance.randint(low, high)}.{chance.randint(0, 99):02}"


def small(seed: int) -> dict[str, Any]:
    """A few lots and vendors, and some of all the rules, often so tight that nothing is possible."""
    chance = random.Random(seed)
    lots = [f"L{n}" for n in range(chance.randint(2, 5))]
    vendors = [f"V{n}" for n in range(chance.randint(2, 4))]
    case: dict[str, Any] = {
        "lots": [
            {"id": lot} | ({"reserve": price(chance, 60, 130)} if chance.random() < 0.5 else {})
            for lot in lots
        ],
        "offers": [_offer(chance, f"O{n}", lots, vendors) for n in range(chance.randint(4, 12))],
        "shares": [
            {
                "vendor": vendor,
                "lot": lot,
                "price": price(chance, 50, 120),
                "min": f"0.{chance.randint(10, 40)}",
                "max": f"0.{chance.randint(50, 95)}",
            }
            for vendor in vendors
            for lot in lots
            if chance.random() < 0.25
        ],
    }
    case["districts"] = [
        {"id": "D1", "quantities": {lot: f"0.{chance.randint(10, 60)}" for lot in lots}},
        {"id": "D2", "quantities": dict.fromkeys(lots, "0.4")},
    ]
    case["rules"] = {
        name: made(chance, case, lots, vendors)
        for name, made in RULES.items()
        if chance.random() < (0.6 if name == "vendors" else 0.25)
    }
    return case


def _offer(chance: random.Random, name: str, lots: list[str], vendors: list[str]) -> dict[str, Any]:
    taken = chance.sample(lots, chance.choice((1, 1, 1, 2, min(3, len(lots)))))
    whole = sum(chance.randint(50, 110) for _ in taken)
    offer = {
        "id": name,
        "vendor": chance.choice(vendors),
        "lots": taken,
        "price": price(chance, whole - 15, whole),
    }
    return offer | ({"xor": chance.choice("gh")} if chance.random() < 0.2 else {})


def _vendors(chance: random.Random, case: Any, lots: list[str], vendors: list[str]) -> Any:
    return {vendor: _vendor(chance) for vendor in vendors if chance.random() < 0.6}


def _vendor(chance: random.Random) -> dict[str, Any]:
    every = {
        "charge": price(chance, 1, 20),
        "min_spend": price(chance, 60, 150),
        "max_spend": price(chance, 150, 250),
        "must_win": True,
        "must_not_win": True,
        "tiers": [{"from": "60", "percent": "2.5"}, {"from": price(chance, 100, 200), "percent": "7"}],
    }
    odds = {"must_win": 0.15, "must_not_win": 0.1}
    return {name: rule for name, rule in every.items() if chance.random() < odds.get(name, 0.3)}


RULES: dict[str, Any] = {
    "max_winners": lambda chance, case, lots, vendors: chance.randint(1, 3),
    "min_winners": lambda chance, case, lots, vendors: chance.randint(1, 2),
    "max_suppliers_per_lot": lambda chance, case, lots, vendors: chance.randint(1, 2),
    "vendors": _vendors,
    "switching": lambda chance, case, lots, vendors: [
        {"lot": lot, "incumbent": chance.choice(vendors), "cost": price(chance, 1, 25)} for lot in lots[:2]
    ],
    "budgets": lambda chance, case, lots, vendors: [
        {"district": "D1", "amount": price(chance, 40 * len(lots) // 2, 60 * len(lots))}
    ],
    "capacities": lambda chance, case, lots, vendors: [
        {"vendor": vendor, "lots": {lot: str(chance.randint(1, 9)) for lot in lots}, "limit": "12.5"}
        for vendor in vendors[:2]
    ],
    "categories": lambda chance, case, lots, vendors: [
        {"lots": lots[:2], "max_winners": chance.randint(1, 2)},
        {"lots": lots[1:], "min_winners": 1},
    ],
    "conditional": lambda chance, case, lots, vendors: [["O0", "O1"]],
    "exclusive": lambda chance, case, lots, vendors: [["O2", "O3"], ["O1", "O2"]],
    "set_aside": lambda chance, case, lots, vendors: {
        "vendors": vendors[:1],
        "share": f"0.{chance.randint(5, 40):02}",
    },
}


def cooperative(lots: int, vendors: int, seed: int, rules: bool = True) -> dict[str, Any]:
    """A cooperative's event: categories of twenty lots, single offers and bundles of a category, a few rules."""
    chance = random.Random(seed)
    base = [chance.randint(2_000, 60_000) for _ in range(lots)]
    offers: list[dict[str, Any]] = []
    for vendor in range(vendors):
        strength = chance.uniform(0.92, 1.12)
        for start in chance.sample(range(0, lots, 20), min(3, -(-lots // 20))):
            of_it = [lot for lot in range(start, min(start + 20, lots)) if chance.random() < 0.6]
            single = {lot: base[lot] * strength * chance.uniform(0.93, 1.1) for lot in of_it}
            offers += [
                _large(offers, vendor, [lot], worth, n) for n, (lot, worth) in enumerate(single.items())
            ]
            for _ in range(4):
                some = [lot for lot in of_it if chance.random() < 0.4]
                if len(some) > 1:
                    offers.append(_large(offers, vendor, some, sum(single[lot] for lot in some) * 0.95))
    case: dict[str, Any] = {
        "lots": [{"id": f"L{n}", "reserve": f"{2 * worth}.00"} for n, worth in enumerate(base)],
        "offers": offers,
    }
    if rules:
        case["rules"] = {
            "vendors": {f"V{n}": {"charge": "250", "min_spend": "5000"} for n in range(vendors)},
            "categories": [
                {"lots": [f"L{lot}" for lot in range(start, min(start + 20, lots))], "max_winners": 3}
                for start in range(0, lots, 20)
            ],
        }
    return case


def _large(
    offers: list[dict[str, Any]], vendor: int, lots: list[int], worth: float, n: int = 0
) -> dict[str, Any]:
    names = [f"L{lot}" for lot in lots]
    return {"id": f"O{len(offers) + n}", "vendor": f"V{vendor}", "lots": names, "price": f"{worth:.2f}"}
