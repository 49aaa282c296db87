"""Forms must come from our own pages: a token bound to the session, and the browser's word on where the form was."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import urlsplit

from server.settings import Settings, at_console, host_of, is_loopback


def token(secret: bytes, session: bytes | None) -> str:
    """The token of a session's forms, from the session's token hash; empty where nobody is signed in."""
    if session is None:
        return ""
    return hmac.new(secret, b"form\0" + session, hashlib.sha256).hexdigest()


def fits(secret: bytes, session: bytes | None, given: str) -> bool:
    """Tell whether a form's token is this session's."""
    return hmac.compare_digest(token(secret, session).encode(), given.encode())


def own_origin(settings: Settings, headers: Mapping[str, str], client: str) -> bool:
    """Tell whether a request was made by one of our own pages, from `Origin` or else `Referer`; unsaid is no.

    Beside the public origin, a browser on this very machine may use any loopback name of it. What reaches the officers'
    console must come from the console itself.
    """
    said = headers.get("origin") or _origin_of(headers.get("referer", ""))
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    host = headers.get("host", "")
    if at_console(settings, host):
        return said == settings.officers
    if said == settings.origin:
        return True
    local = is_loopback(client) and is_loopback(host_of(host))
    return local and said == f"http://{host}"


def _origin_of(referer: str) -> str:
    parts = urlsplit(referer)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
