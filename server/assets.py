"""Style, scripts and fonts: read once into memory, so that no address can reach any other file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from mimetypes import guess_type
from pathlib import Path

import msgspec

TYPES = {".js": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml", ".css": "text/css"}


class Asset(msgspec.Struct, frozen=True):
    """One file with its media type and its content hash."""

    content: bytes
    media_type: str
    hash: str


class Assets:
    """Every file of a folder, by its path there."""

    def __init__(self, files: Mapping[str, Asset]) -> None:
        self._files = dict(files)

    def find(self, path: str) -> Asset | None:
        """Find a file."""
        return self._files.get(path)

    def under(self, folder: str) -> dict[str, bytes]:
        """The contents of a folder's files, by their path in it, in order."""
        return {
            path.removeprefix(folder): self._files[path].content
            for path in sorted(self._files)
            if path.startswith(folder)
        }

    def address(self, path: str) -> str:
        """The address of a file, with its content hash."""
        found = self._files.get(path)
        return f"/assets/{path}" + (f"?v={found.hash}" if found is not None else "")


def load(folder: Path) -> Assets:
    """Read every file of a folder."""
    files: dict[str, Asset] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            kind = TYPES.get(path.suffix) or guess_type(path.name)[0] or "application/octet-stream"
            digest = hashlib.sha256(content).hexdigest()[:16]
            files[path.relative_to(folder).as_posix()] = Asset(content, kind, digest)
    return Assets(files)
