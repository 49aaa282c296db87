"""Awards, lot by lot: the decider of the stream `award/<id>`.

Nothing is awarded by itself: a lead awards a closed lot, with a reason in words, to its winner or to another ranked vendor
in good standing. An award is made once. Its line prices are the vendor's own schedule scaled to its final total.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import datetime

import msgspec

from auction.kernel import Command, Event, Refused
from auction.live.bidding import ranking
from auction.live.event import best
from auction.live.room import Room
from auction.money import show
from auction.refusals import Refusal, no
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


class AwardLot(Command, frozen=True):
    """Award a lot to a vendor, given how the lot ended."""

    lot: str
    vendor: str
    reason: str
    result: Result
    tender: str | None = None


class LotAwarded(Event, frozen=True, tag="award.lot_awarded"):
    """A lot was awarded; `winner` is whom the ranking named."""

    lot: str
    vendor: str
    amount: str
    rank: int
    reason: str
    winner: str | None = None
    lines: tuple[LinePrice, ...] = ()


AwardEvent = LotAwarded


class Awards(msgspec.Struct):
    """The awards of one event, by lot."""

    lots: dict[str, LotAwarded] = msgspec.field(default_factory=dict)


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


def initial() -> Awards:
    """Return no awards."""
    return Awards()


def decide(awards: Awards, command: Command, now: datetime) -> Generator[Event, None, LotAwarded]:
    """Judge one award and return it."""
    if not isinstance(command, AwardLot):
        raise Refused(no("BAD_COMMAND"))
    chosen = _chosen(awards, command)
    if not command.reason.strip():
        raise Refused(no("BAD_COMMAND", "An award needs its reason in words."))
    awarded = LotAwarded(
        at=now,
        by=command.by,
        tender=command.tender,
        vis="public",
        lot=command.lot,
        vendor=chosen.vendor,
        amount=chosen.amount,
        rank=chosen.rank,
        reason=command.reason.strip(),
        winner=command.result.winner,
        lines=chosen.lines,
    )
    yield awarded
    return awarded


def _chosen(awards: Awards, command: AwardLot) -> Candidate:
    if command.lot in awards.lots:
        raise Refused(
            no("NOT_ALLOWED", "This lot has been awarded already; an award cannot be taken back here.")
        )
    if command.result.lot != command.lot or not command.result.closed:
        raise Refused(no("NOT_ALLOWED", "Only a closed lot can be awarded."))
    for candidate in command.result.candidates:
        if candidate.vendor == command.vendor:
            if candidate.suspended:
                raise Refused(no("NOT_ADMITTED", "This vendor is suspended; it cannot be awarded the lot."))
            return candidate
    raise Refused(no("UNKNOWN_VENDOR", "This vendor has no standing bid on the lot."))


def evolve(awards: Awards, event: Event) -> Awards:
    """Write one award down."""
    if isinstance(event, LotAwarded):
        awards.lots[event.lot] = event
    return awards


def refusal(awards: Awards, command: Command, reason: Refusal, now: datetime) -> Iterator[Event]:
    """Refusals to a lead are answered, not written."""
    return iter(())
