"""What may be told of an opening, to everybody alike: the course of it, the committee, the minutes, and the tabulation after it.

Before a stage is finished nothing here depends on what was bid, by whom, or whether anybody did.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import msgspec

from auction.record.logged import moment
from auction.tender.sealed_bids import one_house
from bidders.box import ceremony, tabulation
from bidders.box.progress import phase, released, wanted
from bidders.box.state import Box
from bidders.sealing.manifest import committee_code
from server.pages.opening.minutes import minutes
from server.pages.opening.tables import tables, technical
from server.pages.showing import Shown


def course(shown: Shown, now: datetime, inside: bool = False, whole: bool = True) -> dict[str, Any]:
    """The opening as templates take it: its phase, times, committee and witnesses; tables only once a stage is finished.

    `inside` is the consortium's own view, which knows who is to pass before officers have signed it; `whole` gives the tables.
    """
    box = shown.envelopes
    assert box is not None
    manifest = box.manifest
    if manifest is None:
        return {"phase": "taking", "ready": False, "seats": [], "code": "", "tag": "", "said": ""}
    env = ceremony.stage(box) or manifest["envs"][-1]
    told: dict[str, Any] = {
        "phase": phase(box),
        "env": env,
        "two": len(manifest["envs"]) > 1,
        "due": moment(manifest["closes_at"]),
        "opens": moment(manifest["opens_at"]),
        "come": now >= moment(manifest["opens_at"]),
        "quorum": manifest["quorum"],
        "seats": seats(box, manifest, env),
        "wanted": wanted(box, env),
        "code": committee_code(manifest),
        "one_house": one_house(shown.document.sealing),
        "witnesses": box.witnesses,
        "minutes": minutes(shown, box),
        "technical": technical(box, inside or box.passed is not None),
        "proposed": box.proposed if inside else None,
        "passed": [tabulation.name(box, each) for each in box.passed.vendors]
        if box.passed is not None
        else None,
        "lots": tables(shown, box) if whole and not box.seeds else [],
        "seeds": box.seeds,
        "material": manifest["rules"]["material"],
    }
    told["counted"] = counted(box)
    return told | {"said": said(told), "tag": tag(told)}


def counted(box: Box) -> str:
    """How many opening bids were opened, as the public log tells it, too."""
    number = sum(each.result == "opened" for each in box.results.values())
    return f"{number} opening {'bid' if number == 1 else 'bids'}"


def seats(box: Box, manifest: dict[str, Any], env: str) -> list[dict[str, Any]]:
    """The committee in its order, each with whether it has released its part of the stage that runs or ran last."""
    done = released(box, env)
    return [
        {
            "x": seat["x"],
            "name": seat["name"],
            "org": seat["org"],
            "released": seat["x"] in done,
            "at": box.releases[env, seat["x"]].at if seat["x"] in done else None,
        }
        for seat in manifest["officers"]
    ]


def said(told: dict[str, Any]) -> str:
    """Where the opening stands, in a sentence or two: for a screen reader, and for the head of the page."""
    which = f"the {told['env']} envelopes" if told["two"] else "the envelopes"
    if told["phase"] == "cancelled":
        return "The solicitation was cancelled. Nothing was opened, and nothing will be."
    if told["phase"] == "taking":
        return "Bids are taken and stay sealed until the opening."
    if told["phase"] == "waiting":
        return "Bids are closed. Everybody waits for the opening to begin."
    if told["phase"] == "opened" and told["seeds"]:
        return f"All envelopes are opened: {told['counted']} in all. Whose they are, and at what price, is not shown here."
    if told["phase"] == "opened":
        return "All envelopes are opened. The prices stand below."
    if told["technical"] and told["env"] == "price" and told["passed"] is None:
        return (
            "The technical envelopes are opened. It is now decided who passes; prices stay sealed until then."
        )
    if told["wanted"]:
        more = "1 more officer" if told["wanted"] == 1 else f"{told['wanted']} more officers"
        return f"The opening runs. {more} must release a part of the key before {which} can be opened."
    return f"Enough officers have released their parts. The lead can now have {which} opened."


def tag(told: dict[str, Any]) -> str:
    """A mark of what is told, which changes with it and with nothing else."""
    facts = {
        name: told[name]
        for name in ("phase", "env", "come", "seats", "witnesses", "passed", "proposed", "minutes")
    }
    return hashlib.sha256(msgspec.json.encode(facts)).hexdigest()[:16]
