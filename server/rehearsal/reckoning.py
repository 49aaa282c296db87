"""The reckoning after a rehearsal: what vendors were told against what the journal holds, and the journal against itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from auction.award.award import LotAwarded
from auction.journal import Entry, commit
from auction.kernel import Event, replay
from auction.live import event
from auction.live.reread import DoesNotFit, reread, write_line
from auction.live.room import BidPlaced, LotClosed, Room
from auction.live.scenario import lots
from auction.money import parse_amount, show
from auction.prices.book import Saving
from auction.tender.solicitation import Solicitation
from server.deciders import ruler_of
from server.journal_sql import SqlJournal
from server.rehearsal.staging import CENT, worth


class Told(msgspec.Struct, frozen=True):
    """What the simulated vendors were told: the amount of each taken bid by vendor and id, and their final standing."""

    taken: Mapping[tuple[str, str], str]
    standing: Mapping[tuple[str, str], str | None]
    """By vendor and lot: the own bid as last shown."""
    waiting: int = 0
    """Bids that never got an answer."""
    gaps: int = 0
    """How often the facts' numbers did not follow on."""


class Kept(msgspec.Struct, frozen=True):
    """What the journal holds."""

    entries: list[Entry]
    events: list[Event]
    awards: list[LotAwarded]


class Reckoning(msgspec.Struct, frozen=True):
    """What came of it: nothing may be lost, doubled, or different on replay."""

    lost: int
    doubled: int
    replays_identically: bool
    events: int
    extensions: int
    closed: int
    awards: list[dict[str, Any]]
    baseline: str
    awarded: str
    savings_percent: str

    @property
    def good(self) -> bool:
        """Tell whether every promise held."""
        return not self.lost and not self.doubled and self.replays_identically


def kept(database: Path, event_id: str) -> Kept:
    """Read a database's journal after its server has stopped."""
    journal = SqlJournal(database)
    try:
        entries = journal.since(0)
    finally:
        journal.close()
    rooms = [entry for entry in entries if entry.stream == f"room/{event_id}"]
    awards = [entry for entry in entries if entry.stream == f"award/{event_id}"]
    read = [ruler_of(entry.stream).read(entry.body) for entry in awards]
    return Kept(
        entries,
        [ruler_of(entry.stream).read(entry.body) for entry in rooms],
        [each for each in read if isinstance(each, LotAwarded)],
    )


def reckon(told: Told, held: Kept, document: Solicitation) -> Reckoning:
    """Hold one against the other."""
    bids = [each for each in held.events if isinstance(each, BidPlaced) and each.id is not None]
    times = Counter((each.vendor, each.id) for each in bids)
    amounts = {(each.vendor, each.id): each.amount for each in bids}
    lost = sum(1 for name, amount in told.taken.items() if amounts.get(name) != amount) + told.waiting
    room = replay(event, held.events)
    money = _money(held.awards, document)
    return Reckoning(
        lost=lost,
        doubled=sum(count - 1 for count in times.values()),
        replays_identically=_identical(held, room) and _agrees(told, room),
        events=len(held.entries),
        extensions=sum(lot.extensions for lot in room.lots.values()),
        closed=sum(isinstance(each, LotClosed) for each in held.events),
        awards=[{"lot": each.lot, "vendor": each.vendor, "amount": each.amount} for each in held.awards],
        baseline=show(money.before, CENT),
        awarded=show(money.now, CENT),
        savings_percent=money.percent if money.before else "0.0",
    )


def _identical(held: Kept, room: Room) -> bool:
    """Every commitment fits, no entry is missing, and judging every line anew leads to the same lots."""
    if [entry.n for entry in held.entries] != list(range(1, len(held.entries) + 1)):
        return False
    if any(commit(entry.salt, entry.body) != entry.commitment for entry in held.entries):
        return False
    lines = [msgspec.structs.replace(entry, n=entry.seq) for entry in _room_entries(held.entries)]
    try:
        again, _ = reread(write_line(entry) for entry in lines)
    except DoesNotFit:
        return False
    return lots(again) == lots(room)


def _room_entries(entries: Sequence[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.stream.startswith("room/")]


def _agrees(told: Told, room: Room) -> bool:
    """Every vendor was sent every fact once, and was last shown the bid that the journal says it has standing."""
    return not told.gaps and all(
        parse_amount(shown)
        == (standing.amount if (standing := room.lots[lot].standing.get(vendor)) else None)
        for (vendor, lot), shown in told.standing.items()
    )


def _money(awards: Sequence[LotAwarded], document: Solicitation) -> Saving:
    """What the awarded lots come to, against the prices last paid, or the ceilings where none are known; in micros."""
    before = {lot.id: worth(lot) for lot in document.lots}
    return Saving(
        sum(before[each.lot] for each in awards), sum(parse_amount(each.amount) or 0 for each in awards)
    )
