"""What the console sends: records, public keys, signatures, releases. Each is a form with the token and one field of JSON."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, TypeVar

import msgspec
from litestar import Response, post
from litestar.params import FromPath

from auction.refusals import Refusal
from auction.terms.faults import Faulty
from bidders.sealing.encoding import BadEncoding
from server.pages.answering import Req, plain
from server.pages.officers.finding import Held, held
from server.sealed import asking, handing, locks, officers, releasing
from server.sealed.locks import Record

OFFICER = {"may": "hold a key"}
LARGEST_RELEASE = 8 * 2**20
"""Some 60,000 shares."""
T = TypeVar("T")


def said(status: int, **members: Any) -> Response[bytes]:
    """Answer in JSON."""
    return Response(msgspec.json.encode(members), status_code=status, media_type="application/json")


async def given(request: Req, kind: type[T]) -> T:
    """Read the form's JSON; says what is wrong with it."""
    text = str((await request.form()).get("said", ""))
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.DecodeError as bad:
        raise plain(400, f"This was not written as it must be: {bad}.") from None


async def answered(work: Awaitable[object]) -> Response[bytes]:
    """Carry a wish out and say what became of it: 200, or 422 with why not."""
    try:
        answer = await work
    except (Faulty, BadEncoding) as bad:
        faults = list(bad.faults) if isinstance(bad, Faulty) else []
        words = "; ".join(f"{each.path} {each.message}".strip() for each in faults) or str(bad)
        return said(422, words=words)
    if isinstance(answer, Refusal):
        return said(422, words=answer.message, code=answer.code)
    return said(200, done=answer)


class Given(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Records that lock the unlock key: a new recovery code's, or a passkey's."""

    records: tuple[Record, ...]


@post("/officers/{event_id:str}/records", opt=OFFICER, status_code=200)
async def records(request: Req, event_id: FromPath[str]) -> Response[bytes]:
    """Keep a passkey's record, or a new recovery code's in place of the old one."""
    here, wish = await held(request, event_id), await given(request, Given)
    return await answered(_keep(here, wish))


async def _keep(here: Held, wish: Given) -> None:
    if any(each.kind == "os" for each in wish.records):
        raise plain(400, "A key’s own record comes with the key.")
    kept = await locks.held(here.parts, here.person, here.id)
    if len(kept.prf) + len(wish.records) > locks.MOST_PASSKEYS:
        raise plain(400, f"At most {locks.MOST_PASSKEYS} passkeys are kept; remove one first.")
    await locks.keep(here.parts, here.person, here.id, "", wish.records)


class Gone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A passkey that is to be forgotten."""

    cred: str


@post("/officers/{event_id:str}/passkeys/remove", opt=OFFICER, status_code=200)
async def passkey_gone(request: Req, event_id: FromPath[str]) -> Response[bytes]:
    """Forget a passkey."""
    here, wish = await held(request, event_id), await given(request, Gone)
    return await answered(locks.drop_passkey(here.parts, here.person, wish.cred))


@post("/officers/{event_id:str}/keys", opt=OFFICER, status_code=200)
async def keys(request: Req, event_id: FromPath[str]) -> Response[bytes]:
    """Keep an officer's new public keys with their locked records."""
    here, wish = await held(request, event_id), await given(request, officers.Made)
    return await answered(officers.make_keys(here.parts, here.id, here.person, wish))


@post("/officers/{event_id:str}/drill", opt=OFFICER, status_code=200)
async def drill(request: Req, event_id: FromPath[str]) -> Response[bytes]:
    """Note a fire drill."""
    here, wish = await held(request, event_id), await given(request, officers.Drilled)
    return await answered(officers.drill(here.parts, here.id, here.person, wish))


@post("/officers/{event_id:str}/accept", opt=OFFICER, status_code=200)
async def accept(request: Req, event_id: FromPath[str]) -> Response[bytes]:
    """Take an acceptance."""
    here, wish = await held(request, event_id), await given(request, officers.Signed)
    return await answered(officers.accept(here.parts, here.id, here.person, wish))


@post("/officers/{event_id:str}/addendum", opt=OFFICER, status_code=200)
async def addendum(request: Req, event_id: FromPath[str]) -> Response[bytes]:
    """Take a signature under a proposed addendum."""
    here, wish = await held(request, event_id), await given(request, officers.Signed)
    return await answered(officers.sign_addendum(here.parts, here.id, here.person, wish))


@post("/officers/{event_id:str}/release", opt=OFFICER, status_code=200, request_max_body_size=LARGEST_RELEASE)
async def release(request: Req, event_id: FromPath[str]) -> Response[bytes]:
    """Take an officer's shares of a stage."""
    here, posted = await held(request, event_id), await given(request, dict[str, Any])
    return await answered(releasing.take(here.parts, here.id, here.person, posted))


@post("/officers/{event_id:str}/sign", opt=OFFICER, status_code=200)
async def sign(request: Req, event_id: FromPath[str]) -> Response[bytes]:
    """Take a signature under what the lead asked all officers to sign."""
    here, wish = await held(request, event_id), await given(request, asking.Answer)
    seat = officers.seat_of(here.box, here.person)
    if seat is None:
        raise plain(403, "You hold no key of this solicitation.")
    return await answered(asking.sign(here.parts, here.id, here.box, seat["x"], here.person, wish))


@post("/officers/{event_id:str}/handover/{step:str}", opt=OFFICER, status_code=200)
async def handover(request: Req, event_id: FromPath[str], step: FromPath[str]) -> Response[bytes]:
    """Name a successor, keep the successor's key, give the seat, or take it."""
    here = await held(request, event_id)
    parts, mine = here.parts, (here.parts, here.id, here.person)
    if step == "name":
        return await answered(
            handing.name(
                parts, here.id, here.person, here.document.owner, await given(request, handing.Named)
            )
        )
    if step == "key":
        return await answered(handing.key(*mine, await given(request, officers.Made)))
    if step == "give":
        return await answered(handing.give(*mine, await given(request, handing.Given)))
    if step == "take":
        return await answered(handing.take(*mine, await given(request, handing.Taken)))
    raise plain(404, "There is no such step.")


ROUTES = [records, passkey_gone, keys, drill, accept, addendum, release, sign, handover]
