"""The engine is pure, the clock and chance live in one place, and the journal has one door."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.tree import PACKAGES, dotted, modules

WORLD = {
    *("asyncio", "concurrent", "ftplib", "glob", "http", "httpx", "io", "multiprocessing", "os", "pathlib"),
    *(
        "random",
        "secrets",
        "select",
        "selectors",
        "shutil",
        "smtplib",
        "socket",
        "socketserver",
        "sqlite3",
        "ssl",
    ),
    *("subprocess", "sys", "tempfile", "threading", "time", "urllib", "uuid", "websockets"),
}
CLOCK = {"now", "utcnow", "today"}
CHANCE = {"secrets", "os.urandom", "uuid.uuid1", "uuid.uuid4", "random.SystemRandom"}
CLOCK_HOLDER = "server/app.py"
# The command line hands it to the commands that run without the server's parts.
CHANCE_HOLDERS = {CLOCK_HOLDER, "server/login.py", "server/cli.py"}
# A scenario runs in a room of its own, with its own journal in memory.
DOORS = {"server/desk.py", "auction/live/scenario.py"}


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every import as line and full name: `from os import urandom` is `os.urandom`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def calls(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every call as line and dotted name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.lineno, dotted(node.func)


def reads_clock(name: str) -> bool:
    """Say whether a call asks for the time of day: of a class of `datetime`, or of `time`."""
    owner, _, method = name.rpartition(".")
    return owner.rpartition(".")[2] in {"datetime", "date", "time"} and method in CLOCK | {"time", "time_ns"}


def impurities(source: str) -> list[str]:
    """What a module of the engine must not do: read the clock, chance, files or the network, or hold a float."""
    tree = ast.parse(source)
    found = [f"{line}: imports {name}" for line, name in imported(tree) if name.split(".")[0] in WORLD]
    found += [f"{line}: reads the clock" for line, name in calls(tree) if reads_clock(name)]
    found += [
        f"{line}: calls {name}" for line, name in calls(tree) if name in {"open", "input", "__import__"}
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            found.append(f"{node.lineno}: holds the float {node.value}")
        if isinstance(node, ast.Name) and node.id == "float":
            found.append(f"{node.lineno}: names float")
    return found


def clock_readings(source: str) -> list[int]:
    """The lines that ask what time of day it is, also through `from time import time`."""
    tree = ast.parse(source)
    found = [line for line, name in calls(tree) if reads_clock(name)]
    return found + [line for line, name in imported(tree) if name in {"time.time", "time.time_ns"}]


def chances(source: str) -> list[int]:
    """The lines that draw, or could draw, fresh randomness."""
    tree = ast.parse(source)
    drawn = [line for line, name in calls(tree) if name in CHANCE or name.split(".")[0] == "secrets"]
    return drawn + [
        line for line, name in imported(tree) if name in CHANCE or name.split(".")[0] == "secrets"
    ]


def appends(source: str) -> list[int]:
    """The lines that write to a journal."""
    return [
        line
        for line, name in calls(ast.parse(source))
        if name.split(".")[-2:] in (["journal", "append"], ["_journal", "append"])
    ]


def test_the_engine_is_pure() -> None:
    assert {path: found for path, source in modules("auction") if (found := impurities(source))} == {}


def test_only_app_reads_the_clock() -> None:
    found = {path for path, source in modules("server", "bidders") if clock_readings(source)}
    assert found <= {CLOCK_HOLDER}


def test_only_app_login_and_the_command_line_draw_randomness() -> None:
    found = {path for path, source in modules("server") if chances(source)}
    assert found <= CHANCE_HOLDERS


def test_only_the_desk_writes_to_the_journal() -> None:
    found = {path for path, source in modules(*PACKAGES) if appends(source)}
    assert found <= DOORS


def test_the_verifier_stands_alone() -> None:
    sources = [source for path, source in modules("bidders") if path == "bidders/verifier.py"]
    found = {name.split(".")[0] for source in sources for _, name in imported(ast.parse(source))}
    assert not found & set(PACKAGES)


@pytest.mark.parametrize(
    "fault",
    [
        "from datetime import datetime\ndatetime.now(UTC)",
        "import datetime as d\nd.datetime.utcnow()",
        "date.today()",
        "import time",
        "from time import monotonic",
        "import random",
        "from secrets import token_hex",
        "from os import urandom",
        "from uuid import uuid4",
        "open('x')",
        "import socket",
        "import asyncio",
        "x = 0.5",
        "def f(x: float) -> None: ...",
        "float('1')",
    ],
)
def test_an_impurity_is_found(fault: str) -> None:
    assert impurities(fault)


def test_pure_code_passes() -> None:
    assert (
        impurities("from datetime import UTC, datetime\nx = 95\nroom.now\nlines.append(x)\nnow(room)") == []
    )


@pytest.mark.parametrize("fault", ["datetime.now(UTC)", "time.time()", "from time import time"])
def test_a_clock_reading_is_found(fault: str) -> None:
    assert clock_readings(fault)


@pytest.mark.parametrize("fault", ["os.urandom(32)", "secrets.token_bytes()", "from uuid import uuid4"])
def test_a_drawing_of_chance_is_found(fault: str) -> None:
    assert chances(fault)


@pytest.mark.parametrize(
    "fault", ["journal.append([])", "self.journal.append([])", "desk._journal.append([])"]
)
def test_a_second_door_is_found(fault: str) -> None:
    assert appends(fault)
    assert not appends("lines.append(journal)")
