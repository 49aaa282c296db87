"""A house with three evaluators and a solicitation that is judged on price and quality: two envelopes, three vendors."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec

from auction.tender.promised import Sealing
from server import drafting
from server.filling import MembershipGiven, People, PersonGiven
from server.sealed.opening import open_stage
from tests.auction.award.panels import PLAN
from tests.server.callers import Guest
from tests.server.house import CAST, OWNER, House, opened
from tests.server.sealing import HOUR, LENGTH, PEOPLE, PRICES, Box, document, later, shifting

EVALUATORS = {"p-evaluator": "Eva Evaluator", "p-edgar": "Edgar Expert", "p-emma": "Emma Expert"}
MORE = tuple(
    PersonGiven(id, name, f"{id}@tenderbell.example", (MembershipGiven(OWNER, "evaluator"),))
    for id, name in EVALUATORS.items()
    if id != "p-evaluator"
)
PEOPLE_OF_THREE = People(CAST.organisations, (*CAST.people, *MORE))
"""The house's cast with two evaluators more."""
TWO = ("technical", "price")
"""Both envelopes."""


@asynccontextmanager
async def house_of_three(folder: Path) -> AsyncIterator[House]:
    """A running house whose consortium has three evaluators."""
    async with opened(folder, people=PEOPLE_OF_THREE, changed=shifting) as running:
        yield running


class Judged(Box):
    """A solicitation of sealed bids with an evaluation plan; `panel` stands over the plan's own panel."""

    decision = "direct"

    def __init__(self, house: House, envelopes: tuple[str, ...] = TWO, **panel: Any) -> None:
        super().__init__(house, envelopes)
        self.plan = PLAN | {"panel": PLAN["panel"] | panel}

    async def draft(self, by: str = "p-lead") -> str:
        """Keep a draft that says how bids are judged."""
        now = self.parts.now()
        sealing = Sealing(envelopes=self.envelopes, opens=now + LENGTH + HOUR, quorum=2, officers=PEOPLE)  # type: ignore[arg-type]
        given = msgspec.structs.replace(
            document(),
            sealing=sealing,
            closes=now + LENGTH,
            plan=self.plan,
            number="2026-77",
            decision=self.decision,
        )
        self.id = await drafting.keep(self.parts, given, by, OWNER)
        return self.id

    async def bids_are_in(self) -> None:
        """Publish, take three vendors' bids, one with a file, close, and begin the opening."""
        await self.publish()
        for vendor, prices in PRICES.items():
            await self.bid(vendor, prices)
        await self.close()
        later(self.house, LENGTH + 2 * HOUR)
        await self.meet()

    async def open(self, env: str) -> None:
        """Two officers release, and the stage is opened."""
        for person in ("p-lead", "p-oak"):
            await self.release(person, env)
        await open_stage(self.parts, self.id, "p-lead")
        await self.parts.errands.settled()


async def step(guest: Guest, event_id: str, page: str, action: str, **said: str) -> httpx.Response:
    """Send a form of a panel's page and come back to the page."""
    answer = await guest.post(f"/events/{event_id}/{page}/{action}", **said)
    return await guest.get(answer.headers["location"]) if answer.status_code == 303 else answer


def sheet(letters: dict[str, str], scores: dict[str, tuple[str, str]]) -> dict[str, str]:
    """The fields of a whole sheet: each vendor's score on service and on delivery."""
    said: dict[str, str] = {}
    for letter, vendor in letters.items():
        for place, score in enumerate(scores[vendor]):
            said[f"score-{letter}-{place}"] = score
            said[f"comment-{letter}-{place}"] = f"Private word of {score} on {place}."
    return said


__all__ = ["EVALUATORS", "PEOPLE_OF_THREE", "TWO", "Judged", "house_of_three", "sheet", "step"]
