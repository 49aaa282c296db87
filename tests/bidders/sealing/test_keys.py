"""Officers' keys, their locks, manifests, signatures, releases and hand-overs come out as the vectors say."""

from __future__ import annotations

from typing import Any

import pytest

from bidders.sealing import manifest, officers, release, rewrap, signing
from bidders.sealing.encoding import b64u, unb64u
from bidders.sealing.officers import OfficerKeys
from tests.bidders.sealing import vectors

CASES = pytest.mark.parametrize("case", vectors.FULL, ids=lambda case: case["name"])


def keys(case: Any) -> list[OfficerKeys]:
    """The officers' keys in order of x."""
    tender = case["manifests"][0]["tender"]
    return [OfficerKeys(tender, unb64u(each["os"])) for each in case["officers"]]


@CASES
def test_a_manifest_and_its_addenda_hold(case: Any) -> None:
    chain = case["manifests"]
    assert manifest.chain_faults(chain) == []
    assert [manifest.manifest_hash(each) for each in chain] == case["mh"]
    assert manifest.committee_code(chain[0]) == case["committee_code"]
    rows = [
        each.entry(x, row["name"], row["org"])
        for x, (each, row) in enumerate(zip(keys(case), chain[0]["officers"], strict=True), 1)
    ]
    assert rows == chain[0]["officers"]
    assert [each.sign(manifest.accept_message(case["mh"][0])) for each in keys(case)] == case["accepts"]
    assert manifest.missing_acceptances(chain[0], dict(enumerate(case["accepts"], 1))) == []


@CASES
def test_locks_open_and_are_made_again(case: Any) -> None:
    locks, uk = case["locks"], unb64u(case["locks"]["uk"])
    code, prf, os = locks["records"]
    name, first = locks["officer"], keys(case)[0]
    secret = unb64u(code["secret"])
    assert officers.code_text(secret) == locks["code_text"]
    assert officers.code_bytes(locks["code_text"].lower().replace("-", " ").replace("0", "o")) == secret
    assert b64u(officers.prf_input()) == locks["prf_input"]
    assert officers.open_code(code["record"], name, secret) == uk
    assert officers.lock_code(uk, name, secret, unb64u(code["record"]["iv"])) == code["record"]
    output, cred = unb64u(prf["secret"]), prf["record"]["cred"]
    assert officers.open_prf(prf["record"], name, output) == uk
    assert officers.lock_prf(uk, name, cred, output, unb64u(prf["record"]["iv"])) == prf["record"]
    assert officers.open_os(os["record"], name, first.tender, first.kid, uk).os == first.os
    assert officers.lock_os(first, name, uk, unb64u(os["record"]["iv"])) == os["record"]


@CASES
def test_vendors_signatures_hold(case: Any) -> None:
    logged = [leaf[0] for leaf in case["log"]["leaves"] if isinstance(leaf, list)]
    by_vendor = {
        each["vendor"]: {n: each[n] for n in ("alg", "kid", "pk", "rp_id", "origin")}
        for each in logged
        if each["type"] == "vendor.key"
    }
    acknowledged = {
        each["sig_sha256"]: each["manifest"] for each in logged if each["type"] == "bid.acknowledged"
    }
    for digest, told in case["sigs"].items():
        sig, key = told["sig"], by_vendor[told["vendor"]]
        assert signing.sig_sha256(sig) == digest
        mh = acknowledged.get(digest)
        assert signing.verify(sig, told["verb"], key, mh) == sig["eids"]
        if sig["alg"] == "ed25519":
            seed = unb64u(case["vendors"][told["vendor"]]["seed"])
            assert signing.sign(seed, told["verb"], sig["eids"], mh) == sig
            assert signing.plain_key(seed) == key


@CASES
def test_releases_hold(case: Any) -> None:
    last = case["manifests"][-1]
    envelopes = {each["eid"]: each["envelope"] for each in case["seals"]}
    for posted in case["releases"]:
        told = posted["release"]
        due = [item["eid"] for item in told["items"]]
        assert release.release_faults(posted, last, told["env"], told["close"], due) == []
        found = release.shares_in(posted, envelopes)
        assert [[told["x"], eid] for eid in found.forged] == [
            each for each in case["forged"] if each[0] == told["x"] and each[1] in due
        ]


@CASES
def test_a_hand_over_gives_the_successor_the_same_keys(case: Any) -> None:
    told, first = case["rewrap"], keys(case)[0]
    successor = OfficerKeys(first.tender, unb64u(told["successor_os"]))
    assert rewrap.make(first, 1, told["rewrap"]["to"], unb64u(told["ikm"])) == told["rewrap"]
    assert rewrap.take(told["rewrap"], successor).os == first.os
    assert rewrap.rewrap_faults(told["rewrap"], told["sig"], told["to_sig"], case["manifests"][0]) == []
