"""A live auction may take its opening bids sealed: only where the law says so, with a committee, and with its times in order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from auction.kernel import handle
from auction.refusals import Refusal
from auction.tender import addenda, sealed_bids
from auction.tender import tender as decider
from auction.tender.solicitation import Line, Lot, Officer, Sealing, Solicitation
from auction.tender.tender import (
    ApproveTender,
    DraftAddendum,
    DraftTender,
    ProposeTender,
    PublishTender,
    Tender,
    fingerprint,
    publish_faults,
)
from tests.auction.tender.laws import NOW, OPENS, document, ground

HOUR = timedelta(hours=1)
OFFICERS = tuple(Officer(f"p-{name}", name.title(), "Lake") for name in ("one", "two", "three"))
LOTS = (Lot("L1", "Paper", lines=(Line("A", "Copy paper", "case", "10"),)),)
LAW = ground(sealed_opening=True)


def seeding(**more: Any) -> Solicitation:
    """An auction of one lot whose opening bids come sealed; `more` stands over its committee and times."""
    terms: dict[str, Any] = {"due": NOW + HOUR, "opens": NOW + 2 * HOUR, "officers": OFFICERS}
    sealing = Sealing(**(terms | more.pop("sealing", {})))
    return document(**({"opening": "sealed", "lots": LOTS, "sealing": sealing} | more))


def paths(given: Solicitation, law: Any = LAW) -> list[str]:
    """Where faults are."""
    return [each.path for each in publish_faults(given, NOW, law)]


def test_an_auction_with_sealed_opening_bids_can_be_published() -> None:
    assert paths(seeding()) == []


def test_no_law_on_record_means_that_sealed_bids_open_no_auction() -> None:
    assert paths(seeding(), ground()) == ["opening"]
    assert paths(seeding(), ground(sealed_opening=False)) == ["opening"]


def test_a_sealed_bid_solicitation_asks_nothing_of_that_law() -> None:
    whole = msgspec.structs.replace(seeding(), kind="sealed_bid", opening="none", opens=None)
    assert "opening" not in paths(whole, ground())


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"sealing": {"due": None}}, "sealing.due"),
        ({"sealing": {"due": NOW}}, "sealing.due"),
        ({"sealing": {"opens": None}}, "sealing.opens"),
        ({"sealing": {"opens": NOW + HOUR / 2}}, "sealing.opens"),
        ({"sealing": {"opens": OPENS}}, "opens"),
        ({"sealing": {"officers": OFFICERS[:2]}}, "sealing.officers"),
        ({"sealing": {"envelopes": ("technical", "price")}}, "sealing.envelopes"),
        ({"lots": (Lot("L1", "Paper"),)}, "lots[0].lines"),
        (
            {
                "lots": (
                    msgspec.structs.replace(LOTS[0], opens=NOW + HOUR),
                    Lot("L2", "Ink", lines=LOTS[0].lines),
                )
            },
            "opens",
        ),
        ({"questions_until": NOW + HOUR + HOUR / 2}, "questions_until"),
    ],
)
def test_what_is_wrong_with_it_is_named(more: dict[str, Any], path: str) -> None:
    assert path in paths(seeding(**more))


def test_the_laws_notice_is_counted_to_when_opening_bids_are_due() -> None:
    law = ground(sealed_opening=True, minimum_notice={"reverse_auction": {"days": 3}})
    late = msgspec.structs.replace(law, deadline=NOW.date())
    assert paths(seeding(), late) == ["sealing.due"]


def published(given: Solicitation) -> Tender:
    """The tender once it is published."""
    state, mark = decider.initial(), fingerprint(given)
    for command in (
        DraftTender(by="lead", document=given),
        ProposeTender(by="lead", hash=mark, ground=LAW),
        ApproveTender(by="second", hash=mark),
        PublishTender(by="lead", seed="ab" * 32, ground=LAW, accepted=True),
    ):
        decision = handle(decider, state, command, NOW)
        assert not isinstance(decision.answer, Refusal), decision.answer
        state = decision.state
    return state


def test_it_is_not_published_before_every_officer_has_accepted() -> None:
    state = decider.initial()
    mark = fingerprint(seeding())
    for command in (
        DraftTender(by="lead", document=seeding()),
        ProposeTender(by="lead", hash=mark, ground=LAW),
        ApproveTender(by="second", hash=mark),
    ):
        state = handle(decider, state, command, NOW).state
    answer = handle(decider, state, PublishTender(by="lead", seed="ab" * 32, ground=LAW), NOW).answer
    assert isinstance(answer, Refusal)
    assert "every officer has accepted" in answer.message


def test_an_addendum_moves_its_times_later_only_and_never_turns_it_into_another_auction() -> None:
    tender, before = published(seeding()), seeding()
    sooner = seeding(sealing={"due": NOW + HOUR / 2})
    assert [each.path for each in sealed_bids.moved(before, sooner)] == ["sealing.due"]
    assert sealed_bids.moved(before, seeding(sealing={"due": NOW + HOUR * 3 / 2})) == []
    assert addenda.fixed_changes(tender, seeding(opening="schedules")) == ["opening"]
    assert addenda.fixed_changes(tender, seeding(sealing={"due": NOW + HOUR * 3 / 2})) == []


def test_an_addendum_comes_before_opening_bids_are_due_not_before_the_room_opens() -> None:
    given = seeding()
    change = DraftAddendum(
        by="lead", document=msgspec.structs.replace(given, title="Ink"), base=fingerprint(given)
    )
    in_time = handle(decider, published(given), change, NOW + HOUR / 2).answer
    assert not isinstance(in_time, Refusal)
    assert isinstance(handle(decider, published(given), change, NOW + HOUR).answer, Refusal)
