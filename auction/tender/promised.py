"""What a solicitation promises beside its lots: the contract, fees, documents, and the papers that the law asks for."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec


class Contract(msgspec.Struct, frozen=True):
    """What an award becomes: its number, term in ISO dates, options to renew, and the terms of each order.

    `minimum_order` is an amount; `renewals` counts the options, each of `renewal_months`.
    """

    number: str = ""
    starts: str = ""
    ends: str = ""
    renewals: int = 0
    renewal_months: int = 12
    freight: str = ""
    minimum_order: str | None = None
    payment: str = ""


class Fee(msgspec.Struct, frozen=True):
    """A fee of the consortium: who pays it, and how it is computed; `amount` is per cent of each order, or flat."""

    payer: Literal["vendor", "district"]
    basis: Literal["percent", "flat"]
    amount: str
    words: str = ""


class Document(msgspec.Struct, frozen=True):
    """A file that belongs to the publication: `hash` is its SHA-256 in hex, `size` counts bytes."""

    name: str
    hash: str
    size: int
    media: str


class Authority(msgspec.Struct, frozen=True):
    """A paper that the law asks for: its id in the law, its date or number in words, and the hash of the attached file."""

    id: str
    words: str
    document: str = ""


class Officer(msgspec.Struct, frozen=True):
    """Who holds a key of the sealed bids: a person's id, with name and organisation as the notice prints them."""

    person: str
    name: str
    org: str


class Sealing(msgspec.Struct, frozen=True):
    """How sealed bids are kept and opened.

    `opens` is when the envelopes are opened in public, `envelopes` which are sealed apart, `quorum` how many officers open
    together, `late` what becomes of late ciphertext, `material` whether an envelope made before an addendum must be confirmed.
    Only a live auction says until when envelopes are `due`; they are its opening bids.
    """

    envelopes: tuple[Literal["technical", "price"], ...] = ("price",)
    opens: datetime | None = None
    quorum: int = 2
    officers: tuple[Officer, ...] = ()
    late: Literal["drop", "hold"] = "drop"
    material: Literal["keep", "acknowledge"] = "acknowledge"
    due: datetime | None = None
