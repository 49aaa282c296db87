"""The console of one solicitation: one page with three steps, carried out by the browser, because no key ever leaves it."""

from __future__ import annotations

from litestar import Response, get
from litestar.params import FromPath

from bidders.sealing.officers import code_text
from server.csrf import token
from server.pages.answering import Req, page, shows_demo
from server.pages.officers.finding import held
from server.pages.officers.posting import OFFICER
from server.parts import parts_of, signed_in
from server.sealed.demo_code import demo_code
from server.sealed.doing import doing


@get("/officers/{event_id:str}", opt=OFFICER)
async def console(request: Req, event_id: FromPath[str]) -> Response[str]:
    """Show the steps; the browser fills them in."""
    here, who, parts = await held(request, event_id), signed_in(request), parts_of(request)
    assert who is not None
    return page(
        request,
        "officers/console.html",
        event={"id": here.id, "number": here.document.number, "title": here.document.title,
               "zone": here.document.zone, "consortium": here.document.consortium},
        document=here.document,
        doing=doing(here.tender, here.box, here.person, parts.now()),
        person=here.person,
        token=token(parts.known.secret, who.session),
        main=parts.settings.origin,
        demo_code=code_text(demo_code(here.person)) if shows_demo(request) else "",
    )  # fmt: skip


ROUTES = [console]
