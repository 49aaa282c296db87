"""Receipts: what a vendor is given for everything it sent, whether it was taken or refused.

A promise is given at once, the log's proof after its next tick. Both can be checked offline, with the log's key alone.
"""

from __future__ import annotations

import asyncio
import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

import msgspec

from auction.journal import Entry
from server.parts import Parts

EARLY = (1980, 1, 1, 0, 0, 0)
"""The time of every file in an archive, so that the same receipts are the same bytes."""


class Given(msgspec.Struct, frozen=True):
    """A fact that a vendor is given a receipt of: its entry, and what it says."""

    entry: Entry
    said: dict[str, Any]

    @property
    def name(self) -> str:
        """The name of its files: what happened, and to which envelope."""
        about = self.said.get("eid") or self.said.get("kid") or self.said.get("request_sha256", "")
        return f"{self.said['type']}-{about}-{self.entry.seq}"


def given(entries: Iterable[Entry]) -> list[Given]:
    """Entries with what they say."""
    return [Given(entry, msgspec.json.decode(entry.body)) for entry in entries]


def of_seqs(parts: Parts, stream: str, seqs: Sequence[int]) -> list[Given]:
    """The facts that a command led to, or led to before."""
    return given(parts.journal.pick(stream, seqs)) if seqs else []


def of_vendor(parts: Parts, stream: str, vendor: str) -> list[Given]:
    """Every fact of a bid box that is about a vendor's own bids: what it sent, and what was refused since."""
    facts = given(parts.journal.read(stream))
    own = {each.said["eid"] for each in facts if each.said["by"] == vendor and each.said.get("eid")}
    return [
        each
        for each in facts
        if each.said["type"].startswith("bid.") and (each.said["by"] == vendor or each.said.get("eid") in own)
    ]


async def promise(parts: Parts, one: Given) -> str:
    """The promise of a fact, made once and given again as it was."""
    return await asyncio.to_thread(_promise, parts, one)


def _promise(parts: Parts, one: Given) -> str:
    kept = parts.store.promise(one.entry.n)
    if kept is None:
        kept = parts.log.promise(one.entry)
        parts.store.keep_promise(one.entry.n, kept)
    return kept


async def promises_zip(parts: Parts, facts: Sequence[Given]) -> bytes:
    """The promises of some facts, in one archive."""
    return archive({f"{each.name}.promise": await promise(parts, each) for each in facts})


async def receipts_zip(parts: Parts, facts: Sequence[Given]) -> bytes:
    """The promises of some facts, and the log's proof of each that is in the log by now, in one archive."""
    files: dict[str, str] = {}
    for each in facts:
        files[f"{each.name}.promise"] = await promise(parts, each)
        proof = await asyncio.to_thread(parts.log.proof, each.entry.n)
        if proof is not None:
            files[f"{each.name}.tlog-proof"] = proof
    return archive(files)


def archive(files: dict[str, str]) -> bytes:
    """Texts by name, as a zip archive without compression."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name, text in files.items():
            packed.writestr(zipfile.ZipInfo(name, EARLY), text)
    return made.getvalue()
