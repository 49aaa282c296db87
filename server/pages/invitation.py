"""An invitation's page: a new account, or one more membership for somebody who has one and is signed in with it."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath

from auction.terms.faults import Fault, Faulty
from server.pages.answering import Req, page
from server.pages.entering import count, enter, step, told, too_often
from server.pages.forming import by_field
from server.parts import parts_of, signed_in
from server.people import accounts, invitations, mail, starting
from server.people.forms import Form
from server.people.invitations import Invited
from server.people.states import offered
from server.roles import NAMES
from server.tables import Organisation, Person

OVER = {
    "accepted": "This invitation has been accepted already",
    "withdrawn": "This invitation was withdrawn",
    "expired": "This invitation has expired",
}


class Guest(msgspec.Struct, frozen=True):
    """Who opens an invitation: `person` is proven, `known` says the address has an account, `other` that it is another's."""

    person: Person | None
    known: bool
    other: bool


@get("/invitations/{token:str}", opt={"may": "sign in"})
async def invitation_page(request: Req, token: FromPath[str]) -> Response[str]:
    """Show what one is invited to, and what is needed to accept it."""
    found = await _found(request, token)
    return found if isinstance(found, Response) else await _show(request, token, found)


async def _found(request: Req, token: str) -> Invited | Response[str]:
    """The open invitation, or the page that says why there is none; guessing is slowed down."""
    parts = parts_of(request)
    if wait := too_often(request):
        return told(request, "Please wait", wait, code=429)
    found = await invitations.find(parts, token)
    if found is None:
        count(request)
        return told(
            request,
            "There is no such invitation",
            "The link may have been cut off in the letter. Open it again, or ask whoever invited you for a new one.",
            code=404,
        )
    if found.state != "open":
        return told(
            request,
            OVER[found.state],
            "If you accepted it yourself, sign in. Otherwise ask whoever invited you for a new one.",
            code=410,
            action="/sign-in",
            word="Sign in",
        )
    return found


async def _guest(request: Req, invited: Invited) -> Guest:
    parts, who = parts_of(request), signed_in(request)
    account = await accounts.by_email(parts, invited.email)
    waiting = await step(request, "arrived") if who is None else None
    here = who.identity.person_id if who is not None else waiting.person if waiting is not None else None
    if account is None or here is None:
        return Guest(None, account is not None, here is not None)
    return Guest(account if account.id == here else None, True, account.id != here)


async def _show(
    request: Req, token: str, invited: Invited, faults: tuple[Fault, ...] = (), form: Any = None
) -> Response[str]:
    guest = await _guest(request, invited)
    districts = []
    if guest.person is not None and invited.role is None:
        districts = await _own_districts(request, guest.person.id)
    return page(
        request,
        "people/invitation.html",
        code=422 if faults else 200,
        token=token,
        organisation=invited.organisation_name,
        role=NAMES[invited.role] if invited.role is not None else None,
        district=invited.district,
        email=invited.email if guest.person is not None or not guest.known else mail.masked(invited.email),
        masked=mail.masked(invited.email),
        guest=guest,
        districts=districts,
        states=offered(parts_of(request)),
        given={name: str(form.get(name, "")) for name in ("name", "district", "state")} if form else {},
        wrong=by_field(faults),
    )


async def _own_districts(request: Req, person: str) -> list[dict[str, str]]:
    held = await accounts.held(parts_of(request), person)
    return [{"id": each.organisation, "name": each.name} for each in held if each.kind == "district"]


@post("/invitations/{token:str}", opt={"may": "sign in"}, status_code=200)
async def accept(request: Req, token: FromPath[str]) -> Response[str]:
    """Accept: once, by whoever the address belongs to."""
    parts, given = parts_of(request), await request.form()
    invited = await _found(request, token)
    if isinstance(invited, Response):
        return invited
    guest, form = await _guest(request, invited), Form(given)
    if guest.other or (guest.known and guest.person is None):
        return await _show(request, token, invited)
    try:
        person = await _person(request, form, invited, guest)
        organisation = await _join(request, form, invited, person)
    except Faulty as wrong:
        return await _show(request, token, invited, wrong.faults, given)
    membership = await parts.login.membership(person, organisation)
    assert membership is not None
    body = await parts.database.read(lambda session: session.get_one(Organisation, organisation))
    return await enter(request, membership, starting.HOME[body.kind] if invited.role is None else "/today")


async def _person(request: Req, form: Form, invited: Invited, guest: Guest) -> str:
    """The person who accepts, with a new account where there is none; everything in the form is judged before."""
    parts = parts_of(request)
    if guest.person is None:
        name = form.text("name")
        password = form.password((name, invited.email))
    if invited.role is None and not form.secret("own"):
        form.text("district")
        form.choice("state", offered(parts))
    form.finish()
    if guest.person is not None:
        return guest.person.id
    return await accounts.create(parts, name, invited.email, password, parts.now())


async def _join(request: Req, form: Form, invited: Invited, person: str) -> str:
    """Join as a person, or with a district: one of one's own, or a new one. Returns where the person is then."""
    parts = parts_of(request)
    if invited.role is not None:
        await invitations.accept(parts, invited, person)
        return invited.organisation
    own = form.secret("own")
    if own and own not in {each["id"] for each in await _own_districts(request, person)}:
        raise Faulty([Fault("own", "must be one of your own districts")])
    state = form.secret("state")
    district = own or await starting.found(parts, person, "district", form.text("district"), {"state": state})
    await invitations.accept(parts, invited, person, district)
    return district


ROUTES = [invitation_page, accept]
