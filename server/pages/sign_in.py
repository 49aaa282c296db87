"""The door: signing in and out, and the demonstration's list of people to be."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from server.guards import MAY
from server.pages.answering import Req, drop_cookie, page, plain, see_other, shows_demo
from server.pages.entering import admit, arrive, client_of, enter, leave, local, step, told, wait_words
from server.parts import parts_of, signed_in
from server.people import factors, links
from server.roles import KINDS, NAMES
from server.settings import at_console

WRONG = "This email and password do not match."
WRONG_CODE = "This code is not right, or was used already. Wait for the next one and try again."


@get("/sign-in", opt={"may": "sign in"})
async def sign_in_page(request: Req, next: FromQuery[str] = "", done: FromQuery[str] = "") -> Response[str]:
    """Show the door; `done` says what was just done before it."""
    return _door(request, "", next, done=done)


def _door(
    request: Req, email: str, next: str, error: str | None = None, code: int = 200, done: str = ""
) -> Response[str]:
    return page(request, "sign_in.html", code=code, error=error, email=email, next=local(next), done=done)


@post("/sign-in", opt={"may": "sign in"}, status_code=200)
async def sign_in(request: Req) -> Response[str]:
    """Check who it is. The answer is the same for an unknown e-mail and a wrong password."""
    parts, form = parts_of(request), await request.form()
    email, password = str(form.get("email", ""))[:320], str(form.get("password", ""))[:1024]
    next, key = str(form.get("next", "")), f"{client_of(request)} {email.strip().lower()}"
    wait = wait_words(parts, key)
    if wait is not None:
        return _door(request, email, next, wait, 429)
    parts.attempts.failed(key, parts.now())
    person = await parts.login.check(email, password)
    if person is None:
        return _door(request, email, next, WRONG, 403)
    parts.attempts.forget(key)
    return await admit(request, person, local(next))


@get("/sign-in/code", opt={"may": "sign in"})
async def code_page(request: Req) -> Response[str]:
    """Ask for the second factor."""
    if await step(request, "factor") is None:
        return _late(request)
    return page(request, "people/code.html", error=None)


@post("/sign-in/code", opt={"may": "sign in"}, status_code=200)
async def give_code(request: Req) -> Response[str]:
    """Take a code of the app or a recovery code; five wrong ones mean a wait, whatever browser they come from."""
    parts, form = parts_of(request), await request.form()
    waiting = await step(request, "factor")
    if waiting is None or waiting.person is None:
        return _late(request)
    key = f"code {waiting.person}"
    wait = wait_words(parts, key)
    if wait is not None:
        return page(request, "people/code.html", code=429, error=wait)
    parts.attempts.failed(key, parts.now())
    if not await _good(request, waiting.person, str(form.get("code", ""))[:40]):
        return page(request, "people/code.html", code=403, error=WRONG_CODE)
    if not await links.use(parts, waiting):
        return _late(request)
    parts.attempts.forget(key)
    return await arrive(request, waiting.person, local(str(waiting.detail.get("next", ""))))


def _late(request: Req) -> Response[str]:
    return told(
        request,
        "Give your password first",
        "A code is taken within ten minutes after the password, in the same browser.",
        code=410,
        action="/sign-in",
        word="Sign in",
    )


async def _good(request: Req, person: str, code: str) -> bool:
    parts = parts_of(request)
    factor = await factors.confirmed(parts, person)
    if factor is not None and await factors.take(parts, factor, code):
        return True
    return await factors.take_recovery(parts, person, code)


@get("/sign-in/nowhere", opt={"may": "sign in"})
async def nowhere(request: Req) -> Response[str]:
    """Tell somebody who belongs to no organisation what can be done."""
    return told(
        request,
        "You belong to no organization at present",
        "Your password is right, and your account is kept.",
        "Open the link of an invitation in this browser within ten minutes to accept it; later, sign in again first.",
        "Or register a company, bring a district, or found a consortium with the same email address.",
        action="/start",
        word="Ways to start",
    )


@post("/sign-out", opt={"may": "sign out"}, status_code=200)
async def sign_out(request: Req) -> Response[str]:
    """End the session everywhere."""
    who = signed_in(request)
    if who is not None:
        await leave(parts_of(request), who)
    return drop_cookie(see_other("/"))


@get("/demo", opt={"may": "enter demo"})
async def demo_page(request: Req) -> Response[str]:
    """List everybody one could be, in a demonstration on this machine."""
    _demo_only(request)
    parts = parts_of(request)
    console = at_console(parts.settings, request.headers.get("host", ""))
    people = [
        each for each in await parts.login.memberships() if not console or each[0].role in MAY["hold a key"]
    ]
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
            return await enter(request, held, "/today")
    raise plain(404, "There is no such person in this demonstration.")


def _demo_only(request: Req) -> None:
    if not shows_demo(request):
        raise plain(404, "There is no such page.")


ROUTES = [sign_in_page, sign_in, code_page, give_code, nowhere, sign_out, demo_page, demo_enter]
