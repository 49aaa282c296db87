"""Money in a published tender: one currency for the event, and amounts in it, exact or left out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from server.imports.source import Place

CURRENCY = re.compile(r"[A-Z]{3}")
FALLBACK = "USD"


def currency_of(tender: Place, names: Iterable[str] = ("value", "minimalStep")) -> str:
    """The event's currency: the first that the tender states, or one of its lots."""
    stated = [
        value.line("currency")
        for place in (tender, *tender.rows("lots"))
        for name in names
        if isinstance(place.value.get(name), dict) and (value := place.below(name))
    ]
    for currency in stated:
        if CURRENCY.fullmatch(currency):
            return currency
    tender.note(f"states no currency; the draft says {FALLBACK}, which the lead must check", "value.currency")
    return FALLBACK


def amount(place: Place, name: str, currency: str) -> str | None:
    """Read a value's amount; None, and a note where there is something to tell, when it cannot be held exactly."""
    if place.value.get(name) is None:
        return None
    value = place.below(name)
    stated = value.line("currency")
    if stated and stated != currency:
        value.note(f"is not in {currency}, the event's currency, and was left out", "amount")
        value.note("is another currency than the event's", "currency")
        return None
    return value.decimal("amount")
