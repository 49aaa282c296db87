"""The scores in public: once every lot is awarded, what each ranked bid earned and what would have changed the result."""

from __future__ import annotations

from litestar import Response, get
from litestar.params import FromPath

from auction.live.board import Viewer
from server.pages.answering import Req, page, plain
from server.pages.panel import showing
from server.pages.panel.finding import panel_in
from server.pages.showing import event_of, find_public
from server.parts import parts_of


@get("/events/{event_id:str}/scores", opt={"may": "look"})
async def scores(request: Req, event_id: FromPath[str]) -> Response[str]:
    """Show the result by the published plan; not before the award."""
    parts = parts_of(request)
    await parts.desk.at_rest()
    shown = find_public(parts, event_id)
    _, _, plan = panel_in(shown)
    if shown.status != "awarded":
        raise plain(404, "There are no scores to be read yet: they become public with the award.")
    return page(
        request,
        "panel/scores.html",
        nav="events",
        event=event_of(shown, Viewer("public")),
        criteria=showing.criteria(plan),
        results=showing.results(shown),
    )


ROUTES = [scores]
