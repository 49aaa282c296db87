"""The desk: decided in order, written down in one commit, and only then told."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Generator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from threading import Event as Gate
from typing import Any

import msgspec
import pytest

from auction.journal import Append, Conflict, Entry, MemoryJournal
from auction.kernel import Command, Event, Refused
from auction.refusals import Refusal, no
from server import desk as desk_module
from server.deciders import Ruler
from server.desk import Desk, NotRecorded, Outcome

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


class Say(Command, frozen=True):
    """Say a word."""

    word: str


class Said(Event, frozen=True, tag="said"):
    """A word was said."""

    word: str


class Parrot:
    """A decider that remembers words, refuses `no`, and breaks on `oops`, halfway."""

    def initial(self) -> list[str]:
        """Nothing was said."""
        return []

    def decide(self, words: list[str], command: Say, now: datetime) -> Generator[Event, None, object]:
        """Yield what was said."""
        if command.word == "no":
            raise Refused(no("NOT_ALLOWED"))
        yield Said(at=now, by=command.by, word=command.word)
        if command.word == "oops":
            raise RuntimeError("broken in the middle")
        return tuple(words)

    def evolve(self, words: list[str], event: Event) -> list[str]:
        """Remember a word."""
        assert isinstance(event, Said)
        words.append(event.word)
        return words

    def refusal(self, words: list[str], command: Say, reason: Refusal, now: datetime) -> Iterator[Event]:
        """Keep that something was refused."""
        yield Said(at=now, by=command.by, word="(refused)")


class Slow(MemoryJournal):
    """A journal in memory whose commits can be held up, and fail."""

    def __init__(self) -> None:
        super().__init__()
        self.commits: list[int] = []
        self.begun, self.gate, self.fault = Gate(), Gate(), list[Exception]()
        self.gate.set()

    def append(self, batch: Sequence[Append]) -> list[Entry]:
        """Wait at the gate, then write or fail."""
        self.begun.set()
        assert self.gate.wait(20)
        if self.fault:
            raise self.fault.pop()
        self.commits.append(sum(len(part.events) for part in batch))
        return super().append(batch)


class Teller:
    """Keeps what listeners and askers are told, in order."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def heard(self, stream: str, entries: Sequence[Entry], events: Sequence[Event]) -> None:
        """Note what was heard."""
        self.told += [f"{stream} {event.word}" for event in events if isinstance(event, Said)]

    def asker(self, name: str) -> Callable[[Outcome | None], None]:
        """Note an answer."""
        return lambda outcome: self.told.append(f"{name}: {outcome.seq if outcome else 'not recorded'}")


def say(word: str) -> Say:
    return Say(by="p", word=word)


@asynccontextmanager
async def open_desk(journal: Slow) -> AsyncIterator[tuple[Desk, Teller]]:
    desk, teller = Desk(journal, {"talk": Ruler(Parrot(), msgspec.json.Decoder(Said))}, bytes), Teller()
    desk.listeners.append(teller)
    await desk.open()
    try:
        yield desk, teller
    finally:
        journal.gate.set()
        await desk.close()


async def begun(journal: Slow) -> None:
    """Wait until a commit has begun."""
    assert await asyncio.to_thread(journal.begun.wait, 20)


def on_record(journal: Slow, stream: str = "talk/1") -> list[str]:
    return [msgspec.json.decode(line.body)["word"] for line in journal.read(stream)]


async def test_commands_are_decided_in_the_order_they_came() -> None:
    journal = Slow()
    async with open_desk(journal) as (desk, _):
        answers = await asyncio.gather(*(desk.submit("talk/1", say(word), NOW) for word in "abc"))
    assert [answer.answer for answer in answers] == [("a",), ("a", "b"), ("a", "b", "c")]
    assert [answer.seq for answer in answers] == [1, 2, 3]


async def test_all_that_waits_is_written_in_one_commit() -> None:
    journal = Slow()
    journal.gate.clear()
    async with open_desk(journal) as (desk, teller):
        desk.put("talk/1", say("first"), NOW, teller.asker("first"))
        await begun(journal)
        for number in range(100):
            desk.put(f"talk/{number % 3}", say(str(number)), NOW, teller.asker(str(number)))
        journal.gate.set()
    assert journal.commits == [1, 100]


async def test_nothing_is_told_before_the_commit() -> None:
    journal = Slow()
    journal.gate.clear()
    async with open_desk(journal) as (desk, teller):
        asked = asyncio.create_task(desk.submit("talk/1", say("a"), NOW))
        await begun(journal)
        looks: list[list[str]] = []
        desk.when_idle(lambda: looks.append(on_record(journal)))
        resting = asyncio.create_task(desk.at_rest())
        for _ in range(20):
            await asyncio.sleep(0)
        assert desk.state("talk/1") == ["a"]
        assert (teller.told, asked.done(), looks, resting.done()) == ([], False, [], False)
        journal.gate.set()
        await asked
        assert teller.told == ["talk/1 a"]
        await resting
    assert looks == [["a"]]


async def test_listeners_hear_before_askers_are_answered() -> None:
    journal = Slow()
    async with open_desk(journal) as (desk, teller):
        desk.put("talk/1", say("a"), NOW, teller.asker("a"))
        desk.put("talk/2", say("b"), NOW, teller.asker("b"))
    assert teller.told == ["talk/1 a", "talk/2 b", "a: 1", "b: 1"]


async def test_who_looks_when_idle_never_sees_what_is_not_recorded() -> None:
    journal, seen = Slow(), list[bool]()
    async with open_desk(journal) as (desk, teller):
        for number in range(200):
            desk.put("talk/1", say(str(number)), NOW, teller.asker(""))
            desk.when_idle(lambda: seen.append(desk.state("talk/1") == on_record(journal)))
            await desk.at_rest() if number % 7 == 0 else await asyncio.sleep(0)
            if number % 7 == 0:
                seen.append(desk.state("talk/1") == on_record(journal))
    assert len(seen) >= 200 and all(seen)


async def test_a_failed_commit_is_as_if_nothing_had_been_asked() -> None:
    journal = Slow()
    async with open_desk(journal) as (desk, teller):
        await desk.submit("talk/1", say("kept"), NOW)
        teller.told.clear()
        journal.fault.append(sqlite3.OperationalError("database or disk is full"))
        asked = [desk.submit(f"talk/{number % 2}", say(str(number)), NOW) for number in range(10)]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert all(isinstance(answer, NotRecorded) for answer in answers)
        assert teller.told == []
        assert (desk.state("talk/0"), desk.state("talk/1")) == ([], ["kept"])
        again = await desk.submit("talk/1", say("more"), NOW)
        assert again.answer == ("kept", "more")
    assert on_record(journal) == ["kept", "more"]


@pytest.mark.parametrize(
    "fault", [RuntimeError("a fault of our own"), OSError(28, "No space left on device")]
)
async def test_whatever_breaks_a_commit_does_not_stop_the_desk(fault: Exception) -> None:
    journal = Slow()
    async with open_desk(journal) as (desk, _):
        journal.fault.append(fault)
        with pytest.raises(NotRecorded):
            await desk.submit("talk/1", say("lost"), NOW)
        with pytest.raises(NotRecorded):
            await desk.submit("unknown/1", say("lost"), NOW)
        await desk.submit("talk/1", say("a"), NOW)
    assert on_record(journal) == ["a"]


async def test_a_decider_that_breaks_harms_nobody_else() -> None:
    journal = Slow()
    journal.gate.clear()
    async with open_desk(journal) as (desk, teller):
        desk.put("talk/9", say("hold"), NOW, teller.asker("hold"))
        await begun(journal)
        for word in ("a", "oops", "b"):
            desk.put("talk/1", say(word), NOW, teller.asker(word))
        desk.put("talk/2", say("c"), NOW, teller.asker("c"))
        journal.gate.set()
        await desk.submit("talk/2", say("d"), NOW)
        assert desk.state("talk/1") == ["a", "b"]
    assert [each for each in teller.told if ":" in each] == [
        "hold: 1",
        "a: 1",
        "oops: not recorded",
        "b: 2",
        "c: 1",
    ]
    assert on_record(journal) == ["a", "b"]


async def test_a_listener_that_breaks_keeps_nobody_from_being_told() -> None:
    journal = Slow()

    class Broken:
        def heard(self, *_: object) -> None:
            raise RuntimeError("deaf")

    async with open_desk(journal) as (desk, teller):
        desk.listeners.insert(0, Broken())
        await desk.submit("talk/1", say("a"), NOW)
    assert teller.told == ["talk/1 a"]


async def test_a_question_is_asked_again_when_another_node_came_first() -> None:
    journal = Slow()
    async with open_desk(journal) as (desk, _):
        await desk.submit("talk/1", say("a"), NOW)
        MemoryJournal.append(
            journal, [Append("talk/1", 1, (Said(at=NOW, by="p", word="theirs"),), (bytes(32),))]
        )
        answer = await desk.submit("talk/1", say("b"), NOW)
    assert answer.answer == ("a", "theirs", "b")
    assert on_record(journal) == ["a", "theirs", "b"]


async def test_after_too_many_conflicts_it_is_not_recorded() -> None:
    journal = Slow()
    async with open_desk(journal) as (desk, _):
        journal.fault += [Conflict("again") for _ in range(3)]
        with pytest.raises(NotRecorded):
            await desk.submit("talk/1", say("a"), NOW)
        await desk.submit("talk/1", say("b"), NOW)
    assert on_record(journal) == ["b"]


async def test_a_refusal_is_on_record_before_it_is_said() -> None:
    journal = Slow()
    async with open_desk(journal) as (desk, _):
        outcome = await desk.submit("talk/1", say("no"), NOW)
    assert isinstance(outcome.answer, Refusal)
    assert on_record(journal) == ["(refused)"]


async def test_what_comes_first_is_put_before_each_command_by_that_ones_own_time() -> None:
    journal = Slow()
    journal.gate.clear()
    gap = NOW + timedelta(seconds=10)
    untold = [True]

    def first(received: datetime) -> Iterable[tuple[str, Command]]:
        if received >= gap and untold.pop():
            yield "talk/1", say("(away)")
            untold.append(False)

    async with open_desk(journal) as (desk, teller):
        desk.first = first
        desk.put("talk/9", say("hold"), NOW, teller.asker("hold"))
        await begun(journal)
        desk.put("talk/1", say("before"), NOW, teller.asker("before"))
        desk.put("talk/1", say("after"), gap, teller.asker("after"))
        desk.put("talk/1", say("later"), gap, teller.asker("later"))
        journal.gate.set()
    assert on_record(journal) == ["before", "(away)", "after", "later"]


async def test_what_waits_is_still_answered_when_the_desk_closes() -> None:
    journal = Slow()
    async with open_desk(journal) as (desk, _):
        asked = [asyncio.create_task(desk.submit("talk/1", say(str(n)), NOW)) for n in range(600)]
        await asyncio.sleep(0)
    assert [outcome.seq for outcome in await asyncio.gather(*asked)] == list(range(1, 601))


async def test_an_asker_who_went_away_does_not_disturb() -> None:
    journal = Slow()
    journal.gate.clear()
    async with open_desk(journal) as (desk, _):
        gone: asyncio.Task[Any] = asyncio.create_task(desk.submit("talk/1", say("a"), NOW))
        await begun(journal)
        gone.cancel()
        journal.gate.set()
        await desk.submit("talk/1", say("b"), NOW)
    assert on_record(journal) == ["a", "b"]


async def test_what_nothing_is_written_of_is_read_once_and_seen_as_soon_as_something_is() -> None:
    journal = Slow()
    async with open_desk(journal) as (desk, _):
        empty = desk.state("talk/1")
        assert empty == [] and desk.state("talk/1") is empty
        await desk.submit("talk/1", say("a"), NOW)
        assert desk.state("talk/1") == ["a"] and empty == []


async def test_anybody_may_ask_for_any_name_without_filling_the_memory() -> None:
    async with open_desk(Slow()) as (desk, _):
        for number in range(desk_module.MOST_EMPTY * 2 + 1):
            assert desk.state(f"talk/{number}") == []
        assert len(desk._empty) <= desk_module.MOST_EMPTY
