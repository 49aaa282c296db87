"""Copies that come back: they open what officers cannot, and make the same bytes again of what was damaged on our side."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from auction.record.logged import moment, written
from bidders.box.facts import BidResupplied, Close, Sig, Witness
from bidders.box.words import AskRescue, Called, Checked, DeclareUnopenable, NoteCalled, Release, StartMeeting
from bidders.sealing import release
from bidders.sealing.encoding import b64u
from bidders.sealing.packing import Sealed
from server.app import clock
from tests.server.house import House, opened
from tests.server.sealed.scene import OFFICERS, Clock, Vendor, do, keys_of, published, vendor
from tests.server.sealed.test_deadline import closed, facts
from tests.server.sealed.test_release import Opening

PLAN, SHEET = ("plan.txt", b"a plan"), ("sheet.txt", b"a data sheet")


@pytest.fixture
async def timed(tmp_path: Path) -> AsyncIterator[tuple[House, Clock]]:
    """A house with a clock that the test moves."""
    hands = Clock(clock())
    async with opened(tmp_path, now=hands) as house:
        yield house, hands


async def rescued(
    timed: tuple[House, Clock], *files: tuple[str, bytes]
) -> tuple[Vendor, Sealed, dict[str, object]]:
    """A closed box whose one envelope the officers cannot open; its vendor's own copy."""
    house, hands = timed
    ash = await vendor(house, await published(house))
    bid = ash.bid(files=files)
    sealed = ash.sealed(ash.ctx(), bid, [content for _, content in files])
    for blob in sealed.blobs:
        await ash.upload(blob)
    assert (await ash.send("commit", ash.commit(sealed))).status_code == 200
    hands.jump(moment(ash.manifest["closes_at"]) + timedelta(milliseconds=1))
    await closed(ash)
    hands.jump(moment(ash.manifest["opens_at"]) + timedelta(seconds=1))
    stream, root = f"box/{ash.id}", b64u(bytes(32))
    await do(house.parts, stream, StartMeeting(by="p-lead", witnesses=(Witness("Wanda", "Voters"),)))
    one = Checked(b64u(bytes(32)), (sealed.eid,), (sealed.eid,), (), ())
    await do(house.parts, stream, Release(by="p-lead", env="price", x=1, close=Close(1, root), checked=one))
    calls = tuple(Called(x, house.parts.now(), "No answer.") for x in (2, 3))
    await do(house.parts, stream, NoteCalled(by="p-lead", env="price", calls=calls))
    sig = keys_of(ash.id, "p-lead").sign(release.unopenable_message(sealed.eid, root))
    told = DeclareUnopenable(by="p-lead", eid=sealed.eid, env="price", sig=sig, close_root=root)
    await do(house.parts, stream, told)
    due = house.parts.now().replace(microsecond=0) + timedelta(hours=1)
    message = release.rescue_message(ash.id, "price", [sealed.eid], written(due))
    sigs = tuple(Sig(x, keys_of(ash.id, person).sign(message)) for x, person in enumerate(OFFICERS, 1))
    asked = AskRescue(by="p-lead", env="price", eids=(sealed.eid,), due_at=due, sigs=sigs)
    await do(house.parts, stream, asked)
    copy = {"seed": b64u(ash.seeds[sealed.eid]), "envelope": sealed.envelope, "bid": bid}
    return ash, sealed, copy


def spoil(house: House, sealed: Sealed, *places: int, body: bool = False) -> None:
    """Turn a bit of stored attachments, and of the stored body."""
    for place in places:
        blob = sealed.blobs[place]
        house.parts.store.replace_blob(blob.root, bytes([blob.sealed[0] ^ 1]) + blob.sealed[1:])
    if body:
        house.parts.store.replace_body(sealed.eid, sealed.body[:-1])


def brought_again(house: House, ash: Vendor) -> list[str]:
    """The envelopes that are on record as brought again."""
    return [each.eid for each in facts(house, ash) if isinstance(each, BidResupplied)]


async def test_a_vendor_s_own_copy_opens_what_the_officers_cannot(timed: tuple[House, Clock]) -> None:
    ash, sealed, copy = await rescued(timed)
    assert "Bring your copy" in (await ash.guest.get(ash.address)).text
    assert sealed.eid[:8] in (await ash.guest.get(f"{ash.address}/rescue")).text
    answer = await ash.bring(copy)
    assert answer.status_code == 303, answer.text
    assert ash.box.revealed == {sealed.eid}
    assert ash.house.parts.store.revealed(sealed.eid) == ash.seeds[sealed.eid]


async def test_another_seed_and_another_file_rescue_nothing(timed: tuple[House, Clock]) -> None:
    ash, sealed, copy = await rescued(timed)
    wrong = await ash.bring(copy | {"seed": b64u(bytes(32))})
    assert wrong.status_code == 422 and "does not seal to the same again" in wrong.text
    assert "holds none of the envelopes" in (await ash.bring()).text
    other = json.dumps({"no": "copy"})
    files = {"file": ("x.json", other.encode(), "application/json")}
    answer = await ash.guest.http.post(f"{ash.address}/rescue", data={"csrf": ash.guest.csrf}, files=files)
    assert answer.status_code == 422 and "is not the copy that was saved" in answer.text
    assert ash.box.revealed == set() and ash.house.parts.store.revealed(sealed.eid) is None


async def test_what_is_damaged_is_healed_in_a_rescue_by_the_same_bytes_and_no_others(
    timed: tuple[House, Clock],
) -> None:
    house, _ = timed
    ash, sealed, copy = await rescued(timed, PLAN, SHEET)
    store = house.parts.store
    spoil(house, sealed, 1, body=True)
    store.drop_blob(sealed.blobs[0].root)
    page = (await ash.guest.get(f"{ash.address}/rescue")).text
    eid = sealed.eid[:8]
    assert f"attachment 1 of {eid}, attachment 2 of {eid}" in page and 'name="attachment"' in page
    lacking = await ash.bring(copy, files=[("sheet.txt", b"a data sheex")])
    assert lacking.status_code == 422
    for name in ("plan.txt", "sheet.txt"):
        assert f"Envelope {eid}, {name}: our copy of this attachment is damaged" in lacking.text
    assert brought_again(house, ash) == [] and ash.box.revealed == set()
    other = await ash.bring(copy | {"bid": ash.bid("1", "1", files=[PLAN, SHEET])}, files=[PLAN, SHEET])
    assert other.status_code == 422 and "is another than this copy gives" in other.text
    answer = await ash.bring(copy, files=[("renamed.txt", SHEET[1]), PLAN])
    assert answer.status_code == 303, answer.text
    assert store.body(sealed.eid) == sealed.body
    assert store.blobs(sealed.eid) == [blob.sealed for blob in sealed.blobs]
    assert brought_again(house, ash) == [sealed.eid] and ash.box.revealed == {sealed.eid}


async def test_a_whole_envelope_needs_no_attachment_again_and_a_stranger_s_copy_heals_nothing(
    timed: tuple[House, Clock],
) -> None:
    house, _ = timed
    ash, sealed, copy = await rescued(timed, PLAN)
    birch = await vendor(house, ash.id, "v-birch")
    stranger = await birch.bring(copy, files=[PLAN])
    assert stranger.status_code == 422 and "holds none of the envelopes" in stranger.text
    assert 'name="attachment"' not in (await ash.guest.get(f"{ash.address}/rescue")).text
    assert (await ash.bring(copy)).status_code == 303
    assert brought_again(house, ash) == [] and ash.box.revealed == {sealed.eid}


async def test_an_envelope_whose_public_part_is_lost_is_refused_in_words(timed: tuple[House, Clock]) -> None:
    house, _ = timed
    ash, sealed, copy = await rescued(timed)
    house.parts.store.drop(sealed.eid)
    assert (await ash.guest.get(f"{ash.address}/rescue")).status_code == 200
    answer = await ash.bring(copy)
    assert answer.status_code == 422 and "public part is lost on our side as well" in answer.text


async def test_a_damaged_attachment_found_at_the_opening_is_brought_again_and_the_bid_read(
    tmp_path: Path,
) -> None:
    hands = Clock(clock())
    async with opened(tmp_path, now=hands) as house:
        opening = Opening(house, hands)
        await opening.publish()
        ash = await vendor(house, "1")
        bid = ash.bid(files=[PLAN])
        sealed = ash.sealed(ash.ctx(), bid, [PLAN[1]])
        await ash.upload(sealed.blobs[0])
        assert (await ash.send("commit", ash.commit(sealed))).status_code == 200
        await opening.close()
        await opening.begin()
        for person in ("p-lead", "p-oak"):
            assert (await (await opening.officer(person)).release(house)).status_code == 200
        spoil(house, sealed, 0)
        lead, ash.guest = await house.sign_in("p-lead"), await house.sign_in("v-ash")
        await lead.post("/events/1/opening/open")
        assert opening.box.results[sealed.eid].result == "unavailable_host"
        assert "Bring a damaged envelope again" in (await ash.guest.get(ash.address)).text
        copy = {"seed": b64u(ash.seeds[sealed.eid]), "envelope": sealed.envelope, "bid": bid}
        assert (await ash.bring(copy)).status_code == 422
        await lead.post("/events/1/opening/again", eid=sealed.eid)
        assert opening.box.results[sealed.eid].result == "unavailable_host"
        assert (await ash.bring(copy, files=[PLAN])).status_code == 303
        assert "whole again" in (await ash.guest.get(f"{ash.address}/rescue")).text
        await lead.post("/events/1/opening/again", eid=sealed.eid)
        assert opening.box.results[sealed.eid].result == "opened"
