"""A hand-over: an officer who leaves seals the tender's `os` to a successor; both sign, and no envelope changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auction.terms.faults import Fault
from bidders.sealing import hpke, points
from bidders.sealing.encoding import BadEncoding, V, b64u, canonical, is_id, unb64u
from bidders.sealing.manifest import Manifest, signed_by
from bidders.sealing.manifest_form import successor_faults
from bidders.sealing.officers import OfficerKeys

Rewrap = dict[str, Any]
_MEMBERS = {"v", "type", "tender", "x", "kid", "to", "wrap"}
_WRAP = 80


class BadHandOver(ValueError):
    """A hand-over does not give the keys it names."""


def make(leaver: OfficerKeys, x: int, to: Mapping[str, object], ikm: bytes) -> Rewrap:
    """Seal officer x's `os` to a successor {name, org, kid, pk, vk}; ikm is 32 fresh random bytes."""
    told = {"tender": leaver.tender, "x": x, "kid": leaver.kid, "to": dict(to)}
    wrap = hpke.seal(unb64u(to["pk"], 32), _info(told), leaver.os, ikm)
    return {"v": V, "type": "rewrap", **told, "wrap": b64u(wrap)}


def rewrap_message(rewrap: object) -> bytes:
    """What both the leaver and the successor sign."""
    return b"sealbid/v1 rewrap\0" + canonical(rewrap)


def take(rewrap: Rewrap, successor: OfficerKeys) -> OfficerKeys:
    """The leaver's keys, opened by the successor; raises BadHandOver when they are not those of the named kid."""
    told = {name: rewrap[name] for name in ("tender", "x", "kid", "to")}
    try:
        os = hpke.open_(successor.sk, _info(told), unb64u(rewrap["wrap"], _WRAP))
    except (BadEncoding, hpke.Broken) as error:
        raise BadHandOver(f"the wrap does not open with the successor's key: {error}") from error
    keys = OfficerKeys(rewrap["tender"], os)
    if keys.kid != rewrap["kid"]:
        raise BadHandOver(f"the wrap holds the keys {keys.kid}, not {rewrap['kid']}; do not sign")
    return keys


def rewrap_faults(rewrap: object, sig: object, to_sig: object, manifest: Manifest) -> list[Fault]:
    """What keeps a hand-over from being logged: its form, the officer and successor, and their signatures."""
    if not isinstance(rewrap, dict) or set(rewrap) != _MEMBERS:
        return [Fault("", f"must be an object of {', '.join(sorted(_MEMBERS))}, and nothing else")]
    found = successor_faults(rewrap["to"])
    kids = {officer["x"]: officer["kid"] for officer in manifest["officers"]}
    x = rewrap["x"] if type(rewrap["x"]) is int else 0
    expected = {"v": V, "type": "rewrap", "tender": manifest["tender"], "kid": kids.get(x)}
    found += [Fault(name, f"must be {value}") for name, value in expected.items() if rewrap[name] != value]
    others = [officer for officer in manifest["officers"] if officer["x"] != x]
    found += [
        Fault("to", f"is officer {officer['x']} already; one person must not hold two shares")
        for officer in others
        if isinstance(rewrap["to"], dict)
        and any(rewrap["to"].get(name) == officer[name] for name in ("pk", "vk"))
    ]
    try:
        unb64u(rewrap["wrap"], _WRAP)
    except BadEncoding as bad:
        found.append(Fault("wrap", bad.message))
    if not found and not signed_by(manifest, x, sig, rewrap_message(rewrap)):
        found.append(Fault("sig", "is not the leaver's signature"))
    if not found and not points.signed(unb64u(rewrap["to"]["vk"], 32), to_sig, rewrap_message(rewrap)):
        found.append(Fault("to_sig", "is not the successor's signature"))
    return found


def _info(told: Mapping[str, object]) -> bytes:
    assert is_id(told["tender"])
    return b"sealbid/v1 rewrap\0" + canonical(told)
