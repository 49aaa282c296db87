"""The vectors, and what their shorthand stands for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bidders.sealing.encoding import unb64u
from bidders.sealing.packing import Sealed, seal

FOLDER = Path(__file__).resolve().parents[3] / "fixtures" / "vectors"
KAT: dict[str, Any] = json.loads((FOLDER / "sealbid-kat.json").read_bytes())
FULL: list[dict[str, Any]] = json.loads((FOLDER / "sealbid-full.json").read_bytes())["cases"]
Case = dict[str, Any]


def officers(case: Case) -> list[bytes]:
    """The officers' public keys in order of x."""
    return [unb64u(officer["pk"]) for officer in case["manifests"][0]["officers"]]


def quorum(case: Case) -> int:
    """How many shares open an envelope."""
    return int(case["manifests"][0]["quorum"])


def contents(seal: dict[str, Any]) -> list[bytes]:
    """The attachments that a seal describes by three numbers each."""
    return [
        bytes((a * (i % 251) + b) % 251 for i in range(length))
        for length, a, b in (blob["bytes"] for blob in seal["blobs"])
    ]


def resealed(case: Case, told: dict[str, Any]) -> Sealed:
    """What seal() makes of a seal's bid."""
    seed = unb64u(told["seed"])
    return seal(told["ctx"], officers(case), quorum(case), seed, told["bid"], contents(told))


def stored(case: Case, eid: str) -> tuple[dict[str, Any], bytes, list[bytes]]:
    """An envelope with its body and attachments as the host holds them."""
    told = next(each for each in case["seals"] if each["eid"] == eid)
    again = resealed(case, told)
    body = unb64u(told["body"]) if "body" in told else again.body
    return told["envelope"], body, [blob.sealed for blob in again.blobs]


def shares(case: Case, eid: str) -> dict[int, bytes]:
    """The shares that were released for an envelope."""
    return {
        each["release"]["x"]: unb64u(item["share"])
        for each in case["releases"]
        for item in each["release"]["items"]
        if item["eid"] == eid and "share" in item
    }
