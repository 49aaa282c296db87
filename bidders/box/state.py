"""What is remembered of a bid box: its committee, its envelopes with their states, and how far the opening has come."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from bidders.box.facts import (
    AddendumSigned,
    BidRead,
    BidUnopenable,
    BoxClosed,
    OfficerAccepted,
    OfficerCalled,
    OfficerKeyed,
    OpeningFinished,
    OpeningRescue,
    Outcome,
    SharesCounted,
    StagePassed,
    StageProposed,
    Witness,
)


class Kept(msgspec.Struct, frozen=True):
    """An envelope in the box: current, superseded, withdrawn or stale; `seq` is its receipt's place in the stream."""

    eid: str
    lot: str
    env: str
    vendor: str
    rev: int
    manifest: str
    received_at: datetime
    seq: int
    status: str = "current"
    acknowledged: str | None = None


class Refusal(msgspec.Struct, frozen=True):
    """A request that was refused, and its place in the stream."""

    eid: str | None
    reason: str
    vendor: str
    received_at: datetime
    seq: int
    request_sha256: str


class Box(msgspec.Struct):
    """What is remembered of a bid box; `seq` counts the stream's entries, `manifests` maps each hash to a manifest in force.

    `document` is the fingerprint that the draft was made from, `signed` the next manifest with an officer's signature. What a
    box that `seeds` a live auction holds is opened before that auction, and stays between the committee and the vendor.
    """

    tender: str = ""
    seq: int = 0
    keys: dict[str, OfficerKeyed] = msgspec.field(default_factory=dict)
    draft: dict[str, Any] | None = None
    document: str = ""
    seeds: bool = False
    signed: AddendumSigned | None = None
    accepted: dict[int, OfficerAccepted] = msgspec.field(default_factory=dict)
    manifests: dict[str, dict[str, Any]] = msgspec.field(default_factory=dict)
    published_at: datetime | None = None
    cancelled: str | None = None
    envelopes: dict[str, Kept] = msgspec.field(default_factory=dict)
    latest: dict[tuple[str, str, str], str] = msgspec.field(default_factory=dict)
    refused: list[Refusal] = msgspec.field(default_factory=list)
    closed: BoxClosed | None = None
    closed_seq: int = 0
    meeting: datetime | None = None
    witnesses: list[Witness] = msgspec.field(default_factory=list)
    releases: dict[tuple[str, int], SharesCounted] = msgspec.field(default_factory=dict)
    called: dict[tuple[str, int], OfficerCalled] = msgspec.field(default_factory=dict)
    unopenable: dict[str, BidUnopenable] = msgspec.field(default_factory=dict)
    rescues: dict[str, OpeningRescue] = msgspec.field(default_factory=dict)
    revealed: set[str] = msgspec.field(default_factory=set)
    results: dict[str, Outcome] = msgspec.field(default_factory=dict)
    read: dict[str, BidRead] = msgspec.field(default_factory=dict)
    names: dict[str, str] = msgspec.field(default_factory=dict)
    finished: dict[str, OpeningFinished] = msgspec.field(default_factory=dict)
    proposed: StageProposed | None = None
    passed: StagePassed | None = None
    over: dict[str, bool] | None = None
    health: dict[int, datetime] = msgspec.field(default_factory=dict)

    @property
    def manifest(self) -> dict[str, Any] | None:
        """The manifest in force, the last of the chain; before publication the one that officers are asked to accept."""
        return next(reversed(self.manifests.values()), self.draft)
