"""What happened in one's own organisation, read from its stream: for those who keep its people, and for auditors."""

from __future__ import annotations

from litestar import Response, get
from litestar.params import FromQuery

from server.pages.answering import Req, page
from server.pages.forming import who_of, zone_for
from server.pages.history import lines
from server.parts import parts_of
from server.people import register


@get("/team/history", opt={"may": "manage people"})
async def team_history(request: Req, before: FromQuery[int | None] = None) -> Response[str]:
    """Show what happened, to those who keep the people."""
    return await _show(request, before, "/team", "/team/history")


@get("/consortium/history", opt={"may": "audit"})
async def consortium_history(request: Req, before: FromQuery[int | None] = None) -> Response[str]:
    """Show what happened, to a consortium's officers and auditors."""
    return await _show(request, before, "/consortium", "/consortium/history")


async def _show(request: Req, before: int | None, back: str, here: str) -> Response[str]:
    parts, who = parts_of(request), who_of(request).identity
    told, more = await lines(parts, [register.stream_of(who.organisation_id)], before)
    return page(
        request,
        "history.html",
        nav="history",
        title=who.organisation_name,
        back=back,
        here=here,
        zone=await zone_for(request),
        lines=told,
        before=before,
        more=more,
    )


ROUTES = [team_history, consortium_history]
