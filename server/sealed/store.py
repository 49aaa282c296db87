"""Where ciphertext lies: envelopes, bodies, attachments and officers' releases as files beside the database, never in it.

Everything is on disk before the fact that refers to it is committed, so that a receipt never promises what is not there. A file
that no fact refers to is the rest of a request that failed, and does not count.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from bidders.sealing.encoding import b64u, canonical, is_id, sha256

CHUNK = 65_552
"""A sealed attachment's chunk, in bytes."""


class Store:
    """The files of one installation's bid boxes, each kept under the hash or id that its fact names."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    # --- envelopes -------------------------------------------------------------------------------------------------

    def keep(
        self, eid: str, envelope: dict[str, Any], body: bytes, sig: dict[str, Any], request: str = ""
    ) -> None:
        """Keep an envelope with its sealed body, the vendor's signature and its request's hash, durably; once is enough."""
        self._write("body", eid, [body])
        self._write("envelope", eid, [canonical({"envelope": envelope, "sig": sig, "request": request})])

    def has(self, eid: str) -> bool:
        """Tell whether an envelope is kept."""
        return self._path("envelope", eid).exists()

    def drop(self, eid: str) -> None:
        """Throw an envelope away that no fact refers to."""
        for kind in ("envelope", "body"):
            self._path(kind, eid).unlink(missing_ok=True)

    def envelope(self, eid: str) -> dict[str, Any]:
        """An envelope by its id; raises `FileNotFoundError`."""
        found: dict[str, Any] = self._json("envelope", eid)["envelope"]
        return found

    def sig(self, eid: str) -> dict[str, Any]:
        """The signature that an envelope was submitted under."""
        found: dict[str, Any] = self._json("envelope", eid)["sig"]
        return found

    def request(self, eid: str) -> str:
        """The hash of the request that an envelope came in."""
        found: str = self._json("envelope", eid)["request"]
        return found

    def body(self, eid: str) -> bytes:
        """An envelope's sealed body; empty where the file is lost."""
        path = self._path("body", eid)
        return path.read_bytes() if path.exists() else b""

    def replace_body(self, eid: str, body: bytes) -> None:
        """Put a body back that was damaged; the caller has checked its hash."""
        self._path("body", eid).unlink(missing_ok=True)
        self._write("body", eid, [body])

    def replace_blob(self, root: str, sealed: bytes) -> None:
        """Put an attachment back that was damaged; the caller has checked its root."""
        place = self.begin_blob()
        place.write_bytes(sealed)
        self.finish_blob(place, root)

    def blobs(self, eid: str) -> list[bytes]:
        """An envelope's sealed attachments, in order; empty bytes for one that is lost."""
        return [b"".join(self.blob(each["root"])) for each in self.envelope(eid)["blobs"]]

    # --- attachments -----------------------------------------------------------------------------------------------

    def begin_blob(self) -> Path:
        """A new place for an attachment that is being uploaded."""
        return self._new("blob")

    def finish_blob(self, place: Path, root: str) -> None:
        """Keep an uploaded attachment under its root, durably."""
        self._settle(place, self._path("blob", root))

    def drop_blob(self, root: str) -> None:
        """Throw an attachment away that no fact refers to."""
        self._path("blob", root).unlink(missing_ok=True)

    def has_blob(self, root: str) -> bool:
        """Tell whether an attachment is kept."""
        return self._path("blob", root).exists()

    def blob_size(self, root: str) -> int:
        """An attachment's length in bytes."""
        return self._path("blob", root).stat().st_size

    def blob(self, root: str) -> Iterator[bytes]:
        """A sealed attachment, chunk by chunk."""
        path = self._path("blob", root)
        if path.exists():
            with path.open("rb") as lines:
                yield from iter(lambda: lines.read(CHUNK), b"")

    # --- other signed things ---------------------------------------------------------------------------------------

    def keep_signed(self, kind: str, signed: dict[str, Any]) -> str:
        """Keep a signed object of a kind (release, withdrawal, acknowledgement) under its hash, and return that."""
        text = canonical(signed)
        name = b64u(sha256(text))
        self._write(kind, name, [text])
        return name

    def signed(self, kind: str, name: str) -> dict[str, Any]:
        """A signed object by its hash; raises `FileNotFoundError`."""
        return self._json(kind, name)

    def keep_opened(self, eid: str, seed: bytes, bid: dict[str, Any]) -> None:
        """Keep what an envelope opened to, once its result may be written down."""
        self._write("opened", eid, [msgspec.json.encode({"seed": b64u(seed), "bid": bid})])

    def opened(self, eid: str) -> dict[str, Any] | None:
        """What an envelope opened to, `{seed, bid}`; None before."""
        return self._json("opened", eid) if self._path("opened", eid).exists() else None

    # --- promises ---------------------------------------------------------------------------------------------------

    def keep_promise(self, n: int, text: str) -> None:
        """Keep the promise that was given of a journal's entry."""
        self._write("promise", str(n), [text.encode()])

    def promise(self, n: int) -> str | None:
        """The promise that was given of a journal's entry; None where none was."""
        path = self._path("promise", str(n))
        return path.read_text() if path.exists() else None

    def keep_revealed(self, eid: str, seed: bytes) -> None:
        """Keep the seed that a vendor revealed in a rescue, once it was seen to give this envelope."""
        self._write("revealed", eid, [seed])

    def revealed(self, eid: str) -> bytes | None:
        """The seed that a vendor revealed; None where none was."""
        path = self._path("revealed", eid)
        return path.read_bytes() if path.exists() else None

    # --- files -----------------------------------------------------------------------------------------------------

    def _json(self, kind: str, name: str) -> dict[str, Any]:
        found: dict[str, Any] = msgspec.json.decode(self._path(kind, name).read_bytes())
        return found

    def _path(self, kind: str, name: str) -> Path:
        if not is_id(name):
            raise FileNotFoundError(name)
        return self._folder / kind / name

    def _new(self, kind: str) -> Path:
        (self._folder / kind).mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".", dir=self._folder / kind)
        os.close(handle)
        return Path(name)

    def _write(self, kind: str, name: str, parts: Iterable[bytes]) -> None:
        path = self._path(kind, name)
        if path.exists():
            return
        place = self._new(kind)
        with place.open("wb") as file:
            file.writelines(parts)
        self._settle(place, path)

    def _settle(self, place: Path, path: Path) -> None:
        """Make a written file durable under its name, or not at all."""
        for each in (place, path.parent):
            handle = os.open(each, os.O_RDONLY)
            try:
                os.fsync(handle)
                if each == place:
                    place.replace(path)
            finally:
                os.close(handle)
