"""Bringing back: a vendor's own copy opens what too few officers can, and heals what was damaged on our side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import SEEK_END
from typing import IO, Any

import msgspec

from auction.terms.faults import Fault, Faulty
from bidders.box.state import Box
from bidders.sealing import bid as bids
from bidders.sealing.encoding import BadEncoding, b64u, sha256, unb64u
from bidders.sealing.manifest import officer_keys
from bidders.sealing.opening import open_with_seed
from bidders.sealing.packing import Derived, Envelope, eid_of, packed
from server.sealed.bid_file import Copy
from server.sealed.store import Store


def copies(text: bytes) -> dict[str, Copy]:
    """The vendor's copies in a file, by the ids of their envelopes; raises `Faulty`."""
    try:
        given = msgspec.json.decode(text, type=list[Copy])
        return {eid_of(each.envelope): each for each in given}
    except (msgspec.MsgspecError, UnicodeDecodeError, BadEncoding) as bad:
        told = "is not the copy that was saved when the bid was sealed; choose the file own-copy-….json"
        raise Faulty([Fault("The file", told)]) from bad


class Held(msgspec.Struct, frozen=True):
    """What is stored of an envelope, and which of it is not what the envelope names: its body, and attachments by place."""

    envelope: Envelope
    body: bytes
    blobs: tuple[bytes, ...]
    lost_body: bool
    lost_files: tuple[int, ...]

    @property
    def whole(self) -> bool:
        """Tell whether nothing is damaged."""
        return not self.lost_body and not self.lost_files


def held(store: Store, eid: str) -> Held:
    """Look at everything that is stored of an envelope; raises `Faulty` where even its public part is lost."""
    try:
        envelope = store.envelope(eid)
        if eid_of(envelope) != eid:
            raise BadEncoding("another envelope stands in its place")
    except (OSError, KeyError, BadEncoding, msgspec.DecodeError) as bad:
        told = "its public part is lost on our side as well; tell the buyer, with your receipt"
        raise Faulty([Fault(f"Envelope {eid[:8]}", told)]) from bad
    body, blobs = store.body(eid), tuple(store.blobs(eid))
    lost = [
        place
        for place, (sealed, named) in enumerate(zip(blobs, envelope["blobs"], strict=True))
        if bids.blob_root(sealed) != named["root"]
    ]
    return Held(envelope, body, blobs, b64u(sha256(body)) != envelope["body"]["sha256"], tuple(lost))


def damage(store: Store, eids: Iterable[str]) -> dict[str, Held]:
    """The envelopes among these of which something is damaged; one whose public part is lost is not told here."""
    found = {}
    for eid in eids:
        try:
            found[eid] = held(store, eid)
        except Faulty:
            continue
    return {eid: each for eid, each in found.items() if not each.whole}


def manifest_of(box: Box, eid: str) -> dict[str, Any]:
    """The manifest that an envelope was sealed under."""
    return box.manifests[box.envelopes[eid].manifest]


# --- making the same bytes again -----------------------------------------------------------------------------------


def body_of(box: Box, eid: str, stored: Held, copy: Copy) -> bytes:
    """The sealed body that a copy gives again, where it is the one that the envelope names; raises `Faulty`."""
    manifest, envelope = manifest_of(box, eid), stored.envelope
    ctx: Any = envelope["ctx"]
    try:
        derived = Derived(ctx, unb64u(copy.seed, 32))
        plain = msgspec.json.encode(copy.bid, order="sorted")
        again = packed(
            derived, ctx, officer_keys(manifest), manifest["quorum"], plain, copy.bid["fields"], ()
        )
    except (BadEncoding, KeyError, AssertionError) as bad:
        raise Faulty([Fault(f"Envelope {eid[:8]}", "cannot be made again from this copy")]) from bad
    if again.envelope["body"] != envelope["body"]:
        raise Faulty([Fault(f"Envelope {eid[:8]}", "is another than this copy gives")])
    return again.body


def files_of(eid: str, stored: Held, copy: Copy, files: Sequence[IO[bytes]]) -> dict[int, bytes]:
    """The sealed attachments that the brought files give again, by place; raises `Faulty` with every one that is missing."""
    named: Any = stored.envelope["blobs"]
    rows, found, missing = _rows(eid, copy, len(named)), dict[int, bytes](), list[Fault]()
    for place in stored.lost_files:
        again = _again(rows[place], named[place]["root"], files)
        if again is None:
            told = "our copy of this attachment is damaged; choose the file that you attached, unchanged, too"
            missing.append(Fault(f"Envelope {eid[:8]}, {rows[place]['name']}", told))
        else:
            found[place] = again
    if missing:
        raise Faulty(missing)
    return found


def _rows(eid: str, copy: Copy, count: int) -> list[dict[str, Any]]:
    """What a copy says of its attachments, in their order."""
    if bids.bid_faults(copy.bid) or len(bids.files(copy.bid)) != count:
        raise Faulty([Fault(f"Envelope {eid[:8]}", "this copy names other attachments than the envelope")])
    return [value for path, value in copy.bid["fields"] if path.startswith("files/")]


def _again(row: dict[str, Any], root: str, files: Sequence[IO[bytes]]) -> bytes | None:
    """The sealed bytes of an attachment, from whichever file gives them; its name does not matter."""
    for file in files:
        if file.seek(0, SEEK_END) == row["len"]:
            file.seek(0)
            sealed = bids.seal_file(unb64u(row["key"], 32), file.read())
            if sealed.root == root:
                return sealed.sealed
    return None


def seed_of(box: Box, eid: str, copy: Copy, envelope: Envelope, body: bytes, blobs: Sequence[bytes]) -> bytes:
    """The seed of a copy, where the whole envelope seals to the same again with it; raises `Faulty`."""
    manifest = manifest_of(box, eid)
    try:
        seed = unb64u(copy.seed, 32)
    except BadEncoding as bad:
        raise Faulty([Fault(f"Envelope {eid[:8]}", f"its seed {bad}")]) from bad
    found = open_with_seed(envelope, body, blobs, seed, officer_keys(manifest), manifest["quorum"])
    if found.result != "opened" or found.eid != eid:
        raise Faulty([Fault(f"Envelope {eid[:8]}", "does not seal to the same again with this copy")])
    return seed


# --- what came -----------------------------------------------------------------------------------------------------


class Piece(msgspec.Struct, frozen=True):
    """What a vendor brought of one envelope: its body and its attachments by place, where those were damaged, and its seed."""

    body: bytes | None = None
    files: dict[int, bytes] = {}
    seed: bytes | None = None

    @property
    def heals(self) -> bool:
        """Tell whether something is put back."""
        return self.body is not None or bool(self.files)


class Asked(msgspec.Struct, frozen=True):
    """Which of a vendor's envelopes it is asked to open itself, and which were found damaged at the opening."""

    wanted: tuple[str, ...]
    damaged: tuple[str, ...]


def read(store: Store, box: Box, asked: Asked, text: bytes, files: Sequence[IO[bytes]]) -> dict[str, Piece]:
    """Read a file of copies, and attachments, against what is asked for, by envelope; raises `Faulty` with all that is wrong.

    What the vendor is asked to open itself is healed first where it is damaged, too.
    """
    given = copies(text)
    named = [eid for eid in given if eid in asked.wanted or eid in asked.damaged]
    if not named:
        raise Faulty(
            [Fault("The file", "holds none of the envelopes that are asked for; choose another copy")]
        )
    found, faults = dict[str, Piece](), list[Fault]()
    for eid in named:
        try:
            found[eid] = _piece(store, box, eid, given[eid], files, eid in asked.wanted)
        except Faulty as bad:
            faults += bad.faults
    if faults:
        raise Faulty(faults)
    return found


def _piece(store: Store, box: Box, eid: str, copy: Copy, files: Sequence[IO[bytes]], reveals: bool) -> Piece:
    stored = held(store, eid)
    body = body_of(box, eid, stored, copy) if stored.lost_body else None
    again = files_of(eid, stored, copy, files)
    if not reveals:
        return Piece(body, again)
    blobs = [again.get(place, sealed) for place, sealed in enumerate(stored.blobs)]
    whole = stored.body if body is None else body
    return Piece(body, again, seed_of(box, eid, copy, stored.envelope, whole, blobs))


def put_back(store: Store, eid: str, piece: Piece) -> None:
    """Put an envelope's body and attachments back under their names; they were found to be the same bytes."""
    if piece.body is not None:
        store.replace_body(eid, piece.body)
    named = store.envelope(eid)["blobs"]
    for place, sealed in piece.files.items():
        store.replace_blob(named[place]["root"], sealed)
