"""A manifest is faultless before anybody accepts it, and an addendum changes only what it may."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from auction.record.note import COSIGNATURE, ED25519, Key
from bidders.sealing import manifest
from bidders.sealing.encoding import b64u, kid_of
from bidders.sealing.officers import OfficerKeys
from tests.bidders.sealing import made

EXTRA = OfficerKeys(made.TENDER, b"x" * 32)
WITNESS = Key("witness.example/1", COSIGNATURE, made.LOG.public).vkey
SMALL = b64u(bytes(32))
AGAIN = {**made.manifest()["officers"][0], "x": 2}


def paths(value: object) -> list[str]:
    """Where faults are found."""
    return [fault.path for fault in manifest.manifest_faults(value)]


def changed(path: str, value: Any) -> dict[str, Any]:
    """A manifest with one member changed: `officers.1.pk`; `...` takes it out."""
    whole = copy.deepcopy(made.manifest())
    *above, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    here: Any = whole
    for step in above:
        here = here[step]
    if value is ...:
        del here[last]
    else:
        here[last] = value
    return whole


def test_a_faultless_manifest_has_no_fault() -> None:
    assert paths(made.manifest()) == []
    assert paths(made.manifest(envs=["price"], opens_at=made.manifest()["closes_at"])) == []
    assert paths(made.manifest(ver=2, prev=b64u(bytes(32)))) == []
    assert paths(made.manifest(log={**made.manifest()["log"], "witnesses": [WITNESS], "k": 1})) == []


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("v", "sealbid/v2", "v"), ("type", "envelope", "type"), ("more", 1, "more"), ("rules", ..., "rules"),
        ("tender", "", "tender"), ("tender", "_all", "tender"), ("tender", "a b", "tender"), ("ver", 0, "ver"),
        ("ver", True, "ver"), ("prev", b64u(bytes(32)), "prev"), ("ver", 2, "prev"), ("title", 1, "title"),
        ("title", "", "title"), ("suite", "x25519-other", "suite"), ("pad", "b2", "pad"), ("lots", [], "lots"),
        ("lots", {}, "lots"), ("lots.1.id", "1", "lots[1].id"), ("lots.0.id", "_all", "lots[0].id"),
        ("lots.0.title", None, "lots[0].title"), ("lots.0.more", 1, "lots[0].more"), ("envs", ["technical"], "envs"),
        ("envs", ["price", "technical"], "envs"), ("envs", "price", "envs"), ("closes_at", "2026-12-01", "closes_at"),
        ("closes_at", "2026-12-01T17:00:00.001Z", "opens_at"), ("quorum", 1, "quorum"), ("quorum", 5, "quorum"),
        ("quorum", "3", "quorum"), ("quorum", 3.0, "quorum"), ("officers.0.x", 2, "officers[0].x"),
        ("officers.0.x", True, "officers[0].x"), ("officers.0.name", "", "officers[0].name"),
        ("officers.0.kid", EXTRA.kid, "officers[0].kid"), ("officers.0.pk", b64u(EXTRA.pk), "officers[0].kid"),
        ("officers.0.pk", SMALL, "officers[0].pk"), ("officers.0.pk", "x", "officers[0].pk"),
        ("officers.0.vk", SMALL, "officers[0].vk"), ("officers.0.vk", b64u(b"\xff" * 32), "officers[0].vk"),
        ("officers.1", AGAIN, "officers[1].kid"), ("officers.1", AGAIN, "officers[1].vk"),
        ("officers.0.org", None, "officers[0].org"),
        ("docs.0.len", -1, "docs[0].len"), ("docs.0.sha256", "", "docs[0].sha256"), ("docs.0.more", 1, "docs[0].more"),
        ("client.sha256", b64u(bytes(31)), "client.sha256"), ("client.url", "", "client.url"), ("log.k", 1, "log.k"),
        ("log.k", -1, "log.k"), ("log.origin", "other.example/1", "log.vkey"), ("log.vkey", WITNESS, "log.vkey"),
        ("log.vkey", made.LOG.vkey[:-1] + "A", "log.vkey"), ("log.vkey", 1, "log.vkey"),
        ("log.witnesses", [made.LOG.vkey], "log.witnesses[0]"), ("log.witnesses", [WITNESS, WITNESS], "log.witnesses[1]"),
        ("rules.reseal", "keep", "rules.reseal"), ("rules.late", "take", "rules.late"), ("rules.more", 1, "rules.more"),
        ("rules.material", None, "rules.material"),
    ],
)  # fmt: skip
def test_each_fault_is_named_with_its_place(path: str, value: Any, where: str) -> None:
    assert where in paths(changed(path, value))


def test_two_officers_are_too_few_and_seventeen_too_many() -> None:
    rows = [OfficerKeys(made.TENDER, bytes((x, 1)) * 16).entry(x, "A", "B") for x in range(1, 18)]
    assert "officers" in paths(made.manifest(officers=rows[:2], quorum=2))
    assert "officers" in paths(made.manifest(officers=rows, quorum=2))
    assert paths(made.manifest(officers=rows[:16], quorum=15)) == []
    assert paths(made.manifest(officers=rows[:16], quorum=16)) == ["quorum"]


@pytest.mark.parametrize("value", [None, [], "x", {"a": 0.5}, {"A": 1}])
def test_what_is_no_manifest_at_all_is_refused(value: Any) -> None:
    assert paths(value)


def test_the_committee_code_names_the_officers_and_the_quorum_alone() -> None:
    code = manifest.committee_code(made.manifest())
    assert [len(group) for group in code.split("-")] == [5] * 4
    assert manifest.committee_code(made.manifest(title="Other", ver=2)) == code
    assert manifest.committee_code(made.manifest(quorum=2)) != code
    assert manifest.committee_code(changed("officers.0.name", "Other")) != code


def test_publication_needs_every_officers_own_acceptance_of_this_manifest() -> None:
    whole = made.manifest()
    said = manifest.accept_message(manifest.manifest_hash(whole))
    sigs = {x: keys.sign(said) for x, keys in enumerate(made.OFFICERS, 1)}
    assert manifest.missing_acceptances(whole, sigs) == []
    assert manifest.missing_acceptances(whole, {**sigs, 2: sigs[3]}) == [2]
    assert manifest.missing_acceptances(whole, {x: sigs[x] for x in (1, 3)}) == [2, 4, 5]
    assert manifest.missing_acceptances(made.manifest(title="Other"), sigs) == [1, 2, 3, 4, 5]
    assert not manifest.acceptance_holds(whole, 9, sigs[1]) and not manifest.acceptance_holds(whole, 1, "x")
    as_addendum = made.OFFICERS[0].sign(manifest.addendum_message(manifest.manifest_hash(whole)))
    assert not manifest.acceptance_holds(whole, 1, as_addendum)


def addendum(**changes: Any) -> dict[str, Any]:
    """A second version, with changes."""
    first = made.manifest()
    return made.manifest(
        **{"ver": 2, "prev": manifest.manifest_hash(first), "title": "Milk, addendum 1", **changes}
    )


def test_an_addendum_may_move_times_later_and_change_words_and_lots() -> None:
    later = addendum(closes_at="2026-12-01T17:00:00.000Z", lots=[{"id": "1", "title": "Milk"}], docs=[])
    assert manifest.addendum_faults(made.manifest(), later) == []
    assert manifest.chain_faults([made.manifest(), later]) == []


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"ver": 3}, "ver"), ({"ver": 1, "prev": None}, "ver"), ({"prev": b64u(bytes(32))}, "prev"),
        ({"tender": "T-2"}, "tender"),
        ({"envs": ["price"]}, "envs"), ({"quorum": 2}, "quorum"), ({"officers": made.manifest()["officers"][:4]}, "officers"),
        ({"closes_at": "2026-12-01T15:59:59.999Z"}, "closes_at"), ({"opens_at": "2026-12-01T16:59:59.999Z"}, "opens_at"),
        ({"rules": {"reseal": "reject", "late": "hold", "material": "keep"}}, "rules"),
        ({"log": {"origin": "b", "vkey": Key("b", ED25519, bytes(32)).vkey, "witnesses": [], "k": 0}}, "log"),
        ({"title": ""}, "title"),
    ],
)  # fmt: skip
def test_an_addendum_changes_nothing_else(changes: dict[str, Any], where: str) -> None:
    following = addendum(**changes)
    assert where in [fault.path for fault in manifest.addendum_faults(made.manifest(), following)]
    assert manifest.chain_faults([made.manifest(), following])


def test_an_addendum_comes_before_the_close_or_never() -> None:
    closes = datetime(2026, 12, 1, 16, tzinfo=UTC)
    later = addendum(closes_at="2026-12-01T17:00:00.000Z")
    assert manifest.addendum_faults(made.manifest(), later, closes) == []
    late = manifest.addendum_faults(made.manifest(), later, closes + timedelta(microseconds=1))
    assert [fault.path for fault in late] == ["closes_at"]


def test_an_addendum_is_signed_by_an_officer_and_by_nobody_wrongly() -> None:
    whole = addendum()
    said = manifest.addendum_message(manifest.manifest_hash(whole))
    good = {"x": 2, "sig": made.OFFICERS[1].sign(said)}
    assert manifest.addendum_holds(whole, [good])
    accepted = {"x": 2, "sig": made.OFFICERS[1].sign(manifest.accept_message(manifest.manifest_hash(whole)))}
    for sigs in (
        [],
        [good, good],
        [{**good, "x": 1}],
        [good, {"x": 1, "sig": "x"}],
        [{"x": 9, "sig": good["sig"]}],
        [accepted],
        [{}],
    ):
        assert not manifest.addendum_holds(whole, sigs)


def test_a_chain_begins_with_its_first() -> None:
    assert [fault.path for fault in manifest.chain_faults([])] == ["manifests"]
    assert [fault.path for fault in manifest.chain_faults([addendum()])] == ["ver"]
    assert manifest.chain_faults([made.manifest(), made.manifest()])
    assert manifest.chain_faults([made.manifest(), None])


def test_a_kid_is_that_of_its_key() -> None:
    assert made.manifest()["officers"][0]["kid"] == kid_of(made.OFFICERS[0].pk)
