"""What the law does not allow is not published, and each "no" names its source."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from auction.tender import conditions
from auction.tender.authority import Ground, faults, protest_window, statement
from auction.tender.solicitation import Authority, Document, Solicitation
from auction.terms.faults import Fault
from auction.terms.jurisdiction import parse
from auction.terms.protest_window import Window
from tests.auction.tender.laws import DOCUMENT, NOW, OPENS, document, ground, state

PAPER = Document("resolution.pdf", "ab" * 32, 10, "application/pdf")
RESOLUTION = {"preconditions": [{"id": "resolution", "words": "the board's resolution"}]}


def found(change: dict[str, Any], **law: Any) -> list[Fault]:
    return faults(document(**change), ground(**law))


def test_a_plain_auction_in_a_state_that_allows_it_has_no_faults() -> None:
    assert found({}) == []


@pytest.mark.parametrize("code", ["", "US-NY"])
def test_a_state_without_law_on_record_holds_no_auction(code: str) -> None:
    (fault,) = faults(document(jurisdiction=code), Ground(None, NOW.date()))
    assert fault.path == "jurisdiction" and "unknown means off" in fault.message


def test_a_state_whose_law_says_no_holds_no_auction() -> None:
    assert [fault.path for fault in found({}, reverse_auction=False)] == ["jurisdiction"]


def test_what_the_law_says_of_auctions_alone_does_not_bind_sealed_bids() -> None:
    sealed = {"kind": "sealed_bid"}
    assert found(sealed, reverse_auction=False) == []
    assert [fault.path for fault in found(sealed | {"category": ""})] == ["category"]


@pytest.mark.parametrize(
    ("change", "law", "path"),
    [
        ({"category": ""}, {}, "category"),
        ({"category": "construction"}, {"excluded_categories": ["construction"]}, "category"),
        (
            {"rules": {"format": "english", "visibility": {"rank": False, "lead": "never"}}},
            {"live_information": {"one_of": ["own_rank", "lead_price"]}},
            "rules.visibility",
        ),
        ({}, {"live_information": {"needs": ["public_prices"]}}, "rules.visibility"),
        ({}, {"live_information": {"never": ["own_rank"]}}, "rules.visibility"),
        ({}, {"names": ["close"]}, "rules.visibility.names_at"),
        ({}, RESOLUTION, "authority.resolution"),
        ({}, {"minimum_notice": {"reverse_auction": {"days": 14}}}, "opens"),
    ],
)
def test_each_provision_stops_what_it_forbids_and_names_its_source(
    change: dict[str, Any], law: dict[str, Any], path: str
) -> None:
    (fault,) = found(change, **law)
    assert fault.path == path
    assert not law or f"Act on {next(iter(law))}" in fault.message


def test_either_of_two_ways_to_show_the_standing_is_enough() -> None:
    law = {"live_information": {"one_of": ["own_rank", "lead_price"]}}
    for seen in ({"rank": True, "lead": "never"}, {"rank": False, "lead": "always"}):
        assert found({"rules": {"format": "english", "visibility": seen}}, **law) == []


def test_a_paper_is_on_file_with_its_words_and_its_attachment() -> None:
    def with_paper(paper: Authority, *files: Document) -> Solicitation:
        return document(authority=(paper,), documents=files)

    law = ground(**RESOLUTION)
    good = Authority("resolution", "No. 14 of March 3, 2026", PAPER.hash)
    assert faults(with_paper(good, PAPER), law) == []
    for wrong in (with_paper(good), with_paper(Authority("resolution", " ", PAPER.hash), PAPER)):
        assert [fault.path for fault in faults(wrong, law)] == ["authority.resolution"]


def test_the_first_allowed_day_is_said_with_its_count_and_is_allowed() -> None:
    law = {"minimum_notice": {"reverse_auction": {"days": 10}}}
    (fault,) = found({}, **law)
    assert "Thu, Mar 12, 2026" in fault.message and "10 days pass" in fault.message
    assert faults(DOCUMENT, ground(deadline=date(2026, 3, 12), **law)) == []
    assert faults(DOCUMENT, ground(deadline=date(2026, 3, 11), **law)) != []
    assert timedelta(days=1) == OPENS - NOW


def test_the_statement_fits_the_method_and_a_consortium_s_own_comes_first() -> None:
    law = state(non_collusion={"sealed_bid": "Sealed words.", "reverse_auction": "Auction words."})
    assert statement(DOCUMENT, law) == "Auction words."
    assert statement(document(kind="sealed_bid"), law) == "Sealed words."
    assert statement(document(non_collusion="Our own."), law) == "Our own."
    assert "for our own bids alone" in statement(DOCUMENT, None)
    assert "before the opening" in statement(document(kind="sealed_bid"), None)


WINDOW = Window(5, source="Policy 5410")
LAW = {"protest": {"days": 7, "anchor": "notice", "stay": True}}


def test_the_time_to_protest_is_the_laws_and_a_solicitation_has_one_of_its_own_only_without_it() -> None:
    change = {"decision": "board", "protest": WINDOW}
    assert found(change) == []
    (fault,) = found(change, **LAW)
    assert fault.path == "protest.days" and "leave the days to protest empty" in fault.message
    law = protest_window(document(), ground(**LAW).profile)
    assert law is not None and (law.days, law.stay) == (7, True) and "Act on protest" in law.source
    assert protest_window(document(**change), ground().profile) == WINDOW
    assert protest_window(document(**change), ground(**LAW).profile) == law
    assert protest_window(document(), None) is None


def test_a_time_to_protest_that_is_only_generally_known_is_not_claimed() -> None:
    row = {
        "topic": "protest",
        "value": LAW["protest"],
        "says": "Seven days.",
        "source": "Somebody",
        "date": "2026-01-01",
    }
    raw = {
        "code": "US-ZZ",
        "name": "Z",
        "bodies": "z",
        "fictional": False,
        "provisions": [row | {"mark": "GK"}],
    }
    assert protest_window(document(), parse(raw)) is None


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"protest": WINDOW}, "protest"),
        ({"protest": Window(0, source="Policy"), "decision": "board"}, "protest.days"),
        ({"protest": Window(5), "decision": "board"}, "protest.source"),
    ],
)
def test_a_time_to_protest_says_its_days_and_where_it_stands_and_belongs_to_a_board(
    change: dict[str, Any], path: str
) -> None:
    assert [fault.path for fault in conditions.faults(document(**change))] == [path]
