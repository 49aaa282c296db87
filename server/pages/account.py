"""A person's own account: name, e-mail address, password, and the organisations to be in."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.params import FromQuery

from auction.terms.faults import Fault, Faulty
from server.pages.answering import Req, page, see_other
from server.pages.entering import enter, wait_words
from server.pages.forming import by_field, done, not_done, note_of, who_of
from server.parts import parts_of
from server.people import accounts, factors, links, mail, members, notifying, sessions
from server.people.forms import Form
from server.roles import NAMES
from server.tables import Person

OWN = {"may": "own account"}
NEVER_SET = "was never set; choose one by way of “Forgotten password?” on the sign-in page"


@get("/account", opt=OWN)
async def account_page(request: Req, note: FromQuery[str] = "") -> Response[str]:
    """Show the account."""
    return await _show(request, note=note)


async def _show(
    request: Req,
    faults: tuple[Fault, ...] = (),
    form: Any = None,
    note: str = "",
    code: int = 200,
    open: str = "",
) -> Response[str]:
    parts, who = parts_of(request), who_of(request).identity
    person = await me(request)
    return page(
        request,
        "people/account.html",
        code=code,
        nav="account",
        person={"name": person.name, "email": person.email, "verified": person.email_verified_at is not None},
        given={each: str(form.get(each, "")) for each in ("name", "email")} if form is not None else {},
        wrong=by_field(faults),
        open=open,
        held=[
            {"id": each.organisation, "name": each.name, "role": NAMES.get(each.role, each.role),
             "here": each.organisation == who.organisation_id}
            for each in await accounts.held(parts, person.id)
        ],
        factor=await factors.confirmed(parts, person.id) is not None,
        sessions=len(await sessions.open_ones(parts, person.id)),
        done=note_of(request, note),
    )  # fmt: skip


async def me(request: Req) -> Person:
    """The person who is signed in."""
    person = await accounts.by_id(parts_of(request), who_of(request).identity.person_id)
    assert person is not None
    return person


async def right_password(request: Req, form: Form, name: str = "current") -> None:
    """Note a fault unless the form holds the person's own password; guessing is slowed down."""
    parts, person = parts_of(request), await me(request)
    if person.password_hash is None:
        form.fault(name, NEVER_SET)
        return
    key = f"own password {person.id}"
    wait = wait_words(parts, key)
    if wait is not None:
        form.fault(name, wait)
        return
    parts.attempts.failed(key, parts.now())
    if await parts.login.check(person.email, form.secret(name)) is None:
        form.fault(name, "is not your password")
    else:
        parts.attempts.forget(key)


@post("/account/name", opt=OWN, status_code=200)
async def change_name(request: Req) -> Response[str]:
    """Call oneself by another name."""
    given = await request.form()
    form = Form(given)
    name = form.text("name")
    if form.faults:
        return await _show(request, tuple(form.faults), given, code=422, open="name")
    await accounts.set_name(parts_of(request), who_of(request).identity.person_id, name)
    return done(request, "/account", "Your name is changed.")


@post("/account/email", opt=OWN, status_code=200)
async def change_email(request: Req) -> Response[str]:
    """Send a link to a new address; it takes the old one's place when the link is opened."""
    parts, given, person = parts_of(request), await request.form(), await me(request)
    form = Form(given)
    email = form.email()
    await right_password(request, form)
    if email == person.email:
        form.fault("email", "is your address already")
    if form.faults:
        return await _show(request, tuple(form.faults), given, code=422, open="email")
    if await accounts.by_email(parts, email) is None:
        await _post_link(request, person, "email", email)
    return done(request, "/account", f"Open the link that was sent to {email}; until then nothing changes.")


async def _post_link(request: Req, person: Person, purpose: str, email: str) -> None:
    parts = parts_of(request)
    token = await links.make(parts, purpose, person.id, links.CONFIRM_LASTS, email=email)
    await mail.send(
        parts,
        "verify",
        email,
        parts.random(8).hex(),
        person=person.name,
        link=mail.address(parts, f"/verify/{token}"),
        expires=mail.until(parts.now() + links.CONFIRM_LASTS),
    )


@post("/account/verify", opt=OWN, status_code=200)
async def send_verification(request: Req) -> Response[str]:
    """Send a link to the present address, so that it counts as confirmed."""
    parts, person = parts_of(request), await me(request)
    key = f"verify {person.id}"
    if wait := wait_words(parts, key):
        return done(request, "/account", wait, ok=False)
    parts.attempts.failed(key, parts.now())
    if person.email_verified_at is None:
        await _post_link(request, person, "confirm", person.email)
    return done(request, "/account", f"A link was sent to {person.email}.")


@post("/account/password", opt=OWN, status_code=200)
async def change_password(request: Req) -> Response[str]:
    """Take another password; everybody else who is signed in with this account has to sign in again."""
    parts, given, person = parts_of(request), await request.form(), await me(request)
    form = Form(given)
    await right_password(request, form)
    password = form.password((person.name, person.email))
    if form.faults:
        return await _show(request, tuple(form.faults), code=422, open="password")
    await accounts.set_password(parts, person.id, password)
    await links.void(parts, person.id)
    await sessions.end_all(parts, person.id, spare=who_of(request).session)
    await notifying.changed(parts, person, "password")
    return done(request, "/account", "Your password is changed; every other session was ended.")


@post("/account/switch", opt=OWN, status_code=200)
async def switch(request: Req) -> Response[str]:
    """Be in another organisation from now on; windows of the one before are shut."""
    parts, form = parts_of(request), await request.form()
    wanted = str(form.get("organisation", ""))
    membership = await parts.login.membership(who_of(request).identity.person_id, wanted)
    if membership is None:
        return not_done(request, "/account", [Fault("", "You do not belong to that organization.")])
    return await enter(request, membership, "/today")


@post("/account/leave", opt=OWN, status_code=200)
async def leave(request: Req) -> Response[str]:
    """Leave the organisation that one is in."""
    parts, who, form = parts_of(request), who_of(request).identity, await request.form()
    if form.get("organisation") != who.organisation_id:
        return not_done(request, "/account", [Fault("", "You are in another organization now; look again.")])
    try:
        await members.remove(parts, who.organisation_id, who.person_id, who.person_id)
    except Faulty as refused:
        return not_done(request, "/account", refused.faults)
    membership = await parts.login.membership(who.person_id)
    return (
        see_other("/sign-in?done=left")
        if membership is None
        else await enter(request, membership, "/account")
    )


ROUTES = [
    account_page,
    change_name,
    change_email,
    send_verification,
    change_password,
    switch,
    leave,
]
