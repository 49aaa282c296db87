"""Certificates: what a vendor shows of itself, from when to when it holds, and when it must be renewed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

import msgspec

from auction.terms.faults import Fault

CERTIFICATES = {
    "w9": "Signed W-9",
    "insurance": "Liability insurance",
    "workers_comp": "Workers’ compensation insurance",
    "licence": "Business license",
    "tax_clearance": "Tax clearance",
    "background": "Background checks of staff in schools",
    "food_safety": "Food safety",
    "small_business": "Small or diverse business",
    "iso": "Quality or environment standard",
    "other": "Other",
}
"""Each kind of certificate as people say it."""
SOON = timedelta(days=30)
"""How long before its expiry a certificate is warned of."""
LONGEST = 120
Standing = Literal["valid", "soon", "expired", "lasting", "later"]


class Certificate(msgspec.Struct, frozen=True, omit_defaults=True):
    """A certificate; dates are ISO dates, `expires` empty where it does not expire; `file` is a kept file's hash."""

    id: str
    kind: str
    number: str
    issuer: str
    issued: str = ""
    expires: str = ""
    file: str = ""
    file_name: str = ""


def day(text: str) -> date | None:
    """Read an ISO date; None if it is none."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def standing(certificate: Certificate, today: date) -> Standing:
    """Whether a certificate holds today; it still does on the day it expires."""
    begins, ends = day(certificate.issued), day(certificate.expires)
    if begins is not None and begins > today:
        return "later"
    if ends is None:
        return "lasting"
    if ends < today:
        return "expired"
    return "soon" if ends <= today + SOON else "valid"


def faults(certificate: Certificate) -> Iterator[Fault]:
    """Name everything that is wrong with a certificate, by its fields."""
    if certificate.kind not in CERTIFICATES:
        yield Fault("kind", "is not a kind of certificate; choose one of the list")
    for name, least in (("number", 0), ("issuer", 1)):
        said = getattr(certificate, name).strip()
        if len(said) < least:
            yield Fault(name, "is needed: say who issued it")
        if len(said) > LONGEST:
            yield Fault(name, f"is too long: give at most {LONGEST} characters")
    issued, expires = day(certificate.issued), day(certificate.expires)
    for name, text, read in (
        ("issued", certificate.issued, issued),
        ("expires", certificate.expires, expires),
    ):
        if text and read is None:
            yield Fault(name, "is not a date, such as 2027-06-30")
    if issued is not None and expires is not None and expires < issued:
        yield Fault("expires", "is before the day it was issued: check both dates")
