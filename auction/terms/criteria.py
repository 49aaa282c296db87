"""The criteria of an evaluation: a tree of groups and criteria with weights, money values, coefficients and thresholds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

import msgspec

from auction.terms.exact_numbers import HUNDRED, ONE, ZERO, number, write
from auction.terms.faults import Reading, join
from auction.terms.scales import Scale, parse_scale

WORTHS = ("weight", "max", "value", "fmax")
"""What a criterion can be worth: a weight in points, a number of points, an amount of money, or a coefficient."""


class Criterion(msgspec.Struct, frozen=True):
    """A criterion, a group of them (`below`), or a gate (a threshold and no worth).

    `most` is what the full score gives, of the whole. The threshold is in the score's own unit; with a scale or of a group
    it is in percent.
    """

    id: str
    worth: str
    most: Fraction
    scale: Scale | None = None
    threshold: Fraction | None = None
    fact: str = ""
    below: tuple[Criterion, ...] = ()

    @property
    def full(self) -> Fraction:
        """The highest score that can be given: 100 for weights and gates, 1 for values, else the most itself."""
        return {"value": ONE, "max": self.most, "fmax": self.most}.get(self.worth, HUNDRED)


def leaves(criteria: Iterable[Criterion]) -> Iterator[Criterion]:
    """Every criterion that is scored itself, in order."""
    for each in criteria:
        yield from leaves(each.below) if each.below else (each,)


def parse(read: Reading, path: str, value: object) -> tuple[Criterion, ...]:
    """Read the criteria at the top; ids are used once in the whole tree."""
    found = _level(read, path, value, None)
    seen: set[str] = set()
    for each in _all(found):
        if each.id and each.id in seen:
            read.fault(path, f"{each.id} is used twice; give every criterion an id of its own")
        seen.add(each.id)
    return found


def _all(criteria: Iterable[Criterion]) -> Iterator[Criterion]:
    for each in criteria:
        yield each
        yield from _all(each.below)


def _level(read: Reading, path: str, value: object, share: Fraction | None) -> tuple[Criterion, ...]:
    return tuple(
        _one(read, f"{path}[{place}]", row, share) for place, row in enumerate(read.rows(path, value))
    )


def _one(read: Reading, path: str, value: object, share: Fraction | None) -> Criterion:
    given = read.members(path, value, ("id", "scale", "threshold", "fact", "criteria", *WORTHS), ("id",))
    name = _id(read, join(path, "id"), given["id"]) if "id" in given else ""
    worth, most = _worth(read, path, given)
    most = most if share is None else most * share
    if "criteria" in given:
        return _group(read, path, given, Criterion(name, worth, most))
    if share is not None and worth != "weight":
        read.fault(join(path, "weight"), "is required inside a group")
    scale = parse_scale(read, join(path, "scale"), given["scale"]) if "scale" in given else None
    bare = Criterion(name, worth, most, scale, fact=_fact(read, path, given, name, scale))
    full = HUNDRED if scale else bare.full
    threshold = read.maybe(
        lambda p, v: number(read, p, v, most=full), join(path, "threshold"), given.get("threshold")
    )
    return msgspec.structs.replace(bare, threshold=threshold)


def _worth(read: Reading, path: str, given: dict[str, object]) -> tuple[str, Fraction]:
    named = [name for name in WORTHS if name in given]
    if len(named) == 1:
        return named[0], number(read, join(path, named[0]), given[named[0]], least=None, above=ZERO)
    if named or "threshold" not in given:
        read.fault(path, f"needs exactly one of {', '.join(WORTHS)}, or a threshold alone")
    return "gate", ZERO


def _group(read: Reading, path: str, given: dict[str, object], bare: Criterion) -> Criterion:
    """Read a group: a weight of its own, and members whose weights come to 100."""
    if bare.worth != "weight":
        read.fault(path, "is a group and needs a weight")
    below = _level(read, join(path, "criteria"), given["criteria"], bare.most / HUNDRED)
    total = sum((each.most for each in below), ZERO) * HUNDRED / (bare.most or ONE)
    if total != HUNDRED:
        read.fault(join(path, "criteria"), f"the weights must sum to 100; they sum to {write(total)}")
    for name in ("scale", "fact"):
        if name in given:
            read.fault(join(path, name), "belongs to a criterion, not to a group")
    threshold = read.maybe(
        lambda p, v: number(read, p, v, most=HUNDRED), join(path, "threshold"), given.get("threshold")
    )
    return msgspec.structs.replace(bare, below=below, threshold=threshold)


def _fact(read: Reading, path: str, given: dict[str, object], name: str, scale: Scale | None) -> str:
    fact = read.maybe(read.name, join(path, "fact"), given.get("fact"))
    return fact or (scale.fact if scale and scale.fact else name)


def _id(read: Reading, path: str, value: object) -> str:
    if isinstance(value, str) and 0 < len(value) <= 200:
        return value
    read.fault(path, "must be a name of 1 to 200 characters")
    return ""
