"""The routes of the allocation workbench: the consortium's page with its forms and files, and the public's page."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from auction.award import market_of
from auction.award.workbench.facts import (
    ScenarioChosen,
    ScenarioDropped,
    ScenarioExplained,
    ScenarioSaved,
)
from auction.live.board import Viewer
from auction.refusals import Refusal
from auction.terms.faults import Faulty
from server.pages.allocation import acts, telling
from server.pages.allocation.finding import CLOSED, Bench, bench_of, open_book
from server.pages.answering import Req, ask, page, plain, see_other
from server.pages.award import over_of
from server.pages.showing import event_of, find_public
from server.parts import parts_of, signed_in

PER_PAGE = 25
JSON = "application/json"


@get("/events/{event_id:str}/allocation", opt={"may": "watch events"})
async def workbench(
    request: Req,
    event_id: FromPath[str],
    scenario: FromQuery[int] = 0,
    part: FromQuery[int] = 1,
    note: FromQuery[str] = "",
) -> Response[str]:
    """Show all scenarios beside the cheapest, and one of them with all there is to say of it."""
    who = signed_in(request)
    assert who is not None
    bench = await _bench(request, event_id)
    return _page(request, bench, scenario, part, parts_of(request).notes.read(who.session, note))


@post("/events/{event_id:str}/allocation/{action:str}", opt={"may": "run events"}, status_code=200)
async def act(request: Req, event_id: FromPath[str], action: FromPath[str]) -> Response[str]:
    """Solve, explain, choose or drop a scenario."""
    parts, who, form = parts_of(request), signed_in(request), await request.form()
    assert who is not None
    bench = await _bench(request, event_id)
    try:
        command = await acts.command(parts, bench, action, form, who.identity.person_id)
        answer = await ask(parts, f"allocation/{event_id}", command)
    except Faulty as bad:
        answer = Refusal("BAD_COMMAND", " ".join(f"{each.path} {each.message}." for each in bad.faults))
    if isinstance(answer, Refusal):
        done = {"ok": False, "text": f"Not done. {answer.message}"}
        return _page(request, bench, acts.number_in(form), 1, done, 422)
    number, text = _came_to(answer)
    note = parts.notes.leave(who.session, {"ok": True, "text": text})
    return see_other(f"/events/{event_id}/allocation?scenario={number}&note={note}")


def _came_to(answer: object) -> tuple[int, str]:
    if isinstance(answer, ScenarioSaved):
        return answer.number, f"Solved and kept as scenario {answer.number}."
    if isinstance(answer, ScenarioExplained):
        return answer.number, "Explained below, each figure by solving the changed question anew."
    if isinstance(answer, ScenarioChosen):
        told = "Its winners are proposed where awards are made. Nothing is awarded yet."
        return answer.number, f"Scenario {answer.number} is chosen. {told}"
    assert isinstance(answer, ScenarioDropped)
    return 0, f"Scenario {answer.number} is dropped; it stays on record."


async def _bench(request: Req, event_id: str) -> Bench:
    parts, who = parts_of(request), signed_in(request)
    assert who is not None
    await parts.desk.at_rest()
    return bench_of(parts, over_of(parts, event_id, who.identity))


def _page(
    request: Req, bench: Bench, number: int, part: int, done: dict[str, Any] | None, code: int = 200
) -> Response[str]:
    known, chosen = bench.scenarios.kept, bench.scenarios.chosen
    last = known[-1].number if known else 0
    at = number or (chosen.number if chosen is not None else last)
    saved = bench.scenario(at) if at else None
    return page(
        request,
        "allocation/lead.html",
        code=code,
        nav="console",
        event=event_of(bench.shown, Viewer("buyer")),
        scenarios=telling.beside(bench),
        base=bench.cheapest(),
        vendors=[(each, bench.called.vendor(each)) for each in bench.vendors],
        all_lots=[(each, bench.called.lot(each)) for each in bench.lots],
        districts=[
            (each["id"], bench.called.districts.get(each["id"], each["id"]))
            for each in bench.case["districts"]
        ],
        has_quality=bench.has_quality,
        left_out=len(bench.shown.document.lots) - len(bench.lots),
        awarded=bool(bench.shown.awards.lots),
        done=done,
        **_told(bench, saved, part),
    )


def _told(bench: Bench, saved: ScenarioSaved | None, part: int) -> dict[str, Any]:
    """What a page tells of one scenario, with so many of its lots."""
    if saved is None:
        return {"one": None, "lots": [], "part": 1, "parts": 1}
    rows = telling.lots(bench, saved)
    pages = max(1, -(-len(rows) // PER_PAGE))
    at = min(max(1, part), pages)
    one = telling.whole(bench, saved)
    return {"one": one, "lots": rows[(at - 1) * PER_PAGE : at * PER_PAGE], "part": at, "parts": pages}


@get("/events/{event_id:str}/allocation/{number:int}/{name:str}", opt={"may": "watch events"})
async def scenario_file(
    request: Req, event_id: FromPath[str], number: FromPath[int], name: FromPath[str]
) -> Response[bytes]:
    """A scenario's case for `tenderbell allocate`, or what came of it with its bound."""
    bench = await _bench(request, event_id)
    return _file(bench, bench.scenario(number), name)


def _file(bench: Bench, saved: ScenarioSaved, name: str) -> Response[bytes]:
    if name not in ("case.json", "certificate.json") or not bench.fresh(saved):
        raise plain(404, "There is no such file: the bids have changed since, or it has another name.")
    if name == "case.json":
        body: object = market_of.with_rules(bench.case, saved.rules)
    else:
        body = {
            "case_sha256": saved.market,
            "rules": saved.rules,
            "status": saved.status,
            "cost": saved.cost,
            "bound": saved.bound,
            "certified_bound": saved.certified,
            "offers": saved.offers,
            "tie": saved.tie,
            "why_infeasible": saved.clashing,
        }
    at = f'attachment; filename="scenario-{bench.shown.id}-{saved.number}-{name}"'
    text = msgspec.json.format(msgspec.json.encode(body), indent=2) + b"\n"
    return Response(text, media_type=JSON, headers={"content-disposition": at})


@get("/events/{event_id:str}/allocation/chosen", opt={"may": "look"})
async def chosen(request: Req, event_id: FromPath[str], part: FromQuery[int] = 1) -> Response[str]:
    """Show the chosen scenario to everybody, once the event is awarded."""
    bench, saved = await _chosen(request, event_id)
    return page(
        request,
        "allocation/public.html",
        nav="events",
        event=event_of(bench.shown, Viewer("public")),
        base=bench.cheapest(),
        beside=[each for each in telling.beside(bench) if each["chosen"] or each["base"]],
        **_told(bench, saved, part),
    )


@get("/events/{event_id:str}/allocation/chosen/{name:str}", opt={"may": "look"})
async def chosen_file(request: Req, event_id: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    """The chosen scenario's case, or what came of it, for everybody."""
    bench, saved = await _chosen(request, event_id)
    return _file(bench, saved, name)


async def _chosen(request: Req, event_id: str) -> tuple[Bench, ScenarioSaved]:
    parts = parts_of(request)
    await parts.desk.at_rest()
    shown = find_public(parts, event_id)
    if not open_book(shown):
        raise plain(404, CLOSED)
    bench = bench_of(parts, shown)
    saved = bench.scenarios.choice
    if saved is None:
        raise plain(404, "No scenario was chosen in this event: each lot was awarded by its own ranking.")
    return bench, saved


ROUTES = [workbench, act, scenario_file, chosen, chosen_file]
