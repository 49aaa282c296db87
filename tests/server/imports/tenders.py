"""Tenders to try: the samples, small ones made for a test, and what a reading of them comes to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auction.terms.faults import Faulty
from server.imports.forms import Imported, read

FOLDER = Path(__file__).parents[3] / "fixtures" / "tenders"
PACKAGE = "ocds_fictional_example_1.1.json"
RECORD = "ocds_fictional_example_1.1_record.json"
MULTILOT = "openprocurement_auction_worker_tender_multilot.json"
MASKED = "prozorro_tender_masked.json"
WHOLE = (PACKAGE, RECORD, MULTILOT, MASKED)
Plain = dict[str, Any]


def content(name: str) -> bytes:
    """A sample's bytes."""
    return (FOLDER / name).read_bytes()


def sample(name: str) -> Imported:
    """A sample, imported."""
    return read(name, content(name))


def ocds(**tender: Any) -> Plain:
    """A small OCDS release; the members stand over those of its tender."""
    return {"ocid": "ocds-1", "tender": {"id": "t", "title": "Paper", "value": usd(100), **tender}}


def prozorro(**tender: Any) -> Plain:
    """A small Prozorro tender; the members stand over its own."""
    return {"tenderID": "UA-1", "title": "Paper", "value": usd(100), **tender}


def usd(amount: object, currency: str = "USD") -> Plain:
    """A value."""
    return {"amount": amount, "currency": currency}


def imported(value: object) -> Imported:
    """Import a value, as if it stood in a file; a text stands for itself."""
    return read("tender.json", (value if isinstance(value, str) else json.dumps(value)).encode())


def faults(content: bytes | object) -> dict[str, str]:
    """Every fault of a file that must be refused, by its path."""
    given = content if isinstance(content, bytes) else json.dumps(content).encode()
    with pytest.raises(Faulty) as caught:
        read("tender.json", given)
    return {fault.path: fault.message for fault in caught.value.faults}


def listed(made: Imported, path: str) -> str:
    """What the list of the unmapped says about a path."""
    found = [
        line.partition(": ")[2] for line in made.unmapped if line.partition(": ")[0].split(" (")[0] == path
    ]
    assert found, f"{path} is not in {made.unmapped}"
    return found[0]
