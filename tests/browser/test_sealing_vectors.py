"""The browser's sealing gives every known answer, byte for byte: in Chromium from the file system and in Node."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

from bidders.sealing.encoding import BadEncoding, b64u, canonical, read
from tests.browser.sealing.places import (
    HERE,
    Place,
    in_chromium,
    in_node,
    known_answers,
    node_version,
    opened,
)

CHECKS = re.findall(r"^    async (\w+)\(s, ", (HERE / "vectors.js").read_text(encoding="utf-8"), re.M)
CURVELESS = {"tables", "merkle", "disclosed", "closing", "files", "slips"}
"""Checks that use no curve, or the same ones as another: not asked again with the library."""
PLACES = ("chromium", "chromium with the library", "node", "node with the library")


@pytest.fixture(scope="module")
def chromium(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Place]]:
    """Both of Chromium's places, given the vectors."""
    with ExitStack() as stack:
        folder = tmp_path_factory.mktemp("sealing")
        found = {
            name: stack.enter_context(in_chromium(browser, folder, library="library" in name))
            for name in PLACES[:2]
        }
        for place in found.values():
            assert place("given", known_answers()) == CHECKS
        yield found


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Place]]:
    """Both of Node's places, given the vectors."""
    if node_version() < 20:
        pytest.skip("NO NODE 20: the sealing modules were tried in Chromium alone")
    with ExitStack() as stack:
        found = {
            name: stack.enter_context(in_node(tmp_path_factory.mktemp("node"), library="library" in name))
            for name in PLACES[2:]
        }
        for place in found.values():
            assert place("given", known_answers()) == CHECKS
        yield found


def asked(places: tuple[str, ...]) -> list[tuple[str, str]]:
    """Every place with every check that is asked there."""
    return [
        (where, check)
        for where in places
        for check in CHECKS
        if "library" not in where or check not in CURVELESS
    ]


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("where", "check"), asked(PLACES[:2]))
def test_chromium_gives_every_known_answer(chromium: dict[str, Place], where: str, check: str) -> None:
    told = chromium[where]("run", check)
    assert told["wrong"] == []
    assert told["count"] > 0


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("where", "check"), asked(PLACES[2:]))
def test_node_gives_every_known_answer(node: dict[str, Place], where: str, check: str) -> None:
    told = node[where]("run", check)
    assert told["wrong"] == []
    assert told["count"] > 0


NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
PLAIN = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=20)
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=12,
)
ODD = st.recursive(
    PLAIN | st.floats() | st.integers() | st.sampled_from([2**53, -(2**53), -0.0, "\ud800", "\udc00a", 1.0]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5) | NAMES, inner, max_size=4)
    ),
    max_leaves=8,
)
CORNERS = (
    b'{"a":1,"a":1}',
    b'{"b":1,"a":2}',
    b'{"":1}',
    b'{"A":1}',
    b'{"__proto__":1}',
    b'{"a":-0}',
    b'{"a":1.0}',
    b'{"a":1e3}',
    b'{"a":9007199254740991}',
    b'{"a":9007199254740992}',
    b'"\\ud800"',
    b'"\\u00e9"',
    '"é\u2028\u007f𝄞"'.encode(),
    b'"\\u001f\\b\\t\\n\\f\\r"',
    b'"\\u001F"',
    b'"\\/"',
    b"\xef\xbb\xbf1",
    b'"\xff"',
    b" 1",
    b"",
    b"NaN",
    b"[" * 32 + b"]" * 32,
    b"[" * 33 + b"]" * 33,
    b'{"a":' * 32 + b"1" + b"}" * 32,
    b"[" * 100_000,
)


def texts() -> st.SearchStrategy[bytes]:
    """Texts of JSON: canonical ones, and ones that differ in a way that a careless reader would not see."""
    loose = ODD.map(lambda value: json.dumps(value).encode())
    raw = VALUES.map(lambda value: json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    return st.sampled_from(CORNERS) | loose | raw | VALUES.map(_written)


def _written(value: Any) -> bytes:
    try:
        return canonical(value)
    except BadEncoding:
        return b"null"


def _read(text: bytes) -> str | None:
    try:
        return b64u(canonical(read(text)))
    except BadEncoding:
        return None


@pytest.mark.timeout(300)
def test_the_browser_reads_and_refuses_the_same_texts_as_the_server(chromium: dict[str, Place]) -> None:
    alike(chromium["chromium"])


@pytest.mark.timeout(300)
def test_node_reads_and_refuses_the_same_texts_as_the_server(node: dict[str, Place]) -> None:
    alike(node["node"])


def alike(place: Place) -> None:
    """Compare the corners, and whatever else is drawn."""
    sent = [base64.urlsafe_b64encode(text).decode().rstrip("=") for text in CORNERS]
    assert place("reads", sent) == [_read(text) for text in CORNERS]

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(texts(), min_size=10, max_size=40))
    def drawn(batch: list[bytes]) -> None:
        asked = [base64.urlsafe_b64encode(text).decode().rstrip("=") for text in batch]
        assert place("reads", asked) == [_read(text) for text in batch]

    drawn()


def test_a_browser_without_the_curves_says_so_and_takes_only_the_library(
    browser: Browser, tmp_path: Path
) -> None:
    page = opened(browser, tmp_path)
    page.evaluate("() => { crypto.subtle.generateKey = () => Promise.reject(new Error('none')); }")
    assert page.evaluate("sealing.missingCurves()") == ["X25519", "Ed25519"]
    told = page.evaluate("sealing.needCurves().then(() => '', (error) => error.message)")
    assert told.startswith("This browser has no X25519 and no Ed25519.") and "kit" in told
    page.evaluate("sealing.handIn(noble)")
    assert page.evaluate("sealing.missingCurves()") == []
    page.close()


def test_a_vendors_key_signs_and_gives_no_script_its_secret(browser: Browser, tmp_path: Path) -> None:
    page = opened(browser, tmp_path)
    told = page.evaluate(
        """async () => {
          const made = await sealing.newVendorKey(), eid = sealing.b64u(new Uint8Array(32));
          const sig = await sealing.signAsVendor(made, "submit", [eid]), key = { alg: "ed25519", kid: made.kid, pk: made.pk };
          const held = await sealing.vendorSigned(sig, key, "submit");
          return [held, await crypto.subtle.exportKey("pkcs8", made.key.privateKey).then(() => "read", (error) => error.name)];
        }"""
    )
    assert told == [True, "InvalidAccessError"]
    page.close()
