"""The door of the bid boxes: bytes in, facts and receipts out. The host looks at the outside of envelopes alone.

A request is registered when its last byte is read. Its checks run in a thread; what it brings is on disk before the one command
that counts it is put to the desk; it is answered only after that is durable. No body is ever written into a log.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import msgspec

from auction.refusals import Refusal
from bidders.box.state import Box
from bidders.box.submitting import REASONS, due_at
from bidders.box.vendor_keys import Keys
from bidders.box.words import Acknowledge, Asked, BoxDone, Submit, Withdraw
from bidders.sealing.signing import Verb
from server.parts import Parts
from server.sealed.reading import Known, Request, read_request
from server.sealed.receipts import Given, of_seqs

LARGEST = 64 << 20
"""The longest request with envelopes that is read, in bytes."""
LARGEST_SIGNED = 1 << 20
"""The longest request without envelopes, in bytes."""
SIGNED_OUT = "Your session ended while this was sent. Sign in and send it again."
NOT_RECORDED = "It could not be recorded and does not count. Send the same file again in a moment."


class Answer(msgspec.Struct, frozen=True):
    """What came of a request: the facts it led to. `reason` says why it was refused, `words` the same for people."""

    status: int
    facts: tuple[Given, ...] = ()
    reason: str | None = None
    words: str = ""
    next: str | None = None


class Sender(msgspec.Struct, frozen=True):
    """Who sends: the vendor that is signed in, for which event; `still` asks whether that session still holds."""

    event_id: str
    vendor: str
    still: Callable[[], Awaitable[bool]]

    @property
    def stream(self) -> str:
        """The bid box's stream."""
        return f"box/{self.event_id}"


async def take(parts: Parts, sender: Sender, verb: Verb, body: bytes) -> Answer:
    """Answer a request whose last byte was read just now. Raises `NotRecorded`."""
    async with parts.waiting.registered(sender.stream) as received:
        return await answer(parts, sender, verb, body, received)


async def answer(parts: Parts, sender: Sender, verb: Verb, body: bytes, received: datetime) -> Answer:
    """Answer a registered request. Raises `NotRecorded`."""
    if not await sender.still():
        return Answer(403, reason="session", words=SIGNED_OUT)
    async with parts.waiting.turn(sender.stream, sender.vendor):
        request = await _read(parts, sender, verb, body)
        return await _decide(parts, sender, verb, request, received)


async def _read(parts: Parts, sender: Sender, verb: Verb, body: bytes) -> Request:
    await parts.desk.at_rest()
    box: Box = parts.desk.state(sender.stream)
    keys: Keys = parts.desk.state(f"keys/{sender.vendor}")
    blobs = await parts.blobs.sizes(sender.event_id, sender.vendor) if verb == "submit" else {}
    known = Known(sender.vendor, dict(box.manifests), dict(keys.keys), blobs)
    return await asyncio.to_thread(read_request, verb, body, known)


async def _decide(parts: Parts, sender: Sender, verb: Verb, request: Request, received: datetime) -> Answer:
    """Keep what a good request brings, ask the desk, and throw away again what it did not take."""
    box: Box = parts.desk.state(sender.stream)
    keeps = request.fault is None and wanted(box, received)
    if keeps:
        await asyncio.to_thread(_keep, parts, box, request)
    given = await _ask(parts, sender, command(verb, sender.vendor, request, received))
    if keeps and given.status != 200:
        await asyncio.to_thread(_drop, parts, parts.desk.state(sender.stream), request, given)
    return given if given.reason is None or not request.words else _worded(given, request)


def wanted(box: Box, received: datetime) -> bool:
    """Tell whether what comes now is kept: what is late only where the rules hold it."""
    manifest = box.manifest
    if box.published_at is None or box.cancelled is not None or manifest is None:
        return False
    late = box.closed is not None or received > due_at(box)
    return not late or manifest["rules"]["late"] == "hold"


def _keep(parts: Parts, box: Box, request: Request) -> None:
    """Put envelopes, or a signature, on disk; what is left of an older try that came to nothing is replaced."""
    for each in request.packed:
        if each.item.eid not in box.envelopes:
            parts.store.drop(each.item.eid)
            parts.store.keep(each.item.eid, each.envelope, each.body, request.sig, request.sha256)
    if not request.packed:
        parts.store.keep_signed("signature", request.sig)


def _drop(parts: Parts, box: Box, request: Request, answer: Answer) -> None:
    for each in request.packed:
        held = answer.reason == "late" and wanted_late(box)
        if each.item.eid not in box.envelopes and not held:
            parts.store.drop(each.item.eid)


def wanted_late(box: Box) -> bool:
    """Tell whether the rules keep what came late, unopened."""
    return box.manifest is not None and box.manifest["rules"]["late"] == "hold"


def command(verb: Verb, vendor: str, request: Request, received: datetime) -> Asked:
    """The command that a request is put to the desk as."""
    asked = {
        "by": vendor,
        "received_at": received,
        "request_sha256": request.sha256,
        "fault": request.fault,
        "kid": request.kid,
        "sig_sha256": request.sig_sha256,
    }
    if verb == "submit":
        return Submit(**asked, items=tuple(each.item for each in request.packed))  # type: ignore[arg-type]
    if verb == "withdraw":
        return Withdraw(**asked, eids=request.eids)  # type: ignore[arg-type]
    return Acknowledge(**asked, eids=request.eids, manifest=request.manifest)  # type: ignore[arg-type]


async def _ask(parts: Parts, sender: Sender, asked: Asked) -> Answer:
    """Put a command to the desk; only what is durable is answered. Raises `NotRecorded`."""
    outcome = await parts.desk.submit(sender.stream, asked, parts.now())
    if isinstance(outcome.answer, Refusal):
        return Answer(409, (), outcome.answer.code, outcome.answer.message, outcome.answer.next)
    assert isinstance(outcome.answer, BoxDone)
    facts = tuple(of_seqs(parts, sender.stream, outcome.answer.seqs))
    reasons = [each.said["reason"] for each in facts if each.said["type"] == "bid.refused"]
    if reasons:
        return Answer(422, facts, reasons[0], REASONS[reasons[0]])
    return Answer(200, facts)


def _worded(answer: Answer, request: Request) -> Answer:
    """Say the place as well, where the request itself was at fault."""
    if answer.reason != request.fault:
        return answer
    return msgspec.structs.replace(answer, words=f"{answer.words} {request.words}")
