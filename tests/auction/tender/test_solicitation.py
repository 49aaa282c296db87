"""The published event keeps its form in JSON and names all that is wrong with it."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.tender.solicitation import (
    District,
    Line,
    Lot,
    LotCeiling,
    Need,
    Solicitation,
    Vendor,
    faults,
    line_value,
    lot_baseline,
)

OPENS = datetime(2026, 3, 2, 15, tzinfo=UTC)
CLOSES = datetime(2026, 3, 2, 16, tzinfo=UTC)
PAPER = Line(
    "1", "Copy paper", "carton", "120.5", "41.9", needs=(Need("d-elm", "100.5"), Need("d-oak", "20"))
)
EVENT = Solicitation(
    number="2026-014",
    title="Paper",
    summary="Paper for a year",
    consortium="Lakeshore",
    opens=OPENS,
    closes=CLOSES,
    rules={"format": "english"},
    lots=(Lot("L1", "Copy paper", ceiling="5500.00", lines=(PAPER,)), Lot("L2", "Toner")),
    vendors=(
        Vendor("v-cedar", "Cedar", m="1.05", a="-20", ceilings=(LotCeiling("L1", "5400"),), lots=("L1",)),
    ),
    districts=(District("d-elm", "Elm", 412), District("d-oak", "Oak")),
)


def event(**changes: Any) -> Solicitation:
    return msgspec.structs.replace(EVENT, **changes)


def paper(**changes: Any) -> Solicitation:
    line = msgspec.structs.replace(PAPER, **changes)
    return event(lots=(Lot("L1", "Copy paper", lines=(line,)), EVENT.lots[1]))


def vendor(**changes: Any) -> Solicitation:
    return event(vendors=(msgspec.structs.replace(EVENT.vendors[0], **changes),))


def test_a_good_event_has_no_faults() -> None:
    assert faults(EVENT) == []


def test_a_draft_without_times_has_no_faults() -> None:
    assert faults(event(opens=None, closes=None)) == []


def test_json_gives_back_the_same_event() -> None:
    assert msgspec.json.decode(msgspec.json.encode(EVENT), type=Solicitation) == EVENT


def test_amounts_are_strings_in_json_never_numbers() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"id": "1", "description": "Paper", "unit": "carton", "quantity": 120}, Line)


def test_an_event_never_changes() -> None:
    with pytest.raises(AttributeError):
        EVENT.number = "2026-015"  # type: ignore[misc]


WRONG: list[tuple[str, Solicitation]] = [
    ("number", event(number=" ")),
    ("title", event(title="")),
    ("currency", event(currency="usd")),
    ("opens", event(opens=datetime(2026, 3, 2, 15))),
    ("closes", event(closes=OPENS)),
    ("lots", event(lots=(), vendors=())),
    ("lots[0].closes", event(lots=(Lot("L1", "Paper", closes=OPENS), Lot("L2", "Toner")))),
    ("lots[1].id", event(lots=(Lot("L1", "Paper"), Lot("L1", "Toner")))),
    ("lots[0].id", event(lots=(Lot("L 1", "Paper"),), vendors=())),
    ("lots[0].title", event(lots=(Lot("L1", ""),))),
    ("lots[0].ceiling", event(lots=(Lot("L1", "Paper", ceiling="1e5"),))),
    ("lots[1].lines", event(opening="schedules")),
    ("lots[0].lines[0].id", paper(id="1.0")),
    ("lots[0].lines[1].id", event(lots=(Lot("L1", "Paper", lines=(PAPER, PAPER)),))),
    ("lots[0].lines[0].description", paper(description="")),
    ("lots[0].lines[0].quantity", paper(quantity="0", needs=())),
    ("lots[0].lines[0].quantity", paper(quantity="-3", needs=())),
    ("lots[0].lines[0].quantity", paper(quantity="1.0000001", needs=())),
    ("lots[0].lines[0].baseline", paper(baseline="0")),
    ("lots[0].lines[0].decimals", paper(decimals=5)),
    ("lots[0].lines[0].needs", paper(quantity="120")),
    ("lots[0].lines[0].needs[0].district", paper(needs=(Need("d-ash", "120.5"),))),
    ("lots[0].lines[0].needs[1].district", paper(needs=(Need("d-elm", "100.5"), Need("d-elm", "20")))),
    ("lots[0].lines[0].needs[0].quantity", paper(needs=(Need("d-elm", "x"), Need("d-oak", "120.5")))),
    ("vendors[0].id", vendor(id="")),
    ("vendors[1].id", event(vendors=(Vendor("v-a", "A"), Vendor("v-a", "B")))),
    ("vendors[0].name", vendor(name="")),
    ("vendors[0].m", vendor(m="0")),
    ("vendors[0].m", vendor(m="-1")),
    ("vendors[0].m", vendor(m="NaN")),
    ("vendors[0].a", vendor(a="1,000")),
    ("vendors[0].ceilings[0].lot", vendor(ceilings=(LotCeiling("L9", "5"),))),
    ("vendors[0].ceilings[0].ceiling", vendor(ceilings=(LotCeiling("L1", "-5"),))),
    ("vendors[0].ceilings[1].lot", vendor(ceilings=(LotCeiling("L1", "5"), LotCeiling("L1", "6")))),
    ("vendors[0].lots[1]", vendor(lots=("L1", "L9"))),
    ("vendors[0].lots", vendor(lots=())),
    ("districts[0].enrolment", event(districts=(District("d-elm", "Elm", -1), District("d-oak", "Oak")))),
]


@pytest.mark.parametrize(("path", "wrong"), WRONG, ids=[f"{n}-{path}" for n, (path, _) in enumerate(WRONG)])
def test_each_fault_is_named_with_its_path(path: str, wrong: Solicitation) -> None:
    assert [fault.path for fault in faults(wrong)] == [path]


def test_all_faults_are_named_at_once() -> None:
    wrong = event(title="", closes=OPENS, lots=(Lot("", ""),))
    assert {fault.path for fault in faults(wrong)} >= {"title", "closes", "lots[0].id", "lots[0].title"}


def test_the_baseline_of_a_lot_is_its_extended_total_rounded_up_to_a_cent() -> None:
    lot = Lot("L1", "Paper", lines=(Line("1", "A", "ea", "3", "0.3333"), Line("2", "B", "ea", "0.5", "10")))
    assert lot_baseline(lot) == 6_000_000
    lot = Lot("L1", "Paper", lines=(Line("1", "A", "ea", "1", "0.0001"),))
    assert lot_baseline(lot) == 10_000


def test_a_lot_with_a_line_never_bought_before_has_no_baseline() -> None:
    assert lot_baseline(Lot("L1", "Paper", lines=(PAPER, Line("2", "New", "ea", "1")))) is None
    assert lot_baseline(Lot("L1", "Paper")) is None
    assert line_value(Line("2", "New", "ea", "1")) is None


decimals = st.decimals(min_value="0.000001", max_value="99999999", places=6).map(lambda value: f"{value:f}")


@given(st.lists(st.tuples(decimals, decimals), min_size=1, max_size=5))
def test_the_baseline_is_never_below_the_exact_sum_and_less_than_a_cent_above(
    rows: list[tuple[str, str]],
) -> None:
    lines = tuple(Line(str(n), "x", "ea", quantity, price) for n, (quantity, price) in enumerate(rows))
    total = lot_baseline(Lot("L1", "x", lines=lines))
    exact = sum((Fraction(quantity) * Fraction(price) for quantity, price in rows), Fraction(0))
    assert total is not None
    assert total % 10_000 == 0
    assert 0 <= Fraction(total, 1_000_000) - exact < Fraction(1, 100)
