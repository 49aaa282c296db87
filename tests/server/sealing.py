"""A committee and vendors in Python: they make keys, accept, seal, submit and release as the pages do, without a browser.

`Box` drives one solicitation of sealed bids through a running house; every step may also be left out. Times are handed to the
desk, and `later` puts the clock of pages forward, so that nothing is waited for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from auction.consequences import prepared_lines
from auction.record import merkle
from auction.refusals import Refusal
from auction.tender.promised import Officer, Sealing
from auction.tender.solicitation import Solicitation
from auction.tender.tender import ApproveTender, ProposeTender, PublishTender
from auction.terms.offers import Offer
from auction.terms.schedule import LinePrice
from bidders.box import ceremony, content
from bidders.box import words as box_words
from bidders.box.facts import Close, Sig, Verdict, Witness
from bidders.box.manifest_of import Surroundings, manifest_of
from bidders.box.passing import passing
from bidders.box.state import Box as BoxState
from bidders.sealing import release, signing
from bidders.sealing.bid import fresh_seed
from bidders.sealing.encoding import b64u, canonical, sha256
from bidders.sealing.manifest import accept_message, manifest_hash, officer_keys
from bidders.sealing.officers import OfficerKeys
from bidders.sealing.packing import Sealed, seal
from server import drafting
from server.jurisdictions import ground
from server.parts import Parts
from server.sealed import asking
from tests.server.house import OWNER, House, event, lot

PEOPLE = (
    Officer("p-lead", "Lea Lead", "Lake Cooperative"),
    Officer("p-auditor", "Aud Auditor", "Lake Cooperative"),
    Officer("p-oak", "Olga Oak", "Oak District"),
)
HOUR, LENGTH = timedelta(hours=1), timedelta(days=40)
"""How long after the close is opened, and how long bids are taken."""
PRICES: Mapping[str, tuple[str, str]] = {
    "v-ash": ("45.00", "70.00"),
    "v-birch": ("44.00", "71.50"),
    "v-cedar": ("49.99", "79.00"),
}
"""What each vendor asks for a case of paper and a box of pens."""
CLOSE = Close(32, b64u(merkle.EMPTY))
REASON = "The lowest total; references were checked."


def document(**more: Any) -> Solicitation:
    """A solicitation of sealed bids on two lots, with a committee of three people of two organizations."""
    given = {"kind": "sealed_bid", "rules": {}, "vendors": (), "owner": OWNER} | more
    return msgspec.structs.replace(event((lot("L1", None), lot("L2", None))), **given)


def shifting(parts: Parts) -> Parts:
    """Parts whose pages read a clock that `later` puts forward."""
    real, ahead = parts.now, [timedelta()]
    now = lambda: real() + ahead[0]  # noqa: E731
    now.ahead = ahead  # type: ignore[attr-defined]
    return msgspec.structs.replace(parts, now=now)


def later(house: House, by: timedelta) -> None:
    """Put the clock of pages forward; a house that was opened with `changed=shifting` alone can."""
    house.parts.now.ahead[0] += by  # type: ignore[attr-defined]


class Box:
    """One solicitation of sealed bids, from its draft to its award."""

    def __init__(self, house: House, envelopes: tuple[str, ...] = ("price",)) -> None:
        self.house, self.parts, self.envelopes = house, house.parts, envelopes
        self.id = ""
        self.keys: dict[str, OfficerKeys] = {}
        self.revs: dict[tuple[str, str, str], int] = {}
        self.seeds: dict[str, bytes] = {}

    @property
    def state(self) -> BoxState:
        """The box as it stands."""
        found: BoxState = self.parts.desk.state(f"box/{self.id}")
        return found

    async def tell(self, command: Any, at: datetime | None = None, stream: str = "") -> Any:
        """Put a command to the desk and carry out what follows; the answer."""
        done = await self.parts.desk.submit(stream or f"box/{self.id}", command, at or self.parts.now())
        await self.parts.errands.settled()
        await self.parts.projections.settled()
        return done.answer

    async def draft(self, by: str = "p-lead") -> str:
        """Keep a draft; bids will be due when the law's notice is over, and opened an hour later."""
        now = self.parts.now()
        sealing = Sealing(envelopes=self.envelopes, opens=now + LENGTH + HOUR, quorum=2, officers=PEOPLE)  # type: ignore[arg-type]
        given = msgspec.structs.replace(document(), sealing=sealing, closes=now + LENGTH)
        self.id = await drafting.keep(self.parts, given, by, OWNER)
        return self.id

    async def publish(self) -> str:
        """Draft, approve, make keys, accept and publish; the event's id."""
        await self.draft()
        stream, given = f"tender/{self.id}", self.parts.desk.state(f"tender/{self.id}").document
        law = ground(self.parts.jurisdictions, given, self.parts.now())
        mark = self.parts.desk.state(stream).hash
        for step in (
            ProposeTender(by="p-lead", hash=mark, ground=law),
            ApproveTender(by="p-second", hash=mark),
        ):
            answer = await self.tell(step, stream=stream)
            assert not isinstance(answer, Refusal), answer
        await self.accept(given, mark)
        last = PublishTender(by="p-lead", seed="00" * 32, ground=law, accepted=True)
        answer = await self.tell(last, stream=stream)
        assert not isinstance(answer, Refusal), answer
        assert self.state.published_at is not None
        return self.id

    async def accept(self, given: Solicitation, mark: str) -> None:
        """Every officer makes keys and accepts the manifest."""
        for each in PEOPLE:
            keys = self.keys[each.person] = OfficerKeys(
                self.id, hashlib.sha256(each.person.encode()).digest()
            )
            await self.tell(
                box_words.EnterKeys(
                    by=each.person, tender=self.id, kid=keys.kid, pk=b64u(keys.pk), vk=b64u(keys.vk)
                )
            )
        around = Surroundings(
            b64u(sha256(b"client")), "https://lake.example/kit", VKEY.partition("+")[0], VKEY
        )
        manifest = manifest_of(given, self.id, self.state.keys, around)
        answer = await self.tell(box_words.FixManifest(by="p-lead", manifest=manifest, document=mark))
        assert isinstance(answer, box_words.BoxDone), answer
        name = manifest_hash(manifest)
        for each in PEOPLE:
            sig = self.keys[each.person].sign(accept_message(name))
            answer = await self.tell(box_words.AcceptManifest(by=each.person, manifest=name, sig=sig))
            assert isinstance(answer, box_words.BoxDone), answer

    # --- vendors -------------------------------------------------------------------------------------------------

    async def bid(
        self, vendor: str, prices: tuple[str, str], lots: Sequence[str] = ("L1", "L2")
    ) -> list[Sealed]:
        """Seal a vendor's prices for lots, with technical answers where they are asked for, and put them in."""
        made = [self.sealed(vendor, each, "price", self.priced(each, prices)) for each in lots]
        if "technical" in self.envelopes:
            answers = content.answer_fields({"method": f"Delivered by {vendor}."})
            made.append(self.sealed(vendor, "_all", "technical", answers))
        await self.submit(vendor, made)
        return made

    def priced(self, lot_id: str, prices: tuple[str, str], offer: Offer | None = None) -> list[Any]:
        """The fields of a price envelope; `offer` stands behind the second line."""
        given = self.parts.desk.state(f"tender/{self.id}").document
        lines = next(prepared_lines(each) for each in given.lots if each.id == lot_id)
        return content.price_fields(lines, [LinePrice("A", prices[0]), LinePrice("B", prices[1], offer)])

    def sealed(
        self, vendor: str, lot_id: str, env: str, fields: list[Any], files: Sequence[bytes] = ()
    ) -> Sealed:
        """One envelope, of the next version, with the files that its fields name."""
        manifest = self.state.manifest
        assert manifest is not None
        place = (vendor, lot_id, env)
        self.revs[place] = self.revs.get(place, 0) + 1
        ctx = {
            "v": "sealbid/v1", "tender": self.id, "manifest": manifest_hash(manifest), "lot": lot_id, "env": env,
            "vendor": vendor, "rev": self.revs[place],
        }  # fmt: skip
        said = {"fields": fields, "note": ""}
        seed = fresh_seed(self.parts.random(32), ctx, said)
        made = seal(ctx, officer_keys(manifest), manifest["quorum"], seed, said, files)
        self.seeds[made.eid] = seed
        return made

    async def submit(self, vendor: str, made: Sequence[Sealed], at: datetime | None = None) -> Any:
        """Put envelopes into the store and the box, as the door does."""
        eids = [each.eid for each in made]
        sig = signing.sign(hashlib.sha256(vendor.encode()).digest(), "submit", eids)
        for each in made:
            self.parts.store.keep(each.eid, dict(each.envelope), each.body, sig)
            for blob in each.blobs:
                place = self.parts.store.begin_blob()
                place.write_bytes(blob.sealed)
                self.parts.store.finish_blob(place, blob.root)
        items = tuple(_item(each) for each in made)
        received = at or self.parts.now()
        command = box_words.Submit(
            by=vendor, received_at=received, request_sha256=b64u(sha256(canonical(eids))),
            kid=str(sig["kid"]), sig_sha256=signing.sig_sha256(sig), items=items,
        )  # fmt: skip
        return await self.tell(command, received)

    async def withdraw(self, vendor: str, made: Sequence[Sealed]) -> Any:
        """Take envelopes out of the count."""
        command = box_words.Withdraw(
            by=vendor, received_at=self.parts.now(), request_sha256="", eids=tuple(each.eid for each in made)
        )
        return await self.tell(command)

    # --- the close and the opening -------------------------------------------------------------------------------

    async def close(self) -> None:
        """Let the deadline pass."""
        given = self.parts.desk.state(f"tender/{self.id}").document
        leaves = {entry.seq: b64u(entry.commitment) for entry in self.parts.journal.read(f"box/{self.id}")}
        await self.tell(box_words.CloseBox(by="time", leaves=leaves), given.closes + timedelta(seconds=1))
        assert self.state.closed is not None

    async def release(self, person: str, env: str = "price", at: datetime | None = None) -> Any:
        """An officer releases the shares of a stage."""
        keys, x = self.keys[person], [each.person for each in PEOPLE].index(person) + 1
        due = [each.eid for each in ceremony.due(self.state, env)]
        envelopes = {eid: self.parts.store.envelope(eid) for eid in due}
        given = {"size": CLOSE.size, "root": CLOSE.root}
        posted = release.make(keys, x, env, given, at or self.parts.now(), envelopes)
        found = release.shares_in(posted, envelopes)
        name = self.parts.store.keep_signed("release", posted)
        checked = box_words.Checked(
            name, tuple(due), tuple(sorted(found.valid)), found.unreadable, found.forged
        )
        return await self.tell(box_words.Release(by=person, env=env, x=x, close=CLOSE, checked=checked), at)

    async def spoil(self, person: str, env: str = "price") -> Any:
        """An officer releases, and cannot open any of its wraps."""
        x = [each.person for each in PEOPLE].index(person) + 1
        due = tuple(each.eid for each in ceremony.due(self.state, env))
        items = [{"eid": eid, "fault": "wrap"} for eid in due]
        name = self.parts.store.keep_signed("release", {"release": {"x": x, "items": items}, "sig": ""})
        checked = box_words.Checked(name, due, (), due, ())
        return await self.tell(box_words.Release(by=person, env=env, x=x, close=CLOSE, checked=checked))

    async def sign(self, number: int, people: Sequence[str]) -> None:
        """Officers sign what the lead asked for."""
        row = next(each for each in await asking.waiting(self.parts, self.id) if each.number == number)
        for person in people:
            x = [each.person for each in PEOPLE].index(person) + 1
            given = asking.Answer(
                number, self.keys[person].sign(asking.message(self.state, row.kind, row.body))
            )
            assert await asking.sign(self.parts, self.id, self.state, x, person, given) is None

    async def meet(self) -> None:
        """The lead begins the opening with a witness; the clock of pages must have come so far."""
        answer = await self.tell(
            box_words.StartMeeting(by="p-lead", witnesses=(Witness("Wanda Witness", "Press"),))
        )
        assert isinstance(answer, box_words.BoxDone), answer

    async def judge(self, verdicts: Sequence[Verdict]) -> None:
        """The lead says who passes, and two officers sign it."""
        await self.tell(box_words.ProposeStage(by="p-lead", verdicts=tuple(verdicts)))
        given = {"size": CLOSE.size, "root": CLOSE.root}
        message = release.stage_message(release.stage(self.id, given, passing(verdicts)))
        sigs = tuple(Sig(x, self.keys[each.person].sign(message)) for x, each in enumerate(PEOPLE[:2], 1))
        answer = await self.tell(
            box_words.PassStage(by="p-lead", vendors=passing(verdicts), close=CLOSE, sigs=sigs)
        )
        assert isinstance(answer, box_words.BoxDone), answer


def _item(made: Sealed) -> box_words.Item:
    ctx: Any = made.envelope["ctx"]
    return box_words.Item(made.eid, ctx["lot"], ctx["env"], ctx["rev"], ctx["manifest"])


VKEY = "log.example/kat-a/1+f7557bd9+AWqylKj33vog9pxZHC7skVaxozNrboxEcCmRhaKbrI87"
