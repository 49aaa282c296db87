"""Places in which the sealing modules run, each asked by a name and its arguments."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import Browser, Page

from server.sealed.bundle import bundle, wrapped
from tests.architecture.tree import ROOT

MODULES = ROOT / "templates" / "assets" / "js" / "sealing"
CURVES = ROOT / "templates" / "assets" / "vendor" / "noble-curves" / "noble-curves.js"
HERE = ROOT / "tests" / "browser" / "sealing"
VECTORS = ROOT / "fixtures" / "vectors"
NODE = shutil.which("node")
EXAMPLE = {
    "vkey": "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    "text": "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n",
}


class Place(Protocol):
    """Ask the modules' checks for something."""

    def __call__(self, name: str, *args: Any) -> Any:
        """The answer of `given`, `run` or `reads`."""


def known_answers() -> dict[str, Any]:
    """Every vector that the checks compare with."""
    inclusion = sorted((VECTORS / "merkle" / "testdata" / "inclusion").rglob("*.json"))
    return {
        "kat": _read(VECTORS / "sealbid-kat.json"),
        "full": _read(VECTORS / "sealbid-full.json"),
        "hpke": _read(VECTORS / "hpke" / "rfc9180-base-p256-x25519.json"),
        "merkle": [_read(path) for path in inclusion],
        "note": EXAMPLE,
    }


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def page_text() -> str:
    """A page that holds everything itself, as the kit does: all modules joined, the library of curves, and the checks."""
    made = bundle(MODULES)
    script = "\n".join(
        (
            wrapped(CURVES.read_text(encoding="utf-8"), "noble"),
            made.text,
            f"globalThis.sealing = {{ {', '.join(made.names)} }};",
            (HERE / "vectors.js").read_text(encoding="utf-8"),
        )
    )
    policy = "default-src 'none'; script-src 'unsafe-inline'"
    head = f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">'
    return (
        f'<!doctype html><html lang="en"><head>{head}<title>Sealing</title></head><script type="module">{script}\n'
        + ("globalThis.noble = noble;</script></html>")
    )


def opened(browser: Browser, folder: Path) -> Page:
    """The page, opened from the file system."""
    path = folder / "sealing.html"
    path.write_text(page_text(), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    return page


@contextmanager
def in_chromium(browser: Browser, folder: Path, *, library: bool) -> Iterator[Place]:
    """The modules on a page from the file system, with the browser's curves or the library's."""
    page = opened(browser, folder)
    if library:
        page.evaluate("sealing.handIn(noble)")

    def ask(name: str, *args: Any) -> Any:
        if name == "given":
            return page.evaluate("(given) => { globalThis.given = given; return vectors.names; }", args[0])
        more = "given" if name == "run" else ""
        call = "run(args[0], sealing, given)" if more else f"{name}(sealing, ...args)"
        return page.evaluate(f"(args) => vectors.{call}", list(args))

    yield ask
    page.close()


@contextmanager
def in_node(folder: Path, *, library: bool) -> Iterator[Place]:
    """The modules as Node loads them, each by itself."""
    modules = shutil.copytree(MODULES, folder / "modules")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    curves = [str(shutil.copy(CURVES, folder))] if library else []
    command = [str(NODE), str(HERE / "node.mjs"), str(modules), str(HERE / "vectors.js"), *curves]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None and process.stdout is not None

        def ask(name: str, *args: Any) -> Any:
            print(json.dumps([name, *args]), file=process.stdin, flush=True)
            return json.loads(process.stdout.readline())

        yield ask
        process.stdin.close()


def node_version() -> int:
    """Node's major version, 0 where there is none."""
    if NODE is None:
        return 0
    said = subprocess.run([NODE, "--version"], capture_output=True, text=True, check=True).stdout
    return int(said.removeprefix("v").split(".")[0])
