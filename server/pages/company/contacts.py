"""Whom to turn to at a company: names and addresses lie in the house's own table, the journal knows their ids."""

from __future__ import annotations

import re

from litestar import Response, post
from litestar.params import FromPath
from sqlalchemy import delete, func, select

from auction.terms.faults import Fault
from bidders.registry import NameContact, RemoveContact
from server.pages.answering import Req, plain
from server.pages.company.showing import DUTIES, carried_out, mine, show
from server.tables import VendorContact

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
PHONE = re.compile(r"\+?[0-9 ().x-]{7,30}")


@post("/company/contacts", opt={"may": "manage company"}, status_code=200)
async def name(request: Req) -> Response[str]:
    """Name somebody."""
    parts, identity, _ = mine(request)
    form = await request.form()
    said = {each: str(form.get(each, "")).strip()[:120] for each in ("name", "duty", "email", "phone")}
    found = faults(said)
    if found:
        return await show(request, form=said, part="contacts", faults=found)
    contact = f"k-{parts.random(8).hex()}"
    async with parts.database.session.begin() as session:
        mine_ = VendorContact.organisation_id == identity.organisation_id
        last = (await session.execute(select(func.max(VendorContact.place)).where(mine_))).scalar()
        session.add(
            VendorContact(id=contact, organisation_id=identity.organisation_id, place=(last or 0) + 1, **said)
        )
    order = NameContact(by=identity.person_id, contact=contact, duty=said["duty"])
    answer = await carried_out(request, order, f"{said['name']} is named.", said, "contacts")
    if answer.status_code != 303:
        await _drop(request, contact)
    return answer


def faults(said: dict[str, str]) -> list[Fault]:
    """What is wrong with a contact, by its fields."""
    found = []
    if not said["name"]:
        found.append(Fault("name", "is needed"))
    if said["duty"] not in DUTIES:
        found.append(Fault("duty", "is needed: choose one of the list"))
    if not EMAIL.fullmatch(said["email"]):
        found.append(Fault("email", "must be an e-mail address, such as bids@example.com"))
    if said["phone"] and not PHONE.fullmatch(said["phone"]):
        found.append(Fault("phone", "must be a telephone number, such as 717 555 0100"))
    return found


@post("/company/contacts/{contact_id:str}/remove", opt={"may": "manage company"}, status_code=200)
async def remove(request: Req, contact_id: FromPath[str]) -> Response[str]:
    """Remove somebody; their name and addresses are gone for good."""
    _, identity, _ = mine(request)
    if not await _drop(request, contact_id):
        raise plain(404, "There is no such contact.")
    order = RemoveContact(by=identity.person_id, contact=contact_id)
    return await carried_out(request, order, "The contact is removed.", {}, "contacts")


async def _drop(request: Req, contact: str) -> bool:
    parts, identity, _ = mine(request)
    mine_ = (VendorContact.id == contact, VendorContact.organisation_id == identity.organisation_id)
    async with parts.database.session.begin() as session:
        if (await session.execute(select(VendorContact.id).where(*mine_))).scalar() is None:
            return False
        await session.execute(delete(VendorContact).where(*mine_))
    return True


ROUTES = [name, remove]
