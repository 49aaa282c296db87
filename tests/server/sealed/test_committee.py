"""From the draft to its publication: every officer makes a key, tries it and accepts, and no step can be left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from bidders.box.state import Box
from bidders.sealing.officers import code_text
from server.sealed.demo_code import demo_code
from tests.server.house import PASSWORD, House, opened
from tests.server.pages.solicitation.sealed import OFFICERS, sealed
from tests.server.sealed.committee import Officer, approved, at_console


def box(house: House) -> Box:
    found: Box = house.parts.desk.state("box/1")
    return found


async def committee(house: House) -> list[Officer]:
    """An approved draft, and its officers at the console."""
    await approved(house, sealed(house.parts.now()))
    return [await at_console(house, each.person) for each in OFFICERS]


async def test_it_is_published_when_every_officer_has_accepted(house: House) -> None:
    officers, lead = await committee(house), await house.sign_in("p-lead")
    early = await lead.post("/events/1/publication/send")
    assert "have not made their keys yet" in (await lead.get(early.headers["location"])).text
    for each in officers:
        assert (await each.make_key()).status_code == 200
        assert (await each.drill()).status_code == 200
    sent = await lead.post("/events/1/publication/send")
    assert "Sent. Each officer" in (await lead.get(sent.headers["location"])).text
    for each in officers[:2]:
        assert (await each.accept()).status_code == 200, (await each.accept()).text
    early = await lead.post("/events/1/publication/publish")
    assert "when every officer has accepted" in (await lead.get(early.headers["location"])).text
    assert (await officers[2].accept()).status_code == 200
    await lead.post("/events/1/publication/publish")
    await house.parts.errands.settled()
    assert house.parts.desk.state("tender/1").status == "published"
    assert box(house).published_at is not None and len(box(house).accepted) == 3


async def test_nobody_accepts_without_a_fire_drill(house: House) -> None:
    officers, lead = await committee(house), await house.sign_in("p-lead")
    for each in officers:
        await each.make_key()
    await lead.post("/events/1/publication/send")
    refused = await officers[0].accept()
    assert refused.status_code == 422 and "Try your recovery code first" in refused.text
    await officers[0].drill()
    assert (await officers[0].accept()).status_code == 200


async def test_a_change_of_the_draft_asks_every_officer_anew(house: House) -> None:
    officers, lead = await committee(house), await house.sign_in("p-lead")
    for each in officers:
        await each.make_key()
        await each.drill()
    await lead.post("/events/1/publication/send")
    for each in officers:
        await each.accept()
    returned = await (await house.sign_in("p-second")).post("/events/1/approval/return", reason="No")
    assert returned.status_code == 303
    await lead.post("/events/1/publication/publish")
    assert box(house).published_at is None
    assert (await officers[0].state())["draft"] is not None


async def test_new_keys_of_an_officer_void_what_was_accepted(house: House) -> None:
    officers, lead = await committee(house), await house.sign_in("p-lead")
    for each in officers:
        await each.make_key()
        await each.drill()
    await lead.post("/events/1/publication/send")
    for each in officers:
        await each.accept()
    officers[0].keys = type(officers[0].keys)("1", bytes(32))
    assert (await officers[0].make_key()).status_code == 200
    assert list((await officers[0].state())["records"]["os"]) == [officers[0].keys.kid]
    await lead.post("/events/1/publication/publish")
    assert box(house).published_at is None


async def test_after_publication_no_record_is_replaced(house: House) -> None:
    officers, lead = await committee(house), await house.sign_in("p-lead")
    for each in officers:
        await each.make_key()
        await each.drill()
    await lead.post("/events/1/publication/send")
    for each in officers:
        await each.accept()
    await lead.post("/events/1/publication/publish")
    before = (await officers[0].state())["records"]
    officers[0].keys = type(officers[0].keys)("1", bytes(32))
    assert (await officers[0].make_key()).status_code == 422
    assert (await officers[0].state())["records"] == before


@pytest.mark.parametrize("person", ["p-second", "p-elm", "p-evaluator", "p-far", "p-ash"])
async def test_who_holds_no_key_finds_nothing_at_the_console(house: House, person: str) -> None:
    await committee(house)
    stranger = await at_console(house, person)
    for path in ("", "/state.json", "/closing.json"):
        assert (await stranger.get(path)).status_code in (403, 404)
    assert (await stranger.send("keys", {})).status_code in (403, 404)


async def test_the_console_answers_on_its_own_host_alone(house: House) -> None:
    await committee(house)
    lead, officer = await house.sign_in("p-lead"), await at_console(house, "p-lead")
    elsewhere = await lead.get("/officers/1")
    assert elsewhere.status_code == 404 and house.parts.settings.officers in elsewhere.text
    other = await officer.guest.get("/events/1/console")
    assert other.status_code == 404 and f'href="{house.origin}/events/1/console"' in other.text
    assert (await officer.guest.get("/")).headers["location"] == "/officers"
    assert (await officer.guest.get("/officers")).status_code == 200


async def test_the_console_takes_nothing_from_a_page_of_the_other_host(house: House) -> None:
    await committee(house)
    officer = await at_console(house, "p-lead")
    officer.guest.http.headers["origin"] = house.origin
    assert (await officer.make_key()).status_code == 403
    officer.guest.http.headers["origin"] = house.parts.settings.officers
    assert (await officer.make_key()).status_code == 200


async def test_the_console_s_content_policy_allows_nothing_but_its_own_files(house: House) -> None:
    await committee(house)
    officer = await at_console(house, "p-lead")
    policy = (await officer.get("")).headers["content-security-policy"]
    assert "default-src 'none'" in policy and "require-trusted-types-for 'script'" in policy
    missing = (await officer.get("/nothing/here")).headers["content-security-policy"]
    assert missing == policy
    lead = await house.sign_in("p-lead")
    assert "default-src 'self'" in (await lead.get("/")).headers["content-security-policy"]


async def test_people_sign_in_at_the_console_separately_and_arrive_at_their_keys(house: House) -> None:
    await committee(house)
    officer = await at_console(house, "p-oak")
    officer.guest.http.cookies.clear()
    away = await officer.get("")
    assert away.headers["location"] == "/sign-in?next=/officers/1"
    door = await officer.guest.post(
        "/sign-in", csrf="", email="p-oak@tenderbell.example", password=PASSWORD, next="/officers/1"
    )
    assert door.headers["location"] == "/officers/1" and "set-cookie" in door.headers
    assert "domain" not in door.headers["set-cookie"].lower()
    assert (await officer.get("")).status_code == 200
    assert (await officer.guest.get("/today")).headers["location"] == "/officers"


async def test_in_a_demonstration_an_officer_enters_by_one_click_and_no_vendor_is_offered(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, demo=True) as house:
        await committee(house)
        officer = await at_console(house, "p-oak")
        listed = (await officer.guest.get("/demo")).text
        assert "p-oak@d-oak" in listed and "v-ash" not in listed
        assert (await officer.guest.post("/demo/p-oak@d-oak")).headers["location"] == "/today"
        assert "This is a demonstration: the code of this made-up officer" in (await officer.get("")).text


async def test_no_page_of_a_real_server_holds_a_recovery_code(house: House) -> None:
    await committee(house)
    officer = await at_console(house, "p-oak")
    page = (await officer.get("")).text
    assert code_text(demo_code("p-oak")) not in page and "demonstration" not in page
