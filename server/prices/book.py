"""The price book's rows, written from the journal: awards and their lines, contracts, shopping lists, and what is saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from auction.award.award import LotAwarded
from auction.journal import Entry
from auction.kernel import Event
from auction.live.room import Room
from auction.money import exact, parse_decimal
from auction.prices.book import PLACES, PriceLine, line_saving, lines
from auction.prices.contract import ContractEnded, ContractRenewed, filled, parse_day
from auction.prices.savings import Quantity, Sum, grouped
from auction.tender.solicitation import Contract, Lot, Solicitation, lot_baseline
from auction.tender.tender import Tender
from auction.terms.schedule import LinePrice
from bidders.box.state import Box
from server.awarding import day_at
from server.prices.lists import heard_of_list
from server.tables import AwardRow, Base, BoughtRow, ListRow, PriceLineRow, PriceNeedRow, SavingRow
from server.tables.prices import NEVER


class PriceBook:
    """Writes the price book. `state` gives what a stream adds up to; a published document does not change after its award."""

    name = "prices"
    version = 2
    kinds = frozenset({"award", "contract", "list"})
    tables: Sequence[type[Base]] = (PriceNeedRow, PriceLineRow, AwardRow, SavingRow, ListRow, BoughtRow)

    def __init__(self, state: Callable[[str], object]) -> None:
        self._state = state

    async def heard(self, session: AsyncSession, entry: Entry, event: Event) -> None:
        """Write what follows from one entry."""
        kind, _, name = entry.stream.partition("/")
        if kind == "list":
            await heard_of_list(session, entry.stream, event)
        elif isinstance(event, LotAwarded):
            await self._awarded(session, name, event)
        elif isinstance(event, ContractRenewed):
            await _set(session, name, ends=event.ends, renewed=event.option)
        elif isinstance(event, ContractEnded):
            await _set(session, name, ends=event.last, ended_reason=event.reason)

    async def _awarded(self, session: AsyncSession, event_id: str, award: LotAwarded) -> None:
        tender, room = self._state(f"tender/{event_id}"), self._state(f"room/{event_id}")
        box = self._state(f"box/{event_id}")
        document = tender.document if isinstance(tender, Tender) else None
        lot = next((each for each in document.lots if each.id == award.lot), None) if document else None
        if document is None or lot is None or not isinstance(room, Room):
            return
        read_out = box.names.get(award.vendor, "") if isinstance(box, Box) else ""
        made = Made(event_id, document, lot, award, read_out or _vendor(document, room, award.vendor))
        await session.execute(insert(AwardRow), [award_row(made)])
        first: int = (await session.execute(select(func.coalesce(func.max(PriceLineRow.id), 0)))).scalar_one()
        priced = lines(lot, award.lines, award.amount)
        await session.execute(insert(PriceLineRow), line_rows(made, priced, first + 1))
        stated = [
            {"line": first + 1 + place, "district_id": need.district, "quantity": need.quantity}
            for place, line in enumerate(priced)
            for need in merged(line)
        ]
        if stated:
            await session.execute(insert(PriceNeedRow), stated)
        if saved := saving_rows(made, priced):
            await session.execute(insert(SavingRow), saved)


class Made(msgspec.Struct, frozen=True):
    """One award with what its rows are made of."""

    event_id: str
    document: Solicitation
    lot: Lot
    award: LotAwarded
    vendor: str

    @property
    def terms(self) -> Contract:
        """The contract's terms as awarded."""
        day = day_at(self.document, self.award.at)
        return filled(self.award.contract, self.document.number, self.lot.id, day)

    @property
    def shared(self) -> dict[str, Any]:
        """What an award and each of its lines have in common."""
        terms = self.terms
        return {
            "event_id": self.event_id,
            "lot_id": self.lot.id,
            "owner": self.document.owner,
            "category": self.document.category,
            "lot_title": self.lot.title,
            "currency": self.document.currency,
            "vendor_id": self.award.vendor,
            "vendor_name": self.vendor,
            "contract": terms.number,
            "starts": terms.starts,
            "ends": terms.ends or NEVER,
            "ordering": self.document.ordering,
        }


def _vendor(document: Solicitation, room: Room, vendor: str) -> str:
    """A vendor's name, also of one that was admitted after the publication."""
    named = next((each.name for each in document.vendors if each.id == vendor), "")
    entrant = room.vendors.get(vendor)
    return named or (entrant.name if entrant is not None else "") or vendor


def award_row(made: Made) -> dict[str, Any]:
    """An award's row."""
    document, award, terms = made.document, made.award, made.terms
    before = lot_baseline(made.lot)
    priced = lines(made.lot, award.lines, award.amount)
    return made.shared | {
        "consortium": document.consortium,
        "number": document.number,
        "title": document.title,
        "zone": document.zone,
        "amount": award.amount,
        "baseline": exact(before) if before is not None else None,
        "reason": award.reason,
        "proposed_by": award.proposed_by,
        "awarded_by": award.by,
        "awarded_at": award.at,
        "freight": terms.freight,
        "minimum_order": terms.minimum_order,
        "payment": terms.payment,
        "delivery": document.delivery,
        "renewals": terms.renewals,
        "renewal_months": terms.renewal_months,
        "renewed": 0,
        "ended_reason": None,
        "lines": len(priced),
        "units": sorted({line.unit for line in priced}),
        "districts": [[each.id, each.name, each.enrolment] for each in document.districts],
    }


def line_rows(made: Made, priced: Sequence[PriceLine], first: int) -> list[dict[str, Any]]:
    """The rows of an award's lines, numbered from `first`."""
    offered = {each.line: each for each in made.award.lines}
    return [
        made.shared
        | {
            "id": first + place,
            "line_id": line.line,
            "place": place,
            "description": line.description,
            "brand": _brand(offered.get(line.line)),
            "unit": line.unit,
            "quantity": line.quantity,
            "unit_price": line.unit_price,
            "price": parse_decimal(line.unit_price, PLACES) or 0,
            "baseline": line.baseline,
            "saved": _tenths(line),
        }
        for place, line in enumerate(priced)
    ]


def _brand(price: LinePrice | None) -> str:
    return f"{price.offer.brand} {price.offer.model}".strip() if price is not None and price.offer else ""


def _tenths(line: PriceLine) -> int | None:
    """The saving in tenths of a per cent, to sort by."""
    saving = line_saving(line)
    return int(saving.percent.replace(".", "")) if saving is not None else None


def merged(line: PriceLine) -> list[Quantity]:
    """What each district stated of a line, once: several deliveries to a district are added up."""
    much: dict[str, int] = {}
    for need in line.needs:
        much[need.district] = much.get(need.district, 0) + (parse_decimal(need.quantity, PLACES) or 0)
    return [
        Quantity(district, "", "", exact(total), line.unit_price, line.baseline)
        for district, total in much.items()
    ]


def saving_rows(made: Made, priced: Sequence[PriceLine]) -> list[dict[str, Any]]:
    """What each district saves on the lot with what it stated."""
    start = parse_day(made.terms.starts) or day_at(made.document, made.award.at)
    stated = [each for line in priced for each in merged(line)]
    shared = {name: made.shared[name] for name in ("event_id", "lot_id", "owner", "currency")}
    return [
        shared
        | {"basis": "stated", "source": "", "district_id": district, "day": start.isoformat()}
        | kept(each)
        for district, each in grouped(stated, lambda row: row.district).items()
    ]


def kept(total: Sum) -> dict[str, Any]:
    """A sum as it is kept."""
    numbers = {name: str(getattr(total, name)) for name in ("before", "now", "other")}
    return {**numbers, "lines": total.lines}


async def _set(session: AsyncSession, name: str, **values: Any) -> None:
    """Change a contract's row and the rows of its lines; `name` is `<event>.<lot>`."""
    event_id, _, lot_id = name.partition(".")
    for table in (AwardRow, PriceLineRow):
        mine = {key: value for key, value in values.items() if key in table.__table__.c}
        await session.execute(
            update(table).where(table.event_id == event_id, table.lot_id == lot_id).values(**mine)
        )
