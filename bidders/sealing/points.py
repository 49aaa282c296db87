"""Ed25519 public keys that may be trusted, and signatures by them."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bidders.sealing.encoding import BadEncoding, unb64u

_P = (1 << 255) - 19
_D = -121665 * pow(121666, -1, _P) % _P
# The y of the points whose eightfold is nothing: order 1, 2, 4 and, twice, 8.
_EIGHT = int.from_bytes(
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
)
_SMALL = {1, _P - 1, 0, _EIGHT, _P - _EIGHT}


def is_sound(vk: bytes) -> bool:
    """Tell whether this is the one encoding of a point of the curve, and the point is not of small order."""
    y = int.from_bytes(vk, "little") & (1 << 255) - 1
    if len(vk) != 32 or y >= _P or y in _SMALL:
        return False
    return pow((y * y - 1) * (_D * y * y + 1), (_P - 1) // 2, _P) == 1


def verifies(vk: bytes, sig: bytes, message: bytes) -> bool:
    """Tell whether a signature of 64 bytes is a sound key's over a message."""
    try:
        Ed25519PublicKey.from_public_bytes(vk).verify(sig, message)
    except (InvalidSignature, ValueError):
        return False
    return is_sound(vk)


def signed(vk: bytes, sig: object, message: bytes) -> bool:
    """Tell the same of a signature in base64url."""
    try:
        return verifies(vk, unb64u(sig, 64), message)
    except BadEncoding:
        return False
