"""A journal is reread to the same room, and the first line that does not fit is named."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings

from auction.journal import canonical, commit
from auction.live.reread import DoesNotFit, read_event, reread, write_line
from auction.live.scenario import lots
from tests.auction.draws import scenarios
from tests.auction.stage import Plain, Played, bid, host, play

PLAYED = play(
    bid("15:01", "A", "90"),
    bid("15:02", "B", "95"),
    bid("15:03", "A", "x", id="n"),
    host("15:10", "pause"),
    host("15:20", "resume"),
    bid("16:09", "B", "80"),
    host("16:10", "extend", lot="L1", closes="16:30"),
)
LINES = [write_line(entry) for entry in PLAYED.entries]


def place(kind: str, nth: int = 0) -> int:
    """The line, counted from 0, of the n-th event of a kind."""
    return [row for row, event in enumerate(PLAYED.events) if type(event).__name__ == kind][nth]


def forged(row: int, **members: object) -> list[bytes]:
    """The lines with one event changed, and its commitment made to fit again."""
    line = json.loads(LINES[row])
    line["body"] |= members
    line["commitment"] = commit(bytes.fromhex(line["salt"]), canonical(line["body"])).hex()
    return [*LINES[:row], json.dumps(line).encode(), *LINES[row + 1 :]]


def first_unfit(lines: list[bytes]) -> int:
    with pytest.raises(DoesNotFit) as unfit:
        reread(lines)
    assert unfit.value.why
    return unfit.value.line


@settings(max_examples=300)
@given(scenarios())
def test_a_room_is_reread_from_its_lines(scenario: Plain) -> None:
    played = Played(scenario)
    room, entries = reread([write_line(entry) for entry in played.entries])
    assert room == played.room
    assert lots(room) == played.lots
    assert entries == played.entries


def test_every_beginning_of_a_journal_is_a_journal() -> None:
    for end in range(1, len(LINES) + 1):
        assert len(reread(LINES[:end])[1]) == end


def test_an_empty_journal_is_none() -> None:
    assert first_unfit([]) == 1


@pytest.mark.parametrize("row", range(len(LINES)))
def test_a_line_that_was_changed_is_named(row: int) -> None:
    body = json.loads(LINES[row])
    body["body"]["by"] = "somebody"
    changed = [*LINES[:row], json.dumps(body).encode(), *LINES[row + 1 :]]
    assert first_unfit(changed) == row + 1


@pytest.mark.parametrize("row", range(len(LINES) - 1))
def test_a_line_that_is_missing_or_doubled_is_named_at_its_place(row: int) -> None:
    assert first_unfit([*LINES[:row], *LINES[row + 1 :]]) == row + 1
    assert first_unfit([*LINES[: row + 1], *LINES[row:]]) == row + 2


def test_lines_that_changed_places_are_named() -> None:
    assert first_unfit([LINES[0], LINES[2], LINES[1], *LINES[3:]]) == 2


@pytest.mark.parametrize("line", [b"", b"{}", b"[]", b"\xff", b'{"n": 1}', b"not JSON"])
def test_what_is_no_entry_is_named(line: bytes) -> None:
    assert first_unfit([LINES[0], line]) == 2


FORGERIES: list[tuple[int, Plain]] = [
    (place("BidPlaced"), {"amount": "0"}),
    (place("BidPlaced", 1), {"rank": 1}),
    (place("BidPlaced", 2), {"no": 5}),
    (place("BidPlaced", 2), {"amount": "94.90"}),
    (place("BidPlaced", 2), {"vendor": "Z"}),
    (place("BidPlaced", 2), {"lot": "L9"}),
    (place("BidPlaced"), {"at": "2026-03-02T14:00:00Z"}),
    (place("LotClosed"), {"winner": "A"}),
    (place("LotClosed"), {"lot": "L9"}),
    (place("LotResumed"), {"lot": "L9"}),
    (place("CloseMoved"), {"closes": "2026-03-02T15:30:00Z"}),
    (place("LotPaused"), {"type": "live.lot_resumed", "closes": "2026-03-02T17:00:00Z"}),
    (place("LotResumed"), {"type": "live.lot_paused", "all": True, "since": "2026-03-02T15:00:00Z"}),
    (place("LotOpened"), {"type": "live.lot_resumed", "reason": ""}),
    (1, {"type": "room.unheard_of"}),
    (place("VendorAdmitted"), {"type": "room.seeded"}),
]


@pytest.mark.parametrize(("row", "members"), FORGERIES, ids=[str(n) for n in range(len(FORGERIES))])
def test_a_forged_line_that_contradicts_those_before_is_named(row: int, members: Plain) -> None:
    assert first_unfit(forged(row, **members)) == row + 1


def test_a_second_setting_up_is_named() -> None:
    line = json.loads(LINES[1])
    line["body"] = json.loads(LINES[0])["body"]
    line["commitment"] = commit(bytes.fromhex(line["salt"]), canonical(line["body"])).hex()
    assert first_unfit([LINES[0], json.dumps(line).encode()]) == 2


def test_every_event_is_read_back_as_it_was_written() -> None:
    for entry, event in zip(PLAYED.entries, PLAYED.events, strict=True):
        assert canonical(event) == entry.body
        assert read_event(entry.body) == event


def test_an_event_with_members_of_a_later_version_is_still_read() -> None:
    body: Any = msgspec.json.decode(PLAYED.entries[-1].body)
    known = read_event(PLAYED.entries[-1].body)
    assert read_event(msgspec.json.encode(body | {"added_later": 1})) == known
