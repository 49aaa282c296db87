"""Starting a solicitation: a new draft from a preset, or a copy of a past one without its times, vendors and papers."""

from __future__ import annotations

import msgspec
from litestar import Response, get, post
from litestar.params import FromQuery
from sqlalchemy import select

from auction.demand.profile import ConsortiumProfile
from auction.tender.solicitation import Contract, Solicitation
from auction.terms.faults import Fault, Faulty
from auction.terms.jurisdiction import CATEGORIES, KINDS, Profile
from server import drafting
from server.login import Identity
from server.pages.answering import Req, page, see_other
from server.pages.showing import find, is_ours
from server.pages.solicitation import rule_form
from server.pages.solicitation.fields import Fields
from server.parts import Parts, parts_of, signed_in
from server.people import register
from server.people.states import ZONES
from server.tables import EventRow

METHODS = {
    "reverse_auction": "Live reverse auction: vendors lower their prices against each other at a set time",
    "sealed_bid": "Sealed bid: prices stay closed until they are opened in public",
}
MOST_PAST = 100


@get("/solicitations/new", opt={"may": "run events"})
async def new_page(request: Req, copy: FromQuery[str] = "") -> Response[str]:
    """Ask what is bought and how."""
    return await _form(request, {"copy": copy})


async def _form(request: Req, said: dict[str, str], faults: list[Fault] | None = None) -> Response[str]:
    parts, who = parts_of(request), signed_in(request)
    assert who is not None
    home = await home_of(parts, who.identity.organisation_id) or ConsortiumProfile()
    return page(
        request,
        "solicitation/new.html",
        code=422 if faults else 200,
        nav="events",
        v={"jurisdiction": home.state, "zone": home.zone} | said,
        at={fault.path: fault.message for fault in faults or []},
        wrong=faults or [],
        past=await _past(parts, who.identity),
        methods=METHODS,
        categories=CATEGORIES,
        states=offered(parts),
        presets=rule_form.PRESETS,
        zones=ZONES,
    )


async def home_of(parts: Parts, consortium: str) -> ConsortiumProfile | None:
    """What a consortium says of itself, such as its state and its zone; None where it has not said anything yet."""
    body = await register.body_of(parts, consortium)
    return body.profile if isinstance(body.profile, ConsortiumProfile) else None


def offered(parts: Parts, present: str = "") -> list[Profile]:
    """The states whose law may be chosen; a made-up one only in a demonstration, or where it was chosen before."""
    known = [
        each
        for each in parts.jurisdictions.values()
        if not each.fictional or parts.known.demo or each.code == present
    ]
    return sorted(known, key=lambda each: (each.fictional, each.name))


async def _past(parts: Parts, identity: Identity) -> list[dict[str, str]]:
    wanted = select(EventRow.id, EventRow.number, EventRow.title, EventRow.owner)
    async with parts.database.session() as session:
        rows = (await session.execute(wanted)).all()
    ours = [row for row in rows if is_ours(identity, row.owner)]
    ours.sort(key=lambda row: int(row.id), reverse=True)
    return [{"id": row.id, "number": row.number, "title": row.title} for row in ours[:MOST_PAST]]


@post("/solicitations/new", opt={"may": "run events"}, status_code=200)
async def started(request: Req) -> Response[str]:
    """Keep the new draft and go on to its first section."""
    parts, who, form = parts_of(request), signed_in(request), await request.form()
    assert who is not None
    fields = Fields(form, ConsortiumProfile().zone)
    said = {name: value for name, value in form.items() if isinstance(value, str)}
    made = _made(parts, who.identity, fields)
    if fields.faults:
        return await _form(request, said, fields.faults)
    by, owner = who.identity.person_id, who.identity.organisation_id
    try:
        event_id = await drafting.keep(parts, made, by, owner, once=True)
    except Faulty as bad:
        return await _form(request, said, list(bad.faults))
    return see_other(f"/events/{event_id}/draft/basics")


def _made(parts: Parts, identity: Identity, fields: Fields) -> Solicitation:
    number = fields.text("number", 60, "give it the number under which it is filed")
    title = fields.text("title", 160, "say in a few words what is bought")
    kind = fields.choice("kind", KINDS)
    shared = {
        "number": number,
        "title": title,
        "kind": kind,
        "category": fields.choice("category", ("", *CATEGORIES)),
        "jurisdiction": fields.choice("jurisdiction", ("", *(each.code for each in offered(parts)))),
        "consortium": identity.organisation_name,
    }
    past = _copied(parts, identity, fields)
    if past is not None:
        return msgspec.structs.replace(past, **shared)
    preset = fields.choice("preset", rule_form.PRESETS)
    zone = fields.choice("zone", ZONES)
    return Solicitation(rules=rule_form.preset(preset), lots=(), zone=zone, **shared)  # type: ignore[arg-type]


def _copied(parts: Parts, identity: Identity, fields: Fields) -> Solicitation | None:
    """A past solicitation of one's own consortium as a beginning: its lots, rules and conditions, not what was of its day."""
    name = fields.raw("copy")
    if not name:
        return None
    shown = find(parts, name)
    if not is_ours(identity, shown.document.owner):
        fields.fault("copy", "choose one of the list")
        return None
    held = shown.document.contract
    lots = tuple(msgspec.structs.replace(lot, opens=None, closes=None) for lot in shown.document.lots)
    return msgspec.structs.replace(
        shown.document,
        opens=None,
        closes=None,
        questions_until=None,
        sealing=msgspec.structs.replace(shown.document.sealing, opens=None, due=None),
        lots=lots,
        vendors=(),
        documents=(),
        authority=(),
        contract=msgspec.structs.replace(held, number="", starts="", ends="") if held != Contract() else held,
        source=f"a copy of {shown.document.number}",
        unmapped=(),
    )


ROUTES = [new_page, started]
