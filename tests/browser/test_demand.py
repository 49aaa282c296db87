"""Demand in a browser: every page in every state for every eye, a story without scripts, and lots by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import FilePayload, Page, expect

from auction.demand.call import EndCall
from auction.demand.lots import PlanLots
from tests.browser.conftest import Visit
from tests.browser.test_every_page import PHONE, SIDEWAYS, SMALL, TINY, WIDE, in_both_schemes, unfold
from tests.server.demand.needy import (
    CARD,
    GLUE,
    ITEMS,
    PAPER,
    PENS,
    call,
    catalog,
    confirm,
    line,
    state,
    tell,
)
from tests.server.house import House, Threaded, in_thread

PAGES = {
    "the calls": ("p-lead", "/calls"),
    "a call to open": ("p-lead", "/calls/new"),
    "a call": ("p-lead", "/calls/1"),
    "a call that is over": ("p-lead", "/calls/2"),
    "the roll-up": ("p-lead", "/calls/2/items"),
    "an item of it": ("p-lead", "/calls/2/items/P-1"),
    "no lots yet": ("p-lead", "/calls/1/lots"),
    "lots to make": ("p-lead", "/calls/3/lots"),
    "the lots": ("p-lead", "/calls/2/lots"),
    "a lot": ("p-lead", "/calls/2/lots/L1?q=p"),
    "the benefit": ("p-lead", "/calls/2/benefit"),
    "the catalog": ("p-lead", "/catalog"),
    "an item": ("p-lead", "/catalog/items/P-1"),
    "a new item": ("p-lead", "/catalog/new"),
    "the units": ("p-lead", "/catalog/units"),
    "a catalog to import": ("p-lead", "/catalog/import"),
    "a district's calls": ("p-oak", "/needs"),
    "needs to begin": ("p-elm", "/needs/1"),
    "needs": ("p-oak", "/needs/1"),
    "needs of a call that is over": ("p-oak", "/needs/2"),
    "items to look up": ("p-oak", "/needs/1/items"),
    "a need": ("p-oak", "/needs/1/lines/1"),
    "needs to import": ("p-oak", "/needs/1/import"),
    "a district's benefit": ("p-oak", "/needs/2/benefit"),
}


async def filled(house: House) -> None:
    """A call that is open, one that is over with lots, and one that is over without."""
    await catalog(house)
    for id in ("2", "3", "1"):
        terms = await call(house, id, words="State what you need for the year.", reminders=(14, 7, 2))
        await state(
            house, terms, "d-oak", line(PAPER, "120", "4.25"), line(PENS, "1500"), line(CARD, "3", "2"), id=id
        )
        if id != "1":
            await state(house, terms, "d-elm", line(PAPER, "60", "4.9999"), line(GLUE, "12", "1.25"), id=id)
            await confirm(house, terms, "d-elm", id)
            await tell(house, f"call/{id}", EndCall(by="p-lead"))
    groups = (("Paper", ("P-1", "P-2")), ("Writing and art", ("W-1", "A-1")))
    await tell(house, "lots/2", PlanLots(by="p-lead", groups=groups, districts=("d-elm", "d-oak")))
    assert len(ITEMS) == 4


@pytest.fixture(scope="module")
def needy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Threaded]:
    """A house with calls in every state."""
    with in_thread(tmp_path_factory.mktemp("needy")) as running:
        running.call(filled(running.house))
        yield running


@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_page_of_demand_is_for_every_eye_and_finger(name: str, visit: Visit, needy: Threaded) -> None:
    who, path = PAGES[name]
    page = visit(who, needy, viewport=WIDE)
    page.goto(path)
    unfold(page)
    assert in_both_schemes(page) == []
    for size in (PHONE, TINY):
        page.set_viewport_size(size)
        assert page.evaluate(SIDEWAYS) <= 0
        assert page.evaluate(SMALL) == []
    assert in_both_schemes(page) == []


def sheet(text: str) -> FilePayload:
    """A sheet as a browser sends it."""
    return {"name": "needs.csv", "mimeType": "text/csv", "buffer": text.encode()}


@pytest.fixture
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Threaded]:
    """A house of this test's own, with a catalog and an open call."""

    async def begun(house: House) -> None:
        await catalog(house)
        await call(house)

    with in_thread(tmp_path_factory.mktemp("fresh")) as running:
        running.call(begun(running.house))
        yield running


def test_needs_are_imported_put_right_and_confirmed_without_scripts(visit: Visit, fresh: Threaded) -> None:
    page = visit("p-oak", fresh, viewport=PHONE, java_script_enabled=False)
    page.goto("/needs")
    page.get_by_role("link", name="State needs").click()
    page.get_by_role("link", name="Import a sheet").click()
    page.get_by_label("File").set_input_files(sheet("Item,Qty,Unit\nP-1,12,ctn\nW-1,-2,each\n"))
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("alert")).to_contain_text("row 3, Quantity")
    page.get_by_label("File").set_input_files(sheet("Item,Qty,Unit\nP-1,12,ctn\nW-1,2,each\n"))
    page.get_by_role("button", name="Import").click()
    page.wait_for_url("**/imports/*")
    expect(page.get_by_role("heading", name="Import done")).to_be_visible()
    page.get_by_role("link", name="Look at your needs").click()
    expect(page.get_by_text("120 ream")).to_be_visible()
    page.get_by_role("button", name="Confirm that this is all").click()
    expect(page.get_by_role("status")).to_contain_text("Your needs are confirmed")


def tab_to(page: Page, name: str) -> None:
    """Go on by the Tab key until something with this name has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if (
            page.evaluate("document.activeElement.innerText || document.activeElement.labels?.[0]?.innerText")
            == name
        ):
            return
    raise AssertionError(f"{name} cannot be reached by keyboard")


def test_lots_are_merged_and_split_by_keyboard_alone(visit: Visit, needy: Threaded) -> None:
    page = visit("p-lead", needy, viewport=WIDE)
    page.goto("/calls/3/lots")
    tab_to(page, "Make lots by category")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("The lots are made")
    for name in ("Choose Art", "Choose Writing"):
        tab_to(page, name)
        page.keyboard.press("Space")
    tab_to(page, "Merge those chosen into one")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("The lots are merged")
    expect(page.get_by_role("heading", name="2 lots")).to_be_visible()
