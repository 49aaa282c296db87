"""Search finds what whoever asks may see, and tells nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from server import drafting
from tests.server.house import OWNER, House, event, opened


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with opened(tmp_path) as running:
        await running.publish(event())
        await drafting.keep(running.parts, event(), "p-lead", OWNER)
        yield running


async def found(house: House, who: str | None, q: str) -> str:
    answer = await (await house.sign_in(who)).get(f"/search?q={q}")
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("q", ["2026-001", "PENS paper", "pens+of+l2"])
async def test_a_published_event_is_found_by_number_title_and_line(house: House, q: str) -> None:
    assert 'href="/events/1"' in await found(house, None, q)


async def test_a_draft_is_found_by_its_own_consortium_alone(house: House) -> None:
    assert 'href="/events/2"' in await found(house, "p-lead", "paper")
    for who in (None, "p-far", "v-ash", "p-oak"):
        assert 'href="/events/2"' not in await found(house, who, "paper")


async def test_who_is_admitted_cannot_be_found_out(house: House) -> None:
    assert "Nothing was found" in await found(house, "v-birch", "Ash+Supply")
    assert "Nothing was found" in await found(house, "v-birch", "v-ash")


async def test_what_a_pattern_would_mean_is_taken_as_it_stands(house: House) -> None:
    for q in ("%25", "_", "%5C", "%27--"):
        assert "Nothing was found" in await found(house, "p-lead", q)


async def test_officers_find_their_members_and_nobody_elses(house: House) -> None:
    assert "Oak District" in await found(house, "p-lead", "oak")
    assert "Oak District" not in await found(house, "p-far", "oak")
