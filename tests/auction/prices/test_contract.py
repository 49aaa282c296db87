"""A contract runs from its first day to its last, is extended by its options, and can be ended early."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.kernel import Command, Event, handle, replay
from auction.prices import contract
from auction.prices.contract import (
    BeginContract,
    Contract,
    ContractRenewed,
    EndContract,
    RenewContract,
    extended,
    filled,
    parse_day,
    status,
)
from auction.refusals import Refusal
from auction.tender.solicitation import Contract as Terms

NOW = datetime(2026, 9, 1, 15, tzinfo=UTC)
TODAY = date(2026, 9, 1)
TERMS = Terms("C-1", "2026-07-01", "2027-06-30", renewals=2, renewal_months=12)
BEGIN = BeginContract(by="second", vendor="v-ash", terms=TERMS)
RENEW = RenewContract(by="lead", today=TODAY, reason="Good service.")
END = EndContract(by="lead", today=TODAY, last=date(2026, 12, 31), reason="The vendor closes down.")


def ask(held: Contract, *commands: Command) -> tuple[Contract, list[Event]]:
    events: list[Event] = []
    for command in commands:
        decision = handle(contract, held, command, NOW)
        assert not decision.refused, decision.answer
        held, events = decision.state, [*events, *decision.events]
    return held, events


def refused(held: Contract, command: Command) -> str:
    answer = handle(contract, held, command, NOW).answer
    assert isinstance(answer, Refusal), answer
    return answer.message


def changed(command: Command, **changes: Any) -> Command:
    return msgspec.structs.replace(command, **changes)


def test_a_contract_is_extended_once_for_each_option_and_no_more() -> None:
    held, events = ask(contract.initial(), BEGIN, RENEW, RENEW)
    assert [each.ends for each in events if isinstance(each, ContractRenewed)] == ["2028-06-30", "2029-06-30"]
    assert (held.ends, held.renewed, held.options_left) == ("2029-06-30", 2, 0)
    assert "No option to renew is left" in refused(held, RENEW)
    assert replay(contract, events) == held


def test_an_award_told_twice_begins_one_contract() -> None:
    held, events = ask(contract.initial(), BEGIN, BEGIN, changed(BEGIN, vendor="v-birch"))
    assert len(events) == 1 and held.begun is not None and held.begun.vendor == "v-ash"


def test_a_contract_that_is_over_or_not_there_is_not_extended() -> None:
    assert refused(contract.initial(), RENEW) == "There is no such contract."
    held, _ = ask(contract.initial(), BEGIN)
    assert "is over" in refused(held, changed(RENEW, today=date(2027, 7, 1)))
    ask(held, changed(RENEW, today=date(2027, 6, 30)))


def test_a_contract_without_a_last_day_has_nothing_to_move() -> None:
    held, _ = ask(contract.initial(), changed(BEGIN, terms=msgspec.structs.replace(TERMS, ends="")))
    assert "no last day" in refused(held, RENEW)


def test_a_contract_ended_early_stays_so() -> None:
    held, _ = ask(contract.initial(), BEGIN, END)
    assert (held.ends, held.options_left) == ("2026-12-31", 0)
    for command in (RENEW, END):
        assert "ended early" in refused(held, command)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"last": date(2026, 8, 31)}, "is past"),
        ({"last": date(2027, 6, 30)}, "ends on 2027-06-30 anyhow"),
        ({"reason": " "}, "Give the reason"),
        ({"reason": "x" * 2_001}, "at most 2,000"),
    ],
)
def test_an_end_that_makes_no_sense_is_refused(changes: dict[str, Any], said: str) -> None:
    held, _ = ask(contract.initial(), BEGIN)
    assert said in refused(held, changed(END, **changes))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-06-30", "upcoming"),
        ("2026-07-01", "current"),
        ("2027-04-30", "current"),
        ("2027-05-01", "ending"),
        ("2027-06-30", "ending"),
        ("2027-07-01", "over"),
    ],
)
def test_a_contract_is_current_from_its_first_to_its_last_day(day: str, expected: str) -> None:
    assert status("2026-07-01", "2027-06-30", date.fromisoformat(day)) == expected


def test_without_days_a_contract_is_current() -> None:
    assert status("", "", TODAY) == "current"


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 60))
def test_terms_follow_on_each_other_without_gap_or_overlap(last: date, months: int) -> None:
    begins = last + timedelta(days=1)
    then = extended(last, months) + timedelta(days=1)
    passed = (then.year - begins.year) * 12 + then.month - begins.month
    assert passed == months
    assert then.day == begins.day or (then.day < begins.day and (then + timedelta(days=1)).day == 1)


def test_a_year_that_ends_in_february_ends_in_february() -> None:
    assert extended(date(2027, 2, 28), 12) == date(2028, 2, 29)
    assert extended(date(2026, 1, 30), 1) == date(2026, 2, 27)


def test_what_the_publication_left_open_is_filled() -> None:
    assert filled(Terms(), "2026-1", "L1", TODAY) == Terms("2026-1-L1", "2026-09-01")
    assert filled(TERMS, "2026-1", "L1", TODAY) == TERMS
    assert filled(Terms(), "", "L1", TODAY).number == "L1"


@pytest.mark.parametrize("text", ["", "2026-02-30", "20260301", "2026-3-1", "soon"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert parse_day(text) is None
