"""The log at work: promises at once, receipts after the tick, and a tree that only grows."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from auction.record import checkpoint, merkle, note, promise, receipt
from auction.record.note import COSIGNATURE, BadNote
from server.log.key import verify
from tests.auction.record.signing import Seed
from tests.server.log.logs import BEGAN, MINUTE, Running, State, running

WITNESS = Seed("witness.example/1", bytes(32), COSIGNATURE)


@pytest.fixture
async def run(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as made:
        yield made


def checked(run: Running, n: int) -> receipt.Proven:
    """What a receipt shows, with the log's key alone."""
    text = run.log.proof(n)
    assert text is not None
    return receipt.verify(text.encode(), note.read_vkey(run.log.vkey), verify)


async def test_a_promise_is_given_at_once_and_kept_by_its_tick(run: Running) -> None:
    (entry,) = await run.state()
    key = note.read_vkey(run.log.vkey)
    given = promise.verify(run.log.promise(entry).encode(), key, verify)
    assert given.disclosed.body == entry.body and given.received == BEGAN
    assert given.due == BEGAN.replace(second=0) + 2 * MINUTE
    assert run.log.proof(entry.n) is None and run.log.index_of(entry.n) is None
    assert run.log.checkpoint_with(entry.n) is None
    await run.tick()
    proven = checked(run, entry.n)
    assert proven.disclosed.body == entry.body and proven.index == run.log.index_of(entry.n)
    head = run.log.checkpoint_with(entry.n)
    assert head is not None and (head.size, head.root) == (proven.checkpoint.size, proven.checkpoint.root)
    dated = run.journal.read("log/ticks")[-1]
    assert run.log.index_of(dated.n) == head.size - 1
    assert dated.body.startswith(b'{"at":"2026-12-01T15:01:00.000Z"')


async def test_a_promise_never_names_a_tick_that_is_past(run: Running) -> None:
    run.clock.at = BEGAN - 5 * MINUTE
    (late,) = await run.state()
    given = promise.verify(run.log.promise(late).encode(), note.read_vkey(run.log.vkey), verify)
    assert given.received == BEGAN - 5 * MINUTE and given.due == BEGAN.replace(second=0) + 2 * MINUTE


async def test_a_receipt_stays_the_same_and_can_be_had_against_any_later_checkpoint(run: Running) -> None:
    (entry,) = await run.state()
    await run.tick()
    first = run.log.proof(entry.n)
    await run.tick()
    latest = run.log.latest()
    assert latest is not None and run.log.proof(entry.n) == first
    later = run.log.proof(entry.n, latest.size)
    assert later is not None and later != first
    key = note.read_vkey(run.log.vkey)
    assert receipt.verify(later.encode(), key, verify).checkpoint.size == latest.size
    assert run.log.proof(entry.n, latest.size + 1) is None and run.log.proof(entry.n, 32) is None
    assert run.log.proof(10_000) is None and run.log.proof(0) is None


async def test_the_tree_grows_alike_whether_much_or_nothing_happened(run: Running) -> None:
    grown = []
    for count in (0, 20, 0, 31, 1):
        before = run.log.latest()
        if count:
            await run.state(count)
        await run.tick()
        after = run.log.latest()
        assert before is not None and after is not None
        grown.append(after.size - before.size)
    assert grown == [32] * 5
    await run.state(32)
    await run.tick()
    latest = run.log.latest()
    assert latest is not None and latest.size == 6 * 32 + 256


async def test_every_published_tree_grew_from_those_before(run: Running) -> None:
    heads = []
    for count in (3, 0, 40, 5):
        await run.state(count) if count else None
        await run.tick()
        heads.append(run.log.latest())
    for old in heads:
        for new in heads[heads.index(old) :]:
            assert old is not None and new is not None
            proof = run.log.consistency(old.size, new.size)
            assert merkle.grew(old.size, new.size, proof, old.root, new.root)
    leaves = run.log.leaves(0, 10**9)
    assert merkle.root([leaves[at : at + 32] for at in range(0, len(leaves), 32)]) == heads[-1].root  # type: ignore[union-attr]
    with pytest.raises(IndexError, match="published"):
        run.log.consistency(33, 64)
    with pytest.raises(IndexError, match="published"):
        run.log.path(1, 33)


async def test_entries_of_our_own_are_leaves_that_are_promised_to_nobody(run: Running) -> None:
    (entry,) = await run.state()
    ours = type(entry)(1, "room/1", 1, bytes(32), bytes(32), b'{"at":"x","era":1,"type":"RoomSeeded"}')
    with pytest.raises(ValueError, match="nothing is promised"):
        run.log.promise(ours)


async def test_what_was_rolled_back_never_shows(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    write = run.desk._write

    async def failing(appends: Any) -> Any:
        raise sqlite3.OperationalError("disk full")

    monkeypatch.setattr(run.desk, "_write", failing)
    with pytest.raises(Exception):  # noqa: B017
        await run.state(3)
    monkeypatch.setattr(run.desk, "_write", write)
    await run.tick()
    await run.state(2)
    await run.tick()
    assert [each.n for _, each in run.log.facts("T1")] == [each.n for each in run.journal.read("fact/1")]
    assert len(run.log.facts("T1")) == 2


async def test_a_tick_comes_before_whatever_arrives_at_its_time(run: Running) -> None:
    run.clock.at = BEGAN.replace(second=0) + MINUTE
    (entry,) = await run.state()
    tick = run.journal.read("log/ticks")[-1]
    assert tick.n == entry.n - 1 and b"15:01:00.000Z" in tick.body
    await run.log._step()
    assert run.log.index_of(tick.n) is not None and run.log.index_of(entry.n) is None
    (same,) = await run.state()
    assert len(run.journal.read("log/ticks")) == 2 and same.n == entry.n + 1


async def test_the_log_ticks_by_itself(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        run.log._pace.short = timedelta(milliseconds=50)
        for _ in range(100):
            run.clock.at += timedelta(milliseconds=50)
            await asyncio.sleep(0.01)
            latest = run.log.latest()
            if latest is not None and latest.size >= 96:
                break
        assert latest is not None and latest.size >= 96


async def test_the_log_ticks_by_the_hour_while_no_sealed_bids_are_out(tmp_path: Path) -> None:
    async with running(tmp_path, sealed=False) as run:
        (entry,) = await run.state()
        first = run.log.latest()
        await run.tick(minutes=30)
        assert run.log.latest() == first
        given = promise.verify(run.log.promise(entry).encode(), note.read_vkey(run.log.vkey), verify)
        assert given.due.hour == 17
        await run.tick(minutes=30)
        assert run.log.index_of(entry.n) is not None
        run.log._pace._sealed = lambda: True
        await run.tick()
        latest, ticks = run.log.latest(), len(run.journal.read("log/ticks"))
        run.log._pace._sealed = lambda: False
        await run.tick()
        assert run.log.latest() != latest
        for _ in range(5):
            await run.tick()
        assert len(run.journal.read("log/ticks")) <= ticks + 2


async def test_a_tick_that_could_not_be_kept_is_published_by_the_next(
    run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    (entry,) = await run.state()
    before, rows, outside = run.log.latest(), run.log._rows, run.log._published._outside
    for holder, name in ((rows, "add"), (outside, "keep")):
        with monkeypatch.context() as patched:
            patched.setattr(holder, name, _fail)
            with pytest.raises(OSError):
                await run.tick()
        assert run.log.latest() == before and run.log.index_of(entry.n) is None
    await run.tick()
    assert checked(run, entry.n).index == run.log.index_of(entry.n)
    latest = run.log.latest()
    assert latest is not None and latest.size == 4 * 32


def _fail(*_: object) -> None:
    raise OSError(28, "No space left on device")


async def test_witnesses_add_their_word_to_a_checkpoint(run: Running) -> None:
    (entry,) = await run.state()
    await run.tick()
    head = run.log.latest()
    assert head is not None
    text = note.read(head.note.encode()).text
    signed = checkpoint.with_signature(head.note, checkpoint.cosignature(text, WITNESS, 7))
    assert run.log.cosign(signed.encode(), [WITNESS.key]) == {"witness.example/1": 7}
    kept = run.log.at(head.size)
    assert kept is not None and kept.note == signed
    proof = run.log.proof(entry.n)
    assert proof is not None
    seen = receipt.verify(proof.encode(), note.read_vkey(run.log.vkey), verify, [WITNESS.key])
    assert seen.cosigned == {"witness.example/1": 7}
    with pytest.raises(BadNote, match="has not signed"):
        run.log.cosign(signed.replace(run.log.origin, "other.example/log").encode(), [WITNESS.key])


async def test_fifty_at_once_have_fifty_leaves(run: Running) -> None:
    wanted = [State(by=f"v{n}") for n in range(50)]
    await asyncio.gather(*(run.desk.submit("fact/1", each, run.clock()) for each in wanted))
    await run.tick()
    entries = run.journal.read("fact/1")
    assert len({run.log.index_of(each.n) for each in entries}) == 50
    assert {checked(run, each.n).disclosed.event["by"] for each in entries} == {each.by for each in wanted}
