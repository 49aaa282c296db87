"""One's own account: nobody changes it without its password, and what is ended is ended at once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from server.hub import SESSION_OVER
from server.people import accounts
from server.people.sessions import called
from server.tables import Person
from tests.server.house import PASSWORD, House, event
from tests.server.post import Visitor, box, pass_time, visitor

PASS = "tall giraffes drum softly"
EMAIL = "p-ash@tenderbell.example"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


async def two(house: House) -> tuple[Visitor, Visitor]:
    """The same person in two browsers."""
    return await visitor(house, "p-ash"), await visitor(house, "p-ash")


async def test_a_new_password_needs_the_old_one_and_ends_every_other_session(house: House) -> None:
    here, there = await two(house)
    wrong = await here.post("/account/password", current="not it", password=PASS, again=PASS)
    assert wrong.status_code == 422 and "is not your password" in wrong.text
    assert "password is changed" in await here.follow(
        await here.post("/account/password", current=PASSWORD, password=PASS, again=PASS)
    )
    assert await here.organisation() == "Ash Supply" and await there.organisation() == ""
    assert (await there.sign_in(EMAIL, PASS)).status_code == 303
    assert box(house.parts).last("account_changed").to == EMAIL


async def test_guessing_the_old_password_from_a_borrowed_browser_is_slowed_down(house: House) -> None:
    here, _ = await two(house)
    for _ in range(5):
        await here.post("/account/password", current="guess", password=PASS, again=PASS)
    answer = await here.post("/account/password", current=PASSWORD, password=PASS, again=PASS)
    assert answer.status_code == 422 and "Too many attempts" in answer.text


async def test_a_new_address_counts_once_its_letter_was_opened(house: House) -> None:
    here, anybody = await visitor(house, "p-ash"), await visitor(house)
    await here.post("/account/email", email="ASH@new.example", current=PASSWORD)
    letter = box(house.parts).last("verify")
    assert letter.to == "ash@new.example" and EMAIL in (await here.get("/account")).text
    assert (await anybody.sign_in("ash@new.example")).status_code == 403
    assert (await anybody.get(letter.path)).status_code == 200
    assert EMAIL in (await here.get("/account")).text, "opening the page alone changes nothing"
    assert (await anybody.post(letter.path)).status_code == 303
    assert (await anybody.sign_in("ash@new.example")).status_code == 303
    assert box(house.parts).last("account_changed").to == EMAIL, "the old address is told"
    assert (await anybody.get(letter.path)).status_code == 410


async def test_an_address_that_somebody_has_gets_no_letter_and_no_word_about_it(house: House) -> None:
    here = await visitor(house, "p-ash")
    answer = await here.post("/account/email", email="p-birch@tenderbell.example", current=PASSWORD)
    assert "Open the link that was sent" in await here.follow(answer)
    assert box(house.parts).letters == []


async def test_an_address_that_was_taken_in_the_meantime_is_refused_in_words(house: House) -> None:
    here, anybody = await visitor(house, "p-ash"), await visitor(house)
    await here.post("/account/email", email="ash@new.example", current=PASSWORD)
    await accounts.create(house.parts, "Other", "ash@new.example", PASS, None)
    answer = await anybody.post(box(house.parts).last("verify").path)
    assert answer.status_code == 422 and "belongs to another account" in answer.text


async def test_an_address_that_was_never_confirmed_is_confirmed_by_a_link(house: House) -> None:
    async with house.parts.database.session.begin() as session:
        await session.execute(update(Person).where(Person.id == "p-ash").values(email_verified_at=None))
    here = await visitor(house, "p-ash")
    assert "not confirmed yet" in (await here.get("/account")).text
    await here.post("/account/verify")
    assert "is confirmed" in await here.follow(await here.post(box(house.parts).last("verify", EMAIL).path))
    assert "not confirmed yet" not in (await here.get("/account")).text


async def test_a_name_is_changed_everywhere(house: House) -> None:
    here = await visitor(house, "p-ash")
    assert (await here.post("/account/name", name="  ")).status_code == 422
    await here.post("/account/name", name=" Ash  <b>B.</b> ")
    assert "Ash &lt;b&gt;B.&lt;/b&gt;" in (await here.get("/account")).text


async def test_whoever_never_had_a_password_is_told_how_to_choose_one(house: House) -> None:
    async with house.parts.database.session.begin() as session:
        await session.execute(update(Person).where(Person.id == "p-ash").values(password_hash=None))
    here = await visitor(house, "p-ash")
    answer = await here.post("/account/second-factor/begin", current="anything")
    assert answer.status_code == 422 and "was never set; choose one by way of" in answer.text


# --- sessions --------------------------------------------------------------------------------------------------------------


async def test_each_browser_is_listed_and_can_be_ended_from_another(house: House) -> None:
    here = await visitor(house)
    here.http.headers["user-agent"] = FIREFOX
    await here.sign_in(EMAIL)
    there = await visitor(house, "p-ash")
    page = (await there.get("/account/sessions")).text
    assert "Firefox on Windows" in page and page.count("This one") == 1
    handle = page.partition('name="session" value="')[2].partition('"')[0]
    assert "was ended" in await there.follow(await there.post("/account/sessions/end", session=handle))
    assert await here.organisation() == "" and await there.organisation() == "Ash Supply"


async def test_signing_out_everywhere_ends_all_with_their_windows(house: House) -> None:
    await house.publish(event())
    window = await house.watch("p-ash")
    await window.hear("welcome")
    here, there = await two(house)
    answer = await here.post("/account/sessions/end", session="all")
    assert answer.headers["location"] == "/sign-in?done=everywhere"
    assert await window.closed() == SESSION_OVER.number
    assert await here.organisation() == await there.organisation() == ""


async def test_nobody_ends_somebody_else_s_session(house: House) -> None:
    ash, birch = await visitor(house, "p-ash"), await visitor(house, "p-birch")
    second = await visitor(house, "p-ash")
    page = (await ash.get("/account/sessions")).text
    handle = page.partition('name="session" value="')[2].partition('"')[0]
    assert "ended already" in await birch.follow(await birch.post("/account/sessions/end", session=handle))
    assert await second.organisation() == "Ash Supply"


async def test_a_token_that_was_kept_opens_nothing_after_the_end(house: House) -> None:
    here, there = await two(house)
    await here.post("/account/sessions/end", session="others")
    assert (await there.get("/account")).status_code == 303
    pass_time(house.parts, timedelta(days=2))
    assert (await here.get("/account")).status_code == 303, "a session runs out by itself"


def test_browsers_are_called_by_their_names() -> None:
    assert called(FIREFOX) == "Firefox on Windows"
    edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140"
    assert called(edge) == "Edge on Windows"
    phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Safari/604.1"
    assert called(phone) == "Safari on iPhone"
    assert called("<script>") == "script" and called("") == "A browser"
