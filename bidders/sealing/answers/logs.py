"""Known answers about the log: commitments, checkpoints, the witness's cosignature, promises and receipts, byte for byte.

It is computed here in its own words, with nothing of the code that keeps the log.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auction.record import merkle
from bidders.sealing.answers.case import Case
from bidders.sealing.answers.checking import Check, check
from bidders.sealing.answers.tables import step
from bidders.sealing.encoding import b64u, canonical, moment, sha256, unb64u, written

CHECKPOINT, COSIGNATURE = b"\1", b"\4"


def commitment(leaf: Any) -> bytes:
    """A leaf's data: the commitment to [event, salt], or that of a pad."""
    if isinstance(leaf, str):
        return sha256(b"sealbid/v1 pad\0", unb64u(leaf, 32))
    event, salt = leaf
    return sha256(b"sealbid/v1 leaf\0", unb64u(salt, 32), canonical(event))


class Signer:
    """A name and an Ed25519 key of one use, and the lines it puts under a note."""

    def __init__(self, name: str, seed: str, use: bytes) -> None:
        self.name = name
        self._key = Ed25519PrivateKey.from_private_bytes(unb64u(seed, 32))
        self._public = use + self._key.public_key().public_bytes_raw()
        self._id = sha256(name.encode(), b"\n", self._public)[:4]

    @property
    def vkey(self) -> str:
        """The verifying key as text."""
        return f"{self.name}+{self._id.hex()}+{_standard(self._public)}"

    def line(self, text: str) -> str:
        """The signature line under a note's text."""
        return f"\u2014 {self.name} {_standard(self._id + self._key.sign(text.encode()))}\n"

    def cosigned(self, text: str, at: int) -> str:
        """The line of a witness that saw a checkpoint at a time in seconds."""
        told = f"cosignature/v1\ntime {at}\n{text}".encode()
        return f"\u2014 {self.name} {_standard(self._id + at.to_bytes(8) + self._key.sign(told))}\n"


def _standard(data: bytes) -> str:
    return b64encode(data).decode()


class Log:
    """A case's log, computed again."""

    def __init__(self, case: Case) -> None:
        self.told: dict[str, Any] = case.told["log"]
        self.data = [commitment(leaf) for leaf in self.told["leaves"]]
        self.hashes = [merkle.leaf(each) for each in self.data]
        self.signer = Signer(self.told["origin"], self.told["seed"], CHECKPOINT)
        witness = self.told["witness"]
        self.witness = Signer(witness["vkey"].partition("+")[0], witness["seed"], COSIGNATURE)

    def text(self, size: int) -> str:
        """A checkpoint's text."""
        return f"{self.told['origin']}\n{size}\n{_standard(merkle.root_of(self.hashes[:size]))}\n"

    def checkpoint(self, size: int) -> str:
        """A checkpoint, signed."""
        return f"{self.text(size)}\n{self.signer.line(self.text(size))}"

    @cached_property
    def cosigned(self) -> str:
        """The close checkpoint with the witness's line."""
        size = self.told["close_size"]
        return self.checkpoint(size) + self.witness.cosigned(self.text(size), self.told["witness"]["time"])

    def extra(self, index: int) -> str:
        """The line that gives a leaf's event and salt."""
        event, salt = self.told["leaves"][index]
        return f"extra {_standard(canonical({'event': event, 'salt': salt}))}\n"

    def receipt(self, index: int) -> str:
        """The proof that a leaf is in the tree at the close."""
        proof = merkle.path(self.hashes[: self.told["close_size"]], index)
        lines = "".join(f"{_standard(each)}\n" for each in proof)
        return f"c2sp.org/tlog-proof@v1\n{self.extra(index)}index {index}\n{lines}\n{self.cosigned}"

    def promise(self, index: int, due: str) -> str:
        """The promise that a leaf will be in the tree by the tick at `due`."""
        event = self.told["leaves"][index][0]
        said = event.get("received_at") or event["at"]
        text = f"{self.told['origin']}/promise\n{_standard(self.data[index])}\n{said}\n{due}\n"
        return f"sealbid/v1 promise\n{self.extra(index)}\n{text}\n{self.signer.line(text)}"

    def ticks(self, index: int) -> tuple[datetime, datetime]:
        """The times of the tick that dates the tree with a leaf, and of the last one that it may be promised for."""
        size = next(each for each in self.told["sizes"] if each > index)
        at = moment(self.told["leaves"][size - 1][0]["at"])
        return at, at + timedelta(seconds=self.told["tick"])


def of_log(case: Case) -> Iterator[Check]:
    """Keys, growth, checkpoints, consistency and the order of public events."""
    log, told = Log(case), case.told["log"]
    size, last = told["close_size"], len(told["leaves"])
    yield check("log.vkey", told["vkey"], lambda: log.signer.vkey)
    yield check("log.witness.vkey", told["witness"]["vkey"], lambda: log.witness.vkey)
    named = {"origin": told["origin"], "vkey": told["vkey"], "witness": [told["witness"]["vkey"]]}
    manifest = case.first["log"]
    pinned = {"origin": manifest["origin"], "vkey": manifest["vkey"], "witness": manifest["witnesses"]}
    yield check("manifests[0].log", named, lambda: pinned)
    yield check("log.sizes", told["sizes"], lambda: _sizes(told))
    yield check("log.close_index", told["close_index"], lambda: _place(told))
    yield check(
        "log.close_size", size, lambda: next(each for each in told["sizes"] if each > told["close_index"])
    )
    for text, note in told["checkpoints"].items():
        yield check(f"log.checkpoints.{text}", note, lambda text: log.checkpoint(int(text)), text)
    yield check("log.cosigned", told["cosigned"], lambda: log.cosigned)
    yield check(
        "log.consistency",
        told["consistency"],
        lambda: [b64u(each) for each in merkle.growth(log.hashes, size)],
    )
    yield check("log.checkpoints", sorted(map(str, {size, last})), lambda: sorted(told["checkpoints"]))
    for place, posted in enumerate(case.told["releases"]):
        root = b64u(merkle.root_of(log.hashes[:size]))
        close = posted["release"]["close"]
        yield check(
            f"releases[{place}].release.close", close, lambda root: {"size": size, "root": root}, root
        )
    yield check("log: seq and prev", [], lambda: _unchained(log))


def _sizes(told: dict[str, Any]) -> list[int]:
    """The sizes at which ticks stand last, each a step after the one before."""
    leaves = told["leaves"]
    ticks = [
        n + 1 for n, leaf in enumerate(leaves) if isinstance(leaf, list) and leaf[0]["type"] == "log.tick"
    ]
    grown = [after - before for before, after in zip([0, *ticks], ticks, strict=False)]
    assert all(each == step(each) for each in grown)
    return ticks


def _place(told: dict[str, Any]) -> int:
    (found,) = (
        n
        for n, leaf in enumerate(told["leaves"])
        if isinstance(leaf, list) and leaf[0]["type"] == "tender.closed"
    )
    return found


def _unchained(log: Log) -> list[int]:
    """The places of public events of a tender that do not follow the one before."""
    found: list[int] = []
    seq, prev = 0, None
    for place, leaf in enumerate(log.told["leaves"]):
        if isinstance(leaf, str) or leaf[0]["vis"] != "public" or leaf[0]["tender"] is None:
            continue
        if (leaf[0]["seq"], leaf[0]["prev"]) != (seq, prev):
            found.append(place)
        seq, prev = seq + 1, b64u(log.data[place])
    return found


def of_slips(case: Case) -> Iterator[Check]:
    """Promises and receipts, as they were handed out."""
    log = Log(case)
    for place, text in case.told["promises"].items():
        due = text.split("\n")[6]
        yield check(f"promises.{place}", text, lambda place, due: log.promise(int(place), due), place, due)
        yield check(
            f"promises.{place} in time",
            True,
            lambda place, due: due in [written(each) for each in log.ticks(int(place))],
            place,
            due,
        )
    for place, text in case.told["receipts"].items():
        yield check(f"receipts.{place}", text, lambda place: log.receipt(int(place)), place)
