"""The folder of a rehearsed opening: `tender.json`, `officers/*.json`, `vendors/*.json`, `commits/*.zip`.

An officer's file is `{x, os}`. A vendor's file has its name, `v1.json`, and its logged key: `{alg, kid, pk, rp_id, origin}`; the
key file of `tenderbell seal` will do, too. A commit is a zip as the kit or `tenderbell seal` saves it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec

from auction.record.note import ED25519, Key
from auction.terms.faults import Fault, Faulty
from bidders.sealing import commit, rehearsed, signing
from bidders.sealing.commit import Stored
from bidders.sealing.encoding import BadEncoding, V, b64u, unb64u
from bidders.sealing.envelope import context_faults
from bidders.sealing.manifest import accept_message, manifest_hash
from bidders.sealing.manifest_form import SUITE
from bidders.sealing.officers import OfficerKeys
from server.sealed import packet, tender_file


class Left(msgspec.Struct, frozen=True):
    """A commit that does not count, with the reason."""

    file: str
    reason: str
    why: str


class Folder(msgspec.Struct, frozen=True):
    """What an opening begins with: the manifest in force, the envelopes that count, the officers who came."""

    manifest: dict[str, Any]
    counted: list[Stored]
    officers: dict[int, OfficerKeys]
    refused: list[Left]


def read(folder: Path, present: str | None) -> Folder:
    """Read and check a folder; raises Faulty with every fault of the tender or an officer, or OSError."""
    tender = tender_file.read(folder / "tender.json", None)
    officers = _officers(folder / "officers", tender.last, present)
    keys = {file.stem: _json(file) for file in sorted((folder / "vendors").glob("*.json"))}
    stored: list[Stored] = []
    refused: list[Left] = []
    for file in sorted((folder / "commits").glob("*.zip")):
        try:
            stored += _taken(
                file.read_bytes(), tender, {name: key.get("key", key) for name, key in keys.items()}
            )
        except (commit.Refused, packet.BadPacket) as error:
            refused.append(Left(file.name, getattr(error, "reason", "malformed"), str(error)))
    return Folder(tender.last, rehearsed.current(stored), officers, refused)


def _json(file: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Faulty([Fault(str(file), str(error))]) from error
    return found


def _officers(folder: Path, manifest: dict[str, Any], present: str | None) -> dict[int, OfficerKeys]:
    rows = {str(each["x"]): each for each in manifest["officers"]}
    wanted = None if present is None else set(present.split(","))
    if wanted and (odd := wanted - set(rows)):
        raise Faulty(
            [Fault("--officers", f"there is no officer {sorted(odd)[0]}; there are 1 to {len(rows)}")]
        )
    found = {}
    for file in sorted(folder.glob("*.json")):
        told = _json(file)
        if wanted is None or str(told.get("x")) in wanted:
            found[int(told.get("x", 0))] = _keys(file, told, manifest["tender"], rows)
    return found


def _keys(file: Path, told: dict[str, Any], tender: str, rows: dict[str, Any]) -> OfficerKeys:
    try:
        keys = OfficerKeys(tender, unb64u(told["os"], 32))
    except (BadEncoding, KeyError) as error:
        raise Faulty([Fault(str(file), f"needs x and os, 32 bytes in base64url: {error}")]) from error
    row = rows.get(str(told.get("x")))
    if row is None or keys.entry(row["x"], row["name"], row["org"]) != row:
        raise Faulty([Fault(str(file), "is not the key that the manifest names for this officer")])
    return keys


def _taken(data: bytes, tender: tender_file.TenderFile, keys: dict[str, Any]) -> Iterable[Stored]:
    held, blobs = packet.read(data)
    items, _ = commit.parse(held)
    vendor = _vendor(items)
    if vendor not in keys:
        raise commit.Refused("key", f"there is no vendors/{vendor}.json with the key of {vendor}")
    stored = commit.taken(held, blobs, keys[vendor], len(tender.last["officers"]))
    versions = {manifest_hash(each): each for each in tender.manifests}
    for each in stored:
        named = versions.get(each.ctx["manifest"], tender.last)
        if faults := context_faults(each.ctx, named, manifest_hash(named), vendor):
            raise commit.Refused("context", f"{faults[0].path}: {faults[0].message}")
    return stored


def _vendor(items: list[dict[str, Any]]) -> str:
    try:
        return str(items[0]["envelope"]["ctx"]["vendor"])
    except (KeyError, TypeError) as error:
        raise commit.Refused("malformed", "items[0].envelope.ctx.vendor is missing") from error


def make_example(folder: Path, random: Callable[[int], bytes]) -> None:
    """Make a folder with a made-up tender of two lots, two of three officers, and their keys; raises Faulty if it is there."""
    if folder.exists():
        raise Faulty([Fault(str(folder), "is there already; name a new folder")])
    for name in ("officers", "vendors", "commits"):
        (folder / name).mkdir(parents=True)
    officers = {x: OfficerKeys("EXAMPLE", random(32)) for x in (1, 2, 3)}
    manifest = _example(officers, random)
    mh = manifest_hash(manifest)
    accepted = [{"x": x, "sig": keys.sign(accept_message(mh))} for x, keys in officers.items()]
    _write(folder / "tender.json", {"manifests": [manifest], "acceptances": accepted})
    for x, keys in officers.items():
        _write(folder / "officers" / f"{x}.json", {"x": x, "os": b64u(keys.os)})


def _write(file: Path, value: object) -> None:
    file.write_bytes(msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n")


def _example(officers: dict[int, OfficerKeys], random: Callable[[int], bytes]) -> dict[str, Any]:
    log = Key("log.example/1", ED25519, unb64u(signing.plain_key(random(32))["pk"]))
    rows = [keys.entry(x, f"Officer {x}", f"District {'AAB'[x - 1]}") for x, keys in officers.items()]
    return {
        "v": V, "type": "manifest", "tender": "EXAMPLE", "ver": 1, "prev": None, "title": "An example", "suite": SUITE,
        "lots": [{"id": "1", "title": "Milk"}, {"id": "2", "title": "Juice"}], "envs": ["price"],
        "opens_at": "2030-01-02T17:00:00.000Z", "closes_at": "2030-01-02T16:00:00.000Z", "quorum": 2, "officers": rows,
        "docs": [], "client": {"sha256": b64u(bytes(32)), "url": "https://bids.example/seal.html"},
        "log": {"origin": log.name, "vkey": log.vkey, "witnesses": [], "k": 0}, "pad": "b1",
        "rules": {"reseal": "reject", "late": "drop", "material": "keep"},
    }  # fmt: skip
