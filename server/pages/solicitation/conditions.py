"""The section of conditions: the contract's term, freight and payment, delivery, fees, and who decides on awards."""

from __future__ import annotations

import msgspec

from auction.tender.conditions import MOST_MONTHS, MOST_RENEWALS
from auction.tender.solicitation import Contract, Fee, Solicitation
from auction.terms.protest_window import MOST_DAYS, Window
from server.pages.solicitation.fields import Fields

NAMES = ("contract", "fees", "delivery", "decision", "protest")
ROOM_FOR_FEES = 3
PAYERS = {"vendor": "The vendor pays", "district": "The district pays"}
BASES = {"percent": "per cent of each order", "flat": "a flat amount for the contract"}

DECISIONS = {
    "direct": "Two people of the consortium",
    "board": "A board, after a recommendation; bidders are told and may protest",
}
UNITS = {"calendar": "calendar days", "working": "working days"}
ANCHORS = {"notice": "the notice of intent", "board": "the board’s decision"}
STAYS = {"yes": "The award waits until it is decided", "no": "The award does not wait for it"}


def values(document: Solicitation) -> dict[str, str]:
    """What stands in the fields."""
    held = document.contract
    shown = {f"contract_{name}": str(getattr(held, name) or "") for name in held.__struct_fields__}
    shown |= {"contract_renewals": str(held.renewals), "delivery": document.delivery}
    for row in range(ROOM_FOR_FEES):
        fee = document.fees[row] if row < len(document.fees) else None
        for name in Fee.__struct_fields__:
            shown[f"fee_{row}_{name}"] = getattr(fee, name) if fee is not None else ""
    return shown | {"decision": document.decision} | _protest_values(document.protest)


def _protest_values(window: Window | None) -> dict[str, str]:
    return {
        "protest_days": str(window.days) if window is not None else "",
        "protest_unit": "working" if window is not None and window.working else "calendar",
        "protest_anchor": window.anchor if window is not None else "notice",
        "protest_stay": "no" if window is not None and not window.stay else "yes",
        "protest_source": window.source if window is not None else "",
    }


def read(document: Solicitation, fields: Fields) -> Solicitation:
    """The document with what the form said."""
    starts, ends = fields.day("contract_starts"), fields.day("contract_ends")
    if starts and ends and ends <= starts:
        fields.fault("contract_ends", "must be after the contract starts")
    contract = Contract(
        number=fields.text("contract_number", 60),
        starts=starts,
        ends=ends,
        renewals=fields.number("contract_renewals", 0, MOST_RENEWALS),
        renewal_months=fields.number("contract_renewal_months", 1, MOST_MONTHS),
        freight=fields.text("contract_freight", 1000),
        minimum_order=fields.amount("contract_minimum_order"),
        payment=fields.text("contract_payment", 1000),
    )
    fees = tuple(fee for row in range(ROOM_FOR_FEES) if (fee := _fee(fields, row)) is not None)
    return msgspec.structs.replace(
        document,
        contract=contract,
        fees=fees,
        delivery=fields.text("delivery", 4000),
        decision=fields.choice("decision", DECISIONS),
        protest=_protest(fields),
    )


def _protest(fields: Fields) -> Window | None:
    """A time to protest of the solicitation's own, where days are given."""
    if not fields.raw("protest_days"):
        if fields.raw("protest_source"):
            fields.fault("protest_days", "say how many days, or empty where they stand")
        return None
    return Window(
        days=fields.number("protest_days", 1, MOST_DAYS),
        working=fields.choice("protest_unit", UNITS) == "working",
        anchor=fields.choice("protest_anchor", ANCHORS),  # type: ignore[arg-type]
        stay=fields.choice("protest_stay", STAYS) == "yes",
        source=fields.text("protest_source", 300, "say where the time to protest stands"),
    )


def _fee(fields: Fields, row: int) -> Fee | None:
    at = f"fee_{row}_"
    if not fields.raw(f"{at}amount"):
        if fields.raw(f"{at}words"):
            fields.fault(f"{at}amount", "say how much it is, or empty the words beside it")
        return None
    return Fee(
        payer=fields.choice(f"{at}payer", PAYERS),  # type: ignore[arg-type]
        basis=fields.choice(f"{at}basis", BASES),  # type: ignore[arg-type]
        amount=fields.decimal(f"{at}amount"),
        words=fields.text(f"{at}words", 300),
    )
