"""What is known of a vendor's company: its record from the journal, and from the house's own tables what stays out of that."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence

from sqlalchemy import select

from auction.tender.solicitation import Document
from auction.terms.faults import Fault
from bidders.registry import Company
from server.parts import Parts
from server.tables import EventRow, Organisation, TakingPart, VendorContact, VendorTax

EIN, SSN = re.compile(r"[0-9]{2}-?[0-9]{7}"), re.compile(r"[0-9]{3}-?[0-9]{2}-?[0-9]{4}")
NEVER = {"000000000", "123456789"}


def company(parts: Parts, vendor: str) -> Company:
    """A vendor's own record."""
    found = parts.desk.state(f"vendor/{vendor}")
    assert isinstance(found, Company)
    return found


async def contacts(parts: Parts, vendor: str) -> Sequence[VendorContact]:
    """Whom to turn to at a vendor, in the order in which they were named."""
    wanted = select(VendorContact).where(VendorContact.organisation_id == vendor)
    async with parts.database.session() as session:
        return (await session.execute(wanted.order_by(VendorContact.place))).scalars().all()


async def tax(parts: Parts, vendor: str) -> VendorTax | None:
    """What is kept of a vendor's tax number."""
    async with parts.database.session() as session:
        return await session.get(VendorTax, vendor)


async def organisation(parts: Parts, vendor: str) -> Organisation | None:
    """A registered vendor; None if there is none of that id."""
    async with parts.database.session() as session:
        found = await session.get(Organisation, vendor)
    return found if found is not None and found.kind == "vendor" else None


async def open_files(parts: Parts, vendor: str, owners: Iterable[str]) -> None:
    """Let consortia read the files of a vendor's certificates: those in whose events it takes part, or asked to."""
    held = [each for each in company(parts, vendor).certificates.values() if each.file]
    async with parts.database.session.begin() as session:
        for each in held:
            document = Document(each.file_name, each.file, 0, "")
            for audience in (f"vendor:{vendor}", *(f"consortium:{owner}" for owner in owners if owner)):
                await parts.files.link(session, document, f"vendor/{vendor}", audience)


async def consortia(parts: Parts, vendor: str) -> set[str]:
    """The consortia in whose events a vendor takes part, or asked to."""
    wanted = select(EventRow.owner).join(TakingPart, TakingPart.event_id == EventRow.id)
    wanted = wanted.where(TakingPart.vendor_id == vendor, TakingPart.status.in_(("applied", "admitted")))
    async with parts.database.session() as session:
        return set((await session.execute(wanted)).scalars())


def tax_number(text: str, kind: str) -> str | Fault:
    """Read a tax number as nine digits, or say what is wrong with it; it is never repeated in what is said."""
    given, digits = text.strip(), re.sub(r"[^0-9]", "", text)
    pattern = EIN if kind == "ein" else SSN
    if kind not in ("ein", "ssn"):
        return Fault("kind", "is needed: choose which number it is")
    if not pattern.fullmatch(given) or digits in NEVER:
        return Fault(
            "number", f"must be nine digits, such as {'12-3456789' if kind == 'ein' else '123-45-6789'}"
        )
    if kind == "ssn" and (digits[:3] in ("000", "666") or digits[0] == "9" or digits[3:5] == "00"):
        return Fault("number", "is no social security number: check its digits")
    return digits


def keyed(secret: bytes, digits: str) -> str:
    """By what the same number is known again; without this database's secret it tells nothing."""
    return hmac.new(secret, b"tax\0" + digits.encode(), hashlib.sha256).hexdigest()
