"""The demonstration's present: who its districts are, and the needs they are stating for next year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from auction.demand.call import Called, OpenCall
from auction.demand.catalog import Item, KeepItems, Pack
from auction.demand.needs import ConfirmNeeds, NeedLine, StateNeeds, Terms
from auction.demand.organisation import ChangeProfile
from auction.demand.profile import ConsortiumProfile, DistrictProfile, ShipTo
from auction.kernel import Command
from auction.tender.solicitation import District
from server import drafting
from server.demo import figures
from server.demo.staging import CONSORTIUM, LEAD
from server.parts import Parts
from server.people import register

STATE, ZONE = "US-XL", "America/New_York"
CATEGORIES = ("Custodial", "Food service", "Furniture")
CALL = "1"
DEADLINE = timedelta(days=9)
CONFIRMED, BEGUN = 13, 5
"""How many of the districts have said that this is all, and how many have only begun; the others have not."""
STREETS = ("School Street", "Academy Road", "Mill Lane", "Orchard Avenue", "Harbor Street", "Ridge Road")


async def describe(parts: Parts, members: Sequence[District]) -> None:
    """Give the consortium and its districts their profiles."""
    letterhead = "Lakeshore Purchasing Cooperative\n1 Cooperative Way, Port Ellery"
    await _change(parts, CONSORTIUM, ConsortiumProfile(STATE, ZONE, letterhead), "p-halloran")
    for place, each in enumerate(members):
        town = each.name.rpartition(" ")[0].removesuffix(" City")
        street = STREETS[place % len(STREETS)]
        addresses = (
            ShipTo("S1", "District warehouse", f"{12 + place} {street}", town, "XL", f"{10_000 + place}"),
            ShipTo("S2", "High school", f"{200 + place} Main Street", town, "XL", f"{10_000 + place}"),
        )
        await _change(parts, each.id, DistrictProfile(STATE, each.enrolment, 7, addresses), "p-halloran")


async def _change(parts: Parts, body: str, profile: ConsortiumProfile | DistrictProfile, by: str) -> None:
    seen = (await register.body_of(parts, body)).version
    await register.tell(parts, body, ChangeProfile(by=by, profile=profile, version=seen))


async def ask_for_needs(parts: Parts, members: Sequence[District]) -> None:
    """List the catalog, call for next year's needs, and let most districts state theirs."""
    catalog = figures.items(figures.FIXTURES)
    await drafting.tell(
        parts, f"catalog/{CONSORTIUM}", KeepItems(by=LEAD, items=tuple(_item(each) for each in catalog))
    )
    now = parts.now()
    called = Called(
        consortium=CONSORTIUM,
        title="Custodial, food service and furniture for next school year",
        deadline=(now + DEADLINE).replace(hour=21, minute=0, second=0, microsecond=0),
        zone=ZONE,
        categories=CATEGORIES,
        reminders=(7, 2),
        words="State what you need delivered between July and June, and what you paid last.",
    )
    districts = tuple(each.id for each in members)
    await drafting.tell(parts, f"call/{CALL}", OpenCall(by=LEAD, called=called, districts=districts))
    wanted = [each for each in catalog if each.category in CATEGORIES]
    order = Random("who answers first").sample(list(members), len(members))
    for place, district in enumerate(order[: CONFIRMED + BEGUN]):
        lines = [_need(item, district) for item in wanted]
        await _state(parts, district, called, lines, whole=place < CONFIRMED)


async def _state(
    parts: Parts, district: District, called: Called, lines: Sequence[NeedLine], whole: bool
) -> None:
    by, terms = f"buyer of {district.id}", Terms(called.deadline)
    stated = tuple(lines if whole else lines[: len(lines) // 3])
    commands: list[Command] = [StateNeeds(by=by, terms=terms, lines=stated)]
    if whole:
        commands.append(ConfirmNeeds(by=by, terms=terms))
    for each in commands:
        await drafting.tell(parts, f"needs/{CALL}.{district.id}", each)


def _item(given: figures.Item) -> Item:
    packs = tuple(Pack(each.unit, each.holds) for each in given.packs)
    return Item(given.id, given.description, given.category, given.unit, packs)


def _need(item: figures.Item, district: District) -> NeedLine:
    return NeedLine(
        item=item.id,
        quantity=str(figures.quantity(item, district)),
        unit=item.unit,
        ship_to="S1",
        paid=figures.paid(item, district, 2026),
        paid_unit=item.unit,
    )
