"""A person's second factor: set up with a first code, recovery codes shown once, and done without again."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromQuery

from auction.terms.faults import Fault
from server.pages.account import me, right_password
from server.pages.answering import Req, page, plain, see_other
from server.pages.entering import wait_words
from server.pages.forming import by_field, done, note_of, who_of, zone_for
from server.parts import parts_of
from server.people import factors, notifying, sessions
from server.people.forms import Form

OWN = {"may": "own account"}
HERE = "/account/second-factor"
WRONG_CODE = "is not right, or was used already; wait for the next one"


@get(HERE, opt=OWN)
async def factor_page(request: Req, note: FromQuery[str] = "") -> Response[str]:
    """Show whether a second factor is set up, or what is next to set it up; new recovery codes this once."""
    told = note_of(request, note)
    if told is not None and "codes" in told:
        parts_of(request).notes.take(who_of(request).session, note)
    return await _show(request, told=told)


async def _show(
    request: Req, faults: list[Fault] | None = None, code: int = 200, told: dict[str, object] | None = None
) -> Response[str]:
    parts, person = parts_of(request), await me(request)
    ready = await factors.confirmed(parts, person.id)
    begun = await factors.begun(parts, person.id)
    secret = begun.secret if begun is not None else ""
    return page(
        request,
        "people/second_factor.html",
        code=code,
        nav="account",
        since=ready.confirmed_at if ready is not None else None,
        left=await factors.codes_left(parts, person.id),
        begun=begun is not None,
        secret=[secret[at : at + 4] for at in range(0, len(secret), 4)],
        codes=(told or {}).get("codes"),
        wrong=by_field(faults or ()),
        done=told,
        zone=await zone_for(request),
    )


@get(f"{HERE}/qr.svg", opt=OWN)
async def qr(request: Req) -> Response[bytes]:
    """The picture that an authenticator app reads, while it is being set up."""
    parts, person = parts_of(request), await me(request)
    begun = await factors.begun(parts, person.id)
    if begun is None:
        raise plain(404, "No second factor is being set up.")
    return Response(factors.picture(begun, person.email), media_type="image/svg+xml")


@post(f"{HERE}/begin", opt=OWN, status_code=200)
async def begin(request: Req) -> Response[str]:
    """Begin to set one up, with the password once more."""
    form = Form(await request.form())
    await right_password(request, form)
    if form.faults:
        return await _show(request, form.faults, 422)
    await factors.begin(parts_of(request), who_of(request).identity.person_id)
    return see_other(HERE)


@post(f"{HERE}/confirm", opt=OWN, status_code=200)
async def confirm(request: Req) -> Response[str]:
    """Take the first code: from now on one is asked for; everybody else with this account signs in again."""
    parts, form, person = parts_of(request), Form(await request.form()), await me(request)
    begun, key = await factors.begun(parts, person.id), f"code {person.id}"
    if begun is None:
        return see_other(HERE)
    if wait := wait_words(parts, key):
        return await _show(request, [Fault("code", wait)], 429)
    parts.attempts.failed(key, parts.now())
    if not await factors.take(parts, begun, form.secret("code")):
        return await _show(request, [Fault("code", WRONG_CODE)], 422)
    parts.attempts.forget(key)
    codes = await factors.confirm(parts, begun)
    await sessions.end_all(parts, person.id, spare=who_of(request).session)
    await notifying.changed(parts, person, "second factor")
    return done(request, HERE, "Your second factor is set up.", codes=codes)


@post(f"{HERE}/codes", opt=OWN, status_code=200)
async def codes(request: Req) -> Response[str]:
    """Make new recovery codes in place of the old ones."""
    form = Form(await request.form())
    await right_password(request, form)
    person = who_of(request).identity.person_id
    if form.faults:
        return await _show(request, form.faults, 422)
    if await factors.confirmed(parts_of(request), person) is None:
        return see_other(HERE)
    made = await factors.new_codes(parts_of(request), person)
    return done(request, HERE, "The codes before no longer work.", codes=made)


@post(f"{HERE}/off", opt=OWN, status_code=200)
async def off(request: Req) -> Response[str]:
    """Do without a second factor again, or stop setting one up."""
    parts, form, person = parts_of(request), Form(await request.form()), await me(request)
    await right_password(request, form)
    if form.faults:
        return await _show(request, form.faults, 422)
    had = await factors.confirmed(parts, person.id) is not None
    await factors.remove(parts, person.id)
    if had:
        await notifying.changed(parts, person, "second factor")
    return done(request, HERE, "No second factor is asked for any more.")


ROUTES = [factor_page, qr, begin, confirm, codes, off]
