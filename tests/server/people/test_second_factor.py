"""The second factor: asked for after the password, each code good once, guessing slowed down, and codes for a lost phone."""

from __future__ import annotations

import re
from datetime import timedelta

from pyotp import TOTP
from sqlalchemy import select

from server.login import COOKIE
from server.people import factors
from server.tables import FactorRow, RecoveryRow
from tests.server.house import PASSWORD, House
from tests.server.post import Visitor, box, pass_time, visitor

HERE = "/account/second-factor"
EMAIL = "p-ash@tenderbell.example"


def code(house: House, secret: str) -> str:
    """What the phone shows now."""
    return TOTP(secret).generate_otp(int(house.parts.now().timestamp()) // 30)


async def set_up(house: House, ash: Visitor) -> tuple[str, list[str]]:
    """Set a second factor up, and return its secret and the recovery codes."""
    await ash.post(f"{HERE}/begin", current=PASSWORD)
    secret = "".join(re.findall(r"<span>([A-Z2-7]{4})</span>", (await ash.get(HERE)).text))
    page = await ash.follow(await ash.post(f"{HERE}/confirm", code=code(house, secret)))
    pass_time(house.parts, timedelta(seconds=60))
    return secret, re.findall(r"<code>([a-z0-9-]+)</code>", page)


async def test_after_the_password_a_code_is_asked_for_and_nothing_is_open_before(house: House) -> None:
    secret, _ = await set_up(house, await visitor(house, "p-ash"))
    ash = await visitor(house)
    answer = await ash.sign_in(EMAIL, next="/prices")
    assert answer.headers["location"] == "/sign-in/code"
    assert COOKIE not in ash.http.cookies and await ash.organisation() == ""
    wrong = await ash.post("/sign-in/code", code="000000")
    assert wrong.status_code == 403 and COOKIE not in ash.http.cookies
    answer = await ash.post("/sign-in/code", code=f" {code(house, secret)[:3]} {code(house, secret)[3:]} ")
    assert answer.headers["location"] == "/prices" and await ash.organisation() == "Ash Supply"


async def test_a_code_that_was_taken_is_refused_to_whoever_looked_over_the_shoulder(house: House) -> None:
    secret, _ = await set_up(house, await visitor(house, "p-ash"))
    ash, eve = await visitor(house), await visitor(house)
    shown = code(house, secret)
    await ash.sign_in(EMAIL)
    assert (await ash.post("/sign-in/code", code=shown)).status_code == 303
    await eve.sign_in(EMAIL)
    assert (await eve.post("/sign-in/code", code=shown)).status_code == 403


async def test_the_code_that_set_it_up_does_not_sign_in_as_well(house: House) -> None:
    ash = await visitor(house, "p-ash")
    await ash.post(f"{HERE}/begin", current=PASSWORD)
    begun = await factors.begun(house.parts, "p-ash")
    assert begun is not None
    shown = code(house, begun.secret)
    await ash.post(f"{HERE}/confirm", code=shown)
    other = await visitor(house)
    await other.sign_in(EMAIL)
    assert (await other.post("/sign-in/code", code=shown)).status_code == 403


async def test_a_code_is_good_for_the_clock_s_half_minute_and_its_neighbours(house: House) -> None:
    begun = await factors.begin(house.parts, "p-ash")
    step = int(house.parts.now().timestamp()) // 30
    app = TOTP(begun.secret)
    assert not await factors.take(house.parts, begun, app.generate_otp(step - 3))
    assert not await factors.take(house.parts, begun, app.generate_otp(step + 3))
    assert await factors.take(house.parts, begun, app.generate_otp(step))
    assert not await factors.take(house.parts, begun, app.generate_otp(step - 1)), (
        "an older one counts no more"
    )
    assert await factors.take(house.parts, begun, app.generate_otp(step + 1))


async def test_guessing_codes_is_slowed_down_from_however_many_browsers(house: House) -> None:
    secret, _ = await set_up(house, await visitor(house, "p-ash"))
    for _ in range(5):
        eve = await visitor(house)
        await eve.sign_in(EMAIL)
        assert (await eve.post("/sign-in/code", code="000000")).status_code == 403
    answer = await eve.post("/sign-in/code", code=code(house, secret))
    assert answer.status_code == 429 and COOKIE not in eve.http.cookies


async def test_a_recovery_code_lets_in_once(house: House) -> None:
    _, codes = await set_up(house, await visitor(house, "p-ash"))
    assert len(set(codes)) == 10
    ash = await visitor(house)
    await ash.sign_in(EMAIL)
    assert (await ash.post("/sign-in/code", code=codes[3].upper().replace("-", " "))).status_code == 303
    assert "9&nbsp;recovery codes" in (await ash.get(HERE)).text
    again = await visitor(house)
    await again.sign_in(EMAIL)
    assert (await again.post("/sign-in/code", code=codes[3])).status_code == 403


async def test_recovery_codes_are_shown_once_and_kept_as_hashes(house: House) -> None:
    ash = await visitor(house, "p-ash")
    await ash.post(f"{HERE}/begin", current=PASSWORD)
    begun = await factors.begun(house.parts, "p-ash")
    assert begun is not None
    address = (await ash.post(f"{HERE}/confirm", code=code(house, begun.secret))).headers["location"]
    assert "<code>" in (await ash.get(address)).text and "<code>" not in (await ash.get(address)).text
    async with house.parts.database.session() as session:
        rows = (await session.execute(select(RecoveryRow))).scalars().all()
    assert len(rows) == 10 and all(len(row.code_hash) == 32 for row in rows)


async def test_new_codes_end_the_old_ones_and_need_the_password(house: House) -> None:
    here = await visitor(house, "p-ash")
    _, old = await set_up(house, here)
    assert (await here.post(f"{HERE}/codes", current="no")).status_code == 422
    page = await here.follow(await here.post(f"{HERE}/codes", current=PASSWORD))
    assert not set(old) & set(re.findall(r"<code>([a-z0-9-]+)</code>", page))
    assert not await factors.take_recovery(house.parts, "p-ash", old[0])


async def test_nothing_changes_until_the_first_code_was_given(house: House) -> None:
    here = await visitor(house, "p-ash")
    await here.post(f"{HERE}/begin", current=PASSWORD)
    assert (await here.get(f"{HERE}/qr.svg")).headers["content-type"].startswith("image/svg+xml")
    assert (await (await visitor(house)).sign_in(EMAIL)).headers["location"] == "/today"
    wrong = await here.post(f"{HERE}/confirm", code="123")
    assert wrong.status_code == 422 and "The code is not right" in wrong.text


async def test_setting_it_up_ends_other_sessions_and_is_told_by_letter(house: House) -> None:
    here, there = await visitor(house, "p-ash"), await visitor(house, "p-ash")
    await set_up(house, here)
    assert await here.organisation() == "Ash Supply" and await there.organisation() == ""
    assert box(house.parts).last("account_changed", EMAIL).context["what"] == "second factor"


async def test_another_phone_takes_over_with_its_first_code(house: House) -> None:
    here = await visitor(house, "p-ash")
    first, _ = await set_up(house, here)
    second, _ = await set_up(house, here)
    assert first != second
    async with house.parts.database.session() as session:
        rows = (await session.execute(select(FactorRow))).scalars().all()
    assert [row.secret for row in rows] == [second]


async def test_turning_it_off_needs_the_password(house: House) -> None:
    here = await visitor(house, "p-ash")
    await set_up(house, here)
    assert (await here.post(f"{HERE}/off", current="no")).status_code == 422
    assert "not set up" in await here.follow(await here.post(f"{HERE}/off", current=PASSWORD))
    assert (await (await visitor(house)).sign_in(EMAIL)).headers["location"] == "/today"


async def test_a_forgotten_password_does_not_get_around_it(house: House) -> None:
    await set_up(house, await visitor(house, "p-ash"))
    ash = await visitor(house)
    await ash.post("/forgot", email=EMAIL)
    new = "tall giraffes drum softly"
    await ash.post(box(house.parts).last("reset").path, password=new, again=new)
    assert (await ash.sign_in(EMAIL, new)).headers["location"] == "/sign-in/code"


async def test_ten_minutes_after_the_password_it_is_asked_for_again(house: House) -> None:
    secret, _ = await set_up(house, await visitor(house, "p-ash"))
    ash = await visitor(house)
    await ash.sign_in(EMAIL)
    pass_time(house.parts, timedelta(minutes=10))
    assert (await ash.post("/sign-in/code", code=code(house, secret))).status_code == 410
    assert await ash.organisation() == ""
