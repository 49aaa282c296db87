"""A whole opening from what a folder holds, with no server: which envelopes count, what officers release, what is read.

For rehearsals and tests. There is no log here: the close is a tree over the current envelopes' ids alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from auction.record import merkle
from bidders.sealing import release
from bidders.sealing.commit import Stored
from bidders.sealing.encoding import b64u, moment, unb64u
from bidders.sealing.manifest import Manifest, officer_keys
from bidders.sealing.officers import OfficerKeys
from bidders.sealing.opening import Opened, open_envelope


class Outcome(msgspec.Struct, frozen=True):
    """What came of an opening: the result of every due envelope, the vendors who passed, and who gave forged shares."""

    close: dict[str, object]
    results: dict[str, Opened]
    passed: tuple[str, ...] | None
    sealed: tuple[str, ...]
    forged: tuple[tuple[int, str], ...]


def current(stored: Iterable[Stored]) -> list[Stored]:
    """The envelopes that count: of each lot, envelope and vendor the last revision, sorted by eid."""
    last: dict[tuple[str, str, str], Stored] = {}
    for each in stored:
        place = (each.ctx["lot"], each.ctx["env"], each.ctx["vendor"])
        if place not in last or each.ctx["rev"] > last[place].ctx["rev"]:
            last[place] = each
    return sorted(last.values(), key=lambda each: each.eid)


def opened(
    manifest: Manifest,
    counted: Sequence[Stored],
    officers: Mapping[int, OfficerKeys],
    passed: Sequence[str] | None,
) -> Outcome:
    """Open all stages with the officers who came {x: keys}; `passed` None lets every vendor pass whose offer was read."""
    close: dict[str, object] = {
        "size": len(counted),
        "root": b64u(merkle.root([unb64u(each.eid) for each in counted])),
    }
    results: dict[str, Opened] = {}
    forged: list[tuple[int, str]] = []
    going = None
    for env in manifest["envs"]:
        due = _due(counted, env, going)
        found, wrong = _stage(manifest, env, close, due, officers)
        results |= found
        forged += wrong
        going = _going(found, due, passed) if env == "technical" else going
    left = tuple(each.eid for each in counted if each.eid not in results)
    return Outcome(close, results, going, left, tuple(forged))


def _due(counted: Sequence[Stored], env: str, going: tuple[str, ...] | None) -> dict[str, Stored]:
    rows = [{"eid": each.eid, "env": each.ctx["env"], "vendor": each.ctx["vendor"]} for each in counted]
    named = set(release.due_set(rows, env, going))
    return {each.eid: each for each in counted if each.eid in named}


def _stage(
    manifest: Manifest,
    env: str,
    close: dict[str, object],
    due: Mapping[str, Stored],
    officers: Mapping[int, OfficerKeys],
) -> tuple[dict[str, Opened], list[tuple[int, str]]]:
    envelopes = {eid: each.envelope for eid, each in due.items()}
    at = moment(manifest["opens_at"])
    shares: dict[str, dict[int, bytes]] = {eid: {} for eid in due}
    forged: list[tuple[int, str]] = []
    for x, keys in sorted(officers.items()):
        posted = release.make(keys, x, env, close, at, envelopes)
        if faults := release.release_faults(posted, manifest, env, close, sorted(due)):
            raise ValueError(f"officer {x}: {faults[0].path}: {faults[0].message}")
        found = release.shares_in(posted, envelopes)
        forged += [(x, eid) for eid in found.forged]
        for eid, share in found.valid.items():
            shares[eid][x] = share
    return {eid: _opened(manifest, each, shares[eid]) for eid, each in due.items()}, forged


def _opened(manifest: Manifest, each: Stored, shares: Mapping[int, bytes]) -> Opened:
    keys, quorum = officer_keys(manifest), manifest["quorum"]
    return open_envelope(each.envelope, each.body, each.blobs, shares, keys, quorum)


def _going(
    found: Mapping[str, Opened], due: Mapping[str, Stored], passed: Sequence[str] | None
) -> tuple[str, ...]:
    read: set[Any] = {due[eid].ctx["vendor"] for eid, each in found.items() if each.result == "opened"}
    return tuple(sorted(read if passed is None else read & set(passed)))
