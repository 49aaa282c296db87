"""The draft as a whole: what is still missing, how it will read, and its way from proposal through approval to publication."""

from __future__ import annotations

from typing import Any

from litestar import Response, post
from litestar.params import FromPath

from auction.kernel import Command
from auction.refusals import Refusal
from auction.tender.sealed_bids import has_box
from auction.tender.tender import (
    ApproveTender,
    CancelTender,
    ProposeTender,
    PublishTender,
    ReturnTender,
)
from auction.terms.faults import Fault
from server.guards import may
from server.jurisdictions import ground
from server.login import Identity
from server.pages.answering import Req, ask, page, plain, see_other
from server.pages.promises import promises
from server.pages.public import people
from server.pages.showing import Shown, event_of, find, find_ours, lot_in_short, viewer
from server.pages.solicitation import checking, committee, papers
from server.pages.solicitation.editing import Working
from server.parts import Parts, parts_of, signed_in

LONGEST = 1000


async def show(request: Req, shown: Shown) -> Response[str]:
    """Show what is not published yet."""
    parts, who = parts_of(request), signed_in(request)
    assert who is not None
    tender, document, names = shown.tender, shown.document, await people(parts)
    working = Working(shown, document, tender.hash, "draft")
    open_ = tender.status in ("draft", "proposed", "approved")
    found = await checking.by_section(parts, working) if open_ else {}
    editors = {tender.edited_by, tender.proposed.by if tender.proposed is not None else ""}
    return page(
        request,
        "solicitation/review.html",
        nav="console",
        event=event_of(shown, viewer(who.identity, None, document.owner)) | {"status": tender.status},
        lots=[lot_in_short(lot) for lot in document.lots],
        unmapped=document.unmapped,
        sections=[(name, title, found.get(name, [])) for name, title in checking.names(document).items()],
        missing=sum(len(each) for each in found.values()),
        hash=tender.hash,
        edited={"by": names.get(tender.edited_by, "an import"), "at": tender.edited_at},
        proposed=_signed(tender.proposed, names),
        approved=_signed(tender.approved, names),
        returned=_signed(tender.returned, names),
        may_edit=may(who.identity, "run events"),
        **committee.context(parts, shown),
        may_approve=may(who.identity, "approve") and who.identity.person_id not in editors,
        done=parts.notes.read(who.session, request.query_params.get("note", "")),
        **promises(parts, document),
    )


def _signed(fact: Any, names: dict[str, str]) -> dict[str, Any] | None:
    if fact is None:
        return None
    return {
        "by": names.get(fact.by, "somebody"),
        "at": fact.at,
        "reason": getattr(fact, "reason", ""),
        "hash": getattr(fact, "hash", ""),
    }


@post("/events/{event_id:str}/publication/{action:str}", opt={"may": "run events"}, status_code=200)
async def lead_acts(request: Req, event_id: FromPath[str], action: FromPath[str]) -> Response[str]:
    """Propose, send to the officers, publish or give up a draft."""
    parts, shown, identity, form = await _asked(request, event_id)
    by, document = identity.person_id, shown.document
    law = ground(parts.jurisdictions, document, parts.now())
    if action == "propose":
        wrong = await _faults(parts, shown)
        if wrong:
            told = f"{checking.said(wrong[0].path, shown.document.kind)} {wrong[0].message}"
            return _note(request, shown, f"Not proposed. {told}.", False)
        command: Command = ProposeTender(by=by, hash=str(form.get("hash", "")), ground=law)
        return await _tell(request, shown, command, "Proposed. A second person approves it now.")
    if action == "publish":
        accepted = committee.accepted(parts, shown)
        command = PublishTender(by=by, seed=parts.random(32).hex(), ground=law, accepted=accepted)
        return await _publish(request, shown, command)
    if action == "send":
        return _note(request, shown, *await committee.send(parts, shown, by))
    if action == "discard":
        command = CancelTender(by=by, reason=str(form.get("reason", ""))[:LONGEST])
        answer = await ask(parts, f"tender/{event_id}", command)
        if isinstance(answer, Refusal):
            return _note(request, shown, answer.message, False)
        await parts.read_models.refresh(event_id)
        return see_other("/")
    raise plain(404, "There is no such action on this event.")


@post("/events/{event_id:str}/approval/{action:str}", opt={"may": "approve"}, status_code=200)
async def second_acts(request: Req, event_id: FromPath[str], action: FromPath[str]) -> Response[str]:
    """Approve what was proposed, or send it back."""
    _, shown, identity, form = await _asked(request, event_id)
    by = identity.person_id
    if action == "approve":
        command: Command = ApproveTender(by=by, hash=str(form.get("hash", "")))
        return await _tell(request, shown, command, "Approved. A lead publishes it now.")
    if action == "return":
        command = ReturnTender(by=by, reason=str(form.get("reason", ""))[:LONGEST])
        return await _tell(request, shown, command, "Sent back, with your reason.")
    raise plain(404, "There is no such action on this event.")


async def _asked(request: Req, event_id: str) -> tuple[Parts, Shown, Identity, Any]:
    parts, who, form = parts_of(request), signed_in(request), await request.form()
    assert who is not None
    return parts, find_ours(parts, event_id, who.identity), who.identity, form


async def _faults(parts: Parts, shown: Shown) -> list[Fault]:
    return await checking.all_faults(parts, Working(shown, shown.document, shown.tender.hash, "draft"))


async def _tell(request: Req, shown: Shown, command: Command, done: str) -> Response[str]:
    parts = parts_of(request)
    answer = await ask(parts, f"tender/{shown.id}", command)
    if isinstance(answer, Refusal):
        return _note(request, shown, f"Not done. {answer.message}", False)
    await parts.errands.settled()
    await parts.projections.settled()
    await parts.read_models.refresh(shown.id)
    return _note(request, shown, done, True)


async def _publish(request: Req, shown: Shown, command: PublishTender) -> Response[str]:
    parts = parts_of(request)
    wrong = await _faults(parts, shown)
    if wrong and shown.tender.status == "approved":
        told = f"{checking.said(wrong[0].path, shown.document.kind)} {wrong[0].message}"
        return _note(request, shown, f"Not published. {told}.", False)
    sealed = has_box(shown.document)
    rest = "vendors can seal their bids." if sealed else "the room is ready."
    answer = await _tell(request, shown, command, f"Published. Everyone can read it now; {rest}")
    now = find(parts, shown.id)
    if now.tender.status == "published":
        await papers.open_to_all(parts, shown.id, now.document)
    return answer


def _note(request: Req, shown: Shown, text: str, ok: bool) -> Response[str]:
    who = signed_in(request)
    assert who is not None
    note = parts_of(request).notes.leave(who.session, {"ok": ok, "text": text})
    return see_other(f"/events/{shown.id}/console?note={note}")


ROUTES = [lead_acts, second_acts]
