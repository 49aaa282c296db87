"""Sealed attachments on their way in: written to disk as they come, never held whole, and named by the root over their chunks."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import delete, select

from auction.record import merkle
from bidders.sealing.encoding import b64u
from bidders.sealing.stream import SEALED_CHUNK
from server.database import Database
from server.sealed.reading import is_blob_size
from server.sealed.store import Store
from server.tables import SealedBlob

LARGEST = 1 << 30
"""The longest sealed attachment that is taken, in bytes."""
MOST = 4 << 30
"""How many bytes one vendor may upload for one event."""
AT_ONCE = 16 * SEALED_CHUNK
"""How many bytes are gathered before they are hashed and written in a thread."""


class Turned(Exception):
    """An upload is not taken; `status` is the HTTP status, and the words say the remedy."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status, self.words = status, words


class Growing:
    """A file that grows by chunks, with the hashes of those that are whole."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._rest, self.size = file, b"", 0
        self._leaves: list[bytes] = []

    def add(self, part: bytes) -> None:
        """Write some bytes and hash every chunk that is whole by now."""
        self._file.write(part)
        self.size += len(part)
        given = self._rest + part
        whole = len(given) - len(given) % SEALED_CHUNK
        self._leaves += [merkle.leaf(given[at : at + SEALED_CHUNK]) for at in range(0, whole, SEALED_CHUNK)]
        self._rest = given[whole:]

    def root(self) -> str:
        """The root over all chunks, the last perhaps shorter."""
        rest = [merkle.leaf(self._rest)] if self._rest else []
        return b64u(merkle.root_of([*self._leaves, *rest]))


class Blobs:
    """The uploads of all events. What is being uploaded counts towards a vendor's quota as what is."""

    def __init__(
        self, store: Store, database: Database, now: Callable[[], datetime], most: int = MOST
    ) -> None:
        self._store, self._database, self._now, self._most = store, database, now, most
        self._coming: Counter[tuple[str, str]] = Counter()

    async def sizes(self, event_id: str, vendor: str) -> dict[str, int]:
        """What a vendor uploaded for an event: lengths by root."""
        wanted = select(SealedBlob.root, SealedBlob.size).where(
            SealedBlob.event_id == event_id, SealedBlob.vendor_id == vendor
        )
        return await self._database.read(lambda session: {row[0]: row[1] for row in session.execute(wanted)})

    async def take(
        self, event_id: str, vendor: str, root: str, size: int, parts: AsyncIterator[bytes]
    ) -> None:
        """Take an upload of a stated length in; raises `Turned`, and then nothing of it is kept."""
        if not is_blob_size(size):
            raise Turned(
                422, "This is none of the lengths that sealed attachments have. Seal the file again."
            )
        if size > LARGEST:
            raise Turned(413, f"The attachment is too long: at most {LARGEST >> 20} MB. Split it.")
        here = (event_id, vendor)
        held = await self.sizes(event_id, vendor)
        if sum(held.values()) + self._coming[here] + size > self._most:
            raise Turned(
                413, f"Your company has uploaded {self._most >> 20} MB for this event, the most there is."
            )
        self._coming[here] += size
        try:
            await self._keep(event_id, vendor, root, size, parts)
        finally:
            self._coming[here] -= size

    async def _keep(
        self, event_id: str, vendor: str, root: str, size: int, parts: AsyncIterator[bytes]
    ) -> None:
        place = await asyncio.to_thread(self._store.begin_blob)
        try:
            found = await _written(place, size, parts)
            if found != (root, size):
                raise Turned(422, "The attachment was damaged on the way. Upload it again.")
            await asyncio.to_thread(self._store.finish_blob, place, root)
        except BaseException:
            place.unlink(missing_ok=True)
            raise
        row = SealedBlob(event_id=event_id, vendor_id=vendor, root=root, size=size, at=self._now())
        async with self._database.session.begin() as session:
            await session.merge(row)

    async def sweep(self, event_id: str, named: Collection[str]) -> None:
        """Throw away what was uploaded for an event and is in none of the envelopes that are kept."""
        wanted = select(SealedBlob.root).where(SealedBlob.event_id == event_id)
        async with self._database.session.begin() as session:
            roots = set((await session.execute(wanted)).scalars()) - set(named)
            others = select(SealedBlob.root).where(SealedBlob.event_id != event_id)
            shared = set((await session.execute(others)).scalars()) if roots else set()
            gone = SealedBlob.event_id == event_id, SealedBlob.root.in_(roots)
            await session.execute(delete(SealedBlob).where(*gone))
        for root in roots - shared:
            await asyncio.to_thread(self._store.drop_blob, root)


async def _written(place: Path, size: int, parts: AsyncIterator[bytes]) -> tuple[str, int]:
    """Write what comes, up to the stated length; the root and the length of what came."""
    with place.open("wb") as file:
        growing, gathered = Growing(file), bytearray()
        async for part in parts:
            gathered += part
            if growing.size + len(gathered) > size:
                raise Turned(413, "More came than the upload said it would be. Upload it again.")
            if len(gathered) >= AT_ONCE:
                await asyncio.to_thread(growing.add, bytes(gathered))
                gathered.clear()
        await asyncio.to_thread(growing.add, bytes(gathered))
        return growing.root(), growing.size
