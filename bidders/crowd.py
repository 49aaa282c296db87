"""A crowd of simulated vendors over real sockets, with a tally of all that they were told."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from random import Random

import msgspec

from bidders.characters import CHARACTERS, Move, Sniper, Steady
from bidders.client import Room
from bidders.line import GOOD, Ended, Manners
from bidders.tally import Tally

FIRST_S = 1.0
FOLLOW_UPS = 3
PATIENCE_S = 30.0
"""How long answers are waited for once the crowd was told to stop."""


class Member(msgspec.Struct, frozen=True):
    """A simulated vendor: its session, its character, and for each lot its secret floor and the price that it would ask first."""

    vendor: str
    session: str
    character: str
    floors: Mapping[str, str]
    asks: Mapping[str, str]


class Seat(msgspec.Struct, frozen=True):
    """A member in the room, with the chance that moves it."""

    member: Member
    room: Room
    character: Steady
    random: Random


class Crowd:
    """Many simulated vendors in one room; `pace` is about how many seconds one of them waits between two moves."""

    def __init__(
        self,
        base: str,
        event: str,
        members: Sequence[Member],
        seed: int,
        pace: float,
        last: timedelta,
        *,
        manners: Manners = GOOD,
        patience: float = PATIENCE_S,
    ) -> None:
        self.tally = Tally()
        self._random, self._pace, self._patience = Random(seed), pace, patience
        self._seats: list[Seat] = []
        for member in members:
            own = Random(f"{seed} {member.vendor}")
            room = Room(base, event, member.session, own, manners)
            self._seats.append(Seat(member, room, _character(member, own, last), own))
        self._stopped = asyncio.Event()

    @property
    def frames(self) -> int:
        """How many frames the members were sent."""
        return sum(seat.room.line.frames for seat in self._seats)

    @property
    def waiting(self) -> int:
        """How many bids have no answer yet."""
        return self.tally.waiting

    @property
    def gaps(self) -> int:
        """How often facts did not follow on, for anybody."""
        return sum(seat.room.gaps for seat in self._seats)

    def standing(self) -> dict[tuple[str, str], str | None]:
        """The own bid that each member was last shown, by vendor and lot."""
        return {
            (seat.member.vendor, lot.id): lot.own
            for seat in self._seats
            for lot in seat.room.lots.values()
            if lot.mine
        }

    def over(self) -> bool:
        """Tell whether, as far as the members know, every lot is over."""
        seen = [seat.room.lots for seat in self._seats if seat.room.line.open and seat.room.lots]
        return bool(seen) and all(lot.over for lots in seen for lot in lots.values())

    async def run(self) -> None:
        """Follow the room and bid until told to stop; bids under way are still waited for, as long as patience lasts."""
        following = [asyncio.create_task(seat.room.run()) for seat in self._seats]
        living = [asyncio.create_task(self._live(seat)) for seat in self._seats]
        waiting = asyncio.create_task(self._wait_for(living))
        try:
            came = await asyncio.gather(*living, return_exceptions=True)
        finally:
            for task in (waiting, *following):
                task.cancel()
            await asyncio.gather(waiting, *following, return_exceptions=True)
        for fault in came:
            if isinstance(fault, Exception):
                raise fault

    async def _wait_for(self, living: Sequence[asyncio.Task[None]]) -> None:
        """Once told to stop, give those who wait for an answer a while, and then send them home without it."""
        await self._stopped.wait()
        await asyncio.sleep(self._patience)
        for task in living:
            task.cancel()

    def stop(self) -> None:
        """Let nobody begin another move."""
        self._stopped.set()

    def drop(self, every: int) -> int:
        """Break the line of every so-manieth member; how many that are. They come back by themselves."""
        dropped = self._seats[::every]
        for seat in dropped:
            seat.room.line.drop()
        return len(dropped)

    def stall(self) -> None:
        """Let one member stop reading, until it notices by itself that it hears nothing."""
        self._seats[-1].room.line.stall()

    async def _live(self, seat: Seat) -> None:
        """Think, bid, wait; until told to stop, or sent away for good."""
        await self._pause(seat.random.random() * min(FIRST_S, self._pace))
        with suppress(Ended):
            while not self._stopped.is_set() and seat.room.ended is None:
                now = seat.room.now()
                lots = list(seat.room.lots.values())
                move = seat.character.move(lots, now) if now is not None else None
                if move is not None:
                    await self._place(seat, move)
                await self._pause(self._pace * (0.3 + 1.4 * seat.random.random()))

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopped.wait()

    async def _place(self, seat: Seat, move: Move) -> None:
        """Place a bid, and what follows from its answer while the lot is open."""
        wish: Move | None = move
        for _ in range(FOLLOW_UPS):
            if wish is None or self._stopped.is_set() or seat.room.lots[wish.lot].status != "open":
                return
            wish = await self._bid(seat, wish)

    async def _bid(self, seat: Seat, wish: Move) -> Move | None:
        """Place one bid and note its answer; what the character does next because of it."""
        loop = asyncio.get_running_loop()
        began, name = loop.time(), f"c-{self._random.getrandbits(96):024x}"
        self.tally.sent += 1
        answer = await seat.room.bid(wish.lot, wish.amount, wish.confirm, name)
        self.tally.add(seat.member.vendor, name, answer, round((loop.time() - began) * 1_000_000))
        return seat.character.answered(wish, answer)


def _character(member: Member, random: Random, last: timedelta) -> Steady:
    made = CHARACTERS[member.character]
    if issubclass(made, Sniper):
        return made(member.floors, member.asks, random, last)
    return made(member.floors, member.asks, random)
