"""The client: every script that has a bid in its hands before it is sealed, in the page and in the kit, with hashes.

A manifest pins the list's hash, so that officers accept and vendors seal under scripts that can be named later. The kit's own
page differs for each company and solicitation, so its script and its style are listed, each as it stands in every kit.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

from server.assets import Assets
from server.sealed import kit

SEALS = ("js/sealing/", "js/sealed_bid/")
PAGE = (
    "js/announce.js",
    "js/clock.js",
    "js/hooks.js",
    "js/local_time.js",
    "js/sealed_bid.js",
    "js/sealed_bid_page.js",
    "js/theme.js",
)
"""What the page of a bid runs beside the folders of `SEALS`."""


@lru_cache(1)
def listed(assets: Assets) -> str:
    """A line of content hash and name for each, as `sha256sum` writes them, by name."""
    held = {f"{folder}{name}": content for folder in SEALS for name, content in assets.under(folder).items()}
    held |= {path: found.content for path in PAGE if (found := assets.find(path)) is not None}
    style, script = kit.made()
    held |= {"kit.css": style.text.encode(), "kit.js": script.text.encode()}
    return "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(held.items())
    )
