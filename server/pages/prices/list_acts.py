"""What a buyer does to a shopping list: begin it, put items on it, change it, record its order, open it again, throw it away."""

from __future__ import annotations

from typing import Any

from litestar import Response, post
from litestar.params import FromPath

from auction.kernel import Command, Refused
from auction.prices.contract import parse_day
from auction.prices.ordering import quantity
from auction.prices.shopping import (
    DescribeList,
    DiscardList,
    PutItem,
    RecordOrder,
    ReopenList,
    ShoppingList,
    TakeItem,
)
from auction.refusals import Refusal
from auction.terms.faults import Faulty
from server.login import Identity
from server.pages.answering import Req, ask, plain, see_other
from server.pages.prices.asking import today
from server.pages.prices.lists import own, reader, show, show_lists
from server.parts import Parts, parts_of
from server.prices import shopping
from server.prices.shopping import begin, held, stream_of

ACTIONS = ("save", "describe", "order", "reopen", "discard")


@post("/lists", opt={"may": "order"}, status_code=200)
async def new_list(request: Req) -> Response[str]:
    """Begin a list."""
    identity, session = reader(request)
    form = await request.form()
    said = {name: str(form.get(name, "")) for name in ("title", "ship_to")}
    try:
        number = await begin(parts_of(request), identity, said["title"], said["ship_to"])
    except Faulty as faulty:
        done = {"ok": False, "text": faulty.faults[0].message}
        return await show_lists(request, done, identity, 422, said)
    return _on(request, number, session, f"{number} is open. Put items on it from the price book.")


@post("/lists/add", opt={"may": "order"}, status_code=200)
async def add(request: Req) -> Response[str]:
    """Put an item on a list, on a new one where none is named, and go back to where it was found."""
    parts, (identity, session), form = parts_of(request), reader(request), await request.form()
    key, number = (str(form.get(name, ""))[:200] for name in ("item", "list"))
    much = str(form.get("quantity", form.get(f"quantity:{key}", "")))[:200]
    if not key:
        return _back(request, form, session, False, "Choose “Add” beside the item that you mean.")
    found = await parts.database.read(lambda reading: shopping.item(reading, identity, key, today(request)))
    if isinstance(found, shopping.Refusal):
        return _back(request, form, session, False, f"Not added. {found.words}")
    try:
        quantity(much)
        if number:
            own(parts, identity, number)
        else:
            number = await begin(parts, identity, f"List of {parts.now():%B} {parts.now().day}", "")
    except Refused as refused:
        return _back(request, form, session, False, f"Not added. {refused.reason.message}")
    before = _listed(parts, identity, number).lines.get(found.key)
    note = before.note if before is not None else ""
    command = PutItem(by=identity.person_id, item=found, quantity=much, note=note)
    answer = await _ask(parts, identity, number, command)
    if isinstance(answer, Refusal):
        return _back(request, form, session, False, f"Not added. {answer.message}")
    text = f"{quantity(much)} × {found.description}: on {number}."
    return _back(request, form, session, True, text, f"/lists/{number}")


def _back(request: Req, form: Any, session: bytes, ok: bool, text: str, more: str = "") -> Response[str]:
    """Back to the price book, or wherever in it the form stood."""
    back = str(form.get("back", ""))
    ours = back == "/prices" or back.startswith(("/prices?", "/prices/"))
    address = back if ours and back.isascii() and back.isprintable() else "/prices"
    note = parts_of(request).notes.leave(session, {"ok": ok, "text": text, "more": more})
    return see_other(f"{address}{'&' if '?' in address else '?'}note={note}")


def _on(request: Req, number: str, session: bytes, text: str, ok: bool = True) -> Response[str]:
    note = parts_of(request).notes.leave(session, {"ok": ok, "text": text})
    return see_other(f"/lists/{number}?note={note}")


def _listed(parts: Parts, identity: Identity, number: str) -> ShoppingList:
    found = held(parts, identity.organisation_id, number)
    assert found is not None
    return found


async def _ask(parts: Parts, identity: Identity, number: str, command: Command) -> object:
    """Put a command to the desk, and wait for the rows that follow from it."""
    answer = await ask(parts, stream_of(identity.organisation_id, number) or "", command)
    await parts.projections.settled()
    return answer


@post("/lists/{number:str}/{action:str}", opt={"may": "order"}, status_code=200)
async def act(request: Req, number: FromPath[str], action: FromPath[str]) -> Response[str]:
    """Carry out one of a list's actions."""
    parts, (identity, session), form = parts_of(request), reader(request), await request.form()
    listed = own(parts, identity, number)
    if action not in ACTIONS:
        raise plain(404, "There is no such action on a list.")
    if action == "save":
        return await _save(request, identity, listed, form)
    command = _command(request, identity, action, form)
    if isinstance(command, str):
        return await show(request, identity, listed, {"ok": False, "text": command}, 422)
    answer = await _ask(parts, identity, number, command)
    if isinstance(answer, Refusal):
        return await show(request, identity, listed, {"ok": False, "text": answer.message}, 422)
    if action == "discard":
        note = parts.notes.leave(session, {"ok": True, "text": f"{number} was thrown away."})
        return see_other(f"/lists?note={note}")
    return _on(request, number, session, DONE[action])


DONE = {
    "describe": "Saved.",
    "order": "Recorded: what stands on this list counts as bought.",
    "reopen": "The list is open again, and nothing of it counts as bought.",
}


def _command(request: Req, identity: Identity, action: str, form: Any) -> Command | str:
    """The command of a form, or what is wrong with it."""
    by = identity.person_id
    if action == "describe":
        return DescribeList(by=by, title=str(form.get("title", "")), ship_to=str(form.get("ship_to", "")))
    if action == "reopen":
        return ReopenList(by=by, reason=str(form.get("reason", "")))
    if action == "discard":
        return DiscardList(by=by)
    on = parse_day(str(form.get("on", "")))
    if on is None:
        return "Give the day on which it was ordered."
    return RecordOrder(by=by, on=on, today=today(request), reference=str(form.get("reference", "")))


async def _save(request: Req, identity: Identity, listed: ShoppingList, form: Any) -> Response[str]:
    """Keep every changed quantity and note, or none where one of them is wrong; a line's own button takes it off."""
    parts, session = parts_of(request), reader(request)[1]
    taken = str(form.get("take", ""))
    if taken:
        await _ask(parts, identity, listed.number, TakeItem(by=identity.person_id, key=taken))
        return _on(request, listed.number, session, "Taken off.")
    said = {name: str(form.get(name, "")) for name in form if name.startswith(("quantity:", "note:"))}
    wrong: dict[str, str] = {}
    puts: list[PutItem] = []
    for key, line in listed.lines.items():
        much, note = said.get(f"quantity:{key}", line.quantity), said.get(f"note:{key}", line.note)
        try:
            quantity(much)
        except Refused as refused:
            wrong[key] = refused.reason.message
        puts.append(PutItem(by=identity.person_id, item=line.item, quantity=much, note=note))
    if wrong:
        text = "Nothing was saved: " + (
            "one quantity is" if len(wrong) == 1 else f"{len(wrong)} quantities are"
        )
        done = {"ok": False, "text": f"{text} not right. They are named beside their lines."}
        return await show(request, identity, listed, done, 422, wrong, said)
    for command in puts:
        answer = await _ask(parts, identity, listed.number, command)
        if isinstance(answer, Refusal):
            return await show(
                request, identity, listed, {"ok": False, "text": answer.message}, 422, said=said
            )
    return _on(request, listed.number, session, "Saved.")


ROUTES = [new_list, add, act]
