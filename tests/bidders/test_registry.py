"""A company says what it is; what is wrong is named by its field, and nobody's changes are lost."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from auction.kernel import Command, Decision, handle
from bidders import certificates, registry
from bidders.certificates import Certificate
from bidders.company import Address, Facts, faults
from bidders.registry import (
    AddCertificate,
    Company,
    NameContact,
    NoteTaxNumber,
    RemoveCertificate,
    RemoveContact,
    StateFacts,
    checklist,
)

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
TODAY = date(2026, 3, 2)
FACTS = Facts(
    legal_name="Ash Supply, Inc.",
    tax_class="c_corp",
    main=Address("12 Mill Road", "", "Lancaster", "PA", "17601"),
    payment="ach",
    categories=("paper", "office"),
)
INSURED = Certificate("c1", "insurance", "GL-1", "Mutual of Lake", "2025-07-01", "2026-06-30")


def tell(state: Company, *commands: Command) -> Decision[Company]:
    decision = Decision(state, (), None)
    for command in commands:
        decision = handle(registry, decision.state, command, NOW)  # type: ignore[arg-type]
    return decision


def state(**changes: Any) -> StateFacts:
    return StateFacts(by="p-ash", facts=msgspec.structs.replace(FACTS, **changes), base=0)


def test_facts_are_stated_and_the_same_again_changes_nothing() -> None:
    decision = tell(Company(), state())
    assert decision.state.facts == FACTS and decision.state.version == 1
    assert not tell(decision.state, state()).events


def test_two_owners_do_not_overwrite_each_other() -> None:
    first = tell(Company(), state()).state
    late = tell(first, state(trade_name="Ash"))
    assert late.refused and first.facts == FACTS
    order = StateFacts(by="p", facts=msgspec.structs.replace(FACTS, trade_name="Ash"), base=1)
    assert not tell(first, order).refused


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        ({"legal_name": " "}, ["legal_name"]),
        ({"tax_class": "llp"}, ["tax_class"]),
        ({"payment": ""}, ["payment"]),
        ({"website": "ash"}, ["website"]),
        ({"categories": ()}, ["categories"]),
        ({"categories": ("paper", "guns")}, ["categories"]),
        ({"main": Address()}, ["main.street", "main.city", "main.state", "main.zip"]),
        ({"main": Address("1 A", "", "B", "Pa", "1234")}, ["main.state", "main.zip"]),
        ({"remit": Address("Box 1")}, ["remit.city", "remit.state", "remit.zip"]),
        ({"legal_name": "x" * 121, "about": "x" * 1001}, ["legal_name", "about"]),
    ],
)
def test_each_fault_of_the_facts_names_its_field(changes: dict[str, Any], paths: list[str]) -> None:
    assert [fault.path for fault in faults(msgspec.structs.replace(FACTS, **changes))] == paths
    assert tell(Company(), state(**changes)).refused


@pytest.mark.parametrize(
    ("expires", "issued", "expected"),
    [
        ("2026-03-01", "", "expired"),
        ("2026-03-02", "", "soon"),
        ("2026-04-01", "", "soon"),
        ("2026-04-02", "", "valid"),
        ("", "", "lasting"),
        ("2027-01-01", "2026-03-03", "later"),
    ],
)
def test_a_certificate_holds_through_the_day_it_expires(expires: str, issued: str, expected: str) -> None:
    given = msgspec.structs.replace(INSURED, expires=expires, issued=issued)
    assert certificates.standing(given, TODAY) == expected


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        ({"kind": "charm"}, ["kind"]),
        ({"issuer": ""}, ["issuer"]),
        ({"expires": "30.6.2026"}, ["expires"]),
        ({"expires": "2025-06-30"}, ["expires"]),
        ({"issued": "2026-02-30"}, ["issued"]),
    ],
)
def test_each_fault_of_a_certificate_names_its_field(changes: dict[str, Any], paths: list[str]) -> None:
    given = msgspec.structs.replace(INSURED, **changes)
    assert [fault.path for fault in certificates.faults(given)] == paths
    assert tell(Company(), AddCertificate(by="p", certificate=given)).refused


def test_certificates_and_contacts_come_and_go() -> None:
    made = tell(
        Company(),
        AddCertificate(by="p", certificate=INSURED),
        NameContact(by="p", contact="k1", duty="bids"),
        NoteTaxNumber(by="p", kind="ein"),
    ).state
    assert (made.certificates, made.contacts, made.tax) == ({"c1": INSURED}, {"k1": "bids"}, "ein")
    gone = tell(made, RemoveCertificate(by="p", certificate="c1"), RemoveContact(by="p", contact="k1")).state
    assert not gone.certificates and not gone.contacts
    assert not tell(gone, RemoveCertificate(by="p", certificate="c1")).events


def test_the_checklist_says_what_is_still_missing_and_what_has_expired() -> None:
    assert [item.done for item in checklist(Company(), TODAY)] == [False] * 5 + [True]
    w9 = Certificate("c2", "w9", "", "IRS")
    full = tell(
        Company(), state(), NoteTaxNumber(by="p", kind="ein"), NameContact(by="p", contact="k", duty="bids"),
        AddCertificate(by="p", certificate=INSURED), AddCertificate(by="p", certificate=w9),
    ).state  # fmt: skip
    assert all(item.done for item in checklist(full, TODAY))
    late = checklist(full, date(2026, 7, 1))
    assert [item.name for item in late if not item.done] == ["Liability insurance", "Certificates in force"]
