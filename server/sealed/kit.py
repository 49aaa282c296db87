"""The kit's script and style: every module that seals, joined into one text, with their hashes for the page's own policy."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from functools import lru_cache
from pathlib import Path

import msgspec

from server.sealed.bundle import bundle, wrapped

ASSETS = Path(__file__).parents[2] / "templates" / "assets"
STYLES = ("css/tenderbell.css", "css/vendors.css", "css/sealed_bid.css")
FONT = re.compile(r"@font-face \{[^}]*\}\n")
CURVES = "vendor/noble-curves/noble-curves.js"


class Inlined(msgspec.Struct, frozen=True):
    """A text that stands inside a page, and its hash as a content policy names it."""

    text: str
    hash: str


def inlined(text: str) -> Inlined:
    """A text with its hash."""
    return Inlined(text, b64encode(hashlib.sha256(text.encode()).digest()).decode())


@lru_cache(1)
def made() -> tuple[Inlined, Inlined]:
    """The style and the script of every kit, made once."""
    return style(ASSETS), script(ASSETS)


def script(assets: Path) -> Inlined:
    """The kit's script: the curves for browsers without them, the sealing modules, the form, and its start."""
    curves = wrapped((assets / CURVES).read_text(encoding="utf-8"), "nobleCurves")
    joined = bundle(assets / "js" / "sealing", assets / "js" / "sealed_bid")
    return inlined("\n".join(("'use strict';", curves, joined.text, "startKit(nobleCurves);")))


def style(assets: Path) -> Inlined:
    """The kit's style: the site's own, with the system's font in place of the site's."""
    whole = "\n".join((assets / each).read_text(encoding="utf-8") for each in STYLES)
    return inlined(FONT.sub("", whole))
