"""An officer who leaves hands a seat over: the successor acts for it, the leaver no longer, and nobody holds two."""

from __future__ import annotations

from typing import Any

from bidders.box import ceremony
from bidders.box.committee import officer
from bidders.box.facts import OfficerRewrapped
from bidders.box.words import HandOver, NoteHealth
from bidders.sealing import rewrap
from bidders.sealing.officers import OfficerKeys
from tests.bidders.box.scene import KEYS, TENDER, Scene

OWN = OfficerKeys(TENDER, bytes(range(32)))


def given(by: str = "p-four", leaver: str = "p-one", x: int = 1, **changes: Any) -> HandOver:
    """A hand-over of the first officer's seat to a fourth person."""
    made = rewrap.make(KEYS["p-one"], x, OWN.named("Four", "District four"), bytes(32))
    message = rewrap.rewrap_message(made)
    told = {"rewrap": made, "sig": KEYS["p-one"].sign(message), "to_sig": OWN.sign(message)}
    return HandOver(by=by, leaver=leaver, **(told | changes))


def test_the_successor_acts_for_the_seat_and_the_leaver_no_longer() -> None:
    scene = Scene().published()
    first, _ = scene.do(given())
    assert isinstance(first, OfficerRewrapped)
    assert officer(scene.box, "p-four")["x"] == 1
    assert rewrap.take(first.rewrap, OWN).kid == KEYS["p-one"].kid
    assert not scene.do(NoteHealth(by="p-one", kinds=("code",))) and scene.said
    assert scene.do(NoteHealth(by="p-four", kinds=("code",)))
    assert not scene.do(given()) and ceremony.opens_at(scene.box)


def test_nobody_holds_two_seats_and_none_is_handed_over_without_both_signatures() -> None:
    scene = Scene().published()
    wrongs = (
        given(by="p-two"),
        given(leaver="p-two"),
        given(leaver="p-nobody"),
        given(sig=KEYS["p-two"].sign(b"x")),
        given(to_sig=KEYS["p-one"].sign(b"x")),
    )
    for wrong in wrongs:
        assert not scene.do(wrong) and scene.said
    assert officer(scene.box, "p-one")["x"] == 1


def test_an_addendum_after_a_hand_over_keeps_the_officers_as_they_were_published() -> None:
    scene = Scene().published()
    scene.do(given())
    assert scene.manifest()["officers"] == scene.box.manifest["officers"]  # type: ignore[index]


def test_before_publication_the_draft_names_another_officer_instead() -> None:
    scene = Scene().keyed().fixed()
    assert not scene.do(given()) and "from the publication" in scene.said
