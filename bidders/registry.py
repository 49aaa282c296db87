"""A vendor's own record: the decider of the stream `vendor/<organisation id>`.

What a company says of itself, as on a W-9, and its certificates. Names, addresses of e-mail and telephone numbers of people
stay out of it and are referred to by id; of a tax number only its kind is noted here.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import date, datetime
from typing import Literal

import msgspec

from auction.kernel import Command, Event, Refused
from auction.refusals import Refusal, no
from bidders import certificates
from bidders.certificates import Certificate
from bidders.company import Facts, faults

TaxKind = Literal["ein", "ssn"]
MOST = 100
"""How many certificates, and how many contacts, a company may keep."""


class StateFacts(Command, frozen=True):
    """Say what the company is, in place of what was said in version `base`."""

    facts: Facts
    base: int


class AddCertificate(Command, frozen=True):
    """Show a certificate."""

    certificate: Certificate


class RemoveCertificate(Command, frozen=True):
    """Take a certificate out."""

    certificate: str


class NameContact(Command, frozen=True):
    """Name somebody to turn to; who it is stands in the house's own table under this id."""

    contact: str
    duty: str


class RemoveContact(Command, frozen=True):
    """No longer name somebody."""

    contact: str


class NoteTaxNumber(Command, frozen=True):
    """The company's tax number was given or changed."""

    kind: TaxKind


class FactsStated(Event, frozen=True, tag="vendor.facts_stated"):
    """A company said what it is."""

    facts: Facts


class CertificateAdded(Event, frozen=True, tag="vendor.certificate_added"):
    """A company showed a certificate."""

    certificate: Certificate


class CertificateRemoved(Event, frozen=True, tag="vendor.certificate_removed"):
    """A company took a certificate out."""

    certificate: str


class ContactNamed(Event, frozen=True, tag="vendor.contact_named"):
    """A company named somebody to turn to, by id."""

    contact: str
    duty: str


class ContactRemoved(Event, frozen=True, tag="vendor.contact_removed"):
    """A company no longer names somebody."""

    contact: str


class TaxNumberStated(Event, frozen=True, tag="vendor.tax_number_stated"):
    """A company gave its tax number; the number itself is nowhere in the journal."""

    kind: TaxKind


VendorEvent = (
    FactsStated | CertificateAdded | CertificateRemoved | ContactNamed | ContactRemoved | TaxNumberStated
)


class Company(msgspec.Struct):
    """What is remembered of a company; `version` counts how often its facts were stated."""

    facts: Facts | None = None
    version: int = 0
    stated_at: datetime | None = None
    certificates: dict[str, Certificate] = msgspec.field(default_factory=dict)
    contacts: dict[str, str] = msgspec.field(default_factory=dict)
    tax: TaxKind | None = None


class CompanyDone(msgspec.Struct, frozen=True):
    """The answer to a command that was carried out."""

    version: int


def initial() -> Company:
    """Return a company of which nothing is known yet."""
    return Company()


def decide(company: Company, command: Command, now: datetime) -> Generator[Event, None, CompanyDone]:
    """Judge one command."""
    who = command.by
    if isinstance(command, StateFacts):
        yield from _state(company, command, now)
    elif isinstance(command, AddCertificate):
        yield from _add(company, command, now)
    elif isinstance(command, RemoveCertificate):
        if command.certificate in company.certificates:
            yield CertificateRemoved(at=now, by=who, certificate=command.certificate)
    elif isinstance(command, NameContact):
        if len(company.contacts) >= MOST:
            raise Refused(no("NOT_ALLOWED", f"At most {MOST} contacts are kept; remove one first."))
        yield ContactNamed(at=now, by=who, contact=command.contact, duty=command.duty)
    elif isinstance(command, RemoveContact):
        if command.contact in company.contacts:
            yield ContactRemoved(at=now, by=who, contact=command.contact)
    elif isinstance(command, NoteTaxNumber):
        yield TaxNumberStated(at=now, by=who, kind=command.kind)
    else:
        raise Refused(no("BAD_COMMAND"))
    return CompanyDone(company.version)


def _state(company: Company, command: StateFacts, now: datetime) -> Iterator[Event]:
    if command.facts == company.facts:
        return
    if command.base != company.version:
        raise Refused(
            no("NOT_ALLOWED", "Somebody else of your company saved changes meanwhile; look at them first.")
        )
    found = list(faults(command.facts))
    if found:
        raise Refused(no("BAD_COMMAND", "; ".join(f"{fault.path}: {fault.message}" for fault in found)))
    yield FactsStated(at=now, by=command.by, facts=command.facts)


def _add(company: Company, command: AddCertificate, now: datetime) -> Iterator[Event]:
    given = command.certificate
    if company.certificates.get(given.id) == given:
        return
    found = list(certificates.faults(given))
    if found:
        raise Refused(no("BAD_COMMAND", "; ".join(f"{fault.path}: {fault.message}" for fault in found)))
    if len(company.certificates) >= MOST and given.id not in company.certificates:
        raise Refused(no("NOT_ALLOWED", f"At most {MOST} certificates are kept; remove one first."))
    yield CertificateAdded(at=now, by=command.by, certificate=given)


def evolve(company: Company, event: Event) -> Company:
    """Write one event into the record."""
    if isinstance(event, FactsStated):
        company.facts, company.stated_at = event.facts, event.at
        company.version += 1
    elif isinstance(event, CertificateAdded):
        company.certificates[event.certificate.id] = event.certificate
    elif isinstance(event, CertificateRemoved):
        company.certificates.pop(event.certificate, None)
    elif isinstance(event, ContactNamed):
        company.contacts[event.contact] = event.duty
    elif isinstance(event, ContactRemoved):
        company.contacts.pop(event.contact, None)
    elif isinstance(event, TaxNumberStated):
        company.tax = event.kind
    return company


def refusal(company: Company, command: Command, reason: Refusal, now: datetime) -> Iterator[Event]:
    """Refusals are answered, not written."""
    return iter(())


# --- how complete it is ----------------------------------------------------------------------------------------------------


class Item(msgspec.Struct, frozen=True):
    """One thing a consortium will ask for: whether it is there, and what to do if not."""

    name: str
    done: bool
    words: str
    part: str


def checklist(company: Company, today: date) -> tuple[Item, ...]:
    """What a company's record still lacks before a consortium can admit it without asking back."""
    held = list(company.certificates.values())
    ended = [each for each in held if certificates.standing(each, today) == "expired"]
    return (
        Item("Company facts", company.facts is not None, "Say who you are and where.", "facts"),
        Item("Tax number", company.tax is not None, "Give your EIN or SSN as on the W-9.", "tax"),
        Item("A contact", bool(company.contacts), "Name somebody to turn to.", "contacts"),
        Item("Signed W-9", _has(held, "w9"), "Attach the signed form.", "certificates"),
        Item(
            "Liability insurance",
            _has(held, "insurance", today),
            "Attach one that is in force.",
            "certificates",
        ),
        Item(
            "Certificates in force",
            not ended,
            f"Renew: {', '.join(certificates.CERTIFICATES[each.kind] for each in ended)}.",
            "certificates",
        ),
    )


def _has(held: list[Certificate], kind: str, today: date | None = None) -> bool:
    """Whether one of a kind is there, in force if a day is given."""
    return any(
        each.kind == kind
        and (today is None or certificates.standing(each, today) not in ("expired", "later"))
        for each in held
    )
