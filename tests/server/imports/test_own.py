"""An event's own file is read as it is, with its rules, or refused with every fault."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auction.terms.faults import Faulty
from server.imports.forms import read

FILE = Path(__file__).parents[3] / "fixtures" / "demo" / "school_event.json"


def changed(**members: Any) -> bytes:
    return json.dumps(json.loads(FILE.read_bytes()) | members).encode()


def test_an_events_own_file_keeps_its_rules_vendors_and_needs() -> None:
    made = read("event.json", FILE.read_bytes())
    given = json.loads(FILE.read_bytes())
    assert made.unmapped == ()
    assert made.solicitation.rules == given["rules"]
    assert [(each.id, each.m) for each in made.solicitation.vendors] == [
        (vendor["id"], vendor["m"]) for vendor in given["vendors"]
    ]
    assert made.solicitation.lots[0].lines[0].needs[0].quantity == "50"
    assert made.solicitation.source == "event.json (an event's own file)"


def test_every_fault_of_it_is_told_at_once() -> None:
    given = changed(currency="dollars", rules={"format": "english", "tick": "x"}, colour="red")
    with pytest.raises(Faulty) as found:
        read("event.json", given)
    assert {fault.path for fault in found.value.faults} == {"currency", "rules.tick", "colour"}


def test_a_member_of_the_wrong_kind_is_named_with_its_path() -> None:
    with pytest.raises(Faulty) as found:
        read("event.json", changed(lots=[{"id": 7}]))
    assert "lots[0].id" in str(found.value)
