"""Conditions beside the price: the contract's term, fees, and papers of a solicitation, each fault with its remedy."""

from __future__ import annotations

from datetime import date

from auction.money import parse_amount, parse_decimal
from auction.tender import judging, sealed_bids, solicitation
from auction.tender.solicitation import Contract, Fee, Solicitation
from auction.terms import rules
from auction.terms.faults import Fault, Reading
from auction.terms.protest_window import MOST_DAYS

MOST_RENEWALS, MOST_MONTHS = 20, 120
WHOLE = 100_000_000
"""A hundred per cent, in millionths of a per cent."""


def lasting(document: Solicitation) -> list[Fault]:
    """Name everything that is wrong with a document whatever the day: its lots, its conditions, its rules."""
    found = solicitation.faults(document) + faults(document) + judging.faults(document)
    if document.kind == "sealed_bid":
        return found + sealed_bids.lasting(document)
    try:
        rules.parse(document.rules, "rules")
    except rules.BadRules as bad:
        found += bad.faults
    return found + sealed_bids.lasting(document) if sealed_bids.seeds(document) else found


def faults(document: Solicitation) -> list[Fault]:
    """Name everything that is wrong with the conditions."""
    read = Reading()
    _contract(read, document.contract)
    for row, fee in enumerate(document.fees):
        _fee(read, f"fees[{row}]", fee)
    _protest(read, document)
    names = [each.name for each in document.documents]
    for row, name in enumerate(names):
        if name in names[:row]:
            read.fault(f"documents[{row}].name", f"{name} is attached twice; give one another name")
    return read.faults


def _contract(read: Reading, contract: Contract) -> None:
    starts, ends = (_day(read, f"contract.{name}", getattr(contract, name)) for name in ("starts", "ends"))
    if starts is not None and ends is not None and ends <= starts:
        read.fault("contract.ends", "must be after the contract starts")
    read.count("contract.renewals", contract.renewals, 0, MOST_RENEWALS)
    read.count("contract.renewal_months", contract.renewal_months, 1, MOST_MONTHS)
    least = contract.minimum_order
    if least is not None and parse_decimal(least, 6) != 0 and parse_amount(least) is None:
        read.fault("contract.minimum_order", 'must be an amount such as "100.00", or be left empty')


def _protest(read: Reading, document: Solicitation) -> None:
    """A time to protest of the solicitation's own belongs to a board's decision, and says where it stands."""
    if document.protest is None:
        return
    if document.decision != "board":
        read.fault("protest", "needs a board's decision; choose that, or leave the days to protest empty")
    read.count("protest.days", document.protest.days, 1, MOST_DAYS)
    if not document.protest.source.strip():
        read.fault(
            "protest.source", "must say where the time to protest stands, such as a policy and its number"
        )


def _day(read: Reading, path: str, text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        read.fault(path, 'must be a day, such as "2026-07-01"')
        return None


def _fee(read: Reading, path: str, fee: Fee) -> None:
    amount = parse_decimal(fee.amount, 6)
    if amount is None or amount <= 0:
        read.fault(
            f"{path}.amount", 'must be above zero, such as "1.5"; where no fee is taken, leave the fee out'
        )
    elif fee.basis == "percent" and amount > WHOLE:
        read.fault(f"{path}.amount", "must be at most 100 per cent")
