"""What there is to do next, for whoever asks: a list of tasks, each with one action and, where there is one, a time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta

import msgspec

from server.login import Identity
from server.parts import Parts

SOON = timedelta(days=2)


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do: what and why in words, where, and by when."""

    title: str
    words: str
    href: str
    action: str
    due: datetime | None = None
    zone: str = "UTC"
    icon: str = "info"


Provider = Callable[[Parts, Identity], Awaitable[list[Task]]]
"""Names the tasks of one kind that somebody has now."""


def urgency(task: Task, now: datetime) -> str:
    """How a task stands in time: late, soon, or plain."""
    if task.due is None or task.due - now > SOON:
        return "plain"
    return "late" if task.due < now else "soon"


def in_order(tasks: Iterable[Task]) -> list[Task]:
    """The most pressing first; those without a time at the end, in the order in which they were named."""
    return sorted(
        tasks, key=lambda task: (task.due is None, task.due.timestamp() if task.due is not None else 0.0)
    )
