"""What an envelope holds: a bid of fields and a note, and attachments named in its `files/0`, `files/1`, ... fields.

A bid is `{fields: [[path, value], ...], note}`; an attachment's field says `{name, media, len, key}`.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from auction.record import merkle
from auction.terms.faults import Fault
from bidders.sealing import stream
from bidders.sealing.encoding import BadEncoding, b64u, canonical, sha256, unb64u

LONGEST_PATH = 128
_PATH = re.compile(r"[A-Za-z0-9_-]{1,64}(/[A-Za-z0-9_-]{1,64})*", re.ASCII)
_FILE = {"name", "media", "len", "key"}


class Blob(msgspec.Struct, frozen=True):
    """A sealed attachment as the envelope names it, `{len, root}`, with its bytes."""

    sealed: bytes
    root: str

    @property
    def named(self) -> dict[str, object]:
        """The member of the envelope's `blobs`."""
        return {"len": len(self.sealed), "root": self.root}


class File(msgspec.Struct, frozen=True):
    """An attachment's field, read: the key it is sealed under and its length before padding."""

    key: bytes
    length: int


def bid_faults(bid: object) -> list[Fault]:
    """Everything that keeps this from being a bid, with the place and what would be right."""
    if not isinstance(bid, dict) or set(bid) != {"fields", "note"}:
        return [Fault("", "must be an object with `fields` and `note` alone")]
    found = (
        [] if isinstance(bid["note"], str) else [Fault("note", "must be a text; use an empty one for none")]
    )
    if not isinstance(bid["fields"], list):
        return [*found, Fault("fields", "must be a list of [path, value]")]
    return [*found, *_field_faults(bid["fields"])]


def _field_faults(fields: list[object]) -> Iterator[Fault]:
    seen: set[str] = set()
    files = 0
    for place, field in enumerate(fields):
        if type(field) is not list or len(field) != 2 or type(field[0]) is not str:
            yield Fault(f"fields[{place}]", "must be [path, value]")
            continue
        path = field[0]
        if len(path) > LONGEST_PATH or not _PATH.fullmatch(path):
            said = f"the path must be ids joined by /, at most {LONGEST_PATH} characters"
            yield Fault(f"fields[{place}]", said)
        if path in seen:
            yield Fault(f"fields[{place}]", f"the path {path} stands twice; keep one")
        seen.add(path)
        if path.startswith("files/"):
            yield from _file_faults(f"fields[{place}]", path, field[1], files)
            files += 1


def _file_faults(where: str, path: str, value: object, place: int) -> Iterator[Fault]:
    if path != f"files/{place}":
        yield Fault(where, f"attachments stand in order; this must be files/{place}")
    if not isinstance(value, dict) or set(value) != _FILE:
        yield Fault(where, "an attachment is an object of `name`, `media`, `len` and `key`")
        return
    yield from (
        Fault(where, f"{name} must be a text") for name in ("name", "media") if not _text(value[name])
    )
    if type(value["len"]) is not int or value["len"] < 0:
        yield Fault(where, "len must be the attachment's length in bytes")
    try:
        unb64u(value["key"], 32)
    except BadEncoding as bad:
        yield Fault(where, f"key {bad}")


def _text(value: object) -> bool:
    return isinstance(value, str)


def files(bid: Mapping[str, object]) -> list[File]:
    """The attachments that a faultless bid names, in their order."""
    rows = bid["fields"]
    assert isinstance(rows, list)
    told = [value for path, value in rows if path.startswith("files/")]
    return [File(unb64u(value["key"], 32), value["len"]) for value in told]


def padded(bid: object) -> bytes:
    """A bid's text, padded to its bucket; raises BadEncoding when it cannot be written or is too long."""
    return pad(canonical(bid))


def pad(plain: bytes) -> bytes:
    """A bid's text up to its bucket; raises BadEncoding for 16 MiB and more."""
    bucket = stream.body_bucket(len(plain))
    if bucket is None:
        raise BadEncoding(f"the bid has {len(plain)} bytes, too many; move long texts into an attachment")
    return stream.pad(plain, bucket)


def padded_file(content: bytes) -> bytes:
    """An attachment, padded to its bucket."""
    return stream.pad(content, stream.blob_bucket(len(content)))


def chunk_root(pieces: Iterable[bytes]) -> bytes:
    """The root over a text's pieces, as they come."""
    return merkle.root_of([merkle.leaf(piece) for piece in pieces])


def blob_key(random32: bytes, padded: bytes) -> bytes:
    """An attachment's key, fresh also where the randomness repeats: 32 fresh bytes and the padded attachment."""
    return hmac.digest(random32, chunk_root(stream.chunks(padded)), "sha256")


def fresh_seed(random32: bytes, ctx: Mapping[str, object], bid: object) -> bytes:
    """An envelope's seed, fresh also where the randomness repeats: 32 fresh bytes, the context and the bid."""
    return hmac.digest(random32, sha256(canonical(ctx)) + sha256(padded(bid)), "sha256")


def attachment(name: str, media: str, content: bytes, random32: bytes) -> dict[str, object]:
    """The value of the field of a new attachment; it keeps its key while it is unchanged."""
    key = blob_key(random32, padded_file(content))
    return {"name": name, "media": media, "len": len(content), "key": b64u(key)}


def seal_file(key: bytes, content: bytes) -> Blob:
    """Seal an attachment under the key in its field."""
    pieces = list(stream.seal_chunks(key, stream.chunks(padded_file(content))))
    return Blob(b"".join(pieces), b64u(chunk_root(pieces)))


def blob_root(sealed: bytes) -> str:
    """The root by which a sealed attachment is named."""
    return b64u(chunk_root(stream.chunks(sealed, stream.SEALED_CHUNK)))
