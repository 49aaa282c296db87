"""The page of a sealed bid in a browser: what a vendor does there, from the first price to the withdrawal."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.server.house import Threaded


async def ticked(town: Threaded) -> None:
    """Let the log grow now."""
    await town.house.parts.log.tick_now(town.house.parts.now())


def filled(page: Page, event_id: str, paper: str = "41.50", pens: str = "8") -> None:
    """Fill in a good bid: unit prices of the first lot's two lines."""
    page.goto(f"/events/{event_id}/bid")
    expect(page.locator("[data-sealed-bid][data-ready]")).to_be_attached()
    page.locator("[id='unit_price-L1/A']").fill(paper)
    page.locator("[id='unit_price-L1/B']").fill(pens)
    page.get_by_label("I confirm this for my company.").check()


def go_on(page: Page) -> None:
    """Go through the steps, as far as the last button."""
    page.get_by_role("button", name="Check the bid").click()
    page.get_by_role("button", name="Go on to seal").click()
    expect(page.locator("[data-panel=send]")).to_be_visible()


def send(page: Page, told: str) -> None:
    """Seal and send, and read what came of it."""
    page.get_by_role("button", name="Seal and send", exact=True).click()
    expect(page.locator("[data-x=outcome]")).to_contain_text(told)


def seal(page: Page) -> None:
    """Go through the steps and send."""
    go_on(page)
    send(page, "Your bid is in the box, sealed.")


def withdraw(page: Page) -> None:
    """Withdraw the bid, and say yes when asked."""
    page.get_by_role("button", name="Withdraw my bid").click()
    page.get_by_role("dialog").get_by_role("button", name="Withdraw my bid").click()
    expect(page.locator(".own-bid")).to_contain_text("Your bid is withdrawn.")
