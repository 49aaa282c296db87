"""The public log for everybody's programs: its key, its checkpoints, its leaves, and the facts that may be seen."""

from __future__ import annotations

import asyncio
import re

from litestar import Response, get
from litestar.params import FromPath

from auction.record.disclosure import PUBLIC, Reader
from server.log.disclosing import lines
from server.login import Identity
from server.pages.answering import Req, plain
from server.pages.showing import find, is_ours, names_public
from server.parts import Parts, parts_of, signed_in
from server.sealed.client import listed
from server.tables import EventRow

ASK_AGAIN = {"cache-control": "no-cache"}
RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
LEAF = 32


@get("/log/vkey", opt={"may": "look"}, media_type="text/plain", sync_to_thread=False)
def vkey(request: Req) -> str:
    """Say the key that the log is checked with."""
    return f"{parts_of(request).log.vkey}\n"


@get("/log/checkpoint", opt={"may": "look"}, sync_to_thread=False)
def checkpoint(request: Req) -> Response[str]:
    """Send the newest checkpoint."""
    head = parts_of(request).log.latest()
    if head is None:
        raise plain(404, "The log has no checkpoint yet. Try again after its first tick.")
    return Response(head.note, media_type="text/plain; charset=utf-8", headers=ASK_AGAIN)


@get("/log/checkpoints/{size:int}", opt={"may": "look"}, sync_to_thread=False)
def checkpoint_of(request: Req, size: FromPath[int]) -> Response[str]:
    """Send the checkpoint of a size."""
    head = parts_of(request).log.at(size)
    if head is None:
        raise plain(404, "The log never published a tree of this size.")
    return Response(head.note, media_type="text/plain; charset=utf-8", headers=ASK_AGAIN)


@get("/log/client.txt", opt={"may": "look"})
async def client_list(request: Req) -> Response[str]:
    """List the scripts that vendors seal with, with their hashes; manifests pin the hash of this list."""
    text = await asyncio.to_thread(listed, parts_of(request).assets)
    return Response(text, media_type="text/plain; charset=utf-8", headers=ASK_AGAIN)


@get("/log/leaves.bin", opt={"may": "look"}, sync_to_thread=False)
def leaves(request: Req) -> Response[bytes]:
    """Send the published leaves, 32 bytes each; a part of them where one range of bytes is asked for."""
    log = parts_of(request).log
    head = log.latest()
    length = head.size * LEAF if head is not None else 0
    told = ASK_AGAIN | {"accept-ranges": "bytes"}
    asked = _range(request.headers.get("range"), length)
    if asked is None:
        return Response(log.leaves(0, length), media_type="application/octet-stream", headers=told)
    start, end = asked
    if start >= end:
        told |= {"content-range": f"bytes */{length}"}
        return Response(b"", status_code=416, media_type="application/octet-stream", headers=told)
    told |= {"content-range": f"bytes {start}-{end - 1}/{length}"}
    part = log.leaves(start, end)
    return Response(part, status_code=206, media_type="application/octet-stream", headers=told)


def _range(asked: str | None, length: int) -> tuple[int, int] | None:
    """Where a range begins and ends; None for no range, or one of another form, which means the whole."""
    found = RANGE.fullmatch(asked or "")
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        return max(0, length - int(last)), length
    if last and int(last) < int(first):
        return None
    return int(first), min(length, int(last) + 1 if last else length)


@get("/log/events/{name:str}", opt={"may": "look"})
async def events(request: Req, name: FromPath[str]) -> Response[bytes]:
    """Send the facts of a tender that whoever asks may see, one a line, each with its leaf and its salt."""
    parts, who = parts_of(request), signed_in(request)
    tender = name.removesuffix(".jsonl")
    if not tender or tender == name:
        raise plain(404, "There is no such file. A tender's facts are in its id with .jsonl at the end.")
    reader = await _reader(parts, who.identity, tender) if who is not None else PUBLIC
    found = await asyncio.to_thread(lines, parts.log, tender, reader, _held(parts, tender))
    body = b"".join(each.written for each in found)
    return Response(
        body, media_type="application/jsonl; charset=utf-8", headers={"cache-control": "no-store"}
    )


def _held(parts: Parts, tender: str) -> bool:
    """Tell whether it is not public yet who made an auction's sealed opening bids, although they are opened."""
    if not tender.isdecimal() or not parts.boxes.seeds(tender):
        return False
    return not names_public(find(parts, tender))


async def _reader(parts: Parts, identity: Identity, tender: str) -> Reader:
    """What somebody is to a tender: its buyer, one of its officers, a vendor."""
    async with parts.database.session() as session:
        row = await session.get(EventRow, tender)
    officer = parts.boxes.officer(tender, identity.person_id)
    names = {identity.organisation_id} if identity.kind == "vendor" else set()
    return Reader(
        frozenset(names | ({officer} if officer is not None else set())),
        officer=officer is not None,
        buyer=row is not None and is_ours(identity, row.owner),
    )


ROUTES = [vkey, checkpoint, checkpoint_of, client_list, leaves, events]
