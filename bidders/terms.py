"""The terms that a vendor accepts when it asks to take part: everything binding in the notice, under one fingerprint."""

from __future__ import annotations

import hashlib

import msgspec

from auction.tender.solicitation import Solicitation

BINDING = ("rules", "currency", "funding", "ordering", "contract", "fees", "delivery", "opening")


def fingerprint(document: Solicitation, statement: str) -> str:
    """Stand for all that a vendor accepts, with the non-collusion statement; it changes with the smallest of its words."""
    told: dict[str, object] = {name: getattr(document, name) for name in BINDING}
    told["non_collusion"] = statement
    told["lots"] = [[lot.id, lot.title, lot.ceiling, lot.lines] for lot in document.lots]
    return hashlib.sha256(msgspec.json.encode(told, order="sorted")).hexdigest()
