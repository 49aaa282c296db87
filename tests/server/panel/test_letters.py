"""Letters of a panel: each evaluator hears once of each step, whoever is excluded of none, and no letter names a bid."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from server.tables import NoticeRow
from tests.server.house import House
from tests.server.panel.judged import EVALUATORS, Judged, house_of_three, sheet, step
from tests.server.panel.test_pages import SCORES, assigned, panel, scoring, submitted

KINDS = ("panel_assigned", "scoring_begun", "scores_locked")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A house with three evaluators, whose pages' clock can be put forward."""
    async with house_of_three(tmp_path) as running:
        yield running


async def letters(house: House) -> list[NoticeRow]:
    """What a panel's people were sent."""
    await house.parts.teller.settled()
    async with house.parts.database.session() as session:
        found = select(NoticeRow).where(NoticeRow.notice.in_(KINDS)).order_by(NoticeRow.number)
        return list((await session.execute(found)).scalars())


def person(row: NoticeRow) -> str:
    """Whom a notice went to."""
    return row.address.partition("@")[0]


async def test_each_evaluator_hears_once_of_each_step_and_nobody_else(house: House) -> None:
    box = Judged(house, ("price",), aggregation="median")
    lead, _ = await submitted(box)
    await step(lead, box.id, "panel", "lock")
    await step(lead, box.id, "panel", "lock")
    sent = await letters(house)
    told = Counter((each.notice, person(each)) for each in sent)
    assert told == Counter((kind, each) for kind in KINDS for each in EVALUATORS)
    for each in sent:
        assert "Supply" not in each.text and "Private word" not in each.text


async def test_whoever_is_excluded_hears_no_more(house: House) -> None:
    box = Judged(house, ("price",), aggregation="median", evaluators=2)
    lead, people = await scoring(box)
    await step(people["p-emma"], box.id, "evaluation", "conflict", words="My sister works at Ash.")
    for each in ("p-evaluator", "p-edgar"):
        said = sheet(panel(box).bidders, SCORES[each])
        await step(people[each], box.id, "evaluation", "submit", **said)
    assert "Locked." in (await step(lead, box.id, "panel", "lock")).text
    locked = {person(each) for each in await letters(house) if each.notice == "scores_locked"}
    assert locked == {"p-evaluator", "p-edgar"}


async def test_the_letter_of_an_assignment_links_to_the_statement(house: House) -> None:
    box = Judged(house)
    await box.bids_are_in()
    await assigned(box)
    sent = await letters(house)
    assert len(sent) == len(EVALUATORS)
    assert all(f"/events/{box.id}/evaluation" in each.text for each in sent)
