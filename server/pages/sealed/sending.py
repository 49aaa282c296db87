"""Sending: envelopes, withdrawals and confirmations as they were signed, attachments as they were sealed, and keys."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from litestar import Response, get, post, put
from litestar.exceptions import ClientException
from litestar.params import FromPath

from auction.refusals import Refusal
from bidders.box.vendor_keys import KeyDone, RegisterKey
from bidders.sealing.signing import Verb
from server.desk import NotRecorded
from server.pages.answering import Req, ask
from server.pages.sealed.finding import Boxed, boxed, sender_of
from server.sealed import blobs, door, receipts
from server.sealed.receipts import of_seqs

ZIP = "application/zip"
RAW = {"may": "bid", "csrf": "header"}


def said(status: int, **members: Any) -> Response[bytes]:
    """Answer in JSON."""
    return Response(msgspec.json.encode(members), status_code=status, media_type="application/json")


def zipped(body: bytes, name: str) -> Response[bytes]:
    """Answer with an archive."""
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=ZIP, headers=headers)


# --- signed requests ----------------------------------------------------------------------------------------


@post("/events/{event_id:str}/bid/commit", opt=RAW, status_code=200, request_max_body_size=door.LARGEST)
async def commit(request: Req, event_id: FromPath[str]) -> Response[bytes]:
    """Take a commit of envelopes, all or none, and give the promises."""
    return await _take(request, event_id, "submit")


@post(
    "/events/{event_id:str}/bid/withdraw", opt=RAW, status_code=200, request_max_body_size=door.LARGEST_SIGNED
)
async def withdraw(request: Req, event_id: FromPath[str]) -> Response[bytes]:
    """Take a signed withdrawal."""
    return await _take(request, event_id, "withdraw")


@post(
    "/events/{event_id:str}/bid/acknowledge",
    opt=RAW,
    status_code=200,
    request_max_body_size=door.LARGEST_SIGNED,
)
async def acknowledge(request: Req, event_id: FromPath[str]) -> Response[bytes]:
    """Take a signed confirmation of envelopes under the manifest in force."""
    return await _take(request, event_id, "acknowledge")


async def _take(request: Req, event_id: str, verb: Verb) -> Response[bytes]:
    here = await boxed(request, event_id)
    if not here.parts.buckets.take(here.vendor, int(asyncio.get_running_loop().time() * 1_000_000)):
        return said(
            429, reason="too many", words="Too many requests at once; wait a moment and send it again."
        )
    body = await request.body()
    return await answered(here, await take(request, here, verb, body))


async def take(request: Req, here: Boxed, verb: Verb, body: bytes) -> door.Answer:
    """Put a request's bytes through the door; one that could not be recorded is an answer, too."""
    try:
        return await door.take(here.parts, sender_of(request, here), verb, body)
    except NotRecorded:
        return door.Answer(503, reason="not recorded", words=door.NOT_RECORDED)


async def answered(here: Boxed, answer: door.Answer) -> Response[bytes]:
    """The promises of what was taken; or why it was refused, with the promise of that."""
    if answer.status == 200:
        body = await receipts.promises_zip(here.parts, answer.facts)
        return zipped(body, f"promises-{here.id}.zip")
    promises = [await receipts.promise(here.parts, each) for each in answer.facts]
    first = promises[0] if promises else None
    told = {"reason": answer.reason, "words": answer.words, "next": answer.next}
    return said(answer.status, **told, promise=first, promises=promises)


@get("/events/{event_id:str}/bid/receipts.zip", opt={"may": "prepare bids"})
async def own_receipts(request: Req, event_id: FromPath[str]) -> Response[bytes]:
    """Give the receipts of everything that the vendor sent for this event."""
    here = await boxed(request, event_id)
    facts = receipts.of_vendor(here.parts, here.stream, here.vendor)
    return zipped(await receipts.receipts_zip(here.parts, facts), f"receipts-{here.id}.zip")


# --- attachments --------------------------------------------------------------------------------------------


@put("/events/{event_id:str}/bid/blobs/{root:str}", opt=RAW, request_max_body_size=blobs.LARGEST)
async def upload_blob(request: Req, event_id: FromPath[str], root: FromPath[str]) -> Response[bytes]:
    """Take a sealed attachment in, chunk by chunk, and see that it is the one that was announced."""
    here = await boxed(request, event_id)
    size = request.content_length
    if not door.wanted(here.box, here.parts.now()):
        return said(409, reason="closed", words="Bids are closed; nothing is taken any more.")
    if size is None:
        return said(411, words="Say the attachment’s length in the header Content-Length.")
    held = await here.parts.blobs.sizes(here.id, here.vendor)
    if root in held:
        return said(200, root=root, size=held[root])
    try:
        await here.parts.blobs.take(here.id, here.vendor, root, size, _parts(request))
    except blobs.Turned as turned:
        return said(turned.status, reason="hash" if turned.status == 422 else "too long", words=str(turned))
    return said(200, root=root, size=size)


async def _parts(request: Req) -> AsyncIterator[bytes]:
    async for part in request.stream():
        yield part


# --- keys ---------------------------------------------------------------------------------------------------


class KeyGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A signing key as a page or a kit sends it."""

    alg: str
    kid: str
    pk: str
    rp_id: str | None = None
    origin: str | None = None


@post("/events/{event_id:str}/bid/key", opt=RAW, status_code=200, request_max_body_size=16 * 1024)
async def key(request: Req, event_id: FromPath[str]) -> Response[bytes]:
    """Put a signing key on record, before anything is signed with it."""
    here = await boxed(request, event_id)
    try:
        given = msgspec.json.decode(await request.body(), type=KeyGiven)
    except msgspec.DecodeError as bad:
        raise ClientException(str(bad)) from bad
    answer = await register(here, given)
    if not isinstance(answer, KeyDone):
        return said(422, reason="key", words=answer.message)
    facts = of_seqs(here.parts, f"keys/{here.vendor}", _places(here, answer.kid))
    return said(200, kid=answer.kid, promise=await receipts.promise(here.parts, facts[0]))


async def register(here: Boxed, given: KeyGiven) -> KeyDone | Refusal:
    """Put a key on record for the vendor that is signed in."""
    asked = RegisterKey(
        by=here.vendor,
        person=here.identity.person_id,
        alg=given.alg,  # type: ignore[arg-type]
        kid=given.kid,
        pk=given.pk,
        rp_id=given.rp_id,
        origin=given.origin,
    )
    answer = await ask(here.parts, f"keys/{here.vendor}", asked)
    assert isinstance(answer, KeyDone | Refusal)
    return answer


def _places(here: Boxed, kid: str) -> list[int]:
    """Where in the vendor's keys the fact of a key stands."""
    facts = receipts.given(here.parts.journal.read(f"keys/{here.vendor}"))
    return [each.entry.seq for each in facts if each.said["type"] == "vendor.key" and each.said["kid"] == kid]


ROUTES = [commit, withdraw, acknowledge, own_receipts, upload_blob, key]
