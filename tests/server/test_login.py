"""Signing in: sessions are minted at the door, kept as hashes, and ended everywhere; guessing is slow and learns nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from server.login import COOKIE, Attempts, Passwords, token_hash
from server.pages import entering
from server.tables import SessionRow
from tests.server.callers import PATIENCE_S
from tests.server.house import PASSWORD, QUICK, House

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
EMAIL = "p-ash@tenderbell.example"


@pytest.fixture
async def visitor(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that nobody is signed in with."""
    made = httpx.AsyncClient(base_url=house.origin, headers={"origin": house.origin}, timeout=PATIENCE_S)
    async with made:
        yield made


async def sessions(house: House) -> list[SessionRow]:
    async with house.parts.database.session() as session:
        return list((await session.execute(select(SessionRow))).scalars())


async def knock(visitor: httpx.AsyncClient, email: str, password: str, **more: str) -> httpx.Response:
    return await visitor.post("/sign-in", data={"email": email, "password": password} | more)


async def test_who_knows_the_password_gets_a_new_session_that_is_kept_as_a_hash_alone(
    house: House, visitor: httpx.AsyncClient
) -> None:
    visitor.cookies.set(COOKIE, "chosen-by-somebody-else", domain="127.0.0.1")
    answer = await knock(visitor, f" {EMAIL.upper()} ", PASSWORD, next="/events/1/room")
    assert (answer.status_code, answer.headers["location"]) == (303, "/events/1/room")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "path=/" in cookie
    token = answer.cookies[COOKIE]
    assert token != "chosen-by-somebody-else" and len(token) >= 43
    (row,) = await sessions(house)
    assert row.token_hash == token_hash(token) and token.encode() not in row.token_hash
    assert (row.person_id, row.organisation_id, row.role) == ("p-ash", "v-ash", "owner")
    assert row.expires_at - row.created_at == timedelta(hours=house.parts.settings.session_hours)


async def test_signing_in_again_ends_the_session_before(house: House, visitor: httpx.AsyncClient) -> None:
    first = (await knock(visitor, EMAIL, PASSWORD)).cookies[COOKIE]
    mine = {row.token_hash: row for row in await sessions(house)}[token_hash(first)]
    assert mine.revoked_at is None
    page = await visitor.get("/")
    form = page.text.partition('name="csrf" value="')[2].partition('"')[0]
    second = (await knock(visitor, EMAIL, PASSWORD, csrf=form)).cookies[COOKIE]
    assert second != first
    assert await house.parts.login.find(first) is None
    assert await house.parts.login.find(second) is not None


async def test_an_unknown_e_mail_and_a_wrong_password_get_the_same_answer(visitor: httpx.AsyncClient) -> None:
    unknown = await knock(visitor, "who@tenderbell.example", PASSWORD)
    wrong = await knock(visitor, EMAIL, "wrong")
    assert (unknown.status_code, wrong.status_code) == (403, 403)
    assert unknown.text.replace("who@tenderbell.example", EMAIL) == wrong.text
    assert "do not match" in wrong.text and "set-cookie" not in wrong.headers


async def test_a_password_is_checked_as_long_for_nobody_as_for_somebody() -> None:
    checked: list[str] = []

    class Counting(type(QUICK)):  # type: ignore[misc]
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:
            checked.append(str(hash))
            return bool(QUICK.verify(hash, password))

    passwords = Passwords(Counting())
    assert not await passwords.fits(None, "nobody has this password")
    assert not await passwords.fits("no hash at all", PASSWORD)
    assert await passwords.fits(QUICK.hash(PASSWORD), PASSWORD)
    assert len(checked) == 3 and checked[0].startswith("$argon2id$")


async def test_guessing_is_slowed_down_for_the_one_who_guesses_alone(
    house: House, visitor: httpx.AsyncClient
) -> None:
    for _ in range(5):
        assert (await knock(visitor, EMAIL, "guess")).status_code == 403
    blocked = await knock(visitor, EMAIL, PASSWORD)
    assert blocked.status_code == 429 and "15 minutes" in blocked.text
    assert await sessions(house) == []
    assert (await knock(visitor, "p-birch@tenderbell.example", PASSWORD)).status_code == 303


def test_attempts_are_forgotten_after_their_window_or_a_success_and_are_bounded() -> None:
    attempts = Attempts(2, timedelta(minutes=15), keys=3)
    attempts.failed("a", NOW)
    assert attempts.wait("a", NOW) is None
    attempts.failed("a", NOW + timedelta(minutes=5))
    assert attempts.wait("a", NOW + timedelta(minutes=6)) == timedelta(minutes=9)
    assert attempts.wait("a", NOW + timedelta(minutes=15)) is None
    attempts.forget("a")
    assert attempts.wait("a", NOW + timedelta(minutes=6)) is None
    for name in "bcdefg":
        attempts.failed(name, NOW)
    assert len(attempts._failed) == 3


async def test_a_session_that_ran_out_or_was_ended_opens_nothing(house: House) -> None:
    guest = await house.sign_in("v-ash")
    assert "Ash Supply" in (await guest.get("/")).text
    now = house.parts.login._now
    house.parts.login._now = lambda: now() + timedelta(hours=12, seconds=1)
    assert "Ash Supply" not in (await guest.get("/")).text
    house.parts.login._now = now
    assert "Ash Supply" in (await guest.get("/")).text
    assert (await guest.post("/sign-out")).status_code == 303
    assert "Ash Supply" not in (await guest.get("/")).text
    assert guest.token is not None
    assert await house.parts.login.find(guest.token) is None
    assert await house.parts.login.find("no such token") is None


async def test_a_disk_without_room_shuts_nobody_out(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    guest = await house.sign_in("v-ash")
    now = house.parts.login._now
    house.parts.login._now = lambda: now() + timedelta(minutes=5)

    async def full(*_: object, **__: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("database or disk is full"))

    monkeypatch.setattr(house.parts.login, "_set", full)
    assert "Ash Supply" in (await guest.get("/")).text


@pytest.mark.parametrize(
    "next",
    [
        "//evil.example",
        "http://evil.example",
        "/\\evil.example",
        "/\tevil",
        "javascript:alert(1)",
        "evil",
        "/ok\r\nX: y",
    ],
)
async def test_signing_in_leads_to_our_own_pages_alone(visitor: httpx.AsyncClient, next: str) -> None:
    assert (await knock(visitor, EMAIL, PASSWORD, next=next)).headers["location"] == "/today"
    assert next not in (await visitor.get("/sign-in", params={"next": next})).text


async def test_cookies_are_for_secure_lines_alone_where_the_installation_says_so(house: House) -> None:
    held = next(each for each, _, _ in await house.parts.login.memberships() if each.role == "lead")
    secure = replace(house.parts, settings=replace(house.parts.settings, secure_cookies=True))
    answer = await entering.enter_as(secure, None, held, "/")
    assert all(cookie.secure for cookie in answer.cookies)
