"""The law on record, for everybody: each state's provisions with their sources, and what is not known."""

from __future__ import annotations

from litestar import Response, get
from litestar.params import FromPath

from auction.terms.jurisdiction import TOPICS
from server.pages.answering import Req, page, plain
from server.parts import parts_of

ASKED = (
    "minimum_notice",
    "addendum_cutoff",
    "names",
    "non_collusion",
    "award_by",
    "protest",
    "retention",
    "live_information",
    "preconditions",
)
"""The topics of which a page says that nothing is on record, where nothing is."""


@get("/jurisdictions", opt={"may": "look"})
async def states(request: Req) -> Response[str]:
    """List the states whose law is on record."""
    known = parts_of(request).jurisdictions.values()
    return page(
        request, "jurisdictions/list.html", states=sorted(known, key=lambda each: (each.fictional, each.name))
    )


@get("/jurisdictions/{code:str}", opt={"may": "look"})
async def state(request: Req, code: FromPath[str]) -> Response[str]:
    """Show one state's law."""
    profile = parts_of(request).jurisdictions.get(code)
    if profile is None:
        raise plain(404, "No law is on record for this state; it holds no auction until there is.")
    unknown = [TOPICS[topic] for topic in ASKED if profile.of(topic) is None]
    return page(request, "jurisdictions/one.html", profile=profile, topics=TOPICS, unknown=unknown)


ROUTES = [states, state]
