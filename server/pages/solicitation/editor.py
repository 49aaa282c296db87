"""The editor: one page for each section of a solicitation; a save of an older state is refused with both texts shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath

from auction.award.plan_card import card
from auction.tender import calendar, judging
from auction.tender.authority import statement
from auction.tender.difference import difference
from auction.tender.solicitation import Solicitation
from auction.terms.faults import Fault
from auction.terms.jurisdiction import CATEGORIES, TOPICS
from server.jurisdictions import ground
from server.login import Identity
from server.pages.answering import Req, page, plain, see_other
from server.pages.public import people
from server.pages.solicitation import (
    basics,
    checking,
    conditions,
    dates,
    evaluation,
    law,
    rule_form,
    scale_rows,
)
from server.pages.solicitation.editing import Working, piece, save, working
from server.pages.solicitation.fields import Fields
from server.pages.solicitation.starting import offered
from server.pages.solicitation.telling import told
from server.parts import Parts, signed_in
from server.people.states import ZONES


class Section(msgspec.Struct, frozen=True):
    """A section: its heading, the document's parts that it edits, and how it shows and reads them."""

    title: str
    names: tuple[str, ...]
    values: Callable[[Solicitation], dict[str, str]]
    read: Callable[[Solicitation, Fields], Solicitation]


SECTIONS = {
    "basics": Section("Basics", basics.NAMES, basics.values, basics.read),
    "law": Section("Law", law.NAMES, law.values, law.read),
    "rules": Section("Rules", rule_form.NAMES, rule_form.values, rule_form.read),
    "evaluation": Section("How bids are judged", evaluation.NAMES, evaluation.values, evaluation.read),
    "dates": Section("Dates", (*dates.NAMES, "sealing"), dates.values, dates.read),
    "conditions": Section(
        "Contract, fees and delivery", conditions.NAMES, conditions.values, conditions.read
    ),
}


@get("/events/{event_id:str}/draft/{section:str}", opt={"may": "run events"})
async def section_page(request: Req, event_id: FromPath[str], section: FromPath[str]) -> Response[str]:
    """Show a section's form."""
    parts, now, _ = working(request, event_id)
    return await _form(request, parts, now, section, _section(section, now.document).values(now.document))


@post("/events/{event_id:str}/draft/{section:str}", opt={"may": "run events"}, status_code=200)
async def section_saved(request: Req, event_id: FromPath[str], section: FromPath[str]) -> Response[str]:
    """Save a section, or show what is wrong; an older form overwrites nothing."""
    parts, now, identity = working(request, event_id)
    kind, form = _section(section, now.document), await request.form()
    if section == "rules" and str(form.get("preset", "")) in rule_form.PRESETS:
        raw = rule_form.preset(str(form["preset"]))
        shown = kind.values(msgspec.structs.replace(now.document, rules=raw))
        return await _form(request, parts, now, section, shown, filled=str(form["preset"]))
    fields = Fields(form, now.document.zone)
    mine = kind.read(now.document, fields)
    said = {name: str(value) for name, value in form.items() if isinstance(value, str)}
    if mine.jurisdiction not in {"", *(each.code for each in offered(parts, now.document.jurisdiction))}:
        fields.fault("jurisdiction", "choose one of the list")
    if fields.faults:
        return await _form(request, parts, now, section, said, fields.faults)
    if str(form.get("base", "")) != piece(now.document, kind.names) and mine != now.document:
        return await _form(request, parts, now, section, said, mine=mine)
    refused = await save(
        parts, event_id, identity, lambda document: kind.read(document, Fields(form, document.zone))
    )
    if refused is not None:
        return await _form(request, parts, now, section, said, [Fault("", refused.message)])
    return see_other(after(parts, request, event_id, mine, section, str(form.get("do", ""))))


def _section(name: str, document: Solicitation) -> Section:
    if name not in SECTIONS or name not in checking.names(document):
        raise plain(404, "There is no such section.")
    return SECTIONS[name]


def after(parts: Parts, request: Req, event_id: str, document: Solicitation, section: str, wish: str) -> str:
    """Where to go once a section is saved: on to the next, or back to it."""
    who = signed_in(request)
    note = parts.notes.leave(who.session, {"ok": True, "text": "Saved."}) if who is not None else ""
    order = list(checking.names(document))
    following = order[order.index(section) + 1] if section != order[-1] else None
    if wish == "on" and following is not None:
        return f"/events/{event_id}/draft/{following}?note={note}"
    return f"/events/{event_id}/draft/{section}?note={note}"


async def _form(
    request: Req,
    parts: Parts,
    now: Working,
    section: str,
    values: dict[str, str],
    faults: list[Fault] | None = None,
    mine: Solicitation | None = None,
    filled: str = "",
) -> Response[str]:
    """The form; with `mine`, beside what somebody else saved meanwhile."""
    kind, document = _section(section, now.document), now.document
    names = await people(parts)
    return page(
        request,
        f"solicitation/{section}.html",
        code=409 if mine is not None else 422 if faults else 200,
        **await frame(request, parts, now, section),
        v=values,
        base=piece(document, kind.names),
        wrong=faults or [],
        at={fault.path: fault.message for fault in faults or []},
        filled=rule_form.PRESETS[filled][0] if filled else "",
        clash=None if mine is None else clash(now, mine, names),
        document=document,
        **_more(parts, document, section, values),
    )


async def frame(request: Req, parts: Parts, now: Working, section: str) -> dict[str, Any]:
    """What every page of the editor needs: the event's head, the sections with what they still need, and a note."""
    who = signed_in(request)
    found = await checking.by_section(parts, now)
    return {
        "nav": "console",
        "event": {
            "id": now.shown.id,
            "title": now.document.title,
            "number": now.document.number,
            "status": now.shown.tender.status,
            "zone": now.document.zone,
            "currency": now.document.currency,
        },
        "makes": now.makes,
        "section": section,
        "sections": [(name, title, len(found[name])) for name, title in checking.names(now.document).items()],
        "needed": found.get(section, []),
        "approved": now.shown.tender.status in ("proposed", "approved"),
        "done": parts.notes.read(who.session, request.query_params.get("note", ""))
        if who is not None
        else None,
    }


def clash(now: Working, mine: Solicitation, names: dict[str, str]) -> dict[str, Any]:
    """What somebody else saved meanwhile, beside what was typed."""
    tender = now.shown.tender
    by, when = tender.edited_by, tender.edited_at
    if tender.amending is not None:
        by, when = tender.amending.by, tender.amending.at
    return {
        "by": names.get(by, "Somebody else"),
        "at": when,
        "rows": told(difference(now.document, mine), now.document, mine),
    }


def _more(parts: Parts, document: Solicitation, section: str, values: dict[str, str]) -> dict[str, Any]:
    """What one section shows beside its fields."""
    profile = parts.jurisdictions.get(document.jurisdiction)
    if section == "basics":
        return {
            "categories": CATEGORIES,
            "funding": basics.FUNDING,
            "ordering": basics.ORDERING,
            "zones": {document.zone: document.zone} | ZONES,
        }
    if section == "dates":
        today = ground(parts.jurisdictions, document, parts.now()).today
        first = calendar.notice(profile, document.kind, today) if profile is not None else None
        return {"profile": profile, "first": first, "first_said": calendar.said(first.day) if first else ""}
    if section == "law":
        return {
            "profile": profile,
            "states": offered(parts, document.jurisdiction),
            "topics": TOPICS,
            "files": {each.hash: each.name for each in document.documents},
            "statement": statement(msgspec.structs.replace(document, non_collusion=""), profile),
        }
    if section == "evaluation":
        return judging_words(document, values)
    if section == "rules":
        return {"groups": rule_form.GROUPS, "presets": rule_form.PRESETS, "openings": rule_form.OPENING}
    return {
        "payers": conditions.PAYERS,
        "bases": conditions.BASES,
        "fee_rows": range(conditions.ROOM_FOR_FEES),
        "decisions": conditions.DECISIONS,
        "units": conditions.UNITS,
        "anchors": conditions.ANCHORS,
        "stays": conditions.STAYS,
        "law": profile.protest_window if profile is not None else None,
    }


def judging_words(document: Solicitation, values: dict[str, str]) -> dict[str, Any]:
    """What the section on how bids are judged shows beside its fields."""
    rows = evaluation.rows(values)
    return {
        "how": evaluation.HOW,
        "formulas": evaluation.OFFERED,
        "aggregations": evaluation.AGGREGATIONS,
        "anonymous": evaluation.ANONYMOUS,
        "ties": evaluation.TIES,
        "kinds": scale_rows.KINDS,
        "rows": rows,
        "groups": {"": "None"} | {str(each): f"Group {each}" for each in rows["groups"]},
        "fits": evaluation.fits(document),
        "plan_card": card(judging.plan_of(document)),
    }


def title_of(document: Solicitation) -> str:
    """A document's title, or a stand-in."""
    return document.title or "Untitled"


ROUTES = [section_page, section_saved]
__all__ = ["ROUTES", "Identity", "after", "clash", "frame", "title_of"]
