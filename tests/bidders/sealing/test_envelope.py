"""An envelope tells nothing but what it must, is bound to its context, and is fresh even where randomness repeats."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from auction.record import merkle
from auction.terms.faults import Faulty
from bidders.sealing import commit, disclosure, envelope, signing
from bidders.sealing.bid import attachment, bid_faults, blob_key, files, padded_file
from bidders.sealing.encoding import BadEncoding, b64u, canonical, unb64u
from bidders.sealing.envelope import context_faults, envelope_faults, fresh_seed, self_check
from bidders.sealing.packing import eid_of
from tests.bidders.sealing import made

RANDOM = b"r" * 32


def lines(count: int) -> dict[str, Any]:
    """A bid of so many lines."""
    return {"fields": [[f"items/{n}", {"price": "0.25"}] for n in range(count)], "note": ""}


def with_file(content: bytes, name: str = "a.pdf") -> dict[str, Any]:
    """A bid with one attachment."""
    return {"fields": [["files/0", attachment(name, "application/pdf", content, RANDOM)]], "note": ""}


def test_one_line_and_sixty_look_alike() -> None:
    short, long = lines(1), lines(60)
    assert len(canonical(long)) < 4096
    one, sixty = made.sealed(short).envelope, made.sealed(long).envelope
    assert one["body"]["len"] == sixty["body"]["len"] and one["disc"]["n"] == sixty["disc"]["n"]
    assert len(canonical(one)) == len(canonical(sixty))


def test_the_same_randomness_gives_another_seed_to_another_bid_or_place() -> None:
    seeds = {
        fresh_seed(RANDOM, made.ctx(**changes), bid)
        for changes in (
            {},
            {"rev": 2},
            {"lot": "2"},
            {"env": "technical"},
            {"vendor": "v2"},
            {"tender": "T-2"},
        )
        for bid in (lines(1), lines(2))
    }
    assert len(seeds) == 12
    assert fresh_seed(b"s" * 32, made.ctx(), lines(1)) not in seeds


def test_the_same_randomness_gives_another_key_to_another_attachment() -> None:
    keys = {
        blob_key(RANDOM, padded_file(content)) for content in (b"", b"a", b"b", bytes(70_000), bytes(70_001))
    }
    assert len(keys) == 5


def test_an_unchanged_attachment_keeps_its_sealed_bytes_over_revisions() -> None:
    bid = with_file(b"annex")
    first = made.sealed(bid, (b"annex",))
    second = made.sealed({**bid, "note": "new"}, (b"annex",), seed=bytes(32), rev=2)
    assert first.blobs == second.blobs and first.body != second.body


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
def test_everything_in_an_envelope_is_bound_to_its_context(changes: dict[str, Any]) -> None:
    here, there = made.sealed(), made.sealed(**changes)
    for name in ("commit", "sc", "wraps", "body", "disc"):
        assert here.envelope[name] != there.envelope[name]
    assert not {*here.envelope["sc"], *here.envelope["wraps"]} & {
        *there.envelope["sc"],
        *there.envelope["wraps"],
    }


def test_a_sealed_envelope_opens_again_and_an_altered_one_does_not() -> None:
    bid = with_file(b"annex")
    sealed = made.sealed(bid, (b"annex",))
    assert self_check(sealed, made.SEED, made.PKS, made.QUORUM)
    assert not self_check(sealed, bytes(32), made.PKS, made.QUORUM)
    assert not self_check(sealed, made.SEED, made.PKS[::-1], made.QUORUM)
    assert not self_check(sealed, made.SEED, made.PKS, 2)


@pytest.mark.parametrize(
    ("bid", "place"),
    [
        ({"fields": []}, ""),
        ({"fields": [], "note": "", "more": 1}, ""),
        ({"fields": {}, "note": ""}, "fields"),
        ({"fields": [], "note": None}, "note"),
        ({"fields": [["a", 1], ["a", 2]], "note": ""}, "fields[1]"),
        ({"fields": [["a"]], "note": ""}, "fields[0]"),
        ({"fields": [["a//b", 1]], "note": ""}, "fields[0]"),
        ({"fields": [["", 1]], "note": ""}, "fields[0]"),
        ({"fields": [["a b", 1]], "note": ""}, "fields[0]"),
        ({"fields": [["/".join("ab" * 33), 1]], "note": ""}, "fields[0]"),
        ({"fields": [["files/1", {}]], "note": ""}, "fields[0]"),
        (
            {
                "fields": [["files/0", {"name": "a", "media": "b", "len": -1, "key": b64u(bytes(32))}]],
                "note": "",
            },
            "fields[0]",
        ),
        (
            {
                "fields": [["files/0", {"name": "a", "media": "b", "len": 1, "key": b64u(bytes(31))}]],
                "note": "",
            },
            "fields[0]",
        ),
        (
            {
                "fields": [["files/0", {"name": 1, "media": "b", "len": 1, "key": b64u(bytes(32))}]],
                "note": "",
            },
            "fields[0]",
        ),
    ],
)
def test_what_is_no_bid_is_not_sealed(bid: dict[str, Any], place: str) -> None:
    assert place in [fault.path for fault in bid_faults(bid)]
    with pytest.raises(Faulty):
        made.sealed(bid)


def test_a_price_that_is_no_exact_decimal_is_not_sealed() -> None:
    with pytest.raises(BadEncoding, match=r"fields\[0\]\[1\]\.price: float"):
        made.sealed({"fields": [["items/0", {"price": 0.25}]], "note": ""})


def test_attachments_and_fields_must_agree() -> None:
    bid = with_file(b"annex")
    for blobs in ((), (b"annex", b"annex"), (b"other length",)):
        with pytest.raises(ValueError, match="attachments"):
            made.sealed(bid, blobs)
    assert [each.length for each in files(bid)] == [5]


def altered(whole: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy with one member changed, or taken out where the value is `...`."""
    copied = copy.deepcopy(whole)
    here = copied
    for step in path[:-1]:
        here = here[step]
    if value is ...:
        del here[path[-1]]
    else:
        here[path[-1]] = value
    return copied


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (("more",), 1, ""), (("disc",), ..., ""), (("v",), "sealbid/v2", "v"), (("type",), "bid", "type"),
        (("commit",), b64u(bytes(31)), "commit"), (("commit",), None, "commit"), (("commit",), 0.5, "commit"),
        (("ctx", "more"), 1, "ctx"), (("ctx", "rev"), 0, "ctx.rev"), (("ctx", "rev"), True, "ctx.rev"),
        (("ctx", "rev"), "1", "ctx.rev"), (("ctx", "env"), "other", "ctx.env"), (("ctx", "lot"), "a b", "ctx.lot"),
        (("ctx", "vendor"), "", "ctx.vendor"), (("ctx", "manifest"), "x", "ctx.manifest"), (("ctx", "v"), "", "ctx.v"),
        (("sc", 4), ..., "sc"), (("sc", 0), b64u(bytes(33)), "sc[0]"), (("wraps", 1), b64u(bytes(79)), "wraps[1]"),
        (("wraps",), {}, "wraps"), (("body", "len"), 0, "body.len"), (("body", "len"), "1", "body.len"),
        (("body", "more"), 1, "body"), (("body", "sha256"), "", "body.sha256"), (("blobs",), None, "blobs"),
        (("blobs",), [{"len": 1}], "blobs[0]"), (("disc", "n"), 96, "disc.n"), (("disc", "n"), 32, "disc.n"),
        (("disc", "root"), 1, "disc.root"), (("disc", "n"), True, "disc.n"),
    ],
)  # fmt: skip
def test_an_envelope_out_of_form_is_refused_with_the_place(
    path: tuple[Any, ...], value: Any, where: str
) -> None:
    whole = made.sealed().envelope
    assert envelope_faults(whole, 5) == []
    assert where in [fault.path for fault in envelope_faults(altered(whole, path, value), 5)]


def test_an_envelope_for_another_number_of_officers_is_refused() -> None:
    assert [fault.path for fault in envelope_faults(made.sealed().envelope, 3)] == ["sc", "wraps"]
    assert envelope_faults([], 5) and envelope_faults(None)


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"tender": "T-2"}, "ctx.tender"), ({"manifest": b64u(bytes(32))}, "ctx.manifest"), ({"vendor": "v2"}, "ctx.vendor"),
        ({"lot": "3"}, "ctx.lot"), ({"lot": "_all"}, "ctx.lot"), ({"env": "reserve"}, "ctx.env"),
    ],
)  # fmt: skip
def test_a_context_of_something_else_is_refused(changes: dict[str, Any], where: str) -> None:
    mh = made.ctx()["manifest"]
    assert context_faults(made.ctx(), made.manifest(), mh, "v1") == []
    assert context_faults(made.ctx(lot="_all", env="technical"), made.manifest(), mh, "v1") == []
    assert [fault.path for fault in context_faults(made.ctx(**changes), made.manifest(), mh, "v1")] == [where]


def test_one_field_is_shown_without_the_rest() -> None:
    sealed = made.sealed()
    disc: Any = sealed.envelope["disc"]
    shown = disclosure.prove(made.BID["fields"], sealed.prk, 0)
    assert disclosure.verify(shown, disc)
    other = made.sealed(seed=bytes(32))
    for wrong in [
        {**shown, "j": 1}, {**shown, "field": ["items/0", {"price": "0.24", "qty": "100"}]}, {**shown, "salt": b64u(bytes(32))},
        {**shown, "proof": shown["proof"][:-1]}, {**shown, "more": 1}, {**shown, "field": None}, {**shown, "j": True},
        {**shown, "proof": ["", *shown["proof"][1:]]}, {**shown, "field": 0.5}, {"j": 0},
    ]:  # fmt: skip
        assert not disclosure.verify(wrong, disc)
    assert not disclosure.verify(shown, other.envelope["disc"])
    assert not disclosure.verify(shown, {**disc, "n": 128})
    with pytest.raises(IndexError):
        disclosure.prove(made.BID["fields"], sealed.prk, 2)


def test_a_place_beyond_the_fields_shows_nothing() -> None:
    sealed = made.sealed()
    hashes, salts = disclosure._hashes(made.BID["fields"], sealed.prk), disclosure._salts(64, sealed.prk)
    path = merkle.path(hashes, 5)
    assert merkle.included(salts[5] + b"null", 5, 64, path, merkle.root_of(hashes))
    empty = {"j": 5, "salt": b64u(salts[5]), "field": None, "proof": [b64u(each) for each in path]}
    assert not disclosure.verify(empty, sealed.envelope["disc"])


# --- commits ---------------------------------------------------------------------------------------------------------

KEY_SEED = b"k" * 32
KEY = signing.plain_key(KEY_SEED)


def committed() -> tuple[bytes, dict[str, bytes], list[Any]]:
    """A commit of two envelopes, one with an attachment."""
    both = [made.sealed(with_file(b"annex"), (b"annex",)), made.sealed(lot="2")]
    blobs = {blob.root: blob.sealed for each in both for blob in each.blobs}
    return commit.make(both, signing.sign(KEY_SEED, "submit", [each.eid for each in both])), blobs, both


def test_a_whole_commit_is_taken() -> None:
    data, blobs, both = committed()
    taken = commit.taken(data, blobs, KEY, 5)
    assert [(each.eid, each.body) for each in taken] == [(each.eid, each.body) for each in both]
    assert [eid_of(each.envelope) for each in taken] == [each.eid for each in both]
    assert taken[0].blobs == (both[0].blobs[0].sealed,)


def test_what_is_wrong_with_a_commit_decides_the_reason() -> None:
    data, blobs, both = committed()
    other = signing.sign(b"o" * 32, "submit", [each.eid for each in both])
    fewer = signing.sign(KEY_SEED, "submit", [both[0].eid])
    withdrawn = signing.sign(KEY_SEED, "withdraw", [each.eid for each in both])
    short = commit.make([both[0]], signing.sign(KEY_SEED, "submit", [both[0].eid])).replace(
        b64u(both[0].body).encode(), b"AAAA"
    )
    cases = [
        (data + b" ", blobs, "malformed"),
        (b"{}", blobs, "malformed"),
        (data.replace(b'"disc"', b'"dusc"', 1), blobs, "malformed"),
        (data, {}, "hash"),
        (data, {root: blob[:-1] for root, blob in blobs.items()}, "hash"),
        (short, blobs, "hash"),
        (commit.make(both, other), blobs, "signature"),
        (commit.make(both, fewer), blobs, "signature"),
        (commit.make(both, withdrawn), blobs, "signature"),
        (commit.make([both[0], both[0]], fewer), blobs, "signature"),
    ]
    for given, held, reason in cases:
        with pytest.raises(commit.Refused) as caught:
            commit.taken(given, held, KEY, 5)
        assert caught.value.reason == reason


def test_what_others_look_for_is_named_where_they_look() -> None:
    assert all(hasattr(envelope, name) for name in envelope.__all__)
    assert unb64u(made.sealed().eid, 32)
