"""The form of a manifest: its members, and what each of them may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auction.record import note
from auction.terms.faults import Fault, Reading
from bidders.sealing import hpke, points
from bidders.sealing.encoding import LARGEST, BadEncoding, V, is_id, kid_of, moment, unb64u

SUITE = "x25519-hkdfsha256-aes256gcm"
ENVS = (["price"], ["technical", "price"])
MOST_OFFICERS = 16
_MEMBERS = (
    "v", "type", "tender", "ver", "prev", "title", "suite", "lots", "envs", "opens_at", "closes_at", "quorum", "officers",
    "docs", "client", "log", "pad", "rules",
)  # fmt: skip
_RULES = {"reseal": ("reject",), "late": ("drop", "hold"), "material": ("keep", "acknowledge")}
_FIXED = {"v": V, "type": "manifest", "suite": SUITE, "pad": "b1"}


def form_faults(manifest: object) -> list[Fault]:
    """What is wrong with a manifest by itself; its values are known to have an encoding."""
    reading = _Reading()
    whole = reading.exact("", manifest, _MEMBERS)
    if reading.faults:
        return reading.faults
    for name, value in _FIXED.items():
        reading.choice(name, whole[name], (value,))
    _head(reading, whole)
    _lots(reading, whole["lots"])
    _times(reading, whole)
    _officers(reading, whole["officers"], whole["quorum"])
    _docs(reading, whole["docs"])
    _client(reading, whole["client"])
    _log(reading, whole["log"])
    _rules(reading, whole["rules"])
    return reading.faults


class _Reading(Reading):
    def exact(self, path: str, value: object, names: tuple[str, ...]) -> dict[str, Any]:
        """Read an object of just these members; an empty one stands in for a faulty one."""
        before = len(self.faults)
        found = self.members(path, value, names, names)
        return found if len(self.faults) == before else {}

    def text(self, path: str, value: object) -> None:
        """Read a text that is not empty."""
        if not isinstance(value, str) or not value:
            self.fault(path, "must be a text, and not empty")

    def binary(self, path: str, value: object, length: int) -> bytes | None:
        """Read so many bytes; None after a fault."""
        try:
            return unb64u(value, length)
        except BadEncoding as bad:
            self.fault(path, bad.message)
            return None

    def own_id(self, path: str, value: object) -> None:
        """Read an id that is not one of the reserved ones."""
        if not is_id(value) or str(value).startswith("_"):
            self.fault(path, "must be an id of 1 to 64 letters, digits, _ or -, not beginning with _")


def _head(reading: _Reading, whole: Mapping[str, Any]) -> None:
    reading.own_id("tender", whole["tender"])
    ver = reading.count("ver", whole["ver"], 1)
    if ver == 1 and whole["prev"] is not None:
        reading.fault("prev", "must be null in version 1")
    if ver > 1:
        reading.binary("prev", whole["prev"], 32)
    reading.text("title", whole["title"])
    if whole["envs"] not in ENVS:
        reading.fault("envs", 'must be ["price"] or ["technical","price"]')


def _lots(reading: _Reading, value: object) -> None:
    seen: set[object] = set()
    for place, row in enumerate(reading.rows("lots", value, 1)):
        lot = reading.exact(f"lots[{place}]", row, ("id", "title"))
        if not lot:
            continue
        reading.own_id(f"lots[{place}].id", lot["id"])
        reading.text(f"lots[{place}].title", lot["title"])
        _once(reading, f"lots[{place}].id", lot["id"], seen)


def _once(reading: _Reading, path: str, value: object, seen: set[object]) -> None:
    if isinstance(value, str):
        if value in seen:
            reading.fault(path, f"{value} stands twice; each must be its own")
        seen.add(value)


def _times(reading: _Reading, whole: Mapping[str, Any]) -> None:
    told = {}
    for name in ("closes_at", "opens_at"):
        try:
            told[name] = moment(whole[name])
        except BadEncoding as bad:
            reading.fault(name, bad.message)
    if len(told) == 2 and told["closes_at"] > told["opens_at"]:
        reading.fault("opens_at", "must not be before closes_at")


def _officers(reading: _Reading, value: object, quorum: object) -> None:
    rows = reading.rows("officers", value, 3)
    if len(rows) > MOST_OFFICERS:
        reading.fault("officers", f"must be at most {MOST_OFFICERS}")
    reading.count("quorum", quorum, 2, max(2, len(rows) - 1))
    seen: set[object] = set()
    for place, row in enumerate(rows):
        where = f"officers[{place}]"
        officer = reading.exact(where, row, ("x", "name", "org", "kid", "pk", "vk"))
        if officer:
            reading.count(f"{where}.x", officer["x"], place + 1, place + 1)
            _person(reading, where, officer)
            _once(reading, f"{where}.kid", officer["kid"], seen)
            _once(reading, f"{where}.vk", officer["vk"], seen)


def _person(reading: _Reading, where: str, officer: Mapping[str, Any]) -> None:
    """Read an officer's name, organization and keys."""
    reading.text(f"{where}.name", officer["name"])
    reading.text(f"{where}.org", officer["org"])
    pk = reading.binary(f"{where}.pk", officer["pk"], 32)
    vk = reading.binary(f"{where}.vk", officer["vk"], 32)
    if pk is not None and officer["kid"] != kid_of(pk):
        reading.fault(f"{where}.kid", f"must be {kid_of(pk)}, that of pk")
    if pk is not None and hpke.is_low_order(pk):
        reading.fault(
            f"{where}.pk", "is of small order and keeps nothing secret; the officer must make new keys"
        )
    if vk is not None and not points.is_sound(vk):
        reading.fault(f"{where}.vk", "is no sound Ed25519 key; the officer must make new keys")


def successor_faults(to: object) -> list[Fault]:
    """What is wrong with the successor that a hand-over names."""
    reading = _Reading()
    if whole := reading.exact("to", to, ("name", "org", "kid", "pk", "vk")):
        _person(reading, "to", whole)
    return reading.faults


def _docs(reading: _Reading, value: object) -> None:
    for place, row in enumerate(reading.rows("docs", value)):
        doc = reading.exact(f"docs[{place}]", row, ("name", "len", "sha256"))
        if doc:
            reading.text(f"docs[{place}].name", doc["name"])
            reading.count(f"docs[{place}].len", doc["len"], 0, LARGEST)
            reading.binary(f"docs[{place}].sha256", doc["sha256"], 32)


def _client(reading: _Reading, value: object) -> None:
    if client := reading.exact("client", value, ("sha256", "url")):
        reading.binary("client.sha256", client["sha256"], 32)
        reading.text("client.url", client["url"])


def _log(reading: _Reading, value: object) -> None:
    log = reading.exact("log", value, ("origin", "vkey", "witnesses", "k"))
    if not log:
        return
    reading.text("log.origin", log["origin"])
    _vkey(reading, "log.vkey", log["vkey"], note.ED25519)
    if isinstance(log["vkey"], str) and log["vkey"].partition("+")[0] != log["origin"]:
        reading.fault("log.vkey", f"must be named as the origin, {log['origin']}")
    witnesses, seen = reading.rows("log.witnesses", log["witnesses"]), set[object]()
    for place, vkey in enumerate(witnesses):
        _vkey(reading, f"log.witnesses[{place}]", vkey, note.COSIGNATURE)
        _once(reading, f"log.witnesses[{place}]", vkey, seen)
    reading.count("log.k", log["k"], 0, len(witnesses))


def _vkey(reading: _Reading, path: str, vkey: object, kind: int) -> None:
    try:
        good = isinstance(vkey, str) and note.read_vkey(vkey).type == kind
        said = "must be an Ed25519 key of this use, such as name+0123abcd+base64"
    except note.BadNote as bad:
        good, said = False, str(bad)
    if not good:
        reading.fault(path, said)


def _rules(reading: _Reading, value: object) -> None:
    if rules := reading.exact("rules", value, tuple(_RULES)):
        for name, among in _RULES.items():
            reading.choice(f"rules.{name}", rules[name], among)
