"""Nothing leaks: a planted price is nowhere before the opening, in no file, log, page or frame, and everywhere after it."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bidders.box.state import Box
from server.app import clock
from server.sealed.opening import open_stage
from tests.server.callers import Guest
from tests.server.house import House, opened, seconds
from tests.server.pages.showcase import followed
from tests.server.pages.solicitation.sealed import OFFICERS, sealed
from tests.server.sealed.committee import approved, at_console
from tests.server.sealed.scene import Clock, vendor
from tests.server.sealed.test_every_route import ROLES, addresses

PRICE, OTHER = "31337.42", "27182.81"
PLANTED = (PRICE, "31,337.42", OTHER, "313,374.20", "313374.20", "449288.25", "449,288.25")
"""Unit prices that nothing else in a house has, and what they come to."""


@pytest.fixture
def time() -> Clock:
    """A clock that the test puts forward."""
    return Clock(clock())


@pytest.fixture
async def house(tmp_path: Path, time: Clock) -> AsyncIterator[House]:
    """A house on that clock."""
    async with opened(tmp_path, demo=True, now=time) as running:
        yield running


def on_disk(folder: Path) -> Iterator[str]:
    """The files that hold any planted price, as text or as bytes of text: database, WAL, store, logs' files."""
    for path in folder.rglob("*"):
        if path.is_file():
            held = path.read_bytes()
            yield from (f"{path.name}: {each}" for each in PLANTED if each.encode() in held)


async def shown(house: House, event_id: str, but: str) -> list[str]:
    """Where pages show a planted price or the planted vendor's part, to every role but the vendor itself."""
    found = []
    for who in (each for each in ROLES if each not in (but, "p-preparer", "p-signer")):
        guest: Guest = await house.sign_in(who)
        for address in [*addresses(event_id), f"/events/{event_id}/opening/now.json", "/outbox"]:
            answer = await guest.get(address)
            text = answer.text + str(answer.headers)
            found += [f"{who} {address}: {each}" for each in PLANTED if each in text]
    return found


async def published(house: House) -> None:
    """A solicitation that takes bids, with three officers."""
    await approved(house, sealed(house.parts.now()))
    lead = await house.sign_in("p-lead")
    officers = [await at_console(house, each.person) for each in OFFICERS]
    for each in officers:
        await each.make_key()
        await each.drill()
    await followed(lead, "/events/1/publication/send")
    for each in officers:
        await each.accept()
    await followed(lead, "/events/1/publication/publish")
    await house.parts.errands.settled()


async def test_a_planted_price_is_nowhere_before_the_opening_and_is_found_after_it(
    house: House, time: Clock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await published(house)
    ash = await vendor(house, "1")
    answer = await ash.submit(1, PRICE, OTHER)
    assert answer.status_code == 200 and not any(each.encode() in answer.content for each in PLANTED)
    box: Box = house.parts.desk.state("box/1")
    document = house.parts.desk.state("tender/1").document
    assert list(on_disk(tmp_path)) == [] and await shown(house, "1", "v-ash") == []
    time.jump(document.closes + seconds(1))
    await house.until(lambda: box.closed is not None)
    await house.parts.log.tick_now(house.parts.now())
    time.jump(document.sealing.opens + seconds(1))
    lead = await house.sign_in("p-lead")
    await followed(lead, "/events/1/opening/start", witness="Wanda Witness")
    for person in ("p-lead", "p-oak"):
        officer = await at_console(house, person)
        assert (await officer.release(house)).status_code == 200
    assert list(on_disk(tmp_path)) == [] and await shown(house, "1", "v-ash") == []
    assert not any(each in caplog.text for each in PLANTED)
    await open_stage(house.parts, "1", "p-lead")
    await house.parts.errands.settled()
    page = (await (await house.sign_in(None)).get("/events/1/opening")).text
    assert "$31,337.42" in page and list(on_disk(tmp_path)) != []
