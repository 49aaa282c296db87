"""Starting here: somebody founds a consortium, registers a company or brings a district, once the e-mail address is confirmed."""

from __future__ import annotations

from typing import Any

from auction.demand.organisation import AskToJoin, Found
from auction.demand.profile import ConsortiumProfile, DistrictProfile, Profile
from auction.terms.faults import Fault, Faulty
from server.parts import Parts
from server.people import accounts, links, mail, notifying, register

KINDS = {"found": "consortium", "register": "vendor", "join": "district"}
"""Each way to start with the kind of organisation that it makes."""
HOME = {"consortium": "/consortium", "vendor": "/company", "district": "/district"}
"""Where somebody goes who has started."""


async def begin(parts: Parts, kind: str, email: str, **detail: Any) -> None:
    """Send the link that confirms the address; nothing is founded before. Whether the address is known shows nowhere."""
    token = await links.make(parts, "start", None, links.CONFIRM_LASTS, kind=kind, email=email, **detail)
    await mail.send(
        parts,
        "verify",
        email,
        parts.random(8).hex(),
        person=detail["name"],
        organisation=detail["organisation"],
        link=mail.address(parts, f"/verify/{token}"),
        expires=mail.until(parts.now() + links.CONFIRM_LASTS),
    )


async def finish(parts: Parts, link: links.Link, person: str) -> str:
    """Found what was asked for, and return the organisation's id; raises `Faulty` for whoever comes second."""
    if not await links.use(parts, link):
        raise Faulty([Fault("", "This link has been used already.")])
    told = link.detail
    body = await found(parts, person, KINDS[told["kind"]], told["organisation"], told)
    if told.get("consortium"):
        await ask(parts, person, body, told["consortium"], "")
    return body


async def found(parts: Parts, person: str, kind: str, name: str, told: dict[str, Any]) -> str:
    """Found an organisation that this person keeps, and return its id; raises `Faulty`."""
    profile: Profile | None = None
    if kind == "consortium":
        profile = ConsortiumProfile(state=told.get("state", ""), zone=told.get("zone") or "America/New_York")
    elif kind == "district":
        profile = DistrictProfile(state=told.get("state", ""), enrolment=told.get("enrolment"))
    body = accounts.new_id(parts, kind[0])
    await register.tell(parts, body, Found(by=person, kind=kind, name=name, profile=profile))
    return body


async def ask(parts: Parts, person: str, district: str, consortium: str, resolution: str) -> None:
    """Ask for a district's place in a consortium, and let its administrators know; raises `Faulty`."""
    await register.tell(parts, consortium, AskToJoin(by=person, district=district, resolution=resolution))
    await notifying.asked(parts, consortium, district)
