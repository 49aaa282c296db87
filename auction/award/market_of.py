"""The market of an event: its closed lots and the bids that stand on them, as a case that anybody can allocate again.

A case is plain JSON: amounts in dollars as strings, parts of a lot as fractions. Lots that nobody can be awarded are left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import msgspec

from auction.award import market
from auction.award.market import Market
from auction.award.result import Candidate, Result
from auction.tender.solicitation import Line, Lot, Solicitation
from auction.terms.exact_numbers import ONE, ZERO, parse, write

Case = dict[str, Any]
Quality = Mapping[str, Fraction]
"""What each vendor earned by its scores, by vendor."""


def case_of(document: Solicitation, results: Sequence[Result], quality: Quality | None = None) -> Case:
    """Everything that an allocation is chosen from, without any rule; a lot's ceiling is its reserve."""
    standing = {each.lot: [row for row in each.candidates if not row.suspended] for each in results}
    lots = [lot for lot in document.lots if standing.get(lot.id)]
    earned = quality or {}
    return {
        "lots": [{"id": lot.id} | _reserve(lot) for lot in lots],
        "offers": [_offer(lot, row, earned) for lot in lots for row in standing[lot.id]],
        "districts": _districts(document, lots),
    }


def offer_id(lot: str, vendor: str) -> str:
    """The id of a vendor's offer for a lot."""
    return f"{lot}/{vendor}"


def _reserve(lot: Lot) -> Case:
    return {"reserve": lot.ceiling} if lot.ceiling is not None else {}


def _offer(lot: Lot, row: Candidate, earned: Quality) -> Case:
    made = {"id": offer_id(lot.id, row.vendor), "vendor": row.vendor, "lots": [lot.id], "price": row.amount}
    return made | ({"quality": write(earned[row.vendor])} if row.vendor in earned else {})


def _districts(document: Solicitation, lots: Sequence[Lot]) -> list[Case]:
    """Each district's part of each lot, as far as its needs are known."""
    found = [(each.id, {lot.id: part_of(lot, each.id) for lot in lots}) for each in document.districts]
    return [
        {"id": id, "quantities": {lot: write(part) for lot, part in parts.items() if part}}
        for id, parts in found
        if any(parts.values())
    ]


def part_of(lot: Lot, district: str) -> Fraction:
    """A district's part of a lot, 0 to 1: of what it is worth at the prices last paid, else of its lines alike."""
    values = [_value(line) for line in lot.lines]
    known = values if all(values) else [ONE] * len(values)
    whole = sum(known, ZERO)
    parts = (value * _needed(line, district) for line, value in zip(lot.lines, known, strict=True))
    return sum(parts, ZERO) / whole if whole else ZERO


def _value(line: Line) -> Fraction:
    return (parse(line.quantity) or ZERO) * (parse(line.baseline or "") or ZERO)


def _needed(line: Line, district: str) -> Fraction:
    quantity = parse(line.quantity)
    wanted = sum((parse(need.quantity) or ZERO for need in line.needs if need.district == district), ZERO)
    return min(ONE, wanted / quantity) if quantity else ZERO


def with_rules(case: Case, rules: Mapping[str, Any]) -> Case:
    """The same case under rules."""
    return {**case, "rules": dict(rules)} if rules else dict(case)


def read(case: Case, rules: Mapping[str, Any]) -> Market:
    """The market of a case under rules; raises `Faulty` with every fault."""
    return market.parse(with_rules(case, rules))


def fingerprint(case: Case) -> str:
    """The hash of a case without its rules: SHA-256, hex, of its JSON in the order of names."""
    bare = {name: value for name, value in case.items() if name != "rules"}
    return hashlib.sha256(msgspec.json.encode(bare, order="deterministic")).hexdigest()
