"""Who may do what: one table. A route names its act in its `opt`; a route without one is closed to everybody."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from server import csrf
from server.login import COOKIE, Identity
from server.parts import parts_of, signed_in
from server.roles import ROLES
from server.saying import plain

SIGNED_IN = frozenset(ROLES)
EVERYBODY = SIGNED_IN | {"public"}
OFFICERS = frozenset({"admin", "lead", "second"})
MAY: dict[str, frozenset[str]] = {
    "look": EVERYBODY,
    "read prices": EVERYBODY,
    "ask": EVERYBODY,
    "sign in": EVERYBODY,
    "enter demo": EVERYBODY,
    "sign out": SIGNED_IN,
    "own account": SIGNED_IN,
    "manage people": frozenset({"admin", "buyer", "owner"}),
    "manage consortium": frozenset({"admin"}),
    "manage district": frozenset({"buyer"}),
    "manage company": frozenset({"owner"}),
    "state needs": frozenset({"buyer"}),
    "order": frozenset({"buyer"}),
    "run demand": frozenset({"admin", "lead"}),
    "see demand": OFFICERS | {"auditor"},
    "follow needs": OFFICERS | {"auditor", "buyer"},
    "run events": frozenset({"admin", "lead"}),
    "approve": OFFICERS,
    "answer questions": OFFICERS,
    "watch events": OFFICERS | {"auditor"},
    "audit": OFFICERS | {"auditor"},
    "evaluate": frozenset({"evaluator"}),
    "read opened bids": OFFICERS | {"auditor", "evaluator"},
    "prepare bids": frozenset({"owner", "signer", "preparer"}),
    "bid": frozenset({"owner", "signer"}),
    "look into alarms": frozenset({"admin", "auditor"}),
    "hold a key": OFFICERS | {"evaluator", "auditor", "buyer"},
}
"""Each act with the roles that may do it. Whose things they are, and whether a vendor is admitted, each page asks."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
Connection = ASGIConnection[Any, Any, Any, Any]


class WhoAsks(ASGIMiddleware):
    """Finds who is signed in on each request and socket, from the session's cookie."""

    scopes = (ScopeType.HTTP, ScopeType.WEBSOCKET)
    exclude_path_pattern = ("^/assets/", "^/health$")

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Look the cookie's session up, once for each connection."""
        connection = Connection(scope)
        found = await parts_of(connection).login.find(connection.cookies.get(COOKIE))
        scope["auth"], scope["user"] = found, found.identity if found is not None else None
        await next_app(scope, receive, send)


def role_of(identity: Identity | None) -> str:
    """The role of whoever asks; nobody signed in is the public."""
    return identity.role if identity is not None else "public"


def may(identity: Identity | None, act: str) -> bool:
    """Tell whether somebody may do this."""
    return role_of(identity) in MAY.get(act, frozenset())


async def by_role(connection: Connection, handler: BaseRouteHandler) -> None:
    """Let an HTTP request through or refuse it, by the act that its route names; a guard that is not awaited costs a thread.

    Sockets answer for themselves, after accepting, with their own close codes.
    """
    if connection.scope["type"] != ScopeType.HTTP:
        return
    who = signed_in(connection)
    identity, act = who.identity if who is not None else None, str(handler.opt.get("may", ""))
    if may(identity, act):
        return
    if identity is None and act in MAY:
        raise NotAuthorizedException
    raise plain(403, "Your role does not allow this. If you have another account, sign in with that one.")


async def own_forms_only(connection: Connection, handler: BaseRouteHandler) -> None:
    """Refuse whatever changes something and was not sent by one of our own pages in this very session.

    A route that takes bytes as they are says so (`csrf` is `header`): its token is a header, and its body is not read here.
    """
    if not isinstance(connection, Request) or connection.method in SAFE:
        return
    parts, who = parts_of(connection), signed_in(connection)
    client = connection.client.host if connection.client is not None else ""
    by_header = handler.opt.get("csrf") == "header"
    given = (
        connection.headers.get("x-csrf", "") if by_header else str((await connection.form()).get("csrf", ""))
    )
    ours = csrf.own_origin(parts.settings, connection.headers, client)
    if not ours or not csrf.fits(parts.known.secret, who.session if who is not None else None, given):
        raise plain(
            403, "This form did not come from a page of this session. Load the page again and send it anew."
        )
