"""The lead's page of sealed bids: the meeting, its witnesses, who passes, and what to do next. Before it, nothing about bids."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from auction.kernel import Refused
from auction.live.board import Viewer
from bidders.box import ceremony, tabulation
from bidders.box.state import Box
from server.pages.allocation.finding import proposed
from server.pages.answering import Req, page, see_other
from server.pages.ending import ended, lot_status
from server.pages.opening.telling import course
from server.pages.panel.passing import suggested
from server.pages.panel.showing import results
from server.pages.public import people
from server.pages.showing import Shown, award_of, event_of, find_ours
from server.pages.solicitation.fields import local
from server.parts import Parts, parts_of, signed_in
from server.sealed import asking

BUYER = Viewer("buyer")


@get("/events/{event_id:str}/opening-bids", opt={"may": "watch events"})
async def opening_bids(request: Req, event_id: FromPath[str], note: FromQuery[str] = "") -> Response[str]:
    """Show the lead's page of an auction's sealed opening bids; of other events their console."""
    parts, who = parts_of(request), signed_in(request)
    assert who is not None
    await parts.desk.at_rest()
    shown = find_ours(parts, event_id, who.identity)
    if shown.seeding is None:
        return see_other(f"/events/{event_id}/console")
    return await show(request, shown, note)


async def show(request: Req, shown: Shown, note: str) -> Response[str]:
    """Show the lead's page of a published event that takes sealed envelopes."""
    parts, who, box = parts_of(request), signed_in(request), shown.envelopes
    assert who is not None
    assert box is not None
    names = await people(parts)
    await parts.desk.at_rest()
    now = parts.now()
    return page(
        request,
        "opening/lead.html",
        nav="console",
        event=event_of(shown, BUYER),
        course=course(shown, now, inside=True),
        tag=course(shown, now, whole=False)["tag"],
        can_open=_can_open(parts, box),
        absent=_absent(box, now, shown.document.zone),
        short=_short(box),
        unopenable=_beyond(box),
        rescue=_rescue(box),
        asked=[each.kind for each in await asking.waiting(parts, shown.id)],
        again=[
            {"eid": each.eid, "name": _name(box, box.envelopes[each.eid].vendor)}
            for each in box.results.values()
            if each.result in ceremony.AGAIN
        ],
        panel=shown.panel,
        suggested=suggested(shown.panel),
        picks={} if box.seeds else proposed(parts, shown),
        reasons={each["id"]: each["reason"] for each in results(shown)} if shown.panel is not None else {},
        lots=[]
        if box.seeds
        else [_lot(shown, lot, names, who.identity.person_id) for lot in shown.document.lots],
        health=[{"x": x, "at": at} for x, at in sorted(box.health.items())],
        done=parts.notes.read(who.session, note),
        now=now,
    )


def _name(box: Box, vendor: str) -> str:
    """A vendor's name as it was read out; of an opening bid nobody is named."""
    return "A vendor" if box.seeds else tabulation.name(box, vendor)


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
    """How many envelopes lack shares although every officer has released or was asked to; told to the lead only then."""
    env = ceremony.stage(box)
    if env is None or box.manifest is None or box.meeting is None:
        return 0
    return 0 if ceremony.silent(box, env) else len(ceremony.short(box, env))


def _absent(box: Box, now: datetime, zone: str) -> list[dict[str, Any]]:
    """The officers who have not released for the stage that runs, each with what the last asking came to."""
    env = ceremony.stage(box)
    if env is None or box.manifest is None or box.meeting is None:
        return []
    seats = [seat for seat in box.manifest["officers"] if (env, seat["x"]) not in box.releases]
    return [
        {
            "x": seat["x"],
            "name": seat["name"],
            "called": box.called.get((env, seat["x"])),
            "now": local(now, zone),
        }
        for seat in seats
    ]


def _beyond(box: Box) -> int:
    """How many envelopes of the stage that runs officers cannot open, and their vendors have not been asked for."""
    env = ceremony.stage(box)
    asked = box.rescues[env].eids if env in box.rescues else ()
    return len(set(ceremony.given_up(box, env)) - set(asked)) if env is not None and box.meeting else 0


def _rescue(box: Box) -> dict[str, Any] | None:
    """The rescue of the stage that runs: until when vendors answer, of how many envelopes, and how many copies came."""
    found = box.rescues.get(ceremony.stage(box) or "")
    if found is None:
        return None
    return {"due": found.due_at, "asked": len(found.eids), "came": len(set(found.eids) & box.revealed)}


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


ROUTES = [opening_bids]
