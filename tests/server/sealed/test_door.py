"""The door over real sockets: what is taken, what is refused with a receipt, and what is never kept."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio

from auction.record import disclosed, note, promise
from bidders.sealing import bid as bidding
from bidders.sealing import signing
from bidders.sealing.encoding import b64u, canonical, read, sha256
from server.filling import MembershipGiven, OrganisationGiven, People, PersonGiven
from server.log.key import verify
from tests.server.house import CAST, House, opened
from tests.server.sealed.scene import Vendor, promises, published, vendor


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A house where many events may be published; nothing is ever kept in its boxes."""
    async with opened(tmp_path_factory.mktemp("shared")) as running:
        yield running


def fact_of(house: House, promised: bytes) -> dict[str, Any]:
    """What a promise is of; fails where it does not verify with the log's public key alone."""
    told = promise.verify(promised, note.read_vkey(house.parts.log.vkey), verify)
    return told.disclosed.event


def kept(folder: Path) -> Iterator[Path]:
    """Every file of envelopes that is on the disk."""
    return (each for each in folder.rglob("*") if each.is_file() and each.parent.name in ("envelope", "body"))


def texts(folder: Path) -> bytes:
    """Every byte of a folder."""
    return b"".join(each.read_bytes() for each in folder.rglob("*") if each.is_file())


# --- what is taken ---------------------------------------------------------------------------------------------


async def test_a_sealed_bid_is_taken_and_its_promise_comes_with_the_answer(house: House) -> None:
    ash = await vendor(house, await published(house))
    answer = await ash.submit()
    assert answer.status_code == 200, answer.text
    ((name, promised),) = promises(answer).items()
    (one,) = ash.box.envelopes.values()
    assert one.eid in name and one.vendor == "v-ash" and one.status == "current"
    said = fact_of(house, promised)
    assert said["type"] == "bid.received" and said["eid"] == one.eid and said["rev"] == 1
    assert house.parts.store.envelope(one.eid)["ctx"]["rev"] == 1


async def test_the_same_envelopes_again_give_the_same_promises(house: House) -> None:
    ash = await vendor(house, await published(house))
    body = ash.commit(ash.sealed(ash.ctx(), ash.bid()))
    first, second = await ash.send("commit", body), await ash.send("commit", body)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.content == second.content and len(ash.box.envelopes) == 1


@pytest.mark.parametrize("rev", [1, 3])
async def test_a_version_that_was_used_or_skipped_overwrites_nothing(house: House, rev: int) -> None:
    ash = await vendor(house, await published(house))
    await ash.submit(1)
    again = await ash.submit(rev, "40", "8")
    assert again.status_code == 409 and again.json()["next"] == "2"
    (one,) = ash.box.envelopes.values()
    assert one.rev == 1 and len({each.name for each in kept(house_folder(house))}) == 1


async def test_a_replacement_a_withdrawal_and_a_confirmation_count_and_have_receipts(house: House) -> None:
    ash = await vendor(house, await published(house))
    await ash.submit(1)
    assert (await ash.submit(2, "40", "8")).status_code == 200
    first, second = ash.box.envelopes.values()
    assert (first.status, second.status) == ("superseded", "current")
    assert (await ash.acknowledge(second.eid)).status_code == 200
    answer = await ash.withdraw(second.eid)
    assert answer.status_code == 200, answer.text
    assert fact_of(house, next(iter(promises(answer).values())))["type"] == "bid.withdrawn"
    assert ash.box.envelopes[second.eid].status == "withdrawn"
    assert (await ash.withdraw(second.eid)).status_code == 409


async def test_fifty_bids_at_once_are_fifty_facts(tmp_path: Path) -> None:
    names = [f"v-{place}" for place in range(50)]
    organisations = tuple(OrganisationGiven(id, "vendor", id) for id in names)
    people = tuple(
        PersonGiven(f"p-{id}", id, f"{id}@tenderbell.example", (MembershipGiven(id, "owner"),))
        for id in names
    )
    cast = People((*CAST.organisations, *organisations), (*CAST.people, *people))
    async with opened(tmp_path, cast) as house:
        event_id = await published(house)
        vendors = [await vendor(house, event_id, each) for each in names]
        answers = await asyncio.gather(*(each.submit() for each in vendors))
        assert {each.status_code for each in answers} == {200}
        facts = [fact_of(house, text) for each in answers for text in promises(each).values()]
        assert len({each["eid"] for each in facts}) == 50 == len(vendors[0].box.envelopes)


async def test_a_vendor_s_receipts_are_its_own_and_hold_proofs_once_the_log_has_ticked(house: House) -> None:
    event_id = await published(house)
    ash, birch = await vendor(house, event_id), await vendor(house, event_id, "v-birch")
    await ash.submit()
    await birch.submit()
    await house.parts.log.tick_now(house.parts.now())
    files = promises(await ash.guest.get(f"{ash.address}/receipts.zip"))
    (own,) = [each.eid for each in ash.box.envelopes.values() if each.vendor == "v-ash"]
    assert sorted(name.rpartition(".")[2] for name in files) == ["promise", "tlog-proof"]
    assert all(own in name for name in files)


# --- what is refused ---------------------------------------------------------------------------------------------

Spoil = Callable[[Vendor], bytes]


def spoiled(change: Callable[[dict[str, Any]], object]) -> Spoil:
    """A commit changed after it was signed, in canonical form again."""

    def made(ash: Vendor) -> bytes:
        said: Any = read(ash.commit(ash.sealed(ash.ctx(), ash.bid())))
        change(said)
        return canonical(said)

    return made


def contexts(**more: Any) -> Spoil:
    """A commit sealed for another context, and signed."""
    return lambda ash: ash.commit(ash.sealed(ash.ctx(**more), ash.bid()))


def signed_by_another(ash: Vendor) -> bytes:
    ash.seed = bytes(32)
    return ash.commit(ash.sealed(ash.ctx(), ash.bid()))


def without_its_attachment(ash: Vendor) -> bytes:
    bid = ash.bid(files=[("plan.txt", b"a plan")])
    return ash.commit(ash.sealed(ash.ctx(), bid, [b"a plan"]))


def for_other_envelopes(ash: Vendor) -> bytes:
    sealed = ash.sealed(ash.ctx(), ash.bid())
    return ash.commit(sealed, sig=signing.sign(ash.seed, "submit", [b64u(bytes(32))]))


REFUSED: dict[str, tuple[str, Spoil]] = {
    "not JSON": ("malformed", lambda ash: b"{"),
    "not canonical": ("malformed", lambda ash: b" " + ash.commit(ash.sealed(ash.ctx(), ash.bid()))),
    "another member": ("malformed", spoiled(lambda said: said.update(more=1))),
    "another member inside": ("malformed", spoiled(lambda said: said["items"][0]["envelope"].update(more=1))),
    "a short wrap": ("malformed", spoiled(lambda said: said["items"][0]["envelope"]["wraps"].pop())),
    "no bucket": ("malformed", spoiled(lambda said: said["items"][0]["envelope"]["body"].update(len=5000))),
    "no envelopes": ("malformed", spoiled(lambda said: said.update(items=[]))),
    "one lot twice": ("malformed", spoiled(lambda said: said["items"].append(said["items"][0]))),
    "another vendor": ("context", contexts(vendor="v-birch")),
    "another tender": ("context", contexts(tender="99")),
    "another lot": ("context", contexts(lot="L9")),
    "another kind": ("context", contexts(env="technical")),
    "another manifest": ("context", contexts(manifest=b64u(bytes(32)))),
    "another body": ("hash", spoiled(lambda said: said["items"][0].update(body=b64u(bytes(4112))))),
    "no attachment": ("hash", without_its_attachment),
    "a key not on record": ("key", signed_by_another),
    "another signature": ("signature", spoiled(lambda said: said["sig"].update(sig=b64u(bytes(64))))),
    "a signature for others": ("signature", for_other_envelopes),
}


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.asyncio(loop_scope="module")
async def test_what_fails_is_refused_with_a_receipt_and_nothing_of_it_is_kept(
    shared: House, case: str
) -> None:
    house, ash = shared, await vendor(shared, await published(shared))
    reason, spoil = REFUSED[case]
    body = spoil(ash)
    answer = await ash.send("commit", body)
    assert answer.status_code == 422, answer.text
    said = answer.json()
    assert said["reason"] == reason and said["words"].endswith(".")
    fact = fact_of(house, said["promise"].encode())
    assert fact["type"] == "bid.refused" and fact["reason"] == reason
    assert fact["request_sha256"] == b64u(sha256(body)) and (fact["eid"] is None) == (reason == "malformed")
    assert ash.box.envelopes == {} and list(kept(house_folder(house))) == []


async def test_one_bad_envelope_refuses_its_whole_commit(house: House) -> None:
    ash = await vendor(house, await published(house))
    good, bad = ash.sealed(ash.ctx(), ash.bid()), ash.sealed(ash.ctx("L2", vendor="v-birch"), ash.bid())
    answer = await ash.send("commit", ash.commit(good, bad))
    assert answer.status_code == 422 and answer.json()["reason"] == "context"
    assert len(answer.json()["promises"]) == 2 == len(ash.box.refused)
    assert ash.box.envelopes == {} and list(kept(house_folder(house))) == []


async def test_a_withdrawal_and_a_confirmation_that_fail_have_receipts_too(house: House) -> None:
    ash = await vendor(house, await published(house))
    await ash.submit()
    (eid,) = ash.box.envelopes
    for path in ("withdraw", "acknowledge"):
        answer = await ash.send(path, b"no JSON")
        assert answer.status_code == 422 and answer.json()["reason"] == "malformed"
    ash.seed = bytes(32)
    assert (await ash.withdraw(eid)).json()["reason"] == "key"
    await ash.register()
    wrong = {"v": "sealbid/v1", "type": "withdraw", "sig": signing.sign(ash.seed, "submit", [eid])}
    assert (await ash.send("withdraw", canonical(wrong))).json()["reason"] == "signature"
    assert ash.box.envelopes[eid].status == "current" and len(ash.box.refused) == 4


async def test_nobody_withdraws_another_vendor_s_envelope(house: House) -> None:
    event_id = await published(house)
    ash, birch = await vendor(house, event_id), await vendor(house, event_id, "v-birch")
    await ash.submit()
    (eid,) = ash.box.envelopes
    answer = await birch.withdraw(eid)
    assert answer.status_code == 409 and ash.box.envelopes[eid].status == "current"


async def test_only_a_signer_of_a_company_sends_and_only_from_our_own_pages(house: House) -> None:
    event_id = await published(house)
    ash = await vendor(house, event_id)
    body = ash.commit(ash.sealed(ash.ctx(), ash.bid()))
    before = house.told()
    assert (await ash.send("commit", body, **{"x-csrf": "0" * 64})).status_code == 403
    assert (await ash.send("commit", body, origin="http://evil.example")).status_code == 403
    preparer = Vendor(house, await house.sign_in("p-preparer"), event_id, "v-ash")
    assert (await preparer.send("commit", body)).status_code == 403
    lead = Vendor(house, await house.sign_in("p-lead"), event_id, "v-ash")
    assert (await lead.send("commit", body)).status_code == 403
    assert house.told() == before and ash.box.envelopes == {}


async def test_a_session_that_ended_while_a_request_was_read_sends_nothing(house: House) -> None:
    ash = await vendor(house, await published(house))
    body = ash.commit(ash.sealed(ash.ctx(), ash.bid()))

    async def slowly() -> Any:
        yield body[:100]
        assert (await ash.guest.post("/sign-out")).status_code == 303
        yield body[100:]

    headers = {"x-csrf": ash.guest.csrf}
    answer = await ash.guest.http.post(f"{ash.address}/commit", content=slowly(), headers=headers)
    assert answer.status_code == 403 and answer.json()["reason"] == "session"
    assert ash.box.envelopes == {}


async def test_what_could_not_be_recorded_does_not_count_and_is_sent_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ash = await vendor(house, await published(house))
    body = ash.commit(ash.sealed(ash.ctx(), ash.bid()))
    append = house.parts.journal.append
    monkeypatch.setattr(house.parts.journal, "append", lambda batch: 1 / 0)
    assert (await ash.send("commit", body)).status_code == 503
    monkeypatch.setattr(house.parts.journal, "append", append)
    assert (await ash.send("commit", body)).status_code == 200 and len(ash.box.envelopes) == 1


async def test_a_draft_and_an_event_without_sealed_bids_have_no_door(house: House) -> None:
    ash = Vendor(house, await house.sign_in("v-ash"), "7", "v-ash")
    assert (await ash.send("commit", b"{}")).status_code == 404


# --- what nobody learns ------------------------------------------------------------------------------------------


async def test_no_log_line_file_or_entry_holds_what_a_body_said(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    ash = await vendor(house, await published(house))
    with caplog.at_level(logging.DEBUG):
        assert (await ash.send("commit", b'{"price":"SECRET-MARK-7"}')).status_code == 422
        await ash.submit(note="SECRET-MARK-7")
        await ash.send("key", b'{"price":"SECRET-MARK-7"}')
    assert "SECRET-MARK-7" not in caplog.text
    assert b"SECRET-MARK-7" not in texts(house_folder(house))


# --- attachments -------------------------------------------------------------------------------------------------


async def test_an_attachment_is_uploaded_first_and_its_envelope_then_counts(house: House) -> None:
    ash = await vendor(house, await published(house))
    plan = b"plan " * 50_000
    sealed = ash.sealed(ash.ctx(), ash.bid(files=[("plan.txt", plan)]), [plan])
    (blob,) = sealed.blobs
    assert (await ash.upload(blob)).status_code == 200
    assert (await ash.upload(blob)).status_code == 200
    assert (await ash.send("commit", ash.commit(sealed))).status_code == 200
    assert house.parts.store.blobs(sealed.eid) == [blob.sealed]


async def test_an_upload_that_is_another_or_of_no_sealed_length_is_not_kept(house: House) -> None:
    ash = await vendor(house, await published(house))
    blob = bidding.seal_file(bytes(32), b"plan")
    damaged = msgspec.structs.replace(blob, sealed=blob.sealed[:-1] + b"x")
    assert (await ash.upload(damaged)).status_code == 422
    assert (await ash.upload(msgspec.structs.replace(blob, sealed=b"short"))).status_code == 422
    assert not house.parts.store.has_blob(blob.root)
    assert [each for each in (house_folder(house)).rglob("*") if each.parent.name == "blob"] == []


async def test_another_vendor_s_upload_stands_for_nobody_else(house: House) -> None:
    event_id = await published(house)
    ash, birch = await vendor(house, event_id), await vendor(house, event_id, "v-birch")
    sealed = ash.sealed(ash.ctx(), ash.bid(files=[("plan.txt", b"plan")]), [b"plan"])
    await birch.upload(sealed.blobs[0])
    assert (await ash.send("commit", ash.commit(sealed))).json()["reason"] == "hash"


async def test_a_vendor_s_uploads_have_an_end(house: House) -> None:
    ash = await vendor(house, await published(house))
    house.parts.blobs._most = 100_000
    one, two = (bidding.seal_file(bytes([key]) * 32, b"plan") for key in (1, 2))
    assert (await ash.upload(one)).status_code == 200
    assert (await ash.upload(two)).status_code == 413


async def test_a_refusal_s_promise_fails_once_a_byte_is_changed(house: House) -> None:
    ash = await vendor(house, await published(house))
    text = (await ash.send("commit", b"{")).json()["promise"]
    extra = next(line for line in text.splitlines() if line.startswith("extra "))
    other = "extra " + note.spelled(
        disclosed.read(note.unspelled(extra[6:])).written.replace(b"malformed", b"misplaced")
    )
    with pytest.raises(ValueError):
        fact_of(house, text.replace(extra, other).encode())


def house_folder(house: House) -> Path:
    """Where a house keeps its envelopes."""
    database = house.parts.settings.database
    return database.with_name(f"{database.name}-sealed")
