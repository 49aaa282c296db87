"""A lead decides: invites a vendor, admits it to lots on its terms, declines or withdraws it, each with the reason."""

from __future__ import annotations

from typing import Any

from litestar import Response, post
from litestar.params import FromPath

from auction.kernel import Command
from auction.live.admitting import frozen
from auction.live.room import AdmitVendor, Entrant, LotCeiling, Room, WithdrawVendor
from auction.refusals import Refusal
from auction.terms.entries import plain_number
from bidders.qualification import Decline, Invite
from server.companies import open_files, organisation
from server.pages.admission.looking import find_published, show_vendor
from server.pages.answering import Req, ask, plain, see_other
from server.pages.showing import Shown
from server.parts import Parts, parts_of, signed_in

ACTIONS = ("invite", "admit", "decline", "withdraw")


@post(
    "/events/{event_id:str}/admissions/{vendor_id:str}/{action:str}",
    opt={"may": "run events"},
    status_code=200,
)
async def decide(
    request: Req, event_id: FromPath[str], vendor_id: FromPath[str], action: FromPath[str]
) -> Response[str]:
    """Carry out a lead's decision and come back, or say what is wrong with it."""
    parts, who, form = parts_of(request), signed_in(request), await request.form()
    assert who is not None
    shown, room = find_published(parts, event_id, who.identity)
    found = await organisation(parts, vendor_id)
    if found is None or action not in ACTIONS:
        raise plain(404, "There is no such vendor or action.")
    by, reason = who.identity.person_id, str(form.get("reason", "")).strip()[:2000]
    if action == "invite":
        order: Command = Invite(by=by, vendor=vendor_id, frozen=frozen(room), note=reason)
        return await _carry_out(request, shown, vendor_id, order, f"{found.name} is invited.", form)
    if not reason:
        return await show_vendor(
            request, shown, vendor_id, form=form, error="Give the reason in words; the vendor is told."
        )
    if action == "decline":
        order = Decline(by=by, vendor=vendor_id, reason=reason)
        return await _carry_out(request, shown, vendor_id, order, f"{found.name} is declined.", form)
    if action == "withdraw":
        order = WithdrawVendor(by=by, vendor=vendor_id, reason=reason)
        return await _carry_out(request, shown, vendor_id, order, f"{found.name} no longer takes part.", form)
    entrant = _entrant(shown, room, vendor_id, found.name, form)
    if isinstance(entrant, str):
        return await show_vendor(request, shown, vendor_id, form=form, error=entrant)
    order = AdmitVendor(by=by, vendor=entrant, reason=reason)
    return await _carry_out(request, shown, vendor_id, order, f"{found.name} is admitted.", form)


def _entrant(shown: Shown, room: Room, vendor: str, name: str, form: Any) -> Entrant | str:
    """The vendor on the terms of the form, or what is missing."""
    chosen = [str(each) for each in form.getall("lots", [])]
    lots = tuple(lot.id for lot in shown.document.lots if lot.id in chosen)
    if not lots:
        return "Choose at least one lot."
    before = room.vendors.get(vendor)
    ceilings = tuple(
        LotCeiling(lot, typed)
        for lot in lots
        if (typed := plain_number(str(form.get(f"ceiling-{lot}", ""))[:40]))
    )
    factors = tuple(each for each in before.factors if each.lot in lots) if before is not None else ()
    return Entrant(
        id=vendor,
        m=plain_number(str(form.get("m", "1"))[:40]) or "1",
        a=str(form.get("a", "0"))[:40].strip().replace(",", "") or "0",
        ceilings=ceilings,
        lots=lots,
        factors=factors,
        name=name,
    )


async def _carry_out(
    request: Req, shown: Shown, vendor: str, order: Command, told: str, form: Any
) -> Response[str]:
    parts: Parts = parts_of(request)
    room_s = isinstance(order, AdmitVendor | WithdrawVendor)
    answer = await ask(parts, f"{'room' if room_s else 'admission'}/{shown.id}", order)
    await parts.errands.settled()
    await parts.projections.settled()
    if isinstance(answer, Refusal):
        return await show_vendor(request, shown, vendor, form=form, error=answer.message)
    if isinstance(order, AdmitVendor):
        await open_files(parts, vendor, [shown.document.owner])
    who = signed_in(request)
    assert who is not None
    note = parts.notes.leave(who.session, {"ok": True, "text": told})
    return see_other(f"/events/{shown.id}/admissions?note={note}")


ROUTES = [decide]
