"""A rehearsal runs a whole event over real sockets, also through chaos, and its reckoning finds what is planted."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from auction.journal import Append, MemoryJournal
from auction.kernel import handle
from auction.live import event
from auction.live.room import Entrant, LotPlan, PlaceBid, Prepare, RoomEvent
from auction.money import parse_amount
from auction.tender.solicitation import Lot, Solicitation
from auction.terms import rules
from server.rehearsal.reckoning import Kept, Told, reckon

ROOT = Path(__file__).parents[2]
KEYS = {
    *("accepted", "refused", "refusals", "ack_ms", "frames_sent", "extensions", "lost", "doubled"),
    *("journal", "awards", "baseline", "awarded", "savings_percent"),
}


def rehearse(*given: str) -> tuple[int, dict[str, Any], str]:
    done = subprocess.run(
        [sys.executable, "-m", "server.cli", "rehearse", "--json", *given],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
    )
    return done.returncode, json.loads(done.stdout) if done.stdout else {}, done.stderr


def test_a_rehearsal_comes_out_even_and_awards_every_lot() -> None:
    code, told, said = rehearse("--vendors", "8", "--lots", "2", "--seconds", "6")
    assert code == 0, said
    assert told.keys() == KEYS
    assert told["accepted"] > 0
    assert (told["lost"], told["doubled"]) == (0, 0)
    assert told["journal"]["replays_identically"] is True
    assert [award["lot"] for award in told["awards"]] == ["L1", "L2"]


def test_nothing_is_lost_or_doubled_when_lines_drop_and_the_server_is_killed() -> None:
    code, told, said = rehearse("--vendors", "8", "--lots", "2", "--seconds", "8", "--chaos")
    assert code == 0, said
    assert (told["lost"], told["doubled"]) == (0, 0)
    assert len(told["awards"]) == 2


def test_a_published_tender_can_be_rehearsed() -> None:
    tender = ROOT / "fixtures" / "tenders" / "openprocurement_auction_worker_tender_multilot.json"
    code, told, said = rehearse("--vendors", "4", "--seconds", "4", "--tender", str(tender))
    assert code == 0, said
    assert told["accepted"] > 0


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (("--vendors", "0"), "--vendors"),
        (("--rules", "none.json"), "none.json"),
        (("--tender", "pyproject.toml"), "JSON"),
    ],
)
def test_what_cannot_be_rehearsed_is_said_at_once(given: tuple[str, ...], says: str) -> None:
    code, told, said = rehearse(*given)
    assert (code, told) == (2, {})
    assert says in said


# --- the reckoning -----------------------------------------------------------------------------------------------------------

OPENS = datetime(2026, 3, 2, 15, tzinfo=UTC)
DOCUMENT = Solicitation(
    number="1", title="One", rules={}, lots=(Lot(id="L1", title="One", ceiling="100.00"),)
)


def history() -> Kept:
    """A room in which A bid 100.00 and then 90.00."""
    journal, room = MemoryJournal(), event.initial()
    prepare = Prepare(
        by="host",
        tender=None,
        rules=rules.parse({"format": "english"}),
        opens=OPENS,
        closes=OPENS + timedelta(hours=1),
        lots=(LotPlan("L1", "100.00"),),
        vendors=(Entrant("A"), Entrant("B")),
        seed="00" * 32,
    )
    bids = [
        PlaceBid(by="A", id=f"a{row}", lot="L1", amount=parse_amount(text), given=text)
        for row, text in enumerate(("100.00", "90.00"))
    ]
    for place, command in enumerate([prepare, *bids]):
        decision = handle(event, room, command, OPENS + timedelta(seconds=place))
        room, salts = decision.state, tuple(bytes([place]) * 32 for _ in decision.events)
        journal.append([Append("room/1", journal.length(), decision.events, salts)])
    entries = journal.read("room/1")
    read = msgspec.json.Decoder(RoomEvent).decode
    return Kept(entries, [read(entry.body) for entry in entries], [])


TOLD = Told({("A", "a0"): "100.00", ("A", "a1"): "90.00"}, {("A", "L1"): "90.00", ("B", "L1"): None})


def test_an_even_reckoning_is_good() -> None:
    assert reckon(TOLD, history(), DOCUMENT).good


@pytest.mark.parametrize(
    "told",
    [
        msgspec.structs.replace(TOLD, taken={**TOLD.taken, ("B", "b0"): "95.00"}),
        msgspec.structs.replace(TOLD, taken={**TOLD.taken, ("A", "a1"): "89.00"}),
        msgspec.structs.replace(TOLD, waiting=1),
        msgspec.structs.replace(TOLD, gaps=1),
        msgspec.structs.replace(TOLD, standing={("A", "L1"): "100.00"}),
    ],
)
def test_what_vendors_were_told_and_the_journal_does_not_hold_is_found(told: Told) -> None:
    assert not reckon(told, history(), DOCUMENT).good


def test_a_doubled_bid_a_missing_entry_and_a_changed_one_are_found() -> None:
    held = history()
    doubled = msgspec.structs.replace(held, events=[*held.events, held.events[-1]])
    assert reckon(TOLD, doubled, DOCUMENT).doubled == 1
    assert not reckon(TOLD, msgspec.structs.replace(held, entries=held.entries[1:]), DOCUMENT).good
    last = held.entries[-1]
    changed = msgspec.structs.replace(last, body=last.body.replace(b"90.00", b"91.00"))
    assert not reckon(
        TOLD, msgspec.structs.replace(held, entries=[*held.entries[:-1], changed]), DOCUMENT
    ).good
