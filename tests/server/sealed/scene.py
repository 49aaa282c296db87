"""A house with a bid box: officers with real keys, a published event, and vendors who seal and sign by programs of their own."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import httpx
import msgspec

from auction.kernel import Command
from auction.refusals import Refusal
from auction.tender.authority import Ground
from auction.tender.promised import Officer, Sealing
from auction.tender.solicitation import Line, Lot, Solicitation
from auction.tender.tender import ApproveTender, ProposeTender, PublishTender
from auction.terms.schedule import LinePrice, LotLine
from bidders.box import content
from bidders.box.facts import Read
from bidders.box.manifest_of import Surroundings, manifest_of
from bidders.box.state import Box
from bidders.box.words import AcceptManifest, EnterKeys, FixManifest, IssueAddendum, SignAddendum
from bidders.sealing import bid as bidding
from bidders.sealing import opening, signing
from bidders.sealing.encoding import V, b64u, canonical
from bidders.sealing.envelope import Sealed, fresh_seed, seal
from bidders.sealing.manifest import accept_message, addendum_message, manifest_hash, officer_keys
from bidders.sealing.officers import OfficerKeys
from server import drafting
from server.jurisdictions import ground
from server.parts import Parts
from tests.server.callers import Guest
from tests.server.house import OWNER, House, event

OFFICERS = ("p-lead", "p-second", "p-auditor")
HOUR = timedelta(hours=1)


class Clock:
    """A clock that a test may stop; it goes on from there when it is let go."""

    def __init__(self, real: Any) -> None:
        self._real, self._stopped, self._ahead = real, None, timedelta(0)

    def __call__(self) -> datetime:
        return self._stopped or self._real() + self._ahead

    def stop(self, at: datetime) -> None:
        """Stand still at a time."""
        self._stopped = at

    def jump(self, at: datetime) -> None:
        """Go on from a time."""
        self._stopped, self._ahead = None, at - self._real()


def document(**more: Any) -> Solicitation:
    """Paper and pens in two lots, for sealed bids, with three officers."""
    lines = (
        Line("A", "Copy paper", "case", "10", no_bid=True),
        Line("B", "Pens", "box", "5", alternates=True, or_equal=True),
    )
    lots = (Lot("L1", "Paper", lines=lines), Lot("L2", "Art", lines=(Line("C", "Brushes", "set", "4"),)))
    officers = tuple(Officer(each, each[2:].title(), f"District {each[2:]}") for each in OFFICERS)
    sealing = Sealing(officers=officers)
    made = msgspec.structs.replace(event(lots=lots), kind="sealed_bid", rules={}, vendors=(), sealing=sealing)
    sealed = msgspec.structs.replace(sealing, **more.pop("sealing", {}))
    return msgspec.structs.replace(made, sealing=sealed, **more)


def keys_of(event_id: str, person: str) -> OfficerKeys:
    """An officer's keys for an event."""
    return OfficerKeys(event_id, hashlib.sha256(f"{event_id} {person}".encode()).digest())


def around(parts: Parts) -> Surroundings:
    """What a manifest says of this house."""
    return Surroundings(
        b64u(bytes(32)), f"{parts.settings.origin}/kit.html", parts.log.origin, parts.log.vkey
    )


async def do(parts: Parts, stream: str, command: Command) -> None:
    """Have a command carried out, with what follows from it."""
    outcome = await parts.desk.submit(stream, command, parts.now())
    assert not isinstance(outcome.answer, Refusal), outcome.answer
    await parts.errands.settled()


def unhurried(ground: Ground) -> Ground:
    """The law without its days of notice, which no test can wait for."""
    assert ground.profile is not None
    return msgspec.structs.replace(ground, profile=msgspec.structs.replace(ground.profile, notice={}))


async def published(house: House, closes: datetime | None = None, **more: Any) -> str:
    """Draft, approve and publish a solicitation with sealed bids, its officers' acceptances and all."""
    parts = house.parts
    due = closes or parts.now() + HOUR
    made = document(**more)
    sealing = msgspec.structs.replace(made.sealing, opens=due + HOUR)
    made = msgspec.structs.replace(made, closes=due, sealing=sealing)
    event_id = await drafting.keep(parts, made, "p-lead", OWNER)
    stream, tender = f"box/{event_id}", f"tender/{event_id}"
    draft = parts.desk.state(tender)
    grounds = unhurried(ground(parts.jurisdictions, draft.document, parts.now()))
    await do(parts, tender, ProposeTender(by="p-lead", hash=draft.hash, ground=grounds))
    await do(parts, tender, ApproveTender(by="p-second", hash=draft.hash))
    for person in OFFICERS:
        keys = keys_of(event_id, person).named("", "")
        told = {name: str(keys[name]) for name in ("kid", "pk", "vk")}
        await do(parts, stream, EnterKeys(by=person, tender=event_id, **told))
    manifest = manifest_of(draft.document, event_id, parts.desk.state(stream).keys, around(parts))
    await do(parts, stream, FixManifest(by="p-lead", manifest=manifest, document=draft.hash))
    for person in OFFICERS:
        mh = manifest_hash(manifest)
        sig = keys_of(event_id, person).sign(accept_message(mh))
        await do(parts, stream, AcceptManifest(by=person, manifest=mh, sig=sig))
    await do(parts, tender, PublishTender(by="p-lead", seed="00" * 32, ground=grounds, accepted=True))
    return event_id


async def postponed(house: House, event_id: str, closes: datetime) -> None:
    """Put an addendum in force that only moves the times."""
    parts, stream = house.parts, f"box/{event_id}"
    before = parts.desk.state(stream).manifest
    sealing = msgspec.structs.replace(document().sealing, opens=closes + HOUR)
    later = msgspec.structs.replace(
        parts.desk.state(f"tender/{event_id}").document, closes=closes, sealing=sealing
    )
    following = manifest_of(
        later, event_id, parts.desk.state(stream).keys, around(parts), before, manifest_hash(before)
    )
    sig = keys_of(event_id, "p-lead").sign(addendum_message(manifest_hash(following)))
    await do(parts, stream, SignAddendum(by="p-lead", manifest=following, document="later", sig=sig))
    await do(parts, stream, IssueAddendum(by="p-second", document="later"))


# --- a vendor with a program of its own -----------------------------------------------------------------------


class Vendor:
    """A vendor's program: it seals, signs and sends; `bytes_` are its chance, the same for the same name."""

    def __init__(self, house: House, guest: Guest, event_id: str, vendor: str, chance: str = "") -> None:
        self.house, self.guest, self.id, self.vendor = house, guest, event_id, vendor
        self.address, self._chance = f"/events/{event_id}/bid", chance or vendor
        self.seed = hashlib.sha256(f"key {self._chance}".encode()).digest()
        self.seeds: dict[str, bytes] = {}

    @property
    def box(self) -> Box:
        """The box as the server holds it."""
        found: Box = self.house.parts.desk.state(f"box/{self.id}")
        return found

    @property
    def manifest(self) -> dict[str, Any]:
        """The manifest in force."""
        found = self.box.manifest
        assert found is not None
        return found

    def bytes_(self, what: str) -> bytes:
        """32 bytes of chance."""
        return hashlib.sha256(f"{self._chance} {what}".encode()).digest()

    async def send(self, path: str, body: bytes, method: str = "POST", **headers: str) -> httpx.Response:
        """Send bytes as they are, with the session's token."""
        told = {"x-csrf": self.guest.csrf, "content-type": "application/octet-stream"} | headers
        return await self.guest.http.request(method, f"{self.address}/{path}", content=body, headers=told)

    async def register(self) -> httpx.Response:
        """Put the signing key on record."""
        return await self.send("key", canonical(signing.plain_key(self.seed)))

    def ctx(self, lot: str = "L1", env: str = "price", rev: int = 1, **more: Any) -> dict[str, Any]:
        """An envelope's context."""
        named = {
            "v": V, "tender": self.id, "manifest": manifest_hash(self.manifest), "lot": lot, "env": env,
            "vendor": self.vendor, "rev": rev,
        }  # fmt: skip
        return named | more

    def bid(self, *prices: str, note: str = "", files: Sequence[tuple[str, bytes]] = ()) -> dict[str, Any]:
        """A bid of unit prices for the lines of the first lot."""
        lines = [LotLine("A", "10", no_bid=True), LotLine("B", "5", alternates=True, or_equal=True)]
        priced = [
            LinePrice(line.id, price) for line, price in zip(lines, prices or ("41.50", "8"), strict=True)
        ]
        fields = content.price_fields(lines, priced)
        for place, (name, body) in enumerate(files):
            fields.append([f"files/{place}", bidding.attachment(name, "text/plain", body, self.bytes_(name))])
        return {"fields": fields, "note": note}

    def sealed(self, ctx: dict[str, Any], bid: dict[str, Any], blobs: Sequence[bytes] = ()) -> Sealed:
        """Seal a bid for the officers."""
        seed = fresh_seed(self.bytes_(f"seed {ctx}"), ctx, bid)
        made = seal(ctx, officer_keys(self.manifest), self.manifest["quorum"], seed, bid, blobs)
        self.seeds[made.eid] = seed
        return made

    def commit(self, *sealed: Sealed, **more: Any) -> bytes:
        """The bytes of a commit of envelopes."""
        items = [{"envelope": each.envelope, "body": b64u(each.body)} for each in sealed]
        sig = signing.sign(self.seed, "submit", [each.eid for each in sealed])
        return canonical({"v": V, "type": "commit", "items": items, "sig": sig} | more)

    async def submit(self, rev: int = 1, *prices: str, note: str = "") -> httpx.Response:
        """Seal and send a bid for the first lot."""
        return await self.send(
            "commit", self.commit(self.sealed(self.ctx(rev=rev), self.bid(*prices, note=note)))
        )

    async def withdraw(self, *eids: str) -> httpx.Response:
        """Withdraw envelopes."""
        sig = signing.sign(self.seed, "withdraw", eids)
        return await self.send("withdraw", canonical({"v": V, "type": "withdraw", "sig": sig}))

    async def acknowledge(self, *eids: str) -> httpx.Response:
        """Confirm envelopes under the manifest in force."""
        mh = manifest_hash(self.manifest)
        sig = signing.sign(self.seed, "acknowledge", eids, mh)
        return await self.send(
            "acknowledge", canonical({"v": V, "type": "acknowledge", "manifest": mh, "sig": sig})
        )

    async def bring(
        self, *copies: dict[str, object], files: Sequence[tuple[str, bytes]] = ()
    ) -> httpx.Response:
        """Bring own copies back by the form, with attachments."""
        given = [("file", ("own-copy.json", json.dumps(copies).encode(), "application/json"))]
        given += [("attachment", (name, content, "text/plain")) for name, content in files]
        return await self.guest.http.post(
            f"{self.address}/rescue", data={"csrf": self.guest.csrf}, files=given
        )

    async def upload(self, blob: bidding.Blob) -> httpx.Response:
        """Upload a sealed attachment."""
        return await self.send(f"blobs/{blob.root}", blob.sealed, "PUT")


def plan(line: Line) -> LotLine:
    """A line as prices are read against it."""
    return LotLine(line.id, line.quantity, line.decimals, line.no_bid, line.alternates, line.or_equal)


def opened(house: House, event_id: str, eid: str, lot: str | None = "L1") -> tuple[dict[str, Any], Read]:
    """What an envelope holds, opened from two officers' shares, and what is read of it as a bid for a lot."""
    store, box = house.parts.store, house.parts.desk.state(f"box/{event_id}")
    envelope = store.envelope(eid)
    shares = {
        x: opening.wrapped_share(envelope, x, keys_of(event_id, person).sk)
        for x, person in enumerate(OFFICERS[:2], 1)
    }
    given = {x: share for x, share in shares.items() if share is not None}
    officers = officer_keys(box.manifest)
    found = opening.open_envelope(envelope, store.body(eid), store.blobs(eid), given, officers, 2)
    assert found.result == "opened" and found.bid is not None, found.fault
    lots = {each.id: each for each in house.parts.desk.state(f"tender/{event_id}").document.lots}
    lines = [plan(each) for each in lots[lot].lines] if lot else None
    return found.bid, content.read(found.bid, lines)


async def vendor(
    house: House, event_id: str, who: str = "v-ash", registered: bool = True, **more: Any
) -> Vendor:
    """Sign a vendor in whose key is on record."""
    found = Vendor(
        house, await house.sign_in(who), event_id, who if who.startswith("v-") else "v-ash", **more
    )
    if registered:
        answer = await found.register()
        assert answer.status_code == 200, answer.text
    return found


def promises(answer: httpx.Response) -> dict[str, bytes]:
    """The files of an answer's archive."""
    with zipfile.ZipFile(BytesIO(answer.content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}
