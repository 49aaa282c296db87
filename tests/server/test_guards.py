"""Who may do what: every route names its act, and the table alone decides."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from litestar.handlers import HTTPRouteHandler, WebsocketRouteHandler

from server import drafting
from server.app import create_app
from server.guards import EVERYBODY, MAY, may, role_of
from server.login import Identity
from server.settings import CONSOLE
from tests.server.callers import Guest
from tests.server.house import OWNER, STRANGER, House, event, opened

pytestmark = pytest.mark.asyncio(loop_scope="module")
ROLES = {
    "public": None,
    "owner": "p-ash",
    "signer": "p-signer",
    "preparer": "p-preparer",
    "buyer": "p-oak",
    "admin": "p-admin",
    "lead": "p-lead",
    "second": "p-second",
    "evaluator": "p-evaluator",
    "auditor": "p-auditor",
}
ROUTES = {
    ("GET", "/"): "look",
    ("GET", "/{path:path}"): "look",
    ("GET", "/health"): "look",
    ("GET", "/assets/{path:path}"): "look",
    ("GET", "/log/vkey"): "look",
    ("GET", "/log/checkpoint"): "look",
    ("GET", "/log/checkpoints/{size:int}"): "look",
    ("GET", "/log/client.txt"): "look",
    ("GET", "/log/leaves.bin"): "look",
    ("GET", "/log/events/{name:str}"): "look",
    ("GET", "/events/{event_id:str}"): "look",
    ("WS", "/events/{event_id:str}/socket"): "look",
    ("GET", "/events/{event_id:str}/room"): "prepare bids",
    ("POST", "/events/{event_id:str}/bids"): "bid",
    ("GET", "/events/{event_id:str}/console"): "watch events",
    ("POST", "/events/{event_id:str}/console/{action:str}"): "run events",
    ("POST", "/events/{event_id:str}/opening/{action:str}"): "run events",
    ("GET", "/solicitations/new"): "run events",
    ("POST", "/solicitations/new"): "run events",
    ("GET", "/events/{event_id:str}/draft/lots"): "run events",
    ("POST", "/events/{event_id:str}/draft/lots"): "run events",
    ("GET", "/events/{event_id:str}/draft/lots/{lot_id:str}"): "run events",
    ("POST", "/events/{event_id:str}/draft/lots/{lot_id:str}"): "run events",
    ("GET", "/events/{event_id:str}/draft/documents"): "run events",
    ("POST", "/events/{event_id:str}/draft/documents"): "run events",
    ("GET", "/events/{event_id:str}/draft/{section:str}"): "run events",
    ("POST", "/events/{event_id:str}/draft/{section:str}"): "run events",
    ("POST", "/events/{event_id:str}/publication/{action:str}"): "run events",
    ("POST", "/events/{event_id:str}/approval/{action:str}"): "approve",
    ("GET", "/events/{event_id:str}/addenda"): "look",
    ("GET", "/events/{event_id:str}/addenda/draft"): "watch events",
    ("POST", "/events/{event_id:str}/addenda/{action:str}"): "run events",
    ("POST", "/events/{event_id:str}/addenda/approval/{action:str}"): "approve",
    ("POST", "/events/{event_id:str}/acknowledge"): "bid",
    ("GET", "/events/{event_id:str}/draft/sealing"): "run events",
    ("POST", "/events/{event_id:str}/draft/sealing"): "run events",
    ("GET", "/events/{event_id:str}/alarms"): "audit",
    ("POST", "/events/{event_id:str}/alarms"): "look into alarms",
    ("GET", "/officers"): "hold a key",
    ("GET", "/officers/{event_id:str}"): "hold a key",
    ("GET", "/officers/{event_id:str}/state.json"): "hold a key",
    ("GET", "/officers/{event_id:str}/closing.json"): "hold a key",
    ("GET", "/officers/{event_id:str}/bodies/{eid:str}"): "hold a key",
    ("GET", "/officers/{event_id:str}/bodies/{eid:str}/{place:int}"): "hold a key",
    ("POST", "/officers/{event_id:str}/records"): "hold a key",
    ("POST", "/officers/{event_id:str}/passkeys/remove"): "hold a key",
    ("POST", "/officers/{event_id:str}/keys"): "hold a key",
    ("POST", "/officers/{event_id:str}/drill"): "hold a key",
    ("POST", "/officers/{event_id:str}/accept"): "hold a key",
    ("POST", "/officers/{event_id:str}/addendum"): "hold a key",
    ("POST", "/officers/{event_id:str}/release"): "hold a key",
    ("POST", "/officers/{event_id:str}/sign"): "hold a key",
    ("POST", "/officers/{event_id:str}/handover/{step:str}"): "hold a key",
    ("GET", "/calendar"): "look",
    ("GET", "/events/{event_id:str}/lots/{lot_id:str}"): "look",
    ("GET", "/events/{event_id:str}/lots/{lot_id:str}/lines/{kind:str}"): "look",
    ("GET", "/jurisdictions"): "look",
    ("GET", "/jurisdictions/{code:str}"): "look",
    ("GET", "/events/{event_id:str}/award"): "watch events",
    ("GET", "/events/{event_id:str}/offers"): "watch events",
    ("POST", "/events/{event_id:str}/award/{action:str}"): "approve",
    ("GET", "/events/{event_id:str}/decision"): "watch events",
    ("POST", "/events/{event_id:str}/decision/{action:str}"): "run events",
    ("POST", "/events/{event_id:str}/decision/approval/{action:str}"): "approve",
    ("GET", "/events/{event_id:str}/allocation"): "watch events",
    ("POST", "/events/{event_id:str}/allocation/{action:str}"): "run events",
    ("GET", "/events/{event_id:str}/allocation/{number:int}/{name:str}"): "watch events",
    ("GET", "/events/{event_id:str}/allocation/chosen"): "look",
    ("GET", "/events/{event_id:str}/allocation/chosen/{name:str}"): "look",
    ("GET", "/events/{event_id:str}/outcome"): "prepare bids",
    ("POST", "/events/{event_id:str}/protests"): "bid",
    ("POST", "/events/{event_id:str}/protests/{number:int}/withdraw"): "bid",
    ("GET", "/events/{event_id:str}/letter"): "prepare bids",
    ("GET", "/events/{event_id:str}/letters/{vendor_id:str}"): "watch events",
    ("GET", "/events/{event_id:str}/timeline"): "look",
    ("GET", "/import"): "run events",
    ("POST", "/import"): "run events",
    ("GET", "/prices"): "read prices",
    ("GET", "/prices/{event_id:str}/{lot_id:str}/{line_id:str}"): "read prices",
    ("GET", "/contracts/{event_id:str}/{lot_id:str}"): "read prices",
    ("POST", "/contracts/{event_id:str}/{lot_id:str}/{action:str}"): "run events",
    ("GET", "/savings"): "read prices",
    ("GET", "/events/{event_id:str}/results"): "look",
    ("GET", "/events/{event_id:str}/opening-bids"): "watch events",
    ("GET", "/events/{event_id:str}/opening"): "look",
    ("GET", "/events/{event_id:str}/opened"): "read opened bids",
    ("GET", "/events/{event_id:str}/opened/{eid:str}/{place:int}"): "read opened bids",
    ("GET", "/events/{event_id:str}/opening/now.json"): "look",
    ("GET", "/events/{event_id:str}/evaluation"): "evaluate",
    ("POST", "/events/{event_id:str}/evaluation/{action:str}"): "evaluate",
    ("GET", "/events/{event_id:str}/evaluation/{bidder:str}/{lot:str}/{place:int}"): "evaluate",
    ("GET", "/events/{event_id:str}/panel"): "watch events",
    ("POST", "/events/{event_id:str}/panel/{action:str}"): "run events",
    ("GET", "/events/{event_id:str}/scores"): "look",
    ("GET", "/events/{event_id:str}/tabulation/{kind:str}"): "look",
    ("GET", "/events/{event_id:str}/results.csv"): "look",
    ("GET", "/events/{event_id:str}/results.xlsx"): "look",
    ("GET", "/lists"): "order",
    ("POST", "/lists"): "order",
    ("POST", "/lists/add"): "order",
    ("GET", "/lists/{number:str}"): "order",
    ("GET", "/lists/{number:str}/list.csv"): "order",
    ("GET", "/lists/{number:str}/list.xlsx"): "order",
    ("POST", "/lists/{number:str}/{action:str}"): "order",
    ("GET", "/sign-in"): "sign in",
    ("POST", "/sign-in"): "sign in",
    ("POST", "/sign-out"): "sign out",
    ("GET", "/sign-in/code"): "sign in",
    ("POST", "/sign-in/code"): "sign in",
    ("GET", "/sign-in/nowhere"): "sign in",
    ("GET", "/forgot"): "sign in",
    ("POST", "/forgot"): "sign in",
    ("GET", "/reset/{token:str}"): "sign in",
    ("POST", "/reset/{token:str}"): "sign in",
    ("GET", "/verify/{token:str}"): "sign in",
    ("POST", "/verify/{token:str}"): "sign in",
    ("GET", "/invitations/{token:str}"): "sign in",
    ("POST", "/invitations/{token:str}"): "sign in",
    ("GET", "/start"): "sign in",
    ("GET", "/found"): "sign in",
    ("POST", "/found"): "sign in",
    ("GET", "/register"): "sign in",
    ("POST", "/register"): "sign in",
    ("GET", "/join"): "sign in",
    ("POST", "/join"): "sign in",
    ("GET", "/account"): "own account",
    ("POST", "/account/name"): "own account",
    ("POST", "/account/email"): "own account",
    ("POST", "/account/verify"): "own account",
    ("POST", "/account/password"): "own account",
    ("POST", "/account/switch"): "own account",
    ("POST", "/account/leave"): "own account",
    ("GET", "/account/sessions"): "own account",
    ("POST", "/account/sessions/end"): "own account",
    ("GET", "/account/second-factor"): "own account",
    ("GET", "/account/second-factor/qr.svg"): "own account",
    ("POST", "/account/second-factor/begin"): "own account",
    ("POST", "/account/second-factor/confirm"): "own account",
    ("POST", "/account/second-factor/codes"): "own account",
    ("POST", "/account/second-factor/off"): "own account",
    ("GET", "/team"): "manage people",
    ("GET", "/team/history"): "manage people",
    ("GET", "/consortium/history"): "audit",
    ("POST", "/team/invite"): "manage people",
    ("POST", "/team/invitations/{invitation:str}"): "manage people",
    ("POST", "/team/people/{person:str}"): "manage people",
    ("GET", "/district"): "manage district",
    ("POST", "/district/profile"): "manage district",
    ("POST", "/district/addresses"): "manage district",
    ("POST", "/district/addresses/{address:str}"): "manage district",
    ("POST", "/district/join"): "manage district",
    ("POST", "/district/resolution/{consortium:str}"): "manage district",
    ("POST", "/district/leave/{consortium:str}"): "manage district",
    ("GET", "/consortium"): "audit",
    ("POST", "/consortium/profile"): "manage consortium",
    ("POST", "/consortium/invite"): "manage consortium",
    ("POST", "/consortium/invitations/{invitation:str}"): "manage consortium",
    ("POST", "/consortium/districts/{district:str}"): "manage consortium",
    ("POST", "/consortium/end"): "manage consortium",
    ("GET", "/events/{event_id:str}/history"): "audit",
    ("GET", "/search"): "look",
    ("GET", "/calls/{call_id:str}/history"): "see demand",
    ("GET", "/catalog/history"): "see demand",
    ("GET", "/company/history"): "manage company",
    ("GET", "/today"): "own account",
    ("GET", "/files/{digest:str}/{name:str}"): "look",
    ("GET", "/catalog"): "see demand",
    ("GET", "/catalog/new"): "run demand",
    ("POST", "/catalog/new"): "run demand",
    ("GET", "/catalog/items/{item_id:str}"): "run demand",
    ("POST", "/catalog/items/{item_id:str}"): "run demand",
    ("GET", "/catalog/units"): "see demand",
    ("POST", "/catalog/units"): "run demand",
    ("GET", "/catalog/import"): "run demand",
    ("POST", "/catalog/import"): "run demand",
    ("GET", "/catalog/template.xlsx"): "run demand",
    ("GET", "/catalog/imports/{job_id:str}"): "run demand",
    ("GET", "/calls"): "see demand",
    ("GET", "/calls/new"): "run demand",
    ("POST", "/calls/new"): "run demand",
    ("GET", "/calls/{call_id:str}"): "see demand",
    ("POST", "/calls/{call_id:str}/{action:str}"): "run demand",
    ("GET", "/calls/{call_id:str}/items"): "see demand",
    ("GET", "/calls/{call_id:str}/items.xlsx"): "see demand",
    ("GET", "/calls/{call_id:str}/items/{item_id:str}"): "see demand",
    ("GET", "/calls/{call_id:str}/benefit"): "see demand",
    ("GET", "/calls/{call_id:str}/lots"): "see demand",
    ("GET", "/calls/{call_id:str}/lots/{lot_id:str}"): "see demand",
    ("POST", "/calls/{call_id:str}/changes/{action:str}"): "run demand",
    ("GET", "/needs"): "follow needs",
    ("GET", "/needs/{call_id:str}"): "state needs",
    ("POST", "/needs/{call_id:str}/{action:str}"): "state needs",
    ("GET", "/needs/{call_id:str}/benefit"): "state needs",
    ("GET", "/needs/{call_id:str}/items"): "state needs",
    ("GET", "/needs/{call_id:str}/items/{item_id:str}"): "state needs",
    ("POST", "/needs/{call_id:str}/items/{item_id:str}"): "state needs",
    ("GET", "/needs/{call_id:str}/lines/{n:int}"): "state needs",
    ("POST", "/needs/{call_id:str}/lines/{n:int}"): "state needs",
    ("GET", "/needs/{call_id:str}/import"): "state needs",
    ("POST", "/needs/{call_id:str}/import"): "state needs",
    ("GET", "/needs/{call_id:str}/imports/{job_id:str}"): "state needs",
    ("GET", "/needs/{call_id:str}/template.xlsx"): "state needs",
    ("GET", "/events/{event_id:str}/take-part"): "prepare bids",
    ("POST", "/events/{event_id:str}/take-part"): "bid",
    ("GET", "/events/{event_id:str}/admissions"): "watch events",
    ("GET", "/events/{event_id:str}/admissions/{vendor_id:str}"): "watch events",
    ("POST", "/events/{event_id:str}/admissions/{vendor_id:str}/{action:str}"): "run events",
    ("GET", "/company"): "manage company",
    ("POST", "/company"): "manage company",
    ("POST", "/company/tax"): "manage company",
    ("POST", "/company/contacts"): "manage company",
    ("POST", "/company/contacts/{contact_id:str}/remove"): "manage company",
    ("POST", "/company/certificates"): "manage company",
    ("POST", "/company/certificates/{certificate_id:str}/remove"): "manage company",
    ("GET", "/events/{event_id:str}/schedule"): "prepare bids",
    ("GET", "/events/{event_id:str}/schedule/{lot_id:str}"): "prepare bids",
    ("POST", "/events/{event_id:str}/schedule/{lot_id:str}"): "prepare bids",
    ("POST", "/events/{event_id:str}/schedule/{lot_id:str}/rows"): "prepare bids",
    ("GET", "/events/{event_id:str}/schedule/{lot_id:str}/template/{kind:str}"): "prepare bids",
    ("POST", "/events/{event_id:str}/schedule/{lot_id:str}/upload"): "prepare bids",
    ("POST", "/events/{event_id:str}/schedule/{lot_id:str}/paste"): "prepare bids",
    ("GET", "/events/{event_id:str}/schedule/{lot_id:str}/file"): "prepare bids",
    ("POST", "/events/{event_id:str}/schedule/{lot_id:str}/file"): "bid",
    ("GET", "/events/{event_id:str}/bid"): "prepare bids",
    ("GET", "/events/{event_id:str}/bid/mine.json"): "prepare bids",
    ("GET", "/events/{event_id:str}/bid/rescue"): "bid",
    ("POST", "/events/{event_id:str}/bid/rescue"): "bid",
    ("GET", "/events/{event_id:str}/bid/upload"): "bid",
    ("POST", "/events/{event_id:str}/bid/upload"): "bid",
    ("GET", "/events/{event_id:str}/kit.html"): "prepare bids",
    ("GET", "/events/{event_id:str}/bid/tender.json"): "look",
    ("POST", "/events/{event_id:str}/bid/commit"): "bid",
    ("POST", "/events/{event_id:str}/bid/withdraw"): "bid",
    ("POST", "/events/{event_id:str}/bid/acknowledge"): "bid",
    ("POST", "/events/{event_id:str}/bid/key"): "bid",
    ("PUT", "/events/{event_id:str}/bid/blobs/{root:str}"): "bid",
    ("GET", "/events/{event_id:str}/bid/receipts.zip"): "prepare bids",
    ("GET", "/demo"): "enter demo",
    ("POST", "/demo/{membership:str}"): "enter demo",
    ("GET", "/events/{event_id:str}/questions"): "ask",
    ("POST", "/events/{event_id:str}/questions"): "ask",
    ("POST", "/events/{event_id:str}/follow"): "own account",
    ("GET", "/events/{event_id:str}/questions/answer"): "answer questions",
    ("POST", "/events/{event_id:str}/questions/answer/{action:str}"): "answer questions",
    ("GET", "/account/notices"): "own account",
    ("POST", "/account/notices"): "own account",
    ("GET", "/outbox"): "watch events",
    ("GET", "/demo/mailbox"): "enter demo",
    ("GET", "/demo/mailbox/{number:int}"): "enter demo",
}
"""Every way in, written down a second time: a new one must be thought of twice."""
FILLED = {
    "{eid:str}": "none",
    "{step:str}": "name",
    "{place:int}": "0",
    "{bidder:str}": "A",
    "{lot:str}": "L1",
    "{call_id:str}": "1",
    "{item_id:str}": "P-1",
    "{lot_id:str}": "L1",
    "{line_id:str}": "A",
    "{job_id:str}": "0",
    "{n:int}": "1",
    "{path:path}": "js/line.js",
    "{event_id:str}": "1",
    "{digest:str}": "0" * 64,
    "{name:str}": "notice.pdf",
    "{kind:str}": "xlsx",
    "{contact_id:str}": "k-none",
    "{certificate_id:str}": "c-none",
    "{vendor_id:str}": "v-none",
    "{action:str}": "nothing",
    "{number:str}": "SL-2026-0001",
    "{number:int}": "1",
    "{section:str}": "basics",
    "{code:str}": "US-XL",
    "{token:str}": "no-such-token",
    "{root:str}": "A" * 43,
    "{invitation:str}": "i-none",
    "{person:str}": "p-none",
    "{address:str}": "S9",
    "{consortium:str}": "c-none",
    "{district:str}": "d-none",
    "{membership:str}": "p-nobody@c-nowhere",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A demonstration's house with an open event."""
    async with opened(tmp_path_factory.mktemp("guards"), demo=True) as running:
        await running.publish(event())
        yield running


def named(house: House) -> dict[tuple[str, str], Any]:
    """Every route's act, as the application has it; answers to OPTIONS are Litestar's own and name none."""
    found: dict[tuple[str, str], Any] = {}
    for route in create_app(house.parts).routes:
        for handler in getattr(route, "route_handlers", None) or [route.route_handler]:  # type: ignore[union-attr]
            acts = handler.opt.get("may")
            if isinstance(handler, WebsocketRouteHandler):
                found["WS", route.path] = acts
            elif isinstance(handler, HTTPRouteHandler):
                found |= {(method, route.path): acts for method in handler.http_methods - {"OPTIONS"}}
    return found


async def test_every_route_names_an_act_of_the_table_and_no_other_is_there(house: House) -> None:
    assert named(house) == ROUTES
    assert set(ROUTES.values()) <= MAY.keys()
    assert set(ROLES) == EVERYBODY


async def test_a_route_without_an_act_and_a_role_that_is_not_known_are_closed() -> None:
    for role in [*EVERYBODY, "host", "vendor", ""]:
        who = Identity("p", "P", "o", "O", role)
        assert not may(who, "") and not may(who, "no such act")
    stranger = Identity("p", "P", "o", "O", "vendor")
    assert not any(may(stranger, act) for act in MAY)
    assert role_of(None) == "public"


def at_its_host(guest: Guest, path: str) -> None:
    """Knock at the officers' console's own host, where a route is the console's."""
    if path.startswith("/officers"):
        console = guest.origin.replace("127.0.0.1", CONSOLE)
        guest.http.headers.update({"origin": console, "host": console.partition("://")[2]})
    else:
        guest.http.headers.update({"origin": guest.origin, "host": guest.origin.partition("://")[2]})


async def ask(guest: Guest, method: str, path: str) -> httpx.Response:
    """Knock at a route with a form of our own and nothing else in it."""
    at_its_host(guest, path)
    for blank, filled in FILLED.items():
        path = path.replace(blank, filled)
    if method == "PUT":
        return await guest.http.put(path, headers={"x-csrf": guest.csrf})
    return await (guest.get(path) if method == "GET" else guest.post(path))


def decided(role: str, act: str, method: str, answer: httpx.Response) -> bool:
    """Tell whether an answer is what the table says for a role."""
    if role in MAY[act]:
        return (
            "Your role does not allow this" not in answer.text
            and answer.status_code != 401
            and "/sign-in" not in answer.headers.get("location", "")
        )
    if role == "public" and method == "GET":
        return answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?next=/")
    if role == "public":
        return answer.status_code == 401
    return answer.status_code == 403 and "Your role does not allow this" in answer.text


@pytest.mark.parametrize("role", ROLES)
async def test_the_table_decides_for_every_role_and_every_route(house: House, role: str) -> None:
    wrong = {}
    for (method, path), act in ROUTES.items():
        if method == "WS":
            continue
        answer = await ask(await house.sign_in(ROLES[role]), method, path)
        if not decided(role, act, method, answer) or answer.status_code >= 500:
            wrong[method, path] = answer.status_code
    assert wrong == {}


FORM = re.compile(r'<form\b[^>]*method="post"[^>]*>|formaction="[^"]*"', re.I)
TARGET = re.compile(r'(?:form)?action="([^"?#]*)')


def act_of(address: str) -> str | None:
    """The act of the route that a form's address leads to."""
    for (method, path), act in ROUTES.items():
        pattern = re.sub(r"\{[^}]*:path\}", ".+", path)
        pattern = re.sub(r"\{[^}]*\}", "[^/]+", pattern)
        if method == "POST" and re.fullmatch(pattern, address):
            return act
    return None


@pytest.mark.parametrize("role", ROLES)
async def test_no_page_offers_a_form_that_its_reader_may_not_send(house: House, role: str) -> None:
    guest, offered = await house.sign_in(ROLES[role]), {}
    for (method, path), act in ROUTES.items():
        if method != "GET" or role not in MAY[act]:
            continue
        answer = await ask(guest, method, path)
        for form in FORM.findall(answer.text):
            target = TARGET.search(form)
            address = target.group(1) if target is not None else str(answer.url.path)
            wanted = act_of(address)
            hidden = (
                wanted == "bid" and "<div hidden>" in answer.text
            )  # The room's script works on it, unseen.
            if wanted is None or (role not in MAY[wanted] and not hidden):
                offered[path] = address
    assert offered == {}


@pytest.mark.parametrize("path", ["/events/1/room", "/events/1/bids"])
async def test_a_vendor_that_is_not_admitted_gets_neither_the_room_nor_a_bid_in(
    house: House, path: str
) -> None:
    stranger = await house.sign_in(STRANGER)
    answer = await (
        stranger.get(path) if path.endswith("room") else stranger.post(path, lot="L1", amount="9")
    )
    assert answer.status_code == 403 and "not admitted to this event" in answer.text


# --- forms ---------------------------------------------------------------------------------------------------------------


def posts() -> list[tuple[str, str]]:
    """Every form, with somebody who may send it."""
    for_ = {act: next(role for role in (*list(ROLES)[1:], "public") if role in MAY[act]) for act in MAY}
    return [(path, for_[act]) for (method, path), act in ROUTES.items() if method == "POST"]


@pytest.mark.parametrize(
    ("headers", "form"),
    [
        ({}, {"csrf": "0" * 64}),
        ({}, {"csrf": ""}),
        ({}, {"csrf": "é"}),
        ({"origin": "http://evil.example"}, {}),
        ({"origin": "null"}, {}),
        ({"origin": ""}, {}),
        ({"origin": "", "referer": "http://evil.example/events/1/room"}, {}),
        ({"sec-fetch-site": "cross-site"}, {}),
        ({"sec-fetch-site": "same-site"}, {}),
    ],
)
async def test_no_form_of_another_site_or_session_is_taken(
    house: House, headers: dict[str, str], form: dict[str, str]
) -> None:
    before, wrong = house.told(), {}
    for path, role in posts():
        guest = await house.sign_in(ROLES[role])
        at_its_host(guest, path)
        guest.http.headers.update(headers)
        for blank, filled in FILLED.items():
            path = path.replace(blank, filled)
        answer = await guest.post(path, **form)
        if answer.status_code != 403 or "did not come from a page of this session" not in answer.text:
            wrong[path] = answer.status_code
    assert wrong == {}
    assert house.told() == before


async def test_a_form_with_another_session_s_token_is_refused(house: House) -> None:
    one, other = await house.sign_in("v-ash"), await house.sign_in("v-ash")
    assert one.csrf != other.csrf
    answer = await one.post("/events/1/bids", lot="L1", amount="900", csrf=other.csrf)
    assert answer.status_code == 403


async def test_a_form_without_an_origin_counts_where_its_referer_is_ours(house: House) -> None:
    guest = await house.sign_in("v-ash")
    guest.http.headers.update({"origin": "", "referer": f"{house.origin}/events/1/room"})
    answer = await guest.post("/events/1/bids", lot="L9", amount="900")
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("application/json", b'{"csrf":""}'),
        ("application/json", b"[1]"),
        ("text/plain", b"csrf=x"),
        ("multipart/form-data; boundary=x", b"--x\r\ngarbage"),
        ("application/x-www-form-urlencoded", b"\xff\xfe=%ff&&&=;"),
        ("application/x-www-form-urlencoded", b"x" * 70_000),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % each for each in range(3000))),
    ],
)
async def test_a_body_that_is_no_form_is_refused_in_words(house: House, kind: str, content: bytes) -> None:
    guest = await house.sign_in("v-ash")
    answer = await guest.http.post("/events/1/bids", content=content, headers={"content-type": kind})
    assert answer.status_code in (400, 403, 413)
    assert "Traceback" not in answer.text and answer.headers["content-type"].startswith("text/html")


# --- the demonstration's door ----------------------------------------------------------------------------------------------


async def test_a_demonstration_s_door_is_open_on_this_machine_alone(house: House) -> None:
    guest = await house.sign_in(None)
    assert (await guest.get("/demo")).status_code == 200
    entered = await guest.post("/demo/p-ash@v-ash")
    assert entered.status_code == 303
    assert "Ash Supply" in (await guest.get("/")).text
    anybody = await house.sign_in(None)
    for host in ("tenderbell.example", "127.0.0.1.evil.example", "evil.example:80"):
        anybody.http.headers["host"] = host
        assert (await anybody.get("/demo")).status_code == 404
        anybody.http.headers["origin"] = f"http://{host}"
        assert (await anybody.post("/demo/p-ash@v-ash")).status_code in (403, 404)
    anybody.http.headers.update({"host": "tenderbell.example", "origin": house.origin})
    assert (await anybody.post("/demo/p-ash@v-ash")).status_code == 404


async def test_without_a_demonstration_there_is_no_such_door(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    async with opened(tmp_path_factory.mktemp("plain")) as plain:
        guest = await plain.sign_in(None)
        assert (await guest.get("/demo")).status_code == 404
        assert (await guest.post("/demo/p-ash@v-ash")).status_code == 404
        assert "/demo" not in (await guest.get("/sign-in")).text


# --- tenants -------------------------------------------------------------------------------------------------------------


async def test_another_consortiums_lead_does_not_learn_that_a_draft_is_there(house: House) -> None:
    draft = await drafting.keep(house.parts, event(), "p-lead", OWNER)
    other, own = await house.sign_in("p-far"), await house.sign_in("p-second")
    for path in (f"/events/{draft}/console", f"/events/{draft}"):
        assert (await other.get(path)).status_code == 404
    assert f"/events/{draft}/console" not in (await other.get("/")).text
    assert (await own.get(f"/events/{draft}/console")).status_code == 200
    answer = await other.post(f"/events/{draft}/console/discard", reason="Not mine.")
    assert answer.status_code == 404
    assert house.parts.desk.state(f"tender/{draft}").status == "draft"


async def test_another_consortiums_lead_sees_a_running_event_as_the_public_does(house: House) -> None:
    other = await house.sign_in("p-far")
    assert (await other.get("/events/1")).status_code == 200
    assert (await other.get("/events/1/console")).status_code == 404
    caller = await other.watch(view="buyer", last=None)
    assert await caller.closed() == 4403


async def test_a_preparers_bid_is_refused_with_the_reason_on_both_ways(house: House) -> None:
    guest = await house.sign_in("p-preparer")
    caller = await guest.watch()
    answer = await caller.bid("L1", "900")
    assert answer["k"] == "no" and answer["code"] == "NOT_ALLOWED" and "signer" in answer["message"]
    assert (await guest.post("/events/1/bids", lot="L1", amount="900", id="x")).status_code == 403
    assert "v-ash" not in house.room().lots["L1"].bids
