"""The lead's pages: publishing a draft, the console kept up to date, and what adjusted prices look like."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect

from server import drafting
from tests.browser import scene
from tests.browser.conftest import LIVE, Visit
from tests.server.house import Threaded


def test_a_lead_writes_the_dates_a_second_approves_and_the_lead_publishes(
    visit: Visit, town: Threaded
) -> None:
    event_id = town.call(
        drafting.keep(town.house.parts, scene.lively("To be published"), scene.LEAD, scene.OWNER)
    )
    page, second = visit("p-lead"), visit("p-second")
    page.goto("/")
    page.get_by_role("listitem").filter(has_text="To be published").get_by_role(
        "link", name="Open the draft"
    ).click()
    expect(page.get_by_role("button", name="Propose for approval")).to_be_disabled()
    page.get_by_role("link", name="Edit dates").click()
    opens = town.house.parts.now() + timedelta(days=3)
    page.get_by_label("Bidding opens").fill(f"{opens:%Y-%m-%dT%H:%M:%S}")
    page.get_by_label("First lot closes").fill(f"{opens - timedelta(hours=1):%Y-%m-%dT%H:%M:%S}")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Not saved.")
    expect(page.get_by_label("First lot closes")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("First lot closes").fill(f"{opens + timedelta(hours=1):%Y-%m-%dT%H:%M:%S}")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    page.get_by_role("link", name="Look at the whole draft").click()
    page.get_by_role("button", name="Propose for approval").click()
    expect(page.get_by_text("It waits for a second person")).to_be_visible()
    second.goto(f"/events/{event_id}/console")
    second.get_by_role("button", name="Approve").click()
    page.reload()
    page.get_by_role("button", name="Publish the event").click()
    expect(page.get_by_text("Published. Everyone can read it now; the room is ready.")).to_be_visible()
    page.goto(f"/events/{event_id}")
    expect(page.locator(".event-line")).to_contain_text("Coming up")


def test_the_console_ranks_by_the_adjusted_price_and_measures_from_it(visit: Visit, town: Threaded) -> None:
    event_id = town.call(scene.busy(town.house, "By adjusted price", rank_by="adjusted"))
    page = visit("p-lead", java_script_enabled=False)
    page.goto(f"/events/{event_id}/console")
    still = page.locator('[data-x="ranking"]').inner_text()
    live = visit("p-lead")
    live.goto(f"/events/{event_id}/console")
    live.wait_for_selector(LIVE)
    rows = live.locator('[data-x="ranking"] tr')
    expect(rows).to_have_count(3)
    expect(rows.first.locator("[data-label='Adjusted']")).to_have_text("$96,200.00")
    expect(rows.nth(1).locator("[data-label='Bid']")).to_have_text("$95,500.00")
    expect(rows.nth(1).locator("[data-label='Adjusted']")).to_have_text("$97,410.00")
    expect(rows.nth(1).locator("[data-label='Above the lead']")).to_have_text("+$1,210.00")
    expect(live.locator("tr[data-lot=L1] [data-x=lead]")).to_have_text("$96,200.00")
    expect(live.get_by_role("columnheader", name="Lead, adjusted")).to_be_visible()
    assert live.locator('[data-x="ranking"]').inner_text() == still
    town.call(scene.bids(town.house, event_id, ("v-ash", "L1", "93000.00")))
    expect(rows.first.locator("[data-label='Adjusted']")).to_have_text("$94,860.00")
    expect(live.locator("tr[data-lot=L1] [data-x=lead]")).to_have_text("$94,860.00")


def test_the_forms_offer_what_can_be_done_as_lots_go_on(visit: Visit, town: Threaded) -> None:
    event_id = town.call(
        town.house.publish(scene.lively("Yet to open"), opens=timedelta(hours=1), wait=False)
    )
    page = visit("p-lead")
    page.goto(f"/events/{event_id}/console")
    page.wait_for_selector(LIVE)
    page.locator("summary").filter(has_text="Extend").click()
    expect(page.get_by_text("No lot is open or paused now.")).to_be_visible()
    town.call(scene.later(town.house, event_id, timedelta(hours=1)))
    expect(page.locator("tr[data-lot=L1]")).to_contain_text("Open")
    expect(page.get_by_text("No lot is open or paused now.")).to_be_hidden()
    page.locator("#extend-lot").select_option("2 · Colored paper")


def test_connected_vendors_and_refusals_are_seen_as_they_come(visit: Visit, town: Threaded) -> None:
    event_id = town.call(town.house.publish(scene.lively("Watched")))
    page = visit("p-lead")
    page.goto(f"/events/{event_id}/console")
    page.wait_for_selector(LIVE)
    vendor = visit("v-ash")
    vendor.goto(f"/events/{event_id}/room")
    visit("v-birch").goto(f"/events/{event_id}/room")
    expect(page.locator("[data-vendor=v-birch]")).to_contain_text("1 window")
    expect(page.locator("[data-vendor=v-ash]")).to_contain_text("1 window")
    town.call(scene.bids(town.house, event_id, *scene.BUSY))
    expect(page.locator("[data-feed]")).to_contain_text(
        "refused: at most $96,515.00: the step down must be larger."
    )
    vendor.close()
    expect(page.locator("[data-vendor=v-ash]")).to_contain_text("not connected")
