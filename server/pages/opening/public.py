"""The public opening: one page that everybody may watch without an account, before, during and after it."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from litestar import Response, get
from litestar.params import FromPath

from auction.live.board import Viewer
from server.pages.answering import Req, page, plain
from server.pages.opening.rows import fingerprint
from server.pages.opening.telling import course
from server.pages.showing import Shown, event_of, find_public, is_ours
from server.parts import Parts, parts_of, signed_in

PUBLIC = Viewer("public")


def find_sealed(parts: Parts, event_id: str) -> Shown:
    """Find a published event that takes sealed envelopes."""
    shown = find_public(parts, event_id)
    if shown.envelopes is None:
        raise plain(
            404,
            "This event is a live auction: it has no envelopes to be opened. Its notice says how it runs.",
        )
    return shown


@get("/events/{event_id:str}/opening", opt={"may": "look"})
async def opening(request: Req, event_id: FromPath[str]) -> Response[str]:
    """Show the opening as it stands; the page then follows it by itself."""
    parts, who = parts_of(request), signed_in(request)
    await parts.desk.at_rest()
    shown = find_sealed(parts, event_id)
    told = course(shown, parts.now())
    return page(
        request,
        "opening/opening.html",
        nav="events",
        event=event_of(shown, PUBLIC),
        course=told,
        fingerprint=await _fingerprint(parts, shown) if told["lots"] else "",
        ours=is_ours(who.identity if who is not None else None, shown.document.owner),
        now=parts.now(),
    )


async def _fingerprint(parts: Parts, shown: Shown) -> str:
    box = shown.box
    assert box is not None
    return await parts.fresh.take(
        ("tabulation", shown.id), lambda: asyncio.to_thread(fingerprint, shown, box)
    )


@get("/events/{event_id:str}/opening/now.json", opt={"may": "look"}, media_type="application/json")
async def now(request: Req, event_id: FromPath[str]) -> Response[bytes]:
    """Where the opening stands, in a few words and with a mark that changes with it: what the page asks for every two seconds."""
    parts = parts_of(request)
    await parts.desk.at_rest()
    told = course(find_sealed(parts, event_id), parts.now(), whole=False)
    mark = f'"{told["tag"]}"'
    headers = {"etag": mark, "cache-control": "no-cache"}
    if request.headers.get("if-none-match") == mark:
        return Response(b"", status_code=304, headers=headers)
    said: dict[str, Any] = {name: told[name] for name in ("tag", "phase", "said")}
    return Response(msgspec.json.encode(said), media_type="application/json", headers=headers)


ROUTES = [opening, now]
