"""Two hosts, two doors: the officers' console answers on its own host name alone, and nothing else answers there."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler

from server.pages.answering import page, see_other
from server.parts import parts_of
from server.saying import plain
from server.settings import at_console

OFFICERS = "/officers"
BOTH = ("/assets/", "/health", "/sign-in", "/sign-out", "/demo")
"""What answers on both hosts: each has its own signing in."""
HOME = ("/", "/today")
NOT_SET = "There is no officers’ console yet. Whoever runs this server sets TENDERBELL_OFFICERS_ORIGIN to a host name of its own."


class Elsewhere(HTTPException):
    """What was asked for answers at another address, which `detail` says."""

    status_code = 404


def own_host(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Let a request through on the host where it belongs; elsewhere say where that is."""
    if connection.scope["type"] != ScopeType.HTTP:
        return
    settings, path = parts_of(connection).settings, connection.url.path
    console = at_console(settings, connection.headers.get("host", ""))
    officers = path == OFFICERS or path.startswith(f"{OFFICERS}/")
    if officers and not settings.officers:
        raise plain(404, NOT_SET)
    if officers and not console:
        raise Elsewhere(settings.officers + path)
    if console and not officers and not path.startswith(BOTH):
        raise Elsewhere(OFFICERS if path in HOME else settings.origin + path)


def elsewhere(request: Request[Any, Any, Any], error: HTTPException) -> Response[str]:
    """Lead the way: within a host by itself, to the other host by a link."""
    if error.detail.startswith("/"):
        return see_other(error.detail)
    return page(request, "officers/elsewhere.html", code=404, address=error.detail)
