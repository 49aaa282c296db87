"""Files by their content: kept once under their SHA-256 beside the database, and read by whom a link's audience includes."""

from __future__ import annotations

import asyncio
import hashlib
import os
import zipfile
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path, PurePath

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from auction.tender.solicitation import Document
from auction.terms.faults import Fault, Faulty
from server.database import Database
from server.login import Identity
from server.tables import FileLink, FileRow

LARGEST = 50 * 1024 * 1024
"""The largest file that is kept, in bytes."""
LONGEST_NAME = 120
OFFICE = "application/vnd.openxmlformats-officedocument."
MEDIA = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "xlsx": f"{OFFICE}spreadsheetml.sheet",
    "docx": f"{OFFICE}wordprocessingml.document",
    "pptx": f"{OFFICE}presentationml.presentation",
    "zip": "application/zip",
    "csv": "text/csv",
    "txt": "text/plain",
}
"""The kinds of files that are taken, by the end of their name."""
MARKS = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"),
    "zip": (b"PK\x03\x04", b"PK\x05\x06"),
}
INSIDES = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml", "pptx": "ppt/presentation.xml"}
"""What an office file holds, by which it is known."""


class Served(msgspec.Struct, frozen=True):
    """A file to be sent: where it lies, and what it is."""

    path: Path
    media: str
    size: int


def media_of(name: str, body: bytes) -> str:
    """Tell what a file is from its name's end, and that its content agrees; raises `Faulty`."""
    end = name.rpartition(".")[2].lower()
    if not body:
        raise Faulty([Fault(name, "is empty; choose the file again")])
    if len(body) > LARGEST:
        raise Faulty([Fault(name, f"is larger than {LARGEST // 2**20} MB; make it smaller or split it")])
    if end not in MEDIA:
        raise Faulty([Fault(name, f"is of a kind that is not taken; send one of {', '.join(MEDIA)}")])
    if not _agrees(end, body):
        raise Faulty(
            [Fault(name, f"ends in .{end}, but its content is something else; save it anew as {end}")]
        )
    return MEDIA[end]


def _agrees(end: str, body: bytes) -> bool:
    if end in INSIDES:
        return _holds(body, INSIDES[end])
    if end in MARKS:
        return body.startswith(MARKS[end])
    return b"\0" not in body[:4096] or body.startswith((b"\xff\xfe", b"\xfe\xff"))


def _holds(body: bytes, inside: str) -> bool:
    try:
        with zipfile.ZipFile(BytesIO(body)) as packed:
            return inside in packed.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return False


def clean(name: str) -> str:
    """A file's name without folders and without what could not stand in an address or a header."""
    last = PurePath(name.replace("\\", "/")).name
    kept = "".join(each if each.isalnum() or each in " ._-()" else "_" for each in last).strip(" .")
    stem, dot, end = kept.rpartition(".")
    return f"{stem[:LONGEST_NAME]}{dot}{end[:10]}" if dot else kept[:LONGEST_NAME] or "file"


class Files:
    """Keeps and finds files."""

    def __init__(self, folder: Path, database: Database, now: Callable[[], datetime]) -> None:
        self._folder, self._database, self._now = folder, database, now

    async def keep(self, name: str, body: bytes) -> Document:
        """Keep a file and describe it; raises `Faulty`. The same content is kept once, whatever its names."""
        name = clean(name)
        media, digest = await asyncio.to_thread(
            lambda: (media_of(name, body), hashlib.sha256(body).hexdigest())
        )
        await asyncio.to_thread(self._write, digest, body)
        async with self._database.session.begin() as session:
            if await session.get(FileRow, digest) is None:
                session.add(FileRow(hash=digest, size=len(body), media=media, kept_at=self._now()))
        return Document(name, digest, len(body), media)

    def _write(self, digest: str, body: bytes) -> None:
        """Write a file whole and durably, or not at all."""
        path = self.path(digest)
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.{id(body)}.part")
        with part.open("wb") as out:
            out.write(body)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)

    def path(self, digest: str) -> Path:
        """Where a file lies."""
        return self._folder / digest[:2] / digest

    async def link(self, session: AsyncSession, document: Document, holder: str, audience: str) -> None:
        """Let an audience read a file: `public`, or `consortium:ID`, `district:ID`, `vendor:ID` for one organisation's people."""
        await session.merge(
            FileLink(hash=document.hash, holder=holder, audience=audience, name=document.name)
        )

    async def find(self, digest: str, identity: Identity | None) -> Served | None:
        """Find a file that somebody may read; None where there is none for them."""
        audiences = ["public"] + (
            [f"{identity.kind}:{identity.organisation_id}"] if identity is not None else []
        )
        wanted = (
            select(FileRow)
            .join(FileLink, FileLink.hash == FileRow.hash)
            .where(FileRow.hash == digest, FileLink.audience.in_(audiences))
        )
        async with self._database.session() as session:
            row = (await session.execute(wanted)).scalars().first()
        path = self.path(digest)
        return Served(path, row.media, row.size) if row is not None and path.is_file() else None
