"""Known answers about envelopes: seeds, keys of attachments, envelopes byte for byte, vendors' signatures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bidders.sealing import hpke, signing
from bidders.sealing.answers.case import Case, blob_key
from bidders.sealing.answers.checking import Check, check
from bidders.sealing.encoding import b64u, canonical, kid_of, sha256, unb64u
from bidders.sealing.envelope import envelope_faults, fresh_seed, self_check
from bidders.sealing.manifest import manifest_hash
from bidders.sealing.packing import Derived, Sealed, eid_of, packed

HONEST = (None, "schema")
_KEY = ("alg", "kid", "pk", "rp_id", "origin")


def of_single(told: dict[str, Any]) -> Iterator[Check]:
    """Single envelopes, of a file without tenders: officers' keys, the context, every envelope."""
    pairs = [hpke.key_pair(unb64u(secret, 32)) for secret in told["officer_secrets"]]
    man = told["man"]
    rows = [{"x": x, "pk": b64u(pk), "kid": kid_of(pk)} for x, (_, pk) in enumerate(pairs, 1)]
    yield check("man.officers", man["officers"], lambda: rows)
    yield check("ctx.manifest", told["ctx"]["manifest"], lambda: manifest_hash(man))
    yield check("ctx.tender", told["ctx"]["tender"], lambda: man["tender"])
    officers = [pk for _, pk in pairs]
    for place, case in enumerate(told["cases"]):
        ctx, seed, bid = told["ctx"], unb64u(case["seed"], 32), case["bid"]
        derived = Derived(ctx, seed)
        sealed = packed(derived, ctx, officers, man["quorum"], canonical(bid), bid["fields"], ())
        yield from _of_envelope(f"cases[{place}]", case, "env", sealed)
        checked = self_check(sealed, seed, officers, man["quorum"])
        yield check(f"cases[{place}] opens again", True, lambda checked: checked, checked)


def _of_envelope(where: str, told: dict[str, Any], name: str, sealed: Sealed) -> Iterator[Check]:
    yield check(f"{where}.{name}", told[name], lambda: sealed.envelope)
    yield check(f"{where}.eid", told["eid"], lambda: sealed.eid)
    yield check(f"{where}.body_sha256", told["body_sha256"], lambda: b64u(sha256(sealed.body)))


def of_seals(case: Case) -> Iterator[Check]:
    """Every bid of a tender: its seed, its attachments' keys, and its envelope; hostile ones by what they keep."""
    for place, told in enumerate(case.told["seals"]):
        where = f"seals[{place}]"
        yield check(f"{where}.seed", told["seed"], _seed, told)
        yield check(
            f"{where} keys",
            _keys_told(told),
            lambda told: [b64u(blob_key(each)) for each in told["blobs"]],
            told,
        )
        yield check(f"{where} manifest", True, lambda told: told["ctx"]["manifest"] in case.told["mh"], told)
        yield check(f"{where} form", [], lambda told: _form(case, told), told)
        if told["altered"] in HONEST:
            yield from _of_envelope(where, told, "envelope", case.sealed(told["eid"]))
        else:
            yield from _of_hostile(where, told, case)


def _seed(told: dict[str, Any]) -> str:
    return b64u(fresh_seed(unb64u(told["rand"], 32), told["ctx"], told["bid"]))


def _form(case: Case, told: dict[str, Any]) -> list[str]:
    return [f"{each.path}: {each.message}" for each in envelope_faults(told["envelope"], len(case.officers))]


def _keys_told(told: dict[str, Any]) -> list[object]:
    fields = {str(field[0]): field[1] for field in told["bid"]["fields"]}
    return [fields[f"files/{place}"]["key"] for place in range(len(told["blobs"]))]


def _of_hostile(where: str, told: dict[str, Any], case: Case) -> Iterator[Check]:
    envelope, body, _ = case.stored(told["eid"])
    named = {"len": len(body), "sha256": told["body_sha256"]}
    yield check(f"{where}.eid", told["eid"], lambda: eid_of(envelope))
    yield check(f"{where}.envelope.ctx", envelope["ctx"], lambda: told["ctx"])
    yield check(f"{where}.body_sha256", told["body_sha256"], lambda: b64u(sha256(body)))
    yield check(f"{where}.envelope.body", envelope["body"], lambda: named)
    yield check(f"{where} altered", True, lambda: case.sealed(told["eid"]).envelope != envelope)


def of_vendors(case: Case) -> Iterator[Check]:
    """Vendors' keys, from their secrets, and their signatures: made again where that can be done, and verified."""
    logged = {each["vendor"]: {name: each[name] for name in _KEY} for each in case.of_type("vendor.key")}
    yield check("vendors", sorted(case.told["vendors"]), lambda: sorted(logged))
    for vendor, told in case.told["vendors"].items():
        key = logged[vendor]
        made = {"alg": told["alg"], "pk": b64u(_public(told)), "kid": kid_of(_public(told))}
        yield check(f"vendors.{vendor}", made, lambda key: {n: key[n] for n in ("alg", "pk", "kid")}, key)
    acknowledged = {each["sig_sha256"]: each["manifest"] for each in case.of_type("bid.acknowledged")}
    for digest, told in case.told["sigs"].items():
        mh = told.get("manifest")
        yield check(f"sigs.{digest} manifest", mh, acknowledged.get, digest)
        key, sig, verb = logged[told["vendor"]], told["sig"], told["verb"]
        yield check(f"sigs.{digest}", digest, lambda sig: signing.sig_sha256(sig), sig)
        yield check(f"sigs.{digest} verified", sig["eids"], signing.verify, sig, verb, key, mh)
        if sig["alg"] == signing.PLAIN:
            seed = unb64u(case.told["vendors"][told["vendor"]]["seed"], 32)
            yield check(f"sigs.{digest} made", sig, signing.sign, seed, verb, sig["eids"], mh)


def _public(told: dict[str, Any]) -> bytes:
    seed = unb64u(told["seed"], 32)
    if told["alg"] != signing.ES256:
        return unb64u(signing.plain_key(seed)["pk"])
    point = derive_private_key(int.from_bytes(seed), SECP256R1()).public_key()
    return point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
