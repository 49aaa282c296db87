"""Bidding in the room: by keyboard alone, with every answer in words, in two windows, and never against the typist."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

import pytest
from playwright.sync_api import Locator, Page, expect

from auction.live.room import Pause, Resume
from tests.browser import scene
from tests.browser.conftest import LIVE, Visit
from tests.server.house import Threaded, seconds

RING = """() => {
  const focused = document.activeElement.closest('.money-field') ?? document.activeElement;
  return getComputedStyle(focused).outline;
}"""
LISTEN = """() => {
  window.said = [];
  for (const place of document.querySelectorAll('[data-say]')) {
    const hear = () => place.textContent && window.said.push([place.dataset.say, place.textContent]);
    new MutationObserver(hear).observe(place, {childList: true, characterData: true, subtree: true});
  }
}"""


@pytest.fixture
def event_id(town: Threaded) -> str:
    """An open event of this test's own, without bids."""
    return town.call(town.house.publish(scene.lively("A fresh event", overtime=scene.LATE)))


def room(page: Page, event_id: str, lot: str = "L1") -> Page:
    """Go into the room and wait for the line."""
    page.goto(f"/events/{event_id}/room?lot={lot}")
    page.wait_for_selector(LIVE)
    return page


def field(page: Page) -> Locator:
    return page.locator("#amount")


def x(page: Page, name: str) -> Locator:
    """A marked place of the page."""
    return page.locator(f'[data-x="{name}"]')


def place(page: Page, amount: str) -> None:
    """Type an amount, look at it, and place it."""
    field(page).fill(amount)
    field(page).press("Enter")
    expect(page.locator("[data-review]")).to_be_visible()
    field(page).press("Enter")


def down(amount: str, steps: int) -> str:
    """So many steps of half a per cent, each rounded up to the cent."""
    now = Decimal(amount)
    for _ in range(steps):
        now -= (now * Decimal("0.005")).quantize(Decimal("0.01"), ROUND_CEILING)
    return f"{now:,.2f}"


def test_a_vendor_bids_with_the_keyboard_alone(visit: Visit, event_id: str) -> None:
    page = room(visit("v-ash"), event_id)
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    expect(page.get_by_text("Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    order: list[str] = []
    while len(order) < 12 and "amount" not in order:
        page.keyboard.press("Tab")
        order.append(
            page.evaluate(
                "document.activeElement.id || document.activeElement.textContent.trim().slice(0, 20)"
            )
        )
        assert "3px" in page.evaluate(RING), order
    assert order[-1] == "amount"
    expect(field(page)).to_have_value("100,000.00")
    page.keyboard.press("ArrowDown")
    expect(field(page)).to_have_value(down("100000.00", 1))
    page.keyboard.press("PageDown")
    expect(field(page)).to_have_value(down("100000.00", 11))
    page.keyboard.press("ArrowUp")
    page.keyboard.press("PageUp")
    page.keyboard.press("Control+a")
    page.keyboard.type("$96,000")
    page.keyboard.press("Enter")
    expect(x(page, "review-total")).to_have_text("$96,000.00")
    expect(x(page, "review-words")).to_have_text("Ninety-six thousand dollars.")
    page.keyboard.press("Escape")
    expect(page.locator("[data-review]")).to_be_hidden()
    expect(field(page)).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(x(page, "outcome-words")).to_contain_text("Taken · 1st: $96,000.00")
    expect(x(page, "rank")).to_have_text("1st")
    expect(field(page)).to_have_value("95,520.00")
    expect(field(page)).to_be_focused()


def test_a_refusal_says_why_and_offers_what_would_do(visit: Visit, event_id: str) -> None:
    page = room(visit("v-ash"), event_id)
    place(page, "96000")
    expect(x(page, "rank")).to_have_text("1st")
    place(page, "95900")
    expect(x(page, "outcome-words")).to_have_text(
        "Refused $95,900.00. At most $95,520.00: the step down must be larger."
    )
    expect(page.locator("[data-ledger] > li").first).to_contain_text("Refused: at most $95,520.00")
    expect(field(page)).to_have_value("95900")
    expect(field(page)).to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="Put $95,520.00 in").click()
    expect(field(page)).to_have_value("95,520.00")
    page.get_by_role("button", name="Place bid").click()
    page.get_by_role("button", name="Place $95,520.00").click()
    expect(x(page, "outcome-words")).to_contain_text("Taken · 1st: $95,520.00")
    field(page).fill("9o,000")
    field(page).press("Enter")
    expect(x(page, "outcome-words")).to_have_text(
        "Type an amount such as 95.00: digits, a point, nothing else."
    )


def test_a_large_step_down_is_asked_about_once_more_naming_the_amount(visit: Visit, event_id: str) -> None:
    page = room(visit("v-ash"), event_id)
    place(page, "96000")
    expect(x(page, "rank")).to_have_text("1st")
    place(page, "60000")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("$60,000.00")
    expect(dialog).to_contain_text("Sixty thousand dollars.")
    expect(dialog.get_by_role("button", name="No, change it")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(field(page)).to_be_focused()
    expect(x(page, "own")).to_have_text("$96,000.00")
    expect(x(page, "outcome-words")).to_be_hidden()
    field(page).press("Enter")
    field(page).press("Enter")
    dialog.get_by_role("button", name="Yes, bid $60,000.00").click()
    expect(x(page, "own")).to_have_text("$60,000.00")


def test_what_is_being_typed_stays_when_news_arrives(visit: Visit, town: Threaded, event_id: str) -> None:
    page = room(visit("v-ash"), event_id)
    place(page, "96000")
    expect(x(page, "rank")).to_have_text("1st")
    field(page).fill("93,21")
    town.call(scene.bids(town.house, event_id, ("v-birch", "L1", "95000.00")))
    expect(x(page, "lead")).to_have_text("$95,000.00")
    expect(x(page, "rank")).to_have_text("2nd")
    expect(field(page)).to_have_value("93,21")
    page.get_by_role("link", name="Colored paper").click()
    expect(field(page)).to_have_value("100,000.00")
    page.get_by_role("link", name="Copy paper").click()
    expect(field(page)).to_have_value("93,21")


def test_changes_are_told_once_and_politely_and_refusals_at_once(
    visit: Visit, town: Threaded, event_id: str
) -> None:
    page = room(visit("v-ash"), event_id)
    page.evaluate(LISTEN)
    told = "() => window.said.filter(([, text]) => text.includes({0}))"
    place(page, "96000")
    page.wait_for_function("() => window.said.some(([, text]) => text.includes('$96,000.00 is taken, 1st'))")
    page.wait_for_function("() => window.said.some(([, text]) => text.includes('Copy paper now closes at'))")
    assert len(page.evaluate(told.replace("{0}", "'now closes at'"))) == 1
    page.evaluate("() => window.said = []")
    town.call(scene.bids(town.house, event_id, ("v-birch", "L1", "95000.00")))
    page.wait_for_function("() => window.said.some(([, text]) => text.includes('you are now 2nd'))")
    place(page, "95900")
    page.wait_for_function(
        "() => window.said.some(([how, text]) => how === 'assertive' && text.startsWith('Refused: at most'))"
    )
    before = x(page, "left").text_content()
    expect(x(page, "left")).not_to_have_text(before or "")
    assert len(page.evaluate(told.replace("{0}", "'you are now'"))) == 1
    assert len(page.evaluate(told.replace("{0}", "'Refused'"))) == 1
    assert page.evaluate("() => window.said.filter(([, text]) => /\\d:\\d\\d$|left/i.test(text))") == []
    clock = page.locator('[data-x="left"]').locator(
        "xpath=ancestor-or-self::*[@aria-live or @role='timer' or @role='status']"
    )
    expect(clock).to_have_count(0)


def test_two_windows_of_a_vendor_agree(visit: Visit, event_id: str) -> None:
    one = room(visit("v-ash"), event_id)
    two = room(one.context.new_page(), event_id)
    place(one, "96000")
    for page in (one, two):
        expect(x(page, "own")).to_have_text("$96,000.00")
        expect(x(page, "rank")).to_have_text("1st")
        expect(page.locator("[data-ledger] > li").filter(has_text="Taken · 1st")).to_have_count(1)
        expect(field(page)).to_have_value("95,520.00")
    assert x(one, "clock-at").text_content() == x(two, "clock-at").text_content()


def test_one_press_places_at_once_and_is_the_vendors_own_choice(visit: Visit, event_id: str) -> None:
    page = room(visit("v-ash"), event_id)
    page.get_by_role("switch", name="One-press bidding").press("Space")
    field(page).fill("96000")
    field(page).press("Enter")
    expect(x(page, "own")).to_have_text("$96,000.00")
    room(page, event_id)
    expect(page.get_by_role("switch", name="One-press bidding")).to_be_checked()


def test_a_pause_and_its_end_are_seen_without_loading(visit: Visit, town: Threaded, event_id: str) -> None:
    page = room(visit("v-ash"), event_id)
    place(page, "96000")
    expect(x(page, "rank")).to_have_text("1st")
    stream, house = f"room/{event_id}", town.house
    town.call(scene.command(house, stream, Pause(by=scene.LEAD, lot="L1", reason="A question came in.")))
    expect(page.locator('[data-band="paused"]')).to_contain_text("A question came in.")
    expect(page.get_by_role("button", name="Paused")).to_have_attribute("aria-disabled", "true")
    field(page).fill("95000")
    field(page).press("Enter")
    expect(page.locator("[data-review]")).to_be_hidden()
    town.call(scene.command(house, stream, Resume(by=scene.LEAD, lot="L1", reason="It is answered.")))
    expect(page.locator('[data-band="paused"]')).to_be_hidden()
    expect(page.locator("[data-ledger] > li").first).to_contain_text("Resumed: It is answered.")
    expect(field(page)).to_have_value("95000")


def test_a_lot_closes_before_the_vendors_eyes(visit: Visit, town: Threaded) -> None:
    document = scene.lively("Soon over", overtime=scene.NEVER_LATE)
    event_id = town.call(town.house.publish(document, length=seconds(4)))
    town.call(scene.bids(town.house, event_id, ("v-ash", "L1", "96000.00"), ("v-birch", "L1", "97000.00")))
    ash, birch = room(visit("v-ash"), event_id), room(visit("v-birch"), event_id)
    expect(ash.locator('[data-band="won"]')).to_contain_text("Closed: yours is the winning bid.")
    expect(birch.locator('[data-band="lost"]')).to_contain_text("Your final rank is 2nd.")
    for page in (ash, birch):
        expect(x(page, "left")).to_have_text("Closed")
        expect(page.locator("[data-bid]")).to_be_hidden()
