"""The opening: never early, never without a witness and a quorum, and what did not pass stays sealed."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from auction.record.logged import written
from bidders.box import ceremony
from bidders.box.facts import BidOpened, BoxOver, OpeningFinished, ReleaseReceived, Sig, Witness
from bidders.box.words import (
    AskRescue,
    Called,
    Checked,
    DeclareUnopenable,
    NoteCalled,
    RecordLater,
    RecordOpening,
    Release,
    Reveal,
    StartMeeting,
    Tried,
)
from bidders.sealing.release import rescue_message, unopenable_message
from tests.bidders.box.scene import CLOSE, KEYS, OPENS, PEOPLE, TENDER, Scene, eid

BEFORE = OPENS - timedelta(microseconds=1)


def closed(*envs: str, **more: object) -> Scene:
    """A closed box with envelopes of two vendors, one withdrawn by a third."""
    scene = Scene(envelopes=envs or ("price",), **more).published()
    for vendor in ("v-ash", "v-elm"):
        items = [scene.item(f"{vendor} {env}", env=env) for env in envs or ("price",)]
        scene.submit(vendor, *items)
    scene.submit("v-fir", scene.item("v-fir price"))
    scene.withdraw("v-fir", "v-fir price")
    scene.close()
    return scene


def test_the_opening_starts_at_its_time_and_with_a_witness() -> None:
    scene = closed()
    assert not scene.do(StartMeeting(by="p-lead", witnesses=(Witness("Wanda", ""),)), BEFORE)
    assert scene.said == "The time of the opening has not come."
    assert not scene.do(StartMeeting(by="p-lead", witnesses=()), OPENS)
    assert "at least one witness" in scene.said
    scene.meeting()
    assert scene.box.meeting == OPENS


def test_no_share_is_taken_before_the_meeting() -> None:
    scene = closed()
    scene.now = OPENS
    assert not scene.release("p-one")
    assert "has not started" in scene.said


def test_a_withdrawn_envelope_is_never_among_those_that_are_due() -> None:
    scene = closed().meeting()
    assert {each.vendor for each in ceremony.due(scene.box, "price")} == {"v-ash", "v-elm"}


def test_nothing_is_read_before_a_quorum_has_released_every_share() -> None:
    scene = closed().meeting()
    scene.release("p-one")
    assert not scene.record(totals=("10.00", "9.00"))
    assert "2 envelopes still lack" in scene.said
    scene.release("p-two", bad=["v-elm price"])
    assert not scene.record(totals=("10.00", "9.00"))
    assert "1 envelopes still lack" in scene.said
    scene.release("p-three")
    events = scene.record(totals=("10.00", "9.00"))
    assert [type(event) for event in events].count(BidOpened) == 2
    assert isinstance(events[-1], BoxOver)
    assert scene.box.over == {"L1": True, "L2": False}


def test_a_forged_share_is_not_counted_and_its_officer_is_named() -> None:
    scene = closed().meeting()
    scene.release("p-two", bad=["v-elm price"])
    assert scene.box.releases["price", 2].forged == (eid("v-elm price"),)
    assert ceremony.good_seats(scene.box, "price", eid("v-elm price")) == []


def test_a_release_for_another_set_or_of_another_officer_is_refused() -> None:
    scene = closed().meeting()
    good = scene.release("p-one")
    assert isinstance(good[0], ReleaseReceived)
    fewer = msgspec.structs.replace(
        scene_checked(scene), due=(eid("v-ash price"),), good=(eid("v-ash price"),)
    )
    assert not scene.do(Release(by="p-two", env="price", x=2, close=CLOSE, checked=fewer))
    assert "another set" in scene.said
    assert not scene.do(Release(by="p-two", env="price", x=1, close=CLOSE, checked=scene_checked(scene)))
    assert "another officer" in scene.said
    assert not scene.do(Release(by="p-lead", env="price", x=1, close=CLOSE, checked=scene_checked(scene)))
    assert "not one of" in scene.said


def scene_checked(scene: Scene) -> Checked:
    """A good release's findings."""
    due = tuple(each.eid for each in ceremony.due(scene.box, "price"))
    return Checked(eid("another release"), due, due, (), ())


def test_results_are_written_for_all_due_envelopes_or_none() -> None:
    scene = closed().meeting()
    scene.release("p-one")
    scene.release("p-two")
    one = Tried(eid("v-ash price"), "opened", None, eid("plain"), eid("disc"))
    assert not scene.do(RecordOpening(by="p-lead", env="price", tried=(one,)))
    assert "all due envelopes" in scene.said


# --- two envelopes ---------------------------------------------------------------------------------------------------------


def test_the_price_of_a_vendor_who_did_not_pass_is_never_due() -> None:
    scene = closed("technical", "price").meeting()
    assert not scene.release("p-one", "price")
    assert "not opened now" in scene.said
    scene.release("p-one", "technical")
    scene.release("p-three", "technical")
    scene.record("technical")
    assert not scene.release("p-one", "price")
    assert "not said yet whose" in scene.said
    scene.judge("v-ash")
    scene.pass_stage("v-ash")
    scene.release("p-one", "price")
    scene.release("p-two", "price")
    events = scene.record("price", ("10.00",))
    finished = next(event for event in events if isinstance(event, OpeningFinished))
    assert finished.current == (eid("v-ash price"),)
    assert eid("v-elm price") not in scene.box.results


def test_who_passes_is_signed_by_a_quorum_and_was_opened() -> None:
    scene = closed("technical", "price").meeting()
    scene.release("p-one", "technical")
    scene.release("p-two", "technical")
    scene.record("technical")
    scene.judge("v-ash", "v-elm")
    assert not scene.pass_stage("v-ash", "v-elm", signers=("p-one",))
    assert "2 officers sign" in scene.said
    for others in (("v-ash",), ("v-ash", "v-elm", "v-fir")):
        assert not scene.pass_stage(*others)
        assert "officers sign exactly that" in scene.said
    assert scene.pass_stage("v-ash", "v-elm")
    assert not scene.pass_stage("v-ash", "v-elm")


# --- what cannot be opened -------------------------------------------------------------------------------------------------


def stuck() -> Scene:
    """An opening in which too few shares of one envelope hold."""
    scene = closed().meeting()
    scene.release("p-one")
    scene.release("p-two", bad=["v-elm price"])
    call(scene, 3)
    return scene


def call(scene: Scene, x: int, answer: str = "No answer by telephone.", ago: timedelta = timedelta()) -> None:
    scene.do(NoteCalled(by="p-lead", env="price", calls=(Called(x, scene.now - ago, answer),)))


def declare(scene: Scene, name: str = "v-elm price") -> None:
    sig = KEYS["p-one"].sign(unopenable_message(eid(name), CLOSE.root))
    scene.do(DeclareUnopenable(by="p-one", eid=eid(name), env="price", sig=sig, close_root=CLOSE.root))


def ask(scene: Scene, signers: tuple[str, ...] = PEOPLE[:2]) -> None:
    due_at, eids = OPENS + timedelta(days=1), (eid("v-elm price"),)
    message = rescue_message(TENDER, "price", list(eids), written(due_at))
    sigs = tuple(Sig(PEOPLE.index(each) + 1, KEYS[each].sign(message)) for each in signers)
    scene.do(AskRescue(by="p-lead", env="price", eids=eids, due_at=due_at, sigs=sigs))


def test_an_envelope_is_given_up_only_when_an_officer_signs_that_it_lacks_shares() -> None:
    scene = stuck()
    declare(scene, "v-ash price")
    assert "not short of shares" in scene.said
    forged = KEYS["p-two"].sign(unopenable_message(eid("v-elm price"), CLOSE.root))
    scene.do(
        DeclareUnopenable(by="p-one", eid=eid("v-elm price"), env="price", sig=forged, close_root=CLOSE.root)
    )
    assert "does not fit" in scene.said
    declare(scene)
    assert ceremony.short(scene.box, "price") == []


def test_no_envelope_is_given_up_before_every_officer_has_released_or_was_asked() -> None:
    scene = closed().meeting()
    scene.release("p-one")
    declare(scene)
    assert "Nothing is noted of Two, Three." in scene.said
    call(scene, 2)
    declare(scene)
    assert "Nothing is noted of Three." in scene.said
    call(scene, 3)
    declare(scene)
    assert scene.said == "" and eid("v-elm price") in scene.box.unopenable


@pytest.mark.parametrize(
    ("x", "answer", "ago", "words"),
    [
        (1, "Comes at noon.", timedelta(), "One has released already"),
        (2, "  ", timedelta(), "Two: say what the answer was"),
        (2, "Comes.", timedelta(days=1), "Two: the time must be after bids were closed"),
        (2, "Comes.", timedelta(seconds=-1), "Two: the time must be after bids were closed"),
        (4, "Who?", timedelta(), "There is no seat 4"),
    ],
)
def test_what_is_noted_of_an_absent_officer_has_its_time_and_an_answer(
    x: int, answer: str, ago: timedelta, words: str
) -> None:
    scene = closed().meeting()
    scene.release("p-one")
    call(scene, x, answer, ago)
    assert words in scene.said and scene.box.called == {}


def test_all_that_is_wrong_with_what_is_noted_is_said_at_once() -> None:
    scene = closed().meeting()
    calls = (Called(2, scene.now, ""), Called(9, scene.now, "No."))
    scene.do(NoteCalled(by="p-lead", env="price", calls=calls))
    assert "Two: say what" in scene.said and "no seat 9" in scene.said
    scene.do(NoteCalled(by="p-lead", env="price", calls=()))
    assert "at least one officer" in scene.said


def test_nothing_is_read_before_the_vendor_of_what_was_given_up_is_asked_for_its_copy() -> None:
    scene = stuck()
    declare(scene)
    assert not scene.record(totals=("1.00", "2.00"))
    assert "asked for their copies first" in scene.said
    ask(scene)
    assert not scene.record(totals=("1.00", "2.00")) and "not over" in scene.said
    scene.now = OPENS + timedelta(days=1, seconds=1)
    assert scene.record(totals=("1.00", "2.00"))


def test_what_was_given_up_is_opened_with_the_others_where_an_officer_comes_after_all() -> None:
    scene = stuck()
    declare(scene)
    scene.release("p-three")
    assert scene.record(totals=("1.00", "2.00"))


def test_a_rescue_is_signed_by_all_who_take_part_and_nothing_is_read_before_it_is_over() -> None:
    scene = stuck()
    declare(scene)
    ask(scene, ("p-one",))
    assert "All officers who take part" in scene.said
    ask(scene)
    assert not scene.record(totals=("1.00", "2.00"))
    assert "not over" in scene.said
    scene.do(Reveal(by="v-ash", eid=eid("v-elm price"), received_at=scene.now))
    assert "None of your envelopes" in scene.said
    scene.do(Reveal(by="v-elm", eid=eid("v-elm price"), received_at=scene.now))
    assert scene.record(totals=("1.00", "2.00"))


def test_a_reveal_after_its_time_is_refused() -> None:
    scene = stuck()
    declare(scene)
    ask(scene)
    late = OPENS + timedelta(days=1, microseconds=1)
    assert not scene.do(Reveal(by="v-elm", eid=eid("v-elm price"), received_at=late), late)
    assert scene.said == "The time to answer is over."


def test_only_what_was_not_readable_may_get_a_later_result() -> None:
    scene = closed().meeting()
    scene.release("p-one")
    scene.release("p-two")
    due = ceremony.due(scene.box, "price")
    tried = tuple(
        Tried(each.eid, result, None, None, eid("disc"))
        for each, result in zip(due, ("opened", "unavailable_host"), strict=True)
    )
    scene.do(RecordOpening(by="p-lead", env="price", tried=tried))
    later = [Tried(each.eid, "opened", None, eid("plain"), eid("disc")) for each in due]
    assert not scene.do(RecordLater(by="p-lead", env="price", tried=later[0]))
    assert "is final" in scene.said
    assert scene.do(RecordLater(by="p-lead", env="price", tried=later[1]))


def test_an_opening_is_exactly_its_history() -> None:
    scene = stuck()
    declare(scene)
    ask(scene)
    scene.do(Reveal(by="v-elm", eid=eid("v-elm price"), received_at=scene.now))
    scene.record(totals=("1.00", "2.00"))
    assert scene.replayed() == scene.box
