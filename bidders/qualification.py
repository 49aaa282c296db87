"""Who takes part in an event: the decider of the stream `admission/<event id>`.

A vendor asks to take part in lots, a lead invites, admits or declines. The room alone says who is admitted, because it freezes
admission at its opening; what happens there is noted here, so that one stream tells the whole story of each vendor.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import datetime
from typing import Literal

import msgspec

from auction.kernel import Command, Event, Refused
from auction.refusals import Refusal, no

Status = Literal["none", "invited", "applied", "admitted", "declined", "withdrawn", "retracted"]
LONGEST = 2000
"""The longest reason or note, in characters."""


class Call(msgspec.Struct, frozen=True):
    """What an event offers to vendors now: its lots, the fingerprint of the terms to accept, and whether it is too late."""

    lots: tuple[str, ...]
    terms: str
    frozen: bool


class AskToTakePart(Command, frozen=True):
    """A vendor asks to be admitted to lots; `terms` is the fingerprint of what its signer accepted."""

    vendor: str
    lots: tuple[str, ...]
    terms: str
    non_collusion: bool
    call: Call
    note: str = ""


class Retract(Command, frozen=True):
    """A vendor takes its question back, before it is answered."""

    vendor: str


class Invite(Command, frozen=True):
    """A lead invites a vendor to ask."""

    vendor: str
    frozen: bool
    note: str = ""


class Decline(Command, frozen=True):
    """A lead declines what a vendor asked for, with the reason."""

    vendor: str
    reason: str


class NoteAdmitted(Command, frozen=True):
    """The room admitted a vendor at `happened`; `lots` None is all."""

    vendor: str
    lots: tuple[str, ...] | None
    reason: str
    happened: datetime


class NoteWithdrawn(Command, frozen=True):
    """The room took a vendor's admission back at `happened`."""

    vendor: str
    reason: str
    happened: datetime


class VendorInvited(Event, frozen=True, tag="admission.invited"):
    """A lead invited a vendor to take part."""

    vendor: str
    note: str


class TakingPartAsked(Event, frozen=True, tag="admission.asked"):
    """A vendor asked to take part in lots, accepted the terms and confirmed that its prices are its own."""

    vendor: str
    lots: tuple[str, ...]
    terms: str
    note: str


class AskingRetracted(Event, frozen=True, tag="admission.retracted"):
    """A vendor took its question back."""

    vendor: str


class VendorDeclined(Event, frozen=True, tag="admission.declined"):
    """A lead declined a vendor's question, with the reason."""

    vendor: str
    lots: tuple[str, ...]
    reason: str


class AdmissionNoted(Event, frozen=True, tag="admission.admitted"):
    """A vendor is admitted to lots; `lots` None is all."""

    vendor: str
    lots: tuple[str, ...] | None
    reason: str
    happened: datetime


class WithdrawalNoted(Event, frozen=True, tag="admission.withdrawn"):
    """A vendor's admission was taken back before the opening, with the reason."""

    vendor: str
    reason: str
    happened: datetime


AdmissionEvent = (
    VendorInvited | TakingPartAsked | AskingRetracted | VendorDeclined | AdmissionNoted | WithdrawalNoted
)


class Part(msgspec.Struct):
    """One vendor's part: its latest event of each kind, as far as it still counts."""

    status: Status = "none"
    at: datetime | None = None
    by: str = ""
    reason: str = ""
    invited: VendorInvited | None = None
    asked: TakingPartAsked | None = None
    admitted: AdmissionNoted | None = None
    noted: datetime | None = None


class Admissions(msgspec.Struct):
    """Every vendor that has a part in one event."""

    vendors: dict[str, Part] = msgspec.field(default_factory=dict)


class PartDone(msgspec.Struct, frozen=True):
    """The answer to a command that was carried out: how the vendor now stands."""

    status: Status


def initial() -> Admissions:
    """Return an event in which nobody takes part."""
    return Admissions()


def part(admissions: Admissions, vendor: str) -> Part:
    """A vendor's part, not to be changed."""
    return admissions.vendors.get(vendor) or Part()


def decide(admissions: Admissions, command: Command, now: datetime) -> Generator[Event, None, PartDone]:
    """Judge one command."""
    vendor: str = getattr(command, "vendor", "")
    held = part(admissions, vendor)
    if isinstance(command, AskToTakePart):
        yield from _ask(held, command, now)
    elif isinstance(command, Retract):
        if held.asked is None:
            raise Refused(
                no("NOT_ALLOWED", "There is nothing to take back: it was answered, or never asked.")
            )
        yield AskingRetracted(at=now, by=command.by, vendor=vendor)
    elif isinstance(command, Invite):
        yield from _invite(held, command, now)
    elif isinstance(command, Decline):
        yield from _decline(held, command, now)
    elif isinstance(command, NoteAdmitted):
        if _is_news(held, command):
            yield AdmissionNoted(
                at=now,
                by=command.by,
                vendor=vendor,
                lots=command.lots,
                reason=command.reason,
                happened=command.happened,
            )
    elif isinstance(command, NoteWithdrawn):
        if _is_news(held, command):
            yield WithdrawalNoted(
                at=now, by=command.by, vendor=vendor, reason=command.reason, happened=command.happened
            )
    else:
        raise Refused(no("BAD_COMMAND"))
    return PartDone(part(admissions, vendor).status)


def _is_news(held: Part, command: NoteAdmitted | NoteWithdrawn) -> bool:
    """What was noted before, or something later, is not noted again."""
    return held.noted is None or command.happened > held.noted


def _ask(held: Part, command: AskToTakePart, now: datetime) -> Iterator[Event]:
    wrong = list(why_not(command))
    if wrong:
        raise Refused(no("CLOSED" if command.call.frozen else "BAD_COMMAND", " ".join(wrong)))
    if _same(held.asked, command):
        return
    yield TakingPartAsked(
        at=now,
        by=command.by,
        vendor=command.vendor,
        lots=command.lots,
        terms=command.terms,
        note=command.note.strip()[:LONGEST],
    )


def _same(asked: TakingPartAsked | None, command: AskToTakePart) -> bool:
    return asked is not None and (asked.lots, asked.terms) == (command.lots, command.terms)


def why_not(command: AskToTakePart) -> Iterator[str]:
    """Every reason why a vendor cannot ask so."""
    call = command.call
    if call.frozen:
        yield "The event has opened; nobody is admitted any more."
    if not command.lots:
        yield "Choose at least one lot."
    unknown = [lot for lot in command.lots if lot not in call.lots]
    if unknown:
        yield f"There is no lot {', '.join(unknown)[:64]} in this event."
    if command.terms != call.terms:
        yield "Accept the terms as they now stand; they changed, or were not accepted."
    if not command.non_collusion:
        yield "Confirm that your company makes its prices by itself."


def _invite(held: Part, command: Invite, now: datetime) -> Iterator[Event]:
    if command.frozen:
        raise Refused(no("CLOSED", "The event has opened; nobody is invited any more."))
    if held.status in ("invited", "applied", "admitted"):
        return
    note = command.note.strip()[:LONGEST]
    yield VendorInvited(at=now, by=command.by, vendor=command.vendor, note=note)


def _decline(held: Part, command: Decline, now: datetime) -> Iterator[Event]:
    reason = command.reason.strip()[:LONGEST]
    if not reason:
        raise Refused(no("BAD_COMMAND", "Give the reason in words; the vendor is told."))
    if held.asked is None:
        raise Refused(no("NOT_ALLOWED", "This vendor's question was answered already, or taken back."))
    yield VendorDeclined(at=now, by=command.by, vendor=command.vendor, lots=held.asked.lots, reason=reason)


_STATUS: dict[type[Event], Status] = {
    VendorInvited: "invited",
    TakingPartAsked: "applied",
    AdmissionNoted: "admitted",
    WithdrawalNoted: "withdrawn",
}


def evolve(admissions: Admissions, event: Event) -> Admissions:
    """Write one event into the vendor's part."""
    held = admissions.vendors.setdefault(getattr(event, "vendor", ""), Part())
    if isinstance(event, VendorInvited):
        held.invited = event
    elif isinstance(event, TakingPartAsked):
        held.asked = event
    elif isinstance(event, AdmissionNoted):
        held.asked, held.admitted, held.noted = None, event, event.happened
    elif isinstance(event, WithdrawalNoted):
        held.admitted, held.noted = None, event.happened
    else:
        held.asked = None
    other: Status = "retracted" if isinstance(event, AskingRetracted) else "declined"
    held.status = _STATUS.get(type(event), "admitted" if held.admitted is not None else other)
    held.at, held.by, held.reason = event.at, event.by, getattr(event, "reason", "")
    return admissions


def refusal(admissions: Admissions, command: Command, reason: Refusal, now: datetime) -> Iterator[Event]:
    """Refusals are answered, not written."""
    return iter(())
