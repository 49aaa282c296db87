"""A kept file, sent to whoever may read it."""

from __future__ import annotations

from urllib.parse import quote

from litestar import get
from litestar.params import FromPath
from litestar.response import File

from server.files import clean
from server.pages.answering import Req, plain
from server.parts import parts_of, signed_in

FOREVER = "private, max-age=31536000, immutable"
SHOWN = ("application/pdf", "image/png", "image/jpeg", "image/gif")


@get("/files/{digest:str}/{name:str}", opt={"may": "look"})
async def file(request: Req, digest: FromPath[str], name: FromPath[str]) -> File:
    """Send a file under the name that the address gives it; it is never run as a page of ours."""
    parts, who = parts_of(request), signed_in(request)
    found = await parts.files.find(digest, who.identity if who is not None else None)
    if found is None:
        raise plain(404, "There is no such file, or it is not open to you.")
    way = "inline" if found.media in SHOWN else "attachment"
    return File(
        path=found.path,
        media_type=found.media,
        headers={
            "content-disposition": f"{way}; filename*=UTF-8''{quote(clean(name))}",
            "cache-control": FOREVER,
            "x-content-type-options": "nosniff",
        },
    )


ROUTES = [file]
