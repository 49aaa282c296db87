"""Every journal keeps the same promises: gapless numbers, all or nothing, and a commitment to each entry."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from auction.journal import LEAF, Append, Conflict, Journal, MemoryJournal, canonical, commit, entries, head
from auction.live.room import PauseLifted, RoomSeeded
from bidders.box.facts import Published
from bidders.sealing.encoding import b64u
from server.journal_sql import SqlJournal

Factory = Callable[[Path], Journal]
JOURNALS: dict[str, Factory] = {
    "memory": lambda folder: MemoryJournal(),
    "sql": lambda folder: SqlJournal(folder / "journal.db"),
}
"""Each journal by name, made in an empty folder. A new one is added here and nowhere else."""

NOW = datetime(2026, 3, 2, 15, 0, 0, 250_000, tzinfo=UTC)


@pytest.fixture(params=JOURNALS)
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> Journal:
    return JOURNALS[request.param](tmp_path)


def facts(stream: str, after: int, *seeds: str) -> Append:
    """Events that differ in their seed, to be written behind `after`."""
    events = tuple(RoomSeeded(at=NOW, by="host", seed=seed) for seed in seeds)
    return Append(stream, after, events, tuple(hashlib.sha256(seed.encode()).digest() for seed in seeds))


def test_entries_are_numbered_without_a_gap_in_one_order_and_in_each_stream(journal: Journal) -> None:
    first = journal.append([facts("room/1", 0, "a", "b"), facts("room/2", 0, "c")])
    second = journal.append([facts("room/1", 2, "d")])
    assert [(entry.n, entry.stream, entry.seq) for entry in first + second] == [
        (1, "room/1", 1),
        (2, "room/1", 2),
        (3, "room/2", 1),
        (4, "room/1", 3),
    ]
    assert journal.length() == 4


def test_what_was_written_is_read_back_exactly(journal: Journal) -> None:
    written = journal.append([facts("room/1", 0, "a", "ü", "c")])
    assert journal.read("room/1") == written
    assert journal.read("room/1", after=2) == written[2:]
    assert journal.read("room/1", after=3) == []
    assert journal.read("room/9") == []


def test_each_entry_is_committed_to_under_its_own_salt(journal: Journal) -> None:
    for entry in journal.append([facts("room/1", 0, "a", "a")]):
        assert entry.commitment == hashlib.sha256(LEAF + entry.salt + entry.body).digest()
    one, two = journal.read("room/1")
    assert one.salt == two.salt
    assert journal.append([facts("room/2", 0, "b")])[0].commitment != one.commitment


def test_who_comes_second_with_the_same_number_is_told_and_nothing_is_written(journal: Journal) -> None:
    journal.append([facts("room/1", 0, "a")])
    with pytest.raises(Conflict):
        journal.append([facts("room/2", 0, "b"), facts("room/1", 0, "c")])
    with pytest.raises(Conflict):
        journal.append([facts("room/1", 2, "d")])
    assert journal.length() == 1
    assert journal.streams() == ["room/1"]


def test_one_batch_may_write_to_a_stream_twice(journal: Journal) -> None:
    journal.append([facts("room/1", 0, "a"), facts("room/1", 1, "b")])
    assert [entry.seq for entry in journal.read("room/1")] == [1, 2]


def test_streams_are_named_by_prefix_in_the_order_of_their_first_entry(journal: Journal) -> None:
    for stream in ("room/2", "tender/1", "room/1"):
        journal.append([facts(stream, 0, "a")])
    assert journal.streams() == ["room/2", "tender/1", "room/1"]
    assert journal.streams("room/") == ["room/2", "room/1"]


def test_an_empty_batch_writes_nothing(journal: Journal) -> None:
    assert journal.append([]) == []
    assert journal.append([Append("room/1", 0, (), ())]) == []
    assert journal.length() == 0
    assert journal.streams() == []


def test_the_body_is_canonical_json() -> None:
    body = canonical(PauseLifted(at=NOW, by="host"))
    assert body == msgspec.json.encode(dict(sorted(msgspec.json.decode(body).items())))
    assert b'"at":"2026-03-02T15:00:00.250000Z"' in body


def test_a_commitment_hides_the_body_behind_the_salt() -> None:
    assert commit(b"1" * 32, b"{}") != commit(b"2" * 32, b"{}")


def test_the_head_depends_on_every_entry_and_on_their_order() -> None:
    made = [
        entry.commitment for entry in entries([facts("room/1", 0, "a", "b", "c")], 1, lambda _: (0, None))
    ]
    assert head(made) != head(made[::-1])
    assert head(made) != head(made[:-1])
    assert head([]) == bytes(32)


# --- public facts of a tender ----------------------------------------------------------------------------------------------


def public(after: int, *manifests: str) -> Append:
    """Public facts of a tender, to be written behind `after`; a private one stands between them."""
    first, *others = (Published(at=NOW, by="_server", tender="1", manifest=each) for each in manifests)
    between = RoomSeeded(at=NOW, by="host", seed="between")
    events = (first, between, *others)
    salts = tuple(hashlib.sha256(f"{after} {place}".encode()).digest() for place in range(len(events)))
    return Append("box/1", after, events, salts)


def test_a_public_fact_says_its_place_and_commits_to_the_public_one_before_it(journal: Journal) -> None:
    one, _, two = journal.append([public(0, "a", "b")])
    (three, _) = journal.append([public(3, "c")])
    bodies = [msgspec.json.decode(entry.body) for entry in (one, two, three)]
    assert [body["seq"] for body in bodies] == [0, 1, 2]
    assert [body["prev"] for body in bodies] == [None, b64u(one.commitment), b64u(two.commitment)]


def test_a_public_fact_is_written_as_the_log_will_disclose_it(journal: Journal) -> None:
    written = journal.append([public(0, "a")])[0]
    assert written.body == (
        b'{"at":"2026-03-02T15:00:00.250Z","by":"_server","manifest":"a","prev":null,"seq":0,'
        b'"tender":"1","type":"tender.published","v":"sealbid/v1","vis":"public"}'
    )
    assert written.commitment == hashlib.sha256(LEAF + written.salt + written.body).digest()


def test_public_facts_of_another_tender_have_a_chain_of_their_own(journal: Journal) -> None:
    journal.append([public(0, "a")])
    other = journal.append([msgspec.structs.replace(public(0, "b"), stream="box/2")])[0]
    assert msgspec.json.decode(other.body)["prev"] is None
