"""Small districts' share of the benefit: by size class for the consortium, and with its own figures for a district."""

from __future__ import annotations

from litestar import Response, get
from litestar.params import FromPath

from auction.demand.rollup import told
from server.demand.benefit import FORMULA, Part
from server.pages.answering import Req, looked, page
from server.pages.demand.finding import find_call, who_of
from server.parts import parts_of


@get("/calls/{call_id:str}/benefit", opt={"may": "see demand"})
async def for_consortium(request: Req, call_id: FromPath[str]) -> Response[str]:
    """Show each size class's part."""
    return await _page(request, call_id, None)


@get("/needs/{call_id:str}/benefit", opt={"may": "state needs"})
async def for_district(request: Req, call_id: FromPath[str]) -> Response[str]:
    """Show each size class's share, and the district's own figures; no other district's."""
    return await _page(request, call_id, who_of(request).identity.organisation_id)


async def _page(request: Req, call_id: str, district: str | None) -> Response[str]:
    parts = parts_of(request)
    call = await looked(request, lambda session: find_call(session, request, call_id))
    benefit = await parts.benefits.of(call)
    own = benefit.districts.get(district, Part()) if district is not None else None
    return page(
        request,
        "demand/benefit.html",
        nav="needs" if district is None else "needs",
        call=call,
        classes=[
            {
                "title": each.title,
                "districts": each.districts,
                "spend": told(each.part.spend),
                "potential": told(each.part.potential),
                "percent": each.part.percent,
                "of_spend": each.of_spend,
                "of_potential": each.of_potential,
            }
            for each in benefit.classes
        ],
        total={
            "spend": told(benefit.total.spend),
            "potential": told(benefit.total.potential),
            "percent": benefit.total.percent,
        },
        own={"spend": told(own.spend), "potential": told(own.potential), "percent": own.percent}
        if own
        else None,
        formula=FORMULA,
    )


ROUTES = [for_consortium, for_district]
