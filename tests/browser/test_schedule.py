"""A schedule in the browser: it adds up as one types, saves by itself, takes a pasted column, and loses nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import msgspec
import pytest
from playwright.sync_api import Page, Route, expect

from auction.tender.solicitation import Line, Lot
from tests.browser.conftest import Visit
from tests.server.house import Threaded, event

LINES = (
    Line("A", "Copy paper", "carton", "120", "41.85", or_equal=True),
    Line("B", "Pens, blue", "dozen", "40", "4.10", no_bid=True, alternates=True),
    Line("C", "Pencils", "each", "500"),
    Line("D", "Glue sticks", "each", "12.5"),
)


@pytest.fixture
def address(town: Threaded) -> str:
    """The page of a schedule that is still to be filed."""
    lot = Lot("L1", "Supplies", ceiling="10000", lines=LINES)
    document = msgspec.structs.replace(event((lot,)), opening="schedules")
    event_id = town.call(town.house.publish(document, opens=timedelta(days=3), wait=False))
    return f"/events/{event_id}/schedule/L1"


def saved(page: Page) -> None:
    expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "saved")


def price(page: Page, place: int, typed: str) -> None:
    page.locator(f"#unit_price-{place}").fill(typed)


def test_totals_follow_as_one_types_and_the_draft_saves_itself(visit: Visit, address: str) -> None:
    page = visit("p-preparer")
    page.goto(address)
    price(page, 0, "41.90")
    expect(page.locator("[data-x=total]")).to_have_text("$5,028.00")
    expect(page.locator("[data-place='0'] [data-extension]")).to_have_text("$5,028.00")
    saved(page)
    price(page, 3, "0.3333")
    expect(page.locator("[data-place='3'] [data-extension]")).to_have_text("$4.17")
    expect(page.locator("[data-x=total]")).to_have_text("$5,032.17")
    page.get_by_label("No bid").check()
    expect(page.locator("[data-x=no_bids]")).to_have_text("1")
    expect(page.locator("[data-x=open]")).to_have_text("1")
    saved(page)
    page.reload()
    expect(page.locator("#unit_price-0")).to_have_value("41.90")
    expect(page.locator("[data-x=total]")).to_have_text("$5,032.17")
    price(page, 0, "90")
    expect(page.locator("[data-above]")).to_be_visible()


def test_enter_goes_on_to_the_next_price(visit: Visit, address: str) -> None:
    page = visit("p-preparer")
    page.goto(address)
    page.locator("#unit_price-0").focus()
    page.keyboard.type("1.10")
    page.keyboard.press("Enter")
    expect(page.locator("#unit_price-1")).to_be_focused()
    page.keyboard.press("Shift+Enter")
    expect(page.locator("#unit_price-0")).to_be_focused()
    expect(page).to_have_url(re.compile(re.escape(address) + "$"))


PASTE = """([place, text]) => {
  const data = new DataTransfer();
  data.setData('text/plain', text);
  const field = document.querySelector(`#unit_price-${place}`);
  field.focus();
  field.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def test_a_column_of_prices_is_pasted_downwards(visit: Visit, address: str) -> None:
    page = visit("p-preparer")
    page.goto(address)
    page.evaluate(PASTE, [1, "Pens\t4.05\r\nPencils\t0.08\r\nGlue\t$1,000.50\r\n"])
    for place, text in enumerate(("", "4.05", "0.08", "$1,000.50")):
        expect(page.locator(f"#unit_price-{place}")).to_have_value(text)
    expect(page.locator("[data-x=total]")).to_have_text("$12,708.25")
    saved(page)
    page.reload()
    expect(page.locator("#unit_price-3")).to_have_value("$1,000.50")


def test_a_pack_gives_the_unit_price_or_names_those_that_would(visit: Visit, address: str) -> None:
    page = visit("p-preparer")
    page.goto(address)
    page.locator("[data-place='2'] [data-more]").click()
    expect(page.locator("#pack_name-2")).to_be_focused()
    page.locator("#pack_size-2").fill("12")
    page.locator("#pack_price-2").fill("0.97")
    expect(page.locator("#fault-pack_price-2")).to_contain_text("0.9708 (0.0809 each)")
    page.locator("#pack_price-2").fill("0.96")
    expect(page.locator("#unit_price-2")).to_have_attribute("placeholder", "0.08")
    expect(page.locator("[data-x=total]")).to_have_text("$40.00")
    expect(page.locator("#fault-pack_price-2")).to_be_hidden()
    expect(page.locator("[data-place='2'] [data-packs]")).to_contain_text("42 packs of 12")


def test_two_colleagues_see_each_others_prices_and_overwrite_none_silently(
    visit: Visit, address: str
) -> None:
    one, other = visit("p-ash"), visit("p-preparer")
    one.goto(address)
    other.goto(address)
    price(one, 0, "41")
    saved(one)
    price(other, 2, "0.09")
    saved(other)
    expect(other.locator("#unit_price-0")).to_have_value("41")
    price(one, 0, "40")
    expect(one.locator("[data-x=total]")).to_have_text("$4,845.00")
    saved(one)
    price(other, 0, "39")
    expect(other.locator("[data-place='0'] [data-clash]")).to_contain_text("Ash saved 40")
    expect(other.locator("[data-save-state]")).to_have_attribute("data-state", "failed")
    price(other, 0, "39.5")
    saved(other)
    one.reload()
    expect(one.locator("#unit_price-0")).to_have_value("39.5")


def test_what_could_not_be_sent_is_kept_in_the_browser_and_brought_back(visit: Visit, address: str) -> None:
    page = visit("p-preparer")
    page.goto(address)

    def cut(route: Route) -> None:
        route.abort()

    page.route("**/rows", cut)
    page.evaluate("navigator.sendBeacon = () => false")
    price(page, 0, "41.90")
    expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "failed")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.unroute("**/rows", cut)
    page.reload()
    expect(page.locator("#unit_price-0")).to_have_value("41.90")
    saved(page)
    page.reload()
    expect(page.locator("[data-x=total]")).to_have_text("$5,028.00")


def test_a_schedule_is_signed_and_filed(visit: Visit, address: str) -> None:
    page = visit("p-signer")
    page.goto(address)
    page.evaluate(PASTE, [0, "41.90\n4\n0.08\n1"])
    saved(page)
    page.get_by_role("button", name="Review and file").click()
    page.get_by_label("I sign for Ash Supply").check()
    page.get_by_role("button", name="Sign and file").click()
    expect(page.get_by_role("heading", name="Receipt")).to_be_visible()
    expect(page.locator(".sign-total")).to_have_text("$5,240.50")


def test_the_total_counts_the_lines_of_other_pages_too(visit: Visit, town: Threaded) -> None:
    lines = tuple(Line(f"N{n}", f"Thing {n}", "each", "10") for n in range(1, 61))
    document = event((Lot("L1", "Many", lines=lines),))
    event_id = town.call(town.house.publish(document, opens=timedelta(days=3), wait=False))
    page = visit("p-preparer")
    page.goto(f"/events/{event_id}/schedule/L1?page=2")
    price(page, 0, "2")
    saved(page)
    page.get_by_role("button", name="Save and go to page 1").click()
    expect(page.locator("[data-x=total]")).to_have_text("$20.00")
    price(page, 0, "1.50")
    expect(page.locator("[data-x=total]")).to_have_text("$35.00")
    saved(page)
    expect(page.locator("[data-x=total]")).to_have_text("$35.00")
    price(page, 1, "1")
    expect(page.locator("[data-x=total]")).to_have_text("$45.00")


def test_without_scripts_a_draft_is_saved_by_its_button(visit: Visit, address: str) -> None:
    page = visit("p-preparer", java_script_enabled=False)
    page.goto(address)
    price(page, 0, "41.90")
    page.get_by_role("button", name="Save draft").last.click()
    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    expect(page.locator("[data-x=total]")).to_have_text("$5,028.00")


def test_a_preparer_is_told_in_the_room_why_there_is_no_field(visit: Visit, scenes: dict[str, str]) -> None:
    page = visit("p-preparer")
    page.goto(f"/events/{scenes['open']}/room")
    page.wait_for_selector('[data-connection][data-state="live"]')
    expect(page.get_by_text("You follow; a signer bids.")).to_be_visible()
    expect(page.locator("#amount")).to_be_hidden()


def test_what_was_typed_before_the_scripts_came_is_reckoned_and_saved(visit: Visit, address: str) -> None:
    page = visit("v-ash")
    held: list[Route] = []
    page.route("**/js/schedule.js*", lambda route: held.append(route))
    page.goto(address, wait_until="commit")
    page.get_by_label("Unit price").first.fill("41.50")
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    expect(page.locator("[data-extension]").first).to_contain_text("$")
    saved(page)
