"""A box that seeds a live auction: what is opened becomes opening bids, names and prices stay out of sight, no lot ends."""

from __future__ import annotations

import pytest

from auction.kernel import Command, Event
from auction.live.room import FileSchedule
from auction.tender.words import EndLot, TenderCancelled
from auction.terms.schedule import LinePrice
from bidders.box import ceremony
from bidders.box.facts import BidRead, OpeningBidRead, Read, VendorsNamed
from bidders.box.progress import told
from bidders.box.words import CancelBox, FixManifest, PublishBox, RecordLater, RecordOpening, Tried
from bidders.consequences import follow
from tests.bidders.box.scene import NOON, PEOPLE, Scene, eid

LINES = (LinePrice("A", "4.00"),)
GOOD, BAD = Read(lines=LINES, total="40.00"), Read(faults=("line A: is missing",))


def seeding(seeds: bool = True) -> Scene:
    """A box of an auction with two opening bids, as far as everything is released."""
    scene = Scene()
    scene.keyed()
    scene.do(FixManifest(by="p-lead", manifest=scene.manifest(), document="draft", seeds=seeds))
    scene.accept(*PEOPLE)
    scene.do(PublishBox(by="p-lead", document="draft"))
    for vendor in ("v-ash", "v-elm"):
        scene.submit(vendor, scene.item(f"{vendor} price"))
    scene.close()
    scene.meeting()
    for person in PEOPLE[:2]:
        scene.release(person)
    return scene


def record(scene: Scene, *reads: Read | None) -> tuple[Event, ...]:
    """Write the results down, by vendor; None is an envelope whose copy is damaged."""
    by_vendor = dict(zip(("v-ash", "v-elm"), reads, strict=True))
    tried = tuple(_tried(each.eid, by_vendor[each.vendor]) for each in ceremony.due(scene.box, "price"))
    names = {"v-ash": "Ash Supply", "v-elm": "Elm Supply"}
    return scene.do(RecordOpening(by="p-lead", env="price", tried=tried, names=names))


def _tried(name: str, read: Read | None) -> Tried:
    if read is None:
        return Tried(name, "unavailable_host", None, None, eid("disc"))
    return Tried(name, "opened", None, eid("plain"), eid("disc"), read)


def asked(events: tuple[Event, ...]) -> list[tuple[str, Command]]:
    """Everything that follows from events of the box."""
    return [each for event in events for each in follow("box/7", event)]


def test_each_opened_price_becomes_the_vendors_opening_bid_in_the_room_and_no_lot_ends() -> None:
    commands = asked(record(seeding(), GOOD, BAD))
    assert commands == [
        ("room/7", FileSchedule(by="v-ash", lot="L1", lines=LINES, envelope=eid("v-ash price")))
    ]


def test_a_box_of_sealed_bids_seeds_nothing_and_ends_its_lots() -> None:
    events = record(seeding(seeds=False), GOOD, GOOD)
    assert not any(isinstance(each, OpeningBidRead) for each in events)
    assert [type(command) for _, command in asked(events)] == [EndLot, EndLot]


def test_names_and_prices_of_opening_bids_are_never_public_facts() -> None:
    scene = seeding()
    events = record(scene, GOOD, GOOD)
    assert not any(isinstance(each, VendorsNamed) for each in events)
    assert {each.vis for each in events if isinstance(each, BidRead | OpeningBidRead)} == {"private"}
    assert scene.box.over == {} and not told(scene.box)
    assert told(seeded(False).box)


def seeded(seeds: bool) -> Scene:
    """A box with everything opened."""
    scene = seeding(seeds)
    record(scene, GOOD, GOOD)
    return scene


def test_an_envelope_that_is_read_later_still_becomes_an_opening_bid() -> None:
    scene = seeding()
    assert asked(record(scene, GOOD, None))[0][1].by == "v-ash"  # type: ignore[attr-defined]
    events = scene.do(RecordLater(by="p-lead", env="price", tried=_tried(eid("v-elm price"), GOOD)))
    assert [(stream, command.by) for stream, command in asked(events)] == [("room/7", "v-elm")]  # type: ignore[attr-defined]


def test_a_box_replayed_from_its_journal_still_seeds() -> None:
    scene = seeded(True)
    assert scene.replayed() == scene.box
    assert scene.box.seeds


@pytest.mark.parametrize("published", [True, False])
def test_the_box_of_a_cancelled_event_is_never_opened_and_one_that_was_no_box_is_left_alone(
    published: bool,
) -> None:
    gone = TenderCancelled(at=NOON, by="p-lead", reason="The need is gone.")
    commands = list(follow("tender/7", gone))
    assert commands == [("box/7", CancelBox(by="p-lead", reason="The need is gone."))]
    scene = Scene().published() if published else Scene()
    events = scene.do(commands[0][1])
    assert bool(events) == published and scene.said == ""
