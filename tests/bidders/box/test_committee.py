"""The committee: bids are taken only when every officer accepted, and only an officer's signature changes what is in force."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from auction.tender.promised import Document
from bidders.box.facts import AddendumLogged, OfficerAccepted, Published
from bidders.box.words import (
    AcceptManifest,
    CancelBox,
    EnterKeys,
    FixManifest,
    IssueAddendum,
    PublishBox,
    SignAddendum,
)
from bidders.sealing.encoding import b64u
from bidders.sealing.manifest import accept_message, manifest_hash
from bidders.sealing.officers import OfficerKeys
from tests.bidders.box.scene import DUE, KEYS, OPENS, PEOPLE, TENDER, Scene, eid


def test_a_manifest_is_put_before_officers_who_all_have_keys() -> None:
    scene = Scene().keyed()
    manifest = scene.manifest()
    fewer = Scene().keyed(PEOPLE[:2])
    assert not fewer.do(FixManifest(by="p-lead", manifest=manifest, document="draft"))
    assert "have not made their keys yet: Three" in fewer.said


def test_it_is_published_when_the_last_officer_has_accepted_and_not_before() -> None:
    scene = Scene().keyed().fixed().accept("p-one", "p-two")
    assert not scene.do(PublishBox(by="p-lead", document="draft"))
    assert scene.said == "These officers have not accepted yet: Three."
    scene.accept("p-three")
    (event,) = scene.do(PublishBox(by="p-lead", document="draft"))
    assert isinstance(event, Published)
    assert scene.box.manifest == scene.box.draft
    assert not scene.do(PublishBox(by="p-lead", document="draft"))
    assert not scene.said


def test_another_draft_than_the_accepted_one_is_not_published() -> None:
    scene = Scene().keyed().fixed().accept(*PEOPLE)
    assert not scene.do(PublishBox(by="p-lead", document="another"))
    assert "another draft" in scene.said


def test_a_signature_of_another_or_over_something_else_is_no_acceptance() -> None:
    scene = Scene().keyed().fixed()
    name = manifest_hash(scene.box.draft)
    for sig in (KEYS["p-two"].sign(accept_message(name)), KEYS["p-one"].sign(b"something else"), "nonsense"):
        assert not scene.do(AcceptManifest(by="p-one", manifest=name, sig=sig))
        assert "does not fit your key" in scene.said
    assert not scene.do(AcceptManifest(by="p-lead", manifest=name, sig=sig))
    assert "not one of this solicitation’s officers" in scene.said


def test_a_changed_draft_asks_every_officer_again() -> None:
    scene = Scene().keyed().fixed().accept("p-one")
    scene.document = msgspec.structs.replace(scene.document, title="Milk and juice")
    scene.do(FixManifest(by="p-lead", manifest=scene.manifest(), document="draft 2"))
    assert not scene.box.accepted
    (event,) = scene.do(FixManifest(by="p-lead", manifest=scene.manifest(), document="draft 2")) or (None,)
    assert event is None


def test_keys_are_one_persons_own_and_sound() -> None:
    scene = Scene().keyed(PEOPLE[:1])
    keys = KEYS["p-one"].named("", "")
    plain = {"kid": keys["kid"], "pk": keys["pk"], "vk": keys["vk"]}
    assert not scene.do(EnterKeys(by="p-two", tender=TENDER, **plain))  # type: ignore[arg-type]
    assert "Another officer holds these keys" in scene.said
    weak = b64u(bytes(32))
    for wrong in ({"pk": weak}, {"vk": weak}, {"kid": "short"}, {"pk": "x"}):
        assert not scene.do(EnterKeys(by="p-three", tender=TENDER, **(plain | wrong)))  # type: ignore[arg-type]
        assert "cannot be used" in scene.said


def test_after_publication_keys_no_longer_change() -> None:
    scene = Scene().published()
    keys = KEYS["p-one"].named("", "")
    assert not scene.do(EnterKeys(by="p-one", tender=TENDER, kid=keys["kid"], pk=keys["pk"], vk=keys["vk"]))  # type: ignore[arg-type]
    assert "no longer change" in scene.said


# --- addenda -----------------------------------------------------------------------------------------------------------------


def amended(scene: Scene, document: str = "draft 2", person: str = "p-one") -> None:
    """Draft an addendum that adds a document, and have an officer sign it."""
    paper = Document("map.pdf", "cd" * 32, 5, "application/pdf")
    scene.document = msgspec.structs.replace(scene.document, documents=(*scene.document.documents, paper))
    manifest = scene.manifest()
    sig = scene.addendum_sig(manifest, person)
    scene.do(SignAddendum(by="p-one", manifest=manifest, document=document, sig=sig))


def test_an_addendum_is_in_force_once_an_officer_signed_it_and_it_was_issued() -> None:
    scene = Scene().published()
    amended(scene)
    assert len(scene.box.manifests) == 1
    (event,) = scene.do(IssueAddendum(by="p-second", document="draft 2"))
    assert isinstance(event, AddendumLogged)
    assert [manifest["ver"] for manifest in scene.box.manifests.values()] == [1, 2]
    assert not scene.do(IssueAddendum(by="p-second", document="draft 2"))
    assert not scene.said


@pytest.mark.parametrize("person", ["p-two"])
def test_an_addendum_with_another_officers_signature_is_refused(person: str) -> None:
    scene = Scene().published()
    amended(scene, person=person)
    assert "does not fit your key" in scene.said
    assert not scene.do(IssueAddendum(by="p-second", document="draft 2"))
    assert "An officer signs an addendum" in scene.said


def test_an_addendum_never_moves_the_deadline_forward_nor_changes_the_officers() -> None:
    scene = Scene().published()
    good = scene.manifest()
    for change in ({"closes_at": "2026-12-01T15:00:00.000Z"}, {"quorum": 1}, {"ver": 3}, {"prev": eid("x")}):
        manifest = good | change
        sig = scene.addendum_sig(manifest)
        assert not scene.do(SignAddendum(by="p-one", manifest=manifest, document="d", sig=sig))
        assert next(iter(change)) in scene.said


def test_no_addendum_comes_after_bids_were_due() -> None:
    scene = Scene().published()
    manifest = scene.manifest()
    late = SignAddendum(by="p-one", manifest=manifest, document="d", sig=scene.addendum_sig(manifest))
    assert not scene.do(late, DUE + timedelta(microseconds=1))
    assert "cancel and issue anew" in scene.said
    scene.close()
    assert not scene.do(late)
    assert "bids are due already" in scene.said


def test_what_is_cancelled_is_never_opened() -> None:
    scene = Scene().published()
    scene.submit("v-ash", scene.item("a"))
    scene.do(CancelBox(by="p-lead", reason="No money"))
    assert not scene.submit("v-elm", scene.item("b"))
    scene.close()
    scene.meeting(OPENS)
    assert scene.box.closed is None
    assert scene.box.meeting is None


def test_acceptances_are_facts_in_the_logs_own_shape() -> None:
    scene = Scene().keyed().fixed()
    events = scene.accept("p-one").journal.read("box/7")
    body = msgspec.json.decode(events[-1].body)
    assert set(body) == {
        "v",
        "type",
        "at",
        "tender",
        "by",
        "vis",
        "x",
        "kid",
        "manifest",
        "sig",
        "seq",
        "prev",
    }
    assert (body["type"], body["by"], body["vis"]) == (OfficerAccepted.__struct_config__.tag, "o1", "public")


def test_new_keys_void_what_was_accepted_because_no_share_would_reach_their_officer() -> None:
    scene = Scene().keyed().fixed().accept(*PEOPLE)
    other = OfficerKeys(TENDER, bytes(32)).named("", "")
    again = EnterKeys(by="p-one", tender=TENDER, kid=other["kid"], pk=other["pk"], vk=other["vk"])  # type: ignore[arg-type]
    assert len(scene.do(again)) == 1 and scene.do(again) == ()
    assert scene.do(PublishBox(by="p-lead", document="draft")) == () and scene.said
    assert scene.box.published_at is None and scene.box.accepted == {}
