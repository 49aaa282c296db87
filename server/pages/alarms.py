"""Alarms: refused attempts to reach what is sealed, for administrators and auditors to look into."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from auction.refusals import Refusal
from bidders.box.alarm import Alarms, LookInto
from server.guards import may
from server.login import Identity
from server.pages.answering import Req, ask, page, see_other
from server.pages.public import people
from server.pages.showing import event_of, find, find_ours, is_ours, viewer
from server.parts import Parts, parts_of, signed_in
from server.tasks import Task

WORDS = {
    "early_reading": "asked for the sealed bids before they were closed, or without a key of this solicitation",
    "early_release": "sent shares before the time of the opening",
    "another_seat": "sent shares that are of another officer’s seat",
    "bad_release": "sent shares that the officer’s key has not signed",
    "forged_share": "sent a share that does not fit the envelope",
}
"""What each kind of attempt is, after the name of whoever made it."""


@get("/events/{event_id:str}/alarms", opt={"may": "audit"})
async def alarms_page(request: Req, event_id: FromPath[str], note: FromQuery[str] = "") -> Response[str]:
    """List what was refused, newest first, and what was found."""
    parts, who = parts_of(request), signed_in(request)
    assert who is not None
    shown, names = find_ours(parts, event_id, who.identity), await people(parts)
    found: Alarms = parts.desk.state(f"alarm/{event_id}")
    return page(
        request,
        "alarms.html",
        nav="console",
        event=event_of(shown, viewer(who.identity, shown.room, shown.document.owner)),
        raised=[
            {"at": each.at, "by": names.get(each.by, "Somebody"), "words": WORDS[each.kind]}
            for each in reversed(found.raised)
        ],
        looked=[
            {"at": each.at, "by": names.get(each.by, "Somebody"), "words": each.words}
            for each in reversed(found.looked)
        ],
        waiting=len(found.waiting),
        done=parts.notes.read(who.session, note),
    )


@post("/events/{event_id:str}/alarms", opt={"may": "look into alarms"}, status_code=200)
async def looked_into(request: Req, event_id: FromPath[str]) -> Response[str]:
    """Keep what somebody found."""
    parts, who, form = parts_of(request), signed_in(request), await request.form()
    assert who is not None
    find_ours(parts, event_id, who.identity)
    command = LookInto(by=who.identity.person_id, words=str(form.get("words", ""))[:2000])
    answer = await ask(parts, f"alarm/{event_id}", command)
    refused = isinstance(answer, Refusal)
    said = answer.message if isinstance(answer, Refusal) else "Kept. Thank you for looking into it."
    note = parts.notes.leave(who.session, {"ok": not refused, "text": said})
    return see_other(f"/events/{event_id}/alarms?note={note}")


async def alarm_tasks(parts: Parts, who: Identity) -> list[Task]:
    """What was refused and nobody has looked into."""
    if not may(who, "look into alarms"):
        return []
    await parts.desk.at_rest()
    ids = [stream.removeprefix("alarm/") for stream in parts.journal.streams("alarm/")]
    return [task for each in ids for task in _task(parts, each, who)]


def _task(parts: Parts, event_id: str, who: Identity) -> list[Task]:
    shown, found = find(parts, event_id), parts.desk.state(f"alarm/{event_id}")
    if not found.waiting or not is_ours(who, shown.document.owner):
        return []
    return [
        Task(
            title=f"Look into {len(found.waiting)} refused {'attempt' if len(found.waiting) == 1 else 'attempts'}",
            words=f"Somebody tried to reach what is sealed of {shown.document.title}.",
            href=f"/events/{event_id}/alarms",
            action="Look into it",
            due=found.waiting[0].at,
            zone=shown.document.zone,
            icon="warn",
        )
    ]


ROUTES = [alarms_page, looked_into]
