"""Codes that people copy by hand: Crockford's base32, which has no I, L, O or U."""

from __future__ import annotations

import re

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None})
_BLANKS = re.compile(r"\s+")


class BadCode(ValueError):
    """A code was copied wrongly; says how."""


def letters(data: bytes, count: int) -> str:
    """The first `count` groups of five bits as letters; bits beyond the data are zero."""
    short = max(0, count * 5 - len(data) * 8)
    value = int.from_bytes(data) << short >> max(0, len(data) * 8 - count * 5)
    return "".join(LETTERS[value >> 5 * place & 31] for place in reversed(range(count)))


def grouped(text: str, size: int) -> str:
    """Letters in groups of `size`, joined by dashes."""
    return "-".join(text[at : at + size] for at in range(0, len(text), size))


def tidied(text: str, count: int) -> str:
    """What was meant by a code that was typed: case, blanks and dashes do not matter, O is 0, I and L are 1."""
    plain = _BLANKS.sub("", text).upper().translate(_ALIKE)
    if odd := sorted(set(plain) - set(LETTERS)):
        raise BadCode(f"the code has {', '.join(odd)}; it is made of 0 to 9 and A to Z without I, L, O and U")
    if len(plain) != count:
        raise BadCode(f"the code has {len(plain)} letters and digits; it needs {count}")
    return plain


def number(text: str) -> int:
    """The number that tidy letters write."""
    value = 0
    for letter in text:
        value = value << 5 | LETTERS.index(letter)
    return value
