"""The catalog: what is kept stays what it means, and nobody overwrites a colleague unseen."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

import msgspec
import pytest

from auction.demand import catalog
from auction.demand.catalog import Catalog, Item, KeepItems, Kept, NameUnit, Pack, faults, per, units_of
from auction.kernel import handle, replay

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
PAPER = Item("P-1", "Paper", "Paper", "ream", (Pack("carton", "10"), Pack("sheet", "1/500")))


def keep(state: Catalog, *items: Item, was: int | None = None) -> object:
    return handle(catalog, state, KeepItems(by="p", items=items, was=was), NOW).answer


def test_what_is_kept_twice_is_kept_once() -> None:
    state = Catalog()
    assert keep(state, PAPER) == Kept(1, 0, 0)
    decision = handle(catalog, state, KeepItems(by="p", items=(PAPER,)), NOW)
    assert decision.answer == Kept(0, 0, 1) and decision.events == ()


def test_an_item_s_base_unit_never_changes() -> None:
    state = Catalog()
    keep(state, PAPER)
    answer = keep(state, msgspec.structs.replace(PAPER, unit="sheet", packs=()))
    assert "is counted in ream for good" in getattr(answer, "message", "")
    assert state.items["P-1"] == PAPER


def test_a_form_that_is_older_than_a_colleagues_change_overwrites_nothing() -> None:
    state = Catalog()
    keep(state, PAPER)
    assert isinstance(keep(state, msgspec.structs.replace(PAPER, description="White paper"), was=1), Kept)
    answer = keep(state, msgspec.structs.replace(PAPER, description="Blue paper"), was=1)
    assert "Somebody else changed this item" in getattr(answer, "message", "")
    assert state.items["P-1"].description == "White paper"


def test_packs_convert_exactly_and_dozens_without_being_named() -> None:
    pens = Item("W-1", "Pens", "Writing", "each")
    assert (
        per(PAPER, "carton") == 10
        and per(PAPER, "sheet") == Fraction(1, 500)
        and per(PAPER, "pallet") is None
    )
    assert per(pens, "dozen") == 12 and per(pens, "gross") == 144
    assert units_of(pens)[0] == "each" and "dozen" in units_of(pens)


@pytest.mark.parametrize(
    ("item", "path"),
    [
        (Item("", "x", "y", "each"), "id"),
        (Item("a b", "x", "y", "each"), "id"),
        (Item("../x", "x", "y", "each"), "id"),
        (Item("a", " ", "y", "each"), "description"),
        (Item("a", "x", "", "each"), "category"),
        (Item("a", "x", "y", ""), "unit"),
        (Item("a", "x", "y", "EA"), "unit"),
        (Item("a", "x", "y", "each", (Pack("box", "0"),)), "packs"),
        (Item("a", "x", "y", "each", (Pack("box", "5"), Pack("box", "6"))), "packs"),
        (Item("a", "x", "y", "each", (Pack("dozen", "13"),)), "packs"),
        (Item("a", "x", "y", "each", (Pack("each", "2"),)), "packs"),
    ],
)
def test_every_fault_of_an_item_is_named(item: Item, path: str) -> None:
    assert [fault.path for fault in faults(item)] == [path]
    assert getattr(keep(Catalog(), item), "code", "") == "BAD_COMMAND"


def test_a_word_is_named_once_and_a_catalog_is_exactly_its_history() -> None:
    state, events = Catalog(), list[object]()
    for command in (
        KeepItems(by="p", items=(PAPER,)),
        NameUnit(by="p", word="CRT", unit="carton"),
        NameUnit(by="p", word="crt", unit="ctn"),
        KeepItems(by="p", items=(msgspec.structs.replace(PAPER, retired=True),)),
    ):
        events += handle(catalog, state, command, NOW).events
    assert len(events) == 3 and state.words == {"crt": "carton"}
    assert replay(catalog, events) == state  # type: ignore[arg-type]
