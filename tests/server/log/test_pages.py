"""The log's pages: everybody's programs read checkpoints and leaves, and each reader the facts that are theirs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from auction.record import checkpoint, disclosed, merkle, note
from bidders.box.state import Box
from bidders.box.vendor_keys import KeyDone, RegisterKey
from bidders.box.words import CancelBox, Submit
from bidders.sealing.encoding import b64u, kid_of
from server.filling import MembershipGiven, People, PersonGiven
from server.log.boxes import Boxes, is_out
from server.log.key import verify
from tests.auction.record.signing import Seed
from tests.bidders.box.scene import OPENS, PEOPLE, TENDER, Scene, eid
from tests.server.house import CAST, OWNER, House, opened
from tests.server.log.logs import running

OFFICERS = tuple(
    PersonGiven(id, id, f"{id}@tenderbell.example", (MembershipGiven(OWNER, "lead"),)) for id in PEOPLE
)
PK, SPARE = Seed("one", bytes(32)).key.public, Seed("two", bytes(range(32))).key.public
UNUSED = RegisterKey(by="v-birch", person="p-birch", alg="ed25519", kid=kid_of(SPARE), pk=b64u(SPARE))
KEY = RegisterKey(by="v-ash", person="p-ash", alg="ed25519", kid=kid_of(PK), pk=b64u(PK))


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with opened(tmp_path, People(CAST.organisations, CAST.people + OFFICERS)) as made:
        yield made


class OnDisk(Scene):
    """A scene that is played into a server's journal."""

    def __init__(self, house: House) -> None:
        super().__init__()
        self.house, self.journal = house, house.parts.journal  # type: ignore[assignment]

    def envelope(self, vendor: str, name: str) -> None:
        """Put in an envelope that is signed with a key on record."""
        command = Submit(
            by=vendor,
            received_at=self.now,
            request_sha256=eid("request"),
            kid=kid_of(PK),
            sig_sha256=eid("sig"),
            items=(self.item(name),),
        )
        assert self.do(command)

    async def play(self, work: Callable[..., object], *given: object, **more: object) -> None:
        """Play a part in the journal's own thread, between the server's commits, while its loop goes on."""
        thread = self.house.parts.desk._thread
        await asyncio.wrap_future(thread.submit(partial(work, *given, **more)))

    async def tick(self) -> None:
        """Let the log tick."""
        self.house.parts.desk._held.pop("box/7", None)
        log = self.house.parts.log
        before = log.latest()
        await log.tick_now(self.house.parts.now())
        assert log.latest() != before


async def facts(house: House, who: str | None, name: str = TENDER) -> list[dict[str, Any]]:
    """The lines that somebody is sent, each of which must be its leaf."""
    guest = await house.sign_in(who)
    answer = await guest.get(f"/log/events/{name}.jsonl")
    leaves = (await guest.get("/log/leaves.bin")).content
    assert answer.status_code == 200
    lines = [msgspec.json.decode(line) for line in answer.content.splitlines()]
    for line, text in zip(lines, answer.content.splitlines(), strict=True):
        shown = disclosed.read(msgspec.json.encode({k: line[k] for k in ("event", "salt")}, order="sorted"))
        assert shown.commitment == leaves[line["index"] * 32 : line["index"] * 32 + 32]
        assert disclosed.canonical(text) == line
    assert [line["index"] for line in lines] == sorted(line["index"] for line in lines)
    return [line["event"] for line in lines]


def types(events: list[dict[str, Any]]) -> set[str]:
    """The events' types."""
    return {each["type"] for each in events}


async def test_everybody_can_check_the_tree_without_us(house: House) -> None:
    guest = await house.sign_in(None)
    key = note.read_vkey((await guest.get("/log/vkey")).text.strip())
    sizes = []
    for _ in range(2):
        written = (await guest.get("/log/checkpoint")).content
        leaves = (await guest.get("/log/leaves.bin")).content
        seen = checkpoint.opened(written, key, verify).checkpoint
        data = [leaves[at : at + 32] for at in range(0, len(leaves), 32)]
        assert seen.size == len(data) and merkle.root(data) == seen.root
        assert (await guest.get(f"/log/checkpoints/{seen.size}")).content == written
        sizes.append(seen.size)
        await house.parts.log.tick_now(house.parts.now())
    assert sizes == [32, 64]
    assert (await guest.get("/log/checkpoints/33")).status_code == 404


async def test_leaves_are_sent_in_the_range_that_is_asked_for(house: House) -> None:
    guest = await house.sign_in(None)
    whole = await guest.get("/log/leaves.bin")
    assert whole.headers["accept-ranges"] == "bytes" and len(whole.content) == 1024

    async def part(asked: str) -> tuple[int, bytes, str | None]:
        answer = await guest.http.get("/log/leaves.bin", headers={"range": asked})
        return answer.status_code, answer.content, answer.headers.get("content-range")

    assert await part("bytes=32-63") == (206, whole.content[32:64], "bytes 32-63/1024")
    assert await part("bytes=1000-") == (206, whole.content[1000:], "bytes 1000-1023/1024")
    assert await part("bytes=-24") == (206, whole.content[1000:], "bytes 1000-1023/1024")
    assert await part("bytes=0-9999999") == (206, whole.content, "bytes 0-1023/1024")
    assert await part("bytes=1024-") == (416, b"", "bytes */1024")
    assert await part("bytes=-0") == (416, b"", "bytes */1024")
    for other in ("bytes=-", "bytes=9-3", "bytes=0-1,3-4", "lines=1-2", "bytes=a-b"):
        assert await part(other) == (200, whole.content, None)


async def test_before_the_opening_the_public_learns_neither_who_bid_nor_how_often(house: House) -> None:
    scene = OnDisk(house)
    await scene.play(scene.published)
    await scene.tick()
    before = await facts(house, None)
    grown = len((await (await house.sign_in(None)).get("/log/leaves.bin")).content)
    for name in range(20):
        await scene.play(scene.envelope, f"v-{name}", f"bid {name}")
    await scene.tick()
    assert await facts(house, None) == before
    assert types(before) == {"officer.accepted", "tender.published"}
    guest = await house.sign_in(None)
    leaves = (await guest.get("/log/leaves.bin")).content
    assert len(leaves) - grown == 32 * 32
    told = [
        (await guest.get(f"/log/{name}")).text
        for name in ("checkpoint", "events/7.jsonl", "events/_log.jsonl")
    ]
    assert not any('"v-' in text or '"bid.' in text for text in told)


async def test_each_reader_is_shown_the_facts_that_are_theirs(house: House) -> None:
    scene = OnDisk(house)
    await scene.play(scene.published)
    for vendor in ("v-ash", "v-birch"):
        await scene.play(scene.envelope, vendor, f"of {vendor}")
    for vendor, key in (("v-ash", KEY), ("v-birch", UNUSED)):
        outcome = await house.parts.desk.submit(f"keys/{vendor}", key, house.parts.now())
        assert outcome.answer == KeyDone(key.kid)
    assert await facts(house, "v-ash") == []
    await scene.tick()
    own = [each for each in await facts(house, "v-ash") if each["vis"] == "sealed"]
    assert types(own) == {"bid.received", "vendor.key"} and {each["by"] for each in own} == {"v-ash"}
    assert [each["by"] for each in await facts(house, "v-birch") if each["type"] == "bid.received"] == [
        "v-birch"
    ]
    for who in (None, "p-one", "p-lead", "p-auditor", "v-cedar"):
        assert "bid.received" not in types(await facts(house, who))
    await scene.play(scene.close)
    await scene.tick()
    assert {"bid.received", "tender.closed", "vendor.key"} <= types(await facts(house, "p-one"))
    for who in (None, "p-lead", "v-cedar"):
        assert not {"bid.received", "tender.closed", "vendor.key"} & types(await facts(house, who))
    await scene.play(scene.meeting)
    for person in PEOPLE[:2]:
        await scene.play(scene.release, person)
    await scene.play(scene.record, totals=("10", "12"))
    await scene.tick()
    public = await facts(house, None)
    assert {"bid.received", "tender.closed", "bid.opened", "opening.finished", "vendor.key"} <= types(public)
    assert "box.bid_read" not in types(public)
    assert [each["kid"] for each in public if each["type"] == "vendor.key"] == [KEY.kid]


async def test_the_logs_own_facts_stand_in_a_file_of_their_own(house: House) -> None:
    assert types(await facts(house, None, "_log")) == {"log.tick"}
    guest = await house.sign_in(None)
    assert (await guest.get("/log/events/_log")).status_code == 404
    assert (await guest.get("/log/events/_log.json")).status_code == 404
    assert (await guest.get("/log/events/.jsonl")).status_code == 404
    assert await facts(house, None, "nothing") == []


async def test_a_box_is_out_from_its_publication_to_the_end_of_its_opening(house: House) -> None:
    parts, scene = house.parts, OnDisk(house)

    def fresh() -> bool:
        parts.desk._held.pop("box/7", None)
        return Boxes(parts.desk, parts.journal).out()

    await scene.play(lambda: scene.keyed().fixed().accept(*PEOPLE))
    assert not fresh()
    await scene.play(scene.published)
    assert fresh()
    await scene.play(scene.envelope, "v-ash", "one")
    await scene.play(scene.close)
    await scene.play(scene.meeting, OPENS)
    assert fresh()
    for person in PEOPLE[:2]:
        await scene.play(scene.release, person)
    await scene.play(scene.record, totals=("10",))
    assert scene.box.over is not None and not fresh()
    boxes = Boxes(parts.desk, parts.journal)
    assert is_out(Scene().published().box) and not is_out(_cancelled())
    assert boxes.officer(TENDER, "p-two") == "o2"
    assert boxes.officer(TENDER, "p-lead") is None and boxes.officer("99", "p-two") is None


def _cancelled() -> Box:
    """A box that was cancelled after its publication."""
    scene = Scene().published()
    assert scene.do(CancelBox(by="p-lead", reason="no money"))
    return scene.box


async def test_the_log_ticks_faster_as_soon_as_a_box_is_out(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        boxes = Boxes(run.desk, run.journal)
        assert not boxes.out()
        scene = Scene()
        scene.journal = run.journal  # type: ignore[assignment]
        scene.published()
        boxes.heard("box/7", (), ())
        assert boxes.out()
        run.log._pace._sealed = boxes.out
        assert run.log._pace.every(run.clock()) == timedelta(minutes=1)
