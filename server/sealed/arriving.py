"""Arrival: a form that brings something to a bid box is registered when its last byte is read, before any of it is looked at.

A form is read and taken apart as it comes, so that its handler begins later than it arrived. The time is the clock's at the
last byte, and from then on the close waits for the answer.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from litestar.connection import ASGIConnection
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, HTTPReceiveMessage, Message, Receive, Scope, Send

from server.parts import parts_of
from server.sealed.waiting import Waiting

ARRIVAL = "arrival"


class Arrival:
    """One request on its way to a bid box; `received` is None until its last byte is read."""

    def __init__(self, waiting: Waiting, stream: str) -> None:
        self._waiting, self._stream = waiting, stream
        self._open, self.received = False, cast("datetime | None", None)

    def read(self, part: HTTPReceiveMessage) -> None:
        """Take note of a part of the body; with the last one the request is registered."""
        if part["type"] == "http.request" and not part["more_body"] and self.received is None:
            self.received, self._open = self._waiting.begin(self._stream), True

    async def end(self) -> None:
        """Say that the request is answered; once is enough."""
        if self._open and self.received is not None:
            self._open = False
            await self._waiting.end(self._stream, self.received)


class Arriving(ASGIMiddleware):
    """Registers the requests of the routes that name it, each at the box of its event."""

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Let a request through, and see its last byte and the first of its answer."""
        connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope)
        stream = f"box/{scope['path_params']['event_id']}"
        arrival = Arrival(parts_of(connection).waiting, stream)
        scope["state"][ARRIVAL] = arrival

        async def reading() -> Any:
            part = await receive()
            arrival.read(cast("HTTPReceiveMessage", part))
            return part

        async def answering(message: Message) -> None:
            await arrival.end()
            await send(message)

        try:
            await next_app(scope, reading, answering)
        finally:
            await arrival.end()


def received_at(request: ASGIConnection[Any, Any, Any, Any]) -> datetime:
    """When the last byte of a registered request was read, by the server's clock; its form must have been read."""
    received = cast("Arrival", request.scope["state"][ARRIVAL]).received
    assert received is not None
    return received
