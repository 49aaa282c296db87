"""The socket: frames in, replies and news out. Who bids comes from the login, never from the frame."""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import partial
from typing import Any

import msgspec
from litestar import WebSocket, websocket
from litestar.params import FromPath

from auction.live.board import Viewer
from auction.live.room import Confirm, PlaceBid, Room, Taken
from auction.money import parse_amount, show
from auction.refusals import Refusal, no
from auction.tender.solicitation import Solicitation
from server import csrf, frames, hub
from server.buckets import Bucket
from server.desk import Outcome
from server.guards import may
from server.hall import Hall, Seat
from server.login import SignedIn
from server.pages.showing import viewer
from server.parts import Parts, parts_of, signed_in
from server.wire import Wire, wire_of

HELLO_WITHIN_S = 5.0
FRAMES_PER_SECOND, FRAMES_BURST = 50, 200
UNSIGNED = "Your role prepares bids; only a signer of your company can place one."
NOT_RECORDED = "It could not be recorded and does not count. Send it again in a moment."


@websocket("/events/{event_id:str}/socket", opt={"may": "look"})
async def socket(socket: WebSocket[Any, Any, Any], event_id: FromPath[str]) -> None:
    """Seat a viewer in an event's room until one of the two hangs up."""
    parts, who = parts_of(socket), signed_in(socket)
    client = socket.client.host if socket.client is not None else ""
    if not csrf.own_origin(parts.settings, socket.headers, client):
        await socket.close(hub.NOT_ADMITTED.number)
        return
    room = _room(parts, event_id)
    looks = viewer(who.identity if who is not None else None, room, _owner(parts, event_id))
    code = _refuse(room, looks, who, str(socket.query_params.get("as", "")))
    if code is not None:
        await socket.accept()
        await socket.close(code.number, code.words)
        return
    talk = Talk(parts, f"room/{event_id}", looks, who, wire_of(socket))
    await socket.accept()
    try:
        while (await socket.receive())["type"] != "websocket.disconnect":
            pass
    finally:
        talk.over()


def _room(parts: Parts, event_id: str) -> Room | None:
    room = parts.desk.state(f"room/{event_id}") if event_id.isdecimal() and len(event_id) < 10 else None
    return room if isinstance(room, Room) and room.rules is not None else None


def _owner(parts: Parts, event_id: str) -> str:
    document: Solicitation | None = parts.desk.state(f"tender/{event_id}").document
    return document.owner if document is not None else ""


def _refuse(room: Room | None, looks: Viewer, who: SignedIn | None, wanted: str) -> hub.Code | None:
    """Why there is no seat: a page that was made for somebody signed in must not go on as the public's."""
    if room is None:
        return hub.NO_ROOM
    if wanted in ("vendor", "buyer") and looks.kind != wanted:
        return hub.SESSION_OVER if who is None else hub.NOT_ADMITTED
    return None


class Talk:
    """What is said on one connection."""

    def __init__(self, parts: Parts, stream: str, looks: Viewer, who: SignedIn | None, wire: Wire) -> None:
        self._parts, self._stream, self._looks, self._wire = parts, stream, looks, wire
        self._session = who.session if who is not None else None
        self._may_bid = who is not None and may(who.identity, "bid")
        self._bucket = Bucket(FRAMES_PER_SECOND, FRAMES_BURST)
        self._seat: Seat | None = None
        self._loop = asyncio.get_running_loop()
        self._hall: Hall = parts.hub.hall(stream)
        self._late = self._loop.call_later(HELLO_WITHIN_S, self._shut, hub.NOT_UNDERSTOOD)
        wire.heard = self.hear

    def over(self) -> None:
        """Leave the seat."""
        self._late.cancel()
        self._wire.heard = None
        if self._seat is not None:
            self._hall.rise(self._seat)

    def _shut(self, code: hub.Code) -> None:
        self._wire.shut(code.number, code.words)

    def _say(self, frame: frames.ToClient) -> None:
        made, at = frames.framed(frames.encode(frame)), self._loop.time()
        if self._seat is not None:
            self._seat.write(made, at)
        else:
            self._wire.write(made)

    # --- hearing -----------------------------------------------------------------------------------------------------

    def hear(self, data: bytes | None) -> None:
        """Take one message as soon as it is read; None is a binary one."""
        received = self._parts.now()
        if not self._bucket.take(int(self._loop.time() * 1_000_000)):
            self._hall.turned_away["too many"] += 1
            return self._shut(hub.TOO_MANY)
        try:
            frame = frames.read(data) if data is not None else None
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            return self._unreadable(f"The message was not understood: {error}")
        if frame is None:
            return self._unreadable("Messages are JSON text, not binary.")
        if isinstance(frame, frames.Hello):
            return self._hello(frame)
        if self._seat is None:
            return self._shut(hub.NOT_UNDERSTOOD)
        if isinstance(frame, frames.Ping):
            return self._say(frames.Pong(received, frame.c))
        return self._bid(frame, received)

    def _unreadable(self, why: str) -> None:
        self._hall.turned_away["unreadable"] += 1
        self._no(None, no("BAD_COMMAND", why))

    def _hello(self, frame: frames.Hello) -> None:
        if self._seat is not None:
            return self._no(None, no("BAD_COMMAND", "Hello is said once, at the beginning."))
        self._late.cancel()
        room: Room = self._parts.desk.state(self._stream)
        count = self._hall.numbering.count(self._looks)
        told = frame.last if 0 <= frame.last <= count else 0
        self._seat = Seat(self._looks, self._wire, self._session, told)
        _, _, event = self._stream.partition("/")
        self._say(frames.Welcome(self._parts.now(), event, room.rules_hash, count))
        self._hall.sit(self._seat)

    def _bid(self, frame: frames.Bid, received: datetime) -> None:
        if self._looks.kind != "vendor":
            self._hall.turned_away["strangers"] += 1
            return self._no(frame.id, no("NOT_ALLOWED", "Only an admitted vendor can bid."))
        if not self._may_bid:
            return self._no(frame.id, no("NOT_ALLOWED", UNSIGNED))
        if not 0 < len(frame.id) <= frames.LONGEST:
            return self._no(
                None, no("BAD_COMMAND", f"A bid needs an id of 1 to {frames.LONGEST} characters.")
            )
        if not self._parts.buckets.take(self._looks.vendor, int(self._loop.time() * 1_000_000)):
            self._hall.turned_away["too many"] += 1
            return self._no(frame.id, no("SLOW_DOWN"))
        command = PlaceBid(
            by=self._looks.vendor,
            id=frame.id,
            lot=frame.lot[: frames.LONGEST],
            amount=parse_amount(frames.amount_text(frame.amount)),
            given=frames.amount_given(frame.amount),
            confirm=frame.confirm,
            rules=frame.rules,
        )
        self._parts.desk.put(self._stream, command, received, partial(self._answered, command))

    # --- answering ---------------------------------------------------------------------------------------------------

    def _answered(self, command: PlaceBid, outcome: Outcome | None) -> None:
        """Say what a bid came to, now that it is durable."""
        if outcome is None:
            return self._say(frames.Fail(self._parts.now(), command.id, NOT_RECORDED))
        answer = outcome.answer
        if isinstance(answer, Refusal):
            return self._no(command.id, answer, self._confirmation(command, answer))
        assert isinstance(answer, Taken)
        n = self._hall.number(self._looks, outcome.seq)
        return self._say(
            frames.Taken(
                self._parts.now(),
                command.id,
                n,
                answer.lot,
                answer.amount,
                answer.closes,
                answer.next,
                answer.rank,
            )
        )

    def _confirmation(self, command: PlaceBid, answer: Refusal) -> Confirm | None:
        """What to send along to confirm a large step down."""
        room: Room = self._parts.desk.state(self._stream)
        if answer.code != "NEEDS_CONFIRM" or command.amount is None or room.rules is None:
            return None
        return Confirm(show(command.amount, room.rules.tick), room.lots[command.lot].bids.get(command.by, 0))

    def _no(self, id: str | None, refusal: Refusal, confirm: Confirm | None = None) -> None:
        self._say(frames.No(self._parts.now(), id, refusal.code, refusal.message, refusal.next, confirm))
