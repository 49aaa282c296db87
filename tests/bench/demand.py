"""Demand at its full size, 60 districts × 5,000 items: how fast its heaviest pages answer, and how long an import takes."""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from auction.demand.call import Called, EndCall, OpenCall
from auction.demand.catalog import Item, KeepItems, Pack
from auction.demand.lots import PlanLots
from auction.demand.needs import NeedLine, StateNeeds, Terms
from auction.refusals import Refusal
from server import filling, serve
from server.app import build
from server.parts import Parts
from server.settings import Settings
from server.tables import Membership

DISTRICTS, ITEMS, IMPORTED = 60, 5_000, 20_000
OWNER, LEAD, BUYER = "c-bench", "p-lead", "p-d1"
PAGES: dict[str, tuple[str, str]] = {
    "needs of a district": (BUYER, "/needs/1?page=40"),
    "items of a call": (LEAD, "/calls/1/items?page=40"),
    "items of a call, found": (LEAD, "/calls/1/items?q=item+paper+7"),
    "a call's districts": (LEAD, "/calls/1"),
    "lots": (LEAD, "/calls/1/lots"),
    "a lot": (LEAD, "/calls/1/lots/L1?page=4"),
    "the catalog, found": (LEAD, "/catalog?q=item+paper+7"),
    "benefit": (LEAD, "/calls/1/benefit"),
    "today, of a lead": (LEAD, "/today"),
    "today, of a district": (BUYER, "/today"),
}
"""The heavy pages: who asks for them, and where they are."""


def items(count: int = ITEMS) -> tuple[Item, ...]:
    """So many items in twelve categories."""
    kinds = (
        "Paper",
        "Writing",
        "Art",
        "Custodial",
        "Science",
        "Music",
        "Sport",
        "Food",
        "Office",
        "Furniture",
        "IT",
        "Health",
    )
    return tuple(
        Item(
            f"I-{n:05}",
            f"{kinds[n % 12]} item {n}, as described in the specification",
            kinds[n % 12],
            "each",
            (Pack("carton", "10"),),
        )
        for n in range(count)
    )


def lines(district: int, every: Sequence[Item]) -> tuple[NeedLine, ...]:
    """A district's need of every item."""
    draw = random.Random(district)
    return tuple(
        NeedLine(
            each.id,
            str(draw.randint(1, 500)),
            "carton" if draw.random() < 0.3 else "each",
            "10" if draw.random() < 0.3 else "1",
            needed_by="2031-08-15",
            paid=f"{draw.randint(1, 90)}.{draw.randint(0, 99):02}",
            paid_unit="each",
        )
        for each in every
    )


def people() -> filling.People:
    """A consortium's lead, and a buyer in each district."""
    names = [f"d{n}" for n in range(DISTRICTS)]
    districts = tuple(
        filling.OrganisationGiven(
            each, "district", f"District {each}", {"enrolment": 200 * (place + 1)}, (OWNER,)
        )
        for place, each in enumerate(names)
    )
    buyers = tuple(
        filling.PersonGiven(
            f"p-{each}", f"Buyer {each}", f"{each}@bench.example", (filling.MembershipGiven(each, "buyer"),)
        )
        for each in names
    )
    lead = filling.PersonGiven(LEAD, "Lead", "lead@bench.example", (filling.MembershipGiven(OWNER, "lead"),))
    return filling.People(
        (filling.OrganisationGiven(OWNER, "consortium", "Bench Cooperative"), *districts), (lead, *buyers)
    )


async def seed(parts: Parts, districts: int = DISTRICTS, count: int = ITEMS) -> None:
    """Fill the catalog, call 1 with everybody's needs and lots made of them, and call 2, which is open and empty."""
    every = items(count)
    names = tuple(f"d{n}" for n in range(DISTRICTS))
    await tell(parts, f"catalog/{OWNER}", KeepItems(by=LEAD, items=every))
    terms = Terms(parts.now() + timedelta(days=90))
    for call in ("1", "2"):
        called = Called(OWNER, f"Bench {call}", terms.deadline, "America/New_York")
        await tell(parts, f"call/{call}", OpenCall(by=LEAD, called=called, districts=names))
    for n in range(districts):
        await tell(parts, f"needs/1.d{n}", StateNeeds(by=LEAD, terms=terms, lines=lines(n, every)))
    await tell(parts, "call/1", EndCall(by=LEAD))
    groups: dict[str, list[str]] = {}
    for each in every:
        groups.setdefault(each.category, []).append(each.id)
    plan = PlanLots(
        by=LEAD, groups=tuple((title, tuple(ids)) for title, ids in groups.items()), districts=names
    )
    await tell(parts, "lots/1", plan)


async def tell(parts: Parts, stream: str, command: Any) -> None:
    """Have a command carried out, and wait for the lists."""
    outcome = await parts.desk.submit(stream, command, parts.now())
    assert not isinstance(outcome.answer, Refusal), outcome.answer
    await parts.projections.settled()


async def served(folder: Path) -> None:
    """Serve a consortium of the full size; says its port, and a session for each person of `PAGES`."""
    settings = Settings(database=folder / "demand.db", port=0)
    listening = serve.bound(settings)
    parts = build(
        serve.with_port(settings, listening),
        lambda session: filling.fill(session, people(), lambda password: password),
    )
    tasks: list[asyncio.Task[None]] = []

    async def prepare() -> None:
        began = perf_counter()
        await seed(parts)
        held = {
            LEAD: Membership(person_id=LEAD, organisation_id=OWNER, role="lead"),
            BUYER: Membership(person_id=BUYER, organisation_id="d1", role="buyer"),
        }
        tokens = {who: await parts.login.open(each) for who, each in held.items()}
        secret = parts.known.secret.hex()
        said = {
            "port": parts.settings.port,
            "tokens": tokens,
            "secret": secret,
            "seeded_s": perf_counter() - began,
        }
        print(json.dumps(said), flush=True)

    web = serve.server(parts, lambda _: tasks.append(asyncio.create_task(prepare())))
    await web.serve(sockets=[listening])


def rows(count: int = IMPORTED) -> list[tuple[str, ...]]:
    """So many rows of a sheet of needs: every item for several schools."""
    return [
        (
            f"I-{n % ITEMS:05}",
            "",
            "",
            str(n % 90 + 1),
            "each",
            f"School {n // ITEMS}",
            "2031-08-15",
            "4.25",
            "each",
        )
        for n in range(count)
    ]


if __name__ == "__main__":
    asyncio.run(served(Path(sys.argv[1])))
