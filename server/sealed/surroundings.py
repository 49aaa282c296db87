"""Surroundings: what a manifest says of this installation, the sealing modules that browsers get and the public log."""

from __future__ import annotations

import hashlib

from bidders.box.manifest_of import Surroundings
from bidders.sealing.encoding import b64u
from server.assets import Assets
from server.log.log import Log
from server.settings import Settings

SEALING = "js/sealing/"


def around(settings: Settings, assets: Assets, log: Log) -> Surroundings:
    """Describe the installation as it stands."""
    return Surroundings(
        client_sha256=b64u(modules(assets)),
        client_url=f"{settings.origin}/assets/{SEALING}",
        log_origin=log.origin,
        log_vkey=log.vkey,
    )


def modules(assets: Assets) -> bytes:
    """One hash of all sealing modules: SHA-256 over a line of content hash and name for each, as `sha256sum` writes them."""
    lines = [
        f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in assets.under(SEALING).items()
    ]
    return hashlib.sha256("".join(lines).encode()).digest()
