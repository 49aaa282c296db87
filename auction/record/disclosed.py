"""One entry disclosed: its event and its salt, from which anybody makes its leaf of the log again.

An event is canonical JSON of the log's own subset: no number but whole ones below 2^53, no name twice, and exactly as it
would be written. Anything else is not taken.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any, NoReturn

import msgspec

from auction.journal import commit
from auction.record.note import BadNote

SALT_LENGTH = 32
LARGEST = 2**53


class Disclosed(msgspec.Struct, frozen=True):
    """An entry's salt and its event's canonical JSON."""

    body: bytes
    salt: bytes

    @property
    def event(self) -> dict[str, Any]:
        """The event's members."""
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def commitment(self) -> bytes:
        """The leaf's data."""
        return commit(self.salt, self.body)

    @property
    def written(self) -> bytes:
        """Canonical JSON of `event` and `salt`."""
        return b'{"event":' + self.body + b',"salt":"' + in_url(self.salt).encode() + b'"}'


def in_url(data: bytes) -> str:
    """Write bytes as JSON members do: base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def read(given: bytes) -> Disclosed:
    """Read what was disclosed; raises `BadNote`."""
    found = canonical(given)
    if not isinstance(found, dict) or set(found) != {"event", "salt"} or not isinstance(found["event"], dict):
        raise BadNote("what is disclosed has an event and a salt, and nothing else")
    return Disclosed(_written(found["event"]), _salt(found["salt"]))


def canonical(given: bytes) -> object:
    """Read canonical JSON; raises `BadNote` for bytes that would not be written so."""
    try:
        found = json.loads(given, parse_float=_no_number, parse_constant=_no_number, parse_int=_whole)
        same = _written(found) == given
    except (ValueError, RecursionError) as error:
        raise BadNote(f"what is disclosed cannot be read: {error}") from error
    if not same:
        raise BadNote("what is disclosed is not canonical JSON")
    return found


def _written(found: object) -> bytes:
    return json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a whole number")


def _whole(text: str) -> int:
    if len(text) > 17 or abs(int(text)) >= LARGEST:
        raise ValueError(f"{text[:20]} is too large a number")
    return int(text)


def _salt(text: object) -> bytes:
    try:
        salt = base64.b64decode(f"{text}=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadNote("the salt is not base64url") from error
    if len(salt) != SALT_LENGTH or in_url(salt) != text:
        raise BadNote(f"the salt is not {SALT_LENGTH} bytes of base64url")
    return salt


def time_of(event: Mapping[str, Any]) -> str:
    """When an event's cause arrived: its `received_at`, or else its `at`; raises `BadNote` where it has neither."""
    at = event.get("received_at", event.get("at"))
    if not isinstance(at, str):
        raise BadNote("the event has no time")
    return at
