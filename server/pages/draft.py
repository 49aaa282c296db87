"""A draft before a lead's eyes: what keeps it from being published, and publishing it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from litestar import Response
from sqlalchemy import select

from auction.consequences import prepare
from auction.live import preparing
from auction.live.rule_card import card
from auction.refusals import Refusal
from auction.tender.solicitation import Solicitation, Vendor
from auction.tender.tender import CancelTender, DraftTender, PublishTender, publish_faults, published
from auction.terms import rules
from auction.terms.faults import Fault
from server.pages.answering import Req, ask, page, see_other
from server.pages.showing import Shown, event_of, lot_of, viewer
from server.parts import Parts, parts_of, signed_in
from server.presenting import known_zone, local_time, zone_of
from server.tables import Organisation

FORM = ("opens", "closes", "vendors")
"""What the form itself asks for; everything else is the draft's own fault."""
NAMES = {"opens": "The opening", "closes": "The first close", "vendors": "The list of admitted vendors"}


async def show(request: Req, shown: Shown, error: str | None = None, form: Any = None) -> Response[str]:
    """Show the draft, with what the form held when it could not be published."""
    parts, who = parts_of(request), signed_in(request)
    document = await _with_vendors(parts, shown.document)
    try:
        parsed = rules.parse(document.rules, "rules")
    except rules.BadRules:
        parsed = None
    return page(
        request,
        "draft.html",
        code=200 if error is None else 422,
        nav="console",
        event=event_of(shown, viewer(who.identity if who is not None else None, None, document.owner)),
        lots=[lot_of(lot) for lot in document.lots],
        vendors=[
            {"id": each.id, "name": each.name, "lots": None if each.lots is None else len(each.lots)}
            for each in document.vendors
        ],
        admitted=form.getall("vendors", []) if form is not None else None,
        districts=len(document.districts),
        unmapped=document.unmapped,
        faults=[fault for fault in _faults(document, parts.now()) if fault.path not in FORM],
        error=error,
        opens=str(form.get("opens", "")) if form is not None else _local(document.opens, document.zone),
        closes=str(form.get("closes", "")) if form is not None else _local(document.closes, document.zone),
        rule_card=card(parsed, document.lots[0].ceiling if document.lots else None) if parsed else (),
        rules_hash=parsed.hash if parsed else "",
    )


def _local(time: datetime | None, zone: str) -> str:
    return "" if time is None else time.astimezone(zone_of(zone)).strftime("%Y-%m-%dT%H:%M")


def _faults(document: Solicitation, now: datetime) -> list[Fault]:
    """Name everything that keeps a draft from being published, whichever times it is given."""
    opens = document.opens or now + timedelta(hours=1)
    closes = document.closes or max(opens, now) + timedelta(hours=1)
    timed = msgspec.structs.replace(document, opens=opens, closes=closes)
    return [fault for fault in all_faults(timed, now) if fault.path not in ("opens", "closes")]


def all_faults(document: Solicitation, now: datetime) -> list[Fault]:
    """Every fault of a document with both of its times: its own, its rules', its zone's, its room's."""
    found = publish_faults(document, now)
    if not known_zone(document.zone):
        found.append(
            Fault("zone", f"there is no time zone {document.zone!r}; name one such as America/New_York")
        )
    if not found:
        found += preparing.faults(prepare(document, "host", "", None))
    return found


async def _with_vendors(parts: Parts, document: Solicitation) -> Solicitation:
    """A document that names no vendors may admit any that is registered."""
    if document.vendors:
        return document
    async with parts.database.session() as session:
        wanted = select(Organisation).where(Organisation.kind == "vendor").order_by(Organisation.name)
        rows = (await session.execute(wanted)).scalars().all()
    return msgspec.structs.replace(document, vendors=tuple(Vendor(row.id, row.name) for row in rows))


async def publish(request: Req, shown: Shown, by: str) -> Response[str]:
    """Publish the draft with the form's times and vendors, or show everything that is wrong."""
    parts, form = parts_of(request), await request.form()
    if shown.tender.status != "draft":
        return await _note(parts, request, shown, False, "This event has been published already.")
    document = await _with_vendors(parts, shown.document)
    chosen = tuple(str(each) for each in form.getall("vendors", []))
    opens, closes = (local_time(str(form.get(name, "")), document.zone) for name in ("opens", "closes"))
    wrong = [
        f"{NAMES[name]} {time}."
        for name, time in (("opens", opens), ("closes", closes))
        if isinstance(time, str)
    ]
    if isinstance(opens, str) or isinstance(closes, str):
        return await show(request, shown, " ".join(wrong), form)
    command = PublishTender(by=by, opens=opens, closes=closes, seed=parts.random(32).hex(), vendors=chosen)
    faults = all_faults(published(document, command), parts.now())
    if faults:
        return await show(request, shown, _sentence(faults), form)
    if document != shown.document:
        await ask(parts, f"tender/{shown.id}", DraftTender(by=by, document=document))
    answer = await publish_now(parts, shown.id, command)
    if isinstance(answer, Refusal):
        return await show(request, shown, answer.message, form)
    return await _note(parts, request, shown, True, "Published. Everyone can read it now; the room is ready.")


async def discard(request: Req, shown: Shown, by: str) -> Response[str]:
    """Give the draft up, with a reason; its record stays."""
    parts, form = parts_of(request), await request.form()
    command = CancelTender(by=by, reason=str(form.get("reason", ""))[:500])
    answer = await ask(parts, f"tender/{shown.id}", command)
    if isinstance(answer, Refusal):
        return await show(request, shown, answer.message)
    await parts.read_models.refresh(shown.id)
    return see_other("/")


def _sentence(faults: Sequence[Fault]) -> str:
    return " ".join(f"{NAMES.get(fault.path, fault.path)} {fault.message}." for fault in faults)


async def publish_now(parts: Parts, event_id: str, command: PublishTender) -> object:
    """Publish, wait until the room is set up, and bring the lists up to date."""
    answer = await ask(parts, f"tender/{event_id}", command)
    if not isinstance(answer, Refusal):
        await parts.errands.settled()
        await parts.read_models.refresh(event_id)
    return answer


async def _note(parts: Parts, request: Req, shown: Shown, ok: bool, text: str) -> Response[str]:
    who = signed_in(request)
    assert who is not None
    note = parts.notes.leave(who.session, {"ok": ok, "text": text})
    return see_other(f"/events/{shown.id}/console?note={note}")
