"""Samples that were changed at random are imported without faults, or refused with them; nothing else ever happens."""

from __future__ import annotations

import copy
import json
import re
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from auction.money import parse_amount
from auction.tender.solicitation import faults
from auction.terms import rules
from auction.terms.faults import Faulty
from server.imports.forms import read
from tests.server.imports.tenders import WHOLE, content

SAMPLES = [json.loads(content(name)) for name in WHOLE]
STRANGE: tuple[Any, ...] = (
    *(None, True, 0, -1, 7, 10**30, 0.1234567, 1e300, float("nan"), "", "x", "é\x00\x1b", "\ud800", "1.0"),
    *([], [[]], [None], ["x"], {}, {"id": 1}, {"amount": 5, "currency": "EUR"}, [{"id": "1"}, {"id": "1"}]),
)
LIKELY = (
    "id",
    "title",
    "items",
    "lots",
    "value",
    "amount",
    "relatedLot",
    "roles",
    "memberOf",
    "date",
    "status",
)
Spot = tuple[Any, Any]


def spots(value: Any) -> list[Spot]:
    """Every container in a value, with every key in it."""
    keys = (
        list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    )
    return [spot for key in keys for spot in ((value, key), *spots(value[key]))]


def change(draw: Random, value: Any) -> None:
    """Make one change somewhere: take away, replace, repeat, rename, or put another part of the sample there."""
    here, key = draw.choice(spots(value) or [({}, None)])
    kind = draw.randrange(6)
    if key is None or kind == 0:
        here.pop(key, None) if isinstance(here, dict) else here.pop(key)
    elif kind == 1 and isinstance(here, list):
        here.insert(key, copy.deepcopy(here[key]))
    elif kind == 2 and isinstance(here, dict):
        here[draw.choice(LIKELY)] = here.pop(key)
    elif kind == 3:
        elsewhere, other = draw.choice(spots(value))
        here[key] = copy.deepcopy(elsewhere[other])
    else:
        here[key] = copy.deepcopy(draw.choice(STRANGE))


def mutated(seed: int) -> bytes:
    """A sample with a few changes, the same ones for the same seed; sometimes its bytes are changed as well."""
    draw = Random(seed)
    value = copy.deepcopy(draw.choice(SAMPLES))
    for _ in range(draw.choice((1, 1, 2, 5, 20))):
        change(draw, value)
    written = bytearray(json.dumps(value, ensure_ascii=draw.random() < 0.9).encode("utf-8", "surrogatepass"))
    for _ in range(draw.choice((0, 0, 0, 0, 0, 1, 3))):
        written[draw.randrange(len(written))] = draw.randrange(draw.choice((128, 256)))
    return bytes(written)


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 2**32))
def test_a_changed_sample_is_imported_without_faults_or_refused_with_them(seed: int) -> None:
    try:
        made = read("tender.json", mutated(seed))
    except Faulty as refused:
        assert refused.faults
        assert all(fault.path.strip() and fault.message.strip() for fault in refused.faults)
        return
    assert faults(made.solicitation) == []
    rules.parse(made.solicitation.rules)
    for lot in made.solicitation.lots:
        assert lot.ceiling is None or parse_amount(lot.ceiling)
    assert not any(re.search("[\x00-\x1f\x7f-\x9f]", line) for line in made.unmapped)
    assert made.solicitation.unmapped == made.unmapped


def test_changes_lead_to_drafts_and_to_refusals_alike() -> None:
    """A property that is never tried would hold as well."""
    refused = 0
    for seed in range(200):
        try:
            read("tender.json", mutated(seed))
        except Faulty:
            refused += 1
    assert 40 < refused < 160
