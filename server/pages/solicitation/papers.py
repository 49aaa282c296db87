"""The section of documents: files that belong to the publication, kept by their content and open to all once published."""

from __future__ import annotations

import msgspec
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from auction.tender.solicitation import Solicitation
from auction.terms.faults import Fault, Faulty
from server.files import LARGEST, MEDIA
from server.pages.answering import Req, page, see_other
from server.pages.solicitation.editing import Working, save, working
from server.pages.solicitation.editor import frame
from server.parts import Parts

FORM_AROUND = 64 * 1024
MOST = 40


@get("/events/{event_id:str}/draft/documents", opt={"may": "run events"})
async def papers_page(request: Req, event_id: FromPath[str]) -> Response[str]:
    """List the documents, with a form to add one."""
    parts, now, _ = working(request, event_id)
    return await _form(request, parts, now)


async def _form(request: Req, parts: Parts, now: Working, faults: list[Fault] | None = None) -> Response[str]:
    return page(
        request,
        "solicitation/documents.html",
        code=422 if faults else 200,
        **await frame(request, parts, now, "documents"),
        documents=now.document.documents,
        wrong=faults or [],
        kinds=", ".join(MEDIA),
        largest=LARGEST // 2**20,
    )


@post(
    "/events/{event_id:str}/draft/documents",
    opt={"may": "run events"},
    status_code=200,
    request_max_body_size=LARGEST + FORM_AROUND,
)
async def papers_changed(request: Req, event_id: FromPath[str]) -> Response[str]:
    """Add a file, or take one out; nothing is kept of a file that has faults."""
    parts, now, identity = working(request, event_id)
    form = await request.form()
    wish, _, digest = str(form.get("do", "")).partition(":")
    if wish == "remove":
        refused = await save(parts, event_id, identity, lambda document: _without(document, digest))
    else:
        given = form.get("file")
        if not isinstance(given, UploadFile) or not given.filename:
            return await _form(request, parts, now, [Fault("file", "choose a file first")])
        if len(now.document.documents) >= MOST:
            return await _form(request, parts, now, [Fault("file", f"an event has at most {MOST} documents")])
        try:
            made = await parts.files.keep(given.filename, await given.read())
        except Faulty as bad:
            return await _form(request, parts, now, list(bad.faults))
        async with parts.database.session.begin() as session:
            audience = f"consortium:{now.document.owner or identity.organisation_id}"
            await parts.files.link(session, made, now.stream, audience)

        def added(document: Solicitation) -> Solicitation:
            rest = tuple(each for each in document.documents if each.hash != made.hash)
            return msgspec.structs.replace(document, documents=(*rest, made))

        refused = await save(parts, event_id, identity, added)
    if refused is not None:
        return await _form(request, parts, now, [Fault("file", refused.message)])
    return see_other(f"/events/{event_id}/draft/documents")


def _without(document: Solicitation, digest: str) -> Solicitation:
    """The document without a file, and without a paper of the law that was this file."""
    return msgspec.structs.replace(
        document,
        documents=tuple(each for each in document.documents if each.hash != digest),
        authority=tuple(each for each in document.authority if each.document != digest),
    )


async def open_to_all(parts: Parts, event_id: str, document: Solicitation) -> None:
    """Let everybody read the documents of what was published."""
    async with parts.database.session.begin() as session:
        for each in document.documents:
            await parts.files.link(session, each, f"tender/{event_id}", "public")


ROUTES = [papers_page, papers_changed]
