"""The public page of the way to a final award: each lot's steps, the board's decisions, and protests by number."""

from __future__ import annotations

from litestar import Response, get
from litestar.params import FromPath

from auction.live.board import Viewer
from server.pages.answering import Req, page
from server.pages.decision import happening, telling
from server.pages.showing import event_of, find_public
from server.parts import parts_of


@get("/events/{event_id:str}/timeline", opt={"may": "look"})
async def timeline(request: Req, event_id: FromPath[str]) -> Response[str]:
    """Show how far each lot has come on its way to a final award."""
    parts = parts_of(request)
    await parts.desk.at_rest()
    shown = find_public(parts, event_id)
    telling.for_boards(shown)
    return page(
        request,
        "decision/timeline.html",
        nav="events",
        event=event_of(shown, Viewer("public")),
        lots=telling.lots(parts, shown, parts.now()),
        happened=happening.happened(parts, shown, {}, False),
    )


ROUTES = [timeline]
