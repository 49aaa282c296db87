"""Buckets: so many at once, then so many a second; each vendor has its own."""

from __future__ import annotations

from server.buckets import Bucket, Buckets

SECOND = 1_000_000


def test_a_bucket_gives_a_burst_and_then_its_rate() -> None:
    bucket = Bucket(rate=2, burst=3)
    assert [bucket.take(0) for _ in range(4)] == [True, True, True, False]
    assert not bucket.take(SECOND // 2 - 1)
    assert bucket.take(SECOND // 2)
    assert [bucket.take(SECOND * 60) for _ in range(4)] == [True, True, True, False]


def test_a_clock_that_steps_back_fills_no_bucket() -> None:
    bucket = Bucket(rate=1, burst=1)
    assert bucket.take(SECOND)
    assert not bucket.take(0)
    assert not bucket.take(SECOND)
    assert bucket.take(2 * SECOND)


def test_one_vendor_s_flood_leaves_another_s_bucket_full() -> None:
    buckets = Buckets(rate=1, burst=2)
    assert [buckets.take("a", 0) for _ in range(3)] == [True, True, False]
    assert buckets.take("b", 0)
