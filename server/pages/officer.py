"""The lead's console: every lot as it stands, who may be awarded, and what happened."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from auction.award.result import result
from auction.live import board
from auction.live.board import Viewer
from auction.live.room import Room
from auction.money import exact, parse_decimal
from auction.tender.solicitation import Lot
from bidders.box.progress import phase
from server.pages.allocation.finding import proposed
from server.pages.answering import Req, page
from server.pages.opening import lead
from server.pages.public import people
from server.pages.showing import Shown, award_of, baseline, event_of, find_ours, saving, vendor_name
from server.pages.solicitation import review
from server.parts import Parts, parts_of, signed_in
from server.stories import Story

MOST_FACTS = 60
MINUTES = 15
BUYER = Viewer("buyer")


@get("/events/{event_id:str}/console", opt={"may": "watch events"})
async def console(
    request: Req, event_id: FromPath[str], lot: FromQuery[str] = "", note: FromQuery[str] = ""
) -> Response[str]:
    """Show a draft to be published, or the running event's console."""
    parts, who = parts_of(request), signed_in(request)
    assert who is not None
    names = await people(parts)
    await parts.desk.at_rest()
    shown = find_ours(parts, event_id, who.identity)
    room = shown.room
    if shown.box is not None:
        return await lead.show(request, shown, note)
    if room is None:
        return await review.show(request, shown)
    assert room.rules is not None
    ids = list(room.lots)
    story = parts.stories.read(event_id)
    vendors = [
        {"id": vendor, "name": vendor_name(shown.document, vendor), "suspended": vendor in room.suspended}
        for vendor in room.vendors
    ]
    return page(
        request,
        "console.html",
        nav="console",
        event=event_of(shown, BUYER),
        lots=_lots(shown, room, story, names, parts.now(), who.identity.person_id),
        lot=lot if lot in ids else ids[0],
        vendors=vendors,
        connected=_connected(parts, shown),
        turned_away=parts.hub.hall(f"room/{event_id}").turned_away,
        facts=[_named(shown, fact) for fact in story.facts(room, BUYER, None, MOST_FACTS)],
        names_shown=board.names_shown(room),
        picks=proposed(parts, shown),
        adjusted=room.rules.rank_by == "adjusted",
        sealed_opening=phase(shown.seeding) if shown.seeding is not None else None,
        notice_s=int(room.rules.notice.total_seconds()),
        rules_hash=room.rules.hash,
        done=parts.notes.read(who.session, note),
        now=parts.now(),
    )


def _connected(parts: Parts, shown: Shown) -> list[dict[str, Any]]:
    return [
        {"vendor": vendor, "name": vendor_name(shown.document, vendor), "connections": connections}
        for vendor, connections in parts.hub.connected(f"room/{shown.id}").items()
    ]


def _named(shown: Shown, fact: dict[str, Any]) -> dict[str, Any]:
    return fact | {"vendor_name": vendor_name(shown.document, fact["vendor"])} if "vendor" in fact else fact


def _lots(
    shown: Shown, room: Room, story: Story, names: dict[str, str], now: datetime, reader: str
) -> list[dict[str, Any]]:
    shared: dict[Any, dict[str, Any]] = {each["id"]: each for each in board.shared(room, BUYER)}
    ranked: dict[Any, Any] = {each["id"]: each["ranking"] for each in board.desk(room)}
    for name, ranking in ranked.items():
        if ranking and "adjusted" in ranking[0]:  # The same rounding as in the standings under it.
            shared[name]["lead"] = ranking[0]["adjusted"]
    return [
        {
            "title": lot.title,
            "ceiling": lot.ceiling,
            "baseline": baseline(lot),
            "paused_at": None,
            **saving(lot, shared[lot.id].get("lead")),
            "bids": len(room.lots[lot.id].history),
            "bids_per_min": board.tempo(room.lots[lot.id], now, MINUTES),
            "reason": story.reason(lot.id, room.lots[lot.id].status),
            "ranking": [_row(shown, row, ranked[lot.id][0]) for row in ranked[lot.id]],
            **_candidates(shown, room, lot),
            "award": award_of(shown, lot, names),
            **_proposed(shown, lot, names, reader),
        }
        | shared[lot.id]
        for lot in shown.document.lots
    ]


def _proposed(shown: Shown, lot: Lot, names: dict[str, str], reader: str) -> dict[str, Any]:
    """What waits for a second person on a lot, or why the last proposal went back."""
    waiting, back = shown.awards.proposed.get(lot.id), shown.awards.sent_back.get(lot.id)
    told = waiting and {
        "vendor_name": vendor_name(shown.document, waiting.vendor),
        "amount": waiting.amount,
        "by": names.get(waiting.by, "a lead"),
        "own": waiting.by == reader,
    }
    why = {"by": names.get(back.by, "somebody"), "reason": back.reason} if back is not None else None
    return {"proposal": told, "sent_back": None if waiting else why}


def _row(shown: Shown, row: dict[str, Any], first: dict[str, Any]) -> dict[str, Any]:
    """A standing bid with its vendor's name, and how far what is ranked lies above the lead."""
    named = vendor_name(shown.document, row["vendor"]) if "vendor" in row else None
    value, lead = (parse_decimal(each.get("adjusted", each["amount"]), 6) or 0 for each in (row, first))
    above = exact(value - lead) if value > lead else None
    return {"suspended": False} | row | {"name": named, "above": above}


def _candidates(shown: Shown, room: Room, lot: Lot) -> dict[str, Any]:
    """Who an award may go to: the winner first; nobody is named before names may be seen."""
    ended = result(room, lot.id)
    if not ended.closed or not board.names_shown(room):
        return {"recommended": None, "candidates": []}
    able = sorted((each for each in ended.candidates if not each.suspended), key=lambda each: each.rank)
    able.sort(key=lambda each: each.vendor != ended.winner)
    told = [
        {
            "vendor": each.vendor,
            "name": vendor_name(shown.document, each.vendor),
            "amount": each.amount,
            "rank": each.rank,
        }
        for each in able
    ]
    best = told[0] if told and told[0]["vendor"] == ended.winner else None
    return {"recommended": best, "candidates": told}


ROUTES = [console]
