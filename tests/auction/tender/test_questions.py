"""Questions: asked in time and once, answered for all at one instant, and nothing that was asked is ever lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.kernel import Command, Event, handle, replay
from auction.refusals import Refusal
from auction.tender import questions
from auction.tender.questions import (
    LONGEST,
    MOST_OPEN,
    MOST_OPEN_EACH,
    AnswersPublished,
    AnswerWritten,
    AskQuestion,
    DeclineQuestion,
    PublishAnswers,
    QuestionAsked,
    Questions,
    Ready,
    WriteAnswer,
)

NOW = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)
TEXT, ANSWER = "Is recycled paper allowed?", "Yes, from 80 brightness on."


class Asking:
    """One event's questions, told step by step."""

    def __init__(self) -> None:
        self.state, self.now = Questions(), NOW
        self.events: list[Event] = []

    def tell(self, command: Command) -> tuple[Event, ...] | Refusal:
        done = handle(questions, self.state, command, self.now)
        self.state = done.state
        self.events += done.events
        return done.answer if isinstance(done.answer, Refusal) else done.events

    def ask(self, text: str = TEXT, asker: str | None = None, until: datetime | None = None) -> object:
        return self.tell(AskQuestion(by="asker", text=text, asker=asker, until=until))

    def write(self, question: int = 1, answer: str = ANSWER, seen: int = 0, asked: str = TEXT) -> object:
        return self.tell(WriteAnswer(by="p-lead", question=question, asked=asked, answer=answer, seen=seen))

    def publish(self, *ready: tuple[int, int]) -> object:
        return self.tell(PublishAnswers(by="p-lead", answers=tuple(Ready(*each) for each in ready)))

    def decline(self, question: int = 1, reason: str = "Not about this event.") -> object:
        return self.tell(DeclineQuestion(by="p-lead", question=question, reason=reason))


@pytest.fixture
def asking() -> Asking:
    return Asking()


def code(outcome: object) -> str:
    assert isinstance(outcome, Refusal)
    return outcome.code


def test_a_question_is_kept_as_it_was_asked_and_names_nobody(asking: Asking) -> None:
    asking.ask("  Is it\r\nrecycled? ", "v-ash")
    (event,) = asking.events
    assert isinstance(event, QuestionAsked)
    assert (event.text, event.by, event.vis) == ("Is it\nrecycled?", "asker", "private")
    asking.write(asked="Is the paper recycled?")
    asking.publish((1, 1))
    assert asking.state.asked[1].text == "Is it\nrecycled?"
    assert asking.state.batches[0].answers[0].asked == "Is the paper recycled?"


def test_a_question_on_the_stroke_of_the_deadline_is_timely_and_one_after_it_is_not(asking: Asking) -> None:
    assert not isinstance(asking.ask(until=NOW), Refusal)
    assert code(asking.ask("Another question, later.", until=NOW - timedelta(microseconds=1))) == "CLOSED"


@pytest.mark.parametrize("text", ["", "   ", "too short", "x" * (LONGEST + 1)])
def test_a_question_is_neither_empty_nor_endless(asking: Asking, text: str) -> None:
    assert code(asking.ask(text)) == "BAD_COMMAND" and asking.events == []


def test_what_cannot_be_seen_is_left_out_of_a_question(asking: Asking) -> None:
    asking.ask("Is\u00a0it\tred\u202e or\x00 blue\ud800?\n\nTell me.")
    assert asking.state.asked[1].text == "Is it red or blue?\n\nTell me."


def test_a_form_sent_twice_asks_once_and_two_who_ask_the_same_are_two(asking: Asking) -> None:
    for asker in ("v-ash", "v-ash", "v-birch", None, None):
        asking.ask(asker=asker)
    assert len(asking.state.asked) == 3


def test_a_flood_of_questions_ends(asking: Asking) -> None:
    for number in range(MOST_OPEN):
        asking.ask(f"Question number {number}?")
    assert code(asking.ask("One more than that?")) == "SLOW_DOWN"


def test_a_flood_of_one_keeps_no_other_from_asking(asking: Asking) -> None:
    for number in range(MOST_OPEN):
        asking.ask(f"Question number {number}?")
    for number in range(MOST_OPEN_EACH):
        assert not isinstance(asking.ask(f"Question number {number}?", asker="v-ash"), Refusal)
    assert code(asking.ask("One more than that?", asker="v-ash")) == "SLOW_DOWN"
    assert not isinstance(asking.ask(asker="v-birch"), Refusal)


@pytest.mark.parametrize(("answer", "good"), [("No.", True), (" \n", False), ("x" * (LONGEST + 1), False)])
def test_an_answer_may_be_as_short_as_a_no(asking: Asking, answer: str, good: bool) -> None:
    asking.ask()
    assert isinstance(asking.write(answer=answer), Refusal) is not good


def test_answers_are_published_together_at_one_instant(asking: Asking) -> None:
    for number in (1, 2, 3):
        asking.ask(f"Question number {number}?")
        asking.write(number)
    asking.publish((1, 1), (3, 1))
    published = [each for each in asking.events if isinstance(each, AnswersPublished)]
    assert len(published) == 1 and [each.question for each in published[0].answers] == [1, 3]
    assert published[0].vis == "public" and [each.number for each in asking.state.waiting()] == [2]


def test_an_answer_may_be_one_word_but_not_none(asking: Asking) -> None:
    asking.ask()
    assert code(asking.write(answer=" ")) == "BAD_COMMAND"
    assert asking.write(answer="Yes.")


def test_what_was_published_is_never_written_or_published_again(asking: Asking) -> None:
    asking.ask()
    asking.write()
    asking.publish((1, 1))
    assert asking.publish((1, 1)) == ()
    assert code(asking.write(answer="No, on no account.", seen=1)) == "CLOSED"
    assert code(asking.decline()) == "CLOSED"
    assert len(asking.state.batches) == 1


def test_two_leads_who_write_one_answer_do_not_overwrite_each_other(asking: Asking) -> None:
    asking.ask()
    asking.write(answer="Yes, says the first.")
    assert code(asking.write(answer="No, says the second.", seen=0)) == "STALE_RULES"
    assert asking.state.asked[1].answer == "Yes, says the first."
    assert asking.write(answer="Yes, says the first.", seen=0) == ()
    assert asking.write(answer="No, says the second.", seen=1)


def test_an_answer_that_changed_is_not_published_unseen(asking: Asking) -> None:
    asking.ask()
    asking.write()
    asking.write(answer="Something else by now.", seen=1)
    assert code(asking.publish((1, 1))) == "STALE_RULES"
    assert asking.publish((1, 2))


@pytest.mark.parametrize("ready", [[], [(9, 1)], [(1, 0)], [(1, 1), (2, 0)]])
def test_nothing_is_published_that_is_not_written(asking: Asking, ready: list[tuple[int, int]]) -> None:
    asking.ask()
    asking.ask("And another question?")
    if len(ready) == 2:
        asking.write()
    assert isinstance(asking.publish(*ready), Refusal) and asking.state.batches == []


def test_a_question_is_declined_with_a_reason_and_stays_on_record(asking: Asking) -> None:
    asking.ask()
    assert code(asking.decline(reason=" ")) == "BAD_COMMAND"
    assert asking.decline() and asking.decline() == ()
    assert asking.state.asked[1].reason and asking.state.asked[1].text == TEXT
    assert code(asking.write()) == "CLOSED"


def test_a_command_of_another_kind_and_a_question_that_is_not_there_are_refused(asking: Asking) -> None:
    assert code(asking.tell(Command(by="p-lead"))) == "BAD_COMMAND"
    assert code(asking.write(7)) == "BAD_COMMAND" and code(asking.decline(7)) == "BAD_COMMAND"


numbers = st.integers(0, 4)
steps = st.lists(
    st.one_of(
        st.builds(
            lambda n, who: AskQuestion(by="asker", text=f"Question number {n}?", asker=who),
            numbers,
            st.sampled_from([None, "v-ash"]),
        ),
        st.builds(
            lambda n, seen, words: WriteAnswer(
                by="p-lead", question=n, asked=TEXT, answer=f"The answer {words}.", seen=seen
            ),
            numbers,
            st.integers(0, 2),
            numbers,
        ),
        st.builds(
            lambda given: PublishAnswers(by="p-lead", answers=tuple(Ready(*each) for each in given)),
            st.lists(st.tuples(numbers, st.integers(0, 2)), max_size=3),
        ),
        st.builds(lambda n: DeclineQuestion(by="p-second", question=n, reason="No."), numbers),
    ),
    max_size=25,
)


@given(steps)
def test_each_question_ends_at_most_once_and_the_state_is_its_history(given: list[Command]) -> None:
    asking = Asking()
    for command in given:
        asking.now += timedelta(seconds=1)
        asking.tell(command)
    assert replay(questions, asking.events) == asking.state
    published = [each.question for batch in asking.state.batches for each in batch.answers]
    assert len(published) == len(set(published))
    over = {n for n, each in asking.state.asked.items() if each.status == "answered"}
    assert over == set(published)
    for event in asking.events:
        assert event.by == "asker" or not isinstance(event, QuestionAsked)
    written = {each.question for each in asking.events if isinstance(each, AnswerWritten)}
    assert set(published) <= written
