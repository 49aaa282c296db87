"""Exact roots of fractions: the n-th root where it is a fraction, and the smallest base that a fraction is a power of."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache


def whole_root(value: int, degree: int) -> int | None:
    """The exact root of a whole number from 0 on; None when it has none."""
    if value < 2 or degree == 1:
        return value
    if degree >= value.bit_length():
        return None
    root = 1 << -(-value.bit_length() // degree)
    while True:
        nearer = ((degree - 1) * root + value // root ** (degree - 1)) // degree
        if nearer >= root:
            return root if root**degree == value else None
        root = nearer


def exact_root(value: Fraction, degree: int) -> Fraction | None:
    """The exact root of a fraction from 0 on; None when it has none."""
    over, under = whole_root(value.numerator, degree), whole_root(value.denominator, degree)
    return None if over is None or under is None else Fraction(over, under)


@lru_cache(8_192)
def primitive(value: Fraction) -> tuple[Fraction, int]:
    """The fraction that this one, not 1 and above 0, is the highest power of, and which power."""
    times = 1
    degree = 2
    while degree <= max(value.numerator, value.denominator).bit_length():
        root = exact_root(value, degree)
        if root is None:
            degree += 1
        else:
            value, times = root, times * degree
    return value, times
