"""Answering: a page from its template, a redirect after a form, and a page that says no in plain words."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import quote

from litestar import Request, Response
from litestar.exceptions import HTTPException, NotAuthorizedException
from markupsafe import Markup
from sqlalchemy.orm import Session

from auction.kernel import Command
from auction.refusals import Refusal
from server import headers
from server.csrf import token
from server.desk import NotRecorded
from server.guards import may
from server.login import COOKIE
from server.parts import Parts, parts_of, signed_in
from server.saying import Plain, plain
from server.settings import at_console, host_of, is_loopback

log = logging.getLogger("tenderbell")
FIELD = Markup('<input type="hidden" name="csrf" value="{}">')
Req = Request[Any, Any, Any]
T = TypeVar("T")


def page(request: Req, template: str, code: int = 200, nav: str = "", **context: Any) -> Response[str]:
    """Render a page with what every page needs."""
    parts, who = parts_of(request), signed_in(request)
    identity = who.identity if who is not None else None
    given = token(parts.known.secret, who.session if who is not None else None)
    html = parts.templates.get_template(template).render(
        identity=identity,
        can=partial(may, identity),
        csrf=given,
        csrf_field=partial(FIELD.format, given),
        nav=nav,
        demo=shows_demo(request),
        console=at_console(parts.settings, request.headers.get("host", "")),
        **context,
    )
    return Response(html, status_code=code, media_type="text/html; charset=utf-8")


async def looked(request: Req, look: Callable[[Session], T]) -> T:
    """What a page reads for this reader at this address, in a thread; read again as soon as anything was committed.

    What it gives is shared with other requests and must not be changed.
    """
    parts, who = parts_of(request), signed_in(request)
    address = (request.scope["path"], request.scope["query_string"], look.__qualname__)
    key = (*address, who.identity if who is not None else None)
    return await parts.fresh.take(key, lambda: parts.database.read(look))


def see_other(address: str) -> Response[str]:
    """Send the browser on to a page after a form."""
    return Response("", status_code=303, headers={"location": address})


def shows_demo(request: Req) -> bool:
    """Tell whether the demonstration's door is open: its own database, and a browser on this very machine."""
    client = request.client.host if request.client is not None else ""
    local = is_loopback(client) and is_loopback(host_of(request.headers.get("host", "")))
    return local and parts_of(request).known.demo


async def ask(parts: Parts, stream: str, command: Command, received: datetime | None = None) -> object:
    """Put a command to the desk; the answer, or a refusal where it could not be recorded."""
    try:
        return (await parts.desk.submit(stream, command, received or parts.now())).answer
    except NotRecorded:
        return Refusal("NOT_RECORDED", "It could not be recorded and does not count. Try again in a moment.")


def refused(request: Req, error: HTTPException) -> Response[str]:
    """Say no: to somebody who is not signed in by showing the door, else by a page in plain words."""
    if isinstance(error, NotAuthorizedException) and request.method == "GET":
        return see_other(f"/sign-in?next={quote(request.url.path, safe='/')}")
    status = error.status_code
    own = error.detail if isinstance(error, Plain) else None
    answer = _dressed(
        request, page(request, "error.html", code=status, status=status, detail=own or _words(status))
    )
    if error.headers:
        answer.headers.update({k: v for k, v in error.headers.items() if k.lower() != "content-type"})
    return answer


def broke(request: Req, error: Exception) -> Response[str]:
    """Keep what happened in the log and say that something broke, without its insides."""
    log.error("%s %s broke", request.method, request.url.path, exc_info=error)
    return _dressed(request, page(request, "error.html", code=500, status=500, detail=None))


def _dressed(request: Req, answer: Response[str]) -> Response[str]:
    """Where there is no such route, no middleware has seen the request that could put the headers on."""
    dress = headers.every(parts_of(request).settings, request.headers.get("host", ""))
    answer.headers.update(dress | {"cache-control": "no-store"})
    return answer


def _words(status: int) -> str | None:
    if status in (401, 403, 404, 500):
        return None
    return f"The request could not be carried out ({HTTPStatus(status).phrase.lower()})."


def drop_cookie(answer: Response[str]) -> Response[str]:
    """Take the session's cookie back."""
    answer.delete_cookie(COOKIE)
    return answer


__all__ = [
    "Plain",
    "Req",
    "ask",
    "broke",
    "drop_cookie",
    "looked",
    "page",
    "plain",
    "refused",
    "see_other",
    "shows_demo",
]
