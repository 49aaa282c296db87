"""A vendor asks to take part: it chooses lots, accepts the terms, and confirms that its prices are its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from auction.kernel import Command
from auction.live.admitting import frozen
from auction.live.board import Viewer
from auction.live.room import Room, WithdrawVendor
from auction.refusals import Refusal
from auction.tender.authority import statement
from auction.tender.solicitation import Solicitation
from bidders import terms
from bidders.qualification import AskToTakePart, Call, Part, Retract, part
from bidders.registry import checklist
from server.companies import company, open_files
from server.guards import may
from server.login import Identity
from server.pages.answering import Req, ask, page, plain, see_other
from server.pages.showing import Shown, event_of, find_public, is_admitted, lot_of, not_for_sealed
from server.parts import Parts, parts_of, signed_in
from server.presenting import zone_of
from server.taking_part import admissions


class Here(msgspec.Struct, frozen=True):
    """An event as a vendor may take part in it, and who asks."""

    parts: Parts
    shown: Shown
    room: Room
    identity: Identity
    session: bytes
    held: Part

    @property
    def vendor(self) -> str:
        """The vendor that asks."""
        return self.identity.organisation_id

    @property
    def call(self) -> Call:
        """What the event offers to vendors now."""
        return call_of(self.parts, self.shown, self.room)

    @property
    def address(self) -> str:
        """The page's address."""
        return f"/events/{self.shown.id}/take-part"


def sworn(parts: Parts, document: Solicitation) -> str:
    """The non-collusion statement that a vendor confirms: the one that the notice shows."""
    return statement(document, parts.jurisdictions.get(document.jurisdiction))


def call_of(parts: Parts, shown: Shown, room: Room) -> Call:
    """What an event offers to vendors now; a lot that was cancelled is not offered."""
    lots = tuple(lot.id for lot in shown.document.lots if room.lots[lot.id].status != "cancelled")
    return Call(lots, terms.fingerprint(shown.document, sworn(parts, shown.document)), frozen(room))


async def _here(request: Req, event_id: str) -> Here:
    parts, who = parts_of(request), signed_in(request)
    await parts.desk.at_rest()
    shown = find_public(parts, event_id)
    not_for_sealed(shown)
    assert who is not None
    assert shown.room is not None
    held = part(admissions(parts, event_id), who.identity.organisation_id)
    return Here(parts, shown, shown.room, who.identity, who.session, held)


@get("/events/{event_id:str}/take-part", opt={"may": "prepare bids"})
async def take_part(request: Req, event_id: FromPath[str], note: FromQuery[str] = "") -> Response[str]:
    """Show how the vendor stands in the event, and the form to ask."""
    here = await _here(request, event_id)
    return _show(request, here, note=here.parts.notes.read(here.session, note))


def _show(
    request: Req,
    here: Here,
    *,
    note: dict[str, Any] | None = None,
    form: Mapping[str, Any] | None = None,
    faults: Mapping[str, str] | None = None,
) -> Response[str]:
    document, admitted = here.shown.document, is_admitted(here.identity, here.room)
    mine = {lot for vendor, lot in here.room.factors if vendor == here.vendor}
    asked = here.held.asked.lots if here.held.asked is not None else tuple(mine)
    today = date.fromordinal(here.parts.now().astimezone(zone_of(document.zone)).toordinal())
    return page(
        request,
        "admission/take_part.html",
        code=422 if faults else 200,
        nav="events",
        event=event_of(here.shown, Viewer("vendor", here.vendor) if admitted else Viewer("public")),
        document=document,
        lots=[lot_of(lot) | {"admitted": lot.id in mine, "status": here.room.lots[lot.id].status} for lot in document.lots],
        status=here.held.status,
        since=here.held.at,
        reason=here.held.reason,
        invited=here.held.invited,
        asked=here.held.asked,
        admitted=admitted,
        behind=admitted and here.room.behind(here.vendor),
        suspended=here.vendor in here.room.suspended,
        frozen=here.call.frozen,
        terms=here.call.terms,
        non_collusion=sworn(here.parts, document),
        chosen=form.getall("lots", []) if form is not None and hasattr(form, "getall") else asked,
        form=form or {},
        faults=faults or {},
        missing=[item for item in checklist(company(here.parts, here.vendor), today) if not item.done],
        signs=may(here.identity, "bid"),
        owns=may(here.identity, "manage company"),
        note=note,
    )  # fmt: skip


@post("/events/{event_id:str}/take-part", opt={"may": "bid"}, status_code=200)
async def ask_to(request: Req, event_id: FromPath[str]) -> Response[str]:
    """Ask, take the question back, or leave; then show how the vendor stands."""
    here, form = await _here(request, event_id), await request.form()
    action = str(form.get("action", "ask"))
    if action == "ask":
        return await _ask(request, here, form)
    if action not in ("retract", "leave"):
        raise plain(404, "There is no such action on this event.")
    person = here.identity.person_id
    if action == "retract":
        told, stream = "Your question is taken back.", f"admission/{event_id}"
        order: Command = Retract(by=person, vendor=here.vendor)
    else:
        reason = str(form.get("reason", "")).strip()[:500] or "The vendor withdrew."
        told, stream = "Your company no longer takes part.", f"room/{event_id}"
        order = WithdrawVendor(by=person, vendor=here.vendor, reason=f"By the vendor: {reason}")
    return await _told(here, stream, order, told)


async def _ask(request: Req, here: Here, form: Any) -> Response[str]:
    chosen = tuple(str(each) for each in form.getall("lots", []))
    order = AskToTakePart(
        by=here.identity.person_id,
        vendor=here.vendor,
        lots=tuple(lot for lot in here.call.lots if lot in chosen),
        terms=str(form.get("terms", "")) if form.get("accept") == "yes" else "",
        non_collusion=form.get("independent") == "yes",
        call=here.call,
        note=str(form.get("words", ""))[:2000],
    )
    faults = _faults(order)
    if faults and not here.call.frozen:
        return _show(request, here, form=form, faults=faults)
    await open_files(here.parts, here.vendor, [here.shown.document.owner])
    told = "You asked to take part. The lead answers; you are told by e-mail and here."
    return await _told(here, f"admission/{here.shown.id}", order, told)


def _faults(order: AskToTakePart) -> dict[str, str]:
    """What is missing, by the form's fields."""
    wrong: dict[str, str] = {}
    if not order.lots:
        wrong["lots"] = "Choose at least one lot."
    if not order.terms:
        wrong["accept"] = "Tick that your company accepts the terms."
    elif order.terms != order.call.terms:
        wrong["accept"] = (
            "The notice changed while you read it. Read it again, then accept it as it now stands."
        )
    if not order.non_collusion:
        wrong["independent"] = "Confirm that your company makes its prices by itself."
    return wrong


async def _told(here: Here, stream: str, order: Command, told: str) -> Response[str]:
    answer = await ask(here.parts, stream, order)
    await here.parts.errands.settled()
    await here.parts.projections.settled()
    refused = isinstance(answer, Refusal)
    text = f"Not done. {answer.message}" if isinstance(answer, Refusal) else told
    note = here.parts.notes.leave(here.session, {"ok": not refused, "text": text})
    return see_other(f"{here.address}?note={note}")


ROUTES = [take_part, ask_to]
