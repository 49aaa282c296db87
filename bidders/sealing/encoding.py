"""How sealed bids are written: canonical JSON, strict base64url, times to the millisecond, and the hashes over them.

`BadEncoding` is the one error: bytes, text or a value that has another form than the one allowed, and where.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import msgspec

V = "sealbid/v1"
"""The version, in every object that is hashed, signed or logged."""
DEEPEST = 32
"""How many arrays and objects may lie inside one another, the outermost counted."""
LARGEST = (1 << 53) - 1
_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)
_PLAIN = {str, bool, type(None)}
_INNER, _OUTER = (bytes(byte ^ pad for byte in range(256)) for pad in (0x36, 0x5C))
_ENCODER = msgspec.json.Encoder(order="sorted")


class BadEncoding(ValueError):
    """Something is not written as it must be; `path` leads to it, empty for the whole."""

    def __init__(self, message: str, path: str = "") -> None:
        self.message, self.path = message, path
        super().__init__(f"{path}: {message}" if path else message)

    def below(self, step: str | int) -> BadEncoding:
        """The same, seen from the array or object around it."""
        here = f"[{step}]" if isinstance(step, int) else step
        rest = self.path if not self.path or self.path.startswith("[") else f".{self.path}"
        return BadEncoding(self.message, here + rest)


def canonical(value: object) -> bytes:
    """The one encoding of a value (RFC 8785, without fractions); raises BadEncoding with the path of what has none."""
    _check(value, 1)
    try:
        return _ENCODER.encode(value)
    except UnicodeEncodeError as error:
        raise BadEncoding("holds half a surrogate pair; write whole characters") from error


def encoded(value: object) -> bytes:
    """The encoding of a value that came out of `read` or passed `canonical` already."""
    return _ENCODER.encode(value)


def _check(value: object, depth: int) -> None:
    kind = type(value)
    if kind is dict or kind is list or kind is tuple:
        _check_inside(value, depth)
    elif kind is int:
        if not -LARGEST <= value <= LARGEST:  # type: ignore[operator]
            raise BadEncoding("is too large a number; write it as a string")
    elif kind not in _PLAIN:
        raise BadEncoding(f"{kind.__name__} cannot be written; use a string, such as '0.25'")


def _check_inside(value: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise BadEncoding(f"lies too deep; at most {DEEPEST} arrays and objects inside one another")
    if type(value) is dict and not all(map(_is_name, value)):
        odd = next(key for key in value if not _is_name(key))
        raise BadEncoding(f"the name {odd!r} is not allowed; use a letter, then a to z, 0 to 9 and _")
    for step, each in value.items() if type(value) is dict else enumerate(value):
        if type(each) not in _PLAIN:
            try:
                _check(each, depth + 1)
            except BadEncoding as bad:
                raise bad.below(step) from None


@lru_cache(maxsize=4096)
def _is_name(key: object) -> bool:
    return isinstance(key, str) and _KEY.fullmatch(key) is not None


def read(data: bytes) -> object:
    """The value of canonical bytes; raises BadEncoding for bytes that differ from its re-encoding by even one."""
    try:
        value: object = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadEncoding(f"is no JSON that can be read here: {error}") from error
    if canonical(value) != data:
        raise BadEncoding(
            "is not in canonical form; sort the names, drop blanks, doubles and needless escapes"
        )
    return value


def b64u(data: bytes) -> str:
    """Bytes as base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unb64u(text: object, length: int | None = None) -> bytes:
    """The bytes of strict base64url without padding, of exactly `length` if given; raises BadEncoding."""
    if not isinstance(text, str):
        raise BadEncoding("must be base64url in a string")
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:
        raise BadEncoding("must be base64url without padding") from error
    if b64u(data) != text:
        raise BadEncoding("must be base64url without padding, with no stray bits")
    if length is not None and len(data) != length:
        raise BadEncoding(f"must be {length} bytes, not {len(data)}")
    return data


def written(moment: datetime) -> str:
    """A measured time as it is written: UTC, rounded up to the millisecond; raises BadEncoding without a time zone."""
    if moment.tzinfo is None:
        raise BadEncoding("the time needs its zone")
    up = moment.astimezone(UTC) + timedelta(microseconds=-moment.microsecond % 1000)
    return f"{up:%Y-%m-%dT%H:%M:%S}.{up.microsecond // 1000:03d}Z"


def moment(text: object) -> datetime:
    """The time of `YYYY-MM-DDTHH:MM:SS.mmmZ`; raises BadEncoding for any other form."""
    if not isinstance(text, str) or not _MOMENT.fullmatch(text):
        raise BadEncoding('must be a time such as "2026-12-01T16:00:00.000Z"')
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise BadEncoding(f"is no time that exists: {error}") from error


def is_id(text: object) -> bool:
    """Tell whether this is an id: 1 to 64 letters, digits, `_` or `-`."""
    return isinstance(text, str) and _ID.fullmatch(text) is not None


def is_decimal(text: object) -> bool:
    """Tell whether this is an exact decimal in a string; a negative zero is none."""
    written = isinstance(text, str) and _DECIMAL.fullmatch(text) is not None
    return written and not (str(text).startswith("-") and not str(text).strip("-0."))


def sha256(*parts: bytes) -> bytes:
    """The SHA-256 over the parts, one after another."""
    return hashlib.sha256(b"".join(parts)).digest()


def kid_of(pk: bytes) -> str:
    """The short name of a public key."""
    return b64u(sha256(b"sealbid/v1 kid\0", pk)[:16])


class Mac:
    """HMAC-SHA256 under one key of at most 64 bytes, made ready once: much faster over many short messages."""

    __slots__ = ("_inner", "_outer")

    def __init__(self, key: bytes) -> None:
        whole = key.ljust(64, b"\0")
        self._inner = hashlib.sha256(whole.translate(_INNER))
        self._outer = hashlib.sha256(whole.translate(_OUTER))

    def __call__(self, message: bytes) -> bytes:
        """The 32 bytes over one message."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(message)
        outer.update(inner.digest())
        return outer.digest()

    def each(self, messages: Iterable[bytes]) -> list[bytes]:
        """The 32 bytes over each message, without a call for each."""
        found, inner, outer = [], self._inner.copy, self._outer.copy
        for message in messages:
            inside, outside = inner(), outer()
            inside.update(message)
            outside.update(inside.digest())
            found.append(outside.digest())
        return found


def ext(salt: bytes, ikm: bytes) -> bytes:
    """HKDF-Extract with SHA-256."""
    return hmac.digest(salt, ikm, "sha256")


def exp(prk: bytes, info: bytes, n: int = 32) -> bytes:
    """HKDF-Expand with SHA-256 to n bytes, at most 32."""
    return hmac.digest(prk, info + b"\1", "sha256")[:n]
