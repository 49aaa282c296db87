"""The demonstration's committee and its vendors of sealed bids: keys, acceptances, envelopes, releases, as people make them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from auction.consequences import prepared_lines
from auction.refusals import Refusal
from auction.tender.promised import Officer
from auction.tender.solicitation import Lot, Solicitation
from auction.tender.words import ApproveTender, ProposeTender, PublishTender, Tender
from auction.terms.faults import Fault, Faulty
from auction.terms.schedule import LinePrice
from bidders.box import ceremony, content, tabulation
from bidders.box.facts import Close
from bidders.box.state import Box
from bidders.box.vendor_keys import RegisterKey
from bidders.box.words import Checked, Release
from bidders.sealing import officers as locking
from bidders.sealing import release, signing
from bidders.sealing.bid import fresh_seed
from bidders.sealing.encoding import V, b64u, canonical
from bidders.sealing.manifest import accept_message, manifest_hash, officer_keys
from bidders.sealing.officers import OfficerKeys
from bidders.sealing.packing import Sealed, seal
from server import drafting
from server.demo.staging import CONSORTIUM, LEAD, SECOND
from server.jurisdictions import ground
from server.parts import Parts
from server.sealed import closed, door, locks, officers
from server.sealed.demo_code import demo_code

COOPERATIVE = "Lakeshore Purchasing Cooperative"
OFFICERS = (
    Officer(LEAD, "Daniel Okafor", COOPERATIVE),
    Officer("p-delgado", "Ignacio Delgado", COOPERATIVE),
    Officer("p-lindqvist", "Anna Lindqvist", "Marsh Hollow CSD"),
)
QUORUM = 2


class Committee:
    """The three officers of one solicitation, with their keys in hand."""

    def __init__(self, parts: Parts, event_id: str) -> None:
        self._parts, self._id = parts, event_id
        self._keys = {each.person: OfficerKeys(event_id, parts.random(32)) for each in OFFICERS}

    async def make_keys(self) -> None:
        """Everybody makes keys, locks them by the recovery code that the demonstration shows, and tries it."""
        for person, keys in self._keys.items():
            held = await locks.held(self._parts, person, self._id)
            uk = self._unlocked(person, held.code)
            records = [locking.lock_os(keys, person, uk, self._parts.random(12))]
            if held.code is None:
                records.append(locking.lock_code(uk, person, demo_code(person), self._parts.random(12)))
            made = officers.Made(
                kid=keys.kid,
                pk=b64u(keys.pk),
                vk=b64u(keys.vk),
                records=tuple(msgspec.convert(each, locks.Record) for each in records),
            )
            _done(await officers.make_keys(self._parts, self._id, person, made))
            tried = officers.Drilled(names=("code", f"os:{keys.kid}"))
            _done(await officers.drill(self._parts, self._id, person, tried))

    def _unlocked(self, person: str, code: locks.Record | None) -> bytes:
        """An officer's unlock key: the one that the recovery code opens, or the first one."""
        if code is None:
            return self._parts.random(32)
        said = {name: getattr(code, name) for name in ("kind", "iv", "ct")}
        return locking.open_code(said, person, demo_code(person))

    async def accept(self) -> None:
        """Everybody accepts what the lead has sent."""
        box: Box = self._parts.desk.state(f"box/{self._id}")
        name = manifest_hash(box.draft)
        for person, keys in self._keys.items():
            signed = officers.Signed(manifest=name, sig=keys.sign(accept_message(name)))
            _done(await officers.accept(self._parts, self._id, person, signed))

    async def release(self, person: str) -> None:
        """One officer releases the shares of all prices."""
        box: Box = self._parts.desk.state(f"box/{self._id}")
        head, keys = closed.head(self._parts, self._id, box), self._keys[person]
        assert head is not None
        due = [each.eid for each in ceremony.due(box, "price")]
        envelopes = {eid: self._parts.store.envelope(eid) for eid in due}
        close, x = closed.close_of(head), list(self._keys).index(person) + 1
        posted = release.make(keys, x, "price", close, self._parts.now(), envelopes)
        found = release.shares_in(posted, envelopes)
        name = self._parts.store.keep_signed("release", posted)
        checked = Checked(name, tuple(due), tuple(sorted(found.valid)), found.unreadable, found.forged)
        at = Close(close["size"], close["root"])
        command = Release(by=person, env="price", x=x, close=at, checked=checked)
        await drafting.tell(self._parts, f"box/{self._id}", command)


async def publish(parts: Parts, document: Solicitation) -> tuple[str, Committee]:
    """Draft a solicitation of sealed bids, approve it, let its officers accept, and publish it."""
    event_id = await drafting.keep(parts, document, LEAD, CONSORTIUM)
    stream, committee = f"tender/{event_id}", Committee(parts, event_id)
    tender: Tender = parts.desk.state(stream)
    assert tender.document is not None
    law = ground(parts.jurisdictions, tender.document, parts.now())
    await drafting.tell(parts, stream, ProposeTender(by=LEAD, hash=tender.hash, ground=law))
    await drafting.tell(parts, stream, ApproveTender(by=SECOND, hash=tender.hash))
    await committee.make_keys()
    _done(await officers.send(parts, event_id, parts.desk.state(stream), LEAD))
    await committee.accept()
    seed = parts.random(32).hex()
    await drafting.tell(parts, stream, PublishTender(by=LEAD, seed=seed, ground=law, accepted=True))
    return event_id, committee


def _done(answer: object) -> None:
    if isinstance(answer, Refusal):
        raise Faulty([Fault("", answer.message)])


# --- vendors ---------------------------------------------------------------------------------------------------------------


async def bid(parts: Parts, event_id: str, vendor: str, prices: dict[str, Sequence[LinePrice]]) -> None:
    """Seal a vendor's prices, by lot, and put them in over the door, signed with a key that is put on record first."""
    box: Box = parts.desk.state(f"box/{event_id}")
    document: Solicitation = parts.desk.state(f"tender/{event_id}").document
    signer = parts.random(32)
    await _register(parts, vendor, signer)
    made = [_sealed(parts, box, vendor, lot, prices[lot.id]) for lot in document.lots if lot.id in prices]
    items = [{"envelope": each.envelope, "body": b64u(each.body)} for each in made]
    sig = signing.sign(signer, "submit", [each.eid for each in made])
    body = canonical({"v": V, "type": "commit", "items": items, "sig": sig})
    answer = await door.take(parts, door.Sender(event_id, vendor, _here), "submit", body)
    if answer.status != 200:
        raise Faulty([Fault(vendor, answer.words)])


def lowest(box: Box, lot: str) -> str:
    """The vendor with the lowest total of a lot that was opened; of equal ones the first by name."""
    return tabulation.tabulate(box, lot)[0].vendor


async def _here() -> bool:
    """A simulated vendor's session does not end."""
    return True


async def _register(parts: Parts, vendor: str, signer: bytes) -> None:
    key = signing.plain_key(signer)
    command = RegisterKey(by=vendor, person=vendor, alg="ed25519", kid=str(key["kid"]), pk=str(key["pk"]))
    await drafting.tell(parts, f"keys/{vendor}", command)


def _sealed(parts: Parts, box: Box, vendor: str, lot: Lot, prices: Sequence[LinePrice]) -> Sealed:
    manifest = box.manifest
    assert manifest is not None
    ctx = {
        "v": V, "tender": box.tender, "manifest": manifest_hash(manifest), "lot": lot.id, "env": "price",
        "vendor": vendor, "rev": 1,
    }  # fmt: skip
    said = {"fields": content.price_fields(prepared_lines(lot), prices), "note": ""}
    seed = fresh_seed(parts.random(32), ctx, said)
    return seal(ctx, officer_keys(manifest), manifest["quorum"], seed, said)
