"""Signing in goes through the same door as a browser's."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from bidders.door import NotSignedIn, enter_demo, sign_in

seen: list[tuple[str, str | None, dict[str, list[str]]]] = []


class Doorkeeper(BaseHTTPRequestHandler):
    """Lets in whoever knows the word."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        form = parse_qs(body, keep_blank_values=True)
        seen.append((self.path, self.headers["origin"], form))
        good = self.path.startswith("/demo/") or form.get("password") == ["the word & more"]
        self.send_response(303 if good else 403)
        self.send_header("set-cookie", "other=1; Path=/")
        if good:
            self.send_header("location", "/")
            self.send_header("set-cookie", "tenderbell_session=tok-en_1; HttpOnly; Path=/; SameSite=lax")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def base() -> Iterator[str]:
    """The doorkeeper's address."""
    seen.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Doorkeeper) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


async def test_a_password_opens_a_session(base: str) -> None:
    assert await sign_in(base, "grace@cedar.example", "the word & more") == "tok-en_1"
    form = {"csrf": [""], "email": ["grace@cedar.example"], "password": ["the word & more"]}
    assert seen == [("/sign-in", base, form)]


async def test_the_demonstrations_door_takes_a_membership(base: str) -> None:
    assert await enter_demo(f"{base}/", "p-tran@v-cedar") == "tok-en_1"
    assert seen[0][1:] == (base, {"csrf": [""]})
    assert await enter_demo(base, "p-tran@v-cedar") == "tok-en_1"
    assert seen[1][0] == "/demo/p-tran@v-cedar"


async def test_a_wrong_password_is_said(base: str) -> None:
    with pytest.raises(NotSignedIn, match="403"):
        await sign_in(base, "grace@cedar.example", "not the word")


async def test_a_server_that_is_not_there_is_an_os_error() -> None:
    with pytest.raises(OSError):
        await sign_in("http://127.0.0.1:1", "a@b.example", "x")
