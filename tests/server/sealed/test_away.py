"""Away and back, and large attachments: what was committed has its receipt after a kill, and memory stays flat."""

from __future__ import annotations

import asyncio
import hashlib
import signal
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import httpx

from auction.record import merkle
from bidders.sealing import signing
from bidders.sealing.encoding import b64u, canonical
from bidders.sealing.stream import SEALED_CHUNK, blob_bucket, sealed_length
from server.journal_sql import SqlJournal
from tests.server.away import Away, away
from tests.server.callers import PATIENCE_S, Guest
from tests.server.house import prepared
from tests.server.sealed.scene import Vendor, promises, published

MB = 1 << 20


async def made_ready(database: Path) -> tuple[bytes, bytes, str, str]:
    """Publish an event; the house's secret, a vendor's commit for it, its key, and its session."""
    async with prepared(database) as house:
        event_id = await published(house)
        token = await house.session("v-ash")
        secret = house.parts.known.secret
        ash = Vendor(house, Guest(house.origin, token, secret), event_id, "v-ash")
        return secret, ash.commit(ash.sealed(ash.ctx(), ash.bid())), key_of(ash), token


def key_of(ash: Vendor) -> bytes:
    """A vendor's key as it is put on record."""
    return canonical(signing.plain_key(ash.seed))


async def send(guest: Guest, path: str, body: bytes | AsyncIterator[bytes], **headers: str) -> httpx.Response:
    """Send bytes to the bid's address."""
    method = "PUT" if path.startswith("blobs/") else "POST"
    told = {"x-csrf": guest.csrf} | headers
    return await guest.http.request(method, f"/events/1/bid/{path}", content=body, headers=told)


def received(database: Path) -> int:
    """How many receipts are durable."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as looking:
        found = looking.execute(
            "SELECT count(*) FROM entry WHERE instr(body, ?)", (b'"bid.received"',)
        ).fetchone()
    return int(found[0])


async def test_a_bid_committed_before_a_kill_has_its_receipt_after_it(tmp_path: Path) -> None:
    database = tmp_path / "house.db"
    secret, body, key, token = await made_ready(database)
    async with away(database, secret) as served:
        guest = served.guest(token)
        assert (await send(guest, "key", key)).status_code == 200
        asked = asyncio.create_task(send(guest, "commit", body))
        async with asyncio.timeout(PATIENCE_S):
            while not received(database):
                await asyncio.sleep(0)
        served.signal(signal.SIGKILL)
        await asyncio.gather(asked, return_exceptions=True)
        await served.kill()
    journal = SqlJournal(database)
    assert journal.length() > 0
    journal.close()
    async with away(database, secret) as served:
        guest = served.guest(token)
        again = await send(guest, "commit", body)
        assert again.status_code == 200
        receipts = promises(await guest.get("/events/1/bid/receipts.zip"))
        assert promises(again).items() <= receipts.items()
        assert received(database) == 1
        await guest.leave()


def memory(served: Away) -> int:
    """How much memory the process has now, in bytes."""
    lines = Path(f"/proc/{served.process.pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) * 1024


async def test_memory_stays_flat_while_a_large_attachment_comes_in(tmp_path: Path) -> None:
    database = tmp_path / "house.db"
    secret, _, _, token = await made_ready(database)
    size = sealed_length(blob_bucket(40 * MB))
    chunk = hashlib.sha256(b"noise").digest() * (SEALED_CHUNK // 32 + 1)
    pieces = [min(SEALED_CHUNK, size - at) for at in range(0, size, SEALED_CHUNK)]
    root = b64u(merkle.root_of([merkle.leaf(chunk[:length]) for length in pieces]))

    async with away(database, secret) as served:
        seen: list[int] = []

        async def body() -> AsyncIterator[bytes]:
            for length in pieces:
                yield chunk[:length]
                seen.append(memory(served))

        guest = served.guest(token)
        await guest.get("/")
        before = memory(served)
        answer = await send(guest, f"blobs/{root}", body(), **{"content-length": str(size)})
        assert answer.status_code == 200, answer.text
        assert max(seen) - before < 16 * MB
        await guest.leave()
