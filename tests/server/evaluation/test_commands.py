"""The award's commands: one JSON object and 0, or every fault and 2, from a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from server.cli import main


def told(command: str, case: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, Any]:
    """Run a command on a case; its exit code and what it printed."""
    file = tmp_path / "case.json"
    file.write_text(case if isinstance(case, str) else json.dumps(case), encoding="utf-8")
    code = main([command, str(file)])
    return code, json.loads(capsys.readouterr().out)


def test_a_score_is_told_in_exact_strings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = {
        "price": {"formula": "relative_lowest", "points": "70"},
        "criteria": [{"id": "quality", "weight": "30"}],
        "bids": {
            "A": {"price": "10000", "scores": {"quality": "90"}},
            "B": {"price": "10500", "scores": {"quality": "80"}},
            "C": {"price": "1", "disqualified": "no signature"},
        },
    }
    code, said = told("score", case, tmp_path, capsys)
    assert code == 0
    assert said == {
        "bids": {
            "A": {
                "evaluated_price": "10000",
                "price_points": "70",
                "criteria": {"quality": "27"},
                "total": "97",
                "rank": 1,
            },
            "B": {
                "evaluated_price": "10500",
                "price_points": "200/3",
                "criteria": {"quality": "24"},
                "total": "272/3",
                "rank": 2,
            },
            "C": {
                "evaluated_price": None,
                "price_points": None,
                "criteria": {},
                "total": None,
                "rank": None,
                "disqualified": "no signature",
            },
        },
        "winner": "A",
        "tie": None,
        "contract_price": "10000",
        "withdrawal": {"B": {"winner": "A", "changes": False}},
        "flags": [],
    }


def test_an_index_leaves_out_what_does_not_apply_and_says_when_it_is_inexact(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case: dict[str, Any] = {
        "price": {"formula": "vfm_index", "points": "60", "wq": "60", "wp": "40"},
        "criteria": [{"id": "quality", "weight": "40"}],
        "bids": {"A": {"price": "100", "scores": {"quality": "70"}}},
    }
    _, said = told("score", case, tmp_path, capsys)
    assert said["bids"]["A"]["total"] == "0.00585662018573852883584720418050"
    assert said["bids"]["A"]["inexact"] is True and said["bids"]["A"]["price_points"] is None
    case["price"] = {"formula": "ratio", "points": "60"}
    _, said = told("score", case, tmp_path, capsys)
    assert said["bids"]["A"]["evaluated_price"] == "1000/7"
    assert said["bids"]["A"]["total"] is None and "inexact" not in said["bids"]["A"]
    case["price"] = {"formula": "utility_index", "wq": "60", "wp": "40"}
    assert told("score", case, tmp_path, capsys)[1]["replay_only"] is True


def test_every_fault_of_a_case_is_told_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = {
        "price": {"formula": "best"},
        "bids": {"A": {"price": "0"}},
        "draw": {"seeds": []},
        "colour": "red",
    }
    code, said = told("score", case, tmp_path, capsys)
    assert code == 2
    assert {fault["path"] for fault in said["faults"]} == {
        "colour",
        "price.formula",
        "bids.A.price",
        "draw.seeds",
    }


@pytest.mark.parametrize("command", ["score", "draw"])
@pytest.mark.parametrize(
    "case", ["", "[1, 2]", "{", '{"bids": NaN}', "[" * 100_000, '{"pool": ' + "9" * 5000 + "}"]
)
def test_what_is_no_case_is_refused(
    command: str, case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(command, case, tmp_path, capsys)[0] == 2


def test_a_name_given_twice_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = told("score", '{"bids": {"A": {"price": "1"}, "A": {"price": "2"}}}', tmp_path, capsys)
    assert (code, said["faults"][0]["path"]) == (2, "A")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(tmp_path / "none.json")]) == 2
    assert "none.json" in capsys.readouterr().out


def test_a_draw_tells_its_key_and_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = {
        "algorithm": "md5",
        "seeds": [[9319], [2, 5, 12, 8, 10], [9, 18, 26, 34, 41, 45]],
        "pool": 25,
        "select": 16,
    }
    code, said = told("draw", case, tmp_path, capsys)
    assert (code, said["key"]) == (0, "9319./2.5.8.10.12./9.18.26.34.41.45./")
    assert said["order"] == [
        "17",
        "7",
        "2",
        "16",
        "25",
        "23",
        "8",
        "24",
        "19",
        "13",
        "22",
        "5",
        "18",
        "9",
        "1",
        "4",
    ]


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("select", {"select": 4}),
        ("select", {"select": 0}),
        ("pool[2]", {"pool": ["a", "b", "a"]}),
        ("pool", {"pool": []}),
        ("pool", {"pool": 0}),
        ("seeds[0]", {"seeds": [[]]}),
        ("seeds[0][1]", {"seeds": [[1, -2]]}),
        ("seeds[0][0]", {"seeds": [["x"]]}),
        ("algorithm", {"algorithm": "crc32"}),
        ("colour", {"colour": "red"}),
    ],
)
def test_a_draw_that_cannot_be_drawn_is_refused(
    path: str, changes: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = {"seeds": [[1, 2]], "pool": ["a", "b", "c"], **changes}
    code, said = told("draw", case, tmp_path, capsys)
    assert (code, [fault["path"] for fault in said["faults"]]) == (2, [path])


TIER = {"from": "9", "percent": "2"}
MARKET: dict[str, Any] = {
    "lots": [{"id": "L1", "reserve": "100"}, {"id": "L2"}],
    "offers": [
        {"id": "a", "vendor": "V", "lots": ["L1"], "price": "60"},
        {"id": "b", "vendor": "W", "lots": ["L1", "L2"], "price": "150"},
        {"id": "c", "vendor": "W", "lots": ["L2"], "price": "95"},
    ],
    "districts": [{"id": "D", "quantities": {"L1": "0.25"}}],
}


def test_awards_are_told_lot_by_lot_with_what_they_cost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps(MARKET), encoding="utf-8")
    assert main(["allocate", str(file), "--certificate", "--time-limit", "30"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said.pop("seconds") >= 0
    row = {"vendor": "W", "offer": "b", "price": "150", "bundle": ["L1", "L2"]}
    assert said == {
        "status": "optimal",
        "cost": "150",
        "bound": "150",
        "certified_bound": "150",
        "awards": [{"lot": "L1", **row}, {"lot": "L2", **row}],
        "unawarded": [],
        "checked": True,
    }


def test_why_nothing_can_be_awarded_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = MARKET | {"rules": {"vendors": {"W": {"must_not_win": True}, "V": {"charge": "5"}}}}
    code, said = told("allocate", case, tmp_path, capsys)
    assert (code, said["status"], said["cost"], said["awards"]) == (0, "infeasible", None, [])
    assert said["why_infeasible"] == ["lots.L2", "rules.vendors.W.must_not_win"]


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("lots", {"lots": [], "offers": [], "districts": []}),
        ("lots[1]", {"lots": [{"id": "L1"}, {"id": "L1"}, {"id": "L2"}]}),
        ("lots[0].reserve", {"lots": [{"id": "L1", "reserve": "0"}, {"id": "L2"}]}),
        ("offers[0].price", {"offers": [{"id": "a", "vendor": "V", "lots": ["L1"], "price": "0"}]}),
        ("offers[0].price", {"offers": [{"id": "a", "vendor": "V", "lots": ["L1"], "price": "1.005"}]}),
        ("offers[0].price", {"offers": [{"id": "a", "vendor": "V", "lots": ["L1"]}]}),
        ("offers[0].lots[0]", {"offers": [{"id": "a", "vendor": "V", "lots": ["L9"], "price": "1"}]}),
        ("offers[0].lots[1]", {"offers": [{"id": "a", "vendor": "V", "lots": ["L1", "L1"], "price": "1"}]}),
        ("offers[0].lots", {"offers": [{"id": "a", "vendor": "V", "lots": [], "price": "1"}]}),
        ("shares[0].max", {"shares": [{"vendor": "V", "lot": "L1", "price": "1", "min": "0.5", "max": "0.4"}]}),
        ("shares[0].max", {"shares": [{"vendor": "V", "lot": "L1", "price": "1", "min": "0.501", "max": "0.509"}]}),
        ("shares[0].min", {"shares": [{"vendor": "V", "lot": "L1", "price": "1", "min": "20"}]}),
        ("rules.colour", {"rules": {"colour": "red"}}),
        ("rules.max_winners", {"rules": {"max_winners": -1}}),
        ("rules.vendors.V.tiers", {"rules": {"vendors": {"V": {"tiers": [TIER, {"from": "5", "percent": "3"}]}}}}),
        ("rules.vendors.V.min_spend", {"rules": {"vendors": {"V": {"min_spend": "9", "max_spend": "5"}}}}),
        ("rules.vendors.V.must_win", {"rules": {"vendors": {"V": {"must_win": "yes"}}}}),
        ("rules.switching[0].lot", {"rules": {"switching": [{"lot": "L9", "incumbent": "V", "cost": "5"}]}}),
        ("rules.budgets[0].district", {"rules": {"budgets": [{"district": "E", "amount": "5"}]}}),
        ("rules.capacities[0].lots.L9", {"rules": {"capacities": [{"vendor": "V", "lots": {"L9": "1"}, "limit": "5"}]}}),
        ("rules.conditional[0][1]", {"rules": {"conditional": [["a", "z"]]}}),
        ("rules.exclusive[0]", {"rules": {"exclusive": [["a"]]}}),
        ("rules.set_aside.share", {"rules": {"set_aside": {"vendors": ["V"], "share": "10"}}}),
        ("districts", {"districts": [{"id": name, "quantities": {"L1": "0.6"}} for name in "DE"]}),
        ("draw.seeds", {"draw": {"seeds": []}}),
    ],
)  # fmt: skip
def test_a_market_that_cannot_be_read_is_refused(
    path: str, changes: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = told("allocate", MARKET | changes, tmp_path, capsys)
    assert (code, [fault["path"] for fault in said["faults"]]) == (2, [path])
