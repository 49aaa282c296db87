"""Units of measure: the words people write for them, and how much of one another holds, exactly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from fractions import Fraction
from functools import lru_cache

SYNONYMS: dict[str, tuple[str, ...]] = {
    "each": ("ea", "pc", "pcs", "piece", "pieces", "unit", "units"),
    "bag": ("bg", "bags"),
    "bottle": ("btl", "bt", "bottles"),
    "box": ("bx", "boxes"),
    "bundle": ("bdl", "bundles"),
    "can": ("cn", "cans"),
    "carton": ("ctn", "ct", "cartons"),
    "case": ("cs", "cases"),
    "dozen": ("dz", "doz", "dozens"),
    "foot": ("ft", "feet"),
    "gallon": ("gal", "gl", "gallons"),
    "gross": ("gr", "grs"),
    "hundred": ("per hundred", "hundreds"),
    "jar": ("jr", "jars"),
    "kit": ("kits",),
    "ounce": ("oz", "ounces"),
    "pack": ("pk", "pkg", "pks", "packs", "package", "packages", "packet", "packets"),
    "pair": ("pr", "pairs"),
    "pallet": ("plt", "pallets", "skid"),
    "pound": ("lb", "lbs", "pounds"),
    "quart": ("qt", "quarts"),
    "ream": ("rm", "reams"),
    "roll": ("rl", "rolls"),
    "set": ("st", "sets"),
    "sheet": ("sh", "sheets"),
    "thousand": ("per thousand", "thousands"),
    "tub": ("tubs",),
    "tube": ("tb", "tubes"),
    "yard": ("yd", "yards"),
}
"""Each unit with the words that mean it."""
FIXED: dict[tuple[str, str], int] = {
    ("dozen", "each"): 12,
    ("gross", "each"): 144,
    ("gross", "dozen"): 12,
    ("hundred", "each"): 100,
    ("pair", "each"): 2,
    ("thousand", "each"): 1000,
    ("gallon", "quart"): 4,
    ("pound", "ounce"): 16,
    ("yard", "foot"): 3,
}
"""How many of the second unit one of the first is, whatever the item."""
_WORDS = {word: unit for unit, words in SYNONYMS.items() for word in (unit, *words)}
_RATIO = re.compile(r"(\d{1,9})(?:\.(\d{1,6})|\s*/\s*(\d{1,9}))?", re.ASCII)
LONGEST = 24


def canonical(text: str, own: Mapping[str, str] | None = None) -> str:
    """The unit that a word means: `Ctn.` is `carton`; a word that nobody knows is itself, without case and signs.

    `own` are the words of one consortium, which come first.
    """
    word = " ".join(re.sub(r"[^\w ]+", " ", text.casefold()).split())
    return (own or {}).get(word) or _WORDS.get(word, word)


@lru_cache(4096)
def ratio(text: str) -> Fraction | None:
    """Read an exact ratio above zero, such as `10`, `0.5` or `5/12`; None if it is none."""
    match = _RATIO.fullmatch(text.strip())
    if match is None:
        return None
    whole, part, under = match.groups()
    if under is not None:
        return Fraction(int(whole), int(under)) or None if int(under) else None
    return Fraction(int(whole + (part or "")), 10 ** len(part or "")) or None


def fixed(unit: str, base: str) -> Fraction | None:
    """How much of a base unit another holds, where that is so for every item."""
    if unit == base:
        return Fraction(1)
    if (unit, base) in FIXED:
        return Fraction(FIXED[unit, base])
    return Fraction(1, FIXED[base, unit]) if (base, unit) in FIXED else None


def related(base: str) -> list[str]:
    """The units that convert into this one, whatever the item."""
    return [one for one, other in FIXED if other == base] + [other for one, other in FIXED if one == base]


def nearest(text: str, known: Iterable[str], own: Mapping[str, str] | None = None) -> str | None:
    """The known unit whose name, or one of whose synonyms, is most like a word; None where none is like it."""
    able = set(known)
    words = {word: unit for word, unit in (_WORDS | dict(own or {})).items() if unit in able}
    words |= {unit: unit for unit in able}
    found = get_close_matches(canonical(text, own), words, 1)
    return words[found[0]] if found else None
