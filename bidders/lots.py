"""What a vendor was shown of the lots: how each stands for all, and how its own bid stands."""

from __future__ import annotations

from datetime import datetime

import msgspec

from bidders.frames import News

OVER = ("closed", "cancelled")


class LotSeen(msgspec.Struct):
    """What is known of a lot."""

    id: str
    status: str = "scheduled"
    opens: datetime | None = None
    closes: datetime | None = None
    own: str | None = None
    own_no: int = 0
    next: str | None = None
    rank: int | None = None
    lead: str | None = None
    mine: bool = False
    """Whether the own side was told: a lot that one is not admitted to has none."""

    @property
    def over(self) -> bool:
        """Tell whether the lot is over for good."""
        return self.status in OVER


def learn(lots: dict[str, LotSeen], news: News) -> None:
    """Write what a news frame says of the lots into what is known; it names only those that changed."""
    for row in news.board:
        lot = lots.setdefault(row.id, LotSeen(row.id))
        lot.status, lot.opens, lot.closes = row.status, row.opens, row.closes
    for own in news.you:
        lot = lots.setdefault(own.id, LotSeen(own.id))
        lot.own, lot.own_no, lot.next, lot.mine = own.own, own.own_no, own.next, True
        lot.rank, lot.lead = own.rank, own.lead
