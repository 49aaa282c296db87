"""Checkpoints, receipts and promises: the published ones hold, and no byte of them can be changed."""

import base64
from datetime import timedelta

import pytest

from auction.record import checkpoint, disclosed, merkle, note, promise, receipt, ticks
from auction.record.checkpoint import Checkpoint
from auction.record.disclosed import Disclosed
from auction.record.note import COSIGNATURE, BadNote, Note
from auction.record.receipt import Receipt
from auction.record.tree import Tree
from tests.auction.record.signing import CASES, Seed, b64u, verify

LOGS = [case["log"] for case in CASES]
cases = pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])


def leaf_data(leaf):
    if isinstance(leaf, str):
        return ticks.pad(b64u(leaf))
    event, salt = leaf
    return Disclosed(disclosed._written(event), b64u(salt)).commitment


def tree_of(log):
    tree = Tree()
    tree.add(b"".join(map(leaf_data, log["leaves"])))
    return tree


def flips(text, spared=()):
    """Each byte of a file with one bit of it flipped; not within these parts."""
    data = text.encode()
    kept = [range(at, at + len(part.encode())) for part in spared for at in [data.index(part.encode())]]
    for at in range(len(data)):
        if not any(at in part for part in kept):
            yield data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :]


@cases
def test_the_logs_key_says_its_own_id(case):
    log = case["log"]
    for signer, vkey in (
        (Seed(log["origin"], b64u(log["seed"])), log["vkey"]),
        (Seed("witness.example/1", b64u(log["witness"]["seed"]), COSIGNATURE), log["witness"]["vkey"]),
    ):
        assert signer.key.vkey == vkey and note.read_vkey(vkey) == signer.key


@cases
def test_checkpoints_are_made_again_byte_for_byte(case):
    log, tree = case["log"], tree_of(case["log"])
    signer = Seed(log["origin"], b64u(log["seed"]))
    for size, text in log["checkpoints"].items():
        made = Checkpoint(log["origin"], int(size), tree.root(int(size)))
        assert checkpoint.signed(made, signer) == text
        assert checkpoint.opened(text.encode(), signer.key, verify).checkpoint == made


@cases
def test_a_witness_adds_its_word_and_the_time(case):
    log = case["log"]
    witness = Seed("witness.example/1", b64u(log["witness"]["seed"]), COSIGNATURE)
    text = log["checkpoints"][str(log["close_size"])]
    added = checkpoint.cosignature(note.read(text.encode()).text, witness, log["witness"]["time"])
    assert checkpoint.with_signature(text, added) == log["cosigned"]
    assert checkpoint.with_signature(log["cosigned"], added) == log["cosigned"]
    seen = checkpoint.opened(log["cosigned"].encode(), note.read_vkey(log["vkey"]), verify, [witness.key])
    assert seen.cosigned == {"witness.example/1": log["witness"]["time"]}
    spoilt = checkpoint.cosignature("another\n", witness, log["witness"]["time"])
    with pytest.raises(BadNote, match=r"witness\.example/1 is not good"):
        checkpoint.opened(
            checkpoint.with_signature(text, spoilt).encode(),
            note.read_vkey(log["vkey"]),
            verify,
            [witness.key],
        )
    with pytest.raises(BadNote, match="not a witness's"):
        checkpoint.opened(text.encode(), note.read_vkey(log["vkey"]), verify, [note.read_vkey(log["vkey"])])


@cases
def test_the_log_only_grew(case):
    log, tree = case["log"], tree_of(case["log"])
    old, new = log["close_size"], log["sizes"][-1]
    proof = [b64u(each) for each in log["consistency"]]
    assert merkle.grew(old, new, proof, tree.root(old), tree.root(new))
    assert tree.growth(old, new) == proof


@cases
def test_receipts_hold_and_are_made_again_byte_for_byte(case):
    log, tree = case["log"], tree_of(case["log"])
    key, witness = note.read_vkey(log["vkey"]), note.read_vkey(log["witness"]["vkey"])
    for index, text in case["receipts"].items():
        event, salt = log["leaves"][int(index)]
        proven = receipt.verify(text.encode(), key, verify, [witness])
        assert (proven.disclosed.event, proven.index) == (event, int(index))
        assert proven.checkpoint.size == log["close_size"] and set(proven.cosigned) == {witness.name}
        shown = Disclosed(disclosed._written(event), b64u(salt))
        path = tuple(tree.path(int(index), log["close_size"]))
        assert Receipt(shown, int(index), path, log["cosigned"]).written == text


@cases
def test_promises_hold_and_are_made_again_byte_for_byte(case):
    log = case["log"]
    signer = Seed(log["origin"], b64u(log["seed"]))
    for index, text in case["promises"].items():
        event, salt = log["leaves"][int(index)]
        held = promise.verify(text.encode(), signer.key, verify)
        shown = Disclosed(disclosed._written(event), b64u(salt))
        assert held.disclosed == shown
        assert promise.make(shown, held.received, held.due, signer) == text


def test_no_byte_of_a_receipt_can_be_changed_but_in_the_signatures_of_strangers():
    case = CASES[0]
    text, key = case["receipts"]["19"], note.read_vkey(case["log"]["vkey"])
    strange = text[text.index("\u2014 witness.example/1") :]
    for changed in flips(text, [strange]):
        with pytest.raises(BadNote):
            receipt.verify(changed, key, verify)
    with pytest.raises(BadNote):
        receipt.verify(text.encode(), note.read_vkey(CASES[1]["log"]["vkey"]), verify)


def test_no_byte_of_a_promise_can_be_changed():
    text, key = CASES[0]["promises"]["19"], note.read_vkey(CASES[0]["log"]["vkey"])
    for changed in flips(text):
        with pytest.raises(BadNote):
            promise.verify(changed, key, verify)


def test_what_one_log_signs_in_the_name_of_another_is_refused():
    log = Seed("log.example/1", bytes(32))
    for origin, holds in (("log.example/1", True), ("log.example/2", False)):
        text = Checkpoint(origin, 1, bytes(32)).text
        given = Note(text, (note.sign(text, log),)).written.encode()
        if holds:
            assert checkpoint.opened(given, log.key, verify).checkpoint.origin == origin
        else:
            with pytest.raises(BadNote, match="checkpoint of log.example/2"):
                checkpoint.opened(given, log.key, verify)


def test_a_promise_with_another_time_than_its_event_is_refused():
    log, text = Seed("log.example/1", bytes(32)), CASES[0]["promises"]["19"]
    held = promise.verify(text.encode(), note.read_vkey(CASES[0]["log"]["vkey"]), verify)
    promise.verify(promise.make(held.disclosed, held.received, held.due, log).encode(), log.key, verify)
    with pytest.raises(BadNote, match="not the one that was promised"):
        later = held.received + timedelta(milliseconds=1)
        promise.verify(promise.make(held.disclosed, later, held.due, log).encode(), log.key, verify)


def test_a_promise_is_no_checkpoint_and_a_checkpoint_no_promise():
    log, text = CASES[0]["log"], CASES[0]["promises"]["19"]
    key = note.read_vkey(log["vkey"])
    with pytest.raises(BadNote):
        checkpoint.opened(text.encode(), key, verify)
    with pytest.raises(BadNote):
        checkpoint.opened(text.partition("\n\n")[2].encode(), key, verify)
    head = text.partition("\n\n")[0]
    with pytest.raises(BadNote):
        promise.verify(f"{head}\n\n{log['checkpoints']['96']}".encode(), key, verify)


@pytest.mark.parametrize(
    "text",
    [
        "log.example\n96\nAAAA\n",
        f"log.example\n096\n{base64.b64encode(bytes(32)).decode()}\n",
        f"log.example\n-1\n{base64.b64encode(bytes(32)).decode()}\n",
        f"log.example\n96\n{base64.b64encode(bytes(32)).decode()}\nmore\n",
        "log.example\n96\n",
    ],
)
def test_a_checkpoint_of_another_form_is_refused(text):
    with pytest.raises(BadNote):
        checkpoint.read(text)


@pytest.mark.parametrize(
    "given",
    [
        b'{"event":{},"salt":"AAAA"}',
        b'{"event":{"a":1.0},"salt":"%s"}',
        b'{"event":{"a":9007199254740992},"salt":"%s"}',
        b'{"event":{"a":-0},"salt":"%s"}',
        b'{"event":{"a":1,"a":1},"salt":"%s"}',
        b'{"event":{"b":1,"a":1},"salt":"%s"}',
        b'{"event":{"a":"\\ud800"},"salt":"%s"}',
        b'{"event":{"a":NaN},"salt":"%s"}',
        b'{"event": {},"salt":"%s"}',
        b'{"event":{},"more":1,"salt":"%s"}',
        b'{"event":[],"salt":"%s"}',
        b"\xff",
    ],
)
def test_what_is_not_canonical_is_not_taken(given):
    with pytest.raises(BadNote):
        disclosed.read(given.replace(b"%s", b"A" * 43))
    assert disclosed.read(b'{"event":{"a":1},"salt":"' + b"A" * 43 + b'"}').salt == bytes(32)
