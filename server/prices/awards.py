"""Awarded lots as pages read them: their rows, what they save, and who may order under them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any, TypeVar

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from auction.prices.contract import Status, status
from auction.prices.entitlement import Offered, why_not
from auction.prices.savings import Sum
from server.login import Identity
from server.tables import AwardRow, PriceLineRow, PriceNeedRow, SavingRow
from server.tables.prices import NEVER

K = TypeVar("K")


class Saved(msgspec.Struct, frozen=True):
    """What a district saves on a lot, stated or bought; `lot` is `<event>.<lot>`, `day` the ISO date it counts on."""

    basis: str
    event: str
    lot: str
    district: str
    owner: str
    day: str
    currency: str
    sum: Sum


def saved(session: Session, *where: Any) -> list[Saved]:
    """Read what is saved."""
    columns = SavingRow.__table__.c
    wanted = select(
        columns.basis,
        columns.event_id,
        columns.lot_id,
        columns.district_id,
        columns.owner,
        columns.day,
        columns.currency,
        columns.before,
        columns.now,
        columns.other,
        columns.lines,
    ).where(*where)
    return [
        Saved(
            row.basis,
            row.event_id,
            f"{row.event_id}.{row.lot_id}",
            row.district_id,
            row.owner,
            row.day,
            row.currency,
            Sum(int(row.before), int(row.now), int(row.other), row.lines),
        )
        for row in session.execute(wanted)
    ]


def added(rows: Sequence[Saved], key: Callable[[Saved], K]) -> dict[K, Sum]:
    """Add up what is saved by a key."""
    found: dict[K, Sum] = {}
    for row in rows:
        name = key(row)
        found[name] = found.get(name, Sum()) + row.sum
    return found


def buyer(identity: Identity | None) -> str | None:
    """The district that somebody belongs to."""
    return identity.organisation_id if identity is not None and identity.kind == "district" else None


def inside(identity: Identity | None, owner: str) -> bool:
    """Tell whether somebody belongs to a consortium or one of its districts, and so may see what each district stated."""
    return identity is not None and owner in identity.consortia


def last_day(ends: str) -> str:
    """A contract's last day; empty where none was agreed."""
    return "" if ends == NEVER else ends


def term(row: Any, today: date) -> Status:
    """Where a row's contract stands."""
    return status(row.starts, last_day(row.ends), today)


def refusal(identity: Identity, row: Any, stated: Collection[tuple[str, str]], today: date) -> str | None:
    """Why a district may not order a line, given the lots in which it stated needs; None when it may."""
    offered = Offered(row.owner, row.ordering, term(row, today), row.starts)
    return why_not(offered, identity.consortia, (row.event_id, row.lot_id) in stated)


def stated_lots(session: Session, district: str) -> set[tuple[str, str]]:
    """The lots in which a district stated needs."""
    columns = SavingRow.__table__.c
    wanted = select(columns.event_id, columns.lot_id).where(
        columns.basis == "stated", columns.district_id == district
    )
    return {(row.event_id, row.lot_id) for row in session.execute(wanted)}


def line_of(session: Session, event_id: str, lot_id: str, line_id: str) -> PriceLineRow | None:
    """One line of the price book."""
    return session.execute(
        select(PriceLineRow).where(
            PriceLineRow.event_id == event_id,
            PriceLineRow.lot_id == lot_id,
            PriceLineRow.line_id == line_id,
        )
    ).scalar_one_or_none()


def needs_of(session: Session, lines: Collection[int], district: str) -> dict[int, str]:
    """How much a district stated of some lines."""
    columns = PriceNeedRow.__table__.c
    wanted = select(columns.line, columns.quantity).where(
        columns.line.in_(lines), columns.district_id == district
    )
    return {row.line: row.quantity for row in session.execute(wanted)}


def awards(session: Session, *where: Any) -> Sequence[AwardRow]:
    """Awarded lots, the newest first."""
    order = (AwardRow.awarded_at.desc(), AwardRow.event_id, AwardRow.lot_id)
    return session.execute(select(AwardRow).where(*where).order_by(*order)).scalars().all()
