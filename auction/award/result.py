"""How a lot ended: every vendor as it stood at the close, and whom the ranking names."""

from __future__ import annotations

import msgspec

from auction.live.bidding import ranking
from auction.live.event import best
from auction.live.room import Room
from auction.money import show
from auction.terms.schedule import LinePrice, scale


class Candidate(msgspec.Struct, frozen=True):
    """A vendor as it stood when the lot closed: its own final total, and its line prices at that total."""

    vendor: str
    rank: int
    amount: str
    suspended: bool = False
    lines: tuple[LinePrice, ...] = ()


class Result(msgspec.Struct, frozen=True):
    """How a lot ended; `winner` is the best vendor in good standing."""

    lot: str
    closed: bool
    winner: str | None
    candidates: tuple[Candidate, ...]


def result(room: Room, lot_id: str) -> Result:
    """Read from a room how a lot stands or ended; amounts are what each vendor asked for itself."""
    lot, rules = room.lots[lot_id], room.rules
    assert rules is not None
    rows: list[Candidate] = []
    for rank, standing in ranking(room, lot):
        filed = lot.schedules.get(standing.vendor, ())
        lines = scale(lot.plan.lines, filed, standing.amount, rules.tick) if filed else ()
        rows.append(
            Candidate(
                standing.vendor,
                rank,
                show(standing.amount, rules.tick),
                standing.vendor in room.suspended,
                lines,
            )
        )
    return Result(lot_id, lot.status == "closed", best(room, lot), tuple(rows))
