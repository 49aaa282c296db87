"""A mailbox to look into: parts whose outbox keeps what was put, each key once, and what stands in a letter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx
import msgspec

from server.notices.outbox import Outbox
from server.parts import Parts
from tests.server.callers import Guest
from tests.server.house import PASSWORD, House


class Letter(msgspec.Struct, frozen=True):
    """What was put into the outbox."""

    key: str
    to: str
    notice: str
    context: dict[str, Any]

    @property
    def path(self) -> str:
        """The path of the letter's link."""
        return "/" + str(self.context["link"]).split("/", 3)[3]


class Box:
    """The house's own outbox, with a window: every letter is written as it would be, and its context can be looked at."""

    def __init__(self, outbox: Outbox) -> None:
        self.letters: list[Letter] = []
        self._outbox = outbox

    def __getattr__(self, name: str) -> Any:
        return getattr(self._outbox, name)

    async def put(
        self, *, key: str, to: str, notice: str, context: Mapping[str, Any], about: str = ""
    ) -> bool:
        """Put a letter, and note it where it is new."""
        new = await self._outbox.put(key=key, to=to, notice=notice, context=context, about=about)
        if new:
            self.letters.append(Letter(key, to, notice, dict(context)))
        return new

    def last(self, notice: str, to: str | None = None) -> Letter:
        """The newest letter of a kind."""
        return [each for each in self.letters if each.notice == notice and to in (None, each.to)][-1]


class Clock:
    """A clock that can be put ahead."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now, self.ahead = now, timedelta()

    def __call__(self) -> datetime:
        """What it says."""
        return self._now() + self.ahead


def posting(parts: Parts) -> Parts:
    """Give parts a mailbox to look into, and a clock that can be put ahead."""
    given = {name: getattr(parts, name) for name in Parts.__struct_fields__}
    given["now"] = parts.login._now = Clock(parts.now)
    return Parts(**given | {"outbox": Box(parts.outbox)})


def box(parts: Parts) -> Box:
    """The mailbox of such parts."""
    assert isinstance(parts.outbox, Box)
    return parts.outbox


def pass_time(parts: Parts, passed: timedelta) -> None:
    """Put the clock of such parts ahead."""
    assert isinstance(parts.now, Clock)
    parts.now.ahead += passed


class Visitor:
    """A browser: it keeps its cookies, and sends forms with the token of the page that it was on."""

    def __init__(self, guest: Guest) -> None:
        self.http = guest.http

    async def get(self, path: str) -> httpx.Response:
        """Open a page."""
        return await self.http.get(path)

    async def post(self, path: str, files: Any = None, **form: str) -> httpx.Response:
        """Send a form of a page in this session."""
        page = (await self.http.get("/start")).text
        token = page.partition('name="csrf" value="')[2].partition('"')[0]
        return await self.http.post(path, data={"csrf": token} | form, files=files)

    async def follow(self, answer: httpx.Response) -> str:
        """The page that a form led to."""
        assert answer.status_code == 303, answer.text
        return (await self.get(answer.headers["location"])).text

    async def sign_in(self, email: str, password: str = PASSWORD, **more: str) -> httpx.Response:
        """Give an e-mail address and a password at the door."""
        return await self.post("/sign-in", email=email, password=password, **more)

    async def organisation(self) -> str:
        """Where one is signed in, as the head of a page says; empty for nobody."""
        page = (await self.http.get("/start")).text
        return page.partition('class="who-org">')[2].partition("<")[0]


async def visitor(house: House, who: str | None = None) -> Visitor:
    """A browser of somebody, or of nobody yet."""
    return Visitor(await house.sign_in(who))
