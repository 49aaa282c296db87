"""Buckets: how often somebody may ask. Tokens drip in at a steady rate up to a burst, and each message takes one."""

from __future__ import annotations


class Bucket:
    """One bucket; times are seconds of any clock that never goes back."""

    __slots__ = ("_at", "_burst", "_left", "_rate")

    def __init__(self, rate: int, burst: int) -> None:
        self._rate, self._burst = rate, burst
        self._left, self._at = burst * 1_000_000, 0

    def take(self, microseconds: int) -> bool:
        """Take a token at this time, or say that there is none."""
        dripped = max(0, microseconds - self._at) * self._rate
        self._at = max(self._at, microseconds)
        self._left = min(self._burst * 1_000_000, self._left + dripped)
        if self._left < 1_000_000:
            return False
        self._left -= 1_000_000
        return True


class Buckets:
    """One bucket for each vendor, shared by all of its windows and by its forms."""

    def __init__(self, rate: int, burst: int) -> None:
        self._rate, self._burst = rate, burst
        self._buckets: dict[str, Bucket] = {}

    def take(self, vendor: str, microseconds: int) -> bool:
        """Take a token from a vendor's bucket."""
        bucket = self._buckets.get(vendor)
        if bucket is None:
            bucket = self._buckets[vendor] = Bucket(self._rate, self._burst)
        return bucket.take(microseconds)
