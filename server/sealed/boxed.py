"""Which events of the list take sealed envelopes: sealed bids, and auctions whose opening bids come sealed."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_

from server.tables import EventRow


def with_box() -> ColumnElement[bool]:
    """The condition in SQL; `auction.tender.sealed_bids.has_box` says the same of a document."""
    return or_(_says("kind", "sealed_bid"), _says("opening", "sealed"))


def _says(name: str, value: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = EventRow.document[name].as_string() == value
    return found
