"""The panel's pages for every eye: nothing that axe finds, nothing that scrolls sideways, from the statement to the result."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from server.login import COOKIE
from tests.browser.conftest import Visit, visit
from tests.server.house import Threaded, in_thread
from tests.server.panel.judged import EVALUATORS, PEOPLE_OF_THREE, Judged, sheet, step
from tests.server.sealing import shifting

__all__ = ["visit"]
SCORES = {"v-ash": ("90", "5"), "v-birch": ("60", "3"), "v-cedar": ("70", "1")}
FAR = {"v-ash": ("20", "4"), "v-birch": ("65", "3"), "v-cedar": ("75", "1")}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Threaded]:
    """A house with three evaluators."""
    folder = tmp_path_factory.mktemp("panel")
    with in_thread(folder, demo=True, people=PEOPLE_OF_THREE, changed=shifting) as running:
        yield running


def renewed(page: Page, town: Threaded, who: str) -> None:
    """Sign in anew: the clock of pages was put forward by weeks."""
    token = town.call(town.house.session(who))
    page.context.add_cookies([{"name": COOKIE, "value": token, "url": town.house.origin}])


def looked_at(page: Page, address: str) -> None:
    """Look at a page on a desk and on a phone, in the light and in the dark."""
    for width in (1440, 390):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 844})
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.goto(address)
            found: list[Any] = Axe().run(page).response["violations"]
            assert not found, (address, width, scheme, found[0]["id"], found[0]["nodes"][0]["html"])
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)


def test_the_panel_from_the_statement_to_the_result(visit: Visit, town: Threaded) -> None:
    made = Judged(town.house, ("price",), aggregation="consensus")
    town.call(made.draft())
    lead = visit("p-lead")
    looked_at(lead, f"/events/{made.id}/draft/evaluation")
    lead.get_by_label("The lowest price decides").check()
    expect(lead.get_by_label("How prices count")).to_be_hidden()
    town.call(made.bids_are_in())
    mine, panel = f"/events/{made.id}/evaluation", f"/events/{made.id}/panel"
    renewed(lead, town, "p-lead")
    looked_at(lead, panel)
    for name in EVALUATORS.values():
        lead.get_by_label("Evaluator", exact=True).select_option(name)
        lead.get_by_role("button", name="Put on the panel").click()
        expect(lead.get_by_role("rowheader", name=name)).to_be_visible()
    eva = visit("p-evaluator")
    looked_at(eva, mine)
    eva.get_by_label("I have no conflict of interest").check()
    eva.get_by_role("button", name="Sign", exact=True).click()
    town.call(made.open("price"))
    lead.goto(panel)
    lead.get_by_role("button", name="Let the panel begin").click()
    expect(lead.get_by_text("Scoring has begun.")).to_be_visible()
    looked_at(eva, mine)
    eva.get_by_role("button", name="Submit my sheet").click()
    expect(eva.get_by_text("things to put right")).to_be_visible()
    town.call(_scored(made, ("p-evaluator", "p-edgar"), SCORES, signed=("p-edgar",)))
    looked_at(eva, mine)
    town.call(_scored(made, ("p-emma",), FAR, signed=("p-emma",)))
    looked_at(eva, mine)
    looked_at(lead, panel)
    town.call(_agreed(made))
    lead.goto(panel)
    lead.get_by_role("button", name="Lock the scores").click()
    expect(lead.get_by_text("first by the plan").first).to_be_visible()
    looked_at(lead, panel)
    looked_at(lead, f"/events/{made.id}/console")
    looked_at(visit(None), f"/events/{made.id}")


async def _scored(
    made: Judged, people: tuple[str, ...], scores: dict[str, tuple[str, str]], signed: tuple[str, ...]
) -> None:
    letters = made.parts.desk.state(f"panel/{made.id}").bidders
    for person in people:
        guest = await made.house.sign_in(person)
        if person in signed:
            await step(guest, made.id, "evaluation", "sign", sure="yes")
        answer = await step(guest, made.id, "evaluation", "submit", **sheet(letters, scores))
        assert "Submitted." in answer.text, answer.text


async def _agreed(made: Judged) -> None:
    lead = await made.house.sign_in("p-lead")
    for letter in made.parts.desk.state(f"panel/{made.id}").bidders:
        for criterion, score in (("Service", "80"), ("Delivery", "4")):
            said = {"bidder": letter, "criterion": criterion, "score": score, "words": "After the meeting."}
            await step(lead, made.id, "panel", "agree", **said)
