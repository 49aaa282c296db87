"""Every module says what it is for, bears a plain name, and nothing unfinished or private is kept."""

from __future__ import annotations

import ast
import re
from pathlib import PurePosixPath

import pytest

from tests.architecture.tree import PACKAGES, ROOT, kept, modules

VAGUE = {"utils", "util", "helpers", "helper", "manager", "managers", "service", "services", "misc", "common"}
# Spelt with brackets, so that this file does not find itself.
UNFINISHED = re.compile(r"\b(?:T[O]DO|F[I]XME|X[X]X)\b")
MACHINE = re.compile(r"(?<![\w.])/(?:work|root)/")
FOREIGN = "templates/assets/vendor/"


def sign(source: str) -> str | None:
    """The sentence a module opens with, or None where there is none."""
    said = (ast.get_docstring(ast.parse(source)) or "").split("\n\n")[0]
    return said if len(said.split()) > 2 and said[-1] in ".?!" else None


def blemishes(text: str) -> list[str]:
    """What must not stand in a kept file: unfinished work, and paths of somebody's machine."""
    return UNFINISHED.findall(text) + MACHINE.findall(text)


def text_of(path: str) -> str:
    """A kept file's text; nothing of a binary one or of somebody else's."""
    content = b"" if path.startswith(FOREIGN) else (ROOT / path).read_bytes()
    return "" if b"\0" in content else content.decode("utf-8", "replace")


def test_every_module_opens_with_a_sentence() -> None:
    assert [path for path, source in modules(*PACKAGES) if sign(source) is None] == []


def test_no_module_bears_a_vague_name() -> None:
    paths = [PurePosixPath(path) for path in kept() if path.endswith(".py")]
    assert [str(path) for path in paths if VAGUE & {*path.parts, path.stem}] == []


def test_nothing_unfinished_and_no_path_of_a_machine_is_kept() -> None:
    assert {path: found for path in kept() if (found := blemishes(text_of(path)))} == {}


@pytest.mark.parametrize("source", ["", "x = 1", '"""Rules."""', '"""It ends with no stop"""'])
def test_a_module_without_a_sentence_is_found(source: str) -> None:
    assert sign(source) is None
    assert sign('"""Money is exact and lies on the tick.\n\nMore about it."""')


@pytest.mark.parametrize(
    "text", [f"# {'TO'}DO: later", f"{'FIX'}ME", f"see /{'work'}/main", f"cd /{'root'}/x"]
)
def test_a_blemish_is_found(text: str) -> None:
    assert blemishes(text)
    assert blemishes("GET /events/1/work and example.org/workshop/1") == []
