"""An evaluator's page of one solicitation: the statement first, then the bids and the sheet, then everybody's scores."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from auction.award.panel_words import Evaluator, Mark, SaveSheet, SignStatement, SubmitSheet
from auction.award.sheets import faults
from auction.kernel import Command
from auction.live.board import Viewer
from auction.refusals import Refusal
from auction.terms.criteria import leaves
from bidders.box import tabulation
from server.pages.answering import Req, ask, page, plain, see_other
from server.pages.opening.reading import content
from server.pages.panel import showing
from server.pages.panel.finding import called, find_own, panel_in, reads, stage, vendors
from server.pages.showing import Shown, event_of
from server.parts import parts_of, signed_in

LARGEST_SHEET = 512 * 1024
DONE = {
    "sign": "Signed.",
    "conflict": "Recorded. You are excluded from this panel; thank you for saying so.",
    "save": "Saved. Only you can see it.",
    "submit": "Submitted. Your sheet never changes from now on.",
}


@get("/events/{event_id:str}/evaluation", opt={"may": "evaluate"})
async def evaluation(request: Req, event_id: FromPath[str], note: FromQuery[str] = "") -> Response[str]:
    """Show an evaluator what comes next."""
    parts, who = parts_of(request), signed_in(request)
    assert who is not None
    await parts.desk.at_rest()
    shown = find_own(parts, event_id, who.identity)
    return _page(request, shown, who.identity.person_id, parts.notes.read(who.session, note))


@post(
    "/events/{event_id:str}/evaluation/{action:str}",
    opt={"may": "evaluate"},
    status_code=200,
    request_max_body_size=LARGEST_SHEET,
)
async def act(request: Req, event_id: FromPath[str], action: FromPath[str]) -> Response[str]:
    """Sign, declare a conflict, save a sheet or submit it."""
    parts, who, form = parts_of(request), signed_in(request), await request.form()
    assert who is not None
    await parts.desk.at_rest()
    shown = find_own(parts, event_id, who.identity)
    by, said = who.identity.person_id, {name: str(value) for name, value in form.items()}
    if action not in DONE:
        raise plain(404, "There is no such step on this page.")
    typed = _marks(shown, said)
    if action == "sign" and said.get("sure") != "yes":
        answer: object = Refusal("BAD_COMMAND", "Tick the box to sign.")
    else:
        answer = await ask(parts, f"panel/{event_id}", _command(action, by, said.get("words", ""), typed))
    if isinstance(answer, Refusal):
        await parts.desk.at_rest()
        return _refused(request, find_own(parts, event_id, who.identity), by, action, typed, answer)
    done = {"ok": True, "text": DONE[action]}
    return see_other(f"/events/{event_id}/evaluation?note={parts.notes.leave(who.session, done)}")


def _command(action: str, by: str, words: str, typed: tuple[Mark, ...]) -> Command:
    if action in ("sign", "conflict"):
        return SignStatement(by=by, conflict=action == "conflict", words=words)
    return SaveSheet(by=by, marks=typed) if action == "save" else SubmitSheet(by=by, marks=typed)


def _marks(shown: Shown, said: dict[str, str]) -> tuple[Mark, ...]:
    """The sheet as it was typed; what is wholly empty is left out."""
    panel, _, plan = panel_in(shown)
    rows = [
        Mark(
            letter,
            each.id,
            said.get(f"score-{letter}-{place}", "").strip(),
            said.get(f"comment-{letter}-{place}", "").replace("\r\n", "\n").strip(),
        )
        for letter in panel.bidders
        for place, each in enumerate(leaves(plan.criteria))
    ]
    return tuple(row for row in rows if row.score or row.comment)


def _refused(
    request: Req, shown: Shown, person: str, action: str, typed: tuple[Mark, ...], answer: Refusal
) -> Response[str]:
    """The page again with what was typed, and every fault of a sheet at its field."""
    panel, _, plan = panel_in(shown)
    open_ = panel.plan is not None and panel.evaluators[person].submitted is None
    found = faults(plan, tuple(panel.bidders), typed) if action == "submit" and open_ else []
    text = f"Not submitted. {len(found)} things to put right." if found else f"Not done. {answer.message}"
    at = {_name(shown, fault.path): fault.message for fault in found}
    return _page(request, shown, person, {"ok": False, "text": text}, 422, typed if open_ else None, at)


def _name(shown: Shown, path: str) -> str:
    """The field of a sheet's fault: `A/Service/score` is `score-A-0`."""
    _, _, plan = panel_in(shown)
    letter, _, rest = path.partition("/")
    name, _, kind = rest.rpartition("/")
    places = {each.id: place for place, each in enumerate(leaves(plan.criteria))}
    return f"{kind}-{letter}-{places[name]}" if name in places else path


def _page(
    request: Req,
    shown: Shown,
    person: str,
    done: dict[str, Any] | None,
    code: int = 200,
    typed: tuple[Mark, ...] | None = None,
    at: dict[str, str] | None = None,
) -> Response[str]:
    panel, box, plan = panel_in(shown)
    held = panel.evaluators[person]
    marks = {(mark.bidder, mark.criterion): mark for mark in (held.marks if typed is None else typed)}
    reads_bids = held.sworn and panel.plan is not None
    return page(
        request,
        "panel/evaluation.html",
        code=code,
        nav="today",
        event=event_of(shown, Viewer("public")),
        step=_step(shown, held),
        held=held,
        names=[tabulation.name(box, each) for each in vendors(box)] if held.statement is None else [],
        anonymous=plan.panel.anonymous,
        criteria=showing.criteria(plan),
        bidders=[_bidder(shown, letter, marks) for letter in panel.bidders] if reads_bids else [],
        others=showing.side_by_side(shown) if held.sworn and panel.all_in else [],
        counted=len(panel.counted),
        came=sum(each.submitted is not None for each in panel.counted),
        results=showing.results(shown) if held.sworn else [],
        consensus=plan.panel.aggregation == "consensus",
        at=at or {},
        done=done,
    )


def _step(shown: Shown, held: Evaluator) -> str:
    """Where an evaluator stands: statement, excluded, waiting, sheet, submitted, consensus or locked."""
    panel, _, _ = panel_in(shown)
    if not held.sworn:
        return "excluded" if held.excluded else "statement"
    if panel.locked is not None:
        return "locked"
    if panel.plan is None:
        return "waiting"
    if held.submitted is None:
        return "sheet"
    return "consensus" if panel.all_in else "submitted"


def _bidder(shown: Shown, letter: str, marks: dict[tuple[str, str], Mark]) -> dict[str, Any]:
    """A bidder with what it answered and this evaluator's marks."""
    panel, box, plan = panel_in(shown)
    titles = {lot.id: lot.title for lot in shown.document.lots} | {"_all": "All lots"}
    vendor = panel.bidders[letter]
    return {
        "letter": letter,
        "name": called(shown, letter),
        "bids": [
            {
                "lot": titles.get(each.lot, each.lot),
                "answers": each.read.answers,
                "note": each.read.note,
                "files": [
                    (f"{letter}/{each.lot}/{place}", name) for place, name in enumerate(each.read.files)
                ],
            }
            for each in reads(box, vendor)
        ],
        "marks": [marks.get((letter, each.id), Mark(letter, each.id)) for each in leaves(plan.criteria)],
    }


@get("/events/{event_id:str}/evaluation/{bidder:str}/{lot:str}/{place:int}", opt={"may": "evaluate"})
async def bidder_file(
    request: Req, event_id: FromPath[str], bidder: FromPath[str], lot: FromPath[str], place: FromPath[int]
) -> Response[bytes]:
    """Give an attached file of a bidder to an evaluator who has signed; always as a download."""
    parts, who = parts_of(request), signed_in(request)
    assert who is not None
    await parts.desk.at_rest()
    shown = find_own(parts, event_id, who.identity)
    panel, box, _ = panel_in(shown)
    if not panel.evaluators[who.identity.person_id].sworn or stage(box) not in box.finished:
        raise plain(403, "Sign the statement first; bids are shown after that.")
    found = next((each for each in reads(box, panel.bidders.get(bidder, "")) if each.lot == lot), None)
    if found is None:
        raise plain(404, "There is no such opened file in this event.")
    name, body = await asyncio.to_thread(content, parts, found.eid, place)
    told = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(body, media_type="application/octet-stream", headers={"content-disposition": told})


ROUTES = [evaluation, act, bidder_file]
