"""What pages load beside themselves: kept by browsers for ever under its content hash."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from server.parts import parts_of

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


@get("/assets/{path:path}", opt={"may": "look"}, sync_to_thread=False)
def asset(request: Request[Any, Any, Any], path: FromPath[Path]) -> Response[bytes]:
    """Serve a file; without its hash in the query it is asked for again each time."""
    found = parts_of(request).assets.find(path.as_posix().lstrip("/"))
    if found is None:
        raise NotFoundException
    kept = request.query_params.get("v") == found.hash
    headers = {"cache-control": FOR_EVER if kept else ASK_AGAIN, "etag": f'"{found.hash}"'}
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response(b"", status_code=304, headers=headers)
    return Response(found.content, media_type=found.media_type, headers=headers)


@get("/health", opt={"may": "look"}, media_type="text/plain", sync_to_thread=False)
def health() -> str:
    """Say that the server answers."""
    return "ok\n"


@get("/{path:path}", opt={"may": "look"}, sync_to_thread=False)
def nowhere(path: FromPath[Path]) -> str:
    """Say that there is no such page, like every page to whoever is signed in."""
    raise NotFoundException


ROUTES = [asset, health, nowhere]
