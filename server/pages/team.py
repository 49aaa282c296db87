"""The people of one's own organisation: inviting, roles, leaving. Nobody sees or changes those of another."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from auction.demand.organisation import ROLES
from auction.terms.faults import Fault, Faulty
from server.pages.answering import Req, page, see_other
from server.pages.changing_invitations import change
from server.pages.forming import by_field, done, not_done, note_of, who_of, zone_for
from server.parts import Parts, parts_of
from server.people import accounts, invitations, mail, members
from server.people.forms import Form
from server.roles import NAMES
from server.tables import Organisation

KEEP = {"may": "manage people"}
HERE = "/team"
MAY = {
    "admin": "keeps people and districts, and may do whatever a lead may",
    "lead": "prepares and runs events, awards",
    "second": "approves what a lead prepared, answers questions",
    "evaluator": "rates offers, and sees nothing else",
    "auditor": "reads everything, changes nothing",
    "buyer": "states needs, orders, keeps the district’s people and profile",
    "owner": "keeps the company and its people, bids",
    "signer": "bids, and binds the company by it",
    "preparer": "fills in schedules and drafts; cannot bid",
}
"""What each role may do, in half a sentence."""


@get(HERE, opt=KEEP)
async def team_page(request: Req, note: FromQuery[str] = "") -> Response[str]:
    """List the people and the open invitations."""
    return await _show(request, note=note)


async def _show(
    request: Req, faults: tuple[Fault, ...] = (), form: Any = None, note: str = "", code: int = 200
) -> Response[str]:
    parts, who = parts_of(request), who_of(request).identity
    people = await members.colleagues(parts, who.organisation_id)
    roles, keeper = ROLES[who.kind], ROLES[who.kind][0]
    last = [each.id for each in people if each.role == keeper]
    return page(
        request,
        "people/team.html",
        code=code,
        nav="team",
        people=[
            {"id": each.id, "name": each.name, "email": each.email, "role": each.role,
             "role_name": NAMES[each.role], "factor": each.factor, "seen": each.seen,
             "me": each.id == who.person_id, "kept": last == [each.id]}
            for each in people
        ],
        roles=[{"id": each, "name": NAMES[each], "may": MAY[each]} for each in roles],
        keeper=NAMES[keeper],
        invitations=[
            {"id": each.id, "email": each.email, "role_name": NAMES[each.role or ""], "expires": each.expires_at}
            for each in await invitations.open_ones(parts, who.organisation_id)
            if each.role is not None
        ],
        lasts=invitations.LASTS.days,
        given={name: str(form.get(name, "")) for name in ("email", "role")} if form is not None else {},
        wrong=by_field(faults),
        done=note_of(request, note),
        zone=await zone_for(request),
    )  # fmt: skip


@post(f"{HERE}/invite", opt=KEEP, status_code=200)
async def invite(request: Req) -> Response[str]:
    """Send somebody an invitation."""
    parts, who, given = parts_of(request), who_of(request).identity, await request.form()
    form = Form(given)
    email, role = form.email(), form.choice("role", ROLES[who.kind])
    try:
        form.finish()
        await invitations.invite_person(parts, who.organisation_id, who.person_id, email, role)
    except Faulty as wrong:
        return await _show(request, wrong.faults, given, code=422)
    return done(request, HERE, f"An invitation was sent to {email}.")


@post(f"{HERE}/invitations/{{invitation:str}}", opt=KEEP, status_code=200)
async def change_invitation(request: Req, invitation: FromPath[str]) -> Response[str]:
    """Withdraw an invitation of one's own organisation, or send it again with a new link."""
    return await change(request, invitation, HERE)


@post(f"{HERE}/people/{{person:str}}", opt=KEEP, status_code=200)
async def change_person(request: Req, person: FromPath[str]) -> Response[str]:
    """Give a colleague another role, or let them go."""
    parts, who, form = parts_of(request), who_of(request).identity, await request.form()
    removing, role = form.get("do") == "remove", str(form.get("role", ""))
    try:
        if removing:
            await members.remove(parts, who.organisation_id, who.person_id, person)
        else:
            await members.change_role(parts, who.organisation_id, who.person_id, person, role)
    except Faulty as refused:
        return not_done(request, HERE, refused.faults)
    if person == who.person_id:
        return see_other("/account")
    name = await _tell(parts, request, person, "removed" if removing else "role_changed", role)
    if removing:
        return done(request, HERE, f"{name} is removed; everything they had open here was ended.")
    return done(request, HERE, f"{name} is now {NAMES[role].lower()}.")


async def _tell(parts: Parts, request: Req, person: str, notice: str, role: str) -> str:
    """Let a colleague know, and return the name."""
    who, colleague = who_of(request).identity, await accounts.by_id(parts, person)
    assert colleague is not None
    organisation = await parts.database.read(
        lambda session: session.get_one(Organisation, who.organisation_id)
    )
    await mail.send(
        parts,
        notice,
        colleague.email,
        f"{who.organisation_id} {person} {parts.random(8).hex()}",
        organisation=organisation.name,
        role=NAMES.get(role, ""),
        inviter=who.person_name,
        person=colleague.name,
        link=mail.address(parts, "/account"),
    )
    return colleague.name


ROUTES = [team_page, invite, change_invitation, change_person]
