"""Entering: from a checked password to an open session, by way of the second factor where there is one."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from litestar import Response

from server.login import COOKIE as SESSION_COOKIE
from server.login import SignedIn
from server.pages.answering import Req, page, see_other
from server.parts import Parts, parts_of, signed_in
from server.people import factors, links
from server.people.links import Link
from server.tables import Membership, Person

LOCAL = re.compile(r"/(?![/\\])[^\x00-\x20\\]*")
STEP = "tenderbell_step"
"""The cookie of somebody whose password was right, and who is not in yet."""


def local(address: str) -> str:
    """Keep an address only if it leads to a page of ours."""
    return address if LOCAL.fullmatch(address) else ""


def client_of(request: Req) -> str:
    """The network address that a request came from."""
    return request.client.host if request.client is not None else ""


def wait_words(parts: Parts, key: str) -> str | None:
    """How long somebody has to wait who guessed too often; None who may try."""
    return _words(parts.attempts.wait(key, parts.now()))


def _words(wait: timedelta | None) -> str | None:
    if wait is None:
        return None
    minutes = -(-int(wait.total_seconds()) // 60) or 1
    return f"Too many attempts. Try again in {'a minute' if minutes == 1 else f'{minutes} minutes'}."


def too_often(request: Req, *keys: str) -> str | None:
    """Say how long to wait where one of these was tried too often, or this network address knocked too often at all."""
    parts = parts_of(request)
    now = parts.now()
    waits = [parts.attempts.wait(key, now) for key in keys] + [parts.knocks.wait(client_of(request), now)]
    return _words(max((wait for wait in waits if wait is not None), default=None))


def count(request: Req, *keys: str) -> None:
    """Count a try of each of these, and a knock of this network address, which many people may share."""
    parts = parts_of(request)
    parts.knocks.failed(client_of(request), parts.now())
    for key in keys:
        parts.attempts.failed(key, parts.now())


async def step(request: Req, purpose: str) -> Link | None:
    """Who stands between the password and being in, by the step's cookie."""
    token = request.cookies.get(STEP)
    found = await links.look(parts_of(request), token, purpose) if token else None
    return found if found is not None and found.state == "open" else None


async def _pause(parts: Parts, purpose: str, person: str, next: str, address: str) -> Response[str]:
    """Remember for some minutes that the password was right, and go on to what is missing."""
    answer = see_other(address)
    _set(parts, answer, STEP, await links.make(parts, purpose, person, links.STEP_LASTS, next=next))
    return answer


def _set(parts: Parts, answer: Response[Any], name: str, value: str) -> None:
    answer.set_cookie(
        name, value, httponly=True, samesite="lax", secure=parts.settings.secure_cookies, path="/"
    )


async def admit(request: Req, person: Person, next: str) -> Response[str]:
    """Go on after a right password: to the second factor, or in."""
    parts = parts_of(request)
    if await factors.confirmed(parts, person.id) is not None:
        return await _pause(parts, "factor", person.id, next, "/sign-in/code")
    return await arrive(request, person.id, next)


async def arrive(request: Req, person: str, next: str) -> Response[str]:
    """Open a session where the person was last; whoever belongs nowhere can only accept an invitation."""
    parts = parts_of(request)
    membership = await parts.login.membership(person)
    if membership is None:
        away = next if next.startswith("/invitations/") else "/sign-in/nowhere"
        return await _pause(parts, "arrived", person, next, away)
    return await enter(request, membership, next or "/today")


async def enter(request: Req, membership: Membership, next: str) -> Response[str]:
    """Open a new session for this browser, end its old one, and go on."""
    agent = request.headers.get("user-agent", "")
    answer = await enter_as(parts_of(request), signed_in(request), membership, next, agent)
    if STEP in request.cookies:
        answer.delete_cookie(STEP)
    return answer


async def enter_as(
    parts: Parts, before: SignedIn | None, membership: Membership, next: str, agent: str = ""
) -> Response[str]:
    """Open a new session and end the one before."""
    token = await parts.login.open(membership, agent)
    if before is not None:
        await leave(parts, before)
    answer = see_other(next)
    _set(parts, answer, SESSION_COOKIE, token)
    return answer


async def leave(parts: Parts, who: SignedIn) -> None:
    """End a session, and close its windows."""
    await parts.login.end(who.session)
    parts.hub.end(who.session)


def told(request: Req, title: str, *sentences: str, code: int = 200, **more: Any) -> Response[str]:
    """A page that only says something; `action` and `word` make a link of it, `tone` its colour."""
    return page(request, "people/told.html", code=code, title=title, sentences=sentences, **more)
