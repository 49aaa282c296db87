"""The second pair of eyes: what is proposed for award, in figures and words, to be confirmed or sent back."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from auction.award.award import AwardProposed, AwardSentBack, LotAwarded
from auction.award.result import Result
from auction.kernel import Command
from auction.live.board import Viewer
from auction.money import exact
from auction.prices import book
from auction.tender.solicitation import Lot
from server.awarding import confirmation, sending_back
from server.guards import may
from server.login import Identity
from server.pages.answering import Req, ask, page, plain, see_other
from server.pages.ending import ended, knows_lot, lot_status, names_shown
from server.pages.public import people
from server.pages.showing import Shown, award_of, event_of, find_ours, lot_of, saving, told
from server.parts import Parts, parts_of, signed_in
from server.presenting import money

BUYER = Viewer("buyer")
ACTIONS = ("confirm", "send-back")


@get("/events/{event_id:str}/award", opt={"may": "watch events"})
async def awards(request: Req, event_id: FromPath[str], note: FromQuery[str] = "") -> Response[str]:
    """Show what waits for a second person, what was awarded, and what nobody proposed yet."""
    parts, who = parts_of(request), signed_in(request)
    assert who is not None
    await parts.desk.at_rest()
    shown = over_of(parts, event_id, who.identity)
    if shown.document.decision == "board":
        return see_other(f"/events/{event_id}/decision")
    return await _page(request, shown, who.identity, parts.notes.read(who.session, note))


@post("/events/{event_id:str}/award/{action:str}", opt={"may": "approve"}, status_code=200)
async def judge(request: Req, event_id: FromPath[str], action: FromPath[str]) -> Response[str]:
    """Confirm a proposal, or send it back with a reason."""
    parts, who, form = parts_of(request), signed_in(request), await request.form()
    assert who is not None
    shown = over_of(parts, event_id, who.identity)
    lot, place = str(form.get("lot", "")), str(form.get("proposal", ""))
    if action not in ACTIONS or not knows_lot(shown, lot):
        raise plain(404, "There is no such lot or action in this event.")
    command: Command
    number, by = (
        int(place) if place.isascii() and place.isdecimal() and len(place) < 9 else 0,
        who.identity.person_id,
    )
    if action == "confirm":
        command = confirmation(ended(shown, lot), number, by)
    else:
        command = sending_back(lot, number, str(form.get("reason", "")), by)
    answer = await ask(parts, f"award/{event_id}", command)
    done = _came_to(shown, answer)
    if not done["ok"]:
        return await _page(request, over_of(parts, event_id, who.identity), who.identity, done, 422)
    await parts.errands.settled()
    await parts.projections.settled()
    return see_other(f"/events/{event_id}/award?note={parts.notes.leave(who.session, done)}")


def over_of(parts: Parts, event_id: str, identity: Identity) -> Shown:
    """An event of one's own consortium that was published."""
    shown = find_ours(parts, event_id, identity)
    if not shown.published:
        raise plain(404, "This event was never published, so nothing can be awarded in it.")
    return shown


def _came_to(shown: Shown, answer: object) -> dict[str, Any]:
    if isinstance(answer, LotAwarded):
        amount = money(answer.amount, shown.document.currency)
        return {"ok": True, "text": f"Awarded to {name(shown, answer.vendor)} at {amount}."}
    if isinstance(answer, AwardSentBack):
        return {"ok": True, "text": "Sent back. A lead can propose again."}
    return {"ok": False, "text": f"Not done. {getattr(answer, 'message', '')}"}


async def _page(
    request: Req, shown: Shown, identity: Identity, done: dict[str, Any] | None, code: int = 200
) -> Response[str]:
    names = await people(parts_of(request))
    lots = [_lot(shown, lot, identity, names) for lot in shown.document.lots]
    return page(
        request,
        "award.html",
        code=code,
        nav="console",
        event=event_of(shown, BUYER),
        lots=lots,
        waiting=sum(1 for each in lots if each["state"] == "proposed"),
        names_shown=names_shown(shown),
        planned=shown.panel is not None,
        done=done,
    )


def name(shown: Shown, vendor: str) -> str:
    """A vendor's name, also of one that was admitted after the publication."""
    known = next((each.name for each in shown.document.vendors if each.id == vendor), "")
    entrant = shown.room.vendors.get(vendor) if shown.room is not None else None
    return known or (entrant.name if entrant is not None else "") or vendor


def _lot(shown: Shown, lot: Lot, identity: Identity, names: dict[str, str]) -> dict[str, Any]:
    """One lot: what stands, what waits, and what this person may do about it."""
    status, proposed = lot_status(shown, lot.id), shown.awards.proposed.get(lot.id)
    awarded = award_of(shown, lot, names)
    result = ended(shown, lot.id)
    back = shown.awards.sent_back.get(lot.id)
    state = "awarded" if awarded else "proposed" if proposed else "cancelled" if status == "cancelled" else ""
    return lot_of(lot) | {
        "status": status,
        "state": state or ("open" if status != "closed" else "empty" if not result.candidates else "closed"),
        "award": awarded,
        "proposal": _proposal(shown, lot, proposed, result, names) if proposed is not None else None,
        "own": proposed is not None and proposed.by == identity.person_id,
        "may": may(identity, "approve"),
        "sent_back": None
        if back is None or awarded or proposed
        else {"reason": back.reason, "by": names.get(back.by, "Somebody"), "at": back.at},
    }


def _proposal(
    shown: Shown, lot: Lot, proposed: AwardProposed, result: Result, names: dict[str, str]
) -> dict[str, Any]:
    priced = book.lines(lot, proposed.lines, proposed.amount)
    return {
        "place": proposed.proposal,
        "vendor_name": name(shown, proposed.vendor),
        "amount": proposed.amount,
        "rank": proposed.rank,
        "is_winner": proposed.vendor == proposed.winner,
        "reason": proposed.reason,
        "by": names.get(proposed.by, "A lead"),
        "at": proposed.at,
        "lines": [_line(each) for each in priced],
        "left_out": len(lot.lines) - len(priced) if proposed.lines else 0,
        "contract": proposed.contract,
        "others": [
            {
                "name": name(shown, each.vendor) if names_shown(shown) else "A vendor",
                "rank": each.rank,
                "amount": each.amount,
                "suspended": each.suspended,
            }
            for each in result.candidates
            if each.vendor != proposed.vendor
        ],
        **saving(lot, proposed.amount),
    }


def _line(line: book.PriceLine) -> dict[str, Any]:
    return {
        "description": line.description,
        "unit": line.unit,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "baseline": line.baseline,
        "total": exact(book.worth([(line.quantity, line.unit_price)])),
        "saving_percent": told(book.line_saving(line))["saving_percent"],
    }


ROUTES = [awards, judge]
