"""Telling: a computed difference in words, place by place, with what stood there and what stands there now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from auction.tender.difference import KEYS, ORDER, Change
from auction.tender.solicitation import Solicitation
from auction.terms.defaults import MEANINGS
from auction.terms.faults import parse_time
from auction.terms.jurisdiction import CATEGORIES
from server.pages.solicitation import basics, conditions, rule_form
from server.presenting import money, when_exactly

LABELS = {
    "title": "Title",
    "summary": "Summary",
    "number": "Number",
    "category": "Category",
    "funding": "Funding",
    "ordering": "Who may order",
    "zone": "Time zone",
    "currency": "Currency",
    "opens": "Opens",
    "closes": "Closes",
    "questions_until": "Questions until",
    "lots": "Lots",
    "lines": "Lines",
    "description": "Description",
    "ceiling": "Ceiling",
    "quantity": "Quantity",
    "unit": "Unit",
    "baseline": "Last paid",
    "decimals": "Decimals of the unit price",
    "no_bid": "No-bid allowed",
    "alternates": "Alternates allowed",
    "or_equal": "“Or equal” allowed",
    "needs": "Districts’ quantities",
    "districts": "Districts",
    "documents": "Documents",
    "delivery": "Delivery",
    "fees": "Fees",
    "contract": "Contract",
    "decision": "Who decides on awards",
    "protest": "Time to protest",
    "days": "days",
    "working": "in working days",
    "anchor": "counted from",
    "stay": "the award waits",
    "source": "where it stands",
    "starts": "starts",
    "ends": "ends",
    "renewals": "renewals",
    "renewal_months": "months of each renewal",
    "freight": "freight",
    "minimum_order": "minimum order",
    "payment": "payment",
    "non_collusion": "Non-collusion statement",
    "jurisdiction": "State",
    "authority": "Papers on file",
    "rules": "Rules",
    "opening": "Opening bids",
    "kind": "Method",
    "plan": "How bids are judged",
    "sealing": "Sealed bids",
    "envelopes": "envelopes",
    "due": "due",
    "officers": "officers",
    "quorum": "how many open together",
    "late": "late bids",
    "material": "bids sealed before an addendum",
}
RULES = {rule.path: rule for _, group in rule_form.GROUPS for rule in group}
MONEY = {"ceiling", "baseline", "minimum_order"}
CHOICES = {
    "category": CATEGORIES,
    "funding": basics.FUNDING,
    "ordering": basics.ORDERING,
    "decision": conditions.DECISIONS,
    "anchor": conditions.ANCHORS,
    "opening": rule_form.OPENING,
    "kind": {"reverse_auction": "Live reverse auction", "sealed_bid": "Sealed bid"},
}
NOTHING = "—"


class Told(msgspec.Struct, frozen=True):
    """One change in words; `was` and `now` are `—` where nothing stood or stands."""

    where: str
    was: str
    now: str


def told(changes: Iterable[Change], old: Solicitation, new: Solicitation) -> list[Told]:
    """Tell each change."""
    return [_told(change, old, new) for change in changes]


def _told(change: Change, old: Solicitation, new: Solicitation) -> Told:
    names = _names(old) | _names(new)
    last = change.path[-1]
    if last == ORDER:
        names_of = [
            [names.get((*change.path[:-1], each), each) for each in rows] for rows in (change.old, change.new)
        ]
        return Told(f"{_where(change.path[:-1], names)} · order", *(", ".join(each) for each in names_of))
    show = _shower(change.path, new)
    return Told(
        _where(change.path, names),
        show(change.old) if change.had else NOTHING,
        show(change.new) if change.has else NOTHING,
    )


def _names(document: Solicitation) -> dict[tuple[str, ...], str]:
    """What rows are called: a lot by its title, a line by its description."""
    found: dict[tuple[str, ...], str] = {}
    for lot in document.lots:
        found["lots", lot.id] = f"Lot “{lot.title}”"
        for line in lot.lines:
            found["lots", lot.id, "lines", line.id] = f"line {line.id}, {line.description}"
            for need in line.needs:
                name = next(
                    (each.name for each in document.districts if each.id == need.district), need.district
                )
                found["lots", lot.id, "lines", line.id, "needs", need.district] = name
    for district in document.districts:
        found["districts", district.id] = district.name
    for each in document.documents:
        found["documents", each.hash] = each.name
    return found


def _where(path: Sequence[str], names: dict[tuple[str, ...], str]) -> str:
    if path[0] == "rules":
        rule = RULES.get(".".join(path[1:]))
        return f"Rule · {rule.label}" if rule is not None else f"Rule · {'.'.join(path[1:])}"
    words: list[str] = []
    for place in range(1, len(path) + 1):
        here = tuple(path[:place])
        is_list = path[place - 1] in KEYS and place < len(path)
        if here in names:
            words.append(names[here])
        elif not is_list:
            words.append(LABELS.get(path[place - 1], path[place - 1]))
    return " · ".join(words)


def _shower(path: Sequence[str], document: Solicitation) -> Any:
    """How a value at a path is written."""
    last = path[-1]

    def show(value: Any) -> str:
        if value is None or value == "" or value == []:
            return "nothing"
        if isinstance(value, bool):
            return "yes" if value else "no"
        if last in MONEY and isinstance(value, str):
            return money(value, document.currency)
        if path[0] == "rules" and (rule := RULES.get(".".join(path[1:]))) is not None:
            return rule.choices.get(str(value), f"{_plain(value)}{f' {rule.unit}' if rule.unit else ''}")
        if isinstance(value, list) and last == "fees":
            return " ".join(_fee(fee, document.currency) for fee in value)
        if isinstance(value, dict) and "quantity" in value and "unit" in value:
            return _line(value, document.currency)
        if isinstance(value, dict) and path[-2:-1] == ("documents",):
            return str(value.get("name"))
        if last in CHOICES:
            return CHOICES[last].get(str(value), str(value))
        time = parse_time(value)
        return when_exactly(time, document.zone) if time is not None else _plain(value)

    return show


def _fee(fee: dict[str, Any], currency: str) -> str:
    who = "The vendor pays" if fee["payer"] == "vendor" else "Each ordering district pays"
    much = f"{fee['amount']} % of each order" if fee["basis"] == "percent" else money(fee["amount"], currency)
    return f"{who} {much}{': ' + fee['words'] if fee['words'] else ''}."


def _line(line: dict[str, Any], currency: str) -> str:
    paid = f", last paid {money(line['baseline'], currency)} each" if line.get("baseline") else ""
    return f"{line['quantity']} {line['unit']}{paid}"


def _plain(value: Any) -> str:
    """A value with members or rows, in one line."""
    if isinstance(value, dict):
        shown = (
            f"{str(LABELS.get(name, name)).lower()} {_plain(each)}"
            for name, each in value.items()
            if _says(name, each)
        )
        return ", ".join(shown)
    if isinstance(value, list):
        return "; ".join(_plain(each) for each in value)
    return str(value)


def _says(name: str, value: Any) -> bool:
    return name not in ("id", "hash", "media", "item") and value not in (None, "", [], False)


__all__ = ["LABELS", "MEANINGS", "Told", "told"]
