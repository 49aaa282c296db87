"""Scenarios, run: the same file gives the same outcomes, lots and journal on every machine.

Pure: the salts and the seed derive from the file's own hash.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from auction.journal import Append, Entry, MemoryJournal, head
from auction.kernel import Command, handle
from auction.live import board, event
from auction.live.bidding import ranking
from auction.live.closing import planned_closes
from auction.live.decrement import RANKED
from auction.live.room import HOST, Done, Lot, Room, Taken, Tick
from auction.live.scenario_file import Look, Scenario
from auction.money import floor_tick, show
from auction.refusals import Refusal, no

STREAM = "room/1"
Plain = dict[str, object]


def stamp(at: datetime) -> str:
    """Write a time as RFC 3339 UTC with as many fractional digits as it needs."""
    text = at.astimezone(UTC).isoformat().removesuffix("+00:00")
    return (text.rstrip("0") if "." in text else text) + "Z"


class Run:
    """One scenario in a room of its own, with a journal in memory; `salts` is 32 bytes from which salts derive."""

    def __init__(self, scenario: Scenario, salts: bytes) -> None:
        self.room = event.initial()
        self.journal = MemoryJournal()
        self._salts = salts
        self.tell(scenario.prepare, scenario.prepared_at)
        self.outcomes = [self.step(row, step.command, step.at) for row, step in enumerate(scenario.steps)]
        self._to_the_end(scenario.until)

    def tell(self, command: Command, at: datetime) -> object:
        """Hand a command to the room and write down what follows."""
        decision = handle(event, self.room, command, at)
        self.room = decision.state
        before = self.journal.length()
        salts = tuple(self._salt(before + place) for place in range(len(decision.events)))
        self.journal.append([Append(STREAM, before, decision.events, salts)])
        return decision.answer

    def _salt(self, place: int) -> bytes:
        return hashlib.sha256(b"salt\0" + self._salts + place.to_bytes(8, "big")).digest()

    def _to_the_end(self, until: datetime | None) -> None:
        if until is not None:
            self.tell(Tick(by=HOST), until)
            return
        while (wake := event.wakes_at(self.room)) is not None:
            self.tell(Tick(by=HOST), max(wake, self.room.time or wake))

    def step(self, row: int, command: Command, at: datetime) -> Plain:
        """Run one step and tell its outcome."""
        stray = _stray(self.room, command)
        if stray is not None or isinstance(command, Look):
            self.tell(Tick(by=HOST), at)
        if stray is not None:
            return _refused(row, stray)
        if isinstance(command, Look):
            return {"step": row, "ok": True, "view": view(self.room, _viewer(command.viewer))}
        answer = self.tell(command, at)
        if isinstance(answer, Refusal):
            return _refused(row, answer)
        told: Plain = {"step": row, "ok": True}
        if isinstance(answer, Taken):
            rank: Plain = {"rank": answer.rank} if answer.rank is not None else {}
            return told | {"amount": answer.amount} | rank | {"closes": stamp(answer.closes)}
        closes = answer.closes if isinstance(answer, Done) else None
        return told | ({"closes": stamp(closes)} if closes is not None else {})


def _viewer(name: str) -> board.Viewer:
    words: dict[str, board.Viewer] = {"buyer": board.Viewer("buyer"), "public": board.Viewer("public")}
    return words.get(name) or board.Viewer("vendor", name)


def _stray(room: Room, command: Command) -> Refusal | None:
    """What this sender may never ask here, whatever the room's state; it is answered and not written."""
    if command.by not in (HOST, *room.vendors):
        return event.strange(room, command, getattr(command, "lot", None)) or no("UNKNOWN_VENDOR")
    if not isinstance(command, Look):
        return None
    if command.viewer not in ("buyer", "public", *room.vendors):
        return no("UNKNOWN_VENDOR")
    return no("NOT_ALLOWED", "Only the host may do this.") if command.by != HOST else None


def _refused(row: int, reason: Refusal) -> Plain:
    return {"step": row, "ok": False, "code": reason.code, "next": reason.next, "message": reason.message}


def view(room: Room, viewer: board.Viewer) -> Plain:
    """Everything that a viewer is shown now."""
    return {"lots": {lot.plan.id: _view_lot(room, lot, viewer) for lot in room.lots.values()}}


def _view_lot(room: Room, lot: Lot, viewer: board.Viewer) -> Plain:
    assert room.rules is not None
    name, seen = lot.plan.id, room.rules.visibility
    shown: Plain = {"status": lot.status}
    if viewer.kind == "public" and not board.shows_prices(room):
        return shown
    shown["closes"] = stamp(planned_closes(room, lot))
    if viewer.kind == "vendor":
        mine = next((each for each in board.own(room, viewer.vendor) if each["id"] == name), {})
        shown |= {key: mine[key] for key in ("own", "rank", "next") if key in mine}
    if board.sees_lead(room, lot, viewer):
        shown["lead"] = board.lead(room, lot, viewer)
    if seen.count or viewer.kind == "buyer":
        shown["count"] = len(lot.standing)
    if seen.history or viewer.kind == "buyer":
        shown["history"] = _history(room, lot, viewer)
    return shown


def _history(room: Room, lot: Lot, viewer: board.Viewer) -> list[Plain]:
    """The anonymous graph; the buyer's side sees names where the rules show them to it."""
    named = viewer.kind == "buyer" and board.names_shown(room)
    rows: list[Plain] = []
    for (at, label, amount), bid in zip(board.history(room, lot, viewer), lot.history, strict=True):
        name: Plain = {"vendor": bid.vendor} if named else {}
        rows.append({"at": stamp(at), "label": label, "amount": amount} | name)
    return rows


def lots(room: Room) -> Plain:
    """How every lot ended, or stands."""
    return {name: _lot(room, lot) for name, lot in room.lots.items()}


def _lot(room: Room, lot: Lot) -> Plain:
    return {
        "status": lot.status,
        "closes": stamp(planned_closes(room, lot)),
        "extensions": lot.extensions,
        "ranking": [
            {
                "vendor": each.vendor,
                "rank": rank,
                "amount": _amount(room, each.amount),
                "adjusted": _amount(room, half_up(room, each.ranked)),
                "at": stamp(each.at),
            }
            for rank, each in ranking(room, lot)
        ],
        "winner": lot.winner,
    }


def _amount(room: Room, micros: int) -> str:
    assert room.rules is not None
    return show(micros, room.rules.tick)


def half_up(room: Room, value: int) -> int:
    """A ranked value rounded half-up to the tick, in micros."""
    assert room.rules is not None
    unit = RANKED * room.rules.tick
    return floor_tick((2 * value + unit) // (2 * RANKED), room.rules.tick)


def summary(run: Run) -> Plain:
    """The whole result of a run."""
    return {"outcomes": run.outcomes, "lots": lots(run.room), "journal": told(run.journal.read(STREAM))}


def told(entries: list[Entry]) -> Plain:
    """How long a journal is, and the hash that stands for it."""
    return {"events": len(entries), "head": head(entry.commitment for entry in entries).hex()}
