"""`tenderbell seal`: seal bids on one's own machine, into a zip for the upload page and a copy for the vendor."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import msgspec

from auction.terms.faults import Fault, Faulty
from bidders.box import content
from bidders.sealing import commit, signing
from bidders.sealing.encoding import BadEncoding, b64u, unb64u
from bidders.sealing.envelope import envelope_faults, fresh_seed, seal, self_check
from bidders.sealing.manifest import committee_code, officer_keys
from bidders.sealing.packing import Sealed
from server.sealed import bid_file, packet, tender_file
from server.sealed.bid_file import Copy, Random
from server.sealed.tender_file import TenderFile
from server.terminal import complain


def configure(parser: argparse.ArgumentParser) -> None:
    """Name the command's arguments."""
    parser.add_argument("tender", type=Path, help="the tender's file, JSON")
    parser.add_argument("bid", type=Path, help="the bid file, JSON; attachments lie beside it")
    parser.add_argument("--out", type=Path, required=True, metavar="ZIP", help="the zip to upload")
    parser.add_argument(
        "--key", type=Path, required=True, metavar="FILE", help="the signing key; made if missing"
    )
    parser.add_argument("--previous", type=Path, metavar="COPY", help="the copy of what this replaces")
    parser.add_argument("--committee", metavar="CODE", help="the committee code, from the legal notice")
    parser.add_argument("--log-key", metavar="VKEY", help="the log's key, from the consortium's own notice")


def run(args: argparse.Namespace) -> int:
    """Seal, try the envelopes out, and save them; 2 with every fault when anything does not hold, and nothing is saved."""
    try:
        tender = tender_file.read(args.tender, args.log_key)
        _compare(tender, args.committee)
        sealed, copies, vendor = _sealed(args, tender)
        key = _key(args.key, args.random)
        _save(args.out, sealed, copies, key)
    except Faulty as faulty:
        return complain(f"{fault.path}: {fault.message}" for fault in faulty.faults)
    except BadEncoding as bad:
        return complain([f"{args.bid}: {bad}"])
    except OSError as error:
        return complain([f"{error.filename}: {error.strerror or error}"])
    _tell(args, tender, sealed, vendor, key)
    return 0


def _compare(tender: TenderFile, code: str | None) -> None:
    found = committee_code(tender.last)
    if code is not None and code.replace("-", "").upper() != found.replace("-", ""):
        raise Faulty(
            [Fault("committee", f"the tender's officers give {found}, not {code}; do not seal, and ask")]
        )


def _sealed(args: argparse.Namespace, tender: TenderFile) -> tuple[list[Sealed], list[Copy], str]:
    given = bid_file.read(args.bid)
    before = bid_file.read_copies(args.previous) if args.previous else []
    made = [
        _one(asked, given.vendor, tender, before, args.bid.parent, args.random) for asked in given.envelopes
    ]
    return [each for each, _ in made], [copy for _, copy in made], given.vendor


def _one(
    asked: bid_file.Asked, vendor: str, tender: TenderFile, before: list[Copy], folder: Path, random: Random
) -> tuple[Sealed, Copy]:
    ready = bid_file.ready(asked, vendor, tender.last, before, folder, random)
    if faults := _price_faults(ready, tender):
        raise Faulty(faults)
    officers, quorum = officer_keys(tender.last), tender.last["quorum"]
    seed = fresh_seed(random(32), ready.ctx, ready.bid)
    sealed = seal(ready.ctx, officers, quorum, seed, ready.bid, ready.contents)
    if faults := envelope_faults(sealed.envelope, len(officers)):
        raise Faulty(faults)
    if not self_check(sealed, seed, officers, quorum):
        raise Faulty([Fault(f"lot {asked.lot}", "the envelope did not open again; nothing was saved")])
    return sealed, Copy(b64u(seed), sealed.envelope, ready.bid)


def _price_faults(ready: bid_file.Ready, tender: TenderFile) -> list[Fault]:
    """What the opening would find wrong with prices, packs and the total; nothing where the file tells no lines."""
    lines = next((each.lines for each in tender.lots if each.id == ready.ctx["lot"]), ())
    if ready.ctx["env"] != "price" or not lines:
        return []
    found = content.read(ready.bid, lines).faults
    return [Fault(f"lot {ready.ctx['lot']}", said) for said in found]


def _key(file: Path, random: Random) -> bytes:
    """The vendor's signing key, made and saved for its owner alone where there is none."""
    if not file.exists():
        seed = random(32)
        _write_secret(file, msgspec.json.encode({"seed": b64u(seed), "key": signing.plain_key(seed)}))
        return seed
    try:
        return unb64u(msgspec.json.decode(file.read_bytes(), type=dict[str, object])["seed"], 32)
    except (msgspec.MsgspecError, UnicodeDecodeError, BadEncoding, KeyError) as error:
        raise Faulty([Fault(str(file), f"is no key file of this command: {error}")]) from error


def _write_secret(file: Path, data: bytes) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(data)


def copy_file(out: Path) -> Path:
    """Where the vendor's copy of a zip is saved."""
    return out.with_name(f"{out.stem}.copy.json")


def _save(out: Path, sealed: list[Sealed], copies: list[Copy], key: bytes) -> None:
    signature = signing.sign(key, "submit", [each.eid for each in sealed])
    blobs = {blob.root: blob.sealed for each in sealed for blob in each.blobs}
    _write_secret(copy_file(out), msgspec.json.encode(copies))
    out.write_bytes(packet.write(commit.make(sealed, signature), blobs))


def _tell(
    args: argparse.Namespace, tender: TenderFile, sealed: list[Sealed], vendor: str, key: bytes
) -> None:
    print(
        f"Committee code {committee_code(tender.last)}: compare it with the legal notice before you upload."
    )
    for each in sealed:
        ctx: dict[str, object] = each.envelope["ctx"]  # type: ignore[assignment]
        print(f"Lot {ctx['lot']}, {ctx['env']}, revision {ctx['rev']}: {each.eid}")
    if args.log_key is None:
        print("The log was not looked at: give --log-key to check that the tender is in it.")
    print(f"{args.out} is for the upload page. Nobody can read it.")
    print(f"{copy_file(args.out)} is your copy: keep it secret and safe until the award.")
    print(f"Key of {vendor}, to be on record before: {msgspec.json.encode(signing.plain_key(key)).decode()}")
