"""Every page with sealed bids in every status, for every role: none breaks, and none tells of a bid too early."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from litestar.handlers import HTTPRouteHandler

from bidders.box.words import CancelBox
from server import drafting
from server.routes import ROUTES
from server.sealed.opening import open_stage
from tests.server.house import House, opened
from tests.server.sealing import HOUR, LENGTH, PRICES, REASON, Box, later, shifting

ROLES = (
    None, "p-admin", "p-lead", "p-second", "p-evaluator", "p-auditor", "p-oak", "p-far", "v-ash", "v-stranger",
    "p-preparer", "p-signer",
)  # fmt: skip
FILLED = {
    "event_id": "{event}",
    "lot_id": "L1",
    "line_id": "A",
    "kind": "csv",
    "number": "1",
    "section": "basics",
}
BEFORE = ("published", "closed", "meeting", "cancelled")
"""Statuses in which nothing that was bid may be told of."""
TELLING = ("Ash Supply", "Birch Supply", "Cedar Supply", "797.50", "44.00", "71.50")


def addresses(event_id: str) -> list[str]:
    """Every address that is read, filled in for an event; those that need other things are left out."""
    found = [
        path
        for each in ROUTES
        if isinstance(each, HTTPRouteHandler) and "GET" in each.http_methods
        for path in each.paths
    ]
    made = [_filled(path, event_id) for path in sorted(found)]
    lists = [
        "/",
        "/today",
        "/calendar",
        "/calendar?past=yes",
        "/search?q=paper",
        "/needs",
        "/prices",
        "/company",
    ]
    return [*lists, *(each for each in made if each is not None)]


def _filled(path: str, event_id: str) -> str | None:
    parts = []
    for part in path.split("/"):
        for name, value in FILLED.items():
            part = part.replace(f"{{{name}:str}}", value)
        if "{" in part and part != "{event}":
            return None
        parts.append(part)
    return "/".join(parts).replace("{event}", event_id) if "{event}" in parts else None


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A house whose pages' clock can be put forward."""
    async with opened(tmp_path, demo=True, changed=shifting) as running:
        yield running


async def stages(house: House) -> dict[str, Box]:
    """A solicitation in each status, with three vendors' bids from publication on."""
    made = {name: Box(house) for name in ("cancelled", "closed", "meeting", "opened", "awarded")}
    for box in made.values():
        await _with_bids(box)
        await box.close()
    later(house, LENGTH + 2 * HOUR)
    await made["cancelled"].tell(CancelBox(by="p-lead", reason="The need is gone."))
    for name in ("meeting", "opened", "awarded"):
        await made[name].meet()
        await made[name].release("p-lead")
    for name in ("opened", "awarded"):
        await made[name].release("p-oak")
        await open_stage(house.parts, made[name].id, "p-lead")
    await house.parts.errands.settled()
    for lot in ("L1", "L2"):
        await drafting.award(house.parts, made["awarded"].id, lot, "v-birch", REASON, "p-lead")
    draft, published = Box(house), Box(house)
    await draft.draft()
    await _with_bids(published)
    return made | {"draft": draft, "published": published}


async def _with_bids(box: Box) -> None:
    await box.publish()
    for vendor, prices in PRICES.items():
        await box.bid(vendor, prices)


async def test_no_page_breaks_or_tells_of_a_bid_before_the_opening(house: House) -> None:
    made = await stages(house)
    broken, leaking = [], []
    for who in ROLES:
        guest = await house.sign_in(who)
        for status, box in made.items():
            for address in addresses(box.id):
                answer = await guest.get(address)
                if answer.status_code >= 500:
                    broken.append(f"{status} {who} {address}")
                own = who in ("v-ash", "p-preparer", "p-signer")
                told = [] if own else [word for word in TELLING if word in answer.text]
                if status in BEFORE and told and f"/events/{box.id}" in address:
                    leaking.append(f"{status} {who} {address}: {told}")
    assert not broken, "\n".join(broken)
    assert not leaking, "\n".join(leaking)


async def test_the_tabulation_is_public_after_the_opening(house: House) -> None:
    made = await stages(house)
    guest = await house.sign_in(None)
    for status in ("opened", "awarded"):
        page = (await guest.get(f"/events/{made[status].id}/opening")).text
        assert all(word in page for word in ("Ash Supply", "$797.50", "lowest", "Wanda Witness"))
        rows = (await guest.get(f"/events/{made[status].id}/tabulation/csv")).text
        assert "Birch Supply,1,797.50" in rows
    assert (await guest.get(f"/events/{made['meeting'].id}/tabulation/csv")).status_code == 404
    results = (await guest.get(f"/events/{made['awarded'].id}/results")).text
    assert "Birch Supply" in results and "$797.50" in results
