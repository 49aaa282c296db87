"""Merkle trees: every leaf can be shown, every growth too, and nothing else."""

import base64
import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st

from auction.record import merkle
from tests.auction.record.signing import VECTORS

LEAVES = [hashlib.sha256(bytes([n])).digest() for n in range(70)]
HASHES = [merkle.leaf(data) for data in LEAVES]
sizes = st.integers(1, 70)


@given(sizes, st.data())
def test_every_leaf_of_a_tree_can_be_shown_and_only_at_its_own_place(size, data):
    index = data.draw(st.integers(0, size - 1))
    proof, root = merkle.path(HASHES[:size], index), merkle.root(LEAVES[:size])
    assert merkle.included(LEAVES[index], index, size, proof, root)
    assert not merkle.included(LEAVES[(index + 1) % 70], index, size, proof, root)
    assert not any(
        merkle.included(LEAVES[index], other, size, proof, root) for other in range(size) if other != index
    )


@given(sizes, st.data())
def test_a_tree_that_grew_can_show_it_and_one_that_was_changed_cannot(new, data):
    old = data.draw(st.integers(0, new))
    proof = merkle.growth(HASHES[:new], old)
    before, after = merkle.root(LEAVES[:old]), merkle.root(LEAVES[:new])
    assert merkle.grew(old, new, proof, before, after)
    forked = merkle.root([b"another", *LEAVES[1:old]])
    assert old == 0 or not merkle.grew(old, new, proof, forked, after)


def test_a_hash_of_another_length_proves_nothing():
    root = merkle.root(LEAVES[:2])
    assert not merkle.included(LEAVES[0], 0, 2, [HASHES[1] + b"\0"], root)
    assert not merkle.included(b"", 0, 1, [], b"")


PROBES = sorted((VECTORS / "merkle" / "testdata" / "inclusion").rglob("*.json"))


def test_the_published_proofs_hold_or_fail_as_they_are_marked():
    assert len(PROBES) > 90
    for path in PROBES:
        probe = json.loads(path.read_text())
        leaf, root = (base64.b64decode(probe[name] or "") for name in ("leafHash", "root"))
        proof = [base64.b64decode(each) for each in probe["proof"] or ()]
        held = merkle.leads(leaf, probe["leafIdx"], probe["treeSize"], proof, root)
        assert held is not probe["wantErr"], path
