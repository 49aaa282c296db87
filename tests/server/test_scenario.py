"""`tenderbell replay`: every fixture gives its expected output to the byte, and a bad file gives every fault and exit code 2."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from server.cli import main
from tests.auction.stage import Plain, bid, file, host, moment

FIXTURES = Path(__file__).parents[2] / "fixtures"
SCENARIOS = sorted(
    path for path in (FIXTURES / "scenarios").glob("*.json") if not path.name.endswith(".out.json")
)
JOURNALS = sorted((FIXTURES / "journals").glob("*.jsonl"))
Capture = pytest.CaptureFixture[bytes]


def replay(capture: Capture, *arguments: object) -> tuple[int, bytes]:
    """Run the command: its exit code and what it printed."""
    code = main(["replay", *map(str, arguments)])
    return code, capture.readouterr().out


def replayed(capture: Capture, folder: Path, scenario: object) -> tuple[int, Any]:
    """Run a scenario from a file of this content."""
    path = folder / "scenario.json"
    path.write_bytes(scenario if isinstance(scenario, bytes) else json.dumps(scenario).encode())
    code, told = replay(capture, path)
    return code, json.loads(told)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_each_scenario_gives_its_expected_output(path: Path, capfdbinary: Capture) -> None:
    code, told = replay(capfdbinary, path)
    assert told == path.with_suffix(".out.json").read_bytes()
    assert code == (2 if "faults" in json.loads(told) else 0)


@pytest.mark.parametrize(
    "rule", ["1", "2", "3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "4", "5", "6", "9", "10", "11"]
)
def test_every_numbered_rule_has_a_scenario(rule: str) -> None:
    assert [path for path in SCENARIOS if path.name.startswith(f"{rule}-")]


@pytest.mark.parametrize("path", JOURNALS, ids=lambda path: path.stem)
def test_a_golden_journal_rereads_for_ever(path: Path, capfdbinary: Capture) -> None:
    code, told = replay(capfdbinary, "--from-journal", path)
    assert (code, told) == (0, path.with_suffix(".lots.json").read_bytes())


def test_a_golden_journal_holds_every_kind_of_event_of_a_scenario() -> None:
    kinds = {json.loads(line)["body"]["type"] for path in JOURNALS for line in path.read_bytes().splitlines()}
    prepared = {"room.prepared", "room.seeded", "room.vendor_admitted"}
    live = {"lot_opened", "bid", "refused", "close_moved", "lot_paused", "lot_resumed", "pause_lifted"}
    live |= {"lot_closed", "lot_cancelled", "vendor_suspended", "done"}
    assert kinds == prepared | {f"live.{kind}" for kind in live}


def test_the_journal_that_a_run_writes_rebuilds_the_same_lots(tmp_path: Path, capfdbinary: Capture) -> None:
    for path in SCENARIOS:
        code, told = replay(capfdbinary, path, "--journal", tmp_path / "journal")
        if code == 0:
            again, rebuilt = replay(capfdbinary, "--from-journal", tmp_path / "journal")
            ran, reread = json.loads(told), json.loads(rebuilt)
            assert (again, reread["lots"], reread["journal"]) == (0, ran["lots"], ran["journal"])


def test_the_first_line_that_does_not_fit_is_named(tmp_path: Path, capfdbinary: Capture) -> None:
    lines = JOURNALS[0].read_bytes().splitlines(keepends=True)
    lines[9] = lines[9].replace(b'"at":"2026', b'"at":"2027')
    (tmp_path / "journal").write_bytes(b"".join(lines))
    code, told = replay(capfdbinary, "--from-journal", tmp_path / "journal")
    assert (code, [fault["path"] for fault in json.loads(told)["faults"]]) == (2, ["line 10"])


def test_the_same_file_gives_the_same_output_and_another_file_other_salts(
    tmp_path: Path, capfdbinary: Capture
) -> None:
    one = replayed(capfdbinary, tmp_path, file(bid("15:01", "A", "5")))
    assert replayed(capfdbinary, tmp_path, file(bid("15:01", "A", "5"))) == one
    other = replayed(capfdbinary, tmp_path, json.dumps(file(bid("15:01", "A", "5")), indent=1).encode())
    assert other[1]["lots"] == one[1]["lots"]
    assert other[1]["journal"]["head"] != one[1]["journal"]["head"]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff", b"[]", b"null", b'"x"', b"{} {}", b"[" * 5000, b'{"rules": NaN}']
)
def test_what_is_no_scenario_is_refused_with_exit_code_2(
    content: bytes, tmp_path: Path, capfdbinary: Capture
) -> None:
    code, told = replayed(capfdbinary, tmp_path, content)
    assert code == 2
    assert told["faults"]


def test_a_file_that_is_not_there_is_refused_and_so_are_arguments_that_say_nothing(
    tmp_path: Path, capfdbinary: Capture
) -> None:
    assert replay(capfdbinary, tmp_path / "nowhere.json")[0] == 2
    assert replay(capfdbinary)[0] == 2
    assert replay(capfdbinary, SCENARIOS[0], "--from-journal", JOURNALS[0])[0] == 2


def step(**members: Any) -> Plain:
    return file(bid("15:01", "A", "5") | members)


def without(name: str) -> Plain:
    return {key: value for key, value in file(bid("15:01", "A", "5")).items() if key != name}


WRONG: list[tuple[list[str], Plain]] = [
    *(([name], without(name)) for name in ("rules", "opens", "closes", "lots", "vendors", "steps")),
    (["colour"], file(colour=1)),
    (["closes"], file(closes=moment("15:00"))),
    (["opens"], file(opens="2026-03-02 15:00")),
    (["until"], file(until=5)),
    (["until"], file(bid("15:01", "A", "5"), until=moment("15:00"))),
    (["rules.format"], file(rules={"format": "sealed"})),
    (["lots"], file(lots=[])),
    (["lots[1].id"], file(lots=[{"id": "L1"}, {"id": "L1"}])),
    (["lots[0].id"], file(lots=[{"id": 1}])),
    (["lots[0].ceiling"], file(lots=[{"id": "L1", "ceiling": 95}])),
    (["lots[0].colour"], file(lots=[{"id": "L1", "colour": 1}])),
    (["lots[0].closes"], file(lots=[{"id": "L1", "closes": moment("14:00")}])),
    (["vendors[1].id"], file(vendors=[{"id": "A"}, {"id": "A"}])),
    (["vendors[0].id"], file(vendors=[{"id": "host"}])),
    (["vendors[0].m"], file(vendors=[{"id": "A", "m": "0"}])),
    (["vendors[0].m"], file(vendors=[{"id": "A", "m": 1.05}])),
    (["vendors[0].m.L1"], file(vendors=[{"id": "A", "m": {"L1": "-1"}}])),
    (["vendors[0].m.L9"], file(vendors=[{"id": "A", "m": {"L9": "1"}}])),
    (["vendors[0].a"], file(vendors=[{"id": "A", "a": "1,5"}])),
    (["vendors[0].ceiling"], file(vendors=[{"id": "A", "ceiling": "95"}])),
    (["vendors[0].ceiling.L1"], file(vendors=[{"id": "A", "ceiling": {"L1": 95}}])),
    (["vendors[0].ceiling.L9"], file(vendors=[{"id": "A", "ceiling": {"L9": "95"}}])),
    (["opening_bids[0].amount"], file(opening_bids=[{"vendor": "A", "lot": "L1", "amount": "5.001"}])),
    (["opening_bids[0].amount"], file(opening_bids=[{"vendor": "A", "lot": "L1", "amount": 5}])),
    (
        ["opening_bids[0].amount"],
        file(opening_bids=[{"vendor": "A", "lot": "L1", "amount": "96"}], rules={"ceiling": "95"}),
    ),
    (["opening_bids[0].lot"], file(opening_bids=[{"vendor": "A", "lot": "L9", "amount": "5"}])),
    (["opening_bids[0].vendor"], file(opening_bids=[{"vendor": "Z", "lot": "L1", "amount": "5"}])),
    (["steps[0].do"], step(do="jump")),
    (["steps[0].at", "steps[0].do"], file({"by": "A", "lot": "L1"})),
    (["steps[0].at"], step(at="15:00")),
    (["steps[0].at"], step(at="2026-03-02T15:00:00.1234567Z")),
    (["steps[0].by"], step(by=None)),
    (["steps[0].lot"], step(lot=["L1"])),
    (["steps[0].id"], step(id=5)),
    (["steps[0].confirm"], step(confirm="yes")),
    (["steps[0].colour"], step(colour="red")),
    (["steps[1].at"], file(bid("15:02", "A", "5"), bid("15:01:59.999999", "A", "4"))),
    (["steps[0].closes"], file(host("15:01", "extend", lot="L1"))),
    (["steps[0].closes"], file(host("15:01", "extend", lot="L1") | {"closes": "later"})),
    (["steps[0].last_heartbeat"], file(host("15:01", "fault"))),
    (["steps[0].vendor"], file(host("15:01", "suspend"))),
    (["steps[0].as"], file(host("15:01", "look"))),
]


@pytest.mark.parametrize(
    ("paths", "scenario"), WRONG, ids=[f"{n}-{paths[0]}" for n, (paths, _) in enumerate(WRONG)]
)
def test_each_fault_of_a_file_is_named_with_its_path(
    paths: list[str], scenario: Plain, tmp_path: Path, capfdbinary: Capture
) -> None:
    code, told = replayed(capfdbinary, tmp_path, scenario)
    assert code == 2
    assert [fault["path"] for fault in told["faults"]] == paths


def test_what_may_be_left_out_may_be_null(tmp_path: Path, capfdbinary: Capture) -> None:
    steps = [
        bid("15:01", "A", "5") | {"id": None, "confirm": None},
        host("15:02", "pause", lot=None, reason=None),
    ]
    scenario = file(
        *steps, opening_bids=None, until=None, lots=[{"id": "L1", "ceiling": None, "opens": None}]
    )
    code, told = replayed(capfdbinary, tmp_path, scenario)
    assert (code, [each["ok"] for each in told["outcomes"]]) == (0, [True, True])


def test_the_command_needs_no_server_and_no_database() -> None:
    asked = (
        "import sys; from server.cli import main; code = main(['replay', sys.argv[1]]); "
        "print(sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked, SCENARIOS[0]], capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(done.stderr.replace("'", '"')))
    heavy = {
        "litestar",
        "starlette",
        "sqlalchemy",
        "sqlite3",
        "uvicorn",
        "jinja2",
        "asyncio",
        "argon2",
        "websockets",
    }
    assert "auction" in loaded
    assert not loaded & heavy
