"""Tenants are apart: whatever address an outsider tries, nothing of another consortium's insides is on the answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import msgspec
import pytest
import pytest_asyncio

from auction.demand.call import Called, OpenCall
from auction.demand.catalog import Item, KeepItems
from auction.demand.needs import NeedLine, StateNeeds, Terms
from server import drafting
from tests.server.house import OWNER, House, event, opened
from tests.server.test_guards import FILLED, ROUTES, act_of

pytestmark = pytest.mark.asyncio(loop_scope="module")
MARK = "CANARY"
OUTSIDERS = ("p-far", "p-fir", "v-stranger", None)
INSIDE = {
    "{event_id:str}": ("1", "2"),
    "{call_id:str}": ("1",),
    "{item_id:str}": (f"{MARK}-1",),
    "{vendor_id:str}": ("v-ash",),
    "{district:str}": ("d-oak",),
    "{consortium:str}": (OWNER,),
    "{person:str}": ("p-lead",),
    "{n:int}": ("1",),
}
"""Ids that exist on the other side, in place of those that the routes' walk makes up."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A consortium with a running event, a draft, a catalog, a call, needs, and a vendor's record, all of them marked."""
    async with opened(tmp_path_factory.mktemp("tenants")) as running:
        await running.publish(event())
        draft = msgspec.structs.replace(event(), title=f"{MARK} draft", number=f"{MARK}-9")
        await drafting.keep(running.parts, draft, "p-lead", OWNER)
        item = Item(f"{MARK}-1", f"{MARK} paper", f"{MARK} things", "box")
        await drafting.tell(running.parts, f"catalog/{OWNER}", KeepItems(by="p-lead", items=(item,)))
        ends = running.parts.now() + timedelta(days=3)
        called = Called(OWNER, f"{MARK} call", ends, "America/New_York", words=f"{MARK} words")
        await drafting.tell(
            running.parts, "call/1", OpenCall(by="p-lead", called=called, districts=("d-oak", "d-elm"))
        )
        need = NeedLine(f"{MARK}-1", "7", "box", ship_to=f"{MARK} school")
        await drafting.tell(
            running.parts, "needs/1.d-oak", StateNeeds(by="p-oak", terms=Terms(ends), lines=(need,))
        )
        yield running


def addresses(method: str) -> list[str]:
    """Every address of a method, with ids that exist on the other side."""
    found = []
    for way, path in ROUTES:
        if way != method or "sign-out" in path:
            continue
        ways = [path]
        for blank, ids in INSIDE.items():
            ways = [each.replace(blank, id) for each in ways for id in (ids if blank in each else ("",))]
        for blank, filled in FILLED.items():
            ways = [each.replace(blank, filled) for each in ways]
        found += ways
    return found


@pytest.mark.parametrize("who", OUTSIDERS)
async def test_no_page_shows_an_outsider_anything_of_the_inside(house: House, who: str | None) -> None:
    guest, leaks = await house.sign_in(who), {}
    for path in addresses("GET"):
        answer = await guest.get(path)
        # What was asked for may be said back; what is marked must not be anywhere else.
        if MARK in answer.text.replace(path, "").replace(f"{MARK}-1", "") or answer.status_code >= 500:
            leaks[path] = answer.status_code
    assert leaks == {}


@pytest.mark.parametrize("who", OUTSIDERS)
async def test_no_form_of_an_outsider_changes_anything_of_the_inside(house: House, who: str | None) -> None:
    streams = [each for each in house.parts.journal.streams() if not each.startswith("organisation/")]
    before = {each: len(house.parts.journal.read(each)) for each in streams}
    guest, broke = await house.sign_in(who), []
    for path in addresses("POST"):
        if act_of(path) in ("ask", "sign in"):
            continue
        answer = await guest.post(path, reason="I should not", text="I should not", lot="L1", amount="1")
        broke += [path] if answer.status_code >= 500 else []
    assert broke == []
    assert {each: len(house.parts.journal.read(each)) for each in streams} == before


async def test_the_marks_are_seen_by_those_whom_they_belong_to(house: House) -> None:
    lead, buyer = await house.sign_in("p-lead"), await house.sign_in("p-oak")
    for path in (
        "/",
        "/catalog",
        "/calls",
        "/calls/1",
        "/calls/1/items",
        "/events/2/console",
        "/search?q=canary",
    ):
        assert MARK in (await lead.get(path)).text, path
    for path in ("/needs", "/needs/1", "/needs/1/items"):
        assert MARK in (await buyer.get(path)).text, path


async def test_a_calls_and_a_catalogs_history_are_read_by_their_own_consortium(house: House) -> None:
    auditor, other = await house.sign_in("p-auditor"), await house.sign_in("p-far")
    told = (await auditor.get("/calls/1/history")).text
    for words in ("Districts were asked for their needs.", "Olga Oak", "Lea Lead"):
        assert words in told
    assert "Items were added or changed." in (await auditor.get("/catalog/history")).text
    assert (await other.get("/calls/1/history")).status_code == 404
    assert "Items were added" not in (await other.get("/catalog/history")).text
