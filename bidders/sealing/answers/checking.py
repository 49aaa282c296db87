"""One answer of a file beside what is computed again, and how many of them agree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

# What a file of another shape, or with altered values, brings about on the way to an answer.
_UNFIT = (ValueError, LookupError, TypeError, AttributeError, AssertionError, OverflowError, RecursionError)


class Check(msgspec.Struct, frozen=True):
    """An answer: where it stands, what is told there, and how it is computed."""

    where: str
    told: object
    compute: Callable[..., object]
    given: tuple[object, ...]

    def differs(self) -> str | None:
        """How the answer differs; None when it is identical."""
        try:
            found = self.compute(*self.given)
        except _UNFIT as error:
            return f"{self.where}: cannot be computed: {type(error).__name__} {error}"[:300]
        same = type(found) is type(self.told) and found == self.told
        return None if same else f"{self.where}: told {str(self.told)[:60]}, computed {str(found)[:60]}"


def check(where: str, told: object, compute: Callable[..., object], *given: object) -> Check:
    """An answer, computed from what is given."""
    return Check(where, told, compute, given)


class Tally(msgspec.Struct, frozen=True):
    """How many of a file's cases are identical in every answer, how many answers were compared, and how some differ."""

    cases: int
    identical: int
    answers: int
    differing: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The one line that says it."""
        return f"{self.identical} of {self.cases} identical"


def tally(checks: Iterable[Check]) -> Tally:
    """Compute every answer; one that differs outside of all cases counts against each of them."""
    found = [(_case_of(check.where), check.differs()) for check in checks]
    cases = {case for case, _ in found if case} or {""}
    wrong = {case for case, said in found if said is not None}
    right = set() if "" in wrong else cases - wrong
    return Tally(len(cases), len(right), len(found), tuple(said for _, said in found if said is not None))


def _case_of(where: str) -> str:
    """The case that an answer belongs to; empty for what all cases share."""
    return where.partition("]")[0] if where.startswith("cases[") else ""


def fitting(where: str, checks: Callable[[], Iterator[Check]]) -> Iterator[Check]:
    """A part of a file; where it has not the shape it needs, one more answer that differs."""
    try:
        yield from checks()
    except _UNFIT as error:
        said = f"{type(error).__name__} {error}"
        yield check(f"{where}: has another shape: {said[:200]}", True, lambda: False)
