"""The consortium's page of the way to a final award: each lot with what comes next, and the forms of those who may do it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.params import FromPath, FromQuery

from auction.award.decision.asking import in_good_standing
from auction.award.decision.facts import Decisions
from auction.live.board import Viewer
from auction.refusals import Refusal
from auction.terms.faults import Faulty
from server import deciding
from server.awarding import day_at
from server.files import LARGEST
from server.login import Identity
from server.pages.allocation.finding import proposed
from server.pages.answering import Req, ask, page, plain, see_other
from server.pages.award import name, over_of
from server.pages.decision import acts, happening, telling
from server.pages.ending import all_over, ended, names_shown
from server.pages.public import people
from server.pages.showing import Shown, event_of
from server.parts import Parts, parts_of, signed_in

FORM_AROUND = 64 * 1024


@get("/events/{event_id:str}/decision", opt={"may": "watch events"})
async def decision(request: Req, event_id: FromPath[str], note: FromQuery[str] = "") -> Response[str]:
    """Show how far each lot has come, and what comes next."""
    parts, who = parts_of(request), signed_in(request)
    assert who is not None
    shown = await _event(parts, event_id, who.identity)
    return await _page(request, shown, parts.notes.read(who.session, note))


@post("/events/{event_id:str}/decision/{action:str}", opt={"may": "run events"}, status_code=200)
async def lead_act(request: Req, event_id: FromPath[str], action: FromPath[str]) -> Response[str]:
    """What a lead does: recommend, look a vendor up, hold the file."""
    return await _act(request, event_id, acts.LEADS.get(action))


@post(
    "/events/{event_id:str}/decision/approval/{action:str}",
    opt={"may": "approve"},
    status_code=200,
    request_max_body_size=LARGEST + FORM_AROUND,
)
async def second_act(request: Req, event_id: FromPath[str], action: FromPath[str]) -> Response[str]:
    """What a second person does: record the board's decision, tell the bidders, decide on protests, make the award final."""
    return await _act(request, event_id, acts.SECONDS.get(action))


Make = Callable[[acts.Asking], Awaitable[acts.Done]]


async def _act(request: Req, event_id: str, make: Make | None) -> Response[str]:
    parts, who, form = parts_of(request), signed_in(request), await request.form()
    assert who is not None
    shown = await _event(parts, event_id, who.identity)
    if make is None:
        raise plain(404, "There is no such step.")
    done = await _asked(parts, shown, who.identity, form, make)
    if not done["ok"]:
        return await _page(request, shown, done, 422)
    await parts.errands.settled()
    await parts.projections.settled()
    return see_other(f"/events/{event_id}/decision?note={parts.notes.leave(who.session, done)}")


async def _asked(
    parts: Parts, shown: Shown, who: Identity, form: FormMultiDict, make: Make
) -> dict[str, Any]:
    """Put it to the desk, at the very time by which its days are counted."""
    if not names_shown(shown):
        return {"ok": False, "text": "Not done. It waits until every lot is over and vendors may be named."}
    now = parts.now()
    try:
        made = await make(acts.Asking(parts, shown, who.person_id, form, now))
    except Faulty as bad:
        return {"ok": False, "text": f"Not done. {bad}"}
    answer = await ask(parts, f"decision/{shown.id}", made.command, now)
    if isinstance(answer, Refusal):
        return {"ok": False, "text": f"Not done. {answer.message}"}
    if made.paper is not None:
        async with parts.database.session.begin() as session:
            await parts.files.link(session, made.paper, f"decision/{shown.id}", "public")
    return {"ok": True, "text": made.told}


async def _event(parts: Parts, event_id: str, identity: Identity) -> Shown:
    await parts.desk.at_rest()
    shown = over_of(parts, event_id, identity)
    telling.for_boards(shown)
    return shown


async def _page(request: Req, shown: Shown, done: dict[str, Any] | None, code: int = 200) -> Response[str]:
    parts, who = parts_of(request), signed_in(request)
    assert who is not None
    held, now = deciding.decisions(parts, shown.id), parts.now()
    profile = parts.jurisdictions.get(shown.document.jurisdiction)
    by_scenario = proposed(parts, shown)
    lots = [
        each | _inside(shown, each["id"], who.identity, parts) | {"scenario": by_scenario.get(each["id"])}
        for each in telling.lots(parts, shown, now, True)
    ]
    waiting = [each["id"] for each in lots if each["stage"] == "approved"]
    meant = {each["recommended"]["id"] for each in lots if each["recommended"]}
    return page(
        request,
        "decision/lead.html",
        code=code,
        nav="console",
        event=event_of(shown, Viewer("buyer")),
        lots=lots,
        over=all_over(shown) and names_shown(shown),
        counted=deciding.counted(shown.document, profile, held, waiting, now),
        protests=telling.protests(shown.document, held),
        checks=[
            {"id": each, "name": name(shown, each), "last": held.checks.get(each, [None])[-1]}
            for each in sorted(meant)
        ],
        federal=shown.document.funding in deciding.FEDERAL,
        held=held,
        bidders=_bidders(shown, held),
        kept=[each.final for each in held.lots.values() if each.final is not None and each.final.keep_until],
        happened=happening.happened(parts, shown, await people(parts), True),
        today=day_at(shown.document, now).isoformat(),
        done=done,
    )


def _bidders(shown: Shown, held: Decisions) -> list[tuple[str, str]]:
    """Everybody who was told, by name: each has a letter."""
    told = {each.vendor for notice in held.notices for lot in notice.lots for each in lot.bidders}
    return sorted(((each, name(shown, each)) for each in told), key=lambda each: each[1])


def _inside(shown: Shown, lot_id: str, who: Identity, parts: Parts) -> dict[str, Any]:
    """What the consortium alone knows of a lot: who may be recommended, and who is."""
    found = deciding.decisions(parts, shown.id).of(lot_id)
    result, recommended = ended(shown, lot_id), found.recommended
    candidates = in_good_standing(result) if result.closed and names_shown(shown) else []
    return {
        "closed": result.closed,
        "candidates": [
            {
                "vendor": each.vendor,
                "name": name(shown, each.vendor),
                "amount": each.amount,
                "rank": each.rank,
            }
            for each in sorted(candidates, key=lambda each: (each.vendor != result.winner, each.rank))
        ],
        "reasonable": found.reasonable,
        "board": found.board,
        "back": found.set_aside,
        "own": recommended is not None and recommended.by == who.person_id,
        "recommended": None
        if recommended is None
        else {
            "id": recommended.vendor,
            "name": name(shown, recommended.vendor),
            "amount": recommended.amount,
            "rank": recommended.rank,
            "reason": recommended.reason,
            "is_winner": recommended.vendor == recommended.winner,
            "alone": recommended.alone,
            "at": recommended.at,
        },
    }


ROUTES = [decision, lead_act, second_act]
