"""The lead's steps of an opening, each a form: begin, name a witness, open, say who passes, ask officers to sign, cancel."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import msgspec
from litestar import Response, post
from litestar.params import FromPath

from auction.award.panel_words import PanelState
from auction.kernel import Command
from auction.record.logged import rounded_up, written
from auction.refusals import Refusal, no
from bidders.box import ceremony
from bidders.box.facts import Verdict, Witness
from bidders.box.passing import passing
from bidders.box.state import Box
from bidders.box.words import Called, CancelBox, NameWitness, NoteCalled, ProposeStage, StartMeeting
from server.pages.answering import Req, ask, plain, see_other
from server.pages.panel.passing import against_plan
from server.pages.showing import find_ours
from server.parts import Parts, parts_of, signed_in
from server.presenting import local_time
from server.sealed import asking, closed
from server.sealed.opening import open_later, open_stage

LONGEST, MOST_WITNESSES, MOST_HOURS = 200, 6, 24 * 14


class Step(msgspec.Struct, frozen=True):
    """One form of the lead's: where it belongs, what it says by field, and who sent it."""

    parts: Parts
    id: str
    box: Box
    panel: PanelState | None
    said: dict[str, list[str]]
    by: str

    def first(self, name: str) -> str:
        """A field's one value."""
        return (self.said.get(name) or [""])[0].strip()

    async def ask(self, command: Command) -> object:
        """Put a command to the box."""
        return await ask(self.parts, f"box/{self.id}", command)


@post("/events/{event_id:str}/opening/{action:str}", opt={"may": "run events"}, status_code=200)
async def act(request: Req, event_id: FromPath[str], action: FromPath[str]) -> Response[str]:
    """Carry out a lead's step of the opening and come back with what it came to."""
    parts, who, form = parts_of(request), signed_in(request), await request.form()
    assert who is not None
    await parts.desk.at_rest()
    shown = find_ours(parts, event_id, who.identity)
    box = shown.envelopes
    if box is None or action not in STEPS or (action == "cancel" and box.seeds):
        raise plain(404, "There is no such step in this event.")
    said = {name: [str(each)[:2000] for each in form.getall(name, [])] for name in form}
    carry_out, words = STEPS[action]
    answer = await carry_out(Step(parts, event_id, box, shown.panel, said, who.identity.person_id))
    await parts.errands.settled()
    note = {"ok": True, "text": words}
    if isinstance(answer, Refusal):
        note = {"ok": False, "text": f"Not done. {answer.message}"}
    return see_other(f"{shown.lead_page}?note={parts.notes.leave(who.session, note)}")


async def _start(step: Step) -> object:
    named = tuple(each for each in _witnesses(step) if each.name)
    return await step.ask(StartMeeting(by=step.by, witnesses=named))


async def _witness(step: Step) -> object:
    return await step.ask(NameWitness(by=step.by, witness=next(iter(_witnesses(step)), Witness("", ""))))


def _witnesses(step: Step) -> list[Witness]:
    names, places = step.said.get("witness", []), step.said.get("of", [])
    rows = [
        (name.strip(), (places[row] if row < len(places) else "").strip()) for row, name in enumerate(names)
    ]
    return [Witness(name[:LONGEST], of[:LONGEST]) for name, of in rows[:MOST_WITNESSES]]


async def _open(step: Step) -> object:
    return await open_stage(step.parts, step.id, step.by)


async def _again(step: Step) -> object:
    return await open_later(step.parts, step.id, step.first("eid"), step.by)


async def _pass(step: Step) -> object:
    """Write down who passes and why, and ask officers to sign exactly that."""
    verdicts = tuple(
        Verdict(vendor, step.first(f"passes-{vendor}") == "yes", step.first(f"reason-{vendor}"))
        for vendor in dict.fromkeys(step.said.get("vendor", []))
    )
    answer = against_plan(step.panel, verdicts) or await step.ask(ProposeStage(by=step.by, verdicts=verdicts))
    if isinstance(answer, Refusal):
        return answer
    return await _to_sign(step, "stage", {"vendors": list(passing(verdicts))})


async def _called(step: Step) -> object:
    """Note when absent officers were asked, and their answers; a row that says nothing is passed over."""
    zone = step.parts.desk.state(f"tender/{step.id}").document.zone
    seats, times, answers = (step.said.get(name, []) for name in ("seat", "asked_at", "answer"))
    calls, wrong = list[Called](), list[str]()
    for seat, at, answer in zip(seats, times, answers, strict=False):
        if not answer.strip():
            continue
        time = local_time(at, zone)
        if isinstance(time, str) or not seat.isdecimal():
            wrong.append(f"The time at which seat {seat[:4]} was asked {time}.")
        else:
            calls.append(Called(int(seat[:4]), time, answer.strip()[:LONGEST]))
    if wrong:
        return no("BAD_COMMAND", " ".join(wrong))
    env = ceremony.stage(step.box) or ""
    return await step.ask(NoteCalled(by=step.by, env=env, calls=tuple(calls)))


async def _unopenable(step: Step) -> object:
    """Ask an officer to sign, for each envelope that is short of shares, that all were asked in vain."""
    box, answer = step.box, None
    env, manifest = ceremony.stage(box), box.manifest
    if env is None or manifest is None or box.meeting is None:
        return no("NOT_OPEN", "This can be said while the opening runs.")
    names = {each["x"]: each["name"] for each in manifest["officers"]}
    if unasked := [names[x] for x in ceremony.silent(box, env)]:
        return no("NOT_OPEN", f"Ask every officer first. Nothing is noted of {', '.join(unasked)}.")
    called = [
        {"name": names[x], "asked_at": written(rounded_up(each.asked_at)), "answer": each.answer}
        for (of, x), each in sorted(box.called.items())
        if of == env and (env, x) not in box.releases
    ]
    for eid in ceremony.short(box, env):
        answer = await _to_sign(step, "unopenable", {"env": env, "eid": eid, "called": called})
    return answer or no("NOTHING_TO_VOID", "No envelope is short of shares.")


async def _rescue(step: Step) -> object:
    """Ask officers to sign that vendors are asked for the copies that they kept."""
    hours, env = step.first("hours"), ceremony.stage(step.box) or ""
    if not hours.isdecimal() or not 0 < int(hours[:6]) <= MOST_HOURS:
        return no("BAD_COMMAND", f"Give vendors a whole number of hours, from 1 to {MOST_HOURS}.")
    due_at = rounded_up(step.parts.now() + timedelta(hours=int(hours)))
    eids = sorted(eid for eid in step.box.unopenable if eid not in step.box.revealed)
    return await _to_sign(step, "rescue", {"env": env, "eids": eids, "due_at": written(due_at)})


async def _to_sign(step: Step, kind: asking.Kind, body: dict[str, Any]) -> object:
    head = closed.head(step.parts, step.id, step.box)
    if head is None:
        return no("NOT_OPEN", "The public log has not published the close yet; try again in a minute.")
    close = {} if kind == "rescue" else {"close": closed.close_of(head)}
    return await asking.ask(step.parts, step.id, kind, body | close, step.by)


async def _cancel(step: Step) -> object:
    return await step.ask(CancelBox(by=step.by, reason=step.first("reason")))


STEPS: dict[str, tuple[Callable[[Step], Awaitable[object]], str]] = {
    "start": (_start, "The opening has begun. Officers can now release their parts in their console."),
    "witness": (_witness, "The witness is named in the minutes."),
    "open": (_open, "Opened. The results stand below and on the public page."),
    "again": (_again, "Read. The tabulation is brought up to date."),
    "pass": (_pass, "Put before the officers: a quorum of them signs who passes."),
    "called": (_called, "Noted. It stands in the public minutes."),
    "unopenable": (_unopenable, "Put before the officers: one of them signs it in the console."),
    "rescue": (_rescue, "Put before the officers: those who take part sign it; vendors are then asked."),
    "cancel": (_cancel, "Cancelled. Nothing will be opened."),
}
"""The lead's steps, each with what is said when it is done."""
ROUTES = [act]
