"""The histories of a call for needs, of the catalog and of a company's record, each for those whom it belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from server.pages.answering import Req, page
from server.pages.demand.finding import find_call
from server.pages.forming import who_of, zone_for
from server.pages.history import lines
from server.parts import parts_of


@get("/calls/{call_id:str}/history", opt={"may": "see demand"})
async def call_history(
    request: Req, call_id: FromPath[str], before: FromQuery[int | None] = None
) -> Response[str]:
    """Show what happened to a call: what districts stated, and the lots that were made of it."""
    parts = parts_of(request)
    call = await parts.database.read(lambda session: find_call(session, request, call_id))
    stated = parts.journal.streams(f"needs/{call_id}.")
    return await _show(
        request, [f"call/{call_id}", f"lots/{call_id}", *stated], before, call.title, f"/calls/{call_id}"
    )


@get("/catalog/history", opt={"may": "see demand"})
async def catalog_history(request: Req, before: FromQuery[int | None] = None) -> Response[str]:
    """Show what happened to the consortium's catalog."""
    own = who_of(request).identity.organisation_id
    return await _show(request, [f"catalog/{own}"], before, "Catalog", "/catalog")


@get("/company/history", opt={"may": "manage company"})
async def company_history(request: Req, before: FromQuery[int | None] = None) -> Response[str]:
    """Show what happened to the company's own record."""
    own = who_of(request).identity
    return await _show(request, [f"vendor/{own.organisation_id}"], before, own.organisation_name, "/company")


async def _show(
    request: Req, streams: Sequence[str], before: int | None, title: str, back: str
) -> Response[str]:
    told, more = await lines(parts_of(request), streams, before)
    return page(
        request,
        "history.html",
        nav="needs" if back != "/company" else "company",
        title=title,
        back=back,
        here=f"{back}/history",
        zone=await zone_for(request),
        lines=told,
        before=before,
        more=more,
    )


ROUTES = [call_history, catalog_history, company_history]
