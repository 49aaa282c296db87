"""From opened bids to a final award, in browsers: three evaluators, two scenarios, a board, a protest dismissed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from server.login import COOKIE
from tests.browser.conftest import Visit, visit
from tests.server.house import Threaded, in_thread
from tests.server.panel.judged import EVALUATORS, PEOPLE_OF_THREE
from tests.server.panel.test_own_scores import ForABoard
from tests.server.sealing import later, shifting

__all__ = ["visit"]
BIRCH, ASH = "Birch Supply", "Ash Supply"
SCORES = {
    "p-evaluator": {"v-ash": ("90", "5"), "v-birch": ("60", "3"), "v-cedar": ("70", "1")},
    "p-edgar": {"v-ash": ("85", "5"), "v-birch": ("65", "3"), "v-cedar": ("75", "2")},
    "p-emma": {"v-ash": ("20", "4"), "v-birch": ("62", "3"), "v-cedar": ("72", "1")},
}
"""Service of 100 and delivery of 5; Emma finds poor what the others find good."""
AGREED = {"v-ash": ("80", "5"), "v-birch": ("62", "3"), "v-cedar": ("72", "1")}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Threaded]:
    """A house with three evaluators, on a clock that is put forward."""
    folder = tmp_path_factory.mktemp("evaluation")
    with in_thread(folder, demo=True, people=PEOPLE_OF_THREE, changed=shifting) as running:
        yield running


@pytest.fixture
def made(town: Threaded) -> ForABoard:
    """Bids of three vendors, in the box and due to be opened; a panel agrees on scores, and a board decides."""
    found = ForABoard(town.house, ("price",), aggregation="consensus")
    town.call(found.bids_are_in())
    return found


def pressed(page: Page, name: str, said: str) -> None:
    """Press a button and read what came of it."""
    page.get_by_role("button", name=name).first.click()
    expect(page.get_by_text(said).first).to_be_visible()


def renewed(page: Page, town: Threaded, who: str) -> None:
    """Sign in anew: the story's weeks are longer than a session."""
    token = town.call(town.house.session(who))
    page.context.add_cookies([{"name": COOKIE, "value": token, "url": town.house.origin}])


@pytest.mark.timeout(300)
def test_from_opened_bids_to_a_final_award(visit: Visit, town: Threaded, made: ForABoard) -> None:
    lead, second = visit("p-lead"), visit("p-second")
    people = {person: visit(person) for person in EVALUATORS}
    _on_the_panel(lead, people, made)
    town.call(made.open("price"))
    _scored_alone(lead, people, made)
    _agreed(lead, people, made)
    _two_scenarios(lead, made)
    _recommended_and_decided(lead, second, made)
    birch = visit("v-birch")
    _told_and_protested(second, birch, made)
    _dismissed(second, birch, made)
    _final(second, visit(None), town, made)


def _on_the_panel(lead: Page, people: dict[str, Page], made: ForABoard) -> None:
    """The lead names three evaluators; each signs that it has no conflict of interest before it sees any bid."""
    lead.goto(f"/events/{made.id}/panel")
    for name in EVALUATORS.values():
        lead.get_by_label("Evaluator", exact=True).select_option(name)
        lead.get_by_role("button", name="Put on the panel").click()
        expect(lead.get_by_role("rowheader", name=name)).to_be_visible()
    for page in people.values():
        page.goto(f"/events/{made.id}/evaluation")
        expect(page.locator("[id^=score-]")).to_have_count(0)
        page.get_by_label("I have no conflict of interest").check()
        page.get_by_role("button", name="Sign", exact=True).click()
        expect(page.get_by_role("heading", name="Signed. Scoring has not begun yet")).to_be_visible()


def _scored_alone(lead: Page, people: dict[str, Page], made: ForABoard) -> None:
    """Each fills a sheet; nobody, not the lead either, reads another's score before all sheets are in."""
    lead.goto(f"/events/{made.id}/panel")
    pressed(lead, "Let the panel begin", "Scoring has begun.")
    letters: dict[str, str] = made.parts.desk.state(f"panel/{made.id}").bidders
    for person, page in people.items():
        page.goto(f"/events/{made.id}/evaluation")
        for letter, vendor in letters.items():
            for place, score in enumerate(SCORES[person][vendor]):
                page.locator(f"#score-{letter}-{place}").fill(score)
                page.locator(f"#comment-{letter}-{place}").fill(f"{EVALUATORS[person]} on {place}.")
        assert not any(
            EVALUATORS[other] in page.locator("main").inner_text() for other in people if other != person
        )
        lead.goto(f"/events/{made.id}/panel")
        assert "Eva Evaluator on 0." not in lead.locator("main").inner_text()
        pressed(page, "Submit my sheet", "Submitted")
    for page in people.values():
        page.goto(f"/events/{made.id}/evaluation")
        expect(page.get_by_role("heading", name="All sheets are in")).to_be_visible()
        expect(page.get_by_text("Emma Expert on 0.").first).to_be_visible()
        expect(page.get_by_text("far from 85, the median").first).to_be_visible()


def _agreed(lead: Page, people: dict[str, Page], made: ForABoard) -> None:
    """The panel meets, the lead writes down what it agreed on with the reason, and locks the scores."""
    lead.goto(f"/events/{made.id}/panel")
    letters: dict[str, str] = made.parts.desk.state(f"panel/{made.id}").bidders
    for letter, vendor in letters.items():
        bidder = lead.locator(f"section:has(> #b-{letter})")
        for place, score in enumerate(AGREED[vendor]):
            form = bidder.locator(f"form:has(#agree-{letter}-{place})")
            form.get_by_label("Score").fill(score)
            form.get_by_label("Why").fill("After the meeting: the sample was shown.")
            form.get_by_role("button").click()
            expect(bidder.get_by_text("The panel agreed on")).to_have_count(place + 1)
    pressed(lead, "Lock the scores", "Locked. The scores are final.")
    expect(lead.get_by_text("First by the published plan among 3 ranked bids").first).to_be_visible()
    page = people["p-emma"]
    page.goto(f"/events/{made.id}/evaluation")
    expect(page.get_by_role("heading", name="The scores are locked")).to_be_visible()


def _two_scenarios(lead: Page, made: ForABoard) -> None:
    """The lead sets the best quality within five percent beside the cheapest, reads what it costs, and chooses it."""
    lead.goto(f"/events/{made.id}/allocation")
    pressed(lead, "Find the cheapest", "Solved and kept as scenario 1.")
    lead.get_by_text("Best quality within a percentage of the cheapest").click()
    lead.get_by_label("Percent above the cheapest").fill("5")
    form = lead.locator("form:has(input[name=kind][value=quality])")
    form.get_by_role("button").click()
    expect(lead.get_by_text("Solved and kept as scenario 2.").first).to_be_visible()
    side = lead.locator("section:has(> #side)")
    for told in ("$1,595.00", "$1,600.00"):
        expect(side).to_contain_text(told)
    lead.get_by_label("Reason").fill("Better service is worth five dollars.")
    pressed(lead, "Choose scenario 2", "Scenario 2 is chosen.")


def _recommended_and_decided(lead: Page, second: Page, made: ForABoard) -> None:
    """The lead recommends the first by the plan, and another person records the board's resolution."""
    lead.goto(f"/events/{made.id}/decision")
    lot = lead.locator("section:has(> #lot-L1)")
    expect(lot.get_by_label("Vendor").locator("option").first).to_contain_text(ASH)
    lot.get_by_label("Reason").fill("First by the published plan.")
    lot.get_by_role("button", name="Recommend to the board").click()
    expect(lead.get_by_text("You recommended this award.")).to_be_visible()
    second.goto(f"/events/{made.id}/decision")
    second.get_by_label("Which board").fill("Board of the Lake Cooperative")
    second.get_by_label("Day of the meeting").fill((made.parts.now() - timedelta(days=1)).date().isoformat())
    second.get_by_label("Number of the resolution").fill("2026-114")
    pressed(second, "Record the decision", "Tell all bidders")


def _told_and_protested(second: Page, birch: Page, made: ForABoard) -> None:
    """All bidders are told at one instant; a loser reads its own scores beside the chosen ones, and protests."""
    pressed(second, "Tell all bidders now", "Letters")
    birch.goto(f"/events/{made.id}/outcome")
    expect(birch.get_by_text("Your scores beside those of the chosen bid")).to_be_visible()
    expect(birch.get_by_role("row", name="Points in all")).to_be_visible()
    assert "Cedar" not in birch.locator("main").inner_text()
    birch.get_by_label("What is wrong").fill("Our delivery was scored too low.")
    birch.get_by_label("What should be done instead").fill("Score it again.")
    pressed(birch, "File the protest", "Your protest is filed")


def _dismissed(second: Page, birch: Page, made: ForABoard) -> None:
    """The protest stays the award until it is decided; its decision, with reasons, is read by the one who filed it."""
    second.goto(f"/events/{made.id}/decision")
    expect(second.get_by_text("A protest stays this award.")).to_be_visible()
    second.get_by_label("Who decided").fill("The director")
    second.get_by_label("Reasons").fill("The sheets and the sample bear the score out.")
    pressed(second, "Record the decision on protest 1", "was dismissed by The director")
    birch.goto(f"/events/{made.id}/outcome")
    expect(birch.get_by_text("The sheets and the sample bear the score out.").first).to_be_visible()


def _final(second: Page, anybody: Page, town: Threaded, made: ForABoard) -> None:
    """After the last minute to protest a second person makes the award final, and only then anybody reads prices and scores."""
    anybody.goto("/prices")
    assert ASH not in anybody.locator("main").inner_text()
    notice = town.house.parts.desk.state(f"decision/{made.id}").of("L1").notice
    expect(second.get_by_role("button", name="Make the award final")).to_have_count(0)
    later(town.house, notice.until - town.house.parts.now() + timedelta(seconds=1))
    renewed(second, town, "p-second")
    second.goto(f"/events/{made.id}/decision")
    pressed(second, "Make the award final", "The award is final.")
    town.call(town.house.parts.projections.settled())
    anybody.goto("/prices")
    expect(anybody.get_by_role("row").filter(has_text="Paper of L1")).to_contain_text(ASH)
    anybody.goto(f"/events/{made.id}/timeline")
    expect(anybody.get_by_text("Award final").first).to_be_visible()
    assert "Our delivery was scored too low." not in anybody.locator("main").inner_text()
