"""The tender's file: its manifests with what proves them, read and checked before anything is sealed for it.

`{manifests, acceptances: [{x, sig}], addenda: [[{x, sig}], ...], proofs: [text, ...], lots: [{id, lines}]}`; other members are
left alone. The proofs are receipts of `tender.published` and of every `tender.addendum`; without the log's key they are not
looked at.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from auction.record import note, receipt
from auction.terms.faults import Fault, Faulty
from auction.terms.schedule import LotLine
from bidders.sealing import manifest, points


class Listed(msgspec.Struct, frozen=True):
    """A lot with its lines, as prices are read against them."""

    id: str
    lines: tuple[LotLine, ...] = ()


class TenderFile(msgspec.Struct, frozen=True):
    """A tender's manifests, oldest first, with their signatures and proofs."""

    manifests: list[dict[str, Any]]
    acceptances: list[dict[str, Any]]
    addenda: list[list[dict[str, Any]]] = []
    proofs: list[str] = []
    lots: list[Listed] = []

    @property
    def last(self) -> dict[str, Any]:
        """The manifest in force."""
        return self.manifests[-1]


def read(file: Path, log_key: str | None) -> TenderFile:
    """Read a tender's file and check all that a client can; raises Faulty with every fault, or OSError.

    With the log's key also the proofs that the log holds the manifests are checked, and then all of them are needed.
    """
    try:
        tender = msgspec.json.decode(file.read_bytes(), type=TenderFile)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Faulty([Fault(str(file), str(error))]) from error
    found = faults(tender) or ([] if log_key is None else _proof_faults(tender, log_key))
    if found:
        raise Faulty(found)
    return tender


def faults(tender: TenderFile) -> list[Fault]:
    """What keeps one from sealing: the chain of manifests, missing acceptances, unsigned addenda."""
    if found := manifest.chain_faults(tender.manifests):
        return found
    sigs = {each["x"]: each.get("sig") for each in tender.acceptances if type(each.get("x")) is int}
    missing = manifest.missing_acceptances(tender.manifests[0], sigs)
    found = [Fault("acceptances", f"officer {x} has not accepted; do not seal yet") for x in missing]
    if len(tender.addenda) != len(tender.manifests) - 1:
        return [*found, Fault("addenda", "needs the officers' signatures for each manifest after the first")]
    return found + [
        Fault(f"addenda[{place}]", "no officer's signature holds for this addendum; do not seal")
        for place, (each, signed) in enumerate(zip(tender.manifests[1:], tender.addenda, strict=True))
        if not manifest.addendum_holds(each, signed)
    ]


def _proof_faults(tender: TenderFile, log_key: str) -> list[Fault]:
    if log_key != tender.last["log"]["vkey"]:
        return [Fault("log.vkey", "is not the log's key that you gave; ask the consortium before you seal")]
    if len(tender.proofs) != len(tender.manifests):
        return [Fault("proofs", "needs the log's receipt of each manifest")]
    key = note.read_vkey(log_key)
    found = (_proof_fault(tender, place, key) for place in range(len(tender.manifests)))
    return [Fault(f"proofs[{place}]", said) for place, said in enumerate(found) if said]


def _proof_fault(tender: TenderFile, place: int, key: note.Key) -> str | None:
    try:
        event = receipt.verify(tender.proofs[place].encode(), key, points.verifies).disclosed.event
    except note.BadNote as bad:
        return str(bad)
    expected = (
        "tender.addendum" if place else "tender.published",
        manifest.manifest_hash(tender.manifests[place]),
    )
    if (event.get("type"), event.get("manifest"), event.get("tender")) != (*expected, tender.last["tender"]):
        return f"is not the log's receipt of {expected[0]} of this manifest"
    return None
