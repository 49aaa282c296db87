"""Rereading: rebuild a room from its journal's lines, or name the first line that does not fit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from auction.journal import Entry, canonical, commit
from auction.kernel import Event
from auction.live import bidding, event
from auction.live.formats import english
from auction.live.room import (
    BidPlaced,
    CloseMoved,
    LotCancelled,
    LotClosed,
    LotOpened,
    LotPaused,
    LotResumed,
    Room,
    RoomEvent,
    RoomPrepared,
)
from auction.money import parse_amount


class DoesNotFit(ValueError):
    """A line contradicts those before it; says which and why."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"line {line} does not fit: {why}")
        self.line, self.why = line, why


class Line(msgspec.Struct, frozen=True):
    """One line of an exported journal; `salt` and `commitment` in hex."""

    n: int
    stream: str
    seq: int
    salt: str
    commitment: str
    body: dict[str, object]


_event = msgspec.json.Decoder(RoomEvent)
_line = msgspec.json.Decoder(Line)


def read_event(body: bytes) -> Event:
    """Read one room event from its canonical JSON."""
    read: Event = _event.decode(body)
    return read


def write_line(entry: Entry) -> bytes:
    """Write one entry as a line of JSON."""
    body = msgspec.json.decode(entry.body, type=dict[str, object])
    line = Line(entry.n, entry.stream, entry.seq, entry.salt.hex(), entry.commitment.hex(), body)
    return msgspec.json.encode(line)


def reread(lines: Iterable[bytes]) -> tuple[Room, list[Entry]]:
    """Rebuild a room from a journal's lines; raises `DoesNotFit` at the first that contradicts."""
    room, read, at = event.initial(), list[Entry](), None
    for number, text in enumerate(lines, start=1):
        entry = _entry(number, text)
        if read and (entry.n, entry.stream) != (read[-1].n + 1, read[-1].stream):
            raise DoesNotFit(number, "it is not the next entry of its stream")
        fact = _fits(room, number, entry, at)
        try:
            room = event.evolve(room, fact)
        except (KeyError, ValueError, AttributeError, AssertionError) as error:
            raise DoesNotFit(number, f"it cannot have happened ({type(error).__name__})") from error
        read.append(entry)
        at = fact.at
    if not read:
        raise DoesNotFit(1, "there is none; a journal begins with a room that is prepared")
    return room, read


def _entry(number: int, text: bytes) -> Entry:
    try:
        line = _line.decode(text)
        body, salt, commitment = (
            canonical(line.body),
            bytes.fromhex(line.salt),
            bytes.fromhex(line.commitment),
        )
    except (msgspec.MsgspecError, ValueError) as error:
        raise DoesNotFit(number, f"it cannot be read ({error})") from error
    if line.seq != number:
        raise DoesNotFit(number, f"its seq is {line.seq}")
    if commit(salt, body) != commitment:
        raise DoesNotFit(number, "its commitment is not that of its body and salt")
    return Entry(line.n, line.stream, line.seq, salt, commitment, body)


def _fits(room: Room, number: int, entry: Entry, last: datetime | None) -> Event:
    """Read the event and hold it against the room as it stood before."""
    try:
        fact = read_event(entry.body)
    except msgspec.MsgspecError as error:
        raise DoesNotFit(number, f"it is no known event ({error})") from error
    if last is not None and fact.at < last:
        raise DoesNotFit(number, "its time goes back")
    if (room.rules is None) != isinstance(fact, RoomPrepared):
        raise DoesNotFit(number, "a room is prepared once, and first")
    why = _contradiction(room, fact)
    if why:
        raise DoesNotFit(number, why)
    return fact


def _contradiction(room: Room, fact: Event) -> str:
    name = getattr(fact, "lot", None)
    lot = room.lots.get(name) if isinstance(name, str) else None
    if lot is None:
        return ""
    if isinstance(fact, LotOpened) and lot.status != "scheduled":
        return f"{name} cannot open: it is {lot.status}"
    if isinstance(fact, LotClosed) and (
        lot.status != "open" or fact.at < lot.closes or fact.winner != event.best(room, lot)
    ):
        return f"{name} cannot have closed so"
    if isinstance(fact, LotPaused) and lot.status != "open":
        return f"{name} cannot be paused: it is {lot.status}"
    if isinstance(fact, LotResumed) and lot.status != "paused":
        return f"{name} was not paused"
    if isinstance(fact, LotCancelled) and lot.over:
        return f"{name} cannot be cancelled: it is {lot.status}"
    if isinstance(fact, CloseMoved) and fact.closes <= lot.closes:
        return f"the close of {name} cannot move earlier"
    return _bad_bid(room, fact) if isinstance(fact, BidPlaced) else ""


def _bad_bid(room: Room, fact: BidPlaced) -> str:
    """Judge a bid of the journal again, as if confirmed."""
    lot, rules = room.lots[fact.lot], room.rules
    assert rules is not None
    if lot.status != "open" or fact.at > lot.closes or (fact.vendor, fact.lot) not in room.factors:
        return f"{fact.vendor} could not bid on {fact.lot} then"
    if fact.opening:
        return ""
    held = english.bounds(rules, lot, fact.vendor, room.factors[fact.vendor, fact.lot])
    amount = parse_amount(fact.amount) or 0
    code = english.judge(held, amount, True)
    expected = bidding.placed(room, lot, fact.vendor, amount, fact.at, fact.closes, None)
    wrong = code or (
        "its rank" if expected.rank != fact.rank else "its number" if expected.no != fact.no else ""
    )
    return f"the bid was not good: {wrong}" if wrong else ""
