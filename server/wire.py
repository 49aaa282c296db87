"""The wire: a websocket connection that takes frames made once, and hands over each message as soon as it is read.

It is uvicorn's own websocket protocol with three additions, because its queue and its framing of every single message cost
more than all the rest of a bid: `heard` is called with each message, `write` puts a made frame on the transport,
and a line that answers no ping is cut at once. Compression is off.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from litestar.connection import ASGIConnection
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

NAME = "tenderbell.wire"
PING_EVERY_S, PONG_WITHIN_S = 2.0, 3.0
LARGEST_MESSAGE = 16 * 1024


class Wire(WebSocketsSansIOProtocol):
    """One connection. Until somebody listens through `heard`, messages wait in the queue as usual."""

    heard: Callable[[bytes | None], None] | None = None

    def handle_connect(self, event: Request) -> None:
        """Let the application find this connection in its scope."""
        super().handle_connect(event)
        scope = getattr(self, "scope", None)
        if scope is not None:
            scope["extensions"][NAME] = self

    def send_receive_event_to_app(self) -> None:
        """Hand a message over, None in place of a binary one."""
        if self.heard is None or self.close_sent:
            super().send_receive_event_to_app()
            return
        data = self.frames[0] if len(self.frames) == 1 else b"".join(self.frames)
        self.frames = []
        self.heard(bytes(data) if self.curr_msg_data_type == "text" else None)

    def keepalive_timeout(self) -> None:
        """Cut a line that answers no ping; waiting to empty its buffer would wait for ever."""
        super().keepalive_timeout()
        self.transport.abort()

    @property
    def backlog(self) -> int:
        """How many bytes wait to be sent."""
        return self.transport.get_write_buffer_size()

    def write(self, frame: bytes) -> None:
        """Put a made frame on the line."""
        if not self.close_sent and not self.transport.is_closing():
            self.transport.write(frame)

    def shut(self, code: int, reason: str = "") -> None:
        """Close with a code of ours; a line that does not empty is cut."""
        if self.close_sent or self.transport.is_closing():
            return
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.conn.send_close(code, reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.close_timer = self.loop.call_later(PONG_WITHIN_S, self.transport.abort)


def wire_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Wire:
    """The wire below a socket; raises `KeyError` where another server runs the application."""
    wire = connection.scope["extensions"][NAME]  # type: ignore[index]
    assert isinstance(wire, Wire)
    return wire
