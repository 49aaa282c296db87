"""Who takes part where, and which schedules are filed: lists written from the journal for vendors' and leads' pages."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from auction.journal import Entry
from auction.kernel import Event
from auction.live.room import ScheduleFiled, ScheduleLapsed, VendorWithdrawn
from auction.terms.schedule import fingerprint
from bidders.qualification import (
    AdmissionNoted,
    Admissions,
    AskingRetracted,
    TakingPartAsked,
    VendorDeclined,
    VendorInvited,
    WithdrawalNoted,
    part,
)
from server.login import Identity
from server.parts import Parts
from server.tables import Base, FiledSchedule, TakingPart

STATUS: dict[type[Event], str] = {
    VendorInvited: "invited",
    TakingPartAsked: "applied",
    AdmissionNoted: "admitted",
    WithdrawalNoted: "withdrawn",
    VendorDeclined: "declined",
    AskingRetracted: "retracted",
}
WITHDRAWN = "The admission was taken back."


def admissions(parts: Parts, event_id: str) -> Admissions:
    """Who takes part in an event."""
    found = parts.desk.state(f"admission/{event_id}")
    assert isinstance(found, Admissions)
    return found


def standing(parts: Parts, event_id: str, identity: Identity | None) -> str:
    """How somebody's company stands in an event; `none` for whoever is no vendor."""
    if identity is None or identity.kind != "vendor":
        return "none"
    return part(admissions(parts, event_id), identity.organisation_id).status


class TakingPartList:
    """How each vendor stands in each event."""

    name, version, kinds = "taking_part", 1, frozenset({"admission"})
    tables: Sequence[type[Base]] = (TakingPart,)

    async def heard(self, session: AsyncSession, entry: Entry, event: Event) -> None:
        """Write a vendor's newest standing."""
        event_id, vendor = entry.stream.partition("/")[2], getattr(event, "vendor", "")
        status, reason = STATUS[type(event)], getattr(event, "reason", "")
        kept = await session.get(TakingPart, (event_id, vendor))
        admitted = status == "admitted" or (status != "withdrawn" and kept is not None and kept.admitted)
        if admitted and status in ("declined", "retracted"):
            status = "admitted"  # It asked for more lots than it is admitted to; it still is.
        await session.merge(
            TakingPart(
                event_id=event_id,
                vendor_id=vendor,
                status=status,
                admitted=admitted,
                at=event.at,
                reason=reason,
            )
        )


class FiledSchedules:
    """Every vendor's line schedule as filed last."""

    name, version, kinds = "filed_schedules", 1, frozenset({"room"})
    tables: Sequence[type[Base]] = (FiledSchedule,)

    async def heard(self, session: AsyncSession, entry: Entry, event: Event) -> None:
        """Write what was filed, and what no longer counts."""
        event_id = entry.stream.partition("/")[2]
        if isinstance(event, ScheduleFiled):
            await self._filed(session, event_id, event)
        elif isinstance(event, ScheduleLapsed):
            kept = await session.get(FiledSchedule, (event_id, event.vendor, event.lot))
            if kept is not None:
                kept.lapsed = event.reason
        elif isinstance(event, VendorWithdrawn):
            await self._withdrawn(session, event_id, event.vendor)

    async def _filed(self, session: AsyncSession, event_id: str, event: ScheduleFiled) -> None:
        kept = await session.get(FiledSchedule, (event_id, event.vendor, event.lot))
        await session.merge(
            FiledSchedule(
                event_id=event_id,
                vendor_id=event.vendor,
                lot_id=event.lot,
                filed_at=event.at,
                signer=event.signer,
                total=event.total,
                fingerprint=fingerprint(event.lines),
                times=kept.times + 1 if kept is not None else 1,
                lapsed=None,
            )
        )

    async def _withdrawn(self, session: AsyncSession, event_id: str, vendor: str) -> None:
        wanted = select(FiledSchedule).where(
            FiledSchedule.event_id == event_id, FiledSchedule.vendor_id == vendor
        )
        for kept in (await session.execute(wanted)).scalars():
            kept.lapsed = WITHDRAWN
