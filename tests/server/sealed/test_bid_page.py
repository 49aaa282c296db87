"""The page of a bid and the kit: each company sees its own alone, in every state, and the kit holds all that it needs."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from auction.record.logged import moment
from bidders.box.words import CancelBox
from server.app import clock
from server.sealed import kit
from tests.architecture.tree import ROOT
from tests.server.house import House, opened
from tests.server.sealed.scene import Clock, do, published, vendor
from tests.server.sealed.test_deadline import closed

ASSETS = ROOT / "templates" / "assets"


@pytest.fixture
async def timed(tmp_path: Path) -> AsyncIterator[tuple[House, Clock]]:
    """A house with a clock that the test moves."""
    hands = Clock(clock())
    async with opened(tmp_path, now=hands) as house:
        yield house, hands


async def test_nobody_but_the_vendor_itself_learns_from_any_page_of_the_bid_that_it_bid(house: House) -> None:
    event_id = await published(house)
    ash, birch = await vendor(house, event_id), await vendor(house, event_id, "v-birch")
    await ash.submit()
    (eid,) = ash.box.envelopes
    pages = ("", "/mine.json", "/tender.json", "/receipts.zip", "/upload", "/rescue")
    own = [(await ash.guest.get(f"{ash.address}{page}")).text for page in pages[:2]]
    assert all(eid[:8] in each for each in own)
    lead, nobody = await house.sign_in("p-lead"), await house.sign_in(None)
    for guest in (birch.guest, lead, nobody):
        told = [await guest.get(f"{ash.address}{page}") for page in (*pages, "/../kit.html")]
        assert not any(eid[:8] in each.text or "v-ash" in each.text for each in told)
    assert (await lead.get(ash.address)).status_code == 403


async def test_the_page_tells_each_state_in_words(timed: tuple[House, Clock]) -> None:
    house, hands = timed
    ash = await vendor(house, await published(house))
    birch = await vendor(house, ash.id, "v-birch")
    assert "Nothing yet." in (await ash.guest.get(ash.address)).text
    await ash.submit()
    await ash.submit(2, "40", "8")
    open_page = (await ash.guest.get(ash.address)).text
    assert "In the count" in open_page and "Replaced" in open_page and "Withdraw my bid" in open_page
    hands.jump(moment(ash.manifest["closes_at"]) + timedelta(milliseconds=1))
    await closed(ash)
    over = (await ash.guest.get(ash.address)).text
    assert "Bids are closed." in over and "In the count" in over and "tender-file" not in over
    assert "No bid of your company was received in time." in (await birch.guest.get(ash.address)).text


async def test_a_cancelled_solicitation_says_that_nothing_is_ever_opened(house: House) -> None:
    ash = await vendor(house, await published(house))
    await do(house.parts, f"box/{ash.id}", CancelBox(by="p-lead", reason="No money."))
    text = (await ash.guest.get(ash.address)).text
    assert "No envelope will ever be opened." in text and "data-line-template" not in text
    assert (await ash.submit()).status_code == 409


async def test_a_preparer_may_look_and_fill_in_but_has_no_button_that_sends(house: House) -> None:
    event_id = await published(house)
    preparer = await house.sign_in("p-preparer")
    text = (await preparer.get(f"/events/{event_id}/bid")).text
    assert 'data-signs=""' in text and "A signer of your company seals and sends" in text


# --- the kit -----------------------------------------------------------------------------------------------------


def hashed(text: str) -> str:
    """A text's hash, as a content policy names it."""
    return b64encode(hashlib.sha256(text.encode()).digest()).decode()


async def test_the_kit_is_one_file_whose_own_policy_lets_nothing_in_or_out(house: House) -> None:
    ash = await vendor(house, await published(house))
    answer = await ash.guest.get(f"/events/{ash.id}/kit.html")
    assert answer.headers["content-disposition"].startswith("attachment")
    text = answer.text
    scripts = re.findall(r"<script>(.*?)</script>", text, re.S)
    styles = re.findall(r"<style>(.*?)</style>", text, re.S)
    (policy,) = re.findall(r'content-security-policy" content="([^"]*)"', text)
    assert f"script-src 'sha256-{hashed(scripts[0])}'" in policy
    assert f"style-src 'sha256-{hashed(styles[0])}'" in policy
    assert policy.startswith("default-src 'none'") and "connect-src" not in policy
    assert not re.search(r"<(?:link|img|iframe|object)\b| src=|url\(", text.replace(scripts[0], ""))


def test_the_kit_s_script_can_stand_inside_a_page_and_brings_the_curves_along() -> None:
    made = kit.script(ASSETS)
    assert "</script" not in made.text and "nobleCurves" in made.text
    assert made.text.count("startKit(nobleCurves);") == 1
    assert made.hash == hashed(made.text)
