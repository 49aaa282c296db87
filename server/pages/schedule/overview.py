"""All of a vendor's line schedules in one event: which are filed, which are begun, which are missing."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.params import FromPath
from sqlalchemy import select

from auction.live.board import Viewer
from auction.live.room import Lot
from server.guards import may
from server.pages.answering import Req, page
from server.pages.schedule.finding import STALE, admitted
from server.pages.showing import event_of
from server.parts import parts_of
from server.schedule_drafts import ScheduleDrafts
from server.tables import FiledSchedule


@get("/events/{event_id:str}/schedule", opt={"may": "prepare bids"})
async def overview(request: Req, event_id: FromPath[str]) -> Response[str]:
    """Show the lots that this vendor is admitted to, each with how its schedule stands."""
    parts = parts_of(request)
    await parts.desk.at_rest()
    shown, room, identity, _ = admitted(request, event_id)
    vendor = identity.organisation_id
    wanted = select(FiledSchedule).where(
        FiledSchedule.event_id == event_id, FiledSchedule.vendor_id == vendor
    )
    filed = await parts.database.read(
        lambda session: {row.lot_id: row for row in session.execute(wanted).scalars()}
    )
    ready = await ScheduleDrafts(parts.database).started(vendor, [event_id])
    lots = [
        _lot(
            room.lots[lot.id], vendor, number, lot.title, filed.get(lot.id), ready.get((event_id, lot.id), 0)
        )
        for number, lot in enumerate(shown.document.lots, start=1)
        if (vendor, lot.id) in room.factors
    ]
    return page(
        request,
        "schedule/overview.html",
        nav="schedule",
        event=event_of(shown, Viewer("vendor", vendor)),
        lots=lots,
        opening=room.opening,
        signs=may(identity, "bid"),
        started=room.started,
        now=parts.now(),
    )


def _lot(
    held: Lot, vendor: str, number: int, title: str, filed: FiledSchedule | None, ready: int
) -> dict[str, Any]:
    lapsed = filed.lapsed or (STALE if vendor in held.stale else None) if filed is not None else None
    counts = filed is not None and lapsed is None
    state = "filed" if counts else "lapsed" if filed is not None else "begun" if ready else "missing"
    if not held.plan.lines:
        state = "none"
    return {
        "id": held.plan.id,
        "number": number,
        "title": title,
        "lines": len(held.plan.lines),
        "ready": ready,
        "state": state,
        "filed_at": filed.filed_at if filed is not None else None,
        "total": filed.total if filed is not None else None,
        "lapsed": lapsed,
        "opens": held.opens,
        "open": held.status == "scheduled",
    }


ROUTES = [overview]
