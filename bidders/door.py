"""Signing in as a browser does, by form, and keeping the session's token."""

from __future__ import annotations

import asyncio
from http.client import HTTPConnection, HTTPSConnection
from http.cookies import SimpleCookie
from urllib.parse import quote, urlencode, urlsplit

COOKIE = "tenderbell_session"
TIMEOUT_S = 10


class NotSignedIn(Exception):
    """The server did not open a session."""


async def sign_in(base: str, email: str, password: str) -> str:
    """Open a session with a password and return its token; raises `NotSignedIn`, or `OSError` without an answer."""
    return await asyncio.to_thread(_enter, base, "/sign-in", {"email": email, "password": password})


async def enter_demo(base: str, membership: str) -> str:
    """Become somebody (`person@organisation`) in a demonstration and return the session's token; raises as `sign_in`."""
    return await asyncio.to_thread(_enter, base, f"/demo/{quote(membership, safe='@')}", {})


def origin(base: str) -> str:
    """The address as a browser names it in `Origin`, without the slash at the end."""
    return base.rstrip("/")


def _enter(base: str, path: str, fields: dict[str, str]) -> str:
    """Send a form, and take the session's cookie from the answer."""
    address = urlsplit(base)
    made = HTTPSConnection if address.scheme == "https" else HTTPConnection
    line = made(address.netloc, timeout=TIMEOUT_S)
    headers = {"origin": origin(base), "content-type": "application/x-www-form-urlencoded"}
    try:
        line.request("POST", path, urlencode({"csrf": "", **fields}), headers)
        answer = line.getresponse()
        cookies = SimpleCookie("; ".join(answer.headers.get_all("set-cookie", [])))
    finally:
        line.close()
    if COOKIE not in cookies:
        raise NotSignedIn(f"the server answered {answer.status}")
    return cookies[COOKIE].value
