"""`tenderbell serve`: the auctions of one database, over HTTP and websockets."""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import socket
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import uvicorn
from uvicorn.loops.auto import auto_loop_factory

from server.app import build, create_app
from server.journal_sql import Locked
from server.log.unsound import Unsound
from server.parts import Parts
from server.settings import BadSettings, Settings, read
from server.wire import LARGEST_MESSAGE, PING_EVERY_S, PONG_WITHIN_S, Wire

T = TypeVar("T")
GRACE_S = 5
COLLECT_AFTER = (50_000, 20, 1_000)
"""Rooms only grow while they are live: walking over all of their history again and again would delay answers."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Name the command's arguments; each stands over its `TENDERBELL_…` variable."""
    parser.add_argument("--database", type=Path, help="the database file (TENDERBELL_DATABASE)")
    parser.add_argument("--host", help="the address to listen on (TENDERBELL_HOST)")
    parser.add_argument("--port", type=int, help="the port, 0 for any free one (TENDERBELL_PORT)")


def run(args: argparse.Namespace) -> int:
    """Serve until told to stop; 1 when it could not start, 2 when the settings cannot be used or the database is in use."""
    try:
        settings = chosen(args)
        with bound(settings) as listening:
            parts = build(with_port(settings, listening))
            running = server(parts, say)
            run_to_end(running.serve(sockets=[listening]))
    except (BadSettings, Locked, OSError, Unsound) as error:
        print(error, file=sys.stderr)
        return 2
    return 0 if running.started else 1


def run_to_end(main: Coroutine[Any, Any, T]) -> T:
    """Run in a loop of its own: the fast one, where there is one for this system."""
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        return runner.run(main)


def chosen(args: argparse.Namespace) -> Settings:
    """The environment's settings, with the command line's in their place; raises `BadSettings`."""
    given = {
        name: value for name in ("database", "host", "port") if (value := getattr(args, name)) is not None
    }
    return msgspec.structs.replace(read(os.environ), **given)


def bound(settings: Settings) -> socket.socket:
    """Listen on the settings' address; raises `OSError` where that is taken.

    The protocol is named, because only then asyncio sends what is written at once (TCP_NODELAY).
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        raise OSError(f"{settings.host}:{settings.port} cannot be listened on: {error.strerror}") from error
    return listening


def with_port(settings: Settings, listening: socket.socket) -> Settings:
    """The settings with the port that was really given."""
    return msgspec.structs.replace(settings, port=listening.getsockname()[1])


class Server(uvicorn.Server):
    """A server that says when it can be reached."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._say = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets=sockets)
        gc.freeze()
        gc.set_threshold(*COLLECT_AFTER)
        if self.started:
            self._say()


def server(parts: Parts, started: Callable[[Parts], None]) -> Server:
    """Make the web server: no compression on sockets, and a line that answers no ping within seconds is cut."""
    config = uvicorn.Config(
        create_app(parts),
        ws=Wire,
        ws_max_size=LARGEST_MESSAGE,
        ws_ping_interval=PING_EVERY_S,
        ws_ping_timeout=PONG_WITHIN_S,
        ws_per_message_deflate=False,
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )
    return Server(config, lambda: started(parts))


def say(parts: Parts) -> None:
    """Say where the server is."""
    print(f"Tenderbell is at {parts.settings.origin}, on {parts.settings.database}", flush=True)
