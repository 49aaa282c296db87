"""An auction as people live it: two vendors against each other, a lead who awards, a district that finds its price."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from auction.terms.schedule import LinePrice
from server import drafting
from tests.browser import scene
from tests.browser.conftest import LIVE, Visit, town, visit
from tests.server.house import PASSWORD, House, Threaded, seconds

__all__ = ["town", "visit"]
FILED = {"v-ash": ("40.85", "47.5"), "v-birch": ("41.1250", "48")}


async def _publish(house: House) -> str:
    """An event with line prices on file, open for an hour; every leading bid moves its close."""
    document = scene.lively("Paper for the schools", overtime=scene.LATE)
    event_id = await house.publish(document, opens=seconds(0.4), wait=False)
    for vendor, (each, ledger) in FILED.items():
        prices = [LinePrice("A", each), LinePrice("B", ledger)]
        await drafting.file_schedule(house.parts, event_id, vendor, "L1", prices)
    await house.until(lambda: house.room(event_id).lots["L1"].status == "open")
    return event_id


@pytest.fixture
def event_id(town: Threaded) -> str:
    """The event of the story."""
    return town.call(_publish(town.house))


def sign_in(page: Page, who: str, then: str) -> Page:
    """Sign in at the door, on the way to a page."""
    page.goto(f"/sign-in?next={then}")
    page.get_by_label("Email").fill(f"p-{who}@tenderbell.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**{then}")
    return page


def x(page: Page, name: str) -> Locator:
    return page.locator(f'[data-x="{name}"]')


def stands(page: Page, rank: str, own: str, lead: str) -> None:
    """See how a vendor stands, without loading anything."""
    expect(x(page, "rank")).to_have_text(rank)
    expect(x(page, "own")).to_have_text(own)
    expect(x(page, "lead")).to_have_text(lead)


def place(page: Page, amount: str) -> None:
    """Type an amount and place it after the review."""
    page.locator("#amount").fill(amount)
    page.locator("#amount").press("Enter")
    expect(page.locator("[data-review]")).to_be_visible()
    page.locator("#amount").press("Enter")


def cut_once(page: Page) -> list[str]:
    """Break the line of a room just after its next bid has gone out, so that the answer never arrives."""
    state: list[str] = []

    def carry(line: WebSocketRoute) -> None:
        server = line.connect_to_server()

        def to_server(text: str | bytes) -> None:
            server.send(text)
            if state == ["armed"] and json.loads(text)["k"] == "bid":
                state.append("cut")
                line.close(code=4503)

        line.on_message(to_server)
        server.on_message(lambda text: line.send(text) if state != ["armed", "cut"] else state.append("lost"))

    page.route_web_socket("**/socket?as=vendor", carry)
    return state


def act(lead: Page, action: str, reason: str) -> None:
    """Carry out one of the lead's actions with its reason."""
    card = lead.locator("details").filter(has=lead.locator(f"#{action.lower()}-reason"))
    card.locator("summary").click()
    card.get_by_label("Reason").first.fill(reason)
    card.get_by_role("button", name=action, exact=True).click()
    lead.wait_for_selector(LIVE)


def test_an_auction_from_the_first_bid_to_the_price_list(visit: Visit, town: Threaded, event_id: str) -> None:
    ash, birch, lead = visit(), visit(), visit()
    line = cut_once(birch)
    sign_in(ash, "ash", f"/events/{event_id}/room")
    sign_in(birch, "birch", f"/events/{event_id}/room")
    sign_in(lead, "lead", f"/events/{event_id}/console")
    for page in (ash, birch, lead):
        page.wait_for_selector(LIVE)
    expect(lead.locator("[data-here-state=here]")).to_have_count(2)

    # Ash opens at an amount of its own; Birch sees the lead and goes below it.
    planned = x(ash, "clock-at").text_content() or ""
    place(ash, "98000")
    stands(ash, "1st", "$98,000.00", "$98,000.00")
    expect(x(birch, "lead")).to_have_text("$98,000.00")
    place(birch, "97000")
    stands(birch, "1st", "$97,000.00", "$97,000.00")
    stands(ash, "2nd", "$98,000.00", "$97,000.00")

    # Late bids move the close, and everybody sees that without loading.
    for page in (ash, birch):
        expect(page.locator('[data-band="overtime"]')).to_contain_text("moved the close to")
        expect(x(page, "clock-at")).not_to_have_text(planned)
    expect(lead.locator("tr[data-lot=L1] [data-x=extensions]")).not_to_have_text("—")

    # Ash steps down too little, is told why, takes what would do, then steps down by the keys and leads again.
    place(ash, "97900")
    expect(x(ash, "outcome-words")).to_contain_text("At most $97,510.00: the step down must be larger.")
    ash.get_by_role("button", name="Put $97,510.00 in").click()
    ash.locator("#amount").press("PageDown")
    ash.locator("#amount").press("Enter")
    ash.locator("#amount").press("Enter")
    expect(x(ash, "rank")).to_have_text("1st")
    expect(x(birch, "rank")).to_have_text("2nd")
    expect(lead.locator("[data-feed]")).to_contain_text("refused: at most $97,510.00")

    # Birch's line breaks in the middle of a bid: it comes back by itself and the bid counts once.
    line.append("armed")
    place(birch, "90000")
    expect(x(birch, "outcome-words")).to_contain_text("Taken · 1st: $90,000.00")
    expect(birch.locator("[data-ledger] > li").filter(has_text="$90,000.00")).to_have_count(1)
    assert line[:2] == ["armed", "cut"]
    assert town.house.room(event_id).lots["L1"].bids["v-birch"] == 2
    expect(x(ash, "rank")).to_have_text("2nd")

    # A large drop is asked about once more.
    place(ash, "60000")
    ash.get_by_role("dialog").get_by_role("button", name="No, change it").click()
    place(ash, "89000")
    stands(ash, "1st", "$89,000.00", "$89,000.00")

    # The lead pauses and resumes with a reason that both vendors read.
    act(lead, "Pause", "A district asked about delivery.")
    expect(lead.get_by_text("Paused.", exact=True).first).to_be_visible()
    for page in (ash, birch):
        expect(page.locator('[data-band="paused"]')).to_contain_text("A district asked about delivery.")
    act(lead, "Resume", "The question is answered.")
    for page in (ash, birch):
        expect(page.locator('[data-band="paused"]')).to_be_hidden()
        expect(
            page.locator("[data-ledger] > li").filter(has_text="Resumed: The question is answered.")
        ).to_have_count(1)

    # The time is up; both know without loading, and the lead awards with a reason.
    town.call(scene.later(town.house, event_id, timedelta(hours=3)))
    expect(ash.locator('[data-band="won"]')).to_contain_text("yours is the winning bid")
    expect(birch.locator('[data-band="lost"]')).to_contain_text("Your final rank is 2nd.")
    lead.get_by_role("link", name="Go on to the award").click()
    expect(lead.get_by_text("Recommended: Ash Supply at $89,000.00")).to_be_visible()
    lead.get_by_label("Reason for the award").fill("Lowest bid of two, references checked.")
    lead.get_by_role("button", name="Propose the award of lot 1").click()
    expect(lead.get_by_text("Proposed: Ash Supply at $89,000.00.").first).to_be_visible()

    # A second person looks at the figures and confirms.
    second = sign_in(visit(), "second", f"/events/{event_id}/award")
    expect(second.get_by_text("Lowest bid of two, references checked.")).to_be_visible()
    second.get_by_role("button", name="Confirm the award").click()
    expect(second.get_by_text("Awarded to Ash Supply at $89,000.00.").first).to_be_visible()

    # The district signs in and finds its price; the public reads the result and who else bid.
    buyer = sign_in(visit(), "oak", "/prices")
    buyer.get_by_role("searchbox").press_sequentially("letter 8½ ash")
    row = buyer.locator("#price-rows tbody tr").filter(has_text="Copy paper, letter")
    expect(buyer.locator("#price-rows tbody tr")).to_have_count(1)
    expect(row).to_contain_text("Ash Supply")
    expect(row.locator("[data-label='Awarded']")).to_contain_text("$37.3")
    expect(row.locator("[data-label='Need']")).to_have_text("1,100")
    public = visit()
    public.goto(f"/events/{event_id}")
    award = public.locator(".result-card").first
    for words in (
        "$89,000.00",
        "Ash Supply",
        "Lowest bid of two, references checked.",
        "Also bid",
        "Birch Supply",
    ):
        expect(award).to_contain_text(words)
    expect(award).to_contain_text("under the prices last paid")
