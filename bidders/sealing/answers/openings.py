"""Known answers about openings: releases, forged shares, results, the stage, a disclosed field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bidders.sealing import disclosure, release
from bidders.sealing.answers.case import Case
from bidders.sealing.answers.checking import Check, check
from bidders.sealing.encoding import b64u, moment
from bidders.sealing.opening import Opened, open_envelope, valid_shares


def of_releases(case: Case) -> Iterator[Check]:
    """Every release, made again from the officer's `os`; shares that are known to be forged are put in as they were."""
    for place, posted in enumerate(case.told["releases"]):
        told, where = posted["release"], f"releases[{place}]"
        due = _due(case, told["env"])
        yield check(where, posted, _made, case, told, due)
        yield check(f"{where} held against", [], _faults, case, posted, due)
    forged = sorted(
        [x, eid] for eid, given in case.released.items() for x in given if not _is_valid(case, x, eid)
    )
    yield check("forged", sorted(case.told["forged"]), lambda: forged)
    hashes = [release.release_hash(posted) for posted in case.told["releases"]]
    yield check(
        "log: release.received", [each["hash"] for each in case.of_type("release.received")], lambda: hashes
    )


def _faults(case: Case, posted: dict[str, Any], due: list[str]) -> list[str]:
    env, last = posted["release"]["env"], case.told["manifests"][-1]
    return [each.path for each in release.release_faults(posted, last, env, _close(case), due)]


def _is_valid(case: Case, x: int, eid: str) -> bool:
    return bool(valid_shares(case.seals[eid]["envelope"], {x: case.released[eid][x]}))


def _close(case: Case) -> dict[str, object]:
    log = case.told["log"]
    (closed,) = {each["release"]["close"]["root"] for each in case.told["releases"]}
    return {"size": log["close_size"], "root": closed}


def _due(case: Case, env: str) -> list[str]:
    (closed,) = case.of_type("tender.closed")
    if env == "technical" or "technical" not in case.first["envs"]:
        return release.due_set(closed["current"], env)
    passed = [vendor for each in case.of_type("stage.passed") for vendor in each["vendors"]]
    return release.due_set(closed["current"], env, passed)


def _made(case: Case, told: dict[str, Any], due: list[str]) -> object:
    x, envelopes = told["x"], {eid: case.seals[eid]["envelope"] for eid in due}
    keys = case.keys[x - 1]
    posted = release.make(keys, x, told["env"], _close(case), moment(told["at"]), envelopes)
    forged = {eid for other, eid in case.told["forged"] if other == x}
    for item in posted["release"]["items"]:
        if item["eid"] in forged:
            item["share"] = b64u(case.released[item["eid"]][x])
    return {"release": posted["release"], "sig": keys.sign(release.release_message(posted["release"]))}


def of_results(case: Case) -> Iterator[Check]:
    """Every result, from just the shares that are told."""
    names = ("eid", "result", "fault", "plain_sha256", "seed")
    for place, told in enumerate(case.told["results"]):
        expected = {name: told[name] for name in names}
        yield check(
            f"results[{place}]",
            expected,
            lambda told: {name: getattr(_opened(case, told), name) for name in names},
            told,
        )


def _opened(case: Case, told: dict[str, Any]) -> Opened:
    envelope, body, blobs = case.stored(told["eid"])
    held = valid_shares(envelope, case.released[told["eid"]])
    assert told["from"] == sorted({*told["from"]}), "officers ascend, each once"
    given = {x: held[x] for x in told["from"]}
    damaged = bytes((body[0] ^ 1,)) + body[1:] if told["damaged"] is True else body
    return open_envelope(envelope, damaged, blobs, given, case.officers, case.quorum)


def of_stage(case: Case) -> Iterator[Check]:
    """The officers' signatures under the vendors who go on, where there is a technical stage."""
    for event in case.of_type("stage.passed"):
        said = release.stage(case.tender, _close(case), event["vendors"])
        message = release.stage_message(said)
        told = {name: event[name] for name in ("env", "close", "vendors")}
        yield check(
            "log: stage.passed", told, lambda said: {n: said[n] for n in ("env", "close", "vendors")}, said
        )
        yield check(
            "log: stage.passed sigs",
            event["sigs"],
            lambda event, message: [
                {"x": each["x"], "sig": case.keys[each["x"] - 1].sign(message)} for each in event["sigs"]
            ],
            event,
            message,
        )


def of_disclosure(case: Case) -> Iterator[Check]:
    """One field: shown again, and verified against the envelope alone."""
    told = case.told["disclosed"]
    shown = {name: value for name, value in told.items() if name != "eid"}
    seal = case.seals[told["eid"]]
    prk = case.sealed(told["eid"]).prk
    yield check("disclosed", shown, lambda: disclosure.prove(seal["bid"]["fields"], prk, told["j"]))
    yield check("disclosed verified", True, lambda: disclosure.verify(shown, seal["envelope"]["disc"]))
