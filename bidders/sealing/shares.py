"""Shamir's shares over GF(2^8), byte by byte: any M of them give the secret, fewer give nothing.

The field is that of AES, x^8+x^4+x^3+x+1. A share is f(x) for x in 1..255; the secret is f(0).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, reduce


def product(a: int, b: int) -> int:
    """Multiply two elements of the field."""
    found = 0
    while b:
        found ^= a if b & 1 else 0
        a = a << 1 ^ (0x11B if a & 0x80 else 0)
        b >>= 1
    return found


@cache
def inverse(a: int) -> int:
    """The element that gives 1 with a, which is not 0."""
    return next(b for b in range(1, 256) if product(a, b) == 1)


@cache
def _table(factor: int) -> bytes:
    return bytes(product(factor, byte) for byte in range(256))


def _times(data: bytes, factor: int) -> bytes:
    return data.translate(_table(factor))


def _plus(a: bytes, b: bytes) -> bytes:
    return (int.from_bytes(a) ^ int.from_bytes(b)).to_bytes(len(a))


def split(secret: bytes, coefficients: Sequence[bytes], count: int) -> list[bytes]:
    """The shares for x = 1..count; the coefficients, from that of x^1 on, are as long as the secret."""
    falling = [*reversed(coefficients), secret]
    return [reduce(lambda sum_, each: _plus(_times(sum_, x), each), falling) for x in range(1, count + 1)]


def interpolate(points: Mapping[int, bytes], at: int) -> bytes:
    """The value at `at` of the polynomial of least degree through all points {x: y}; raises ValueError for none."""
    if not points or len({len(y) for y in points.values()}) != 1 or not all(0 <= x < 256 for x in points):
        raise ValueError("needs at least one point, x in 0..255, all values of one length")
    terms = [_times(y, _weight(tuple(points), x, at)) for x, y in points.items()]
    return reduce(_plus, terms)


@cache
def _weight(xs: tuple[int, ...], x: int, at: int) -> int:
    above = reduce(product, (at ^ other for other in xs if other != x), 1)
    below = reduce(product, (x ^ other for other in xs if other != x), 1)
    return product(above, inverse(below))


def combine(shares: Mapping[int, bytes]) -> bytes:
    """The secret of shares {x: f(x)}, x in 1..255; raises ValueError when they cannot be shares."""
    if not all(0 < x < 256 for x in shares):
        raise ValueError("a share's x is from 1 to 255")
    return interpolate(shares, 0)
