"""Where a board decides by a plan, each bidder reads its own scores beside those of the chosen bid, and nobody else's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bidders.box.facts import Verdict
from server.tables import NoticeRow
from tests.server.house import House
from tests.server.panel.judged import Judged, house_of_three, step
from tests.server.panel.test_pages import submitted

VENDORS = ("v-ash", "v-birch", "v-cedar")


class ForABoard(Judged):
    """A solicitation on which a board decides."""

    decision = "board"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A house with three evaluators."""
    async with house_of_three(tmp_path) as running:
        yield running


async def told(house: House) -> ForABoard:
    """From opened bids to the notice of what is intended: the second in price is the first by the plan."""
    box = ForABoard(house, aggregation="median")
    lead, _ = await submitted(box)
    await step(lead, box.id, "panel", "lock")
    await box.judge([Verdict(each, True, "Meets all.") for each in VENDORS])
    await box.open("price")
    at, second = f"/events/{box.id}/decision", await house.sign_in("p-second")
    said = {"lot": "L1", "vendor": "v-ash", "reason": "First by the plan."}
    assert (await lead.post(f"{at}/recommend", **said)).status_code == 303
    day = house.parts.now().date().isoformat()
    board = {"body": "Board", "resolution": "114", "approved": "yes", "day": day}
    assert (await second.post(f"{at}/approval/board", **board, lots=["L1"])).status_code == 303
    assert (await second.post(f"{at}/approval/notice")).status_code == 303
    return box


async def test_a_bidder_reads_its_own_scores_beside_the_chosen_ones_on_its_page_and_in_its_letters(
    house: House,
) -> None:
    box = await told(house)
    birch, ash = await house.sign_in("v-birch"), await house.sign_in("v-ash")
    for address in ("outcome", "letter"):
        page = (await birch.get(f"/events/{box.id}/{address}")).text
        assert "scores beside those of the chosen bid" in page and "Points in all" in page
        assert "Cedar" not in page and "Private word" not in page
        own = (await ash.get(f"/events/{box.id}/{address}")).text
        assert "Points in all" in own and "Birch" not in own and "beside those of the chosen bid" not in own
    await house.parts.teller.settled()
    async with house.parts.database.session() as session:
        rows = (await session.execute(select(NoticeRow).where(NoticeRow.notice == "intent"))).scalars()
        by = {each.address.partition("@")[0]: each.text for each in rows}
    lines = [each.strip() for each in by["p-birch"].splitlines()]
    whole = next(each for each in lines if each.startswith("Points in all: "))
    own, chosen = whole.removeprefix("Points in all: ").split(", ")
    assert float(own) < float(chosen)
    assert f"Points in all: {chosen}" in [each.strip() for each in by["p-ash"].splitlines()]
    assert "Your scores, and those of the chosen bid:" in by["p-birch"] and "Cedar" not in by["p-birch"]


async def test_the_parts_of_a_score_come_to_the_whole(house: House) -> None:
    box = await told(house)
    birch = await house.sign_in("v-birch")
    page = (await birch.get(f"/events/{box.id}/letter")).text
    table = page[page.index("<caption>") :].partition("</tbody>")[0].partition("<tbody>")[2]
    figures = [
        [cell.partition("</td>")[0] for cell in row.split('<td class="num">')[1:]]
        for row in table.split("<tr>")[1:]
    ]
    for column in range(2):
        *parts, whole = (float(row[column]) for row in figures)
        assert abs(sum(parts) - whole) < 0.02
