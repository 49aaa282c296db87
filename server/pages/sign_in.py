"""The door: signing in and out, and the demonstration's list of people to be."""

from __future__ import annotations

import re
from datetime import timedelta

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from server.login import COOKIE, SignedIn
from server.pages.answering import Req, drop_cookie, page, plain, see_other, shows_demo
from server.parts import Parts, parts_of, signed_in
from server.roles import KINDS, NAMES
from server.tables import Membership

WRONG = "This email and password do not match."
LOCAL = re.compile(r"/(?![/\\])[^\x00-\x20\\]*")


@get("/sign-in", opt={"may": "sign in"})
async def sign_in_page(request: Req, next: FromQuery[str] = "") -> Response[str]:
    """Show the door."""
    return _door(request, "", next)


def _door(request: Req, email: str, next: str, error: str | None = None, code: int = 200) -> Response[str]:
    return page(request, "sign_in.html", code=code, error=error, email=email, next=_local(next))


def _local(address: str) -> str:
    """Keep an address only if it leads to a page of ours."""
    return address if LOCAL.fullmatch(address) else ""


@post("/sign-in", opt={"may": "sign in"}, status_code=200)
async def sign_in(request: Req) -> Response[str]:
    """Check who it is. The answer is the same for an unknown e-mail and a wrong password."""
    parts, form = parts_of(request), await request.form()
    email, password = str(form.get("email", ""))[:320], str(form.get("password", ""))[:1024]
    next, now = str(form.get("next", "")), parts.now()
    client = request.client.host if request.client is not None else ""
    key = f"{client} {email.strip().lower()}"
    wait = parts.attempts.wait(key, now)
    if wait is not None:
        return _door(request, email, next, f"Too many attempts. Try again in {_minutes(wait)}.", 429)
    parts.attempts.failed(key, now)
    membership = await parts.login.check(email, password)
    if membership is None:
        return _door(request, email, next, WRONG, 403)
    parts.attempts.forget(key)
    return await _enter(parts, signed_in(request), membership, _local(next) or "/today")


def _minutes(wait: timedelta) -> str:
    minutes = -(-int(wait.total_seconds()) // 60) or 1
    return "a minute" if minutes == 1 else f"{minutes} minutes"


async def _enter(parts: Parts, before: SignedIn | None, membership: Membership, next: str) -> Response[str]:
    """Open a new session, end the browser's old one, and go on."""
    token = await parts.login.open(membership)
    if before is not None:
        await _end(parts, before)
    answer = see_other(next)
    answer.set_cookie(
        COOKIE, token, httponly=True, samesite="lax", secure=parts.settings.secure_cookies, path="/"
    )
    return answer


@post("/sign-out", opt={"may": "sign out"}, status_code=200)
async def sign_out(request: Req) -> Response[str]:
    """End the session everywhere."""
    who = signed_in(request)
    if who is not None:
        await _end(parts_of(request), who)
    return drop_cookie(see_other("/"))


async def _end(parts: Parts, who: SignedIn) -> None:
    """End a session, and close its windows."""
    await parts.login.end(who.session)
    parts.hub.end(who.session)


@get("/demo", opt={"may": "enter demo"})
async def demo_page(request: Req) -> Response[str]:
    """List everybody one could be, in a demonstration on this machine."""
    _demo_only(request)
    people = await parts_of(request).login.memberships()
    groups = [
        {
            "kind": kind,
            "people": [
                {
                    "membership": f"{held.person_id}@{held.organisation_id}",
                    "person_name": name,
                    "organisation_name": organisation.name,
                    "note": organisation.detail.get("note") or NAMES[held.role],
                }
                for held, name, organisation in people
                if organisation.kind == kind
            ],
        }
        for kind in KINDS
    ]
    return page(request, "demo.html", groups=[group for group in groups if group["people"]])


@post("/demo/{membership:str}", opt={"may": "enter demo"}, status_code=200)
async def demo_enter(request: Req, membership: FromPath[str]) -> Response[str]:
    """Become somebody, in a demonstration on this machine."""
    _demo_only(request)
    parts = parts_of(request)
    for held, _, _ in await parts.login.memberships():
        if f"{held.person_id}@{held.organisation_id}" == membership:
            return await _enter(parts, signed_in(request), held, "/today")
    raise plain(404, "There is no such person in this demonstration.")


def _demo_only(request: Req) -> None:
    if not shows_demo(request):
        raise plain(404, "There is no such page.")


ROUTES = [sign_in_page, sign_in, sign_out, demo_page, demo_enter]
