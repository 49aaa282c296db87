"""A solicitation of sealed bids that can be published: what tests of its pages begin from."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from auction.tender.solicitation import Officer, Sealing, Solicitation
from tests.server.house import event

OFFICERS = (
    Officer("p-lead", "Lea Lead", "Lake Cooperative"),
    Officer("p-auditor", "Aud Auditor", "Lake Cooperative"),
    Officer("p-oak", "Olga Oak", "Oak District"),
)
"""A lead, an auditor, and a buyer of a district; two of them open together."""
DUE, OPENED = timedelta(days=30), timedelta(days=30, hours=1)
"""After now: when bids are due and when they are opened."""


def sealed(now: datetime, **sealing: Any) -> Solicitation:
    """A draft of sealed bids with officers and times; `sealing` stands over its own."""
    due = (now + DUE).replace(microsecond=0)
    terms: dict[str, Any] = {"officers": OFFICERS, "opens": (now + OPENED).replace(microsecond=0)}
    return msgspec.structs.replace(
        event(vendors=()), kind="sealed_bid", closes=due, sealing=Sealing(**(terms | sealing))
    )
