"""The manifest of a solicitation: what officers accept, vendors seal for, and everybody can compare with the notice."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

import msgspec

from auction.record.logged import written
from auction.tender.sealed_bids import due
from auction.tender.solicitation import Officer, Sealing, Solicitation
from bidders.box.facts import OfficerKeyed
from bidders.sealing.encoding import V

SUITE = "x25519-hkdfsha256-aes256gcm"


class Surroundings(msgspec.Struct, frozen=True):
    """What a manifest says of the place: the sealing page's hash and address, the log's name and key, its witnesses.

    `k` counts the witnesses that must sign the close.
    """

    client_sha256: str
    client_url: str
    log_origin: str
    log_vkey: str
    witnesses: tuple[str, ...] = ()
    k: int = 0


def lacking(document: Solicitation, keys: Mapping[str, OfficerKeyed]) -> list[Officer]:
    """The officers who have not made their keys yet."""
    return [each for each in document.sealing.officers if each.person not in keys]


def manifest_of(
    document: Solicitation,
    tender: str,
    keys: Mapping[str, OfficerKeyed],
    around: Surroundings,
    before: dict[str, Any] | None = None,
    prev: str | None = None,
) -> dict[str, Any]:
    """Make the manifest of a document whose officers all have keys; `before` and `prev` are the last one and its hash.

    What no addendum changes (officers, log, client, rules) is taken over from the last one. Raises `KeyError` for an
    officer without keys.
    """
    sealing, last = document.sealing, due(document)
    assert last is not None
    assert sealing.opens is not None
    made: dict[str, Any] = {
        "v": V,
        "type": "manifest",
        "tender": tender,
        "ver": before["ver"] + 1 if before is not None else 1,
        "prev": prev,
        "title": document.title,
        "suite": SUITE,
        "lots": [{"id": lot.id, "title": lot.title} for lot in document.lots],
        "envs": list(sealing.envelopes),
        "opens_at": written(sealing.opens),
        "closes_at": written(last),
        "quorum": sealing.quorum,
        "officers": [] if before is not None else _seats(sealing, keys),
        "docs": [
            {"name": each.name, "len": each.size, "sha256": _b64u(each.hash)} for each in document.documents
        ],
        "client": {"sha256": around.client_sha256, "url": around.client_url},
        "log": {
            "origin": around.log_origin,
            "vkey": around.log_vkey,
            "witnesses": list(around.witnesses),
            "k": around.k,
        },
        "pad": "b1",
        "rules": {"reseal": "reject", "late": sealing.late, "material": sealing.material},
    }
    return made | {name: before[name] for name in FROM_BEFORE} if before is not None else made


FROM_BEFORE = ("suite", "envs", "quorum", "officers", "client", "log", "pad", "rules")


def _seats(sealing: Sealing, keys: Mapping[str, OfficerKeyed]) -> list[dict[str, Any]]:
    return [_seat(x, each, keys[each.person]) for x, each in enumerate(sealing.officers, 1)]


def _seat(x: int, officer: Officer, keys: OfficerKeyed) -> dict[str, Any]:
    return {"x": x, "name": officer.name, "org": officer.org, "kid": keys.kid, "pk": keys.pk, "vk": keys.vk}


def _b64u(hexed: str) -> str:
    return urlsafe_b64encode(bytes.fromhex(hexed)).rstrip(b"=").decode()
