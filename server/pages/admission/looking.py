"""A lead looks at who asked, who takes part and who was invited; and at one vendor's record."""

from __future__ import annotations

from datetime import date
from typing import Any

from litestar import Response, get
from litestar.params import FromPath, FromQuery
from sqlalchemy import select

from auction.live.admitting import frozen
from auction.live.board import Viewer
from auction.live.room import Room
from auction.tender.solicitation import Solicitation
from bidders import certificates
from bidders.company import CATEGORIES, TAX_CLASSES
from bidders.qualification import Part, part
from bidders.registry import Company, checklist
from server.companies import company, contacts, organisation, tax
from server.guards import may
from server.pages.answering import Req, page, plain
from server.pages.showing import Shown, event_of, find_ours, not_for_sealed
from server.parts import Parts, parts_of, signed_in
from server.presenting import zone_of
from server.tables import FiledSchedule, Organisation
from server.taking_part import admissions

MOST = 20
ORDER = ("applied", "admitted", "invited", "declined", "withdrawn", "retracted")


def find_published(parts: Parts, event_id: str, identity: Any) -> tuple[Shown, Room]:
    """Find one of our own events, if it is published."""
    shown = find_ours(parts, event_id, identity)
    not_for_sealed(shown)
    if shown.room is None:
        raise plain(404, "There is no such event, or it was never published.")
    return shown, shown.room


@get("/events/{event_id:str}/admissions", opt={"may": "watch events"})
async def admissions_page(
    request: Req, event_id: FromPath[str], q: FromQuery[str] = "", note: FromQuery[str] = ""
) -> Response[str]:
    """Show every vendor that has a part in the event, and a search for others."""
    parts, who = parts_of(request), signed_in(request)
    assert who is not None
    await parts.desk.at_rest()
    shown, room = find_published(parts, event_id, who.identity)
    held = admissions(parts, event_id).vendors
    names = await _names(parts, set(held) | set(room.vendors))
    filed = await _filed(parts, event_id)
    assert room.rules is not None
    rows = [_row(shown, room, vendor, part_, names, filed) for vendor, part_ in held.items()]
    rows.sort(key=lambda row: (ORDER.index(row["status"]), row["name"]))
    return page(
        request,
        "admission/admissions.html",
        nav="console",
        event=event_of(shown, Viewer("buyer")),
        rows=rows,
        lots=len(shown.document.lots),
        admitted=len(room.vendors),
        least=room.rules.min_vendors,
        frozen=frozen(room),
        runs=may(who.identity, "run events"),
        search=q.strip()[:80],
        matches=await _matches(parts, q.strip()[:80], set(room.vendors) | _asking(held)) if q.strip() else [],
        note=parts.notes.read(who.session, note),
    )


def _asking(held: dict[str, Part]) -> set[str]:
    return {vendor for vendor, each in held.items() if each.status in ("applied", "invited")}


async def _names(parts: Parts, vendors: set[str]) -> dict[str, str]:
    async with parts.database.session() as session:
        rows = await session.execute(
            select(Organisation.id, Organisation.name).where(Organisation.id.in_(vendors))
        )
        return {row[0]: row[1] for row in rows}


async def _filed(parts: Parts, event_id: str) -> set[tuple[str, str]]:
    wanted = select(FiledSchedule.vendor_id, FiledSchedule.lot_id).where(
        FiledSchedule.event_id == event_id, FiledSchedule.lapsed.is_(None)
    )
    async with parts.database.session() as session:
        return {(row[0], row[1]) for row in await session.execute(wanted)}


def _row(
    shown: Shown, room: Room, vendor: str, held: Part, names: dict[str, str], filed: set[tuple[str, str]]
) -> dict[str, Any]:
    """A vendor's part; how many schedules it filed is told, what is in them is not."""
    titles = {lot.id: number for number, lot in enumerate(shown.document.lots, start=1)}
    mine = [lot for lot in titles if (vendor, lot) in room.factors]
    return {
        "id": vendor,
        "name": names.get(vendor, vendor),
        "status": held.status,
        "at": held.at,
        "reason": held.reason,
        "asked": [titles[lot] for lot in held.asked.lots if lot in titles] if held.asked is not None else [],
        "admitted": [titles[lot] for lot in mine],
        "filed": sum((vendor, lot) in filed for lot in mine),
        "lined": sum(bool(room.lots[lot].plan.lines) for lot in mine),
        "behind": vendor in room.vendors and room.behind(vendor),
        "suspended": vendor in room.suspended,
    }


async def _matches(parts: Parts, search: str, taken: set[str]) -> list[dict[str, Any]]:
    """Registered vendors by name or by what they sell."""
    async with parts.database.session() as session:
        wanted = select(Organisation.id, Organisation.name).where(Organisation.kind == "vendor")
        rows = [(row[0], row[1]) for row in await session.execute(wanted.order_by(Organisation.name))]
    words, found = search.casefold().split(), list[dict[str, Any]]()
    for vendor, name in rows:
        facts = company(parts, vendor).facts
        sells = [CATEGORIES[each] for each in facts.categories] if facts is not None else []
        text = f"{name} {' '.join(sells)}".casefold()
        if vendor not in taken and all(word in text for word in words):
            found.append({"id": vendor, "name": name, "sells": sells})
    return found[:MOST]


# --- one vendor ------------------------------------------------------------------------------------------------------------


@get("/events/{event_id:str}/admissions/{vendor_id:str}", opt={"may": "watch events"})
async def vendor_page(
    request: Req, event_id: FromPath[str], vendor_id: FromPath[str], note: FromQuery[str] = ""
) -> Response[str]:
    """Show one vendor's record as far as this event opens it, and the form that admits it."""
    parts, who = parts_of(request), signed_in(request)
    assert who is not None
    await parts.desk.at_rest()
    shown, _ = find_published(parts, event_id, who.identity)
    return await show_vendor(request, shown, vendor_id, note=parts.notes.read(who.session, note))


async def show_vendor(
    request: Req,
    shown: Shown,
    vendor_id: str,
    *,
    note: dict[str, Any] | None = None,
    form: Any = None,
    error: str = "",
) -> Response[str]:
    """Show a vendor; who it is and how it qualifies only where it asked or takes part."""
    parts, who, room = parts_of(request), signed_in(request), shown.room
    found = await organisation(parts, vendor_id)
    if found is None or room is None or room.rules is None or who is None:
        raise plain(404, "There is no such vendor.")
    held, record = part(admissions(parts, shown.id), vendor_id), company(parts, vendor_id)
    opens_up = held.asked is not None or vendor_id in room.vendors or held.status in ("declined", "withdrawn")
    today = date.fromordinal(parts.now().astimezone(zone_of(shown.document.zone)).toordinal())
    return page(
        request,
        "admission/vendor.html",
        code=422 if error else 200,
        nav="console",
        event=event_of(shown, Viewer("buyer")),
        vendor={"id": vendor_id, "name": found.name},
        status=held.status,
        held=held,
        record=record_of(record, today) if opens_up else None,
        sells=[CATEGORIES[each] for each in record.facts.categories] if record.facts is not None else [],
        contacts=await contacts(parts, vendor_id) if opens_up else [],
        tax=await tax(parts, vendor_id) if opens_up else None,
        lots=_terms(shown.document, room, vendor_id, held, form),
        general=_general(room, vendor_id, form),
        adjusted=room.rules.rank_by == "adjusted",
        admitted=vendor_id in room.vendors,
        frozen=frozen(room),
        runs=may(who.identity, "run events"),
        form=form or {},
        error=error,
        note=note,
    )


def record_of(record: Company, today: date) -> dict[str, Any]:
    """A company's record as pages show it."""
    held = sorted(record.certificates.values(), key=lambda each: (each.expires or "9999", each.id))
    facts = record.facts
    return {
        "facts": facts,
        "tax_class": TAX_CLASSES.get(facts.tax_class, "") if facts is not None else "",
        "certificates": [
            {"it": each, "title": certificates.CERTIFICATES.get(each.kind, each.kind),
             "standing": certificates.standing(each, today), "expires": certificates.day(each.expires)}
            for each in held
        ],
        "checklist": checklist(record, today),
    }  # fmt: skip


def _general(room: Room, vendor: str, form: Any) -> dict[str, str]:
    entrant = room.vendors.get(vendor)
    if form is not None:
        return {"m": str(form.get("m", "1")), "a": str(form.get("a", "0"))}
    return {"m": entrant.m, "a": entrant.a} if entrant is not None else {"m": "1", "a": "0"}


def _terms(document: Solicitation, room: Room, vendor: str, held: Part, form: Any) -> list[dict[str, Any]]:
    """Each lot with whether the vendor would be admitted to it, and its own ceiling there."""
    entrant = room.vendors.get(vendor)
    own = {each.lot: each.ceiling for each in entrant.ceilings} if entrant is not None else {}
    asked = held.asked.lots if held.asked is not None else ()
    chosen = form.getall("lots", []) if form is not None else None
    rows = []
    for number, lot in enumerate(document.lots, start=1):
        admitted = (vendor, lot.id) in room.factors
        wanted = admitted or lot.id in asked or (entrant is None and not asked)
        rows.append(
            {
                "id": lot.id,
                "number": number,
                "title": lot.title,
                "ceiling": lot.ceiling,
                "asked": lot.id in asked,
                "admitted": admitted,
                "ticked": lot.id in chosen if chosen is not None else wanted,
                "own": str(form.get(f"ceiling-{lot.id}", "")) if form is not None else own.get(lot.id, ""),
                "cancelled": room.lots[lot.id].status == "cancelled",
                "filed": vendor in room.lots[lot.id].schedules,
            }
        )
    return rows


ROUTES = [admissions_page, vendor_page]
