"""Where goods go: an address is found by its id, its name or its street, and shown whole."""

from __future__ import annotations

from datetime import date

import pytest

from auction.demand.catalog import Catalog, Item
from auction.demand.places import Places, usual_of, written
from auction.demand.profile import DistrictProfile, ShipTo, faults
from auction.demand.stating import read_line
from auction.terms.faults import Reading

SCHOOL = ShipTo("S1", "High School", "12 Main St", "Ithaca", "NY", "14850")
DEPOT = ShipTo("S2", "Depot", "3 Dock Rd", "Ithaca", "NY", "14850")
OLD = ShipTo("S3", "Old Annex", "9 Hill St", "Ithaca", "NY", "14850", closed=True)
OURS = DistrictProfile(ship_to=(SCHOOL, DEPOT, OLD))
PAPER = Item("P-1", "Copy paper", "Paper", "ream")


def read(text: str, places: Places, item: Item = PAPER) -> tuple[str, list[str]]:
    """What a cell comes to, with its faults."""
    reading, cells = Reading(), {"quantity": "1", "ship_to": text}
    line = read_line(reading, lambda field: field, cells, item, Catalog(), date(2026, 3, 2), places)
    return line.ship_to, [f"{fault.path} {fault.message}" for fault in reading.faults]


@pytest.mark.parametrize(
    "text",
    [
        "S2",
        "s2",
        "depot",
        " 3  dock rd ",
        "Depot, 3 Dock Rd",
        written(DEPOT),
        f"{written(DEPOT)} (S2)",
        "moved (S2)",
    ],
)
def test_an_address_is_kept_by_its_id_however_it_is_named(text: str) -> None:
    assert read(text, Places(OURS)) == ("S2", [])


def test_an_unknown_place_is_a_fault_that_names_the_known_ones() -> None:
    (said,) = read("Gym", Places(OURS))[1]
    assert said.startswith("ship_to “Gym” is none of your addresses; give S1 (High School), S2 (Depot)")
    assert "Old Annex" not in said


def test_a_name_that_two_addresses_have_is_a_fault_that_names_both() -> None:
    twice = DistrictProfile(
        ship_to=(SCHOOL, ShipTo("S4", "high school", "1 Elm St", "Ithaca", "NY", "14850"))
    )
    (said,) = read("High School", Places(twice))[1]
    assert "is more than one of your addresses; write S1 or S4" in said
    assert read("1 elm st", Places(twice)) == ("S4", [])


def test_a_closed_address_is_taken_only_for_a_line_that_names_it_already() -> None:
    assert "S3 (Old Annex) is closed" in read("S3", Places(OURS))[1][0]
    assert read("Old Annex", Places(OURS, {"P-1": ["S3"]})) == ("S3", [])


def test_what_was_written_before_there_were_addresses_stays_good_for_its_line_and_is_shown_as_it_is() -> None:
    places = Places(OURS, {"P-1": ["Gym"]})
    assert read("Gym", places) == ("Gym", []) and places.shown("Gym") == places.cell("Gym") == "Gym"
    other = Item("W-1", "Pens", "Writing", "each")
    assert "is none of your addresses" in read("Gym", places, other)[1][0]


def test_nothing_means_the_item_s_only_line_else_the_usual_place() -> None:
    assert read("", Places(OURS)) == ("S1", [])
    assert read("", Places(OURS, {"P-1": ["S2"]})) == ("S2", [])
    assert read("", Places(OURS, {"P-1": [""]})) == ("", [])
    assert read("", Places(OURS, {"P-1": ["S2", "Gym"]})) == ("S1", [])
    assert read("", Places(OURS, {"P-1": ["S2", ""]})) == ("", [])


def test_a_district_without_addresses_writes_freely() -> None:
    assert read(" Main   office ", Places()) == ("Main office", [])
    assert "is longer than 120 letters" in read("x" * 121, Places())[1][0]


def test_the_usual_place_is_the_chosen_one_while_it_is_open() -> None:
    assert usual_of(DistrictProfile(ship_to=OURS.ship_to, usual="S2")) == "S2"
    assert usual_of(DistrictProfile(ship_to=OURS.ship_to, usual="S3")) == "S1"
    assert usual_of(DistrictProfile(ship_to=(OLD,))) == "" == usual_of(DistrictProfile())
    found = faults(DistrictProfile(ship_to=(SCHOOL,), usual="S9"))
    assert [fault.path for fault in found] == ["usual"]


def test_the_form_offers_what_is_open_and_what_the_line_names_already() -> None:
    places = Places(OURS)
    assert places.offered("S2") == [("S1", f"S1: {written(SCHOOL)}"), ("S2", f"S2: {written(DEPOT)}")]
    assert places.offered("S3")[0] == ("S3", written(OLD)) and places.offered("Gym")[0] == ("Gym", "Gym")
