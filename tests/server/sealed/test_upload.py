"""What was sealed elsewhere: the kit's zip and the command line's, through the same door; and copies that come back."""

from __future__ import annotations

import asyncio
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import litestar.connection.request as litestar_request
import pytest
from litestar.types import HTTPReceiveMessage

from auction.record.logged import moment
from bidders.sealing import signing
from bidders.sealing.encoding import canonical
from bidders.sealing.packing import Sealed
from server import cli
from server.app import clock
from server.sealed import arriving
from tests.server.callers import PATIENCE_S
from tests.server.house import House, opened
from tests.server.sealed.scene import Clock, Vendor, promises, published, vendor
from tests.server.sealed.test_deadline import closed

PLAN = b"a plan"


@pytest.fixture
async def timed(tmp_path: Path) -> AsyncIterator[tuple[House, Clock]]:
    """A house with a clock that the test moves."""
    hands = Clock(clock())
    async with opened(tmp_path, now=hands) as house:
        yield house, hands


def packet(**files: bytes) -> bytes:
    """A zip of files; `blobs_` before a name is its folder."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name, body in files.items():
            packed.writestr(name.replace("blobs_", "blobs/", 1).replace("_json", ".json"), body)
    return made.getvalue()


async def upload(ash: Vendor, body: bytes, **form: str) -> httpx.Response:
    """Send the upload's form."""
    files = {"file": ("sealed.zip", body, "application/zip")}
    data = {"csrf": ash.guest.csrf} | form
    return await ash.guest.http.post(f"{ash.address}/upload", data=data, files=files)


def with_plan(ash: Vendor) -> Sealed:
    """A bid with an attachment."""
    return ash.sealed(ash.ctx(), ash.bid(files=[("plan.txt", PLAN)]), [PLAN])


def sealed_zip(ash: Vendor) -> bytes:
    """A bid as the command line saves it."""
    return packet(commit_json=ash.commit(ash.sealed(ash.ctx(), ash.bid())))


async def test_a_kit_s_zip_brings_its_key_its_attachments_and_its_envelopes(house: House) -> None:
    ash = await vendor(house, await published(house), registered=False)
    sealed = with_plan(ash)
    (blob,) = sealed.blobs
    files = {"commit_json": ash.commit(sealed), "key_json": canonical(signing.plain_key(ash.seed))}
    answer = await upload(ash, packet(**files, **{f"blobs_{blob.root}": blob.sealed}))
    assert answer.status_code == 303, answer.text
    assert "Received. Your bid is in the box" in (await ash.guest.get(answer.headers["location"])).text
    assert house.parts.store.blobs(sealed.eid) == [blob.sealed]


async def test_a_zip_of_the_command_line_counts_with_the_key_that_it_printed(house: House) -> None:
    ash = await vendor(house, await published(house), registered=False)
    body = packet(commit_json=ash.commit(ash.sealed(ash.ctx(), ash.bid())))
    refused = await upload(ash, body)
    assert refused.status_code == 422 and "signing key is not on record" in refused.text
    answer = await upload(ash, body, key=canonical(signing.plain_key(ash.seed)).decode())
    assert answer.status_code == 303 and len(ash.box.envelopes) == 1


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"no zip", "This is not a zip file"),
        (packet(other_json=b"{}"), "The file has no commit.json"),
        (packet(commit_json=b"{}", key_json=b"no key"), "The key is not the line that the command printed"),
        (packet(commit_json=b"{}", blobs_x=b"short"), "none of the lengths that sealed attachments have"),
        (packet(commit_json=b"{}"), "could not be read as a sealed envelope"),
    ],
)
async def test_another_file_is_refused_in_words(house: House, body: bytes, words: str) -> None:
    ash = await vendor(house, await published(house))
    answer = await upload(ash, body)
    assert answer.status_code == 422 and words in answer.text
    assert ash.box.envelopes == {}


async def test_a_zip_that_comes_late_is_refused_on_record_and_leaves_nothing(
    timed: tuple[House, Clock],
) -> None:
    house, hands = timed
    ash = await vendor(house, await published(house))
    sealed = with_plan(ash)
    (blob,) = sealed.blobs
    hands.jump(moment(ash.manifest["closes_at"]) + timedelta(milliseconds=1))
    files = {"commit_json": ash.commit(sealed), f"blobs_{blob.root}": blob.sealed}
    answer = await upload(ash, packet(**files))
    assert answer.status_code == 422 and "It arrived after bids were due." in answer.text
    assert [each.reason for each in ash.box.refused] == ["late"]
    assert not house.parts.store.has_blob(blob.root)
    assert (await ash.upload(blob)).status_code == 409


async def test_an_upload_on_the_stroke_is_timely_and_a_microsecond_later_is_refused_on_record_with_a_receipt(
    timed: tuple[House, Clock],
) -> None:
    house, hands = timed
    ash = await vendor(house, await published(house))
    birch = await vendor(house, ash.id, "v-birch")
    due = moment(ash.manifest["closes_at"])
    hands.stop(due)
    assert (await upload(ash, sealed_zip(ash))).status_code == 303
    hands.stop(due + timedelta(microseconds=1))
    answer = await upload(birch, sealed_zip(birch))
    assert answer.status_code == 422 and "It arrived after bids were due." in answer.text
    assert "This refusal is on record." in answer.text
    (refused,) = birch.box.refused
    assert (refused.vendor, refused.reason) == ("v-birch", "late")
    await house.parts.log.tick_now(house.parts.now())
    names = promises(await birch.guest.get(f"{birch.address}/receipts.zip"))
    assert any("refused" in name for name in names), list(names)
    hands.jump(due + timedelta(seconds=1))
    assert [each.vendor for each in (await closed(ash)).current] == ["v-ash"]


async def test_an_upload_that_arrived_in_time_and_was_taken_apart_later_is_answered_before_the_close(
    timed: tuple[House, Clock], monkeypatch: pytest.MonkeyPatch
) -> None:
    house, hands = timed
    ash = await vendor(house, await published(house))
    due, closing = moment(ash.manifest["closes_at"]), asyncio.Event()
    parse, answered = litestar_request.parse_multipart_form, house.parts.waiting.answered

    async def slowly(**given: Any) -> Any:
        found = await parse(**given)
        hands.jump(due + timedelta(seconds=1))
        await asyncio.wait_for(closing.wait(), PATIENCE_S)
        assert ash.box.closed is None
        return found

    async def asked(stream: str, until: datetime) -> None:
        closing.set()
        await answered(stream, until)

    monkeypatch.setattr(litestar_request, "parse_multipart_form", slowly)
    monkeypatch.setattr(house.parts.waiting, "answered", asked)
    assert (await upload(ash, sealed_zip(ash))).status_code == 303
    listed = await closed(ash)
    assert [each.vendor for each in listed.current] == ["v-ash"]
    (kept,) = ash.box.envelopes.values()
    assert kept.received_at <= due < house.parts.now()


@pytest.mark.parametrize("measured", [True, False])
async def test_an_upload_that_began_in_time_and_ended_after_the_deadline_is_late(
    timed: tuple[House, Clock], monkeypatch: pytest.MonkeyPatch, measured: bool
) -> None:
    house, hands = timed
    ash = await vendor(house, await published(house))
    form = httpx.Request(
        "POST",
        ash.guest.origin,
        data={"csrf": ash.guest.csrf},
        files={"file": ("sealed.zip", sealed_zip(ash), "application/zip")},
    )
    body, begun, go = form.read(), asyncio.Event(), asyncio.Event()
    read = arriving.Arrival.read

    def seen(arrival: arriving.Arrival, part: HTTPReceiveMessage) -> None:
        read(arrival, part)
        begun.set()

    async def slowly() -> AsyncIterator[bytes]:
        yield body[:-1]
        await go.wait()
        yield body[-1:]

    monkeypatch.setattr(arriving.Arrival, "read", seen)
    headers = {"content-type": form.headers["content-type"]}
    headers |= {"content-length": str(len(body))} if measured else {}
    asked = asyncio.create_task(
        ash.guest.http.post(f"{ash.address}/upload", content=slowly(), headers=headers)
    )
    await asyncio.wait_for(begun.wait(), PATIENCE_S)
    hands.jump(moment(ash.manifest["closes_at"]) + timedelta(microseconds=1))
    listed = await closed(ash)
    go.set()
    answer = await asked
    assert answer.status_code == 422 and "It arrived after bids were due." in answer.text
    assert listed.current == () and [each.reason for each in ash.box.refused] == ["late"]


async def test_a_form_of_another_session_is_refused_and_holds_up_no_close(timed: tuple[House, Clock]) -> None:
    house, hands = timed
    ash = await vendor(house, await published(house))
    assert (await upload(ash, sealed_zip(ash), csrf="another")).status_code == 403
    hands.jump(moment(ash.manifest["closes_at"]) + timedelta(seconds=1))
    assert (await closed(ash)).current == ()


async def test_the_command_line_seals_with_the_tender_s_file_and_its_zip_is_taken(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ash = await vendor(house, await published(house), registered=False)
    await house.parts.log.tick_now(house.parts.now())
    tender, bid, out, key = (tmp_path / name for name in ("tender.json", "bid.json", "out.zip", "key.json"))
    public = await house.sign_in(None)
    tender.write_bytes((await public.get(f"{ash.address}/tender.json")).content)
    fields = ash.bid()["fields"]
    bid.write_text(
        json.dumps({"vendor": "v-ash", "envelopes": [{"lot": "L1", "env": "price", "fields": fields}]})
    )
    asked = ["seal", str(tender), str(bid), "--out", str(out), "--key", str(key), "--log-key"]
    wrong = {"unit_price": "3", "offer": {"pack": {"size": "2", "price": "5"}}}
    packs = [[path, wrong if path == "items/B" else value] for path, value in fields]
    given = bid.read_text()
    bid.write_text(
        json.dumps({"vendor": "v-ash", "envelopes": [{"lot": "L1", "env": "price", "fields": packs}]})
    )
    assert await asyncio.to_thread(cli.main, [*asked, house.parts.log.vkey]) == 2
    assert "5 for 2 is 2.5 each, but the unit price is 3" in capsys.readouterr().err and not out.exists()
    bid.write_text(given)
    assert await asyncio.to_thread(cli.main, [*asked, house.parts.log.vkey]) == 0
    printed = capsys.readouterr().out
    line = next(each for each in printed.splitlines() if each.startswith("Key of v-ash"))
    answer = await upload(ash, out.read_bytes(), key=line[line.index("{") :])
    assert answer.status_code == 303, answer.text
    assert [each.status for each in ash.box.envelopes.values()] == ["current"]
