"""An event's history: whole, newest first, page by page, without a name or a secret that may not be told yet."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from auction.kernel import Event
from server import history
from server.deciders import DECIDERS
from server.pages import history as page
from tests.server.house import House, event, opened


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with opened(tmp_path) as running:
        await running.publish(event(visibility={"buyer_sees_names": False}))
        yield running


async def test_an_auditor_reads_every_step_and_who_took_it(house: House) -> None:
    caller = await house.watch("v-ash")
    await caller.bid("L1", "900")
    text = (await (await house.sign_in("p-auditor")).get("/events/1/history")).text
    for words in (
        "A draft was made or replaced.",
        "The tender was published.",
        "Lea Lead",
        "900",
        "The clock",
    ):
        assert words in text


async def test_no_vendor_is_named_and_no_seed_told_while_the_event_runs(house: House) -> None:
    await (await house.watch("v-ash")).bid("L1", "900")
    auditor = await house.sign_in("p-auditor")
    line = (await auditor.get("/events/1/history")).text.partition("live.bid")[0]
    bids = [each for each in line.split("<li>") if "900" in each]
    assert bids and all("Ash" not in each and "v-ash" not in each for each in bids)
    assert house.room().seed not in line
    await house.end()
    bids = [each for each in (await auditor.get("/events/1/history")).text.split("<li>") if "900" in each]
    assert any("Ash Supply" in each for each in bids)


async def test_the_pages_together_hold_every_entry_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "A_PAGE", 3)
    streams, before, told = page.event_streams(house.parts, "1"), None, []
    while True:
        lines, before = await page.lines(house.parts, streams, before)
        told += [line.n for line in lines]
        if before is None:
            break
    entries = [each.n for each in house.parts.journal.since(0) if each.stream in streams]
    assert told == entries[::-1] and len(entries) > 6


@pytest.mark.parametrize(("who", "status"), [("p-far", 404), ("p-oak", 403), ("v-ash", 403), (None, 303)])
async def test_nobody_else_reads_it(house: House, who: str | None, status: int) -> None:
    assert (await (await house.sign_in(who)).get("/events/1/history")).status_code == status


def test_every_event_says_in_a_sentence_what_happened() -> None:
    for each in Event.__subclasses__():
        words = history.sentence(each)
        assert words[0].isupper() and words.endswith(".") and len(words) > 12 and "`" not in words
    assert {"tender", "room", "award"} <= set(page.KINDS) and set(page.KINDS) & set(DECIDERS)
