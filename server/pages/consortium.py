"""A consortium's own page: its state, zone and letterhead, its districts, and those that ask or are invited."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from auction.demand import profile as profiles
from auction.demand.organisation import ChangeProfile
from auction.demand.profile import ConsortiumProfile
from auction.terms.faults import Fault, Faulty
from server.pages.answering import Req, page
from server.pages.changing_invitations import change
from server.pages.forming import by_field, done, not_done, note_of, who_of, zone_for
from server.parts import parts_of
from server.people import districts, invitations, register
from server.people.forms import Form
from server.people.states import ZONES, offered, on_record

KEEP = {"may": "manage consortium"}
HERE = "/consortium"


@get(HERE, opt={"may": "audit"})
async def consortium_page(request: Req, note: FromQuery[str] = "") -> Response[str]:
    """Show the consortium and its districts; only administrators find forms there."""
    return await _show(request, note=note)


async def _show(
    request: Req,
    faults: tuple[Fault, ...] = (),
    form: Any = None,
    place: str = "",
    note: str = "",
    code: int = 200,
) -> Response[str]:
    parts, who = parts_of(request), who_of(request).identity
    body = await register.body_of(parts, who.organisation_id)
    places = await districts.of_consortium(parts, who.organisation_id)
    joined = [each for each in places if each.state == "joined"]
    profile = body.profile if isinstance(body.profile, ConsortiumProfile) else ConsortiumProfile()
    return page(
        request,
        "people/consortium.html",
        code=code,
        nav="consortium",
        name=who.organisation_name,
        profile=profile,
        version=body.version,
        described=body.profile is not None,
        states=offered(parts, profile.state),
        on_record=on_record(parts),
        zones=ZONES,
        asking=[each for each in places if each.state == "asked"],
        joined=joined,
        past=[each for each in places if each.state in ("declined", "ended")],
        pupils=sum(each.enrolment or 0 for each in joined),
        invitations=[
            each for each in await invitations.open_ones(parts, who.organisation_id) if each.role is None
        ],
        lasts=invitations.LASTS.days,
        place=place,
        given={each: str(form.get(each, "")) for each in (*form,)} if form is not None else {},
        wrong=by_field(faults),
        done=note_of(request, note),
        zone=await zone_for(request),
    )


@post(f"{HERE}/profile", opt=KEEP, status_code=200)
async def change_profile(request: Req) -> Response[str]:
    """Keep the consortium's state, zone and letterhead."""
    parts, who, given = parts_of(request), who_of(request).identity, await request.form()
    form, version = Form(given), str(given.get("version", ""))
    profile = ConsortiumProfile(
        form.choice("state", offered(parts)),
        form.choice("zone", ZONES),
        form.lines("letterhead", profiles.LONGEST_LETTERHEAD),
    )
    known = int(version) if version.isdecimal() and len(version) < 9 else -1
    try:
        form.finish()
        wish = ChangeProfile(by=who.person_id, profile=profile, version=known)
        await register.tell(parts, who.organisation_id, wish)
    except Faulty as wrong:
        return await _show(request, wrong.faults, given, "profile", code=422)
    return done(request, HERE, "The profile is kept.")


@post(f"{HERE}/invite", opt=KEEP, status_code=200)
async def invite(request: Req) -> Response[str]:
    """Invite a district through somebody who buys for it."""
    parts, who, given = parts_of(request), who_of(request).identity, await request.form()
    form = Form(given)
    district, email = form.text("district"), form.email()
    try:
        form.finish()
        await invitations.invite_district(parts, who.organisation_id, who.person_id, email, district)
    except Faulty as wrong:
        return await _show(request, wrong.faults, given, "invite", code=422)
    return done(request, HERE, f"An invitation for {district} was sent to {email}.")


@post(f"{HERE}/invitations/{{invitation:str}}", opt=KEEP, status_code=200)
async def change_invitation(request: Req, invitation: FromPath[str]) -> Response[str]:
    """Withdraw a district's invitation, or send it again with a new link."""
    return await change(request, invitation, HERE)


@post(f"{HERE}/districts/{{district:str}}", opt=KEEP, status_code=200)
async def answer(request: Req, district: FromPath[str]) -> Response[str]:
    """Say yes to a district that asks, or no with the reason that it reads."""
    parts, who, given = parts_of(request), who_of(request).identity, await request.form()
    what, reason = str(given.get("do", "")), Form(given).text("reason", 500, required=False)
    said = {
        "admit": "The district belongs to the consortium now; its buyers are told.",
        "decline": "The request is declined; the district is told why.",
    }
    if what not in said:
        return not_done(request, HERE, [Fault("", "Choose what to do.")])
    try:
        why = reason if what == "decline" else None
        await districts.answer(parts, who.organisation_id, who.person_id, district, why)
    except Faulty as refused:
        return not_done(request, HERE, refused.faults)
    return done(request, HERE, said[what])


@post(f"{HERE}/end", opt=KEEP, status_code=200)
async def end(request: Req) -> Response[str]:
    """End a district's place, with the reason that it reads."""
    parts, who, given = parts_of(request), who_of(request).identity, await request.form()
    form = Form(given)
    district, reason = form.text("district"), form.text("reason", 500)
    try:
        form.finish()
        await districts.end(parts, who.organisation_id, who.person_id, district, reason)
    except Faulty as refused:
        return await _show(request, refused.faults, given, "end", code=422)
    return done(request, HERE, "The district no longer belongs to the consortium; it is told why.")


ROUTES = [consortium_page, change_profile, invite, change_invitation, answer, end]
