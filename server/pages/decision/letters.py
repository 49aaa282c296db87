"""Letters: what one bidder is told of an intended or a final award, lot by lot, with its own result and the winner's."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from auction.award.decision.facts import Decisions, Fared, Intended, IntentNotified
from server.awarding import day_at
from server.deciding import decisions
from server.pages.answering import Req, page, plain
from server.pages.award import over_of
from server.pages.decision import telling
from server.pages.showing import Shown, event_of, find_public, vendor_name, viewer
from server.parts import parts_of, signed_in
from server.scored import beside, by_vendor

NONE = "Your company is told here once the consortium has given notice of what it intends on a lot that you bid on."


def results(shown: Shown, held: Decisions, vendor: str) -> list[dict[str, Any]]:
    """How a vendor fared in each lot of which bidders were told last, and where that stands."""
    newest = {each.lot: (each, notice) for notice in held.notices for each in notice.lots}
    rows = [_result(shown, held, *newest[lot.id], vendor) for lot in shown.document.lots if lot.id in newest]
    return [row for row in rows if row is not None]


def _result(
    shown: Shown, held: Decisions, intended: Intended, notice: IntentNotified, vendor: str
) -> dict[str, Any] | None:
    own = next((each for each in intended.bidders if each.vendor == vendor), None)
    if own is None:
        return None
    now_stands = held.of(intended.lot)
    scores = by_vendor(shown.panel, shown.box, intended.lot, shown.document.currency)
    return _own(own) | {
        "scores": beside(scores, vendor, intended.vendor),
        "id": intended.lot,
        "title": next((each.title for each in shown.document.lots if each.id == intended.lot), intended.lot),
        "told_at": notice.at,
        "won": intended.vendor == vendor,
        "winner": vendor_name(shown.document, intended.vendor),
        "winner_rank": next((each.rank for each in intended.bidders if each.vendor == intended.vendor), None),
        "winning": intended.amount,
        "reason": intended.reason,
        "bidders": len(intended.bidders),
        "until": notice.until,
        "last_day": notice.last_day,
        "counted": notice.steps,
        "window": notice.window,
        "set_aside": now_stands.notice is not notice and now_stands.final is None,
        "final": now_stands.final,
    }


def _own(own: Fared) -> dict[str, Any]:
    return {"rank": own.rank, "amount": own.amount, "suspended": own.suspended}


@get("/events/{event_id:str}/letter", opt={"may": "prepare bids"})
async def own_letter(request: Req, event_id: FromPath[str]) -> Response[str]:
    """A vendor's own letter, to be printed."""
    who = signed_in(request)
    assert who is not None
    shown = find_public(parts_of(request), event_id)
    return await _letter(request, shown, who.identity.organisation_id)


@get("/events/{event_id:str}/letters/{vendor_id:str}", opt={"may": "watch events"})
async def letter(request: Req, event_id: FromPath[str], vendor_id: FromPath[str]) -> Response[str]:
    """The letter to one bidder, as the consortium sends it."""
    who = signed_in(request)
    assert who is not None
    return await _letter(request, over_of(parts_of(request), event_id, who.identity), vendor_id)


async def _letter(request: Req, shown: Shown, vendor: str) -> Response[str]:
    parts, who = parts_of(request), signed_in(request)
    await parts.desk.at_rest()
    telling.for_boards(shown)
    held = decisions(parts, shown.id)
    lots = results(shown, held, vendor)
    if not lots:
        raise plain(404, NONE)
    identity = who.identity if who is not None else None
    return page(
        request,
        "decision/letter.html",
        event=event_of(shown, viewer(identity, shown.room, shown.document.owner)),
        to=vendor_name(shown.document, vendor),
        lots=lots,
        written=day_at(shown.document, max(each["told_at"] for each in lots)).isoformat(),
        protests=telling.protests(shown.document, held, lambda each: each.filed.vendor == vendor),
    )


ROUTES = [own_letter, letter]
