"""A lead's import: an uploaded tender becomes a draft, or every fault of the file is shown."""

from __future__ import annotations

import asyncio

from litestar import Response, get, post
from litestar.datastructures import UploadFile

from auction.terms.faults import Fault, Faulty
from server import drafting
from server.imports.forms import KNOWN, read
from server.imports.reading import LARGEST
from server.pages.answering import Req, page, see_other
from server.parts import parts_of, signed_in

FORM_AROUND = 64 * 1024
"""What a form may weigh beside its file."""


@get("/import", opt={"may": "run events"})
async def import_page(request: Req) -> Response[str]:
    """Show the form."""
    return _form(request, "", [])


def _form(request: Req, file: str, faults: list[Fault]) -> Response[str]:
    code = 422 if faults else 200
    return page(request, "import.html", code=code, nav="import", file=file, faults=faults, known=KNOWN)


@post("/import", opt={"may": "run events"}, status_code=200, request_max_body_size=LARGEST + FORM_AROUND)
async def import_file(request: Req) -> Response[str]:
    """Make a draft of the file and show it; nothing is kept of a file that has faults."""
    parts, who, given = parts_of(request), signed_in(request), (await request.form()).get("tender")
    assert who is not None
    if not isinstance(given, UploadFile) or not given.filename:
        return _form(request, "", [Fault("tender", "needs a file; choose one")])
    try:
        imported = await asyncio.to_thread(read, given.filename, await given.read())
        event_id = await drafting.keep(
            parts, imported.solicitation, who.identity.person_id, who.identity.organisation_id
        )
    except Faulty as bad:
        return _form(request, given.filename, list(bad.faults))
    return see_other(f"/events/{event_id}/console")


ROUTES = [import_page, import_file]
