"""The section of sealed bids: which envelopes, which officers hold the keys, and what becomes of late bids."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath

from auction.tender import sealed_bids
from auction.tender.solicitation import Officer, Sealing, Solicitation
from auction.terms.faults import Fault
from server.pages.answering import Req, page, plain, see_other
from server.pages.public import people
from server.pages.solicitation.editing import Working, piece, save, working
from server.pages.solicitation.editor import after, clash, frame
from server.pages.solicitation.fields import Fields
from server.parts import Parts
from server.sealed import seats

ENVELOPES = {
    "price": "One envelope with the prices",
    "technical": "Two: first the technical part, then the prices",
}
LATE = {"drop": "Dropped; only the refusal is recorded", "hold": "Kept sealed, and never opened"}
MATERIAL = {
    "acknowledge": "A bid counts only if its vendor confirms it after the last addendum",
    "keep": "A bid that was sealed before an addendum counts as it is",
}
ROWS = 5
"""How many officers there is room for at least; a full form has a row more the next time."""


def values(document: Solicitation) -> dict[str, str]:
    """What stands in the fields."""
    sealing = document.sealing
    said = {
        "envelopes": "technical" if "technical" in sealing.envelopes else "price",
        "quorum": str(sealing.quorum),
        "late": sealing.late,
        "material": sealing.material,
    }
    return said | {f"officer_{row}": each.person for row, each in enumerate(sealing.officers, 1)}


def read(document: Solicitation, fields: Fields, known: dict[str, Officer]) -> Solicitation:
    """The document with what the form said; `known` are the people who may hold a key. An addendum changes none of it."""
    held = {each.person: each for each in document.sealing.officers}
    officers = _officers(fields, held | known)
    seeds = sealed_bids.seeds(document)
    two = not seeds and fields.choice("envelopes", ENVELOPES) == "technical"
    sealing = Sealing(
        envelopes=("technical", "price") if two else ("price",),
        opens=document.sealing.opens,
        due=document.sealing.due,
        quorum=fields.number("quorum", 2, sealed_bids.MOST_OFFICERS - 1),
        officers=tuple(officers),
        late="hold" if fields.choice("late", LATE) == "hold" else "drop",
        material="keep" if fields.choice("material", MATERIAL) == "keep" else "acknowledge",
    )
    if officers and sealing.quorum >= len(officers):
        fields.fault("quorum", "must be fewer than there are officers, so that one may be away")
    return msgspec.structs.replace(document, sealing=sealing)


def _officers(fields: Fields, known: dict[str, Officer]) -> list[Officer]:
    chosen: list[Officer] = []
    for row in range(1, sealed_bids.MOST_OFFICERS + 1):
        person = fields.raw(f"officer_{row}")
        if person and person not in known:
            fields.fault(f"officer_{row}", "choose one of the list")
        elif person and known[person] in chosen:
            fields.fault(f"officer_{row}", f"{known[person].name} is named twice; one person holds one key")
        elif person:
            chosen.append(known[person])
    return chosen


@get("/events/{event_id:str}/draft/sealing", opt={"may": "run events"})
async def sealing_page(request: Req, event_id: FromPath[str]) -> Response[str]:
    """Show the section's form."""
    parts, now, _ = working(request, event_id)
    return await _form(request, parts, now, values(now.document))


@post("/events/{event_id:str}/draft/sealing", opt={"may": "run events"}, status_code=200)
async def sealing_saved(request: Req, event_id: FromPath[str]) -> Response[str]:
    """Save the section, or show what is wrong; an older form overwrites nothing."""
    parts, now, identity = working(request, event_id)
    _fits(now)
    form = await request.form()
    known = await seats.known(parts, now.document.owner or identity.organisation_id)
    fields = Fields(form, now.document.zone)
    mine = read(now.document, fields, known)
    said = {name: str(value) for name, value in form.items() if isinstance(value, str)}
    if fields.faults:
        return await _form(request, parts, now, said, fields.faults)
    if str(form.get("base", "")) != piece(now.document, ("sealing",)) and mine != now.document:
        return await _form(request, parts, now, said, mine=mine)
    refused = await save(
        parts, event_id, identity, lambda document: read(document, Fields(form, document.zone), known)
    )
    if refused is not None:
        return await _form(request, parts, now, said, [Fault("", refused.message)])
    return see_other(after(parts, request, event_id, now.document, "sealing", str(form.get("do", ""))))


def _fits(now: Working) -> None:
    if not sealed_bids.has_box(now.document):
        raise plain(
            404,
            "This event is a live auction; it takes no sealed bids. Its rules may ask for sealed opening bids.",
        )


async def _form(
    request: Req,
    parts: Parts,
    now: Working,
    said: dict[str, str],
    faults: list[Fault] | None = None,
    mine: Solicitation | None = None,
) -> Response[str]:
    _fits(now)
    document = now.document
    known = await seats.known(parts, document.owner)
    rows = max(ROWS, len(document.sealing.officers) + 1)
    return page(
        request,
        "solicitation/sealing.html",
        code=409 if mine is not None else 422 if faults else 200,
        **await frame(request, parts, now, "sealing"),
        v=said,
        base=piece(document, ("sealing",)),
        wrong=faults or [],
        at={fault.path: fault.message for fault in faults or []},
        clash=None if mine is None else clash(now, mine, await people(parts)),
        rows=range(1, min(rows, sealed_bids.MOST_OFFICERS) + 1),
        seeds=sealed_bids.seeds(document),
        one_house=bool(document.sealing.officers) and sealed_bids.one_house(document.sealing),
        people=_choices(document, known),
        **_words(),
    )


def _words() -> dict[str, Any]:
    return {"envelopes": ENVELOPES, "late": LATE, "material": MATERIAL}


def _choices(document: Solicitation, known: dict[str, Officer]) -> dict[str, str]:
    """Who may be chosen, with those who are named already."""
    named = {each.person: each for each in document.sealing.officers} | known
    return {each.person: f"{each.name}, {each.org}" for each in named.values()}


ROUTES = [sealing_page, sealing_saved]
