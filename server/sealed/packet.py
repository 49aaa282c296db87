"""A commit as a zip, as the kit and `tenderbell seal` save it: `commit.json`, and each attachment as `blobs/<root>`."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

COMMIT, BLOBS = "commit.json", "blobs/"


class BadPacket(ValueError):
    """This is no such zip; says what is wrong with it."""


def write(commit: bytes, blobs: Mapping[str, bytes]) -> bytes:
    """The zip's bytes, the same for the same commit."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as packet:
        for name, data in {COMMIT: commit, **{BLOBS + root: blob for root, blob in blobs.items()}}.items():
            packet.writestr(zipfile.ZipInfo(name), data)
    return held.getvalue()


def read(data: bytes) -> tuple[bytes, dict[str, bytes]]:
    """The commit and the attachments by their roots; raises BadPacket."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packet:
            held = {name: packet.read(name) for name in packet.namelist() if not name.endswith("/")}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise BadPacket(f"is no zip that can be read: {error}") from error
    if COMMIT not in held:
        raise BadPacket(f"has no {COMMIT}; take the zip that the kit or `tenderbell seal` saved")
    if odd := [name for name in held if name != COMMIT and not name.startswith(BLOBS)]:
        raise BadPacket(f"has {odd[0]}, which does not belong there")
    return held[COMMIT], {name.removeprefix(BLOBS): blob for name, blob in held.items() if name != COMMIT}
