"""A crowd of simulated vendors over real sockets, with a tally of all that they were told."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from random import Random

import msgspec

from bidders.characters import CHARACTERS, Move, Sniper, Steady
from bidders.client import LotSeen, Room
from bidders.frames import Answer, Fail, No, Taken

FIRST_S = 1.0
FOLLOW_UPS = 3


class Member(msgspec.Struct, frozen=True):
    """A simulated vendor: its session, its character, and for each lot its secret floor and the price that it would ask first."""

    vendor: str
    session: str
    character: str
    floors: Mapping[str, str]
    asks: Mapping[str, str]


class Tally(msgspec.Struct):
    """What the crowd was told; `taken` holds the amount of each bid that counts, by vendor and id."""

    taken: dict[tuple[str, str], str] = {}
    refusals: Counter[str] = msgspec.field(default_factory=Counter)
    failed: int = 0
    waits: list[int] = []
    """How long each answer took, in microseconds."""

    @property
    def accepted(self) -> int:
        """How many bids were taken."""
        return len(self.taken)

    @property
    def refused(self) -> int:
        """How many bids were refused."""
        return sum(self.refusals.values())

    def percentile(self, share: int) -> float:
        """The time in milliseconds within which so many per cent were answered."""
        ordered = sorted(self.waits)
        return ordered[min(len(ordered) - 1, len(ordered) * share // 100)] / 1000 if ordered else 0.0

    def add(self, vendor: str, id: str, answer: Answer, microseconds: int) -> None:
        """Note an answer."""
        self.waits.append(microseconds)
        if isinstance(answer, Taken):
            self.taken[vendor, id] = answer.amount
        elif isinstance(answer, No):
            self.refusals[answer.code] += 1
        else:
            self.failed += isinstance(answer, Fail)


class Crowd:
    """Many simulated vendors in one room; `pace` is about how many seconds one of them waits between two moves."""

    def __init__(
        self, base: str, event: str, members: Sequence[Member], seed: int, pace: float, last: timedelta
    ) -> None:
        self.tally = Tally()
        self._random, self._pace = Random(seed), pace
        self._rooms: list[tuple[Member, Room, Steady, Random]] = []
        for member in members:
            own = Random(f"{seed} {member.vendor}")
            room = Room(base, event, member.session, own)
            self._rooms.append((member, room, _character(member, own, last), own))
        self._tasks: list[asyncio.Task[None]] = []
        self._going = True

    @property
    def frames(self) -> int:
        """How many frames the members were sent."""
        return sum(room.line.frames for _, room, _, _ in self._rooms)

    @property
    def waiting(self) -> int:
        """How many bids have no answer yet."""
        return sum(room.waiting for _, room, _, _ in self._rooms)

    @property
    def gaps(self) -> int:
        """How often facts did not follow on, for anybody."""
        return sum(room.gaps for _, room, _, _ in self._rooms)

    def standing(self) -> dict[tuple[str, str], str | None]:
        """The own bid that each member was last shown, by vendor and lot."""
        return {
            (member.vendor, lot.id): lot.own
            for member, room, _, _ in self._rooms
            for lot in room.lots.values()
            if lot.mine
        }

    def over(self) -> bool:
        """Tell whether, as far as the members know, every lot is over."""
        seen = [room.lots for _, room, _, _ in self._rooms if room.line.open and room.lots]
        return bool(seen) and all(_over(lot) for lots in seen for lot in lots.values())

    async def run(self) -> None:
        """Follow the room and bid until told to stop; bids under way are still waited for."""
        following = [asyncio.create_task(room.run()) for _, room, _, _ in self._rooms]
        self._tasks = [asyncio.create_task(self._live(*each)) for each in self._rooms]
        try:
            await asyncio.gather(*self._tasks)
        finally:
            for task in following:
                task.cancel()
            await asyncio.gather(*following, return_exceptions=True)

    def stop(self) -> None:
        """Let nobody begin another move."""
        self._going = False

    def drop(self, every: int) -> int:
        """Break the line of every so-manieth member; how many that are."""
        dropped = self._rooms[::every]
        for _, room, _, _ in dropped:
            room.line.drop()
        return len(dropped)

    def stall(self) -> None:
        """Let one member stop reading."""
        self._rooms[-1][1].line.stall()

    async def _live(self, member: Member, room: Room, character: Steady, random: Random) -> None:
        await asyncio.sleep(random.random() * min(FIRST_S, self._pace))
        while self._going and room.ended is None:
            now = room.now()
            move = character.move(list(room.lots.values()), now) if now is not None else None
            if move is not None:
                await self._place(member, room, character, move)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopped(room), self._pace * (0.3 + 1.4 * random.random()))

    async def _stopped(self, room: Room) -> None:
        while self._going and room.ended is None:
            await asyncio.sleep(0.1)

    async def _place(self, member: Member, room: Room, character: Steady, move: Move) -> None:
        """Place a bid, and what follows from its answer."""
        loop, wish = asyncio.get_running_loop(), move
        for _ in range(FOLLOW_UPS):
            began, name = loop.time(), f"{member.vendor}-{self._random.getrandbits(64):016x}"
            answer = await room.bid(wish.lot, wish.amount, wish.confirm, name)
            self.tally.add(member.vendor, name, answer, round((loop.time() - began) * 1_000_000))
            again = character.answered(wish, answer)
            if again is None or not self._going:
                return
            wish = again


def _character(member: Member, random: Random, last: timedelta) -> Steady:
    made = CHARACTERS[member.character]
    if issubclass(made, Sniper):
        return made(member.floors, member.asks, random, last)
    return made(member.floors, member.asks, random)


def _over(lot: LotSeen) -> bool:
    return lot.status in ("closed", "cancelled")
