"""The opening: nothing is combined before everybody has released, all results come at once, and each is said in plain words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from auction.award.result import Result
from auction.refusals import Refusal
from auction.terms.offers import Offer
from auction.terms.packs import Pack
from bidders.box import content, tabulation
from bidders.box.facts import Verdict
from bidders.box.words import BoxDone
from bidders.sealing import bid as bidding
from server import drafting
from server.sealed.opening import open_later, open_stage
from tests.server.house import House, opened
from tests.server.sealing import HOUR, LENGTH, PRICES, REASON, Box, later, shifting


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A house whose pages' clock can be put forward."""
    async with opened(tmp_path, demo=True, changed=shifting) as running:
        yield running


async def closed(house: House, envelopes: tuple[str, ...] = ("price",)) -> Box:
    """A box with three vendors' bids, closed, whose opening has begun."""
    box = Box(house, envelopes)
    await box.publish()
    for vendor, prices in PRICES.items():
        await box.bid(vendor, prices)
    await box.close()
    later(house, LENGTH + 2 * HOUR)
    await box.meet()
    return box


async def test_envelopes_are_opened_when_a_quorum_has_released_and_ranked_by_their_totals(
    house: House,
) -> None:
    box = await closed(house)
    await box.release("p-lead")
    early = await open_stage(house.parts, box.id, "p-lead")
    assert isinstance(early, Refusal) and "still lack" in early.message
    assert not box.state.results and not list(house.parts.settings.database.parent.glob("*-sealed/opened/*"))
    await box.release("p-oak")
    assert isinstance(await open_stage(house.parts, box.id, "p-lead"), BoxDone)
    rows = tabulation.tabulate(box.state, "L1")
    assert [(row.vendor, row.rank, row.total) for row in rows] == [
        ("v-birch", 1, "797.50"),
        ("v-ash", 2, "800.00"),
        ("v-cedar", 3, "894.90"),
    ]
    assert tabulation.name(box.state, "v-birch") == "Birch Supply"
    await house.parts.errands.settled()
    assert house.parts.desk.state(f"tender/{box.id}").status == "closed"


async def test_the_lot_is_awarded_at_the_bids_own_line_prices(house: House) -> None:
    box = await closed(house)
    for person in ("p-auditor", "p-oak"):
        await box.release(person)
    await open_stage(house.parts, box.id, "p-lead")
    await house.parts.errands.settled()
    await drafting.award(house.parts, box.id, "L1", "v-birch", REASON, "p-lead")
    begun = house.parts.desk.state(f"contract/{box.id}.L1").begun
    assert begun.vendor == "v-birch"
    award = house.parts.desk.state(f"award/{box.id}").lots["L1"]
    assert (award.amount, [each.unit_price for each in award.lines]) == ("797.50", ["44.00", "71.50"])


async def test_a_pack_is_read_out_beside_the_price_per_unit(house: House) -> None:
    box = Box(house)
    await box.publish()
    pack = Offer(pack=Pack("2", "140", "carton"))
    fields = box.priced("L1", ("45.00", "70.00"), pack)
    await box.submit("v-ash", [box.sealed("v-ash", "L1", "price", fields)])
    await box.close()
    later(house, LENGTH + 2 * HOUR)
    await box.meet()
    for person in ("p-auditor", "p-oak"):
        await box.release(person)
    await open_stage(house.parts, box.id, "p-lead")
    page = (await (await house.sign_in(None)).get(f"/events/{box.id}/opening")).text
    assert "carton of 2 at $140.00" in page and "$70.00" in page


async def test_equal_totals_share_a_rank_and_nobody_is_named_the_winner(house: House) -> None:
    box = Box(house)
    await box.publish()
    await box.bid("v-ash", ("45.00", "70.00"))
    await box.bid("v-birch", ("44.00", "72.00"))
    await box.close()
    later(house, LENGTH + 2 * HOUR)
    await box.meet()
    for person in ("p-lead", "p-auditor"):
        await box.release(person)
    await open_stage(house.parts, box.id, "p-lead")
    ended: Result = tabulation.result(box.state, "L1")
    assert ended.closed and ended.winner is None and [each.rank for each in ended.candidates] == [1, 1]


async def test_withdrawn_and_replaced_envelopes_are_never_opened(house: House) -> None:
    box = Box(house)
    await box.publish()
    first = await box.bid("v-ash", ("45.00", "70.00"))
    await box.bid("v-ash", ("40.00", "60.00"))
    gone = await box.bid("v-birch", ("10.00", "10.00"))
    await box.withdraw("v-birch", gone)
    await box.close()
    later(house, LENGTH + 2 * HOUR)
    await box.meet()
    for person in ("p-lead", "p-auditor", "p-oak"):
        await box.release(person)
    await open_stage(house.parts, box.id, "p-lead")
    assert [row.total for row in tabulation.tabulate(box.state, "L1")] == ["700.00"]
    for each in (*first, *gone):
        assert house.parts.store.opened(each.eid) is None


async def test_a_damaged_copy_is_our_fault_and_may_be_read_later(house: House) -> None:
    box = await closed(house)
    eid = next(
        each.eid for each in box.state.envelopes.values() if each.vendor == "v-ash" and each.lot == "L1"
    )
    whole = house.parts.store.body(eid)
    house.parts.store.replace_body(eid, b"damaged")
    for person in ("p-lead", "p-auditor"):
        await box.release(person)
    await open_stage(house.parts, box.id, "p-lead")
    await house.parts.errands.settled()
    row = next(each for each in tabulation.tabulate(box.state, "L1") if each.vendor == "v-ash")
    assert (row.rank, row.result) == (None, "unavailable_host") and "Our copy is damaged" in row.why
    still = await open_later(house.parts, box.id, eid, "p-lead")
    assert isinstance(still, Refusal)
    house.parts.store.replace_body(eid, whole)
    assert isinstance(await open_later(house.parts, box.id, eid, "p-lead"), BoxDone)
    assert [each.vendor for each in tabulation.tabulate(box.state, "L1")] == ["v-birch", "v-ash", "v-cedar"]


async def test_a_bid_that_cannot_be_accepted_says_why_and_is_not_ranked(house: House) -> None:
    box = Box(house)
    await box.publish()
    await box.bid("v-ash", PRICES["v-ash"])
    lacking = box.priced("L1", PRICES["v-birch"])[1:]
    await box.submit("v-birch", [box.sealed("v-birch", "L1", "price", lacking)])
    await box.close()
    later(house, LENGTH + 2 * HOUR)
    await box.meet()
    for person in ("p-lead", "p-auditor"):
        await box.release(person)
    await open_stage(house.parts, box.id, "p-lead")
    row = next(each for each in tabulation.tabulate(box.state, "L1") if each.vendor == "v-birch")
    assert row.rank is None and "line A has no price" in row.why
    assert [each.vendor for each in tabulation.result(box.state, "L1").candidates] == ["v-ash"]


async def test_prices_are_opened_after_the_technical_stage_and_only_of_vendors_who_passed(
    house: House,
) -> None:
    box = await closed(house, ("technical", "price"))
    for person in ("p-lead", "p-oak"):
        await box.release(person, "technical")
    await open_stage(house.parts, box.id, "p-lead")
    assert set(box.state.finished) == {"technical"} and tabulation.tabulate(box.state, "L1") == []
    early = await open_stage(house.parts, box.id, "p-lead")
    assert isinstance(early, Refusal) and "not said yet" in early.message
    await box.judge([Verdict(each, each != "v-birch", "Read by two.") for each in PRICES])
    for person in ("p-auditor", "p-oak"):
        await box.release(person)
    assert isinstance(await open_stage(house.parts, box.id, "p-lead"), BoxDone)
    assert [each.vendor for each in tabulation.tabulate(box.state, "L1")] == ["v-ash", "v-cedar"]
    prices = [
        each for each in box.state.envelopes.values() if each.vendor == "v-birch" and each.env == "price"
    ]
    assert prices and all(house.parts.store.opened(each.eid) is None for each in prices)


async def test_what_opened_envelopes_say_is_read_by_the_consortiums_own_people_alone(house: House) -> None:
    box = Box(house, ("technical", "price"))
    await box.publish()
    said = [*content.answer_fields({"method": "By our own vans."})]
    file = bidding.attachment("plan.pdf", "application/pdf", b"%PDF our plan", house.parts.random(32))
    made = box.sealed("v-ash", "_all", "technical", [*said, ["files/0", file]], [b"%PDF our plan"])
    await box.submit("v-ash", [made])
    await box.close()
    later(house, LENGTH + 2 * HOUR)
    await box.meet()
    evaluator = await house.sign_in("p-evaluator")
    page, kept = f"/events/{box.id}/opened", f"/events/{box.id}/opened/{made.eid}/0"
    assert (await evaluator.get(page)).status_code == 404
    for person in ("p-lead", "p-oak"):
        await box.release(person, "technical")
    await open_stage(house.parts, box.id, "p-lead")
    assert "By our own vans." in (await evaluator.get(page)).text
    assert (await evaluator.get(kept)).content == b"%PDF our plan"
    for who in (None, "v-birch", "p-oak", "p-far"):
        guest = await house.sign_in(who)
        assert (await guest.get(kept)).status_code in (303, 403, 404)
        assert "By our own vans." not in (await guest.get(page)).text
        assert "By our own vans." not in (await guest.get(f"/events/{box.id}/opening")).text
