"""Every page in every state, for every eye: nothing that axe finds, nothing that scrolls sideways, nothing too small to touch."""

from __future__ import annotations

import json
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import LIVE, Visit

WIDE = ViewportSize(width=1440, height=900)
PHONE, TINY = ViewportSize(width=390, height=844), ViewportSize(width=320, height=640)
LEAD, SECOND, ASH, CEDAR, OAK = "p-lead", "p-second", "v-ash", "v-cedar", "p-oak"
PAGES: dict[str, tuple[str | None, str]] = {
    "the events, for the public": (None, "/"),
    "the events, for a lead": (LEAD, "/"),
    "the events, for a vendor": (ASH, "/"),
    "the sign-in": (None, "/sign-in?next=/prices"),
    "the sign-in, after a new password": (None, "/sign-in?done=reset"),
    "a forgotten password": (None, "/forgot"),
    "the ways to start": (None, "/start"),
    "founding a consortium": (None, "/found"),
    "bringing a district": (None, "/join"),
    "a link that is not there": (None, "/invitations/nothing"),
    "the account": (OAK, "/account"),
    "the sessions": (OAK, "/account/sessions"),
    "the second factor": (OAK, "/account/second-factor"),
    "the team, for an administrator": ("p-admin", "/team"),
    "the team, for an owner": (ASH, "/team"),
    "the consortium": ("p-admin", "/consortium"),
    "the consortium, for a lead": (LEAD, "/consortium"),
    "what happened in the consortium": ("p-auditor", "/consortium/history"),
    "the district": (OAK, "/district"),
    "the demonstration": (None, "/demo"),
    "a page that is not there": (None, "/nowhere"),
    "a page that is not theirs": ("v-stranger", "/events/{open}/room"),
    "the notice of a live event": (None, "/events/{open}"),
    "the notice of one to come": (None, "/events/{scheduled}"),
    "the notice of a cancelled one": (None, "/events/{cancelled}"),
    "the result": (None, "/events/{closed}"),
    "the award": (None, "/events/{awarded}"),
    "the room, leading in overtime": (ASH, "/events/{open}/room"),
    "the room, behind": (CEDAR, "/events/{open}/room"),
    "the room, without a bid": (CEDAR, "/events/{open}/room?lot=L2"),
    "the room, to open": (ASH, "/events/{scheduled}/room"),
    "the room, paused": (ASH, "/events/{paused}/room"),
    "the room, suspended": (ASH, "/events/{suspended}/room"),
    "the room, cancelled": (ASH, "/events/{cancelled}/room"),
    "the room, won": (ASH, "/events/{closed}/room"),
    "the room, lost": (CEDAR, "/events/{closed}/room"),
    "the room, missed": (CEDAR, "/events/{closed}/room?lot=L2"),
    "the console, running": (LEAD, "/events/{adjusted}/console"),
    "the console, paused": (LEAD, "/events/{paused}/console"),
    "the console, to be awarded": (LEAD, "/events/{closed}/console"),
    "the console, awarded": (LEAD, "/events/{awarded}/console"),
    "the import": (LEAD, "/import"),
    "a draft": (LEAD, "/events/{draft}/console"),
    "a draft, as its second sees it": (SECOND, "/events/{proposed}/console"),
    "a new solicitation": (LEAD, "/solicitations/new"),
    "the editor, basics": (LEAD, "/events/{draft}/draft/basics"),
    "the editor, law": (LEAD, "/events/{draft}/draft/law"),
    "the editor, lots": (LEAD, "/events/{draft}/draft/lots"),
    "the editor, one lot": (LEAD, "/events/{draft}/draft/lots/L1"),
    "the editor, rules": (LEAD, "/events/{draft}/draft/rules"),
    "the editor, dates": (LEAD, "/events/{draft}/draft/dates"),
    "the editor, conditions": (LEAD, "/events/{draft}/draft/conditions"),
    "the editor, documents": (LEAD, "/events/{draft}/draft/documents"),
    "the editor, for an addendum": (LEAD, "/events/{amended}/draft/basics"),
    "the draft of an addendum": (LEAD, "/events/{amended}/addenda/draft"),
    "the notice of an amended event": (ASH, "/events/{amended}"),
    "the addenda, to be acknowledged": (ASH, "/events/{amended}/addenda"),
    "the addenda, for a lead": (LEAD, "/events/{amended}/addenda"),
    "the addenda, none yet": (None, "/events/{scheduled}/addenda"),
    "the questions, for the public": (None, "/events/{asked}/questions"),
    "the questions, for a vendor that asked": (ASH, "/events/{asked}/questions"),
    "the questions, for a lead": (LEAD, "/events/{asked}/questions"),
    "the questions, over": (OAK, "/events/{open}/questions"),
    "the answers, being written": (LEAD, "/events/{asked}/questions/answer"),
    "what a vendor is told": (ASH, "/account/notices"),
    "the outbox": (LEAD, "/outbox"),
    "the mailbox": (None, "/demo/mailbox"),
    "a letter": (None, "/demo/mailbox/1"),
    "the calendar": (OAK, "/calendar"),
    "the calendar of the past, empty": (None, "/calendar?past=yes"),
    "the law on record": (None, "/jurisdictions"),
    "the law of one state": (None, "/jurisdictions/US-TX"),
    "the awards, for the second person": (SECOND, "/events/{to_confirm}/award"),
    "the awards, for whoever proposed": (LEAD, "/events/{to_confirm}/award"),
    "the decision, for whoever recommended": (LEAD, "/events/{decided}/decision"),
    "the decision, for the second person": (SECOND, "/events/{decided}/decision"),
    "the allocation, to begin": (LEAD, "/events/{closed}/allocation"),
    "the allocation, with a scenario chosen": (LEAD, "/events/{awarded}/allocation"),
    "the allocation, with another scenario": (LEAD, "/events/{awarded}/allocation?scenario=1"),
    "the allocation, impossible": ("p-auditor", "/events/{awarded}/allocation?scenario=3"),
    "the chosen allocation, for the public": (None, "/events/{awarded}/allocation/chosen"),
    "the outcome, for a bidder": (ASH, "/events/{decided}/outcome"),
    "the outcome, for another bidder": ("v-birch", "/events/{decided}/outcome"),
    "the letter": (ASH, "/events/{decided}/letter"),
    "the way to the award": (None, "/events/{decided}/timeline"),
    "the other offers": (LEAD, "/events/{awarded}/offers"),
    "the results": (None, "/events/{awarded}/results"),
    "the results, for a vendor": (CEDAR, "/events/{awarded}/results"),
    "the prices": (OAK, "/prices"),
    "the prices, for the public": (None, "/prices?sort=price"),
    "a price": (OAK, "/prices/{awarded}/L1/A"),
    "a contract": (LEAD, "/contracts/{awarded}/L1"),
    "the shopping lists": (OAK, "/lists"),
    "a shopping list": (OAK, "/lists/{list}"),
    "an ordered list": (OAK, "/lists/{bought}"),
    "the savings of a district": (OAK, "/savings"),
    "the savings of a consortium": (LEAD, "/savings"),
    "a search for prices in vain": (OAK, "/prices?q=zebra"),
    "a vendor's line schedules": (ASH, "/events/{scheduled}/schedule"),
    "a line schedule": (ASH, "/events/{scheduled}/schedule/L1"),
    "a line schedule that is frozen": (ASH, "/events/{open}/schedule/L1"),
    "a line schedule to sign": ("p-signer", "/events/{scheduled}/schedule/L1/file"),
    "a line schedule that a preparer cannot sign": ("p-preparer", "/events/{scheduled}/schedule/L1/file"),
    "taking part, to be asked for": ("v-stranger", "/events/{scheduled}/take-part"),
    "taking part": (ASH, "/events/{scheduled}/take-part"),
    "the vendors of an event": (LEAD, "/events/{scheduled}/admissions?q=stranger"),
    "a vendor to decide about": (LEAD, "/events/{scheduled}/admissions/v-ash"),
    "a company": (ASH, "/company"),
}
ALIKE = {"the events, for a vendor", "the notice of one to come", "the room, behind", "the room, lost"}
"""Pages made like others here: axe need not look at them too."""
PLAIN = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
SMALL = """() => [...document.querySelectorAll(
        'button, summary, select, input:not([type=hidden]), .top a, .button, a[data-lot]')]
    .filter((each) => each.checkVisibility({visibilityProperty: true}) && !each.closest('.skip'))
    .map((each) => each.matches('[type=checkbox], [type=radio]') ? each.closest('label') : each)
    .filter((each) => each.getBoundingClientRect().height < 43.5 || each.getBoundingClientRect().width < 43.5)
    .map((each) => each.outerHTML.slice(0, 120))"""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
AXE = Axe().axe_script


def found(page: Page, **options: Any) -> list[str]:
    """What axe finds, in a few words each."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    look = {"resultTypes": ["violations"]} | options
    told = page.evaluate("async (look) => (await axe.run(look)).violations", look)
    return [f"{each['id']}: {json.dumps([node['target'] for node in each['nodes']])}" for each in told]


def unfold(page: Page) -> None:
    """Open everything that can be unfolded, so that it is looked at too."""
    page.evaluate("document.querySelectorAll('details').forEach((each) => each.open = true)")


def go(page: Page, path: str) -> None:
    """Open a page and wait until it is up to date."""
    page.goto(path)
    if page.locator("[data-connection]").count():
        page.wait_for_selector(LIVE)


def in_both_schemes(page: Page) -> list[str]:
    """What axe finds in light, and what the dark colours add to it."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    told = found(page, runOnly={"type": "tag", "values": PLAIN})
    page.emulate_media(color_scheme="dark")
    return told + found(page, runOnly={"type": "rule", "values": ["color-contrast"]})


@pytest.mark.parametrize("name", sorted(PAGES.keys() - ALIKE))
def test_axe_finds_nothing_wide_or_narrow_in_light_or_dark(
    name: str, visit: Visit, scenes: dict[str, str]
) -> None:
    who, path = PAGES[name]
    page = visit(who, viewport=WIDE)
    go(page, path.format(**scenes))
    unfold(page)
    assert in_both_schemes(page) == []
    page.set_viewport_size(PHONE)
    assert in_both_schemes(page) == []


def test_no_page_scrolls_sideways_and_everything_can_be_touched(visit: Visit, scenes: dict[str, str]) -> None:
    wrong: dict[str, Any] = {}
    pages = {who: visit(who, viewport=PHONE) for who in {who for who, _ in PAGES.values()}}
    for name, (who, path) in PAGES.items():
        page = pages[who]
        page.goto(path.format(**scenes))
        unfold(page)
        small = page.evaluate(SMALL)
        over = [page.evaluate(SIDEWAYS)]
        page.set_viewport_size(TINY)
        over.append(page.evaluate(SIDEWAYS))
        page.set_viewport_size(PHONE)
        if small or any(over):
            wrong[name] = (over, small)
    assert wrong == {}


def test_axe_finds_nothing_in_a_refused_sign_in(visit: Visit) -> None:
    page = visit(viewport=PHONE)
    page.goto("/sign-in")
    page.get_by_label("Email").fill("nobody@tenderbell.example")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("This email and password do not match.")
    expect(page.get_by_label("Email")).to_have_value("nobody@tenderbell.example")
    assert in_both_schemes(page) == []


def test_a_planted_fault_is_found(visit: Visit) -> None:
    page = visit(viewport=PHONE)
    page.goto("/sign-in")
    page.evaluate("document.querySelector('label').remove()")
    page.evaluate("document.querySelector('h1').textContent = 'x'.repeat(200)")
    assert [each.split(":")[0] for each in found(page)] == ["label"]
    assert page.evaluate(SIDEWAYS) > 0


def test_nothing_moves_for_those_who_asked_for_less_motion(visit: Visit, scenes: dict[str, str]) -> None:
    page = visit(ASH, reduced_motion="reduce")
    go(page, f"/events/{scenes['open']}/room")
    moving = "() => [...document.querySelectorAll('*')].filter((e) => getComputedStyle(e).transitionDuration !== '0s').length"
    assert page.evaluate(moving) == 0
    assert page.evaluate("document.getAnimations().length") == 0
