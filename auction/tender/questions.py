"""Questions about an event and their answers: the decider of the stream `questions/<id>`.

Anybody may ask until the deadline, and nobody is told who asked. An answer is first written, with the question as it will be
read, and then published with all others that are ready, so that everybody reads them at the same instant. What was asked
stays on record as it was asked. Answers explain; only an addendum changes what was published.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from datetime import datetime
from typing import Any, Literal

import msgspec

from auction.kernel import Command, Event, Refused
from auction.refusals import Refusal, no

ASKER = "asker"
"""In place of who asked."""
SHORTEST, LONGEST = 10, 4_000
"""Between how many characters a question has; an answer may be as short as a no."""
MOST_OPEN, MOST_OPEN_EACH = 500, 50
"""How many questions of one event may wait at once: of the public together, and of each organisation."""
Status = Literal["waiting", "answered", "declined"]


class AskQuestion(Command, frozen=True):
    """Ask; `asker` is the asking organisation's id where somebody signed in, `until` the deadline."""

    text: str
    asker: str | None = None
    until: datetime | None = None


class WriteAnswer(Command, frozen=True):
    """Write an answer, or write it anew, to be published later; `seen` is how often it was written before, as one saw it."""

    question: int
    asked: str
    answer: str
    seen: int = 0


class Ready(msgspec.Struct, frozen=True):
    """A written answer as somebody saw it."""

    question: int
    seen: int


class PublishAnswers(Command, frozen=True):
    """Publish written answers, all at one instant, as they were seen."""

    answers: tuple[Ready, ...]


class DeclineQuestion(Command, frozen=True):
    """Leave a question unanswered, with a reason for whoever asked."""

    question: int
    reason: str


class QuestionAsked(Event, frozen=True, tag="questions.asked"):
    """A question was asked; the text stays as it was asked, and the asker is told to nobody."""

    question: int
    text: str
    asker: str | None = None


class AnswerWritten(Event, frozen=True, tag="questions.answer_written"):
    """An answer was written, not yet published; `asked` is the question as it will be read."""

    question: int
    asked: str
    answer: str


class Answered(msgspec.Struct, frozen=True):
    """A question as published, with its answer."""

    question: int
    asked: str
    answer: str


class AnswersPublished(Event, frozen=True, tag="questions.answered"):
    """Questions were answered, for everybody at the same instant."""

    answers: tuple[Answered, ...]


class QuestionDeclined(Event, frozen=True, tag="questions.declined"):
    """A question is left unanswered; whoever asked is told the reason."""

    question: int
    reason: str


QuestionsEvent = QuestionAsked | AnswerWritten | AnswersPublished | QuestionDeclined


class Question(msgspec.Struct):
    """One question: as asked, as it is to be read, and what became of it; `written` counts how often its answer was written."""

    number: int
    text: str
    asker: str | None
    at: datetime
    status: Status = "waiting"
    asked: str = ""
    answer: str = ""
    written: int = 0
    written_by: str = ""
    over_at: datetime | None = None
    reason: str = ""


class Batch(msgspec.Struct, frozen=True):
    """Answers that were published at one instant."""

    at: datetime
    answers: tuple[Answered, ...]


class Questions(msgspec.Struct):
    """All questions of one event, and the answers as they were published."""

    asked: dict[int, Question] = msgspec.field(default_factory=dict)
    batches: list[Batch] = msgspec.field(default_factory=list)

    def waiting(self) -> list[Question]:
        """The questions that wait for an answer, in the order they came."""
        return [each for each in self.asked.values() if each.status == "waiting"]

    def ready(self) -> list[Question]:
        """Those of them whose answer is written."""
        return [each for each in self.waiting() if each.written]


class QuestionDone(msgspec.Struct, frozen=True):
    """The answer to a command that was carried out; `question` where it is about one."""

    question: int | None = None


def initial() -> Questions:
    """Return no questions."""
    return Questions()


def decide(questions: Questions, command: Command, now: datetime) -> Generator[Event, None, QuestionDone]:
    """Judge one command."""
    if isinstance(command, AskQuestion):
        return (yield from _ask(questions, command, now))
    judge = _JUDGES.get(type(command))
    if judge is None:
        raise Refused(no("BAD_COMMAND"))
    yield from judge(questions, command, now)
    return QuestionDone(getattr(command, "question", None))


def _ask(questions: Questions, command: AskQuestion, now: datetime) -> Generator[Event, None, QuestionDone]:
    """Take a question; the same one from the same asker, while it waits, is the one that is there already."""
    text = words(command.text, "question", SHORTEST)
    if command.until is not None and now > command.until:
        raise Refused(no("CLOSED", "The time for questions is over."))
    waiting = questions.waiting()
    for each in waiting:
        if (each.text, each.asker) == (text, command.asker):
            return QuestionDone(each.number)
    most = MOST_OPEN if command.asker is None else MOST_OPEN_EACH
    if sum(each.asker == command.asker for each in waiting) >= most:
        whose = "from the public" if command.asker is None else "of your organisation"
        told = f"{most} questions {whose} wait for an answer already. Ask again once some are answered."
        raise Refused(no("SLOW_DOWN", told))
    number = len(questions.asked) + 1
    yield QuestionAsked(at=now, by=ASKER, question=number, text=text, asker=command.asker)
    return QuestionDone(number)


def _write(questions: Questions, command: WriteAnswer, now: datetime) -> Iterator[Event]:
    """Write an answer; what somebody else wrote meanwhile is not overwritten."""
    question = _open(questions, command.question)
    asked, answer = words(command.asked, "question", SHORTEST), words(command.answer, "answer", 1)
    if question.written and (question.asked, question.answer) == (asked, answer):
        return
    if command.seen != question.written:
        told = "Somebody else wrote this answer since you opened the page; nothing was overwritten."
        raise Refused(no("STALE_RULES", told))
    yield AnswerWritten(at=now, by=command.by, question=question.number, asked=asked, answer=answer)


def _publish(questions: Questions, command: PublishAnswers, now: datetime) -> Iterator[Event]:
    """Publish what was seen, or nothing; sent twice it changes nothing."""
    wanted = {each.question: each.seen for each in command.answers}
    found = [questions.asked.get(number) for number in sorted(wanted)]
    if not found or None in found:
        raise Refused(no("BAD_COMMAND", "Choose at least one written answer."))
    known = [each for each in found if each is not None]
    if all(each.status == "answered" for each in known):
        return
    for each in known:
        if each.status != "waiting" or not each.written or each.written != wanted[each.number]:
            told = f"Question {each.number} has changed since you opened the page; look at it again first."
            raise Refused(no("STALE_RULES", told))
    answers = tuple(Answered(each.number, each.asked, each.answer) for each in known)
    yield AnswersPublished(at=now, by=command.by, vis="public", answers=answers)


def _decline(questions: Questions, command: DeclineQuestion, now: datetime) -> Iterator[Event]:
    question = questions.asked.get(command.question)
    if question is not None and question.status == "declined":
        return
    _open(questions, command.question)
    if not command.reason.strip():
        raise Refused(no("BAD_COMMAND", "Give the reason in words; whoever asked reads it."))
    reason = command.reason.strip()[:LONGEST]
    yield QuestionDeclined(at=now, by=command.by, question=command.question, reason=reason)


def _open(questions: Questions, number: int) -> Question:
    question = questions.asked.get(number)
    if question is None:
        raise Refused(no("BAD_COMMAND", "There is no such question."))
    if question.status != "waiting":
        raise Refused(no("CLOSED", f"This question was {question.status} already."))
    return question


def words(text: str, what: str, least: int = 1) -> str:
    """What somebody wrote, without what cannot be seen; refused where it is too short to be understood, or too long."""
    plain = "".join(map(_seen, text.replace("\r\n", "\n").replace("\r", "\n"))).strip()
    if not least <= len(plain) <= LONGEST:
        fewest = "one character" if least == 1 else f"{least} characters"
        told = f"The {what} needs at least {fewest} and at most {LONGEST:,}."
        raise Refused(no("BAD_COMMAND", told))
    return plain


def _seen(sign: str) -> str:
    """A sign as it is kept: what neither shows nor parts words is left out."""
    if sign == "\n" or sign.isprintable():
        return sign
    return " " if sign.isspace() else ""


_JUDGES: dict[type[Command], Callable[[Questions, Any, datetime], Iterator[Event]]] = {
    WriteAnswer: _write,
    PublishAnswers: _publish,
    DeclineQuestion: _decline,
}


def evolve(questions: Questions, event: Event) -> Questions:
    """Write one event down."""
    if isinstance(event, QuestionAsked):
        questions.asked[event.question] = Question(event.question, event.text, event.asker, event.at)
    elif isinstance(event, AnswerWritten):
        question = questions.asked[event.question]
        question.asked, question.answer = event.asked, event.answer
        question.written, question.written_by = question.written + 1, event.by
    elif isinstance(event, AnswersPublished):
        questions.batches.append(Batch(event.at, event.answers))
        for each in event.answers:
            question = questions.asked[each.question]
            question.status, question.over_at = "answered", event.at
    elif isinstance(event, QuestionDeclined):
        question = questions.asked[event.question]
        question.status, question.over_at, question.reason = "declined", event.at, event.reason
    return questions


def refusal(questions: Questions, command: Command, reason: Refusal, now: datetime) -> Iterator[Event]:
    """Refusals are answered, not written: a stranger cannot fill the journal with them."""
    return iter(())
