"""The vendor's live room, and the bid by a plain form for those without scripts."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from auction.live import board
from auction.live.board import Viewer
from auction.live.room import CloseMoved, Confirm, PlaceBid, Room, Taken
from auction.money import exact, parse_amount, show
from auction.refusals import Refusal, no
from auction.terms.rules import Rules
from server.pages.answering import Req, ask, page, plain, see_other
from server.pages.showing import Shown, baseline, event_of, find_public, is_admitted, not_for_sealed
from server.parts import Parts, parts_of, signed_in
from server.stories import Story

MOST_FACTS = 50


def _enter(request: Req, event_id: str) -> tuple[Shown, Room, str, bytes]:
    """Let an admitted vendor in; the vendor is who signed in, never what a form says."""
    who, shown = signed_in(request), find_public(parts_of(request), event_id)
    not_for_sealed(shown)
    if who is None or shown.room is None or not is_admitted(who.identity, shown.room):
        raise plain(403, "Your company is not admitted to this event.")
    return shown, shown.room, who.identity.organisation_id, who.session


@get("/events/{event_id:str}/room", opt={"may": "prepare bids"})
async def room_page(
    request: Req, event_id: FromPath[str], lot: FromQuery[str] = "", note: FromQuery[str] = ""
) -> Response[str]:
    """Show the room as this vendor may see it."""
    parts = parts_of(request)
    await parts.desk.at_rest()
    shown, room, vendor, session = _enter(request, event_id)
    story, looks = parts.stories.read(event_id), Viewer("vendor", vendor)
    lots = _lots(shown, room, vendor, story)
    if not lots:
        raise plain(403, "Your company is not admitted to any lot of this event.")
    chosen = lot if lot in [each["id"] for each in lots] else str(lots[0]["id"])
    assert room.rules is not None
    outcome = parts.notes.read(session, note)
    return page(
        request,
        "room.html",
        nav="room",
        event=event_of(shown, looks),
        lots=lots,
        lot=chosen,
        facts=story.facts(room, looks, chosen, MOST_FACTS),
        outcome=outcome if outcome is not None and outcome["lot"] == chosen else None,
        rules=_rules(room.rules),
        bid_id=parts.random(12).hex(),
        suspended=_suspended(room, vendor, story),
        behind=room.addendum if room.behind(vendor) else None,
        now=parts.now(),
    )


def _suspended(room: Room, vendor: str, story: Story) -> str | None:
    if vendor not in room.suspended:
        return None
    told = story.facts(room, Viewer("vendor", vendor), None, MOST_FACTS)
    return next((str(fact["reason"]) for fact in told if fact["f"] == "suspended"), "") or "See your ledger."


def _lots(shown: Shown, room: Room, vendor: str, story: Story) -> list[dict[str, Any]]:
    shared = {each["id"]: each for each in board.shared(room, Viewer("vendor", vendor))}
    own = {each["id"]: each for each in board.own(room, vendor)}
    assert room.rules is not None
    told = []
    for lot in shown.document.lots:
        if lot.id not in own:
            continue
        ceiling = room.factors[vendor, lot.id].ceiling
        told.append(
            {
                "title": lot.title,
                "description": lot.description,
                "baseline": baseline(lot),
                "ceiling": show(ceiling, room.rules.tick) if ceiling is not None else None,
                "paused_at": None,
                "rank": None,
                "lead": None,
                "count": None,
                "reason": story.reason(lot.id, room.lots[lot.id].status),
                "moved": _moved(lot.id, story),
                "won": _won(room, lot.id, vendor),
            }
            | shared[lot.id]
            | own[lot.id]
        )
    return told


def _moved(lot: str, story: Story) -> CloseMoved | None:
    return story.last(lot, CloseMoved)


def _won(room: Room, lot: str, vendor: str) -> bool | None:
    return room.lots[lot].winner == vendor if room.lots[lot].status == "closed" else None


def _rules(rules: Rules) -> dict[str, Any]:
    step, seen, late = rules.decrement, rules.visibility, rules.overtime
    return {
        "hash": rules.hash,
        "tick": show(rules.tick, rules.tick),
        "base": step.base,
        "percent": exact(step.percent) if step.percent is not None else None,
        "amount": show(step.amount, rules.tick) if step.amount is not None else None,
        "tiers": [{"above": exact(tier.above), "amount": exact(tier.amount)} for tier in step.tiers],
        "rank": seen.rank,
        "lead": seen.lead,
        "lead_min_vendors": seen.lead_min_vendors,
        "count": seen.count,
        "history": seen.history,
        "window_s": int(late.window.total_seconds()),
        "extension_s": int(late.extension.total_seconds()),
        "max_extensions": late.max_extensions,
        "trigger_rank": late.trigger_rank,
    }


# --- a bid by a plain form -------------------------------------------------------------------------------------------------


@post("/events/{event_id:str}/bids", opt={"may": "bid"}, status_code=200)
async def bid(request: Req, event_id: FromPath[str]) -> Response[str]:
    """Take a bid like the socket does; the form's own id makes sure that a form sent twice counts once."""
    parts, form = parts_of(request), await request.form()
    received = parts.now()
    _, room, vendor, session = _enter(request, event_id)
    said = {name: str(form.get(name, "")) for name in ("lot", "amount", "id", "rules")}
    confirm = _confirm(str(form.get("confirm_amount", "")), str(form.get("confirm_own", "")))
    given = said["amount"].strip()[:64]
    command = PlaceBid(
        by=vendor,
        id=said["id"][:64] or None,
        lot=said["lot"][:64],
        amount=parse_amount(given),
        given=given,
        confirm=confirm,
        rules=said["rules"],
    )
    answer: object = no("SLOW_DOWN")
    if parts.buckets.take(vendor, int(asyncio.get_running_loop().time() * 1_000_000)):
        answer = await ask(parts, f"room/{event_id}", command, received)
    else:
        parts.hub.hall(f"room/{event_id}").turned_away["too many"] += 1
    note = parts.notes.leave(session, _outcome(parts, room, command, answer))
    return see_other(f"/events/{event_id}/room?lot={quote(command.lot)}&note={note}#lot")


def _confirm(amount: str, own: str) -> Confirm | None:
    return Confirm(amount, int(own)) if amount and own.isdecimal() and len(own) < 9 else None


def _outcome(parts: Parts, room: Room, command: PlaceBid, answer: object) -> dict[str, Any]:
    """What the bid came to, for the page that follows."""
    told: dict[str, Any] = {
        "lot": command.lot, "amount": command.given, "at": parts.now(),
        "rank": None, "code": None, "message": None, "next": None, "confirm": None,
    }  # fmt: skip
    if isinstance(answer, Taken):
        return told | {"kind": "taken", "amount": answer.amount, "rank": answer.rank, "next": None}
    assert isinstance(answer, Refusal)
    told |= {"kind": "refused", "code": answer.code, "message": answer.message, "next": answer.next}
    if answer.code == "NOT_RECORDED":
        told["kind"] = "fail"
    if answer.code == "NEEDS_CONFIRM" and command.amount is not None and room.rules is not None:
        own = room.lots[command.lot].bids.get(command.by, 0)
        told["confirm"] = {"amount": show(command.amount, room.rules.tick), "own": own}
        told["next"] = None
    return told


ROUTES = [room_page, bid]
