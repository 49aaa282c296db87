"""A company's facts and its tax number: of the number only the last four digits are kept, and a keyed hash."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromQuery

from auction.terms.faults import Fault
from bidders.company import faults
from bidders.registry import NoteTaxNumber, StateFacts
from server.companies import keyed, tax_number
from server.pages.answering import Req
from server.pages.company.showing import carried_out, mine, show, typed
from server.tables import VendorTax


@get("/company", opt={"may": "manage company"})
async def company_page(request: Req, note: FromQuery[str] = "") -> Response[str]:
    """Show the company."""
    parts, _, session = mine(request)
    return await show(request, note=parts.notes.read(session, note))


@post("/company", opt={"may": "manage company"}, status_code=200)
async def state(request: Req) -> Response[str]:
    """Say what the company is; where another owner said something else meanwhile, nothing is overwritten."""
    form = await request.form()
    _, identity, _ = mine(request)
    given, base = typed(form), str(form.get("version", ""))
    found = list(faults(given))
    if found:
        return await show(request, form=form, part="facts", faults=found)
    order = StateFacts(
        by=identity.person_id, facts=given, base=int(base) if base.isdecimal() and len(base) < 9 else -1
    )
    return await carried_out(request, order, "The company’s facts are saved.", form, "facts")


@post("/company/tax", opt={"may": "manage company"}, status_code=200)
async def tax(request: Req) -> Response[str]:
    """Take the tax number; it is kept nowhere as a whole, and never shown again."""
    parts, identity, _ = mine(request)
    form = await request.form()
    kind = str(form.get("kind", ""))
    digits = tax_number(str(form.get("number", ""))[:40], kind)
    if isinstance(digits, Fault):
        return await show(request, form={"kind": kind}, part="tax", faults=[digits])
    async with parts.database.session.begin() as session:
        await session.merge(
            VendorTax(
                organisation_id=identity.organisation_id,
                kind=kind,
                last4=digits[-4:],
                keyed_hash=keyed(parts.known.secret, digits),
                stated_at=parts.now(),
                stated_by=identity.person_id,
            )
        )
    order = NoteTaxNumber(by=identity.person_id, kind="ein" if kind == "ein" else "ssn")
    return await carried_out(request, order, "The tax number is noted.", {}, "tax")


ROUTES = [company_page, state, tax]
