"""Staging: the event that is rehearsed, its vendors and lead, and a database that holds them and the draft."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from auction.money import exact, parse_amount
from auction.tender.solicitation import Line, Lot, Solicitation, Vendor, lot_baseline
from server import drafting, filling
from server.app import alive, build
from server.parts import Parts
from server.settings import Settings
from server.tables import Membership

LEAD, SECOND, CONSORTIUM = "p-lead", "p-second", "c-rehearsal"
CENT = 10_000
CHEAPEST_PER_CENT, DEAREST_PER_CENT = 78, 96
STATE = "US-XL"
"""Whose law a rehearsal is held under: the fictional state's."""
ROUND_SUM = 10_000_000_000
"""What a lot is taken to be worth where nothing says so: 10,000, in micros."""


class Plan(msgspec.Struct, frozen=True):
    """What is asked of a rehearsal; `rules` is a raw rule set, `tender` a solicitation in place of a made-up one."""

    vendors: int
    lots: int
    seconds: int
    seed: int = 1
    rules: dict[str, Any] | None = None
    tender: Solicitation | None = None
    chaos: bool = False


class Stage(msgspec.Struct, frozen=True):
    """A database ready to be served: the draft's event id, and a session for the lead, its second and each vendor."""

    database: Path
    event: str
    document: Solicitation
    lead: str
    second: str
    vendors: dict[str, str]


def document(plan: Plan) -> Solicitation:
    """The solicitation that is rehearsed, with made-up vendors that are admitted to every lot."""
    base = plan.tender or _made_up(plan)
    rules = plan.rules or scaled(plan, len(base.lots)) | _kept(base.rules)
    vendors = tuple(Vendor(id=f"v{row}", name=f"Vendor {row}") for row in range(1, plan.vendors + 1))
    return msgspec.structs.replace(
        base,
        rules=rules,
        vendors=vendors,
        zone="UTC",
        opening="none",
        opens=None,
        closes=None,
        jurisdiction=STATE,
        category="supplies",
    )


def _kept(rules: dict[str, Any]) -> dict[str, Any]:
    """Of a tender's own rules everything that is no duration."""
    timed = ("overtime", "closing", "notice_s", "fault_s", "min_vendors", "rank_by")
    return {name: value for name, value in rules.items() if name not in timed}


def scaled(plan: Plan, lots: int) -> dict[str, Any]:
    """The default rules with every duration scaled, so that the last lot is due within the rehearsal's seconds."""
    late, gap = max(1, plan.seconds // 10), plan.seconds * 2 // (5 * max(1, lots - 1))
    closing: dict[str, Any] = {"mode": "staggered", "gap_s": gap, "min_gap_s": gap // 2}
    return {
        "format": "english",
        "closing": closing if gap and lots > 1 else {"mode": "parallel"},
        "overtime": {"window_s": late, "extension_s": late, "max_extensions": 4},
        "visibility": {"count": True},
        "notice_s": max(1, plan.seconds // 20),
        "fault_s": max(1, plan.seconds // 20),
    }


def first_close(plan: Plan, rules: dict[str, Any], lots: int) -> int:
    """How many seconds after the opening the first lot closes, so that the last one closes in time."""
    closing = rules.get("closing", {})
    gap = closing.get("gap_s", 0) if isinstance(closing, dict) and plan.rules is None else 0
    return max(1, plan.seconds - gap * (lots - 1))


def _made_up(plan: Plan) -> Solicitation:
    draw = Random(plan.seed)
    return Solicitation(
        number="REHEARSAL",
        title="A rehearsal",
        consortium="A made-up consortium",
        rules={},
        lots=tuple(_lot(draw, row) for row in range(1, plan.lots + 1)),
    )


def _lot(draw: Random, row: int) -> Lot:
    lines = tuple(
        Line(
            id=f"L{row}-{place}",
            description=f"Item {place}",
            unit="each",
            quantity=str(draw.randint(20, 2_000)),
            baseline=exact(draw.randint(100, 20_000) * CENT),
        )
        for place in range(1, 4)
    )
    lot = Lot(id=f"L{row}", title=f"Lot {row}", lines=lines)
    return msgspec.structs.replace(lot, ceiling=exact(worth(lot) * 105 // 100 // CENT * CENT))


def worth(lot: Lot) -> int:
    """What a lot is about worth, in micros: at the prices last paid, else its ceiling, else a round sum."""
    return lot_baseline(lot) or parse_amount(lot.ceiling) or ROUND_SUM


def floors(plan: Plan, event: Solicitation, vendor: str) -> dict[str, str]:
    """A vendor's secret lowest price for each lot; drawn anew from the seed, the same each time."""
    draw = Random(f"{plan.seed} {vendor}")
    return {
        lot.id: exact(
            worth(lot) * draw.randint(CHEAPEST_PER_CENT, DEAREST_PER_CENT) // 100 // CENT * CENT or CENT
        )
        for lot in event.lots
    }


# --- the database ------------------------------------------------------------------------------------------------------------


def people(event: Solicitation) -> filling.People:
    """A lead, a second lead who approves, and one person for each vendor."""
    lead = filling.PersonGiven(
        id=LEAD,
        name="The lead",
        email="lead@rehearsal.example",
        memberships=(filling.MembershipGiven(organisation=CONSORTIUM, role="lead"),),
    )
    second = filling.PersonGiven(
        id=SECOND,
        name="The second lead",
        email="second@rehearsal.example",
        memberships=(filling.MembershipGiven(organisation=CONSORTIUM, role="second"),),
    )
    return filling.People(
        organisations=(
            filling.OrganisationGiven(id=CONSORTIUM, kind="consortium", name="A made-up consortium"),
            *(filling.OrganisationGiven(id=each.id, kind="vendor", name=each.name) for each in event.vendors),
        ),
        people=(lead, second, *(_bidder(each) for each in event.vendors)),
    )


def _bidder(vendor: Vendor) -> filling.PersonGiven:
    held = filling.MembershipGiven(organisation=vendor.id, role="signer")
    return filling.PersonGiven(
        id=f"p-{vendor.id}",
        name=f"Of {vendor.name}",
        email=f"{vendor.id}@rehearsal.example",
        memberships=(held,),
    )


async def stage(plan: Plan, database: Path) -> Stage:
    """Make the database with its people, their sessions and the draft; raises `Faulty` with all that is wrong."""
    event = document(plan)
    fill: Callable[[Any], None] = lambda session: filling.fill(session, people(event), str)  # noqa: E731
    parts = build(Settings(database=database), fill)
    async with alive(parts):
        name = await drafting.keep(parts, event, LEAD, CONSORTIUM)
        lead = await _session(parts, LEAD, CONSORTIUM, "lead")
        second = await _session(parts, SECOND, CONSORTIUM, "second")
        vendors = {
            each.id: await _session(parts, f"p-{each.id}", each.id, "signer") for each in event.vendors
        }
    return Stage(database, name, event, lead, second, vendors)


async def _session(parts: Parts, person: str, organisation: str, role: str) -> str:
    return await parts.login.open(Membership(person_id=person, organisation_id=organisation, role=role))


def staged(plan: Plan, database: Path) -> Stage:
    """Stage in a loop of its own."""
    return asyncio.run(stage(plan, database))
