"""Where a person is signed in, and signing out there: one browser, or everywhere."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromQuery

from server.pages.answering import Req, drop_cookie, page, see_other
from server.pages.forming import done, note_of, who_of, zone_for
from server.parts import parts_of
from server.people import sessions

OWN = {"may": "own account"}


@get("/account/sessions", opt=OWN)
async def sessions_page(request: Req, note: FromQuery[str] = "") -> Response[str]:
    """List the browsers that are signed in."""
    who = who_of(request)
    found = await sessions.open_ones(parts_of(request), who.identity.person_id)
    mine = sorted(found, key=lambda each: each.hash != who.session)
    return page(
        request,
        "people/sessions.html",
        nav="account",
        sessions=[
            {"handle": each.handle, "agent": each.agent, "organisation": each.organisation,
             "since": each.since, "seen": each.seen, "this": each.hash == who.session}
            for each in mine
        ],
        done=note_of(request, note),
        zone=await zone_for(request),
    )  # fmt: skip


@post("/account/sessions/end", opt=OWN, status_code=200)
async def end_sessions(request: Req) -> Response[str]:
    """End one session by its handle, all others, or all; nobody ends somebody else's."""
    parts, who, form = parts_of(request), who_of(request), await request.form()
    wanted, person = str(form.get("session", "")), who.identity.person_id
    if wanted == "all":
        await sessions.end_all(parts, person)
        return drop_cookie(see_other("/sign-in?done=everywhere"))
    if wanted == "others":
        count = await sessions.end_all(parts, person, spare=who.session)
        return done(request, "/account/sessions", f"{count} other sessions were ended." if count != 1 else
                    "One other session was ended.")  # fmt: skip
    going = [each.hash for each in await sessions.open_ones(parts, person) if each.handle == wanted]
    await sessions.end(parts, going)
    if who.session in going:
        return drop_cookie(see_other("/"))
    return done(request, "/account/sessions", "The session was ended." if going else "It was ended already.")


ROUTES = [sessions_page, end_sessions]
