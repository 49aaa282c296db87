"""Any quorum opens the same bid, fewer open nothing, and a vendor who deals falsely is always found."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from bidders.sealing import hpke, shares, stream
from bidders.sealing.bid import Blob, attachment, chunk_root, pad
from bidders.sealing.encoding import b64u, canonical, sha256, unb64u
from bidders.sealing.opening import (
    Due,
    Opened,
    open_due,
    open_envelope,
    open_with_seed,
    wrapped_share,
)
from bidders.sealing.packing import Derived, packed, share_commitment, wrap_info
from tests.bidders.sealing import made

XS = range(1, 6)


def released(envelope: dict[str, Any]) -> dict[int, bytes]:
    """What the officers find in their wraps."""
    found = {x: wrapped_share(envelope, x, keys.sk) for x, keys in enumerate(made.OFFICERS, 1)}
    return {x: share for x, share in found.items() if share is not None}


def opened(
    envelope: dict[str, Any], body: bytes, given: dict[int, bytes], blobs: tuple[bytes, ...] = ()
) -> Opened:
    """What opening gives."""
    return open_envelope(envelope, body, blobs, given, made.PKS, made.QUORUM)


def test_every_quorum_opens_the_same_bid() -> None:
    sealed = made.sealed()
    held = released(sealed.envelope)
    results = [
        opened(sealed.envelope, sealed.body, {x: held[x] for x in xs})
        for count in (3, 4, 5)
        for xs in combinations(XS, count)
    ]
    assert len(results) == 16 and all(each == results[0] for each in results)
    first = results[0]
    assert (first.result, first.bid, first.seed) == ("opened", made.BID, b64u(made.SEED))
    assert first.eid == sealed.eid and first.disc_root == sealed.envelope["disc"]["root"]
    due = Due(sealed.envelope, sealed.body, (), held, tuple(made.PKS), made.QUORUM)
    assert open_due(due) == first


def test_fewer_than_the_quorum_open_nothing() -> None:
    sealed = made.sealed()
    held = released(sealed.envelope)
    for count in range(3):
        for xs in combinations(XS, count):
            found = opened(sealed.envelope, sealed.body, {x: held[x] for x in xs})
            assert (found.result, found.bid, found.seed) == ("unopenable_officers", None, None)
    assert shares.combine({1: held[1], 2: held[2]}) != made.SEED


def test_a_forged_share_does_not_count_and_is_not_needed() -> None:
    sealed = made.sealed()
    held = released(sealed.envelope)
    forged = {**held, 1: bytes(32)}
    assert opened(sealed.envelope, sealed.body, forged).result == "opened"
    three = {x: forged[x] for x in (1, 2, 3)}
    assert opened(sealed.envelope, sealed.body, three).result == "unopenable_officers"
    swapped = {1: held[2], 2: held[1], 3: held[3], 9: held[4]}
    assert opened(sealed.envelope, sealed.body, swapped).result == "unopenable_officers"


@pytest.mark.parametrize(
    "changes",
    [
        {"tender": "T-2"},
        {"lot": "2"},
        {"env": "technical"},
        {"vendor": "v2"},
        {"rev": 2},
        {"manifest": b64u(bytes(32))},
    ],
)
def test_an_envelope_put_under_another_context_opens_for_nobody(changes: dict[str, Any]) -> None:
    sealed = made.sealed()
    moved = {**sealed.envelope, "ctx": made.ctx(**changes)}
    assert released(moved) == {}
    assert opened(moved, sealed.body, released(sealed.envelope)).result == "unopenable_officers"
    assert open_with_seed(moved, sealed.body, (), made.SEED, made.PKS, made.QUORUM).fault == "commit"


def test_damaged_bytes_are_the_hosts_fault() -> None:
    bid = {"fields": [["files/0", attachment("a", "b", b"annex", bytes(32))]], "note": ""}
    sealed = made.sealed(bid, (b"annex",))
    held, blob = released(sealed.envelope), sealed.blobs[0].sealed
    assert opened(sealed.envelope, sealed.body, held, (blob,)).files == (b"annex",)
    for body, blobs in [
        (sealed.body[:-1], (blob,)), (b"", (blob,)), (sealed.body, ()), (sealed.body, (blob[:-1],)), (sealed.body,
        (blob, blob)),
        (sealed.body, (bytes((blob[0] ^ 1,)) + blob[1:],)),
    ]:  # fmt: skip
        found = opened(sealed.envelope, body, held, blobs)
        assert (found.result, found.fault, found.bid) == ("unavailable_host", None, None)


class Hostile:
    """A vendor who seals what it likes: the honest envelope of this seed, with parts of its own."""

    def __init__(self, plain: bytes, fields: list[Any] | None = None, blobs: tuple[Blob, ...] = ()) -> None:
        self.ctx = made.ctx()
        self.derived = Derived(self.ctx, made.SEED)
        honest = packed(self.derived, self.ctx, made.PKS, made.QUORUM, plain, fields or [], blobs)
        self.envelope, self.body = honest.envelope, honest.body
        self.blobs = tuple(blob.sealed for blob in blobs)

    def with_body(self, body: bytes) -> Hostile:
        """Put in another sealed body."""
        self.body = body
        self.envelope = {**self.envelope, "body": {"len": len(body), "sha256": b64u(sha256(body))}}
        return self

    def sealing(self, padded: bytes) -> Hostile:
        """Put in another text, sealed as it must be."""
        return self.with_body(stream.seal(self.derived.x(b"stream/0"), padded))

    def dealing(self, told: list[bytes]) -> Hostile:
        """Give the officers other shares, and commit to these."""
        sc = [b64u(share_commitment(self.derived.ch, x, share)) for x, share in enumerate(told, 1)]
        wraps = [b64u(wrap) for wrap in self.derived.wraps(made.PKS, told)]
        self.envelope = {**self.envelope, "sc": sc, "wraps": wraps}
        return self

    def faults(self) -> set[tuple[str, str | None]]:
        """What every quorum finds."""
        held = released(self.envelope)
        found = [
            opened(self.envelope, self.body, {x: held[x] for x in xs}, self.blobs)
            for count in (3, 4, 5)
            for xs in combinations(sorted(held), count)
        ]
        assert all((each.bid, each.seed, each.plain_sha256, each.files) == (None,) * 4 for each in found)
        return {(each.result, each.fault) for each in found}


PLAIN = canonical(made.BID)
FIELDS: list[Any] = made.BID["fields"]


def found(fault: str) -> set[tuple[str, str | None]]:
    """The same for every quorum."""
    return {("nonresponsive", fault)}


def test_the_hostile_vendors_honest_envelope_opens() -> None:
    honest = Hostile(PLAIN, FIELDS)
    assert opened(honest.envelope, honest.body, released(honest.envelope)).result == "opened"


def test_a_false_commitment_is_found_before_anything_is_decrypted() -> None:
    hostile = Hostile(PLAIN, FIELDS)
    hostile.envelope = {**hostile.envelope, "commit": b64u(bytes(32))}
    assert hostile.faults() == found("commit")


def test_shares_of_another_seed_are_found() -> None:
    other = Derived(made.ctx(), bytes(32)).shares(made.QUORUM, 5)
    assert Hostile(PLAIN, FIELDS).dealing(other).faults() == found("commit")


def test_a_vendor_whose_shares_depend_on_who_comes_is_found_by_every_quorum() -> None:
    honest = Hostile(PLAIN, FIELDS)
    told = honest.derived.shares(made.QUORUM, 5)
    two_faced = honest.dealing([*told[:4], bytes(32)])
    assert two_faced.faults() == {("nonresponsive", "reseal"), ("nonresponsive", "commit")}


def test_other_coefficients_than_the_seeds_own_are_found_by_every_quorum() -> None:
    honest = Hostile(PLAIN, FIELDS)
    assert honest.dealing(shares.split(made.SEED, [bytes(32), b"c" * 32], 5)).faults() == found("reseal")


def test_a_wrap_that_one_officer_cannot_open_is_found_by_all_others() -> None:
    hostile = Hostile(PLAIN, FIELDS)
    wraps = list(hostile.envelope["wraps"])
    wraps[1] = b64u(bytes(80))
    hostile.envelope = {**hostile.envelope, "wraps": wraps}
    assert sorted(released(hostile.envelope)) == [1, 3, 4, 5]
    assert hostile.faults() == found("reseal")


def test_a_wrap_of_another_ephemeral_is_found() -> None:
    hostile = Hostile(PLAIN, FIELDS)
    share = hostile.derived.shares(made.QUORUM, 5)[1]
    wraps = list(hostile.envelope["wraps"])
    wraps[1] = b64u(hpke.seal(made.PKS[1], wrap_info(hostile.derived.ch, 2), share, bytes(32)))
    hostile.envelope = {**hostile.envelope, "wraps": wraps}
    assert len(released(hostile.envelope)) == 5
    assert hostile.faults() == found("reseal")


def test_a_body_under_another_key_is_found() -> None:
    assert Hostile(PLAIN, FIELDS).with_body(stream.seal(bytes(32), pad(PLAIN))).faults() == found("aead")
    assert Hostile(PLAIN, FIELDS).with_body(b"x").faults() == found("aead")


@pytest.mark.parametrize(
    "padded", [PLAIN.ljust(4096, b"\0"), PLAIN + b"\x80", stream.pad(PLAIN, 8192), bytes(4096), b""]
)
def test_padding_that_is_not_the_buckets_is_found(padded: bytes) -> None:
    assert Hostile(PLAIN, FIELDS).sealing(padded).faults() == found("padding")


@pytest.mark.parametrize(
    "plain", [b"", b"{", b'{"note":"","fields":[]}', b'{"fields":[["a",1.5]],"note":""}', PLAIN + b" "]
)
def test_a_text_that_is_not_canonical_is_found(plain: bytes) -> None:
    assert Hostile(PLAIN, FIELDS).sealing(pad(plain)).faults() == found("encoding")


@pytest.mark.parametrize(
    "value", [[], {"fields": []}, {"fields": [["a", 1], ["a", 1]], "note": ""}, {"fields": [], "note": 1}]
)
def test_a_text_that_is_no_bid_is_found(value: Any) -> None:
    assert Hostile(PLAIN, FIELDS).sealing(pad(canonical(value))).faults() == found("schema")


def test_an_attachment_that_the_bid_does_not_name_is_found() -> None:
    assert Hostile(PLAIN, FIELDS, (Blob(b"x", "r"),)).blobs == (b"x",)
    blob = made.sealed(
        {"fields": [["files/0", attachment("a", "b", b"", bytes(32))]], "note": ""}, (b"",)
    ).blobs[0]
    assert Hostile(PLAIN, FIELDS, (blob,)).faults() == found("schema")
    named = {"fields": [["files/0", attachment("a", "b", b"", bytes(32))]], "note": ""}
    assert Hostile(canonical(named), named["fields"]).faults() == found("schema")


def test_an_officer_gives_no_share_that_the_envelope_did_not_commit_to() -> None:
    honest = Hostile(PLAIN, FIELDS)
    ours: list[Any] = list(honest.envelope["sc"])
    honest.envelope = {**honest.envelope, "sc": [b64u(bytes(32)), *ours[1:]]}
    assert wrapped_share(honest.envelope, 1, made.OFFICERS[0].sk) is None
    assert wrapped_share(honest.envelope, 2, made.OFFICERS[1].sk) is not None


@pytest.mark.parametrize(
    ("key", "length", "padded"),
    [
        (bytes(32), 5, stream.pad(b"annex", 65_536)),
        (None, 6, stream.pad(b"annex", 65_536)),
        (None, 5, stream.pad(b"annex", 131_072)),
        (None, 5, b"annex".ljust(65_536, b"\0")),
        (None, 5, b"annex\x80"),
    ],
)
def test_an_attachment_of_another_key_length_or_padding_is_found(
    key: bytes | None, length: int, padded: bytes
) -> None:
    row = {**attachment("a", "b", b"annex", bytes(32)), "len": length}
    pieces = list(stream.seal_chunks(key or unb64u(row["key"]), stream.chunks(padded)))
    blob = Blob(b"".join(pieces), b64u(chunk_root(pieces)))
    bid = {"fields": [["files/0", row]], "note": ""}
    assert Hostile(canonical(bid), bid["fields"], (blob,)).faults() == found("blob")


def test_another_disclosure_root_is_found() -> None:
    hostile = Hostile(PLAIN, FIELDS)
    for disc in ({"n": 64, "root": b64u(bytes(32))}, {**hostile.envelope["disc"], "n": 128}):
        hostile.envelope = {**hostile.envelope, "disc": disc}
        assert hostile.faults() == found("reseal")


def test_what_is_withdrawn_or_replaced_stays_sealed_with_all_that_the_others_opening_gave() -> None:
    old, new = made.sealed(), made.sealed({"fields": [], "note": "new"}, seed=sha256(b"another"), rev=2)
    held = released(new.envelope)
    seed = unb64u(opened(new.envelope, new.body, held).seed)
    assert opened(old.envelope, old.body, held).result == "unopenable_officers"
    assert open_with_seed(old.envelope, old.body, (), seed, made.PKS, made.QUORUM).fault == "commit"
    for key in (seed, *held.values(), new.prk, Derived(made.ctx(), seed).x(b"stream/0")):
        with pytest.raises(hpke.Broken):
            stream.open_(key, old.body)
        for wrap in old.envelope["wraps"]:
            with pytest.raises(hpke.Broken):
                hpke.open_(key, wrap_info(Derived(made.ctx(), seed).ch, 1), unb64u(wrap))


def test_a_rescue_opens_with_the_vendors_own_seed_and_with_no_other() -> None:
    sealed = made.sealed()
    assert opened(sealed.envelope, sealed.body, {}).result == "unopenable_officers"
    rescued = open_with_seed(sealed.envelope, sealed.body, (), made.SEED, made.PKS, made.QUORUM)
    assert rescued == opened(sealed.envelope, sealed.body, released(sealed.envelope))
    altered = made.sealed({"fields": [["items/0", {"price": "0.20"}]], "note": ""})
    for seed, body in ((bytes(32), sealed.body), (made.SEED, altered.body)):
        found = open_with_seed(sealed.envelope, body, (), seed, made.PKS, made.QUORUM)
        assert (found.result, found.bid) == ("nonresponsive", None)
