"""People in a browser: an invitation, a second factor by keyboard, a district; each page as axe and a phone see it."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect
from pyotp import TOTP
from sqlalchemy import update

from server.login import token_hash
from server.people import invitations, links
from server.people.links import new_token
from server.tables import InvitationRow
from tests.browser.conftest import Visit
from tests.browser.test_every_page import PHONE, SIDEWAYS, SMALL, WIDE, in_both_schemes, unfold
from tests.server.house import PASSWORD, House, Threaded

PASS = "tall giraffes drum softly"


def looked_at(page: Page) -> None:
    """See that a page is fit for every eye and every screen, with everything unfolded."""
    unfold(page)
    page.set_viewport_size(WIDE)
    assert in_both_schemes(page) == []
    page.set_viewport_size(PHONE)
    assert in_both_schemes(page) == []
    assert page.evaluate(SMALL) == [] and page.evaluate(SIDEWAYS) == 0
    page.set_viewport_size(WIDE)


async def invited(house: House, email: str, role: str | None, district: str = "") -> str:
    """Invite somebody, and return a path as it would stand in the letter."""
    if role is None:
        await invitations.invite_district(house.parts, "c-lake", "p-admin", email, district)
    else:
        await invitations.invite_person(house.parts, "c-lake", "p-admin", email, role)
    token = new_token(house.parts)
    async with house.parts.database.session.begin() as session:
        hashed = update(InvitationRow).where(InvitationRow.email == email)
        await session.execute(hashed.values(token_hash=token_hash(token)))
    return f"/invitations/{token}"


def test_an_invitation_is_accepted_by_keyboard_and_its_faults_are_read_aloud(
    town: Threaded, visit: Visit
) -> None:
    page = visit()
    page.goto(town.call(invited(town.house, "kay@coop.example", "evaluator")))
    looked_at(page)
    page.get_by_label("Your name").focus()
    page.keyboard.type("Kay Key")
    for text in ("password1234", "password1234"):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    password = page.get_by_label("Password", exact=True)
    expect(password).to_have_attribute("aria-invalid", "true")
    expect(password).to_have_accessible_description(re.compile("first that others would try.*At least 12"))
    expect(page.get_by_label("Your name")).to_have_value("Kay Key")
    looked_at(page)
    password.fill(PASS)
    page.get_by_label("The same once more").fill(PASS)
    page.keyboard.press("Enter")
    expect(page.locator(".who")).to_contain_text("Kay Key")


def test_an_invited_district_names_itself(town: Threaded, visit: Visit) -> None:
    page = visit()
    page.goto(town.call(invited(town.house, "dee@dell.example", None, "Dell CSD")))
    looked_at(page)
    page.get_by_label("State").select_option("US-NY")
    page.get_by_label("Your name").fill("Dee Dell")
    page.get_by_label("Password", exact=True).fill(PASS)
    page.get_by_label("The same once more").fill(PASS)
    page.get_by_role("button", name="Accept the invitation").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dell CSD")
    page.get_by_label("Name").fill("School")
    page.get_by_role("button", name="Add the address").click()
    expect(page.get_by_label("Street")).to_be_focused()
    for name, text in (("Name", "School"), ("Street", "1 Main St"), ("City", "Ithaca"), ("ZIP", "14850")):
        page.get_by_label(name).fill(text)
    page.get_by_role("button", name="Add the address").click()
    expect(page.get_by_role("status")).to_have_text("School is added as S1.")
    looked_at(page)


def test_a_second_factor_is_set_up_and_asked_for(town: Threaded, visit: Visit) -> None:
    page = visit("p-second")
    page.goto("/account/second-factor")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Set it up").click()
    picture = page.get_by_role("img", name="QR code")
    expect(picture).to_be_visible()
    page.wait_for_function("() => document.querySelector('.qr').naturalWidth > 100")
    looked_at(page)
    secret = "".join(page.locator(".secret").inner_text().split())
    page.get_by_label("Code").fill(TOTP(secret).now())
    page.get_by_role("button", name="Turn it on").click()
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    looked_at(page)
    page.reload()
    expect(page.get_by_role("heading", name="It is on")).to_be_visible()
    looked_at(page)
    door = visit()
    door.goto("/sign-in?next=/account/sessions")
    door.get_by_label("Email").fill("p-second@tenderbell.example")
    door.get_by_label("Password").fill(PASSWORD)
    door.keyboard.press("Enter")
    expect(door.get_by_role("textbox", name="Code")).to_be_focused()
    looked_at(door)
    door.get_by_role("textbox", name="Code").fill(codes[0])
    door.keyboard.press("Enter")
    expect(door.get_by_role("heading", level=1)).to_have_text("Where you are signed in")
    looked_at(door)


def test_a_new_password_and_a_confirmed_start_look_alike_on_a_phone(town: Threaded, visit: Visit) -> None:
    parts = town.house.parts
    reset = town.call(links.make(parts, "reset", "p-elm", links.RESET_LASTS))
    page = visit()
    page.goto(f"/reset/{reset}")
    looked_at(page)
    start = {
        "kind": "found",
        "email": "fay@fern.example",
        "name": "Fay Fern",
        "organisation": "Fern Coop",
        "state": "US-PA",
    }
    token = town.call(links.make(parts, "start", None, links.CONFIRM_LASTS, **start))
    page.goto(f"/verify/{token}")
    looked_at(page)
    page.get_by_label("Password", exact=True).fill(PASS)
    page.get_by_label("The same once more").fill(PASS)
    page.get_by_role("button", name="Found the consortium").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fern Coop")
    looked_at(page)


def test_a_team_is_kept_without_scripts(town: Threaded, visit: Visit) -> None:
    page = visit("p-birch", java_script_enabled=False)
    page.goto("/team")
    page.get_by_label("Email").fill("sol@birch.example")
    page.get_by_role("radio", name="Signer").check()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("status")).to_have_text("An invitation was sent to sol@birch.example.")
    page.get_by_role("button", name="Withdraw the invitation of sol@birch.example").click()
    expect(page.get_by_text("Nobody is invited at the moment")).to_be_visible()
    page.get_by_label("Email").fill("sol@birch.example")
    page.get_by_role("radio", name="Signer").check()
    page.get_by_role("button", name="Send the invitation").click()
    page.goto("/account")
    page.locator("summary", has_text="Name").click()
    page.get_by_label("Name").fill("Birch B. Birch")
    page.get_by_role("button", name="Change the name").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Birch B. Birch")
