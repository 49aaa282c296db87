"""Imports in the background: what became of each file, kept in memory for the organisation that sent it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Literal

import msgspec

from auction.terms.faults import Fault, Faulty
from server.desk import NotRecorded

log = logging.getLogger("tenderbell")
MOST_JOBS = 300
PATIENCE_S = 1.2
"""So long a form waits for its file before it shows how far that is."""
Step = Literal["reading", "checking", "keeping", "done", "faulty"]


class Outcome(msgspec.Struct, frozen=True):
    """What a file came to: how many rows were new, changed, taken out, or the same already."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    same: int = 0

    @property
    def nothing(self) -> bool:
        """Tell whether nothing changed."""
        return not (self.added or self.changed or self.removed)


class Job(msgspec.Struct):
    """One file on its way; `rows` counts those that were read."""

    id: str
    owner: str
    file: str
    address: str
    step: Step = "reading"
    rows: int = 0
    outcome: Outcome | None = None
    notes: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


class Jobs:
    """The files that are, or lately were, on their way; nothing of one is kept before all of it is good."""

    def __init__(self, random: Callable[[int], bytes]) -> None:
        self._random = random
        self._jobs: dict[str, Job] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def start(self, owner: str, file: str, address: str, work: Callable[[Job], Awaitable[None]]) -> Job:
        """Begin to work on a file, and wait a little in case it is done soon."""
        job = Job(self._random(9).hex(), owner, file, address)
        self._jobs[job.id] = job
        while len(self._jobs) > MOST_JOBS:
            self._jobs.pop(next(iter(self._jobs)))
        task = self._tasks[job.id] = asyncio.create_task(_guarded(job, work))
        task.add_done_callback(lambda _: self._tasks.pop(job.id, None))
        await asyncio.wait([task], timeout=PATIENCE_S)
        return job

    def find(self, owner: str, name: str) -> Job | None:
        """Find a file's job, if it is this organisation's."""
        job = self._jobs.get(name)
        return job if job is not None and job.owner == owner else None

    async def close(self) -> None:
        """Let what is on its way come to its end."""
        if self._tasks:
            await asyncio.wait(list(self._tasks.values()))


async def _guarded(job: Job, work: Callable[[Job], Awaitable[None]]) -> None:
    try:
        await work(job)
        job.step = "done"
    except Faulty as bad:
        job.faults, job.step = bad.faults, "faulty"
    except NotRecorded:
        told = "could not be recorded, so nothing of it was kept; send it again in a moment"
        job.faults, job.step = (Fault(job.file, told),), "faulty"
    except Exception:
        log.exception("the import of a file broke")
        told = "could not be imported because something broke here; nothing of it was kept"
        job.faults, job.step = (Fault(job.file, told),), "faulty"
