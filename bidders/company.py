"""What a company says of itself, as on a W-9: names, kind, addresses, what it sells, and where payment goes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from auction.terms.faults import Fault

TAX_CLASSES = {
    "individual": "Individual or sole proprietor",
    "c_corp": "C corporation",
    "s_corp": "S corporation",
    "partnership": "Partnership",
    "trust": "Trust or estate",
    "llc": "Limited liability company",
    "nonprofit": "Nonprofit, tax-exempt",
    "government": "Government body",
}
"""Each tax classification of the W-9 as people say it."""
CATEGORIES = {
    "paper": "Paper and printing",
    "office": "Office and classroom supplies",
    "art": "Art and craft",
    "science": "Science and laboratory",
    "books": "Books and teaching material",
    "technology": "Computers and technology",
    "furniture": "Furniture",
    "custodial": "Cleaning and custodial",
    "maintenance": "Building and maintenance",
    "food": "Food and kitchen",
    "athletics": "Athletics and playground",
    "health": "Health and safety",
    "transport": "Buses, fuel and transport",
    "energy": "Energy",
    "services": "Services",
}
"""Each category of goods and services as people say it."""
PAYMENTS = {"check": "Check by mail", "ach": "Bank transfer (ACH)", "card": "Purchasing card"}
STATES = tuple(
    each
    for row in (
        "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC",
        "ND OH OK OR PA PR RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP VI",
    )
    for each in row.split(" ")
)
"""The states and territories by their two letters."""
_ZIP = re.compile(r"[0-9]{5}(-[0-9]{4})?")
_SITE = re.compile(r"https?://[^\s/]+\.[^\s]+")
LONGEST = 120


class Address(msgspec.Struct, frozen=True, omit_defaults=True):
    """A postal address in the United States."""

    street: str = ""
    more: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""

    @property
    def blank(self) -> bool:
        """Tell whether nothing is given."""
        return not any((self.street, self.more, self.city, self.state, self.zip))


class Facts(msgspec.Struct, frozen=True, omit_defaults=True):
    """A company's facts; `remit` is where payment is mailed to, where that is elsewhere."""

    legal_name: str
    trade_name: str = ""
    tax_class: str = ""
    main: Address = Address()
    remit: Address = Address()
    payment: str = "check"
    website: str = ""
    categories: tuple[str, ...] = ()
    about: str = ""


def faults(facts: Facts) -> Iterator[Fault]:
    """Name everything that is wrong, by its fields."""
    if not facts.legal_name.strip():
        yield Fault("legal_name", "is needed, as it stands on your tax return")
    if facts.tax_class not in TAX_CLASSES:
        yield Fault("tax_class", "is needed: choose how your company is taxed")
    if facts.payment not in PAYMENTS:
        yield Fault("payment", "is needed: choose how you want to be paid")
    if facts.website and not _SITE.fullmatch(facts.website):
        yield Fault("website", "must begin with https:// and name a site, such as https://example.com")
    if not facts.categories:
        yield Fault("categories", "need at least one: choose what you sell")
    if unknown := [each for each in facts.categories if each not in CATEGORIES]:
        yield Fault("categories", f"do not include {', '.join(unknown)[:60]}: choose from the list")
    yield from _address("main", facts.main, True)
    yield from _address("remit", facts.remit, not facts.remit.blank)
    for name in ("legal_name", "trade_name", "website"):
        if len(getattr(facts, name)) > LONGEST:
            yield Fault(name, f"is too long: give at most {LONGEST} characters")
    if len(facts.about) > 1000:
        yield Fault("about", "is too long: give at most 1,000 characters")


def _address(path: str, address: Address, needed: bool) -> Iterator[Fault]:
    if not needed:
        return
    for name, word in (("street", "street and number"), ("city", "city")):
        said = getattr(address, name).strip()
        if not said or len(said) > LONGEST:
            yield Fault(f"{path}.{name}", f"is needed: give the {word} in at most {LONGEST} characters")
    if address.state not in STATES:
        yield Fault(f"{path}.state", "must be a state's two letters, such as PA")
    if not _ZIP.fullmatch(address.zip):
        yield Fault(f"{path}.zip", "must be five digits, or nine as 19103-1234")
