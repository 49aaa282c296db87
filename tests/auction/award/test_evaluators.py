"""Evaluators: who has a conflict scores nothing, nobody peeks, what is submitted stays, and only all together are locked."""

from __future__ import annotations

import pytest

from auction.award.consensus import cells
from auction.award.outcome import by_plan, judged, one_left_out, short_of
from auction.award.panel_words import (
    AgreeScore,
    AssignEvaluator,
    BeginScoring,
    DismissEvaluator,
    LockScores,
    Mark,
    SaveSheet,
    SignStatement,
    SubmitSheet,
)
from auction.award.result import Candidate, Result
from auction.award.sheets import letter, seen_by
from tests.auction.award.panels import PEOPLE, PLAN, VENDORS, Course, assigned, begun, marks, plan, scored

PRICES = {"v-birch": "100.00", "v-ash": "96.00"}


# --- conflicts -------------------------------------------------------------------------------------------------------------


def test_who_declares_a_conflict_is_excluded_and_cannot_be_assigned_again() -> None:
    course = assigned().done(SignStatement(by="p1", conflict=True, words="My sister works there."))
    assert [each.person for each in course.state.counted] == ["p2", "p3"]
    assert "stays excluded" in course.told(AssignEvaluator(by="lead", person="p1", name="P1"))
    assert "not taken back" in course.told(SignStatement(by="p1", conflict=False))
    assert "Assign at least 3" in course.told(BeginScoring(by="lead", vendors=VENDORS, plan=PLAN))


def test_a_conflict_needs_words() -> None:
    assert "what the conflict is" in assigned().told(SignStatement(by="p1", conflict=True, words=" "))


def test_nobody_scores_without_the_signed_statement() -> None:
    course = assigned().done(BeginScoring(by="lead", vendors=VENDORS, plan=PLAN))
    for command in (SaveSheet(by="p1", marks=marks()), SubmitSheet(by="p1", marks=marks())):
        assert "signed the statement" in course.told(command)
    assert "not on the panel" in course.told(SaveSheet(by="stranger", marks=marks()))


def test_a_conflict_seen_late_takes_the_sheet_out_of_the_count_and_leaves_it_on_record() -> None:
    course = scored(evaluators=2).done(SignStatement(by="p3", conflict=True, words="I know them."))
    assert {person for cell in cells(course.state) for person in cell.marks} == {"p1", "p2"}
    assert course.state.evaluators["p3"].marks
    assert "declared a conflict" not in str(seen_by(course.state, "p3"))
    assert seen_by(course.state, "p3") == {}


# --- sheets ----------------------------------------------------------------------------------------------------------------


def test_a_sheet_names_all_that_is_missing_or_outside_its_scale_at_once() -> None:
    course = begun()
    given = (
        Mark("A", "Service", "101", "x"),
        Mark("A", "Delivery", "2.5", "x"),
        Mark("B", "Service", "7", " "),
    )
    told = course.told(SubmitSheet(by="p1", marks=given))
    for fault in (
        "A/Service/score: 101 is outside the scale; give a number from 0 to 100",
        "A/Delivery/score: 2.5 is outside the scale; give a whole number from 0 to 5",
        "B/Service/comment: is missing",
        "B/Delivery/score: is missing",
    ):
        assert fault in told


def test_a_sheet_that_names_a_score_twice_or_one_that_is_not_asked_is_refused() -> None:
    course = begun()
    for extra in (
        Mark("A", "Service", "1", "x"),
        Mark("C", "Service", "1", "x"),
        Mark("A", "Price", "1", "x"),
    ):
        assert "load the page again" in course.told(SubmitSheet(by="p1", marks=(*marks(), extra)))
        assert "not scored here" in course.told(SaveSheet(by="p1", marks=(*marks(), extra)))


def test_a_draft_is_kept_as_typed_and_a_submitted_sheet_never_changes() -> None:
    rough = (Mark("A", "Service", "maybe 80"),)
    course = begun().done(SaveSheet(by="p1", marks=rough))
    assert course.state.evaluators["p1"].marks == rough
    course.done(SubmitSheet(by="p1", marks=marks()), SubmitSheet(by="p1", marks=marks()))
    for late in (SaveSheet(by="p1", marks=rough), SubmitSheet(by="p1", marks=marks("81"))):
        assert "never changes" in course.told(late)
    assert course.state.evaluators["p1"].marks == marks()
    assert "never thrown away" in course.told(DismissEvaluator(by="lead", person="p1", reason="Ill."))


def test_nobody_sees_a_sheet_of_another_before_all_have_submitted() -> None:
    course = begun().done(SubmitSheet(by="p1", marks=marks()), SaveSheet(by="p2", marks=marks("1")))
    for reader, seen in (("p1", {"p1"}), ("p2", {"p2"}), ("p3", {"p3"}), ("lead", set()), ("", set())):
        assert set(seen_by(course.state, reader)) == seen
    assert cells(course.state) == []
    course.done(SubmitSheet(by="p2", marks=marks()), SubmitSheet(by="p3", marks=marks()))
    assert set(seen_by(course.state, "p1")) == set(seen_by(course.state, "lead")) == {*PEOPLE}


def test_nobody_joins_once_all_sheets_are_in() -> None:
    told = scored().told(AssignEvaluator(by="lead", person="p4", name="P4"))
    assert "nobody can score unseen" in told


def test_too_few_sheets_show_nothing_and_lock_nothing() -> None:
    course = scored().done(SignStatement(by="p3", conflict=True, words="I know them."))
    assert cells(course.state) == [] and set(seen_by(course.state, "lead")) == set()
    assert "too few" in course.told(LockScores(by="lead"))


# --- scores ----------------------------------------------------------------------------------------------------------------


def test_the_locked_scores_are_those_of_the_published_rule() -> None:
    locked = scored(aggregation="median").done(LockScores(by="lead")).state.locked
    assert locked is not None
    assert [(each.bidder, each.criterion, each.figure) for each in locked.scores] == [
        ("A", "Service", "80"),
        ("A", "Delivery", "80"),
        ("B", "Service", "82"),
        ("B", "Delivery", "80"),
    ]


def test_an_outlier_is_told_with_everybodys_value_and_dropped_by_nobody() -> None:
    cell = cells(scored().state)[0]
    assert [(each.evaluator, each.score, each.median) for each in cell.outliers] == [("p3", 40, 80)]
    assert cell.computed == (80 + 82 + 40) / 3 or cell.computed * 3 == 202


def test_a_consensus_is_locked_when_every_score_is_agreed_and_keeps_both_values() -> None:
    course = scored(aggregation="consensus")
    assert "agree on 4 scores" in course.told(LockScores(by="lead"))
    for cell in cells(course.state):
        course.done(
            AgreeScore(
                by="lead", bidder=cell.bidder, criterion=cell.criterion.id, score="5", words="After talking."
            )
        )
    locked = course.done(LockScores(by="lead")).state.locked
    assert locked is not None
    assert (locked.scores[0].computed, locked.scores[0].agreed, locked.scores[0].figure) == (
        "202/3",
        "5",
        "5",
    )
    assert (locked.scores[1].computed, locked.scores[1].figure) == ("80", "100")


def test_scores_are_agreed_on_only_within_their_scale_with_words_and_where_the_plan_says_so() -> None:
    good = AgreeScore(by="lead", bidder="A", criterion="Delivery", score="5", words="Why.")
    assert "combined by rule" in scored().told(good)
    course = scored(aggregation="consensus")
    bad = AgreeScore(by="lead", bidder="A", criterion="Delivery", score="6", words="Why.")
    assert "whole number from 0 to 5" in course.told(bad)
    assert "Say in words" in course.told(
        AgreeScore(by="lead", bidder="A", criterion="Delivery", score="5", words="")
    )
    assert "no such" in course.told(
        AgreeScore(by="lead", bidder="C", criterion="Delivery", score="5", words="x")
    )
    assert "Not every evaluator" in begun(aggregation="consensus").told(good)


@pytest.mark.parametrize(
    "late",
    [
        AssignEvaluator(by="lead", person="p4", name="P4"),
        SignStatement(by="p1", conflict=True, words="Late."),
        SubmitSheet(by="p1", marks=marks("1")),
        LockScores(by="lead"),
    ],
    ids=lambda command: type(command).__name__,
)
def test_nothing_changes_after_the_lock(late: object) -> None:
    course = scored().done(LockScores(by="lead"))
    assert "locked" in course.told(late)  # type: ignore[arg-type]


def test_scoring_begins_once_by_a_plan_that_can_be_used() -> None:
    assert "begun already" in begun().told(BeginScoring(by="lead", vendors=VENDORS, plan=PLAN))
    course = assigned()
    for vendors, raw, why in (
        ((), PLAN, "no opened bid"),
        (("v", "v"), PLAN, "named twice"),
        (VENDORS, {}, "nothing to score"),
        (VENDORS, {"criteria": 5}, "criteria"),
    ):
        assert why in course.told(BeginScoring(by="lead", vendors=vendors, plan=raw))  # type: ignore[arg-type]


def test_letters_go_on_after_z() -> None:
    assert [letter(place) for place in (0, 1, 25, 26, 27, 701, 702)] == [
        "A",
        "B",
        "Z",
        "AA",
        "AB",
        "ZZ",
        "AAA",
    ]


# --- the outcome -----------------------------------------------------------------------------------------------------------


def ended() -> Result:
    """A lot in which the cheaper vendor ranks first by price."""
    return Result("L1", True, "v-ash", (Candidate("v-ash", 1, "96.00"), Candidate("v-birch", 2, "100.00")))


def locked(**panel: object) -> Course:
    """A panel that liked the dearer vendor better."""
    course = begun(**panel)
    sheets = (marks("90", b_service="60"), marks("90", b_service="60"), marks("50", b_service="100"))
    return course.done(
        *(SubmitSheet(by=who, marks=sheet) for who, sheet in zip(PEOPLE, sheets, strict=True)),
        LockScores(by="lead"),
    )


def test_a_lot_cannot_be_awarded_before_the_scores_are_locked() -> None:
    assert by_plan(ended(), scored().state) == Result("L1", False, None, ())
    assert judged(scored().state, PRICES) is None


def test_the_award_follows_the_plan_and_not_the_price_alone() -> None:
    found = by_plan(ended(), locked(aggregation="median").state)
    assert found.closed and found.winner == "v-birch"
    assert [(each.vendor, each.rank, each.amount) for each in found.candidates] == [
        ("v-birch", 1, "100.00"),
        ("v-ash", 2, "96.00"),
    ]


def test_who_misses_a_threshold_is_named_with_it_and_cannot_be_awarded() -> None:
    course = begun()
    for who in PEOPLE:
        course.done(SubmitSheet(by=who, marks=marks("90", b_service="40")))
    panel = course.done(LockScores(by="lead")).state
    assert short_of(panel) == {"v-ash": "Service: 40 is below the threshold of 50"}
    assert [each.vendor for each in by_plan(ended(), panel).candidates] == ["v-birch"]


def test_leaving_one_evaluator_out_shows_who_decided() -> None:
    found = one_left_out(locked().state, {"v-birch": "100.00", "v-ash": "98.00"})
    assert found["p3"].winner == "v-birch" and found["p1"].winner == "v-ash"
    assert found["p3"].changes != found["p1"].changes


def test_a_vendor_opened_after_the_panel_began_is_not_ranked_unscored() -> None:
    found = judged(locked().state, PRICES | {"v-late": "1.00"})
    assert found is not None and "v-late" not in found.ranks and "not scored" in found.refused["v-late"]


def test_a_plan_travels_with_its_panel() -> None:
    assert begun(evaluators=2).state.plan is not None
    assert plan(evaluators=2)["panel"]["evaluators"] == 2
