"""Signed notes: the published example, and what is refused."""

import pytest

from auction.record import note
from auction.record.note import BadNote, Note
from tests.auction.record.signing import Seed, verify

VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SIGNED = (
    "This is an example message.\n\n"
    "\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()
OTHER = Seed("other.example", bytes(range(32)))


def test_the_published_example_is_read_and_holds():
    key = note.read_vkey(VKEY)
    assert (key.id.hex(), key.vkey) == ("530d903a", VKEY)
    assert note.opened(SIGNED, key, verify).text == "This is an example message.\n"
    assert note.read(SIGNED).written.encode() == SIGNED


def test_a_note_that_its_key_did_not_sign_is_not_opened():
    with pytest.raises(BadNote, match="has not signed"):
        note.opened(SIGNED, OTHER.key, verify)


def test_a_known_keys_bad_signature_makes_the_note_worthless_and_an_unknown_keys_is_ignored():
    key, text = note.read_vkey(VKEY), "This is an example message.\n"
    found, bad = note.read(SIGNED), note.sign("something else\n", OTHER)
    both = Note(text, (*found.signatures, bad)).written.encode()
    assert note.opened(both, key, verify).text == text
    with pytest.raises(BadNote, match="not good"):
        note.opened(both, OTHER.key, verify)


def test_a_witnesss_key_is_no_logs_key():
    witness = Seed("other.example", bytes(32), note.COSIGNATURE)
    given = Note("x\n", (note.sign("x\n", witness),)).written.encode()
    with pytest.raises(BadNote, match="a witness's"):
        note.opened(given, witness.key, verify)


@pytest.mark.parametrize(
    "text",
    [
        VKEY.replace("530d903a", "530d903b"),
        VKEY.replace("example.com/foo", "example.com/fop"),
        VKEY[:-1],
        VKEY.replace("530d", "530D"),
        "a b+00000000+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "",
    ],
)
def test_a_keys_text_with_a_slip_in_it_is_refused(text):
    with pytest.raises(BadNote):
        note.read_vkey(text)


@pytest.mark.parametrize(
    "given",
    [
        b"",
        b"text\n",
        b"text\n\n",
        SIGNED[:-1],
        SIGNED + b"\n",
        SIGNED + b"x\n",
        SIGNED.replace(b"message", b"mess\tge"),
        SIGNED.replace(b"message", b"mess\xffge"),
        SIGNED.replace(b"aQM=", b"aQN="),
        SIGNED.replace("\u2014".encode(), b"-"),
        SIGNED + SIGNED.split(b"\n\n")[1] * 100,
    ],
)
def test_what_is_no_note_is_refused(given):
    with pytest.raises(BadNote):
        note.read(given)
