"""Composing: lots of a call become a draft solicitation, with every district's quantity on its line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from auction.demand.catalog import Catalog
from auction.demand.lots import PlannedLot
from auction.demand.parcels import scopes
from auction.demand.places import Places
from auction.demand.rollup import told
from auction.tender.solicitation import District, Line, Lot, Need, Solicitation
from auction.terms.faults import Fault, Faulty
from server.demand.places import places_of
from server.tables import CallRow, NeedRow, Organisation, RollupRow

MOST_LINES, MOST_NEEDS = 3_000, 60_000
LONGEST_PLACES = 600


class Wanted:
    """What districts need of each item: quantities in the base unit, the places as addresses, and the first day needed."""

    def __init__(self, rows: Sequence[Any], places: Mapping[str, Places]) -> None:
        self._places = places
        self._by: dict[tuple[str, str], list[Any]] = {}
        self.districts = sorted({row.district_id for row in rows})
        for row in rows:
            self._by.setdefault((row.item_id, row.district_id), []).append(row)

    def needs(self, item: str, districts: frozenset[str]) -> tuple[Need, ...]:
        """The needs of an item of some districts, by their ids."""
        made = []
        for district in self.districts:
            rows = self._by.get((item, district), []) if district in districts else []
            if rows:
                shown = self._places[district].shown
                places = dict.fromkeys(shown(row.ship_to) for row in rows if row.ship_to)
                days = [row.needed_by for row in rows if row.needed_by]
                quantity = told(sum(row.base for row in rows)) or "0"
                made.append(Need(district, quantity, _places(list(places)), min(days, default="")))
        return tuple(made)


def _places(places: list[str]) -> str:
    text = "; ".join(places)
    return text if len(text) <= LONGEST_PLACES else f"{len(places)} places, as the districts stated them"


async def compose(
    session: AsyncSession,
    call: CallRow,
    consortium: str,
    lots: Sequence[PlannedLot],
    catalog: Catalog,
    now: datetime,
) -> Solicitation:
    """Make the solicitation; raises `Faulty` where it would be too large to be run as one event."""
    lies = {lot.id: scopes(lot.blocks) for lot in lots}
    items = {item for scope in lies.values() for item in scope}
    if sum(len(scope) for scope in lies.values()) > MOST_LINES:
        raise Faulty(
            [Fault("lots", f"come to more than {MOST_LINES:,} lines; choose fewer of them for one event")]
        )
    rows = [row for row in await _rows(session, call.id) if row.item_id in items]
    if len(rows) > MOST_NEEDS:
        raise Faulty(
            [Fault("lots", f"hold more than {MOST_NEEDS:,} needs; choose fewer of them for one event")]
        )
    places = await session.run_sync(places_of, {row.district_id for row in rows})
    wanted = Wanted(rows, places)
    rolled = select(RollupRow.item_id, RollupRow.baseline).where(RollupRow.call_id == call.id)
    baselines = {row.item_id: row.baseline for row in await session.execute(rolled)}
    made = tuple(_lot(lot, lies[lot.id], wanted, baselines, catalog) for lot in lots)
    named = {need.district for lot in made for line in lot.lines for need in line.needs}
    found = select(Organisation).where(Organisation.id.in_(named)).order_by(Organisation.name)
    return Solicitation(
        number=f"{now.year}-N{call.id}",
        title=call.title,
        summary=call.words,
        consortium=consortium,
        zone=call.zone,
        rules={"format": "english"},
        lots=tuple(lot for lot in made if lot.lines),
        districts=tuple(_district(row) for row in (await session.execute(found)).scalars()),
        opening="schedules",
        source=f"the needs stated in “{call.title}”",
    )


async def _rows(session: AsyncSession, call: str) -> Sequence[Any]:
    columns = (NeedRow.item_id, NeedRow.district_id, NeedRow.base, NeedRow.ship_to, NeedRow.needed_by)
    return (await session.execute(select(*columns).where(NeedRow.call_id == call))).all()


def _district(row: Organisation) -> District:
    enrolment = row.detail.get("enrolment")
    return District(row.id, row.name, enrolment if isinstance(enrolment, int) else None)


def _lot(
    lot: PlannedLot,
    lies: dict[str, frozenset[str]],
    wanted: Wanted,
    baselines: dict[str, str | None],
    catalog: Catalog,
) -> Lot:
    lines: list[Line] = []
    for item, districts in lies.items():
        needs = wanted.needs(item, districts)
        if needs:
            lines.append(_line(f"{len(lines) + 1}", item, needs, baselines.get(item), catalog))
    return Lot(id=lot.id, title=lot.title, lines=tuple(lines))


def _line(name: str, item: str, needs: tuple[Need, ...], baseline: str | None, catalog: Catalog) -> Line:
    known = catalog.items[item]
    quantity = told(sum(_micros(need.quantity) for need in needs)) or "0"
    return Line(
        id=name,
        description=known.description,
        unit=known.unit,
        quantity=quantity,
        baseline=baseline if baseline != "0" else None,
        needs=needs,
        item=item,
    )


def _micros(quantity: str) -> int:
    whole, _, part = quantity.partition(".")
    return int(whole) * 1_000_000 + int(part.ljust(6, "0") or "0")
