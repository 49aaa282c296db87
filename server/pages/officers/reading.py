"""What the console reads: where it stands, and after the close all that an officer verifies before a share is released."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from litestar import Response, get
from litestar.params import FromPath, FromQuery
from litestar.response import Stream

from server.pages.answering import Req, plain
from server.pages.officers.finding import Held, held
from server.pages.officers.posting import OFFICER, said
from server.sealed import alarms, closed, console, officers

EARLY = "Nothing of the bids is shown before the close. This attempt is recorded, and the consortium is told."


@get("/officers/{event_id:str}/state.json", opt=OFFICER)
async def state(request: Req, event_id: FromPath[str]) -> Response[bytes]:
    """Say where an officer stands; nothing of it tells of a bid before the close."""
    here = await held(request, event_id)
    return said(200, **(await console.state(here.parts, here.id, here.tender, here.person)))


@get("/officers/{event_id:str}/closing.json", opt=OFFICER)
async def closing(
    request: Req, event_id: FromPath[str], seen: FromQuery[int | None] = None
) -> Response[bytes]:
    """Give what an officer verifies; an attempt before the close is put on record."""
    here = await _closed(request, event_id)
    found = closed.head(here.parts, here.id, here.box)
    if found is None:
        return said(425, words=closed.NOT_YET)
    made: dict[str, Any] = await asyncio.to_thread(closed.told, here.parts, here.id, here.box, found, seen)
    return Response(msgspec.json.encode(made), media_type="application/json")


async def _closed(request: Req, event_id: str) -> Held:
    here = await held(request, event_id)
    if officers.seat_of(here.box, here.person) is None:
        raise await alarms.refused(here.parts, here.id, here.person, "another_seat", EARLY)
    if here.box.closed is None or here.box.cancelled is not None:
        raise await alarms.refused(here.parts, here.id, here.person, "early_reading", EARLY)
    return here


@get("/officers/{event_id:str}/bodies/{eid:str}", opt=OFFICER)
async def body(request: Req, event_id: FromPath[str], eid: FromPath[str]) -> Response[bytes]:
    """Give an envelope's ciphertext, so that an opening can be checked on another machine."""
    here = await _listed(request, event_id, eid)
    return Response(here.parts.store.body(eid), media_type="application/octet-stream")


@get("/officers/{event_id:str}/bodies/{eid:str}/{place:int}", opt=OFFICER)
async def attachment(
    request: Req, event_id: FromPath[str], eid: FromPath[str], place: FromPath[int]
) -> Stream:
    """Give the ciphertext of an envelope's attachment, by its place from 0."""
    here = await _listed(request, event_id, eid)
    rows = here.parts.store.envelope(eid)["blobs"]
    if place >= len(rows):
        raise plain(404, "There is no such attachment.")
    return Stream(here.parts.store.blob(rows[place]["root"]), media_type="application/octet-stream")


async def _listed(request: Req, event_id: str, eid: str) -> Held:
    here = await _closed(request, event_id)
    if here.box.closed is None or eid not in {each.eid for each in here.box.closed.current}:
        raise plain(404, "There is no such envelope in the list of the close.")
    return here


ROUTES = [state, closing, body, attachment]
