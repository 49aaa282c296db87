"""Answering questions: officers write answers, publish those that are ready at one instant, or say why one is left unanswered."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from auction.kernel import Command
from auction.refusals import Refusal
from auction.tender.questions import (
    LONGEST,
    DeclineQuestion,
    PublishAnswers,
    Question,
    Questions,
    Ready,
    WriteAnswer,
)
from server.guards import may
from server.login import Identity
from server.pages.answering import Req, ask, page, plain
from server.pages.forming import done, note_of, who_of
from server.pages.history import names
from server.pages.questions import batches, deadline, questions_of
from server.pages.showing import Shown, event_of, find, find_ours, viewer
from server.parts import Parts, parts_of
from server.tasks import Task

SAID = {
    "write": "The answer is kept. It is read by nobody else until you publish it.",
    "publish": "Published. Everybody who takes part or follows is told now.",
    "decline": "The question is left unanswered; whoever asked reads the reason.",
}
Given = dict[str, str]


@get("/events/{event_id:str}/questions/answer", opt={"may": "answer questions"})
async def answers_page(request: Req, event_id: FromPath[str], note: FromQuery[str] = "") -> Response[str]:
    """Show the questions that wait, with what is written so far."""
    shown = _shown(request, event_id)
    await parts_of(request).desk.at_rest()
    return await _page(request, shown, done=note_of(request, note))


@post(
    "/events/{event_id:str}/questions/answer/{action:str}", opt={"may": "answer questions"}, status_code=200
)
async def act(request: Req, event_id: FromPath[str], action: FromPath[str]) -> Response[str]:
    """Write an answer, publish those chosen, or leave one unanswered."""
    parts, who, shown = parts_of(request), who_of(request), _shown(request, event_id)
    form = await request.form()
    given = {name: str(form.get(name, "")) for name in ("question", "asked", "answer", "seen", "reason")}
    command = _command(
        action, who.identity.person_id, given, [str(each) for each in form.getall("ready", [])]
    )
    if command is None:
        raise plain(404, "There is no such page.")
    answer = await ask(parts, f"questions/{event_id}", command)
    if isinstance(answer, Refusal):
        return await _page(request, shown, 422, given, answer, action)
    await parts.projections.settled()
    return done(request, f"/events/{event_id}/questions/answer", SAID[action])


def _command(action: str, by: str, given: Given, ready: list[str]) -> Command | None:
    """What a form asks for; what is no number names no question."""
    question = number(given["question"])
    if action == "write":
        return WriteAnswer(
            by=by, question=question, asked=given["asked"], answer=given["answer"], seen=number(given["seen"])
        )
    if action == "publish":
        pairs = [each.partition(":") for each in ready]
        return PublishAnswers(by=by, answers=tuple(Ready(number(one), number(two)) for one, _, two in pairs))
    if action == "decline":
        return DeclineQuestion(by=by, question=question, reason=given["reason"])
    return None


def number(text: str) -> int:
    """A small whole number; anything else is 0."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _shown(request: Req, event_id: str) -> Shown:
    shown = find_ours(parts_of(request), event_id, who_of(request).identity)
    if not shown.published:
        raise plain(404, "Questions are asked once an event is published.")
    return shown


async def _page(
    request: Req,
    shown: Shown,
    code: int = 200,
    given: Given | None = None,
    refusal: Refusal | None = None,
    action: str = "",
    done: dict[str, Any] | None = None,
) -> Response[str]:
    parts, identity = parts_of(request), who_of(request).identity
    questions, known = questions_of(parts, shown.id), await names(parts)
    failed = number(given["question"]) if given is not None else 0
    return page(
        request,
        "questions/answers.html",
        code=code,
        nav="events",
        event=event_of(shown, viewer(identity, shown.room, shown.document.owner)),
        until=deadline(shown.document),
        waiting=[
            _told(each, known, given if each.number == failed else None, refusal, action)
            for each in questions.waiting()
        ],
        ready=[{"number": each.number, "written": each.written} for each in questions.ready()],
        declined=_declined(questions, known),
        batches=batches(questions),
        wrong=refusal.message if refusal is not None and not _beside(questions, failed) else "",
        done=done,
        most=LONGEST,
    )


def _beside(questions: Questions, failed: int) -> bool:
    """Tell whether the question that a refusal is about still stands on the page, so that it is said beside it."""
    return any(each.number == failed for each in questions.waiting())


def _told(
    question: Question, known: dict[str, str], given: Given | None, refusal: Refusal | None, action: str
) -> dict[str, Any]:
    """A question as its card shows it: what was given last stands in its fields, beside what is kept."""
    shown = {name: getattr(question, name) for name in ("number", "text", "at", "written", "asked", "answer")}
    shown |= {"asked": question.asked or question.text, "by": known.get(question.written_by, "")}
    fields = {"asked": shown["asked"], "answer": question.answer, "reason": ""}
    if given is not None:
        fields |= {name: text for name, text in given.items() if name in fields and text}
    stale = refusal is not None and refusal.code == "STALE_RULES"
    wrong = refusal.message if given is not None and refusal is not None else ""
    return shown | {
        "fields": fields,
        "wrong": wrong,
        "stale": stale and bool(wrong),
        "action": action if wrong else "",
    }


def _declined(questions: Questions, known: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {"number": each.number, "text": each.text, "reason": each.reason, "at": each.over_at}
        for each in questions.asked.values()
        if each.status == "declined"
    ]


async def question_tasks(parts: Parts, who: Identity) -> list[Task]:
    """Name the questions that wait for an officer's answer."""
    if not may(who, "answer questions"):
        return []
    found = []
    for stream in parts.journal.streams("questions/"):
        shown = find(parts, stream.partition("/")[2])
        waiting = len(questions_of(parts, shown.id).waiting())
        if waiting and shown.document.owner == who.organisation_id and shown.status == "published":
            found.append(
                Task(
                    title=f"Answer {waiting} question{'s' if waiting > 1 else ''}",
                    words=f"{shown.document.title}: everybody reads an answer at the same instant.",
                    href=f"/events/{shown.id}/questions/answer",
                    action="Write the answers",
                    due=shown.document.opens,
                    zone=shown.document.zone,
                    icon="sheet",
                )
            )
    return found


ROUTES = [answers_page, act]
