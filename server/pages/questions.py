"""Questions about an event: anybody asks, nobody is told who did, and everybody reads the answers; and following an event."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from auction.refusals import Refusal
from auction.tender.questions import ASKER, LONGEST, SHORTEST, AskQuestion, Questions
from auction.tender.sealed_bids import due, has_box
from auction.tender.solicitation import Solicitation
from server.guards import may
from server.login import Identity
from server.notices import following
from server.pages.answering import Req, ask, page, plain, see_other
from server.pages.entering import client_of
from server.pages.showing import Shown, event_of, find_public, is_ours, viewer
from server.parts import Parts, parts_of, signed_in

TOO_MANY = "You have asked many questions in the last hour. Ask the next one a little later."


def questions_of(parts: Parts, event_id: str) -> Questions:
    """An event's questions."""
    found = parts.desk.state(f"questions/{event_id}")
    assert isinstance(found, Questions)
    return found


def deadline(document: Solicitation) -> datetime | None:
    """Until when questions are taken: as published, else until bidding opens, or until sealed bids are due."""
    last = due(document) if has_box(document) else document.opens
    return document.questions_until or last


def inside(identity: Identity | None, owner: str) -> bool:
    """Tell whether somebody belongs to the consortium that the event is of, in any role: an evaluator does not ask either."""
    return is_ours(identity, owner) or (identity is not None and identity.organisation_id == owner)


def takes_questions(shown: Shown, now: datetime) -> bool:
    """Tell whether questions are taken now."""
    until = deadline(shown.document)
    return shown.status == "published" and (until is None or now <= until)


@get("/events/{event_id:str}/questions", opt={"may": "ask"})
async def questions_page(request: Req, event_id: FromPath[str], asked: FromQuery[str] = "") -> Response[str]:
    """Show the answers, and where questions are taken, the form."""
    await parts_of(request).desk.at_rest()
    return await _page(request, find_public(parts_of(request), event_id), asked=bool(asked))


@post("/events/{event_id:str}/questions", opt={"may": "ask"}, status_code=200)
async def ask_question(request: Req, event_id: FromPath[str]) -> Response[str]:
    """Take a question from anybody."""
    parts, identity = parts_of(request), _identity(request)
    shown, text = find_public(parts, event_id), str((await request.form()).get("text", ""))
    if inside(identity, shown.document.owner):
        raise plain(403, "Your consortium answers the questions about this event.")
    now = parts.now()
    if not takes_questions(shown, now):
        return await _page(request, shown, 422, text, "The time for questions is over.")
    key = identity.organisation_id if identity is not None else client_of(request)
    if parts.asking.wait(key, now) is not None:
        return await _page(request, shown, 429, text, TOO_MANY)
    asker = identity.organisation_id if identity is not None else None
    command = AskQuestion(by=ASKER, text=text, asker=asker, until=deadline(shown.document))
    answer = await ask(parts, f"questions/{event_id}", command, now)
    if isinstance(answer, Refusal):
        return await _page(request, shown, 422, text, answer.message)
    parts.asking.failed(key, now)
    return see_other(f"/events/{event_id}/questions?asked=1")


async def _page(
    request: Req, shown: Shown, code: int = 200, text: str = "", wrong: str = "", asked: bool = False
) -> Response[str]:
    parts, identity = parts_of(request), _identity(request)
    questions, owner = questions_of(parts, shown.id), shown.document.owner
    follows = identity is not None and await following.follows(parts.database, identity.person_id, shown.id)
    return page(
        request,
        "questions/questions.html",
        code=code,
        nav="events",
        event=event_of(shown, viewer(identity, shown.room, owner)),
        until=deadline(shown.document),
        open=takes_questions(shown, parts.now()),
        ours=inside(identity, owner),
        answers=is_ours(identity, owner) and may(identity, "answer questions"),
        waiting=len(questions.waiting()) if is_ours(identity, owner) else 0,
        batches=batches(questions),
        mine=_mine(questions, identity),
        follows=follows,
        asked=asked,
        given=text,
        wrong=wrong,
        least=SHORTEST,
        most=LONGEST,
    )


def batches(questions: Questions) -> list[dict[str, Any]]:
    """The published answers, the latest first, numbered as they came out: a gap would tell of what was not answered."""
    told, number = [], 0
    for batch in questions.batches:
        answers = []
        for each in batch.answers:
            number += 1
            answers.append({"number": number, "asked": each.asked, "answer": each.answer})
        told.append({"at": batch.at, "answers": answers})
    return told[::-1]


def _mine(questions: Questions, identity: Identity | None) -> list[dict[str, Any]]:
    """What the reader's own organisation asked, and what became of it."""
    if identity is None:
        return []
    return [
        {"text": each.text, "at": each.at, "status": each.status, "reason": each.reason}
        for each in questions.asked.values()
        if each.asker == identity.organisation_id
    ][::-1]


def _identity(request: Req) -> Identity | None:
    who = signed_in(request)
    return who.identity if who is not None else None


# --- following ---------------------------------------------------------------------------------------------------------------


@post("/events/{event_id:str}/follow", opt={"may": "own account"}, status_code=200)
async def follow(request: Req, event_id: FromPath[str]) -> Response[str]:
    """Follow an event, or follow it no more."""
    parts, identity = parts_of(request), _identity(request)
    assert identity is not None
    shown = find_public(parts, event_id)
    form = await request.form()
    if form.get("follow") == "no":
        await following.unfollow(parts.database, identity.person_id, shown.id)
    else:
        await following.follow(parts.database, identity.person_id, shown.id, parts.now())
    return see_other("/account/notices" if form.get("back") == "account" else f"/events/{shown.id}/questions")


ROUTES = [questions_page, ask_question, follow]
