"""A district's own page: its size and fiscal year, where goods go, and the consortia that it belongs to or asks."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, FromQuery
from sqlalchemy import select

from auction.demand import profile as profiles
from auction.demand.organisation import ChangeProfile
from auction.demand.places import usual_of
from auction.demand.profile import DistrictProfile, ShipTo
from auction.tender.solicitation import Document
from auction.terms.faults import Fault, Faulty
from server.files import LARGEST
from server.pages.answering import Req, page
from server.pages.forming import by_field, done, not_done, note_of, who_of, zone_for
from server.parts import parts_of
from server.people import districts, register, starting
from server.people.forms import Form
from server.people.states import MONTHS, offered
from server.tables import Organisation

KEEP = {"may": "manage district"}
HERE = "/district"
WITH_FILE = LARGEST + 64 * 1024
ADDRESS = ("name", "street", "city", "state", "zip", "note")


@get(HERE, opt=KEEP)
async def district_page(request: Req, note: FromQuery[str] = "", edit: FromQuery[str] = "") -> Response[str]:
    """Show the district as it describes itself; `edit` is the address to be changed."""
    return await _show(request, note=note, edit=edit)


async def _profile(request: Req) -> tuple[DistrictProfile, int]:
    """What the district said of itself so far, and which version it is; what a file said stands in where nothing was."""
    body = await register.body_of(parts_of(request), who_of(request).identity.organisation_id)
    if isinstance(body.profile, DistrictProfile):
        return body.profile, body.version
    row = await parts_of(request).database.read(
        lambda session: session.get_one(Organisation, who_of(request).identity.organisation_id)
    )
    size = row.detail.get("enrolment")
    return DistrictProfile(enrolment=size if isinstance(size, int) else None), body.version


async def _show(
    request: Req,
    faults: tuple[Fault, ...] = (),
    form: Any = None,
    place: str = "",
    note: str = "",
    edit: str = "",
    code: int = 200,
) -> Response[str]:
    """Show the page; `place` is the form that had the faults, which stand beside its fields."""
    parts, who = parts_of(request), who_of(request).identity
    profile, version = await _profile(request)
    for each in who.consortia:
        await register.enrol(parts, each)
    states = offered(parts, profile.state)
    places = await districts.of_district(parts, who.organisation_id)
    given = {name: str(form.get(name, "")) for name in (*form,)} if form is not None else {}
    return page(
        request,
        "people/district.html",
        code=code,
        nav="district",
        name=who.organisation_name,
        profile=profile,
        version=given.get("version", version) if place == "profile" else version,
        addresses=profile.ship_to,
        usual=usual_of(profile),
        edit=edit,
        states=states,
        postal={code.removeprefix("US-"): name for code, name in states.items()},
        months=MONTHS,
        places=places,
        open_to=await _others(request, {each.other for each in places if each.state in ("asked", "joined")}),
        place=place,
        given=given,
        wrong=by_field(faults),
        done=note_of(request, note),
        zone=await zone_for(request),
    )


async def _others(request: Req, taken: set[str]) -> list[dict[str, str]]:
    wanted = select(Organisation).where(Organisation.kind == "consortium").order_by(Organisation.name)
    rows = await parts_of(request).database.read(lambda session: session.execute(wanted).scalars().all())
    return [{"id": each.id, "name": each.name} for each in rows if each.id not in taken]


async def _keep(request: Req, form: Form, profile: DistrictProfile, version: int | None) -> None:
    """Put the profile in place of the one that the form was made from; raises `Faulty`."""
    who = who_of(request).identity
    form.finish()
    wish = ChangeProfile(by=who.person_id, profile=profile, version=version or 0)
    await register.tell(parts_of(request), who.organisation_id, wish)


def _version(form: Any) -> int:
    text = str(form.get("version", ""))
    return int(text) if text.isdecimal() and len(text) < 9 else -1


@post(f"{HERE}/profile", opt=KEEP, status_code=200)
async def change_profile(request: Req) -> Response[str]:
    """Keep the district's size, state and fiscal year."""
    given = await request.form()
    form, (before, _) = Form(given), await _profile(request)
    month = form.choice("fiscal_month", map(str, range(1, 13)))
    profile = msgspec.structs.replace(
        before,
        state=form.choice("state", offered(parts_of(request), before.state)),
        enrolment=form.whole("enrolment", profiles.LARGEST_DISTRICT, required=True),
        fiscal_month=int(month) if month.isdecimal() else 7,
    )
    try:
        await _keep(request, form, profile, _version(given))
    except Faulty as wrong:
        return await _show(request, wrong.faults, given, "profile", code=422)
    return done(request, HERE, "The profile is kept.")


@post(f"{HERE}/addresses", opt=KEEP, status_code=200)
async def add_address(request: Req) -> Response[str]:
    """Add a place where goods go."""
    given, (before, version) = await request.form(), await _profile(request)
    form = Form(given)
    address = _address(form, profiles.next_id(before))
    profile = msgspec.structs.replace(before, ship_to=(*before.ship_to, address))
    try:
        await _keep(request, form, profile, version)
    except Faulty as wrong:
        return await _show(request, wrong.faults, given, "new", code=422)
    return done(request, f"{HERE}", f"{address.name} is added as {address.id}.")


def _address(form: Form, id: str) -> ShipTo:
    """Read an address; all of its faults are noted beside their fields."""
    name, street, city, state, zip, note = (
        form.text(each, profiles.LONGEST_LINE, required=False) for each in ADDRESS
    )
    address = ShipTo(id, name, street, city, state, zip, note)
    form.faults = list(profiles.address_faults("", address))
    return address


@post(f"{HERE}/addresses/{{address:str}}", opt=KEEP, status_code=200)
async def change_address(request: Req, address: FromPath[str]) -> Response[str]:
    """Correct an address, close it for new needs, or open it again."""
    given, (before, version) = await request.form(), await _profile(request)
    held = next((each for each in before.ship_to if each.id == address), None)
    if held is None:
        return not_done(request, HERE, [Fault("", "There is no such address.")])
    form, what = Form(given), given.get("do", "keep")
    usual = held.id if what == "usual" else before.usual
    changed = (
        msgspec.structs.replace(held, closed=what == "close" if what != "usual" else held.closed)
        if what in ("close", "open", "usual")
        else msgspec.structs.replace(_address(form, held.id), closed=held.closed)
    )
    ship_to = tuple(changed if each.id == address else each for each in before.ship_to)
    try:
        await _keep(request, form, msgspec.structs.replace(before, ship_to=ship_to, usual=usual), version)
    except Faulty as wrong:
        return await _show(request, wrong.faults, given, address, edit=address, code=422)
    said = SAID.get(str(what), "is kept")
    return done(request, HERE, f"{changed.name} ({changed.id}) {said}.")


SAID = {
    "close": "is closed: new needs cannot name it",
    "open": "is open again",
    "usual": "is the usual place from now on",
}


# --- consortia -------------------------------------------------------------------------------------------------------------


async def _resolution(request: Req, form: Any, required: bool) -> Document | None:
    """The board's resolution, kept by its content; raises `Faulty`."""
    given = form.get("resolution")
    if not isinstance(given, UploadFile) or not given.filename:
        if required:
            raise Faulty([Fault("resolution", "needs a file; choose one")])
        return None
    try:
        document = await parts_of(request).files.keep(given.filename, await given.read())
    except Faulty as wrong:
        raise Faulty([Fault("resolution", f"{each.path} {each.message}") for each in wrong.faults]) from None
    if document.media != "application/pdf":
        raise Faulty([Fault("resolution", "must be a PDF")])
    return document


@post(f"{HERE}/join", opt=KEEP, status_code=200, request_max_body_size=WITH_FILE)
async def ask_to_join(request: Req) -> Response[str]:
    """Ask a consortium for a place, with the board's resolution where there is one already."""
    parts, who, given = parts_of(request), who_of(request).identity, await request.form()
    consortium = str(given.get("consortium", ""))
    try:
        if consortium not in {each["id"] for each in await _others(request, set())}:
            raise Faulty([Fault("consortium", "must be chosen from the list")])
        document = await _resolution(request, given, required=False)
        hashed = document.hash if document is not None else ""
        if document is not None:
            await districts.let_read(parts, consortium, who.organisation_id, document)
        await starting.ask(parts, who.person_id, who.organisation_id, consortium, hashed)
    except Faulty as wrong:
        return await _show(request, wrong.faults, {"consortium": consortium}, "join", code=422)
    return done(request, HERE, "Your request is on its way; its administrators will answer.")


@post(f"{HERE}/resolution/{{consortium:str}}", opt=KEEP, status_code=200, request_max_body_size=WITH_FILE)
async def file_resolution(request: Req, consortium: FromPath[str]) -> Response[str]:
    """File the board's resolution for a consortium that one belongs to or asks."""
    parts, who, given = parts_of(request), who_of(request).identity, await request.form()
    try:
        document = await _resolution(request, given, required=True)
        assert document is not None
        await districts.file_resolution(parts, consortium, who.person_id, who.organisation_id, document)
    except Faulty as wrong:
        return not_done(request, HERE, wrong.faults)
    return done(request, HERE, "The resolution is filed; the consortium can read it.")


@post(f"{HERE}/leave/{{consortium:str}}", opt=KEEP, status_code=200)
async def leave(request: Req, consortium: FromPath[str]) -> Response[str]:
    """Leave a consortium, with the reason."""
    parts, who, form = parts_of(request), who_of(request).identity, Form(await request.form())
    reason = form.text("reason", 500, required=False)
    try:
        await districts.end(parts, consortium, who.person_id, who.organisation_id, reason)
    except Faulty as wrong:
        return not_done(request, HERE, wrong.faults)
    return done(request, HERE, "Your district no longer belongs to the consortium.")


ROUTES = [
    district_page,
    change_profile,
    add_address,
    change_address,
    ask_to_join,
    file_resolution,
    leave,
]
