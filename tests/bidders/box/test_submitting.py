"""Submitting: a bid on the stroke is timely, one microsecond later it is not, and nothing is lost or counted twice."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from auction.tender.promised import Document
from bidders.box.facts import BidReceived, BidRefused, BoxClosed
from bidders.box.words import Acknowledge, CloseBox, IssueAddendum, SignAddendum
from tests.bidders.box.scene import DUE, Scene, eid, receipts

JUST_LATE = DUE + timedelta(microseconds=1)


def test_an_envelope_that_came_on_the_stroke_is_timely_and_a_microsecond_later_it_is_late() -> None:
    scene = Scene().published()
    assert receipts(scene.submit("v-ash", scene.item("a"), at=DUE)) == [eid("a")]
    (event,) = scene.submit("v-elm", scene.item("b"), at=JUST_LATE)
    assert isinstance(event, BidRefused)
    assert (event.reason, event.eid) == ("late", eid("b"))
    assert eid("b") not in scene.box.envelopes


def test_one_that_came_in_time_counts_even_when_it_is_judged_after_the_deadline() -> None:
    scene = Scene().published()
    scene.now = DUE + timedelta(seconds=2)
    (event,) = scene.submit("v-ash", scene.item("a"), at=DUE - timedelta(seconds=1))
    assert isinstance(event, BidReceived)
    assert event.at > DUE >= event.received_at


def test_the_same_envelopes_again_change_nothing_and_give_the_same_places() -> None:
    scene = Scene().published()
    scene.submit("v-ash", scene.item("a"), scene.item("b", lot="L2"))
    length = scene.journal.length()
    assert not scene.submit("v-ash", scene.item("a"), scene.item("b", lot="L2"))
    assert not scene.said
    assert scene.journal.length() == length


def test_a_replacement_is_the_next_version_and_the_older_one_no_longer_counts() -> None:
    scene = Scene().published()
    scene.submit("v-ash", scene.item("a"))
    for wrong in (1, 3):
        assert not scene.submit("v-ash", scene.item("a2", rev=wrong))
        assert "Version 1 is the last we hold" in scene.said
    (event,) = scene.submit("v-ash", scene.item("a2", rev=2))
    assert isinstance(event, BidReceived)
    assert event.replaces == eid("a")
    assert [scene.box.envelopes[eid(name)].status for name in ("a", "a2")] == ["superseded", "current"]


def test_after_a_withdrawal_the_next_version_may_come_and_the_withdrawn_one_stays_out() -> None:
    scene = Scene().published()
    scene.submit("v-ash", scene.item("a"))
    scene.withdraw("v-ash", "a")
    assert not scene.withdraw("v-ash", "a")
    assert "no such envelope" in scene.said
    scene.submit("v-ash", scene.item("a2", rev=2))
    closed = next(event for event in scene.close() if isinstance(event, BoxClosed))
    assert [each.eid for each in closed.current] == [eid("a2")]
    assert [each.eid for each in closed.withdrawn] == [eid("a")]


def test_nobody_withdraws_anothers_envelope() -> None:
    scene = Scene().published()
    scene.submit("v-ash", scene.item("a"))
    assert not scene.withdraw("v-elm", "a")
    assert scene.box.envelopes[eid("a")].status == "current"


def test_all_envelopes_of_a_request_are_refused_with_one() -> None:
    scene = Scene().published()
    events = scene.submit("v-ash", scene.item("a"), scene.item("b", lot="L9"))
    assert [type(event) for event in events] == [BidRefused, BidRefused]
    assert {event.reason for event in events if isinstance(event, BidRefused)} == {"context"}
    assert not scene.box.envelopes


@pytest.mark.parametrize(
    "wrong", [{"lot": "_all"}, {"env": "technical"}, {"manifest": eid("another")}, {"lot": "L9"}]
)
def test_an_envelope_for_something_else_is_refused_as_such(wrong: dict[str, str]) -> None:
    scene = Scene().published()
    (event,) = scene.submit("v-ash", scene.item("a", **wrong))  # type: ignore[arg-type]
    assert isinstance(event, BidRefused)
    assert event.reason == "context"


def test_a_technical_envelope_may_stand_for_all_lots() -> None:
    scene = Scene(envelopes=("technical", "price")).published()
    events = scene.submit("v-ash", scene.item("t", lot="_all", env="technical"), scene.item("p"))
    assert receipts(events) == [eid("t"), eid("p")]


def test_what_could_not_be_read_is_refused_and_written_down_without_a_name() -> None:
    scene = Scene().published()
    (event,) = scene.submit("v-ash", fault="malformed")
    assert isinstance(event, BidRefused)
    assert (event.eid, event.reason) == (None, "malformed")


def test_nothing_is_taken_before_publication_or_after_the_close() -> None:
    scene = Scene().keyed().fixed()
    assert not scene.submit("v-ash", Scene().published().item("early"))
    assert "takes no bids" in scene.said
    scene = Scene().published()
    scene.close()
    (event,) = scene.submit("v-ash", scene.item("a"), at=DUE)
    assert isinstance(event, BidRefused)
    assert event.reason == "late"


# --- addenda -----------------------------------------------------------------------------------------------------------------


def amended(**sealing: str) -> Scene:
    """A box with one envelope of version 1 and an addendum after it."""
    scene = Scene(**sealing).published()
    scene.submit("v-ash", scene.item("a"))
    paper = Document("map.pdf", "cd" * 32, 5, "application/pdf")
    scene.document = msgspec.structs.replace(scene.document, documents=(paper,))
    manifest = scene.manifest()
    scene.do(SignAddendum(by="p-one", manifest=manifest, document="2", sig=scene.addendum_sig(manifest)))
    scene.do(IssueAddendum(by="p-second", document="2"))
    return scene


def confirm(scene: Scene, manifest: str) -> None:
    scene.do(
        Acknowledge(
            by="v-ash",
            received_at=scene.now,
            request_sha256=eid("request"),
            kid="k",
            eids=(eid("a"),),
            manifest=manifest,
        )
    )


def test_an_envelope_that_was_not_confirmed_after_an_addendum_is_refused_at_the_close() -> None:
    scene = amended(material="acknowledge")
    (closed,) = scene.close()
    assert isinstance(closed, BoxClosed)
    assert not closed.current
    assert [(each.eid, each.reason) for each in closed.refused] == [(eid("a"), "stale")]


def test_a_confirmed_one_counts_and_so_does_any_where_the_rules_ask_for_nothing() -> None:
    scene = amended(material="acknowledge")
    confirm(scene, next(reversed(scene.box.manifests)))
    for each in (scene, amended(material="keep")):
        (closed,) = each.close()
        assert isinstance(closed, BoxClosed)
        assert [listed.eid for listed in closed.current] == [eid("a")]


def test_only_the_last_addendum_can_be_confirmed() -> None:
    scene = amended(material="acknowledge")
    confirm(scene, next(iter(scene.box.manifests)))
    assert scene.box.refused[-1].reason == "context"


# --- the close ---------------------------------------------------------------------------------------------------------------


def test_the_box_is_not_closed_on_the_stroke_but_after_it_and_once() -> None:
    scene = Scene().published()
    assert not scene.close(DUE)
    assert scene.said == "Bids are not due yet."
    assert len(scene.close(JUST_LATE)) == 1
    assert not scene.close()


def test_the_list_names_every_receipt_by_its_commitment() -> None:
    scene = Scene().published()
    scene.submit("v-ash", scene.item("a"))
    scene.submit("v-ash", scene.item("a2", rev=2), scene.item("b", lot="L2"))
    scene.submit("v-elm", fault="malformed")
    leaves = scene.leaves()
    (closed,) = scene.close()
    assert isinstance(closed, BoxClosed)
    assert [each.eid for each in closed.current] == sorted([eid("a2"), eid("b")])
    told = {each.leaf for each in (*closed.current, *closed.superseded, *closed.refused)}
    kept = [each.seq for each in (*scene.box.envelopes.values(), *scene.box.refused)]
    assert told == {leaves[seq] for seq in kept}


def test_a_box_is_exactly_its_history() -> None:
    scene = amended(material="acknowledge")
    scene.submit("v-elm", scene.item("e"))
    scene.close()
    assert scene.replayed() == scene.box


def test_a_list_that_was_made_before_something_was_written_closes_nothing() -> None:
    scene = Scene().published()
    scene.submit("v-ash", scene.item("a"))
    leaves = scene.leaves()
    scene.submit("v-elm", scene.item("b"), at=JUST_LATE)
    assert scene.do(CloseBox(by="_server", leaves=leaves), JUST_LATE) == ()
    assert scene.box.closed is None and "read the stream again" in scene.said
    assert scene.do(CloseBox(by="_server", leaves=scene.leaves()), JUST_LATE) != ()
