"""The lead's steps of an opening, as forms: each at its time, each with what it came to, none by anybody else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bidders.box import tabulation
from bidders.box.words import Reveal
from server.sealed import asking
from tests.server.house import House, opened
from tests.server.pages.showcase import followed
from tests.server.sealing import HOUR, LENGTH, PRICES, Box, later, shifting


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A house whose pages' clock can be put forward."""
    async with opened(tmp_path, demo=True, changed=shifting) as running:
        yield running


async def closed(house: House, envelopes: tuple[str, ...] = ("price",)) -> Box:
    """A box with three vendors' bids, closed, and the close in the public log."""
    box = Box(house, envelopes)
    await box.publish()
    for vendor, prices in PRICES.items():
        await box.bid(vendor, prices)
    await box.close()
    later(house, LENGTH)
    await house.parts.log.tick_now(house.parts.now())
    return box


async def test_an_opening_begins_at_its_time_and_with_a_witness(house: House) -> None:
    box, lead = await closed(house), await house.sign_in("p-lead")
    start = f"/events/{box.id}/opening/start"
    assert "The time of the opening has not come" in await followed(lead, start, witness="Wanda Witness")
    later(house, 2 * HOUR)
    assert "Name at least one witness" in await followed(lead, start, witness="  ")
    page = await followed(lead, start, witness="Wanda Witness", of="Press")
    assert "The opening has begun" in page and "Wanda Witness, Press" in page
    second = f"/events/{box.id}/opening/witness"
    assert "Willy Witness" in await followed(lead, second, witness="Willy Witness", of="")
    early = await followed(lead, f"/events/{box.id}/opening/open")
    assert "still lack officers" in early
    for who in ("p-second", "p-auditor", "p-far", "v-ash"):
        guest = await house.sign_in(who)
        assert (await guest.post(start, witness="Me")).status_code in (403, 404)


async def test_who_passes_is_put_before_the_officers_with_a_reason_for_each(house: House) -> None:
    box, lead = await closed(house, ("technical", "price")), await house.sign_in("p-lead")
    later(house, 2 * HOUR)
    await box.meet()
    for person in ("p-lead", "p-oak"):
        await box.release(person, "technical")
    await followed(lead, f"/events/{box.id}/opening/open")
    form: dict[str, str | list[str]] = {"vendor": list(PRICES)}
    form |= {f"passes-{each}": "yes" if each != "v-cedar" else "no" for each in PRICES}
    lacking = await followed(lead, f"/events/{box.id}/opening/pass", **form)
    assert "Give a reason in words for each vendor" in lacking
    form |= {f"reason-{each}": "Read by two people." for each in PRICES}
    assert "Put before the officers" in await followed(lead, f"/events/{box.id}/opening/pass", **form)
    (row,) = await asking.waiting(house.parts, box.id)
    assert row.body["vendors"] == ["v-ash", "v-birch"]
    public = (await (await house.sign_in(None)).get(f"/events/{box.id}/opening")).text
    assert "Read by two people." not in public and "Not decided yet" in public
    await box.sign(row.number, ("p-lead", "p-oak"))
    assert box.state.passed is not None
    public = (await (await house.sign_in(None)).get(f"/events/{box.id}/opening")).text
    assert "Read by two people." in public
    for person in ("p-auditor", "p-oak"):
        await box.release(person)
    assert "Opened. The results" in await followed(lead, f"/events/{box.id}/opening/open")
    assert {each.vendor for each in tabulation.tabulate(box.state, "L1")} == {"v-ash", "v-birch"}


async def test_what_officers_cannot_open_is_opened_with_the_copy_that_its_vendor_kept(house: House) -> None:
    box, lead = await closed(house), await house.sign_in("p-lead")
    later(house, 2 * HOUR)
    await box.meet()
    await box.spoil("p-lead")
    await box.spoil("p-oak")
    await box.release("p-auditor")
    steps = f"/events/{box.id}/opening"
    assert "still lack parts that fit" in (await lead.get(f"/events/{box.id}/console")).text
    assert "Put before the officers" in await followed(lead, f"{steps}/unopenable")
    for row in await asking.waiting(house.parts, box.id):
        await box.sign(row.number, ("p-lead",))
    assert len(box.state.unopenable) == 6
    assert "from 1 to" in await followed(lead, f"{steps}/rescue", hours="0")
    assert "Put before the officers" in await followed(lead, f"{steps}/rescue", hours="24")
    (row,) = await asking.waiting(house.parts, box.id)
    await box.sign(row.number, ("p-lead", "p-auditor", "p-oak"))
    for each in [each for each in box.state.envelopes.values() if each.vendor != "v-cedar"]:
        house.parts.store.keep_revealed(each.eid, box.seeds[each.eid])
        await box.tell(Reveal(by=each.vendor, eid=each.eid, received_at=house.parts.now()))
    assert "is not over" in await followed(lead, f"{steps}/open")
    later(house, 25 * HOUR)
    assert "Opened. The results" in await followed(lead, f"{steps}/open")
    rows = tabulation.tabulate(box.state, "L1")
    assert [(each.vendor, each.rank) for each in rows] == [("v-birch", 1), ("v-ash", 2), ("v-cedar", None)]
    assert "Not readable yet" in rows[2].why
