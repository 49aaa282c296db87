"""Addenda: the public list with what each changed, writing and issuing one by two people, and a vendor's acknowledgement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from auction.kernel import Command
from auction.live.amendments import AcknowledgeAddendum, ConfirmSchedule
from auction.refusals import Refusal
from auction.tender.addenda import addendum_faults
from auction.tender.difference import Change, difference
from auction.tender.solicitation import Solicitation
from auction.tender.tender import (
    ApproveAddendum,
    DropAddendum,
    ProposeAddendum,
    ReturnAddendum,
    Tender,
)
from server.guards import may
from server.jurisdictions import ground
from server.pages.answering import Req, ask, page, plain, see_other
from server.pages.public import people
from server.pages.showing import Shown, event_of, find_ours, find_public, is_admitted, is_ours, viewer
from server.pages.solicitation import checking, committee, papers
from server.pages.solicitation.editing import Working
from server.pages.solicitation.review import LONGEST
from server.pages.solicitation.telling import Told, told
from server.parts import Parts, parts_of, signed_in

HIDDEN = ("vendors", "plan", "source", "unmapped", "owner")
"""Parts of a document that are not the public's."""


@get("/events/{event_id:str}/addenda", opt={"may": "look"})
async def list_page(request: Req, event_id: FromPath[str]) -> Response[str]:
    """Show every addendum with its difference; an admitted vendor acknowledges the latest here."""
    parts, who = parts_of(request), signed_in(request)
    identity = who.identity if who is not None else None
    await parts.desk.at_rest()
    shown = find_public(parts, event_id)
    ours, room = is_ours(identity, shown.document.owner), shown.room
    admitted = is_admitted(identity, room)
    vendor = identity.organisation_id if identity is not None and admitted else ""
    return page(
        request,
        "addenda/list.html",
        nav="events",
        event=event_of(shown, viewer(identity, room, shown.document.owner)),
        addenda=list(reversed(_issued(shown.tender))),
        ours=ours,
        may_write=ours and may(identity, "run events") and shown.tender.status == "published",
        writing=shown.tender.amending is not None and ours,
        admitted=admitted,
        behind=room.behind(vendor) if vendor and room is not None else False,
        may_sign=may(identity, "bid"),
        stale=[
            {"id": lot.id, "title": lot.title}
            for lot in shown.document.lots
            if vendor and room is not None and lot.id in room.lots and vendor in room.lots[lot.id].stale
        ],
        acknowledged=_counted(shown) if ours and room is not None else None,
        done=parts.notes.read(who.session, request.query_params.get("note", "")) if who is not None else None,
    )


def _counted(shown: Shown) -> dict[str, Any]:
    """Who has not acknowledged the latest addendum yet, for the consortium's own eyes."""
    room = shown.room
    assert room is not None
    names = {each.id: each.name for each in shown.document.vendors}
    waiting = [names.get(vendor, vendor) for vendor in room.vendors if room.behind(vendor)]
    return {"of": len(room.vendors), "waiting": waiting}


def _issued(tender: Tender) -> list[dict[str, Any]]:
    """Each addendum in words, against the document before it."""
    rows: list[dict[str, Any]] = []
    before = tender.original
    for each in tender.addenda:
        assert before is not None
        rows.append(
            {
                "number": each.number,
                "at": each.at,
                "reason": each.reason,
                "hash": each.hash,
                "changes": told(public(each.changes), before, each.document),
            }
        )
        before = each.document
    return rows


def public(changes: Iterable[Change]) -> list[Change]:
    """The changes that everybody may read."""
    return [change for change in changes if change.path[0] not in HIDDEN]


# --- writing one ---------------------------------------------------------------------------------------------------------------


@get("/events/{event_id:str}/addenda/draft", opt={"may": "watch events"})
async def draft_page(request: Req, event_id: FromPath[str]) -> Response[str]:
    """Show what the drafted addendum would change, and its way to being issued."""
    parts, who = parts_of(request), signed_in(request)
    assert who is not None
    shown, names = find_ours(parts, event_id, who.identity), await people(parts)
    tender = shown.tender
    if tender.status != "published":
        raise plain(404, "Addenda are written after publication and before bidding opens.")
    drafted = tender.amending
    document = drafted.document if drafted is not None else shown.document
    working = Working(shown, document, drafted.hash if drafted is not None else tender.hash, "addendum")
    proposal = drafted.proposal if drafted is not None else None
    editors = {drafted.by if drafted is not None else "", proposal.by if proposal is not None else ""}
    wrong = await checking.all_faults(parts, working) if drafted is not None else []
    return page(
        request,
        "addenda/draft.html",
        nav="console",
        event=event_of(shown, viewer(who.identity, shown.room, document.owner)),
        number=len(tender.addenda) + 1,
        changes=_changes(shown.document, document),
        faults=[(checking.said(fault.path, document.kind), fault.message) for fault in wrong],
        hash=working.hash,
        drafted={"by": names.get(drafted.by, "somebody"), "at": drafted.at} if drafted is not None else None,
        proposal=None
        if proposal is None
        else {"by": names.get(proposal.by, "somebody"), "at": proposal.at, "reason": proposal.reason},
        returned=None
        if tender.sent_back is None
        else {"by": names.get(tender.sent_back.by, "somebody"), "reason": tender.sent_back.reason},
        sections=checking.names(document),
        may_edit=may(who.identity, "run events"),
        unsigned=committee.unsigned(parts, shown),
        console_at=parts.settings.officers,
        may_approve=may(who.identity, "approve") and who.identity.person_id not in editors,
        done=parts.notes.read(who.session, request.query_params.get("note", "")),
    )


def _changes(before: Solicitation, after: Solicitation) -> list[Told]:
    return told(public(difference(before, after)), before, after)


@post("/events/{event_id:str}/addenda/{action:str}", opt={"may": "run events"}, status_code=200)
async def lead_acts(request: Req, event_id: FromPath[str], action: FromPath[str]) -> Response[str]:
    """Propose the drafted addendum, or throw it away."""
    parts, who, form = parts_of(request), signed_in(request), await request.form()
    assert who is not None
    shown = find_ours(parts, event_id, who.identity)
    by, drafted = who.identity.person_id, shown.tender.amending
    if action == "propose":
        document = drafted.document if drafted is not None else shown.document
        law = ground(parts.jurisdictions, document, parts.now())
        wrong = addendum_faults(shown.tender, document, parts.now(), law) if drafted is not None else []
        if wrong:
            told_ = f"{checking.said(wrong[0].path, document.kind)} {wrong[0].message}"
            return _note(request, f"/events/{event_id}/addenda/draft", f"Not proposed. {told_}.", False)
        reason = str(form.get("reason", ""))[:LONGEST]
        command: Command = ProposeAddendum(by=by, hash=str(form.get("hash", "")), reason=reason, ground=law)
        return await _tell(request, shown, command, "Proposed. A second person issues it now.", "/draft")
    if action == "drop":
        return await _tell(request, shown, DropAddendum(by=by), "The draft of the addendum is gone.", "")
    raise plain(404, "There is no such action on this event.")


@post("/events/{event_id:str}/addenda/approval/{action:str}", opt={"may": "approve"}, status_code=200)
async def second_acts(request: Req, event_id: FromPath[str], action: FromPath[str]) -> Response[str]:
    """Issue the addendum that was proposed, or send it back."""
    parts, who, form = parts_of(request), signed_in(request), await request.form()
    assert who is not None
    shown = find_ours(parts, event_id, who.identity)
    by, drafted = who.identity.person_id, shown.tender.amending
    if action == "return":
        command: Command = ReturnAddendum(by=by, reason=str(form.get("reason", ""))[:LONGEST])
        return await _tell(request, shown, command, "Sent back, with your reason.", "/draft")
    if action != "issue":
        raise plain(404, "There is no such action on this event.")
    if committee.unsigned(parts, shown):
        return _note(request, f"/events/{event_id}/addenda/draft", committee.UNSIGNED, False)
    law = ground(
        parts.jurisdictions, drafted.document if drafted is not None else shown.document, parts.now()
    )
    issue = ApproveAddendum(by=by, hash=str(form.get("hash", "")), ground=law)
    answer = await _tell(request, shown, issue, "Issued. Every admitted vendor acknowledges it now.", "")
    await papers.open_to_all(parts, event_id, find_ours(parts, event_id, who.identity).document)
    return answer


async def _tell(request: Req, shown: Shown, command: Command, done: str, then: str) -> Response[str]:
    parts, back = parts_of(request), f"/events/{shown.id}/addenda"
    answer = await ask(parts, f"tender/{shown.id}", command)
    if isinstance(answer, Refusal):
        return _note(request, f"{back}/draft", f"Not done. {answer.message}", False)
    await parts.errands.settled()
    await parts.projections.settled()
    return _note(request, f"{back}{then}", done, True)


def _note(request: Req, address: str, text: str, ok: bool) -> Response[str]:
    who = signed_in(request)
    assert who is not None
    note = parts_of(request).notes.leave(who.session, {"ok": ok, "text": text})
    return see_other(f"{address}?note={note}")


# --- a vendor acknowledges -------------------------------------------------------------------------------------------------


@post("/events/{event_id:str}/acknowledge", opt={"may": "bid"}, status_code=200)
async def acknowledged(request: Req, event_id: FromPath[str]) -> Response[str]:
    """Note that a vendor has read an addendum, and which of its filed line prices still hold."""
    parts, who, form = parts_of(request), signed_in(request), await request.form()
    shown = find_public(parts, event_id)
    if who is None or not is_admitted(who.identity, shown.room):
        raise plain(403, "Your company is not admitted to this event.")
    vendor, back = who.identity.organisation_id, f"/events/{event_id}/addenda"
    number = str(form.get("number", ""))
    command = AcknowledgeAddendum(
        by=vendor, number=int(number[:6]) if number.isdecimal() else -1, person=who.identity.person_id
    )
    answer = await ask(parts, f"room/{event_id}", command)
    if isinstance(answer, Refusal):
        return _note(request, back, answer.message, False)
    refused = [
        f"{lot}: {outcome.message}"
        for lot in (str(each)[:64] for each in form.getall("schedule", []))
        if isinstance(outcome := await _confirm(parts, event_id, lot, command), Refusal)
    ]
    if refused:
        told_ = "Acknowledged. These line prices must be filed anew: " + " ".join(refused)
        return _note(request, back, told_, False)
    return _note(request, back, "Acknowledged. Your bids and prices count again.", True)


async def _confirm(parts: Parts, event_id: str, lot: str, command: AcknowledgeAddendum) -> object:
    order = ConfirmSchedule(by=command.by, lot=lot, signer=command.person)
    return await ask(parts, f"room/{event_id}", order)


ROUTES = [list_page, draft_page, lead_acts, second_acts, acknowledged]
