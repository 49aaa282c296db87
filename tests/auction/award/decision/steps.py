"""One event on its way to a final award: two lots that closed, and the commands of each step."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from auction.award.decision import decision
from auction.award.decision.facts import Decisions
from auction.award.decision.words import (
    DecideProtest,
    FileProtest,
    FindReasonable,
    GiveNotice,
    MakeFinal,
    Recommend,
    RecordBoard,
    RecordCheck,
)
from auction.award.result import Candidate, Result
from auction.kernel import Command, handle
from auction.refusals import Refusal
from auction.terms.protest_window import Window
from auction.terms.schedule import LinePrice

NOW = datetime(2026, 11, 24, 17, tzinfo=UTC)
UNTIL = datetime(2026, 12, 3, 5, tzinfo=UTC)
SECOND = timedelta(seconds=1)
TODAY = date(2026, 11, 24)
L1 = Result(
    "L1",
    True,
    "ash",
    (
        Candidate("ash", 1, "24000.00", lines=(LinePrice("A", "240.00"),)),
        Candidate("birch", 2, "25500.00"),
        Candidate("cedar", 3, "26000.00", suspended=True),
    ),
)
L2 = Result("L2", True, "elm", (Candidate("elm", 1, "900.00"),))
WINDOW = Window(5, working=True, source="Lakeland, sec. 8")
RECOMMEND = Recommend(by="lead", lot="L1", vendor="ash", reason="Lowest.", result=L1, tender="2026-1")
BOARD = RecordBoard(
    by="second",
    lots=("L1",),
    approved=True,
    body="Board of the Lake Cooperative",
    day="2026-11-23",
    resolution="2026-114",
    today=TODAY,
)
NOTICE = GiveNotice(
    by="second", results=(L1,), window=WINDOW, last_day="2026-12-02", until=UNTIL, steps=("Counted so.",)
)
PROTEST = FileProtest(
    by="p-birch", vendor="birch", lot="L1", grounds="Our discount was left out.", wanted="Count it."
)
DISMISS = DecideProtest(
    by="second", number=1, upheld=False, decided_by="Director of purchasing", reasons="It was counted."
)
UPHOLD = replace(DISMISS, upheld=True, reasons="The discount was left out.")
FINAL = MakeFinal(by="second", lot="L1", result=L1, keep_until="2031-12-03", keep_source="sec. 10")
CHECK = RecordCheck(
    by="lead", vendor="ash", day="2026-11-24", source="SAM.gov", clear=True, today=TODAY, since=TODAY
)
REASONABLE = FindReasonable(by="lead", lot="L2", basis="2 % below last year's price.", result=L2)
TOLD = (RECOMMEND, BOARD, NOTICE)


def after(*commands: Command, at: datetime = NOW) -> Decisions:
    """What is decided after commands, none of which may be refused."""
    decisions = decision.initial()
    for command in commands:
        made = handle(decision, decisions, command, at)
        assert not made.refused, made.answer
        decisions = made.state
    return decisions


def then(decisions: Decisions, command: Command, at: datetime = NOW) -> Decisions:
    """What is decided after one command more, which may not be refused; what was decided before stays as it is."""
    made = handle(decision, deepcopy(decisions), command, at)
    assert not made.refused, made.answer
    return made.state


def refused(decisions: Decisions, command: Command, at: datetime = NOW) -> str:
    """The sentence in which a command is refused; nothing may come of it."""
    made = handle(decision, decisions, command, at)
    assert isinstance(made.answer, Refusal), made.answer
    assert made.events == ()
    return made.answer.message


def changed(command: Command, **changes: Any) -> Command:
    """A command that says something else in some of its fields."""
    return replace(command, **changes)
