"""Surroundings: what a manifest says of this installation, the scripts that vendors seal with and the public log."""

from __future__ import annotations

from bidders.box.manifest_of import Surroundings
from bidders.sealing.encoding import b64u, sha256
from server.assets import Assets
from server.log.log import Log
from server.sealed.client import listed
from server.settings import Settings


def around(settings: Settings, assets: Assets, log: Log) -> Surroundings:
    """Describe the installation as it stands."""
    return Surroundings(
        client_sha256=b64u(sha256(listed(assets).encode())),
        client_url=f"{settings.origin}/log/client.txt",
        log_origin=log.origin,
        log_vkey=log.vkey,
    )
