"""An officer at the console, in Chromium: a key is made and tried, it is accepted, and no secret ever reaches the server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, expect

from server.login import COOKIE
from tests.browser.consoles import CODE, ME, Enter, accept, consoles, drill, make_key, unlock
from tests.server.house import House, Threaded, in_thread
from tests.server.pages.solicitation.sealed import OFFICERS, sealed
from tests.server.sealed.committee import approved, at_console


async def drafted(house: House) -> str:
    """An approved draft; the other two officers have made and tried their keys."""
    event_id = await approved(house, sealed(house.parts.now()))
    for each in OFFICERS:
        if each.person != ME:
            officer = await at_console(house, each.person, event_id)
            await officer.make_key()
            await officer.drill()
    return event_id


async def sent(house: House, event_id: str) -> None:
    """The lead sends it, and the others accept."""
    await (await house.sign_in("p-lead")).post(f"/events/{event_id}/publication/send")
    for each in OFFICERS:
        if each.person != ME:
            assert (await (await at_console(house, each.person, event_id)).accept()).status_code == 200


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Threaded]:
    """A server of these tests' own, which is no demonstration: codes of real officers are on no page."""
    with in_thread(tmp_path) as running:
        yield running


@pytest.fixture
def enter(browser: Browser, town: Threaded) -> Iterator[Enter]:
    """Open the console of a solicitation as an officer."""
    with consoles(browser, town) as opened:
        yield opened


def test_an_officer_makes_a_key_tries_the_code_and_accepts(town: Threaded, enter: Enter) -> None:
    event_id, seen = town.call(drafted(town.house)), list[str]()
    page = enter(event_id, seen)
    code = make_key(page)
    page.get_by_role("button", name="I have it on paper").click()
    expect(page.locator("[data-code]")).to_have_text("")
    field = page.locator("#drill-code")
    field.fill(code[:-1] + ("1" if code[-1] != "1" else "2"))
    page.get_by_role("button", name="Try my code").click()
    expect(page.locator("#drill-wrong")).to_contain_text("slip")
    field.fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="Try my code").click()
    expect(page.get_by_text("Your key is made, and your recovery code opens it.")).to_be_visible()
    town.call(sent(town.house, event_id))
    page.reload()
    expect(page.locator("[data-committee]")).to_have_text(re.compile(r"^([0-9A-Z]{5}-){3}[0-9A-Z]{5}$"))
    expect(page.locator("[data-part=terms]")).to_contain_text("Olga Oak, Oak District")
    accept(page, code)
    assert len(town.house.parts.desk.state(f"box/{event_id}").accepted) == 3
    bare = code.replace("-", "")
    assert not [each for each in seen if bare in each.upper().replace("-", "").replace(" ", "")]


def test_no_secret_of_an_officer_is_in_any_request(town: Threaded, enter: Enter) -> None:
    event_id, seen = town.call(drafted(town.house)), list[str]()
    page = enter(event_id, seen)
    page.evaluate(
        """() => { window.made = []; const ask = crypto.getRandomValues.bind(crypto);
             crypto.getRandomValues = (into) => { const got = ask(into);
               window.made.push(btoa(String.fromCharCode(...new Uint8Array(got.buffer.slice(0))))); return got; }; }"""
    )
    code = make_key(page)
    drill(page, code)
    made = [each.rstrip("=") for each in page.evaluate("window.made")]
    secrets = [each.replace("+", "-").replace("/", "_") for each in made if len(each) > 20]
    assert len(secrets) >= 3
    for each in seen:
        assert not [secret for secret in secrets if secret in each or secret in each.replace("%2B", "+")]


def test_the_pages_hold_for_every_eye(town: Threaded, enter: Enter) -> None:
    event_id = town.call(drafted(town.house))
    for scheme in ("light", "dark"):
        page = enter(event_id, color_scheme=scheme, viewport={"width": 390, "height": 844})
        expect(page.get_by_role("button", name="Make my key")).to_be_visible()
        for path in (f"/officers/{event_id}", "/officers"):
            page.goto(path)
            page.wait_for_load_state("networkidle")
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_lead_s_and_the_auditor_s_pages_hold_for_every_eye(town: Threaded, browser: Browser) -> None:
    event_id, house = town.call(drafted(town.house)), town.house
    town.call(alarmed(house, event_id))
    pages = {"p-lead": ("console", "draft/sealing", "draft/dates"), "p-auditor": ("alarms", "console")}
    for who, paths in pages.items():
        for scheme in ("light", "dark"):
            context = browser.new_context(
                base_url=house.origin, color_scheme=scheme, viewport={"width": 390, "height": 844}
            )
            context.add_cookies(
                [{"name": COOKIE, "value": town.call(house.session(who)), "url": house.origin}]
            )
            page = context.new_page()
            for path in paths:
                page.goto(f"/events/{event_id}/{path}")
                found = Axe().run(page)
                assert found.violations_count == 0, found.generate_report()
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
            context.close()


async def alarmed(house: House, event_id: str) -> None:
    """An officer asked too early."""
    assert (await (await at_console(house, ME, event_id)).get("/closing.json")).status_code == 403


def test_a_passkey_opens_the_key_and_the_code_still_does_when_it_is_lost(
    town: Threaded, enter: Enter
) -> None:
    event_id = town.call(drafted(town.house))
    page = enter(event_id)
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    device = line.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})["authenticatorId"]
    code = make_key(page)
    drill(page, code)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("Passkey 1: tried")).to_be_visible()
    town.call(sent(town.house, event_id))
    page.reload()
    page.get_by_role("button", name="Accept with my key").click()
    page.get_by_role("dialog").get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("You have accepted.").first).to_be_visible()
    line.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": device})
    page.reload()
    page.get_by_text("What to know about your paper").click()
    page.get_by_role("button", name="Make a new recovery code").click()
    unlock(page, code)
    expect(page.locator("[data-code]")).to_have_text(CODE)
    assert page.locator("[data-code]").inner_text() != code


def test_a_passkey_that_gives_other_bytes_is_caught_in_the_fire_drill(town: Threaded, enter: Enter) -> None:
    event_id = town.call(drafted(town.house))
    page = enter(event_id)
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    line.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    drill(page, make_key(page))
    page.evaluate(
        """() => { const get = navigator.credentials.get.bind(navigator.credentials);
             navigator.credentials.get = async (options) => { const used = await get(options);
               const told = used.getClientExtensionResults();
               const first = new Uint8Array(told.prf.results.first); first[0] ^= 1;
               used.getClientExtensionResults = () => ({ ...told, prf: { results: { first: first.buffer } } });
               return used; }; }"""
    )
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("This passkey does not open your key, so it is not kept.")).to_be_visible()
    expect(page.get_by_text("Passkey 1")).to_have_count(0)


AUTHENTICATOR = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "hasPrf": True,
    "automaticPresenceSimulation": True,
    "isUserVerified": True,
}
