"""Without scripts: the room shows how things stood, and takes bids by a plain form."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import scene
from tests.browser.conftest import Visit
from tests.server.house import Threaded


@pytest.fixture
def page(visit: Visit, town: Threaded) -> Page:
    """A vendor in the room of a fresh event, in a browser without scripts."""
    event_id = town.call(town.house.publish(scene.lively("A fresh event", overtime=scene.LATE)))
    page = visit("v-ash", java_script_enabled=False)
    page.goto(f"/events/{event_id}/room")
    return page


def place(page: Page, amount: str) -> None:
    page.locator("#amount").fill(amount)
    page.get_by_role("button", name="Place bid").click()


def test_a_bid_is_taken_refused_and_taken_again(page: Page) -> None:
    expect(page.get_by_text("It does not update by itself")).to_be_visible()
    place(page, "96000")
    expect(page.locator("#outcome")).to_contain_text("Taken")
    expect(page.locator("#outcome")).to_contain_text("1st: $96,000.00")
    place(page, "95900")
    expect(page.locator("#outcome")).to_contain_text(
        "Refused $95,900.00. At most $95,520.00: the step down must be larger."
    )
    expect(page.locator("#amount")).to_have_value("95520.00")
    page.get_by_role("button", name="Place bid").click()
    expect(page.locator('[data-x="own"]')).to_have_text("$95,520.00")
    expect(page.locator("[data-ledger] > li").filter(has_text="Refused: at most $95,520.00")).to_have_count(1)


def test_a_large_step_down_is_confirmed_by_placing_it_again(page: Page) -> None:
    place(page, "96000")
    place(page, "60000")
    expect(page.locator("#outcome")).to_contain_text("Confirm that you mean $60,000.00.")
    expect(page.locator('[data-x="own"]')).to_have_text("$96,000.00")
    page.get_by_role("button", name="Place bid").click()
    expect(page.locator('[data-x="own"]')).to_have_text("$60,000.00")


def test_a_form_that_is_sent_again_counts_once(page: Page, town: Threaded) -> None:
    event_id = page.url.split("/")[-2]
    page.locator("#amount").fill("96000")
    with page.expect_request("**/bids") as sent:
        page.get_by_role("button", name="Place bid").click()
    again = page.request.post(
        sent.value.url,
        data=sent.value.post_data or "",
        headers={"content-type": "application/x-www-form-urlencoded", "origin": town.house.origin},
    )
    assert again.ok
    assert town.house.room(event_id).lots["L1"].bids == {"v-ash": 1}
