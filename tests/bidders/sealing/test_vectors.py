"""Envelopes and openings come out as the vectors say, byte for byte."""

from __future__ import annotations

from typing import Any

import pytest

from bidders.sealing.encoding import b64u, sha256, unb64u
from bidders.sealing.envelope import envelope_faults, fresh_seed, seal, self_check
from bidders.sealing.hpke import key_pair
from bidders.sealing.opening import open_envelope
from bidders.sealing.packing import eid_of
from tests.bidders.sealing import vectors

SEALS = [(case, told) for case in vectors.FULL for told in case["seals"]]
RESULTS = [(case, told) for case in vectors.FULL for told in case["results"]]
OFFICERS = [key_pair(unb64u(secret))[1] for secret in vectors.KAT["officer_secrets"]]


@pytest.mark.parametrize("case", vectors.KAT["cases"])
def test_an_envelope_follows_from_its_seed(case: dict[str, Any]) -> None:
    quorum, seed = vectors.KAT["man"]["quorum"], unb64u(case["seed"])
    sealed = seal(vectors.KAT["ctx"], OFFICERS, quorum, seed, case["bid"])
    assert (sealed.envelope, sealed.eid) == (case["env"], case["eid"])
    assert b64u(sha256(sealed.body)) == case["body_sha256"]
    assert self_check(sealed, seed, OFFICERS, quorum)


@pytest.mark.parametrize(("case", "told"), SEALS)
def test_an_honest_vendor_seals_this_and_a_hostile_one_something_else(case: Any, told: Any) -> None:
    sealed = vectors.resealed(case, told)
    assert (sealed.envelope == told["envelope"]) == (told["altered"] in (None, "schema"))
    assert eid_of(told["envelope"]) == told["eid"]
    assert b64u(sha256(vectors.stored(case, told["eid"])[1])) == told["body_sha256"]
    assert b64u(fresh_seed(unb64u(told["rand"]), told["ctx"], told["bid"])) == told["seed"]
    assert envelope_faults(told["envelope"], len(vectors.officers(case))) == []


@pytest.mark.parametrize(("case", "told"), RESULTS)
def test_an_opening_ends_as_told(case: Any, told: Any) -> None:
    envelope, body, blobs = vectors.stored(case, told["eid"])
    held = vectors.shares(case, told["eid"])
    given = {x: held[x] for x in told["from"]}
    damaged = bytes([body[0] ^ 1]) + body[1:] if told["damaged"] else body
    opened = open_envelope(envelope, damaged, blobs, given, vectors.officers(case), vectors.quorum(case))
    found = (opened.eid, opened.result, opened.fault, opened.plain_sha256, opened.seed)
    assert found == tuple(told[name] for name in ("eid", "result", "fault", "plain_sha256", "seed"))
    assert (opened.bid is None) == (opened.result != "opened")
