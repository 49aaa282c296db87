"""The panel over real pages: three evaluators sign, score alone, agree; scores decide who passes and whom the plan recommends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from auction.award.panel_words import PanelState
from bidders.box.facts import Verdict
from server import drafting
from tests.server.callers import Guest
from tests.server.house import House
from tests.server.panel.judged import EVALUATORS, Judged, house_of_three, sheet, step
from tests.server.sealing import REASON

SCORES = {
    "p-evaluator": {"v-ash": ("90", "5"), "v-birch": ("60", "3"), "v-cedar": ("30", "1")},
    "p-edgar": {"v-ash": ("85", "5"), "v-birch": ("70", "3"), "v-cedar": ("40", "2")},
    "p-emma": {"v-ash": ("20", "4"), "v-birch": ("65", "3"), "v-cedar": ("35", "1")},
}
"""Ash is good, Emma does not find so; Cedar misses the threshold of service."""
NAMES = ("Ash Supply", "Birch Supply", "Cedar Supply")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A house with three evaluators, whose pages' clock can be put forward."""
    async with house_of_three(tmp_path) as running:
        yield running


def panel(box: Judged) -> PanelState:
    """The panel as it stands."""
    found: PanelState = box.parts.desk.state(f"panel/{box.id}")
    return found


async def assigned(box: Judged) -> tuple[Guest, dict[str, Guest]]:
    """The lead puts three evaluators on the panel."""
    lead = await box.house.sign_in("p-lead")
    for person in EVALUATORS:
        assert "Assigned." in (await step(lead, box.id, "panel", "assign", person=person)).text
    return lead, {person: await box.house.sign_in(person) for person in EVALUATORS}


async def scoring(box: Judged) -> tuple[Guest, dict[str, Guest]]:
    """The technical envelopes are opened, everybody has signed, and scoring has begun."""
    await box.bids_are_in()
    lead, people = await assigned(box)
    await box.open(box.envelopes[0])
    for guest in people.values():
        assert "Signed" in (await step(guest, box.id, "evaluation", "sign", sure="yes")).text
    assert "Scoring has begun" in (await step(lead, box.id, "panel", "begin")).text
    return lead, people


async def submitted(box: Judged) -> tuple[Guest, dict[str, Guest]]:
    """All three have submitted."""
    lead, people = await scoring(box)
    for person, guest in people.items():
        said = sheet(panel(box).bidders, SCORES[person])
        assert "Submitted." in (await step(guest, box.id, "evaluation", "submit", **said)).text
    return lead, people


async def test_from_the_statement_to_the_award(house: House) -> None:
    box = Judged(house, aggregation="median")
    lead, people = await submitted(box)
    console = f"/events/{box.id}/console"
    assert "The panel scores these envelopes first." in (await lead.get(console)).text
    consensus = (await people["p-edgar"].get(f"/events/{box.id}/evaluation")).text
    assert "far from 85, the median" in consensus and "Private word of 20 on 0." in consensus
    assert not any(name in consensus for name in NAMES), "bidders are letters until the lock"
    assert "Locked. The scores are final." in (await step(lead, box.id, "panel", "lock")).text
    assert "Ash Supply" in (await people["p-edgar"].get(f"/events/{box.id}/evaluation")).text

    page = (await lead.get(console)).text
    assert 'value="Service: 35 is below the threshold of 50"' in page
    wrong = {f"passes-{v}": "yes" for v in SCORES["p-emma"]} | {
        f"reason-{v}": "Good." for v in SCORES["p-emma"]
    }
    answer = await lead.post(f"/events/{box.id}/opening/pass", vendor=[*SCORES["p-emma"]], **wrong)
    assert "By the published plan it is otherwise" in (await lead.get(answer.headers["location"])).text
    assert box.state.proposed is None
    await box.judge(
        [Verdict("v-ash", True, "Meets all."), Verdict("v-birch", True, "Meets all."),
         Verdict("v-cedar", False, "Service: 35 is below the threshold of 50")]
    )  # fmt: skip
    await box.open("price")

    result = (await lead.get(f"/events/{box.id}/panel")).text
    for told in (
        "First by the published plan among 2 ranked bids",
        "Price against quality",
        "What each bid is made of",
        "If a bid had not been made",
        "If an evaluator had not scored",
    ):
        assert told in result
    page = (await lead.get(console)).text
    assert page.index("1st: Ash Supply, $800.00") < page.index("2nd: Birch Supply, $797.50")
    assert "The plan recommends the first in the list." in page
    public = await house.sign_in(None)
    assert (await public.get(f"/events/{box.id}/scores")).status_code == 404
    for lot in ("L1", "L2"):
        await drafting.award(house.parts, box.id, lot, "v-ash", REASON, "p-lead")
    scores = (await public.get(f"/events/{box.id}/scores")).text
    assert "first by the plan" in scores and "Private word" not in scores
    assert scores.count("<title") == 1 + 2 * 2, "two lots, each drawn for a desk and for a phone"
    assert "1 Ash Supply" in scores and "Birch Supply" in scores
    assert "How the bids scored" in (await public.get(f"/events/{box.id}")).text


async def test_a_bid_is_shown_to_an_evaluator_only_after_the_signature(house: House) -> None:
    box = Judged(house)
    await box.bids_are_in()
    lead, people = await assigned(box)
    await box.open("technical")
    await step(lead, box.id, "panel", "begin")
    guest = people["p-evaluator"]
    page = (await guest.get(f"/events/{box.id}/evaluation")).text
    assert "Do you have a conflict of interest?" in page and "Delivered by" not in page
    refused = await guest.get(f"/events/{box.id}/opened")
    assert refused.status_code == 403 and "evaluation page" in refused.text
    assert (await guest.get(f"/events/{box.id}/evaluation/A/_all/0")).status_code == 403
    unticked = await step(guest, box.id, "evaluation", "sign")
    assert unticked.status_code == 422 and "Tick the box" in unticked.text
    page = (await step(guest, box.id, "evaluation", "sign", sure="yes")).text
    assert "Bidder A" in page and "Delivered by" in page


async def test_who_declares_a_conflict_sees_no_bid_and_the_lead_sees_why(house: House) -> None:
    box = Judged(house, evaluators=2)
    lead, people = await scoring(box)
    page = await step(people["p-emma"], box.id, "evaluation", "conflict", words="My brother works at Ash.")
    assert "You are excluded from this panel" in page.text and "Delivered by" not in page.text
    late = await step(people["p-emma"], box.id, "evaluation", "save", **{"score-A-0": "1"})
    assert late.status_code == 422 and "Only who signed" in late.text
    told = (await lead.get(f"/events/{box.id}/panel")).text
    assert "Conflict: excluded" in told and "My brother works at Ash." in told


async def test_nobody_reads_a_score_before_all_sheets_are_in(house: House) -> None:
    box = Judged(house)
    lead, people = await scoring(box)
    letters = panel(box).bidders
    for person in ("p-evaluator", "p-edgar"):
        await step(people[person], box.id, "evaluation", "submit", **sheet(letters, SCORES[person]))
    await step(people["p-emma"], box.id, "evaluation", "save", **sheet(letters, SCORES["p-emma"]))
    auditor, second = await house.sign_in("p-auditor"), await house.sign_in("p-second")
    for guest in (lead, auditor, second):
        for page in ("panel", "console", "history", "award"):
            assert "Private word" not in (await guest.get(f"/events/{box.id}/{page}")).text
    mine = (await people["p-emma"].get(f"/events/{box.id}/evaluation")).text
    assert "Private word of 20 on 0." in mine and "Private word of 90 on 0." not in mine
    assert "2 of 3" in (await people["p-edgar"].get(f"/events/{box.id}/evaluation")).text.replace(
        "\xa0", " "
    ).replace("&nbsp;", " ")
    refused = await step(lead, box.id, "panel", "lock")
    assert "Not every evaluator has submitted" in refused.text


async def test_a_saved_sheet_comes_back_and_all_faults_stand_at_their_fields(house: House) -> None:
    box = Judged(house)
    _, people = await scoring(box)
    guest = people["p-evaluator"]
    said = {"score-A-0": "101", "comment-A-0": "Too much.", "score-A-1": "2", "comment-A-1": ""}
    assert "Saved. Only you can see it." in (await step(guest, box.id, "evaluation", "save", **said)).text
    assert 'value="101"' in (await guest.get(f"/events/{box.id}/evaluation")).text
    answer = await step(guest, box.id, "evaluation", "submit", **said)
    assert answer.status_code == 422 and "10 things to put right" in answer.text
    assert "101 is outside the scale" in answer.text and 'id="comment-A-1-wrong"' in answer.text
    assert 'id="score-C-1-wrong"' in answer.text and 'value="101"' in answer.text
    assert panel(box).evaluators["p-evaluator"].submitted is None


async def test_a_consensus_is_written_down_by_the_lead_beside_what_the_sheets_came_to(house: House) -> None:
    box = Judged(house, ("price",), aggregation="consensus", evaluators=3)
    lead, _ = await submitted(box)
    assert (
        "It can be awarded once the scores are locked." in (await lead.get(f"/events/{box.id}/console")).text
    )
    proposed = await lead.post(f"/events/{box.id}/console/propose", lot="L1", vendor="v-ash", reason="Now.")
    assert box.parts.desk.state(f"award/{box.id}").proposed == {}, proposed.text
    early = await step(lead, box.id, "panel", "lock")
    assert "still has to agree on 6 scores" in early.text
    for letter, vendor in panel(box).bidders.items():
        for criterion, score in zip(("Service", "Delivery"), SCORES["p-edgar"][vendor], strict=True):
            said = {"bidder": letter, "criterion": criterion, "score": score, "words": "We talked it over."}
            assert "Written down" in (await step(lead, box.id, "panel", "agree", **said)).text
    page = (await step(lead, box.id, "panel", "lock")).text
    assert "The panel agreed on <strong>85</strong>" in page and "the sheets come to 65" in page
    assert panel(box).locked is not None


async def test_today_tells_evaluators_and_the_lead_what_is_next(house: House) -> None:
    box = Judged(house)
    await box.bids_are_in()
    lead = await house.sign_in("p-lead")
    assert "Assign evaluators to" in (await lead.get("/today")).text
    _, people = await assigned(box)
    assert "Sign your statement for" in (await people["p-emma"].get("/today")).text
    await box.open("technical")
    assert "Let the panel score" in (await lead.get("/today")).text
    await step(people["p-emma"], box.id, "evaluation", "sign", sure="yes")
    await step(lead, box.id, "panel", "begin")
    assert "Score the bids of" in (await people["p-emma"].get("/today")).text


async def test_strangers_to_the_panel_find_none(house: House) -> None:
    box = Judged(house)
    await box.bids_are_in()
    guest, far = await house.sign_in("p-evaluator"), await house.sign_in("p-far")
    answer = await guest.get(f"/events/{box.id}/evaluation")
    assert answer.status_code == 404 and "You are not on the panel" in answer.text
    assert (await far.get(f"/events/{box.id}/panel")).status_code == 404
    for person in ("p-lead", "p-auditor", "p-nobody"):
        told = await step(await house.sign_in("p-lead"), box.id, "panel", "assign", person=person)
        assert "Choose an evaluator of your consortium" in told.text
    assert panel(box).evaluators == {}


async def test_a_submitted_sheet_is_changed_by_no_later_form_and_the_page_says_so(house: House) -> None:
    box = Judged(house)
    _, people = await scoring(box)
    guest, letters = people["p-evaluator"], panel(box).bidders
    await step(guest, box.id, "evaluation", "submit", **sheet(letters, SCORES["p-evaluator"]))
    kept = panel(box).evaluators["p-evaluator"].marks
    for action in ("save", "submit"):
        late = await step(guest, box.id, "evaluation", action, **sheet(letters, SCORES["p-emma"]))
        assert late.status_code == 422 and "Your sheet is submitted; it never changes." in late.text
    assert panel(box).evaluators["p-evaluator"].marks == kept
