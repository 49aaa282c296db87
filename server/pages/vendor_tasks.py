"""What there is to do about taking part: schedules to file, invitations, a record to complete; and who asks a lead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from sqlalchemy import select

from auction.live.room import Lot
from bidders import certificates
from bidders.registry import checklist
from server.companies import company
from server.guards import may
from server.login import Identity
from server.pages.showing import Shown, find, is_ours
from server.parts import Parts
from server.presenting import zone_of
from server.schedule_drafts import ScheduleDrafts
from server.tables import EventRow, TakingPart
from server.taking_part import admissions
from server.tasks import Task


async def vendor_tasks(parts: Parts, who: Identity) -> list[Task]:
    """Name what a vendor's person has to do: what it takes part in, what is filed and missing, and its own record."""
    if not may(who, "prepare bids"):
        return []
    wanted = (
        select(TakingPart)
        .join(EventRow, EventRow.id == TakingPart.event_id)
        .where(TakingPart.vendor_id == who.organisation_id, EventRow.status.in_(("published", "live")))
    )
    rows = await parts.database.read(lambda session: session.execute(wanted).scalars().all())
    ready = await ScheduleDrafts(parts.database).started(who.organisation_id, [row.event_id for row in rows])
    tasks = list(_record(parts, who)) if may(who, "manage company") else []
    for row in rows:
        shown = find(parts, row.event_id)
        tasks += _schedules(shown, who, ready) if row.admitted else _asking(shown, row.status, row.reason)
    return tasks


def _asking(shown: Shown, status: str, reason: str) -> Iterator[Task]:
    document = shown.document
    if shown.status != "published" or status not in ("invited", "declined"):
        return
    invited = status == "invited"
    yield Task(
        title=f"You are invited: {document.title}" if invited else f"Declined: {document.title}",
        words=f"{document.consortium} would like your prices." if invited else reason,
        href=f"/events/{shown.id}/take-part",
        action="Take part" if invited else "Put it right",
        due=document.opens,
        zone=document.zone,
        icon="person" if invited else "cross",
    )


def _schedules(shown: Shown, who: Identity, ready: dict[tuple[str, str], int]) -> Iterator[Task]:
    """One task for each lot whose schedule is not filed, or no longer counts, while it still can be."""
    room, signs = shown.room, may(who, "bid")
    if room is None or shown.seeding is not None:
        return
    for number, lot in enumerate(shown.document.lots, start=1):
        held = room.lots[lot.id]
        if not _missing(held, who.organisation_id, (who.organisation_id, lot.id) in room.factors):
            continue
        whole = ready.get((shown.id, lot.id), 0) == len(held.plan.lines)
        stale = who.organisation_id in held.stale
        if whole and not signs:
            continue
        words = "An addendum changed the event: read the prices again and file them." if stale else ""
        words = words or ("Every line is ready." if whole else f"{len(held.plan.lines):,} lines to price.")
        yield Task(
            title=f"{'Sign and file' if whole else 'Price'} lot {number}, {lot.title}",
            words=f"{shown.document.title}. {words}",
            href=f"/events/{shown.id}/schedule/{lot.id}{'/file' if whole else ''}",
            action="Sign and file" if whole else "Go on" if (shown.id, lot.id) in ready else "Fill in",
            due=held.opens,
            zone=shown.document.zone,
            icon="sheet",
        )


def _missing(held: Lot, vendor: str, admitted: bool) -> bool:
    waits = held.status == "scheduled" and bool(held.plan.lines)
    return waits and admitted and vendor not in held.schedules


def _record(parts: Parts, who: Identity) -> Iterator[Task]:
    """What a company's own record lacks, and what of it expires."""
    record, today = company(parts, who.organisation_id), date.fromordinal(parts.now().toordinal())
    lacks = [item.name[:1].lower() + item.name[1:] for item in checklist(record, today) if not item.done]
    soon = [each for each in record.certificates.values() if certificates.standing(each, today) == "soon"]
    for each in soon:
        ends = certificates.day(each.expires)
        if ends is not None:
            zone = zone_of("America/New_York")
            yield Task(
                title=f"Renew: {certificates.CERTIFICATES[each.kind]}",
                words="Consortia see it as expired from the day after.",
                href="/company#certificates",
                action="Show the new one",
                due=datetime.combine(ends, time(23, 59), zone),
                zone="America/New_York",
                icon="clock",
            )
    if lacks:
        yield Task(
            title="Complete your company’s record",
            words=f"Missing: {', '.join(lacks)}.",
            href="/company",
            action="Complete it",
            icon="person",
        )


async def admission_tasks(parts: Parts, who: Identity) -> list[Task]:
    """Name the vendors that wait for a lead's answer."""
    if not may(who, "run events"):
        return []
    wanted = select(EventRow.id).where(EventRow.owner == who.organisation_id, EventRow.status == "published")
    ids = await parts.database.read(lambda session: session.execute(wanted).scalars().all())
    return [task for event_id in ids for task in _waiting(parts, find(parts, event_id), who)]


def _waiting(parts: Parts, shown: Shown, who: Identity) -> Iterator[Task]:
    held = admissions(parts, shown.id).vendors.values()
    count = sum(each.status == "applied" for each in held)
    if not count or not is_ours(who, shown.document.owner):
        return
    yield Task(
        title=f"{count} {'vendor asks' if count == 1 else 'vendors ask'} to take part",
        words=f"{shown.document.title}: admit or decline, before it opens.",
        href=f"/events/{shown.id}/admissions",
        action="Decide",
        due=shown.document.opens,
        zone=shown.document.zone,
        icon="person",
    )
