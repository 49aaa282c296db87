"""Officers in Python: they make keys, try them, accept, sign and release over HTTP, as the console in a browser does."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import httpx

from auction.tender.solicitation import Solicitation
from auction.tender.tender import ApproveTender, ProposeTender
from bidders.sealing import officers, release
from bidders.sealing.encoding import b64u
from bidders.sealing.manifest import accept_message, addendum_message, manifest_hash
from bidders.sealing.officers import OfficerKeys
from server import drafting
from server.jurisdictions import ground
from tests.server.callers import Guest
from tests.server.house import OWNER, House

CODE = bytes(range(16))


class Officer:
    """One officer at the console."""

    def __init__(self, guest: Guest, person: str, event_id: str = "1") -> None:
        self.guest, self.person, self.event_id = guest, person, event_id
        self.keys = OfficerKeys(event_id, hashlib.sha256(f"{person}/{event_id}".encode()).digest())
        self.uk = hashlib.sha256(person.encode()).digest()

    async def get(self, path: str) -> httpx.Response:
        """Read something of this solicitation."""
        return await self.guest.get(f"/officers/{self.event_id}{path}")

    async def send(self, path: str, said: object) -> httpx.Response:
        """Send something as the console does."""
        return await self.guest.post(f"/officers/{self.event_id}/{path}", said=json.dumps(said))

    async def state(self) -> dict[str, Any]:
        """Where it stands."""
        found: dict[str, Any] = (await self.get("/state.json")).json()
        return found

    async def make_key(self) -> httpx.Response:
        """Make keys, and a recovery code where there is none yet."""
        named = self.keys.named("", "")
        records = [officers.lock_os(self.keys, self.person, self.uk, bytes(12))]
        if (await self.state())["records"]["code"] is None:
            records.append(officers.lock_code(self.uk, self.person, CODE, b"i" * 12))
        public = {name: named[name] for name in ("kid", "pk", "vk")}
        return await self.send("keys", public | {"records": records})

    async def drill(self) -> httpx.Response:
        """Unlock everything by the code, as it was kept, and say so."""
        held = (await self.state())["records"]
        uk = officers.open_code(held["code"], self.person, CODE)
        officers.open_os(held["os"][self.keys.kid], self.person, self.event_id, self.keys.kid, uk)
        return await self.send("drill", {"names": ["code", f"os:{self.keys.kid}"]})

    async def accept(self) -> httpx.Response:
        """Accept what is put before the officers."""
        name = manifest_hash((await self.state())["draft"])
        return await self.send("accept", {"manifest": name, "sig": self.keys.sign(accept_message(name))})

    async def sign_addendum(self) -> httpx.Response:
        """Sign the addendum that is proposed."""
        name = manifest_hash((await self.state())["addendum"])
        return await self.send("addendum", {"manifest": name, "sig": self.keys.sign(addendum_message(name))})

    async def release(self, house: House, **changes: Any) -> httpx.Response:
        """Release the shares of everything that is due."""
        state, told = await self.state(), (await self.get("/closing.json")).json()
        closed = next(each["event"] for each in told["events"] if each["event"]["type"] == "tender.closed")
        due = release.due_set(closed["current"], state["stage"], state["passed"])
        posted = release.make(
            self.keys,
            state["seat"],
            state["stage"],
            told["close"],
            house.parts.now(),
            {eid: told["envelopes"][eid] for eid in due},
        )
        if changes:
            posted["release"] |= changes
            posted["sig"] = self.keys.sign(release.release_message(posted["release"]))
        return await self.send("release", posted)


async def at_console(house: House, person: str, event_id: str = "1") -> Officer:
    """Sign an officer in at the console's own host."""
    guest = await house.sign_in(person)
    console = house.parts.settings.officers
    guest.http.headers.update({"origin": console, "host": console.partition("://")[2]})
    return Officer(guest, person, event_id)


async def approved(house: House, document: Solicitation) -> str:
    """A draft that a second person has approved."""
    event_id = await drafting.keep(house.parts, document, "p-lead", OWNER)
    stream = f"tender/{event_id}"
    hash = house.parts.desk.state(stream).hash
    law = ground(house.parts.jurisdictions, document, house.parts.now())
    await drafting.tell(house.parts, stream, ProposeTender(by="p-lead", hash=hash, ground=law))
    await drafting.tell(house.parts, stream, ApproveTender(by="p-second", hash=hash))
    return event_id


def fingerprint(data: bytes) -> str:
    """Bytes as the console writes them."""
    return b64u(data)
