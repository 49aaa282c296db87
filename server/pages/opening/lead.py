"""The lead's page of sealed bids: the meeting, its witnesses, who passes, and what to do next. Before it, nothing about bids."""

from __future__ import annotations

from typing import Any

from litestar import Response, post
from litestar.params import FromPath

from auction.kernel import Command, Refused
from auction.live.board import Viewer
from auction.refusals import Refusal
from bidders.box import ceremony, tabulation
from bidders.box.facts import Verdict, Witness
from bidders.box.words import Box, CancelBox, NameWitness, ProposeStage, StartMeeting
from server.pages.answering import Req, ask, page, plain, see_other
from server.pages.ending import ended, lot_status
from server.pages.opening.telling import course
from server.pages.public import people
from server.pages.showing import Shown, award_of, event_of, find_ours
from server.parts import Parts, parts_of, signed_in
from server.sealed.opening import open_later, open_stage

BUYER = Viewer("buyer")
LONGEST, MOST_WITNESSES = 200, 6


async def show(request: Req, shown: Shown, note: str) -> Response[str]:
    """Show the lead's page of a published solicitation of sealed bids."""
    parts, who = parts_of(request), signed_in(request)
    assert who is not None
    assert shown.box is not None
    names = await people(parts)
    await parts.desk.at_rest()
    now = parts.now()
    return page(
        request,
        "opening/lead.html",
        nav="console",
        event=event_of(shown, BUYER),
        course=course(shown, now, inside=True),
        can_open=_can_open(parts, shown.box),
        short=_short(shown.box),
        again=[
            {"eid": each.eid, "name": tabulation.name(shown.box, shown.box.envelopes[each.eid].vendor)}
            for each in shown.box.results.values()
            if each.result in ceremony.AGAIN
        ],
        lots=[_lot(shown, lot, names, who.identity.person_id) for lot in shown.document.lots],
        health=[{"x": x, "at": at} for x, at in sorted(shown.box.health.items())],
        done=parts.notes.read(who.session, note),
        now=now,
    )


def _can_open(parts: Parts, box: Box) -> bool:
    """Tell whether nothing of the stage is waited for."""
    env = ceremony.stage(box)
    try:
        if env is not None:
            ceremony.may_open(box, env, parts.now())
    except Refused:
        return False
    return env is not None


def _short(box: Box) -> int:
    """How many envelopes lack shares although every officer has released; told to the lead only then."""
    env = ceremony.stage(box)
    if env is None or box.manifest is None or box.meeting is None:
        return 0
    everybody = len(box.manifest["officers"]) == sum(of == env for of, _ in box.releases)
    return len(ceremony.short(box, env)) if everybody else 0


def _lot(shown: Shown, lot: Any, names: dict[str, str], reader: str) -> dict[str, Any]:
    """A lot with who may be proposed for it, what is proposed, and its award."""
    waiting, back = shown.awards.proposed.get(lot.id), shown.awards.sent_back.get(lot.id)
    known = {each.id: each.name for each in shown.document.vendors}
    result = ended(shown, lot.id)
    return {
        "id": lot.id,
        "title": lot.title,
        "status": lot_status(shown, lot.id),
        "winner": result.winner,
        "candidates": [
            {
                "vendor": each.vendor,
                "name": known.get(each.vendor, each.vendor),
                "rank": each.rank,
                "amount": each.amount,
            }
            for each in result.candidates
        ],
        "award": award_of(shown, lot, names),
        "proposal": waiting
        and {
            "vendor_name": known.get(waiting.vendor, waiting.vendor),
            "amount": waiting.amount,
            "by": names.get(waiting.by, "a lead"),
            "own": waiting.by == reader,
        },
        "sent_back": back and not waiting and {"by": names.get(back.by, "somebody"), "reason": back.reason},
    }


# --- acts ------------------------------------------------------------------------------------------------------------------


@post("/events/{event_id:str}/opening/{action:str}", opt={"may": "run events"}, status_code=200)
async def act(request: Req, event_id: FromPath[str], action: FromPath[str]) -> Response[str]:
    """Carry out a lead's step of the opening and come back with what it came to."""
    parts, who, form = parts_of(request), signed_in(request), await request.form()
    assert who is not None
    await parts.desk.at_rest()
    shown = find_ours(parts, event_id, who.identity)
    if shown.box is None or action not in DONE:
        raise plain(404, "There is no such step in this event.")
    said = {name: [str(each)[:2000] for each in form.getall(name, [])] for name in form}
    by = who.identity.person_id
    if action in ("open", "again"):
        eid = _first(said, "eid")
        answer = await (
            open_stage(parts, event_id, by) if action == "open" else open_later(parts, event_id, eid, by)
        )
    else:
        answer = await ask(parts, f"box/{event_id}", _command(action, said, by, shown.box))
    await parts.errands.settled()
    note = {"ok": True, "text": DONE[action]}
    if isinstance(answer, Refusal):
        note = {"ok": False, "text": f"Not done. {answer.message}"}
    return see_other(f"/events/{event_id}/console?note={parts.notes.leave(who.session, note)}")


def _first(said: dict[str, list[str]], name: str) -> str:
    return (said.get(name) or [""])[0].strip()


def _command(action: str, said: dict[str, list[str]], by: str, box: Box) -> Command:
    """The command that a form of the lead's page asks for."""
    if action == "start":
        return StartMeeting(by=by, witnesses=tuple(each for each in _witnesses(said) if each.name))
    if action == "witness":
        return NameWitness(by=by, witness=next(iter(_witnesses(said)), Witness("", "")))
    if action == "pass":
        return ProposeStage(by=by, verdicts=tuple(_verdicts(said)))
    return CancelBox(by=by, reason=_first(said, "reason"))


def _witnesses(said: dict[str, list[str]]) -> list[Witness]:
    names, places = said.get("witness", []), said.get("of", [])
    rows = [
        (name.strip(), (places[row] if row < len(places) else "").strip()) for row, name in enumerate(names)
    ]
    return [Witness(name[:LONGEST], of[:LONGEST]) for name, of in rows[:MOST_WITNESSES]]


def _verdicts(said: dict[str, list[str]]) -> list[Verdict]:
    """What the form says of each vendor that it lists: `passes-<id>` is yes or no, `reason-<id>` says why."""
    return [
        Verdict(vendor, _first(said, f"passes-{vendor}") == "yes", _first(said, f"reason-{vendor}"))
        for vendor in dict.fromkeys(said.get("vendor", []))
    ]


DONE = {
    "start": "The opening has begun. Officers can now release their parts in their console.",
    "witness": "The witness is named in the minutes.",
    "open": "Opened. The results stand below and on the public page.",
    "again": "Read. The tabulation is brought up to date.",
    "pass": "Put before the officers: a quorum of them signs who passes.",
    "cancel": "Cancelled. Nothing will be opened.",
}
"""The lead's steps, and what is said when one is done."""
ROUTES = [act]
