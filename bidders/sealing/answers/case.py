"""One tender of a file of known answers, with what its parts have in common."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from bidders.sealing import bid as bids
from bidders.sealing.bid import Blob
from bidders.sealing.encoding import canonical, unb64u
from bidders.sealing.manifest import officer_keys
from bidders.sealing.officers import OfficerKeys
from bidders.sealing.packing import Derived, Sealed, packed


class Case:
    """A tender: its officers' keys, its envelopes as they are sealed and as they are stored, its events."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.told = told
        self.first: dict[str, Any] = told["manifests"][0]
        self.tender: str = self.first["tender"]
        self.quorum: int = self.first["quorum"]
        self.officers = officer_keys(self.first)
        self.seals: dict[str, dict[str, Any]] = {each["eid"]: each for each in told["seals"]}
        self._sealed: dict[str, Sealed] = {}

    @cached_property
    def keys(self) -> list[OfficerKeys]:
        """The officers' keys in order of x."""
        return [OfficerKeys(self.tender, unb64u(each["os"], 32)) for each in self.told["officers"]]

    @cached_property
    def events(self) -> list[dict[str, Any]]:
        """The log's events in their order, without the pads."""
        return [leaf[0] for leaf in self.told["log"]["leaves"] if isinstance(leaf, list)]

    def of_type(self, kind: str) -> list[dict[str, Any]]:
        """The log's events of one type."""
        return [event for event in self.events if event["type"] == kind]

    def sealed(self, eid: str) -> Sealed:
        """What sealing makes of a bid, faultless or not."""
        if eid not in self._sealed:
            told = self.seals[eid]
            derived, plain = Derived(told["ctx"], unb64u(told["seed"], 32)), canonical(told["bid"])
            fields, files = told["bid"]["fields"], blobs(told)
            self._sealed[eid] = packed(derived, told["ctx"], self.officers, self.quorum, plain, fields, files)
        return self._sealed[eid]

    def stored(self, eid: str) -> tuple[dict[str, Any], bytes, list[bytes]]:
        """An envelope with its body and attachments as the host holds them."""
        told = self.seals[eid]
        body = unb64u(told["body"]) if "body" in told else self.sealed(eid).body
        return told["envelope"], body, [blob.sealed for blob in blobs(told)]

    @cached_property
    def released(self) -> dict[str, dict[int, bytes]]:
        """Every share that was released, forged or not: {eid: {x: share}}."""
        found: dict[str, dict[int, bytes]] = {eid: {} for eid in self.seals}
        for release in (posted["release"] for posted in self.told["releases"]):
            for item in release["items"]:
                if "share" in item:
                    found[item["eid"]][release["x"]] = unb64u(item["share"], 32)
        return found


def blobs(told: dict[str, Any]) -> tuple[Blob, ...]:
    """A seal's attachments, under the keys they were really made with."""
    given = [unb64u(key, 32) for key in told.get("blob_keys") or ()]
    keys = given or [blob_key(blob) for blob in told["blobs"]]
    return tuple(bids.seal_file(key, content(blob)) for key, blob in zip(keys, told["blobs"], strict=True))


def blob_key(blob: dict[str, Any]) -> bytes:
    """The key of an attachment from its random bytes."""
    return bids.blob_key(unb64u(blob["rand"], 32), bids.padded_file(content(blob)))


def content(blob: dict[str, Any]) -> bytes:
    """An attachment's bytes, of the three numbers that stand for them."""
    length, a, b = (int(each) for each in blob["bytes"])
    turn = bytes((a * i + b) % 251 for i in range(251))
    return (turn * (length // 251 + 1))[:length]
