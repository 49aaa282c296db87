"""The minutes of an opening: what happened, when, and by whom, written from the box's own facts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bidders.box.state import Box
from bidders.box.tabulation import RESULTS
from server.pages.showing import Shown

GIVEN_UP = "An officer signed that {} cannot be opened with the parts that officers released."
ASKED = "Officers signed that vendors are asked for their own copies of {}; who brings none has withdrawn."
STAGES = {"technical": "technical envelopes", "price": "price envelopes"}


def minutes(shown: Shown, box: Box) -> list[dict[str, Any]]:
    """Every step from publication on, in order of time: `{at, words}`."""
    rows = [(at, words) for at, words in _steps(shown, box) if at is not None]
    return [{"at": at, "words": words} for at, words in sorted(rows, key=lambda row: row[0])]


def _steps(shown: Shown, box: Box) -> Iterator[tuple[datetime | None, str]]:
    yield (
        box.published_at,
        "The solicitation was published with its committee, accepted by every officer of it.",
    )
    for each in shown.tender.addenda:
        yield each.at, f"Addendum {each.number} was issued: {each.reason}"
    if box.closed is not None:
        yield box.closed.at, "Bids were closed. Nothing was taken after that."
    if box.meeting is not None:
        names = "; ".join(f"{each.name} ({each.of})" if each.of else each.name for each in box.witnesses)
        yield box.meeting, f"The opening began. Witnesses: {names}."
    yield from _releases(box)
    yield from _absent(box)
    for env, done in box.finished.items():
        yield done.at, _finished(env, [each.result for each in done.results])
    if box.passed is not None:
        yield box.passed.at, "Officers signed who passes the technical stage; the other prices stay sealed."


def _absent(box: Box) -> Iterator[tuple[datetime | None, str]]:
    """Who was asked and did not come, at once; what could therefore not be opened only when its stage is finished."""
    names = {seat["x"]: seat["name"] for seat in box.manifest["officers"]} if box.manifest is not None else {}
    for (env, x), called in box.called.items():
        yield (
            called.asked_at,
            f"{names[x]} was asked to release a part of the key to the {STAGES[env]}. Answer: {called.answer}",
        )
    for env in box.finished:
        given_up = [each for each in box.unopenable.values() if each.env == env]
        if given_up:
            yield max(each.at for each in given_up), GIVEN_UP.format(_envelopes(len(given_up)))
        if (rescue := box.rescues.get(env)) is not None:
            came = len(set(rescue.eids) & box.revealed)
            yield rescue.at, ASKED.format(_envelopes(len(rescue.eids)))
            yield rescue.due_at, f"The time for it was over: copies of {came} of {len(rescue.eids)} had come."


def _envelopes(number: int) -> str:
    return "1 envelope" if number == 1 else f"{number} envelopes"


def _releases(box: Box) -> Iterator[tuple[datetime | None, str]]:
    names = {seat["x"]: seat["name"] for seat in box.manifest["officers"]} if box.manifest is not None else {}
    for (env, x), counted in box.releases.items():
        yield counted.at, f"{names[x]} released a part of the key to the {STAGES[env]}."
        if counted.forged and env in box.finished:
            yield (
                counted.at,
                f"{names[x]} released parts that do not fit the envelopes; they were not counted.",
            )


def _finished(env: str, results: list[str]) -> str:
    if not results:
        return f"There were no {STAGES[env]} to open."
    counts = [
        f"{results.count(each)} {words.split(':')[0].lower()}"
        for each, words in RESULTS.items()
        if each in results
    ]
    return f"The {STAGES[env]} were opened, all at once: {', '.join(counts)}."
