"""The lead's page of a panel: how far each evaluator is, without a score before all are in; then scores and result."""

from __future__ import annotations

from collections.abc import Callable

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from auction.award.consensus import unsettled
from auction.award.panel_words import (
    AgreeScore,
    AssignEvaluator,
    BeginScoring,
    DismissEvaluator,
    LockScores,
)
from auction.kernel import Command
from auction.live.board import Viewer
from auction.refusals import Refusal
from server.pages.answering import Req, ask, page, plain, see_other
from server.pages.panel import showing
from server.pages.panel.finding import evaluators, panel_in, vendors
from server.pages.showing import Shown, event_of, find_ours
from server.parts import Parts, parts_of, signed_in

Said = dict[str, str]


@get("/events/{event_id:str}/panel", opt={"may": "watch events"})
async def panel(request: Req, event_id: FromPath[str], note: FromQuery[str] = "") -> Response[str]:
    """Show the panel."""
    parts, who = parts_of(request), signed_in(request)
    assert who is not None
    await parts.desk.at_rest()
    shown = find_ours(parts, event_id, who.identity)
    state, box, plan = panel_in(shown)
    free = await evaluators(parts, shown.document.owner)
    return page(
        request,
        "panel/lead.html",
        nav="console",
        event=event_of(shown, Viewer("buyer")),
        rows=list(state.evaluators.values()),
        free={person: name for person, name in free.items() if person not in state.evaluators},
        wanted=plan.panel.evaluators,
        counted=len(state.counted),
        anonymous=plan.panel.anonymous,
        consensus=plan.panel.aggregation == "consensus",
        begun=state.plan is not None,
        ready=len(vendors(box)),
        all_in=state.all_in,
        locked=state.locked,
        unsettled=len(unsettled(state)),
        criteria=showing.criteria(plan),
        others=showing.side_by_side(shown),
        results=showing.results(shown),
        priced="price" in box.finished,
        done=parts.notes.read(who.session, note),
    )


@post("/events/{event_id:str}/panel/{action:str}", opt={"may": "run events"}, status_code=200)
async def act(request: Req, event_id: FromPath[str], action: FromPath[str]) -> Response[str]:
    """Carry out a lead's step, and come back with what it came to."""
    parts, who, form = parts_of(request), signed_in(request), await request.form()
    assert who is not None
    await parts.desk.at_rest()
    shown = find_ours(parts, event_id, who.identity)
    panel_in(shown)
    if action not in STEPS:
        raise plain(404, "There is no such step of a panel.")
    said = {name: str(value)[:5000] for name, value in form.items()} | {"by": who.identity.person_id}
    said["name"] = (await evaluators(parts, shown.document.owner)).get(said.get("person", ""), "")
    make, words = STEPS[action]
    command = make(parts, shown, said)
    answer = command if isinstance(command, Refusal) else await ask(parts, f"panel/{event_id}", command)
    await parts.errands.settled()
    note = {"ok": True, "text": words}
    if isinstance(answer, Refusal):
        note = {"ok": False, "text": f"Not done. {answer.message}"}
    return see_other(f"/events/{event_id}/panel?note={parts.notes.leave(who.session, note)}")


def _assign(parts: Parts, shown: Shown, said: Said) -> Command | Refusal:
    if not said["name"]:
        return Refusal("BAD_COMMAND", "Choose an evaluator of your consortium from the list.")
    return AssignEvaluator(by=said["by"], person=said["person"], name=said["name"])


def _dismiss(parts: Parts, shown: Shown, said: Said) -> Command:
    return DismissEvaluator(by=said["by"], person=said.get("person", ""), reason=said.get("reason", ""))


def _begin(parts: Parts, shown: Shown, said: Said) -> Command:
    """Letters are given by chance, so that they tell nothing."""
    _, box, _ = panel_in(shown)
    drawn = sorted(vendors(box), key=lambda _: parts.random(16))
    return BeginScoring(by=said["by"], vendors=tuple(drawn), plan=shown.document.plan)


def _agree(parts: Parts, shown: Shown, said: Said) -> Command:
    given = {name: said.get(name, "").strip() for name in ("bidder", "criterion", "score", "words")}
    return AgreeScore(by=said["by"], **given)


def _lock(parts: Parts, shown: Shown, said: Said) -> Command:
    return LockScores(by=said["by"])


STEPS: dict[str, tuple[Callable[[Parts, Shown, Said], Command | Refusal], str]] = {
    "assign": (_assign, "Assigned. The evaluator is asked under Today to sign the statement first."),
    "dismiss": (_dismiss, "Taken off the panel."),
    "begin": (_begin, "Scoring has begun. Evaluators who have signed can read the bids and score."),
    "agree": (_agree, "Written down, beside what the sheets came to."),
    "lock": (_lock, "Locked. The scores are final."),
}
"""The lead's steps, each with what is said when it is done."""
ROUTES = [panel, act]
