"""The demonstration's simulated vendors: they join whatever event is published, except those left to be tried."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from random import Random

from auction.live.room import Room
from auction.money import exact, parse_amount
from auction.tender.solicitation import Solicitation, lot_baseline
from bidders.crowd import Crowd, Member
from server.parts import Parts
from server.tables import Organisation

YOURS = ("v-cedar", "v-millrace")
"""The vendors that are left to whoever tries the demonstration; the others bid by themselves."""
LOOK_EVERY_S = 2.0
CHEAPEST, DEAREST = 80, 94
CENT = 10_000
PACE_S, LAST = 12.0, timedelta(seconds=40)
CHARACTERS = ("steady", "cautious", "steady", "sniper", "reckless", "steady")


async def play(parts: Parts, seed: int) -> None:
    """Send a crowd into every event that is published."""
    playing: dict[str, asyncio.Task[None]] = {}
    try:
        while True:
            for stream in parts.journal.streams("room/"):
                event_id = stream.partition("/")[2]
                room: Room = parts.desk.state(stream)
                if event_id not in playing and not all(lot.over for lot in room.lots.values()):
                    crowd = await _crowd(parts, event_id, room, seed)
                    playing[event_id] = asyncio.create_task(crowd.run())
            await asyncio.sleep(LOOK_EVERY_S)
    finally:
        for task in playing.values():
            task.cancel()


async def _crowd(parts: Parts, event_id: str, room: Room, seed: int) -> Crowd:
    """Simulated vendors for everybody who is admitted and not left to be tried."""
    document = parts.desk.state(f"tender/{event_id}").document
    members: list[Member] = []
    for held, _, organisation in await parts.login.memberships():
        bids = (
            organisation.kind == "vendor" and organisation.id in room.vendors and organisation.id not in YOURS
        )
        if bids and organisation.id not in {member.vendor for member in members}:
            session = await parts.login.open(held)
            members.append(_member(document, organisation, session, len(members), seed))
    return Crowd(parts.settings.origin, event_id, members, seed, PACE_S, LAST)


def _member(
    document: Solicitation, organisation: Organisation, session: str, place: int, seed: int
) -> Member:
    draw = Random(f"{seed} {organisation.id}")
    worth = {lot.id: lot_baseline(lot) or parse_amount(lot.ceiling) or 10**9 for lot in document.lots}
    return Member(
        vendor=organisation.id,
        session=session,
        character=CHARACTERS[place % len(CHARACTERS)],
        floors={lot: exact(value * draw.randint(CHEAPEST, DEAREST) // 100) for lot, value in worth.items()},
        asks={lot: exact(value // CENT * CENT) for lot, value in worth.items()},
    )
