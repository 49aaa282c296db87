"""A whole procurement as its people live it: from the needs of four districts to a clerk's shopping list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from auction.live.room import TIME, Tick
from server.filling import MembershipGiven, OrganisationGiven, People, PersonGiven
from tests.browser.conftest import LIVE, Visit, visit
from tests.server.house import PASSWORD, Threaded, in_thread

__all__ = ["visit"]
ZONE = ZoneInfo("America/New_York")
DISTRICTS = ("oak", "elm", "yew", "fir")
NEEDS = {"oak": ("120", "44.00"), "elm": ("60", "46.50"), "yew": ("15", "52.10"), "fir": ("5", "58.00")}
"""Cartons of paper that each district needs, and what it paid last."""
CATALOG = """Item number,Description,Category,Unit,Packs
P-1,"Copy paper, letter, 20 lb",Paper,carton,pallet = 40 carton
P-2,"Copy paper, ledger, 20 lb",Paper,carton,
"""
PRESET = {"opens": timedelta(days=12), "closes": timedelta(days=12, minutes=30)}


def _person(id: str, organisation: str, role: str) -> PersonGiven:
    return PersonGiven(
        f"p-{id}", id.title(), f"p-{id}@tenderbell.example", (MembershipGiven(organisation, role),)
    )


CAST = People(
    (
        OrganisationGiven("c-hill", "consortium", "Hill Cooperative"),
        *(
            OrganisationGiven(f"d-{id}", "district", f"{id.title()} District", consortia=("c-hill",))
            for id in DISTRICTS
        ),
        OrganisationGiven("v-ash", "vendor", "Ash Supply"),
        OrganisationGiven("v-birch", "vendor", "Birch Supply"),
    ),
    (
        _person("lead", "c-hill", "lead"),
        _person("second", "c-hill", "second"),
        *(_person(id, f"d-{id}", "buyer") for id in DISTRICTS),
        _person("ash", "v-ash", "owner"),
        _person("birch", "v-birch", "owner"),
    ),
)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Threaded]:
    """A consortium of four districts, with nothing done yet."""
    with in_thread(tmp_path_factory.mktemp("hill"), people=CAST, demo=True) as running:
        yield running


def enter(page: Page, who: str) -> Page:
    """Sign in; everybody begins with what there is to do."""
    page.goto("/sign-in")
    page.get_by_label("Email").fill(f"p-{who}@tenderbell.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/today")
    return page


def press(page: Page, name: str) -> None:
    """Press a button of the page's content; what is refused is shown on the page and fails the story."""
    button = page.get_by_role("main").get_by_role("button", name=name).first
    assert button.is_enabled(), page.locator("main").inner_text()
    button.click()
    page.wait_for_load_state()
    wrong = page.locator("main [aria-invalid=true], main .band-alarm[role=alert]:visible")
    assert wrong.count() == 0, page.locator("main").inner_text()


def send(page: Page, name: str, text: str) -> None:
    """Choose a sheet that holds this text."""
    page.get_by_label("File", exact=True).set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    )


def at(moment: datetime) -> str:
    """A time as a date field of the event's zone takes it."""
    return moment.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M:%S")


def ask_for_needs(lead: Page, town: Threaded) -> None:
    """The lead lists what can be needed, and asks every district."""
    lead.goto("/catalog/import")
    send(lead, "catalog.csv", CATALOG)
    press(lead, "Import")
    lead.goto("/calls/new")
    lead.get_by_label("Title").fill("Paper for next year")
    lead.get_by_label("Deadline").fill(at(town.house.parts.now() + timedelta(days=3))[:16])
    press(lead, "Open the call")
    expect(lead.get_by_role("main")).to_contain_text("4 districts")


def state_needs(buyer: Page, name: str) -> None:
    """A district is told what to do, sends its sheet, and confirms."""
    enter(buyer, name)
    buyer.get_by_role("link", name="Begin").first.click()
    buyer.get_by_role("link", name="Import").first.click()
    quantity, paid = NEEDS[name]
    send(buyer, "needs.csv", f"Item number,Quantity,Unit,Last price paid\nP-1,{quantity},carton,{paid}\n")
    press(buyer, "Import")
    buyer.goto("/needs/1")
    expect(buyer.get_by_role("main")).to_contain_text(quantity)
    press(buyer, "Confirm that this is all")
    expect(buyer.get_by_role("main")).to_contain_text("Confirmed as final")


def make_lots(lead: Page) -> str:
    """The lead ends the call and makes a draft of the lots; returns the event's id."""
    lead.goto("/calls/1")
    expect(lead.get_by_role("main")).to_contain_text("Confirmed")
    lead.locator("summary", has_text="End the call now").click()
    press(lead, "End it")
    lead.goto("/calls/1/items")
    # 120 × 44.00 + 60 × 46.50 + 15 × 52.10 + 5 × 58.00, over 200 cartons.
    expect(lead.get_by_role("main")).to_contain_text("$45.7075")
    lead.goto("/calls/1/lots")
    press(lead, "Make lots by category")
    lead.get_by_role("checkbox", name="Choose Paper").check()
    press(lead, "Make a draft solicitation")
    lead.wait_for_url("**/console")
    return lead.url.split("/events/")[1].split("/")[0]


def publish(lead: Page, second: Page, event_id: str, town: Threaded) -> None:
    """The lead fills in what is missing and proposes; a second person approves; the lead publishes."""
    lead.goto(f"/events/{event_id}/draft/basics")
    lead.locator("#category").select_option("supplies")
    press(lead, "Save")
    lead.goto(f"/events/{event_id}/draft/law")
    lead.get_by_label("State whose law holds").select_option("US-XL")
    press(lead, "Save")
    lead.goto(f"/events/{event_id}/draft/dates")
    now = town.house.parts.now()
    for label, name in (("Bidding opens", "opens"), ("First lot closes", "closes")):
        lead.get_by_label(label).fill(at(now + PRESET[name]))
    press(lead, "Save")
    lead.goto(f"/events/{event_id}/console")
    press(lead, "Propose for approval")
    second.goto("/today")
    second.get_by_role("link", name="Look at it").first.click()
    press(second, "Approve")
    lead.goto(f"/events/{event_id}/console")
    press(lead, "Publish the event")


def ask_and_answer(asker: Page, lead: Page, event_id: str) -> None:
    """A vendor asks; the lead answers; everybody reads the answer, and nobody who asked."""
    asker.goto(f"/events/{event_id}/questions")
    asker.get_by_label("Your question").fill("Must every carton hold ten reams?")
    press(asker, "Send the question")
    lead.goto("/today")
    lead.get_by_role("link", name="Write the answers").click()
    lead.get_by_label("Answer", exact=True).fill("Yes, ten reams of 500 sheets.")
    press(lead, "Keep the answer")
    press(lead, "Publish for everybody now")


def amend(lead: Page, second: Page, event_id: str) -> None:
    """An addendum changes the delivery terms, with its difference computed and a second person's yes."""
    lead.goto(f"/events/{event_id}/addenda")
    lead.get_by_role("link", name="addendum").last.click()
    lead.goto(f"/events/{event_id}/draft/conditions")
    lead.get_by_label("Delivery", exact=True).fill("Inside each school, within ten working days.")
    press(lead, "Save")
    lead.goto(f"/events/{event_id}/addenda/draft")
    lead.get_by_label("Why, in words").fill("Schools have no loading docks.")
    press(lead, "Propose for issue")
    second.goto(f"/events/{event_id}/addenda/draft")
    press(second, "Issue")


def take_part(vendor: Page, lead: Page, name: str, event_id: str) -> None:
    """A vendor accepts the terms and asks; the lead admits it, with a reason."""
    vendor.goto(f"/events/{event_id}/take-part")
    vendor.get_by_label("Lot 1").check()
    vendor.get_by_label("accepts these terms").check()
    vendor.get_by_label("I confirm this for").check()
    press(vendor, "Ask to take part")
    lead.goto(f"/events/{event_id}/admissions")
    lead.locator(".vendor-row", has_text=name).get_by_role("link", name="Decide").click()
    lead.get_by_label("Reason").first.fill("Registered, insured, and delivers in all four districts.")
    press(lead, "Admit")


def file_prices(vendor: Page, event_id: str, price: str) -> None:
    """A vendor prices the lot's one line and signs; the receipt stands on the page."""
    vendor.goto(f"/events/{event_id}/schedule")
    vendor.locator(".schedule-go a").first.click()
    vendor.get_by_label("Unit price").first.fill(price)
    expect(vendor.locator("[data-extension]").first).to_contain_text("$")
    press(vendor, "Review")
    vendor.get_by_label("I sign for").check()
    press(vendor, "Sign and file")
    expect(vendor.get_by_role("main")).to_contain_text("receipt", ignore_case=True)


def acknowledge(vendor: Page, event_id: str) -> None:
    """A vendor reads the addendum and says so."""
    vendor.goto("/today")
    vendor.get_by_role("link", name="addendum").first.click()
    press(vendor, "We have read it")


def place(page: Page, amount: str) -> None:
    """Type an amount and place it after the review."""
    page.locator("#amount").fill(amount)
    page.locator("#amount").press("Enter")
    expect(page.locator("[data-review]")).to_be_visible()
    page.locator("#amount").press("Enter")


def bid(ash: Page, birch: Page, event_id: str, town: Threaded) -> None:
    """The event opens and both go down in turns, live; then time passes until the close."""
    house = town.house
    opens = house.room(event_id).opens
    assert opens is not None
    house.parts.desk.first = lambda _: ()  # Days pass at once, which would look like a server that was away.
    town.call(house.parts.desk.submit(f"room/{event_id}", Tick(by=TIME), opens))
    for page in (ash, birch):
        page.goto(f"/events/{event_id}/room")
        page.wait_for_selector(LIVE)
    place(ash, "8800")
    expect(ash.locator('[data-x="rank"]')).to_have_text("1st")
    place(birch, "8600")
    expect(birch.locator('[data-x="rank"]')).to_have_text("1st")
    expect(ash.locator('[data-x="rank"]')).to_have_text("2nd")
    town.call(house.end(event_id))


def award(lead: Page, second: Page, event_id: str) -> None:
    """The lead proposes the winner with a reason; a second person confirms."""
    lead.goto(f"/events/{event_id}/console")
    lead.get_by_label("Reason").last.fill("The lowest total from a vendor in good standing.")
    press(lead, "Propose")
    second.goto("/today")
    second.get_by_role("link", name="Check the proposals").first.click()
    press(second, "Confirm the award")


def shop(clerk: Page) -> None:
    """A clerk types a few letters, finds the price, and puts the need on a list that is then ordered."""
    clerk.goto("/prices")
    clerk.get_by_label("Search items, vendors and contracts").press_sequentially("copy pap")
    expect(clerk).to_have_url(re.compile(r"q=copy(\+|%20)pap"))
    row = clerk.locator("#price-rows")
    expect(row).to_contain_text("Copy paper, letter, 20 lb")
    # 8,600.00 over 200 cartons.
    expect(row).to_contain_text("$43.00")
    expect(row).to_contain_text("Birch Supply")
    row.get_by_label("Quantity of Copy paper").fill("40")
    with clerk.expect_navigation():
        row.get_by_role("button", name="Add").first.click()
    clerk.goto("/lists")
    clerk.locator("main a[href^='/lists/']").first.click()
    expect(clerk.get_by_role("main")).to_contain_text("$1,720.00")
    press(clerk, "Record the order")


def test_from_the_needs_of_four_districts_to_a_clerks_shopping_list(visit: Visit, town: Threaded) -> None:
    lead, second, ash, birch, public = (visit(elsewhere=town) for _ in range(5))
    enter(lead, "lead")
    enter(second, "second")
    ask_for_needs(lead, town)
    clerks = {name: visit(elsewhere=town) for name in DISTRICTS}
    for name in DISTRICTS:
        state_needs(clerks[name], name)
    event_id = make_lots(lead)
    publish(lead, second, event_id, town)
    public.goto(f"/events/{event_id}")
    expect(public.get_by_role("main")).to_contain_text("Paper")

    enter(ash, "ash")
    enter(birch, "birch")
    ask_and_answer(ash, lead, event_id)
    public.goto(f"/events/{event_id}/questions")
    expect(public.get_by_role("main")).to_contain_text("Yes, ten reams of 500 sheets.")
    assert "Ash" not in public.content()

    take_part(ash, lead, "Ash Supply", event_id)
    take_part(birch, lead, "Birch Supply", event_id)
    file_prices(ash, event_id, "45.00")
    amend(lead, second, event_id)
    public.goto(f"/events/{event_id}/addenda")
    expect(public.get_by_role("main")).to_contain_text("Inside each school, within ten working days.")
    acknowledge(ash, event_id)
    acknowledge(birch, event_id)
    file_prices(birch, event_id, "45.20")

    bid(ash, birch, event_id, town)
    award(lead, second, event_id)
    public.goto(f"/events/{event_id}/results")
    expect(public.get_by_role("main")).to_contain_text("Birch Supply")
    expect(public.get_by_role("main")).to_contain_text("$8,600.00")
    shop(clerks["yew"])
