"""A lead's actions on a running event: pause, resume, extend, cancel, suspend, propose an award; each with its reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from litestar import Response, post
from litestar.params import FromPath

from auction.award.award import AwardProposed
from auction.kernel import Command
from auction.live.room import Cancel, Done, Extend, Pause, Resume, Suspend
from auction.refusals import Refusal
from server.awarding import proposal
from server.pages.answering import Req, ask, plain, see_other
from server.pages.ending import ended, knows_lot, names_shown
from server.pages.showing import Shown, find_ours, vendor_name
from server.parts import Parts, parts_of, signed_in
from server.presenting import clock, local_time, money


@post("/events/{event_id:str}/console/{action:str}", opt={"may": "run events"}, status_code=200)
async def act(request: Req, event_id: FromPath[str], action: FromPath[str]) -> Response[str]:
    """Carry out a lead's action and come back with what it came to."""
    parts, who, form = parts_of(request), signed_in(request), await request.form()
    assert who is not None
    shown = find_ours(parts, event_id, who.identity)
    if action not in (ACTIONS if shown.room is not None else ("propose",)) or not shown.published:
        raise plain(404, "There is no such action on this event.")
    said = {name: str(form.get(name, "")).strip() for name in ("lot", "reason", "closes", "vendor", "whole")}
    if not said["reason"]:
        done = {"ok": False, "text": "Give a reason in words; it is told to the vendors and stays on record."}
    elif action == "propose":
        done = await _propose(parts, shown, said, who.identity.person_id)
    else:
        done = await _hand(parts, shown, action, said, who.identity.person_id)
    note = parts.notes.leave(who.session, done)
    return see_other(f"/events/{event_id}/console?lot={quote(said['lot'][:64])}&note={note}")


def _extend(by: str, said: dict[str, str], zone: str) -> Command | str:
    closes = local_time(said["closes"], zone)
    if isinstance(closes, str):
        return f"The new close {closes}."
    return Extend(by=by, lot=said["lot"], closes=closes, reason=said["reason"])


def _cancel(by: str, said: dict[str, str], zone: str) -> Command | str:
    """Cancel one lot; the whole event only where the form says so in a word of its own."""
    if not said["lot"] and said["whole"] != "yes":
        return "Choose the lot to cancel; the whole event has a form of its own."
    return Cancel(by=by, lot=said["lot"] or None, reason=said["reason"])


def _on_lot(command: type[Pause | Resume]) -> Callable[[str, dict[str, str], str], Command | str]:
    return lambda by, said, zone: command(by=by, lot=said["lot"] or None, reason=said["reason"])


def _suspend(by: str, said: dict[str, str], zone: str) -> Command | str:
    return Suspend(by=by, vendor=said["vendor"], reason=said["reason"])


HAND: dict[str, tuple[Callable[[str, dict[str, str], str], Command | str], str]] = {
    "pause": (_on_lot(Pause), "Paused."),
    "resume": (_on_lot(Resume), "Resumed."),
    "extend": (_extend, "Extended."),
    "cancel": (_cancel, "Cancelled."),
    "suspend": (_suspend, "The vendor is suspended."),
}
ACTIONS = (*HAND, "propose")


async def _hand(parts: Parts, shown: Shown, action: str, said: dict[str, str], by: str) -> dict[str, Any]:
    make, told = HAND[action]
    command = make(by, said, shown.document.zone)
    if isinstance(command, str):
        return {"ok": False, "text": command}
    answer = await ask(parts, f"room/{shown.id}", command)
    if isinstance(answer, Refusal):
        return {"ok": False, "text": f"Not done. {answer.message}"}
    if isinstance(answer, Done) and answer.closes is not None and action in ("resume", "extend"):
        told += f" The lot now closes at {clock(answer.closes, shown.document.zone)}."
    return {"ok": True, "text": told}


async def _propose(parts: Parts, shown: Shown, said: dict[str, str], by: str) -> dict[str, Any]:
    """Propose an award: only when the lot is closed, and names may be seen."""
    if not knows_lot(shown, said["lot"]):
        return {"ok": False, "text": "There is no such lot in this event."}
    if not names_shown(shown):
        return {
            "ok": False,
            "text": "Awards wait until every lot is over: until then vendors stand under drawn labels.",
        }
    reason = said["reason"][:2000]
    command = proposal(shown.document, ended(shown, said["lot"]), said["vendor"], reason, by, parts.now())
    answer = await ask(parts, f"award/{shown.id}", command)
    if not isinstance(answer, AwardProposed):
        return {"ok": False, "text": f"Not proposed. {getattr(answer, 'message', '')}"}
    vendor, amount = vendor_name(shown.document, answer.vendor), money(answer.amount, shown.document.currency)
    return {
        "ok": True,
        "text": f"Proposed: {vendor} at {amount}. It counts once a second person has confirmed it.",
    }


ROUTES = [act]
