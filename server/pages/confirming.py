"""A link that confirms an e-mail address: for a start here, a new address or the present one. Opening it changes nothing yet."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath

from auction.terms.faults import Fault, Faulty
from server.pages.answering import Req, page, see_other
from server.pages.entering import count, enter, step, told, too_often
from server.pages.forming import by_field, done
from server.parts import parts_of, signed_in
from server.people import accounts, links, notifying, starting
from server.people.forms import Form
from server.people.links import Link
from server.tables import Person

OPEN = {"may": "sign in"}
OVER = {
    "unknown": "There is no such link",
    "used": "This link has been used already",
    "expired": "This link has expired",
}
AGAIN = {
    "start": ("/start", "Start again"),
    "email": ("/account", "Your account"),
    "confirm": ("/account", "Your account"),
}


@get("/verify/{token:str}", opt=OPEN)
async def confirm_page(request: Req, token: FromPath[str]) -> Response[str]:
    """Show what is confirmed: programs that look into mail open links, so a press of a button counts alone."""
    found = await _found(request, token)
    return found if isinstance(found, Response) else await _show(request, token, found)


async def _found(request: Req, token: str) -> Link | Response[str]:
    parts = parts_of(request)
    if wait := too_often(request):
        return told(request, "Please wait", wait, code=429)
    found = await links.look(parts, token, "start", "email", "confirm")
    if found.state == "open":
        return found
    if found.state == "unknown":
        count(request)
    action, word = AGAIN.get(found.purpose, ("/start", "Start again"))
    return told(
        request,
        OVER[found.state],
        "Each link works once, for two days. If what it was for is not done, ask for a new one.",
        code=404 if found.state == "unknown" else 410,
        action=action,
        word=word,
    )


async def _who(request: Req, link: Link) -> tuple[Person | None, Person | None]:
    """The account that the address belongs to, and the same where its person is proven to be here."""
    parts, who = parts_of(request), signed_in(request)
    account = await accounts.by_email(parts, str(link.detail.get("email", "")))
    waiting = await step(request, "arrived") if who is None else None
    here = who.identity.person_id if who is not None else waiting.person if waiting is not None else None
    return account, account if account is not None and account.id == here else None


async def _show(request: Req, token: str, link: Link, faults: tuple[Fault, ...] = ()) -> Response[str]:
    account, here = await _who(request, link)
    return page(
        request,
        "people/confirm.html",
        code=422 if faults else 200,
        token=token,
        purpose=link.purpose,
        email=link.detail.get("email", ""),
        organisation=link.detail.get("organisation", ""),
        start=link.detail.get("kind", ""),
        known=account is not None,
        here=here is not None,
        another=signed_in(request) is not None and here is None,
        wrong=by_field(faults),
    )


@post("/verify/{token:str}", opt=OPEN, status_code=200)
async def confirm(request: Req, token: FromPath[str]) -> Response[str]:
    """Confirm."""
    found = await _found(request, token)
    if isinstance(found, Response):
        return found
    try:
        return await (_start if found.purpose == "start" else _address)(request, token, found)
    except Faulty as wrong:
        return await _show(request, token, found, wrong.faults)


async def _start(request: Req, token: str, link: Link) -> Response[str]:
    """Found the organisation, with a new account or with the one that is signed in."""
    parts, kind = parts_of(request), str(link.detail["kind"])
    account, here = await _who(request, link)
    if account is not None and here is None or (account is None and signed_in(request) is not None):
        return await _show(request, token, link)
    person = here.id if here is not None else await _new(request, link)
    body = await starting.finish(parts, link, person)
    membership = await parts.login.membership(person, body)
    assert membership is not None
    return await enter(request, membership, starting.HOME[starting.KINDS[kind]])


async def _new(request: Req, link: Link) -> str:
    parts, form = parts_of(request), Form(await request.form())
    name, email = str(link.detail["name"]), str(link.detail["email"])
    password = form.password((name, email))
    form.finish()
    return await accounts.create(parts, name, email, password, parts.now())


async def _address(request: Req, token: str, link: Link) -> Response[str]:
    """Take a new address, or confirm the present one; the old one is told."""
    parts, who, email = parts_of(request), signed_in(request), str(link.detail.get("email", ""))
    person = await accounts.by_id(parts, link.person or "")
    if person is None or not await links.use(parts, link):
        raise Faulty([Fault("", "This link has been used already.")])
    if link.purpose == "confirm":
        if person.email == email:
            await accounts.confirm_email(parts, person.id)
    else:
        await accounts.set_email(parts, person.id, email)
        await links.void(parts, person.id)
        await notifying.changed(parts, person, "email address")
    if who is not None and who.identity.person_id == person.id:
        return done(request, "/account", f"{email} is confirmed.")
    return see_other("/sign-in?done=confirmed")


ROUTES = [confirm_page, confirm]
