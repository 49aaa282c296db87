"""Today: the page that each role begins with, which says what to do next."""

from __future__ import annotations

from litestar import Response, get

from server.login import Identity
from server.pages.alarms import alarm_tasks
from server.pages.answering import Req, page
from server.pages.answers import question_tasks
from server.pages.contract_tasks import contract_tasks
from server.pages.demand_tasks import demand_tasks
from server.pages.event_tasks import event_tasks
from server.pages.notices import outbox_tasks
from server.pages.people_tasks import people_tasks
from server.pages.vendor_tasks import admission_tasks, vendor_tasks
from server.parts import Parts, parts_of, signed_in
from server.tasks import Provider, Task, in_order, urgency

PROVIDERS: tuple[Provider, ...] = (
    vendor_tasks,
    event_tasks,
    alarm_tasks,
    admission_tasks,
    question_tasks,
    demand_tasks,
    people_tasks,
    outbox_tasks,
    contract_tasks,
)
"""Every kind of task, in the order in which those without a time are shown."""
MOST = 12
"""How many tasks are shown at once; the page says how many more there are."""


async def _found(parts: Parts, identity: Identity) -> list[Task]:
    """Every task of somebody, the most urgent first."""
    return in_order([task for provider in PROVIDERS for task in await provider(parts, identity)])


@get("/today", opt={"may": "own account"})
async def today(request: Req) -> Response[str]:
    """Show what whoever is signed in has to do next."""
    parts, who = parts_of(request), signed_in(request)
    assert who is not None
    await parts.desk.at_rest()
    found = await parts.fresh.take(("today", who.identity), lambda: _found(parts, who.identity))
    now = parts.now()
    return page(
        request,
        "today.html",
        nav="today",
        tasks=[{"task": each, "urgency": urgency(each, now)} for each in found[:MOST]],
        more=max(0, len(found) - MOST),
        now=now,
    )


ROUTES = [today]
