"""A vendor's bid file: the envelopes to be sealed, and their attachments, which lie beside it.

`{vendor, envelopes: [{lot, env, rev, fields: [[path, value], ...], note, files: [{path, media}]}]}`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from auction.terms.faults import Fault, Faulty
from bidders.sealing import bid as bids
from bidders.sealing.encoding import V, unb64u
from bidders.sealing.envelope import attachment, context_faults
from bidders.sealing.manifest import manifest_hash
from bidders.sealing.packing import Envelope

T = TypeVar("T")
Random = Callable[[int], bytes]
"""Gives so many fresh random bytes."""


class Attached(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file to be sealed with the bid; `path` is beside the bid file."""

    path: str
    media: str = "application/octet-stream"


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One envelope to be sealed; `rev` 0 is the one after the vendor's copy, or the first."""

    lot: str
    env: str
    fields: list[list[Any]]
    note: str = ""
    rev: int = 0
    files: list[Attached] = []


class BidFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a vendor seals at once."""

    vendor: str
    envelopes: list[Asked]


class Copy(msgspec.Struct, frozen=True):
    """What a vendor keeps of an envelope: its seed, the envelope and the bid. Whoever has it can read the bid."""

    seed: str
    envelope: Envelope
    bid: dict[str, Any]


class Ready(msgspec.Struct, frozen=True):
    """What is sealed into one envelope: the context, the bid with its attachments' fields, and their bytes."""

    ctx: dict[str, Any]
    bid: dict[str, Any]
    contents: list[bytes]


def read(file: Path) -> BidFile:
    """Read a bid file; raises Faulty, or OSError."""
    found = _read(file, BidFile)
    places = [(asked.lot, asked.env) for asked in found.envelopes]
    if not places or len({*places}) != len(places):
        raise Faulty([Fault("envelopes", "needs at least one, and of each lot and kind at most one")])
    return found


def read_copies(file: Path) -> list[Copy]:
    """Read the vendor's copies of envelopes sealed before; raises Faulty, or OSError."""
    return _read(file, list[Copy])


def _read(file: Path, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(file.read_bytes(), type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Faulty([Fault(str(file), str(error))]) from error


def ready(
    asked: Asked, vendor: str, manifest: Mapping[str, Any], copies: list[Copy], folder: Path, random: Random
) -> Ready:
    """Gather what goes into one envelope; raises Faulty where it does not agree with the manifest, or is no bid."""
    before = _before(asked, copies)
    mh = manifest_hash(manifest)
    rev = asked.rev or (1 if before is None else _rev(before) + 1)
    ctx = {
        "v": V, "tender": manifest["tender"], "manifest": mh, "lot": asked.lot, "env": asked.env, "vendor": vendor,
        "rev": rev,
    }  # fmt: skip
    contents = [(folder / each.path).read_bytes() for each in asked.files]
    rows = [
        [f"files/{place}", _row(each, content, before, random)]
        for place, (each, content) in enumerate(zip(asked.files, contents, strict=True))
    ]
    bid = {"fields": [*asked.fields, *rows], "note": asked.note}
    if faults := [*context_faults(ctx, manifest, mh, vendor), *bids.bid_faults(bid)]:
        raise Faulty(faults)
    return Ready(ctx, bid, contents)


def _before(asked: Asked, copies: list[Copy]) -> Copy | None:
    same = [each for each in copies if (_ctx(each)["lot"], _ctx(each)["env"]) == (asked.lot, asked.env)]
    return max(same, key=_rev, default=None)


def _ctx(copy: Copy) -> dict[str, Any]:
    ctx: dict[str, Any] = copy.envelope["ctx"]  # type: ignore[assignment]
    return ctx


def _rev(copy: Copy) -> int:
    return int(_ctx(copy)["rev"])


def _row(file: Attached, content: bytes, before: Copy | None, random: Random) -> dict[str, object]:
    """An attachment's field; one that is unchanged since the copy keeps its key, and so its sealed bytes."""
    name = Path(file.path).name
    for value, named in _sealed_before(before):
        if value["name"] == name and bids.seal_file(unb64u(value["key"], 32), content).root == named["root"]:
            return {**value, "media": file.media}
    return attachment(name, file.media, content, random(32))


def _sealed_before(before: Copy | None) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    if before is None:
        return []
    values = [value for path, value in before.bid["fields"] if path.startswith("files/")]
    blobs: list[dict[str, Any]] = before.envelope["blobs"]  # type: ignore[assignment]
    return list(zip(values, blobs, strict=True))
