"""A contract as pages show it: its terms as they now stand, what became of it, and what was bought under it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from auction.money import exact, parse_decimal
from auction.prices.contract import Contract, ContractBegun, ContractEnded, ContractRenewed
from server.deciders import ruler_of
from server.parts import Parts
from server.prices import awards
from server.tables import AwardRow, BoughtRow, PriceLineRow, PriceNeedRow


class Step(msgspec.Struct, frozen=True):
    """One thing that happened to a contract, in words."""

    at: datetime
    what: str
    reason: str = ""


def history(parts: Parts, event_id: str, lot_id: str) -> list[Step]:
    """What happened to a contract, the latest first, read from the journal; all of it is public."""
    stream = f"contract/{event_id}.{lot_id}"
    ruler = ruler_of(stream)
    found = [ruler.read(entry.body) for entry in parts.journal.read(stream)]
    told: list[Step] = []
    for each in found:
        if isinstance(each, ContractBegun):
            told.append(Step(each.at, "Awarded: the contract came into being."))
        elif isinstance(each, ContractRenewed):
            what = f"Option {each.option} was used: it now runs to {each.ends}."
            told.append(Step(each.at, what, each.reason))
        elif isinstance(each, ContractEnded):
            told.append(Step(each.at, f"Ended early: {each.last} is its last day.", each.reason))
    return told[::-1]


def terms(row: AwardRow, contract: Contract, today: date) -> dict[str, Any]:
    """A contract's terms as they stand today."""
    return {
        "number": row.contract,
        "starts": row.starts,
        "ends": awards.last_day(row.ends),
        "term": awards.term(row, today),
        "renewals": row.renewals,
        "renewal_months": row.renewal_months,
        "left": contract.options_left,
        "freight": row.freight,
        "minimum_order": row.minimum_order,
        "payment": row.payment,
        "delivery": row.delivery,
        "ended_reason": row.ended_reason,
        "ordering": row.ordering,
        "href": f"/contracts/{row.event_id}/{row.lot_id}",
    }


def stated(session: Session, line: PriceLineRow) -> dict[str, str]:
    """How much each district stated of a line."""
    columns = PriceNeedRow.__table__.c
    wanted = select(columns.district_id, columns.quantity).where(columns.line == line.id)
    return {row.district_id: row.quantity for row in session.execute(wanted)}


def bought(session: Session, event_id: str, lot_id: str, line_id: str) -> dict[str, str]:
    """How much of a line each district bought so far."""
    columns = BoughtRow.__table__.c
    wanted = select(columns.district_id, columns.quantity).where(
        columns.event_id == event_id, columns.lot_id == lot_id, columns.line_id == line_id
    )
    much: dict[str, int] = {}
    for row in session.execute(wanted):
        much[row.district_id] = much.get(row.district_id, 0) + (parse_decimal(row.quantity, 6) or 0)
    return {district: exact(total) for district, total in much.items()}


def district_names(row: AwardRow, more: Sequence[tuple[str, str]] = ()) -> dict[str, str]:
    """The districts' names that an event gave, and others'."""
    return dict(more) | {district: name for district, name, _ in row.districts}
