"""Facts in the exact shape of the public log: what is disclosed later is byte for byte what was committed to.

Their canonical form has the members of the log's format alone. Times are written in UTC to the millisecond, rounded up, so that
a written time compares with a deadline as the measured one did.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import msgspec

from auction.kernel import Event

_sorted = msgspec.json.Encoder(order="sorted")
MILLISECOND = timedelta(milliseconds=1)


def rounded_up(at: datetime) -> datetime:
    """The next whole millisecond, or the same where it is one."""
    over = at.microsecond % 1_000
    return at + timedelta(microseconds=1_000 - over) if over else at


def written(at: datetime) -> str:
    """Write a time as the log does: `2026-12-01T15:01:00.000Z`, rounded up to the millisecond."""
    up = rounded_up(at.astimezone(UTC))
    return f"{up:%Y-%m-%dT%H:%M:%S}.{up.microsecond // 1_000:03d}Z"


def moment(text: str) -> datetime:
    """Read a time that was written so; raises `ValueError` for anything else."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


class Logged(Event, frozen=True, kw_only=True):
    """A fact of the public log. Its times are whole milliseconds (`rounded_up`), so that it is read back as it was written."""

    def canonical(self) -> bytes:
        """The fact's canonical JSON, without what is only ours."""
        said = msgspec.to_builtins(self, builtin_types=(datetime,))
        del said["era"]
        return _sorted.encode({name: _plain(value) for name, value in said.items()})


class Linked(Logged, frozen=True, kw_only=True):
    """A public fact of a tender: it says its place among those, from 0, and commits to the one before it."""

    vis: str = "public"
    seq: int = 0
    prev: str | None = None

    def linked(self, seq: int, before: bytes | None) -> Linked:
        """The same fact at its place, naming the commitment before it."""
        prev = urlsafe_b64encode(before).rstrip(b"=").decode() if before is not None else None
        return msgspec.structs.replace(self, seq=seq, prev=prev)

    def unlinked(self) -> Linked:
        """The same fact without its place, as it was before it was written."""
        return msgspec.structs.replace(self, seq=0, prev=None)


def _plain(value: object) -> object:
    return written(value) if isinstance(value, datetime) else value
