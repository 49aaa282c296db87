"""Bids as they are evaluated: a price or lines, scores by criterion, flags and facts; read against the plan with all faults."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import msgspec

from auction.award import life_cycle, lines
from auction.award.criteria import scored
from auction.terms.criteria import leaves
from auction.terms.exact_numbers import ZERO, money, number, write
from auction.terms.faults import Reading, join
from auction.terms.plan import Plan

COSTS, MEASURES = ("capex", "eer"), ("opex", "kwh", "end_of_life", "residual", "distance", "delivery_days")
MEMBERS = ("price", "lines", "scores", "flags", "disqualified", "received", *COSTS, *MEASURES)


class Bid(msgspec.Struct, frozen=True):
    """One bid; `scores` holds by criterion what was earned and the figure that its threshold is compared with."""

    id: str
    price: Fraction | None = None
    scores: dict[str, tuple[Fraction, Fraction]] = {}
    flags: frozenset[str] = frozenset()
    facts: dict[str, Fraction] = {}
    received: str = ""
    disqualified: str | None = None

    @property
    def offered(self) -> Fraction:
        """What would be paid: the price, or what is bought where costs over the years stand for it."""
        return self.price if self.price is not None else self.facts.get("capex", ZERO)


def parse(read: Reading, value: object, plan: Plan) -> tuple[Bid, ...]:
    """Read all bids, noting every fault."""
    if not isinstance(value, dict) or not value:
        read.fault("bids", 'must be an object with at least one bid, such as {"A": {"price": "95.00"}}')
        return ()
    return tuple(_one(read, join("bids", name), name, row, plan) for name, row in value.items())


def _one(read: Reading, path: str, name: str, value: object, plan: Plan) -> Bid:
    faults = len(read.faults)
    given = read.members(path, value, MEMBERS)
    out = given.get("disqualified")
    if out is not None and (not isinstance(out, str) or not out):
        read.fault(join(path, "disqualified"), "must be the reason in words, or left out")
    bid = Bid(
        name,
        price=_price(read, path, given),
        scores=_scores(read, join(path, "scores"), given.get("scores", {}), plan, out is not None),
        flags=frozenset(_flags(read, join(path, "flags"), given.get("flags", []))),
        facts=dict(_facts(read, path, given)),
        received=_received(read, join(path, "received"), given.get("received")),
        disqualified=str(out) if out is not None else None,
    )
    if out is None and isinstance(value, dict):
        _complete(read, path, bid, given, plan)
        if len(read.faults) == faults and life_cycle.cost(plan.life_cycle, bid.price, bid.facts) <= 0:
            read.fault(
                join(path, "residual"), "is more than everything else costs; there is no bid at zero or below"
            )
    return bid


def _price(read: Reading, path: str, given: dict[str, object]) -> Fraction | None:
    price = money(read, join(path, "price"), given["price"]) if "price" in given else None
    if "lines" not in given:
        return price
    faults = len(read.faults)
    summed = lines.total(read, join(path, "lines"), given["lines"])
    if price is not None and summed is not None and price != summed and len(read.faults) == faults:
        read.fault(
            join(path, "price"),
            f"differs from its lines, which sum to {write(summed)}; correct one or leave it out",
        )
    return summed if summed is not None else price


def _scores(
    read: Reading, path: str, value: object, plan: Plan, out: bool
) -> dict[str, tuple[Fraction, Fraction]]:
    criteria = tuple(leaves(plan.criteria))
    given = read.members(path, value, tuple(each.id for each in criteria))
    for each in criteria:
        if each.id not in given and not out and isinstance(value, dict):
            read.fault(join(path, each.id), "is required: every admitted bid is scored on every criterion")
    return {
        each.id: scored(read, join(path, each.id), each, given[each.id])
        for each in criteria
        if each.id in given
    }


def _flags(read: Reading, path: str, value: object) -> Iterator[str]:
    for place, flag in enumerate(read.rows(path, value)):
        if isinstance(flag, str) and flag:
            yield flag
        else:
            read.fault(f"{path}[{place}]", "must be a word, such as small_business")


def _facts(read: Reading, path: str, given: dict[str, object]) -> Iterator[tuple[str, Fraction]]:
    for name in (*COSTS, *MEASURES):
        if name in given:
            positive = ZERO if name in COSTS else None
            yield (
                name,
                number(
                    read,
                    join(path, name),
                    given[name],
                    None if positive is not None else ZERO,
                    above=positive,
                ),
            )


def _received(read: Reading, path: str, value: object) -> str:
    return read.time(path, value).isoformat(timespec="microseconds") if value is not None else ""


def _complete(read: Reading, path: str, bid: Bid, given: dict[str, object], plan: Plan) -> None:
    """Refuse an admitted bid that lacks what the evaluation needs."""
    rule, named = plan.life_cycle, "price" in given or "lines" in given
    if rule is not None and rule.kind == "npv":
        if "opex" not in given:
            read.fault(join(path, "opex"), "is required: life-cycle costs count what each year costs")
        if "capex" not in given and not named:
            read.fault(join(path, "capex"), "is required where there is no price")
    elif not named:
        read.fault(join(path, "price"), "is required, or lines that sum to it")
    if rule is not None and rule.kind == "energy":
        wanted = "eer" if rule.capacity is not None else "kwh"
        if wanted not in given and not (wanted == "eer" and "kwh" in given):
            read.fault(join(path, wanted), "is required: the energy cost is reckoned from it")
    if plan.price.formula == "ratio" and plan.most and not sum(earned for earned, _ in bid.scores.values()):
        read.fault(
            join(path, "scores"),
            "come to no quality at all, which a price cannot be divided by; disqualify the bid",
        )
