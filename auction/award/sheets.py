"""Sheets: what a score that somebody typed is worth, what keeps a sheet from being submitted, and who may look at it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from auction.award.criteria import earned
from auction.award.panel_words import Evaluator, Mark, PanelState
from auction.terms.criteria import Criterion, leaves
from auction.terms.exact_numbers import HUNDRED, ZERO, parse, write
from auction.terms.faults import Fault
from auction.terms.plan import Plan
from auction.terms.scales import known, percent

LONGEST_COMMENT, LONGEST_SCORE = 4_000, 80


def letter(place: int) -> str:
    """Name the bidder at a place, from 0: A, B, .., Z, AA, AB, and so on."""
    name, rest = "", place + 1
    while rest:
        rest, last = divmod(rest - 1, 26)
        name = chr(ord("A") + last) + name
    return name


def figure(criterion: Criterion, score: str) -> Fraction | None:
    """What a typed score comes to, in the unit of the criterion's threshold; None when it lies outside its scale."""
    if criterion.scale is not None:
        return percent(criterion.scale, score)
    found = parse(score)
    return found if found is not None and ZERO <= found <= criterion.full else None


def spoken(criterion: Criterion, score: str) -> Fraction | None:
    """The number by which evaluators are compared: the one that was typed, or the per cent that a word stands for."""
    found = figure(criterion, score)
    return parse(score) if found is not None and parse(score) is not None else found


def gained(criterion: Criterion, at: Fraction) -> Fraction:
    """What a figure earns of the whole."""
    if criterion.scale is not None:
        return criterion.most * at / HUNDRED
    return earned(criterion.worth, criterion.most, at)


def takes(criterion: Criterion) -> str:
    """Say which scores a criterion takes."""
    if criterion.scale is not None:
        return known(criterion.scale).removesuffix(" in a string")
    return f"a number from 0 to {write(criterion.full)}"


def faults(plan: Plan, letters: Sequence[str], marks: Sequence[Mark]) -> list[Fault]:
    """Name all that keeps a sheet from being submitted; a path is bidder, criterion and field, joined by `/`."""
    given = {(mark.bidder, mark.criterion): mark for mark in marks}
    wanted = {(bidder, each.id): each for bidder in letters for each in leaves(plan.criteria)}
    found = [
        fault
        for place, each in wanted.items()
        for fault in _mark(each, given.get(place, Mark(place[0], each.id)))
    ]
    if len(given) < len(marks) or set(given) - set(wanted):
        found.append(
            Fault(
                "marks",
                "name a bidder or a criterion twice, or one that is not scored; load the page again",
            )
        )
    return found


def _mark(criterion: Criterion, mark: Mark) -> Iterator[Fault]:
    path = f"{mark.bidder}/{criterion.id}"
    if not mark.score:
        yield Fault(f"{path}/score", f"is missing; give {takes(criterion)}")
    elif figure(criterion, mark.score) is None:
        yield Fault(f"{path}/score", f"{mark.score[:40]} is outside the scale; give {takes(criterion)}")
    if not mark.comment.strip():
        yield Fault(f"{path}/comment", "is missing; say in words why you gave this score")
    elif len(mark.comment) > LONGEST_COMMENT:
        yield Fault(f"{path}/comment", f"is longer than {LONGEST_COMMENT:,} characters; shorten it")


def seen_by(panel: PanelState, reader: str) -> dict[str, Evaluator]:
    """The sheets that somebody may read: of others only when all have submitted, of a lead none before; else one's own."""
    own = panel.evaluators.get(reader)
    if own is not None and not own.sworn:
        return {}
    if panel.all_in and (own is None or own.submitted is not None):
        return {each.person: each for each in panel.counted}
    return {reader: own} if own is not None else {}
