"""A growing tree says of each of its sizes what the plain functions say of the list."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auction.record import merkle, ticks
from auction.record.tree import CHUNK, Tree

DATA = [ticks.pad(n.to_bytes(32, "big")) for n in range(3 * CHUNK + 37)]
HASHES = [merkle.leaf(each) for each in DATA]


def grown(steps=(1, 31, 32, CHUNK)):
    tree, at = Tree(), 0
    for step in steps:
        tree.add(b"".join(DATA[at : at + step]))
        at += step
    tree.add(b"".join(DATA[at:]))
    return tree


TREE = grown()
sizes = st.integers(0, len(DATA))


@settings(max_examples=60, deadline=None)
@given(sizes)
def test_the_root_of_every_size_is_that_of_the_list(size):
    assert TREE.root(size) == merkle.root(DATA[:size])


@settings(max_examples=60, deadline=None)
@given(sizes, st.data())
def test_proofs_of_every_size_are_those_of_the_list(new, data):
    old = data.draw(st.integers(0, new))
    assert TREE.growth(old, new) == merkle.growth(HASHES[:new], old)
    if new:
        index = data.draw(st.integers(0, new - 1))
        assert TREE.path(index, new) == merkle.path(HASHES[:new], index)
        assert TREE.leaf(index) == DATA[index]


@settings(max_examples=20, deadline=None)
@given(sizes)
def test_what_was_cut_off_leaves_no_trace(size):
    tree = grown()
    tree.add(b"\1" * 32 * CHUNK)
    tree.cut(size)
    tree.add(b"".join(DATA[size:]))
    assert tree.root(len(DATA)) == TREE.root(len(DATA))


def test_what_is_not_in_the_tree_cannot_be_shown():
    for index, size in ((5, 5), (-1, 5), (0, len(DATA) + 1)):
        with pytest.raises(IndexError):
            TREE.path(index, size)
    with pytest.raises(IndexError):
        TREE.growth(3, len(DATA) + 1)
    with pytest.raises(ValueError, match="32 bytes"):
        Tree().add(b"short")
