"""One field of a sealed bid, shown without the rest: a tree over salted fields, its root in the envelope.

The tree has at least 64 leaves, so that it does not tell how many fields there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from auction.record import merkle
from bidders.sealing.encoding import BadEncoding, Mac, b64u, canonical, encoded, unb64u

LEAST = 64
_NAMES = tuple(b"sealbid/v1 disc/%d\1" % j for j in range(LEAST))


def size(count: int) -> int:
    """How many leaves the tree over so many fields has: 64, or the next power of two."""
    return max(LEAST, 1 << (count - 1).bit_length()) if count else LEAST


def _salts(count: int, prk: bytes) -> list[bytes]:
    names = _NAMES if count == LEAST else [b"sealbid/v1 disc/%d\1" % j for j in range(count)]
    return Mac(prk).each(names)


def _hashes(fields: Sequence[object], prk: bytes) -> list[bytes]:
    salts = _salts(size(len(fields)), prk)
    told = [salt + encoded(field) for salt, field in zip(salts, fields, strict=False)]
    return [merkle.leaf(data) for data in (*told, *(salt + b"null" for salt in salts[len(fields) :]))]


def root(fields: Sequence[object], prk: bytes) -> bytes:
    """The root over the fields of a faultless bid, salted from the envelope's key."""
    return merkle.root_of(_hashes(fields, prk))


def prove(fields: Sequence[object], prk: bytes, j: int) -> dict[str, object]:
    """What shows field j to anybody: {j, salt, field, proof}; raises IndexError for a field that is not there."""
    if not 0 <= j < len(fields):
        raise IndexError(f"there is no field {j}; the bid has {len(fields)}")
    salt = _salts(size(len(fields)), prk)[j]
    path = [b64u(each) for each in merkle.path(_hashes(fields, prk), j)]
    return {"j": j, "salt": b64u(salt), "field": fields[j], "proof": path}


def verify(disclosed: Mapping[str, object], disc: Mapping[str, object]) -> bool:
    """Tell whether {j, salt, field, proof} shows a field of the envelope whose `disc` is {n, root}."""
    j, n, field, proof = (disclosed.get("j"), disc.get("n"), disclosed.get("field"), disclosed.get("proof"))
    if type(j) is not int or type(n) is not int or not isinstance(field, list) or not isinstance(proof, list):
        return False
    if set(disclosed) != {"j", "salt", "field", "proof"}:
        return False
    try:
        data = unb64u(disclosed["salt"], 32) + canonical(field)
        path, expected = [unb64u(each, 32) for each in proof], unb64u(disc.get("root"), 32)
    except BadEncoding:
        return False
    return merkle.included(data, j, n, path, expected)
