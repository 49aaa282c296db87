"""Simulated vendors: what each would do next, knowing only what a real vendor is sent, and its own secret floor.

A character is asked for its next move again and again, and may answer to a refusal. It never means to go below its floor, and
does not bid where it has none. A slip of the hand can type less; it happens only where the rules guard against it, on a step
down from an own bid, and is then not confirmed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from random import Random

import msgspec

from auction.money import MICROS, ceil_div, floor_tick, parse_amount, show
from bidders.frames import Answer, Confirm, No
from bidders.lots import LotSeen


class Move(msgspec.Struct, frozen=True):
    """A bid to be placed."""

    lot: str
    amount: str
    confirm: Confirm | None = None


class Steady:
    """Bids whenever it does not lead, as high as the rules allow, until its floor is reached."""

    def __init__(self, floors: Mapping[str, str], asks: Mapping[str, str], random: Random) -> None:
        self._floors = {lot: parse_amount(text) for lot, text in floors.items()}
        self._asks, self._random = asks, random

    def move(self, lots: Iterable[LotSeen], now: datetime) -> Move | None:
        """The next bid; None to wait."""
        able = [lot for lot in lots if lot.mine and lot.status == "open" and self._wants(lot, now)]
        self._random.shuffle(able)
        moves = (self._bid(lot) for lot in able)
        return next((move for move in moves if move is not None), None)

    def answered(self, move: Move, answer: Answer) -> Move | None:
        """What follows from an answer at once: the nearest amount that would do, where the floor allows it."""
        if isinstance(answer, No) and answer.next is not None and answer.code != "NEEDS_CONFIRM":
            return self._at(move.lot, answer.next)
        if isinstance(answer, No) and answer.confirm is not None:
            sure = self._at(move.lot, answer.confirm.amount)
            return sure and Move(sure.lot, sure.amount, answer.confirm)
        return None

    def _wants(self, lot: LotSeen, now: datetime) -> bool:
        return lot.own is None or lot.rank != 1

    def _bid(self, lot: LotSeen) -> Move | None:
        asked = lot.next if lot.next is not None else self._asks.get(lot.id)
        return self._at(lot.id, self._deeper(asked)) or self._at(lot.id, asked)

    def _deeper(self, amount: str | None) -> str | None:
        """Some steps further down, up to 2 %, with the decimals that the amount has."""
        value = parse_amount(amount)
        if amount is None or value is None:
            return None
        unit = MICROS // 10 ** len(amount.partition(".")[2])
        deeper = floor_tick(value * (1000 - self._random.randrange(20)) // 1000, unit)
        return show(deeper if deeper * 100 >= value * 98 else value, unit)

    def _at(self, lot: str, amount: str | None) -> Move | None:
        """A bid of this amount, if it is not below the floor."""
        value, least = parse_amount(amount), self._least(lot)
        if amount is None or value is None or least is None or value < least:
            return None
        return Move(lot, amount)

    def _least(self, lot: str) -> int | None:
        """The lowest amount that it would ever bid; None where it does not bid at all."""
        return self._floors.get(lot)


class Cautious(Steady):
    """Thinks twice, and leaves a margin above its floor."""

    def _wants(self, lot: LotSeen, now: datetime) -> bool:
        return super()._wants(lot, now) and self._random.random() < 0.5

    def _least(self, lot: str) -> int | None:
        floor = super()._least(lot)
        return floor and ceil_div(floor * 103, 100)


class Sniper(Steady):
    """Makes a first bid, then waits for the last moments."""

    LAST = timedelta(seconds=20)

    def __init__(
        self, floors: Mapping[str, str], asks: Mapping[str, str], random: Random, last: timedelta = LAST
    ) -> None:
        super().__init__(floors, asks, random)
        self._last = last

    def _wants(self, lot: LotSeen, now: datetime) -> bool:
        late = lot.closes is not None and lot.closes - now <= self._last
        return super()._wants(lot, now) and (lot.own is None or late)


class Reckless(Steady):
    """Types fast and often wrong: commas, a digit short, more decimals than there are; mends it by what the refusal says."""

    def _bid(self, lot: LotSeen) -> Move | None:
        meant = super()._bid(lot)
        return meant and Move(lot.id, self._typed(meant.amount, guarded=lot.own is not None))

    def _typed(self, amount: str, *, guarded: bool) -> str:
        slip = self._random.randrange(8)
        if slip == 0:
            return amount.replace(".", ",")
        if slip == 1:
            return amount[:-1] + "x"
        if slip == 2 and guarded:
            return amount[:1] + amount[2:]
        return f"{amount}7" if slip == 3 and "." in amount else amount


CHARACTERS: dict[str, type[Steady]] = {
    "steady": Steady,
    "cautious": Cautious,
    "sniper": Sniper,
    "reckless": Reckless,
}
"""Each kind of simulated vendor by its word."""
