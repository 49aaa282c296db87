"""The company's page, whichever of its forms was sent: what is kept, and what was typed where it could not be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from litestar import Response

from auction.kernel import Command
from auction.refusals import Refusal
from auction.terms.faults import Fault
from bidders.certificates import CERTIFICATES
from bidders.company import CATEGORIES, PAYMENTS, STATES, TAX_CLASSES, Facts
from server.companies import company, contacts, tax
from server.login import Identity
from server.pages.admission.looking import record_of
from server.pages.answering import Req, ask, page, see_other
from server.parts import Parts, parts_of, signed_in

DUTIES = ("Bids and questions", "Orders and delivery", "Invoices and payment", "Emergencies")


def mine(request: Req) -> tuple[Parts, Identity, bytes]:
    """Who asks, for which company."""
    who = signed_in(request)
    assert who is not None
    return parts_of(request), who.identity, who.session


async def show(
    request: Req,
    *,
    form: Mapping[str, Any] | None = None,
    part: str = "",
    faults: Iterable[Fault] = (),
    note: dict[str, Any] | None = None,
) -> Response[str]:
    """Show the company; `part` says which form was sent, `form` what it held, `faults` what is wrong with it."""
    parts, identity, _ = mine(request)
    await parts.desk.at_rest()
    record, wrong = company(parts, identity.organisation_id), {each.path: each.message for each in faults}
    today = date.fromordinal(parts.now().toordinal())
    told = record_of(record, today)
    facts = record.facts or Facts(legal_name=identity.organisation_name)
    return page(
        request,
        "company/company.html",
        code=422 if wrong else 200,
        nav="company",
        facts=typed(form) if form is not None and part == "facts" else facts,
        stated=record.facts is not None,
        version=str(form.get("version", "")) if form is not None and part == "facts" else record.version,
        certificates=told["certificates"],
        checklist=told["checklist"],
        contacts=await contacts(parts, identity.organisation_id),
        tax=await tax(parts, identity.organisation_id),
        classes=TAX_CLASSES,
        categories=CATEGORIES,
        payments=PAYMENTS,
        states=STATES,
        kinds=CERTIFICATES,
        duties=DUTIES,
        form=form or {},
        part=part,
        faults=wrong,
        note=note,
    )


def typed(form: Any) -> Facts:
    """A form's facts, as they were typed."""

    def said(name: str, most: int = 300) -> str:
        return str(form.get(name, "")).strip()[:most]

    def address(path: str) -> Any:
        names = ("street", "more", "city", "state", "zip")
        given = {name: said(f"{path}.{name}", 130) for name in names}
        given["state"] = given["state"].upper()
        return type(Facts("").main)(**given)

    return Facts(
        legal_name=said("legal_name"),
        trade_name=said("trade_name"),
        tax_class=said("tax_class"),
        main=address("main"),
        remit=address("remit"),
        payment=said("payment"),
        website=said("website"),
        categories=tuple(str(each) for each in form.getall("categories", []))[:50],
        about=said("about", 2000),
    )


async def carried_out(
    request: Req, order: Command, told: str, form: Mapping[str, Any], part: str
) -> Response[str]:
    """Carry a command out and come back with what it came to."""
    parts, identity, session = mine(request)
    answer = await ask(parts, f"vendor/{identity.organisation_id}", order)
    if isinstance(answer, Refusal):
        return await show(request, form=form, part=part, faults=[Fault("form", answer.message)])
    await parts.projections.settled()
    note = parts.notes.leave(session, {"ok": True, "text": told})
    return see_other(f"/company?note={note}#{part}")
