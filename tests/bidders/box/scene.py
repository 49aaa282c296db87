"""A bid box played in few words: three officers with real keys, a manifest that they accept, and envelopes named by their ids."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from auction import refusals
from auction.journal import Append, MemoryJournal
from auction.kernel import Command, Event, handle, replay
from auction.tender.promised import Document, Officer, Sealing
from auction.tender.solicitation import Line, Lot, Solicitation
from bidders.box import box, ceremony
from bidders.box.facts import BidReceived, Close, Read, Sig, Verdict, Witness
from bidders.box.manifest_of import Surroundings, manifest_of
from bidders.box.state import Box
from bidders.box.words import (
    AcceptManifest,
    Checked,
    CloseBox,
    EnterKeys,
    FixManifest,
    Item,
    PassStage,
    ProposeStage,
    PublishBox,
    RecordOpening,
    RefuseStale,
    Release,
    StartMeeting,
    Submit,
    Tried,
    Withdraw,
)
from bidders.sealing import release
from bidders.sealing.encoding import b64u
from bidders.sealing.manifest import accept_message, addendum_message, manifest_hash
from bidders.sealing.officers import OfficerKeys
from server.deciders import DECIDERS

TENDER = "7"
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
DUE, OPENS = NOON + timedelta(hours=4), NOON + timedelta(hours=5)
PEOPLE = ("p-one", "p-two", "p-three")
KEYS = {person: OfficerKeys(TENDER, hashlib.sha256(person.encode()).digest()) for person in PEOPLE}
CLOSE = Close(96, b64u(bytes(range(32))))
VKEY = "log.example/1+7d721d33+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
AROUND = Surroundings(b64u(b"c" * 32), "https://bids.example/seal.html", "log.example/1", VKEY)
US = "us"


def eid(name: str) -> str:
    """An envelope's id, made from a short name."""
    return b64u(hashlib.sha256(name.encode()).digest())


def document(**sealing: Any) -> Solicitation:
    """A solicitation of two lots with three officers."""
    officers = tuple(Officer(person, person[2:].title(), f"District {person[2:]}") for person in PEOPLE)
    lots = tuple(Lot(name, f"Lot {name}", lines=(Line("A", "Paper", "case", "10"),)) for name in ("L1", "L2"))
    return Solicitation(
        number="2026-7",
        title="Milk",
        rules={},
        lots=lots,
        kind="sealed_bid",
        closes=DUE,
        documents=(Document("bid.pdf", "ab" * 32, 12, "application/pdf"),),
        sealing=Sealing(**({"opens": OPENS, "officers": officers} | sealing)),
    )


class Scene:
    """A box and its journal; every command is judged at a time of its own, and a no is kept in `said`."""

    def __init__(self, **sealing: Any) -> None:
        self.journal, self.box = MemoryJournal(), box.initial()
        self.now, self.said = NOON, ""
        self.document = document(**sealing)

    def do(self, command: Command, at: datetime | None = None) -> tuple[Event, ...]:
        """Judge a command and write down what follows; the events are none where it was refused."""
        self.now = max(self.now, at or self.now)
        decision = handle(box, self.box, command, self.now)
        salts = tuple(
            hashlib.sha256(f"{self.journal.length()} {n}".encode()).digest()
            for n, _ in enumerate(decision.events)
        )
        self.journal.append([Append("box/7", len(self.journal.read("box/7")), decision.events, salts)])
        self.said = decision.answer.message if isinstance(decision.answer, refusals.Refusal) else ""
        return decision.events

    # --- the committee -----------------------------------------------------------------------------------------------

    def manifest(self) -> dict[str, Any]:
        """The next manifest of the scene's document."""
        before = self.box.manifest if self.box.published_at is not None else None
        prev = manifest_hash(before) if before is not None else None
        return manifest_of(self.document, TENDER, self.box.keys, AROUND, before, prev)

    def keyed(self, people: Sequence[str] = PEOPLE) -> Scene:
        """Let officers enter their keys."""
        for person in people:
            keys = KEYS[person].named("", "")
            self.do(EnterKeys(by=person, tender=TENDER, kid=keys["kid"], pk=keys["pk"], vk=keys["vk"]))  # type: ignore[arg-type]
        return self

    def accept(self, *people: str) -> Scene:
        """Let officers accept what is put before them."""
        name = manifest_hash(self.box.draft)
        for person in people:
            self.do(AcceptManifest(by=person, manifest=name, sig=KEYS[person].sign(accept_message(name))))
        return self

    def fixed(self) -> Scene:
        """Put the manifest before the officers."""
        self.do(FixManifest(by="p-lead", manifest=self.manifest(), document="draft"))
        return self

    def published(self) -> Scene:
        """Come as far as bids are taken."""
        self.keyed().fixed().accept(*PEOPLE)
        self.do(PublishBox(by="p-lead", document="draft"))
        return self

    def addendum_sig(self, manifest: dict[str, Any], person: str = "p-one") -> str:
        """An officer's signature under the next manifest."""
        return KEYS[person].sign(addendum_message(manifest_hash(manifest)))

    # --- bids --------------------------------------------------------------------------------------------------------

    def item(
        self, name: str, rev: int = 1, lot: str = "L1", env: str = "price", manifest: str | None = None
    ) -> Item:
        """An envelope by its short name."""
        return Item(eid(name), lot, env, rev, manifest or next(reversed(self.box.manifests)))

    def submit(self, vendor: str, *items: Item, at: datetime | None = None, **more: Any) -> tuple[Event, ...]:
        """Put envelopes in; `at` is when the last byte came."""
        received = at or self.now
        command = Submit(
            by=vendor,
            received_at=received,
            request_sha256=eid("request"),
            kid="k",
            sig_sha256=eid("sig"),
            items=items,
            **more,
        )
        return self.do(command, received)

    def withdraw(self, vendor: str, *names: str, at: datetime | None = None) -> tuple[Event, ...]:
        """Take envelopes out of the count."""
        received = at or self.now
        eids = tuple(eid(name) for name in names)
        command = Withdraw(by=vendor, received_at=received, request_sha256=eid("request"), kid="k", eids=eids)
        return self.do(command, received)

    def close(self, at: datetime = DUE + timedelta(milliseconds=2)) -> tuple[Event, ...]:
        """Close the box as the server does: what was not confirmed first, then the list."""
        requests = {each: eid("request") for each in self.box.envelopes}
        self.do(RefuseStale(by="time", requests=requests), at)
        return self.do(CloseBox(by="time", leaves=self.leaves()), at)

    def leaves(self) -> dict[int, str]:
        """The commitment of each entry by its place."""
        return {entry.seq: b64u(entry.commitment) for entry in self.journal.read("box/7")}

    # --- the opening -------------------------------------------------------------------------------------------------

    def meeting(self, at: datetime = OPENS) -> Scene:
        """Start the opening with a witness."""
        self.do(StartMeeting(by="p-lead", witnesses=(Witness("Wanda", "League of Voters"),)), at)
        return self

    def release(self, person: str, env: str = "price", bad: Sequence[str] = ()) -> tuple[Event, ...]:
        """Release an officer's shares, but for envelopes named in `bad`, whose share is forged."""
        due = tuple(each.eid for each in ceremony.due(self.box, env))
        forged = tuple(each for each in due if each in {eid(name) for name in bad})
        good = tuple(each for each in due if each not in forged)
        checked = Checked(eid(f"release {person} {env}"), due, good, (), forged)
        x = PEOPLE.index(person) + 1
        return self.do(Release(by=person, env=env, x=x, close=CLOSE, checked=checked))

    def record(self, env: str = "price", totals: Sequence[str] = ()) -> tuple[Event, ...]:
        """Write the results of a stage down; each envelope opened to the next total."""
        due = ceremony.due(self.box, env)
        prices = dict(zip((each.eid for each in due), totals, strict=False))
        tried = tuple(
            Tried(each.eid, "opened", None, eid("plain"), eid("disc"), Read(total=prices.get(each.eid)))
            for each in due
        )
        return self.do(RecordOpening(by="p-lead", env=env, tried=tried))

    def judge(self, *vendors: str) -> tuple[Event, ...]:
        """Let the lead say who passes the technical stage, of all whose envelope was read."""
        read = {each.vendor for each in self.box.read.values() if each.env == "technical"}
        verdicts = tuple(Verdict(each, each in vendors, "As the plan says") for each in sorted(read))
        return self.do(ProposeStage(by="p-lead", verdicts=verdicts))

    def pass_stage(self, *vendors: str, signers: Sequence[str] = PEOPLE[:2]) -> tuple[Event, ...]:
        """Let vendors pass the technical stage, signed by officers."""
        told = release.stage(TENDER, {"size": CLOSE.size, "root": CLOSE.root}, vendors)
        message = release.stage_message(told)
        sigs = tuple(Sig(PEOPLE.index(each) + 1, KEYS[each].sign(message)) for each in signers)
        return self.do(PassStage(by="p-lead", vendors=tuple(sorted(vendors)), close=CLOSE, sigs=sigs))

    def replayed(self) -> Box:
        """The box as its journal tells it."""
        ruler = DECIDERS["box"]
        found: Box = replay(ruler.decider, (ruler.read(entry.body) for entry in self.journal.read("box/7")))
        return found


def receipts(events: Sequence[Event]) -> list[str]:
    """The names of envelopes that these events receive."""
    return [event.eid for event in events if isinstance(event, BidReceived)]
