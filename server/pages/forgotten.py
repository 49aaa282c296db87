"""A forgotten password: a link to the account's own address, good once and for an hour."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath

from server.pages.answering import Req, drop_cookie, page, see_other
from server.pages.entering import client_of, count, told, too_often
from server.pages.forming import by_field
from server.parts import parts_of, signed_in
from server.people import accounts, links, mail, notifying, sessions
from server.people.forms import Form
from server.people.links import Link

OPEN = {"may": "sign in"}
OVER = {
    "unknown": "There is no such link",
    "used": "This link has been used already",
    "expired": "This link has expired",
}


@get("/forgot", opt=OPEN)
async def forgot_page(request: Req) -> Response[str]:
    """Ask for the address."""
    return page(request, "people/forgot.html", email="", wrong={})


@post("/forgot", opt=OPEN, status_code=200)
async def forgot(request: Req) -> Response[str]:
    """Send a link where there is an account; the answer is the same where there is none."""
    given = await request.form()
    form = Form(given)
    email = form.email()
    if form.faults:
        return page(
            request,
            "people/forgot.html",
            code=422,
            email=str(given.get("email", ""))[:320],
            wrong=by_field(form.faults),
        )
    if wait := too_often(request, f"forgot {email}"):
        return told(request, "Please wait", wait, code=429)
    count(request, f"forgot {email}")
    await _post(request, email)
    return told(
        request,
        "Look into your mailbox",
        f"If {email} belongs to an account, a link to set a new password is on its way. It works once, for one hour.",
        "Nothing came? Look into the folder for unwanted mail, or check that the address is the one you sign in with.",
        action="/sign-in",
        word="Back to sign in",
    )


async def _post(request: Req, email: str) -> None:
    parts, person = parts_of(request), await accounts.by_email(parts_of(request), email)
    if person is None:
        # About as much work as for somebody: how long the answer takes says nothing either.
        await links.make(parts, "nobody", None, links.RESET_LASTS)
        return
    token = await links.make(parts, "reset", person.id, links.RESET_LASTS)
    await mail.send(
        parts,
        "reset",
        person.email,
        parts.random(8).hex(),
        person=person.name,
        link=mail.address(parts, f"/reset/{token}"),
        expires=mail.until(parts.now() + links.RESET_LASTS),
    )


@get("/reset/{token:str}", opt=OPEN)
async def reset_page(request: Req, token: FromPath[str]) -> Response[str]:
    """Ask for the new password."""
    found = await _found(request, token)
    return found if isinstance(found, Response) else page(request, "people/reset.html", token=token, wrong={})


async def _found(request: Req, token: str) -> Link | Response[str]:
    """The open link, or the page that says why there is none."""
    parts, who = parts_of(request), signed_in(request)
    if wait := too_often(request):
        return told(request, "Please wait", wait, code=429)
    found = await links.look(parts, token, "reset")
    if found.state != "open":
        if found.state == "unknown":
            count(request)
        return told(
            request,
            OVER[found.state],
            "Each link sets a password once and works for an hour; a newer one ends those before. Ask for a new one.",
            code=404 if found.state == "unknown" else 410,
            action="/forgot",
            word="Send a new link",
        )
    if who is not None and who.identity.person_id != found.person:
        return told(
            request,
            "This link belongs to another account",
            f"You are signed in as {who.identity.person_name}. If the link was sent to you, sign out and open it again.",
            code=403,
        )
    return found


@post("/reset/{token:str}", opt=OPEN, status_code=200)
async def reset(request: Req, token: FromPath[str]) -> Response[str]:
    """Set the new password, end every session of the account, and lead to the door."""
    parts, found = parts_of(request), await _found(request, token)
    if isinstance(found, Response):
        return found
    person = await accounts.by_id(parts, found.person or "")
    assert person is not None
    form = Form(await request.form())
    password = form.password((person.name, person.email))
    if form.faults:
        return page(request, "people/reset.html", code=422, token=token, wrong=by_field(form.faults))
    if not await links.use(parts, found):
        return await reset_again(request, token)
    await accounts.set_password(parts, person.id, password)
    await accounts.confirm_email(parts, person.id)
    await links.void(parts, person.id)
    await sessions.end_all(parts, person.id)
    parts.attempts.forget(f"{client_of(request)} {person.email}")
    await notifying.changed(parts, person, "password")
    return drop_cookie(see_other("/sign-in?done=reset"))


async def reset_again(request: Req, token: str) -> Response[str]:
    """Somebody was faster with the same link."""
    found = await _found(request, token)
    assert isinstance(found, Response)
    return found


ROUTES = [forgot_page, forgot, reset_page, reset]
