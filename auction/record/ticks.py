"""Ticks: when the published tree grows, by how much, and at which places its entries then stand.

It grows at whole multiples of the tick since 1970, by the smallest of 32, 256, 2048, … leaves that holds what is
pending and the tick's own entry. That entry is the last leaf; all other places are drawn, and what is left is padding. So
nobody can read from the tree how much happened, below a step.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from auction.kernel import Command, Event
from auction.record.logged import Logged, rounded_up
from auction.refusals import Refusal

STREAM = "log/ticks"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST, FACTOR = 32, 8
PAD = b"sealbid/v1 pad\0"
PAD_LENGTH = 32
AHEAD = 2
"""How many ticks ahead a promise looks: its leaf comes with the next one, and nobody is accused for one that was late."""
KEY_LENGTH = 8


def growth(pending: int) -> int:
    """By how many leaves the tree grows for so many entries, the tick's own among them."""
    step = FIRST
    while step < pending:
        step *= FACTOR
    return step


def latest(at: datetime, every: timedelta) -> datetime:
    """The latest whole multiple of the tick that is not after a time."""
    return EPOCH + (at - EPOCH) // every * every


def promised(at: datetime, every: timedelta) -> datetime:
    """The time of the tick by which an entry of this time is in the tree."""
    return latest(at, every) + AHEAD * every


def places(entries: int, size: int, random: Callable[[int], bytes]) -> list[int]:
    """Where entries stand among `size` new leaves: in their order, at places drawn evenly, the last at the end."""
    keys = random(KEY_LENGTH * (size - 1))
    drawn = sorted(range(size - 1), key=lambda place: keys[KEY_LENGTH * place : KEY_LENGTH * (place + 1)])
    return [*sorted(drawn[: entries - 1]), size - 1]


def pad(drawn: bytes) -> bytes:
    """The data of a leaf that stands for nothing, from its 32 random bytes."""
    return hashlib.sha256(PAD + drawn).digest()


def leaves(entries: Sequence[bytes], places: Sequence[int], pads: bytes, size: int) -> bytes:
    """The data of a tick's new leaves: commitments at their places, and padding from its random bytes between."""
    row: list[bytes | None] = [None] * size
    for place, commitment in zip(places, entries, strict=True):
        row[place] = commitment
    drawn = iter(range(0, len(pads), PAD_LENGTH))
    return b"".join(each if each is not None else pad(_next(pads, drawn)) for each in row)


def _next(pads: bytes, drawn: Iterator[int]) -> bytes:
    start = next(drawn)
    return pads[start : start + PAD_LENGTH]


# --- the stream of ticks -----------------------------------------------------------------------------------------------------


class LogTick(Logged, frozen=True, kw_only=True, tag="log.tick"):
    """The public log grew: everything written before it is in the tree of its time."""

    by: str = "_server"
    vis: str = "public"


class Strike(Command, frozen=True, kw_only=True):
    """Let the log grow, dated with a tick's time."""

    at: datetime


class Struck(msgspec.Struct):
    """When the log last grew; None before the first time."""

    last: datetime | None = None


def initial() -> Struck:
    """The log before its first tick."""
    return Struck()


def decide(state: Struck, command: Strike, now: datetime) -> Generator[Event, None, None]:
    """Let the log grow once for each tick; asked again for the same or an earlier one, nothing happens."""
    at = rounded_up(command.at)
    if state.last is None or at > state.last:
        yield LogTick(at=at)


def evolve(state: Struck, event: Event) -> Struck:
    """Remember the tick."""
    state.last = event.at
    return state


def refusal(state: Struck, command: Strike, reason: Refusal, now: datetime) -> Iterator[Event]:
    """Ticks are never refused."""
    return iter(())
