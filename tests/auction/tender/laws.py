"""Made-up law for tests: a state that allows auctions, and documents that it lets be published."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from auction.tender.authority import Ground
from auction.tender.solicitation import Lot, Solicitation, Vendor
from auction.terms.jurisdiction import Profile, parse

NOW = datetime(2026, 3, 1, tzinfo=UTC)
OPENS, CLOSES = NOW + timedelta(days=1), NOW + timedelta(days=1, hours=1)
DOCUMENT = Solicitation(
    number="2026-1",
    title="Paper",
    rules={"format": "english"},
    lots=(Lot("L1", "Paper"), Lot("L2", "Ink")),
    vendors=(Vendor("A", "Cedar"), Vendor("B", "Birch"), Vendor("C", "Aspen")),
    jurisdiction="US-ZZ",
    category="supplies",
    opens=OPENS,
    closes=CLOSES,
)


def state(**values: Any) -> Profile:
    """A state whose law has a provision with a value on each of these topics."""
    shared = {"says": "So it is.", "date": "2026-01-01", "mark": "R"}
    rows = [
        {"topic": topic, "value": value, "source": f"Act on {topic}"} | shared
        for topic, value in ({"reverse_auction": True} | values).items()
    ]
    return parse(
        {"code": "US-ZZ", "name": "Zed", "bodies": "schools", "fictional": False, "provisions": rows}
    )


TODAY, DEADLINE = NOW.date(), OPENS.date()


def ground(today: date = TODAY, deadline: date = DEADLINE, **values: Any) -> Ground:
    """The ground of that state's law on these days."""
    return Ground(state(**values), today, deadline)


def document(**changes: Any) -> Solicitation:
    """The document with changes."""
    return msgspec.structs.replace(DOCUMENT, **changes)
