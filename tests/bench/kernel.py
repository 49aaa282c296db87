"""How many bids the engine decides in a second, with a short and with a long history behind it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import perf_counter

from auction.kernel import handle
from auction.live import event
from auction.live.room import Entrant, LotPlan, PlaceBid, Prepare, Room, Taken
from auction.money import show
from auction.terms.rules import parse
from tests.bench.servers import RULES

OPENS = datetime(2026, 3, 2, 15, tzinfo=UTC)
MICRO = timedelta(microseconds=1)
VENDORS = 50
TICK = 10_000


def room() -> Room:
    """An open room with one lot."""
    made = event.initial()
    prepare = Prepare(
        by="host",
        tender=None,
        rules=parse(RULES),
        opens=OPENS,
        closes=OPENS + timedelta(hours=5),
        lots=(LotPlan("L1", "9000000.00"),),
        vendors=tuple(Entrant(f"v{row}") for row in range(VENDORS)),
        seed="00" * 32,
    )
    return handle(event, made, prepare, OPENS).state


def run(state: Room, first: int, count: int) -> int:
    """Place so many bids, each one tick under its vendor's last; decisions a second."""
    commands = []
    for place in range(first, first + count):
        amount = 9_000_000_000_000 - (place // VENDORS + 1) * TICK
        commands.append(
            PlaceBid(
                by=f"v{place % VENDORS}", id=f"b-{place}", lot="L1", amount=amount, given=show(amount, TICK)
            )
        )
    began = perf_counter()
    for place, command in enumerate(commands, start=first):
        decision = handle(event, state, command, OPENS + MICRO * place)
        assert isinstance(decision.answer, Taken), decision.answer
    return round(count / (perf_counter() - began))


def decisions() -> tuple[int, int]:
    """Decisions a second behind 1,000 and behind 100,000 bids."""
    state = room()
    run(state, 0, 1_000)
    short = run(state, 1_000, 4_000)
    run(state, 5_000, 95_000)
    return short, run(state, 100_000, 4_000)
