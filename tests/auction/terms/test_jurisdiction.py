"""A state's law is read whole, and what is not known of it is off."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auction.terms.jurisdiction import MARKS, RELIED_ON, BadProfile, Profile, parse

FOLDER = Path(__file__).resolve().parents[3] / "fixtures" / "jurisdictions"
RAW = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}


def profile(name: str) -> Profile:
    return parse(RAW[name])


def row(**changes: Any) -> dict[str, Any]:
    whole = {
        "topic": "reverse_auction",
        "value": True,
        "says": "Yes.",
        "source": "Act 1",
        "date": "2026-01-01",
    }
    return whole | {"mark": "R"} | changes


def state(*rows: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "code": "US-ZZ",
        "name": "Z",
        "bodies": "z",
        "fictional": False,
        "provisions": list(rows),
    } | changes


def test_three_real_states_and_a_fictional_one_are_on_record() -> None:
    assert {name: profile(name).fictional for name in RAW} == {
        "us-oh": False,
        "us-pa": False,
        "us-tx": False,
        "us-xl": True,
    }


@pytest.mark.parametrize("name", RAW)
def test_each_provision_names_its_source_its_day_and_how_it_is_known(name: str) -> None:
    for each in profile(name).provisions:
        assert each.source and each.date and each.mark in MARKS
        assert (each.mark == "fictional") == profile(name).fictional


def test_without_a_provision_that_allows_it_no_auction_is_allowed() -> None:
    assert not parse(state(row(topic="note", value=None))).auctions


@pytest.mark.parametrize("mark", [mark for mark in MARKS if mark not in RELIED_ON])
def test_what_is_only_generally_known_or_inferred_allows_nothing(mark: str) -> None:
    read = parse(state(row(mark=mark)))
    assert not read.auctions and read.of("reverse_auction") is None and len(read.provisions) == 1


def test_the_two_weeks_of_texas_are_shown_but_not_counted_on() -> None:
    texas = profile("us-tx")
    assert texas.auctions and texas.notice == {}
    assert any(each.topic == "minimum_notice" for each in texas.provisions)


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        (state(row(topic="weather")), "provisions[0].topic"),
        (state(row(mark="maybe")), "provisions[0].mark"),
        (state(row(source=" ")), "provisions[0].source"),
        (state(row(date="last year")), "provisions[0].date"),
        (state(row(value="yes")), "provisions[0].value"),
        (state(row(), row()), "provisions[1].topic"),
        (state(row(), code="Ohio"), "code"),
        (state(row(), fictional=True), "fictional"),
        (state(row(mark="fictional")), "fictional"),
        (
            state(row(topic="minimum_notice", value={"sealed_bid": {"days": -1}})),
            "provisions[0].value.sealed_bid.days",
        ),
        (state(row(topic="live_information", value={"needs": ["names"]})), "provisions[0].value.needs[0]"),
        (state(row(topic="preconditions", value=[{"id": "a b", "words": "x"}])), "provisions[0].value[0].id"),
        (state(), "provisions"),
    ],
)
def test_each_fault_is_named_with_its_path(raw: dict[str, Any], path: str) -> None:
    with pytest.raises(BadProfile) as bad:
        parse(raw)
    assert path in [fault.path for fault in bad.value.faults]


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"days": 7, "anchor": "notice"}, "stay"),
        ({"days": 7, "stay": True}, "anchor"),
        ({"days": 0, "anchor": "notice", "stay": True}, "days"),
        ({"days": 7, "anchor": "award", "stay": True}, "anchor"),
    ],
)
def test_a_time_to_protest_says_its_days_where_they_begin_and_whether_the_award_waits(
    value: dict[str, Any], path: str
) -> None:
    with pytest.raises(BadProfile) as bad:
        parse(state(row(topic="protest", value=value)))
    assert [fault.path for fault in bad.value.faults] == [f"provisions[0].value.{path}"]
