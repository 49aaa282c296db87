"""Known answers about keys: officers and their locks, manifests with codes and acceptances, hand-overs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bidders.sealing import officers, rewrap
from bidders.sealing.answers.case import Case
from bidders.sealing.answers.checking import Check, check
from bidders.sealing.crockford import BadCode
from bidders.sealing.encoding import b64u, unb64u
from bidders.sealing.manifest import (
    accept_message,
    addendum_holds,
    addendum_message,
    chain_faults,
    committee_code,
    manifest_hash,
    missing_acceptances,
)
from bidders.sealing.officers import OfficerKeys


def of_officers(case: Case) -> Iterator[Check]:
    """Each officer's keys, from `os`."""
    xs = list(range(1, len(case.told["officers"]) + 1))
    yield check("officers: x", xs, lambda: [each["x"] for each in case.told["officers"]])
    for number, manifest in enumerate(case.told["manifests"]):
        for place, row in enumerate(manifest["officers"]):
            yield check(
                f"manifests[{number}].officers[{place}]",
                row,
                lambda place, row: case.keys[place].entry(place + 1, row["name"], row["org"]),
                place,
                row,
            )


def of_locks(case: Case) -> Iterator[Check]:
    """The first officer's records, opened and made again."""
    locks = case.told["locks"]
    yield check("locks.prf_input", locks["prf_input"], lambda: b64u(officers.prf_input()))
    for place, each in enumerate(locks["records"]):
        yield check(
            f"locks.records[{place}] opened", _held(case, each), lambda each: _opened(case, each), each
        )
        yield check(f"locks.records[{place}] made", each["record"], lambda each: _made(case, each), each)
    codes = [each["secret"] for each in locks["records"] if each["record"]["kind"] == "code"]
    for code in codes:
        yield check(
            "locks.code_text", locks["code_text"], lambda code: officers.code_text(unb64u(code, 16)), code
        )
        yield check("locks.code_text read", code, lambda: b64u(_code(locks["code_text"])))


def _code(text: str) -> bytes:
    try:
        return officers.code_bytes(text)
    except BadCode:
        return b""


def _held(case: Case, each: dict[str, Any]) -> object:
    return case.told["officers"][0]["os"] if each["record"]["kind"] == "os" else case.told["locks"]["uk"]


def _opened(case: Case, each: dict[str, Any]) -> str:
    name, record, secret = case.told["locks"]["officer"], each["record"], unb64u(each["secret"])
    if record["kind"] == "code":
        return b64u(officers.open_code(record, name, secret))
    if record["kind"] == "prf":
        return b64u(officers.open_prf(record, name, secret))
    kid = case.first["officers"][0]["kid"]
    return b64u(officers.open_os(record, name, case.tender, kid, secret).os)


def _made(case: Case, each: dict[str, Any]) -> object:
    locks, record, secret = case.told["locks"], each["record"], unb64u(each["secret"])
    name, uk, iv = locks["officer"], unb64u(locks["uk"], 32), unb64u(record["iv"], 12)
    if record["kind"] == "code":
        return officers.lock_code(uk, name, secret, iv)
    if record["kind"] == "prf":
        return officers.lock_prf(uk, name, record["cred"], secret, iv)
    return officers.lock_os(case.keys[0], name, uk, iv) if secret == uk else None


def of_manifests(case: Case) -> Iterator[Check]:
    """The chain of manifests, its hashes, the committee's code, the acceptances and the addenda's signatures."""
    chain = case.told["manifests"]
    yield check("manifests", [], lambda: [f"{each.path}: {each.message}" for each in chain_faults(chain)])
    yield check("mh", case.told["mh"], lambda: [manifest_hash(each) for each in chain])
    yield check("committee_code", case.told["committee_code"], lambda: committee_code(chain[-1]))
    accepts = case.told["accepts"]
    said = accept_message(manifest_hash(chain[0]))
    yield check("accepts", accepts, lambda: [each.sign(said) for each in case.keys])
    yield check(
        "accepts held against", [], lambda: missing_acceptances(chain[0], dict(enumerate(accepts, 1)))
    )
    for number, event in enumerate(case.of_type("tender.addendum"), 1):
        where = f"log: tender.addendum {number}"
        yield check(where, event["manifest"], lambda number: manifest_hash(chain[number]), number)
        yield check(
            f"{where} sigs", event["sigs"], _signed, case, event["sigs"], addendum_message(event["manifest"])
        )
        yield check(f"{where} held", True, addendum_holds, chain[number], event["sigs"])


def _signed(case: Case, sigs: list[dict[str, Any]], message: bytes) -> object:
    return [{"x": each["x"], "sig": case.keys[each["x"] - 1].sign(message)} for each in sigs]


def of_rewrap(case: Case) -> Iterator[Check]:
    """The first officer's hand-over: made, taken and signed again."""
    told, first = case.told["rewrap"], case.keys[0]
    successor = OfficerKeys(case.tender, unb64u(told["successor_os"], 32))
    given = told["rewrap"]
    to = successor.named(given["to"]["name"], given["to"]["org"])
    said = rewrap.rewrap_message(given)
    yield check("rewrap.rewrap", given, lambda: rewrap.make(first, 1, to, unb64u(told["ikm"], 32)))
    yield check(
        "rewrap taken", case.told["officers"][0]["os"], lambda: b64u(rewrap.take(given, successor).os)
    )
    yield check("rewrap.sig", told["sig"], lambda: first.sign(said))
    yield check("rewrap.to_sig", told["to_sig"], lambda: successor.sign(said))
    yield check(
        "rewrap held against",
        [],
        lambda: [each.path for each in rewrap.rewrap_faults(given, told["sig"], told["to_sig"], case.first)],
    )
