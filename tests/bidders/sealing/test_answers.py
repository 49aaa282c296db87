"""The checker of known answers finds all of them identical, and any that was altered."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from bidders.sealing.answers.checking import tally
from bidders.sealing.answers.known import checks
from bidders.sealing.encoding import BadEncoding
from tests.bidders.sealing.vectors import FOLDER

FILES = ["sealbid-kat.json", "sealbid-full.json"]
Path = tuple[Any, ...]


def told(name: str) -> dict[str, Any]:
    """A file's content."""
    content: dict[str, Any] = json.loads((FOLDER / name).read_bytes())
    return content


def places(value: Any, above: Path = ()) -> Iterator[Path]:
    """The way to every text in a file."""
    if isinstance(value, dict | list):
        for step, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(each, (*above, step))
    elif isinstance(value, str) and value:
        yield above


def altered(whole: Any, path: Path) -> bytes:
    """The file with one character of a text changed."""
    copied = copy.deepcopy(whole)
    here = copied
    for step in path[:-1]:
        here = here[step]
    text = here[path[-1]]
    here[path[-1]] = ("A" if text[0] != "A" else "B") + text[1:]
    return json.dumps(copied).encode()


@pytest.mark.parametrize("name", FILES)
def test_every_answer_is_identical(name: str) -> None:
    found = tally(checks((FOLDER / name).read_bytes()))
    assert found.differing == ()
    assert (found.sentence, found.answers > 10) == ("2 of 2 identical", True)


@pytest.mark.parametrize("name", FILES)
def test_an_altered_answer_is_found(name: str) -> None:
    whole = told(name)
    free = {"note", "format", "readings"}
    among = [path for path in places(whole) if path[0] not in free and path[2:] != ("name",)]
    for path in random.Random(1).sample(among, 60):
        found = tally(checks(altered(whole, path)))
        assert found.differing, path
        assert found.identical < found.cases


@pytest.mark.parametrize(
    "member", ["locks", "seals", "sigs", "releases", "results", "disclosed", "rewrap", "tables", "log"]
)
def test_a_part_that_is_missing_or_of_another_shape_is_found(member: str) -> None:
    for value in (None, 7, {"x": 1}):
        whole = told(FILES[1])
        whole["cases"][0][member] = value
        assert tally(checks(json.dumps(whole).encode())).differing


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"cases": []}', b'{"cases": 1}', b"\xff"])
def test_another_file_is_refused(data: bytes) -> None:
    with pytest.raises(BadEncoding):
        list(checks(data))
