"""A bidder's page of the way to a final award: its own results, its letter, and its protests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from auction.award.decision.words import FileProtest, WithdrawProtest
from auction.kernel import Command
from auction.refusals import Refusal
from server.deciding import decisions
from server.guards import may
from server.pages.answering import Req, ask, page, plain, see_other
from server.pages.decision import happening, telling
from server.pages.decision.letters import results
from server.pages.decision.road import road
from server.pages.showing import Shown, event_of, find_public, viewer
from server.parts import parts_of, signed_in


@get("/events/{event_id:str}/outcome", opt={"may": "prepare bids"})
async def outcome(request: Req, event_id: FromPath[str], note: FromQuery[str] = "") -> Response[str]:
    """Show a bidder how it fared, what is intended, and until when it may protest."""
    who = signed_in(request)
    assert who is not None
    return await _page(
        request, await _event(request, event_id), parts_of(request).notes.read(who.session, note)
    )


@post("/events/{event_id:str}/protests", opt={"may": "bid"}, status_code=200)
async def protest(request: Req, event_id: FromPath[str]) -> Response[str]:
    """File a protest; it counts from when it arrives here."""
    received, who, form = parts_of(request).now(), signed_in(request), await request.form()
    assert who is not None
    said = {name: str(form.get(name, "")).replace("\r\n", "\n") for name in ("lot", "grounds", "wanted")}
    command = FileProtest(by=who.identity.person_id, vendor=who.identity.organisation_id, **said)
    told = "Your protest is filed, with the time at which it came."
    return await _put(request, event_id, command, told, received, said)


@post("/events/{event_id:str}/protests/{number:int}/withdraw", opt={"may": "bid"}, status_code=200)
async def withdraw(request: Req, event_id: FromPath[str], number: FromPath[int]) -> Response[str]:
    """Take one's own protest back."""
    received, who, form = parts_of(request).now(), signed_in(request), await request.form()
    assert who is not None
    command = WithdrawProtest(
        by=who.identity.person_id,
        vendor=who.identity.organisation_id,
        number=number,
        reason=str(form.get("reason", "")),
    )
    return await _put(request, event_id, command, "Your protest is taken back.", received, {})


async def _put(
    request: Req, event_id: str, command: Command, told: str, received: datetime, said: dict[str, str]
) -> Response[str]:
    parts, who = parts_of(request), signed_in(request)
    assert who is not None
    shown = await _event(request, event_id)
    answer = await ask(parts, f"decision/{event_id}", command, received)
    if isinstance(answer, Refusal):
        return await _page(request, shown, {"ok": False, "text": f"Not done. {answer.message}"}, 422, said)
    note = parts.notes.leave(who.session, {"ok": True, "text": told})
    return see_other(f"/events/{event_id}/outcome?note={note}")


async def _event(request: Req, event_id: str) -> Shown:
    parts = parts_of(request)
    await parts.desk.at_rest()
    shown = find_public(parts, event_id)
    telling.for_boards(shown)
    return shown


async def _page(
    request: Req,
    shown: Shown,
    done: dict[str, Any] | None,
    code: int = 200,
    said: dict[str, str] | None = None,
) -> Response[str]:
    parts, who = parts_of(request), signed_in(request)
    assert who is not None
    held, vendor, now = decisions(parts, shown.id), who.identity.organisation_id, parts.now()
    lots = [each | {"steps": road(shown, held, each["id"], now)} for each in results(shown, held, vendor)]
    if not lots and done is None:
        raise plain(404, "There is no notice of intent on a lot that your company bid on.")
    mine = telling.protests(shown.document, held, lambda each: each.filed.vendor == vendor)
    waiting = {each.filed.lot for each in held.protests.values() if each.open and each.filed.vendor == vendor}
    return page(
        request,
        "decision/vendor.html",
        code=code,
        nav="events",
        event=event_of(shown, viewer(who.identity, shown.room, shown.document.owner)),
        lots=lots,
        to_protest=[each for each in lots if _can(each, now) and each["id"] not in waiting],
        may_protest=may(who.identity, "bid"),
        protests=mine,
        happened=happening.happened(parts, shown, {}, False),
        said=said or {},
        done=done,
    )


def _can(row: dict[str, Any], now: datetime) -> bool:
    """Whether the time to protest a lot still runs."""
    return not row["set_aside"] and row["final"] is None and (row["until"] is None or now < row["until"])


ROUTES = [outcome, protest, withdraw]
