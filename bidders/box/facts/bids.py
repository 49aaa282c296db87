"""What happens to bids until the close: received, confirmed, withdrawn, refused, and the list of all of them."""

from __future__ import annotations

from datetime import datetime

from auction.record.logged import Logged
from bidders.box.facts.parts import Listed, Turned


class BidReceived(Logged, frozen=True, tag="bid.received"):
    """A sealed envelope was received in time; `replaces` names the one before it."""

    eid: str
    lot: str
    env: str
    rev: int
    replaces: str | None
    manifest: str
    closes_at: datetime
    received_at: datetime
    kid: str
    sig_sha256: str


class BidAcknowledged(Logged, frozen=True, tag="bid.acknowledged"):
    """A vendor confirmed its envelope under a later manifest."""

    eid: str
    manifest: str
    received_at: datetime
    kid: str
    sig_sha256: str


class BidWithdrawn(Logged, frozen=True, tag="bid.withdrawn"):
    """A vendor withdrew its envelope; it stays sealed."""

    eid: str
    received_at: datetime
    kid: str
    sig_sha256: str


class BidRefused(Logged, frozen=True, tag="bid.refused"):
    """A request was refused; `eid` is None where it could not be read."""

    eid: str | None
    request_sha256: str
    reason: str
    received_at: datetime


class BidResupplied(Logged, frozen=True, tag="bid.resupplied"):
    """A vendor brought the same bytes again, because our copy was damaged."""

    eid: str


class BoxClosed(Logged, frozen=True, tag="tender.closed"):
    """The deadline passed: the complete list of what was received."""

    manifest: str
    current: tuple[Listed, ...]
    superseded: tuple[Listed, ...]
    withdrawn: tuple[Listed, ...]
    refused: tuple[Turned, ...]
