"""Lots, lines, ids, steps and baselines: what becomes of them, whichever form the tender has."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.imports import lots as limits
from server.imports.naming import fitted
from tests.server.imports.tenders import Plain, faults, imported, listed, ocds, prozorro, usd


def item(id: object = "i", **more: Any) -> Plain:
    """An item of one box."""
    return {"id": id, "description": f"Item {id}", "unit": {"name": "box"}, "quantity": 1, **more}


def lot(id: object, **more: Any) -> Plain:
    """A lot worth a hundred."""
    return {"id": id, "title": f"Lot {id}", "value": usd(100), **more}


def test_a_tender_without_lots_becomes_one_lot_with_every_item() -> None:
    (only,) = imported(ocds(items=[item("a"), item("b")])).solicitation.lots
    assert (only.title, only.ceiling, [line.id for line in only.lines]) == ("Paper", "100", ["a", "b"])


def test_items_go_to_the_lots_they_name_in_the_order_of_the_file() -> None:
    items = [item("a", relatedLot="2"), item("b", relatedLot="1"), item("c", relatedLot="2")]
    made = imported(ocds(lots=[lot("1"), lot("2")], items=items)).solicitation
    assert [[line.id for line in each.lines] for each in made.lots] == [["b"], ["a", "c"]]


def test_an_item_that_names_no_lot_among_several_is_left_out_and_listed() -> None:
    made = imported(ocds(lots=[lot("1"), lot("2")], items=[item("a"), item("b", relatedLot="1")]))
    assert [[line.id for line in each.lines] for each in made.solicitation.lots] == [["b"], []]
    assert "names no lot" in listed(made, "tender.items[0]")
    assert "has no items" in listed(made, "tender.lots[1]")


def test_an_item_that_names_no_lot_belongs_to_the_only_one() -> None:
    made = imported(ocds(lots=[lot("1")], items=[item("a")]))
    assert [line.id for line in made.solicitation.lots[0].lines] == ["a"]


def test_an_item_whose_lot_is_itself_or_another_item_or_nothing_is_a_fault() -> None:
    items = [item("a", relatedLot="a"), item("b", relatedLot="a"), item("c", relatedLot="x")]
    told = faults(ocds(lots=[lot("1")], items=items))
    assert "is the item itself" in told["tender.items[0].relatedLot"]
    assert "is an item, not a lot" in told["tender.items[1].relatedLot"]
    assert "there is no lot 'x'" in told["tender.items[2].relatedLot"]


@pytest.mark.parametrize("same", [("1", "1"), (1, "1"), (" 1", "1")])
def test_an_id_that_is_used_twice_is_a_fault(same: tuple[object, object]) -> None:
    told = faults(prozorro(lots=[lot(same[0]), lot(same[1])]))
    assert told == {"lots[1].id": "'1' is already the id of lots[0]; give each its own"}


def test_a_lot_that_was_cancelled_is_left_out_with_its_items() -> None:
    lots = [lot("1", status="cancelled"), lot("2", status="active")]
    made = imported(ocds(lots=lots, items=[item("a", relatedLot="1"), item("b", relatedLot="2")]))
    assert [each.id for each in made.solicitation.lots] == ["2"]
    assert "cancelled there" in listed(made, "tender.lots[0]")
    assert "lot that was left out" in listed(made, "tender.items[0]")


def test_a_tender_whose_every_lot_was_cancelled_is_refused() -> None:
    assert "all cancelled" in faults(ocds(lots=[lot("1", status="cancelled")]))["tender.lots"]


def test_too_many_lots_and_items_are_refused_both() -> None:
    told = faults(ocds(lots=[{}] * (limits.MOST_LOTS + 1), items=[{}] * (limits.MOST_ITEMS + 1)))
    assert "at most 5,000" in told["tender.lots"]
    assert "at most 50,000" in told["tender.items"]


def test_missing_ids_titles_units_and_descriptions_are_filled_and_listed() -> None:
    made = imported(ocds(lots=[{}], items=[{"quantity": 2}]))
    (only,) = made.solicitation.lots
    assert (only.id, only.title, only.lines[0].id, only.lines[0].description) == (
        "lot-1",
        "lot-1",
        "line-1",
        "line-1",
    )
    for path in ("lots[0].id", "lots[0].title", "items[0].id", "items[0].unit", "items[0].description"):
        assert listed(made, f"tender.{path}")


def test_the_only_lot_takes_the_tenders_value_when_it_has_none() -> None:
    assert imported(prozorro(lots=[{"id": "1", "title": "A"}])).solicitation.lots[0].ceiling == "100"


def test_of_several_lots_none_takes_the_tenders_value() -> None:
    made = imported(prozorro(lots=[{"id": "1", "title": "A"}, lot("2", value=usd(60))]))
    assert [each.ceiling for each in made.solicitation.lots] == [None, "60"]
    assert "a lot's ceiling is that lot's own value" in listed(made, "value.amount")


def test_ids_that_do_not_fit_are_made_to_fit_and_listed() -> None:
    made = imported(
        ocds(lots=[lot("Лот 1"), lot("a/b"), lot("a-b")], items=[item("x.y", relatedLot="Лот 1")])
    )
    ids = [each.id for each in made.solicitation.lots]
    assert ids[2] == "a-b"
    assert len(set(ids)) == 3 and all(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", id) for id in ids)
    assert made.solicitation.lots[0].lines[0].id == "x-y"
    assert "the draft has one made of it" in listed(made, "tender.lots[*].id")


@given(st.lists(st.text(st.sampled_from("aA-_1. /é\u0416"), max_size=80), max_size=12))
def test_made_ids_always_fit_and_never_collide_and_are_the_same_again(ids: list[str]) -> None:
    made = fitted(ids, "line")
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name) for name in made)
    assert len(set(made)) == len(ids)
    assert made == fitted(ids, "line")
    first = dict(zip(reversed(ids), reversed(made), strict=True))
    assert all(first[name] == name for name in ids if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name))


def contract(price: object, status: str = "active", unit: str = "box") -> Plain:
    """A contract for one box of the item."""
    return {"id": "c", "status": status, "items": [{"id": "i", "unit": {"name": unit, "value": usd(price)}}]}


@pytest.mark.parametrize(
    ("contracts", "baseline"),
    [
        ([contract("9.25")], "9.25"),
        ([contract(9, "terminated")], "9"),
        ([contract(9), contract(9)], "9"),
        ([contract(9), contract(8, "cancelled")], "9"),
        ([contract(9), contract(8)], None),
        ([contract(9, "pending")], None),
        ([contract(9, "cancelled")], None),
        ([contract(9, unit="pallet")], None),
        ([], None),
    ],
)
def test_a_baseline_is_the_one_unit_price_of_what_was_signed(
    contracts: list[Plain], baseline: str | None
) -> None:
    items = [item(unit={"name": "box", "value": usd("7.77")})]
    for tender in ({**ocds(items=items), "contracts": contracts}, prozorro(items=items, contracts=contracts)):
        assert imported(tender).solicitation.lots[0].lines[0].baseline == baseline


def test_a_signed_unit_price_that_cannot_be_held_is_listed() -> None:
    made = imported({**ocds(items=[item()]), "contracts": [contract("1.00000001")]})
    assert "more than 6 decimals" in listed(made, "contracts[0].items[0].unit.value.amount")


def step(made: Any) -> str | None:
    """The draft's smallest step."""
    amount: str | None = made.solicitation.rules.get("decrement", {}).get("amount")
    return amount


def test_the_smallest_step_is_the_only_lots_own() -> None:
    assert step(imported(prozorro(minimalStep=usd(2), lots=[lot("1", minimalStep=usd(3))]))) == "3"


def test_among_several_lots_it_is_the_tenders_else_the_smallest() -> None:
    lots = [lot("1", minimalStep=usd(10)), lot("2", minimalStep=usd("9.5"))]
    assert step(imported(prozorro(minimalStep=usd(2), lots=lots))) == "2"
    made = imported(prozorro(lots=lots))
    assert step(made) == "9.5"
    assert "differs between the lots" in listed(made, "lots[*].minimalStep")


@pytest.mark.parametrize("amount", [50, 100, 1_000])
def test_a_step_under_which_no_second_bid_could_be_good_is_left_out(amount: int) -> None:
    made = imported(prozorro(minimalStep=usd(amount)))
    assert made.solicitation.rules == {"format": "english"}
    assert "half of a lot's ceiling or more" in listed(made, "minimalStep")


def test_wrong_types_anywhere_are_listed_and_stop_nothing() -> None:
    wrong: tuple[object, ...] = (True, 7, "x", [], [1, None, "x", {}], {}, {"a": 1})
    names = (
        "title",
        "description",
        "items",
        "lots",
        "value",
        "minimalStep",
        "bids",
        "awards",
        "buyers",
        "contracts",
    )
    inner = ("id", "title", "relatedLot", "unit", "quantity", "value", "tenderers", "suppliers", "status")
    for value in wrong:
        for name in names:
            imported(prozorro(**{name: value}))
            for below in inner:
                imported(prozorro(**{name: [{below: value}]}))
    made = imported(prozorro(items="none", lots=7, title=["x"]))
    assert "is not a list" in listed(made, "items")
    assert "is not a list" in listed(made, "lots")
    assert made.solicitation.title == "Tender UA-1"


def test_a_text_of_a_whole_book_is_left_out_and_listed() -> None:
    made = imported(ocds(description="x" * 20_001))
    assert made.solicitation.summary == ""
    assert "is longer than 20,000 characters" in listed(made, "tender.description")


def test_like_members_are_listed_as_one() -> None:
    items = [item(row, additionalClassifications=[{"id": row}]) for row in range(7)]
    assert "tender.items[*].additionalClassifications (7 times): further classifications" in (
        imported(ocds(items=items)).unmapped
    )


def test_the_list_stays_readable_however_many_kinds_of_members_there_are() -> None:
    made = imported(ocds(**{f"member{row}": row for row in range(3_000)}))
    assert len(made.unmapped) == 1_001
    assert made.unmapped[-1].endswith("more members of other kinds")
