"""Signing and filing: what is filed is shown whole, with what it binds to; only an owner or signer can file it."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from auction.live.board import Viewer
from auction.live.room import FileSchedule
from auction.refusals import Refusal
from auction.tender.solicitation import Document
from auction.terms.entries import ReadSchedule
from auction.terms.schedule import LinePrice, extension, fingerprint
from server.pages.answering import Req, ask, page, see_other
from server.pages.schedule.finding import At, at, filed, names_of, read_draft, receipt, why_void
from server.pages.schedule.rows import cents
from server.pages.schedule.sheet import told
from server.pages.showing import event_of
from server.tables import FiledSchedule

MOST = 200
"""How many lines the page to sign shows; the rest can be looked at page by page."""


@get("/events/{event_id:str}/schedule/{lot_id:str}/file", opt={"may": "prepare bids"})
async def review(
    request: Req, event_id: FromPath[str], lot_id: FromPath[str], note: FromQuery[str] = ""
) -> Response[str]:
    """Show what would be filed, and what was filed last."""
    here = await at(request, event_id, lot_id)
    return await _show(request, here, note=here.parts.notes.read(here.session, note))


async def _show(
    request: Req, here: At, *, error: str = "", note: dict[str, Any] | None = None
) -> Response[str]:
    draft, there = await read_draft(here), await filed(here)
    sums = await here.drafts.sum(here.key, here.plans)
    names = await names_of(here.parts, {there.signer} if there is not None else set())
    mark = fingerprint(draft.prices)
    return page(
        request,
        "schedule/file.html",
        code=422 if error else 200,
        nav="schedule",
        event=event_of(here.shown, Viewer("vendor", here.vendor)),
        lot={"id": here.lot.id, "title": here.lot.title, "lines": len(here.plans)},
        number=[each.id for each in here.shown.document.lots].index(here.lot.id) + 1,
        address=here.address,
        sum=told(here, sums),
        lines=_lines(here, draft)[:MOST],
        more=max(0, len(draft.prices) - MOST),
        fingerprint=mark,
        unchanged=counts(here, there) and there is not None and there.fingerprint == mark,
        receipt=receipt(here, there, names),
        opens=here.held.opens,
        open=here.open,
        opening=here.room.opening,
        signs=here.signs,
        behind=here.behind,
        error=error,
        note=note,
        now=here.parts.now(),
    )


def counts(here: At, there: FiledSchedule | None) -> bool:
    """Tell whether what was filed last still counts."""
    return there is not None and why_void(here, there) is None


def _lines(here: At, draft: ReadSchedule) -> list[dict[str, Any]]:
    plans, described = {line.id: line for line in here.plans}, here.lines
    return [
        {
            "id": price.line,
            "description": described[price.line].description,
            "unit": described[price.line].unit,
            "quantity": plans[price.line].quantity,
            "unit_price": price.unit_price,
            "extension": cents(extension(plans[price.line].quantity, price.unit_price or "0")),
            "offer": price.offer,
            "alternate": price.alternate,
        }
        for price in draft.prices
    ]


@post("/events/{event_id:str}/schedule/{lot_id:str}/file", opt={"may": "bid"}, status_code=200)
async def file(request: Req, event_id: FromPath[str], lot_id: FromPath[str]) -> Response[str]:
    """File exactly what was shown; where a colleague changed the draft since, it is shown again."""
    here, form = await at(request, event_id, lot_id), await request.form()
    draft, there = await read_draft(here), await filed(here)
    mark = fingerprint(draft.prices)
    sent = str(form.get("fingerprint", ""))
    if there is not None and counts(here, there) and there.fingerprint == mark == sent:
        return see_other(f"{here.address}/file")  # The form was sent twice.
    if str(form.get("sign", "")) != "yes":
        return await _show(request, here, error="Tick that you sign for your company, then file it.")
    if sent != mark:
        changed = (
            "The draft was changed since you looked at it. Read it again as it now stands, then sign it."
        )
        return await _show(request, here, error=changed)
    if draft.faults or draft.missing:
        return await _show(request, here, error="Some lines are not ready; they are named below.")
    command = FileSchedule(
        by=here.vendor, lot=here.lot.id, lines=draft.prices, signer=here.identity.person_id
    )
    answer = await ask(here.parts, f"room/{here.shown.id}", command)
    if isinstance(answer, Refusal):
        return await _show(request, here, error=answer.message)
    await _open_literature(here, draft.prices)
    await here.parts.projections.settled()
    note = here.parts.notes.leave(here.session, {"ok": True, "text": "Filed. Your receipt is below."})
    return see_other(f"{here.address}/file?note={note}")


async def _open_literature(here: At, prices: tuple[LinePrice, ...]) -> None:
    """Let the consortium read the literature of what was filed; until then it is the vendor's alone."""
    holder, audience = f"room/{here.shown.id}", f"consortium:{here.shown.document.owner}"
    found = {each.offer.literature for each in prices if each.offer is not None}
    found |= {each.alternate.literature for each in prices if each.alternate is not None}
    async with here.parts.database.session.begin() as session:
        for place in filter(None, found):
            digest, _, name = place.partition("/")
            document = Document(unquote(name), digest, 0, "")
            await here.parts.files.link(session, document, holder, audience)


ROUTES = [review, file]
