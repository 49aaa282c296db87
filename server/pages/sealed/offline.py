"""Sealing offline: the kit to take away, and the upload of what it or the command line saved."""

from __future__ import annotations

import asyncio
import zipfile
from collections.abc import AsyncIterator
from typing import IO, Any

import msgspec
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from bidders.box.vendor_keys import KeyDone
from server.desk import NotRecorded
from server.pages.answering import Req, page, see_other
from server.pages.sealed.bid import event_of, in_page
from server.pages.sealed.finding import Boxed, boxed, sender_of
from server.pages.sealed.sending import KeyGiven, register
from server.sealed import blobs, door, kit
from server.sealed.arriving import Arriving, received_at
from server.sealed.handout import own, state_of, tender_file
from server.sealed.packet import BLOBS, COMMIT

KEY = "key.json"
LARGEST_KEY = 4096
LARGEST = blobs.LARGEST + door.LARGEST
PIECE = 1 << 20
NO_ZIP = "This is not a zip file that the kit or the command line saved. Choose the file again."


class Spoiled(Exception):
    """An upload is not taken; the words say why, and what to do."""


@get("/events/{event_id:str}/kit.html", opt={"may": "prepare bids"})
async def kit_page(request: Req, event_id: FromPath[str]) -> Response[str]:
    """Give the kit for this solicitation and company as one file to be saved."""
    here = await boxed(request, event_id)
    tender = await tender_file(here.parts, here.id, here.document, here.box)
    held = await own(here.parts, here.id, here.vendor, here.document)
    style, script = await asyncio.to_thread(kit.made)
    answer = page(
        request,
        "sealed_bid/kit.html",
        event=event_of(here),
        tender=tender,
        tender_json=in_page(tender),
        own_json=in_page({"vendor": held.vendor, "revs": held.revs}),
        vendor=here.identity.organisation_name,
        log_key=here.parts.log.vkey,
        revs=max(held.revs.values(), default=0),
        style=style.text,
        style_hash=style.hash,
        script=script.text,
        script_hash=script.hash,
    )
    answer.headers["content-disposition"] = f'attachment; filename="sealing-kit-{here.id}.html"'
    return answer


# --- what was sealed elsewhere -------------------------------------------------------------------------------------


@get("/events/{event_id:str}/bid/upload", opt={"may": "bid"})
async def upload_page(request: Req, event_id: FromPath[str]) -> Response[str]:
    """Show the form for a sealed file."""
    return _form(request, await boxed(request, event_id), [])


@post(
    "/events/{event_id:str}/bid/upload",
    opt={"may": "bid"},
    status_code=200,
    request_max_body_size=LARGEST,
    middleware=[Arriving()],
)
async def upload(request: Req, event_id: FromPath[str]) -> Response[str]:
    """Take a sealed file: its key on record, its attachments in, then its commit through the one door."""
    here, form = await boxed(request, event_id), await request.form()
    typed, received = str(form.get("key", "")).strip()[:LARGEST_KEY], received_at(request)
    try:
        commit = await _unpacked(here, form.get("file"), typed, door.wanted(here.box, received))
        answer = await door.answer(here.parts, sender_of(request, here), "submit", commit, received)
    except (Spoiled, blobs.Turned) as bad:
        return _form(request, here, [str(bad)], typed)
    except NotRecorded:
        return _form(request, here, [door.NOT_RECORDED], typed)
    if answer.status != 200:
        return _form(request, here, [answer.words], typed, receipted=bool(answer.facts))
    note = here.parts.notes.leave(
        here.session, {"ok": True, "text": "Received. Your bid is in the box, sealed."}
    )
    return see_other(f"{here.address}?note={note}")


def _form(
    request: Req, here: Boxed, faults: list[str], key: str = "", receipted: bool = False
) -> Response[str]:
    return page(
        request,
        "sealed_bid/upload.html",
        code=422 if faults else 200,
        nav="events",
        event=event_of(here),
        address=here.address,
        open=state_of(here.parts.desk.state(here.stream)) == "open",
        faults=faults,
        key=key,
        receipted=receipted,
    )


async def _unpacked(here: Boxed, given: Any, typed: str, wanted: bool) -> bytes:
    """Take keys and, where they are wanted, attachments of a file in; return its commit. Raises `Spoiled` and `Turned`."""
    if not isinstance(given, UploadFile) or not given.filename:
        raise Spoiled("Choose the sealed file first.")
    try:
        packed = await asyncio.to_thread(zipfile.ZipFile, given.file)
        held = {each.filename: each for each in packed.infolist()}
        commit = await asyncio.to_thread(_small, packed, held.get(COMMIT), door.LARGEST)
        for text in filter(
            None, (typed.encode(), await asyncio.to_thread(_small, packed, held.get(KEY), LARGEST_KEY))
        ):
            await _register(here, text)
        for name, info in held.items():
            if wanted and name.startswith(BLOBS):
                await _take(here, packed, name, info.file_size)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as bad:
        raise Spoiled(NO_ZIP) from bad
    if not commit:
        raise Spoiled(f"The file has no {COMMIT}. Choose the zip that the kit or the command line saved.")
    return commit


def _small(packed: zipfile.ZipFile, info: zipfile.ZipInfo | None, most: int) -> bytes:
    """A file of an archive; empty where there is none, refused where it is too long."""
    if info is None:
        return b""
    with packed.open(info) as file:
        found = file.read(most + 1)
    if len(found) > most:
        raise Spoiled(f"{info.filename} is too long: at most {most} bytes.")
    return found


async def _register(here: Boxed, text: bytes) -> None:
    try:
        answer = await register(here, msgspec.json.decode(text, type=KeyGiven))
    except msgspec.DecodeError as bad:
        raise Spoiled("The key is not the line that the command printed. Copy it whole.") from bad
    if not isinstance(answer, KeyDone):
        raise Spoiled(answer.message)


async def _take(here: Boxed, packed: zipfile.ZipFile, name: str, size: int) -> None:
    root = name.removeprefix(BLOBS)
    if root not in await here.parts.blobs.sizes(here.id, here.vendor):
        with packed.open(name) as file:
            await here.parts.blobs.take(here.id, here.vendor, root, size, _pieces(file))


async def _pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    while piece := await asyncio.to_thread(file.read, PIECE):
        yield piece


ROUTES = [kit_page, upload_page, upload]
