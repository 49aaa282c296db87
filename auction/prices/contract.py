"""A contract that an award became: the decider of the stream `contract/<event>.<lot>`.

It runs from its first day to its last, both counted in. A lead extends it by its options to renew, one at a time and before it is
over, or ends it early with a reason. Days are calendar days at the consortium; what day it is there is handed in.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec

from auction.kernel import Command, Event, Refused
from auction.refusals import Refusal, no
from auction.tender.solicitation import Contract as Terms

SOON = 60
"""So many days before its last one a contract is said to end soon."""
LONGEST_REASON = 2_000
Status = Literal["upcoming", "current", "ending", "over"]


class BeginContract(Command, frozen=True):
    """The lot was awarded: these are the contract's terms. Sent again, it changes nothing."""

    vendor: str
    terms: Terms


class RenewContract(Command, frozen=True):
    """Use the next option to renew; `today` is the day at the consortium."""

    today: date
    reason: str


class EndContract(Command, frozen=True):
    """End it early: `last` is its new last day."""

    today: date
    last: date
    reason: str


class ContractBegun(Event, frozen=True, tag="contract.begun"):
    """A contract came into being with an award."""

    vendor: str
    terms: Terms


class ContractRenewed(Event, frozen=True, tag="contract.renewed"):
    """An option was used: the contract's new last day, and which option it was, counted from 1."""

    ends: str
    option: int
    reason: str


class ContractEnded(Event, frozen=True, tag="contract.ended"):
    """It ends early, after this day."""

    last: str
    reason: str


ContractEvent = ContractBegun | ContractRenewed | ContractEnded


class Contract(msgspec.Struct):
    """What is remembered of a contract; `ends` is its last day as it now stands, empty where none was agreed."""

    begun: ContractBegun | None = None
    ends: str = ""
    renewed: int = 0
    ended: ContractEnded | None = None

    @property
    def options_left(self) -> int:
        """How many options to renew are left."""
        return 0 if self.begun is None or self.ended is not None else self.begun.terms.renewals - self.renewed


def initial() -> Contract:
    """Return a contract that is not there yet."""
    return Contract()


def parse_day(text: str) -> date | None:
    """Read an ISO day; None for anything else, also for an empty one."""
    try:
        read = date.fromisoformat(text)
    except ValueError:
        return None
    return read if read.isoformat() == text else None


def filled(terms: Terms, tender: str, lot: str, awarded: date) -> Terms:
    """The terms with what the publication left open: a number of its own, and a first day no later than the award's."""
    return msgspec.structs.replace(
        terms,
        number=terms.number or (f"{tender}-{lot}" if tender else lot),
        starts=terms.starts or awarded.isoformat(),
    )


def status(starts: str, ends: str, today: date) -> Status:
    """Where a contract with these first and last days stands on a day."""
    first, last = parse_day(starts), parse_day(ends)
    if last is not None and today > last:
        return "over"
    if first is not None and today < first:
        return "upcoming"
    return "ending" if last is not None and last - today <= timedelta(days=SOON) else "current"


def extended(last: date, months: int) -> date:
    """The last day so many months on: the day before the month's day on which the next term would begin."""
    begins = last + timedelta(days=1)
    count = begins.year * 12 + begins.month - 1 + months
    year, month = divmod(count, 12)
    for day in range(begins.day, 0, -1):
        try:
            return date(year, month + 1, day) - timedelta(days=1)
        except ValueError:
            continue
    raise AssertionError("every month has a first day")


def decide(contract: Contract, command: Command, now: datetime) -> Generator[Event, None, Contract]:
    """Judge one command."""
    if isinstance(command, BeginContract):
        if contract.begun is None:
            yield ContractBegun(
                at=now, by=command.by, vis="public", vendor=command.vendor, terms=command.terms
            )
    elif isinstance(command, RenewContract):
        yield _renew(contract, command, now)
    elif isinstance(command, EndContract):
        yield _end(contract, command, now)
    else:
        raise Refused(no("BAD_COMMAND"))
    return contract


def _renew(contract: Contract, command: RenewContract, now: datetime) -> ContractRenewed:
    begun, last = _running(contract, command.today)
    if contract.options_left < 1:
        raise Refused(no("NOT_ALLOWED", "No option to renew is left."))
    if last is None:
        raise Refused(no("NOT_ALLOWED", "This contract has no last day that could be moved."))
    return ContractRenewed(
        at=now,
        by=command.by,
        vis="public",
        ends=extended(last, begun.terms.renewal_months).isoformat(),
        option=contract.renewed + 1,
        reason=_words(command.reason),
    )


def _end(contract: Contract, command: EndContract, now: datetime) -> ContractEnded:
    _, last = _running(contract, command.today)
    if command.last < command.today:
        raise Refused(no("NOT_ALLOWED", "The new last day is past; choose today or a later day."))
    if last is not None and command.last >= last:
        raise Refused(
            no("NOT_ALLOWED", f"The contract ends on {last.isoformat()} anyhow; choose an earlier day.")
        )
    return ContractEnded(
        at=now, by=command.by, vis="public", last=command.last.isoformat(), reason=_words(command.reason)
    )


def _running(contract: Contract, today: date) -> tuple[ContractBegun, date | None]:
    """The contract's beginning and last day, if it can still be changed."""
    if contract.begun is None:
        raise Refused(no("NOT_ALLOWED", "There is no such contract."))
    if contract.ended is not None:
        raise Refused(no("NOT_ALLOWED", "This contract was ended early; it cannot be changed any more."))
    last = parse_day(contract.ends)
    if last is not None and today > last:
        raise Refused(
            no("NOT_ALLOWED", "This contract is over; an option is used before its last day has passed.")
        )
    return contract.begun, last


def _words(reason: str) -> str:
    if not reason.strip():
        raise Refused(no("BAD_COMMAND", "Give the reason in words; it stays on record."))
    if len(reason.strip()) > LONGEST_REASON:
        raise Refused(no("BAD_COMMAND", f"The reason may have at most {LONGEST_REASON:,} characters."))
    return reason.strip()


def evolve(contract: Contract, event: Event) -> Contract:
    """Write one event down."""
    if isinstance(event, ContractBegun):
        contract.begun, contract.ends = event, event.terms.ends
    elif isinstance(event, ContractRenewed):
        contract.ends, contract.renewed = event.ends, event.option
    elif isinstance(event, ContractEnded):
        contract.ends, contract.ended = event.last, event
    return contract


def refusal(contract: Contract, command: Command, reason: Refusal, now: datetime) -> Iterator[Event]:
    """Refusals to a lead are answered, not written."""
    return iter(())
