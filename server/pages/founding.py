"""Starting here: found a consortium, register a company, bring a district. Nothing is founded before the address is confirmed."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from sqlalchemy import select

from server.pages.answering import Req, page, see_other
from server.pages.entering import count, told, too_often
from server.pages.forming import by_field
from server.parts import parts_of, signed_in
from server.people import accounts, links, starting
from server.people.forms import Form
from server.people.states import ZONES, offered
from server.tables import Organisation

OPEN = {"may": "sign in"}
LARGEST_DISTRICT = 2_000_000
FIELDS = ("name", "email", "organisation", "state", "zone", "enrolment", "consortium")


@get("/start", opt=OPEN)
async def start_page(request: Req) -> Response[str]:
    """Show the ways to start."""
    return page(request, "people/start.html")


async def _show(request: Req, kind: str, form: Any = None, faults: Any = ()) -> Response[str]:
    who, parts = signed_in(request), parts_of(request)
    given = {each: str(form.get(each, "")) for each in FIELDS} if form is not None else {}
    if form is None and who is not None:
        person = await accounts.by_id(parts, who.identity.person_id)
        given = {"name": who.identity.person_name, "email": person.email if person is not None else ""}
    return page(
        request,
        "people/found.html",
        code=422 if faults else 200,
        kind=kind,
        given=given,
        wrong=by_field(faults),
        states=offered(parts_of(request)),
        zones=ZONES,
        consortia=await _consortia(request) if kind == "join" else [],
    )


async def _consortia(request: Req) -> list[tuple[str, str]]:
    """Every consortium that a district may ask."""
    wanted = select(Organisation).where(Organisation.kind == "consortium").order_by(Organisation.name)
    rows = await parts_of(request).database.read(lambda session: session.execute(wanted).scalars().all())
    return [(each.id, each.name) for each in rows]


async def _begin(request: Req, kind: str) -> Response[str]:
    """Send the link, whether the address is known or not."""
    parts, given = parts_of(request), await request.form()
    form = Form(given)
    detail: dict[str, Any] = {
        "name": form.text("name"),
        "organisation": form.text("organisation"),
    }
    email = form.email()
    if kind != "register":
        detail["state"] = form.choice("state", offered(parts))
    if kind == "found":
        if detail["organisation"].casefold() in {name.casefold() for _, name in await _consortia(request)}:
            form.fault("organisation", "is here already; ask its administrators for an invitation")
        detail["zone"] = form.choice("zone", ZONES)
    if kind == "join":
        detail["enrolment"] = form.whole("enrolment", LARGEST_DISTRICT, required=True)
        detail["consortium"] = form.choice("consortium", dict(await _consortia(request)))
    if form.faults:
        return await _show(request, kind, given, form.faults)
    if wait := too_often(request, f"start {email}"):
        return told(request, "Please wait", wait, code=429)
    count(request, f"start {email}")
    await starting.begin(parts, kind, email, **detail)
    return told(
        request,
        "Look into your mailbox",
        f"A link was sent to {email}. Open it within {links.CONFIRM_LASTS.days * 24} hours to go on; until then nothing happens.",
        "Nothing came? Look into the folder for unwanted mail, or start again and check the address.",
    )


@get("/found", opt=OPEN)
async def found_page(request: Req) -> Response[str]:
    """Ask what is needed to found a consortium."""
    return await _show(request, "found")


@post("/found", opt=OPEN, status_code=200)
async def found(request: Req) -> Response[str]:
    """Begin to found a consortium."""
    return await _begin(request, "found")


@get("/register", opt=OPEN)
async def register_page(request: Req) -> Response[str]:
    """Ask what is needed to register a company."""
    return await _show(request, "register")


@post("/register", opt=OPEN, status_code=200)
async def register(request: Req) -> Response[str]:
    """Begin to register a company."""
    return await _begin(request, "register")


@get("/join", opt=OPEN)
async def join_page(request: Req) -> Response[str]:
    """Ask what is needed to bring a district; whoever buys for one asks on its own page."""
    who = signed_in(request)
    if who is not None and who.identity.kind == "district":
        return see_other("/district#join")
    return await _show(request, "join")


@post("/join", opt=OPEN, status_code=200)
async def join(request: Req) -> Response[str]:
    """Begin to bring a district."""
    return await _begin(request, "join")


ROUTES = [start_page, found_page, found, register_page, register, join_page, join]
