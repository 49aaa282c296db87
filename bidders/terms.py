"""The terms that a vendor accepts when it asks to take part: everything binding in the notice, under one fingerprint."""

from __future__ import annotations

import hashlib

import msgspec

from auction.tender.solicitation import Solicitation

NON_COLLUSION = (
    "Our prices are made independently. We have not disclosed them to, nor agreed or consulted about them with, any other "
    "bidder or competitor, and will not before the award. Nobody was asked to bid high or not to bid."
)
"""What a vendor confirms where the event has no words of its own."""
BINDING = ("rules", "currency", "funding", "ordering", "contract", "fees", "delivery", "opening")


def non_collusion(document: Solicitation) -> str:
    """The words that a vendor confirms."""
    return document.non_collusion.strip() or NON_COLLUSION


def fingerprint(document: Solicitation) -> str:
    """Stand for all that a vendor accepts; it changes with the smallest of its words."""
    told: dict[str, object] = {name: getattr(document, name) for name in BINDING}
    told["non_collusion"] = non_collusion(document)
    told["lots"] = [[lot.id, lot.title, lot.ceiling, lot.lines] for lot in document.lots]
    return hashlib.sha256(msgspec.json.encode(told, order="sorted")).hexdigest()
